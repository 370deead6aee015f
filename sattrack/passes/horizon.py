"""Passes: the stretches of time in which an object stands above a place's horizon.

Elevation is geometric, without refraction, above the plane at right angles to the WGS 84 ellipsoid.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from sattrack.errors import InvalidInputError
from sattrack.events import Stretches, highest_in, stretches_above
from sattrack.orbits.bounds import REACH_RAD, motion_bounds, radian_s, table_bounds
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S, GM_EARTH_KM3_S2
from sattrack.orbits.far import is_far, seen_from_earth, table_extent
from sattrack.orbits.orbit import Orbit, OrbitEndsError
from sattrack.orbits.sgp4 import Sgp4
from sattrack.passes.skyline import (
    RESOLUTION_RAD,
    SLOPE_ERROR_RAD_S,
    Skyline,
    above_skyline,
)
from sattrack.places import HorizonMask, Place
from sattrack.times.scale import Clock, FloatArray
from sattrack.times.span import Span

Verdict: TypeAlias = Literal["passes", "always", "never"]

MASK_LIMITS_DEG = (-10.0, 89.0)

# 0.1 m at the closest range of 160 km is 0.00004 degrees.
_RESOLUTION_KM = 1e-4
# Of models whose velocity is the derivative of their position, but for rounding and precession.
_SLOPE_ERROR_KM_S = 2e-4
# What stands above a mask is no closer; for its angle.
_CLOSEST_KM = 160.0
# Precession and nutation, which the velocities leave out.
_TURN_ERROR_RAD_S = 1e-11
_CULMINATION_STEP_RAD = 0.15


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where an object stands in the sky of a place at an instant (UTC)."""

    time: datetime
    azimuth_deg: float
    elevation_deg: float
    range_km: float
    range_rate_km_s: float


@dataclass(frozen=True, slots=True)
class Pass:
    """A maximal stretch of time at or above the mask, as far as the window shows it.

    Attributes:
        first, last: its first and last instants inside the window.
        culmination: its highest point inside the window.
        open_start, open_end: the window, not the mask, cuts it there.
    """

    first: Sighting
    culmination: Sighting
    last: Sighting
    open_start: bool = False
    open_end: bool = False

    @property
    def rise(self) -> Sighting | None:
        """Where it climbs through the mask; None where the window cuts it."""
        return None if self.open_start else self.first

    @property
    def set(self) -> Sighting | None:
        """Where it sinks through the mask; None where the window cuts it."""
        return None if self.open_end else self.last

    @property
    def duration_s(self) -> float:
        """Time inside the window."""
        return (self.last.time - self.first.time).total_seconds()


@dataclass(frozen=True, slots=True)
class PassSearch:
    """What a search found.

    Attributes:
        verdict: `always` and `never` speak of the span that was searched.
        passes: in order of time, disjoint.
        span: what was searched; shorter than asked where the orbit ends.
        ending: why it is shorter, or None.
    """

    verdict: Verdict
    passes: tuple[Pass, ...]
    span: Span
    ending: OrbitEndsError | None = None


@dataclass(frozen=True, slots=True)
class LookAngles:
    """Directions from a place, arrays of shape `(n,)`; range rate positive when receding."""

    azimuth_deg: FloatArray
    elevation_deg: FloatArray
    range_km: FloatArray
    range_rate_km_s: FloatArray


