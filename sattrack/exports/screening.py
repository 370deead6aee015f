"""Passes of thousands of objects, written as they are found: CSV, JSON, JSON Lines.

Columns and keys are those of `sattrack passes --format csv`. Every writer has a beginning, rows,
and an end that says whether they are all; what was written is whole after each.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from sattrack.answers.screening import EDGES, Batch, Question, Screening
from sattrack.exports.columns import Bytes, choices, decimals, instants, joined, texts, where
from sattrack.exports.csv import PASSES_COLUMNS, guarded
from sattrack.exports.json import Document, dumps, place_document
from sattrack.exports.light import LIGHT_COLUMNS, light_document, light_row
from sattrack.times import iso_utc
from sattrack.tracking.inventory import Lack

_ANGLE_DIGITS = 6
_DISTANCE_DIGITS = 6
_TIME_DIGITS = 3
_FREQUENCY_COLUMNS = (
    "frequency_mhz",
    "rise_doppler_hz",
    "culmination_doppler_hz",
    "set_doppler_hz",
)
# What JSON tells of a pass.
KEYS = tuple(name for name in PASSES_COLUMNS if name not in (*_FREQUENCY_COLUMNS, *LIGHT_COLUMNS))


class Writer(Protocol):
    """Writes an answer while it is found."""

    def begin(self) -> bytes:
        """Return what stands before all rows."""
        ...

    def rows(self, batch: Batch) -> bytes:
        """Return the rows of a batch."""
        ...

    def end(self, complete: bool) -> bytes:
        """Return what stands after them, where they are all or not."""
        ...


class CsvWriter:
    """Writes CSV as `passes_csv` does, lines ending in CRLF."""

    def __init__(self, screening: Screening) -> None:
        self._cells = _Cells(screening, _csv_text, b"")

    def begin(self) -> bytes:
        """Return the line of names."""
        return (",".join(PASSES_COLUMNS) + "\r\n").encode()

    def rows(self, batch: Batch) -> bytes:
        """Return a line for each pass."""
        cells = self._cells.of(batch)
        columns: list[Bytes | bytes] = []
        for name in PASSES_COLUMNS:
            if name in cells:
                columns.append(cells[name])
            columns.append(b",")
        columns[-1] = b"\r\n"
        return joined(columns, len(batch))

    def end(self, complete: bool) -> bytes:
        """Return nothing: CSV has no place to say more."""
        return b""


class JsonLinesWriter:
    """Writes an object for each pass, a line each: `screen-pass` among the schemas."""

    def __init__(self, screening: Screening) -> None:
        self._cells = _Cells(screening, _json_text, b"null")

    def begin(self) -> bytes:
        """Return nothing: every line is a pass."""
        return b""

    def rows(self, batch: Batch) -> bytes:
        """Return a line for each pass."""
        return self._lines(batch, b"}\n")

    def _lines(self, batch: Batch, end: bytes) -> bytes:
        cells = self._cells.of(batch)
        columns: list[Bytes | bytes] = []
        for name in (*KEYS, *(LIGHT_COLUMNS if batch.lights is not None else ())):
            columns += [f', "{name}": '.encode(), cells[name]]
        columns[0] = b"{" + bytes(columns[0])[2:]
        return joined([*columns, end], len(batch))

    def end(self, complete: bool) -> bytes:
        """Return nothing."""
        return b""


class JsonWriter(JsonLinesWriter):
    """Writes one document, `sattrack/screen/1`."""

    def __init__(self, screening: Screening, generated_at: datetime) -> None:
        super().__init__(screening)
        self._screening = screening
        self._generated_at = generated_at
        self._count = 0

    def begin(self) -> bytes:
        """Return the document up to its passes."""
        head = {
            "schema": "sattrack/screen/1",
            "generated_at": iso_utc(self._generated_at),
            "request": _request(self._screening.question),
            "objects": len(self._screening.subjects),
        }
        return dumps(head).removesuffix("\n}\n").encode() + b',\n  "passes": ['

    def rows(self, batch: Batch) -> bytes:
        """Return the passes of a batch."""
        found = self._lines(batch, b"},\n    ")
        start = b",\n    " if self._count else b"\n    "
        self._count += len(batch)
        return start + found.removesuffix(b",\n    ")

    def end(self, complete: bool) -> bytes:
        """Return the rest of the document."""
        tail = {
            "lacks": [_lack(lack) for lack in self._screening.lacks],
            "warnings": self._screening.warnings,
            "complete": complete,
        }
        close = b"\n  ],\n" if self._count else b"],\n"
        return close + dumps(tail).removeprefix("{\n").encode()


def _request(question: Question) -> Document:
    request: Document = {
        "start": iso_utc(question.span.start),
        "end": iso_utc(question.span.end),
        "min_elevation_deg": question.min_elevation_deg,
        "min_culmination_deg": question.min_culmination_deg,
        "limit": question.limit,
        "only_visible": question.conditions is not None,
    }
    if question.conditions is not None:
        request["sun_below_deg"] = question.conditions.sun_below_deg
        request["shadow_model"] = question.conditions.shadow_model
        request["phase_law"] = question.conditions.phase_law
    request["places"] = [place_document(place) for place in question.places]
    return request


def _lack(lack: Lack) -> Document:
    return {
        "spacecraft_id": lack.id or None,
        "norad_id": lack.norad_id,
        "name": lack.name or None,
        "reason": lack.reason,
    }


class _Cells:
    """The columns of batches; texts of objects and places are made once."""

    def __init__(self, screening: Screening, text: Any, null: bytes) -> None:
        subjects = screening.subjects
        self._text, self._null = text, null
        numbers = [null if s.norad_id is None else str(s.norad_id).encode() for s in subjects]
        self._of_object = {
            "spacecraft_id": texts([text(s.id) for s in subjects]),
            "norad_id": texts(numbers),
            "name": texts([text(s.name) for s in subjects]),
            "orbit_kind": texts([text(s.kind) for s in subjects]),
            "orbit_source": texts([text(s.source) for s in subjects]),
            "orbit_epoch": texts([text(iso_utc(s.epoch)) for s in subjects]),
            "nominal": texts([b"true" if s.nominal else b"false" for s in subjects]),
        }
        self._places = texts([text(place.name) for place in screening.question.places])
        self._edges = texts([null, *(text(edge) for edge in EDGES[1:])])
        quote = text("")[:1]
        self._quote = quote

    def of(self, batch: Batch) -> dict[str, Bytes]:
        rows, null = batch.rows, self._null
        cells = {name: table[rows["object"]] for name, table in self._of_object.items()}
        cells["place"] = self._places[rows["place"]]
        for event, shown in (
            ("rise", ~rows["open_start"]),
            ("culmination", np.ones(len(rows), dtype=bool)),
            ("set", ~rows["open_end"]),
        ):
            azimuth_deg = np.round(rows[f"{event}_azimuth_deg"], _ANGLE_DIGITS) % 360.0
            columns = {
                "time": self._quoted(instants(batch.microseconds(event))),
                "azimuth_deg": decimals(azimuth_deg, _ANGLE_DIGITS),
                "elevation_deg": decimals(rows[f"{event}_elevation_deg"], _ANGLE_DIGITS),
                "range_km": decimals(rows[f"{event}_range_km"], _DISTANCE_DIGITS),
            }
            for name, column in columns.items():
                if f"{event}_{name}" in PASSES_COLUMNS:
                    plain = event == "culmination" or shown.all()
                    cells[f"{event}_{name}"] = column if plain else where(shown, column, null)
        cells["duration_s"] = decimals(batch.duration_s, _TIME_DIGITS)
        error_s = batch.timing_uncertainty_s
        cells["timing_uncertainty_s"] = where(
            np.isfinite(error_s), decimals(error_s, _TIME_DIGITS), null
        )
        for name in ("open_start", "open_end"):
            cells[name] = choices(rows[name], b"true", b"false")
        for name in ("begins", "ends"):
            cells[name] = self._edges[rows[name]]
        if batch.lights is not None:
            cells |= self._light(batch)
        return cells

    def _quoted(self, column: Bytes) -> Bytes:
        if not self._quote:
            return column
        return np.pad(column, ((0, 0), (1, 1)), constant_values=ord('"'))

    def _light(self, batch: Batch) -> dict[str, Bytes]:
        rows = [light_row(light_document(light)) for light in batch.lights or ()]
        return {name: texts([self._cell(row.get(name)) for row in rows]) for name in LIGHT_COLUMNS}

    def _cell(self, value: Any) -> bytes:
        if value is None:
            return self._null
        found = self._text(value) if isinstance(value, str) else repr(value).encode()
        return bytes(found)


def _csv_text(text: str) -> bytes:
    if text.isalnum():
        return text.encode()
    text = guarded(text)
    if not any(mark in text for mark in ',"'):
        return text.encode()
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([text])
    return stream.getvalue().removesuffix("\r\n").encode()


def _json_text(text: str) -> bytes:
    found = json.dumps(text, ensure_ascii=False)
    return (found if found.isprintable() else json.dumps(text)).encode()
