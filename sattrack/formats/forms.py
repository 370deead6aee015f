"""One door for every form: what a document is shows in its content, never in its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sattrack.elements import ElementSet, RejectedElementError, check_element_set
from sattrack.errors import RejectedDataError
from sattrack.formats import omm_csv, omm_json, tle
from sattrack.formats.omm import element_set
from sattrack.formats.reading import Reading, Record, Reject, quoted
from sattrack.times import iso_utc


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write element sets: how it shows, and how it is read."""

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Iterator[Record | Reject]]


# The last one is the least particular about what it recognises.
FORMS = (
    Form("omm-json", omm_json.recognises, omm_json.read),
    Form("omm-csv", omm_csv.recognises, omm_csv.read),
    Form("tle", tle.recognises, tle.read),
)

_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_Key: TypeAlias = tuple[int, datetime]


def read_element_sets(document: bytes) -> Reading:
    """Read the element sets of a document in any known form: UTF-8, with any ends of lines.

    Records that cannot be read, or cannot be an orbit, become rejects and spoil no other. The same
    set written twice counts once, whatever the name; different sets of one object for one epoch are
    all rejected.

    Raises:
        RejectedDataError: the document is of no known form, broken as a whole, or empty.
    """
    text = _decode(document)
    form = _form_of(text)
    rejects: list[Reject] = []
    found: dict[_Key, tuple[Record, ElementSet]] = {}
    conflicts: dict[_Key, int] = {}
    for record in form.read(text):
        if isinstance(record, Reject):
            rejects.append(record)
            continue
        try:
            elements = element_set(record.fields)
            check_element_set(elements)
        except RejectedElementError as error:
            rejects.append(Reject.of(record, error))
            continue
        key = (elements.norad_id, elements.epoch)
        earlier, other = found.setdefault(key, (record, elements))
        if other is not elements and replace(other, name=elements.name) != elements:
            if key not in conflicts:
                rejects.append(_conflict(earlier, other, record.line))
            conflicts[key] = earlier.line
            rejects.append(_conflict(record, elements, earlier.line))
    for key in conflicts:
        del found[key]
    if not found and not rejects:
        raise RejectedDataError(f"no element sets in it: '{quoted(text)}'")
    rejects.sort(key=lambda reject: reject.line)
    return Reading(form.name, tuple(elements for _, elements in found.values()), tuple(rejects))


def _decode(document: bytes) -> str:
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
        raise RejectedDataError(f"not UTF-8 text: byte 0x00 at offset {document.index(0)}")
    text = text.removeprefix(_BYTE_ORDER_MARK)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _form_of(text: str) -> Form:
    for form in FORMS:
        if form.recognises(text):
            return form
    if not text.strip():
        raise RejectedDataError("no element sets: the document is empty")
    raise RejectedDataError(f"not element sets in any known form: '{quoted(text)}'")


def _conflict(record: Record, elements: ElementSet, other_line: int) -> Reject:
    return Reject(
        record.line,
        record.norad_id,
        "EPOCH",
        iso_utc(elements.epoch),
        f"conflict: line {other_line} has other elements for it",
    )
