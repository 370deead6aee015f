"""HTML from values: all text is escaped here, and nowhere else."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sattrack.errors import printable
from sattrack.times import iso_utc
from sattrack.views.report.strings import Language, words

_LONGEST = 4000


def escaped(text: str) -> str:
    """Return text for content and attributes alike; what cannot be seen is written out."""
    return html.escape(printable(text, _LONGEST))


def verbatim(text: str) -> str:
    """Return text that the package ships, with its lines."""
    return html.escape(text)


def attributes(**values: str | int | None) -> str:
    """Return attributes; `_` in a name is `-`, one at its end is dropped, None leaves it out."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escaped(str(value))}"'
        for name, value in values.items()
        if value is not None
    )


def element(tag: str, *content: str, **values: str | int | None) -> str:
    """Return an element; `content` is markup."""
    return f"<{tag}{attributes(**values)}>{''.join(content)}</{tag}>"


def said(
    tag: str,
    key: str,
    language: Language,
    fill: Mapping[str, str | int] | None = None,
    **values: str | int | None,
) -> str:
    """Return an element with a text of the page's own, which its script can translate.

    Args:
        tag: of the element.
        key: of the text.
        language: in which the page is first shown.
        fill: what stands in the braces of the text.
        values: further attributes.
    """
    filled = {f"data_{name}": value for name, value in (fill or {}).items()}
    text = escaped(words(key, language, **(fill or {})))
    return element(tag, text, data_t=key, **filled, **values)


def named(tag: str, name: str, name_ko: str, **values: str | int | None) -> str:
    """Return an element with a name of the catalog, in both languages where it has both."""
    korean = name_ko if name_ko and name_ko != name else None
    return element(tag, escaped(name), data_ko=korean, **values)


def moment(instant: datetime) -> str:
    """Return a `time` element; until the script shows it in the zone chosen it is in UTC."""
    rounded = instant + timedelta(microseconds=500_000)
    return element("time", f"{rounded:%Y-%m-%d %H:%M:%S} UTC", datetime=iso_utc(instant))


def link(url: str | None, text: str) -> str:
    """Return a link where the address is one of the web, and plain text where it is not."""
    try:
        web = url is not None and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        web = False
    return element("a", escaped(text), href=url, rel="noreferrer") if web else escaped(text)


def embedded(id_: str, value: Any) -> str:
    """Return a value as JSON that the page's script reads; it cannot end the script it stands in.

    `<`, `>` and `&` could, and the separators of lines and paragraphs are no part of JavaScript's
    strings in old engines; JSON reads their escapes as the same.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/json" id="{id_}">{text}</script>'


def joined(parts: Iterable[str]) -> str:
    """Return markup line by line, for those who read the source."""
    return "\n".join(parts)
