"""Orbits as published: the values, and the checks that SGP4 itself does not make."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from sattrack.errors import RejectedDataError, printable
from sattrack.times import iso_utc

if TYPE_CHECKING:
    from sattrack.times.scale import FloatArray


class RejectedElementError(RejectedDataError):
    """One value of an element set is not what it should be.

    Attributes:
        field: its keyword in an Orbit Mean-Elements Message, as `MEAN_MOTION`.
        value: what was found there, as text; empty when nothing was.
        reason: what is wrong with it.
    """

    def __init__(self, field: str, value: str, reason: str) -> None:
        self.field = field
        self.value = value
        self.reason = reason
        super().__init__(f"{f'{field} {value}'.strip()}: {reason}")


@dataclass(frozen=True, slots=True)
class ElementSet:
    """One set of mean elements for SGP4, as an OMM or TLE publishes it.

    Epoch in UTC; angles refer to TEME, the true equator and mean equinox of the epoch. The fields
    are those of CCSDS 502.0-B-3 (Orbit Mean-Elements Message), with their units in their names.
    A value says what was published; `check_element_set` says whether that can be an orbit.

    Attributes:
        norad_id: catalog number, of up to nine digits.
        mean_motion_dot_rev_day2: half of the derivative, as TLE and CelesTrak's OMM have it; of no
            effect in SGP4.
        mean_motion_ddot_rev_day3: a sixth of the second derivative, likewise.
        cospar_id: international designator as `1998-067A`; empty when there is none.
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


LARGEST_NORAD_ID = 999_999_999

# WGS 72, the constants that published elements are fitted with (AIAA 2006-6753).
_GM_KM3_S2 = 398600.8
_EARTH_RADIUS_KM = 6378.135
_REV_DAY_PER_RAD_S = 86400.0 / (2.0 * math.pi)
# Beyond its Hill sphere nothing orbits the Earth.
_HILL_RADIUS_KM = 1.5e6
# Real craft are published on their last revolution, and launchers before their second burn: object
# 28872 of the verification set of AIAA 2006-6753 has its perigee 51 km under ground.
_DEEPEST_PERIGEE_KM = _EARTH_RADIUS_KM - 200.0
_FIRST_EPOCH = datetime(1957, 1, 1, tzinfo=UTC)
_COSPAR_ID = re.compile(r"(?:[12][0-9]{3}-[0-9]{3}[A-Z]{1,3})?")
_FUTURE_TOLERANCE = timedelta(days=2)
# CCSDS 502.0-B-3, 4.2.4.7: 0 stands in every TLE and CelesTrak OMM, and 2 names SGP4.
_SGP4_TYPES = (0, 2)


def _mean_motion_rev_day(semi_major_axis_km: float) -> float:
    return math.sqrt(_GM_KM3_S2 / semi_major_axis_km**3) * _REV_DAY_PER_RAD_S


_SLOWEST_REV_DAY = _mean_motion_rev_day(_HILL_RADIUS_KM)
_FASTEST_REV_DAY = _mean_motion_rev_day(_EARTH_RADIUS_KM)
_LARGEST_FLOAT = math.nextafter(math.inf, 0.0)
_FULL_CIRCLE = (0.0, 360.0, "must be 0 to 360 deg")
_FINITE = (-_LARGEST_FLOAT, _LARGEST_FLOAT, "must be a finite number")
_COUNT = (0, 999_999_999, "must be a count of at most nine digits")

