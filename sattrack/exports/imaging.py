"""Imaging access as a JSON document and as CSV."""

from __future__ import annotations

from datetime import datetime

from sattrack.answers.imaging import Imager, ImagingAnswer, ImagingOf, RevisitOf
from sattrack.coverage.imaging import Access, View
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, tracked_document
from sattrack.places import Place
from sattrack.times import iso_utc

_VIEW_KEYS = (
    "time",
    "off_nadir_deg",
    "incidence_deg",
    "range_km",
    "ground_range_km",
    "side",
    "sun_elevation_deg",
)
IMAGING_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "sensor",
    "place",
    *(f"{when}_{key}" for when in ("entry", "closest", "exit") for key in _VIEW_KEYS),
    "duration_s",
    "open_start",
    "open_end",
    "timing_uncertainty_s",
    "limit_off_nadir_deg",
    "limit_incidence_from_deg",
    "limit_incidence_to_deg",
    "limit_side",
    "limit_sun_above_deg",
    "limits_given",
    "limits_assumed",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "nominal",
)
_DIGITS = 6
_PLAIN_KEYS = ("duration_s", "open_start", "open_end", "timing_uncertainty_s")


def imaging_document(answer: ImagingAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/imaging/1`."""
    return {
        "schema": "sattrack/imaging/1",
        "generated_at": iso_utc(generated_at),
        "request": {
            "start": iso_utc(answer.span.start),
            "end": iso_utc(answer.span.end),
            "limit": answer.limit,
        },
        "results": [_imaging_of(result) for result in answer.results],
        "revisits": [_revisit(item) for item in answer.revisits],
        "warnings": list(answer.warnings),
    }


def _place(place: Place) -> Document:
    return {
        "name": place.name,
        "latitude_deg": place.latitude_deg,
        "longitude_deg": place.longitude_deg,
        "height_m": place.height_m,
    }


def _imaging_of(result: ImagingOf) -> Document:
    return {
        **tracked_document(result.imager.tracked),
        "sensor": _sensor(result.imager),
        "place": _place(result.place),
        "accesses": [_access(result, access) for access in result.accesses],
    }


def _sensor(imager: Imager) -> Document:
    limits, stated = imager.limits, imager.stated
    return {
        "id": imager.sensor.stated_by.id,
        "name": imager.sensor.name,
        "kind": stated.kind,
        "off_nadir_deg": limits.off_nadir_deg,
        "incidence_deg": list(limits.incidence_deg),
        "side": limits.side,
        "sun_above_deg": limits.sun_above_deg,
        "swath_km": stated.swath_km,
        "given": list(imager.given),
        "assumed": imager.assumed or None,
        "source": {"title": stated.source.title, "url": stated.source.url or None},
    }


def _access(result: ImagingOf, access: Access) -> Document:
    uncertainty_s = result.timing_uncertainty_s(access)
    return {
        "entry": None if access.entry is None else _view(access.entry),
        "closest": _view(access.closest),
        "exit": None if access.exit is None else _view(access.exit),
        "open_start": access.open_start,
        "open_end": access.open_end,
        "duration_s": round(access.duration_s, 3),
        "timing_uncertainty_s": None if uncertainty_s is None else round(uncertainty_s, 3),
    }


def _view(view: View) -> Document:
    return {
        "time": iso_utc(view.time),
        "off_nadir_deg": round(view.off_nadir_deg, _DIGITS),
        "incidence_deg": round(view.incidence_deg, _DIGITS),
        "range_km": round(view.range_km, _DIGITS),
        "ground_range_km": round(view.ground_range_km, 3),
        "side": view.side,
        "sun_elevation_deg": round(view.sun_elevation_deg, _DIGITS),
    }


def _revisit(item: RevisitOf) -> Document:
    revisit = item.revisit
    tracked = None if item.imager is None else item.imager.tracked
    return {
        "place": item.place.name,
        "spacecraft_id": None if tracked is None else tracked.spacecraft.id,
        "sensor_id": None if item.imager is None else item.imager.sensor.stated_by.id,
        "start": iso_utc(revisit.span.start),
        "end": iso_utc(revisit.span.end),
        "accesses": revisit.accesses,
        "visits": [
            {"start": iso_utc(visit.start), "end": iso_utc(visit.end)} for visit in revisit.visits
        ],
        "gap_mean_s": _seconds(revisit.mean_s),
        "gap_median_s": _seconds(revisit.median_s),
        "gap_worst_s": _seconds(revisit.worst_s),
        "longest_wait_s": _seconds(revisit.longest_wait_s),
    }


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def imaging_csv(document: Document) -> str:
    """Return the accesses of a `sattrack/imaging/1` document, in order of time."""
    rows = [
        {**_whose(result), **_row(one)}
        for result in document["results"]
        for one in result["accesses"]
    ]
    start = document["request"]["start"]
    rows.sort(key=lambda row: str(row.get("entry_time") or start))
    return rows_text(IMAGING_COLUMNS, rows)


def _row(one: Document) -> Document:
    row: Document = {key: one[key] for key in _PLAIN_KEYS}
    for when in ("entry", "closest", "exit"):
        if one[when] is not None:
            row |= {f"{when}_{key}": value for key, value in one[when].items()}
    return row


def _whose(result: Document) -> Document:
    craft, orbit, sensor = result["spacecraft"], result["orbit"], result["sensor"]
    least, most = sensor["incidence_deg"]
    return {
        "spacecraft_id": craft["id"],
        "norad_id": craft["norad_id"],
        "name": craft["name"],
        "sensor": sensor["kind"],
        "place": result["place"]["name"],
        "limit_off_nadir_deg": sensor["off_nadir_deg"],
        "limit_incidence_from_deg": least,
        "limit_incidence_to_deg": most,
        "limit_side": sensor["side"],
        "limit_sun_above_deg": sensor["sun_above_deg"],
        "limits_given": " ".join(sensor["given"]),
        "limits_assumed": sensor["assumed"],
        "orbit_kind": orbit["kind"],
        "orbit_source": orbit["source"],
        "orbit_epoch": orbit["epoch"],
        "nominal": orbit["nominal"],
    }
