"""OEM as XML: CCSDS 502.0-B-3, section 8.

The text is read element by element, without a tree. It cannot name other files or multiply itself,
because a document type, the only place to declare entities, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sattrack.errors import RejectedDataError, quoted
from sattrack.formats.oem import FIRST, METADATA, VERSION, RawSegment, Segment, metadata_of

_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<(?:\w+:)?ndm\b[^>]*>\s*)?<(?:\w+:)?oem\b",
    re.DOTALL,
)
_DEEPEST = 30
_SCHEMA = "https://sanaregistry.org/r/ndmxml_unqualified/ndmxml-2.0.0-master-2.0.xsd"
_NAMES = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_UNITS = {**dict.fromkeys(_NAMES[:3], "km"), **dict.fromkeys(_NAMES[3:], "km/s")}


def recognises(text: str) -> bool:
    """Tell whether this begins as XML of an OEM, alone or in an NDM."""
    return _START.match(text) is not None


def read(text: str) -> tuple[str, list[RawSegment]]:
    """Return the version and the segments.

    Raises:
        RejectedDataError: the text is not XML to its end, declares a document type, is nested
            beyond all need, or holds several messages.
    """
    from xml.parsers import expat

    message = _Message()
    try:
        message.parser.Parse(text, True)
    except expat.ExpatError as error:
        reason = f"line {error.lineno}: the XML is broken or cut short at column {error.offset + 1}"
        raise RejectedDataError(reason) from None
    return message.version, message.segments


def write(header: Mapping[str, str], segments: Sequence[Segment]) -> str:
    """Return the message."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oem xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:noNamespaceSchemaLocation="{_SCHEMA}" id="{FIRST}" version="{VERSION}">\n'
        f"{_section('header', header)}"
        f"<body>\n{''.join(map(_segment, segments))}</body>\n</oem>\n"
    )


def _segment(segment: Segment) -> str:
    rows = zip(*segment.position_km.tolist(), *segment.velocity_km_s.tolist(), strict=True)
    states = []
    for epoch, row in zip(segment.epochs, rows, strict=True):
        values = {"EPOCH": epoch} | dict(zip(_NAMES, map(repr, row), strict=True))
        states.append(_section("stateVector", values))
    metadata = _section("metadata", metadata_of(segment))
    return f"<segment>\n{metadata}<data>\n{''.join(states)}</data>\n</segment>\n"


def _section(name: str, values: Mapping[str, str]) -> str:
    from xml.sax.saxutils import escape

    lines = (f"<{key}>{escape(value)}</{key}>\n" for key, value in values.items())
    return f"<{name}>\n{''.join(lines)}</{name}>\n"


class _Message:
    """What expat finds."""

    def __init__(self) -> None:
        from xml.parsers import expat

        self.version = ""
        self.segments: list[RawSegment] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._path: list[str] = []
        self._text: list[str] = []
        self._unit = ""
        self._state: dict[str, str] = {}

    def _refuse_document_type(self, name: str, *_: object) -> None:
        raise RejectedDataError(f"the XML declares a document type, as no OEM does: {quoted(name)}")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise RejectedDataError("the XML is nested too deeply for an ephemeris")
        line = self.parser.CurrentLineNumber
        self._text, self._unit = [], attributes.get("units", "").strip()
        if name == "oem":
            if self.version:
                raise RejectedDataError(f"line {line}: a second OEM in one document")
            self.version = attributes.get("version", "").strip() or "none"
        elif name == "segment":
            self.segments.append(RawSegment(line, {}, []))
        elif name == "stateVector":
            self._state = {}

    def _characters(self, text: str) -> None:
        self._text.append(text)

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        parent = self._path[-1] if self._path else ""
        text = "".join(self._text).strip()
        self._text = []
        if parent == "metadata" and name != "COMMENT":
            if name not in METADATA or not self.segments:
                raise self._fault(f"<{quoted(name)}> does not belong there")
            self._add(self.segments[-1].metadata, name, text)
        elif parent == "stateVector":
            if self._unit and self._unit != _UNITS.get(name, self._unit):
                raise self._fault(f"{name} must be in {_UNITS[name]}, not {quoted(self._unit)}")
            self._add(self._state, name, text)
        elif name == "stateVector" and self.segments:
            numbers = [self._state.get(key, "") for key in _NAMES]
            epoch = self._state.get("EPOCH", "")
            self.segments[-1].states.append((self.parser.CurrentLineNumber, epoch, numbers))

    def _add(self, values: dict[str, str], name: str, text: str) -> None:
        if name in values:
            raise self._fault(f"{quoted(name)} is written twice")
        values[name] = text

    def _fault(self, reason: str) -> RejectedDataError:
        return RejectedDataError(f"line {self.parser.CurrentLineNumber}: {reason}")
