"""Where an orbit is at instants: inertial states, and the point of the Earth beneath."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sattrack.orbits.orbit import Orbit
from sattrack.times.scale import Clock, FloatArray


@dataclass(frozen=True, slots=True)
class States:
    """States at `n` instants.

    Attributes:
        position_km, velocity_km_s: in GCRF, shape `(3, n)`.
        latitude_deg, longitude_deg, height_km: of the object above the WGS 84 ellipsoid, geodetic,
            east positive, shape `(n,)`.
    """

    position_km: FloatArray
    velocity_km_s: FloatArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    height_km: FloatArray


def states(orbit: Orbit, clock: Clock, seconds: FloatArray) -> States:
    """Return the states of `orbit` at `seconds` of `clock`, shape `(n,)`.

    Raises:
        NoOrbitError: the orbit does not reach to one of the instants.
    """
    from skyfield.toposlib import wgs84

    position = orbit.at(clock.time(seconds))
    beneath = wgs84.geographic_position_of(position)
    longitude_deg = (np.asarray(beneath.longitude.degrees) + 180.0) % 360.0 - 180.0
    return States(
        position_km=position.position.km,
        velocity_km_s=position.velocity.km_per_s,
        latitude_deg=np.asarray(beneath.latitude.degrees),
        longitude_deg=longitude_deg,
        height_km=np.asarray(beneath.elevation.km),
    )
