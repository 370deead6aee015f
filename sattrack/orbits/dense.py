"""States at equal steps, and polynomials between them: one orbit asked about many places.

What a table costs is paid once; between its nodes a state costs a sixth of SGP4 with its rotation,
and comes with an acceleration, which SGP4 does not give.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from sattrack.orbits.orbit import Orbit
from sattrack.times.scale import Clock, FloatArray

Positions: TypeAlias = Callable[[FloatArray], FloatArray]

_NODES = 8
# The polynomial through eight equal steps misses by the eighth derivative times the product of the
# distances to its nodes over 8!; that is at most this times the eighth difference, at the ends of
# the table, and a fifteenth of it elsewhere (Hildebrand, Introduction to Numerical Analysis, 2nd
# ed., section 3.5).
_REMAINDER = 0.0158
_STEPS_A_REVOLUTION = 96
_TOLERANCE_KM = 1e-5
_MOST_HALVINGS = 6
_NODES_AT_ONCE = 1 << 16


def _monomials() -> FloatArray:
    """Return what turns eight nodes into a polynomial about their middle, shape `(8, 8)`.

    Row k holds the weights of the nodes in the coefficient of x^k, x counted in steps.
    """
    places = np.arange(_NODES) - (_NODES - 1) / 2.0
    return np.asarray(np.linalg.inv(np.vander(places, increasing=True)))


_MONOMIALS = _monomials()


class Dense:
    """A smooth path in space, interpolated; seconds count from the start of the table.

    Attributes:
        step_s: between nodes.
        node_s: their times, shape `(n,)`.
        nodes_km: their positions, shape `(3, n)`.
        error_km: how far positions between them may be off, from their eighth differences.
    """

    def __init__(self, positions: Positions, end_s: float, step_s: float) -> None:
        steps = max(_NODES - 1, math.ceil(end_s / step_s))
        self.step_s = end_s / steps
        self.node_s = np.linspace(0.0, end_s, steps + 1)
        self.nodes_km = np.concatenate(
            [
                positions(self.node_s[first : first + _NODES_AT_ONCE])
                for first in range(0, steps + 1, _NODES_AT_ONCE)
            ],
            axis=1,
        )
        differences = np.diff(self.nodes_km, n=_NODES, axis=1)
        self.error_km = _REMAINDER * float(np.abs(differences).max(initial=0.0))
        windows = np.lib.stride_tricks.sliding_window_view(self.nodes_km, _NODES, axis=1)
        # Shape (8, 3, windows): all coefficients of one power lie together.
        self._coefficients = np.einsum("kn,iwn->kiw", _MONOMIALS, windows, optimize=True)

    @classmethod
    def of(cls, orbit: Orbit, clock: Clock, end_s: float) -> Dense:
        """Return the path of `orbit` in ITRF from the clock's start for `end_s` seconds.

        The step is halved until the path is good to a centimetre, or six times: where a table of
        states breaks, no step helps, and `error_km` says so.

        Raises:
            OrbitEndsError: the orbit fails inside that time.
        """
        step_s = orbit.period_s / _STEPS_A_REVOLUTION
        for halving in range(_MOST_HALVINGS + 1):
            path = cls(lambda seconds: orbit.itrf(clock, seconds)[0], end_s, step_s / 2.0**halving)
            if path.error_km <= _TOLERANCE_KM:
                break
        return path

    def at(self, seconds: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return position, km, and its first two derivatives per second, each `(3, n)`.

        Args:
            seconds: inside the table, shape `(n,)`.
        """
        steps = seconds / self.step_s
        window = np.floor(steps).astype(np.int64) - (_NODES // 2 - 1)
        np.clip(window, 0, self._coefficients.shape[2] - 1, out=window)
        x = steps - window - (_NODES - 1) / 2.0
        # Horner's scheme, for the polynomial and both derivatives at once.
        value = self._coefficients[-1][:, window]
        slope, half_bend = np.zeros_like(value), np.zeros_like(value)
        for power in self._coefficients[-2::-1]:
            half_bend = half_bend * x + slope
            slope = slope * x + value
            value = value * x + power[:, window]
        return value, slope / self.step_s, half_bend * (2.0 / self.step_s**2)
