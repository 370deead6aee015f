"""Passes of many objects over many places, as rows of one array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sattrack.screening.population import Population
from sattrack.screening.search import Sky, Steps, Trail, crossings, peaks
from sattrack.screening.states import Indices, Rotation, propagated
from sattrack.times.scale import Clock, FloatArray

_EVENTS = ("rise", "culmination", "set")
_LOOKS = ("azimuth_deg", "elevation_deg", "range_km")
# A row for each pass: which object and place, when and where it rises, culminates and sets.
PASS = np.dtype(
    [
        ("object", np.int32),
        ("place", np.int32),
        *((f"{event}_s", np.float64) for event in _EVENTS),
        *((f"{event}_{look}", np.float64) for event in _EVENTS for look in _LOOKS),
        ("open_start", np.bool_),
        ("open_end", np.bool_),
    ]
)

# Where the error of quintics is longer than this, as a time, SGP4 itself is asked.
_QUINTIC_ERROR_S = 5e-4
_QUINTIC_PEAK_KM = 0.001
_SLOW_TURN_KM_S2 = 0.022
_EXACT_LOOKS = 8
_LONGEST_MOVE_S = 10.0
# The error after a move of Newton goes with the square of it.
_LAST_MOVE_S = 1e-3
_LONGEST_PEAK_MOVE_S = 3000.0


def picked(rows: NDArray[np.void], which: Indices | NDArray[np.bool_]) -> NDArray[np.void]:
    """Return some rows, copied as bytes: NumPy copies records field by field."""
    if which.dtype == np.bool_ and which.all():
        return rows
    flat = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), PASS.itemsize)
    return np.ascontiguousarray(flat[which]).view(PASS).reshape(-1)


@dataclass
class _Edges:
    """Where passes begin and end, in order of pair and time, shape `(k,)`; states `(9, k)`."""

    pair: Indices
    station: Indices
    seconds: FloatArray
    trail: Indices
    state: FloatArray
    open_: NDArray[np.bool_]

    def take(self, which: Indices | NDArray[np.bool_]) -> _Edges:
        return _Edges(
            self.pair[which],
            self.station[which],
            self.seconds[which],
            self.trail[which],
            self.state[:, which],
            self.open_[which],
        )


@dataclass(frozen=True)
class Found:
    """Passes along a trail.

    Attributes:
        rows: of `PASS`; seconds of the block; `object` is the pair over the number of places.
        cut: pairs whose trail begins or ends inside a pass, within the block: not in `rows`.
    """

    rows: NDArray[np.void]
    cut: Indices


def passes_along(
    objects: Population, sky: Sky, trail: Trail, clock: Clock, rotation: Rotation, end_s: float
) -> Found:
    """Find the passes along runs of states; each run covers whole passes, or ends with the block.

    Args:
        objects: whose states they are; `pair` is object times places plus place.
        sky: the places and the mask.
        trail: the states.
        clock: counts seconds of the block.
        rotation: of the Earth.
        end_s: the end of the block.
    """
    if len(trail.pair) == 0:
        return Found(np.zeros(0, dtype=PASS), np.empty(0, dtype=np.int64))
    rows = sky.rows(trail.station, trail.state[:3], trail.state[3:6])
    above = rows[0] >= 0.0
    begins = np.append(True, ~trail.joined[:-1])
    at_start, at_end = trail.seconds == 0.0, trail.seconds == end_s
    cut = np.unique(trail.pair[above & ((begins & ~at_start) | (~trail.joined & ~at_end))])
    edges = _edges(sky, trail, rows, begins & at_start & above, ~trail.joined & at_end & above)
    if len(cut):
        edges = edges.take(~np.isin(edges.pair, cut))
    return Found(_rows(objects, sky, trail, edges, above, clock, rotation), cut)


def _edges(
    sky: Sky,
    trail: Trail,
    rows: FloatArray,
    opens: NDArray[np.bool_],
    closes: NDArray[np.bool_],
) -> _Edges:
    steps, points = crossings(sky, trail, rows)
    position, velocity = steps.at(points.step, points.x)
    pull = steps.pull(points.step, points.x)
    first = steps.first[points.step]
    starts, ends = np.flatnonzero(opens), np.flatnonzero(closes)
    where = np.concatenate([starts, first, ends])
    seconds = np.concatenate(
        [
            trail.seconds[starts],
            steps.begin_s[points.step] + points.x * steps.step_s[points.step],
            trail.seconds[ends],
        ]
    )
    state = np.concatenate(
        [trail.state[:, starts], np.concatenate([position, velocity, pull]), trail.state[:, ends]],
        axis=1,
    )
    open_ = np.ones(len(where), dtype=bool)
    open_[len(starts) : len(starts) + len(first)] = False
    pair = trail.pair[where]
    order = np.lexsort((seconds, pair))
    every = _Edges(pair, trail.station[where], seconds, where, state, open_)
    return every.take(order)


def _rows(
    objects: Population,
    sky: Sky,
    trail: Trail,
    edges: _Edges,
    above: NDArray[np.bool_],
    clock: Clock,
    rotation: Rotation,
) -> NDArray[np.void]:
    count = len(edges.pair) // 2
    found = np.zeros(count, dtype=PASS)
    if count == 0:
        return found
    rise, set_ = edges.take(np.arange(0, 2 * count, 2)), edges.take(np.arange(1, 2 * count, 2))
    places = len(sky.radius_km)
    found["object"], found["place"] = rise.pair // places, rise.station
    found["open_start"], found["open_end"] = rise.open_, set_.open_
    tops = _culminations(sky, trail, rise, set_, above)
    instants = _Instants(
        np.tile(rise.pair // places, 3),
        np.tile(rise.station, 3),
        np.concatenate([rise.seconds, tops.seconds, set_.seconds]),
        np.concatenate([rise.state[:3], tops.position, set_.state[:3]], axis=1),
        np.repeat([False, True, False], count),
    )
    exact = [_told_badly(objects, sky, rise), tops.told_badly(objects, instants.owner[:count])]
    exact.append(_told_badly(objects, sky, set_))
    _made_exact(objects, sky, instants, np.concatenate(exact), clock, rotation)
    for k, event in enumerate(_EVENTS):
        part = slice(k * count, (k + 1) * count)
        found[f"{event}_s"] = instants.seconds[part]
        looks = sky.look(rise.station, instants.position[:, part])
        for name, values in zip(_LOOKS, looks, strict=True):
            found[f"{event}_{name}"] = values
    return found


@dataclass(frozen=True)
class _Instants:
    """When passes rise, culminate and set, and where the object is then; moved in place.

    Attributes:
        owner, station: indices of object and place, shape `(k,)`.
        seconds: when.
        position: km, shape `(3, k)`.
        is_top: culminations; the others are edges.
    """

    owner: Indices
    station: Indices
    seconds: FloatArray
    position: FloatArray
    is_top: NDArray[np.bool_]


def _told_badly(objects: Population, sky: Sky, edges: _Edges) -> NDArray[np.bool_]:
    """Return which edges are crossed so slowly that the error of quintics shows as a time."""
    slope = sky.value(edges.station, edges.state[:3], edges.state[3:6])[1]
    error_km = objects.quintic_error_km[edges.pair // len(sky.radius_km)]
    return np.asarray((error_km > _QUINTIC_ERROR_S * np.abs(slope)) & ~edges.open_)


def _made_exact(
    objects: Population,
    sky: Sky,
    instants: _Instants,
    chosen: NDArray[np.bool_],
    clock: Clock,
    rotation: Rotation,
) -> None:
    """Move instants to where SGP4 itself has them, by Newton's method."""
    which = np.flatnonzero(chosen)
    which = which[np.argsort(instants.owner[which], kind="stable")]
    for _ in range(_EXACT_LOOKS):
        if len(which) == 0:
            break
        state, _ = propagated(
            objects, instants.owner[which], instants.seconds[which], clock, rotation
        )
        position, velocity, pull = state[:3], state[3:6], state[6:]
        station, is_top = instants.station[which], instants.is_top[which]
        value, slope = sky.value(station, position, velocity)
        grows, turns = sky.climb(station, position, velocity, pull)
        error, change = np.where(is_top, grows, value), np.where(is_top, turns, slope)
        with np.errstate(divide="ignore", invalid="ignore"):
            move_s = np.where(error == 0.0, 0.0, -error / change)
        limit_s = np.where(is_top & (turns < 0.0), _LONGEST_PEAK_MOVE_S, _LONGEST_MOVE_S)
        ok = np.abs(move_s) < limit_s
        move_s = np.where(ok, move_s, 0.0)
        instants.seconds[which] += move_s
        instants.position[:, which] = position + move_s * (velocity + move_s / 2.0 * pull)
        which = which[ok & (np.abs(move_s) > _LAST_MOVE_S)]


