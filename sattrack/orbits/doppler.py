"""How far light has come from a craft, and how that changes: the Doppler shift of its signals."""

from __future__ import annotations

import numpy as np

from sattrack.orbits.bodies import LIGHT_KM_S
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S
from sattrack.orbits.orbit import Orbit
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

# Each look at the orbit leaves the speed of the craft over that of light, 3e-5, of the error.
_LOOKS = 4
# Central differences of the sixth order (Fornberg 1988, table 1). SGP4's velocity is not quite the
# derivative of its position, and what a receiver counts is the derivative. At this step both what
# the formula leaves out and what rounding adds stay below 1e-9 of a low orbit's speed.
_STEP_S = 0.5
_OFFSETS = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])
_WEIGHTS = np.array([-1.0, 9.0, -45.0, 45.0, -9.0, 1.0]) / 60.0


def light_range_km(orbit: Orbit, place: Place, clock: Clock, seconds: FloatArray) -> FloatArray:
    """Return the way of the light that reaches `place` at `seconds`, shape `(n,)`.

    From where the craft was when the light left it to where the place is when it arrives, straight
    among the stars.

    Raises:
        OrbitEndsError: the orbit does not reach to one of the instants.
    """
    place_km = place.itrf_km()[:, None]
    way = np.zeros(len(seconds))
    for _ in range(_LOOKS):
        light_s = way / LIGHT_KM_S
        x, y, z = orbit.itrf(clock, seconds - light_s)[0]
        # Into the ITRF of the arrival: the Earth has turned meanwhile.
        angle = EARTH_ROTATION_RAD_S * light_s
        cos, sin = np.cos(angle), np.sin(angle)
        offset = np.array([cos * x + sin * y, cos * y - sin * x, z]) - place_km
        way = np.sqrt(np.einsum("in,in->n", offset, offset))
    return way


def light_range_rate_km_s(
    orbit: Orbit, place: Place, clock: Clock, seconds: FloatArray
) -> FloatArray:
    """Return the derivative of `light_range_km` by the time of arrival; positive when receding.

    A frequency f sent by the craft arrives as f (1 - rate / c), without approximation in the speed;
    the rates of the two clocks, which differ by 7e-10 at most for their gravity and speed, are left
    out.

    Raises:
        OrbitEndsError: the orbit does not reach from 1.5 s before to 1.5 s after each instant.
    """
    around = seconds[:, None] + _STEP_S * _OFFSETS
    way = light_range_km(orbit, place, clock, around.ravel()).reshape(around.shape)
    return np.asarray(way @ _WEIGHTS / _STEP_S)
