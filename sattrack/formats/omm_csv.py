"""OMM as CSV, as CelesTrak and Space-Track write it: keywords in the first line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from sattrack.elements import ElementSet
from sattrack.errors import RejectedDataError
from sattrack.formats.omm import KEYWORDS, REQUIRED, keyword_values
from sattrack.formats.reading import Record, Reject, quoted


def recognises(text: str) -> bool:
    """Tell whether the first line names the columns of an OMM."""
    header = text.split("\n", 1)[0].replace('"', "").split(",")
    return "EPOCH" in header and "NORAD_CAT_ID" in header


def read(text: str) -> Iterator[Record | Reject]:
    """Read the records; columns may come in any order, and unknown ones are ignored.

    A record ends with its line: a quote that is never closed costs one record, not all after it.

    Raises:
        RejectedDataError: the first line lacks a column that is needed, or names one twice.
    """
    lines = text.split("\n")
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
    for line, row in enumerate(lines[1:], start=2):
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
