"""Imaging access as tables, in local time with its zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sattrack.answers.imaging import Imager, ImagingAnswer, ImagingOf, RevisitOf
from sattrack.coverage.imaging import Access
from sattrack.errors import printable
from sattrack.times import duration_text
from sattrack.views.passes import (
    Screen,
    clock_form,
    full_time,
    length_text,
    origins,
    place_text,
    to_second,
)
from sattrack.views.tables import Column, table_text, wrapped

_GAPS = (
    "Gaps are from the end of a visit to the start of the next; accesses of one craft less than 15 "
    "minutes apart, or of several at once, are one visit. The wait counts the window's ends in."
)


def imaging_text(answer: ImagingAnswer, screen: Screen) -> str:
    """Return whose limits are which, all accesses in order of time, and the revisit."""
    zone, width = screen.zone, screen.width
    places = list(dict.fromkeys(result.place for result in answer.results))
    where = place_text(places[0]) if len(places) == 1 else f"{len(places)} places"
    window = f"{full_time(answer.span.start, zone)} to {full_time(answer.span.end, zone)}"
    title = f"Imaging access to {where}, by geometry: ahead and behind as well as sideways"
    lines = [*wrapped(title, width), *wrapped(window, width), ""]
    tracked = {one.tracked.spacecraft.id: one.tracked for one in answer.imagers}
    lines += [*origins(list(tracked.values()), answer.span.end, width), ""]
    lines += _limits(answer.imagers, width)
    text = "\n".join(lines) + "\n"
    rows = answer.in_order()
    several = len(answer.imagers) > 1
    if rows:
        text += "\n" + _table(rows, several, len(places) > 1, screen)
    never = [
        f"{printable(result.imager.sensor.name)} cannot image {printable(result.place.name)} in "
        "this window."
        for result in answer.results
        if not result.every
    ]
    if never:
        text += "\n" + "\n".join(line for one in never for line in wrapped(one, width)) + "\n"
    if rows:
        text += "\n" + _revisit_table(answer.revisits, len(places) > 1, screen)
        text += "\n" + "\n".join(wrapped(_GAPS, width)) + "\n"
    return text


def _limits(imagers: Sequence[Imager], width: int) -> Iterator[str]:
    """Yield the limits of each sensor, alike ones together, and what of them is assumed."""
    alike: dict[tuple[str, str], list[str]] = {}
    for imager in imagers:
        source = printable(imager.stated.source.title)
        assumed = printable(imager.assumed)
        origin = f"assumed: {assumed} [{source}]" if assumed else f"[{source}]"
        if imager.given and not imager.assumed:
            origin = ""
        alike.setdefault((_limit_text(imager), origin), []).append(printable(imager.sensor.name))
    for (limits, origin), names in alike.items():
        first, *more = wrapped(f"{', '.join(names)}: {limits}", width - 4)
        yield f"  {first}"
        yield from (f"    {line}" for line in more)
        if origin:
            yield from wrapped(origin, width, "    ")


def _limit_text(imager: Imager) -> str:
    limits, given = imager.limits, imager.given

    def mark(name: str) -> str:
        return " (given)" if name in given else ""

    parts: list[str] = [imager.stated.kind]
    if limits.off_nadir_deg is not None:
        parts.append(f"up to {limits.off_nadir_deg:g}° off nadir{mark('off_nadir_deg')}")
    least, most = limits.incidence_deg
    if (least, most) != (0.0, 90.0):
        parts.append(f"incidence {least:g}° to {most:g}°{mark('incidence_deg')}")
    side = "both sides" if limits.side == "both" else f"the {limits.side} side"
    if imager.stated.kind == "radar" or limits.side != "both":
        parts.append(f"on {side}{mark('side')}")
    if limits.sun_above_deg is None:
        parts.append("day and night")
    else:
        parts.append(f"Sun above {limits.sun_above_deg:g}°{mark('sun_above_deg')}")
    return ", ".join(parts)


def _table(
    rows: Sequence[tuple[ImagingOf, Access]], with_names: bool, with_places: bool, screen: Screen
) -> str:
    every = [one for _, one in rows]
    near = [one.closest for one in every]
    form = clock_form((c.time for c in near), screen.zone)

    def clock(instant: datetime) -> str:
        return to_second(instant, screen.zone).strftime(form)

    def uncertainty(result: ImagingOf, one: Access) -> str:
        error_s = result.timing_uncertainty_s(one)
        return "" if error_s is None else duration_text(error_s)

    names = tuple(printable(result.imager.sensor.name, 24) for result, _ in rows)
    places = tuple(printable(result.place.name, 24) for result, _ in rows)
    columns = [
        Column("Date", tuple(f"{to_second(o.first.time, screen.zone):%Y-%m-%d}" for o in every)),
        Column("Craft", names if with_names else ()),
        Column("Place", places if with_places else ()),
        Column("Entry", tuple(clock(o.first.time) if o.entry else "before" for o in every)),
        Column("Closest", tuple(clock(c.time) for c in near), False, 4),
        Column("Exit", tuple(clock(o.last.time) if o.exit else "after" for o in every)),
        Column("±", tuple(uncertainty(*row) for row in rows), True, 5),
        Column("Length", tuple(length_text(o.duration_s) for o in every), True, 2),
        Column("Side", tuple(c.side for c in near), False, 7),
        Column("Off nadir", tuple(f"{c.off_nadir_deg:.1f}°" for c in near), True, 6),
        Column("Incidence", tuple(f"{c.incidence_deg:.1f}°" for c in near), True, 8),
        Column("Ground", tuple(f"{c.ground_range_km:.0f} km" for c in near), True, 3),
        Column("Sun", tuple(f"{c.sun_elevation_deg:.1f}°" for c in near), True, 1),
    ]
    return table_text(columns, screen.width, screen.bold)


def _revisit_table(revisits: Sequence[RevisitOf], with_places: bool, screen: Screen) -> str:
    def gap(seconds: float | None) -> str:
        return "-" if seconds is None else duration_text(seconds)

    names = ("together" if r.imager is None else printable(r.imager.sensor.name) for r in revisits)
    places = tuple(printable(r.place.name, 24) for r in revisits)
    each = [item.revisit for item in revisits]
    columns = [
        Column("Revisit", tuple(names)),
        Column("Place", places if with_places else ()),
        Column("Accesses", tuple(str(r.accesses) for r in each), True),
        Column("Visits", tuple(str(len(r.visits)) for r in each), True, 3),
        Column("Mean gap", tuple(gap(r.mean_s) for r in each), True),
        Column("Median", tuple(gap(r.median_s) for r in each), True),
        Column("Worst", tuple(gap(r.worst_s) for r in each), True),
        Column("Longest wait", tuple(gap(r.longest_wait_s) for r in each), True, 2),
    ]
    return table_text(columns, screen.width, screen.bold)
