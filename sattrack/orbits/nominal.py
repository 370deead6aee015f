"""Planned orbits: Keplerian elements that precess as the Earth's flattening makes them."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from skyfield.constants import AU_KM, DAY_S
from skyfield.functions import mxv
from skyfield.sgp4lib import TEME
from skyfield.timelib import Time
from skyfield.vectorlib import VectorFunction

from sattrack.elements import NominalOrbit
from sattrack.errors import InvalidInputError
from sattrack.orbits.earth import (
    EARTH_RADIUS_KM,
    GM_EARTH_KM3_S2,
    J2_EARTH,
    SIDEREAL_RATE_RAD_S,
    teme_to_itrf,
)
from sattrack.times.scale import Clock, FloatArray, timescale
from sattrack.times.span import iso_utc

_KEPLER_TOLERANCE_RAD = 1e-13


def eccentric_anomaly_rad(mean_anomaly_rad: FloatArray, eccentricity: float) -> FloatArray:
    """Solve Kepler's equation; any shape, eccentricity in [0, 1).

    Newton's method from `M + e sin M`, held inside `M ± e`, which brackets the root.
    """
    m = np.remainder(np.asarray(mean_anomaly_rad) + np.pi, 2.0 * np.pi) - np.pi
    anomaly = m + eccentricity * np.sin(m)
    for _ in range(60):
        step = (anomaly - eccentricity * np.sin(anomaly) - m) / (
            1.0 - eccentricity * np.cos(anomaly)
        )
        anomaly = np.clip(anomaly - step, m - eccentricity, m + eccentricity)
        if np.all(np.abs(step) < _KEPLER_TOLERANCE_RAD):
            break
    return np.asarray(anomaly)


class Nominal(VectorFunction):  # type: ignore[misc]
    """A planned orbit; a Skyfield vector function.

    Mean elements with the secular rates of J2 (Vallado, Fundamentals of Astrodynamics and
    Applications, 4th ed., section 9.6); short-period terms, up to some 10 km, are left out.

    Raises:
        InvalidInputError: the elements are no ellipse.
    """

    kind = "nominal"
    center = 399

    def __init__(self, elements: NominalOrbit, name: str = "", target: int = -100000) -> None:
        if not (elements.semi_major_axis_km > 0.0 and 0.0 <= elements.eccentricity < 1.0):
            shape = (
                f"{elements.semi_major_axis_km:g} km with eccentricity {elements.eccentricity:g}"
            )
            raise InvalidInputError(f"{name or 'nominal orbit'}: {shape} is no ellipse")
        self.elements = elements
        self.name = name
        self.target = target
        a_km, e = elements.semi_major_axis_km, elements.eccentricity
        cos_i = math.cos(math.radians(elements.inclination_deg))
        mean_motion = math.sqrt(GM_EARTH_KM3_S2 / a_km**3)
        oblateness = 1.5 * J2_EARTH * (EARTH_RADIUS_KM / (a_km * (1.0 - e * e))) ** 2
        self._raan_rate_rad_s = -oblateness * mean_motion * cos_i
        self._perigee_rate_rad_s = oblateness * mean_motion * (2.5 * cos_i * cos_i - 0.5)
        self._anomaly_rate_rad_s = mean_motion * (
            1.0 + oblateness * math.sqrt(1.0 - e * e) * (1.5 * cos_i * cos_i - 0.5)
        )
        if elements.station_kept:
            self._anomaly_rate_rad_s = (
                SIDEREAL_RATE_RAD_S - self._raan_rate_rad_s - self._perigee_rate_rad_s
            )

    @property
    def target_name(self) -> str:
        """Name and epoch, as Skyfield prints targets."""
        return f"{self.name or 'planned spacecraft'}, nominal orbit of {self._epoch_text}"

    @property
    def period_s(self) -> float:
        """Time of one anomalistic revolution."""
        return 2.0 * math.pi / self._anomaly_rate_rad_s

    @cached_property
    def _epoch_text(self) -> str:
        return iso_utc(self.elements.epoch)

    @cached_property
    def _epoch(self) -> Time:
        return timescale().from_datetime(self.elements.epoch)

    def _teme(self, since_epoch_s: Any) -> tuple[Any, Any]:
        """Return TEME position, km, and velocity, km/s, of shape `(3,) + since_epoch_s.shape`."""
        el = self.elements
        raan = math.radians(el.raan_deg) + self._raan_rate_rad_s * since_epoch_s
        perigee = (
            math.radians(el.argument_of_perigee_deg) + self._perigee_rate_rad_s * since_epoch_s
        )
        mean = math.radians(el.mean_anomaly_deg) + self._anomaly_rate_rad_s * since_epoch_s
        a_km, e, i = el.semi_major_axis_km, el.eccentricity, math.radians(el.inclination_deg)
        anomaly = eccentric_anomaly_rad(mean, e)
        cos_e, sin_e = np.cos(anomaly), np.sin(anomaly)
        root = math.sqrt(1.0 - e * e)
        along = self._anomaly_rate_rad_s * a_km / (1.0 - e * cos_e)
        x, y = a_km * (cos_e - e), a_km * root * sin_e
        vx, vy = -along * sin_e, along * root * cos_e
        # The ellipse itself turns; leaving this out would be 5 cm/s at KPS altitude.
        vx, vy = vx - self._perigee_rate_rad_s * y, vy + self._perigee_rate_rad_s * x
        cos_w, sin_w, cos_o, sin_o = np.cos(perigee), np.sin(perigee), np.cos(raan), np.sin(raan)
        cos_i, sin_i = math.cos(i), math.sin(i)
        p = np.array(
            [
                cos_o * cos_w - sin_o * sin_w * cos_i,
                sin_o * cos_w + cos_o * sin_w * cos_i,
                sin_w * sin_i,
            ]
        )
        q = np.array(
            [
                -cos_o * sin_w - sin_o * cos_w * cos_i,
                -sin_o * sin_w + cos_o * cos_w * cos_i,
                cos_w * sin_i,
            ]
        )
        position = x * p + y * q
        velocity = vx * p + vy * q
        velocity[0] -= self._raan_rate_rad_s * position[1]
        velocity[1] += self._raan_rate_rad_s * position[0]
        return position, velocity

    def _at(self, t: Time) -> tuple[Any, Any, None, None]:
        since_epoch_s = (t.whole - self._epoch.whole) + (t.tt_fraction - self._epoch.tt_fraction)
        r, v = self._teme(np.asarray(since_epoch_s) * DAY_S)
        rotation = np.swapaxes(TEME.rotation_at(t), 0, 1)
        return mxv(rotation, r / AU_KM), mxv(rotation, v * (DAY_S / AU_KM)), None, None

    def itrf(self, clock: Clock, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return position, km, and Earth-relative velocity, km/s, in ITRF; see `Orbit.itrf`."""
        epoch_s = clock.seconds_at(self.elements.epoch)
        r, v = self._teme(seconds - epoch_s)
        return teme_to_itrf(clock, seconds, r, v)

    def knots(self, clock: Clock) -> FloatArray:
        """Return nothing: the model is smooth."""
        return np.empty(0)
