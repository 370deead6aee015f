"""What every orbit model promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from skyfield.timelib import Time

from sattrack.errors import NoOrbitError
from sattrack.times.scale import Clock, FloatArray


class OrbitEndsError(NoOrbitError):
    """The model stops working inside the time asked for.

    Attributes:
        last_s: the last instant that still works, in seconds of the clock that was asked.
        instant: the same in UTC.
    """

    def __init__(self, reason: str, last_s: float, instant: datetime) -> None:
        super().__init__(reason)
        self.last_s = last_s
        self.instant = instant


class Orbit(Protocol):
    """Where one object is.

    Every model is also a Skyfield vector function centred on the Earth, so that
    `(orbit - observer).at(t)` and `orbit.at(t) - observer.at(t)` work for all of them alike.

    Attributes:
        kind: `sgp4`, `tabulated` or `nominal`.
        period_s: time of one revolution; event searches choose their steps by it.
    """

    kind: str

    @property
    def period_s(self) -> float:
        """Time of one revolution."""
        ...

    def at(self, t: Time) -> Any:
        """Return the Skyfield position, GCRF axes, at `t`.

        Raises:
            NoOrbitError: the model does not reach to `t`.
        """
        ...

    def itrf(self, clock: Clock, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return position, km, and velocity relative to the turning Earth, km/s, in ITRF.

        The same states as `at` gives, for event searches: one rotation about the Earth's axis in
        place of precession and nutation, which cancel, makes it fifty times cheaper.

        Args:
            clock: counts `seconds`.
            seconds: SI seconds since the clock's start, shape `(n,)`.

        Returns:
            Two arrays of shape `(3, n)`.

        Raises:
            OrbitEndsError: the model fails at one of the instants.
        """
        ...

    def knots(self, clock: Clock) -> FloatArray:
        """Return the seconds of `clock` at which velocity or position may jump, ascending.

        Between them the object moves as gravity has it, on which event searches rely.
        """
        ...
