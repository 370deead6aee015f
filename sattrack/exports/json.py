"""JSON documents: one per answer, keys in snake_case with their units, times in UTC.

Keys and their meaning are promised by the JSON Schemas beside this file; `sattrack schema` prints
them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files
from typing import Any, TypeAlias

from sattrack.answers.passes import Doppler, PassesAnswer, PassesOf
from sattrack.answers.positions import AtTheMoon, PositionAnswer, PositionOf, Reception
from sattrack.elements import Coverage, Provenance
from sattrack.errors import UnknownNameError
from sattrack.exports.light import light_document, magnitude_document, request_document
from sattrack.passes import Pass, Sighting
from sattrack.passes.network import NetworkContacts
from sattrack.places import Place
from sattrack.times import Span, iso_utc
from sattrack.tracking import Tracked

Document: TypeAlias = dict[str, Any]

# Digits that carry nothing are cut: 1e-6 degrees is 0.1 m on the ground, 1e-6 km a millimetre.
_ANGLE_DIGITS = 6
_DISTANCE_DIGITS = 6
_SPEED_DIGITS = 9
_LIGHT_TIME_DIGITS = 9
_DOPPLER_DIGITS = 3


def dumps(document: Document, indent: int | None = 2) -> str:
    """Return the document as text; what only programs read is still pleasant for people.

    Characters that no terminal should be sent are escaped, which JSON reads as the same. Without
    `indent` it is one line.
    """
    text = json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)
    return _printable(text) + "\n"


def dumps_by_line(documents: Iterable[Document]) -> str:
    """Return a list of documents, each in one line: numbers by the thousand need no indent."""
    lines = (json.dumps(one, ensure_ascii=False, allow_nan=False) for one in documents)
    return _printable("[\n" + ",\n".join(lines) + "\n]") + "\n"


def dumps_collection(document: Document) -> str:
    """Return a document with each of its features in one line, as `dumps_by_line`."""
    head = {key: value for key, value in document.items() if key != "features"}
    features = dumps_by_line(document["features"]).rstrip("\n")
    return dumps(head).rstrip("\n}") + f',\n  "features": {features}\n}}\n'


def _printable(text: str) -> str:
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def schema_names() -> tuple[str, ...]:
    """Return the kinds of document that have a schema."""
    folder = files("sattrack.exports") / "schemas"
    names = (item.name for item in folder.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def schema_text(name: str) -> str:
    """Return the JSON Schema of a kind of document.

    Raises:
        UnknownNameError: there is no such kind.
    """
    known = schema_names()
    if name not in known:
        raise UnknownNameError(f"no schema of that name; there are: {', '.join(known)}")
    return (files("sattrack.exports") / "schemas" / f"{name}.json").read_text("utf-8")


def passes_document(answer: PassesAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/passes/1`."""
    return {
        "schema": "sattrack/passes/1",
        "generated_at": iso_utc(generated_at),
        "request": {
            "start": iso_utc(answer.span.start),
            "end": iso_utc(answer.span.end),
            "min_elevation_deg": answer.min_elevation_deg,
            "limit": answer.limit,
            **request_document(answer),
        },
        "results": [_passes_of(result) for result in answer.results],
        "networks": [_network(*network) for network in answer.networks()],
        "warnings": list(answer.warnings),
    }


def _network(tracked: Tracked, network: NetworkContacts) -> Document:
    craft = tracked.spacecraft
    return {
        "spacecraft": {"id": craft.id, "name": craft.name, "norad_id": craft.norad_id},
        "heard": [_span(stretch) for stretch in network.heard],
        "gaps": [_span(stretch) for stretch in network.gaps],
        "watches": [
            {"place": watch.station, "start": iso_utc(watch.start), "end": iso_utc(watch.end)}
            for watch in network.watches
        ],
        "handovers": [
            {
                "time": iso_utc(handover.time),
                "from": handover.before,
                "to": handover.after,
                "overlap_s": round(handover.overlap_s, 3),
            }
            for handover in network.handovers
        ],
        "heard_s": round(network.heard_s, 3),
        "heard_s_by_day": {
            day: round(seconds, 3) for day, seconds in network.heard_s_by_day().items()
        },
    }


