"""A visit to a publisher of ephemerides: one table for each spacecraft, once a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from sattrack.catalog import Spacecraft
from sattrack.elements import PublishedStates, StateTable
from sattrack.errors import NoOrbitError, RejectedDataError
from sattrack.formats.horizons import CoverageError, StatesAsked, read_states
from sattrack.sources import EphemerisSource, Progress
from sattrack.store import Fetch
from sattrack.times import Span
from sattrack.updates.bookkeeping import Bookkeeping
from sattrack.updates.report import SourceReport
from sattrack.updates.visit import Scene

# What is wanted of a spacecraft, around now.
_PAST, _AHEAD = timedelta(days=1), timedelta(days=14)
# After an answer that is no table, the same spacecraft waits this long.
_AFTER_FAILURE = timedelta(hours=2)
# It names the end of its measurements by the day alone.
_ONE_DAY = timedelta(days=1)
# An ephemeris has two ends; whoever names more limits is not to be asked for ever.
_MOST_LIMITS = 2


class EphemerisVisit:
    """One visit to one publisher; it ends with the first answer that is neither table nor limit."""

    def __init__(self, scene: Scene, source: EphemerisSource) -> None:
        self.scene = scene
        self.source = source
        self._books = Bookkeeping(source, scene.ledger)
        self._current = 0

    def run(self, wanted: Sequence[Spacecraft]) -> SourceReport:
        """Bring the tables of `wanted` up to date, one after another."""
        scene, now = self.scene, self.scene.clock()
        due = [craft for craft in wanted if not self._is_settled(craft, now)]
        for craft in due:
            shut = scene.ledger.shutting(self.source, scene.clock())
            if shut is not None:
                self._books.stand(shut)
                break
            if not self._refresh(craft):
                break
        return self._books.report(self._current, "table")

    def _is_settled(self, craft: Spacecraft, now: datetime) -> bool:
        """Tell whether a spacecraft is not to be asked for now, and say why if that is a fault."""
        line = self.scene.ledger.binding(self.source, self.source.key(craft), now)
        if line is None:
            return False
        if line.outcome not in ("new", "current"):
            self._books.stand(line)
            return True
        if not self.scene.store.ephemerides(craft.naif_id or 0):
            return False
        self._current += 1
        if line.next_allowed_at is not None:
            self._books.next_at.append(line.next_allowed_at)
        return True

    def _refresh(self, craft: Spacecraft) -> bool:
        """Ask for the states of one spacecraft, and keep them; return whether to go on."""
        now = self.scene.clock()
        parts = self.source.plan(craft, Span(now - _PAST, now + _AHEAD))
        tables: list[StateTable] = []
        limits: list[CoverageError] = []
        while parts:
            fetch = self._opened(craft)
            with self._books.asking(fetch):
                done = replace(fetch, next_allowed_at=None)
                try:
                    tables.append(self._table(craft, parts[0]))
                    parts = parts[1:]
                except CoverageError as limit:
                    limits.append(limit)
                    parts = _covered(parts, limit) if len(limits) <= _MOST_LIMITS else ()
                    done = replace(done, outcome="not offered", message=str(limit))
                with self.scene.store.whole_or_nothing():
                    if not parts:
                        done = self._concluded(tables, limits, done)
                    self._books.close(done)
                continue
            return False
        return True

    def _opened(self, craft: Spacecraft) -> Fetch:
        """Note that a request is about to be sent; return the line for the case that it fails."""
        key, now = self.source.key(craft), self.scene.clock()
        self.scene.ledger.open(self.source, key, now)
        return Fetch(self.source.name, key, now, "new", next_allowed_at=now + _AFTER_FAILURE)

    def _table(self, craft: Spacecraft, asked: StatesAsked) -> StateTable:
        """Ask for states, and return them."""
        answer = read_states(self.source.fetch(asked, self._progress(craft)), asked)
        self.scene.warnings += answer.warnings
        return answer.table

    def _progress(self, craft: Spacecraft) -> Progress | None:
        on_progress = self.scene.on_progress
        if on_progress is None:
            return None
        return lambda size: on_progress(self.source, craft.name, size)

    def _concluded(
        self, tables: Sequence[StateTable], limits: Sequence[CoverageError], fetch: Fetch
    ) -> Fetch:
        """Keep what came; return the last line for the fetch log."""
        next_at = fetch.asked_at + self.source.interval
        if not tables:
            self._books.fail(NoOrbitError.exit_status, str(limits[-1]))
            return replace(fetch, next_allowed_at=next_at)
        table = replace(joined(tables), retrieved_at=fetch.asked_at)
        if table.data_until is not None and table.data_until > fetch.asked_at + _ONE_DAY:
            table = replace(table, data_until=None)  # nobody has measured what is still to come
        states = PublishedStates(table, self.source.name)
        new = self.scene.store.add_states(states)
        if new:
            self.scene.tables.append(states)
        self.scene.warnings += map(str, limits)
        return replace(
            fetch,
            outcome="new" if new else "current",
            message="" if new else f"{self.source.title} has nothing newer; kept",
            next_allowed_at=next_at,
            sets=1,
            new=int(new),
        )


def _covered(parts: Sequence[StatesAsked], limit: CoverageError) -> tuple[StatesAsked, ...]:
    """Return what is left of some requests when nothing is asked for beyond a limit."""
    cut = (part.within(limit.first_jd_tdb, limit.last_jd_tdb) for part in parts)
    return tuple(part for part in cut if part is not None)


def joined(tables: Sequence[StateTable]) -> StateTable:
    """Return one table of several, each of which begins with the last state of the one before.

    Raises:
        RejectedDataError: they do not come from one solution.
    """
    import numpy as np

    first = tables[0]
    if len(tables) == 1:
        return first
    seconds, position, velocity = [first.seconds], [first.position_km], [first.velocity_km_s]
    for before, table in pairwise(tables):
        fits = np.array_equal(before.position_km[:, -1], table.position_km[:, 0])
        if table.source != first.source or not fits:
            raise RejectedDataError(
                f"{first.object_name}: the solution changed between two answers"
            )
        offset_s = (table.start_jd_tdb - first.start_jd_tdb) * 86400.0
        seconds.append(table.seconds[1:] + offset_s)
        position.append(table.position_km[:, 1:])
        velocity.append(table.velocity_km_s[:, 1:])
    return replace(
        first,
        seconds=np.concatenate(seconds),
        position_km=np.concatenate(position, axis=1),
        velocity_km_s=np.concatenate(velocity, axis=1),
    )
