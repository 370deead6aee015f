"""Orbits read from tables: what is interpolated, about which body, and for how long."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from skyfield.constants import AU_KM, DAY_S
from skyfield.timelib import Time
from skyfield.vectorlib import VectorFunction

from sattrack.elements import EARTH_NAIF_ID, MOON_NAIF_ID, StateTable
from sattrack.errors import NoOrbitError
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.earth import GM_EARTH_KM3_S2
from sattrack.orbits.gcrf import gcrf_to_itrf
from sattrack.orbits.orbit import OrbitEndsError
from sattrack.times.scale import Clock, FloatArray, timescale
from sattrack.times.span import iso_utc

State: TypeAlias = tuple[FloatArray, FloatArray]

GM_MOON_KM3_S2 = 4902.8001184575487  # DE440, as JPL Horizons gives it
GM_OF = {MOON_NAIF_ID: GM_MOON_KM3_S2, EARTH_NAIF_ID: GM_EARTH_KM3_S2}

_NODES = 4
_RATE_DEGREE = 2 * _NODES - 2
_BOUND_MARGIN = 1.01
# Going from the seconds of a clock to TDB and back, rounded.
_END_TOLERANCE_S = 1e-5


@dataclass(frozen=True, slots=True)
class Extent:
    """What no instant of a table exceeds, knots left out.

    Attributes:
        nearest_km, farthest_km: distance from the centre.
        fastest_km_s: speed about it.
        acceleration_km_s2: of the interpolated motion, whatever it comes from.
    """

    nearest_km: float
    farthest_km: float
    fastest_km_s: float
    acceleration_km_s2: float


class Motion(Protocol):
    """States about a body, from a table, between its first instant and its last.

    Attributes:
        name: of the object.
        naif_id: of the object.
        centre_naif_id: the body that states count from: 301, the Moon, or 399, the Earth.
        start_jd_tdb: Julian date, ending in .0 or .5, from which seconds of TDB count.
        first_s, last_s: the coverage, in those seconds.
        period_s: time of one revolution.
        error_km: how far interpolation may be off; the table itself has errors of its own.
        knots_s: where velocity or position may jump, ascending.
        source: who publishes the table.
        data_until: what comes after it is a prediction; None where nothing is said.
    """

    name: str
    naif_id: int
    centre_naif_id: int
    start_jd_tdb: float
    first_s: float
    last_s: float
    knots_s: FloatArray
    source: str
    data_until: datetime | None

    @property
    def period_s(self) -> float:
        """Time of one revolution."""
        ...

    @property
    def error_km(self) -> float:
        """How far interpolation may be off."""
        ...

    @property
    def extent(self) -> Extent | None:
        """How far, how fast, how sharply it goes; None where nothing but gravity tells."""
        ...

    def lag_s(self, seconds: FloatArray) -> FloatArray:
        """Return by how much the object may be early or late on its way besides, shape `(n,)`.

        Zero but where a table breaks: `error_km` is then short of the truth by this, times the
        speed.

        Args:
            seconds: inside the coverage, shape `(n,)`.
        """
        ...

    def states(self, seconds: FloatArray) -> State:
        """Return position, km, and velocity, km/s, with ICRF axes, each of shape `(3, n)`.

        Args:
            seconds: inside the coverage, shape `(n,)`.
        """
        ...


class Hermite:
    """A table of states, joined by polynomials of degree 7; a `Motion`.

    Each is the one polynomial that has the positions and velocities of the four nearest nodes,
    exactly; at the ends of the table, of its last four. This is SPK's type 13 with window size 4.
    """

    def __init__(self, table: StateTable) -> None:
        self.table = table
        self.name = table.object_name
        self.naif_id = table.naif_id
        self.centre_naif_id = table.centre_naif_id
        self.start_jd_tdb = table.start_jd_tdb
        self.first_s = float(table.seconds[0])
        self.last_s = float(table.seconds[-1])
        self.knots_s = np.empty(0)
        self.source = table.source
        self.data_until = table.data_until

    @cached_property
    def period_s(self) -> float:
        """Time of one revolution of the ellipse at the middle of the table.

        On an open path, where there is none, that of a circle as wide.
        """
        middle = len(self.table.seconds) // 2
        position, velocity = self.table.position_km[:, middle], self.table.velocity_km_s[:, middle]
        gm = GM_OF[self.centre_naif_id]
        radius = math.sqrt(float(position @ position))
        reciprocal = 2.0 / radius - float(velocity @ velocity) / gm
        axis = 1.0 / reciprocal if reciprocal > 0.0 else radius
        return 2.0 * math.pi * math.sqrt(axis**3 / gm)

    @cached_property
    def error_km(self) -> float:
        """The largest error of interpolation, judged by the table itself.

        Every other node is left out and interpolated. In a smooth field steps half as long are 2^8
        times better; over mascons, which pull within less than a step, a few times: two is taken.
        """
        count = len(self.table.seconds) // 2 * 2
        if count < 2 * _NODES:
            return self._cubic_error_km
        kept = slice(0, count, 2)
        coarse = _hermite(
            self.table.seconds[kept],
            self.table.position_km[:, kept],
            self.table.velocity_km_s[:, kept],
            self.table.seconds[1 : count - 1 : 2],
        )
        off = coarse[0] - self.table.position_km[:, 1 : count - 1 : 2]
        return float(np.sqrt(np.einsum("in,in->n", off, off)).max()) / 2.0

    @property
    def _cubic_error_km(self) -> float:
        """How far a cubic between two nodes would be off: far more than four nodes are."""
        table = self.table
        step_s = np.diff(table.seconds)
        position, velocity = table.position_km, table.velocity_km_s
        cubic = (position[:, :-1] + position[:, 1:]) / 2.0
        cubic = cubic + (velocity[:, :-1] - velocity[:, 1:]) * step_s / 8.0
        off = self.states(table.seconds[:-1] + step_s / 2.0)[0] - cubic
        return float(np.sqrt(np.einsum("in,in->n", off, off)).max())

    @cached_property
    def extent(self) -> Extent:
        """How far, how fast, how sharply it goes.

        Between two nodes the velocity is a polynomial of degree 6; its values and those of its
        derivative lie in the convex hull of their Bernstein coefficients (Farouki 2012, *Computer
        Aided Geometric Design* 29, 379, section 3), so that the largest of these is a bound. The
        coefficients follow from values at seven instants; their rounding is far below 1 %.
        """
        nodes, steps_s = self.table.seconds, np.diff(self.table.seconds)
        inner = np.linspace(0.0, 1.0, _RATE_DEGREE + 1)
        seconds = nodes[:-1] + steps_s * inner[:, None]
        seconds[-1] = nodes[1:]
        _, rate = self.states(seconds.ravel())
        values = rate.reshape(3, _RATE_DEGREE + 1, len(steps_s))
        j = np.arange(_RATE_DEGREE + 1)
        binomial = np.array([math.comb(_RATE_DEGREE, int(k)) for k in j])
        basis = binomial * inner[:, None] ** j * (1.0 - inner[:, None]) ** (_RATE_DEGREE - j)
        weights = np.einsum("jk,ikn->ijn", np.linalg.inv(basis), values)
        pulls = np.diff(weights, axis=1) * _RATE_DEGREE / steps_s
        fastest = _BOUND_MARGIN * float(np.linalg.norm(weights, axis=0).max())
        radius = np.linalg.norm(self.table.position_km, axis=0)
        stray_km = fastest * float(steps_s.max()) / 2.0
        return Extent(
            max(float(radius.min()) - stray_km, 0.0),
            float(radius.max()) + stray_km,
            fastest,
            _BOUND_MARGIN * float(np.linalg.norm(pulls, axis=0).max()),
        )

    def lag_s(self, seconds: FloatArray) -> FloatArray:
        """Return zeros: what a table of states holds, it holds on time."""
        return np.zeros(len(seconds))

    def states(self, seconds: FloatArray) -> State:
        """Return position and velocity; see `Motion.states`."""
        table = self.table
        return _hermite(table.seconds, table.position_km, table.velocity_km_s, seconds)


class Joined:
    """Motions one after another, each until the next begins; a `Motion`.

    No polynomial reaches from one into the next: a manoeuvre may lie in between.

    Args:
        parts: of one object about one centre, by ascending start; each begins before the one
            before it ends, or with it.
    """

    def __init__(self, parts: Sequence[Motion]) -> None:
        self.parts = tuple(parts)
        first, last = parts[0], parts[-1]
        self.name = first.name
        self.naif_id = first.naif_id
        self.centre_naif_id = first.centre_naif_id
        self.start_jd_tdb = first.start_jd_tdb
        self._shifts_s = [(part.start_jd_tdb - self.start_jd_tdb) * DAY_S for part in parts]
        starts = [part.first_s + shift for part, shift in zip(parts, self._shifts_s, strict=True)]
        self._borders_s = np.array(starts[1:])
        inner = [part.knots_s + shift for part, shift in zip(parts, self._shifts_s, strict=True)]
        self.knots_s = np.unique(np.concatenate([self._borders_s, *inner]))
        self.first_s = first.first_s
        self.last_s = last.last_s + self._shifts_s[-1]
        self.source = first.source
        self.data_until = last.data_until

    @property
    def period_s(self) -> float:
        """Time of one revolution: the shortest there is."""
        return min(part.period_s for part in self.parts)

    @property
    def error_km(self) -> float:
        """The largest error of interpolation of any part."""
        return max(part.error_km for part in self.parts)

    @cached_property
    def extent(self) -> Extent | None:
        """How far, how fast, how sharply any part goes."""
        extents = [part.extent for part in self.parts]
        known = [extent for extent in extents if extent is not None]
        if len(known) < len(extents):
            return None
        return Extent(
            min(extent.nearest_km for extent in known),
            max(extent.farthest_km for extent in known),
            max(extent.fastest_km_s for extent in known),
            max(extent.acceleration_km_s2 for extent in known),
        )

    def lag_s(self, seconds: FloatArray) -> FloatArray:
        """Return what the parts say; see `Motion.lag_s`."""
        lag = np.empty(len(seconds))
        for part, rows, own_s in self._asked(seconds):
            lag[rows] = part.lag_s(own_s)
        return lag

    def states(self, seconds: FloatArray) -> State:
        """Return position and velocity; see `Motion.states`."""
        position, velocity = np.empty((3, len(seconds))), np.empty((3, len(seconds)))
        for part, rows, own_s in self._asked(seconds):
            position[:, rows], velocity[:, rows] = part.states(own_s)
        return position, velocity

    def _asked(self, seconds: FloatArray) -> Iterator[tuple[Motion, NDArray[np.bool_], FloatArray]]:
        """Return each part that is asked, for which instants, and these in its own seconds."""
        owner = np.searchsorted(self._borders_s, seconds, side="right")
        for k in np.unique(owner).tolist():
            rows = owner == k
            yield self.parts[k], rows, seconds[rows] - self._shifts_s[k]


def within(table: StateTable, first_s: float, last_s: float) -> StateTable:
    """Return a table that begins and ends at these of its seconds, or where it does itself.

    The states there are interpolated, with what lies beyond.
    """
    nodes = table.seconds
    first_s, last_s = max(first_s, float(nodes[0])), min(last_s, float(nodes[-1]))
    # Nodes almost on each other would make noise of the last digits.
    margin_s = float(np.diff(nodes).min()) / 4.0
    inner = (nodes > first_s + margin_s) & (nodes < last_s - margin_s)
    seconds = np.concatenate([[first_s], nodes[inner], [last_s]])
    position, velocity = _hermite(nodes, table.position_km, table.velocity_km_s, seconds)
    return replace(table, seconds=seconds, position_km=position, velocity_km_s=velocity)


def _hermite(
    nodes_s: FloatArray, position: FloatArray, velocity: FloatArray, seconds: FloatArray
) -> State:
    """Return the Hermite interpolant of degree 7 and its derivative, each of shape `(3, n)`.

    In Lagrange's form (Davis, *Interpolation and Approximation*, 1975, eq. 2.5.24): with l_j the
    basis polynomials of the four nodes x_j, the weights of the position and velocity at x_j are
    (1 - 2 l_j'(x_j) (x - x_j)) l_j(x)^2 and (x - x_j) l_j(x)^2. At a node they are 1 and 0 exactly.
    """
    first = np.searchsorted(nodes_s, seconds, side="right") - _NODES // 2
    first = np.clip(first, 0, len(nodes_s) - _NODES)
    chosen = first + np.arange(_NODES)[:, None]
    x_j = nodes_s[chosen]
    away = seconds - x_j
    value = np.zeros((3, len(seconds)))
    rate = np.zeros((3, len(seconds)))
    for j in range(_NODES):
        others = [k for k in range(_NODES) if k != j]
        gaps = [x_j[j] - x_j[k] for k in others]
        a, b, c = (away[k] / gap for k, gap in zip(others, gaps, strict=True))
        basis = a * b * c
        slope = b * c / gaps[0] + a * c / gaps[1] + a * b / gaps[2]
        bend = 2.0 * (1.0 / gaps[0] + 1.0 / gaps[1] + 1.0 / gaps[2])
        square, square_rate = basis * basis, 2.0 * basis * slope
        tilt = 1.0 - bend * away[j]
        r, v = position[:, chosen[j]], velocity[:, chosen[j]]
        value += (tilt * square) * r + (away[j] * square) * v
        rate += (tilt * square_rate - bend * square) * r + (square + away[j] * square_rate) * v
    return value, rate


class Tabulated(VectorFunction):  # type: ignore[misc]
    """An orbit about the Moon or the Earth, from a table; see `Orbit`.

    A Skyfield vector function that counts from the Earth's centre, whatever the table counts from.

    Args:
        motion: what the table says.
        bodies: where the Moon is; needed for tables that count from it.
    """

    kind = "tabulated"
    center = 399

    def __init__(self, motion: Motion, bodies: Bodies) -> None:
        self.motion = motion
        self.bodies = bodies
        self.target = motion.naif_id

    @property
    def target_name(self) -> str:
        """Name and publisher, as Skyfield prints targets."""
        return f"{self.motion.name} ({self.motion.naif_id}), {self.motion.source}"

    @property
    def period_s(self) -> float:
        """Time of one revolution about its centre."""
        return self.motion.period_s

    @cached_property
    def coverage(self) -> tuple[datetime, datetime]:
        """The first and the last instant of the table, UTC."""
        ts, motion = timescale(), self.motion
        first = ts.tdb_jd(motion.start_jd_tdb, motion.first_s / DAY_S)
        last = ts.tdb_jd(motion.start_jd_tdb, motion.last_s / DAY_S)
        return first.utc_datetime(), last.utc_datetime()

    def motion_seconds(self, t: Time) -> FloatArray:
        """Return `t` in the seconds of the table, good to 10 ns, in the shape of `t`."""
        days = np.asarray(t.whole - self.motion.start_jd_tdb)
        return np.asarray(days * DAY_S + t.tdb_fraction * DAY_S)

    def about_centre(self, t: Time) -> State:
        """Return position and velocity about the table's own centre, ICRF axes, shape `(3, n)`.

        Raises:
            NoOrbitError: the table does not reach to `t`.
        """
        seconds = np.atleast_1d(self.motion_seconds(t))
        outside = self._outside(seconds)
        if outside.any():
            instant = np.atleast_1d(t.utc_datetime())[np.flatnonzero(outside)[0]]
            raise NoOrbitError(f"{self._no_orbit(instant)}; {self._coverage_text}")
        position, velocity = self.motion.states(seconds)
        if not t.shape:
            return position[:, 0], velocity[:, 0]
        return position, velocity

    def _outside(self, seconds: FloatArray) -> NDArray[np.bool_]:
        return (seconds < self.motion.first_s) | (seconds > self.motion.last_s)

    def _no_orbit(self, instant: datetime) -> str:
        return f"{self.motion.name}: no orbit at {iso_utc(instant)}"

    @cached_property
    def _coverage_text(self) -> str:
        first, last = self.coverage
        return (
            f"{self.motion.source} covers {iso_utc(first)} to {iso_utc(last)}; "
            "run: sattrack update, or choose a time in between"
        )

    def geocentric(self, t: Time) -> State:
        """Return position and velocity from the Earth's centre; as `about_centre`."""
        return self._shifted(t, EARTH_NAIF_ID)

    def selenocentric(self, t: Time) -> State:
        """Return position and velocity from the Moon's centre; as `about_centre`."""
        return self._shifted(t, MOON_NAIF_ID)

    def _shifted(self, t: Time, centre_naif_id: int) -> State:
        position, velocity = self.about_centre(t)
        if centre_naif_id == self.motion.centre_naif_id:
            return position, velocity
        moon, moon_rate = self.bodies.moon(t)
        if centre_naif_id == EARTH_NAIF_ID:
            return position + moon, velocity + moon_rate
        return position - moon, velocity - moon_rate

    def _at(self, t: Time) -> tuple[Any, Any, None, None]:
        position, velocity = self.geocentric(t)
        return position / AU_KM, velocity * (DAY_S / AU_KM), None, None

    def itrf(self, clock: Clock, seconds: FloatArray) -> State:
        """Return position, km, and Earth-relative velocity, km/s, in ITRF; see `Orbit.itrf`."""
        position, velocity = self.geocentric(self.covered(clock, seconds))
        return gcrf_to_itrf(clock, seconds, position, velocity)

    def covered(self, clock: Clock, seconds: FloatArray) -> Time:
        """Return the Skyfield `Time` of `seconds`, shape `(n,)`, all of which the table covers.

        Raises:
            OrbitEndsError: the table ends before the last of them.
            NoOrbitError: it begins after the first of them.
        """
        t = clock.time(seconds)
        own_s = self.motion_seconds(t)
        if self._outside(own_s).any():
            _, last_s = self.reach(clock)
            if own_s.min() < self.motion.first_s:
                (instant,) = clock.datetimes([float(seconds.min())])
                raise NoOrbitError(f"{self._no_orbit(instant)}; {self._coverage_text}")
            (instant,) = clock.datetimes([last_s])
            raise OrbitEndsError(
                f"{self.motion.name}: the table ends; {self._coverage_text}", last_s, instant
            )
        return t

    def reach(self, clock: Clock) -> tuple[float, float]:
        """Return the coverage in seconds of `clock`, less 10 us at either end."""
        first_s, last_s = self._on(clock, np.array([self.motion.first_s, self.motion.last_s]))
        return float(first_s) + _END_TOLERANCE_S, float(last_s) - _END_TOLERANCE_S

    def knots(self, clock: Clock) -> FloatArray:
        """Return where the motion may jump, in seconds of `clock`; see `Orbit.knots`."""
        return self._on(clock, self.motion.knots_s)

    def _on(self, clock: Clock, motion_seconds: FloatArray) -> FloatArray:
        """Return seconds of the table in those of a clock."""
        # TDB and TT drift apart by 2 ms in half a year at most, so that one correction is enough.
        seconds = motion_seconds - self.motion_seconds(clock.time(0.0))
        for _ in range(2):
            seconds = seconds + motion_seconds - self.motion_seconds(clock.time(seconds))
        return np.asarray(seconds)
