"""Slots, daily figures and eclipses as a JSON document and as CSV."""

from __future__ import annotations

from datetime import datetime

from sattrack.answers.slot import Eclipse, EclipseSeason, SlotAnswer, SlotOf
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, tracked_document
from sattrack.exports.outages import slot_document
from sattrack.times import iso_utc

SLOT_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "longitude_deg",
    "offset_deg",
    "drift_deg_day",
    "penumbra_entry",
    "umbra_entry",
    "umbra_exit",
    "penumbra_exit",
    "duration_s",
    "umbra_s",
    "timing_uncertainty_s",
    "slot_longitude_deg",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "nominal",
)
_DIGITS = 6


def slot_answer_document(answer: SlotAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/slot/1`."""
    return {
        "schema": "sattrack/slot/1",
        "generated_at": iso_utc(generated_at),
        "request": {
            "start": iso_utc(answer.span.start),
            "end": iso_utc(answer.span.end),
            "shadow_model": answer.model,
            "limit": answer.limit,
        },
        "results": [_slot_of(result) for result in answer.results],
        "warnings": list(answer.warnings),
    }


def _slot_of(result: SlotOf) -> Document:
    figure, error_deg = result.figure, result.longitude_error_deg
    return {
        **tracked_document(result.tracked),
        "slot_longitude_deg": result.slot_longitude_deg,
        "figure": {
            "start": iso_utc(result.measured.start),
            "end": iso_utc(result.measured.end),
            "longitude_deg": round(figure.longitude_deg, _DIGITS),
            "longitude_uncertainty_deg": None if error_deg is None else round(error_deg, _DIGITS),
            "offset_deg": (
                None if result.offset_deg is None else round(result.offset_deg, _DIGITS)
            ),
            "drift_deg_day": round(figure.drift_deg_day, _DIGITS),
            "east_west_deg": round(figure.east_west_deg, _DIGITS),
            "north_south_deg": round(figure.north_south_deg, _DIGITS),
            "eccentricity": round(figure.eccentricity, 8),
            "inclination_deg": round(figure.inclination_deg, _DIGITS),
        },
        "slot": None if result.use is None else slot_document(result.use),
        "seasons": [_season(season) for season in result.seasons],
        "eclipses": [_eclipse(one) for one in result.eclipses],
    }


def _season(season: EclipseSeason) -> Document:
    return {
        "first": iso_utc(season.first),
        "last": iso_utc(season.last),
        "eclipses": season.count,
        "longest_s": round(season.longest_s, 3),
        "longest_umbra_s": round(season.longest_umbra_s, 3),
        "open_start": season.open_start,
        "open_end": season.open_end,
    }


def _eclipse(eclipse: Eclipse) -> Document:
    shadow, uncertainty_s = eclipse.shadow, eclipse.timing_uncertainty_s
    times = {
        "penumbra_entry": shadow.entry,
        "umbra_entry": shadow.umbra_entry,
        "umbra_exit": shadow.umbra_exit,
        "penumbra_exit": shadow.exit,
    }
    return {
        **{key: None if time is None else iso_utc(time) for key, time in times.items()},
        "duration_s": round(shadow.duration_s, 3),
        "umbra_s": round(eclipse.umbra_s, 3),
        "open_start": shadow.open_start,
        "open_end": shadow.open_end,
        "timing_uncertainty_s": None if uncertainty_s is None else round(uncertainty_s, 3),
        "nominal": eclipse.nominal,
    }


def slot_csv(document: Document) -> str:
    """Return the eclipses of a `sattrack/slot/1` document, in order of time.

    A craft without any has one row all the same, for its longitude and drift.
    """
    start = document["request"]["start"]
    rows = [
        {**_whose(result), **one}
        for result in document["results"]
        for one in result["eclipses"] or [{"nominal": result["orbit"]["nominal"]}]
    ]
    rows.sort(key=lambda row: row.get("penumbra_entry") or start)
    return rows_text(SLOT_COLUMNS, rows)


def _whose(result: Document) -> Document:
    craft, orbit, figure = result["spacecraft"], result["orbit"], result["figure"]
    return {
        "spacecraft_id": craft["id"],
        "norad_id": craft["norad_id"],
        "name": craft["name"],
        "longitude_deg": figure["longitude_deg"],
        "offset_deg": figure["offset_deg"],
        "drift_deg_day": figure["drift_deg_day"],
        "slot_longitude_deg": result["slot_longitude_deg"],
        "orbit_kind": orbit["kind"],
        "orbit_source": orbit["source"],
        "orbit_epoch": orbit["epoch"],
    }
