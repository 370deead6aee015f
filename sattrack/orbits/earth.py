"""From TEME, the frame of mean elements, to the turning Earth."""

from __future__ import annotations

import numpy as np

from sattrack.times.scale import Clock, FloatArray

GM_EARTH_KM3_S2 = 398600.4418  # IERS Conventions (2010), table 1.1, TCG-compatible
EARTH_RADIUS_KM = 6378.137  # WGS 84
J2_EARTH = 1.0826359e-3  # IERS Conventions (2010), table 1.1
EARTH_ROTATION_RAD_S = 7.292115146706979e-5  # AIAA 2006-6753, appendix C
# Against the mean equinox, which precesses to meet the Earth: Aoki et al. 1982, eq. 14.
SIDEREAL_RATE_RAD_S = 7.292115855306589e-5


def teme_to_itrf(
    clock: Clock, seconds: FloatArray, position_km: FloatArray, velocity_km_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return position and Earth-relative velocity in ITRF, each of shape `(3, n)`.

    TEME to PEF by Greenwich mean sidereal time 1982 at UT1, PEF to ITRF by polar motion
    (AIAA 2006-6753, appendix C). Polar motion is applied to first order in the pole's
    coordinates; the square of 0.6 arcseconds is 0.3 mm at geostationary distance.

    Args:
        clock: counts `seconds`.
        seconds: shape `(n,)`.
        position_km: TEME, shape `(3, n)`.
        velocity_km_s: TEME, shape `(3, n)`.
    """
    angle = clock.sidereal_angle_rad(seconds) + clock.tio_locator_rad(seconds)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y, z = position_km
    vx, vy, vz = velocity_km_s
    x, y = cos * x + sin * y, cos * y - sin * x
    vx, vy = (
        cos * vx + sin * vy + EARTH_ROTATION_RAD_S * y,
        cos * vy - sin * vx - EARTH_ROTATION_RAD_S * x,
    )
    xp, yp = clock.polar_motion_rad(seconds)
    position = np.empty((3, len(seconds)))
    velocity = np.empty((3, len(seconds)))
    for out, (a, b, c) in ((position, (x, y, z)), (velocity, (vx, vy, vz))):
        out[0] = a + xp * c
        out[1] = b - yp * c
        out[2] = c - xp * a + yp * b
    return position, velocity
