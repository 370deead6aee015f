"""Visible passes as a table: when to look, where, how bright, and what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.errors import printable
from sattrack.orbits.far import is_far
from sattrack.passes.magnitude import CONVENTION
from sattrack.passes.visible import Conditions, View, Visible
from sattrack.places import Place
from sattrack.views.passes import (
    Screen,
    full_time,
    length_text,
    mask_text,
    origins,
    place_text,
    to_second,
)
from sattrack.views.tables import Column, table_text, wrapped

_EARTHS = {"oblate": "the oblate Earth (WGS 84)", "spherical": "a spherical Earth"}
_LAWS = {"lambert": "a diffuse sphere", "illuminated-fraction": "the lit fraction of a disk"}
_ENDS = {"horizon": "set", "shadow": "shadow", "sky": "dawn", "window": "(window)"}
_BEGINS = {"horizon": "rise", "shadow": "shadow", "sky": "dusk", "window": "(window)"}
_SKIES = {
    "day": "day",
    "civil twilight": "civil",
    "nautical twilight": "nautical",
    "astronomical twilight": "astron.",
    "night": "night",
}


@dataclass(frozen=True, slots=True)
class _Row:
    result: PassesOf
    part: Visible


def visible_text(answer: PassesAnswer, screen: Screen) -> str:
    """Return a table for each place: stretches in which craft can be seen, in order of time."""
    places: dict[Place, list[PassesOf]] = {}
    for result in answer.results:
        places.setdefault(result.place, []).append(result)
    return "\n".join(
        _place_block(place, results, answer, answer.conditions or Conditions(), screen)
        for place, results in places.items()
    )


def _place_block(
    place: Place,
    results: Sequence[PassesOf],
    answer: PassesAnswer,
    conditions: Conditions,
    screen: Screen,
) -> str:
    zone, width = screen.zone, screen.width
    title = (
        f"Visible passes over {place_text(place)}, {mask_text(place, answer.min_elevation_deg)}, "
        f"with the Sun below {conditions.sun_below_deg:g}°"
    )
    window = f"{full_time(answer.span.start, zone)} to {full_time(answer.span.end, zone)}"
    lines = [*wrapped(title, width), *wrapped(window, width), ""]
    lines += origins([result.tracked for result in results], answer.span.end, width)
    rows = [
        _Row(result, part)
        for result in results
        for light in result.lights or ()
        for part in light.visible
    ]
    rows.sort(key=lambda row: row.part.first.time)
    text = "\n".join(lines) + "\n"
    if rows:
        text += "\n" + _table(rows, len(results) > 1, screen)
    notes = [*_unseen(results), *_notes(rows, conditions)]
    return text + "\n" + "\n".join(line for note in notes for line in wrapped(note, width)) + "\n"


def _unseen(results: Sequence[PassesOf]) -> list[str]:
    """Return a sentence for each craft of which nothing is shown."""
    sentences = []
    for result in results:
        name, found = printable(result.tracked.name), len(result.search.passes)
        if result.passes:
            continue
        if result.lights is None:
            where = "is far from the Earth" if is_far(result.tracked.orbit) else "orbits the Moon"
            sentences.append(f"{name} {where}; whether it can be seen is not judged.")
        elif found == 0:
            sentences.append(f"{name} does not pass in this window.")
        else:
            passes = "its pass" if found == 1 else f"any of its {found} passes"
            sentences.append(f"{name} cannot be seen in {passes} in this window.")
    return sentences


def _notes(rows: Sequence[_Row], conditions: Conditions) -> list[str]:
    if not rows:
        return []
    notes = [f"Seen while outside the umbra of {_EARTHS[conditions.shadow_model]}."]
    known = {row.result.tracked.name: row.result.magnitude for row in rows}
    by_source: dict[str, list[str]] = {}
    for name, magnitude in known.items():
        if magnitude is not None:
            stated = by_source.setdefault(printable(magnitude.source.title), [])
            stated.append(f"{printable(name)} {magnitude.value:.1f}")
    if by_source:
        standards = "; ".join(f"{', '.join(each)} ({title})" for title, each in by_source.items())
        notes.append(
            f"Magnitudes are the brightest of each stretch, without air, for "
            f"{_LAWS[conditions.phase_law]}, and may be off by 1; at {CONVENTION}: "
            f"{standards}."
        )
    missing = [printable(name) for name, m in known.items() if m is None]
    if missing:
        notes.append(f"No published magnitude: {', '.join(missing)}.")
    return notes


def _table(rows: Sequence[_Row], with_names: bool, screen: Screen) -> str:
    zone = screen.zone
    parts = [row.part for row in rows]
    offsets = {
        view.time.astimezone(zone).utcoffset()
        for part in parts
        for view in (part.first, part.culmination, part.last)
    }
    each = len(offsets) > 1

    def clock(view: View, first: View) -> str:
        local = to_second(view.time, zone)
        later = (local.date() - to_second(first.time, zone).date()).days
        text = f"{local:%H:%M:%S}" + (f"{local:%z}" if each else "")
        return text + (f" +{later}d" if later else "")

    def azimuth(view: View) -> str:
        return f"{round(view.azimuth_deg) % 360}°"

    def magnitude(part: Visible) -> str:
        best = part.brightest
        return "" if best is None or best.magnitude is None else f"{best.magnitude:.1f}"

    tops = [part.culmination for part in parts]
    columns = [
        Column("Date", tuple(f"{to_second(p.first.time, zone):%Y-%m-%d}" for p in parts)),
        Column(
            "Spacecraft",
            tuple(printable(row.result.tracked.name, 24) for row in rows) if with_names else (),
        ),
        Column("From", tuple(clock(p.first, p.first) for p in parts)),
        Column("By", tuple(_BEGINS[p.begins] for p in parts), False, 3),
        Column("Az", tuple(azimuth(p.first) for p in parts), True, 8),
        Column("Highest", tuple(clock(p.culmination, p.first) for p in parts), False, 6),
        Column("El", tuple(f"{top.elevation_deg:.1f}°" for top in tops), True),
        Column("Az", tuple(azimuth(top) for top in tops), True, 7),
        Column("To", tuple(clock(p.last, p.first) for p in parts)),
        Column("By", tuple(_ENDS[p.ends] for p in parts), False, 5),
        Column("Az", tuple(azimuth(p.last) for p in parts), True, 8),
        Column("Mag", tuple(map(magnitude, parts)), True),
        Column("Length", tuple(length_text(p.duration_s) for p in parts), True, 2),
        Column("Sky", tuple(_SKIES[top.sky] for top in tops), False, 4),
        Column("Moon", tuple(f"{top.moon_separation_deg:.0f}°" for top in tops), True, 4),
        Column("Sun", tuple(f"{top.sun_separation_deg:.0f}°" for top in tops), True, 1),
    ]
    return table_text(columns, screen.width, screen.bold)
