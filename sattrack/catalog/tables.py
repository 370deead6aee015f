"""One catalog file, table by table, against the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sattrack.catalog.entries import Source
from sattrack.catalog.faults import Fault, did_you_mean, quoted
from sattrack.catalog.located import LocatedToml
from sattrack.catalog.schema import (
    COSPAR_PATTERN,
    ENTRY_TABLES,
    ID_PATTERN,
    INNER_TABLES,
    TIME_OF_DAY_PATTERN,
    URL_PATTERN,
    CatalogFile,
    EntryTable,
    SourceTable,
    Table,
)

TableT = TypeVar("TableT", bound=Table)

_LOOKS_LIKE = {
    ID_PATTERN: "'geo-kompsat-2b'",
    COSPAR_PATTERN: "'2020-013B'",
    URL_PATTERN: "'https://celestrak.org'",
    TIME_OF_DAY_PATTERN: "'23:45'",
}


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry as a file states it, and where; `table` is None where it breaks the schema."""

    file: LocatedToml
    kind: str
    index: int
    id: str
    table: EntryTable | None

    def __str__(self) -> str:
        return f"{self.kind} {quoted(self.id) if self.id else self.index + 1}"

    def line(self, *path: str | int) -> int:
        """Return the line of a value within the entry."""
        return self.file.line(self.kind, self.index, *path)

    def fault(self, text: str, *path: str | int) -> Fault:
        """Return a fault of the value at `path` within the entry."""
        return Fault(self.file.name, self.line(*path), f"{self}: {text}")


class CatalogTables:
    """What one file states.

    Attributes:
        source_keys: the keys of all sources, those that break the schema included.
        sources: those that follow it.
        entries: in the order of the file within each kind.
        faults: where the file breaks the schema.
    """

    def __init__(self, file: LocatedToml) -> None:
        self.file = file
        self.faults = list(self._unknown_tables())
        self.source_keys: list[str] = []
        self.sources = dict(self._read_sources())
        self.entries = [
            self._read_entry(kind, index, values)
            for kind in ENTRY_TABLES
            for index, values in enumerate(self._stated_entries(kind))
        ]

    def _unknown_tables(self) -> Iterator[Fault]:
        for name in self.file.tables:
            if name not in CatalogFile.model_fields:
                suggestion = did_you_mean(name, CatalogFile.model_fields)
                yield self._fault(f"unknown table {quoted(name)}{suggestion}", name)

    def _read_sources(self) -> Iterator[tuple[str, Source]]:
        stated = self.file.tables.get("sources", {})
        if not isinstance(stated, dict):
            self.faults.append(self._fault("write [sources] and one line for each", "sources"))
            return
        self.source_keys += stated
        for key, values in stated.items():
            subject = f"source {quoted(key)}"
            if table := self._validated(SourceTable, values, subject, "sources", key):
                yield key, table.entry({})

    def _stated_entries(self, kind: str) -> list[Any]:
        stated = self.file.tables.get(kind, [])
        if isinstance(stated, list):
            return stated
        self.faults.append(self._fault(f"write [[{kind}]], not [{kind}]", kind))
        return []

    def _read_entry(self, kind: str, index: int, values: Any) -> Stated:
        stated_id = values.get("id") if isinstance(values, dict) else None
        known_id = stated_id if isinstance(stated_id, str) else ""
        subject = str(Stated(self.file, kind, index, known_id, None))
        table = self._validated(ENTRY_TABLES[kind], values, subject, kind, index)
        return Stated(self.file, kind, index, known_id, table)

    def _validated(
        self, model: type[TableT], values: Any, subject: str, *path: str | int
    ) -> TableT | None:
        try:
            return model.model_validate(values)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                text = f"{subject}: {_explanation(details, model)}"
                self.faults.append(self._fault(text, *path, *details["loc"]))
            return None

    def _fault(self, text: str, *path: str | int) -> Fault:
        return Fault(self.file.name, self.file.line(*path), text)


def _explanation(error: ErrorDetails, model: type[Table]) -> str:
    """Return what pydantic found, in the words of someone who edits the file."""
    keys = [part for part in error["loc"] if isinstance(part, str)]
    if not keys:  # the whole entry or source
        return "should be a table"
    *around, key = keys
    within = "".join(f"{quoted(outer)}: " for outer in around)
    value = quoted(error["input"])
    match error["type"], error["loc"][-1]:
        case "extra_forbidden", str():
            holder = INNER_TABLES[around[0]] if around else model
            text = f"unknown key {quoted(key)}{did_you_mean(key, holder.model_fields)}"
        case "missing", str():
            text = f"missing key {quoted(key)}"
        case "missing", _:
            text = f"{quoted(key)} is incomplete: {value}"
        case "string_pattern_mismatch", _:
            example = _LOOKS_LIKE[error["ctx"]["pattern"]]
            text = f"{quoted(key)} should look like {example}, not {value}"
        case "model_type", _:
            text = f"{quoted(key)} should hold tables, not {value}"
        case "value_error", _:
            text = f"{quoted(key)} {error['ctx']['error']}: {value}"
        case _:
            # "Input should be a valid string", "List should have at least 1 item after validation"
            _, explanation = error["msg"].partition(" after validation")[0].split(" ", 1)
            text = f"{quoted(key)} {explanation}, not {value}"
    return within + text
