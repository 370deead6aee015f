"""The Earth's shadow: where its body hides a part of the Sun's disk (penumbra), or all (umbra).

The Earth is the WGS 84 ellipsoid (`oblate`), or a sphere of its equatorial radius (`spherical`),
without air: refraction and dust, which redden and widen the real edge, are left out.

Stretching the polar axis by 1 / (1 - f) makes the ellipsoid a sphere, straight rays stay straight,
and what is hidden stays hidden; the Sun becomes a spheroid, whose extent towards the limb is
counted exactly. In that space, with p the craft, a the Earth's radius, u the direction from the
craft to the Sun's centre, h the tangent from the craft to the sphere, and s the angle at the craft
that a plane touching both bodies makes with u, the Sun's disk touches the limb from outside where

    -p.u = h cos s - a sin s        (the penumbra's edge),

and from inside with +a sin s (the umbra's): u and -p are apart by the angle whose cosine is
h / |p|, plus or minus s. The difference of both sides is one smooth function before, beside and
behind the Earth, low and high.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sattrack.errors import InvalidInputError
from sattrack.orbits.bodies import SUN_RADIUS_KM, Bodies
from sattrack.orbits.earth import EARTH_RADIUS_KM, EARTH_ROTATION_RAD_S, GM_EARTH_KM3_S2
from sattrack.orbits.frames import is_lunar
from sattrack.orbits.orbit import Orbit
from sattrack.orbits.sun import sun_itrf
from sattrack.times.scale import Clock, FloatArray

ShadowModel: TypeAlias = Literal["oblate", "spherical"]
Shade: TypeAlias = Literal["umbra", "penumbra"]
SHADES = ("sunlit", "penumbra", "umbra")

_FLATTENING = 1.0 / 298.257223563  # WGS 84
STRETCH = {"oblate": 1.0 / (1.0 - _FLATTENING), "spherical": 1.0}

# A step may span this much of the local dynamical time, the square root of r^3 / GM.
REACH_RAD = 0.45
# Falling at the speed of escape for half such a step: (1 - 1.5 sqrt(2) 0.45 / 2) ** (-4/3) = 2.2.
_GRAVITY_GROWTH = 2.3
# Harmonics add at most 0.33 % near the ground, of which SGP4's periodics are a fit.
_GRAVITY_MARGIN = 1.01
# The Moon at 128,000 km from the craft, which is more than any other body pulls.
_OTHERS_KM_S2 = 3e-7
# The Sun at perihelion, less a craft's own distance from the Earth; and how it moves.
_SUN_NEAR_KM = 1.46e8
_SUN_KM_S = 31.0
_SUN_KM_S2 = 1e-5
_SUN_SINE = 4.78e-3
# The way of 0.1 m along the ray to the Sun.
_RESOLUTION_KM = 1e-4
# SGP4's velocity is not quite the derivative of its position: 3 m/s in value, eccentric orbits,
# near perigee, measured.
_SLOPE_ERROR_KM_S = 5e-3


class EarthShadow:
    """How deep a craft is in the Earth's shadow, km along the ray to the Sun, as a `Curve`.

    At or above zero in the shadow. Rows of `sample` are value, derivative, and in the stretched
    space the distance from the Earth's centre, its derivative, and the speed among the stars.

    Args:
        orbit: any model about the Earth.
        bodies: Sun, Moon and Earth.
        clock: counts seconds.
        shade: whose edge: `penumbra` holds the umbra too.
        model: the shape of the Earth.
        light_time: without it the Sun stands where it is, not where it is seen; the edge moves by
            20 arcseconds, 0.1 s in a low orbit and 2 s in a geostationary one.

    Raises:
        InvalidInputError: the orbit is about the Moon, whose gravity the bounds do not know.
    """

    resolution = _RESOLUTION_KM
    slope_error = _SLOPE_ERROR_KM_S

    def __init__(
        self,
        orbit: Orbit,
        bodies: Bodies,
        clock: Clock,
        shade: Shade = "umbra",
        model: ShadowModel = "oblate",
        light_time: bool = True,
    ) -> None:
        if is_lunar(orbit):
            raise InvalidInputError("the Earth's shadow is searched about the Earth, not the Moon")
        self._orbit = orbit
        self._bodies = bodies
        self._clock = clock
        self._stretch = STRETCH[model]
        self._side = 1.0 if shade == "penumbra" else -1.0
        self._light_time = light_time

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return the rows; see `Curve.sample`."""
        position, velocity = self._orbit.itrf(self._clock, seconds)
        sun = sun_itrf(self._bodies, self._clock, seconds, self._light_time)
        return depth(position, velocity, *sun, self._stretch, self._side)

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound its second derivative inside steps; see `Curve.bend`."""
        half_s, stretch = step_s / 2.0, self._stretch
        gravity = _GRAVITY_MARGIN * stretch**3 * GM_EARTH_KM3_S2
        ends = np.array([left[2:], right[2:]])
        radius, climb, end_speed = ends[:, 0], ends[:, 1], ends[:, 2].max(axis=0)
        outward = climb * np.array([[1.0], [-1.0]])
        nearest = radius.min(axis=0)
        unknown = step_s**2 * GM_EARTH_KM3_S2 > REACH_RAD**2 * nearest**3
        # How low it can come: first by the crudest gravity, then by the one there.
        pull = _GRAVITY_GROWTH * gravity / nearest**2 + _OTHERS_KM_S2
        falling = radius + np.minimum(outward, 0.0) * half_s
        for _ in range(2):
            low = np.maximum((falling - pull * half_s**2 / 2.0).min(axis=0), 0.5 * nearest)
            pull = gravity / low**2 + _OTHERS_KM_S2
        speed = end_speed + pull * half_s
        slowest = np.maximum(ends[:, 2].min(axis=0) - pull * half_s, 0.0)
        rising = (radius + np.maximum(outward, 0.0) * half_s).max(axis=0)
        high = rising + (speed**2 / low + _OTHERS_KM_S2) * half_s**2 / 2.0
        # Half of (p^2)'' is v^2 + p.p''; the stretched pull points inwards by at least 98 % of
        # GM / |p|.
        most = speed**2 - 0.98 * GM_EARTH_KM3_S2 / high + _OTHERS_KM_S2 * high
        least = slowest**2 - gravity / low - _OTHERS_KM_S2 * high
        # The tangent: h^2 = p^2 - a^2, so that h'' = ((p^2)'' / 2 - h'^2) / h.
        lowest2 = (radius**2).min(axis=0) - np.maximum(most, 0.0) * step_s**2 / 4.0
        tangent2 = lowest2 - EARTH_RADIUS_KM**2
        unknown |= tangent2 <= 0.0
        tangent = np.sqrt(np.where(unknown, 1.0, tangent2))
        turn = np.abs(radius * climb).max(axis=0)
        turn = turn + np.maximum(np.abs(most), np.abs(least)) * half_s
        lifts = np.maximum(most, 0.0) / tangent
        sinks = np.maximum(-least, 0.0) / tangent + (turn / tangent) ** 2 / tangent
        # The ray: (p.u)'' = p''.u + 2 p'.u' + p.u''.
        swing = (_SUN_KM_S + speed) / _SUN_NEAR_KM
        swings = (pull + _SUN_KM_S2) / _SUN_NEAR_KM + 3.0 * swing**2
        ray = pull + 2.0 * speed * swing + high * swings
        # The stretched Sun: half (k^2 - 1) a sin s times the second derivative of a square, w, of
        # `depth`, and as much again for its own square and for h cos s.
        edge = np.maximum(EARTH_RADIUS_KM - 1.01 * _SUN_SINE * high, 1.0)
        squash = (stretch**2 - 1.0) * EARTH_RADIUS_KM * _SUN_SINE
        ray = ray + 2.0 * squash * (speed**2 + high * pull) / edge**2
        downward = np.where(unknown, np.inf, ray + lifts)
        upward = np.where(unknown, np.inf, ray + sinks)
        return downward, upward


def depth(
    position_km: FloatArray,
    velocity_km_s: FloatArray,
    sun_km: FloatArray,
    sun_km_s: FloatArray,
    stretch: float,
    side: float,
) -> FloatArray:
    """Return the rows of `EarthShadow.sample`, shape `(5, n)`.

    Args:
        position_km, velocity_km_s, sun_km, sun_km_s: ITRF, and relative to the turning Earth; each
            of shape `(3, n)`.
        stretch: of the polar axis, which makes the Earth a sphere.
        side: +1 for the penumbra's edge, -1 for the umbra's.
    """
    along_axis = np.array([[1.0], [1.0], [stretch]])
    p, rate = along_axis * position_km, along_axis * velocity_km_s
    line, line_rate = along_axis * sun_km - p, along_axis * sun_km_s - rate
    distance = _length(line)
    u = line / distance
    u_rate = (line_rate - u * _dot(u, line_rate)) / distance
    ahead, ahead_rate = _dot(p, u), _dot(rate, u) + _dot(p, u_rate)
    radius2 = _dot(p, p)
    tangent = np.sqrt(np.maximum(radius2 - EARTH_RADIUS_KM**2, _RESOLUTION_KM**2))
    tangent_rate = _dot(p, rate) / tangent
    # Of a plane touching a body stretched along z, Rs |S m| is the distance from its centre, m the
    # plane's unit normal: here m lies along p - (p.u) u, which where the limb is touched is
    # a cos s + side * h sin s long. Elsewhere that length only keeps the function smooth.
    aside = p[2] - ahead * u[2]
    aside_rate = rate[2] - ahead_rate * u[2] - ahead * u_rate[2]
    sun_sine = SUN_RADIUS_KM / distance
    sun_cosine = np.sqrt(1.0 - sun_sine**2)
    touching = np.maximum(EARTH_RADIUS_KM * sun_cosine + side * tangent * sun_sine, 1.0)
    w = (aside / touching) ** 2
    w_rate = 2.0 * aside * aside_rate / touching**2
    growth = np.sqrt(1.0 + (stretch**2 - 1.0) * w)
    sine = np.minimum(sun_sine * growth, 0.5)
    sine_rate = sun_sine * (stretch**2 - 1.0) * w_rate / (2.0 * growth)
    cosine = np.sqrt(1.0 - sine**2)
    rows = np.empty((5, len(distance)))
    rows[0] = side * EARTH_RADIUS_KM * sine - tangent * cosine - ahead
    rows[1] = side * EARTH_RADIUS_KM * sine_rate - tangent_rate * cosine - ahead_rate
    if side < 0.0:
        # Beyond the umbra's tip, 1.4 million km away, the Sun is larger than the Earth.
        rows[0] = np.where(sine * np.sqrt(radius2) > EARTH_RADIUS_KM, -tangent, rows[0])
    rows[2] = np.sqrt(radius2)
    rows[3] = _dot(p, rate) / rows[2]
    omega = EARTH_ROTATION_RAD_S
    rows[4] = np.sqrt((rate[0] - omega * p[1]) ** 2 + (rate[1] + omega * p[0]) ** 2 + rate[2] ** 2)
    return rows


def illumination(
    orbit: Orbit,
    bodies: Bodies,
    clock: Clock,
    seconds: FloatArray,
    model: ShadowModel = "oblate",
    light_time: bool = True,
) -> NDArray[np.int64]:
    """Return whether a craft is sunlit (0), in the penumbra (1) or in the umbra (2), shape `(n,)`.

    `SHADES` are their names. For any orbit, about the Moon too; only the Earth throws a shadow.

    Args:
        orbit, bodies, clock, model, light_time: as for `EarthShadow`.
        seconds: of `clock`, shape `(n,)`.

    Raises:
        NoOrbitError: the orbit or the ephemeris does not reach to one of the instants.
    """
    position, velocity = orbit.itrf(clock, seconds)
    sun = sun_itrf(bodies, clock, seconds, light_time)
    inside = [
        depth(position, velocity, *sun, STRETCH[model], side)[0] >= 0.0 for side in (1.0, -1.0)
    ]
    return np.asarray(inside[0].astype(np.int64) + inside[1])


def search_step_s(orbit: Orbit) -> float:
    """Return the step to begin a search with: what the bounds can use, on a circular orbit."""
    return 0.95 * REACH_RAD * orbit.period_s / (2.0 * math.pi)


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("in,in->n", left, right))


def _length(vectors: FloatArray) -> FloatArray:
    return np.sqrt(_dot(vectors, vectors))
