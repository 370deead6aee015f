"""iCalendar (RFC 5545): content lines and components, text ↔ values.

What is read keeps its bytes: a component that nobody changes is written as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sattrack.errors import RejectedDataError, quoted

_LINE_OCTETS = 75
# RFC 5545, section 3.1: CONTROL characters stand in no value. Beside them, what Unicode breaks
# lines at: some readers take it for the end of the property.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_BREAKS = re.compile(b"(?<=\n)")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(slots=True)
class Component:
    """A calendar, an event, an alarm; or any other.

    Attributes:
        lines: content lines of its own, unfolded, without BEGIN and END.
        parts: components inside it, in order.
        raw: how it was written, where it was read; None where it is to be written anew.
    """

    kind: str
    lines: list[str] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    raw: bytes | None = None

    def value(self, name: str) -> str | None:
        """Return the value of the first property of that name, as written, or None."""
        for line in self.lines:
            if line[: len(name) + 1].upper() in (f"{name}:", f"{name};"):
                return _after_parameters(line)
        return None

    def encoded(self) -> bytes:
        """Return it as text, folded."""
        if self.raw is not None:
            return self.raw
        inside = b"".join(part.encoded() for part in self.parts)
        own = b"".join(folded(line) for line in self.lines)
        return folded(f"BEGIN:{self.kind}") + own + inside + folded(f"END:{self.kind}")


def _after_parameters(line: str) -> str:
    """Return what follows the first colon outside of quotes."""
    inside = False
    for index, character in enumerate(line):
        if character == '"':
            inside = not inside
        elif character == ":" and not inside:
            return line[index + 1 :]
    return ""


def text_value(text: str) -> str:
    """Return a value of type TEXT (section 3.3.11): escaped, and in one line.

    Control characters, for which there is no escape, become spaces.
    """
    plain = _UNFIT.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in "\\;,":
        plain = plain.replace(mark, "\\" + mark)
    return plain.replace("\n", "\\n")


def text_of(value: str) -> str:
    """Return the text that a value of type TEXT means."""
    return re.sub(
        r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value, flags=re.DOTALL
    )


def stamp(instant: datetime) -> str:
    """Return an instant as UTC of whole seconds (section 3.3.5, form 2)."""
    return instant.astimezone(UTC).strftime(_STAMP)


def instant_of(value: str | None) -> datetime | None:
    """Return the UTC instant of a DATE-TIME in form 2, or None for anything else."""
    try:
        return datetime.strptime(value or "", _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def folded(line: str) -> bytes:
    """Return a content line in pieces of at most 75 octets, none of which cuts a character."""
    pieces, octets = [bytearray()], line.encode()
    for character in (octets[i : i + n] for i, n in _characters(octets)):
        if len(pieces[-1]) + len(character) > _LINE_OCTETS:
            pieces.append(bytearray(b" "))
        pieces[-1] += character
    return b"\r\n".join(pieces) + b"\r\n"


def _characters(octets: bytes) -> Iterator[tuple[int, int]]:
    """Return where each character begins, and its length."""
    starts = [i for i, octet in enumerate(octets) if octet & 0xC0 != 0x80]
    yield from zip(
        starts,
        (b - a for a, b in zip(starts, [*starts[1:], len(octets)], strict=True)),
        strict=True,
    )


def read_calendar(text: bytes) -> tuple[Component, bytes, bytes]:
    """Return the one calendar of a file, its first line, and its last.

    The parts of the calendar keep their bytes; its own properties stand among them in no part.

    Raises:
        RejectedDataError: it is no iCalendar, or holds several.
    """
    rows = _unfolded(text)
    if not rows or rows[0][0].strip().upper() != "BEGIN:VCALENDAR":
        raise RejectedDataError("not an iCalendar: it does not begin with BEGIN:VCALENDAR")
    if rows[-1][0].strip().upper() != "END:VCALENDAR":
        raise RejectedDataError("cut short: it does not end with END:VCALENDAR")
    calendar = Component("VCALENDAR")
    open_parts: list[Component] = []
    for number, (line, raw) in enumerate(rows[1:-1], start=2):
        name, _, value = line.partition(":")
        if name.upper() in ("BEGIN", "END") and value.strip().upper() == "VCALENDAR":
            raise RejectedDataError("several calendars in one file")
        if name.upper() == "BEGIN":
            part = Component(value.strip().upper(), raw=b"")
            (open_parts[-1] if open_parts else calendar).parts.append(part)
            open_parts.append(part)
        elif name.upper() == "END":
            if not open_parts or open_parts[-1].kind != value.strip().upper():
                raise RejectedDataError(f"content line {number}: {quoted(line)} ends nothing")
        elif line.strip() and not _NAME.match(line):
            raise RejectedDataError(f"content line {number}: {quoted(line)} is no property")
        elif line.strip():
            (open_parts[-1] if open_parts else calendar).lines.append(line)
        for part in open_parts:
            part.raw = (part.raw or b"") + raw
        if name.upper() == "END":
            open_parts.pop()
    if open_parts:
        raise RejectedDataError(f"{open_parts[-1].kind} is not ended")
    own = b"".join(raw for line, raw in _own(rows[1:-1]))
    return calendar, rows[0][1] + own, rows[-1][1]


def _own(rows: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Return the content lines outside of all parts."""
    depth = 0
    for line, raw in rows:
        name = line.partition(":")[0].upper()
        depth += name == "BEGIN"
        if not depth:
            yield line, raw
        depth -= name == "END"


def _unfolded(text: bytes) -> list[tuple[str, bytes]]:
    """Return each content line, unfolded, and its bytes; blank lines go with the one before."""
    rows: list[list[bytes]] = []
    raws: list[bytes] = []
    for raw in _BREAKS.split(text.removeprefix(b"\xef\xbb\xbf")):
        if not raw:
            continue
        plain = raw.rstrip(b"\r\n")
        if rows and (plain[:1] in (b" ", b"\t") or not plain):
            rows[-1].append(plain[1:])
            raws[-1] += raw
        else:
            rows.append([plain])
            raws.append(raw)
    try:
        return [(b"".join(row).decode(), raw) for row, raw in zip(rows, raws, strict=True)]
    except UnicodeDecodeError as error:
        raise RejectedDataError(f"not UTF-8: {error.reason}") from None
