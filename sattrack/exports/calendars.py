"""Answers as calendars (iCalendar, RFC 5545): an entry for each pass, outage or overflight.

An entry is named after craft, place and revolution, and keeps its name when newer elements move it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sattrack.answers.occasions import numbered, occasion, solar_day
from sattrack.errors import InvalidInputError, RejectedDataError, isolated
from sattrack.exports.origins import nominal_mark, origin_lines
from sattrack.formats.icalendar import (
    Component,
    folded,
    instant_of,
    read_calendar,
    stamp,
    text_value,
)
from sattrack.times import Span, duration_text

if TYPE_CHECKING:
    from sattrack.answers.imaging import ImagingAnswer, ImagingOf
    from sattrack.answers.outages import CalendarEntry, OutagesAnswer, OutagesOf
    from sattrack.answers.overflights import OverflightsAnswer, OverflightsOf
    from sattrack.answers.passes import PassesAnswer, PassesOf
    from sattrack.coverage.imaging import Access
    from sattrack.passes import Pass, Sighting
    from sattrack.passes.overflight import Overflight
    from sattrack.passes.visible import Conditions, PassLight
    from sattrack.places import Place
    from sattrack.tracking import Tracked

# What an entry says of its own history, and nothing of the sky.
_HISTORY = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
_OURS = re.compile(r"(?P<series>(?:pass|outage|overflight|imaging)-.+)-[rtd]\d+(?:\.\d+)?@sattrack")
_LONGEST_ALARM = timedelta(days=28)
_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_SLOWEST_GEOSYNCHRONOUS_S = 1.1 * 86400.0
_FASTEST_GEOSYNCHRONOUS_S = 0.9 * 86400.0


@dataclass(frozen=True, slots=True)
class Event:
    """An entry as an answer has it.

    Attributes:
        name: of the revolution or day, unique in its series.
        cut: the window hides its beginning.
    """

    name: str
    start: datetime
    end: datetime
    summary: str
    description: str
    location: str
    position: str = ""
    cut: bool = False

    @property
    def middle(self) -> datetime:
        """Half-way between start and end."""
        return self.start + (self.end - self.start) / 2


@dataclass(frozen=True, slots=True)
class Series:
    """All events of one kind, of one craft at one place.

    Attributes:
        key: names it.
        span: what was searched; what is missing there does not happen.
        spacing_s: two of its events are at least about so far apart.
        note: why it has no entries although there is something to tell, or empty.
    """

    key: str
    span: Span
    spacing_s: float
    events: tuple[Event, ...]
    note: str = ""


def passes_series(answer: PassesAnswer) -> list[Series]:
    """Return the passes of each craft over each place."""
    return [_passes(answer, result) for result in answer.results]


def _passes(answer: PassesAnswer, result: PassesOf) -> Series:
    tracked, place = result.tracked, result.place
    span = _listed(
        result.search.span, answer.limit, [one.last.time for _, one in answer.in_order()]
    )
    key = _key("pass", tracked, f"{place.latitude_deg:.4f}_{place.longitude_deg:.4f}")
    spacing_s = tracked.orbit.period_s / 2.0
    name = isolated(tracked.name)
    if result.search.verdict == "always":
        mask = f"{answer.min_elevation_deg:g} degrees"
        note = f"{tracked.name} is above {mask} at {place.name} all the time, which makes no entry"
        return Series(key, span, spacing_s, (), note)
    events = [
        Event(
            name=occasion(tracked, place.latitude_deg, place.longitude_deg, pass_.culmination.time),
            start=pass_.first.time,
            end=pass_.last.time,
            summary=f"{name} over {isolated(place.name)}, up to "
            f"{pass_.culmination.elevation_deg:.0f}°{nominal_mark(tracked.provenance.nominal)}",
            description="\n".join(_pass_lines(answer, result, number)),
            location=place.name,
            position=_position(place),
            cut=pass_.open_start,
        )
        for number, pass_ in enumerate(result.passes)
    ]
    return Series(key, span, spacing_s, _distinct(events))


def _pass_lines(answer: PassesAnswer, result: PassesOf, number: int) -> Iterator[str]:
    pass_ = result.passes[number]
    if pass_.rise is not None:
        yield f"Rises at {_when(pass_.rise, pass_)}"
    yield f"Highest at {_when(pass_.culmination, pass_)}, {pass_.culmination.range_km:.0f} km away"
    if pass_.set is not None:
        yield f"Sets at {_when(pass_.set, pass_)}"
    if pass_.open_start or pass_.open_end:
        yield "The window that was searched cuts it."
    if result.lights is not None and answer.conditions is not None:
        yield _seen(result.lights[number], answer.conditions, pass_)
    yield f"Elevations are geometric; the mask is {answer.min_elevation_deg:g}°."
    yield from origin_lines(
        result.tracked, result.timing_uncertainty_s(pass_), pass_.culmination.time
    )


def _seen(light: PassLight, conditions: Conditions, pass_: Pass) -> str:
    """Return when the eye can see a pass."""
    if not light.visible:
        return "It cannot be seen by eye: the craft is dark, or the sky bright."
    stretches = " and ".join(
        f"{_clock(part.first.time, pass_.first.time)} to {_clock(part.last.time, pass_.first.time)}"
        for part in light.visible
    )
    brightest = light.brightest
    if brightest is None or brightest.magnitude is None:
        magnitude = ""
    else:
        magnitude = f", at best of magnitude {brightest.magnitude:.1f}"
    return (
        f"Out of the Earth's umbra with the Sun below {conditions.sun_below_deg:g}°: "
        f"{stretches}{magnitude}."
    )


def _when(sighting: Sighting, pass_: Pass) -> str:
    azimuth = sighting.azimuth_deg % 360.0
    point = _COMPASS[round(azimuth / 45.0) % 8]
    return (
        f"{_clock(sighting.time, pass_.first.time)}, azimuth {azimuth:.0f}° ({point}), "
        f"elevation {sighting.elevation_deg:.1f}°"
    )


def _clock(instant: datetime, day_of: datetime) -> str:
    """Return the time of day, with the date where it is not that of the beginning."""
    rounded = instant + timedelta(microseconds=500_000)
    date = "" if rounded.date() == day_of.date() else f"{rounded:%Y-%m-%d} "
    return f"{date}{rounded:%H:%M:%S} UTC"


def outages_series(answer: OutagesAnswer) -> list[Series]:
    """Return the outages of each craft at each place."""
    return [_outages(answer, result) for result in answer.results]


def _outages(answer: OutagesAnswer, result: OutagesOf) -> Series:
    tracked, place, beam = result.tracked, result.place, result.beam
    span = answer.span
    if result.ending is not None:
        span = _until(span, result.ending.instant)
    span = _listed(span, answer.limit, [entry.outage.last for _, entry in answer.in_order()])
    daily = _FASTEST_GEOSYNCHRONOUS_S < tracked.orbit.period_s < _SLOWEST_GEOSYNCHRONOUS_S
    events = []
    for entry in result.entries:
        peak = entry.outage.closest
        name = (
            solar_day(peak.time, place.longitude_deg)
            if daily
            else occasion(tracked, place.latitude_deg, place.longitude_deg, peak.time)
        )
        assumed = ", partly assumed" if beam.assumed else ""
        lines = [
            f"The Sun is {peak.separation_deg:.2f}° from the craft at "
            f"{_clock(peak.time, entry.outage.first)}, azimuth {peak.azimuth_deg:.1f}°, "
            f"elevation {peak.elevation_deg:.1f}°.",
            f"In the beam below {beam.limit_deg:.3f}°: a beam of {beam.width_deg:.3f}°{assumed}, "
            f"a radio Sun of {beam.sun_radius_deg:g}° radius.",
            *_outage_origin(entry, result),
        ]
        events.append(
            Event(
                name=name,
                start=entry.outage.first,
                end=entry.outage.last,
                summary=f"Sun outage of {isolated(tracked.name)} at {isolated(place.name)}"
                f"{nominal_mark(entry.nominal)}",
                description="\n".join(lines),
                location=place.name,
                position=_position(place),
                cut=entry.outage.begins == "window",
            )
        )
    key = _key("outage", tracked, f"{place.latitude_deg:.4f}_{place.longitude_deg:.4f}")
    spacing_s = 43200.0 if daily else tracked.orbit.period_s / 2.0
    return Series(key, span, spacing_s, _distinct(events))


def _outage_origin(entry: CalendarEntry, result: OutagesOf) -> Iterator[str]:
    if entry.nominal and result.slot is not None:
        side = "east" if result.slot.longitude_deg >= 0.0 else "west"
        yield f"Taken to stand at its nominal slot, {abs(result.slot.longitude_deg):g}° {side}."
        yield f"Times ± {duration_text(entry.timing_uncertainty_s or 0.0)}."
        return
    yield from origin_lines(result.tracked, entry.timing_uncertainty_s, entry.outage.closest.time)


def overflights_series(answer: OverflightsAnswer) -> list[Series]:
    """Return the overflights of each target by each craft."""
    return [_overflights(answer, result) for result in answer.results]


def _overflights(answer: OverflightsAnswer, result: OverflightsOf) -> Series:
    tracked, target = result.tracked, result.target
    span = _listed(result.search.span, answer.limit, [one.last for _, one in answer.in_order()])
    where = target.id or f"{target.latitude_deg:.4f}_{target.longitude_deg:.4f}"
    events = [
        Event(
            name=occasion(tracked, target.latitude_deg, target.longitude_deg, one.closest.time),
            start=one.first,
            end=one.last,
            summary=f"{isolated(tracked.name)} over {isolated(target.name)}, "
            f"{one.closest.distance_km:.0f} km off{nominal_mark(tracked.provenance.nominal)}",
            description="\n".join(_overflight_lines(answer, result, one)),
            location=f"{target.name} (Moon)",
            cut=one.open_start,
        )
        for one in result.overflights
    ]
    key = _key("overflight", tracked, where)
    return Series(key, span, tracked.orbit.period_s / 2.0, _distinct(events))


def _overflight_lines(
    answer: OverflightsAnswer, result: OverflightsOf, one: Overflight
) -> Iterator[str]:
    closest = one.closest
    yield (
        f"Closest at {_clock(closest.time, one.first)}: {closest.distance_km:.1f} km from the "
        f"centre along the ground, {closest.height_km:.1f} km high, "
        f"{closest.off_nadir_deg:.1f}° off nadir."
    )
    yield f"The Sun stands {closest.sun_elevation_deg:.1f}° above the horizon there."
    yield f"Near means within {answer.within_km:g} km of the centre, or inside the outline."
    if one.open_start or one.open_end:
        yield "The window that was searched cuts it."
    yield from origin_lines(result.tracked, result.timing_uncertainty_s(one), closest.time)


def imaging_series(answer: ImagingAnswer) -> list[Series]:
    """Return when each sensor can image each place."""
    return [_imaging(answer, result) for result in answer.results]


def _imaging(answer: ImagingAnswer, result: ImagingOf) -> Series:
    imager, place = result.imager, result.place
    tracked = imager.tracked
    ends = [access.last.time for _, access in answer.in_order()]
    events = [
        Event(
            name=occasion(tracked, place.latitude_deg, place.longitude_deg, one.closest.time),
            start=one.first.time,
            end=one.last.time,
            summary=f"{isolated(tracked.name)} can image {isolated(place.name)}"
            f"{nominal_mark(tracked.provenance.nominal)}",
            description="\n".join(_imaging_lines(result, one)),
            location=place.name,
            position=_position(place),
            cut=one.open_start,
        )
        for one in result.accesses
    ]
    return Series(
        _key("imaging", tracked, f"{place.latitude_deg:.4f}_{place.longitude_deg:.4f}"),
        _listed(result.search.span, answer.limit, ends),
        tracked.orbit.period_s / 2.0,
        _distinct(events),
    )


def _imaging_lines(result: ImagingOf, one: Access) -> Iterator[str]:
    closest = one.closest
    yield (
        f"Nearest at {_clock(closest.time, one.first.time)}: {closest.range_km:.0f} km away, "
        f"{closest.off_nadir_deg:.1f}° off nadir to the {closest.side}, incidence "
        f"{closest.incidence_deg:.1f}°, the Sun at {closest.sun_elevation_deg:.1f}°."
    )
    if result.imager.assumed:
        yield f"The sensor's limits are an assumption: {result.imager.assumed}"
    if one.open_start or one.open_end:
        yield "The window that was searched cuts it."
    yield from origin_lines(result.imager.tracked, result.timing_uncertainty_s(one), closest.time)


def _position(place: Place) -> str:
    return f"{place.latitude_deg:.6f};{place.longitude_deg:.6f}"


def _key(kind: str, tracked: Tracked, where: str) -> str:
    craft = tracked.spacecraft
    return re.sub(r"[^A-Za-z0-9._-]", "_", f"{kind}-{craft.norad_id or craft.id}-{where}")


def _distinct(events: Sequence[Event]) -> tuple[Event, ...]:
    names = numbered(event.name for event in events)
    return tuple(replace(event, name=name) for event, name in zip(events, names, strict=True))


def _listed(span: Span, limit: int | None, ends: Sequence[datetime]) -> Span:
    """Return the part of a window of which an answer lists everything."""
    if limit is None or len(ends) < limit:
        return span
    return _until(span, ends[-1])


def _until(span: Span, end: datetime) -> Span:
    return Span(span.start, max(min(span.end, end), span.start + timedelta(seconds=1)))


def calendar_text(
    series: Iterable[Series],
    now: datetime,
    previous: bytes | None = None,
    alarm: timedelta | None = None,
) -> str:
    """Return a calendar, or `previous` brought up to date.

    In a calendar of ours an event is known again by its name, or else by its time. One that has
    not changed keeps every byte; one that has moved gets the next SEQUENCE; one that is still to
    come, lies in what was searched and is not found there any more becomes CANCELLED. What is over
    stays as it is, and so does everything that is not ours.

    Args:
        series: what was found.
        now: the time of the change.
        previous: the calendar as it was.
        alarm: how long before each event.

    Raises:
        RejectedDataError: `previous` is no calendar.
        InvalidInputError: the alarm is after the event, or weeks before it.
    """
    if alarm is not None and not timedelta(0) <= alarm <= _LONGEST_ALARM:
        raise InvalidInputError("an alarm is 0 to 28 days before an event, e.g. 10m")
    if previous is None:
        head = b"".join(folded(line) for line in _HEAD)
        parts: list[Component] = []
        tail = folded("END:VCALENDAR")
    else:
        calendar, head, tail = read_calendar(previous)
        parts = calendar.parts
    for one in series:
        _bring_up_to_date(parts, one, now, alarm)
    return (head + b"".join(part.encoded() for part in parts) + tail).decode()


_HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//sattrack//sattrack//EN",
    "CALSCALE:GREGORIAN",
    "X-WR-CALNAME:sattrack",
)


def _bring_up_to_date(
    parts: list[Component], series: Series, now: datetime, alarm: timedelta | None
) -> None:
    """Put the events of a series into a calendar; see `calendar_text`."""
    held = {uid: index for index, uid in _held(parts, series.key)}
    known = _matched(parts, held, series)
    taken = set(held)
    for event in series.events:
        index = known.get(event.name)
        if index is None:
            name = next(
                name for name in _names(event.name) if f"{series.key}-{name}@sattrack" not in taken
            )
            uid = f"{series.key}-{name}@sattrack"
            taken.add(uid)
            parts.append(_event(event, uid, 0, now, alarm))
            continue
        old = parts[index]
        ended = instant_of(old.value("DTEND"))
        # What is over stays; so does the true beginning of what has already begun.
        if (ended is not None and ended <= now) or event.cut:
            continue
        parts[index] = _changed(old, event, now, alarm)
    used = set(known.values())
    for index in held.values():
        start = instant_of(parts[index].value("DTSTART"))
        if index in used or start is None or start < now:
            continue
        if series.span.start <= start <= series.span.end:
            parts[index] = _cancelled(parts[index], now)


def _names(name: str) -> Iterator[str]:
    yield name
    count = 2
    while True:
        yield f"{name.partition('.')[0]}.{count}"
        count += 1


def _held(parts: Sequence[Component], key: str) -> Iterator[tuple[int, str]]:
    for index, part in enumerate(parts):
        uid = part.value("UID") or ""
        match = _OURS.fullmatch(uid)
        if part.kind == "VEVENT" and match and match["series"] == key:
            yield index, uid


def _matched(parts: Sequence[Component], held: dict[str, int], series: Series) -> dict[str, int]:
    """Return which part each event is: that of its name, unless too far off, or the nearest."""
    middles = {index: _middle(parts[index]) for index in held.values()}
    known: dict[str, int] = {}

    def distance_s(event: Event, index: int) -> float:
        middle = middles[index]
        return float("inf") if middle is None else abs((event.middle - middle).total_seconds())

    for event in series.events:
        index = held.get(f"{series.key}-{event.name}@sattrack")
        if index is not None and distance_s(event, index) <= series.spacing_s:
            known[event.name] = index
    pairs = sorted(
        (distance_s(event, index), event.name, index)
        for event in series.events
        if event.name not in known
        for index in set(held.values()) - set(known.values())
        if distance_s(event, index) <= series.spacing_s / 2.0
    )
    for _, name, index in pairs:
        if name not in known and index not in known.values():
            known[name] = index
    return known


def _middle(part: Component) -> datetime | None:
    start, end = (instant_of(part.value(name)) for name in ("DTSTART", "DTEND"))
    return None if start is None or end is None else start + (end - start) / 2


def _event(
    event: Event, uid: str, sequence: int, now: datetime, alarm: timedelta | None
) -> Component:
    start, end = _to_second(event.start), _to_second(event.end)
    lines = [
        f"UID:{uid}",
        f"DTSTAMP:{stamp(now)}",
        f"LAST-MODIFIED:{stamp(now)}",
        f"SEQUENCE:{sequence}",
        f"DTSTART:{stamp(start)}",
        f"DTEND:{stamp(max(end, start + timedelta(seconds=1)))}",
        f"SUMMARY:{text_value(event.summary)}",
        f"DESCRIPTION:{text_value(event.description)}",
        f"LOCATION:{text_value(event.location)}",
        *([f"GEO:{event.position}"] if event.position else []),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
    ]
    parts = []
    if alarm is not None:
        parts = [
            Component(
                "VALARM",
                [
                    "ACTION:DISPLAY",
                    f"TRIGGER:-PT{round(alarm.total_seconds())}S",
                    f"DESCRIPTION:{text_value(event.summary)}",
                ],
            )
        ]
    return Component("VEVENT", lines, parts)


def _to_second(instant: datetime) -> datetime:
    return (instant + timedelta(microseconds=500_000)).replace(microsecond=0)


def _changed(old: Component, event: Event, now: datetime, alarm: timedelta | None) -> Component:
    """Return the entry as it is now: `old` itself where nothing has changed."""
    uid, sequence = old.value("UID") or "", _sequence(old)
    new = _event(event, uid, sequence, now, alarm)
    if _content(new) == _content(old):
        return old
    moved = any(new.value(name) != old.value(name) for name in ("DTSTART", "DTEND", "STATUS"))
    return _event(event, uid, sequence + 1, now, alarm) if moved else new


def _cancelled(old: Component, now: datetime) -> Component:
    """Return the entry with STATUS:CANCELLED and without alarms."""
    if old.value("STATUS") == "CANCELLED":
        return old
    fresh = {
        "DTSTAMP": stamp(now),
        "LAST-MODIFIED": stamp(now),
        "SEQUENCE": str(_sequence(old) + 1),
        "STATUS": "CANCELLED",
    }
    lines = [line for line in old.lines if _name(line) not in fresh]
    parts = [part for part in old.parts if part.kind != "VALARM"]
    lines[1:1] = [f"{name}:{value}" for name, value in fresh.items()]
    return Component("VEVENT", lines, parts)


def _sequence(part: Component) -> int:
    value = part.value("SEQUENCE") or "0"
    if not value.isascii() or not value.isdigit():
        raise RejectedDataError(f"{part.value('UID')}: SEQUENCE is not a whole number")
    return int(value)


def _content(part: Component) -> list[object]:
    """Return what an entry says, in an order of its own."""
    own = sorted(line for line in part.lines if _name(line) not in _HISTORY)
    return [*own, *(sorted(inside.lines) for inside in part.parts)]


def _name(line: str) -> str:
    return re.split("[;:]", line, maxsplit=1)[0].upper()