class Horizon:
    """Height above the cone of the mask, as a `Curve`.

    With d the vector from the place to the object, u the vertical and m the mask, the value is
    d·u - |d| sin m, in km: its sign is that of the elevation above the mask, and unlike an angle
    it bends no more than gravity and geometry allow. Rows of `sample` are value, derivative,
    distance from the place, speed, distance from the Earth's centre and its rate.
    """

    def __init__(self, orbit: Orbit, place: Place, clock: Clock, mask_deg: float) -> None:
        self._orbit = seen_from_earth(orbit)
        self._extent = table_extent(self._orbit)
        self._clock = clock
        self._place_km = place.itrf_km()[:, None]
        self._east_north_up = place.east_north_up()
        self._up = self._east_north_up[2]
        self._place_radius_km = float(np.linalg.norm(self._place_km))
        self._sine = math.sin(math.radians(mask_deg))
        self.resolution = _RESOLUTION_KM
        self.slope_error = _SLOPE_ERROR_KM_S
        if isinstance(orbit, Sgp4):
            # Of d.u - |d| sin m, both terms.
            self.slope_error += orbit.velocity_error_km_s * (1.0 + abs(self._sine))
        if is_far(self._orbit) and self._extent is not None:
            self.resolution = RESOLUTION_RAD * self._extent.nearest_km
            self.slope_error = _TURN_ERROR_RAD_S * self._extent.farthest_km

    def geometry(self, seconds: FloatArray) -> tuple[FloatArray, ...]:
        """Return what stands at `seconds`, shape `(n,)`, in ITRF and against the turning Earth.

        Position and velocity of the object, its vector from the place, each of shape `(3, n)`;
        the length of that vector and the derivative of the length, shape `(n,)`.
        """
        position, velocity = self._orbit.itrf(self._clock, seconds)
        offset = position - self._place_km
        distance = np.sqrt(np.einsum("in,in->n", offset, offset))
        rate = np.einsum("in,in->n", offset, velocity) / distance
        return position, velocity, offset, distance, rate

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return the rows; see `Curve.sample`."""
        return self.rows(self.geometry(seconds))

    def rows(self, geometry: tuple[FloatArray, ...]) -> FloatArray:
        """Return the rows of `sample` that go with a geometry, shape `(6, n)`."""
        position, velocity, offset, distance, rate = geometry
        rows = np.empty((6, len(distance)))
        rows[0] = self._up @ offset - self._sine * distance
        rows[1] = self._up @ velocity - self._sine * rate
        rows[2] = distance
        rows[3] = np.sqrt(np.einsum("in,in->n", velocity, velocity))
        rows[4] = np.sqrt(np.einsum("in,in->n", position, position))
        rows[5] = np.einsum("in,in->n", position, velocity) / rows[4]
        return rows

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound its second derivative inside steps; see `Curve.bend`."""
        near, speed, acceleration = self.motion(left, right, step_s)
        sweep = abs(self._sine) * speed * speed / near
        plain = acceleration * (1.0 + abs(self._sine))
        return (plain + sweep, plain) if self._sine > 0.0 else (plain, plain + sweep)

    def motion(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return bounds inside steps, from the rows at both ends.

        The smallest distance from the place, km; the greatest speed, km/s, and acceleration,
        km/s^2, against the turning Earth, infinite where a step is too long to say.
        """
        left, right, radius_km = left[2:], right[2:], self._place_radius_km
        if self._extent is None:
            return motion_bounds(left, right, step_s, radius_km)
        return table_bounds(left, right, step_s, radius_km, self._extent.acceleration_km_s2)

    def climb(self, seconds: FloatArray) -> FloatArray:
        """Return `|d| d(sin elevation)/dt`, km/s, and roughly its derivative; shape `(2, n)`."""
        position, velocity, offset, distance, rate = self.geometry(seconds)
        height, climb = self._up @ offset, self._up @ velocity
        sine = height / distance
        # Two-body gravity with the turning Earth's fictitious forces: good to 0.3 %.
        radius2 = np.einsum("in,in->n", position, position)
        acceleration = position * (-GM_EARTH_KM3_S2 / (radius2 * np.sqrt(radius2)))
        omega = EARTH_ROTATION_RAD_S
        acceleration[0] += omega * (omega * position[0] + 2.0 * velocity[1])
        acceleration[1] += omega * (omega * position[1] - 2.0 * velocity[0])
        speed2 = np.einsum("in,in->n", velocity, velocity)
        rate_change = (
            speed2 - rate * rate + np.einsum("in,in->n", offset, acceleration)
        ) / distance
        rows = np.empty((2, len(seconds)))
        rows[0] = climb - sine * rate
        rows[1] = self._up @ acceleration - sine * rate_change - rate * rows[0] / distance
        return rows

    def sine_of_elevation(self, seconds: FloatArray) -> FloatArray:
        """Return the sine of the elevation, shape `(n,)`."""
        _, _, offset, distance, _ = self.geometry(seconds)
        return np.asarray(self._up @ offset / distance)

    def look(self, seconds: FloatArray) -> LookAngles:
        """Return directions from the place."""
        _, _, offset, distance, rate = self.geometry(seconds)
        east, north, up = self._east_north_up @ offset
        return LookAngles(
            azimuth_deg=np.degrees(np.arctan2(east, north)) % 360.0,
            elevation_deg=np.degrees(np.arctan2(up, np.hypot(east, north))),
            range_km=distance,
            range_rate_km_s=rate,
        )


class _SkylineHorizon(Horizon):
    """Angular height above a horizon mask, rad, as a `Curve`.

    Rows of `sample` are value, derivative, the rows 2 to 5 of `Horizon`, elevation and azimuth.
    """

    def __init__(self, orbit: Orbit, place: Place, clock: Clock, mask: HorizonMask) -> None:
        super().__init__(orbit, place, clock, 0.0)
        self._skyline = Skyline(mask)
        self.resolution = RESOLUTION_RAD
        far = is_far(self._orbit)
        self.slope_error = SLOPE_ERROR_RAD_S if far else self.slope_error / _CLOSEST_KM

    def sample(self, seconds: FloatArray) -> FloatArray:
        geometry = self.geometry(seconds)
        _, velocity, offset, _, _ = geometry
        local = self._east_north_up
        height = self._skyline.height(local @ offset, local @ velocity)
        return np.concatenate([height[:2], self.rows(geometry)[2:], height[2:]])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        motion = self.motion(left, right, step_s)
        bend = self._skyline.bend(left[6:], right[6:], step_s, motion)
        return bend, bend


def check_mask(min_elevation_deg: float) -> None:
    """Check that a mask lies from -10 to 89 degrees.

    Raises:
        InvalidInputError: it does not.
    """
    low, high = MASK_LIMITS_DEG
    if not low <= min_elevation_deg <= high:
        raise InvalidInputError(
            f"a minimum elevation of {min_elevation_deg:g} degrees is outside {low:g} to {high:g}"
        )


def look_angles(orbit: Orbit, place: Place, clock: Clock, seconds: FloatArray) -> LookAngles:
    """Return where `orbit` stands in the sky of `place` at `seconds` of `clock`, shape `(n,)`.

    Raises:
        OrbitEndsError: the orbit does not reach to one of the instants.
    """
    return Horizon(orbit, place, clock, 0.0).look(seconds)


def culminations_s(orbit: Orbit, place: Place, clock: Clock, stretches: Stretches) -> FloatArray:
    """Return when `orbit` stands highest above `place` inside each stretch, shape `(k,)`."""
    horizon = Horizon(orbit, place, clock, 0.0)
    step_s = _CULMINATION_STEP_RAD * radian_s(orbit)
    return highest_in(horizon.sine_of_elevation, horizon.climb, stretches, step_s)


def find_passes(
    orbit: Orbit, place: Place, span: Span, min_elevation_deg: float = 10.0
) -> PassSearch:
    """Find every pass of `orbit` over `place` within `span`.

    Every orbit is searched alike: low, eccentric with several culminations, geosynchronous. A pass
    is lost only if it stays within 0.1 m of the mask's cone (0.00004 degrees at 160 km), and a pass
    is split only where it sinks further than that. Far bodies are where their light shows them.

    Args:
        orbit: any model.
        place: where the observer or antenna is.
        span: the window; passes it cuts are open there.
        min_elevation_deg: of the antenna, from -10 to 89. Where the place has a horizon of its
            own, both count, and one pass may become several.

    Raises:
        NoOrbitError: the orbit does not work at the start of the window.
        InvalidInputError: the mask is out of range.
    """
    check_mask(min_elevation_deg)
    clock = Clock(span.start)
    end_s = clock.seconds_at(span.end)
    horizon, search = _searched(orbit, place, clock, min_elevation_deg)
    step_s = radian_s(orbit)
    knots_s = orbit.knots(clock)
    ending: OrbitEndsError | None = None
    while True:
        try:
            stretches = search(0.0, end_s, REACH_RAD * 0.9 * step_s, knots_s)
            passes = _describe(horizon, clock, stretches, step_s)
            break
        except OrbitEndsError as end:
            if end.last_s <= 0.0 or end.last_s >= end_s:
                raise
            ending, end_s = end, end.last_s
    if ending is not None:
        span = Span(span.start, ending.instant)
    return PassSearch(_verdict(passes), passes, span, ending)


def _searched(
    orbit: Orbit, place: Place, clock: Clock, min_elevation_deg: float
) -> tuple[Horizon, Callable[[float, float, float, FloatArray | None], Stretches]]:
    """Return the horizon of a place, and the search for the stretches above it."""
    if place.horizon is None:
        horizon = Horizon(orbit, place, clock, min_elevation_deg)
        return horizon, partial(stretches_above, horizon)
    mask = place.horizon.raised_to(min_elevation_deg)
    horizon = Horizon(orbit, place, clock, min(mask.elevation_deg))
    return horizon, partial(above_skyline, horizon, _SkylineHorizon(orbit, place, clock, mask))


def _verdict(passes: tuple[Pass, ...]) -> Verdict:
    if not passes:
        return "never"
    if len(passes) == 1 and passes[0].open_start and passes[0].open_end:
        return "always"
    return "passes"


def _describe(
    horizon: Horizon, clock: Clock, stretches: Stretches, step_s: float
) -> tuple[Pass, ...]:
    count = len(stretches.start_s)
    if count == 0:
        return ()
    top_s = highest_in(
        horizon.sine_of_elevation, horizon.climb, stretches, _CULMINATION_STEP_RAD * step_s
    )
    seconds = np.concatenate([stretches.start_s, top_s, stretches.end_s])
    look = horizon.look(seconds)
    sightings = [
        Sighting(*row)
        for row in zip(
            clock.datetimes(seconds),
            look.azimuth_deg.tolist(),
            look.elevation_deg.tolist(),
            look.range_km.tolist(),
            look.range_rate_km_s.tolist(),
            strict=True,
        )
    ]
    return tuple(
        Pass(
            sightings[k],
            sightings[count + k],
            sightings[2 * count + k],
            open_start=stretches.open_start and k == 0,
            open_end=stretches.open_end and k == count - 1,
        )
        for k in range(count)
    )
