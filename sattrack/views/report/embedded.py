"""What the page's script computes with: orbits, passes, the Earth's turn, and the coast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sattrack.answers.passes import PassesOf
from sattrack.answers.report import PageOrbit, ReportAnswer, Samples
from sattrack.catalog import Catalog, Station
from sattrack.catalog.coastline import coast
from sattrack.elements import ElementSet
from sattrack.errors import printable
from sattrack.formats.omm import keyword_values
from sattrack.passes import Pass
from sattrack.places import Place
from sattrack.views.passes import offset_text
from sattrack.views.report.strings import Language

# A metre; passes to the millisecond, azimuths to what a table shows and a little more.
_KM_DIGITS, _ANGLE_DIGITS = 3, 3
_USED = (
    "EPOCH", "MEAN_MOTION", "ECCENTRICITY", "INCLINATION", "RA_OF_ASC_NODE", "ARG_OF_PERICENTER",
    "MEAN_ANOMALY", "NORAD_CAT_ID", "BSTAR", "MEAN_MOTION_DOT",
)  # fmt: skip


def page_data(
    answer: ReportAnswer,
    places: Sequence[Place],
    catalog: Catalog,
    generated_at: datetime,
    zone: tzinfo,
    language: Language,
) -> dict[str, Any]:
    """Return what the script reads; instants are milliseconds of Unix time, but for passes."""
    numbers = {orbit.tracked.spacecraft.id: k for k, orbit in enumerate(answer.orbits)}
    where = {place: k for k, place in enumerate(places)}
    results = () if answer.passes is None else answer.passes.results
    return {
        "lang": language,
        "zone": _zone(zone, answer.span.start),
        "generated": milliseconds(generated_at),
        "start": milliseconds(answer.span.start),
        "end": milliseconds(answer.span.end),
        "craft": [_craft(orbit) for orbit in answer.orbits],
        "places": [_place(place, catalog) for place in places],
        "passes": sorted(
            (
                _pass(
                    result,
                    pass_,
                    numbers[result.tracked.spacecraft.id],
                    where[result.place],
                    answer.span.start,
                )
                for result in results
                if result.search.verdict == "passes"
                for pass_ in result.passes
            ),
            key=lambda row: row[2],
        ),
        "earth": [
            [
                milliseconds(turn.time),
                round(turn.ut1_minus_utc_s, 6),
                round(turn.pole_x_rad, 10),
                round(turn.pole_y_rad, 10),
            ]
            for turn in answer.earth
        ],
        "coast": list(_coast()),
    }


def milliseconds(instant: datetime) -> int:
    """Return Unix time in milliseconds, as browsers count it."""
    return round(instant.timestamp() * 1000.0)


def _zone(zone: tzinfo, instant: datetime) -> dict[str, Any]:
    name, offset = offset_text(instant, zone), instant.astimezone(zone).utcoffset()
    if offset and isinstance(zone, ZoneInfo) and "/" in zone.key:
        return {"name": zone.key, "key": zone.key}
    return {"name": name, "offset_s": 0 if offset is None else int(offset.total_seconds())}


def korean_name(place: Place, catalog: Catalog) -> str:
    """Return the Korean name of a place that is a station of the catalog, or nothing."""
    stations = (station for station in catalog.each(Station) if station.name == place.name)
    return next((station.name_ko for station in stations), "")


def place_name(place: Place) -> str:
    """Return what a place is called, or where it is."""
    return printable(place.name or place.coordinates)


def _place(place: Place, catalog: Catalog) -> dict[str, Any]:
    return {
        "name": place_name(place),
        "name_ko": printable(korean_name(place, catalog)),
        "at": [round(place.latitude_deg, 6), round(place.longitude_deg, 6)],
    }


def _craft(orbit: PageOrbit) -> dict[str, Any]:
    tracked = orbit.tracked
    craft, origin = tracked.spacecraft, tracked.provenance
    found: dict[str, Any] = {
        "id": printable(craft.id),
        "name": printable(craft.name),
        "name_ko": printable(craft.name_ko),
        "nominal": origin.nominal,
        "illustrative": origin.illustrative,
        "lunar": craft.regime == "lunar",
        "period_s": round(tracked.orbit.period_s, 3),
        "errors": [[round(days, 5), round(error_s, 3)] for days, error_s in orbit.errors_s],
    }
    if orbit.elements is not None:
        found["omm"] = _elements(orbit.elements)
        # JavaScript reads the epoch's text to the millisecond only, in which craft move 8 m.
        found["epoch"] = round(orbit.elements.epoch.timestamp() * 1000.0, 3)
    else:
        found["epoch"] = milliseconds(origin.epoch)
        found["samples"] = [_samples(stretch) for stretch in orbit.samples]
    if origin.coverage is not None:
        found["until"] = milliseconds(origin.coverage.end)
    return found


def _elements(elements: ElementSet) -> dict[str, Any]:
    values = keyword_values(elements)
    return {keyword: values[keyword] for keyword in _USED}


def _samples(stretch: Samples) -> dict[str, Any]:
    return {
        "start": round(stretch.start.astimezone(UTC).timestamp() * 1000.0, 3),
        "step_s": round(stretch.step_s, 9),
        "km": stretch.position_km.T.round(_KM_DIGITS).ravel().tolist(),
    }


def _coast() -> Iterator[list[int]]:
    """Yield coastlines as tenths of a degree, longitude and latitude: a point, then steps."""
    for line in coast():
        tenths = [(round(10.0 * longitude), round(10.0 * latitude)) for longitude, latitude in line]
        points = [point for point, _ in groupby(tenths)]
        steps = [
            (east - before_east, north - before_north)
            for (before_east, before_north), (east, north) in pairwise(points)
        ]
        if steps:
            yield [number for point in (points[0], *steps) for number in point]


def _pass(
    result: PassesOf, pass_: Pass, craft: int, place: int, start: datetime
) -> list[float | None]:
    """Return a row, times in milliseconds since `start`; `page.mjs` names its columns.

    The azimuth of rise or set is null where the window cuts the pass.
    """
    rise, top, set_ = pass_.rise, pass_.culmination, pass_.set
    error_s, zero = result.timing_uncertainty_s(pass_), milliseconds(start)
    return [
        craft,
        place,
        milliseconds(pass_.first.time) - zero,
        None if rise is None else round(rise.azimuth_deg, _ANGLE_DIGITS),
        milliseconds(top.time) - zero,
        round(top.elevation_deg, _ANGLE_DIGITS),
        milliseconds(pass_.last.time) - zero,
        None if set_ is None else round(set_.azimuth_deg, _ANGLE_DIGITS),
        None if error_s is None else round(error_s, 3),
    ]
