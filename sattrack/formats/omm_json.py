"""OMM as JSON: a list of objects, or a single one, with the keywords as keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from json import JSONDecodeError
from typing import Any, TypeAlias

from sattrack.elements import ElementSet
from sattrack.errors import RejectedDataError
from sattrack.formats.omm import UNDERSTOOD, keyword_values
from sattrack.formats.reading import Record, Reject, quoted

_Pairs: TypeAlias = tuple[tuple[str, Any], ...]

# Objects become tuples of pairs, so that no key hides another, and numbers stay text, so that
# every form comes to its values in the same way.
_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_float=str, parse_int=str, parse_constant=str
)
_BLANK = re.compile(r"[ \t\n\r]*")


def recognises(text: str) -> bool:
    """Tell whether this begins as JSON."""
    return text.lstrip()[:1] in ("[", "{")


def read(text: str) -> Iterator[Record | Reject]:
    """Read the objects; numbers may be written as strings, as Space-Track does.

    Raises:
        RejectedDataError: the text is not JSON to its end, or holds anything but objects with an
            epoch, as the error messages of Space-Track do.
    """
    line, counted = 1, 0
    for start, value in _values(text):
        if not isinstance(value, tuple) or all(key != "EPOCH" for key, _ in value):
            raise RejectedDataError(f"JSON, but not of element sets: '{quoted(text)}'")
        line += text.count("\n", counted, start)
        counted = start
        yield _record(line, value)


def write(elements: ElementSet, created: datetime) -> str:
    """Return one object; it has no place for when it was made."""
    return json.dumps(keyword_values(elements), ensure_ascii=False)


def join(objects: Sequence[str]) -> str:
    """Return the document that the objects make, one on a line."""
    return "[" + ",\n".join(objects) + "]\n"


def _values(text: str) -> Iterator[tuple[int, Any]]:
    """Return where each value of the list starts, and the value; a single value is a list of one.

    Raises:
        RejectedDataError: the text is not JSON to its end.
    """
    position = _past_blank(text, 0)
    is_list = text[position] == "["
    position = _past_blank(text, position + is_list)
    closed = is_list and text.startswith("]", position)
    try:
        while not closed:
            value, end = _DECODER.raw_decode(text, position)
            yield position, value
            position = _past_blank(text, end)
            closed = not is_list or text.startswith("]", position)
            if not closed:
                position = _past_comma(text, position)
    except JSONDecodeError as error:
        reason = f"line {error.lineno}: the JSON is broken or cut short at column {error.colno}"
        raise RejectedDataError(reason) from None
    except RecursionError:
        raise RejectedDataError("the JSON is nested too deeply for element sets") from None
    position = _past_blank(text, position + is_list)
    if position != len(text):
        raise RejectedDataError(f"after the JSON there is more: '{quoted(text[position:])}'")


def _past_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _past_comma(text: str, position: int) -> int:
    if not text.startswith(",", position):
        raise JSONDecodeError("Expecting ',' delimiter", text, position)
    return _past_blank(text, position + 1)


def _record(line: int, pairs: _Pairs) -> Record | Reject:
    number = dict(pairs).get("NORAD_CAT_ID")
    norad_id = number if isinstance(number, str) else ""
    fields: dict[str, str] = {}
    for key, value in pairs:
        if key in fields:
            return Reject(line, norad_id, quoted(key), "", "is written twice")
        if isinstance(value, str):
            fields[key] = value
        elif value is None or key not in UNDERSTOOD:
            fields[key] = ""
        else:
            return Reject(line, norad_id, key, "", "is neither a number nor text")
    return Record(line, fields, norad_id)
