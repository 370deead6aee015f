"""When the Sun stands high enough over a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sattrack.events import highest_in, stretches_above
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.sun import SunHeight, elevation_deg, sun_itrf
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

_STEP_S = 3600.0


@dataclass(frozen=True, slots=True)
class Daylight:
    """A stretch of time in which the Sun is within a limit of the zenith, inside the window.

    Attributes:
        highest: when the Sun stands highest.
        solar_zenith_deg: of the Sun's centre then, without refraction.
        open_start, open_end: the window cuts it there.
    """

    first: datetime
    highest: datetime
    last: datetime
    solar_zenith_deg: float
    open_start: bool = False
    open_end: bool = False

    @property
    def duration_s(self) -> float:
        """Time inside the window."""
        return (self.last - self.first).total_seconds()


def solar_zenith_deg(place: Place, bodies: Bodies, clock: Clock, seconds: FloatArray) -> FloatArray:
    """Return how far the Sun's centre is from the zenith, without refraction, shape `(n,)`.

    The zenith is that of the WGS 84 ellipsoid.

    Raises:
        NoOrbitError: the ephemeris does not reach to one of the instants.
    """
    sun, _ = sun_itrf(bodies, clock, seconds)
    return 90.0 - elevation_deg(place.itrf_km(), place.east_north_up()[2], sun)


def find_daylight(
    place: Place, bodies: Bodies, clock: Clock, end_s: float, limit_deg: float
) -> tuple[Daylight, ...]:
    """Return the stretches from the start of `clock` to `end_s` with the Sun within `limit_deg`.

    Raises:
        NoOrbitError: the ephemeris does not reach so far.
    """
    height = SunHeight(place, bodies, clock, 90.0 - limit_deg)
    found = stretches_above(height, 0.0, end_s, _STEP_S)
    top_s = highest_in(lambda seconds: height.sample(seconds)[0], height.climb, found, _STEP_S)
    zenith_deg = solar_zenith_deg(place, bodies, clock, top_s).tolist() if len(top_s) else []
    count = len(top_s)
    return tuple(
        Daylight(
            first, top, last, zenith, found.open_start and k == 0, found.open_end and k == count - 1
        )
        for k, (first, top, last, zenith) in enumerate(
            zip(
                clock.datetimes(found.start_s),
                clock.datetimes(top_s),
                clock.datetimes(found.end_s),
                zenith_deg,
                strict=True,
            )
        )
    )
