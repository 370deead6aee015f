"""When places can reach thousands of objects: passes in order of time, a batch after another."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sattrack.answers.lunar import about_the_moon
from sattrack.answers.passes import search_passes
from sattrack.errors import InvalidInputError, NoOrbitError, SattrackError
from sattrack.orbits.ageing import TimingGrowths
from sattrack.orbits.drag import Drag
from sattrack.orbits.sgp4 import Sgp4
from sattrack.passes.horizon import Pass, check_mask, find_passes
from sattrack.places import Place
from sattrack.screening import PASS, Failure, Objects, screen
from sattrack.times import Span
from sattrack.times.scale import DAY_S, Clock, FloatArray
from sattrack.tracking import Tracked, cautions
from sattrack.tracking.inventory import Lack, Listed
from sattrack.tracking.orbits import WORTH_SAYING_S, age_caution, orientation_cautions

if TYPE_CHECKING:
    from sattrack.answers.seeing import Seeing
    from sattrack.passes.visible import Conditions, PassLight

Rows: TypeAlias = NDArray[np.void]
Progress: TypeAlias = Callable[[float], None]

# What begins and ends contacts with lunar orbiters, as codes; other passes have none.
EDGES = ("", "horizon", "limb", "window")
ROW = np.dtype([*PASS.descr, ("begins", np.int8), ("ends", np.int8)])

# Of a batch: it keeps the memory of those who write it flat.
_ROWS_AT_ONCE = 8192
_MINUTE_S = 60.0
_DAY = timedelta(days=1)
# A pass above a mask that the horizon cuts begins and ends below it, unless the window cuts it.
_MARGIN_S = 1.0


class Subject(NamedTuple):
    """An object, as answers name it.

    Attributes:
        kind, source, epoch, nominal: of its orbit; see `Provenance`.
    """

    id: str
    name: str
    norad_id: int | None
    kind: str
    source: str
    epoch: datetime
    nominal: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        min_culmination_deg: leave out passes that stay lower, or None.
        conditions: leave out what cannot be seen under these, or None.
        limit: only the first passes, this many, or None.
    """

    span: Span
    places: tuple[Place, ...]
    min_elevation_deg: float = 10.0
    min_culmination_deg: float | None = None
    conditions: Conditions | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        check_mask(self.min_elevation_deg)
        highest = self.min_culmination_deg
        if highest is not None and not -90.0 <= highest <= 90.0:
            raise InvalidInputError(
                f"a least culmination of {highest:g} degrees is outside -90 to 90"
            )


@dataclass(frozen=True)
class Batch:
    """Passes in order of time.

    Attributes:
        rows: of `ROW`, seconds from the start of the window; `object` and `place` are indices of
            `Screening.subjects` and of the places asked for.
        timing_uncertainty_s: one standard deviation of their times; not a number where the orbit
            is planned.
        lights: of each, where only what can be seen was asked for.
    """

    clock: Clock
    rows: Rows
    timing_uncertainty_s: FloatArray
    lights: tuple[PassLight, ...] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def microseconds(self, event: str) -> NDArray[np.int64]:
        """Return when they rise, culminate or set, as microseconds of UTC since 1970."""
        return self.clock.microseconds(self.rows[f"{event}_s"])

    @cached_property
    def duration_s(self) -> FloatArray:
        """Time inside the window."""
        return (self.microseconds("set") - self.microseconds("rise")) / 1e6

    def part(self, begin: int, end: int) -> Batch:
        """Return those from `begin` to before `end`."""
        which = slice(begin, end)
        return Batch(
            self.clock,
            self.rows[which],
            self.timing_uncertainty_s[which],
            None if self.lights is None else self.lights[which],
        )


