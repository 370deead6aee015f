"""When the Sun stands high enough over a place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sattrack.events import highest_in, stretches_above
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S
from sattrack.orbits.sun import elevation_deg, sun_itrf
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

# A direction among the stars turns against the place with the Earth, and the Sun's own motion.
_BEND_S2 = 1.02 * EARTH_ROTATION_RAD_S**2
_STEP_S = 3600.0
# Of a sine: 2e-4 arcseconds.
_RESOLUTION = 1e-9
# Light time and parallax are not quite followed by the derivative.
_SLOPE_ERROR_S = 1e-8


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
    height = _SunHeight(place, bodies, clock, limit_deg)
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


class _SunHeight:
    """The sine of the Sun's elevation, less that of a limit, as a `Curve`."""

    resolution = _RESOLUTION
    slope_error = _SLOPE_ERROR_S

    def __init__(self, place: Place, bodies: Bodies, clock: Clock, limit_deg: float) -> None:
        self._place_km = place.itrf_km()[:, None]
        self._up = place.east_north_up()[2]
        self._bodies = bodies
        self._clock = clock
        self._sine = math.cos(math.radians(limit_deg))

    def sample(self, seconds: FloatArray) -> FloatArray:
        sun, velocity = sun_itrf(self._bodies, self._clock, seconds)
        offset = sun - self._place_km
        distance = np.sqrt(np.einsum("in,in->n", offset, offset))
        sine = self._up @ offset / distance
        rate = np.einsum("in,in->n", offset, velocity) / distance
        return np.array([sine - self._sine, (self._up @ velocity - sine * rate) / distance])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        bound = np.full(len(step_s), _BEND_S2)
        return bound, bound

    def climb(self, seconds: FloatArray) -> FloatArray:
        """Return the derivative, and roughly its own: the Sun goes round at an even pace."""
        sine, rate = self.sample(seconds)
        poleward = self._up[2] * self._declination_sine(seconds)
        return np.array([rate, -(EARTH_ROTATION_RAD_S**2) * (sine + self._sine - poleward)])

    def _declination_sine(self, seconds: FloatArray) -> FloatArray:
        sun, _ = sun_itrf(self._bodies, self._clock, seconds)
        return np.asarray(sun[2] / np.sqrt(np.einsum("in,in->n", sun, sun)))
