"""How well navigation satellites place a receiver: dilution of precision.

With unit vectors u from the receiver to the satellites, a pseudorange depends on position and clock
as the row (-u, 1); with ranges of equal variance the position's covariance is that variance times
the inverse of the normal matrix of these rows (Kaplan & Hegarty, Understanding GPS, 2nd ed.,
section 7.3; Langley, GPS World, May 1999). Its diagonal in east, north, up and time gives the
dilutions.

All that a system contributes is the number of its satellites in view, the sum of their unit
vectors and the sum of the products: 10 numbers. They are summed once for each system, place and
instant, and any combination of systems, with one clock or several, follows from them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sattrack.errors import InvalidInputError
from sattrack.orbits import Orbit, OrbitEndsError
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

Clocks: TypeAlias = Literal["one", "per-system"]
IntArray: TypeAlias = NDArray[np.int64]

DOP_NAMES = ("gdop", "pdop", "hdop", "vdop", "tdop")
MASK_LIMITS_DEG = (-10.0, 89.0)

# A PDOP beyond this is no position. The smallest eigenvalue of the reduced normal matrix, between
# 1 / PDOP² and 3 / PDOP², is the sum of the squared distances of the unit vectors' tips from the
# plane that fits them best: at the limit they lie within 1e-3 of one plane. SGP4 knows a satellite
# at 20,000 km to some 2 km, its direction to 1e-4, so that such a PDOP is uncertain by a tenth
# already, and soon after cannot be told from infinity. Rounding, some 1e-14 of an eigenvalue, is
# far below.
LARGEST_PDOP = 1e3
_SMALLEST_PIVOT = LARGEST_PDOP**-2

# Satellites times instants times places that are summed at once: some 10 MB with all that is made
# of them.
_SIGHTS_AT_ONCE = 160_000


class Status(IntEnum):
    """What there is at an instant: a position, or why none."""

    POSITION = 0
    TOO_FEW = 1
    DEGENERATE = 2


def positions(
    orbit: Orbit, clock: Clock, seconds: FloatArray
) -> tuple[FloatArray, OrbitEndsError | None]:
    """Return where a satellite is in ITRF, km, shape `(3, n)`, and how its orbit ends, if it does.

    Where the orbit does not reach it is put into the Earth's centre, which no place sees.
    """
    found = np.zeros((3, len(seconds)))
    try:
        found[:], _ = orbit.itrf(clock, seconds)
    except OrbitEndsError as end:
        reached = seconds <= end.last_s
        try:
            if reached.any():
                found[:, reached], _ = orbit.itrf(clock, seconds[reached])
        except OrbitEndsError:
            found[:] = 0.0
        return found, end
    return found, None


@dataclass(frozen=True, slots=True)
class Sums:
    """What one system contributes at places and instants; arrays of shape `(p, t)`.

    Attributes:
        count: satellites in view.
        east, north, up: sums of the components of the unit vectors towards them.
        products: sums of their products: ee, en, eu, nn, nu, uu, shape `(6, p, t)`.
    """

    count: FloatArray
    east: FloatArray
    north: FloatArray
    up: FloatArray
    products: FloatArray

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.count + other.count,
            self.east + other.east,
            self.north + other.north,
            self.up + other.up,
            self.products + other.products,
        )


def sums_of(satellites_km: FloatArray, places: Sequence[Place], min_elevation_deg: float) -> Sums:
    """Sum over the satellites of one system, as seen from places.

    Args:
        satellites_km: ITRF, shape `(3, s, t)`.
        places: `p` of them; east, north and up are those of the ellipsoid's normal.
        min_elevation_deg: a satellite at or above it is in view.
    """
    _, _, instants = satellites_km.shape
    frames = np.array([place.east_north_up() for place in places])
    origins = np.einsum("pij,pj->pi", frames, [place.itrf_km() for place in places])
    local = (frames @ satellites_km.reshape(3, -1)).reshape(len(places), 3, -1, instants)
    local -= origins[:, :, None, None]
    e, n, u = local[:, 0], local[:, 1], local[:, 2]
    distance = np.sqrt(e * e + n * n + u * u)
    in_view = u >= math.sin(math.radians(min_elevation_deg)) * distance
    local *= (in_view / distance)[:, None]
    pairs = ((e, e), (e, n), (e, u), (n, n), (n, u), (u, u))
    return Sums(
        count=in_view.sum(axis=1, dtype=np.float64),
        east=e.sum(axis=1),
        north=n.sum(axis=1),
        up=u.sum(axis=1),
        products=np.array([np.einsum("pst,pst->pt", a, b) for a, b in pairs]),
    )


@dataclass(frozen=True, slots=True)
class Dilution:
    """Dilutions of precision, arrays of one shape; infinite where there is no position.

    Attributes:
        in_view: satellites of all systems together.
        status: see `Status`.
        gdop: root of the sum of the squares of PDOP and TDOP.
        tdop: of the receiver's clock, against the first system that has a satellite in view; the
            offsets of the other systems are unknowns that count in none of the five.
    """

    in_view: IntArray
    status: IntArray
    gdop: FloatArray
    pdop: FloatArray
    hdop: FloatArray
    vdop: FloatArray
    tdop: FloatArray

    def values(self, name: str) -> FloatArray:
        """Return one of `DOP_NAMES`."""
        return getattr(self, name)  # type: ignore[no-any-return]

    def at_place(self, index: int) -> Dilution:
        """Return the dilutions of one place of several, shape `(t,)`."""
        return Dilution(*(getattr(self, field.name)[index] for field in fields(self)))


def dilution(systems: Sequence[Sums], clocks: Clocks = "one") -> Dilution:
    """Return the dilutions that several systems give together.

    Each clock is eliminated from the normal matrix, which leaves three rows for the position, G -
    h hᵀ / n for a clock with n satellites, h the sum of their unit vectors and G that of the
    products. These are factored as L D Lᵀ (Golub & Van Loan, Matrix Computations, 4th ed., section
    4.1). With their inverse Q the block inverse gives a clock's variance, 1/n + hᵀ Q h / n².

    Args:
        systems: at least one; the first one's clock is the receiver's.
        clocks: `one` for all, the systems' offsets being known, or an unknown for each system in
            view.
    """
    total = systems[0]
    for other in systems[1:]:
        total = total + other
    timed = (total,) if clocks == "one" else tuple(systems)
    unknowns = 3.0 + sum((system.count > 0.0).astype(np.float64) for system in timed)
    ee, en, eu, nn, nu, uu = total.products.copy()
    for system in timed:
        each = 1.0 / np.maximum(system.count, 1.0)
        ee -= system.east * system.east * each
        en -= system.east * system.north * each
        eu -= system.east * system.up * each
        nn -= system.north * system.north * each
        nu -= system.north * system.up * each
        uu -= system.up * system.up * each
    enough = (total.count >= unknowns) & (total.count > 0.0)
    sound = enough.copy()

    def pivot(value: FloatArray) -> FloatArray:
        # Every pivot is at least the smallest eigenvalue, so a small one proves a small eigenvalue.
        np.logical_and(sound, value >= _SMALLEST_PIVOT, out=sound)
        return np.where(sound, value, 1.0)

    d_e = pivot(ee)
    l_ne, l_ue = en / d_e, eu / d_e
    d_n = pivot(nn - l_ne * en)
    reduced = nu - l_ne * eu
    l_un = reduced / d_n
    d_u = pivot(uu - l_ue * eu - l_un * reduced)
    m_ue = l_ne * l_un - l_ue
    q_nn = 1.0 / d_n + l_un * l_un / d_u
    q_ee = 1.0 / d_e + l_ne * l_ne / d_n + m_ue * m_ue / d_u
    q_uu = 1.0 / d_u
    first = _first_in_view(timed)
    n = np.maximum(first.count, 1.0)
    x = first.east
    y = first.north - l_ne * x
    z = first.up - l_un * first.north + m_ue * x
    time = 1.0 / n + (x * x / d_e + y * y / d_n + z * z / d_u) / (n * n)
    horizontal = q_ee + q_nn
    position = horizontal + q_uu
    sound &= position <= LARGEST_PDOP**2
    status = np.where(sound, Status.POSITION, np.where(enough, Status.DEGENERATE, Status.TOO_FEW))

    def root(square: FloatArray) -> FloatArray:
        return np.sqrt(np.where(sound, square, np.inf))

    return Dilution(
        in_view=total.count.astype(np.int64),
        status=status,
        gdop=root(position + time),
        pdop=root(position),
        hdop=root(horizontal),
        vdop=root(q_uu),
        tdop=root(time),
    )


def _first_in_view(systems: Sequence[Sums]) -> Sums:
    """Return the sums of the first system that has a satellite in view, place by place."""
    first = systems[0]
    for other in systems[1:]:
        seen = first.count > 0.0
        first = Sums(
            np.where(seen, first.count, other.count),
            np.where(seen, first.east, other.east),
            np.where(seen, first.north, other.north),
            np.where(seen, first.up, other.up),
            np.where(seen, first.products, other.products),
        )
    return first


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the middle, the 95 % and the greatest value; arrays of one shape.

    The middle is the smallest value that is not exceeded at half of the instants, and so on. An
    instant without position counts as worse than any number, so that more satellites cannot make
    the figures worse; where it decides a figure, that is infinite.
    """

    least: FloatArray
    median: FloatArray
    p95: FloatArray
    greatest: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[Spread]) -> Spread:
        """Return the spreads of all places of the parts."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def at_place(self, index: int) -> Spread:
        """Return the spread at one place of several, arrays of shape `()`."""
        return Spread(*(getattr(self, field.name)[index] for field in fields(self)))


def spread(values: Sequence[float] | FloatArray) -> Spread:
    """Return the spread along the last axis."""
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=-1)
    count = ordered.shape[-1]
    # Hyndman & Fan 1996, definition 1; 0.95 * 20 must not become the twentieth of twenty.
    half, most = (math.ceil(round(share * count, 9)) - 1 for share in (0.5, 0.95))
    return Spread(ordered[..., 0], ordered[..., half], ordered[..., most], ordered[..., -1])


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a stretch of time amounts to; arrays of shape `(p,)`, one number for each place.

    Attributes:
        in_view: spread of the satellites in view; its 95 % is how many there are at least then.
        dops: spread of each of `DOP_NAMES`.
        four_share: share of the instants with at least four satellites in view.
        good_share: share of the instants with a PDOP within the limit.
    """

    in_view: Spread
    dops: dict[str, Spread]
    four_share: FloatArray
    good_share: FloatArray

    @classmethod
    def joined(cls, parts: Sequence[Statistics]) -> Statistics:
        """Return the statistics of all places of the parts."""
        return cls(
            Spread.joined([part.in_view for part in parts]),
            {name: Spread.joined([part.dops[name] for part in parts]) for name in DOP_NAMES},
            np.concatenate([part.four_share for part in parts]),
            np.concatenate([part.good_share for part in parts]),
        )

    def at_place(self, index: int) -> Statistics:
        """Return the statistics of one place of several, arrays of shape `()`."""
        return Statistics(
            self.in_view.at_place(index),
            {name: part.at_place(index) for name, part in self.dops.items()},
            self.four_share[index],
            self.good_share[index],
        )


