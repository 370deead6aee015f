"""Where the Sun stands, as its light arrives."""

from __future__ import annotations

import numpy as np

from sattrack.orbits.bodies import LIGHT_KM_S, Bodies, State
from sattrack.orbits.gcrf import gcrf_to_itrf
from sattrack.times.scale import Clock, FloatArray

_SUNLIGHT_S = 499.0


def sun_itrf(bodies: Bodies, clock: Clock, seconds: FloatArray, light_time: bool = True) -> State:
    """Return position, km, and velocity relative to the turning Earth, km/s, of the Sun in ITRF.

    The apparent Sun: where it stood, as seen from the Earth's centre, when the light that now
    arrives left it. That is light time and aberration at once (Explanatory Supplement, 3rd ed.,
    section 7.2.3.4), to 0.001 arcseconds. What flies about the Earth sees the same direction but
    for its own aberration, 5 arcseconds in a low orbit.

    Args:
        bodies: Sun, Moon and Earth.
        clock: counts `seconds`.
        seconds: shape `(n,)`.
        light_time: without it the geometric Sun, 20 arcseconds away.

    Returns:
        Two arrays of shape `(3, n)`.

    Raises:
        NoOrbitError: the ephemeris does not reach to one of the instants.
    """
    left_s = seconds
    if light_time:
        position, _ = bodies.sun(clock.time(seconds - _SUNLIGHT_S))
        left_s = seconds - np.sqrt(np.einsum("in,in->n", position, position)) / LIGHT_KM_S
    position, velocity = bodies.sun(clock.time(left_s))
    return gcrf_to_itrf(clock, seconds, position, velocity)


def elevation_deg(place_km: FloatArray, up: FloatArray, sun_km: FloatArray) -> FloatArray:
    """Return the elevation of the Sun's centre, without refraction, shape `(n,)`.

    Args:
        place_km: ITRF, shape `(3,)`.
        up: the normal of the ellipsoid there, a unit vector, shape `(3,)`.
        sun_km: ITRF, shape `(3, n)`.
    """
    offset = sun_km - place_km[:, None]
    distance = np.sqrt(np.einsum("in,in->n", offset, offset))
    return np.asarray(np.degrees(np.arcsin(up @ offset / distance)))
