"""One door for every form: what a document is shows in its content, never in its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sattrack.elements import ElementSet, RejectedElementError, check_element_set
from sattrack.errors import InvalidInputError, RejectedDataError
from sattrack.formats import omm_csv, omm_json, omm_kvn, omm_xml, tle
from sattrack.formats.omm import element_set
from sattrack.formats.reading import Reading, Record, Reject, Writing, quoted
from sattrack.times import iso_utc


class _Reader(NamedTuple):
    form: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Iterator[Record | Reject]]


class _Writer(NamedTuple):
    form: str
    write: Callable[[ElementSet, datetime], str]
    join: Callable[[Sequence[str]], str]


# From the most particular about its beginning to the least: a TLE may begin with any name.
_READERS = (
    _Reader("omm-csv", omm_csv.recognises, omm_csv.read),
    _Reader("omm-kvn", omm_kvn.recognises, omm_kvn.read),
    _Reader("omm-xml", omm_xml.recognises, omm_xml.read),
    _Reader("tle", tle.recognises, tle.read),
    _Reader("omm-json", omm_json.recognises, omm_json.read),
)

_WRITERS = (
    _Writer("omm-csv", omm_csv.write, omm_csv.join),
    _Writer("omm-json", omm_json.write, omm_json.join),
    _Writer("omm-kvn", omm_kvn.write, omm_kvn.join),
    _Writer("omm-xml", omm_xml.write, omm_xml.join),
    _Writer("tle", tle.write_tle, tle.join),
    _Writer("2le", tle.write_2le, tle.join),
    _Writer("3le", tle.write_3le, tle.join),
)

WRITTEN_FORMS = tuple(writer.form for writer in _WRITERS)

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
    reader = _reader_of(text)
    rejects: list[Reject] = []
    found: dict[_Key, tuple[Record, ElementSet]] = {}
    conflicts: dict[_Key, int] = {}
    for record in reader.read(text):
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
    return Reading(reader.form, tuple(elements for _, elements in found.values()), tuple(rejects))


def write_element_sets(sets: Iterable[ElementSet], form: str, created: datetime) -> Writing:
    """Write element sets in one of `WRITTEN_FORMS`, so that reading gives the same values again.

    A set with a value that the form cannot hold as it is becomes a reject, and is not rounded:
    most OMM of today have more digits than a TLE. Only names are left out, by 2LE.

    Args:
        sets: what to write, in this order.
        form: `omm-csv`, `omm-json`, `omm-kvn`, `omm-xml`, `tle`, `2le` or `3le`.
        created: the instant that KVN and XML name as that of their creation.

    Raises:
        InvalidInputError: there is no such form.
    """
    writers = {writer.form: writer for writer in _WRITERS}
    if form not in writers:
        raise InvalidInputError(f"no such form: {form}; choose from {', '.join(writers)}")
    written = []
    rejects = []
    for elements in sets:
        try:
            check_element_set(elements)
            _check_name(elements.name)
            written.append(writers[form].write(elements, created))
        except RejectedElementError as error:
            number = str(elements.norad_id)
            rejects.append(Reject(0, number, error.field, error.value, error.reason))
    return Writing(writers[form].join(written), tuple(rejects))


def _check_name(name: str) -> None:
    if not name.isprintable() or name != name.strip():
        reason = "cannot be written: it has control characters, or blanks around it"
        raise RejectedElementError("OBJECT_NAME", repr(name), reason)


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


def _reader_of(text: str) -> _Reader:
    for reader in _READERS:
        if reader.recognises(text):
            return reader
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
