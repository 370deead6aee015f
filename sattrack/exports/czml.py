"""Tracks and passes as CZML, for Cesium.

Positions are FIXED, that is ITRF: Cesium turns INERTIAL ones by an Earth orientation of its own,
tens of metres from that of the IERS unless its user loads that. LAGRANGE interpolation between them
is good to 10 m, as `Path.error_m` tells.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.answers.paths import DEGREE, Path
from sattrack.errors import isolated
from sattrack.exports.json import Document, dumps_by_line
from sattrack.exports.origins import nominal_mark, origin_lines
from sattrack.passes import Pass
from sattrack.places import Place
from sattrack.times import Span, iso_utc

_METRES = 1000.0
_METRE_DIGITS, _SECOND_DIGITS = 3, 3
_COLOURS = (
    (86, 180, 233),
    (230, 159, 0),
    (0, 158, 115),
    (240, 228, 66),
    (204, 121, 167),
    (213, 94, 0),
)
_WHITE = {"rgba": [255, 255, 255, 255]}
_SPEED = 60  # a minute of orbit in a second


def tracks_czml(paths: Sequence[Path], span: Span, warnings: Iterable[str]) -> str:
    """Return each craft with its path and label over a window."""
    packets = [_head("Tracks", span, warnings)]
    packets += [_craft(path, number) for number, path in enumerate(paths)]
    return dumps_by_line(packets)


def passes_czml(answer: PassesAnswer, paths: Sequence[Path], warnings: Iterable[str]) -> str:
    """Return craft, places, and a line between them during each pass."""
    packets = [_head("Passes", answer.span, warnings)]
    packets += [_craft(path, number) for number, path in enumerate(paths)]
    places = list(dict.fromkeys(result.place for result in answer.results))
    packets += [_station(place, number) for number, place in enumerate(places)]
    numbers = {path.tracked.spacecraft.id: k for k, path in enumerate(paths)}
    for result in answer.results:
        if result.passes:
            number = numbers[result.tracked.spacecraft.id]
            packets.append(_access(result, paths[number], number, places.index(result.place)))
    return dumps_by_line(packets)


def _head(name: str, span: Span, warnings: Iterable[str]) -> Document:
    return {
        "id": "document",
        "name": name,
        "version": "1.0",
        "description": _html(warnings),
        "clock": {
            "interval": _interval(span.start, span.end),
            "currentTime": iso_utc(span.start),
            "multiplier": _SPEED,
            "range": "LOOP_STOP",
            "step": "SYSTEM_CLOCK_MULTIPLIER",
        },
    }


def _craft(path: Path, number: int) -> Document:
    tracked = path.tracked
    name = tracked.name + nominal_mark(tracked.provenance.nominal)
    red, green, blue = _COLOURS[number % len(_COLOURS)]
    colour = {"rgba": [red, green, blue, 255]}
    seconds = path.seconds.round(_SECOND_DIGITS).tolist()
    metres = (path.position_km.T * _METRES).round(_METRE_DIGITS).tolist()
    origin = origin_lines(tracked, tracked.timing_uncertainty_s(path.start), path.start)
    period_s = round(tracked.orbit.period_s)
    return {
        "id": _craft_id(path, number),
        "name": name,
        "description": _html(origin),
        "availability": _interval(path.start, path.end),
        "position": {
            "epoch": iso_utc(path.start),
            "referenceFrame": "FIXED",
            "interpolationAlgorithm": "LAGRANGE",
            "interpolationDegree": min(DEGREE, len(seconds) - 1),
            "cartesian": [
                value
                for second, where in zip(seconds, metres, strict=True)
                for value in (second, *where)
            ],
        },
        "point": {"pixelSize": 8, "color": colour},
        "label": _label(name),
        "path": {
            "leadTime": period_s,
            "trailTime": 0,
            "resolution": max(1, round(period_s / 120)),
            "width": 1,
            "material": {"solidColor": {"color": colour}},
        },
    }


def _craft_id(path: Path, number: int) -> str:
    craft = path.tracked.spacecraft
    return f"craft-{number + 1}-{craft.norad_id or _plain(craft.id)}"


def _plain(text: str) -> str:
    """Return an id that needs no escape in a reference."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", text)[:40]


def _label(name: str) -> Document:
    return {
        "text": name,
        "font": "14px sans-serif",
        "fillColor": _WHITE,
        "horizontalOrigin": "LEFT",
        "pixelOffset": {"cartesian2": [10, 0]},
    }


def _station_id(number: int) -> str:
    return f"place-{number + 1}"


def _station(place: Place, number: int) -> Document:
    return {
        "id": _station_id(number),
        "name": place.name,
        "description": _html([f"{place.coordinates}, {place.height_m:g} m"]),
        "position": {
            "cartographicDegrees": [place.longitude_deg, place.latitude_deg, place.height_m]
        },
        "point": {"pixelSize": 6, "color": _WHITE},
        "label": _label(place.name),
    }


def _access(result: PassesOf, path: Path, number: int, place: int) -> Document:
    red, green, blue = _COLOURS[number % len(_COLOURS)]
    craft = _craft_id(path, number)
    return {
        "id": f"access-{craft}-{_station_id(place)}",
        "name": f"{isolated(result.tracked.name)} over {isolated(result.place.name)}",
        "description": _html(_pass_line(pass_) for pass_ in result.passes),
        "availability": [_during(pass_) for pass_ in result.passes],
        "polyline": {
            "positions": {"references": [f"{craft}#position", f"{_station_id(place)}#position"]},
            "arcType": "NONE",
            "width": 1,
            "material": {"solidColor": {"color": {"rgba": [red, green, blue, 200]}}},
        },
    }


def _pass_line(pass_: Pass) -> str:
    top = pass_.culmination
    return (
        f"{iso_utc(pass_.first.time)} to {iso_utc(pass_.last.time)}, highest "
        f"{top.elevation_deg:.1f}° at {iso_utc(top.time)}"
    )


def _during(pass_: Pass) -> str:
    return _interval(pass_.first.time, pass_.last.time)


def _interval(start: datetime, end: datetime) -> str:
    return f"{iso_utc(start)}/{iso_utc(end)}"


def _html(lines: Iterable[str]) -> str:
    """Return a description, which Cesium shows as HTML."""
    return "<br/>".join(html.escape(line) for line in lines)
