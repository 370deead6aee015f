"""One door for every form: what a document is shows in its content, never in its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sattrack.elements import ElementSet, RejectedElementError, check_element_set
from sattrack.errors import InvalidInputError, RejectedDataError
from sattrack.formats import omm_csv, omm_json, omm_kvn, omm_xml, tle
from sattrack.formats.omm import check_digits, element_set
from sattrack.formats.reading import Origin, Reading, Record, Reject, Writing, decoded, quoted
from sattrack.times import iso_utc


class _Reader(NamedTuple):
    form: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Iterator[Record | Reject]]


class _Writer(NamedTuple):
    form: str
    write: Callable[[ElementSet, datetime], str]
    join: Callable[[Sequence[str]], str]
    # Where a form has few digits: the set it can hold that is nearest to a given one.
    nearest: Callable[[ElementSet], ElementSet] | None = None


# From the most particular about its beginning to the least: a TLE may begin with any name.
_READERS = (
    _Reader("omm-csv", omm_csv.recognises, omm_csv.read),
    _Reader("omm-kvn", omm_kvn.recognises, omm_kvn.read),
    _Reader("omm-xml", omm_xml.recognises, omm_xml.read),
    _Reader("tle", tle.recognises, tle.read),
    _Reader("omm-json", omm_json.recognises, omm_json.read),
)

_TLE = [reader.form for reader in _READERS].index("tle")

_WRITERS = (
    _Writer("omm-csv", omm_csv.write, omm_csv.join),
    _Writer("omm-json", omm_json.write, omm_json.join),
    _Writer("omm-kvn", omm_kvn.write, omm_kvn.join),
    _Writer("omm-xml", omm_xml.write, omm_xml.join),
    _Writer("tle", tle.write_tle, tle.join, tle.nearest),
    _Writer("2le", tle.write_2le, tle.join, tle.nearest),
    _Writer("3le", tle.write_3le, tle.join, tle.nearest),
)

WRITTEN_FORMS = tuple(writer.form for writer in _WRITERS)

_Key: TypeAlias = tuple[int, datetime]


def read_element_sets(document: bytes, *, exact: bool = False) -> Reading:
    """Read the element sets of a document in any known form: UTF-8, with any ends of lines.

    Records that cannot be read, or cannot be an orbit, become rejects and spoil no other. The same
    set written twice counts once, whatever the name; different sets of one object for one epoch are
    all rejected.

    Args:
        document: its content.
        exact: reject what has more digits than an `ElementSet`, instead of rounding.

    Raises:
        RejectedDataError: the document is of no known form, broken as a whole, or empty.
    """
    text = decoded(document)
    reader = _reader_of(text)
    rejects: list[Reject] = []
    found: dict[_Key, tuple[Origin, ElementSet]] = {}
    conflicts: dict[_Key, int] = {}
    for record in reader.read(text):
        if isinstance(record, Reject):
            rejects.append(record)
            continue
        try:
            elements = record.elements or element_set(record.fields)
            check_element_set(elements)
            if exact:
                check_digits(record.fields)
        except RejectedElementError as error:
            rejects.append(Reject.of(record, error))
            continue
        key = (elements.norad_id, elements.epoch)
        origin = Origin(record.line, record.norad_id)
        earlier, other = found.setdefault(key, (origin, elements))
        if other is not elements and replace(other, name=elements.name) != elements:
            if key not in conflicts:
                rejects.append(_conflict(earlier, other, origin.line))
            conflicts[key] = earlier.line
            rejects.append(_conflict(origin, elements, earlier.line))
    for key in conflicts:
        del found[key]
    if not found and not rejects:
        raise RejectedDataError(f"no element sets in it: '{quoted(text)}'")
    rejects.sort(key=lambda reject: reject.line)
    return Reading(
        reader.form,
        tuple(elements for _, elements in found.values()),
        tuple(rejects),
        tuple(origin for origin, _ in found.values()),
    )


def write_element_sets(
    sets: Iterable[ElementSet], form: str, created: datetime, *, exact: bool = False
) -> Writing:
    """Write element sets in one of `WRITTEN_FORMS`, so that reading gives the same values again.

    A set with a number that the form cannot hold becomes a reject: a catalog number of seven digits
    is no TLE. Digits beyond the columns of a TLE are rounded, as most OMM of today have some; the
    forms of OMM hold all digits. Names are left out by 2LE, and by nothing else.

    Args:
        sets: what to write, in this order.
        form: `omm-csv`, `omm-json`, `omm-kvn`, `omm-xml`, `tle`, `2le` or `3le`.
        created: the instant that KVN and XML name as that of their creation.
        exact: reject what would be rounded.

    Raises:
        InvalidInputError: there is no such form.
    """
    found = ((Origin(0, str(elements.norad_id)), elements) for elements in sets)
    return _write(found, _writer_of(form), created, exact)


def convert_element_sets(
    document: bytes, form: str, created: datetime, *, exact: bool = False
) -> Writing:
    """Read a document in any known form, and write what it holds in another.

    The arguments are those of `write_element_sets`. The rejects are those of reading and of
    writing together, in the order of the document, each with its line there.

    Raises:
        InvalidInputError: there is no such form.
        RejectedDataError: the document is of no known form, broken as a whole, or empty.
    """
    writer = _writer_of(form)
    reading = read_element_sets(document, exact=exact)
    found = zip(reading.origins, reading.sets, strict=True)
    writing = _write(found, writer, created, exact)
    rejects = sorted((*reading.rejects, *writing.rejects), key=lambda reject: reject.line)
    return replace(writing, rejects=tuple(rejects))


def _writer_of(form: str) -> _Writer:
    for writer in _WRITERS:
        if writer.form == form:
            return writer
    raise InvalidInputError(f"no such form: {form}; choose from {', '.join(WRITTEN_FORMS)}")


def _write(
    sets: Iterable[tuple[Origin, ElementSet]], writer: _Writer, created: datetime, exact: bool
) -> Writing:
    written = []
    rounded = 0
    rejects = []
    taken: dict[_Key, ElementSet] = {}
    for origin, given in sets:
        elements = given
        try:
            check_element_set(given)
            _check_name(given.name, writer.form)
            if writer.nearest and not exact:
                elements = writer.nearest(given)
            text = writer.write(elements, created)
            _check_epoch(elements, taken)
        except RejectedElementError as error:
            rejects.append(Reject(*origin, error.field, error.value, error.reason))
            continue
        written.append(text)
        rounded += elements != given
    return Writing(writer.join(written), len(written), rounded, tuple(rejects))


def _check_epoch(elements: ElementSet, taken: dict[_Key, ElementSet]) -> None:
    """Refuse what reading would reject, such as two epochs that rounding makes one."""
    earlier = taken.setdefault((elements.norad_id, elements.epoch), elements)
    if earlier is not elements and replace(earlier, name=elements.name) != elements:
        reason = "conflict: other elements are written for it"
        raise RejectedElementError("EPOCH", iso_utc(elements.epoch), reason)


def _check_name(name: str, form: str) -> None:
    if not name.isprintable() or name != name.strip():
        reason = "cannot be written: it has control characters, or blanks around it"
        raise RejectedElementError("OBJECT_NAME", repr(name), reason)
    # Of all forms, only a TLE begins with what somebody chose.
    if form == "tle" and any(reader.recognises(name) for reader in _READERS[:_TLE]):
        reason = "a TLE that begins with it would be taken for another form"
        raise RejectedElementError("OBJECT_NAME", repr(name), reason)


def _reader_of(text: str) -> _Reader:
    for reader in _READERS:
        if reader.recognises(text):
            return reader
    if not text.strip():
        raise RejectedDataError("no element sets: the document is empty")
    raise RejectedDataError(f"not element sets in any known form: '{quoted(text)}'")


def _conflict(origin: Origin, elements: ElementSet, other_line: int) -> Reject:
    return Reject(
        *origin,
        "EPOCH",
        iso_utc(elements.epoch),
        f"conflict: line {other_line} has other elements for it",
    )
