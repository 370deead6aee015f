"""What comes of a document: records, rejects, and the reasons in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sattrack.elements import ElementSet, RejectedElementError
from sattrack.errors import RejectedDataError

_QUOTED_CHARACTERS = 80
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Origin(NamedTuple):
    """Where in a document an element set was found.

    Attributes:
        line: where it begins, from 1; 0 if it was never text.
        norad_id: catalog number as written.
    """

    line: int
    norad_id: str


class Record(NamedTuple):
    """The text of one element set, under the keywords of an OMM, before it becomes values.

    Attributes:
        line: where it begins, from 1.
        norad_id: catalog number as written.
        elements: the values, where they were read together with those of other records.
    """

    line: int
    fields: Mapping[str, str]
    norad_id: str
    elements: ElementSet | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that was not accepted; its `str` is the line to print.

    Attributes:
        line: line of the document, from 1; 0 for a value that was never text.
        norad_id: catalog number as written; empty when there is none to read.
        field: keyword of the value at fault, as `MEAN_MOTION`, or what else is wrong.
        value: the value as written.
        reason: what is wrong with it.
    """

    line: int
    norad_id: str
    field: str
    value: str
    reason: str

    @classmethod
    def of(cls, record: Record, error: RejectedElementError) -> Reject:
        """Return the reject that says why a record is not an element set."""
        value = record.fields.get(error.field, "") or error.value
        return cls(record.line, record.norad_id, error.field, value, error.reason)

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else ""
        number = f"NORAD {quoted(self.norad_id)}" if self.norad_id else ""
        what = f"{self.field} {quoted(self.value)}".strip()
        return ": ".join(part for part in (place, number, what, self.reason) if part)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document holds.

    Attributes:
        form: `omm-csv`, `omm-json`, `omm-xml`, `omm-kvn` or `tle`.
        sets: the element sets, in the order of the document. An object can appear with several
            epochs, never twice with the same.
        rejects: the records that were not accepted, in the order of the document.
        origins: where each of the sets was found.
    """

    form: str
    sets: tuple[ElementSet, ...]
    rejects: tuple[Reject, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Writing:
    """A document, and what became of the sets that were to be in it.

    Attributes:
        text: the document, with line feeds at the ends of lines.
        written: number of sets in it.
        rounded: number of those that have more digits than the form holds.
        rejects: what it could not hold.
    """

    text: str
    written: int
    rounded: int
    rejects: tuple[Reject, ...]


def quoted(text: str) -> str:
    """Return the first 80 printable characters of a text: one line, fit for a terminal."""
    head = text[: 100 * _QUOTED_CHARACTERS]
    return "".join(filter(str.isprintable, head)).strip()[:_QUOTED_CHARACTERS]


def decoded(document: bytes) -> str:
    """Return the text, with line feeds at the ends of lines.

    Raises:
        RejectedDataError: it is not UTF-8; says at which byte.
    """
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        place = f"byte 0x{document[error.start]:02X} at offset {error.start}"
        raise RejectedDataError(f"not UTF-8 text: {place}") from None
    if "\0" in text:
        raise RejectedDataError(f"not text: byte 0x00 at offset {document.index(0)}")
    text = text.removeprefix(_BYTE_ORDER_MARK)
    return text.replace("\r\n", "\n").replace("\r", "\n")
