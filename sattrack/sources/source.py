"""What every publisher of orbits promises, and the ways in which it can answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from sattrack.catalog import Spacecraft
from sattrack.errors import NetworkError, RefusedError
from sattrack.formats.horizons import StatesAsked
from sattrack.times import Span

# Called with the number of bytes that have come so far.
Progress: TypeAlias = Callable[[int], None]
# Catalog numbers, each with a place where it is known to be missing: see `Request.place`.
Absent: TypeAlias = Collection[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a publisher, whose answer is one data set.

    Attributes:
        key: names the data set in the fetch log, for instance `gp.php?GROUP=active`; no secret and
            no host is part of it.
        publisher: whose element sets these are, for instance `celestrak-sup`.
        wanted: catalog numbers that the answer must hold.
        group: the publisher's name for the group that is asked for; empty when asking by number.
        whole: whether everything in the answer is kept, not only what is `wanted`.
        ahead: whether the publisher also predicts sets for days to come, which are not kept yet.
    """

    key: str
    publisher: str
    wanted: frozenset[int] = frozenset()
    group: str = ""
    whole: bool = False
    ahead: bool = False

    @property
    def place(self) -> str:
        """Where a spacecraft is missing when this answer lacks it: `celestrak/active`."""
        return f"{self.publisher}/{self.group}" if self.group else self.publisher

    @property
    def label(self) -> str:
        """What is asked for, as people say it."""
        if self.group:
            return f"group {self.group}"
        return ", ".join(map(str, sorted(self.wanted))) or self.key


@dataclass(frozen=True, slots=True)
class Fresh:
    """The text of a data set, as it came; whether it is one remains to be seen."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Current:
    """There is nothing newer than what was fetched from here before.

    Attributes:
        since: when that was, UTC, if the publisher says.
    """

    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotOffered:
    """The publisher has nothing under that number."""


Answer: TypeAlias = Fresh | Current | NotOffered


class Publisher(Protocol):
    """Who publishes orbits, of what kind ever."""

    @property
    def name(self) -> str:
        """The name in the catalog and the fetch log."""
        ...

    @property
    def title(self) -> str:
        """The name as people write it."""
        ...

    @property
    def interval(self) -> timedelta:
        """The least time between two downloads of one data set."""
        ...

    @property
    def ready(self) -> bool:
        """Whether it can be asked: it has the account that it needs."""
        ...

    @property
    def fault(self) -> str:
        """What on this machine keeps it from being asked, for somebody to mend; or nothing."""
        ...

    def offers(self, craft: Spacecraft) -> bool:
        """Tell whether the catalog expects data of this spacecraft here."""
        ...


class Source(Publisher, Protocol):
    """A publisher of element sets. It brings text and neither reads it nor keeps it."""

    def plan(
        self, wanted: Sequence[Spacecraft], group: str = "", absent: Absent = ()
    ) -> tuple[Request, ...]:
        """Return the fewest requests that bring what is wanted, each spacecraft in one of them.

        Args:
            wanted: spacecraft with a catalog number; those not offered here are passed over.
            group: a group of the publisher's, wanted as a whole; then `wanted` is not asked for.
            absent: what is known to be missing, and where; it is not asked for there.

        Raises:
            InvalidInputError: there can be no such group.
        """
        ...

    def covering(self, craft: Spacecraft, absent: Absent = ()) -> tuple[str, ...]:
        """Return the keys of all requests whose answer has the newest set of this spacecraft."""
        ...

    def fetch(self, request: Request, progress: Progress | None = None) -> Answer:
        """Ask once.

        Raises:
            NetworkError: the publisher cannot be reached, or its server is down.
            RefusedError: the publisher does not want to be asked.
            RejectedDataError: the answer cannot be a data set.
            StorageError: a file of this machine cannot be read or written.
        """
        ...


class EphemerisSource(Publisher, Protocol):
    """A publisher of tables of states. It, too, only brings text."""

    def plan(self, craft: Spacecraft, span: Span) -> tuple[StatesAsked, ...]:
        """Return the requests whose answers cover `span`; each begins where the last one ends."""
        ...

    def key(self, craft: Spacecraft) -> str:
        """Return the name under which what is asked of this spacecraft stands in the fetch log."""
        ...

    def fetch(self, asked: StatesAsked, progress: Progress | None = None) -> bytes:
        """Ask once, and return the text of the answer; raises what `Source.fetch` does."""
        ...


class UnreachableError(NetworkError):
    """No answer came.

    Attributes:
        sent: whether the publisher may have seen a request.
        reset: whether the other side broke or ignored the connection, as a firewall does.
    """

    def __init__(self, message: str, *, sent: bool = True, reset: bool = False) -> None:
        super().__init__(message)
        self.sent = sent
        self.reset = reset


class TurnedAwayError(RefusedError):
    """The publisher said no, and is not asked again for a while.

    Attributes:
        wait: how long it asks to wait, if it says.
    """

    def __init__(self, message: str, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait
