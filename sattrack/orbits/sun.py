"""Where the Sun stands, as its light arrives."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from skyfield.timelib import Time

from sattrack.errors import NoOrbitError
from sattrack.orbits.bodies import LIGHT_KM_S, Bodies, State
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S, teme_to_itrf
from sattrack.orbits.gcrf import gcrf_to_teme
from sattrack.places import Place
from sattrack.times.scale import DAY_S, Clock, FloatArray, timescale

_SUNLIGHT_DAYS = 499.0 / DAY_S
# A cubic through nodes a quarter of a day apart misses the Sun's way, its fourth derivative being
# 2.4e-19 km/s^4 with the Moon's pull on the Earth, by 2 m.
_NODE_DAYS = 0.25
_NODES_AT_ONCE = 8
# A direction among the stars turns against a place with the Earth, and the Sun's own motion.
_BEND_S2 = 1.02 * EARTH_ROTATION_RAD_S**2
# Of a sine: 2e-4 arcseconds.
_RESOLUTION = 1e-9
# The Sun's velocity is the derivative of its place, but for the pole's own motion.
_SLOPE_ERROR_S = 1e-10


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
    t = clock.time(seconds)
    steps = np.asarray((t.whole + t.tt_fraction) / _NODE_DAYS)
    node = np.floor(steps).astype(np.int64)
    position, velocity = np.empty((3, len(seconds))), np.empty((3, len(seconds)))
    block, within = np.divmod(node, _NODES_AT_ONCE)
    for each in sorted(set(block.tolist())):
        here = np.flatnonzero(block == each)
        try:
            nodes = _nodes(bodies, each, light_time)
        except NoOrbitError:
            # At an end of the ephemeris the instants themselves may lie inside it.
            position[:, here], velocity[:, here] = _teme(bodies, t[here], light_time)
            continue
        x = steps[here] - node[here]
        # Lagrange's cubic through the nodes at -1, 0, 1 and 2, and its derivative.
        weights = np.array(
            [
                -x * (x - 1.0) * (x - 2.0) / 6.0,
                (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0,
                -(x + 1.0) * x * (x - 2.0) / 2.0,
                (x + 1.0) * x * (x - 1.0) / 6.0,
            ]
        )
        rates = np.array(
            [
                -(3.0 * x * x - 6.0 * x + 2.0) / 6.0,
                (3.0 * x * x - 4.0 * x - 1.0) / 2.0,
                -(3.0 * x * x - 2.0 * x - 2.0) / 2.0,
                (3.0 * x * x - 1.0) / 6.0,
            ]
        ) / (_NODE_DAYS * DAY_S)
        chosen = nodes[:, within[here] + np.arange(4)[:, None]]
        position[:, here] = np.einsum("ikn,kn->in", chosen, weights)
        velocity[:, here] = np.einsum("ikn,kn->in", chosen, rates)
    return teme_to_itrf(clock, seconds, position, velocity)


@lru_cache(maxsize=512)
def _nodes(bodies: Bodies, block: int, light_time: bool) -> FloatArray:
    """Return positions at the nodes of a block, one before it and two after, shape `(3, k)`."""
    steps = block * _NODES_AT_ONCE + np.arange(-1, _NODES_AT_ONCE + 2)
    days, quarters = np.divmod(steps, round(1.0 / _NODE_DAYS))
    t = Time(timescale(), days.astype(np.float64), quarters * _NODE_DAYS)
    nodes, _ = _teme(bodies, t, light_time)
    nodes.flags.writeable = False
    return nodes


def _teme(bodies: Bodies, t: Time, light_time: bool) -> State:
    """Return position, km, and velocity, km/s, of the Sun in TEME, each of shape `(3, n)`."""
    left = t
    if light_time:
        position, _ = bodies.sun(_earlier(t, _SUNLIGHT_DAYS))
        light_s = np.sqrt(np.einsum("in,in->n", position, position)) / LIGHT_KM_S
        left = _earlier(t, light_s / DAY_S)
    position, velocity = bodies.sun(left)
    rotation = gcrf_to_teme(t)
    return (
        np.einsum("ijn,jn->in", rotation, position),
        np.einsum("ijn,jn->in", rotation, velocity),
    )


def _earlier(t: Time, days: FloatArray | float) -> Time:
    return Time(t.ts, t.whole, t.tt_fraction - days)


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


class SunHeight:
    """The sine of the Sun's elevation, less that of a limit, as a `Curve`.

    Rows of `sample` are value and derivative.

    Args:
        place: whose zenith, that of the WGS 84 ellipsoid, counts.
        bodies: Sun, Moon and Earth.
        clock: counts seconds.
        limit_deg: of the elevation of the Sun's centre, apparent and without refraction.
    """

    resolution = _RESOLUTION
    slope_error = _SLOPE_ERROR_S

    def __init__(self, place: Place, bodies: Bodies, clock: Clock, limit_deg: float) -> None:
        self._place_km = place.itrf_km()[:, None]
        self._up = place.east_north_up()[2]
        self._bodies = bodies
        self._clock = clock
        self._sine = math.sin(math.radians(limit_deg))

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return the rows; see `Curve.sample`."""
        sun, velocity = sun_itrf(self._bodies, self._clock, seconds)
        offset = sun - self._place_km
        distance = np.sqrt(np.einsum("in,in->n", offset, offset))
        sine = self._up @ offset / distance
        rate = np.einsum("in,in->n", offset, velocity) / distance
        return np.array([sine - self._sine, (self._up @ velocity - sine * rate) / distance])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound its second derivative inside steps; see `Curve.bend`."""
        bound = np.full(len(step_s), _BEND_S2)
        return bound, bound

    def climb(self, seconds: FloatArray) -> FloatArray:
        """Return the derivative, and roughly its own: the Sun goes round at an even pace."""
        sine, rate = self.sample(seconds)
        sun, _ = sun_itrf(self._bodies, self._clock, seconds)
        poleward = self._up[2] * sun[2] / np.sqrt(np.einsum("in,in->n", sun, sun))
        return np.array([rate, -(EARTH_ROTATION_RAD_S**2) * (sine + self._sine - poleward)])
