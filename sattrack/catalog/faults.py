"""What is wrong in a catalog file, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sattrack.catalog.names import nearest
from sattrack.errors import RejectedDataError

_LONGEST_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in a file of the catalog."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{escaped(self.file)}:{self.line}: {self.text}"


class CatalogError(RejectedDataError):
    """Files of the catalog are faulty; the message has one line for each fault.

    Attributes:
        faults: all of them, in the order of the files read.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def quoted(value: object) -> str:
    """Return `value` as it may be shown: in quotes if text, cut short, nothing unprintable."""
    text = repr(value) if isinstance(value, str | int | float | list | dict) else str(value)
    return text if len(text) <= _LONGEST_QUOTED else f"{text[: _LONGEST_QUOTED - 1]}…"


def escaped(text: str) -> str:
    """Return `text` with what a terminal could obey replaced by escapes."""
    return text if text.isprintable() else repr(text)[1:-1]


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return the end of a message about `word`: a suggestion, or nothing."""
    suggestions = nearest(word, choices, 1)
    return f"; did you mean {quoted(suggestions[0])}?" if suggestions else ""
