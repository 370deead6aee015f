"""OMM as XML: CCSDS 502.0-B-3, section 8, one message or many in an NDM.

The text is read element by element, without a tree. It cannot name other files or multiply itself,
because a document type, the only place to declare entities, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from sattrack.elements import ElementSet
from sattrack.errors import RejectedDataError
from sattrack.formats.omm import UNDERSTOOD, VERSION, Entry, message_sections, record_of
from sattrack.formats.reading import Record, Reject, quoted

# An entry of an OMM in an NDM lies at depth seven.
_DEEPEST = 30
_START = re.compile(r"\s*<(?:\?xml|(?:\w+:)?(?:ndm|omm))\b")
_SCHEMA = "https://sanaregistry.org/r/ndmxml_unqualified/ndmxml-3.0.0-master-3.0.xsd"


def recognises(text: str) -> bool:
    """Tell whether this begins as XML, and not as a web page."""
    return _START.match(text) is not None


def read(text: str) -> Iterator[Record | Reject]:
    """Read the messages; elements that sattrack does not use may say what they like.

    Raises:
        RejectedDataError: the text is not XML to its end, declares a document type, is nested
            beyond all need, or holds no OMM.
    """
    from xml.parsers import expat

    messages = _Messages()
    try:
        messages.parser.Parse(text, True)
    except expat.ExpatError as error:
        reason = f"line {error.lineno}: the XML is broken or cut short at column {error.offset + 1}"
        raise RejectedDataError(reason) from None
    if not messages.records:
        raise RejectedDataError(f"XML, but not of element sets: '{quoted(text)}'")
    return iter(messages.records)


def write(elements: ElementSet, created: datetime) -> str:
    """Return one message."""
    sections = message_sections(elements, created)
    data = "".join(_section(name, sections[name]) for name in ("meanElements", "tleParameters"))
    return (
        f'<omm id="CCSDS_OMM_VERS" version="{VERSION}">\n'
        f"{_section('header', sections['header'])}"
        "<body>\n<segment>\n"
        f"{_section('metadata', sections['metadata'])}"
        f"<data>\n{data}</data>\n"
        "</segment>\n</body>\n</omm>\n"
    )


def join(messages: Sequence[str]) -> str:
    """Return the document that the messages make."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ndm xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:noNamespaceSchemaLocation="{_SCHEMA}">\n'
        f"{''.join(messages)}</ndm>\n"
    )


def _section(name: str, values: Mapping[str, str]) -> str:
    from xml.sax.saxutils import escape

    lines = (f"<{key}>{escape(value)}</{key}>\n" for key, value in values.items())
    return f"<{name}>\n{''.join(lines)}</{name}>\n"


class _Messages:
    """What expat finds.

    Attributes:
        records: what each OMM makes of its elements; each ends with it, however deep it lies.
    """

    def __init__(self) -> None:
        from xml.parsers import expat

        self.records: list[Record | Reject] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._depth = 0
        self._first_line = 0
        self._entries: list[Entry] = []
        self._in_text = False
        self._line = 0
        self._unit = ""
        self._text: list[str] = []

    def _refuse_document_type(self, name: str, *_: object) -> None:
        raise RejectedDataError(f"the XML declares a document type, as no OMM does: {quoted(name)}")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RejectedDataError("the XML is nested too deeply for element sets")
        self._in_text = True
        self._line = self.parser.CurrentLineNumber
        self._unit = attributes.get("units", "").strip() if attributes else ""
        self._text = []
        self.parser.CharacterDataHandler = self._text.append
        if _local(tag) == "omm":
            self._first_line = self._line
            self._entries = []

    def _end(self, tag: str) -> None:
        self._depth -= 1
        # What stands between elements is blank.
        self.parser.CharacterDataHandler = None
        keyword = _local(tag)
        if self._in_text and keyword in UNDERSTOOD:
            text = "".join(self._text).strip()
            self._entries.append(Entry(self._line, keyword, text, self._unit))
        self._in_text = False
        if keyword == "omm":
            self.records.append(record_of(self._first_line, self._entries))
            self._entries = []


@lru_cache
def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
