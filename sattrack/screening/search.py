"""Passes between states: the search of `sattrack.events` for many objects and places at once.

The function is that of `sattrack.passes.horizon`, height above the cone of the mask in km, and so
are the bounds on how it bends: a step is halved until they prove that it holds exactly what its two
ends show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sattrack.orbits.bounds import motion_bounds
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S, GM_EARTH_KM3_S2
from sattrack.screening.states import Indices, acceleration, along, quintics
from sattrack.times.scale import FloatArray

# 0.1 m; at the closest range of 160 km 0.00004 degrees.
_RESOLUTION_KM = 1e-4
# Of 2 GM v / r^3: 15 % for what r and v do inside a step, 1 % for the flattening.
_CHANGE_MARGIN = 2.0 * 1.16
# The worst of the public catalog has half of it; see `Sgp4.velocity_error_km_s`.
_SLOPE_ERROR_KM_S = 0.05
_SHORTEST_STEP_S = 1e-3
_ROOT_TOLERANCE_S = 1e-6
_MAX_ITERATIONS = 50


@dataclass(frozen=True)
class Sky:
    """The places, in PEF.

    Attributes:
        place_km, east, north, up: shape `(3, s)`.
        radius_km: distance from the Earth's centre, shape `(s,)`.
        sine: of the mask's elevation.
    """

    place_km: FloatArray
    east: FloatArray
    north: FloatArray
    up: FloatArray
    radius_km: FloatArray
    sine: float

    def rows(self, station: Indices, position: FloatArray, velocity: FloatArray) -> FloatArray:
        """Return what `motion_bounds` needs of objects seen from places, shape `(6, k)`.

        The value and its derivative; distance, speed, distance from the Earth's centre, its rate.
        """
        place, up = self.place_km[:, station], self.up[:, station]
        offset = position - place
        out = np.empty((6, len(station)))
        distance = np.sqrt(_dot(offset, offset))
        out[0] = _dot(up, offset) - self.sine * distance
        out[1] = _dot(up, velocity) - self.sine * (_dot(offset, velocity) / distance)
        out[2] = distance
        out[3] = np.sqrt(_dot(velocity, velocity))
        out[4] = np.sqrt(_dot(position, position))
        out[5] = _dot(position, velocity) / out[4]
        return out

    def value(self, station: Indices, position: FloatArray, velocity: FloatArray) -> FloatArray:
        """Return the value and its derivative alone, shape `(2, k)`."""
        up, offset = self.up[:, station], position - self.place_km[:, station]
        distance = np.sqrt(_dot(offset, offset))
        rate = _dot(offset, velocity) / distance
        return np.array(
            [
                _dot(up, offset) - self.sine * distance,
                _dot(up, velocity) - self.sine * rate,
            ]
        )

    def climb(
        self, station: Indices, position: FloatArray, velocity: FloatArray, pull: FloatArray
    ) -> FloatArray:
        """Return how fast the elevation's sine grows, times the distance, and the derivative.

        Two rows, as `Horizon.climb` of `sattrack.passes.horizon`, shape `(2, k)`.
        """
        up, offset = self.up[:, station], position - self.place_km[:, station]
        distance = np.sqrt(_dot(offset, offset))
        sine = _dot(up, offset) / distance
        rate = _dot(offset, velocity) / distance
        grows = _dot(up, velocity) - sine * rate
        rate_change = (_dot(velocity, velocity) - rate * rate + _dot(offset, pull)) / distance
        return np.array([grows, _dot(up, pull) - sine * rate_change - rate * grows / distance])

    def look(self, station: Indices, position: FloatArray) -> FloatArray:
        """Return azimuth and elevation, degrees, and distance, km, shape `(3, k)`."""
        offset = position - self.place_km[:, station]
        east, north, up = (
            _dot(axis[:, station], offset) for axis in (self.east, self.north, self.up)
        )
        level = np.hypot(east, north)
        return np.array(
            [
                np.degrees(np.arctan2(east, north)) % 360.0,
                np.degrees(np.arctan2(up, level)),
                np.hypot(level, up),
            ]
        )

    def bend(
        self, station: Indices, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound minus and plus the second derivative of the value inside steps; as `Horizon`."""
        near, speed, acceleration = motion_bounds(
            left[2:], right[2:], step_s, self.radius_km[station]
        )
        sweep = abs(self.sine) * speed * speed / near
        plain = acceleration * (1.0 + abs(self.sine))
        return (plain + sweep, plain) if self.sine > 0.0 else (plain, plain + sweep)


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(left[0] * right[0] + left[1] * right[1] + left[2] * right[2])


