"""Kinds of orbit, told apart by the elements alone, and the mean elements SGP4 works with."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

from sgp4.api import Satrec

from sattrack.elements import ElementSet

# WGS 72, as in every element set (AIAA 2006-6753).
_GM_KM3_S2 = 398600.8
_EARTH_RADIUS_KM = 6378.135
# Below it the air moves a spacecraft more than all else that is uncertain about it.
_LOW_PERIGEE_KM = 520.0
# Near Earth and deep space part here in SGP4: 225 minutes.
_DEEP_SPACE_REV_DAY = 6.4
_GEOSYNCHRONOUS_REV_DAY = (0.9, 1.1)
_HALF_DAY_MIN = 720.0


class Regime(StrEnum):
    """Kinds of orbit whose predictions go stale alike.

    - `low`: near Earth, perigee below 520 km; drag rules.
    - `middle`: near Earth, above that.
    - `medium`: deep space, periods from 225 minutes on: navigation satellites, and for want of
      better data the eccentric orbits too.
    - `geosynchronous`: 0.9 to 1.1 revolutions a day.
    """

    low = "low"
    middle = "middle"
    medium = "medium"
    geosynchronous = "geosynchronous"


class MeanElements(NamedTuple):
    """SGP4's mean elements at an instant: radians, and radians per minute."""

    mean_motion: float
    eccentricity: float
    inclination: float
    node: float
    perigee: float
    anomaly: float

    @property
    def speed_m_s(self) -> float:
        """Speed on a circle with this mean motion."""
        return 1000.0 * math.cbrt(_GM_KM3_S2 * self.mean_motion / 60.0)


def regime_of(elements: ElementSet) -> Regime:
    """Return what kind of orbit the elements describe."""
    slowest, fastest = _GEOSYNCHRONOUS_REV_DAY
    if slowest <= elements.mean_motion_rev_day <= fastest:
        return Regime.geosynchronous
    if elements.mean_motion_rev_day < _DEEP_SPACE_REV_DAY:
        return Regime.medium
    mean_motion_rad_s = elements.mean_motion_rev_day * 2.0 * math.pi / 86400.0
    semi_major_axis_km = math.cbrt(_GM_KM3_S2 / mean_motion_rad_s**2)
    perigee_km = semi_major_axis_km * (1.0 - elements.eccentricity) - _EARTH_RADIUS_KM
    return Regime.low if perigee_km < _LOW_PERIGEE_KM else Regime.middle


def mean_elements(record: Satrec, since_epoch_min: float) -> MeanElements | None:
    """Return the mean elements that SGP4 reaches, or None where it fails.

    With the secular terms, of drag too, and those of resonance; without the periodic ones.
    """
    code, _, _ = record.sgp4_tsince(since_epoch_min)
    found = MeanElements(record.nm, record.em, record.im, record.Om, record.om, record.mm)
    return None if code or not all(map(math.isfinite, found)) else found


def decay_per_day(record: Satrec) -> float:
    """Return by what part drag raises the mean motion in a day, as SGP4 computes it from B*.

    Zero in deep space, where resonances change the mean motion more than drag does, and zero for
    elements that do not last from half a day before their epoch to half a day after.
    """
    if record.method == "d":
        return 0.0
    before = mean_elements(record, -_HALF_DAY_MIN)
    after = mean_elements(record, _HALF_DAY_MIN)
    if before is None or after is None:
        return 0.0
    return (after.mean_motion - before.mean_motion) / float(record.no_kozai)