@dataclass
class Screening:
    """The answer of `sattrack screen`, found while it is read.

    Attributes:
        subjects: the objects, those of SGP4 first.
        lacks: objects that could not be searched, or not to the end; grows while it is read.
        warnings: what to know before trusting the answer; grows too.
    """

    question: Question
    subjects: tuple[Subject, ...]
    lacks: list[Lack]
    warnings: list[str]
    _listed: tuple[Listed, ...] = field(repr=False)
    _others: tuple[Tracked, ...] = field(repr=False)

    @classmethod
    def of(
        cls,
        question: Question,
        listed: Sequence[Listed],
        others: Sequence[Tracked] = (),
        lacks: Iterable[Lack] = (),
    ) -> Screening:
        """Return the answer for objects with element sets, and for others with orbits."""
        subjects = [
            Subject(
                one.id,
                one.name,
                one.norad_id,
                Sgp4.kind,
                one.published.source,
                one.published.elements.epoch,
                False,
            )
            for one in listed
        ]
        for tracked in others:
            craft, origin = tracked.spacecraft, tracked.provenance
            subjects.append(
                Subject(
                    craft.id,
                    craft.name,
                    craft.norad_id,
                    origin.kind,
                    origin.source,
                    origin.epoch,
                    origin.nominal,
                )
            )
        return cls(question, tuple(subjects), list(lacks), [], tuple(listed), tuple(others))

    def batches(
        self,
        executor: Executor | None = None,
        tasks_ahead: int = 8,
        progress: Progress | None = None,
    ) -> Generator[Batch, None, None]:
        """Search, and return passes as they are found; the same whatever the executor.

        Raises:
            InvalidInputError: the mask is out of range.
            NoOrbitError: only visible passes were asked for, and the Sun is not known then.
        """
        search = _Search(self.question, self._listed, self._others)
        self.warnings += search.cautions()
        left = self.question.limit
        with closing(search.batches(executor, tasks_ahead, progress)) as batches:
            for batch in batches:
                self._note(search)
                found = batch if left is None else batch.part(0, left)
                if len(found):
                    yield found
                if left is not None:
                    left -= len(found)
                    if left == 0:
                        return
        self._note(search)

    def _note(self, search: _Search) -> None:
        self.lacks += search.lacks
        search.lacks.clear()


