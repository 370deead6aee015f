"""States of an orbit in the frame somebody wants, about the Earth or the Moon."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from skyfield.framelib import ICRS_to_J2000, itrs
from skyfield.sgp4lib import TEME
from skyfield.timelib import Time

from sattrack.elements import MOON_NAIF_ID
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.earth import EARTH_RADIUS_KM, EARTH_ROTATION_RAD_S
from sattrack.orbits.gcrf import gcrf_to_teme
from sattrack.orbits.moon import MoonFrames, sub_points_of
from sattrack.orbits.orbit import Orbit
from sattrack.orbits.states import States
from sattrack.orbits.tabulated import Tabulated
from sattrack.times.scale import DAY_S, Clock, FloatArray

EarthFrame: TypeAlias = Literal["gcrf", "itrf", "teme"]
MoonFrame: TypeAlias = Literal["moon-icrf", "moon-me"]
State: TypeAlias = tuple[FloatArray, FloatArray]

_FLATTENING = 1.0 / 298.257223563  # WGS 84
# The Moon turns so evenly that a difference over two minutes has its rate to 1e-17 rad/s.
_RATE_STEP_S = 60.0


def is_lunar(orbit: Orbit) -> bool:
    """Tell whether an orbit is one about the Moon."""
    return isinstance(orbit, Tabulated) and orbit.motion.centre_naif_id == MOON_NAIF_ID


def earth_states(orbit: Orbit, clock: Clock, seconds: FloatArray, frame: EarthFrame) -> States:
    """Return states about the Earth at `seconds` of `clock`, shape `(n,)`, and what lies beneath.

    Velocities in `itrf` are relative to the turning Earth.

    Raises:
        OrbitEndsError: the orbit fails at one of the instants.
        NoOrbitError: it begins after the first of them.
    """
    fixed = orbit.itrf(clock, seconds)
    position, velocity = fixed
    if frame != "itrf":
        t = clock.time(seconds)
        place = orbit.at(t)
        position, velocity = place.position.km, place.velocity.km_per_s
        if frame == "teme":
            position, velocity = _turned(gcrf_to_teme(t), position, velocity)
    return States(position, velocity, *geodetic(fixed[0]))


def moon_states(
    orbit: Orbit,
    clock: Clock,
    seconds: FloatArray,
    frame: MoonFrame,
    bodies: Bodies,
    moon: MoonFrames,
) -> States:
    """Return states about the Moon, and the points of the Moon beneath; as `earth_states`.

    Velocities in `moon-me`, the mean-Earth frame, are relative to the turning Moon.
    """
    t = clock.time(seconds)
    if isinstance(orbit, Tabulated):
        position, velocity = orbit.selenocentric(orbit.covered(clock, seconds))
    else:
        orbit.itrf(clock, seconds)  # raises where the orbit ends
        place = orbit.at(t)
        moon_position, moon_velocity = bodies.moon(t)
        position = place.position.km - moon_position
        velocity = place.velocity.km_per_s - moon_velocity
    rotation = moon.mean_earth(t)
    beneath = sub_points_of(position, rotation)
    if frame == "moon-me":
        rate = _rate(moon, t)
        velocity = _product(rotation, velocity) + _product(rate, position)
        position = _product(rotation, position)
    return States(
        position, velocity, beneath.latitude_deg, beneath.longitude_deg, beneath.height_km
    )


def from_mean_earth(
    moon: MoonFrames, t: Time, position_km: FloatArray, velocity_km_s: FloatArray
) -> State:
    """Return states with axes of the ICRF from those of `moon-me`, all of shape `(3, n)`."""
    back = np.swapaxes(moon.mean_earth(t), 0, 1)
    position = _product(back, position_km)
    return position, _product(back, velocity_km_s - _product(_rate(moon, t), position))


def _rate(moon: MoonFrames, t: Time) -> FloatArray:
    """Return the derivative of the rotation into the mean-Earth frame, per second."""
    step_days = _RATE_STEP_S / DAY_S
    later, earlier = (
        moon.mean_earth(Time(t.ts, t.whole, t.tt_fraction + days))
        for days in (step_days, -step_days)
    )
    return (later - earlier) / (2.0 * _RATE_STEP_S)


def geodetic(position_km: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return latitude, longitude (east positive, -180 to 180) and height above WGS 84, in km.

    Args:
        position_km: ITRF, shape `(3, n)`.
    """
    x, y, z = position_km
    squared = _FLATTENING * (2.0 - _FLATTENING)
    axis_km = np.hypot(x, y)
    latitude = np.arctan2(z, axis_km)
    for _ in range(6):  # each makes the error 150 times smaller
        sine = np.sin(latitude)
        normal_km = EARTH_RADIUS_KM / np.sqrt(1.0 - squared * sine * sine)
        latitude = np.arctan2(z + squared * normal_km * sine, axis_km)
    sine, cosine = np.sin(latitude), np.cos(latitude)
    normal_km = EARTH_RADIUS_KM / np.sqrt(1.0 - squared * sine * sine)
    height_km = axis_km * cosine + z * sine - EARTH_RADIUS_KM**2 / normal_km
    return np.degrees(latitude), np.degrees(np.arctan2(y, x)), height_km


def to_gcrf(frame: str, t: Time, position_km: FloatArray, velocity_km_s: FloatArray) -> State:
    """Return states with axes of the GCRF, about the same centre; all of shape `(3, n)`.

    Args:
        frame: `GCRF`, `EME2000`, `TEME`, or `ITRF` of any year, whose differences are below 0.1 m.
        t: the instants, shape `(n,)`.
        position_km, velocity_km_s: in that frame; relative to the turning Earth in ITRF.
    """
    if frame == "GCRF":
        return position_km, velocity_km_s
    if frame == "EME2000":
        back = ICRS_to_J2000.T
        return back @ position_km, back @ velocity_km_s
    if frame == "TEME":
        return _turned(np.swapaxes(TEME.rotation_at(t), 0, 1), position_km, velocity_km_s)
    back = np.swapaxes(itrs.rotation_at(t), 0, 1)
    # The Earth turns about the pole, which is not quite the z axis of the ITRF.
    axis = t.polar_motion_matrix()[:, 2] * EARTH_ROTATION_RAD_S
    return _turned(back, position_km, velocity_km_s + np.cross(axis, position_km, axis=0))


def _turned(rotation: FloatArray, position: FloatArray, velocity: FloatArray) -> State:
    return _product(rotation, position), _product(rotation, velocity)


def _product(matrices: FloatArray, vectors: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ij...,j...->i...", matrices, vectors))
