"""Passes by brute force: every few seconds, every extremum refined, every edge bisected.

Slow and simple, it shares nothing with the search but the orbit itself: elevations come from
Skyfield's own geometry of the place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sattrack.orbits import Orbit
from sattrack.places import Place
from sattrack.times.scale import Clock


@dataclass(frozen=True)
class Stretch:
    start_s: float
    end_s: float
    highest_deg: float
    open_start: bool
    open_end: bool


def elevation_deg(orbit: Orbit, place: Place, clock: Clock, seconds: np.ndarray) -> np.ndarray:
    topos = place.skyfield()
    position, _ = orbit.itrf(clock, np.asarray(seconds, dtype=float))
    latitude, longitude = topos.latitude.radians, topos.longitude.radians
    up = np.array(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )
    offset = position - topos.itrs_xyz.km[:, None]
    return np.degrees(np.arcsin(up @ offset / np.linalg.norm(offset, axis=0)))


def _refined(function, low, high, sign):
    """Golden-section search for the maxima of sign * function, all brackets at once."""
    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(50):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        better = sign * function(a) > sign * function(b)
        high = np.where(better, b, high)
        low = np.where(better, low, a)
    return (low + high) / 2.0


def stretches(
    orbit: Orbit, place: Place, clock: Clock, end_s: float, mask_deg: float, step_s: float
) -> list[Stretch]:
    """Return every stretch at or above the mask between 0 and `end_s`."""

    def height(seconds):
        return elevation_deg(orbit, place, clock, seconds)

    grid = np.linspace(0.0, end_s, max(8, int(end_s / step_s)) + 1)
    values = height(grid)
    rising = np.diff(values) > 0
    tops = np.flatnonzero(rising[:-1] & ~rising[1:]) + 1
    dips = np.flatnonzero(~rising[:-1] & rising[1:]) + 1
    extra = [
        _refined(height, grid[turns - 1], grid[turns + 1], sign)
        for turns, sign in ((tops, 1.0), (dips, -1.0))
        if len(turns)
    ]
    seconds = np.unique(np.concatenate([grid, *extra]))
    values = height(seconds)
    above = values >= mask_deg
    changes = np.flatnonzero(above[1:] != above[:-1])
    low, high = seconds[changes], seconds[changes + 1]
    starts_above = above[changes]
    for _ in range(60):
        if not len(low):
            break
        middle = (low + high) / 2.0
        same = (height(middle) >= mask_deg) == starts_above
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    edges = list((low + high) / 2.0)
    open_start, open_end = bool(above[0]), bool(above[-1])
    edges = ([0.0] if open_start else []) + edges + ([end_s] if open_end else [])
    found = []
    for k, (start, end) in enumerate(zip(edges[0::2], edges[1::2], strict=True)):
        inside = (seconds >= start) & (seconds <= end)
        highest = float(values[inside].max()) if inside.any() else mask_deg
        found.append(
            Stretch(
                float(start),
                float(end),
                highest,
                open_start and k == 0,
                open_end and k == len(edges) // 2 - 1,
            )
        )
    return found
