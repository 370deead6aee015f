"""A moon of a far planet, the planet and the Earth: circles about the Sun and about the planet."""

from __future__ import annotations

import numpy as np

_AU_KM = 1.495978707e8
_DAY_S = 86400.0
# Radius, km, period, days, inclination to the equator and phase, degrees.
EARTH = (_AU_KM, 365.256, 23.44, 62.0)
SATURN = (9.58 * _AU_KM, 10759.0, 25.0, 350.0)
TITAN = (1_221_870.0, 15.945, 60.0, 40.0)
MARS = (1.524 * _AU_KM, 686.98, 24.0, 140.0)
PHOBOS = (9_376.0, 0.31891, 37.0, 10.0)


def circle(
    radius_km: float, period_days: float, tilt_deg: float, phase_deg: float, since_s: np.ndarray
) -> np.ndarray:
    """Return states, shape `(6, n)`; km and km/s, equatorial axes."""
    rate = 2.0 * np.pi / (period_days * _DAY_S)
    angle, tilt = np.radians(phase_deg) + rate * since_s, np.radians(tilt_deg)
    x, y = radius_km * np.cos(angle), radius_km * np.sin(angle)
    cos, sin = np.cos(tilt), np.sin(tilt)
    return np.array([x, y * cos, y * sin, -rate * y, rate * x * cos, rate * x * sin])


def titan(since_s: np.ndarray) -> np.ndarray:
    """Return states about the Earth, shape `(6, n)`, at seconds of TDB past J2000."""
    return circle(*SATURN, since_s) + circle(*TITAN, since_s) - circle(*EARTH, since_s)


def phobos(since_s: np.ndarray) -> np.ndarray:
    """Return states about the Earth, as `titan`."""
    return circle(*MARS, since_s) + circle(*PHOBOS, since_s) - circle(*EARTH, since_s)
