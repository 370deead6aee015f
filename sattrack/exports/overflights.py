"""Overflights as a JSON document and as CSV."""

from __future__ import annotations

from datetime import datetime

from sattrack.answers.overflights import OverflightsAnswer, OverflightsOf
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, tracked_document
from sattrack.passes.overflight import Overflight
from sattrack.times import iso_utc

OVERFLIGHTS_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "region",
    "entry_time",
    "closest_time",
    "closest_distance_km",
    "closest_height_km",
    "closest_sun_elevation_deg",
    "closest_off_nadir_deg",
    "exit_time",
    "duration_s",
    "open_start",
    "open_end",
    "timing_uncertainty_s",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
)
_DISTANCE_DIGITS = 6
_ANGLE_DIGITS = 6
_PLAIN_KEYS = ("duration_s", "open_start", "open_end", "timing_uncertainty_s")


def overflights_document(answer: OverflightsAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/overflights/1`."""
    return {
        "schema": "sattrack/overflights/1",
        "generated_at": iso_utc(generated_at),
        "request": {
            "start": iso_utc(answer.span.start),
            "end": iso_utc(answer.span.end),
            "within_km": answer.within_km,
            "limit": answer.limit,
        },
        "results": [_overflights_of(result) for result in answer.results],
        "warnings": list(answer.warnings),
    }


def _overflights_of(result: OverflightsOf) -> Document:
    target = result.target
    return {
        **tracked_document(result.tracked),
        "region": {
            "id": target.id or None,
            "name": target.name,
            "latitude_deg": target.latitude_deg,
            "longitude_deg": target.longitude_deg,
        },
        "overflights": [_overflight(result, one) for one in result.overflights],
    }


def _overflight(result: OverflightsOf, one: Overflight) -> Document:
    uncertainty_s = result.timing_uncertainty_s(one)
    return {
        "entry": None if one.entry is None else iso_utc(one.entry),
        "closest": {
            "time": iso_utc(one.closest.time),
            "distance_km": round(one.closest.distance_km, _DISTANCE_DIGITS),
            "height_km": round(one.closest.height_km, _DISTANCE_DIGITS),
            "sun_elevation_deg": round(one.closest.sun_elevation_deg, _ANGLE_DIGITS),
            "off_nadir_deg": round(one.closest.off_nadir_deg, _ANGLE_DIGITS),
        },
        "exit": None if one.exit is None else iso_utc(one.exit),
        "open_start": one.open_start,
        "open_end": one.open_end,
        "duration_s": round(one.duration_s, 3),
        "timing_uncertainty_s": None if uncertainty_s is None else round(uncertainty_s, 3),
    }


def overflights_csv(document: Document) -> str:
    """Return the overflights of a `sattrack/overflights/1` document, in order of time."""
    rows = [
        {**_whose(result), **_row(one)}
        for result in document["results"]
        for one in result["overflights"]
    ]
    start = document["request"]["start"]
    rows.sort(key=lambda row: row["entry_time"] or start)
    return rows_text(OVERFLIGHTS_COLUMNS, rows)


def _row(one: Document) -> Document:
    row: Document = {key: one[key] for key in _PLAIN_KEYS}
    row |= {f"closest_{key}": value for key, value in one["closest"].items()}
    return row | {"entry_time": one["entry"], "exit_time": one["exit"]}


def _whose(result: Document) -> Document:
    craft, orbit, region = result["spacecraft"], result["orbit"], result["region"]
    return {
        "spacecraft_id": craft["id"],
        "norad_id": craft["norad_id"],
        "name": craft["name"],
        "region": region["id"] or region["name"],
        "orbit_kind": orbit["kind"],
        "orbit_source": orbit["source"],
        "orbit_epoch": orbit["epoch"],
    }
