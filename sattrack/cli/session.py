"""What a command needs from this machine: the clock, the catalog, element sets, the screen."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sattrack.catalog import Catalog, Entry, Group, Station
from sattrack.cli.options import Format
from sattrack.errors import (
    InvalidInputError,
    NoOrbitError,
    RejectedDataError,
    SattrackError,
    StorageError,
    printable,
)
from sattrack.settings import Home, load_catalog, write_answer
from sattrack.times.span import Span
from sattrack.views.language import Language, language, learn_names, phrase

if TYPE_CHECKING:
    from sattrack.exports.calendars import Series
    from sattrack.exports.json import Document
    from sattrack.tracking import ElementShelf, Found, Tracker
    from sattrack.tracking.files import GivenTables
    from sattrack.views.passes import Screen

_DEFAULT_DAYS = 1.0
_NARROWEST = 40
# Whether what is printed goes to a log.
_DATED = ContextVar("dated", default=False)


@dataclass(frozen=True)
class Session:
    """One run of one command; the clock is read here and handed down.

    Attributes:
        tells_of_store: whether to warn of a store that cannot be used; an update does by itself.
    """

    home: Home
    now: datetime
    tells_of_store: bool = True

    @classmethod
    def begin(cls, *, tells_of_store: bool = True) -> Session:
        """Read the environment and the clock."""
        return cls(Home.of(os.environ), datetime.now(UTC), tells_of_store)

    @cached_property
    def tracker(self) -> Tracker:
        """The catalog with the user's additions, and the element sets at hand."""
        from sattrack.tracking import Tracker

        tracker = Tracker.open(os.environ)
        for notice in tracker.notices if self.tells_of_store else ():
            warn(notice)
        return tracker

    def learn_names(self) -> None:
        """Have the catalog's names told in the language of the command."""
        if language() is Language.ko:
            learn_names(self.catalog.korean_names())

    @property
    def catalog(self) -> Catalog:
        """The shipped catalog with the user's additions."""
        return load_catalog(self.home)

    @cached_property
    def local_zone(self) -> tzinfo:
        """The time zone of this machine."""
        from sattrack.times.reading import read_zone

        return read_zone("local")

    def zone(self, name: str | None) -> tzinfo:
        """Return the zone to show times in."""
        from sattrack.times.reading import read_zone

        return self.local_zone if name is None else read_zone(name)

    def time(self, text: str) -> datetime:
        """Return the instant that somebody wrote, UTC."""
        from sattrack.times.reading import read_time

        return read_time(text, self.now, self.local_zone)

    def span(self, start: str, end: str | None, days: float | None) -> Span:
        """Return the window that `--start`, `--end` and `--days` describe."""
        if end is not None and days is not None:
            raise InvalidInputError("--end and --days exclude each other; give one of them")
        begin = self.time(start)
        if end is not None:
            return Span(begin, self.time(end))
        days = _DEFAULT_DAYS if days is None else days
        if not days > 0.0:
            raise InvalidInputError(f"--days {days:g} is not a length of time; give more than 0")
        return Span.from_days(begin, days)

    def found(
        self,
        names: list[str] | None,
        instant: datetime,
        elements: str | None,
        max_age: str | None,
        as_of: str | None,
    ) -> Found:
        """Return the orbits of what was named, from the elements that suit `instant`.

        Raises:
            SattrackError: none of them can be answered for.
        """
        from sattrack.times.reading import read_duration

        if not names and elements is None:
            raise InvalidInputError("name at least one spacecraft, or give a file with --elements")
        oldest = None if max_age is None else read_duration(max_age)
        tracker, known = self.asked(elements, as_of)
        found = tracker.search(*names or [], at=instant, max_age=oldest, as_of=known)
        if not found.tracked:
            raise found.missing[0]
        return found

    def asked(self, elements: str | None, as_of: str | None) -> tuple[Tracker, datetime | None]:
        """Return who answers by `--elements` and `--as-of`, and the day of what was known."""
        known = None if as_of is None else self.time(as_of)
        if elements is None:
            return self.tracker, known
        if known is not None:
            raise InvalidInputError("--as-of asks the store; it has no sense with --elements")
        text = self.document(elements)
        tables = self.given_tables(elements, text)
        if tables is not None:
            return replace(self.tracker, given_tables=tables), None
        return replace(self.tracker, given=self._given(elements, text)), None

    @staticmethod
    def document(source: str) -> bytes:
        """Return the bytes of a file, or of standard input, which `-` stands for."""
        try:
            return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        except OSError as error:
            raise StorageError(f"cannot read {source}: {error.strerror or error}") from error

    def given_tables(self, source: str, text: bytes) -> GivenTables | None:
        """Return the ephemerides of a file of the user's, or None if it holds none."""
        from sattrack.tracking.files import given_tables

        return given_tables(text, source, self.tracker.catalog)

    def _given(self, source: str, text: bytes) -> ElementShelf:
        """Return the element sets of a file of the user's."""
        from sattrack.tracking import ElementShelf, published_in

        try:
            found, refused = published_in(text, self.now)
        except RejectedDataError as error:
            raise RejectedDataError(f"{source}: {error}") from error
        for line in refused:
            warn(f"{source}: {line}")
        if not found:
            raise RejectedDataError(f"{source}: no element set in it can be used")
        return ElementShelf(found)

    def screen(self, zone: str | None) -> Screen:
        """Return what tables are laid out for."""
        from sattrack.views.passes import Screen

        self.learn_names()
        return Screen(terminal_width(), self.zone(zone), wants_bold())

    def answer(
        self,
        form: str,
        output: Path | None,
        table: Callable[[], str],
        document: Callable[[], Document],
        csv: Callable[[Document], str],
        others: Mapping[str, Callable[[], str]] | None = None,
    ) -> None:
        """Print an answer in the form asked for, or write it to a file; only that form is made.

        Args:
            form: a member of the command's own `Format`.
            output: the file, or None.
            table: makes a table.
            document: makes what JSON and CSV are written from.
            csv: makes CSV.
            others: make the forms that only this command has, by their name.
        """
        if others and form in others:
            text = others[form]()
        elif form == Format.table:
            text = table()
        elif form == Format.csv:
            text = csv(document())
        else:
            from sattrack.exports.json import dumps

            text = dumps(document())
        self.write(text, output)

    def calendar(
        self, series: Sequence[Series], output: Path | None, alarm: timedelta | None
    ) -> str:
        """Return a calendar; where one stands at `output`, that brought up to date."""
        from sattrack.exports.calendars import calendar_text

        try:
            previous = output.read_bytes() if output is not None and output.is_file() else b""
        except OSError as error:
            raise StorageError(f"cannot read {output}: {error.strerror or error}") from error
        try:
            return calendar_text(series, self.now, previous or None, alarm)
        except RejectedDataError as error:
            raise RejectedDataError(f"{output}: {error}; nothing is written") from error

    def write(self, text: str, output: Path | None) -> None:
        """Print `text`, or write it to a file at once and whole."""
        if output is None:
            say(text)
        else:
            write_answer(output, text.encode())


