"""States of many objects at even steps of time, and the quintics between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sattrack.orbits.earth import (
    EARTH_RADIUS_KM,
    EARTH_ROTATION_RAD_S,
    GM_EARTH_KM3_S2,
    J2_EARTH,
)
from sattrack.screening.population import Population
from sattrack.times.scale import Clock, FloatArray

Indices: TypeAlias = NDArray[np.int64]

_HOUR_S = 3600.0


class Rotation:
    """The Earth's rotation over a block of time: Greenwich mean sidereal time, hour by hour.

    Between hours it is linear, to 1e-11 rad. States are turned into the frame of the Earth's own
    pole (PEF); polar motion is left to the places, which stand still in it for a day to 10 cm.
    """

    def __init__(self, clock: Clock, end_s: float) -> None:
        self._clock = clock
        self._seconds = np.linspace(0.0, end_s, max(2, int(np.ceil(end_s / _HOUR_S)) + 1))
        angle = clock.sidereal_angle_rad(self._seconds) + clock.tio_locator_rad(self._seconds)
        self._angle = np.unwrap(angle)
        self._rate = (self._angle[-1] - self._angle[0]) / end_s

    @property
    def rate_rad_s(self) -> float:
        """How fast it turns against the mean equinox."""
        return float(self._rate)

    def angle_rad(self, seconds: FloatArray) -> FloatArray:
        """Return the angle from TEME to PEF, shape as given; also a little before and after."""
        inside = np.interp(seconds, self._seconds, self._angle)
        beyond = seconds - np.clip(seconds, 0.0, self._seconds[-1])
        return np.asarray(inside + self._rate * beyond)

    def places_km(self, places_km: FloatArray) -> FloatArray:
        """Return ITRF vectors in PEF, shape `(3, n)`, by the pole at the middle of the block."""
        xp, yp = (a[0] for a in self._clock.polar_motion_rad(self._seconds[-1:] / 2.0))
        x, y, z = places_km
        return np.array([x - xp * z, y + yp * z, z + xp * x - yp * y])


@dataclass(frozen=True)
class Grid:
    """Even steps through a block of time, for each object its own; `n` objects.

    Attributes:
        count: number of steps, shape `(n,)`; there is one more node than steps.
        step_s: shape `(n,)`.
        first: place of each object's first node in a flat array of all nodes, shape `(n,)`.
    """

    count: Indices
    step_s: FloatArray
    first: Indices

    @classmethod
    def over(cls, objects: Population, end_s: float) -> Grid:
        """Divide a block of `end_s` seconds."""
        count = np.maximum(1, np.ceil(end_s / objects.step_s)).astype(np.int64)
        return cls(count, end_s / count, np.cumsum(count + 1) - (count + 1))

    @property
    def nodes(self) -> int:
        """Number of all nodes."""
        return int((self.count + 1).sum())


@dataclass(frozen=True)
class States:
    """States at some of the nodes, in PEF: km, km/s and km/s^2, against the turning Earth.

    Attributes:
        state: position, velocity, acceleration, shape `(9, m)`.
        place: where each node of the grid is found in `state`, -1 where it was left out.
        failed: objects for which SGP4 gives an error at one of the nodes, indices.
    """

    state: FloatArray
    place: Indices
    failed: Indices


def states_at(
    objects: Population,
    grid: Grid,
    wanted: NDArray[np.bool_],
    clock: Clock,
    rotation: Rotation,
) -> States:
    """Propagate the objects to the nodes wanted, a flat mask over the grid."""
    flat = np.flatnonzero(wanted)
    owner = np.searchsorted(grid.first, flat, side="right") - 1
    seconds = (flat - grid.first[owner]) * grid.step_s[owner]
    place = np.full(len(wanted), -1)
    place[flat] = np.arange(len(flat))
    state, failed = propagated(objects, owner, seconds, clock, rotation)
    return States(state, place, failed)


def propagated(
    objects: Population, owner: Indices, seconds: FloatArray, clock: Clock, rotation: Rotation
) -> tuple[FloatArray, Indices]:
    """Return states of objects, and which of the objects SGP4 gives an error for.

    Args:
        objects: all of them.
        owner: which of them each state is of, ascending, shape `(k,)`.
        seconds: when.
        clock: counts `seconds`.
        rotation: of the Earth.

    Returns:
        Position, velocity, acceleration in PEF, shape `(9, k)`; indices of objects.
    """
    jd, fraction = clock.utc_jd(seconds)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    bounds = [*first.tolist(), len(owner)]
    records = objects.records
    found = [
        records[k].sgp4_array(jd[begin:end], fraction[begin:end])
        for k, (begin, end) in zip(owner[first].tolist(), pairwise(bounds), strict=True)
    ]
    state = np.empty((9, len(seconds)))
    failed = np.empty(0, dtype=np.int64)
    if found:
        codes, r, v = (np.concatenate(parts) for parts in zip(*found, strict=True))
        failed = owner[(codes != 0) | ~np.isfinite(r).all(axis=1)]
        x, y, z = r.T
        vx, vy, vz = v.T
        angle = rotation.angle_rad(seconds)
        cos, sin = np.cos(angle), np.sin(angle)
        omega = EARTH_ROTATION_RAD_S
        state[0], state[1], state[2] = cos * x + sin * y, cos * y - sin * x, z
        state[3] = cos * vx + sin * vy + omega * state[1]
        state[4] = cos * vy - sin * vx - omega * state[0]
        state[5] = vz
        _accelerate(state)
    return state, np.unique(failed)


def _accelerate(state: FloatArray) -> None:
    """Fill in the acceleration: gravity of a flattened Earth, and the turning frame's own."""
    x, y, z, vx, vy, _ = state[:6]
    radius2 = x * x + y * y + z * z
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = -GM_EARTH_KM3_S2 / (radius2 * np.sqrt(radius2))
        # Montenbruck & Gill, Satellite Orbits (2000), eq. 3.30, degree 2.
        flat = 1.5 * J2_EARTH * EARTH_RADIUS_KM**2 / radius2
        polar = 5.0 * z * z / radius2
    across = pull * (1.0 + flat * (1.0 - polar))
    omega = EARTH_ROTATION_RAD_S
    state[6] = (across + omega * omega) * x + 2.0 * omega * vy
    state[7] = (across + omega * omega) * y - 2.0 * omega * vx
    state[8] = pull * (1.0 + flat * (3.0 - polar)) * z


