"""One block of time: all objects over all places, sparse where that is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sattrack.places import Place
from sattrack.screening.closest import Motion, windows
from sattrack.screening.passes import PASS, passes_along, picked
from sattrack.screening.population import Population
from sattrack.screening.search import Sky, Trail
from sattrack.screening.states import Grid, Indices, Rotation, states_at
from sattrack.times.scale import Clock

# Pairs of object and place at once: their arrays stay in the processor's cache.
_PAIRS_AT_ONCE = 3000
# No pass of a near-circular orbit, of at most four hours, takes longer.
LONGEST_PASS_S = 3.0 * 3600.0
# How often windows are made twice as long, where mean elements misjudged one.
_WIDENINGS = 4


@dataclass(frozen=True)
class Scene:
    """A block of time, and the places with their mask.

    Attributes:
        clock: counts seconds of the block.
        end_s: where the states end; for near-circular orbits a while after the block.
        rotation: of the Earth.
        sky: the places.
        mask_rad: elevation of the mask.
    """

    clock: Clock
    end_s: float
    rotation: Rotation
    sky: Sky
    mask_rad: float

    @classmethod
    def of(cls, places: Sequence[Place], mask_deg: float, clock: Clock, end_s: float) -> Scene:
        """Turn the places into the frame of the block."""
        rotation = Rotation(clock, end_s)
        axes = np.array([place.east_north_up() for place in places])
        place_km = rotation.places_km(np.array([place.itrf_km() for place in places]).T)
        east, north, up = (rotation.places_km(axes[:, k].T) for k in range(3))
        mask_rad = float(np.radians(mask_deg))
        radius_km = np.sqrt((place_km**2).sum(axis=0))
        sky = Sky(place_km, east, north, up, radius_km, float(np.sin(mask_rad)))
        return cls(clock, end_s, rotation, sky, mask_rad)


@dataclass(frozen=True)
class BlockFound:
    """What a block holds.

    Attributes:
        rows: of `PASS`, in seconds of the block.
        failed: objects that SGP4 gave up on.
        restless: objects that their mean elements do not describe; not searched.
    """

    rows: NDArray[np.void]
    failed: Indices
    restless: Indices


_Batch: TypeAlias = tuple[NDArray[np.void], Indices, Indices]


def near_circular_passes(
    objects: Population, scene: Scene, is_first: bool, block_s: float
) -> BlockFound:
    """Find the passes of near-circular orbits around their closest approaches.

    Args:
        objects: all of them `near_earth`.
        scene: the states may be asked for until its end.
        is_first: passes that are open at the start are wanted too.
        block_s: passes that begin later are left to the next block.
    """

    def search(some: Population) -> _Batch:
        motion = Motion.over(some, scene.clock, scene.end_s)
        rows, failed = _around_approaches(motion, scene, block_s)
        ours = (rows["rise_s"] < block_s) & (is_first | ~rows["open_start"])
        return picked(rows, ours), failed, np.flatnonzero(~motion.steady)

    return _in_batches(objects, scene, search)


def all_passes(objects: Population, scene: Scene) -> BlockFound:
    """Find the passes of any orbits by looking at every step of the scene."""
    return _in_batches(objects, scene, lambda some: _at_every_step(some, scene))


def _at_every_step(objects: Population, scene: Scene) -> _Batch:
    grid = Grid.over(objects, scene.end_s)
    places = len(scene.sky.radius_km)
    pair = np.arange(len(objects) * places)
    runs = _Runs(pair // places, pair % places, np.zeros_like(pair), grid.count[pair // places])
    rows, _, failed = _found(objects, scene, grid, runs)
    return rows, failed, np.empty(0, dtype=np.int64)


def _in_batches(
    objects: Population,
    scene: Scene,
    search: Callable[[Population], _Batch],
) -> BlockFound:
    size = max(1, _PAIRS_AT_ONCE // len(scene.sky.radius_km))
    found, nobody = [np.zeros(0, dtype=PASS)], np.empty(0, dtype=np.int64)
    failed, restless = [nobody], [nobody]
    for begin in range(0, len(objects), size):
        which = np.arange(begin, min(begin + size, len(objects)))
        rows, bad, wild = search(objects.take(which))
        rows["object"] += begin
        found.append(rows)
        failed.append(which[bad])
        restless.append(which[wild])
    return BlockFound(np.concatenate(found), np.concatenate(failed), np.concatenate(restless))


def _around_approaches(
    motion: Motion, scene: Scene, block_s: float
) -> tuple[NDArray[np.void], Indices]:
    objects = motion.objects
    grid = Grid.over(objects, scene.end_s)
    places = len(scene.sky.radius_km)
    near = windows(motion, scene.sky.place_km, scene.mask_rad, scene.rotation, scene.end_s)
    ours = (near.end_s > 0.0) & (near.start_s < block_s) & motion.steady[near.owner]
    owner, station = near.owner[ours], near.station[ours]
    start_s, end_s = near.start_s[ours], near.end_s[ours]
    found, failed = [np.zeros(0, dtype=PASS)], [np.empty(0, dtype=np.int64)]
    for _ in range(_WIDENINGS):
        step_s = grid.step_s[owner]
        begin = np.maximum(np.floor(start_s / step_s).astype(np.int64), 0)
        end = np.minimum(np.ceil(end_s / step_s).astype(np.int64), grid.count[owner])
        kept = end > begin
        runs = _Runs(owner[kept], station[kept], begin[kept], end[kept])
        rows, cut, bad = _found(objects, scene, grid, runs)
        found.append(rows)
        failed.append(bad)
        again = np.isin(owner * places + station, cut)
        if not again.any():
            break
        owner, station = owner[again], station[again]
        start_s, end_s = start_s[again], end_s[again]
        half_s = (end_s - start_s) / 2.0
        start_s, end_s = start_s - half_s, end_s + half_s
    return np.concatenate(found), np.unique(np.concatenate(failed))


@dataclass(frozen=True)
class _Runs:
    """Runs of steps, by object, place and time: from node `begin` to node `end`, shape `(k,)`."""

    owner: Indices
    station: Indices
    begin: Indices
    end: Indices

    def nodes(self) -> tuple[Indices, Indices, Indices]:
        """Return owner, node, and run of every node of the runs."""
        count = self.end - self.begin + 1
        run = np.repeat(np.arange(len(count)), count)
        within = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
        return self.owner[run], self.begin[run] + within, run


def _found(
    objects: Population, scene: Scene, grid: Grid, runs: _Runs
) -> tuple[NDArray[np.void], Indices, Indices]:
    """Return passes along runs, pairs whose passes the runs cut, and objects SGP4 gave up on."""
    owner, node, run = runs.nodes()
    nobody = np.empty(0, dtype=np.int64)
    if len(run) == 0:
        return np.zeros(0, dtype=PASS), nobody, nobody
    flat = grid.first[owner] + node
    wanted = np.zeros(grid.nodes, dtype=bool)
    wanted[flat] = True
    states = states_at(objects, grid, wanted, scene.clock, scene.rotation)
    station = runs.station[run]
    seconds = np.where(node == grid.count[owner], scene.end_s, node * grid.step_s[owner])
    joined = np.append(run[1:] == run[:-1], False)
    trail = Trail(
        pair=owner * len(scene.sky.radius_km) + station,
        station=station,
        seconds=seconds,
        state=np.take(states.state, states.place[flat], axis=1),
        joined=joined,
    )
    if len(states.failed):
        trail = trail.take(~np.isin(owner, states.failed))
    found = passes_along(objects, scene.sky, trail, scene.clock, scene.rotation, scene.end_s)
    return found.rows, found.cut, states.failed