def _span(span: Span) -> Document:
    return {
        "start": iso_utc(span.start),
        "end": iso_utc(span.end),
        "duration_s": round((span.end - span.start).total_seconds(), 3),
    }


def _passes_of(result: PassesOf) -> Document:
    passes = [_pass(result, pass_) for pass_ in result.passes]
    if result.lights is not None:
        for document, light in zip(passes, result.lights, strict=True):
            document["light"] = light_document(light)
    return {
        **tracked_document(result.tracked),
        "place": place_document(result.place),
        **magnitude_document(result),
        "verdict": result.search.verdict,
        "passes": passes,
    }


def _pass(result: PassesOf, pass_: Pass) -> Document:
    uncertainty_s = result.timing_uncertainty_s(pass_)
    document: Document = {
        "rise": None if pass_.rise is None else _sighting(pass_.rise),
        "culmination": _sighting(pass_.culmination),
        "set": None if pass_.set is None else _sighting(pass_.set),
        "open_start": pass_.open_start,
        "open_end": pass_.open_end,
        "duration_s": round(pass_.duration_s, 3),
        "timing_uncertainty_s": None if uncertainty_s is None else round(uncertainty_s, 3),
    }
    doppler = [_doppler(shift) for shift in result.doppler(pass_)]
    if doppler:
        document["doppler"] = doppler
    # Contacts with a lunar orbiter say what cuts them, and how well each edge is known.
    for key in ("begins", "ends"):
        if hasattr(pass_, key):
            error_s = getattr(pass_, f"{key}_error_s")
            document[key] = getattr(pass_, key)
            document[f"{key}_error_s"] = None if error_s is None else round(error_s, 3)
    return document


def _doppler(shift: Doppler) -> Document:
    def hertz(value: float | None) -> float | None:
        return None if value is None else round(value, _DOPPLER_DIGITS)

    return {
        "name": shift.link.name,
        "frequency_mhz": shift.link.frequency_mhz,
        "rise_hz": hertz(shift.rise_hz),
        "culmination_hz": hertz(shift.culmination_hz),
        "set_hz": hertz(shift.set_hz),
    }


def _sighting(sighting: Sighting) -> Document:
    return {
        "time": iso_utc(sighting.time),
        "azimuth_deg": round(sighting.azimuth_deg, _ANGLE_DIGITS) % 360.0,
        "elevation_deg": round(sighting.elevation_deg, _ANGLE_DIGITS),
        "range_km": round(sighting.range_km, _DISTANCE_DIGITS),
    }


