"""Orbits read from osculating elements published once a day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from skyfield.constants import DAY_S

from sattrack.elements import OsculatingTable
from sattrack.orbits.tabulated import State
from sattrack.times.scale import ARCSECOND_RAD, FloatArray

# IAU 1976, as JPL Horizons turns its ecliptic of J2000 against the ICRF.
_OBLIQUITY_RAD = 84381.448 * ARCSECOND_RAD
_KEPLER_TOLERANCE_RAD = 1e-13
# Perturbations shift a low lunar orbit along its track by up to 50 km a day more or less than the
# day before. What is more than that and happens on one day alone is a break in the table: a
# manoeuvre, or the seam between two solutions.
_SMOOTH_KM = 100.0


@dataclass(frozen=True, slots=True)
class Break:
    """A stretch across which elements jump; where inside it they do, the table does not say.

    Attributes:
        first_s, last_s: the stretch, in seconds of the table.
        jump_km: along the track.
        lag_s: the time that takes: so early or late the object may be.
    """

    first_s: float
    last_s: float
    jump_km: float
    lag_s: float


class Osculating:
    """Osculating elements, interpolated; a `Motion`.

    Equinoctial elements (Broucke & Cefola 1972, *Celestial Mechanics* 5, 303) run straight from one
    set to the next; the longitude also makes the whole revolutions that two-body motion asks for.
    Between sets of one day, Danuri's true orbit weaves around this one by kilometres.
    """

    def __init__(self, table: OsculatingTable) -> None:
        self.table = table
        self.name = table.object_name
        self.naif_id = table.naif_id
        self.centre_naif_id = table.centre_naif_id
        self.start_jd_tdb = float(table.jd_tdb[0])
        self._nodes_s = (table.jd_tdb - self.start_jd_tdb) * DAY_S
        self.first_s = 0.0
        self.last_s = float(self._nodes_s[-1])
        # The elements' rates change there, and with them the velocity.
        self.knots_s = self._nodes_s[1:-1]
        self.source = table.source
        self.data_until = table.data_until
        self._elements, self._surplus_km = self._equinoctial()

    def _equinoctial(self) -> tuple[FloatArray, FloatArray]:
        """Return a, h, k, p, q and the unwound longitude, and the way made beyond two-body motion.

        Shapes `(6, n)` and `(n - 1,)`.
        """
        table = self.table
        node = np.radians(table.node_deg)
        periapsis = node + np.radians(table.argument_of_periapsis_deg)
        tilt = np.tan(np.radians(table.inclination_deg) / 2.0)
        axis = table.semi_major_axis_km
        mean_motion = np.sqrt(table.gm_km3_s2 / axis**3)
        expected = np.diff(self._nodes_s) * (mean_motion[:-1] + mean_motion[1:]) / 2.0
        longitude = periapsis + np.radians(table.mean_anomaly_deg)
        surplus = np.remainder(np.diff(longitude) - expected + math.pi, 2.0 * math.pi) - math.pi
        longitude[1:] = longitude[0] + np.cumsum(expected + surplus)
        elements = np.array(
            [
                axis,
                table.eccentricity * np.sin(periapsis),
                table.eccentricity * np.cos(periapsis),
                tilt * np.sin(node),
                tilt * np.cos(node),
                longitude,
            ]
        )
        return elements, surplus * (axis[:-1] + axis[1:]) / 2.0

    @cached_property
    def period_s(self) -> float:
        """Time of one revolution, over the whole table."""
        return float(2.0 * math.pi * self.last_s / (self._elements[5, -1] - self._elements[5, 0]))

    @property
    def error_km(self) -> float:
        """How far interpolation may be off, except across a break: see `lag_s`."""
        return self.table.error_km

    @property
    def extent(self) -> None:
        """Elements are what gravity makes of them."""
        return None

    @property
    def contact_error_s(self) -> float:
        """What `error_km` means for the beginning and end of a contact that is not grazing."""
        return self.error_km / self._speed_km_s

    @property
    def _speed_km_s(self) -> float:
        return 2.0 * math.pi * float(self._elements[0].mean()) / self.period_s

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """The days across which the table jumps."""
        surplus = self._surplus_km
        padded = np.concatenate([surplus[1:2], surplus, surplus[-2:-1]])
        jumps = np.minimum(np.abs(surplus - padded[:-2]), np.abs(surplus - padded[2:]))
        return tuple(
            Break(
                float(self._nodes_s[k]),
                float(self._nodes_s[k + 1]),
                float(jumps[k]),
                float(jumps[k]) / self._speed_km_s,
            )
            for k in np.flatnonzero(jumps > _SMOOTH_KM)
        )

    def lag_s(self, seconds: FloatArray) -> FloatArray:
        """Return by how much the object may be early or late; see `Motion.lag_s`."""
        lag = np.zeros(len(seconds))
        for each in self.breaks:
            lag[(seconds > each.first_s) & (seconds < each.last_s)] += each.lag_s
        return lag

    def states(self, seconds: FloatArray) -> State:
        """Return position and velocity; see `Motion.states`.

        The velocity is the derivative of the position, elements' own rates included.
        """
        k = np.clip(
            np.searchsorted(self._nodes_s, seconds, side="right") - 1, 0, len(self._nodes_s) - 2
        )
        step_s = self._nodes_s[k + 1] - self._nodes_s[k]
        rates = (self._elements[:, k + 1] - self._elements[:, k]) / step_s
        elements = self._elements[:, k] + rates * (seconds - self._nodes_s[k])
        position, velocity = _equinoctial_state(elements, rates)
        cos, sin = math.cos(_OBLIQUITY_RAD), math.sin(_OBLIQUITY_RAD)
        to_equator = np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])
        return to_equator @ position, to_equator @ velocity


def _equinoctial_state(elements: FloatArray, rates: FloatArray) -> State:
    """Return position and its derivative from equinoctial elements and theirs, shape `(6, n)`.

    Broucke & Cefola 1972, eqs. 5 to 9, and their derivatives term by term; `d` marks these.
    """
    a, h, k, p, q, longitude = elements
    da, dh, dk, dp, dq, dlongitude = rates
    eccentric = _eccentric_longitude_rad(longitude, h, k)
    cos, sin = np.cos(eccentric), np.sin(eccentric)
    deccentric = (dlongitude - dh * cos + dk * sin) / (1.0 - h * sin - k * cos)
    dcos, dsin = -sin * deccentric, cos * deccentric
    root = np.sqrt(1.0 - h * h - k * k)
    beta = 1.0 / (1.0 + root)
    dbeta = beta * beta * (h * dh + k * dk) / root
    hh, hk, kk = h * h * beta, h * k * beta, k * k * beta
    dhh = 2.0 * h * dh * beta + h * h * dbeta
    dhk = (dh * k + h * dk) * beta + h * k * dbeta
    dkk = 2.0 * k * dk * beta + k * k * dbeta
    x = (1.0 - hh) * cos + hk * sin - k
    y = (1.0 - kk) * sin + hk * cos - h
    dx = (1.0 - hh) * dcos - dhh * cos + hk * dsin + dhk * sin - dk
    dy = (1.0 - kk) * dsin - dkk * sin + hk * dcos + dhk * cos - dh
    x, dx = a * x, da * x + a * dx
    y, dy = a * y, da * y + a * dy
    size = 1.0 + p * p + q * q
    dsize = 2.0 * (p * dp + q * dq)
    f = np.array([1.0 - p * p + q * q, 2.0 * p * q, -2.0 * p]) / size
    g = np.array([2.0 * p * q, 1.0 + p * p - q * q, 2.0 * q]) / size
    turn = dp * q + p * dq
    tilt = 2.0 * (q * dq - p * dp)
    df = (np.array([tilt, 2.0 * turn, -2.0 * dp]) - f * dsize) / size
    dg = (np.array([2.0 * turn, -tilt, 2.0 * dq]) - g * dsize) / size
    return x * f + y * g, dx * f + dy * g + x * df + y * dg


def _eccentric_longitude_rad(longitude: FloatArray, h: FloatArray, k: FloatArray) -> FloatArray:
    """Solve Kepler's equation in its equinoctial form, F + h cos F - k sin F = longitude.

    Newton's method, held within an eccentricity of the longitude, which brackets the root.
    """
    eccentricity = np.hypot(h, k)
    turned = np.remainder(longitude, 2.0 * math.pi)
    anomaly = turned
    for _ in range(60):
        cos, sin = np.cos(anomaly), np.sin(anomaly)
        step = (anomaly + h * cos - k * sin - turned) / (1.0 - h * sin - k * cos)
        anomaly = np.clip(anomaly - step, turned - eccentricity, turned + eccentricity)
        if np.all(np.abs(step) < _KEPLER_TOLERANCE_RAD):
            break
    return np.asarray(anomaly)