# Attribute, keyword, least and greatest value, and what to say; NaN is in no range. Publishers
# round 359.99996 to 360.0000, so the end of the circle belongs to it.
_RANGES: tuple[tuple[str, str, float, float, str], ...] = (
    ("norad_id", "NORAD_CAT_ID", 1, LARGEST_NORAD_ID, f"must be 1 to {LARGEST_NORAD_ID}"),
    (
        "mean_motion_rev_day",
        "MEAN_MOTION",
        _SLOWEST_REV_DAY,
        _FASTEST_REV_DAY,
        f"must be {_SLOWEST_REV_DAY:.4f} (the edge of the Earth's attraction)"
        f" to {_FASTEST_REV_DAY:.2f} rev/day (its surface)",
    ),
    (
        "eccentricity",
        "ECCENTRICITY",
        0.0,
        math.nextafter(1.0, 0.0),
        "must be at least 0 and less than 1",
    ),
    ("inclination_deg", "INCLINATION", 0.0, 180.0, "must be 0 to 180 deg"),
    ("raan_deg", "RA_OF_ASC_NODE", *_FULL_CIRCLE),
    ("argument_of_perigee_deg", "ARG_OF_PERICENTER", *_FULL_CIRCLE),
    ("mean_anomaly_deg", "MEAN_ANOMALY", *_FULL_CIRCLE),
    # B* = 100 is an area of more than 500 m2 per kg: no foil is that thin.
    ("bstar_per_earth_radius", "BSTAR", -100.0, 100.0, "must be -100 to 100 per Earth radius"),
    ("mean_motion_dot_rev_day2", "MEAN_MOTION_DOT", *_FINITE),
    ("mean_motion_ddot_rev_day3", "MEAN_MOTION_DDOT", *_FINITE),
    ("element_set_no", "ELEMENT_SET_NO", *_COUNT),
    ("rev_at_epoch", "REV_AT_EPOCH", *_COUNT),
)
_numbers_of = attrgetter(*(attribute for attribute, *_ in _RANGES))


def check_element_set(elements: ElementSet) -> None:
    """Check that the values can be those of a body in orbit around the Earth.

    A perigee somewhat under ground passes: such elements are published before a re-entry, and
    SGP4 tells when they end. So do angles of exactly 360 deg, but not negative ones.

    Raises:
        RejectedElementError: a value is outside its range; the first one found.
    """
    for value, (_, field, least, greatest, reason) in zip(
        _numbers_of(elements), _RANGES, strict=True
    ):
        if not least <= value <= greatest:
            raise RejectedElementError(field, repr(value), reason)
    mean_motion_rad_s = elements.mean_motion_rev_day / _REV_DAY_PER_RAD_S
    semi_major_axis_km = (_GM_KM3_S2 / mean_motion_rad_s**2) ** (1.0 / 3.0)
    perigee_km = semi_major_axis_km * (1.0 - elements.eccentricity)
    if perigee_km < _DEEPEST_PERIGEE_KM:
        raise RejectedElementError(
            "ECCENTRICITY",
            repr(elements.eccentricity),
            f"puts the perigee {_EARTH_RADIUS_KM - perigee_km:.0f} km under ground",
        )
    if elements.epoch.tzinfo is None:
        raise RejectedElementError("EPOCH", str(elements.epoch), "must have a time zone")
    if elements.epoch < _FIRST_EPOCH:
        raise RejectedElementError("EPOCH", iso_utc(elements.epoch), "must be 1957 or later")
    if not _COSPAR_ID.fullmatch(elements.cospar_id):
        raise RejectedElementError(
            "OBJECT_ID", repr(elements.cospar_id), "must be empty or like 1998-067A"
        )
    if elements.ephemeris_type not in _SGP4_TYPES:
        reason = "must be 0 or 2 (SGP4); 4 is SGP4-XP, which sattrack does not have"
        raise RejectedElementError("EPHEMERIS_TYPE", repr(elements.ephemeris_type), reason)
    if not ("A" <= elements.classification <= "Z" and len(elements.classification) == 1):
        raise RejectedElementError(
            "CLASSIFICATION_TYPE", repr(elements.classification), "must be one capital letter"
        )


