"""All passes of all objects over all places, in order of time, a block of time after another.

Near-circular orbits are searched block by block, so that memory stays flat; all others have few
passes, and are searched over the whole window at once. Work is divided among processes by objects
and places, and what is found does not depend on how.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from sgp4.api import SGP4_ERRORS, Satrec

from sattrack.elements import ElementSet
from sattrack.errors import NoOrbitError
from sattrack.orbits.sgp4 import Sgp4, satellite_record
from sattrack.passes.horizon import check_mask, find_passes
from sattrack.places import Place
from sattrack.screening.block import LONGEST_PASS_S, Scene, all_passes, near_circular_passes
from sattrack.screening.passes import PASS, picked
from sattrack.screening.population import Population
from sattrack.times.scale import Clock
from sattrack.times.span import Span

Rows: TypeAlias = NDArray[np.void]
_Result: TypeAlias = tuple[Rows, list[tuple[int, str]]]

_DECAYED = 6
_PASSES_PER_DAY = 5.0
_ROWS_AT_ONCE = 500_000
_SHORTEST_BLOCK_S = 3600.0
_LONGEST_BLOCK_S = 86400.0
_OBJECTS_AT_ONCE = 1000
_FEWEST_OBJECTS = 50
_SHARDS = 8
_LEAD_S = 60.0
_SEAM_S = 0.5
# By so much mean elements may misjudge when a pass begins, and leave it to the next block.
_OVERLAP_S = 600.0
_PLACES_AT_ONCE = 200


@dataclass(frozen=True)
class Failure:
    """An object that could not be searched, or not to the end."""

    index: int
    reason: str


class _Part:
    """Some element sets, and SGP4 initialised with them when they are first searched.

    Other processes are sent the element sets alone.
    """

    def __init__(self, elements: tuple[ElementSet, ...]) -> None:
        self.elements = elements

    @cached_property
    def initialised(self) -> tuple[Population, NDArray[np.int64], list[tuple[int, str]]]:
        """The objects that SGP4 accepts, their numbers, and why others are refused."""
        records, numbers, refused = [], [], []
        for number, one in enumerate(self.elements):
            record = satellite_record(one)
            if record.error:
                reason = f"SGP4 error {record.error}: {SGP4_ERRORS.get(record.error, 'unknown')}"
                refused.append((number, reason))
            else:
                records.append(record)
                numbers.append(number)
        return Population.of(records), np.array(numbers, dtype=np.int64), refused

    def __reduce__(self) -> tuple[Callable[..., _Part], tuple[tuple[ElementSet, ...]]]:
        return _part, (self.elements,)


@lru_cache(maxsize=32)
def _part(elements: tuple[ElementSet, ...]) -> _Part:
    """Return element sets that came from another process; block after block they are the same."""
    return _Part(elements)


class Objects:
    """Element sets made ready to be screened, once for many windows or places."""

    def __init__(self, elements: Sequence[ElementSet]) -> None:
        size = min(_OBJECTS_AT_ONCE, max(_FEWEST_OBJECTS, math.ceil(len(elements) / _SHARDS)))
        self.elements = elements
        self._first = range(0, len(elements), size)
        self._parts = [_Part(tuple(elements[i : i + size])) for i in self._first]

    def __len__(self) -> int:
        return len(self.elements)

    def records(self) -> tuple[list[Satrec], NDArray[np.int64]]:
        """Return the records of python-sgp4 of all objects that it accepts, and their numbers."""
        records: list[Satrec] = []
        numbers = [np.empty(0, dtype=np.int64)]
        for first, part in zip(self._first, self._parts, strict=True):
            objects, own, _ = part.initialised
            records += objects.records
            numbers.append(own + first)
        return records, np.concatenate(numbers)

    def shards(self, places: Sequence[Place], mask_deg: float) -> list[_Shard]:
        """Divide the work, for any number of processes alike.

        By objects first: what SGP4 tells of one is used for all places of a shard.
        """
        return [
            _Shard(i, j, part, tuple(places[j : j + _PLACES_AT_ONCE]), mask_deg)
            for j in range(0, len(places), _PLACES_AT_ONCE)
            for i, part in zip(self._first, self._parts, strict=True)
        ]


@dataclass(frozen=True)
class _Shard:
    """Some objects and some places, with where they stand among all."""

    first_object: int
    first_place: int
    part: _Part
    places: tuple[Place, ...]
    mask_deg: float


@dataclass(frozen=True)
class _Task:
    """A shard, and the part of the window to search; `block_s` None means orbits of other kinds."""

    shard: _Shard
    start: datetime
    end_s: float
    block_s: float | None
    is_first: bool


def screen(
    elements: Sequence[ElementSet] | Objects,
    places: Sequence[Place],
    span: Span,
    min_elevation_deg: float = 10.0,
    failures: list[Failure] | None = None,
    executor: Executor | None = None,
    tasks_ahead: int = 8,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Rows]:
    """Find all passes of many objects over many places, in order of their first instants.

    The same passes as `sattrack.passes.find_passes` finds, and its promise: one is lost only if it
    stays within 0.1 m of the mask's cone. Rise and set agree with it within a millisecond, heights
    of culminations within 0.001 degrees.

    Args:
        elements: published element sets; as `Objects` where they are to be screened again.
        places: observers or antennas. Horizon masks of theirs are not looked at: their lowest
            elevation may be given as `min_elevation_deg`.
        span: the window; passes it cuts are open there.
        min_elevation_deg: the mask, from -10 to 89.
        failures: receives the objects that SGP4 refuses, or gives up on within the window, as soon
            as it is known; of the latter no pass is reported from then on.
        executor: runs the work elsewhere; what is found is the same to the last bit.
        tasks_ahead: how many parts of the work the executor may hold beyond the one waited for.
        progress: is told which part of the work is done, from 0 to 1.

    Yields:
        Rows of `PASS`; seconds count from the start of the window, `object` and `place` are
        indices.

    Raises:
        InvalidInputError: the mask is out of range.
    """
    check_mask(min_elevation_deg)
    failures = [] if failures is None else failures
    objects = elements if isinstance(elements, Objects) else Objects(elements)
    shards = objects.shards(places, min_elevation_deg)
    clock = Clock(span.start)
    length_s = clock.seconds_at(span.end)
    blocks = _blocks(clock, length_s, _block_s(len(objects) * len(places), length_s))
    others = (_Task(shard, span.start, length_s, None, True) for shard in shards)
    near = (block.task(shard) for block in blocks for shard in shards)
    count = len(shards) * (len(blocks) + 1)
    known: dict[int, Failure] = {}
    with closing(_results(chain(others, near), executor, tasks_ahead)) as results:

        def next_rows(done: int) -> list[Rows]:
            found = []
            for number, shard in enumerate(shards, start=1):
                rows, failed = next(results)
                # What comes over a network may be read only.
                rows = np.require(rows, requirements="W")
                rows["object"] += shard.first_object
                rows["place"] += shard.first_place
                found.append(rows)
                for index, reason in failed:
                    failure = Failure(shard.first_object + index, reason)
                    if known.setdefault(failure.index, failure) is failure:
                        failures.append(failure)
                if progress is not None:
                    progress((done + number) / count)
            return found

        waiting = _sorted(next_rows(0))
        for number, block in enumerate(blocks, start=1):
            found = [block.counted(rows) for rows in next_rows(number * len(shards))]
            waiting = _sorted([waiting, *found])
            if block.lead_s:
                waiting = _once(waiting)
            ready = int(np.searchsorted(waiting["rise_s"], block.until_s))
            # Of a block nothing is held twice while others work with its rows.
            del found
            done, waiting = waiting[:ready].copy(), waiting[ready:].copy()
            if ready:
                yield _without(done, known)
            del done


@dataclass(frozen=True)
class _Block:
    """A part of the window, and how it is sewn to its neighbours; seconds of the window.

    Attributes:
        lead_s: how much earlier its search begins: a pass that rises where two blocks meet is found
            by both, and kept once.
        end_s, owned_s: of the search: its end, and until when passes that rise are its own.
        until_s: before it, everything is known when the block is done.
    """

    begin_s: float
    lead_s: float
    start: datetime
    end_s: float
    owned_s: float
    until_s: float

    def task(self, shard: _Shard) -> _Task:
        return _Task(shard, self.start, self.end_s, self.owned_s, self.lead_s == 0.0)

    def counted(self, rows: Rows) -> Rows:
        """Return its rows in seconds of the window, without those the block before has found."""
        for name in ("rise_s", "culmination_s", "set_s"):
            rows[name] += self.begin_s - self.lead_s
        return picked(rows, (rows["rise_s"] >= self.begin_s - _SEAM_S) | (self.lead_s == 0.0))


def _blocks(clock: Clock, length_s: float, block_s: float) -> list[_Block]:
    found = []
    for number in range(max(1, math.ceil(length_s / block_s - 1e-9))):
        begin_s = number * block_s
        left_s = length_s - begin_s
        is_last = block_s >= left_s - 1e-6
        lead_s = 0.0 if number == 0 else _LEAD_S
        found.append(
            _Block(
                begin_s,
                lead_s,
                clock.datetimes([begin_s - lead_s])[0],
                lead_s + (left_s if is_last else min(left_s, block_s + LONGEST_PASS_S)),
                math.inf if is_last else lead_s + block_s + _OVERLAP_S,
                math.inf if is_last else begin_s + block_s - _SEAM_S,
            )
        )
    return found


def _block_s(pairs: int, length_s: float) -> float:
    """Return the length of blocks that hold about `_ROWS_AT_ONCE` passes each."""
    wanted_s = _ROWS_AT_ONCE / max(1.0, pairs * _PASSES_PER_DAY) * 86400.0
    return min(length_s, max(_SHORTEST_BLOCK_S, min(_LONGEST_BLOCK_S, wanted_s)))


def _results(
    tasks: Iterable[_Task], executor: Executor | None, ahead: int
) -> Generator[_Result, None, None]:
    """Do the tasks, and return what each has found, in their order."""
    if executor is None:
        yield from map(_search, tasks)
        return
    waiting: deque[Future[_Result]] = deque()
    try:
        for task in tasks:
            waiting.append(executor.submit(_search, task))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor:
        # It marks its futures itself, and would stumble over one that is cancelled meanwhile.
        waiting.clear()
        raise
    finally:
        for future in waiting:
            future.cancel()


def _sorted(parts: Sequence[Rows]) -> Rows:
    """Return all rows in order of their first instants; ties by object and place."""
    rows = np.concatenate([np.zeros(0, dtype=PASS), *parts])
    at_s = np.ascontiguousarray(rows["rise_s"])
    order = np.argsort(at_s, kind="stable")
    same = np.diff(at_s[order]) == 0.0
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    which = order[tied]
    order[tied] = which[np.lexsort((rows["place"][which], rows["object"][which], at_s[which]))]
    return picked(rows, order)


def _once(rows: Rows) -> Rows:
    """Drop what two blocks have found alike: one pair rising twice within a second."""
    order = np.lexsort((rows["rise_s"], rows["place"], rows["object"]))
    pair = rows[order]
    same = (
        (np.diff(pair["object"]) == 0)
        & (np.diff(pair["place"]) == 0)
        & (np.diff(pair["rise_s"]) < _SEAM_S)
        & ~pair["open_start"][:-1]
    )
    return np.delete(rows, order[1:][same]) if same.any() else rows


def _without(rows: Rows, known: dict[int, Failure]) -> Rows:
    return picked(rows, ~np.isin(rows["object"], list(known))) if known else rows


def _search(task: _Task) -> _Result:
    """Do one task; runs in any process."""
    shard = task.shard
    objects, numbers, refused = shard.part.initialised
    which = np.flatnonzero(objects.near_earth == (task.block_s is not None))
    if len(which) == 0:
        return np.zeros(0, dtype=PASS), refused
    scene = Scene.of(shard.places, shard.mask_deg, Clock(task.start), task.end_s)
    some = objects.take(which)
    if task.block_s is None:
        found = all_passes(some, scene)
    else:
        found = near_circular_passes(some, scene, task.is_first, task.block_s)
    numbers = numbers[which]
    rows = found.rows
    rows["object"] = numbers[rows["object"]]
    failed = [(int(numbers[k]), _reason(some, k, scene)) for k in found.failed.tolist()]
    parts = [rows]
    for number in numbers[found.restless].tolist():
        try:
            parts.append(_searched_alone(task, number))
        except NoOrbitError as error:
            failed.append((number, str(error)))
    return np.concatenate(parts), [*refused, *failed]


def _searched_alone(task: _Task, number: int) -> Rows:
    """Return the passes of one object that arrays cannot carry, by the search for one.

    Raises:
        NoOrbitError: SGP4 gives up on it within the block.
    """
    orbit = Sgp4(task.shard.part.elements[number])
    clock = Clock(task.start)
    span = Span(task.start, clock.datetimes([task.end_s])[0])
    rows = []
    for index, place in enumerate(task.shard.places):
        flat = replace(place, horizon=None)
        search = find_passes(orbit, flat, span, task.shard.mask_deg)
        if search.ending is not None:
            raise search.ending
        for one in search.passes:
            looks = [
                (clock.seconds_at(s.time), (s.azimuth_deg, s.elevation_deg, s.range_km))
                for s in (one.first, one.culmination, one.last)
            ]
            times, angles = [at for at, _ in looks], [a for _, look in looks for a in look]
            row = (number, index, *times, *angles, one.open_start, one.open_end)
            rows.append(np.array([row], dtype=PASS))
    every = np.concatenate([np.zeros(0, dtype=PASS), *rows])
    owned_s = math.inf if task.block_s is None else task.block_s
    return every[(every["rise_s"] < owned_s) & (task.is_first | ~every["open_start"])]


def _reason(objects: Population, index: int, scene: Scene) -> str:
    """Return why SGP4 gives up on an object, and when it does so."""
    record = objects.records[index]
    seconds = np.linspace(0.0, scene.end_s, 1000)
    codes, _, _ = record.sgp4_array(*scene.clock.utc_jd(seconds))
    bad = np.flatnonzero(codes)
    if len(bad) == 0:
        return "SGP4 yields no number"
    code = int(codes[bad[0]])
    instant = scene.clock.start + timedelta(seconds=float(seconds[bad[0]]))
    what = "decayed" if code == _DECAYED else f"SGP4 error {code}: {SGP4_ERRORS.get(code, '?')}"
    return f"{what} by {instant:%Y-%m-%d %H:%M} UTC"