@dataclass(frozen=True)
class Trail:
    """States of objects along runs of steps, by pair of object and place, and by time.

    Attributes:
        pair: one number for object and place, ascending, shape `(k,)`.
        station: index of the place.
        seconds: when.
        state: position, velocity, acceleration in PEF, shape `(9, k)`.
        joined: whether the next state is the next of the same run; False at the last.
    """

    pair: Indices
    station: Indices
    seconds: FloatArray
    state: FloatArray
    joined: NDArray[np.bool_]

    def take(self, which: NDArray[np.bool_]) -> Trail:
        """Return the states of some of the objects, all of each."""
        return Trail(
            self.pair[which],
            self.station[which],
            self.seconds[which],
            self.state[:, which],
            self.joined[which],
        )


class Steps:
    """The quintics between neighbours of a trail, each made when it is first asked for."""

    def __init__(self, sky: Sky, trail: Trail, which: Indices) -> None:
        self.sky = sky
        self.first = which
        self.station = trail.station[which]
        self.begin_s = trail.seconds[which]
        self.step_s = trail.seconds[which + 1] - self.begin_s
        left, right = (np.take(trail.state, side, axis=1) for side in (which, which + 1))
        self._c = quintics(left, right, self.step_s).reshape(18, -1)

    def at(self, step: Indices, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return position and velocity at fractions `x` of steps, shape `(3, k)` each."""
        return along(self._coefficients(step), x, self.step_s[step])

    def pull(self, step: Indices, x: FloatArray) -> FloatArray:
        """Return the acceleration at fractions `x` of steps, shape `(3, k)`."""
        return acceleration(self._coefficients(step), x, self.step_s[step])

    def _coefficients(self, step: Indices) -> FloatArray:
        return np.take(self._c, step, axis=1).reshape(6, 3, -1)


@dataclass(frozen=True)
class Points:
    """Instants inside steps: the number of the step, and the fraction of it, shape `(k,)`."""

    step: Indices
    x: FloatArray


def crossings(sky: Sky, trail: Trail, rows: FloatArray) -> tuple[Steps, Points]:
    """Find where the value changes sign, within every step of a trail.

    Args:
        sky: the places.
        trail: the states.
        rows: of `Sky.rows` at each of them.
    """
    first, crossing = _first_judged(sky, trail, rows)
    steps = Steps(sky, trail, first)
    left, right = np.take(rows, first, axis=1), np.take(rows, first + 1, axis=1)
    step = np.arange(len(first))
    x0, x1 = np.zeros(len(step)), np.ones(len(step))
    brackets = []
    while True:
        found = np.flatnonzero(crossing)
        brackets.append((step[found], x0[found], x1[found], left[:2, found], right[:2, found]))
        found = np.flatnonzero(~crossing)
        if len(found) == 0:
            break
        step, x0, x1 = step[found], x0[found], x1[found]
        middle = (x0 + x1) / 2.0
        between = sky.rows(steps.station[step], *steps.at(step, middle))
        left = np.concatenate([np.take(left, found, axis=1), between], axis=1)
        right = np.concatenate([between, np.take(right, found, axis=1)], axis=1)
        step = np.concatenate([step, step])
        x0, x1 = np.concatenate([x0, middle]), np.concatenate([middle, x1])
        length_s = (x1 - x0) * steps.step_s[step]
        open_, crossing = _judged(sky, steps.station[step], left, right, length_s)
        kept = np.flatnonzero(open_ | crossing)
        step, x0, x1, crossing = step[kept], x0[kept], x1[kept], crossing[kept]
        left, right = np.take(left, kept, axis=1), np.take(right, kept, axis=1)
    step, x0, x1 = (np.concatenate([b[k] for b in brackets]) for k in range(3))
    left, right = (np.concatenate([b[k] for b in brackets], axis=1) for k in (3, 4))

    def sample(which: Indices, x: FloatArray) -> FloatArray:
        position, velocity = steps.at(step[which], x)
        return sky.value(steps.station[step[which]], position, velocity)

    x = _roots(sample, steps.step_s[step], x0, x1, left, right)
    order = np.lexsort((x, step))
    return steps, Points(step[order], x[order])


def _first_judged(sky: Sky, trail: Trail, rows: FloatArray) -> tuple[Indices, NDArray[np.bool_]]:
    """Return the steps that hold something or must be halved, and which hold one crossing.

    Gravity pulls what is above a low mask away from the vertical all the time, so that most steps
    are concave; then their ends and slopes tell everything.
    """
    # Where two states are not joined, the answer is thrown away.
    step_s = np.where(trail.joined[:-1], np.diff(trail.seconds), 1.0)
    left, right = rows[:, :-1], rows[:, 1:]
    concave = _bent_down(sky, trail, rows, step_s)
    above_left, above_right = left[0] >= 0.0, right[0] >= 0.0
    crossing = (above_left != above_right) & concave
    # Below at both ends, it stays under the tangents there, which meet highest.
    hump = ~above_left & ~above_right & (left[1] > 0.0) & (right[1] < 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        meet_s = (right[0] - left[0] - right[1] * step_s) / (left[1] - right[1])
    open_ = hump & concave & (left[0] + left[1] * meet_s >= 0.0)
    vague = np.flatnonzero(~concave & trail.joined[:-1])
    if len(vague):
        open_[vague], crossing[vague] = _judged(
            sky,
            trail.station[vague],
            np.take(rows, vague, axis=1),
            np.take(rows, vague + 1, axis=1),
            step_s[vague],
        )
    first = np.flatnonzero((open_ | crossing) & trail.joined[:-1])
    return first, crossing[first]


def _bent_down(sky: Sky, trail: Trail, rows: FloatArray, step_s: FloatArray) -> NDArray[np.bool_]:
    """Return in which steps the second derivative of the value is certainly not positive.

    With a the acceleration, it is u.a - sin(mask) |d|'', and |d|'' is not below -|a|. What the ends
    say of u.a and |a| can change by half a step's worth of the derivative of a: the gradient of
    gravity is 2 GM / r^3 at most (Montenbruck & Gill, Satellite Orbits, section 7.2), and inside a
    step of 0.3 rad r and v keep to some per cent.
    """
    if sky.sine < 0.0:
        return np.zeros(len(step_s), dtype=bool)
    pull = trail.state[6:]
    along = _dot(sky.up[:, trail.station], pull)
    size = np.sqrt(_dot(pull, pull))
    speed, radius = rows[3], rows[4]
    omega = EARTH_ROTATION_RAD_S
    change = _CHANGE_MARGIN * GM_EARTH_KM3_S2 * speed / (radius * radius * radius)
    change += 2.0 * omega * size + omega * omega * speed
    bend = along + sky.sine * size + change * (1.0 + sky.sine) * np.append(step_s, 1.0) / 2.0
    other = along + sky.sine * size + change * (1.0 + sky.sine) * np.append(1.0, step_s) / 2.0
    return np.asarray((bend[:-1] <= 0.0) & (other[1:] <= 0.0))


def _judged(
    sky: Sky, station: Indices, left: FloatArray, right: FloatArray, step_s: FloatArray
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which steps must be halved, and which hold one crossing; as `sattrack.events` does."""
    above_left, above_right = left[0] >= 0.0, right[0] >= 0.0
    downward, upward = sky.bend(station, left, right, step_s)
    sagitta = step_s * step_s / 8.0
    peak = np.maximum(left[0], right[0]) + downward * sagitta
    dip = np.minimum(left[0], right[0]) - upward * sagitta
    crosses = above_left != above_right
    certain = np.maximum(downward, upward) * step_s + 2.0 * _SLOPE_ERROR_KM_S
    steep = (left[1] * right[1] > 0.0) & (np.abs(left[1] + right[1]) > certain)
    bend = np.where(above_left, upward, downward)
    excursion = np.where(crosses, np.maximum(upward, downward), bend) * sagitta
    done = (excursion < _RESOLUTION_KM) | (step_s < _SHORTEST_STEP_S)
    crossing = crosses & (steep | done)
    quiet = ~crosses & (np.where(above_left, dip >= 0.0, peak < 0.0) | done)
    return ~(crossing | quiet), crossing


def _roots(
    sample: Callable[[Indices, FloatArray], FloatArray],
    step_s: FloatArray,
    x0: FloatArray,
    x1: FloatArray,
    left: FloatArray,
    right: FloatArray,
) -> FloatArray:
    """Return one root inside each bracket, as a fraction of its step: Newton, or bisection.

    Args:
        sample: value, and derivative per second, at fractions of the brackets named.
        step_s: length of the step of each bracket.
        x0, x1: the brackets.
        left, right: value and derivative at their ends, of unlike sign, shape `(2, k)`.
    """
    lower, upper = x0.copy(), x1.copy()
    width_s = (x1 - x0) * step_s
    above = left[0] >= 0.0
    bend = np.abs(right[1] - left[1]) / width_s
    x = x0 + (x1 - x0) * _cubic_root(left, right, width_s)
    todo = np.arange(len(x))
    for _ in range(_MAX_ITERATIONS):
        if len(todo) == 0:
            break
        at = x[todo]
        value, slope = sample(todo, at)
        before = (value >= 0.0) == above[todo]
        low, high = np.where(before, at, lower[todo]), np.where(before, upper[todo], at)
        lower[todo], upper[todo] = low, high
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = at - value / (slope * step_s[todo])
            inside = (newton >= low) & (newton <= high)
            after = np.where(inside, newton, (low + high) / 2.0)
            x[todo] = after
            # Newton's error is its step squared, times half the bend over the slope.
            error_s = ((after - at) * step_s[todo]) ** 2 * bend[todo] / np.abs(slope)
        done = inside & (error_s < _ROOT_TOLERANCE_S)
        done |= (high - low) * step_s[todo] < _ROOT_TOLERANCE_S
        todo = todo[~done]
    return x


def _cubic_root(left: FloatArray, right: FloatArray, width_s: FloatArray) -> FloatArray:
    """Return the root, as a fraction, of the Hermite cubic through both ends."""
    f0, f1 = left[0], right[0]
    g0, g1 = left[1] * width_s, right[1] * width_s
    c2 = 3.0 * (f1 - f0) - 2.0 * g0 - g1
    c3 = 2.0 * (f0 - f1) + g0 + g1
    x = f0 / np.where(f0 == f1, 1.0, f0 - f1)
    for _ in range(3):
        value = f0 + x * (g0 + x * (c2 + x * c3))
        slope = g0 + x * (2.0 * c2 + x * 3.0 * c3)
        x = np.clip(x - value / np.where(slope == 0.0, np.inf, slope), 0.0, 1.0)
    return np.asarray(x)


def peaks(
    steps: Steps, step: Indices, x0: FloatArray, x1: FloatArray, left: FloatArray, right: FloatArray
) -> FloatArray:
    """Return where the elevation is greatest inside brackets, as fractions of their steps.

    Args:
        steps: the quintics.
        step: of each bracket.
        x0, x1: the brackets.
        left, right: rows of `Sky.climb` at their ends, of unlike sign.
    """

    def sample(which: Indices, x: FloatArray) -> FloatArray:
        position, velocity = steps.at(step[which], x)
        pull = steps.pull(step[which], x)
        return steps.sky.climb(steps.station[step[which]], position, velocity, pull)

    return _roots(sample, steps.step_s[step], x0, x1, left, right)
