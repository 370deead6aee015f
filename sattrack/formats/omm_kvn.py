"""OMM in keyword = value notation: CCSDS 502.0-B-3, section 7; messages may follow one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from sattrack.elements import ElementSet
from sattrack.formats.omm import UNITS, VERSION, Entry, message_sections, record_of
from sattrack.formats.reading import Record, Reject

_FIRST = "CCSDS_OMM_VERS"
_ENTRY = re.compile(r"([A-Z][A-Za-z0-9_]*)\s*=\s*(.*)")


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
    """Return one message."""
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
        if line and line.split(maxsplit=1)[0] != "COMMENT":
            yield number, line


def _record(message: list[tuple[int, str]]) -> Record | Reject:
    entries = []
    strange = None
    for number, line in message:
        match = _ENTRY.fullmatch(line)
        if match is None:
            strange = strange or (number, line)
            continue
        keyword, text = match.groups()
        unit = ""
        if keyword in UNITS and text.endswith("]"):
            text, _, unit = text.removesuffix("]").rpartition("[")
        entries.append(Entry(number, keyword, text.strip(), unit.strip()))
    record = record_of(message[0][0], entries)
    if strange:
        number, line = strange
        return Reject(number, record.norad_id, "", f"'{line}'", "is not KEYWORD = value")
    return record