def quintics(left: FloatArray, right: FloatArray, step_s: FloatArray) -> FloatArray:
    """Return the coefficients of the quintics through states, shape `(6, 3, n)`.

    In powers of the fraction of a step.

    Args:
        left, right: position, velocity, acceleration at both ends, shape `(9, n)`.
        step_s: shape `(n,)`.
    """
    c = np.empty((6, 3, len(step_s)))
    c[0] = left[:3]
    c[1] = left[3:6] * step_s
    c[2] = left[6:9] * (step_s * step_s / 2.0)
    gap = right[:3] - c[0] - c[1] - c[2]
    slope = right[3:6] * step_s - c[1] - 2.0 * c[2]
    bend = right[6:9] * (step_s * step_s) - 2.0 * c[2]
    c[3] = 10.0 * gap - 4.0 * slope + 0.5 * bend
    c[4] = -15.0 * gap + 7.0 * slope - bend
    c[5] = 6.0 * gap - 3.0 * slope + 0.5 * bend
    return c


def along(c: FloatArray, x: FloatArray, step_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return position, km, and velocity, km/s, on quintics at fractions `x`, shape `(3, n)`."""
    p, v = c[5], 5.0 * c[5]
    for k in (4, 3, 2):
        p, v = p * x + c[k], v * x + k * c[k]
    p, v = p * x + c[1], v * x + c[1]
    return p * x + c[0], v / step_s


def acceleration(c: FloatArray, x: FloatArray, step_s: FloatArray) -> FloatArray:
    """Return the acceleration, km/s^2, on quintics at fractions `x`, shape `(3, n)`."""
    bend = ((20.0 * c[5] * x + 12.0 * c[4]) * x + 6.0 * c[3]) * x + 2.0 * c[2]
    return np.asarray(bend / (step_s * step_s))