def check_epoch(elements: ElementSet, now: datetime) -> None:
    """Check that the epoch lies at most two days after `now`.

    Publishers do run ahead a little, to the next node or over a manoeuvre to come.

    Raises:
        RejectedElementError: it lies further ahead.
    """
    if elements.epoch - now > _FUTURE_TOLERANCE:
        raise RejectedElementError(
            "EPOCH", iso_utc(elements.epoch), f"lies more than 2 days after {iso_utc(now)}"
        )


@dataclass(frozen=True, slots=True)
class Published:
    """An element set, who published it, and when it was taken from there.

    Attributes:
        source: the publisher (`celestrak`, `spacetrack`), `embedded` or `file`.
    """

    elements: ElementSet
    source: str
    retrieved_at: datetime | None = None


MOON_NAIF_ID = 301
EARTH_NAIF_ID = 399
_CENTRES = (MOON_NAIF_ID, EARTH_NAIF_ID)
# Hermite of degree 7 needs this many.
FEWEST_STATES = 4
# Between states this far apart, as seen from the centre, a low lunar orbit is known to a kilometre:
# eleven minutes. The error grows with the eighth power.
_LONGEST_TURN_RAD = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class StateTable:
    """States of one object at instants, as an ephemeris publishes them; see `check_state_table`.

    Axes are those of the ICRF. Instants are seconds of TDB since `start_jd_tdb`, which ends in .0
    or .5, so that no digit is lost: a Julian date in one float moves a lunar orbiter by 6 cm.

    Attributes:
        naif_id: of the object: -155 is Danuri, 606 Titan.
        centre_naif_id: what positions count from: 301, the Moon, or 399, the Earth.
        seconds: ascending, shape `(n,)`.
        position_km, velocity_km_s: shape `(3, n)`.
        source: who publishes it, and which solution.
        retrieved_at: when it was taken from there.
        data_until: states after it are a prediction; None where nothing is said.
    """

    object_name: str
    naif_id: int
    centre_naif_id: int
    start_jd_tdb: float
    seconds: FloatArray
    position_km: FloatArray
    velocity_km_s: FloatArray
    source: str
    retrieved_at: datetime | None = None
    data_until: datetime | None = None

    @property
    def coverage(self) -> tuple[datetime, datetime]:
        """The first and the last instant, UTC."""
        from sattrack.times.scale import DAY_S, timescale

        first, last = (
            timescale().tdb_jd(self.start_jd_tdb, float(self.seconds[row]) / DAY_S).utc_datetime()
            for row in (0, -1)
        )
        return first, last


@dataclass(frozen=True, slots=True, eq=False)
class PublishedStates:
    """A table of states, and who published it, as `Published` has it."""

    table: StateTable
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class OsculatingTable:
    """Osculating elements of one object at instants; angles refer to the ecliptic of J2000.

    All arrays have the shape `(n,)`.

    Attributes:
        centre_naif_id: the body at the focus: 301, the Moon, or 399, the Earth.
        gm_km3_s2: of that body, as the elements were computed with.
        jd_tdb: ascending; each ends in .0 or .5.
        source, retrieved_at, data_until: as in `StateTable`.
        error_km: how far an orbit interpolated between them may be off, as the data's own README
            shows.
    """

    object_name: str
    naif_id: int
    centre_naif_id: int
    gm_km3_s2: float
    jd_tdb: FloatArray
    semi_major_axis_km: FloatArray
    eccentricity: FloatArray
    inclination_deg: FloatArray
    node_deg: FloatArray
    argument_of_periapsis_deg: FloatArray
    mean_anomaly_deg: FloatArray
    source: str
    error_km: float
    retrieved_at: datetime | None = None
    data_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a table says of itself.

    Attributes:
        solution: who computed it, as in `StateTable.source`.
        start, end: the first and the last instant, UTC.
        data_until: what comes after it is a prediction; None where nothing is said.
        error_km: how far interpolation may be off; the table itself has errors of its own.
        error_s: what that means for the beginning and end of a contact.
    """

    solution: str
    start: datetime
    end: datetime
    data_until: datetime | None
    error_km: float
    error_s: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an orbit comes from.

    Attributes:
        kind: the model, `sgp4`, `tabulated` or `nominal`.
        epoch: of the elements; of a table, where its measurements end or, where it does not say,
            when it was retrieved.
        age_days: the time asked minus the epoch; negative for an epoch still ahead of it.
        source: the publisher, `embedded`, `file`, or `catalog` for nominal orbits.
        nominal: planned, not flown.
        illustrative: an assumption of sattrack, not even the operator's plan.
        coverage: of a table; None for elements.
    """

    kind: str
    epoch: datetime
    age_days: float
    source: str
    retrieved_at: datetime | None = None
    nominal: bool = False
    illustrative: bool = False
    coverage: Coverage | None = None


