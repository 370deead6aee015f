"""The Moon beneath an orbit: how it is turned, what lies below, whose shadow falls on the craft."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from skyfield.constants import T0
from skyfield.planetarylib import Frame, PlanetaryConstants
from skyfield.timelib import Time

from sattrack.errors import NoOrbitError
from sattrack.orbits.bodies import LIGHT_KM_S, SUN_RADIUS_KM
from sattrack.orbits.tabulated import Tabulated
from sattrack.times.scale import DAY_S, Clock, FloatArray, timescale

MOON_RADIUS_KM = 1737.4  # IAU Working Group on Cartographic Coordinates 2015, mean radius
# The radius that casts the Earth's shadow: its mean at 45 degrees and 1 % for the atmosphere, after
# Danjon, as Espenak & Meeus have it (Five Millennium Canon of Lunar Eclipses, NASA/TP-2009-214172).
EARTH_SHADOW_RADIUS_KM = 6378.137 * 0.998340 * 1.01

# The argument of latitude must turn by less than half a circle between samples, and does up to an
# eccentricity of 0.8.
_SAMPLES_PER_ORBIT = 48

Illumination: TypeAlias = Literal[
    "sunlit", "moon penumbra", "moon umbra", "earth penumbra", "earth umbra"
]


class MoonFrames:
    """How the Moon is turned against the stars, by DE421.

    Args:
        text: the text kernel that defines MOON_PA_DE421 and MOON_ME_DE421.
        binary: the binary kernel that turns the former.
    """

    def __init__(self, text: Traversable, binary: Traversable) -> None:
        constants = PlanetaryConstants()
        constants.read_text(BytesIO(text.read_bytes()))
        constants.read_binary(BytesIO(binary.read_bytes()))
        self._principal_axes: Frame = constants.build_frame_named("MOON_PA_DE421")
        self._mean_earth: Frame = constants.build_frame_named("MOON_ME_DE421")
        (segment,) = constants._segment_list
        self._first_jd = T0 + segment.initial_second / DAY_S
        self._last_jd = T0 + segment.final_second / DAY_S

    def mean_earth(self, t: Time) -> FloatArray:
        """Return the rotation from ICRF to the mean-Earth frame, that of maps; `(3, 3)` or more.

        Raises:
            NoOrbitError: the kernel does not reach to `t`.
        """
        return self._rotation(self._mean_earth, t)

    def mean_earth_and_rate(self, t: Time) -> tuple[FloatArray, FloatArray]:
        """Return the rotation of `mean_earth`, and its derivative by the second."""
        self._check(t)
        rotation, rate = self._mean_earth.rotation_and_rate_at(t)
        return np.asarray(rotation), np.asarray(rate) / DAY_S

    def principal_axes(self, t: Time) -> FloatArray:
        """Return the rotation from ICRF to the principal axes, that of gravity; as `mean_earth`."""
        return self._rotation(self._principal_axes, t)

    def _rotation(self, frame: Frame, t: Time) -> FloatArray:
        self._check(t)
        return np.asarray(frame.rotation_at(t))

    def _check(self, t: Time) -> None:
        days = np.asarray(t.tdb)
        if (days < self._first_jd).any() or (days > self._last_jd).any():
            first, last = (
                timescale().tdb_jd(jd).tdb_strftime("%Y-%m-%d")
                for jd in (self._first_jd, self._last_jd)
            )
            raise NoOrbitError(f"how the Moon is turned is known from {first} to {last} only")


@dataclass(frozen=True, slots=True)
class SubPoints:
    """Points of the Moon beneath a craft, mean-Earth frame; arrays of shape `(n,)`.

    Attributes:
        latitude_deg, longitude_deg: planetocentric, east positive, -180 to 180.
        height_km: of the craft above a sphere of 1737.4 km.
    """

    latitude_deg: FloatArray
    longitude_deg: FloatArray
    height_km: FloatArray


def sub_points(orbit: Tabulated, frames: MoonFrames, t: Time) -> SubPoints:
    """Return what lies beneath `orbit` at `t`, of shape `(n,)`.

    Raises:
        NoOrbitError: the orbit or the Moon's orientation does not reach to `t`.
    """
    position, _ = orbit.selenocentric(t)
    return sub_points_of(position, frames.mean_earth(t))


def sub_points_of(position_km: FloatArray, rotation: FloatArray) -> SubPoints:
    """Return what lies beneath positions about the Moon, given the rotation into its frame."""
    x, y, z = np.einsum("ij...,j...->i...", rotation, position_km)
    return SubPoints(
        latitude_deg=np.degrees(np.arctan2(z, np.hypot(x, y))),
        longitude_deg=np.degrees(np.arctan2(y, x)),
        height_km=np.sqrt(x * x + y * y + z * z) - MOON_RADIUS_KM,
    )


def orbit_numbers(
    orbit: Tabulated, frames: MoonFrames, epoch: datetime, clock: Clock, seconds: FloatArray
) -> NDArray[np.int64]:
    """Return how often the orbit has crossed the Moon's equator northward since `epoch`.

    Until the first crossing the number is 0; before `epoch` it is negative; see `turns_since`.
    """
    return np.floor(turns_since(orbit, frames, epoch, clock, seconds)).astype(np.int64)


def turns_since(
    orbit: Tabulated, frames: MoonFrames, epoch: datetime, clock: Clock, seconds: FloatArray
) -> FloatArray:
    """Return the turns from the last northward crossing of the Moon's equator before `epoch`.

    The equator is that of the mean-Earth frame.

    Args:
        orbit: about the Moon.
        frames: how the Moon is turned.
        epoch: UTC; inside the coverage of `orbit`.
        clock: counts `seconds`.
        seconds: shape `(n,)`.

    Raises:
        NoOrbitError: the orbit does not reach to `epoch` or to one of the instants.
    """
    epoch_s = clock.seconds_at(epoch)
    first_s, last_s = min(epoch_s, seconds.min()), max(epoch_s, seconds.max())
    count = math.ceil((last_s - first_s) / orbit.period_s * _SAMPLES_PER_ORBIT) + 1
    wanted = np.concatenate([[epoch_s], seconds, np.linspace(first_s, last_s, count)])
    instants, where = np.unique(wanted, return_inverse=True)
    t = clock.time(instants)
    rotation = frames.mean_earth(t)
    position, velocity = (np.einsum("ijn,jn->in", rotation, v) for v in orbit.selenocentric(t))
    # From the ascending node, where the pole's shadow on the orbital plane stands at right angles.
    normal = np.cross(position, velocity, axis=0)
    node = np.array([-normal[1], normal[0], np.zeros(len(instants))])
    ahead = np.cross(normal, node, axis=0) / np.sqrt(np.einsum("in,in->n", normal, normal))
    along, across = np.einsum("in,in->n", position, node), np.einsum("in,in->n", position, ahead)
    turns = (np.unwrap(np.arctan2(across, along)) / (2.0 * math.pi))[where]
    return np.asarray(turns[1 : 1 + len(seconds)] - np.floor(turns[0]))


def illumination(orbit: Tabulated, t: Time) -> list[Illumination]:
    """Return in whose light or shadow the craft is at instants `t` of shape `(n,)`.

    In an umbra the Sun's disk is wholly hidden, in a penumbra a part of it. The Moon is a sphere of
    1737.4 km; its mountains move these edges by seconds.

    Raises:
        NoOrbitError: the orbit does not reach to `t`.
    """
    about_moon, _ = orbit.selenocentric(t)
    moon, moon_rate = orbit.bodies.moon(t)
    _, earth_rate = orbit.bodies.earth(t)
    sun, _ = orbit.bodies.sun(t)
    craft = moon + about_moon
    to_sun = sun - craft
    behind_moon = hidden_part(to_sun, -about_moon, moon_rate + earth_rate, MOON_RADIUS_KM)
    behind_earth = hidden_part(to_sun, -craft, earth_rate, EARTH_SHADOW_RADIUS_KM)
    shades: list[Illumination] = ["moon umbra", "earth umbra", "moon penumbra", "earth penumbra"]
    found = np.select(
        [behind_moon == 2, behind_earth == 2, behind_moon == 1, behind_earth == 1],
        [0, 1, 2, 3],
        default=-1,
    )
    return ["sunlit" if k < 0 else shades[k] for k in found.tolist()]


def hidden_part(
    to_sun_km: FloatArray, to_body_km: FloatArray, body_km_s: FloatArray, radius_km: float
) -> NDArray[np.int64]:
    """Return whether a body hides nothing of the Sun's disk (0), a part (1) or all of it (2).

    The body is taken where it was when the light passed it: at the Earth's speed round the Sun, its
    shadow on the Moon lags by 38 km.

    Args:
        to_sun_km: from the craft to the Sun, shape `(3, n)`.
        to_body_km: from the craft to the body's centre.
        body_km_s: of the body among the stars.
        radius_km: of the body.
    """
    passed_s = np.sqrt(np.einsum("in,in->n", to_body_km, to_body_km)) / LIGHT_KM_S
    to_body_km = to_body_km - body_km_s * passed_s
    cross = np.cross(to_sun_km, to_body_km, axis=0)
    apart = np.arctan2(
        np.sqrt(np.einsum("in,in->n", cross, cross)),
        np.einsum("in,in->n", to_sun_km, to_body_km),
    )
    sun = _angular_radius_rad(to_sun_km, SUN_RADIUS_KM)
    body = _angular_radius_rad(to_body_km, radius_km)
    return np.where(apart <= body - sun, 2, np.where(apart < body + sun, 1, 0))


def _angular_radius_rad(to_centre_km: FloatArray, radius_km: float) -> FloatArray:
    distance = np.sqrt(np.einsum("in,in->n", to_centre_km, to_centre_km))
    return np.asarray(np.arcsin(np.minimum(1.0, radius_km / distance)))