class _Search:
    """A search for passes of all objects over all places."""

    def __init__(
        self, question: Question, listed: tuple[Listed, ...], others: tuple[Tracked, ...]
    ) -> None:
        self.question, self.listed, self.others = question, listed, others
        self.clock = Clock(question.span.start)
        self.lacks: list[Lack] = []
        start = question.span.start
        self.age_days = np.array(
            [(start - one.published.elements.epoch) / _DAY for one in listed], dtype=np.float64
        )
        self.length_days = (question.span.end - start) / _DAY
        self.seeing: Seeing | None = None
        if question.conditions is not None:
            from sattrack.answers.seeing import Seeing

            self.seeing = Seeing(self.clock, listed, others, question.places, question.conditions)
        self._prepare()

    def _prepare(self) -> None:
        """Tell objects that last through the window from those that end in it or are refused."""
        self.objects = Objects([one.published.elements for one in self.listed])
        records, self.known = self.objects.records()
        drag = Drag.of(records)
        self.period_s = np.array(
            [DAY_S / one.published.elements.mean_motion_rev_day for one in self.listed]
        )
        self.order = np.full(len(self.listed), -1)
        self.order[self.known] = np.arange(len(self.known))
        sets = [self.listed[k].published.elements for k in self.known.tolist()]
        self.growths = TimingGrowths.of(sets, drag)
        minutes = self.age_days[self.known] * 1440.0
        doubtful = drag.may_fail(minutes) | drag.may_fail(minutes + self.length_days * 1440.0)
        end_s = self.clock.seconds_at(self.question.span.end)
        jd = self.clock.utc_jd(np.append(np.arange(0.0, end_s, _MINUTE_S), end_s))
        self.ending = [
            int(self.known[k])
            for k in np.flatnonzero(doubtful).tolist()
            if records[k].sgp4_array(*jd)[0].any()
        ]
        self.lasting = np.ones(len(self.listed), dtype=bool)
        self.lasting[self.ending] = False
        self.told = set(self.ending)

    def _lack(self, k: int, reason: str) -> None:
        one = self.listed[k]
        self.lacks.append(Lack(one.id, one.name, one.norad_id, reason))

    def cautions(self) -> list[str]:
        """Return what to know before trusting the answer."""
        span = self.question.span
        found = []
        if len(self.known):
            every = np.arange(len(self.known))
            ages = self.age_days[self.known]
            period_s = self.period_s[self.known]
            worst_s = np.minimum(
                np.maximum(
                    self.growths.sigma_s(every, ages),
                    self.growths.sigma_s(every, ages + self.length_days),
                ),
                period_s / 2.0,
            )
            count = int((worst_s > WORTH_SAYING_S).sum())
            if count:
                k = int(np.argmax(worst_s))
                one = self.listed[self.known[k]]
                who = one.name if count == 1 else f"{one.name} and {count - 1} more"
                epoch = one.published.elements.epoch
                found.append(age_caution(who, epoch, span, float(worst_s[k]), float(period_s[k])))
        return list(
            dict.fromkeys([*found, *cautions(self.others, span), *orientation_cautions(span)])
        )

    def batches(
        self, executor: Executor | None, tasks_ahead: int, progress: Progress | None
    ) -> Generator[Batch, None, None]:
        """Return passes in order of time."""
        masks = _masks(self.question)
        shares = [0.0] * len(masks)

        def told(number: int) -> Progress | None:
            if progress is None:
                return None

            def tell(share: float) -> None:
                shares[number] = share
                progress(sum(shares) / len(shares))

            return tell

        streams = [
            self._screened(mask_deg, places, executor, tasks_ahead, told(number))
            for number, (mask_deg, places) in enumerate(masks)
        ]
        alone = self._alone()
        if len(alone):
            streams.append(_one(alone))
        try:
            for rows in map(self._high_enough, _merged(streams)):
                for begin in range(0, len(rows), _ROWS_AT_ONCE):
                    yield self._batch(rows[begin : begin + _ROWS_AT_ONCE])
        finally:
            for stream in streams:
                stream.close()

    def _high_enough(self, rows: Rows) -> Rows:
        least = self.question.min_culmination_deg
        return rows if least is None else rows[rows["culmination_elevation_deg"] >= least]

    def _batch(self, rows: Rows) -> Batch:
        if self.seeing is None:
            return Batch(self.clock, rows, self._uncertainty_s(rows))
        seen, lights = self.seeing.visible(rows)
        return Batch(self.clock, rows[seen], self._uncertainty_s(rows[seen]), lights)

    def _uncertainty_s(self, rows: Rows) -> FloatArray:
        which = rows["object"].astype(np.int64)
        error_s = np.full(len(rows), np.nan)
        ours = which < len(self.listed)
        k = which[ours]
        if len(k):
            age_days = self.age_days[k] + rows["culmination_s"][ours] / DAY_S
            sigma_s = self.growths.sigma_s(self.order[k], age_days)
            error_s[ours] = np.minimum(sigma_s, self.period_s[k] / 2.0)
        for row in np.flatnonzero(~ours).tolist():
            tracked = self.others[which[row] - len(self.listed)]
            (instant,) = self.clock.datetimes([rows["culmination_s"][row]])
            sigma = tracked.timing_uncertainty_s(instant)
            error_s[row] = np.nan if sigma is None else sigma
        return error_s

    # The passes of what SGP4 moves through the whole window

    def _screened(
        self,
        mask_deg: float,
        places: Sequence[int],
        executor: Executor | None,
        tasks_ahead: int,
        progress: Progress | None,
    ) -> Generator[Rows, None, None]:
        question = self.question
        failures: list[Failure] = []
        found = screen(
            self.objects,
            [question.places[k] for k in places],
            question.span,
            mask_deg,
            failures,
            executor,
            tasks_ahead,
            progress,
        )
        number = np.array(places)
        waiting = np.zeros(0, dtype=ROW)
        for rows in found:
            self._note(failures)
            block = _as_rows(rows)
            block["place"] = number[rows["place"]]
            del rows  # of a block nothing is held twice while others work with it
            if self.ending:
                block = block[self.lasting[block["object"]]]
            if len(block) == 0:
                continue
            if question.places[places[0]].horizon is None:
                yield block
                continue
            # What the horizon cuts may rise later than what comes after.
            until_s = block["rise_s"][-1]
            waiting = _sorted([waiting, self._cut(block)])
            ready = int(np.searchsorted(waiting["rise_s"], until_s, side="right"))
            yield waiting[:ready]
            waiting = waiting[ready:]
        self._note(failures)
        if len(waiting):
            yield waiting

    def _note(self, failures: list[Failure]) -> None:
        """Tell of objects that could not be searched, each once; those that end tell themselves."""
        for failure in failures:
            if failure.index not in self.told:
                self.told.add(failure.index)
                self._lack(failure.index, failure.reason)
        failures.clear()

    def _cut(self, block: Rows) -> Rows:
        """Return what a place's own horizon leaves of passes above the lowest of it."""
        end_s = self.clock.seconds_at(self.question.span.end)
        parts = []
        for row in block:
            start_s = max(0.0, row["rise_s"] - _MARGIN_S)
            stop_s = min(end_s, row["set_s"] + _MARGIN_S)
            first, last = self.clock.datetimes([start_s, stop_s])
            orbit = Sgp4(self.listed[row["object"]].published.elements)
            place = self.question.places[row["place"]]
            search = find_passes(orbit, place, Span(first, last), self.question.min_elevation_deg)
            parts.append(self._rows_of(search.passes, row["object"], row["place"]))
        return np.concatenate([np.zeros(0, dtype=ROW), *parts])

    # The passes of all others, one by one

    def _alone(self) -> Rows:
        """Return the passes of orbits that end in the window, and of those SGP4 does not move."""
        question = self.question
        parts = [np.zeros(0, dtype=ROW)]
        for k in self.ending:
            elements = self.listed[k].published.elements
            try:
                searches = [
                    find_passes(Sgp4(elements), place, question.span, question.min_elevation_deg)
                    for place in question.places
                ]
            except NoOrbitError as error:
                self._lack(k, str(error))
                continue
            for number, search in enumerate(searches):
                parts.append(self._rows_of(search.passes, k, number))
            endings = [str(search.ending) for search in searches if search.ending is not None]
            if endings:
                self._lack(k, endings[0])
        for number, tracked in enumerate(self.others, start=len(self.listed)):
            if self.seeing is not None and about_the_moon(tracked) is not None:
                continue  # nobody sees a craft at the Moon
            parts += self._rows_alone(number, tracked)
        return _sorted(parts)

    def _rows_alone(self, number: int, tracked: Tracked) -> list[Rows]:
        question, craft = self.question, tracked.spacecraft
        parts, reasons = [], []
        for k, place in enumerate(question.places):
            try:
                search = search_passes(tracked, place, question.span, question.min_elevation_deg)
            except SattrackError as error:
                reasons.append(str(error))
                continue
            parts.append(self._rows_of(search.passes, number, k))
            if search.ending is not None:
                reasons.append(str(search.ending))
        if reasons:
            self.lacks.append(Lack(craft.id, craft.name, craft.norad_id, reasons[0]))
        return parts

    def _rows_of(self, passes: Sequence[Pass], number: int, place: int) -> Rows:
        rows = np.zeros(len(passes), dtype=ROW)
        rows["object"], rows["place"] = number, place
        for row, one in zip(rows, passes, strict=True):
            for event, seen in (
                ("rise", one.first),
                ("culmination", one.culmination),
                ("set", one.last),
            ):
                row[f"{event}_s"] = self.clock.seconds_at(seen.time)
                for look in ("azimuth_deg", "elevation_deg", "range_km"):
                    row[f"{event}_{look}"] = getattr(seen, look)
            row["open_start"], row["open_end"] = one.open_start, one.open_end
            for edge in ("begins", "ends"):
                row[edge] = EDGES.index(getattr(one, edge, ""))
        return rows