def position_document(answer: PositionAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/position/1`."""
    return {
        "schema": "sattrack/position/1",
        "generated_at": iso_utc(generated_at),
        "request": {"time": iso_utc(answer.time)},
        "results": [_position_of(result, answer.time) for result in answer.results],
        "warnings": list(answer.warnings),
    }


def _position_of(result: PositionOf, time: datetime) -> Document:
    document: Document = {
        **tracked_document(result.tracked),
        "frame": "gcrf",
        "center": "earth",
        "time": iso_utc(time),
        "position_km": _rounded(result.position_km, _DISTANCE_DIGITS),
        "velocity_km_s": _rounded(result.velocity_km_s, _SPEED_DIGITS),
        "latitude_deg": round(result.latitude_deg, _ANGLE_DIGITS),
        "longitude_deg": round(result.longitude_deg, _ANGLE_DIGITS),
        "height_km": round(result.height_km, _DISTANCE_DIGITS),
    }
    if result.place is not None and result.sighting is not None:
        document["place"] = place_document(result.place)
        document["azimuth_deg"] = round(result.sighting.azimuth_deg, _ANGLE_DIGITS) % 360.0
        document["elevation_deg"] = round(result.sighting.elevation_deg, _ANGLE_DIGITS)
        document["range_km"] = round(result.sighting.range_km, _DISTANCE_DIGITS)
        document["range_rate_km_s"] = round(result.sighting.range_rate_km_s, _SPEED_DIGITS)
    if result.moon is not None:
        document["moon"] = _at_the_moon(result.moon)
    if result.reception is not None:
        document["signal"] = _reception(result.reception)
    return document


def _at_the_moon(moon: AtTheMoon) -> Document:
    return {
        "latitude_deg": round(moon.latitude_deg, _ANGLE_DIGITS),
        "longitude_deg": round(moon.longitude_deg, _ANGLE_DIGITS),
        "height_km": round(moon.height_km, _DISTANCE_DIGITS),
        "orbit_number": moon.orbit_number,
        "orbit_number_since": iso_utc(moon.orbit_number_since),
        "illumination": moon.illumination,
        "earth_distance_km": round(moon.earth_distance_km, _DISTANCE_DIGITS),
    }


def _reception(reception: Reception) -> Document:
    return {
        "light_time_s": round(reception.light_time_s, _LIGHT_TIME_DIGITS),
        "hidden_by_moon": reception.hidden_by_moon,
        "moon_centre_deg": round(reception.moon_centre_deg, _ANGLE_DIGITS),
        "downlinks": [
            {
                "name": link.name,
                "frequency_mhz": link.frequency_mhz,
                "doppler_hz": round(shift_hz, _DOPPLER_DIGITS),
            }
            for link, shift_hz in reception.doppler_hz
        ],
    }


def _rounded(values: Iterable[float], digits: int) -> list[float]:
    return [round(value, digits) for value in values]


def tracked_document(tracked: Tracked) -> Document:
    """Return who is tracked, by which instrument's name, and where the orbit comes from."""
    craft, provenance = tracked.spacecraft, tracked.provenance
    document: Document = {
        "spacecraft": {"id": craft.id, "name": craft.name, "norad_id": craft.norad_id},
    }
    if tracked.via is not None:
        document["instrument"] = {"id": tracked.via.id, "name": tracked.via.name}
    document["orbit"] = {
        "kind": provenance.kind,
        "epoch": iso_utc(provenance.epoch),
        "age_days": round(provenance.age_days, 3),
        "source": provenance.source,
        "retrieved_at": (
            None if provenance.retrieved_at is None else iso_utc(provenance.retrieved_at)
        ),
        "nominal": provenance.nominal,
    }
    if provenance.illustrative:
        document["orbit"]["illustrative"] = True
    if provenance.coverage is not None:
        document["orbit"] |= _coverage(provenance.coverage)
    return document


def held_document(provenance: Provenance) -> Document:
    """Return what orbit data is at hand."""
    document: Document = {
        "epoch": iso_utc(provenance.epoch),
        "age_days": round(provenance.age_days, 3),
        "source": provenance.source,
        "retrieved_at": (
            None if provenance.retrieved_at is None else iso_utc(provenance.retrieved_at)
        ),
    }
    if provenance.coverage is not None:
        document |= _coverage(provenance.coverage)
    return document


def _coverage(coverage: Coverage) -> Document:
    data_until = coverage.data_until
    return {
        "solution": coverage.solution,
        "coverage": {"start": iso_utc(coverage.start), "end": iso_utc(coverage.end)},
        "data_until": None if data_until is None else iso_utc(data_until),
        "error_km": round(coverage.error_km, _DISTANCE_DIGITS),
        "error_s": round(coverage.error_s, 3),
    }


def place_document(place: Place) -> Document:
    """Return a place."""
    document: Document = {
        "name": place.name,
        "latitude_deg": place.latitude_deg,
        "longitude_deg": place.longitude_deg,
        "height_m": place.height_m,
    }
    if place.horizon is not None:
        mask = place.horizon
        points = zip(mask.azimuth_deg, mask.elevation_deg, strict=True)
        document["horizon_deg"] = [list(point) for point in points]
    return document
