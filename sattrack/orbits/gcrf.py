"""From GCRF to the turning Earth, cheaply: precession and nutation are slow."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from skyfield.sgp4lib import TEME
from skyfield.timelib import Time

from sattrack.orbits.earth import teme_to_itrf
from sattrack.times.scale import Clock, FloatArray, timescale

# Nutation's fastest terms take five days. A cubic through nodes a quarter of a day apart misses the
# full theory by 6e-12 rad, 2 mm at the Moon's distance; the theory costs 40 us an instant.
_NODE_DAYS = 0.25
_NODES_AT_ONCE = 32


@lru_cache(maxsize=64)
def _rotations(block: int) -> FloatArray:
    """Return the matrices GCRF to TEME at the nodes of a block, one before it and two after."""
    steps = block * _NODES_AT_ONCE + np.arange(-1, _NODES_AT_ONCE + 2)
    days, quarters = np.divmod(steps, round(1.0 / _NODE_DAYS))
    t = Time(timescale(), days.astype(np.float64), quarters * _NODE_DAYS)
    rotations = np.ascontiguousarray(np.moveaxis(TEME.rotation_at(t), -1, 0))
    rotations.flags.writeable = False
    return rotations


def gcrf_to_teme(t: Time) -> FloatArray:
    """Return the rotation from GCRF to TEME at instants of shape `(n,)`, as `(3, 3, n)`."""
    steps = np.atleast_1d((t.whole + t.tt_fraction) / _NODE_DAYS)
    node = np.floor(steps).astype(np.int64)
    x = steps - node
    # Lagrange's cubic through the nodes at -1, 0, 1 and 2.
    weights = np.array(
        [
            -x * (x - 1.0) * (x - 2.0) / 6.0,
            (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0,
            -(x + 1.0) * x * (x - 2.0) / 2.0,
            (x + 1.0) * x * (x - 1.0) / 6.0,
        ]
    )
    result = np.empty((3, 3, len(x)))
    block, within = np.divmod(node, _NODES_AT_ONCE)
    for each in sorted(set(block.tolist())):
        here = np.flatnonzero(block == each)
        nodes = _rotations(each)[within[here] + np.arange(4)[:, None]]
        result[:, :, here] = np.einsum("kn,knij->ijn", weights[:, here], nodes)
    return result


def gcrf_to_itrf(
    clock: Clock, seconds: FloatArray, position_km: FloatArray, velocity_km_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return position and Earth-relative velocity in ITRF, each of shape `(3, n)`.

    As Skyfield's `itrs` turns them, to 1e-11 of the distance. Precession and nutation are held
    still in the velocity: 8e-12 rad/s, 3 mm/s at the Moon's distance.

    Args:
        clock: counts `seconds`.
        seconds: shape `(n,)`.
        position_km, velocity_km_s: GCRF, shape `(3, n)`.
    """
    rotation = gcrf_to_teme(clock.time(seconds))
    return teme_to_itrf(
        clock,
        seconds,
        np.einsum("ijn,jn->in", rotation, position_km),
        np.einsum("ijn,jn->in", rotation, velocity_km_s),
    )
