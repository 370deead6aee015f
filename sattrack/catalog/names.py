"""How a name is recognised: any case, spaces and hyphens alike, English or Korean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_NUMBER = re.compile(r"([-\u2010-\u2015\u2212]?)([0-9]+)")  # the hyphens and dashes people paste
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_OTHER_SEPARATORS = re.compile(r"(?<!\d)-|-(?!\d)|[^\w-]|_")


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common, or an empty string.

    Letters and digits count, separators do not: `GK-2B`, `gk 2b` and `gk2b` share a key. Between
    two digits a separator is kept as one hyphen, so that CAS500-1 is not CAS5001. A number alone
    is itself: 45246 is a catalog number and -155 an identifier of NAIF.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    if number := _NUMBER.fullmatch(folded):
        sign, digits = number.groups()
        return ("-" if sign else "") + (digits.lstrip("0") or "0")
    return _OTHER_SEPARATORS.sub("", _BETWEEN_DIGITS.sub("-", folded))


def catalog_number(name: str) -> int | None:
    """Return the catalog number that `name` is, from 1 to 999999999, or None."""
    key = name_key(name)
    return int(key) if re.fullmatch(r"[1-9][0-9]{0,8}", key) else None


def naif_name(naif_id: int | None) -> str:
    """Return what a NAIF number finds its object by; a moon's alone would be a catalog number."""
    return "" if naif_id is None else str(naif_id) if naif_id < 0 else f"NAIF {naif_id}"


def nearest(word: str, choices: Iterable[str], count: int = 3) -> list[str]:
    """Return up to `count` of `choices` that `word` may be a slip of the pen for, nearest first."""
    from difflib import get_close_matches

    return get_close_matches(word, choices, count, cutoff=0.6)
