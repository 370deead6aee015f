"""What the catalog knows, as JSON documents and CSV rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sattrack.catalog import (
    Catalog,
    Downlink,
    Entry,
    Fact,
    FieldOfRegard,
    GroundSample,
    Group,
    ImagingSensor,
    Instrument,
    Launch,
    Milestone,
    Mission,
    PrnAssignment,
    Region,
    Scan,
    Source,
    Spacecraft,
    Station,
    kind_of,
)
from sattrack.coverage.outline import Outline
from sattrack.elements import NominalOrbit
from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, held_document
from sattrack.times import iso_utc
from sattrack.tracking import Held

LIST_COLUMNS = ("kind", "id", "name", "name_ko", "norad_id", "cospar_id", "orbit_data", "status")


def list_document(entries: Iterable[Entry], generated_at: datetime) -> Document:
    """Return `sattrack/list/1`: one line's worth of each entry."""
    return {
        "schema": "sattrack/list/1",
        "generated_at": iso_utc(generated_at),
        "results": [brief(entry) for entry in entries],
        "warnings": [],
    }


def brief(entry: Entry) -> Document:
    """Return what tells an entry from the others; null where a kind has no such thing."""
    return {
        "kind": kind_of(entry),
        "id": entry.id,
        "name": entry.name,
        "name_ko": entry.name_ko or None,
        "norad_id": getattr(entry, "norad_id", None),
        "cospar_id": getattr(entry, "cospar_id", None) or None,
        "orbit_data": getattr(entry, "orbit_data", None),
        "status": getattr(entry, "status", None) or None,
    }


def belonging_to(entry: Entry, catalog: Catalog) -> list[Entry]:
    """Return what a list of it shows: members of a group, all of a mission, or itself."""
    match entry:
        case Group():
            return list(catalog.members_of(entry))
        case Mission():
            instruments = [item for item in catalog.each(Instrument) if item.mission == entry.id]
            regions = catalog.regions_of(entry)
            return [entry, *catalog.spacecraft_of(entry), *instruments, *regions]
        case _:
            return [entry]


def list_csv(document: Document) -> str:
    """Return a `sattrack/list/1` document as CSV."""
    return rows_text(LIST_COLUMNS, document["results"])


def show_document(
    shown: Sequence[tuple[Entry, tuple[Held, ...]]], catalog: Catalog, generated_at: datetime
) -> Document:
    """Return `sattrack/show/1`: everything known of each entry, and the orbit data at hand.

    Args:
        shown: entries, each with the element sets held of its spacecraft.
        catalog: for what belongs to them.
        generated_at: when the question was asked.
    """
    return {
        "schema": "sattrack/show/1",
        "generated_at": iso_utc(generated_at),
        "results": [
            {
                **entry_document(entry),
                **_related(entry, catalog),
                "held": [_held(item) for item in held],
            }
            for entry, held in shown
        ],
        "warnings": [],
    }


def entry_document(entry: Entry) -> Document:
    """Return all fields of an entry; empty ones are left out, sources are written out."""
    document: Document = {"kind": kind_of(entry)}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if value not in (None, "", ()):
            # What kind of place a station is, beside what kind of entry this is.
            key = "station_kind" if field.name == "kind" else field.name
            document[key] = _plain(value)
    return document


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return iso_utc(value)
        case Source():
            return {"title": value.title, "url": value.url or None}
        case Fact() | Milestone() | PrnAssignment() | Downlink() | NominalOrbit():
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case FieldOfRegard() | GroundSample() | Scan() | ImagingSensor():
            # What people read of an outline.
            bounds = (
                {"bounds_deg": list(Outline(value.outline_deg).bounds_deg)}
                if isinstance(value, FieldOfRegard)
                else {}
            )
            stated = {field.name: getattr(value, field.name) for field in fields(value)}
            return bounds | {
                name: _plain(part) for name, part in stated.items() if part not in (None, "", ())
            }
        case tuple() if value and isinstance(value[0], tuple) and isinstance(value[0][1], Source):
            return {name: _plain(source) for name, source in value}
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _related(entry: Entry, catalog: Catalog) -> Document:
    """Return what belongs to an entry, briefly."""
    related: dict[str, Iterable[Entry]] = {}
    match entry:
        case Group():
            related["contains"] = catalog.members_of(entry)
            missions = dict.fromkeys(craft.mission for craft in catalog.spacecraft_of(entry))
            related["missions"] = [catalog[mission] for mission in missions if mission]
        case Mission():
            related["spacecraft"] = catalog.spacecraft_of(entry)
            related["instruments"] = [
                item for item in catalog.each(Instrument) if item.mission == entry.id
            ]
            related["regions"] = catalog.regions_of(entry)
            related["launches"] = catalog.launches_of(entry)
        case Spacecraft():
            related["mission"] = [catalog[entry.mission]] if entry.mission else []
            related["instruments"] = catalog.instruments_on(entry)
            related["launches"] = catalog.launches_of(entry)
        case Instrument():
            related["on"] = catalog.spacecraft_of(entry)
            related["mission"] = [catalog[entry.mission]] if entry.mission else []
        case Launch():
            related["carries"] = catalog.spacecraft_of(entry)
            related["from"] = catalog.stations_of(entry)
        case Station() | Region():
            mission = getattr(entry, "mission", "")
            related["mission"] = [catalog[mission]] if mission else []
    found = {key: [brief(item) for item in items] for key, items in related.items()}
    return {"related": {key: items for key, items in found.items() if items}}


def _held(held: Held) -> Document:
    return {
        "spacecraft_id": held.spacecraft.id,
        "norad_id": held.spacecraft.norad_id,
        **held_document(held.provenance),
    }