def check_state_table(table: StateTable) -> None:
    """Check that a table can be interpolated: shapes, order, units, and steps short enough.

    Raises:
        RejectedDataError: it cannot; the first reason found, naming the object.
    """
    import numpy as np

    name = printable(table.object_name, 60) or f"NAIF {table.naif_id}"

    def refuse(reason: str) -> RejectedDataError:
        return RejectedDataError(f"{name}: {reason}")

    count = len(table.seconds)
    if table.centre_naif_id not in _CENTRES:
        raise refuse(f"states about body {table.centre_naif_id}; 301 (Moon) or 399 (Earth) is read")
    if count < FEWEST_STATES:
        raise refuse(f"{count} states are too few to interpolate; at least {FEWEST_STATES}")
    if (2.0 * table.start_jd_tdb) % 1.0 != 0.0:
        raise refuse(f"it counts from JD {table.start_jd_tdb!r}, which does not end in .0 or .5")
    shapes = (np.shape(table.seconds), np.shape(table.position_km), np.shape(table.velocity_km_s))
    if shapes != ((count,), (3, count), (3, count)):
        raise refuse(f"{count} instants, but states of shape {shapes[1]} and {shapes[2]}")
    finite = (np.isfinite(table.seconds), np.isfinite(table.position_km).all(axis=0))
    if not (finite[0] & finite[1] & np.isfinite(table.velocity_km_s).all(axis=0)).all():
        raise refuse("a state is not a number")
    steps_s = np.diff(table.seconds)
    if not (steps_s > 0.0).all():
        row = int(np.flatnonzero(steps_s <= 0.0)[0]) + 1
        raise refuse(f"state {row + 1} is not later than the one before it")
    radius_km = np.sqrt(np.einsum("in,in->n", table.position_km, table.position_km))
    if not radius_km.all():
        raise refuse(f"state {int(np.argmin(radius_km)) + 1} is at the centre of the body")
    speed_km_s = np.sqrt(np.einsum("in,in->n", table.velocity_km_s, table.velocity_km_s))
    rate_rad_s = speed_km_s / radius_km
    turn_rad = steps_s * np.maximum(rate_rad_s[:-1], rate_rad_s[1:])
    if turn_rad.max() > _LONGEST_TURN_RAD:
        row = int(np.argmax(turn_rad))
        raise refuse(
            f"{steps_s[row]:g} s between states {row + 1} and {row + 2} is too long to interpolate"
        )
    # Trapezia over such steps are good to 3 %; a wrong unit is off by far more.
    moved_km = np.diff(table.position_km, axis=1)
    expected_km = (table.velocity_km_s[:, 1:] + table.velocity_km_s[:, :-1]) * (steps_s / 2.0)
    off_km = np.sqrt(np.einsum("in,in->n", moved_km - expected_km, moved_km - expected_km))
    way_km = steps_s * np.maximum(speed_km_s[:-1], speed_km_s[1:])
    if (off_km > 0.1 * way_km).any():
        row = int(np.argmax(off_km / way_km))
        raise refuse(
            f"the velocities do not lead from state {row + 1} to state {row + 2}: "
            f"{off_km[row]:.3g} km off after {way_km[row]:.3g} km"
        )
