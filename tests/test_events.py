"""The one search for events, on functions whose crossings are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.events import (
    Stretches,
    find_roots,
    highest_in,
    stretches_above,
    zero_crossings,
)

# Newton's last step is smaller than this where the slope is not tiny.
TIME_TOLERANCE_S = 1e-6


class Wave:
    """level + sum of amplitude * sin(rate * t + phase), with the exact bound on its bending."""

    slope_error = 0.0

    def __init__(self, level, parts, resolution=1e-9):
        self.level, self.parts, self.resolution = level, parts, resolution
        self.samples = 0

    def sample(self, seconds):
        self.samples += len(seconds)
        value = self.level + sum(a * np.sin(w * seconds + p) for a, w, p in self.parts)
        slope = sum(a * w * np.cos(w * seconds + p) for a, w, p in self.parts)
        return np.array([value + 0.0 * seconds, slope + 0.0 * seconds])

    def bend(self, left, right, step_s):
        bound = np.full(len(step_s), sum(abs(a) * w * w for a, w, _ in self.parts))
        return bound, bound


def test_a_sine_crosses_where_it_must():
    crossings = zero_crossings(Wave(0.0, [(1.0, 0.01, 0.5)]), 0.0, 2000.0, 500.0)
    expected = (np.arange(1, 7) * np.pi - 0.5) / 0.01
    np.testing.assert_allclose(crossings.seconds, expected, atol=TIME_TOLERANCE_S)
    assert crossings.starts_above


def test_an_excursion_hidden_between_two_samples_is_found():
    # A peak of 1e-6 above zero that lasts 0.9 s in a step of 600 s.
    wave = Wave(-1.0 + 1e-6, [(1.0, 0.01, 0.0)])
    stretches = stretches_above(wave, 0.0, 600.0, 600.0)
    half_s = np.arccos(1.0 - 1e-6) / 0.01
    centre_s = np.pi / 2.0 / 0.01
    np.testing.assert_allclose(stretches.start_s, [centre_s - half_s], atol=1e-5)
    np.testing.assert_allclose(stretches.end_s, [centre_s + half_s], atol=1e-5)


def test_a_dip_hidden_between_two_samples_is_found():
    wave = Wave(1.0 - 1e-6, [(1.0, 0.01, np.pi)])
    stretches = stretches_above(wave, 0.0, 600.0, 600.0)
    assert len(stretches.start_s) == 2
    assert stretches.open_start
    assert stretches.open_end


def test_what_stays_under_the_resolution_is_left_out():
    wave = Wave(-1.0 + 1e-6, [(1.0, 0.01, 0.0)], resolution=1e-3)
    assert len(stretches_above(wave, 0.0, 600.0, 600.0).start_s) == 0
    # And it is cheap: a grazing maximum is not followed to the last digit.
    assert wave.samples < 200


def test_a_long_search_is_cut_into_parts_without_a_seam():
    wave = Wave(0.2, [(1.0, 1.0, 0.0)])
    crossings = zero_crossings(wave, 0.0, 200_000.0, 1.0)
    root = np.arcsin(-0.2)
    every = np.concatenate(
        [root + 2 * np.pi * np.arange(40_000), np.pi - root + 2 * np.pi * np.arange(40_000)]
    )
    expected = np.sort(every[(every > 0) & (every < 200_000.0)])
    assert len(crossings.seconds) == len(expected)
    np.testing.assert_allclose(crossings.seconds, expected, atol=TIME_TOLERANCE_S)


def test_a_constant_has_one_stretch_or_none():
    above = stretches_above(Wave(1.0, []), 0.0, 60.0, 10.0)
    assert (above.start_s.tolist(), above.end_s.tolist()) == ([0.0], [60.0])
    assert (above.open_start, above.open_end) == (True, True)
    assert len(stretches_above(Wave(-1.0, []), 0.0, 60.0, 10.0).start_s) == 0


def test_zero_itself_counts_as_above():
    assert stretches_above(Wave(0.0, []), 0.0, 60.0, 10.0).open_start


@given(
    st.floats(-1.9, 1.9),
    st.lists(
        st.tuples(st.floats(0.05, 1.0), st.floats(0.001, 0.2), st.floats(0.0, 6.3)),
        min_size=1,
        max_size=3,
    ),
    st.floats(1.0, 400.0),
)
def test_the_step_decides_the_cost_and_not_the_result(level, parts, step_s):
    coarse = zero_crossings(Wave(level, parts), 0.0, 1000.0, step_s)
    grid = np.linspace(0.0, 1000.0, 200_001)
    values = Wave(level, parts).sample(grid)[0]
    changes = np.flatnonzero((values[1:] >= 0) != (values[:-1] >= 0))
    # What the fine grid cannot resolve is no evidence either way.
    close = len(coarse.seconds) and (np.diff(coarse.seconds) < 0.02).any()
    if not close:
        assert len(coarse.seconds) == len(changes)
        np.testing.assert_allclose(coarse.seconds, grid[changes], atol=0.006)
    assert (np.diff(coarse.seconds) > 0).all()


def test_roots_are_found_with_a_poor_derivative():
    def sample(seconds):
        return np.array([seconds**3 - 2.0, 3.3 * seconds**2])  # ten per cent off

    left, right = np.array([0.5, 1.0]), np.array([3.0, 1.9])
    roots = find_roots(sample, left, right, sample(left), sample(right), slope_error=3.0)
    np.testing.assert_allclose(roots, 2.0 ** (1.0 / 3.0), atol=TIME_TOLERANCE_S)


def test_roots_are_found_where_newton_would_leave():
    def sample(seconds):
        return np.array([np.arctan(seconds - 5.0), 1.0 / (1.0 + (seconds - 5.0) ** 2)])

    left, right = np.array([-1000.0]), np.array([400.0])
    roots = find_roots(sample, left, right, sample(left), sample(right))
    np.testing.assert_allclose(roots, [5.0], atol=TIME_TOLERANCE_S)


class TestHighest:
    @staticmethod
    def height(seconds):
        return np.sin(0.01 * seconds) + 0.3 * np.sin(0.03 * seconds + 1.0)

    @staticmethod
    def climb(seconds):
        first = 0.01 * np.cos(0.01 * seconds) + 0.009 * np.cos(0.03 * seconds + 1.0)
        second = -1e-4 * np.sin(0.01 * seconds) - 2.7e-4 * np.sin(0.03 * seconds + 1.0)
        return np.array([first, second])

    @pytest.mark.parametrize(("start_s", "end_s"), [(0.0, 300.0), (100.0, 2000.0), (30.0, 40.0)])
    def test_the_highest_of_several_maxima(self, start_s, end_s):
        stretches = Stretches(np.array([start_s]), np.array([end_s]), True, True)
        (top_s,) = highest_in(self.height, self.climb, stretches, 15.0)
        grid = np.linspace(start_s, end_s, 1_000_001)
        # Half a grid step, seen through the bend of the function.
        assert self.height(top_s) >= self.height(grid).max() - 1e-12
        assert start_s <= top_s <= end_s

    def test_each_stretch_has_its_own(self):
        stretches = Stretches(
            np.array([0.0, 300.0, 700.0]), np.array([250.0, 500.0, 701.0]), True, True
        )
        tops = highest_in(self.height, self.climb, stretches, 15.0)
        for top_s, start_s, end_s in zip(tops, stretches.start_s, stretches.end_s, strict=True):
            grid = np.linspace(start_s, end_s, 100_001)
            assert self.height(top_s) >= self.height(grid).max() - 1e-9
            assert start_s <= top_s <= end_s


class Tent:
    """Straight on both sides of a corner, and without a bend in between, as it says."""

    resolution, slope_error = 1e-9, 0.0

    def __init__(self, top_s, height, slope):
        self.top_s, self.height, self.slope = top_s, height, slope

    def sample(self, seconds):
        away = seconds - self.top_s
        return np.array([self.height - self.slope * np.abs(away), -self.slope * np.sign(away)])

    def bend(self, left, right, step_s):
        return np.zeros(len(step_s)), np.zeros(len(step_s))


@pytest.mark.parametrize("top_s", [0.1, 333.3, 500.0, 500.0002, 999.9999])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_a_corner_hides_is_found_where_the_knot_is_known(top_s, sign):
    tent = Tent(top_s, sign * 0.05, sign * 1.0)
    expected = [edge for edge in (top_s - 0.05, top_s + 0.05) if 0.0 < edge < 1000.0]
    found = zero_crossings(tent, 0.0, 1000.0, 500.0, np.array([-3.0, top_s, 2000.0]))
    np.testing.assert_allclose(found.seconds, expected, atol=1e-9)


class Stairs:
    """A function that jumps from below to above zero."""

    resolution, slope_error = 1e-9, 0.0

    def sample(self, seconds):
        return np.array([np.where(seconds < 700.0, -1.0, 1.0), 0.0 * seconds])

    def bend(self, left, right, step_s):
        return np.zeros(len(step_s)), np.zeros(len(step_s))


def test_a_jump_through_zero_is_one_crossing():
    found = zero_crossings(Stairs(), 0.0, 1000.0, 100.0, np.array([700.0]))
    np.testing.assert_allclose(found.seconds, [700.0], atol=TIME_TOLERANCE_S)
