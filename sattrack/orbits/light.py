"""What light brings from a lunar orbiter to a place on the Earth, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sattrack.orbits.bodies import LIGHT_KM_S
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S
from sattrack.orbits.gcrf import gcrf_to_itrf
from sattrack.orbits.moon import MOON_RADIUS_KM
from sattrack.orbits.tabulated import GM_MOON_KM3_S2, Tabulated
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

_MOON_LIGHT_S = 1.28  # at its mean distance


@dataclass(frozen=True, slots=True)
class Sight:
    """A craft and the Moon as their light reaches a place; `n` instants of arrival.

    Each stands where it was when its own light left it. A ray from the craft passes the limb when
    the light of the Moon's centre sets out, to 13 us, so that the limb is where the ray meets it.
    Light runs straight, and at its own speed, in the GCRF; the Earth's way round the Sun, common to
    all three, drops out.

    Attributes:
        place_km: ITRF, shape `(3, 1)`.
        light_time_s: from the craft to the place, shape `(n,)`; 0 where it is left out.
        craft_km, moon_km: ITRF of the arrival, shape `(3, n)`.
        craft_km_s, moon_km_s: their derivatives by the time of arrival, in that turning frame.
        speed_km_s: of the craft about the Moon, among the stars, shape `(n,)`.
    """

    place_km: FloatArray
    light_time_s: FloatArray
    craft_km: FloatArray
    craft_km_s: FloatArray
    moon_km: FloatArray
    moon_km_s: FloatArray
    speed_km_s: FloatArray


def sight(
    orbit: Tabulated, place: Place, clock: Clock, seconds: FloatArray, light_time: bool = True
) -> Sight:
    """Return what reaches `place` at `seconds` of `clock`, shape `(n,)`.

    Args:
        orbit: about the Moon.
        place: on the Earth.
        clock: counts `seconds`.
        seconds: of arrival.
        light_time: without it light takes no time: geometric directions.

    Raises:
        OrbitEndsError: the orbit ends before the last instant of departure.
        NoOrbitError: it begins after the first.
    """
    bodies = orbit.bodies
    if light_time:
        early_s = seconds - _MOON_LIGHT_S
        moon, moon_rate = bodies.moon(clock.time(early_s))
        # The centres of Moon and Earth tell the light time to 0.03 s, in which gravity moves a
        # craft by less than 1 mm from its straight way: one look at the orbit is enough.
        near_s = seconds - _length(moon) / LIGHT_KM_S
        moon = moon + moon_rate * (near_s - early_s)
        about, about_rate = orbit.selenocentric(orbit.covered(clock, near_s))
    else:
        near_s = seconds
        t = orbit.covered(clock, seconds)
        moon, moon_rate = bodies.moon(t)
        about, about_rate = orbit.selenocentric(t)
    speed = _length(about_rate)
    pull = about * (-GM_MOON_KM3_S2 / _length(about) ** 3)
    moon, moon_rate = gcrf_to_itrf(clock, seconds, moon, moon_rate)
    about, about_rate = gcrf_to_itrf(clock, seconds, about, about_rate)
    craft, craft_rate = moon + about, moon_rate + about_rate
    place_km = place.itrf_km()[:, None]
    light_s = np.zeros(len(seconds))
    if light_time:
        pull, _ = gcrf_to_itrf(clock, seconds, pull, np.zeros(pull.shape))
        near_light_s = seconds - near_s
        _, moon, moon_rate = _as_light_left(moon, moon_rate, 0.0, place_km, near_light_s)
        light_s, craft, craft_rate = _as_light_left(craft, craft_rate, pull, place_km, near_light_s)
    return Sight(place_km, light_s, craft, craft_rate, moon, moon_rate, speed)


def arrivals_s(orbit: Tabulated, clock: Clock, left_s: FloatArray) -> FloatArray:
    """Return when `sight` shows the orbit as it is at `left_s`, all in seconds of `clock`."""
    arrival_s = left_s + _MOON_LIGHT_S
    # The distance changes by a millionth of the light's speed.
    for _ in range(2):
        moon, _ = orbit.bodies.moon(clock.time(arrival_s - _MOON_LIGHT_S))
        arrival_s = left_s + _length(moon) / LIGHT_KM_S
    return arrival_s


def _as_light_left(
    position_km: FloatArray,
    velocity_km_s: FloatArray,
    pull_km_s2: FloatArray | float,
    place_km: FloatArray,
    near_light_s: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return light time, position and its derivative by the time of arrival, of a body.

    Args:
        position_km, velocity_km_s: in the ITRF of the arrival, but `near_light_s` before it, and
            against the turning Earth; shape `(3, n)`.
        pull_km_s2: how its velocity changes.
        place_km: where the light arrives.
        near_light_s: the light time, to 0.03 s; shape `(n,)`.
    """
    # Its way among the stars: what turns with the Earth lags behind by the rotation.
    way = velocity_km_s + _carried(position_km)
    offset = position_km - place_km
    distance = _length(offset)
    towards = _dot(offset, way) / distance
    light_s = (distance + towards * near_light_s) / (LIGHT_KM_S + towards)
    late_s = near_light_s - light_s
    position_km = position_km + way * late_s
    way = way + pull_km_s2 * late_s
    # Of c tau = |body(t - tau) - place(t)|, by t.
    offset = position_km - place_km
    closing = _dot(offset, way) / distance
    receding = _dot(offset, way - _carried(position_km)) / distance
    stretch = 1.0 - receding / (LIGHT_KM_S + closing)
    return light_s, position_km, way * stretch - _carried(position_km)


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("in,in->n", left, right))


