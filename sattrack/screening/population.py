"""Many objects at once: their SGP4 records, and what their mean elements say as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sgp4.api import Satrec

from sattrack.orbits.earth import EARTH_RADIUS_KM
from sattrack.times.scale import FloatArray

TURN = 2.0 * np.pi

# The steps between states: this much of a revolution, at the speed of the perigee. Quintics through
# them miss SGP4 by 0.1 m in a low orbit.
_STEP_RAD = 0.3
# Where SGP4 leaves its near-Earth theory, and where the mean motion hides how the speed varies.
_SPARSE_ECCENTRICITY = 0.1


@dataclass(frozen=True)
class Population:
    """Objects with element sets that SGP4 accepts; arrays of shape `(n,)`, angles in radians.

    Attributes:
        records: of python-sgp4.
        epoch_jd, epoch_fraction: UTC.
        mean_motion_rad_s: Brouwer's.
        anomaly_rate_rad_s, perigee_rate_rad_s, node_rate_rad_s: secular, by the zonal harmonics.
        drag_per_earth_radius: the size of B*.
        near_earth: by SGP4's near-Earth theory, and nearly circular.
    """

    records: tuple[Satrec, ...]
    epoch_jd: FloatArray
    epoch_fraction: FloatArray
    semi_major_axis_km: FloatArray
    mean_motion_rad_s: FloatArray
    eccentricity: FloatArray
    inclination_rad: FloatArray
    node_rad: FloatArray
    perigee_rad: FloatArray
    anomaly_rad: FloatArray
    anomaly_rate_rad_s: FloatArray
    perigee_rate_rad_s: FloatArray
    node_rate_rad_s: FloatArray
    drag_per_earth_radius: FloatArray
    near_earth: NDArray[np.bool_]

    @classmethod
    def of(cls, records: Sequence[Satrec]) -> Population:
        """Read the arrays off the records."""
        rows = np.array(
            [
                (
                    one.jdsatepoch,
                    one.jdsatepochF,
                    one.a,
                    one.no,
                    one.ecco,
                    one.inclo,
                    one.nodeo,
                    one.argpo,
                    one.mo,
                    one.mdot,
                    one.argpdot,
                    one.nodedot,
                    abs(one.bstar),
                    one.method == "n",
                )
                for one in records
            ]
        ).reshape(-1, 14)
        jd, fraction, a, n, e, i, node, perigee, anomaly, mdot, wdot, odot, drag, near = rows.T
        return cls(
            tuple(records),
            jd,
            fraction,
            a * EARTH_RADIUS_KM,
            n / 60.0,
            e,
            i,
            node,
            perigee,
            anomaly,
            mdot / 60.0,
            wdot / 60.0,
            odot / 60.0,
            drag,
            (near == 1.0) & (e < _SPARSE_ECCENTRICITY),
        )

    def __len__(self) -> int:
        return len(self.records)

    def take(self, which: NDArray[np.int64]) -> Population:
        """Return some of the objects."""
        arrays = {
            name: getattr(self, name)[which]
            for name in self.__dataclass_fields__
            if name != "records"
        }
        return Population(records=tuple(self.records[k] for k in which.tolist()), **arrays)

    @property
    def step_s(self) -> FloatArray:
        """The longest step between states."""
        e = self.eccentricity
        fastest = self.mean_motion_rad_s * np.sqrt(1.0 + e) / (1.0 - e) ** 1.5
        return _STEP_RAD / fastest

    @property
    def quintic_error_km(self) -> FloatArray:
        """How far quintics between states may miss SGP4, roughly.

        Its velocity is not quite the derivative of its position: 10 mm/s in a low orbit, more with
        eccentricity and under drag, 0.1 m/s in deep space. Measured on the public catalog.
        """
        e, drag = self.eccentricity, self.drag_per_earth_radius
        near = 0.0003 + 0.25 * e + np.minimum(drag, 0.03)
        return np.where(self.near_earth, near, 1.0)

    @property
    def apogee_km(self) -> FloatArray:
        """Greatest distance from the Earth's centre, by the mean elements."""
        return self.semi_major_axis_km * (1.0 + self.eccentricity)

    @property
    def nodal_rate_rad_s(self) -> FloatArray:
        """How fast the mean argument of latitude grows."""
        return self.anomaly_rate_rad_s + self.perigee_rate_rad_s
