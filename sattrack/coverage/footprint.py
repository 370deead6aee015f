"""The part of a body from which a craft stands above the horizon."""

from __future__ import annotations

import math

import numpy as np

from sattrack.coverage.outline import Corner

_CORNERS = 180
_FLATTENING = 1.0 / 298.257223563  # WGS 84
_SEMI_MAJOR_AXIS_KM = 6378.137


def circle_of_visibility(
    latitude_deg: float, longitude_deg: float, height_km: float, *, radius_km: float | None = None
) -> tuple[Corner, ...]:
    """Return the (longitude, latitude) at which a craft stands on the horizon, degrees.

    Scaled so that the ellipsoid becomes a sphere of radius 1, the lines of sight that touch it stay
    tangents, and touch it along a circle: from a craft at a distance s, at an angle of acos(1/s).

    Args:
        latitude_deg, longitude_deg: of the point beneath it, geodetic.
        height_km: of the craft above that.
        radius_km: of a body that is a sphere; without it, the ellipsoid WGS 84.

    Returns:
        180 corners, not closed; none where the craft is not above ground.
    """
    equator_km = _SEMI_MAJOR_AXIS_KM if radius_km is None else radius_km
    ratio = 1.0 - _FLATTENING if radius_km is None else 1.0  # of the axes
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    sine, cosine = math.sin(latitude), math.cos(latitude)
    normal_km = equator_km / math.sqrt(cosine**2 + (ratio * sine) ** 2)
    craft = np.array(
        [
            (normal_km + height_km) * cosine / equator_km,
            0.0,
            (ratio**2 * normal_km + height_km) * sine / (ratio * equator_km),
        ]
    )
    distance = float(np.linalg.norm(craft))
    if not distance > 1.0:
        return ()
    towards = craft / distance
    east = np.array([0.0, 1.0, 0.0])
    north = np.cross(towards, east)
    angle = math.acos(1.0 / distance)
    turn = 2.0 * math.pi * np.arange(_CORNERS) / _CORNERS
    around = np.outer(east, np.sin(turn)) + np.outer(north, np.cos(turn))
    x, y, z = math.cos(angle) * towards[:, None] + math.sin(angle) * around
    latitudes = np.degrees(np.arctan2(z, ratio * np.hypot(x, y)))
    longitudes = np.degrees(longitude + np.arctan2(y, x))
    longitudes = (longitudes + 180.0) % 360.0 - 180.0
    return tuple(zip(longitudes.tolist(), latitudes.tolist(), strict=True))