def _length(vectors: FloatArray) -> FloatArray:
    return np.sqrt(_dot(vectors, vectors))


def _carried(position_km: FloatArray) -> FloatArray:
    """Return the velocity with which the turning Earth carries a point of the ITRF along."""
    velocity = np.zeros(position_km.shape)
    velocity[0] = -EARTH_ROTATION_RAD_S * position_km[1]
    velocity[1] = EARTH_ROTATION_RAD_S * position_km[0]
    return velocity


@dataclass(frozen=True, slots=True)
class Signal:
    """What an antenna needs to hear a lunar orbiter; arrays of shape `(n,)`.

    Attributes:
        light_time_s: one way.
        azimuth_deg, elevation_deg: where it comes from; from north by east, without refraction.
        range_km: the way of the light.
        range_rate_km_s: its derivative by the time of arrival; positive when receding.
        moon_centre_deg: between the craft and the Moon's centre, as seen from the place.
        moon_limb_deg: to the nearest point of the limb; negative before or behind the disk.
        hidden: behind the Moon.
    """

    light_time_s: FloatArray
    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    range_km: FloatArray
    range_rate_km_s: FloatArray
    moon_centre_deg: FloatArray
    moon_limb_deg: FloatArray
    hidden: NDArray[np.bool_]

    def doppler_hz(self, frequency_hz: float) -> FloatArray:
        """Return the shift of a frequency sent by the craft, as the place receives it.

        From the derivative of the light time, so without approximation in the speed; the rates of
        the two clocks, which differ by 7e-10 at most for their gravity and speed, are left out.
        """
        return -frequency_hz / LIGHT_KM_S * self.range_rate_km_s


def signal(
    orbit: Tabulated, place: Place, clock: Clock, seconds: FloatArray, light_time: bool = True
) -> Signal:
    """Return what `place` hears of `orbit`; see `sight`."""
    seen = sight(orbit, place, clock, seconds, light_time)
    offset = seen.craft_km - seen.place_km
    distance = _length(offset)
    east, north, up = place.east_north_up() @ offset
    to_moon = seen.moon_km - seen.place_km
    cross = np.cross(offset, to_moon, axis=0)
    centre = np.arctan2(_length(cross), _dot(offset, to_moon))
    disk = np.arcsin(MOON_RADIUS_KM / _length(to_moon))
    return Signal(
        light_time_s=seen.light_time_s,
        azimuth_deg=np.degrees(np.arctan2(east, north)) % 360.0,
        elevation_deg=np.degrees(np.arctan2(up, np.hypot(east, north))),
        range_km=distance,
        range_rate_km_s=_dot(offset, seen.craft_km_s) / distance,
        moon_centre_deg=np.degrees(centre),
        moon_limb_deg=np.degrees(centre - disk),
        hidden=clearance_km(seen) < 0.0,
    )


def clearance_km(seen: Sight) -> FloatArray:
    """Return how far a craft is from being hidden by the Moon: negative where it is.

    On the straight line from the craft to the place, the point nearest to the Moon's centre lies
    behind the craft, or ahead of it by some way s. The line meets the sphere ahead of the craft if
    s is longer than the tangent h from the craft to the sphere. This is h - s: one smooth function
    for before, beside and behind the Moon.
    """
    line = seen.place_km - seen.craft_km
    about = seen.craft_km - seen.moon_km
    ahead = -_dot(line, about) / _length(line)
    tangent2 = _dot(about, about) - MOON_RADIUS_KM**2
    return np.asarray(np.sqrt(np.maximum(tangent2, 0.0)) - ahead)
