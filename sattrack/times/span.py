"""A stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sattrack.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Span:
    """The time from `start` to `end`, both UTC and aware, `start` before `end`."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise InvalidInputError("a span needs times with a time zone")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise InvalidInputError(
                f"the window ends at {iso_utc(self.end)}, not after its start {iso_utc(self.start)}"
            )

    @classmethod
    def from_days(cls, start: datetime, days: float) -> Span:
        """Return the span of `days` times 24 hours from `start`."""
        try:
            return cls(start, start + timedelta(days=days))
        except OverflowError:
            raise InvalidInputError(f"{days:g} days lead beyond the calendar") from None

    @classmethod
    def from_hours(cls, start: datetime, hours: float) -> Span:
        """Return the span of `hours` from `start`."""
        return cls.from_days(start, hours / 24.0)


def iso_utc(instant: datetime) -> str:
    """Return ISO 8601 UTC with milliseconds and `Z`, rounded to the nearest."""
    rounded = instant.astimezone(UTC) + timedelta(microseconds=500)
    return rounded.strftime("%Y-%m-%dT%H:%M:%S.") + f"{rounded.microsecond // 1000:03d}Z"


def duration_text(seconds: float) -> str:
    """Return a length of time in the unit that suits it: `0.3 s`, `12 s`, `4 min`, `1.5 h`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    if seconds < 99.5 * 60.0:
        return f"{seconds / 60.0:.0f} min"
    return f"{seconds / 3600.0:.1f} h"
