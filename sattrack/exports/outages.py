"""Sun outages as a JSON document and as CSV."""

from __future__ import annotations

from datetime import datetime

from sattrack.answers.outages import Beam, CalendarEntry, OutagesAnswer, OutagesOf, Season
from sattrack.answers.station_keeping import SlotUse
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, place_document, tracked_document
from sattrack.times import iso_utc

OUTAGES_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "place",
    "start_time",
    "peak_time",
    "peak_separation_deg",
    "peak_azimuth_deg",
    "peak_elevation_deg",
    "peak_range_km",
    "end_time",
    "duration_s",
    "begins",
    "ends",
    "timing_uncertainty_s",
    "limit_deg",
    "beamwidth_deg",
    "sun_radius_deg",
    "beam_assumed",
    "slot_longitude_deg",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "nominal",
)
_DIGITS = 6
_PLAIN_KEYS = ("duration_s", "begins", "ends", "timing_uncertainty_s", "nominal")


def outages_document(answer: OutagesAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/outages/1`."""
    return {
        "schema": "sattrack/outages/1",
        "generated_at": iso_utc(generated_at),
        "request": {
            "start": iso_utc(answer.span.start),
            "end": iso_utc(answer.span.end),
            "min_elevation_deg": answer.min_elevation_deg,
            "limit": answer.limit,
        },
        "results": [_outages_of(result) for result in answer.results],
        "warnings": list(answer.warnings),
    }


def _outages_of(result: OutagesOf) -> Document:
    return {
        **tracked_document(result.tracked),
        "place": place_document(result.place),
        "beam": _beam(result.beam),
        "slot": None if result.slot is None else slot_document(result.slot),
        "verdict": result.verdict,
        "seasons": [_season(season) for season in result.seasons],
        "outages": [_entry(entry) for entry in result.entries],
    }


def _beam(beam: Beam) -> Document:
    return {
        "limit_deg": round(beam.limit_deg, _DIGITS),
        "beamwidth_deg": round(beam.width_deg, _DIGITS),
        "sun_radius_deg": beam.sun_radius_deg,
        "dish_m": beam.dish_m,
        "dish_from": beam.dish_from,
        "frequency_mhz": beam.frequency_mhz,
        "frequency_from": beam.frequency_from,
        "assumed": beam.assumed,
    }


def slot_document(slot: SlotUse) -> Document:
    """Return where a craft is taken to stand, and when."""
    return {
        "longitude_deg": slot.longitude_deg,
        "from": slot.origin,
        "spans": [{"start": iso_utc(span.start), "end": iso_utc(span.end)} for span in slot.spans],
    }


def _season(season: Season) -> Document:
    return {
        "first": iso_utc(season.first),
        "last": iso_utc(season.last),
        "outages": season.count,
        "total_s": round(season.total_s, 3),
        "longest_s": round(season.longest_s, 3),
        "open_start": season.open_start,
        "open_end": season.open_end,
    }


def _entry(entry: CalendarEntry) -> Document:
    outage, uncertainty_s = entry.outage, entry.timing_uncertainty_s
    return {
        "start": None if outage.start is None else iso_utc(outage.start),
        "peak": {
            "time": iso_utc(outage.closest.time),
            "separation_deg": round(outage.closest.separation_deg, _DIGITS),
            "azimuth_deg": round(outage.closest.azimuth_deg, _DIGITS) % 360.0,
            "elevation_deg": round(outage.closest.elevation_deg, _DIGITS),
            "range_km": round(outage.closest.range_km, _DIGITS),
        },
        "end": None if outage.end is None else iso_utc(outage.end),
        "duration_s": round(outage.duration_s, 3),
        "begins": outage.begins,
        "ends": outage.ends,
        "timing_uncertainty_s": None if uncertainty_s is None else round(uncertainty_s, 3),
        "nominal": entry.nominal,
    }


def outages_csv(document: Document) -> str:
    """Return the outages of a `sattrack/outages/1` document, in order of time."""
    rows = [
        {**_whose(result), **_row(one, result["slot"])}
        for result in document["results"]
        for one in result["outages"]
    ]
    rows.sort(key=lambda row: str(row["peak_time"]))
    return rows_text(OUTAGES_COLUMNS, rows)


def _row(one: Document, slot: Document | None) -> Document:
    row: Document = {key: one[key] for key in _PLAIN_KEYS}
    row |= {f"peak_{key}": value for key, value in one["peak"].items()}
    if slot is not None and one["nominal"]:
        row["slot_longitude_deg"] = slot["longitude_deg"]
    return row | {"start_time": one["start"], "end_time": one["end"]}


def _whose(result: Document) -> Document:
    craft, orbit, beam = result["spacecraft"], result["orbit"], result["beam"]
    return {
        "spacecraft_id": craft["id"],
        "norad_id": craft["norad_id"],
        "name": craft["name"],
        "place": result["place"]["name"],
        "limit_deg": beam["limit_deg"],
        "beamwidth_deg": beam["beamwidth_deg"],
        "sun_radius_deg": beam["sun_radius_deg"],
        "beam_assumed": beam["assumed"],
        "orbit_kind": orbit["kind"],
        "orbit_source": orbit["source"],
        "orbit_epoch": orbit["epoch"],
    }
