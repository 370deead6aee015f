"""OMM as CSV, as CelesTrak and Space-Track write it: keywords in the first line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sattrack.elements import ElementSet
from sattrack.errors import RejectedDataError
from sattrack.formats.omm import KEYWORDS, REQUIRED, keyword_values, plain_sets
from sattrack.formats.reading import Record, Reject, quoted


def recognises(text: str) -> bool:
    """Tell whether the first line names the columns of an OMM."""
    header = text.split("\n", 1)[0].replace('"', "").split(",")
    return "EPOCH" in header and "NORAD_CAT_ID" in header


def read(text: str) -> Iterator[Record | Reject]:
    """Read the records; columns may come in any order, and unknown ones are ignored.

    A record ends with its line: a quote that is never closed costs one record, not all after it.
    Rows without any oddity, as by far the most are, are read together: see `plain_sets`.

    Raises:
        RejectedDataError: the first line lacks a column that is needed, or names one twice.
    """
    lines = text.rstrip("\n").split("\n")
    try:
        header = _cells(lines[0])
    except csv.Error as error:
        raise RejectedDataError(f"line 1 is not CSV: {error}") from None
    for keyword in REQUIRED:
        if keyword not in header:
            raise RejectedDataError(f"line 1: there is no column {keyword}")
    for keyword, count in Counter(header).items():
        if count > 1:
            raise RejectedDataError(f"line 1: there are {count} columns '{quoted(keyword)}'")
    number_column = header.index("NORAD_CAT_ID")
    for begin in range(1, len(lines), _ROWS_TOGETHER):
        rows = lines[begin : begin + _ROWS_TOGETHER]
        plain = _plain_records(header, rows, begin + 1)
        yield from _records(header, number_column, rows, begin + 1) if plain is None else plain


# So many that what they share costs little, and an odd row among them little more.
_ROWS_TOGETHER = 500


def _plain_records(header: list[str], rows: list[str], line: int) -> list[Record] | None:
    """Return the records of rows of which none is odd, with their element sets made already."""
    together = [row.split(",") for row in rows]
    if any(len(cells) != len(header) for cells in together) or any('"' in row for row in rows):
        return None
    columns = dict(zip(header, zip(*together, strict=True), strict=True))
    sets = plain_sets(columns)
    if sets is None:
        return None
    numbers = columns["NORAD_CAT_ID"]
    return [
        Record(line + k, _Fields(header, cells), norad_id, elements)
        for k, (cells, norad_id, elements) in enumerate(zip(together, numbers, sets, strict=True))
    ]


class _Fields(Mapping[str, str]):
    """The fields of a row, put together if somebody asks for one."""

    __slots__ = ("_cells", "_header")

    def __init__(self, header: list[str], cells: list[str]) -> None:
        self._header, self._cells = header, cells

    def __getitem__(self, keyword: str) -> str:
        return dict(zip(self._header, self._cells, strict=True))[keyword]

    def __iter__(self) -> Iterator[str]:
        return iter(self._header)

    def __len__(self) -> int:
        return len(self._header)


def _records(
    header: list[str], number_column: int, rows: list[str], first: int
) -> Iterator[Record | Reject]:
    for line, row in enumerate(rows, start=first):
        if not row.strip():
            continue
        try:
            cells = _cells(row)
        except csv.Error as error:
            yield Reject(line, "", "the row", row, f"is not CSV ({error})")
            continue
        norad_id = cells[number_column] if number_column < len(cells) else ""
        if len(cells) != len(header):
            reason = f"{len(cells)} values for {len(header)} columns"
            yield Reject(line, norad_id, "the row", "", reason)
            continue
        yield Record(line, dict(zip(header, cells, strict=True)), norad_id)


def write(elements: ElementSet, created: datetime) -> str:
    """Return one row; it has no place for when it was made."""
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(keyword_values(elements).values())
    return row.getvalue()


def join(rows: Sequence[str]) -> str:
    """Return the document that the rows make, with CelesTrak's 17 columns."""
    return ",".join(KEYWORDS) + "\n" + "".join(rows)


def _cells(row: str) -> list[str]:
    if '"' not in row:
        return row.split(",")
    return next(csv.reader([row], strict=True))
