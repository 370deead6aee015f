"""How often a place is seen: the gaps between visits, by one craft or by several together."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sattrack.coverage.imaging import Access
from sattrack.times.span import Span

# A radar that is blind beneath itself sees a place twice within minutes: that is one visit. A craft
# comes back after a revolution, which takes an hour and a half at least.
ONE_VISIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visit:
    """A stretch of time in which a place is seen, by whomever."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Revisit:
    """How often a place is seen within a window.

    A gap is the time from the end of one visit to the start of the next. Before the first visit and
    after the last there is no gap, only a wait for as long as the window lasts.

    Attributes:
        accesses: how many there are, of all craft.
        visits: accesses of one craft less than 15 minutes apart are one, and so are those of
            several craft that overlap; in order of time, disjoint.
        span: the window.
    """

    accesses: int
    visits: tuple[Visit, ...]
    span: Span

    @property
    def gaps_s(self) -> tuple[float, ...]:
        """The gaps between visits, in order of time."""
        return tuple(
            (after.start - before.end).total_seconds() for before, after in pairwise(self.visits)
        )

    @property
    def mean_s(self) -> float | None:
        """The mean gap; None without two visits."""
        return statistics.fmean(self.gaps_s) if self.gaps_s else None

    @property
    def median_s(self) -> float | None:
        """The median gap; None without two visits."""
        return statistics.median(self.gaps_s) if self.gaps_s else None

    @property
    def worst_s(self) -> float | None:
        """The longest gap; None without two visits."""
        return max(self.gaps_s, default=None)

    @property
    def longest_wait_s(self) -> float:
        """The longest time unseen, with the window's beginning and end counted in."""
        edges = [self.span.start]
        for visit in self.visits:
            edges += [visit.start, visit.end]
        edges.append(self.span.end)
        return max(
            (after - before).total_seconds()
            for before, after in zip(edges[0::2], edges[1::2], strict=True)
        )


def revisit(of_each: Iterable[Sequence[Access]], span: Span) -> Revisit:
    """Return how often a place is seen.

    Args:
        of_each: the accesses of each craft, in order of time.
        span: the window in which they were sought.
    """
    every = [list(accesses) for accesses in of_each]
    visits = [visit for accesses in every for visit in _joined(_visits(accesses), ONE_VISIT)]
    return Revisit(
        sum(map(len, every)), tuple(_joined(sorted(visits, key=_start), timedelta())), span
    )


def _start(visit: Visit) -> datetime:
    return visit.start


def _visits(accesses: Iterable[Access]) -> list[Visit]:
    return [Visit(access.first.time, access.last.time) for access in accesses]


def _joined(visits: Iterable[Visit], within: timedelta) -> list[Visit]:
    """Return visits in order of time, those that are not further apart than `within` as one."""
    joined: list[Visit] = []
    for visit in visits:
        if joined and visit.start - joined[-1].end <= within:
            joined[-1] = Visit(joined[-1].start, max(joined[-1].end, visit.end))
        else:
            joined.append(visit)
    return joined
