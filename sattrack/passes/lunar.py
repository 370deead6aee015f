"""How low, how high and how fast a lunar orbiter can be inside a step, by what its ends show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sattrack.orbits.tabulated import GM_MOON_KM3_S2
from sattrack.times.scale import FloatArray

# Of the Moon's gravity: harmonics and mascons at the surface stay within 1 %.
GRAVITY_MARGIN = 1.01
# The Earth's tide at perigee, 2 GM / (356,400 km)^3, which grows with distance from the Moon.
TIDE_S2 = 1.8e-11
# What mascons lend a craft between two points of one height, over twice: 400 mGal for 100 km.
_LUMPS_KM2_S2 = 1e-3
# A step may span this much of the local dynamical time, the square root of r^3 / GM.
REACH_RAD = 0.45
# Orbits that are not circles are at times deeper than their period tells, by this.
_REACH_SLACK = 1.3
# Falling at the speed of escape for half such a step, the craft meets at most this multiple of the
# gravity at its end: (1 - 1.5 sqrt(2) 0.45 sqrt(1.3) / 2) ** (-4/3) = 2.85.
_GRAVITY_GROWTH = 3.0


@dataclass(frozen=True, slots=True)
class Reach:
    """Bounds that hold inside steps; arrays of shape `(n,)`.

    Attributes:
        too_long: the step is too long to say; the others mean nothing there.
        low_km, high_km: distance from the Moon's centre.
        slowest2, fastest2: square of the speed about the Moon, km^2/s^2.
        gravity_km_s2: the Moon's own.
    """

    too_long: NDArray[np.bool_]
    low_km: FloatArray
    high_km: FloatArray
    slowest2: FloatArray
    fastest2: FloatArray
    gravity_km_s2: FloatArray

    @property
    def pull_km_s2(self) -> FloatArray:
        """All that pulls, about the Moon."""
        return self.gravity_km_s2 + TIDE_S2 * self.high_km


def reach(
    radius_km: FloatArray, climb_km_s: FloatArray, speed_km_s: FloatArray, step_s: FloatArray
) -> Reach:
    """Bound the way of an orbiter inside steps of `step_s`, shape `(n,)`.

    Args:
        radius_km, climb_km_s: distance from the Moon's centre and its derivative, at both ends,
            shape `(2, n)`.
        speed_km_s: about the Moon, at both ends.
        step_s: how long each step is.
    """
    half_s = step_s / 2.0
    outward = climb_km_s * np.array([[1.0], [-1.0]])
    nearest, farthest = radius_km.min(axis=0), radius_km.max(axis=0)
    too_long = step_s**2 * GM_MOON_KM3_S2 > REACH_RAD**2 * nearest**3 * _REACH_SLACK
    # How low it can come: first by the crudest gravity, then by the one there.
    gravity = _GRAVITY_GROWTH * GM_MOON_KM3_S2 / nearest**2
    falling = radius_km + np.minimum(outward, 0.0) * half_s
    for _ in range(2):
        low = (falling - (gravity + TIDE_S2 * farthest) * half_s**2 / 2.0).min(axis=0)
        low = np.maximum(low, 0.5 * nearest)
        gravity = GRAVITY_MARGIN * GM_MOON_KM3_S2 / low**2
    # Energy bounds the speed, and both bound how high it can come.
    fastest, slowest = speed_km_s.max(axis=0), speed_km_s.min(axis=0)
    tide = 2.0 * TIDE_S2 * farthest * (fastest + gravity * half_s) * step_s + _LUMPS_KM2_S2
    gain = 2.0 * GRAVITY_MARGIN * GM_MOON_KM3_S2 * (1.0 / low - 1.0 / nearest)
    fastest2 = fastest**2 + gain + tide
    rising = (radius_km + np.maximum(outward, 0.0) * half_s).max(axis=0)
    high = rising + (fastest2 / low + TIDE_S2 * 2.0 * farthest) * half_s**2 / 2.0
    loss = 2.0 * GRAVITY_MARGIN * GM_MOON_KM3_S2 * (1.0 / nearest - 1.0 / high)
    slowest2 = np.maximum(slowest**2 - loss - tide, 0.0)
    return Reach(too_long, low, high, slowest2, fastest2, gravity)
