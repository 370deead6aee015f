"""Overflights: the stretches in which the ground track of a lunar orbiter is near a target.

Near is within a distance of its centre, along a great circle of a sphere of 1737.4 km, or inside
its outline. Instants are those at the Moon, without light time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sattrack.errors import InvalidInputError
from sattrack.events import Stretches, highest_in, zero_crossings
from sattrack.orbits.moon import MOON_RADIUS_KM, MoonFrames
from sattrack.orbits.orbit import OrbitEndsError
from sattrack.orbits.tabulated import Tabulated
from sattrack.passes.lunar import GRAVITY_MARGIN, REACH_RAD, TIDE_S2, reach
from sattrack.times.scale import Clock, FloatArray
from sattrack.times.span import Span

# Ephemerides are not better than the one; a quarter of the way round is no longer near.
WITHIN_LIMITS_KM = (0.1, 2700.0)

# How fast the Moon turns, 2.6617e-6 rad/s, with all its librations: DE421, 2010 to 2040.
_MOON_TURN_RAD_S = 2.67e-6
# 0.1 m across the edge.
_RESOLUTION_KM = 1e-4
# Positions and orientation are interpolated, and the rates are their derivatives.
_SLOPE_ERROR_KM_S = 1e-9
_CLOSEST_STEP_RAD = 0.15


@dataclass(frozen=True, slots=True)
class Target:
    """A place or region of the Moon, mean-Earth frame; longitudes east positive.

    Attributes:
        outline_deg: a polygon of (longitude, latitude) joined by great circles; may be empty.
        id: of the catalog, or empty.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    outline_deg: tuple[tuple[float, float], ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Approach:
    """The instant at which a ground track is closest to the centre of a target.

    Attributes:
        distance_km: from the centre to the point beneath the craft, on the sphere.
        height_km: of the craft above the sphere.
        sun_elevation_deg: of the Sun's centre at the centre of the target, geometric, above the
            sphere; mountains are not asked.
        off_nadir_deg: at the craft, between straight down and the centre of the target.
    """

    time: datetime
    distance_km: float
    height_km: float
    sun_elevation_deg: float
    off_nadir_deg: float


@dataclass(frozen=True, slots=True)
class Overflight:
    """A maximal stretch of time near the target, as far as the window shows it.

    Attributes:
        first, last: its first and last instants inside the window.
        closest: to the centre, inside the window.
        open_start, open_end: the window cuts it there.
    """

    first: datetime
    closest: Approach
    last: datetime
    open_start: bool = False
    open_end: bool = False

    @property
    def entry(self) -> datetime | None:
        """Where the track comes near; None where the window cuts it."""
        return None if self.open_start else self.first

    @property
    def exit(self) -> datetime | None:
        """Where the track leaves; None where the window cuts it."""
        return None if self.open_end else self.last

    @property
    def duration_s(self) -> float:
        """Time inside the window."""
        return (self.last - self.first).total_seconds()


@dataclass(frozen=True, slots=True)
class OverflightSearch:
    """What a search found.

    Attributes:
        overflights: in order of time, disjoint.
        span: what was searched; shorter than asked where the orbit ends.
        ending: why it is shorter, or None.
    """

    overflights: tuple[Overflight, ...]
    span: Span
    ending: OrbitEndsError | None = None


class _Track:
    """The ground track of an orbit, as a unit vector of the mean-Earth frame."""

    def __init__(self, orbit: Tabulated, frames: MoonFrames, clock: Clock) -> None:
        self.orbit = orbit
        self.frames = frames
        self.clock = clock

    def at(self, seconds: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the vector, its derivative, and three rows about the craft.

        These are its distance from the Moon's centre, the derivative of that, and its speed.
        """
        t = self.clock.time(seconds)
        position, velocity = self.orbit.selenocentric(t)
        rotation, rate = self.frames.mean_earth_and_rate(t)
        radius = _length(position)
        climb = _dot(position, velocity) / radius
        unit = position / radius
        unit_rate = (velocity - climb * unit) / radius
        turning = np.einsum("ijn,jn->in", rate, unit)
        turning = turning + np.einsum("ijn,jn->in", rotation, unit_rate)
        unit = np.einsum("ijn,jn->in", rotation, unit)
        return unit, turning, np.array([radius, climb, _length(velocity)])


class _Cone:
    """How far the ground track lies within a circle of the sphere, as a `Curve`.

    With s the direction of the craft, a the axis of the circle and rho its radius, the value is
    R (s.a - cos rho), in km. A circle of 90 degrees is a great circle, of which a is the pole. Rows
    of `sample` are value, derivative, and the three of `_Track.at`.
    """

    slope_error = _SLOPE_ERROR_KM_S

    def __init__(self, track: _Track, axis: FloatArray, radius_rad: float) -> None:
        self._track = track
        self._axis = axis
        self._cosine = math.cos(radius_rad)
        self.resolution = _RESOLUTION_KM * math.sin(radius_rad)

    def sample(self, seconds: FloatArray) -> FloatArray:
        unit, turning, craft = self._track.at(seconds)
        rows = np.empty((5, len(seconds)))
        rows[0] = MOON_RADIUS_KM * (self._axis @ unit - self._cosine)
        rows[1] = MOON_RADIUS_KM * (self._axis @ turning)
        rows[2:] = craft
        return rows

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        ends = np.array([left[2:], right[2:]])
        within = reach(ends[:, 0], ends[:, 1], ends[:, 2], step_s)
        low, gravity = within.low_km, within.gravity_km_s2
        # Across the direction s only what is not central pulls, and the craft's own climb counts
        # against its turning: r s'' = a_across - 2 r' s' there, and along s, s''.s = -s'^2.
        sideways = (GRAVITY_MARGIN - 1.0) * gravity + TIDE_S2 * within.high_km
        climbing = np.maximum(within.pull_km_s2, within.fastest2 / low)
        climb = np.abs(ends[:, 1]).max(axis=0) + climbing * step_s / 2.0
        swing = np.sqrt(within.fastest2) / low
        # The axis turns with the Moon, a'' = omega^2: the two turnings add up.
        bend = (swing + _MOON_TURN_RAD_S) ** 2 + (sideways + 2.0 * climb * swing) / low
        bend = np.where(within.too_long, np.inf, MOON_RADIUS_KM * bend)
        return bend, bend

    def height(self, seconds: FloatArray) -> FloatArray:
        unit, _, _ = self._track.at(seconds)
        return np.asarray(self._axis @ unit)

    def climb(self, seconds: FloatArray) -> FloatArray:
        """Return the derivative of `height` and, for two bodies, its own; shape `(2, n)`."""
        unit, turning, (radius, climb, _) = self._track.at(seconds)
        rate = self._axis @ turning
        change = -_dot(turning, turning) * (self._axis @ unit) - 2.0 * climb / radius * rate
        return np.array([rate, change])


class _Outline:
    """A polygon of the sphere, its edges great circles, all within a quarter turn of its centre."""

    def __init__(self, target: Target, centre: FloatArray) -> None:
        outline = target.outline_deg
        corners = np.array([_unit(latitude, longitude) for longitude, latitude in outline])
        corners = corners.reshape(-1, 3)
        if len(corners) > 1 and np.array_equal(corners[0], corners[-1]):
            corners = corners[:-1]
        if (corners @ centre <= 0.0).any():
            raise InvalidInputError(
                f"{target.name}: its outline reaches more than a quarter of the way round the Moon"
            )
        east = np.cross([0.0, 0.0, 1.0] if abs(centre[2]) < 0.9 else [1.0, 0.0, 0.0], centre)
        east = east / math.sqrt(float(east @ east))
        self._axes = np.array([east, np.cross(centre, east), centre])
        self.corners = corners
        self._flat = self._projected(corners.T)

    def poles(self) -> Iterator[FloatArray]:
        """Return the pole of each edge's great circle."""
        for one, other in zip(self.corners, np.roll(self.corners, -1, axis=0), strict=True):
            pole = np.cross(one, other)
            size = math.sqrt(float(pole @ pole))
            if size > 0.0:
                yield pole / size

    def _projected(self, units: FloatArray) -> FloatArray:
        """Return the gnomonic projection, in which great circles are straight; shape `(2, n)`."""
        x, y, z = self._axes @ units
        return np.asarray(np.array([x, y]) / z)

    def holds(self, units: FloatArray) -> NDArray[np.bool_]:
        """Return which of the directions, shape `(3, n)`, lie inside: by crossings, even or odd."""
        inside = np.zeros(units.shape[1], dtype=bool)
        (ahead,) = np.nonzero(self._axes[2] @ units > 0.0)
        x, y = self._projected(units[:, ahead])
        for (x0, y0), (x1, y1) in zip(self._flat.T, np.roll(self._flat.T, -1, axis=0), strict=True):
            spans = (y0 > y) != (y1 > y)
            rise = y1 - y0 if y1 != y0 else 1.0
            inside[ahead] ^= spans & (x < x0 + (y - y0) * (x1 - x0) / rise)
        return inside


def find_overflights(
    orbit: Tabulated, frames: MoonFrames, target: Target, span: Span, within_km: float = 50.0
) -> OverflightSearch:
    """Find every stretch within `span` in which the ground track of `orbit` is near `target`.

    None is lost but those in which the track is near by less than 0.1 m or a millisecond.

    Args:
        orbit: about the Moon.
        frames: how the Moon is turned.
        target: where; inside its outline is near, however far from its centre.
        span: the window, as time passes at the Moon; overflights it cuts are open there.
        within_km: of its centre.

    Raises:
        NoOrbitError: the orbit does not reach to the start of the window.
        InvalidInputError: the distance is out of range, or the outline too large.
    """
    low, high = WITHIN_LIMITS_KM
    if not low <= within_km <= high:
        raise InvalidInputError(f"a distance of {within_km:g} km is outside {low:g} to {high:g}")
    clock = Clock(span.start)
    end_s, ending = clock.seconds_at(span.end), None
    orbit.covered(clock, np.zeros(1))
    try:
        orbit.covered(clock, np.array([end_s]))
    except OrbitEndsError as end:
        ending, end_s = end, end.last_s
        span = Span(span.start, end.instant)
    track = _Track(orbit, frames, clock)
    stretches = _near(track, target, end_s, within_km / MOON_RADIUS_KM)
    return OverflightSearch(tuple(_described(track, target, stretches)), span, ending)


def _near(track: _Track, target: Target, end_s: float, radius_rad: float) -> Stretches:
    """Return the stretches near a target: inside the circle, or inside the outline."""
    centre = _unit(target.latitude_deg, target.longitude_deg)
    outline = _Outline(target, centre)
    curves = [_Cone(track, centre, radius_rad)]
    # What a circle encloses adds nothing to it.
    if (outline.corners @ centre < math.cos(radius_rad)).any():
        curves += [_Cone(track, pole, math.pi / 2.0) for pole in outline.poles()]
    step_s = REACH_RAD * track.orbit.period_s / (2.0 * math.pi)
    knots_s = track.orbit.knots(track.clock)
    edges = [zero_crossings(curve, 0.0, end_s, step_s, knots_s).seconds for curve in curves]
    cuts = np.unique(np.concatenate([[0.0], *edges, [end_s]]))
    # Judge a stretch by its middle: its ends lie on the edges themselves.
    units, _, _ = track.at((cuts[:-1] + cuts[1:]) / 2.0)
    near = (centre @ units >= math.cos(radius_rad)) | outline.holds(units)
    changes = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]])))
    start_s, stop_s = cuts[changes[0::2]], cuts[changes[1::2]]
    return Stretches(start_s, stop_s, bool(near[0]), bool(near[-1]))


