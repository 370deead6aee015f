"""The language in which people are answered; documents for programs are the same in any.

English is what the program says; another language is a table of its phrases, read when it is first
wanted. What the table lacks stays English.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Language(StrEnum):
    """Languages in which people are answered."""

    en = "en"
    ko = "ko"


_SPOKEN = ContextVar("spoken", default=Language.en)
_OPTION = "--lang"


def language() -> Language:
    """Return the language in which this command answers."""
    return _SPOKEN.get()


@contextmanager
def spoken(chosen: Language) -> Iterator[None]:
    """Answer in a language while the body runs."""
    token = _SPOKEN.set(chosen)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language that `--lang` names, or else the locale of the machine.

    A language that is not known is left to the reader of options, which refuses it.
    """
    options = list(arguments)
    if "--" in options:
        options = options[: options.index("--")]
    for k in reversed(range(len(options))):
        name, equals, value = options[k].partition("=")
        if name == _OPTION:
            value = value if equals else next(iter(options[k + 1 :]), "")
            return Language(value) if value in Language.__members__ else of_machine(environment)
    return of_machine(environment)


def of_machine(environment: Mapping[str, str]) -> Language:
    """Return the language that the environment asks programs to speak, as POSIX has it."""
    asked = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((value for value in asked if value), "")
    code = first.partition(".")[0].partition("_")[0].casefold()
    return Language.ko if code == "ko" else Language.en


def phrase(text: str) -> str:
    """Return a phrase or sentence of the program's in the language of this command."""
    if _SPOKEN.get() is Language.en:
        return text
    from sattrack.views.korean import translated

    return translated(text)


def title(text: str) -> str:
    """Return the title of a column in the language of this command."""
    if _SPOKEN.get() is Language.en:
        return text
    from sattrack.views.korean import translated_title

    return translated_title(text)


def cells(column: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stands in a column of the (English) title, in the language of this command."""
    if _SPOKEN.get() is Language.en:
        return texts
    from sattrack.views.korean import translated_cells

    return translated_cells(column, texts)


def learn_names(names: Mapping[str, str]) -> None:
    """Call entries of the catalog, by their English names, as the language of this command does."""
    from sattrack.views.korean import NAMES

    NAMES.set(names)