def alarm_before(text: str | None, form: str) -> timedelta | None:
    """Return how long before each entry `--alarm` rings; only calendars do."""
    if text is None:
        return None
    if form != "ics":
        raise InvalidInputError("--alarm rings from a calendar; give --format ics with it")
    from sattrack.times.reading import read_duration

    return read_duration(text)


def finish(warnings: Iterable[str], missing: Sequence[SattrackError], complete: bool) -> None:
    """Say what an answer lacks, and end with the status of the most serious lack, if any.

    Raises:
        Exit: some of what was asked for could not be answered.
    """
    for warning in warnings:
        warn(warning)
    for error in missing:
        warn(str(error))
    status = max((error.exit_status for error in missing), default=0)
    if not complete:
        status = max(status, NoOrbitError.exit_status)
    if status:
        raise typer.Exit(status)


def terminal_width() -> int:
    """Return the width of the terminal, or 80 where there is none."""
    return max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def wants_bold() -> bool:
    """Whether text may be emphasised: on a terminal, and never against NO_COLOR."""
    dumb = os.environ.get("TERM", "dumb") == "dumb"
    return sys.stdout.isatty() and not dumb and not os.environ.get("NO_COLOR")


def names_like(incomplete: str) -> list[str]:
    """Return the catalog's names that begin like this, for the shell."""
    wanted = incomplete.casefold()
    catalog = Session.begin().catalog
    return [name for name in catalog.names() if name.casefold().startswith(wanted)]


def places_like(incomplete: str) -> list[str]:
    """Return the ids of stations and groups of stations that begin like this, for the shell."""
    wanted = incomplete.casefold()
    catalog = Session.begin().catalog
    places: list[Entry] = [*catalog.each(Station), *catalog.each(Group)]
    found = [entry.id for entry in places if catalog.stations_of(entry)]
    return [name for name in found if name.startswith(wanted)]


def warn(message: str) -> None:
    """Say on stderr what the user should know about an answer that is given all the same."""
    complain(phrase(f"warning: {printable(message)}"))


def complain(message: str) -> None:
    """Say on stderr what went wrong; `message` is printable."""
    say(f"sattrack: {message}", err=True)


def say(text: str, *, err: bool = False) -> None:
    """Print lines."""
    if _DATED.get():
        stamp = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        text = "".join(f"{stamp} {line}\n" for line in text.splitlines() if line)
    typer.echo(text, nl=not text.endswith("\n"), err=err)


@contextmanager
def dated_lines(wanted: bool = True) -> Iterator[None]:
    """Begin every line that the body prints with the time, as a log needs it; also its error.

    Raises:
        Exit: the body raised an error, and its line is printed.
    """
    token = _DATED.set(wanted)
    try:
        yield
    except SattrackError as error:
        if not wanted:
            raise
        for line in str(error).split("\n"):
            complain(phrase(printable(line)))
        raise typer.Exit(error.exit_status) from None
    finally:
        _DATED.reset(token)
