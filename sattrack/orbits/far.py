"""Far bodies: moons of other planets, our own Moon, and probes, as they are seen from the Earth.

What the Earth's gravity does not hold moves as its table says. Light takes minutes from there, and
is part of what `FarBody` shows; the light of satellites, milliseconds old, is taken to be new.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from skyfield.timelib import Time

from sattrack.elements import EARTH_NAIF_ID
from sattrack.orbits.bodies import LIGHT_KM_S
from sattrack.orbits.orbit import Orbit
from sattrack.times.scale import Clock, FloatArray

if TYPE_CHECKING:
    from sattrack.orbits.tabulated import Extent, Tabulated

# Nearer, the Earth holds it: geometric directions are off by less than an arcsecond.
_FAR_KM = 300_000.0
# By how much it may rise or set early or late for what `FarBody` leaves out.
FAR_ERROR_S = 0.03
# Light times of 5 hours, and 100 km/s: the third step is good to 1 us.
_STEPS_OF_LIGHT = 3


def table_extent(orbit: Orbit) -> Extent | None:
    """Return how far a table about the Earth reaches, if that is what the orbit is read from."""
    if isinstance(orbit, FarBody):
        return orbit.extent
    if orbit.kind != "tabulated":
        return None
    from sattrack.orbits.tabulated import Tabulated

    if isinstance(orbit, Tabulated) and orbit.motion.centre_naif_id == EARTH_NAIF_ID:
        return orbit.motion.extent
    return None


def is_far(orbit: Orbit) -> bool:
    """Tell whether an orbit is a table about the Earth that never comes near it."""
    extent = table_extent(orbit)
    return extent is not None and extent.nearest_km > _FAR_KM


def seen_from_earth(orbit: Orbit) -> Orbit:
    """Return the orbit itself, or of a far body the one that its light shows."""
    if orbit.kind != "tabulated":
        return orbit
    from sattrack.orbits.tabulated import Tabulated

    return FarBody(orbit) if isinstance(orbit, Tabulated) and is_far(orbit) else orbit


class FarBody:
    """A far body where its light, arriving at the Earth's centre, shows it; an `Orbit`.

    That is where it was, as seen from the Earth, when the light left it: light time and aberration
    together (Explanatory Supplement to the Astronomical Almanac, 2013, section 7.2.3, planetary
    aberration), but for the bend of the Earth's way meanwhile, 0.01 arcseconds at Saturn. What a
    place adds by turning with the Earth is left out: 0.3 arcseconds, `FAR_ERROR_S` of a rise.
    """

    kind = "tabulated"

    def __init__(self, orbit: Tabulated) -> None:
        self.orbit = orbit

    @property
    def period_s(self) -> float:
        """Time of one revolution; see `Hermite.period_s`."""
        return self.orbit.period_s

    @cached_property
    def extent(self) -> Extent:
        """How far it reaches; arrivals come by v / c closer or further apart than departures."""
        from sattrack.orbits.tabulated import Extent

        extent = self.orbit.motion.extent
        assert extent is not None
        v = extent.fastest_km_s
        share = v / LIGHT_KM_S
        # Of P(t - tau) with tau' = k / (1 + k) and k = r' / c, the second derivative is
        # a / (1 + k)^2 - v k' / (1 + k)^3, and c |k'| is at most a + v^2 / r.
        strongest = extent.acceleration_km_s2
        strongest = strongest + share * (strongest + v * v / extent.nearest_km)
        return Extent(
            extent.nearest_km,
            extent.farthest_km,
            v / (1.0 - share),
            strongest / (1.0 - share) ** 3,
        )

    def at(self, t: Time) -> Any:
        """Return the Skyfield position, geometric."""
        return self.orbit.at(t)

    def itrf(self, clock: Clock, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return position and velocity as light shows them; see `Orbit.itrf`.

        Raises:
            OrbitEndsError: the table ends before the last of the instants.
            NoOrbitError: it begins after the light of the first set out.
        """
        from sattrack.orbits.gcrf import gcrf_to_itrf

        position, velocity = self.orbit.geocentric(self.orbit.covered(clock, seconds))
        for _ in range(_STEPS_OF_LIGHT):
            left_s = seconds - np.sqrt(np.einsum("in,in->n", position, position)) / LIGHT_KM_S
            position, velocity = self.orbit.geocentric(self.orbit.covered(clock, left_s))
        distance = np.sqrt(np.einsum("in,in->n", position, position))
        receding = np.einsum("in,in->n", position, velocity) / distance
        return gcrf_to_itrf(clock, seconds, position, velocity / (1.0 + receding / LIGHT_KM_S))

    def knots(self, clock: Clock) -> FloatArray:
        """Return when the light of a jump arrives; see `Orbit.knots`."""
        left_s = self.orbit.knots(clock)
        if not len(left_s):
            return left_s
        position, _ = self.orbit.geocentric(self.orbit.covered(clock, left_s))
        return np.asarray(left_s + np.sqrt(np.einsum("in,in->n", position, position)) / LIGHT_KM_S)
