"""Tracks and passes as KML 2.2 (OGC 07-147r2), with Google's gx:Track for what moves.

Names and descriptions are text: what a reader might take for HTML is escaped once more.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import datetime
from xml.etree import ElementTree as ET

from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.answers.paths import Path, one_body, path_during
from sattrack.errors import isolated
from sattrack.exports.origins import nominal_mark, origin_lines
from sattrack.passes import Pass
from sattrack.places import Place
from sattrack.times import iso_utc
from sattrack.tracking import Tracked
from sattrack.tracking.tracks import Track, TracksAnswer

_KML = "http://www.opengis.net/kml/2.2"
_GX = "http://www.google.com/kml/ext/2.2"
# XML 1.0, production 2: no other characters stand in a document, escaped or not.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_METRES = 1000.0


def fit_for_xml(text: str) -> str:
    """Return text of characters that XML 1.0 knows; others become U+FFFD."""
    return _UNFIT.sub("\ufffd", text)


def tracks_kml(answer: TracksAnswer, generated_at: datetime) -> str:
    """Return a moving point and a ground track for each craft.

    Raises:
        InvalidInputError: craft at the Earth and at the Moon are on one map.
    """
    body = one_body(answer)
    root, document = _document("Tracks", generated_at, answer.warnings)
    if body == "moon":
        root.set("hint", "target=moon")
    for track in answer.results:
        folder = _named(document, "Folder", _label(track.tracked))
        moving = _named(folder, "Placemark", _label(track.tracked))
        _describe(moving, _origin(track.tracked, track.times[0]))
        path = ET.SubElement(moving, f"{{{_GX}}}Track")
        _text(path, "altitudeMode", "absolute")
        for time in track.times:
            _text(path, "when", iso_utc(time))
        states = track.states
        rows = zip(states.longitude_deg, states.latitude_deg, states.height_km, strict=True)
        for longitude, latitude, height_km in rows:
            point = ET.SubElement(path, f"{{{_GX}}}coord")
            point.text = f"{longitude:.6f} {latitude:.6f} {height_km * _METRES:.1f}"
        if len(track.times) > 1:
            _ground_track(folder, track)
    return _written(root)


def _ground_track(folder: ET.Element, track: Track) -> None:
    placemark = _named(folder, "Placemark", f"Ground track of {isolated(track.tracked.name)}")
    _time_span(placemark, track.times[0], track.times[-1])
    states = track.states
    line = ET.SubElement(placemark, "LineString")
    _text(line, "tessellate", "1")
    points = zip(states.longitude_deg, states.latitude_deg, strict=True)
    _text(line, "coordinates", " ".join(f"{x:.6f},{y:.6f}" for x, y in points))


def passes_kml(answer: PassesAnswer, generated_at: datetime) -> str:
    """Return the places, and for each pass the stretch of the orbit that it is."""
    root, document = _document("Passes", generated_at, answer.warnings)
    places = _named(document, "Folder", "Places")
    for place in dict.fromkeys(result.place for result in answer.results):
        _station(places, place)
    for result in answer.results:
        name = f"{isolated(_label(result.tracked))} over {isolated(result.place.name)}"
        folder = _named(document, "Folder", name)
        for pass_ in result.passes:
            _pass(folder, answer, result, pass_)
    return _written(root)


def _station(folder: ET.Element, place: Place) -> None:
    placemark = _named(folder, "Placemark", place.name)
    point = ET.SubElement(placemark, "Point")
    # Heights above the ellipsoid are not those of Google Earth's ground.
    _text(point, "coordinates", f"{place.longitude_deg:.6f},{place.latitude_deg:.6f}")


def _pass(folder: ET.Element, answer: PassesAnswer, result: PassesOf, pass_: Pass) -> None:
    top = pass_.culmination
    name = f"{top.time:%Y-%m-%d %H:%M} UTC, {top.elevation_deg:.0f}°"
    placemark = _named(folder, "Placemark", name)
    error_s = result.timing_uncertainty_s(pass_)
    lines = [
        f"{result.tracked.name} over {result.place.name}, above {answer.min_elevation_deg:g}°",
        f"{iso_utc(pass_.first.time)} to {iso_utc(pass_.last.time)}, highest "
        f"{top.elevation_deg:.1f}° at {iso_utc(top.time)}",
        *origin_lines(result.tracked, error_s, top.time),
    ]
    _describe(placemark, lines)
    _time_span(placemark, pass_.first.time, pass_.last.time)
    line = ET.SubElement(placemark, "LineString")
    _text(line, "altitudeMode", "absolute")
    _text(line, "coordinates", _coordinates(path_during(result, pass_)))


def _coordinates(path: Path) -> str:
    rows = zip(path.longitude_deg, path.latitude_deg, path.height_km, strict=True)
    return " ".join(f"{x:.6f},{y:.6f},{km * _METRES:.1f}" for x, y, km in rows)


def _label(tracked: Tracked) -> str:
    return tracked.name + nominal_mark(tracked.provenance.nominal)


def _origin(tracked: Tracked, instant: datetime) -> Iterable[str]:
    return origin_lines(tracked, tracked.timing_uncertainty_s(instant), instant)


def _document(
    name: str, generated_at: datetime, warnings: Iterable[str]
) -> tuple[ET.Element, ET.Element]:
    ET.register_namespace("gx", _GX)
    root = ET.Element("kml", {"xmlns": _KML})
    document = _named(root, "Document", name)
    _describe(document, [f"sattrack, {iso_utc(generated_at)}", *warnings])
    return root, document


def _named(parent: ET.Element, kind: str, name: str) -> ET.Element:
    element = ET.SubElement(parent, kind)
    _text(element, "name", name)
    return element


def _describe(element: ET.Element, lines: Iterable[str]) -> None:
    # Balloons show HTML.
    _text(element, "description", "<br/>".join(html.escape(line) for line in lines))


def _time_span(element: ET.Element, begin: datetime, end: datetime) -> None:
    span = ET.SubElement(element, "TimeSpan")
    _text(span, "begin", iso_utc(begin))
    _text(span, "end", iso_utc(end))


def _text(parent: ET.Element, kind: str, text: str) -> None:
    ET.SubElement(parent, kind).text = fit_for_xml(text)


def _written(root: ET.Element) -> str:
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    # A carriage return as such is read as a line feed.
    text = text.replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
