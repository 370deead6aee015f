"""What drag makes of the mean elements of many objects at once: the secular terms of SGP4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sgp4.api import Satrec

from sattrack.orbits.regimes import decay_per_day
from sattrack.times.scale import FloatArray

# WGS 72, as in every element set (AIAA 2006-6753).
_EARTH_RADIUS_KM = 6378.135
_J2 = 0.001082616
_HALF_DAY_MIN = 720.0
# Near the ground SGP4 gives up at one point of the revolution or another: short-period terms move
# the height by 15 km, those of a long period by 10 km.
_CERTAIN_KM = _EARTH_RADIUS_KM + 60.0
# The Moon and the Sun lower a perigee without drag.
_CERTAIN_DEEP_KM = _EARTH_RADIUS_KM + 400.0


@dataclass(frozen=True)
class Drag:
    """Coefficients of SGP4's near-Earth theory, arrays of shape `(n,)`, times in minutes.

    Hoots & Roehrich, Spacetrack Report No. 3 (1980), section 6: the semi-major axis goes with the
    square of a polynomial in time, the eccentricity falls linearly. Lengths in Earth radii.

    Attributes:
        deep: of the deep-space theory, which the coefficients do not tell of.
        simple: with a perigee below 220 km, where the higher terms of drag are left out.
        c1, d2, d3, d4: of the polynomial.
        loss: how fast the eccentricity falls, and `swing` how far it goes up and down.
    """

    records: Sequence[Satrec]
    deep: NDArray[np.bool_]
    simple: NDArray[np.bool_]
    published_motion: FloatArray
    mean_motion: FloatArray
    semi_major_axis: FloatArray
    eccentricity: FloatArray
    c1: FloatArray
    d2: FloatArray
    d3: FloatArray
    d4: FloatArray
    loss: FloatArray
    swing: FloatArray

    @classmethod
    def of(cls, records: Sequence[Satrec]) -> Drag:
        """Read elements off records, and compute what python-sgp4 does not show of them."""
        rows = np.array(
            [
                (
                    one.method == "d",
                    one.no_kozai,
                    one.no,
                    one.a,
                    one.ecco,
                    one.inclo,
                    one.argpo,
                    one.bstar,
                )
                for one in records
            ]
        ).reshape(-1, 8)
        deep, kozai, motion, axis, e, inclination, argument, bstar = rows.T
        perigee_km = (axis * (1.0 - e) - 1.0) * _EARTH_RADIUS_KM
        floor_km = np.where(perigee_km < 156.0, perigee_km - 78.0, 78.0)
        floor_km = np.where(perigee_km < 98.0, 20.0, floor_km)
        s = floor_km / _EARTH_RADIUS_KM + 1.0
        xi = 1.0 / (axis - s)
        eta = axis * e * xi
        eta2, e_eta = eta * eta, e * eta
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            psi2 = np.abs(1.0 - eta2)
            density = ((120.0 - floor_km) / _EARTH_RADIUS_KM * xi) ** 4 / psi2**3.5
            cos2 = np.cos(inclination) ** 2
            theta = 3.0 * cos2 - 1.0
            flat = 0.375 * _J2 * xi / psi2 * theta * (8.0 + 3.0 * eta2 * (8.0 + eta2))
            drag = axis * (1.0 + 1.5 * eta2 + e_eta * (4.0 + eta2)) + flat
            c1 = bstar * density * motion * drag
            d2 = 4.0 * axis * xi * c1 * c1
            third = d2 * xi * c1 / 3.0
            d3 = (17.0 * axis + s) * third
            d4 = 0.5 * third * axis * xi * (221.0 * axis + 31.0 * s) * c1
            level = -3.0 * theta * (1.0 - 2.0 * e_eta + eta2 * (1.5 - 0.5 * e_eta))
            turning = 0.75 * (1.0 - cos2) * (2.0 * eta2 - e_eta * (1.0 + eta2))
            tilted = level + turning * np.cos(2.0 * argument)
            c4 = eta * (2.0 + 0.5 * eta2) + e * (0.5 + 2.0 * eta2)
            c4 = c4 - _J2 * xi / (axis * psi2) * tilted
            scale = 2.0 * density * axis * (1.0 - e * e)
            c5 = scale * (1.0 + 2.75 * (eta2 + e_eta) + e_eta * eta2)
        return cls(
            records,
            deep == 1.0,
            perigee_km < 220.0,
            kozai,
            motion,
            axis,
            e,
            c1,
            d2,
            d3,
            d4,
            bstar * scale * motion * c4,
            np.abs(bstar * c5),
        )

    def shrinkage(self, minutes: FloatArray | float) -> FloatArray:
        """Return the square root of the semi-major axis over that at the epoch."""
        t = np.asarray(minutes, dtype=np.float64)
        series = t * t * (self.d2 + t * (self.d3 + t * self.d4))
        return np.asarray(1.0 - self.c1 * t - np.where(self.simple, 0.0, series))

    def decay_per_day(self) -> FloatArray:
        """Return by what part drag raises the mean motion in a day; as `regimes.decay_per_day`."""
        with np.errstate(divide="ignore", invalid="ignore"):
            after, before = (
                self.mean_motion / self.shrinkage(t) ** 3 for t in (_HALF_DAY_MIN, -_HALF_DAY_MIN)
            )
            decay = np.where(self.deep, 0.0, (after - before) / self.published_motion)
        doubtful = self.may_fail(-_HALF_DAY_MIN) | self.may_fail(_HALF_DAY_MIN)
        for k in np.flatnonzero(doubtful & ~self.deep).tolist():
            decay[k] = decay_per_day(self.records[k])
        return np.asarray(decay)

    def may_fail(self, minutes: FloatArray | float) -> NDArray[np.bool_]:
        """Tell which objects SGP4 may give up on, some time from epoch to `minutes` after it.

        Those left out it propagates: their perigees stay clear of the ground, and their
        eccentricities in range.
        """
        shrinkage = self.shrinkage(minutes)
        # A polynomial of drag that turns round has left its range long before.
        lasting = (shrinkage > 0.5) & (shrinkage < 2.0)
        wander = np.where(self.simple, 0.0, 2.0 * self.swing)
        eccentricity = np.abs(self.eccentricity - self.loss * minutes) + wander
        low = _EARTH_RADIUS_KM * self.semi_major_axis * np.minimum(1.0, shrinkage**2)
        high = np.maximum(eccentricity, self.eccentricity)
        perigee_km = low * (1.0 - high)
        falls = self.eccentricity - self.loss * minutes - wander < -0.0005
        certain_km = np.where(self.deep, _CERTAIN_DEEP_KM, _CERTAIN_KM)
        return np.asarray(~(lasting & ~falls & (perigee_km > certain_km)))