def _described(track: _Track, target: Target, stretches: Stretches) -> Iterator[Overflight]:
    centre = _unit(target.latitude_deg, target.longitude_deg)
    cone = _Cone(track, centre, 0.0)
    step_s = _CLOSEST_STEP_RAD * track.orbit.period_s / (2.0 * math.pi)
    closest_s = highest_in(cone.height, cone.climb, stretches, step_s)
    last = len(closest_s) - 1
    for k, (first, approach, end) in enumerate(
        zip(
            track.clock.datetimes(stretches.start_s),
            _approaches(track, centre, closest_s),
            track.clock.datetimes(stretches.end_s),
            strict=True,
        )
    ):
        open_start, open_end = stretches.open_start and k == 0, stretches.open_end and k == last
        yield Overflight(first, approach, end, open_start, open_end)


def _approaches(track: _Track, centre: FloatArray, seconds: FloatArray) -> list[Approach]:
    if len(seconds) == 0:
        return []
    t = track.clock.time(seconds)
    unit, _, (radius, _, _) = track.at(seconds)
    across = np.cross(centre, unit, axis=0)
    distance = np.arctan2(_length(across), centre @ unit)
    down, aside = radius - MOON_RADIUS_KM * np.cos(distance), MOON_RADIUS_KM * np.sin(distance)
    moon, _ = track.orbit.bodies.moon(t)
    sun, _ = track.orbit.bodies.sun(t)
    up = np.einsum("jin,j->in", track.frames.mean_earth(t), centre)
    to_sun = sun - moon - MOON_RADIUS_KM * up
    values = (
        distance * MOON_RADIUS_KM,
        radius - MOON_RADIUS_KM,
        np.degrees(np.arcsin(_dot(up, to_sun) / _length(to_sun))),
        np.degrees(np.arctan2(aside, down)),
    )
    rows = zip(track.clock.datetimes(seconds), *(v.tolist() for v in values), strict=True)
    return [Approach(*row) for row in rows]


def _unit(latitude_deg: float, longitude_deg: float) -> FloatArray:
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    cosine = math.cos(latitude)
    return np.array(
        [cosine * math.cos(longitude), cosine * math.sin(longitude), math.sin(latitude)]
    )


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("in,in->n", left, right))


def _length(vectors: FloatArray) -> FloatArray:
    return np.sqrt(_dot(vectors, vectors))
