"""Ground tracks and footprints as GeoJSON (RFC 7946).

Lines and polygons are cut at 180 degrees, polygons closed over the poles, rings counterclockwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sattrack.answers.paths import footprint, one_body
from sattrack.exports.json import Document, tracked_document
from sattrack.times import iso_utc
from sattrack.tracking.tracks import Track, TracksAnswer

_DIGITS = 6


def tracks_geojson(answer: TracksAnswer, generated_at: datetime) -> Document:
    """Return a ground track, the first sub-point and its circle of visibility for each craft.

    The collection has members of ours besides (section 6.1). Coordinates on the Moon, mean-Earth
    frame, are no WGS 84, which the RFC wants; `body` says so.

    Raises:
        InvalidInputError: craft at the Earth and at the Moon are on one map.
    """
    return {
        "type": "FeatureCollection",
        "schema": "sattrack/track-map/1",
        "generated_at": iso_utc(generated_at),
        "body": one_body(answer),
        "features": [feature for track in answer.results for feature in _features(track)],
        "warnings": list(answer.warnings),
    }


def _features(track: Track) -> list[Document]:
    first = footprint(track)
    states = track.states
    longitudes, latitudes = states.longitude_deg.tolist(), states.latitude_deg.tolist()
    lines, times = _cut_line(longitudes, latitudes, track.times)
    features = []
    if len(track.times) > 1:
        line: Document = {"type": "LineString", "coordinates": lines[0]}
        if len(lines) > 1:
            line = {"type": "MultiLineString", "coordinates": lines}
        stamps = [[iso_utc(time) for time in part] for part in times]
        told = {
            "start": iso_utc(track.times[0]),
            "end": iso_utc(track.times[-1]),
            "coordTimes": stamps if len(lines) > 1 else stamps[0],
        }
        features.append(_feature(track, "ground track", line, told))
    height_km = float(states.height_km[0])
    when = {"time": iso_utc(first.time), "height_km": round(height_km, _DIGITS)}
    point = {"type": "Point", "coordinates": _rounded(longitudes[0], latitudes[0])}
    features.append(_feature(track, "sub-point", point, when))
    if first.outline is not None:
        polygons = [[[_rounded(*c) for c in ring]] for ring in first.outline.polygons()]
        area: dict[str, Any] = {"type": "MultiPolygon", "coordinates": polygons}
        if len(polygons) == 1:
            area = {"type": "Polygon", "coordinates": polygons[0]}
        features.append(_feature(track, "footprint", area, {**when, "min_elevation_deg": 0.0}))
    return features


def _feature(track: Track, kind: str, geometry: Document, told: Document) -> Document:
    whose = tracked_document(track.tracked)
    properties = {
        "kind": kind,
        "name": track.tracked.name,
        "spacecraft_id": whose["spacecraft"]["id"],
        "norad_id": whose["spacecraft"]["norad_id"],
        "body": track.centre,
        "nominal": track.tracked.provenance.nominal,
        **told,
        "orbit": whose["orbit"],
    }
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _rounded(longitude_deg: float, latitude_deg: float) -> list[float]:
    return [round(longitude_deg, _DIGITS), round(latitude_deg, _DIGITS)]


def _cut_line(
    longitudes: Sequence[float], latitudes: Sequence[float], times: Sequence[datetime]
) -> tuple[list[list[list[float]]], list[list[datetime]]]:
    """Return a line in parts that do not cross 180 degrees (section 3.1.9), and their times.

    Between two states it goes the shorter way round; where it crosses, both parts get a point.
    """
    lines, stamps = [[_rounded(longitudes[0], latitudes[0])]], [[times[0]]]
    for k in range(1, len(times)):
        before, after = longitudes[k - 1], longitudes[k]
        if abs(after - before) > 180.0:
            edge = 180.0 if before > 0.0 else -180.0
            share = (edge - before) / (after + 2.0 * edge - before)
            latitude = latitudes[k - 1] + share * (latitudes[k] - latitudes[k - 1])
            time = times[k - 1] + timedelta(seconds=share * _seconds(times[k - 1], times[k]))
            lines[-1].append(_rounded(edge, latitude))
            lines.append([_rounded(-edge, latitude)])
            stamps[-1].append(time)
            stamps.append([time])
        lines[-1].append(_rounded(after, latitudes[k]))
        stamps[-1].append(times[k])
    return lines, stamps


def _seconds(one: datetime, other: datetime) -> float:
    return (other - one).total_seconds()
