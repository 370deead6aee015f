"""OMM as JSON: a list of objects, or a single one, with the keywords as keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any, TypeAlias

from sattrack.errors import RejectedDataError
from sattrack.formats.omm import KEYWORDS
from sattrack.formats.reading import Record, Reject, quoted

_Pairs: TypeAlias = tuple[tuple[str, Any], ...]

# Objects become tuples of pairs, so that no key hides another, and numbers stay text, so that
# every form comes to its values in the same way.
_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_float=str, parse_int=str, parse_constant=str
)
_BLANK = re.compile(r"[ \t\n\r]*")


def recognises(text: str) -> bool:
    """Tell whether this can only be JSON."""
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
    fields = {key: "" if value is None else str(value) for key, value in pairs}
    norad_id = fields.get("NORAD_CAT_ID", "")
    if len(fields) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        return Reject(line, norad_id, quoted(twice), "", "stands there twice")
    for key, value in pairs:
        if key in KEYWORDS and not isinstance(value, str | None):
            return Reject(line, norad_id, key, str(value), "is neither a number nor text")
    return Record(line, fields, norad_id)
