"""Fields of regard as a JSON document, as CSV, and as GeoJSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sattrack.answers.regard import FieldOf, RegardAnswer, RegardOf
from sattrack.catalog import Scan, Source
from sattrack.coverage.daylight import Daylight
from sattrack.coverage.regard import ScanOver
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, place_document, tracked_document
from sattrack.places import Place
from sattrack.times import iso_utc

REGARD_COLUMNS = (
    "instrument_id",
    "spacecraft_id",
    "norad_id",
    "name",
    "place",
    "verdict",
    "time",
    "viewing_zenith_deg",
    "range_km",
    "north_south_km",
    "east_west_km",
    "solar_zenith_limit_deg",
    "daylight_start",
    "daylight_highest",
    "daylight_solar_zenith_deg",
    "daylight_end",
    "scan_start",
    "scan_viewing_zenith_deg",
    "scan_solar_zenith_deg",
    "field_of_regard_approximate",
    "ground_sample_approximate",
    "scan_approximate",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "nominal",
)
EDGES = "straight in longitude and latitude"
_ANGLE_DIGITS = 6
_RANGE_DIGITS = 6
# What is approximate needs no metres.
_SIZE_DIGITS = 3


def regard_document(answer: RegardAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/regard/1`."""
    return {
        "schema": "sattrack/regard/1",
        "generated_at": iso_utc(generated_at),
        "request": {"start": iso_utc(answer.span.start), "end": iso_utc(answer.span.end)},
        "results": [_regard_of(result) for result in answer.results],
        "warnings": list(answer.warnings),
    }


def _regard_of(result: RegardOf) -> Document:
    regard = result.regard
    return {
        **tracked_document(result.tracked),
        "place": place_document(result.place),
        "verdict": regard.verdict,
        "time": None if regard.time is None else iso_utc(regard.time),
        "viewing_zenith_deg": _rounded(regard.viewing_zenith_deg, _ANGLE_DIGITS),
        "range_km": _rounded(regard.range_km, _RANGE_DIGITS),
        "field_of_regard": {
            "edges": EDGES,
            "source": _source(result.field.source),
            "approximate": result.field.approximate or None,
        },
        "ground_sample": _ground_sample(result),
        "scan": None if result.scan is None else _scan(result.scan),
        "daylight": [_daylight(stretch) for stretch in regard.daylight],
        "about_scans": result.about_scans,
        "scans": None if regard.scans is None else [_scan_over(scan) for scan in regard.scans],
    }


def _ground_sample(result: RegardOf) -> Document | None:
    regard, sample = result.regard, result.sample
    if sample is None or regard.north_south_km is None or regard.east_west_km is None:
        return None
    return {
        "north_south_km": round(regard.north_south_km, _SIZE_DIGITS),
        "east_west_km": round(regard.east_west_km, _SIZE_DIGITS),
        "source": _source(sample.source),
        "approximate": result.sample_approximate,
    }


def _scan(scan: Scan) -> Document:
    return {
        "every_min": scan.every_min,
        "minute": scan.minute,
        "duration_min": scan.duration_min,
        "first_utc": scan.first_utc or None,
        "last_utc": scan.last_utc or None,
        "solar_zenith_limit_deg": scan.solar_zenith_limit_deg,
        "source": _source(scan.source),
        "approximate": scan.approximate or None,
    }


def _daylight(stretch: Daylight) -> Document:
    return {
        "start": iso_utc(stretch.first),
        "highest": iso_utc(stretch.highest),
        "solar_zenith_deg": round(stretch.solar_zenith_deg, _ANGLE_DIGITS),
        "end": iso_utc(stretch.last),
        "open_start": stretch.open_start,
        "open_end": stretch.open_end,
    }


def _scan_over(scan: ScanOver) -> Document:
    return {
        "start": iso_utc(scan.start),
        "viewing_zenith_deg": round(scan.viewing_zenith_deg, _ANGLE_DIGITS),
        "solar_zenith_deg": round(scan.solar_zenith_deg, _ANGLE_DIGITS),
    }


def _source(source: Source) -> Document:
    return {"title": source.title, "url": source.url or None}


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def regard_csv(document: Document) -> str:
    """Return a `sattrack/regard/1` document with a row for each scan.

    Where no scan is listed there is a row for each stretch of daylight, or else one for the place.
    """
    rows = [row for result in document["results"] for row in _rows(result)]
    return rows_text(REGARD_COLUMNS, rows)


