"""Overflights as a table, in local time with its zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sattrack.answers.overflights import OverflightsAnswer, OverflightsOf
from sattrack.errors import printable
from sattrack.passes.overflight import Overflight, Target
from sattrack.times import duration_text
from sattrack.views.passes import Screen, clock_form, full_time, length_text, origins, to_second
from sattrack.views.tables import Column, table_text, wrapped


def overflights_text(answer: OverflightsAnswer, screen: Screen) -> str:
    """Return one table of all overflights in order of time, and what nothing comes near."""
    zone = screen.zone
    tracked = {result.tracked.spacecraft.id: result.tracked for result in answer.results}
    targets = list(dict.fromkeys(result.target for result in answer.results))
    where = _target_text(targets[0]) if len(targets) == 1 else f"{len(targets)} regions"
    title = f"Overflights within {answer.within_km:g} km of {where} on the Moon"
    if any(target.outline_deg for target in targets):
        title += ", or inside the outline"
    window = f"{full_time(answer.span.start, zone)} to {full_time(answer.span.end, zone)}"
    lines = [*wrapped(title, screen.width), *wrapped(window, screen.width), ""]
    lines += origins(list(tracked.values()), answer.span.end, screen.width)
    text = "\n".join(lines) + "\n"
    rows = answer.in_order()
    if rows:
        text += "\n" + _table(rows, len(tracked) > 1, len(targets) > 1, screen)
    never = [_never(result) for result in answer.results if not result.search.overflights]
    if never:
        lines = [line for sentence in never for line in wrapped(sentence, screen.width)]
        text += "\n" + "\n".join(lines) + "\n"
    return text


def _target_text(target: Target) -> str:
    if not target.id:
        return target.name
    return f"{printable(target.name)} ({target.latitude_deg:g}°, {target.longitude_deg:g}° east)"


def _never(result: OverflightsOf) -> str:
    return (
        f"{printable(result.tracked.name)} does not come near {printable(result.target.name)} in "
        "this window."
    )


def _table(
    rows: Sequence[tuple[OverflightsOf, Overflight]],
    with_names: bool,
    with_regions: bool,
    screen: Screen,
) -> str:
    every = [one for _, one in rows]
    near = [one.closest for one in every]
    form = clock_form((c.time for c in near), screen.zone)

    def clock(instant: datetime) -> str:
        return to_second(instant, screen.zone).strftime(form)

    def uncertainty(result: OverflightsOf, one: Overflight) -> str:
        error_s = result.timing_uncertainty_s(one)
        return "" if error_s is None else duration_text(error_s)

    craft = tuple(printable(result.tracked.name, 24) for result, _ in rows)
    regions = tuple(printable(result.target.id or result.target.name, 24) for result, _ in rows)
    columns = [
        Column("Date", tuple(f"{to_second(c.time, screen.zone):%Y-%m-%d}" for c in near)),
        Column("Spacecraft", craft if with_names else ()),
        Column("Region", regions if with_regions else ()),
        Column("Closest", tuple(clock(c.time) for c in near)),
        Column("Distance", tuple(f"{c.distance_km:.1f} km" for c in near), True),
        Column("Height", tuple(f"{c.height_km:.1f} km" for c in near), True, 5),
        Column("Sun", tuple(f"{c.sun_elevation_deg:.1f}°" for c in near), True, 6),
        Column("Off nadir", tuple(f"{c.off_nadir_deg:.1f}°" for c in near), True, 4),
        Column("±", tuple(uncertainty(*row) for row in rows), True, 3),
        Column("Entry", tuple(clock(o.first) if o.entry else "before" for o in every), False, 2),
        Column("Exit", tuple(clock(o.last) if o.exit else "after" for o in every), False, 2),
        Column("Length", tuple(length_text(o.duration_s) for o in every), True, 1),
    ]
    return table_text(columns, screen.width, screen.bold)