def _masks(question: Question) -> list[tuple[float, list[int]]]:
    """Return the places by the mask to screen with; one with a horizon of its own stands alone."""
    plain = [k for k, place in enumerate(question.places) if place.horizon is None]
    found = [(question.min_elevation_deg, plain)] if plain else []
    for k, place in enumerate(question.places):
        if place.horizon is not None:
            raised = place.horizon.raised_to(question.min_elevation_deg)
            found.append((min(raised.elevation_deg), [k]))
    return found


def _as_rows(rows: Rows) -> Rows:
    found = np.zeros(len(rows), dtype=ROW)
    for name in PASS.names or ():
        found[name] = rows[name]
    return found


def _one(rows: Rows) -> Generator[Rows, None, None]:
    yield rows


def _sorted(parts: Sequence[Rows]) -> Rows:
    rows = np.concatenate(parts)
    return rows[np.lexsort((rows["place"], rows["object"], rows["rise_s"]))]


def _merged(streams: Sequence[Generator[Rows, None, None]]) -> Iterator[Rows]:
    """Merge streams of rows, each in order of time, into one."""
    if len(streams) == 1:
        yield from streams[0]
        return
    none = np.zeros(0, dtype=ROW)
    heads = [none for _ in streams]
    running = list(range(len(streams)))
    while True:
        for k in list(running):
            while len(heads[k]) == 0:
                block = next(streams[k], None)
                if block is None:
                    running.remove(k)
                    break
                heads[k] = block
        if not running:
            return
        until_s = min(heads[k]["rise_s"][-1] for k in running)
        taken = []
        for k in running:
            ready = int(np.searchsorted(heads[k]["rise_s"], until_s, side="right"))
            taken.append(heads[k][:ready])
            heads[k] = heads[k][ready:]
        yield _sorted(taken)
