"""Orbits as published: the values, and the checks that SGP4 itself does not make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ElementSet:
    """One set of mean elements for SGP4, as an OMM or TLE publishes it.

    Epoch in UTC; angles refer to TEME, the true equator and mean equinox of the epoch. The fields
    are those of CCSDS 502.0-B-3 (Orbit Mean-Elements Message), with their units in their names.
    """

    norad_id: int
    epoch: datetime
    mean_motion_rev_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float
    bstar_per_earth_radius: float = 0.0
    mean_motion_dot_rev_day2: float = 0.0
    mean_motion_ddot_rev_day3: float = 0.0
    name: str = ""
    cospar_id: str = ""
    classification: str = "U"
    ephemeris_type: int = 0
    element_set_no: int = 999
    rev_at_epoch: int = 0


@dataclass(frozen=True, slots=True)
class NominalOrbit:
    """A planned orbit: Keplerian elements at an epoch, moved by secular J2.

    Epoch in UTC; angles refer to the true equator and mean equinox of the epoch.

    Attributes:
        station_kept: hold the ground track: the mean anomaly advances so that one nodal revolution
            takes exactly one rotation of the Earth against the node, as station keeping does.
        illustrative: the values are an assumption of sattrack, not the operator's design.
    """

    epoch: datetime
    semi_major_axis_km: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float
    station_kept: bool = False
    illustrative: bool = True
