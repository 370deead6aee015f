"""How far an object can stray between two of its states: gravity and geometry bound it."""

from __future__ import annotations

import math

import numpy as np

from sattrack.orbits.earth import EARTH_ROTATION_RAD_S, GM_EARTH_KM3_S2
from sattrack.orbits.far import table_extent
from sattrack.orbits.orbit import Orbit
from sattrack.times.scale import FloatArray

# A step may span this much of the local dynamical time, the square root of r^3 / GM. Longer steps
# are halved by the search, because gravity inside them can no longer be bounded tightly.
REACH_RAD = 0.5
# Falling from a distance r at most at the speed of escape, for half a reach, an object meets at
# most this multiple of the gravity at r: (1 - 1.5 sqrt(2) REACH_RAD / 2) ** (-4/3).
_GRAVITY_GROWTH = (1.0 - 1.5 * math.sqrt(2.0) * REACH_RAD / 2.0) ** (-4.0 / 3.0)
# Harmonics add at most 3 J2 / 2 * 2 = 0.33 % near the ground, and SGP4's periodics are such a fit;
# drag is far below that.
_GRAVITY_MARGIN = 1.01


def motion_bounds(
    left: FloatArray, right: FloatArray, step_s: FloatArray, place_radius_km: FloatArray | float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return bounds on the motion inside steps, each of shape `(n,)`.

    The smallest distance from a place, km; the greatest speed, km/s, and acceleration, km/s^2,
    against the turning Earth, infinite where a step is too long to say.

    Args:
        left, right: at the ends of each step the distance from the place, the speed against the
            turning Earth, the distance from the Earth's centre and its rate, shape `(4, n)`.
        step_s: how long the steps are.
        place_radius_km: distance of the place from the Earth's centre.
    """
    half_s = step_s / 2.0
    nearest = np.minimum(left[2], right[2])
    out_of_reach = step_s * step_s * GM_EARTH_KM3_S2 > REACH_RAD**2 * nearest**3
    # How close to the Earth's centre it can come, from both ends: first with the crude bound on
    # gravity, then with what follows from that.
    low = _lowest(left, right, half_s, _GRAVITY_GROWTH * GM_EARTH_KM3_S2 / nearest**2)
    low = _lowest(left, right, half_s, GM_EARTH_KM3_S2 / low**2)
    gravity = _GRAVITY_MARGIN * GM_EARTH_KM3_S2 / low**2
    # Among the stars it gains, at most, what falling to the lowest radius would give it.
    omega = EARTH_ROTATION_RAD_S
    among_stars = np.maximum(left[1] + omega * left[2], right[1] + omega * right[2])
    fall = 2.0 * _GRAVITY_MARGIN * GM_EARTH_KM3_S2 * (1.0 / low - 1.0 / nearest)
    among_stars = np.sqrt(among_stars * among_stars + fall)
    high = np.maximum(left[2], right[2]) + among_stars * half_s
    speed = among_stars + omega * high
    acceleration = gravity + 2.0 * omega * speed + omega * omega * high
    # Or, from the speed over the ground at the ends: the same for a low orbit, and far less for
    # a geostationary one, which hardly moves.
    speed = np.minimum(speed, np.maximum(left[1], right[1]) + acceleration * half_s)
    acceleration = gravity + 2.0 * omega * speed + omega * omega * high
    # |d|'' = (v^2 - |d|'^2) / |d| + d·a / |d| lies between -a and v^2 / |d| + a.
    near = np.maximum((left[0] + right[0]) / 2.0 - speed * half_s, low - place_radius_km)
    # A step that may pass through the place itself says nothing yet.
    unknown = out_of_reach | (near <= 0.0)
    return np.where(unknown, 1.0, near), speed, np.where(unknown, np.inf, acceleration)


def table_bounds(
    left: FloatArray,
    right: FloatArray,
    step_s: FloatArray,
    place_radius_km: float,
    acceleration_km_s2: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return bounds on the motion inside steps, whatever moves the object; as `motion_bounds`.

    With h half a step, and v and r the greatest speed and distance at its ends, the turning Earth
    makes of an acceleration a_0 among the stars a <= a_0 + 2 w (v + a h) + w^2 (r + v h + a h^2).

    Args:
        acceleration_km_s2: among the stars, what it never exceeds.
    """
    half_s, omega = step_s / 2.0, EARTH_ROTATION_RAD_S
    end_speed, farthest = np.maximum(left[1], right[1]), np.maximum(left[2], right[2])
    share = 1.0 - 2.0 * omega * half_s - (omega * half_s) ** 2
    unknown = share < 0.2
    acceleration = acceleration_km_s2 + 2.0 * omega * end_speed
    acceleration = acceleration + omega * omega * (farthest + end_speed * half_s)
    acceleration = acceleration / np.where(unknown, 1.0, share)
    speed = end_speed + acceleration * half_s
    near = (left[0] + right[0]) / 2.0 - speed * half_s
    near = np.maximum(near, np.minimum(left[2], right[2]) - speed * half_s - place_radius_km)
    unknown |= near <= 0.0
    return np.where(unknown, 1.0, near), speed, np.where(unknown, np.inf, acceleration)


def radian_s(orbit: Orbit) -> float:
    """Return the time in which an object goes a radian on its way, or the Earth turns beneath it.

    Steps are parts of it. An object too far for that way to matter is only carried by the sky.
    """
    radian_s = orbit.period_s / (2.0 * math.pi)
    return min(radian_s, 1.0 / EARTH_ROTATION_RAD_S) if table_extent(orbit) else radian_s


def _lowest(
    left: FloatArray, right: FloatArray, half_s: FloatArray, gravity: FloatArray
) -> FloatArray:
    fall = gravity * half_s * half_s / 2.0
    ends = np.minimum(
        left[2] + left[3] * half_s * (left[3] < 0.0),
        right[2] - right[3] * half_s * (right[3] > 0.0),
    )
    return np.asarray(np.maximum(ends - fall, 0.3 * np.minimum(left[2], right[2])))
