"""The figure that a geosynchronous craft draws over the Earth each day, and how it drifts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sattrack.orbits.earth import EARTH_ROTATION_RAD_S
from sattrack.orbits.orbit import Orbit
from sattrack.times.scale import DAY_S, Clock, FloatArray

SIDEREAL_DAY_S = 2.0 * math.pi / EARTH_ROTATION_RAD_S
# A drift and a daily swing look alike for hours; two turns tell them apart.
FIGURE_S = 2.0 * SIDEREAL_DAY_S
_SAMPLES = 288
# Sines of the longitude up to this many a day: an eccentric, inclined figure has them all.
_HARMONICS = 16


@dataclass(frozen=True, slots=True)
class Figure:
    """What a craft draws over the Earth in two sidereal days.

    Attributes:
        longitude_deg: mean, at the middle of them, east positive, -180 to 180.
        drift_deg_day: of the mean longitude, eastward positive, per day of 86,400 s.
        east_west_deg, north_south_deg: half of what it swings without the drift; geocentric.
        eccentricity: by its least and greatest distance from the Earth's centre.
        inclination_deg: of the plane it moves in, to the Earth's equator.
    """

    longitude_deg: float
    drift_deg_day: float
    east_west_deg: float
    north_south_deg: float
    eccentricity: float
    inclination_deg: float


def daily_figure(orbit: Orbit, clock: Clock, start_s: float) -> Figure:
    """Return the figure from `start_s` of `clock` on.

    Longitude is fitted, by least squares, with a mean, a drift and sixteen harmonics of the day.

    Raises:
        OrbitEndsError: the orbit fails within two sidereal days.
    """
    since_s = np.linspace(-FIGURE_S / 2.0, FIGURE_S / 2.0, _SAMPLES, endpoint=False)
    position, velocity = orbit.itrf(clock, since_s + (start_s + FIGURE_S / 2.0))
    x, y, z = position
    longitude = np.unwrap(np.arctan2(y, x))
    turn = EARTH_ROTATION_RAD_S * since_s
    columns = [np.ones(_SAMPLES), since_s / DAY_S]
    for k in range(1, _HARMONICS + 1):
        columns += [np.cos(k * turn), np.sin(k * turn)]
    fitted = np.linalg.lstsq(np.array(columns).T, longitude, rcond=None)[0]
    mean, drift = float(fitted[0]), float(fitted[1])
    radius = np.sqrt(x * x + y * y + z * z)
    latitude = np.arcsin(z / radius)
    return Figure(
        longitude_deg=(math.degrees(mean) + 180.0) % 360.0 - 180.0,
        drift_deg_day=math.degrees(drift),
        east_west_deg=_half_width_deg(longitude - drift * since_s / DAY_S),
        north_south_deg=_half_width_deg(latitude),
        eccentricity=float((radius.max() - radius.min()) / (radius.max() + radius.min())),
        inclination_deg=_inclination_deg(position, velocity),
    )


def _half_width_deg(angles: FloatArray) -> float:
    return math.degrees(float(angles.max() - angles.min()) / 2.0)


def _inclination_deg(position: FloatArray, velocity: FloatArray) -> float:
    """Return the mean angle of the orbit's plane to the Earth's equator, from states in ITRF."""
    among_stars = velocity.copy()
    among_stars[0] -= EARTH_ROTATION_RAD_S * position[1]
    among_stars[1] += EARTH_ROTATION_RAD_S * position[0]
    east, north, up = np.cross(position, among_stars, axis=0)
    return math.degrees(float(np.arctan2(np.hypot(east, north), up).mean()))
