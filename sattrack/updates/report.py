"""What an update did, and what went wrong in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sattrack.elements import Published, PublishedStates
from sattrack.orbits.manoeuvres import Manoeuvre
from sattrack.store import Fetch

ChangeKind: TypeAlias = Literal[
    "renamed", "decayed", "no longer offered", "manoeuvre", "inconsistent"
]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that did not work, in one line, and the exit status that it stands for.

    Attributes:
        standing: it happened in an earlier run and still keeps us from asking.
    """

    status: int
    message: str
    standing: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a spacecraft since the last update, apart from newer elements.

    Attributes:
        text: what, in words.
        manoeuvre: its figures, where that is what happened.
    """

    kind: ChangeKind
    norad_id: int
    name: str
    text: str
    manoeuvre: Manoeuvre | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What came of asking one source, or of not asking it.

    Attributes:
        fetches: the requests that were sent, with what came of each.
        current: how many spacecraft were not asked for, since their data are current.
        next_at: when there may be something new at the earliest; None for at once.
        noun: what it gives: element sets, or tables.
    """

    name: str
    title: str
    fetches: tuple[Fetch, ...] = ()
    failures: tuple[Failure, ...] = ()
    current: int = 0
    next_at: datetime | None = None
    noun: str = "element set"

    @property
    def sets(self) -> int:
        """How many element sets or tables came and were accepted."""
        return sum(fetch.sets for fetch in self.fetches)

    @property
    def new(self) -> int:
        """How many of them were not held before."""
        return sum(fetch.new for fetch in self.fetches)

    @property
    def status(self) -> int:
        """The exit status of the most serious failure, or 0."""
        return max((failure.status for failure in self.failures), default=0)


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What came of an update.

    Attributes:
        failures: those that belong to no source.
        new: the element sets that were not held before.
        tables: the tables of states that were not.
        warnings: what the user should know all the same.
        notes: why some of what was asked for is not fetched at all.
    """

    sources: tuple[SourceReport, ...]
    failures: tuple[Failure, ...] = ()
    new: tuple[Published, ...] = ()
    tables: tuple[PublishedStates, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def every_failure(self) -> tuple[Failure, ...]:
        """All failures, of all sources."""
        return (*self.failures, *(f for source in self.sources for f in source.failures))

    @property
    def status(self) -> int:
        """The exit status of the most serious failure, or 0; statuses are ranked by number."""
        return max((failure.status for failure in self.every_failure), default=0)

    @property
    def is_news(self) -> bool:
        """Whether anything changed, or went wrong that had not gone wrong before."""
        fresh = any(not failure.standing for failure in self.every_failure)
        return bool(self.new or self.tables or self.changes or self.warnings or fresh)
