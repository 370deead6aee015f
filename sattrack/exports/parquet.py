"""Passes of thousands of objects as Parquet, which pyarrow writes; the extra `parquet`.

Columns are those of CSV, with types. Whether the rows are all of them stands in the file's own
metadata, under `complete`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from sattrack.answers.screening import EDGES, Batch, Screening
from sattrack.errors import InvalidInputError
from sattrack.exports.light import LIGHT_COLUMNS, light_document, light_row

INSTALL = "python -m pip install 'sattrack-missions[parquet]'"

_GROUP_ROWS = 65_536
_EVENTS = ("rise", "culmination", "set")


class _Sink(io.RawIOBase):
    """A file that is only ever written on at its end, and hands on what was written."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """Say so."""
        return True

    def write(self, content: Any) -> int:
        """Keep a copy."""
        self._parts.append(bytes(content))
        self._length += len(content)
        return len(content)

    def tell(self) -> int:
        """Return how much was written in all."""
        return self._length

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        found = b"".join(self._parts)
        self._parts.clear()
        return found


class ParquetWriter:
    """Writes Parquet; see `exports.screening.Writer`.

    Raises:
        InvalidInputError: the extra is not installed.
    """

    def __init__(self, screening: Screening) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError as error:
            raise InvalidInputError(f"Parquet needs the package pyarrow; run: {INSTALL}") from error
        self._arrow, self._screening = pyarrow, screening
        self._with_light = screening.question.conditions is not None
        self._sink = _Sink()
        self._schema = self._made_schema()
        self._writer = parquet.ParquetWriter(self._sink, self._schema, compression="zstd")
        self._waiting: list[Any] = []
        subjects = screening.subjects
        self._texts = {
            "spacecraft_id": [one.id for one in subjects],
            "name": [one.name for one in subjects],
            "orbit_kind": [one.kind for one in subjects],
            "orbit_source": [one.source for one in subjects],
        }
        self._numbers = np.array([one.norad_id or 0 for one in subjects], dtype=np.int64)
        self._epochs = np.array([one.epoch.timestamp() * 1e3 for one in subjects])
        self._nominal = np.array([one.nominal for one in subjects], dtype=bool)

    def begin(self) -> bytes:
        """Return the first bytes."""
        return self._written()

    def rows(self, batch: Batch) -> bytes:
        """Return a group of rows, once there are enough for one."""
        self._waiting.append(self._table(batch))
        if sum(map(len, self._waiting)) < _GROUP_ROWS:
            return b""
        return self._group()

    def end(self, complete: bool) -> bytes:
        """Return the last rows and the file's directory."""
        self._group(write=False)
        self._writer.add_key_value_metadata({"complete": "true" if complete else "false"})
        self._writer.close()
        return self._written()

    def _group(self, write: bool = True) -> bytes:
        if self._waiting:
            self._writer.write_table(self._arrow.concat_tables(self._waiting))
            self._waiting.clear()
        return self._written() if write else b""

    def _written(self) -> bytes:
        """Return what pyarrow has written since the last time; it never goes back."""
        return self._sink.taken()

    def _made_schema(self) -> Any:
        arrow = self._arrow
        time = arrow.timestamp("ms", "UTC")
        text = arrow.dictionary(arrow.int32(), arrow.string())
        number, yes = arrow.float64(), arrow.bool_()
        fields: list[tuple[str, Any]] = [
            ("spacecraft_id", text),
            ("norad_id", arrow.int64()),
            ("name", text),
            ("place", text),
        ]
        for event in _EVENTS:
            fields += [(f"{event}_time", time), (f"{event}_azimuth_deg", number)]
            fields += [(f"{event}_elevation_deg", number)] if event == "culmination" else []
            fields += [(f"{event}_range_km", number)]
        fields += [
            ("duration_s", number),
            ("open_start", yes),
            ("open_end", yes),
            ("timing_uncertainty_s", number),
            ("begins", text),
            ("ends", text),
            ("orbit_kind", text),
            ("orbit_source", text),
            ("orbit_epoch", time),
            ("nominal", yes),
        ]
        if self._with_light:
            fields += [(name, self._light_type(name, time, number)) for name in LIGHT_COLUMNS]
        return arrow.schema(fields)

    def _light_type(self, name: str, time: Any, number: Any) -> Any:
        if name.endswith("_time") or name in ("visible_start", "visible_end"):
            return time
        return self._arrow.string() if name.endswith(("_craft", "_sky")) else number

    def _table(self, batch: Batch) -> Any:
        arrow, rows = self._arrow, batch.rows
        which = rows["object"]

        def choice(index: Any, values: Sequence[str | None], mask: Any = None) -> Any:
            found = arrow.array(index, type=arrow.int32(), mask=mask)
            return arrow.DictionaryArray.from_arrays(found, arrow.array(values, arrow.string()))

        columns: dict[str, Any] = {name: choice(which, t) for name, t in self._texts.items()}
        numbers = self._numbers[which]
        columns["norad_id"] = arrow.array(numbers, mask=numbers == 0)
        columns["place"] = choice(rows["place"], [p.name for p in self._screening.question.places])
        hidden = {"rise": rows["open_start"], "culmination": None, "set": rows["open_end"]}
        for event, mask in hidden.items():
            milliseconds = (batch.microseconds(event) + 500) // 1000
            time = self._schema.field(f"{event}_time").type
            columns[f"{event}_time"] = arrow.array(milliseconds, mask=mask).cast(time)
            for look in ("azimuth_deg", "elevation_deg", "range_km"):
                columns[f"{event}_{look}"] = arrow.array(rows[f"{event}_{look}"], mask=mask)
        columns["duration_s"] = arrow.array(batch.duration_s)
        error_s = batch.timing_uncertainty_s
        columns["timing_uncertainty_s"] = arrow.array(error_s, mask=np.isnan(error_s))
        for name in ("begins", "ends"):
            columns[name] = choice(rows[name], EDGES, rows[name] == 0)
        for name in ("open_start", "open_end"):
            columns[name] = arrow.array(rows[name])
        epochs = np.rint(self._epochs[which]).astype(np.int64)
        columns["orbit_epoch"] = arrow.array(epochs).cast(self._schema.field("orbit_epoch").type)
        columns["nominal"] = arrow.array(self._nominal[which])
        if self._with_light:
            columns |= self._light(batch)
        return arrow.table([columns[name] for name in self._schema.names], schema=self._schema)

    def _light(self, batch: Batch) -> dict[str, Any]:
        rows = [light_row(light_document(light)) for light in batch.lights or ()]
        found = {}
        for name in LIGHT_COLUMNS:
            kind = self._schema.field(name).type
            cells = [row.get(name) for row in rows]
            if self._arrow.types.is_timestamp(kind):
                cells = [None if cell is None else datetime.fromisoformat(cell) for cell in cells]
            found[name] = self._arrow.array(cells, type=kind)
        return found