def _rows(result: Document) -> Iterator[Document]:
    orbit, scan, sample = result["orbit"], result["scan"] or {}, result["ground_sample"] or {}
    common: Document = {
        "instrument_id": result["instrument"]["id"],
        "spacecraft_id": result["spacecraft"]["id"],
        "norad_id": result["spacecraft"]["norad_id"],
        "name": result["instrument"]["name"],
        "place": result["place"]["name"],
        "verdict": result["verdict"],
        "time": result["time"],
        "viewing_zenith_deg": result["viewing_zenith_deg"],
        "range_km": result["range_km"],
        "north_south_km": sample.get("north_south_km"),
        "east_west_km": sample.get("east_west_km"),
        "solar_zenith_limit_deg": scan.get("solar_zenith_limit_deg"),
        "field_of_regard_approximate": result["field_of_regard"]["approximate"],
        "ground_sample_approximate": sample.get("approximate"),
        "scan_approximate": scan.get("approximate"),
        "orbit_kind": orbit["kind"],
        "orbit_source": orbit["source"],
        "orbit_epoch": orbit["epoch"],
        "nominal": orbit["nominal"],
    }
    stretches, scans = result["daylight"], result["scans"] or []
    for one in scans:
        around = [s for s in stretches if s["start"] <= one["start"] <= s["end"]]
        yield common | _prefixed("scan", one) | _prefixed("daylight", *around[:1])
    if not scans:
        for stretch in stretches:
            yield common | _prefixed("daylight", stretch)
        if not stretches:
            yield common


def _prefixed(prefix: str, *parts: Document) -> Document:
    return {f"{prefix}_{key}": value for part in parts for key, value in part.items()}


def map_document(
    fields: Sequence[FieldOf], answer: RegardAnswer | None, generated_at: datetime
) -> Document:
    """Return outlines as GeoJSON (RFC 7946), and places with what sees them, if any were asked.

    The collection has the members `schema`, `generated_at` and `warnings` besides (section 6.1).
    """
    features = [_outline_feature(field) for field in fields]
    if answer is not None:
        features += [_place_feature(place, results) for place, results in answer.by_place()]
    return {
        "type": "FeatureCollection",
        "schema": "sattrack/regard-map/1",
        "generated_at": iso_utc(generated_at),
        "features": features,
        "warnings": [] if answer is None else list(answer.warnings),
    }


def _outline_feature(one: FieldOf) -> Document:
    outline, field = one.outline, one.field
    polygons = [[[_position(corner) for corner in ring]] for ring in outline.polygons()]
    geometry: dict[str, Any] = {"type": "MultiPolygon", "coordinates": polygons}
    if len(polygons) == 1:
        geometry = {"type": "Polygon", "coordinates": polygons[0]}
    return {
        "type": "Feature",
        "id": one.instrument.id,
        "bbox": [round(edge, _ANGLE_DIGITS) for edge in outline.bounds_deg],
        "geometry": geometry,
        "properties": {
            "kind": "field of regard",
            "name": one.instrument.name,
            "spacecraft": one.spacecraft.name,
            "spacecraft_id": one.spacecraft.id,
            "norad_id": one.spacecraft.norad_id,
            "status": one.instrument.status or one.spacecraft.status or None,
            "nominal": one.nominal,
            "edges": EDGES,
            "approximate": field.approximate or None,
            "source": field.source.title,
            "source_url": field.source.url or None,
        },
    }


def _place_feature(place: Place, results: Sequence[RegardOf]) -> Document:
    return {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [*_position((place.longitude_deg, place.latitude_deg)), place.height_m],
        },
        "properties": {
            "kind": "place",
            "name": place.name,
            "seen_by": [one.instrument.id for one in results if one.regard.verdict == "inside"],
            "results": [
                {key: value for key, value in _regard_of(one).items() if key != "place"}
                for one in results
            ],
        },
    }


def _position(corner: tuple[float, float]) -> list[float]:
    return [round(corner[0], _ANGLE_DIGITS), round(corner[1], _ANGLE_DIGITS)]
