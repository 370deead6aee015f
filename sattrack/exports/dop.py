"""Dilution of precision as a JSON document, CSV and GeoJSON (RFC 7946)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from sattrack.answers.dop import (
    Combination,
    DopAnswer,
    GridAnswer,
    NavigationSystem,
    Request,
    Series,
)
from sattrack.coverage.dop import DOP_NAMES, Spread, Statistics, Status
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, dumps, place_document, tracked_document
from sattrack.places import Place
from sattrack.times import iso_utc

REASONS = {
    Status.POSITION: None,
    Status.TOO_FEW: "too few satellites",
    Status.DEGENERATE: "degenerate geometry",
}
_LABELS = ("nominal", "illustrative", "note")
_LIMITS = ("min_elevation_deg", "clocks", "max_pdop")
SAMPLE_COLUMNS = (
    "place",
    "latitude_deg",
    "longitude_deg",
    "systems",
    "time",
    "in_view",
    *DOP_NAMES,
    "reason",
    *_LABELS,
    *_LIMITS,
)
STATISTICS_COLUMNS = (
    "place",
    "latitude_deg",
    "longitude_deg",
    "systems",
    "in_view_min",
    "in_view_median",
    "in_view_p95",
    "in_view_max",
    *(f"{name}_{part}" for name in DOP_NAMES for part in ("min", "median", "p95", "max")),
    "four_in_view_share",
    "good_pdop_share",
    *_LABELS,
    *_LIMITS,
)
_DIGITS = 6
_SHARE_DIGITS = 6


def dop_document(answer: DopAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/dop/1`."""
    times = [iso_utc(time) for time in answer.times]
    return {
        "schema": "sattrack/dop/1",
        **_head(answer, generated_at),
        "results": [
            {
                "place": place_document(result.place),
                **_combination(series.combination),
                "statistics": _statistics(series.statistics),
                "samples": list(_samples(series, times)),
            }
            for result in answer.results
            for series in result.series
        ],
    }


def _head(answer: DopAnswer | GridAnswer, generated_at: datetime) -> Document:
    request = answer.request
    return {
        "generated_at": iso_utc(generated_at),
        "request": {
            "start": iso_utc(request.span.start),
            "end": iso_utc(request.span.end),
            "step_s": request.step_s,
            **_limits(request),
        },
        "assumptions": list(request.assumptions),
        "systems": [_system(system) for system in answer.systems],
        "warnings": list(answer.warnings),
    }


def _limits(request: Request) -> Document:
    return {
        "min_elevation_deg": request.min_elevation_deg,
        "clocks": request.clocks,
        "max_pdop": request.max_pdop,
    }


def _system(system: NavigationSystem) -> Document:
    return {
        "id": system.id,
        "name": system.name,
        "nominal": system.nominal,
        "illustrative": system.illustrative,
        "note": system.note or None,
        "satellites": [tracked_document(tracked) for tracked in system.tracked],
        "missing": list(system.missing),
    }


def _combination(combination: Combination) -> Document:
    return {
        "systems": [system.id for system in combination.systems],
        "name": combination.name,
        "nominal": combination.nominal,
        "illustrative": combination.illustrative,
        "note": combination.note or None,
    }


def _statistics(found: Statistics) -> Document:
    return {
        "in_view": {
            "min": int(found.in_view.least),
            "median": int(found.in_view.median),
            "p95": int(found.in_view.p95),
            "max": int(found.in_view.greatest),
        },
        **{name: _spread(found.dops[name]) for name in DOP_NAMES},
        "four_in_view_share": round(float(found.four_share), _SHARE_DIGITS),
        "good_pdop_share": round(float(found.good_share), _SHARE_DIGITS),
    }


def _spread(found: Spread) -> Document:
    return {
        "min": _number(float(found.least)),
        "median": _number(float(found.median)),
        "p95": _number(float(found.p95)),
        "max": _number(float(found.greatest)),
    }


def _number(value: float) -> float | None:
    return round(value, _DIGITS) if math.isfinite(value) else None


def _samples(series: Series, times: Sequence[str]) -> Iterator[Document]:
    found = series.dilution
    ids = [system.id for system in series.combination.systems]
    counts = zip(*(count.astype(int).tolist() for count in series.in_view), strict=True)
    dops = zip(*(found.values(name).tolist() for name in DOP_NAMES), strict=True)
    rows = zip(times, found.in_view.tolist(), counts, dops, found.status.tolist(), strict=True)
    for time, in_view, each, values, status in rows:
        yield {
            "time": time,
            "in_view": in_view,
            "in_view_by_system": dict(zip(ids, each, strict=True)),
            **{name: _number(value) for name, value in zip(DOP_NAMES, values, strict=True)},
            "reason": REASONS[Status(status)],
        }


def dop_csv(document: Document) -> str:
    """Return the samples of a `sattrack/dop/1` document, a row each."""
    return rows_text(SAMPLE_COLUMNS, _sample_rows(document))


def _sample_rows(document: Document) -> Iterator[Document]:
    limits = {key: document["request"][key] for key in _LIMITS}
    for result in document["results"]:
        place = result["place"]
        same = {
            "place": place["name"],
            "latitude_deg": place["latitude_deg"],
            "longitude_deg": place["longitude_deg"],
            "systems": "+".join(result["systems"]),
            **{key: result[key] for key in _LABELS},
            **limits,
        }
        for sample in result["samples"]:
            yield {**same, **sample}


def statistics_csv(answer: GridAnswer) -> str:
    """Return the statistics of a grid, a row for each point and combination."""
    return rows_text(STATISTICS_COLUMNS, (row for _, row in _statistics_rows(answer)))


def _statistics_rows(answer: DopAnswer | GridAnswer) -> Iterator[tuple[Place, Document]]:
    if isinstance(answer, DopAnswer):
        for result in answer.results:
            for series in result.series:
                yield (
                    result.place,
                    _row(result.place, series.combination, series.statistics, answer.request),
                )
        return
    for index, place in enumerate(answer.places):
        for combination, found in answer.statistics:
            yield place, _row(place, combination, found.at_place(index), answer.request)


def _row(place: Place, combination: Combination, found: Statistics, request: Request) -> Document:
    row: Document = {
        "place": place.name or None,
        "latitude_deg": place.latitude_deg,
        "longitude_deg": place.longitude_deg,
        "systems": combination.id,
    }
    for key, value in _statistics(found).items():
        if isinstance(value, dict):
            row |= {f"{key}_{part}": number for part, number in value.items()}
        else:
            row[key] = value
    labels = _combination(combination)
    return row | {key: labels[key] for key in _LABELS} | _limits(request)


def dop_geojson(answer: DopAnswer | GridAnswer, generated_at: datetime) -> str:
    """Return a feature for each point and combination with its statistics as properties.

    Heights are left out: a map has no use for them, and those of a grid are none.
    """
    document = {
        "type": "FeatureCollection",
        "schema": "sattrack/dop-geojson/1",
        **_head(answer, generated_at),
    }
    head = dumps(document).removesuffix("\n}\n")
    # A feature a line: a grid has thousands.
    lines = ",\n".join(_feature(place, row) for place, row in _statistics_rows(answer))
    return f'{head},\n  "features": [\n{lines}\n  ]\n}}\n'


def _feature(place: Place, row: Document) -> str:
    del row["latitude_deg"], row["longitude_deg"]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place.longitude_deg, place.latitude_deg]},
        "properties": row,
    }
    return dumps(feature, indent=None).rstrip()
