"""Lines of sight between one craft and many places, and the limits on them, as curves for a search.

Places stand one after another on a single axis of time, so that one search serves them all: the
second `t` of place `k` is `k * stride_s + t` there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sattrack.orbits.bodies import LIGHT_KM_S
from sattrack.orbits.dense import Dense
from sattrack.orbits.earth import EARTH_RADIUS_KM, EARTH_ROTATION_RAD_S
from sattrack.orbits.frames import geodetic
from sattrack.places import Place
from sattrack.times.scale import FloatArray

_FLATTENING = 1.0 / 298.257223563  # WGS 84
_ECCENTRICITY_SQUARED = _FLATTENING * (2.0 - _FLATTENING)
# The ellipsoid's least radius of curvature, along the meridian at the equator, is shorter than the
# radius there by this.
_TIGHTEST_KM = EARTH_RADIUS_KM * _ECCENTRICITY_SQUARED
# 0.1 m across the edge, beside what interpolation adds.
_RESOLUTION_KM = 1e-4
_SLOPE_ERROR_KM_S = 1e-9
# Between nodes a hundredth of a revolution apart an acceleration exceeds the greater of theirs by
# (2 pi / 96)^2 / 8 = 0.05 %, and the rate of it its mean by the like; harmonics make both tenfold.
_ACCELERATION_MARGIN = 1.01
_JERK_MARGIN = 1.1
# 1e-11 rad, 2 microarcseconds: near its highest the Sun passes through that in a tenth of a second.
_SUN_RESOLUTION = 1e-11
# The aberration of the place's own motion, 1.6e-6, turns with the Earth and is left out of slopes.
_SUN_SLOPE_ERROR = 2e-10
# The Earth turns against the stars; the Sun moves 0.3 % of that against them.
_SUN_BEND = (1.01 * EARTH_ROTATION_RAD_S) ** 2
# Geodetic and geocentric verticals differ by at most 0.1924 degrees, on the ellipsoid and above.
VERTICALS_RAD = math.radians(0.2)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of sight from places to the craft, at instants; ITRF.

    Attributes:
        place: of each, shape `(n,)`.
        seconds: since the start of the window, shape `(n,)`.
        craft_km, velocity_km_s, acceleration_km_s2: over the turning Earth, shape `(3, n)`.
        offset_km: from the place to the craft, shape `(3, n)`.
        range_km, range_rate_km_s: its length and the derivative of that, shape `(n,)`.
    """

    place: NDArray[np.int64]
    seconds: FloatArray
    craft_km: FloatArray
    velocity_km_s: FloatArray
    acceleration_km_s2: FloatArray
    offset_km: FloatArray
    range_km: FloatArray
    range_rate_km_s: FloatArray


@dataclass(frozen=True, slots=True)
class Reach:
    """What a craft does anywhere on its path, over the turning Earth."""

    lowest_km: float
    highest_km: float
    speed_km_s: float
    acceleration_km_s2: float
    jerk_km_s3: float


def reach_of(path: Dense) -> Reach:
    """Bound a path between its nodes from what it does at them."""
    position, velocity, acceleration = path.at(path.node_s)
    step_s = path.step_s
    pull = _ACCELERATION_MARGIN * float(_length(acceleration).max())
    speed = float(_length(velocity).max()) + pull * step_s / 2.0
    radius = _length(position)
    sagitta = step_s * step_s / 8.0
    lowest = float(radius.min()) - pull * sagitta
    highest = float(radius.max()) + (pull + speed * speed / lowest) * sagitta
    change = float(_length(np.diff(acceleration, axis=1)).max()) / step_s
    return Reach(lowest, highest, speed, pull, _JERK_MARGIN * change)


