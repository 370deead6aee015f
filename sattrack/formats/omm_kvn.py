"""OMM in keyword = value notation: CCSDS 502.0-B-3, section 7; messages may follow one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from sattrack.elements import ElementSet, RejectedElementError
from sattrack.formats.omm import UNDERSTOOD, UNITS, VERSION, Entry, message_sections, record_of
from sattrack.formats.reading import Record, Reject

_FIRST = "CCSDS_OMM_VERS"
_KEYWORD = re.compile(r"[A-Z][A-Za-z0-9_]*")
# CCSDS 502.0-B-3, 7.3. It also asks for ASCII, which a name of ours need not be.
_LONGEST_LINE = 254


def recognises(text: str) -> bool:
    """Tell whether the first line that says anything begins an OMM."""
    first = next(_lines(text), (0, ""))
    return first[1].startswith(_FIRST)


def read(text: str) -> Iterator[Record | Reject]:
    """Read the messages, each from its version to the next."""
    message: list[tuple[int, str]] = []
    for number, line in _lines(text):
        if line.startswith(_FIRST) and message:
            yield _record(message)
            message = []
        message.append((number, line))
    yield _record(message)


def write(elements: ElementSet, created: datetime) -> str:
    """Return one message.

    Raises:
        RejectedElementError: the name is too long for a line.
    """
    if len(f"OBJECT_NAME = {elements.name}") > _LONGEST_LINE:
        reason = f"a line of KVN holds only {_LONGEST_LINE} characters"
        raise RejectedElementError("OBJECT_NAME", elements.name, reason)
    entries = {_FIRST: VERSION}
    for section in message_sections(elements, created).values():
        entries |= section
    return "".join(f"{keyword} = {value}".rstrip() + "\n" for keyword, value in entries.items())


def join(messages: Sequence[str]) -> str:
    """Return the document that the messages make."""
    return "\n".join(messages)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Return number and text of the lines that are neither empty nor comments."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if line and not (line.startswith("COMMENT") and line.split(maxsplit=1)[0] == "COMMENT"):
            yield number, line


def _record(message: list[tuple[int, str]]) -> Record | Reject:
    entries = []
    strange = None
    for number, line in message:
        keyword, equals, text = line.partition("=")
        keyword = keyword.rstrip()
        if keyword in UNDERSTOOD and equals:
            unit = ""
            if text.endswith("]") and keyword in UNITS:
                text, _, unit = text.removesuffix("]").rpartition("[")
            entries.append(Entry(number, keyword, text.strip(), unit.strip()))
        elif not (equals and _KEYWORD.fullmatch(keyword)):
            strange = strange or (number, line)
    record = record_of(message[0][0], entries)
    if strange:
        number, line = strange
        return Reject(number, record.norad_id, "", f"'{line}'", "is not KEYWORD = value")
    return record
