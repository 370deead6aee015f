"""The catalog as one JSON document, for a cache that loads in milliseconds.

Each entry is kept as a text of its own, so that only those asked for are parsed, and one checksum
covers all of them together with the fields that this version of sattrack knows.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sattrack.catalog.entries import (
    KINDS,
    Downlink,
    Entry,
    Fact,
    FieldOfRegard,
    GroundSample,
    ImagingSensor,
    Milestone,
    PrnAssignment,
    Scan,
    Source,
    kind_of,
)
from sattrack.elements import NominalOrbit

SCHEMA = "sattrack/catalog-cache/1"

_ROWS = {
    "facts": Fact,
    "milestones": Milestone,
    "prn": PrnAssignment,
    "downlinks": Downlink,
}
_TABLES: dict[str, type[Any]] = {
    "field_of_regard": FieldOfRegard,
    "ground_sample": GroundSample,
    "scan": Scan,
    "sensor": ImagingSensor,
}
_KNOWN_FIELDS = [
    [kind.__name__, *(field.name for field in fields(kind))]
    for kind in (*KINDS.values(), *_ROWS.values(), *_TABLES.values(), Source, NominalOrbit)
]


def written(entries: Iterable[Entry], ids: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the document that holds `entries`, and the ids that each key of a name leads to."""
    places: dict[Source, int] = {}
    texts: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for entry in entries:
        stated = {
            field.name: _as_json(value, places)
            for field in fields(entry)
            if (value := getattr(entry, field.name)) != field.default
        }
        texts[kind_of(entry)][entry.id] = json.dumps(stated, separators=(",", ":"))
    sources = [[source.title, source.url] for source in places]
    body = {"sources": sources, "ids": {key: list(found) for key, found in ids.items()}} | texts
    return {"schema": SCHEMA, "checksum": _checksum(body), **body}


def read(document: Any) -> tuple[dict[str, Mapping[str, Entry]], dict[str, list[str]]]:
    """Return the entries of a document by kind and id, parsed when asked for, and the ids of names.

    Raises:
        ValueError: the document is damaged, or of another version of sattrack.
    """
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ValueError(f"not a document of {SCHEMA}")
    body = {name: part for name, part in document.items() if name not in {"schema", "checksum"}}
    if document.get("checksum") != _checksum(body):
        raise ValueError("the document is damaged, or of another version of sattrack")
    sources = [Source(title, url) for title, url in body["sources"]]
    return {kind: _StoredEntries(kind, body[kind], sources) for kind in KINDS}, body["ids"]


def _checksum(body: Mapping[str, Any]) -> int:
    return zlib.crc32(json.dumps([_KNOWN_FIELDS, body]).encode())


def _as_json(value: Any, places: dict[Source, int]) -> Any:
    match value:
        case Source():
            return places.setdefault(value, len(places))
        case datetime():
            return value.isoformat()
        case Fact() | Milestone() | PrnAssignment() | Downlink() | NominalOrbit():
            return [_as_json(getattr(value, field.name), places) for field in fields(value)]
        case FieldOfRegard() | GroundSample() | Scan() | ImagingSensor():
            return {
                field.name: _as_json(getattr(value, field.name), places) for field in fields(value)
            }
        case tuple():
            return [_as_json(item, places) for item in value]
        case _:
            return value


class _StoredEntries(Mapping[str, Entry]):
    """Entries of one kind by id, parsed when first asked for."""

    def __init__(self, kind: str, texts: Mapping[str, str], sources: Sequence[Source]) -> None:
        self._kind = KINDS[kind]
        self._texts = texts
        self._sources = sources
        self._parsed: dict[str, Entry] = {}

    def __getitem__(self, id_: str) -> Entry:
        if id_ not in self._parsed:
            stated = json.loads(self._texts[id_])
            self._parsed[id_] = self._kind(
                **{name: self._from_json(name, value) for name, value in stated.items()}
            )
        return self._parsed[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def _from_json(self, name: str, value: Any) -> Any:
        if name == "source":
            return self._sources[value]
        if name == "cited":
            return tuple((field, self._sources[place]) for field, place in value)
        if name in _ROWS:
            return tuple(
                _ROWS[name](first, second, self._sources[place], *rest)
                for first, second, place, *rest in value
            )
        if name in _TABLES:
            return _TABLES[name](**{key: self._from_json(key, part) for key, part in value.items()})
        if name == "nominal":
            epoch, *rest = value
            return NominalOrbit(datetime.fromisoformat(epoch), *rest)
        if name in {"outline_deg", "horizon_deg"}:
            return tuple((first, second) for first, second in value)
        return tuple(value) if isinstance(value, list) else value
