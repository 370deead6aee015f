"""When does a smooth function lie at or above zero, or change sign? One search for every event.

A function that is only sampled can hide a short excursion between two samples. Here each function
also bounds its own second derivative, and a step is halved until the bound proves that it holds
exactly what its two ends show: nothing, or one crossing. Nothing is lost, whatever the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sattrack.times.scale import FloatArray

_TIME_TOLERANCE_S = 1e-7
_MAX_ITERATIONS = 60
_SHORTEST_STEP_S = 1e-3
# A knot and its surroundings are one step that is too short to be halved.
_KNOT_MARGIN_S = _SHORTEST_STEP_S / 4.0
_NODES_AT_ONCE = 1 << 16
_CLIMB_SLOPE_ERROR = 0.01
# Height hardly depends on time at its maximum: in this time nothing in orbit climbs 1e-8 degrees.
_PEAK_TOLERANCE_S = 1e-4


class Curve(Protocol):
    """A smooth function of time, in seconds, with a bound on how sharply it bends.

    Attributes:
        resolution: how far the function may rise above zero, or dip below it, and not be noticed;
            in units of the function.
        slope_error: how far its derivative may be from the true one, in those units per second.
    """

    resolution: float
    slope_error: float

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return rows at `seconds`, shape `(rows, n)`.

        Row 0 is the value, row 1 its derivative per second; others serve `bend` alone.
        """
        ...

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound the second derivative inside steps, given the rows of `sample` at both ends.

        Returns:
            Upper bounds, not negative, of minus and of plus the second derivative, each of shape
            `(n,)`; infinity where a step is too long to say.
        """
        ...


@dataclass(frozen=True, slots=True)
class Crossings:
    """Where a function passes through zero.

    Attributes:
        seconds: ascending, shape `(k,)`.
        starts_above: whether the function is at or above zero at the start of the search; each
            crossing changes that.
    """

    seconds: FloatArray
    starts_above: bool


@dataclass(frozen=True, slots=True)
class Stretches:
    """Maximal stretches of time in which a function is at or above zero.

    Attributes:
        start_s, end_s: ascending and disjoint, each of shape `(k,)`.
        open_start, open_end: the search began or ended inside the first or last stretch.
    """

    start_s: FloatArray
    end_s: FloatArray
    open_start: bool
    open_end: bool


def zero_crossings(
    curve: Curve, start_s: float, end_s: float, step_s: float, knots_s: FloatArray | None = None
) -> Crossings:
    """Find every change of sign of `curve` between `start_s` and `end_s`.

    Args:
        curve: the function; zero itself counts as above.
        step_s: the step to begin with; it decides the cost, not the result.
        knots_s: where the function may have a corner, or jump; its bounds hold in between.

    Excursions through zero smaller than `curve.resolution`, or shorter than a millisecond, may be
    left out, both crossings together.
    """
    edges = _edges(start_s, end_s, step_s, knots_s)
    count = len(edges) - 1
    found = []
    starts_above = False
    for begin in range(0, count, _NODES_AT_ONCE):
        seconds = edges[begin : begin + _NODES_AT_ONCE + 1]
        rows = curve.sample(seconds)
        if begin == 0:
            starts_above = bool(rows[0, 0] >= 0.0)
        found.append(_in_steps(curve, seconds[:-1], seconds[1:], rows[:, :-1], rows[:, 1:]))
    return Crossings(np.concatenate(found), starts_above)


def crossings_inside(
    curve: Curve,
    start_s: FloatArray,
    end_s: FloatArray,
    step_s: float,
    knots_s: FloatArray | None = None,
) -> FloatArray:
    """Find every change of sign of `curve` inside many windows, all searched together.

    Args:
        curve, step_s, knots_s: as for `zero_crossings`.
        start_s, end_s: the windows, disjoint, each of shape `(k,)`.

    Returns:
        The crossings in seconds, ascending, shape `(n,)`.
    """
    windows = [
        _edges(start, end, step_s, knots_s)
        for start, end in zip(start_s.tolist(), end_s.tolist(), strict=True)
    ]
    t_left = np.concatenate([np.empty(0), *(edges[:-1] for edges in windows)])
    t_right = np.concatenate([np.empty(0), *(edges[1:] for edges in windows)])
    return crossings_in_steps(curve, t_left, t_right)


def _edges(start_s: float, end_s: float, step_s: float, knots_s: FloatArray | None) -> FloatArray:
    """Return the ends of the steps to begin with: even ones, and one across each knot."""
    count = max(1, int(np.ceil((end_s - start_s) / step_s)))
    edges = np.linspace(start_s, end_s, count + 1)
    if knots_s is None:
        return edges
    sides = np.concatenate([knots_s - _KNOT_MARGIN_S, knots_s + _KNOT_MARGIN_S])
    within = (sides > start_s) & (sides < end_s)
    return np.union1d(edges, sides[within]) if within.any() else edges


def crossings_in_steps(curve: Curve, t_left: FloatArray, t_right: FloatArray) -> FloatArray:
    """Find every change of sign of `curve` inside some steps, ascending; see `zero_crossings`.

    Args:
        curve: the function.
        t_left, t_right: where each step begins and ends, disjoint, in any order, shape `(k,)`.
    """
    if len(t_left) == 0:
        return np.empty(0)
    rows = curve.sample(np.concatenate([t_left, t_right]))
    return _in_steps(curve, t_left, t_right, rows[:, : len(t_left)], rows[:, len(t_left) :])


def _in_steps(
    curve: Curve, t_left: FloatArray, t_right: FloatArray, left: FloatArray, right: FloatArray
) -> FloatArray:
    """Return the crossings inside steps, ascending, halving steps until each is understood."""
    brackets = []
    while len(t_left):
        step_s = t_right - t_left
        downward, upward = curve.bend(left, right, step_s)
        above_left, above_right = left[0] >= 0.0, right[0] >= 0.0
        sagitta = step_s * step_s / 8.0
        # A function stays within bend * h^2 / 8 of its chord; a derivative, within bend * h of
        # the mean of its ends' values.
        peak = np.maximum(left[0], right[0]) + downward * sagitta
        dip = np.minimum(left[0], right[0]) - upward * sagitta
        turn = np.maximum(downward, upward) * step_s
        certain = turn + 2.0 * curve.slope_error
        steep = (left[1] * right[1] > 0.0) & (np.abs(left[1] + right[1]) > certain)
        crosses = above_left != above_right
        # Once shorter than this, a step shows all that the resolution asks for.
        bend = np.where(above_left, upward, downward)
        excursion = np.where(crosses, np.maximum(upward, downward), bend) * sagitta
        done = (excursion < curve.resolution) | (step_s < _SHORTEST_STEP_S)
        crossing = crosses & (steep | done)
        quiet = ~crosses & np.where(above_left, dip >= 0.0, peak < 0.0)
        if crossing.any():
            kept = np.flatnonzero(crossing)
            brackets.append((t_left[kept], t_right[kept], left[:, kept], right[:, kept]))
        open_ = np.flatnonzero(~(crossing | quiet | (done & ~crosses)))
        if len(open_) == 0:
            break
        t_left, t_right, left, right = (
            t_left[open_],
            t_right[open_],
            left[:, open_],
            right[:, open_],
        )
        t_middle = (t_left + t_right) / 2.0
        middle = curve.sample(t_middle)
        t_left, t_right = np.concatenate([t_left, t_middle]), np.concatenate([t_middle, t_right])
        left, right = (
            np.concatenate([left, middle], axis=1),
            np.concatenate([middle, right], axis=1),
        )
    if not brackets:
        return np.empty(0)
    roots = find_roots(
        curve.sample,
        np.concatenate([b[0] for b in brackets]),
        np.concatenate([b[1] for b in brackets]),
        np.concatenate([b[2][:2] for b in brackets], axis=1),
        np.concatenate([b[3][:2] for b in brackets], axis=1),
        slope_error=curve.slope_error,
    )
    return np.sort(roots)


def find_roots(
    sample: Callable[[FloatArray], FloatArray],
    t_left: FloatArray,
    t_right: FloatArray,
    left: FloatArray,
    right: FloatArray,
    slope_error: float = 0.0,
    tolerance_s: float = _TIME_TOLERANCE_S,
) -> FloatArray:
    """Return one root inside each bracket, all brackets advancing together.

    Newton's method from the root of the cubic through both ends, falling back on bisection
    whenever it leaves its bracket.

    Args:
        sample: value and derivative as rows 0 and 1, as `Curve.sample`.
        t_left, t_right: the brackets, shape `(k,)`.
        left, right: value and derivative at their ends, shape `(2, k)`, values of unlike sign.
        slope_error: how far the derivative may be from the true one, in units of the value per
            second; it costs looks, not exactness.
        tolerance_s: how close to the root is close enough.
    """
    lower, upper = t_left.copy(), t_right.copy()
    step_s = upper - lower
    above_left = left[0] >= 0.0
    bend = np.abs(right[1] - left[1]) / step_s
    roots = lower + step_s * _cubic_root(left, right, step_s)
    todo = np.arange(len(roots))
    for _ in range(_MAX_ITERATIONS):
        t = roots[todo]
        value, slope = sample(t)[:2]
        on_left_side = (value >= 0.0) == above_left[todo]
        lower[todo] = np.where(on_left_side, t, lower[todo])
        upper[todo] = np.where(on_left_side, upper[todo], t)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = t - value / slope
            # How the derivative changes across the bracket foretells Newton's error, and spares
            # the look that would only confirm it.
            bend[todo] = np.fmax(
                bend[todo],
                np.fmax(
                    np.abs((slope - left[1, todo]) / (t - t_left[todo])),
                    np.abs((slope - right[1, todo]) / (t - t_right[todo])),
                ),
            )
            error_s = np.abs(newton - t)
            error_s = error_s * (slope_error + error_s * bend[todo]) / np.abs(slope)
        inside = (newton >= lower[todo]) & (newton <= upper[todo])
        middle = (lower[todo] + upper[todo]) / 2.0
        roots[todo] = np.where(inside, newton, middle)
        settled = (inside & (error_s < tolerance_s)) | (upper[todo] - lower[todo] < tolerance_s)
        todo = todo[~settled]
        if len(todo) == 0:
            break
    return roots


def _cubic_root(left: FloatArray, right: FloatArray, step_s: FloatArray) -> FloatArray:
    """Return the root, as a fraction of the step, of the Hermite cubic through both ends."""
    f0, f1 = left[0], right[0]
    g0, g1 = left[1] * step_s, right[1] * step_s
    c2 = 3.0 * (f1 - f0) - 2.0 * g0 - g1
    c3 = 2.0 * (f0 - f1) + g0 + g1
    x = f0 / np.where(f0 == f1, 1.0, f0 - f1)
    for _ in range(4):
        value = f0 + x * (g0 + x * (c2 + x * c3))
        slope = g0 + x * (2.0 * c2 + x * 3.0 * c3)
        x = np.clip(x - value / np.where(slope == 0.0, np.inf, slope), 0.0, 1.0)
    return np.asarray(x)


def stretches_above(
    curve: Curve, start_s: float, end_s: float, step_s: float, knots_s: FloatArray | None = None
) -> Stretches:
    """Find the stretches in which `curve` is at or above zero; see `zero_crossings`."""
    crossings = zero_crossings(curve, start_s, end_s, step_s, knots_s)
    edges = crossings.seconds
    if crossings.starts_above:
        edges = np.concatenate([[start_s], edges])
    open_end = len(edges) % 2 == 1
    if open_end:
        edges = np.concatenate([edges, [end_s]])
    return Stretches(edges[0::2], edges[1::2], crossings.starts_above, open_end)


def highest_in(
    height: Callable[[FloatArray], FloatArray],
    climb: Callable[[FloatArray], FloatArray],
    stretches: Stretches,
    step_s: float,
) -> FloatArray:
    """Return the instant of the greatest `height` inside each stretch, shape `(k,)`.

    Of all local maxima the highest is kept; the ends of a stretch take part, since a window may cut
    it on the way up.

    Args:
        height: the function to be maximised, shape `(n,)` in and out.
        climb: rows whose row 0 has the sign of the derivative of `height`, and row 1 roughly its
            own derivative per second, shape `(2, n)`.
        step_s: two maxima closer than this may be taken for one, where they are equally high to
            within what the function can do in such a time.
    """
    start_s, end_s = stretches.start_s, stretches.end_s
    if len(start_s) == 0:
        return np.empty(0)
    counts = np.maximum(2, np.ceil((end_s - start_s) / step_s).astype(np.int64) + 1)
    owner = np.repeat(np.arange(len(start_s)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    seconds = start_s[owner] + (end_s - start_s)[owner] * (within / (counts - 1)[owner])
    rows = climb(seconds)
    peaks = np.flatnonzero((owner[:-1] == owner[1:]) & (rows[0, :-1] >= 0.0) & (rows[0, 1:] < 0.0))
    # A per cent of the derivative is what approximating it may cost.
    error = _CLIMB_SLOPE_ERROR * np.abs(rows[1]).max(initial=0.0)
    roots = find_roots(
        climb,
        seconds[peaks],
        seconds[peaks + 1],
        rows[:, peaks],
        rows[:, peaks + 1],
        slope_error=error,
        tolerance_s=_PEAK_TOLERANCE_S,
    )
    candidates = np.concatenate([start_s, end_s, roots])
    candidate_owner = np.concatenate([np.arange(len(start_s)), np.arange(len(end_s)), owner[peaks]])
    return _best_of_each(height(candidates), candidates, candidate_owner)


def _best_of_each(heights: FloatArray, seconds: FloatArray, owner: NDArray[np.int64]) -> FloatArray:
    """Return, for each owner in ascending order, the seconds of its greatest height."""
    order = np.lexsort((heights, owner))
    last = np.append(np.flatnonzero(np.diff(owner[order])), len(order) - 1)
    return np.asarray(seconds[order[last]])
