"""Names for events that stay when newer elements move their times a little.

The revolution of the craft in which something happens is counted, and not the time at which. For
the count not to change where the event is, a revolution begins on the other side of the Earth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import numpy as np

from sattrack.orbits import Sgp4
from sattrack.orbits.earth import J2_EARTH
from sattrack.orbits.nominal import eccentric_anomaly_rad
from sattrack.times.scale import DAY_S, Clock
from sattrack.tracking import Tracked

# Below it, seen from its plane, a craft may pass over a place in any part of its revolution.
_FLAT_DEG = 35.0
_FAST_REV_DAY = 1.5
# Element sets are made at the node, and elements without periodic terms may be just before it.
_NODE_MARGIN_DEG = 1.0
# Of a circle at the equator's radius, WGS 72.
_SURFACE_REV_DAY = 17.0436
# Five digits are all that a TLE has for the number of a revolution.
_NUMBERS = 100_000


def occasion(tracked: Tracked, latitude_deg: float, longitude_deg: float, instant: datetime) -> str:
    """Return a name for the revolution in which a craft passes over a point at about `instant`.

    It is the same by any element sets whose times differ by less than some ten minutes and whose
    publisher counts revolutions alike. Of a craft without such a count (ephemerides, planned
    craft, element sets numbered 0) the time itself is counted, in units of a quarter to a half of
    a revolution; that changes when an event moves over the edge of a unit.

    A flat fast orbit counts against the turning Earth, from a node that itself goes round: once in
    weeks the count jumps by one.
    """
    orbit = tracked.orbit
    if isinstance(orbit, Sgp4) and orbit.elements.rev_at_epoch > 0:
        return f"r{_revolution(orbit, latitude_deg, longitude_deg, instant) % _NUMBERS}"
    unit_s = 2.0 ** math.floor(math.log2(orbit.period_s / 2.0))
    return f"t{math.floor(instant.timestamp() / unit_s)}"


def _revolution(orbit: Sgp4, latitude_deg: float, longitude_deg: float, instant: datetime) -> int:
    """Return the number of a revolution, from the mean elements and the secular rates of J2.

    Vallado, Fundamentals of Astrodynamics and Applications, 4th ed., section 9.6.1.
    """
    elements = orbit.elements
    days = (instant - elements.epoch) / timedelta(days=1)
    motion = elements.mean_motion_rev_day
    inclination = math.radians(elements.inclination_deg)
    semi_major_axis: float = (_SURFACE_REV_DAY / motion) ** (2.0 / 3.0)  # Earth radii
    parameter = semi_major_axis * (1.0 - elements.eccentricity**2)
    oblateness = 1.5 * J2_EARTH / parameter**2
    perigee_turns = oblateness * motion * (2.0 - 2.5 * math.sin(inclination) ** 2) * days
    node_turns = -oblateness * motion * math.cos(inclination) * days
    # The node counts where the craft itself passes it: by the true anomaly, not the mean one.
    mean = math.radians(elements.mean_anomaly_deg)
    ahead_deg = math.degrees(_equation_of_centre_rad(mean, elements.eccentricity))
    true_deg = elements.argument_of_perigee_deg + elements.mean_anomaly_deg + ahead_deg
    true_deg = (true_deg + _NODE_MARGIN_DEG) % 360.0 - _NODE_MARGIN_DEG
    turns = (
        elements.rev_at_epoch
        + (true_deg - ahead_deg) / 360.0
        + (motion + elements.mean_motion_dot_rev_day2 * days) * days
        + perigee_turns
    )
    tilt_deg = min(elements.inclination_deg, 180.0 - elements.inclination_deg)
    if tilt_deg >= _FLAT_DEG or motion < _FAST_REV_DAY:
        # From the southernmost point to the next, or for the south from the northernmost.
        return math.floor(turns + (0.25 if latitude_deg >= 0.0 else 0.75))
    # Retrograde, longitude runs against the revolution.
    way = 1.0 if elements.inclination_deg < 90.0 else -1.0
    place_turns = longitude_deg / 360.0 + _earth_turns(instant)
    node = (elements.raan_deg / 360.0 + node_turns) % 1.0
    return math.floor(turns + way * (node - place_turns) + 0.5)


def _equation_of_centre_rad(mean_anomaly_rad: float, eccentricity: float) -> float:
    """Return the true anomaly less the mean one, -pi to pi."""
    eccentric = float(eccentric_anomaly_rad(np.array(mean_anomaly_rad), eccentricity))
    ratio = math.sqrt((1.0 + eccentricity) / (1.0 - eccentricity))
    true = 2.0 * math.atan(ratio * math.tan(eccentric / 2.0))
    return math.remainder(true - mean_anomaly_rad, 2.0 * math.pi)


def _earth_turns(instant: datetime) -> float:
    """Return how often the Earth has turned against the stars."""
    clock = Clock(instant)
    fraction = float(clock.sidereal_angle_rad(np.zeros(1))[0]) / (2.0 * math.pi) % 1.0
    # The time tells which turn is meant; at 1970-01-01 00:00 UTC sidereal time was 6 h 40 min.
    about = instant.timestamp() / DAY_S * 1.00273790935 + 0.278
    return round(about - fraction) + fraction


def solar_day(instant: datetime, longitude_deg: float) -> str:
    """Return the date of mean solar time at a longitude: what happens by day keeps it."""
    return f"d{instant + timedelta(days=longitude_deg / 360.0):%Y%m%d}"


def numbered(names: Iterable[str]) -> Iterator[str]:
    """Return names in order, those that come again with a count: a, a.2, b."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}.{seen[name]}"
