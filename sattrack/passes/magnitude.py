"""How bright a sunlit craft is, from its standard magnitude: that at 1000 km and half phase.

Two laws say how brightness depends on the phase, the angle at the craft between the Sun and the
observer. Both give the standard magnitude at 1000 km and 90 degrees; at full phase they are 0.75
and 1.24 magnitudes brighter. No air is counted. Real craft are neither, and often off by 1.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from sattrack.times.scale import FloatArray

PhaseLaw: TypeAlias = Literal["lambert", "illuminated-fraction"]

CONVENTION = "1000 km, half phase"
STANDARD_RANGE_KM = 1000.0
# Exactly behind the craft nothing is lit, and a magnitude would be infinite.
_DARKEST = 1e-12


def apparent_magnitude(
    standard: float, range_km: FloatArray, phase_rad: FloatArray, law: PhaseLaw = "lambert"
) -> FloatArray:
    """Return magnitudes, in the shape of the arguments.

    `lambert` is a diffuse sphere, sin phi + (pi - phi) cos phi (Vallerie 1963, AD 419069, as
    Cognion quotes it in Observations and Modeling of GEO Satellites at Large Phase Angles).
    `illuminated-fraction` is (1 + cos phi) / 2, McCants's, as in Astro::Coord::ECI::TLE; there with
    15.75 for 15.7526.

    Args:
        standard: at 1000 km and half phase.
        range_km: from the observer.
        phase_rad: at the craft, between Sun and observer.
        law: of the phase.
    """
    light = 1.0 + np.cos(phase_rad)
    if law == "lambert":
        light = np.sin(phase_rad) + (np.pi - phase_rad) * np.cos(phase_rad)
    light = np.maximum(light, _DARKEST)
    distance = np.log10(range_km / STANDARD_RANGE_KM)
    return np.asarray(standard + 5.0 * distance - 2.5 * np.log10(light))
