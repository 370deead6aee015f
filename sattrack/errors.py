"""Everything a user can act upon, each with its exit status.

A `SattrackError` is printed as one line and never as a traceback; the command line catches the
family once, at the top. A traceback is a bug in sattrack (exit status 1).
"""


class SattrackError(Exception):
    """Something the user can act on: what failed, which one, what to do."""

    exit_status = 1


class InvalidInputError(SattrackError, ValueError):
    """A time, place, number or option that cannot be read."""

    exit_status = 2


class UnknownNameError(SattrackError):
    """No spacecraft, group, station or city of that name, or more than one."""

    exit_status = 3


class NoOrbitError(SattrackError):
    """There is no orbit for the time asked: unpublished, outside coverage, or decayed."""

    exit_status = 4


class StaleElementsError(SattrackError):
    """The elements are older than the user allows."""

    exit_status = 5


class NetworkError(SattrackError):
    """A publisher could not be reached, or its server is down."""

    exit_status = 6


class RefusedError(SattrackError):
    """A publisher refused to answer: blocked, not logged in, or asked too often."""

    exit_status = 7


class RejectedDataError(SattrackError):
    """Data that came in is not what it should be, and was not kept or used."""

    exit_status = 8


class StorageError(SattrackError):
    """A file or folder of this machine cannot be read or written."""

    exit_status = 9


class BusyError(SattrackError):
    """Another update is running."""

    exit_status = 10


def printable(text: str, width: int = 500) -> str:
    r"""Return `text` fit to stand in one line on any terminal.

    What cannot be seen, or would move the cursor or turn the line around, is written as Python
    writes it (`\x1b`, `\u202e`); what is longer than `width` characters ends in an ellipsis.
    """
    # Cut first: a name of a megabyte must not cost the time to escape it.
    seen = [
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text[: width + 1]
    ]
    if sum(map(len, seen)) > width:
        while seen and sum(map(len, seen)) > width - 1:
            seen.pop()
        seen.append("…")
    return "".join(seen)


def quoted(text: str, width: int = 80) -> str:
    """Return `text` in single quotes, `printable` and at most `width` characters between them."""
    return f"'{printable(text, width)}'"


_ISOLATES = "\u2066\u2067\u2068"
_EMBEDDINGS = "\u202a\u202b\u202d\u202e"


def isolated(text: str) -> str:
    """Return `text` so that its direction of writing turns nothing beside it around.

    Plain text comes back as it is; where there are marks of direction, it stands whole between an
    isolate and the ends of all that it opens (Unicode Standard Annex 9, section 3.1).
    """
    isolates = sum(map(text.count, _ISOLATES))
    embeddings = sum(map(text.count, _EMBEDDINGS))
    if not isolates and not embeddings and "\u2069" not in text and "\u202c" not in text:
        return text
    closing = "\u2069" * (isolates + 1) + "\u202c" * embeddings
    return f"\u2068{text}{closing}"