def statistics(found: Dilution, max_pdop: float) -> Statistics:
    """Return the statistics of dilutions of shape `(p, t)` over time."""
    fewer = spread(-found.in_view.astype(np.float64))
    return Statistics(
        in_view=Spread(-fewer.greatest, -fewer.median, -fewer.p95, -fewer.least),
        dops={name: spread(found.values(name)) for name in DOP_NAMES},
        four_share=(found.in_view >= 4).mean(axis=-1),
        good_share=(found.pdop <= max_pdop).mean(axis=-1),
    )


def check_mask(min_elevation_deg: float) -> None:
    """Raise `InvalidInputError` where a mask is out of range."""
    low, high = MASK_LIMITS_DEG
    if not low <= min_elevation_deg <= high:
        raise InvalidInputError(
            f"a minimum elevation of {min_elevation_deg:g} degrees is outside {low:g} to {high:g}"
        )


def sums_over(
    systems_km: Sequence[FloatArray], places: Sequence[Place], min_elevation_deg: float
) -> Iterator[tuple[slice, tuple[Sums, ...]]]:
    """Sum over the satellites of each system, for a few places at a time.

    However many places there are, what is held at once is bounded: the sums of one place, or of as
    many as fit.

    Args:
        systems_km: of each system, ITRF, shape `(3, s, t)`, `t` the same for all.
        places: any number.
        min_elevation_deg: a satellite at or above it is in view.

    Yields:
        Which places, and the sums of each system, shape `(p, t)`.
    """
    instants = systems_km[0].shape[2]
    most = max(satellites_km.shape[1] for satellites_km in systems_km)
    at_once = max(1, _SIGHTS_AT_ONCE // (most * instants))
    for start in range(0, len(places), at_once):
        some = slice(start, min(start + at_once, len(places)))
        yield (
            some,
            tuple(
                sums_of(satellites_km, places[some], min_elevation_deg)
                for satellites_km in systems_km
            ),
        )
