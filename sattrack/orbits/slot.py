"""A point of the geostationary ring, at which a craft is held."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from skyfield.constants import AU_KM, DAY_S
from skyfield.timelib import Time
from skyfield.vectorlib import VectorFunction

from sattrack.orbits.earth import (
    EARTH_RADIUS_KM,
    EARTH_ROTATION_RAD_S,
    GM_EARTH_KM3_S2,
    J2_EARTH,
)
from sattrack.orbits.frames import to_gcrf
from sattrack.times.scale import Clock, FloatArray

_KEPLER_RADIUS_KM = (GM_EARTH_KM3_S2 / EARTH_ROTATION_RAD_S**2) ** (1.0 / 3.0)
# On a circle over the equator J2 adds 3/2 J2 (R / r)^2 of the gravity, and a third of that to r.
GEOSTATIONARY_RADIUS_KM = _KEPLER_RADIUS_KM * (
    1.0 + 0.5 * J2_EARTH * (EARTH_RADIUS_KM / _KEPLER_RADIUS_KM) ** 2
)


class Slot(VectorFunction):  # type: ignore[misc]
    """A nominal orbit that stands still over the equator; a Skyfield vector function.

    Args:
        longitude_deg: east positive.
        name: of the craft.
    """

    kind = "nominal"
    center = 399

    def __init__(self, longitude_deg: float, name: str = "", target: int = -100000) -> None:
        self.longitude_deg = longitude_deg
        self.name = name
        self.target = target
        longitude = math.radians(longitude_deg)
        self._itrf_km = GEOSTATIONARY_RADIUS_KM * np.array(
            [math.cos(longitude), math.sin(longitude), 0.0]
        )

    @property
    def target_name(self) -> str:
        """Name and longitude, as Skyfield prints targets."""
        return f"{self.name or 'spacecraft'} at {self.longitude_deg:g} degrees east"

    @property
    def period_s(self) -> float:
        """Time of one revolution."""
        return 2.0 * math.pi / EARTH_ROTATION_RAD_S

    def _at(self, t: Time) -> tuple[Any, Any, None, None]:
        shape = (3, *t.shape)
        fixed = np.broadcast_to(self._itrf_km.reshape(3, *(1 for _ in t.shape)), shape)
        position, velocity = to_gcrf("ITRF", t, fixed, np.zeros(shape))
        return position / AU_KM, velocity * (DAY_S / AU_KM), None, None

    def itrf(self, clock: Clock, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return position, km, and Earth-relative velocity, km/s, in ITRF; see `Orbit.itrf`."""
        count = len(seconds)
        return np.repeat(self._itrf_km[:, None], count, axis=1), np.zeros((3, count))

    def knots(self, clock: Clock) -> FloatArray:
        """Return where the motion may jump: nowhere; see `Orbit.knots`."""
        return np.empty(0)
