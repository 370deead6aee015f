"""A network of stations: when at least one of them hears a craft, and who hands over to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sattrack.passes.horizon import Pass
from sattrack.times.span import Span


@dataclass(frozen=True, slots=True)
class Watch:
    """One station on duty: from when until when it is the one that listens."""

    station: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """Where one station takes over from another.

    Attributes:
        time: when the one before it ends.
        overlap_s: for how long both hear the craft before that.
    """

    time: datetime
    before: str
    after: str
    overlap_s: float


@dataclass(frozen=True, slots=True)
class NetworkContacts:
    """The contacts of all stations of a network together.

    Attributes:
        span: what was searched.
        heard: the stretches in which at least one station hears the craft; disjoint, in order.
        watches: who listens when, the fewest changes that cover all of `heard`.
        handovers: where the watch changes without a gap.
    """

    span: Span
    heard: tuple[Span, ...]
    watches: tuple[Watch, ...]
    handovers: tuple[Handover, ...]

    @property
    def gaps(self) -> tuple[Span, ...]:
        """The stretches of the span in which no station hears the craft."""
        edges = [self.span.start]
        for stretch in self.heard:
            edges += [stretch.start, stretch.end]
        edges.append(self.span.end)
        pairs = zip(edges[0::2], edges[1::2], strict=True)
        return tuple(Span(start, end) for start, end in pairs if end > start)

    @property
    def heard_s(self) -> float:
        """Time in which at least one station hears the craft."""
        return sum((stretch.end - stretch.start).total_seconds() for stretch in self.heard)

    def heard_s_by_day(self) -> dict[str, float]:
        """Return the time heard on each day (UTC, ISO 8601), days without any included."""
        day = self.span.start.replace(hour=0, minute=0, second=0, microsecond=0)
        totals: dict[str, float] = {}
        while day < self.span.end:
            following = day + timedelta(days=1)
            totals[f"{day:%Y-%m-%d}"] = sum(
                max(0.0, (min(s.end, following) - max(s.start, day)).total_seconds())
                for s in self.heard
            )
            day = following
        return totals


def merge(contacts: Sequence[tuple[str, Sequence[Pass]]], span: Span) -> NetworkContacts:
    """Return what the stations of a network hear together.

    Args:
        contacts: the contacts of each station, under its name.
        span: what was searched.
    """
    every = sorted(
        (
            Watch(station, one.first.time.astimezone(UTC), one.last.time.astimezone(UTC))
            for station, passes in contacts
            for one in passes
            if one.last.time > one.first.time
        ),
        key=lambda watch: (watch.start, watch.end),
    )
    heard: list[Span] = []
    for watch in every:
        if heard and watch.start <= heard[-1].end:
            heard[-1] = Span(heard[-1].start, max(heard[-1].end, watch.end))
        else:
            heard.append(Span(watch.start, watch.end))
    watches: list[Watch] = []
    handovers: list[Handover] = []
    for stretch in heard:
        _cover(stretch, every, watches, handovers)
    return NetworkContacts(span, tuple(heard), tuple(watches), tuple(handovers))


def _cover(
    stretch: Span, every: Sequence[Watch], watches: list[Watch], handovers: list[Handover]
) -> None:
    """Stay with a station until its contact ends, then take the one that hears on the longest.

    That makes the fewest changes, as covering a line by the fewest intervals does.
    """
    now, before = stretch.start, ""
    while now < stretch.end:
        best = max(
            (watch for watch in every if watch.start <= now < watch.end),
            key=lambda watch: watch.end,
        )
        if before:
            overlap_s = (now - best.start).total_seconds()
            handovers.append(Handover(now, before, best.station, overlap_s))
        watches.append(Watch(best.station, now, best.end))
        now, before = best.end, best.station
