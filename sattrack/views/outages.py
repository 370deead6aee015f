"""Sun outages as a table for each place, in local time with its zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sattrack.answers.outages import Beam, CalendarEntry, OutagesAnswer, OutagesOf, Season
from sattrack.errors import printable
from sattrack.places import Place
from sattrack.times import duration_text
from sattrack.views.passes import (
    Screen,
    full_time,
    length_text,
    place_text,
    to_second,
)
from sattrack.views.station_keeping import slot_origins
from sattrack.views.tables import Column, table_text, wrapped

_ORIGINS = {"given": "", "catalog": " (catalog)", "assumed": " (assumed)"}


def outages_text(answer: OutagesAnswer, screen: Screen) -> str:
    """Return a block for each place: the beam, the seasons, and the calendar."""
    places: dict[Place, list[OutagesOf]] = {}
    for result in answer.results:
        places.setdefault(result.place, []).append(result)
    blocks = [_block(place, results, answer, screen) for place, results in places.items()]
    return "\n".join(blocks)


def _block(
    place: Place, results: Sequence[OutagesOf], answer: OutagesAnswer, screen: Screen
) -> str:
    title = f"Sun outages at {place_text(place)}, craft above {answer.min_elevation_deg:g}°"
    if place.horizon is not None:
        title += " and the place's own horizon"
    zone, width = screen.zone, screen.width
    window = f"{full_time(answer.span.start, zone)} to {full_time(answer.span.end, zone)}"
    lines = [*wrapped(title, width), *wrapped(window, width), ""]
    beams = list(dict.fromkeys(result.beam for result in results))
    for result in results:
        origin, *others = slot_origins(result.tracked, result.slot, answer.span)
        first, *more = wrapped(origin, width - 4)
        lines += [f"  {first}", *(f"    {line}" for line in more)]
        if len(beams) > 1:
            others.append(_beam_text(result.beam))
        for other in others:
            lines += wrapped(other, width, "    ")
    if len(beams) == 1:
        lines += wrapped(_beam_text(beams[0]), width, "  ")
    text = "\n".join(lines) + "\n"
    said = [line for result in results for line in wrapped(_summary(result, screen), width)]
    text += "\n" + "\n".join(said) + "\n"
    rows = OutagesAnswer(answer.span, answer.min_elevation_deg, tuple(results)).in_order()
    if rows:
        text += "\n" + _table(rows, len(results) > 1, screen)
    return text


def _beam_text(beam: Beam) -> str:
    width = f"3 dB beamwidth {beam.width_deg:.3g}°"
    if beam.dish_m is not None and beam.frequency_mhz is not None:
        width += (
            f" of a {beam.dish_m:g} m dish{_ORIGINS[beam.dish_from or 'given']} at "
            f"{beam.frequency_mhz / 1000.0:.6g} GHz{_ORIGINS[beam.frequency_from or 'given']}"
        )
    return (
        f"{width}, Sun's radius {beam.sun_radius_deg:g}°: an outage while the Sun is closer than "
        f"{beam.limit_deg:.3f}°"
    )


def _summary(result: OutagesOf, screen: Screen) -> str:
    name, place = printable(result.tracked.name), printable(result.place.name)
    if result.verdict == "never":
        return f"{name} is never in view of {place} in this window: no outages."
    if not result.entries:
        return f"{name} at {place}: no outages in this window."
    if not result.seasons:
        return f"{name} at {place}: {_count(len(result.entries))}."
    return f"{name}: " + "; ".join(_season_text(season, screen) for season in result.seasons) + "."


def _season_text(season: Season, screen: Screen) -> str:
    first, last = (to_second(instant, screen.zone) for instant in (season.first, season.last))
    cut = " (cut by the window)" if season.open_start or season.open_end else ""
    return (
        f"{first:%Y-%m-%d} to {last:%Y-%m-%d}{cut}, {_count(season.count)}, "
        f"{length_text(season.total_s)} in all, the longest {length_text(season.longest_s)}"
    )


def _count(count: int) -> str:
    return "1 outage" if count == 1 else f"{count} outages"


def _table(
    rows: Sequence[tuple[OutagesOf, CalendarEntry]], with_names: bool, screen: Screen
) -> str:
    zone = screen.zone
    every = [entry.outage for _, entry in rows]
    near = [outage.closest for outage in every]
    # A year sees clocks change: then each row says which clock it is read from.
    zones = tuple(c.time.astimezone(zone).tzname() or "" for c in near)

    def clock(instant: datetime) -> str:
        return f"{to_second(instant, zone):%H:%M:%S}"

    def uncertainty(entry: CalendarEntry) -> str:
        error_s = entry.timing_uncertainty_s
        return "" if error_s is None else duration_text(error_s)

    names = tuple(printable(result.tracked.name, 24) for result, _ in rows)
    orbits = tuple("nominal" if entry.nominal else "elements" for _, entry in rows)
    edges = {"beam": "", "pass": " (horizon)", "window": " (window)"}
    columns = [
        Column("Date", tuple(f"{to_second(o.first, zone):%Y-%m-%d}" for o in every)),
        Column("Spacecraft", names if with_names else ()),
        Column(
            "Start",
            tuple(f"{clock(o.first)}{edges[o.begins]}" for o in every),
        ),
        Column("Peak", tuple(clock(c.time) for c in near), False, 5),
        Column(
            "End",
            tuple(f"{clock(o.last)}{edges[o.ends]}" for o in every),
        ),
        Column("Zone", zones if len(set(zones)) > 1 else ()),
        Column("Length", tuple(length_text(o.duration_s) for o in every), True),
        Column("Closest", tuple(f"{c.separation_deg:.2f}°" for c in near), True, 4),
        Column("±", tuple(uncertainty(entry) for _, entry in rows), True, 3),
        Column("Orbit", orbits, False, 6 if "nominal" in orbits else 1),
        Column("El", tuple(f"{c.elevation_deg:.1f}°" for c in near), True, 2),
        Column("Az", tuple(f"{c.azimuth_deg:.1f}°" for c in near), True, 1),
    ]
    return table_text(columns, screen.width, screen.bold)
