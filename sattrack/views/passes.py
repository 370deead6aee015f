"""Passes and positions as tables, in local time with its zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sattrack.answers.passes import Doppler, PassesAnswer, PassesOf
from sattrack.answers.positions import AtTheMoon, PositionAnswer, PositionOf, Reception
from sattrack.elements import Coverage
from sattrack.errors import printable
from sattrack.passes import Pass, Sighting
from sattrack.passes.network import NetworkContacts
from sattrack.places import Place
from sattrack.times import duration_text
from sattrack.tracking import Tracked
from sattrack.views.tables import Column, table_text, wrapped

_COMPASS = [
    "N",
    "NNE",
    "NE",
    "ENE",
    "E",
    "ESE",
    "SE",
    "SSE",
    "S",
    "SSW",
    "SW",
    "WSW",
    "W",
    "WNW",
    "NW",
    "NNW",
]


_DOPPLER_NOTE = "Doppler: shift as received at rise, highest and set."
_LIGHTS = {
    "sunlit": "sunlit",
    "moon penumbra": "in the Moon's penumbra",
    "moon umbra": "in the Moon's umbra",
    "earth penumbra": "in the Earth's penumbra",
    "earth umbra": "in the Earth's shadow",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """What text is laid out for."""

    width: int
    zone: tzinfo
    bold: bool = False


def to_second(instant: datetime, zone: tzinfo) -> datetime:
    """Return local time, rounded to the second."""
    return (instant + timedelta(microseconds=500_000)).astimezone(zone).replace(microsecond=0)


def clock_form(instants: Iterable[datetime], zone: tzinfo) -> str:
    """Return how to write times of day.

    Where a clock change falls among the instants, each says which clock it is read from.
    """
    several = len({instant.astimezone(zone).utcoffset() for instant in instants}) > 1
    return "%H:%M:%S%z" if several else "%H:%M:%S"


def offset_text(instant: datetime, zone: tzinfo) -> str:
    """Return the zone as `KST, UTC+09:00`, or `UTC`."""
    local = instant.astimezone(zone)
    name, offset = local.tzname() or "", local.strftime("%z")
    if not local.utcoffset():
        return name or "UTC"
    offset = f"UTC{offset[:3]}:{offset[3:5]}"
    # Zones without a name of their own call themselves by their offset.
    return offset if name.startswith(("+", "-", "UTC")) else f"{name}, {offset}"


def full_time(instant: datetime, zone: tzinfo) -> str:
    """Return date, time to the second and offset."""
    local = to_second(instant, zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {offset_text(instant, zone)}"


def tracked_line(tracked: Tracked, until: datetime) -> str:
    """Return one line: who, which elements, from whom, how old, and how good until when."""
    craft, origin = tracked.spacecraft, tracked.provenance
    number = "" if craft.norad_id is None else f" ({craft.norad_id})"
    who = f"{printable(craft.name)}{number}"
    if tracked.via is not None:
        who = f"{printable(tracked.via.name)} on {who}"
    if origin.nominal:
        label = f"{craft.status or 'planned'}; nominal orbit"
        if origin.illustrative:
            label += ", illustrative; not the operator's design"
        return f"{who}: {label}"
    if origin.coverage is not None:
        return f"{who}: {_coverage_text(origin.source, origin.coverage)}"
    age = f"{origin.age_days:.1f} days old"
    if origin.age_days < 0:
        age = f"{-origin.age_days:.1f} days ahead"
    error_s = tracked.timing_uncertainty_s(until)
    good = "" if error_s is None else f", times ± {duration_text(error_s)}"
    return f"{who}: {origin.source} elements of {origin.epoch:%Y-%m-%d %H:%M} UTC, {age}{good}"


def _coverage_text(source: str, coverage: Coverage) -> str:
    measured = ""
    if coverage.data_until is not None:
        measured = f", measured to {coverage.data_until:%Y-%m-%d}"
    return (
        f"{source} ephemeris, {coverage.start:%Y-%m-%d %H:%M} to {coverage.end:%Y-%m-%d %H:%M} UTC"
        f"{measured}, ± {_distance(coverage.error_km)}, times ± {duration_text(coverage.error_s)}"
    )


def _distance(km: float) -> str:
    return f"{km:g} km" if km >= 1.0 else f"{1000.0 * km:.1f} m"


def origins(every: Sequence[Tracked], until: datetime, width: int) -> list[str]:
    """Return where the orbits of craft come from, indented; see `tracked_line`."""
    lines = []
    for tracked in every:
        first, *more = wrapped(tracked_line(tracked, until), width - 4)
        lines += [f"  {first}", *(f"    {line}" for line in more)]
    return lines


def origins_told(every: Sequence[Tracked], until: datetime) -> list[str]:
    """Return where the orbits of craft come from; planned craft of one label share a line."""
    lines: list[str] = []
    planned: dict[str, list[str]] = {}
    for tracked in dict.fromkeys(every):
        line = tracked_line(tracked, until)
        if tracked.provenance.nominal:
            name = printable(tracked.name)
            planned.setdefault(line.removeprefix(f"{name}: "), []).append(name)
        else:
            lines.append(line)
    return [*lines, *(f"{', '.join(names)}: {label}" for label, names in planned.items())]


def passes_text(answer: PassesAnswer, screen: Screen, with_doppler: bool = False) -> str:
    """Return a table for each place: passes in order of time, and what is always or never up."""
    places: dict[Place, list[PassesOf]] = {}
    for result in answer.results:
        places.setdefault(result.place, []).append(result)
    blocks = [
        _place_block(place, results, answer, screen, with_doppler)
        for place, results in places.items()
    ]
    # Whom several places hear together is asked of deep space, not of low satellites.
    contacts = {r.tracked.spacecraft.id for r in answer.results for p in r.passes if _is_contact(p)}
    blocks += [
        _network_block(tracked, network, screen)
        for tracked, network in answer.networks()
        if tracked.spacecraft.id in contacts
    ]
    return "\n".join(blocks)


def _is_contact(pass_: Pass) -> bool:
    return hasattr(pass_, "begins")


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _network_block(tracked: Tracked, network: NetworkContacts, screen: Screen) -> str:
    zone, watches = screen.zone, network.watches
    share = network.heard_s / (network.span.end - network.span.start).total_seconds()
    title = (
        f"{printable(tracked.name)} by all places together: heard {share:.0%} of the time, "
        f"{_some(len(network.handovers), 'handover')}, {_some(len(network.gaps), 'gap')}"
    )
    following = {handover.time: handover for handover in network.handovers}
    columns = [
        Column("Date", tuple(f"{to_second(w.start, zone):%Y-%m-%d}" for w in watches)),
        Column("From", tuple(f"{to_second(w.start, zone):%H:%M:%S}" for w in watches)),
        Column("To", tuple(f"{to_second(w.end, zone):%H:%M:%S}" for w in watches)),
        Column(
            "Length", tuple(length_text((w.end - w.start).total_seconds()) for w in watches), True
        ),
        Column("Place", tuple(printable(w.station, 44) for w in watches)),
        Column(
            "Overlap",
            tuple(
                length_text(following[w.end].overlap_s) if w.end in following else ""
                for w in watches
            ),
            True,
            1,
        ),
    ]
    lines = [*wrapped(title, screen.width), ""]
    by_day = ", ".join(
        f"{day} {seconds / 3600.0:.1f} h" for day, seconds in network.heard_s_by_day().items()
    )
    table = table_text(columns, screen.width, screen.bold)
    return (
        "\n".join(lines)
        + "\n"
        + table
        + "\n".join(wrapped(f"Per day (UTC): {by_day}", screen.width))
        + "\n"
    )


def place_text(place: Place) -> str:
    """Return a place with its coordinates."""
    height = f" {place.height_m:.0f} m" if place.height_m else ""
    coordinates = f"{place.coordinates}{height}"
    if place.name in ("", place.coordinates):
        return coordinates
    return f"{printable(place.name)} ({coordinates})"


def mask_text(place: Place, min_elevation_deg: float) -> str:
    """Return above what a place sees."""
    own = " and the place's own horizon" if place.horizon is not None else ""
    return f"above {min_elevation_deg:g}°{own}"


def _place_block(
    place: Place,
    results: Sequence[PassesOf],
    answer: PassesAnswer,
    screen: Screen,
    with_doppler: bool,
) -> str:
    zone = screen.zone
    title = f"Passes over {place_text(place)}, {mask_text(place, answer.min_elevation_deg)}"
    window = f"{full_time(answer.span.start, zone)} to {full_time(answer.span.end, zone)}"
    lines = [*wrapped(title, screen.width), *wrapped(window, screen.width), ""]
    lines += origins([result.tracked for result in results], answer.span.end, screen.width)
    rows = PassesAnswer(answer.span, answer.min_elevation_deg, tuple(results)).in_order()
    rows = [(result, pass_) for result, pass_ in rows if result.search.verdict == "passes"]
    text = "\n".join(lines) + "\n"
    if rows:
        text += "\n" + _passes_table(rows, len(results) > 1, screen, with_doppler)
    verdicts = [_DOPPLER_NOTE] if rows and with_doppler else []
    verdicts += [_verdict_line(result, answer, zone) for result in results]
    verdicts = [line for line in verdicts if line]
    if verdicts:
        lines = [line for verdict in verdicts for line in wrapped(verdict, screen.width)]
        text += "\n" + "\n".join(lines) + "\n"
    return text


def _verdict_line(result: PassesOf, answer: PassesAnswer, zone: tzinfo) -> str:
    name = printable(result.tracked.name)
    mask = f"{answer.min_elevation_deg:g}°"
    if result.search.verdict == "never":
        return f"{name} is never above {mask} in this window."
    if result.search.verdict == "always":
        if not result.passes:
            return f"{name} is always above {mask} in this window."
        top = result.passes[0].culmination
        return (
            f"{name} is always above {mask}: highest {top.elevation_deg:.1f}° in azimuth "
            f"{top.azimuth_deg:.1f}° ({compass(top.azimuth_deg)}) at {full_time(top.time, zone)}."
        )
    return ""


def compass(azimuth_deg: float) -> str:
    """Return the nearest of the sixteen winds."""
    return _COMPASS[round(azimuth_deg / 22.5) % 16]


def _passes_table(
    rows: Sequence[tuple[PassesOf, Pass]], with_names: bool, screen: Screen, with_doppler: bool
) -> str:
    zone = screen.zone
    offsets = {
        sighting.time.astimezone(zone).utcoffset()
        for _, pass_ in rows
        for sighting in (pass_.first, pass_.culmination, pass_.last)
    }
    # Where a clock change falls into the window, each time says which clock it is read from.
    each = len(offsets) > 1

    def date(sighting: Sighting) -> str:
        return f"{to_second(sighting.time, zone):%Y-%m-%d}"

    def clock(sighting: Sighting, first: Sighting) -> str:
        local = to_second(sighting.time, zone)
        later = (local.date() - to_second(first.time, zone).date()).days
        text = f"{local:%H:%M:%S}" + (f"{local:%z}" if each else "")
        return text + (f" +{later}d" if later else "")

    def azimuth(sighting: Sighting) -> str:
        return f"{sighting.azimuth_deg % 360.0:.0f}°" if sighting.azimuth_deg < 359.5 else "0°"

    def uncertainty(result: PassesOf, pass_: Pass) -> str:
        error_s = result.timing_uncertainty_s(pass_)
        return "" if error_s is None else duration_text(error_s)

    passes = [pass_ for _, pass_ in rows]
    columns = [
        Column("Date", tuple(date(p.first) for p in passes)),
        Column(
            "Spacecraft",
            tuple(printable(r.tracked.name, 24) for r, _ in rows) if with_names else (),
        ),
        Column(
            "Rise",
            tuple(clock(p.first, p.first) if p.rise else "before" for p in passes),
        ),
        Column("By", tuple(getattr(p, "begins", "") for p in passes), False, 8),
        Column("Az", tuple(azimuth(p.rise) if p.rise else "" for p in passes), True, 6),
        Column("Highest", tuple(clock(p.culmination, p.first) for p in passes), False, 5),
        Column("El", tuple(f"{p.culmination.elevation_deg:.1f}°" for p in passes), True),
        Column("Az", tuple(azimuth(p.culmination) for p in passes), True, 2),
        Column("Set", tuple(clock(p.last, p.first) if p.set else "after" for p in passes)),
        Column("By", tuple(getattr(p, "ends", "") for p in passes), False, 8),
        Column("Az", tuple(azimuth(p.set) if p.set else "" for p in passes), True, 6),
        Column("±", tuple(uncertainty(*row) for row in rows), True, 3),
        Column("Length", tuple(length_text(p.duration_s) for p in passes), True, 4),
        Column("Range", tuple(f"{p.culmination.range_km:,.0f} km" for p in passes), True, 1),
    ]
    if with_doppler:
        columns += _doppler_columns(rows)
    return table_text(columns, screen.width, screen.bold)


def _doppler_columns(rows: Sequence[tuple[PassesOf, Pass]]) -> list[Column]:
    """Return a column for each frequency: its shift at rise, culmination and set."""

    def cell(shift: Doppler) -> str:
        every = (shift.rise_hz, shift.culmination_hz, shift.set_hz)
        return " ".join("-" if hz is None else f"{hz / 1000.0:+.2f}" for hz in every) + " kHz"

    shifts = [result.doppler(pass_) for result, pass_ in rows]
    return [
        Column(f"Doppler {each[0].link.frequency_mhz:.10g} MHz", tuple(map(cell, each)), True)
        for each in zip(*shifts, strict=True)
    ]


def length_text(duration_s: float) -> str:
    """Return a length of time as minutes and seconds, with hours where there are any."""
    seconds = round(duration_s)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def position_text(answer: PositionAnswer, screen: Screen) -> str:
    """Return a table of positions."""
    results = answer.results
    title = full_time(answer.time, screen.zone)
    if results and results[0].place is not None:
        title += f", from {place_text(results[0].place)}"
    lines = [*wrapped(title, screen.width), ""]
    lines += [*origins([result.tracked for result in results], answer.time, screen.width), ""]
    columns = [
        Column("Spacecraft", tuple(printable(r.tracked.name, 32) for r in results)),
        Column("Latitude", tuple(f"{r.latitude_deg:.4f}°" for r in results), True),
        Column("Longitude", tuple(f"{r.longitude_deg:.4f}°" for r in results), True),
        Column("Height", tuple(f"{r.height_km:,.1f} km" for r in results), True),
        Column("Speed", tuple(f"{r.speed_km_s:.3f} km/s" for r in results), True, 1),
        *_sky_columns(results),
    ]
    text = "\n".join(lines) + "\n" + table_text(columns, screen.width, screen.bold)
    for result in results:
        if result.moon is not None:
            text += f"\n{_moon_block(result, result.moon, screen)}"
    return text


def _moon_block(result: PositionOf, moon: AtTheMoon, screen: Screen) -> str:
    paragraphs = [
        f"{printable(result.tracked.name)} is {moon.height_km:.1f} km above the Moon, over "
        f"latitude {moon.latitude_deg:.4f}°, east longitude {moon.longitude_deg:.4f}° (mean-Earth "
        f"frame), {_LIGHTS[moon.illumination]}, in orbit {moon.orbit_number} since "
        f"{full_time(moon.orbit_number_since, screen.zone)}; "
        f"{moon.earth_distance_km:,.0f} km from the Earth's centre."
    ]
    if result.reception is not None:
        paragraphs += _reception_lines(result.reception)
    lines = [line for text in paragraphs for line in wrapped(text, screen.width)]
    return "\n".join(lines) + "\n"


def _reception_lines(reception: Reception) -> list[str]:
    where = "behind the Moon" if reception.hidden_by_moon else "not behind the Moon"
    return [
        f"Seen from the place it is {where}, {reception.moon_centre_deg:.4f}° from the Moon's "
        f"centre; light takes {reception.light_time_s:.3f} s.",
        *(
            f"{printable(link.name)}, {link.frequency_mhz:.10g} MHz: {shift_hz:+,.0f} Hz"
            for link, shift_hz in reception.doppler_hz
        ),
    ]


def _sky_columns(results: Sequence[PositionOf]) -> list[Column]:
    seen = [result.sighting for result in results]
    return [
        Column("Az", tuple(f"{s.azimuth_deg:.1f}°" if s else "" for s in seen), True),
        Column("El", tuple(f"{s.elevation_deg:.1f}°" if s else "" for s in seen), True),
        Column("Range", tuple(f"{s.range_km:,.1f} km" if s else "" for s in seen), True, 3),
        Column("Rate", tuple(f"{s.range_rate_km_s:+.3f} km/s" if s else "" for s in seen), True, 2),
    ]