class Scene:
    """One craft on its path, the places it may see, and the Sun.

    Args:
        path: of the craft, ITRF.
        sun: of the apparent Sun, ITRF, over the same time.
        places: on or near the ground.
        end_s: the window ends there.
    """

    def __init__(self, path: Dense, sun: Dense, places: Sequence[Place], end_s: float) -> None:
        self.path = path
        self.sun = sun
        self.end_s = end_s
        # A power of two: places are told apart without rounding.
        self.stride_s = stride_s(end_s)
        self.reach = reach_of(path)
        self.places_km = np.array([place.itrf_km() for place in places]).T
        self.ups = np.array([place.east_north_up()[2] for place in places]).T
        self.feet_km = self.places_km - self.ups * (
            np.array([place.height_m for place in places]) / 1000.0
        )
        self.radii_km = _length(self.places_km)
        x, y, z = self.places_km
        # The places' own speeds, eastward, in units of that of light.
        self.beta = np.array([-y, x, np.zeros_like(z)]) * (EARTH_ROTATION_RAD_S / LIGHT_KM_S)

    def own_s(self, seconds: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
        """Return whose seconds these are, and where in the window."""
        place = np.floor(seconds / self.stride_s)
        return place.astype(np.int64), seconds - place * self.stride_s

    def lines(self, seconds: FloatArray) -> Lines:
        """Return the lines of sight at seconds of the common axis."""
        place, own_s = self.own_s(seconds)
        craft, velocity, acceleration = self.path.at(own_s)
        offset = craft - self.places_km[:, place]
        distance = _length(offset)
        rate = _dot(offset, velocity) / distance
        return Lines(place, own_s, craft, velocity, acceleration, offset, distance, rate)

    def steps_within(self, ranges_km: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the steps of the path in which places may be nearer than a range of their own.

        Args:
            ranges_km: for each place.

        Returns:
            Where each begins and ends on the common axis, ascending.
        """
        # Inside a step the craft is at most half of it away from one of its ends.
        ranges_km = ranges_km + self.reach.speed_km_s * self.path.step_s / 2.0
        nodes = self.path.nodes_km
        # |r - p| <= d as one product of matrices: p.r - r^2/2 >= (p^2 - d^2)/2.
        wide = np.concatenate([nodes, -0.5 * _dot(nodes, nodes)[None]])
        least = (self.radii_km**2 - ranges_km**2) / 2.0
        near = np.empty((len(ranges_km), nodes.shape[1] - 1), dtype=bool)
        for k, place_km in enumerate(self.places_km.T):
            close = np.append(place_km, 1.0) @ wide >= least[k]
            near[k] = close[:-1] | close[1:]
        place, step = np.nonzero(near)
        begins = place * self.stride_s
        return begins + self.path.node_s[step], begins + self.path.node_s[step + 1]

    def farthest_km(self, least_elevation_rad: float, off_nadir_rad: float) -> FloatArray:
        """Return how far away the craft can be at most, for each place.

        At an elevation of at least the one, and with the place at most the other off its nadir;
        both triangles are those of the Earth's centre, craft and place, with the verticals' slack.
        """
        radius, high = self.radii_km, self.reach.highest_km
        sine = math.sin(max(-math.pi / 2.0, least_elevation_rad - VERTICALS_RAD))
        inside = np.maximum(0.0, high * high - radius**2 * (1.0 - sine * sine))
        farthest = np.sqrt(inside) - radius * sine
        angle = off_nadir_rad + VERTICALS_RAD
        # Within this the line from the craft meets the place's sphere in front of the limb.
        grazing = high * math.sin(min(angle, math.pi / 2.0)) >= radius * math.cos(VERTICALS_RAD)
        inside = np.maximum(0.0, radius**2 - (high * math.sin(angle)) ** 2)
        nadir = high * math.cos(angle) - np.sqrt(inside)
        return np.where(grazing, farthest, np.minimum(farthest, nadir))

    def sun_sines(
        self, place: NDArray[np.int64], seconds: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the sine of the elevation of the Sun's centre at places, and its derivative.

        Without refraction, but with parallax, and with the 0.3 arcseconds of aberration that a
        place's own motion adds: towards the east, which is level, so it shrinks the sine.
        """
        sun, velocity, _ = self.sun.at(seconds)
        offset = sun - self.places_km[:, place]
        up, distance = self.ups[:, place], _length(offset)
        sine = _dot(up, offset) / distance
        rate = (_dot(up, velocity) - sine * _dot(offset, velocity) / distance) / distance
        return sine * (1.0 - _dot(self.beta[:, place], offset) / distance), rate


class Elevation:
    """How far the craft stands above, or below, a cone about a place's vertical, as a `Curve`.

    With d from the place to the craft and u the vertical, the value is d.u - |d| sin m, in km, as
    in `passes.horizon`; below the cone counts as above zero where `below` is set. An incidence of
    at most i is an elevation of at least 90 degrees - i.
    """

    slope_error = _SLOPE_ERROR_KM_S

    def __init__(self, scene: Scene, elevation_rad: float, below: bool = False) -> None:
        self._scene = scene
        self._sine = math.sin(elevation_rad)
        self._sign = -1.0 if below else 1.0
        self.resolution = _RESOLUTION_KM + scene.path.error_km

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return value, derivative and range."""
        lines = self._scene.lines(seconds)
        up = self._scene.ups[:, lines.place]
        value = _dot(up, lines.offset_km) - self._sine * lines.range_km
        slope = _dot(up, lines.velocity_km_s) - self._sine * lines.range_rate_km_s
        return np.array([self._sign * value, self._sign * slope, lines.range_km])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound the second derivative: that of d is the craft's acceleration; see `_sweep`."""
        pull = self._scene.reach.acceleration_km_s2
        plain = np.full_like(step_s, pull * (1.0 + abs(self._sine)))
        bowed = plain + abs(self._sine) * _sweep(self._scene, left[2], right[2], step_s)
        return (bowed, plain) if self._sign * self._sine > 0.0 else (plain, bowed)


class OffNadir:
    """How far a place lies inside a cone about the craft's nadir, as a `Curve`.

    With d from the place to the craft and n the normal of the ellipsoid beneath the craft, the
    value is d.n - |d| cos of the limit, in km. The nadir is geodetic.
    """

    slope_error = _SLOPE_ERROR_KM_S

    def __init__(self, scene: Scene, limit_rad: float) -> None:
        self._scene = scene
        self._cosine = math.cos(limit_rad)
        self.resolution = _RESOLUTION_KM + scene.path.error_km
        # The normal turns by at most this for each km of the craft's way.
        self._turn_per_km = 1.0 / (scene.reach.lowest_km - _TIGHTEST_KM)

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return value, derivative and range."""
        lines = self._scene.lines(seconds)
        normal, turning, _ = beneath(lines.craft_km, lines.velocity_km_s)
        value = _dot(normal, lines.offset_km) - self._cosine * lines.range_km
        slope = _dot(normal, lines.velocity_km_s) + _dot(turning, lines.offset_km)
        slope -= self._cosine * lines.range_rate_km_s
        return np.array([value, slope, lines.range_km])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound the second derivative, (d.n)'' = a.n + 2 v.n' + d.n'' beside that of |d|.

        The normal follows the craft: |n'| is at most k v, with k the tightest curvature; on a
        sphere |n''| is at most k a + 1.16 k^2 v^2, and the ellipsoid's change of curvature adds
        3/2 e^2 = 1 % to it. Two in place of 1.16 has room for more than that.
        """
        reach, turn = self._scene.reach, self._turn_per_km
        speed, pull = reach.speed_km_s, reach.acceleration_km_s2
        far = (left[2] + right[2]) / 2.0 + speed * step_s / 2.0
        swing = turn * speed
        plain = pull * (1.0 + self._cosine) + 2.0 * swing * speed
        plain = plain + far * (turn * pull + 2.0 * swing * swing)
        return plain + self._cosine * _sweep(self._scene, left[2], right[2], step_s), plain


class Side:
    """How far a place lies to the left of the craft's track, or to the right, as a `Curve`.

    The plane through the Earth's centre and the craft's velocity over the turning Earth parts the
    sides; the value is p.(r x v), of place, craft and velocity, over the greatest |r| |v|, in km.
    """

    slope_error = _SLOPE_ERROR_KM_S

    def __init__(self, scene: Scene, right: bool) -> None:
        self._scene = scene
        reach = scene.reach
        size = reach.highest_km * reach.speed_km_s
        self._scale = (-1.0 if right else 1.0) / size
        self.resolution = _RESOLUTION_KM + scene.path.error_km
        torque = reach.speed_km_s * reach.acceleration_km_s2 + reach.highest_km * reach.jerk_km_s3
        self._bend = float(scene.radii_km.max()) * torque / size

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return value and derivative: r x v changes by r x a."""
        lines = self._scene.lines(seconds)
        place_km = self._scene.places_km[:, lines.place]
        value = _dot(place_km, np.cross(lines.craft_km, lines.velocity_km_s, axis=0))
        slope = _dot(place_km, np.cross(lines.craft_km, lines.acceleration_km_s2, axis=0))
        return self._scale * np.array([value, slope])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound the second derivative: that of r x v is v x a + r x a'."""
        bend = np.full_like(step_s, self._bend)
        return bend, bend


class Daylight:
    """How far the Sun stands above an elevation at a place, as a `Curve` of sines."""

    resolution = _SUN_RESOLUTION
    slope_error = _SUN_SLOPE_ERROR

    def __init__(self, scene: Scene, elevation_rad: float) -> None:
        self._scene = scene
        self._sine = math.sin(elevation_rad)

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return value and derivative."""
        sine, rate = self._scene.sun_sines(*self._scene.own_s(seconds))
        return np.array([sine - self._sine, rate])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound the second derivative of the Sun's direction by the square of its turning."""
        bend = np.full_like(step_s, _SUN_BEND)
        return bend, bend


def stride_s(end_s: float) -> float:
    """Return how far apart places stand on the common axis."""
    return float(2.0 ** (math.floor(math.log2(end_s)) + 1))


def beneath(
    craft_km: FloatArray, velocity_km_s: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the normal of the ellipsoid beneath the craft, its derivative, and where that is.

    Along the meridian the normal turns by the way over M + h, across it over N + h: radii of
    curvature and height (Torge & Müller, Geodesy, 4th ed., section 4.1.3). All `(3, n)`, ITRF.
    """
    latitude, longitude, height_km = geodetic(craft_km)
    latitude, longitude = np.radians(latitude), np.radians(longitude)
    sine, cosine = np.sin(latitude), np.cos(latitude)
    sin_lon, cos_lon = np.sin(longitude), np.cos(longitude)
    zero = np.zeros_like(sine)
    normal = np.array([cosine * cos_lon, cosine * sin_lon, sine])
    north = np.array([-sine * cos_lon, -sine * sin_lon, cosine])
    east = np.array([-sin_lon, cos_lon, zero])
    squared = 1.0 - _ECCENTRICITY_SQUARED * sine * sine
    across_km = EARTH_RADIUS_KM / np.sqrt(squared)
    along_km = across_km * (1.0 - _ECCENTRICITY_SQUARED) / squared
    turning = north * (_dot(north, velocity_km_s) / (along_km + height_km))
    turning = turning + east * (_dot(east, velocity_km_s) / (across_km + height_km))
    return normal, turning, craft_km - normal * height_km


def _sweep(scene: Scene, left: FloatArray, right: FloatArray, step_s: FloatArray) -> FloatArray:
    """Bound what |d|'' may exceed the acceleration by inside steps: v^2 / |d|, `(n,)`.

    |d|'' = (v^2 - |d|'^2) / |d| + d.a / |d| lies between -a and v^2 / |d| + a. Infinity where the
    craft may pass through the place itself.
    """
    speed = scene.reach.speed_km_s
    near = (left + right) / 2.0 - speed * step_s / 2.0
    near = np.maximum(near, scene.reach.lowest_km - float(scene.radii_km.max()))
    unknown = near <= 0.0
    return np.where(unknown, np.inf, speed * speed / np.where(unknown, 1.0, near))


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("in,in->n", left, right))


def _length(vectors: FloatArray) -> FloatArray:
    return np.sqrt(_dot(vectors, vectors))
