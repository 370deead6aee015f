"""Above a horizon mask: elevation against a limit that depends on azimuth.

A mask is linear between its points, so that height above it has a corner wherever an object crosses
the azimuth of one. Steps are halved across a corner until they are too short to matter; between
corners the bend of an angle follows from how fast the direction to the object can turn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sattrack.events import Curve, Stretches, stretches_above
from sattrack.places import HorizonMask
from sattrack.times.scale import FloatArray

# 0.1 m at the closest range of 160 km; 0.00004 degrees.
RESOLUTION_RAD = 6e-7
# Of the derivative, where velocities are good to 0.2 m/s at that range.
SLOPE_ERROR_RAD_S = 1.3e-6
# Two pieces of one pass, found from either side of the same instant.
_SEAM_S = 1e-3


class Skyline:
    """A horizon mask in radians, with its sectors."""

    def __init__(self, mask: HorizonMask) -> None:
        azimuths, elevations = np.radians(mask.azimuth_deg), np.radians(mask.elevation_deg)
        self._azimuth = np.append(azimuths, azimuths[0] + 2.0 * np.pi)
        self._elevation = np.append(elevations, elevations[0])
        self._slope = np.diff(self._elevation) / np.diff(self._azimuth)
        self._highest = float(elevations.max())

    def _sector(self, azimuth: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
        """Return the sector of azimuths, and how far into it they lie."""
        turned = np.remainder(azimuth - self._azimuth[0], 2.0 * np.pi) + self._azimuth[0]
        sector = np.searchsorted(self._azimuth, turned, side="right") - 1
        sector = np.minimum(sector, len(self._slope) - 1)
        return sector, turned - self._azimuth[sector]

    def height(self, offset: FloatArray, velocity: FloatArray) -> FloatArray:
        """Return what an object does above the mask: four rows, shape `(4, n)`.

        Its angular height above the mask, rad; the derivative of that, rad/s; elevation and
        azimuth, rad.

        Args:
            offset: from the place, in components east, north and up, km, shape `(3, n)`.
            velocity: against the turning Earth, likewise, km/s.
        """
        (east, north, up), (east_rate, north_rate, up_rate) = offset, velocity
        level2 = east * east + north * north
        level = np.sqrt(level2)
        elevation, azimuth = np.arctan2(up, level), np.arctan2(east, north)
        outward = east * east_rate + north * north_rate
        # In the zenith there is no azimuth, and no mask either.
        climb = (up_rate * level2 - up * outward) / ((level2 + up * up) * np.maximum(level, 1e-9))
        turn = (east_rate * north - east * north_rate) / np.maximum(level2, 1e-9)
        sector, inside = self._sector(azimuth)
        limit = self._elevation[sector] + self._slope[sector] * inside
        return np.array([elevation - limit, climb - self._slope[sector] * turn, elevation, azimuth])

    def bend(
        self,
        left: FloatArray,
        right: FloatArray,
        step_s: FloatArray,
        motion: tuple[FloatArray, FloatArray, FloatArray],
    ) -> FloatArray:
        """Bound the second derivative of height above the mask, rad/s^2, in steps; shape `(n,)`.

        Args:
            left, right: elevation and azimuth at both ends, rad, shape `(2, n)`.
            step_s: how long the steps are.
            motion: the smallest distance, the greatest speed and acceleration inside them.
        """
        near, speed, acceleration = motion
        # The direction u to the object turns by |u'| <= v / d, and
        # u'' = a' / d - u |u'|^2 - 2 u' d' / d, with a' the part of the acceleration across u.
        turn = speed / near
        turns = acceleration / near + 3.0 * turn * turn
        swing = turn * step_s / 2.0
        lowest = np.minimum(left[0], right[0]) - swing
        steepest = np.maximum(np.abs(left[0]), np.abs(right[0])) + swing
        zenith = steepest >= np.pi / 2.0 - 1e-6
        level = np.where(zenith, 1.0, np.cos(np.minimum(steepest, np.pi / 2.0)))
        # From sin(elevation) = u.z, and from tan(azimuth) = u.x / u.y.
        climbs = (turns + turn * turn) / level
        veers = turns / level + 2.0 * (turn / level) ** 2
        across = np.remainder(right[1] - left[1] + np.pi, 2.0 * np.pi) - np.pi
        stray = veers * step_s * step_s / 8.0
        begin = left[1] + np.minimum(across, 0.0) - stray
        end = left[1] + np.maximum(across, 0.0) + stray
        corner = zenith | (turn * step_s >= level) | ~(end - begin < np.pi)
        sector, _ = self._sector(np.where(corner, 0.0, begin))
        last, _ = self._sector(np.where(corner, 0.0, end))
        corner |= sector != last
        veers = np.where(corner, np.inf, np.abs(self._slope[sector])) * np.where(corner, 1.0, veers)
        bend = climbs + veers
        # What stays above the whole mask needs no bound: it is above, whatever the azimuth.
        return np.where(lowest > self._highest, 0.0, bend)


def above_skyline(
    flat: Curve,
    curve: Curve,
    start_s: float,
    end_s: float,
    step_s: float,
    knots_s: FloatArray | None = None,
) -> Stretches:
    """Find the stretches in which an object stands above a horizon mask.

    Args:
        flat: height above the lowest elevation of the mask.
        curve: height above the mask itself.
        start_s, end_s, step_s, knots_s: see `sattrack.events.zero_crossings`.
    """
    low = stretches_above(flat, start_s, end_s, step_s, knots_s)
    starts: list[float] = []
    ends: list[float] = []
    open_start = open_end = False
    for begin_s, finish_s in zip(low.start_s.tolist(), low.end_s.tolist(), strict=True):
        within = stretches_above(curve, begin_s, finish_s, step_s, knots_s)
        open_start |= within.open_start and low.open_start and begin_s == start_s
        open_end |= within.open_end and low.open_end and finish_s == end_s
        for rise_s, set_s in zip(within.start_s.tolist(), within.end_s.tolist(), strict=True):
            if ends and rise_s - ends[-1] < _SEAM_S:
                ends[-1] = set_s
            elif set_s - rise_s >= _SEAM_S:
                starts.append(rise_s)
                ends.append(set_s)
    return Stretches(np.array(starts), np.array(ends), open_start, open_end)
