"""What is above the horizon, as a JSON document and as CSV."""

from __future__ import annotations

from datetime import datetime

from sattrack.answers.overhead import Overhead, OverheadAnswer
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, place_document
from sattrack.times import iso_utc

OVERHEAD_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "place",
    "time",
    "azimuth_deg",
    "elevation_deg",
    "range_km",
    "height_km",
    "craft",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "orbit_age_days",
)


def overhead_document(answer: OverheadAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/overhead/1`."""
    return {
        "schema": "sattrack/overhead/1",
        "generated_at": iso_utc(generated_at),
        "request": {
            "time": iso_utc(answer.time),
            "min_elevation_deg": answer.min_elevation_deg,
            "place": place_document(answer.place),
        },
        "searched": answer.searched,
        "failed": answer.failed,
        "results": [_result(one) for one in answer.results],
        "warnings": list(answer.warnings),
    }


def _result(one: Overhead) -> Document:
    return {
        "spacecraft": {"id": one.id, "name": one.name, "norad_id": one.norad_id},
        "azimuth_deg": round(one.azimuth_deg, 6) % 360.0,
        "elevation_deg": round(one.elevation_deg, 6),
        "range_km": round(one.range_km, 6),
        "height_km": round(one.height_km, 6),
        "craft": one.shade,
        "orbit": {
            "kind": "sgp4",
            "epoch": iso_utc(one.epoch),
            "age_days": round(one.age_days, 3),
            "source": one.source,
        },
    }


def overhead_csv(document: Document) -> str:
    """Return the objects of a `sattrack/overhead/1` document, highest first."""
    request = document["request"]
    return rows_text(
        OVERHEAD_COLUMNS,
        [
            {
                "spacecraft_id": one["spacecraft"]["id"],
                "norad_id": one["spacecraft"]["norad_id"],
                "name": one["spacecraft"]["name"],
                "place": request["place"]["name"],
                "time": request["time"],
                **one,
                **{f"orbit_{key}": value for key, value in one["orbit"].items()},
            }
            for one in document["results"]
        ],
    )
