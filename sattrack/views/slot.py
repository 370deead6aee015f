"""Slots, daily figures and eclipses as tables, in local time with its zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sattrack.answers.slot import Eclipse, EclipseSeason, SlotAnswer, SlotOf
from sattrack.answers.station_keeping import SLOT_AFTER
from sattrack.errors import printable
from sattrack.times import Span, duration_text
from sattrack.views.passes import Screen, full_time, length_text, to_second, tracked_line
from sattrack.views.station_keeping import longitude_text, nominal_text, slot_origins
from sattrack.views.tables import Column, table_text, wrapped

_EARTHS = {"oblate": "the WGS 84 ellipsoid", "spherical": "a sphere"}
_MEASURED = (
    "Mean longitude (east positive), drift and daily figure over two sidereal days: from the start "
    f"of the window, or from the epoch of elements that are more than {SLOT_AFTER.days} days old."
)


def slot_text(answer: SlotAnswer, screen: Screen) -> str:
    """Return where each craft stands and how it moves, its eclipse seasons, and every eclipse."""
    zone, width = screen.zone, screen.width
    title = f"Slots, and eclipses by the Earth as {_EARTHS[answer.model]}"
    window = f"{full_time(answer.span.start, zone)} to {full_time(answer.span.end, zone)}"
    lines = [*wrapped(title, width), *wrapped(window, width), ""]
    for result in answer.results:
        origin, *others = _origins(result, answer.span)
        first, *more = wrapped(origin, width - 4)
        lines += [f"  {first}", *(f"    {line}" for line in more)]
        lines += [line for other in others for line in wrapped(other, width, "    ")]
    text = "\n".join(lines) + "\n\n" + _figures(answer.results, screen)
    days = wrapped(_MEASURED, width)
    said = [line for result in answer.results for line in wrapped(_summary(result, screen), width)]
    text += "\n" + "\n".join([*days, "", *said]) + "\n"
    rows = answer.in_order()
    if rows:
        text += "\n" + _eclipses(rows, len(answer.results) > 1, screen)
    return text


def _origins(result: SlotOf, span: Span) -> list[str]:
    if result.use is None or result.use.spans != (span,):
        return slot_origins(result.tracked, result.use, span)
    where = nominal_text(result.use)
    return [tracked_line(result.tracked, result.measured.start), f"for its eclipses {where}"]


def _figures(results: Sequence[SlotOf], screen: Screen) -> str:
    def slot(result: SlotOf) -> str:
        slot_deg = result.slot_longitude_deg
        return "" if slot_deg is None else longitude_text(slot_deg)

    def offset(result: SlotOf) -> str:
        return "" if result.offset_deg is None else f"{round(result.offset_deg, 3) + 0.0:+.3f}°"

    def error(result: SlotOf) -> str:
        error_deg = result.longitude_error_deg
        return "" if error_deg is None else f"{error_deg:.3f}°"

    figures = [result.figure for result in results]
    columns = [
        Column("Spacecraft", tuple(printable(r.tracked.name, 24) for r in results)),
        Column("Longitude", tuple(f"{f.longitude_deg:.3f}°" for f in figures), True),
        Column("±", tuple(map(error, results)), True, 3),
        Column("Slot", tuple(map(slot, results)), True, 7),
        Column("Off", tuple(map(offset, results)), True, 8),
        Column(
            "Drift/day", tuple(f"{round(f.drift_deg_day, 4) + 0.0:+.4f}°" for f in figures), True
        ),
        Column("E-W", tuple(f"±{f.east_west_deg:.3f}°" for f in figures), True, 6),
        Column("N-S", tuple(f"±{f.north_south_deg:.3f}°" for f in figures), True, 5),
        Column(
            "From",
            tuple(f"{to_second(r.measured.start, screen.zone):%Y-%m-%d}" for r in results),
            False,
            4,
        ),
        Column("Eccentricity", tuple(f"{f.eccentricity:.6f}" for f in figures), True, 2),
        Column("Inclination", tuple(f"{f.inclination_deg:.3f}°" for f in figures), True, 1),
    ]
    return table_text(columns, screen.width, screen.bold)


def _summary(result: SlotOf, screen: Screen) -> str:
    name = printable(result.tracked.name)
    if not result.seasons:
        return f"{name}: no eclipses in this window."
    seasons = "; ".join(_season_text(season, screen) for season in result.seasons)
    return f"{name}: eclipses from {seasons}."


def _season_text(season: EclipseSeason, screen: Screen) -> str:
    first, last = (to_second(instant, screen.zone) for instant in (season.first, season.last))
    cut = " (cut by the window)" if season.open_start or season.open_end else ""
    count = "1 eclipse" if season.count == 1 else f"{season.count} eclipses"
    return (
        f"{first:%Y-%m-%d} to {last:%Y-%m-%d}{cut}, {count}, the longest "
        f"{length_text(season.longest_s)}, {length_text(season.longest_umbra_s)} of it umbra"
    )


def _eclipses(rows: Sequence[tuple[SlotOf, Eclipse]], with_names: bool, screen: Screen) -> str:
    zone = screen.zone
    every = [one for _, one in rows]
    shadows = [one.shadow for one in every]
    # A year sees clocks change: then each row says which clock it is read from.
    zones = tuple(shadow.first.astimezone(zone).tzname() or "" for shadow in shadows)

    def clock(instant: datetime | None, missing: str) -> str:
        return missing if instant is None else f"{to_second(instant, zone):%H:%M:%S}"

    def umbra(instant: datetime | None, one: Eclipse, cut: str) -> str:
        return clock(instant, cut if one.shadow.umbras else "none")

    def uncertainty(one: Eclipse) -> str:
        error_s = one.timing_uncertainty_s
        return "" if error_s is None else duration_text(error_s)

    names = tuple(printable(result.tracked.name, 24) for result, _ in rows)
    orbits = tuple("nominal" if one.nominal else "elements" for one in every)
    columns = [
        Column("Date", tuple(f"{to_second(s.first, zone):%Y-%m-%d}" for s in shadows)),
        Column("Spacecraft", names if with_names else ()),
        Column("Penumbra", tuple(clock(s.entry, "before") for s in shadows)),
        Column("Umbra", tuple(umbra(o.shadow.umbra_entry, o, "before") for o in every), False, 7),
        Column("to", tuple(umbra(o.shadow.umbra_exit, o, "after") for o in every), False, 7),
        Column("Sunlit", tuple(clock(s.exit, "after") for s in shadows)),
        Column("Zone", zones if len(set(zones)) > 1 else (), False, 8),
        Column("Length", tuple(length_text(s.duration_s) for s in shadows), True, 5),
        Column("Umbra", tuple(length_text(one.umbra_s) for one in every), True, 3),
        Column("±", tuple(uncertainty(one) for one in every), True, 2),
        Column("Orbit", orbits, False, 6 if "nominal" in orbits else 1),
    ]
    return table_text(columns, screen.width, screen.bold)
