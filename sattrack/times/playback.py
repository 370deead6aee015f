"""A clock that can be stopped, moved and sped up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sattrack.times.span import iso_utc

RATES = (1, 10, 60, 300, 1000)

# Nothing flew before, and no orbit of today means anything after.
EARLIEST = datetime(1957, 10, 4, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Playback:
    """How the time that is shown follows the time that it is, both UTC.

    Attributes:
        since: when it was last moved, stopped or sped up, by the clock of the machine.
        shown: what it showed then.
        rate: seconds shown for each that passes, one of `RATES`.
        paused: it stands still.
    """

    since: datetime
    shown: datetime
    rate: int = RATES[0]
    paused: bool = False

    @classmethod
    def live(cls, now: datetime) -> Playback:
        """Return the clock that shows the time that it is."""
        return cls(now, now)

    @property
    def is_live(self) -> bool:
        """Whether it shows the time that it is, and will."""
        return self.shown == self.since and self.rate == RATES[0] and not self.paused

    def at(self, now: datetime) -> datetime:
        """Return the time shown when it is `now`."""
        if self.paused:
            return self.shown
        return _within_limits(self.shown, (now - self.since) * self.rate)

    def moved(self, now: datetime, by: timedelta) -> Playback:
        """Return the same clock, moved."""
        return replace(self, since=now, shown=_within_limits(self.at(now), by))

    def set_to(self, now: datetime, shown: datetime) -> Playback:
        """Return the same clock, which shows `shown` when it is `now`."""
        return self.moved(now, shown - self.at(now))

    def toggled(self, now: datetime) -> Playback:
        """Return the clock stopped, or going on."""
        return replace(self, since=now, shown=self.at(now), paused=not self.paused)

    def faster(self, now: datetime, steps: int) -> Playback:
        """Return the clock at a rate that many steps up, or down; at the ends it stays."""
        place = min(max(RATES.index(self.rate) + steps, 0), len(RATES) - 1)
        return replace(self, since=now, shown=self.at(now), rate=RATES[place])

    def __str__(self) -> str:
        return f"{iso_utc(self.shown)} x{self.rate}"


def _within_limits(instant: datetime, by: timedelta) -> datetime:
    """Return an instant later by a time, but not beyond the limits."""
    if by > timedelta():
        return instant + min(by, max(LATEST - instant, timedelta()))
    return instant + max(by, min(EARLIEST - instant, timedelta()))