@dataclass(frozen=True)
class _Tops:
    """The highest points of passes, shape `(n,)`; positions `(3, n)`.

    Attributes:
        change: how fast the climb slows there, km/s^2; infinite where a window's edge is highest.
    """

    seconds: FloatArray
    position: FloatArray
    change: FloatArray

    def told_badly(self, objects: Population, owner: Indices) -> NDArray[np.bool_]:
        """Return where the error of the velocity shows as a time."""
        vague = objects.quintic_error_km[owner] > _QUINTIC_PEAK_KM
        return np.asarray((vague | (self.change < _SLOW_TURN_KM_S2)) & np.isfinite(self.change))


def _culminations(
    sky: Sky, trail: Trail, rise: _Edges, set_: _Edges, above: NDArray[np.bool_]
) -> _Tops:
    """Return when each pass is highest, and where the object is then."""
    count = len(rise.pair)
    inside = np.flatnonzero(above)
    owner = np.searchsorted(
        _key(rise.pair, rise.seconds), _key(trail.pair[inside], trail.seconds[inside]), side="right"
    )
    inside, owner = inside[owner > 0], owner[owner > 0] - 1
    within = (
        (trail.pair[inside] == rise.pair[owner])
        & (trail.seconds[inside] > rise.seconds[owner])
        & (trail.seconds[inside] < set_.seconds[owner])
    )
    inside, owner = inside[within], owner[within]
    # Every pass as a row of instants: its rise, the states inside it, its end.
    numbers = np.arange(count)
    inner = np.bincount(owner, minlength=count)
    last = np.cumsum(inner + 2) - 1
    at_rise = last - inner - 1
    at_node = np.arange(len(owner)) + 2 * owner + 1
    whose = np.repeat(numbers, inner + 2)
    seconds, first = np.empty(len(whose)), np.empty(len(whose), dtype=np.int64)
    state = np.empty((9, len(whose)))
    for at, at_s, where, values in (
        (at_rise, rise.seconds, rise.trail, rise.state),
        (at_node, trail.seconds[inside], inside, np.take(trail.state, inside, axis=1)),
        (last, set_.seconds, set_.trail, set_.state),
    ):
        seconds[at], first[at], state[:, at] = at_s, where, values
    station = rise.station[whose]
    climb = sky.climb(station, state[:3], state[3:6], state[6:])
    tops = np.flatnonzero((whose[1:] == whose[:-1]) & (climb[0, :-1] >= 0.0) & (climb[0, 1:] < 0.0))
    steps = Steps(sky, trail, first[tops])
    x0 = (seconds[tops] - steps.begin_s) / steps.step_s
    x1 = (seconds[tops + 1] - steps.begin_s) / steps.step_s
    each = np.arange(len(tops))
    x = peaks(steps, each, x0, x1, climb[:, tops], climb[:, tops + 1])
    peak_s = steps.begin_s + x * steps.step_s
    position, velocity = steps.at(each, x)
    change = np.abs(sky.climb(steps.station, position, velocity, steps.pull(each, x))[1])
    peak = whose[tops]
    found = _Tops(rise.seconds.copy(), rise.state[:3].copy(), np.full(count, np.inf))
    found.seconds[peak], found.position[:, peak], found.change[peak] = peak_s, position, change
    # A window may cut a pass on its way up, and some have several maxima.
    several = rise.open_ | set_.open_ | (np.bincount(peak, minlength=count) != 1)
    if several.any():
        candidate = np.concatenate([numbers, numbers, peak])
        kept = several[candidate]
        candidate = candidate[kept]
        at_s = np.concatenate([rise.seconds, set_.seconds, peak_s])[kept]
        where_km = np.concatenate([rise.state[:3], set_.state[:3], position], axis=1)[:, kept]
        turns = np.concatenate([np.full(2 * count, np.inf), change])[kept]
        height = sky.look(rise.station[candidate], where_km)[1]
        order = np.lexsort((height, candidate))
        best = order[np.append(np.flatnonzero(np.diff(candidate[order])), len(order) - 1)]
        owner = candidate[best]
        found.seconds[owner], found.position[:, owner] = at_s[best], where_km[:, best]
        found.change[owner] = turns[best]
    return found


def _key(pair: Indices, seconds: FloatArray) -> FloatArray:
    """Return one number by which pairs and times sort together; seconds to 10 us."""
    return np.asarray(pair * 1e6 + seconds)
