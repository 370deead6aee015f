"""Where craft stand in the sky of a place as time goes by, and what each does next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import numpy as np

from sattrack.answers.lunar import about_the_moon
from sattrack.answers.passes import search_passes
from sattrack.answers.positions import PositionOf, position_of
from sattrack.catalog import Catalog, Group
from sattrack.errors import (
    BusyError,
    NoOrbitError,
    RejectedDataError,
    SattrackError,
    StorageError,
)
from sattrack.orbits.shadow import SHADES, illumination
from sattrack.passes import Pass, Sighting
from sattrack.passes.sky import SKIES, sky_kinds, sun_elevation_deg
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking import Tracked, Tracker, cautions
from sattrack.tracking.ephemerides import bodies
from sattrack.tracking.following import Followed

EventKind: TypeAlias = Literal["rise", "culmination", "set"]

# What is watched where nobody says what: a group of the user's of this name, or these of the
# catalog.
OWN_GROUP = "watch"
FLAGSHIPS = ("gems", "tempo", "danuri", "recon")

# A window reaches back by this or a revolution, so that a pass in progress shows its rise, and a
# step back costs nothing; and this far ahead, each tried in turn until a whole pass is found.
_BACK, _LONGEST_BACK = timedelta(hours=6), timedelta(days=2)
_AHEAD = (timedelta(days=1), timedelta(days=4), timedelta(days=16))
# Elements are chosen anew after this much of the time shown; the nearest epoch may be another.
_CHOSEN_FOR = timedelta(hours=6)
# After an error of the orbit, a window is tried again from this much of the time shown on.
_RETRIED = timedelta(hours=1)
_WARNED_AHEAD_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a craft does in the sky of a place.

    Attributes:
        limb: it comes out from behind the Moon there, or goes behind it.
    """

    kind: EventKind
    sighting: Sighting
    limb: bool = False

    @property
    def time(self) -> datetime:
        """When."""
        return self.sighting.time


@dataclass(frozen=True, slots=True)
class Window:
    """The passes of one craft around an instant.

    Attributes:
        built: the instant.
        span: what was searched.
        passes: in order of time.
        ends: the orbit ends with the span.
        error: why nothing could be searched, or None.
    """

    built: datetime
    span: Span
    passes: tuple[Pass, ...] = ()
    ends: bool = False
    error: str = ""

    def serves(self, instant: datetime) -> bool:
        """Whether it still tells the next event at `instant`.

        It does while a pass lies ahead whose set it knows; where it found none although it is as
        long as they get, for half of that; where the orbit ends, to its end. Before the instant
        that it was built for, the pass in progress must not be cut: its culmination may be ahead.
        """
        if self.error:
            return abs(instant - self.built) < _RETRIED
        if not self.span.start <= instant <= self.span.end:
            return False
        ahead = [one for one in self.passes if one.last.time >= instant]
        if instant < self.built and ahead and ahead[0].open_start:
            return False
        if self.ends or any(not one.open_end for one in ahead):
            return True
        return instant - self.built < _AHEAD[-1] / 2 and self.is_longest

    @property
    def is_longest(self) -> bool:
        """Whether no longer window would have been tried."""
        return self.span.end - self.built >= _AHEAD[-1]


@dataclass(frozen=True, slots=True)
class Watched:
    """One craft at an instant.

    Attributes:
        time: the instant.
        position: None where the orbit does not reach.
        light: `sunlit`, `penumbra` or `umbra`, of a lunar orbiter with whose; empty where the Sun
            is not known.
        window: its passes around the instant.
        error: why there is no position, or no passes.
    """

    tracked: Tracked
    time: datetime
    position: PositionOf | None
    light: str
    window: Window
    error: str = ""

    @property
    def current(self) -> Pass | None:
        """The pass in progress, or the next; None where there is none."""
        return next((p for p in self.window.passes if p.last.time >= self.time), None)

    @property
    def is_up(self) -> bool:
        """Whether it can be reached: above the mask, and not behind the Moon."""
        current = self.current
        return current is not None and current.first.time <= self.time

    @property
    def next(self) -> Event | None:
        """What comes next; None where the window tells nothing."""
        return next((e for e in events_of(self.window.passes) if e.time > self.time), None)

    @property
    def timing_uncertainty_s(self) -> float | None:
        """One standard deviation of the time of what comes next; None for planned orbits."""
        coming = self.next
        return self.tracked.timing_uncertainty_s(self.time if coming is None else coming.time)

    @property
    def until(self) -> datetime:
        """How far the window reaches, which says of what has no event that none comes before."""
        return self.window.span.end


def events_of(passes: Iterable[Pass]) -> Iterable[Event]:
    """Yield what happens in passes, in order; of one that a window cuts, no culmination."""
    for one in passes:
        if one.rise is not None:
            yield Event("rise", one.rise, getattr(one, "begins", "") == "limb")
        # The highest point inside a window need not be that of a pass which goes on outside it.
        if not (one.open_start or one.open_end):
            yield Event("culmination", one.culmination)
        if one.set is not None:
            yield Event("set", one.set, getattr(one, "ends", "") == "limb")


@dataclass(frozen=True, slots=True)
class WatchAnswer:
    """What is shown at an instant.

    Attributes:
        sun_deg: the Sun's elevation at the place; None where it is not known.
        missing: why others of those asked for are not among `results`.
        warnings: what a user should know before trusting it.
    """

    time: datetime
    place: Place
    min_elevation_deg: float
    results: tuple[Watched, ...]
    sun_deg: float | None = None
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def sky(self) -> str:
        """The place's sky from `day` to `night`; empty where the Sun is not known."""
        return "" if self.sun_deg is None else SKIES[int(sky_kinds(np.array(self.sun_deg)))]

    def coming(self) -> list[tuple[Watched, Pass]]:
        """Return the pass in progress or the next of each craft, in order of their rise."""
        every = [(one, one.current) for one in self.results]
        found = [(one, pass_) for one, pass_ in every if pass_ is not None]
        return sorted(found, key=lambda item: item[1].first.time)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to watch, from where.

    Attributes:
        names: as for `Tracker.search`.
        max_age, as_of: as there.
    """

    names: tuple[str, ...]
    place: Place
    min_elevation_deg: float = 10.0
    max_age: timedelta | None = None
    as_of: datetime | None = None


def names_to_watch(names: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """Return the names given, or what is watched where none is: see `OWN_GROUP`."""
    given = tuple(names)
    if given:
        return given
    own = catalog.get(OWN_GROUP)
    return (own.id,) if isinstance(own, Group) else FLAGSHIPS


@dataclass(slots=True)
class Watch:
    """Answers the same question again and again, at any instants.

    What it remembers is one window of passes for each craft, made anew when time leaves it, however
    long it runs.

    Attributes:
        followed: the tracker, which follows the store.
    """

    question: Question
    followed: Followed
    _chosen: datetime | None = None
    _tracked: tuple[Tracked, ...] = ()
    _missing: tuple[SattrackError, ...] = ()
    _windows: dict[str, Window] = field(default_factory=dict)

    def begin(self, instant: datetime) -> None:
        """Choose the orbits.

        Raises:
            SattrackError: none of what was asked for can be answered for.
        """
        self._choose(self.followed.tracker, instant)
        if not self._tracked:
            raise self._missing[0]

    def reread(self, now: datetime, instant: datetime) -> str:
        """Choose the orbits anew if the store has changed, and say so in a sentence, or nothing.

        Args:
            now: by the clock of the machine.
            instant: the time shown.

        Raises:
            SattrackError: the store cannot be read; what was chosen stays.
        """
        if not self.followed.reread(now):
            return ""
        changed = self._choose(self.followed.tracker, instant)
        if not changed:
            return "the store has changed; nothing new of these craft"
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"newer orbit data: {changed[0]}{more}"

    def at(self, instant: datetime) -> WatchAnswer:
        """Return what to show at `instant`.

        Raises:
            SattrackError: elements were to be chosen anew, and could not; what was chosen stays,
                and answers when asked again.
        """
        if self._chosen is None or abs(instant - self._chosen) > _CHOSEN_FOR:
            # Whatever happens, the next attempt is as far off as the next choice.
            self._chosen = instant
            self._choose(self.followed.tracker, instant)
        clock = Clock(instant)
        results = tuple(self._watched(item, clock) for item in self._tracked)
        moment = Span.from_days(instant, _WARNED_AHEAD_DAYS)
        return WatchAnswer(
            instant,
            self.question.place,
            self.question.min_elevation_deg,
            results,
            self._sun_deg(clock),
            tuple(map(str, self._missing)),
            cautions(self._tracked, moment),
        )

    def _choose(self, tracker: Tracker, instant: datetime) -> list[str]:
        """Choose orbits for an instant; return the names of those that are now others."""
        question = self.question
        found = tracker.search(
            *question.names, at=instant, max_age=question.max_age, as_of=question.as_of
        )
        for error in found.missing:
            # A damaged store is no reason to forget an orbit.
            if isinstance(error, StorageError | BusyError | RejectedDataError) and self._tracked:
                raise error
        before = {item.spacecraft.id: item for item in self._tracked}
        self._chosen, self._tracked, self._missing = instant, found.tracked, found.missing
        kept = {item.spacecraft.id for item in found.tracked if _is_same(item, before)}
        self._windows = {id_: w for id_, w in self._windows.items() if id_ in kept}
        return [item.name for item in found.tracked if item.spacecraft.id not in kept]

    def _watched(self, tracked: Tracked, clock: Clock) -> Watched:
        position, light, error = None, "", ""
        try:
            position = position_of(tracked, self.question.place, clock, above_moon=False)
            light = _light(tracked, clock)
        except NoOrbitError as reason:
            error = str(reason)
        window = self._window(tracked, clock.start)
        return Watched(tracked, clock.start, position, light, window, error or window.error)

    def _window(self, tracked: Tracked, instant: datetime) -> Window:
        known = self._windows.get(tracked.spacecraft.id)
        if known is None or not known.serves(instant):
            known = _searched(tracked, self.question, instant)
            self._windows[tracked.spacecraft.id] = known
        return known

    def _sun_deg(self, clock: Clock) -> float | None:
        try:
            return float(sun_elevation_deg(self.question.place, bodies(), clock, np.zeros(1))[0])
        except NoOrbitError:
            return None


def _is_same(tracked: Tracked, before: dict[str, Tracked]) -> bool:
    """Whether a craft's orbit is the one that was chosen before."""
    old = before.get(tracked.spacecraft.id)
    if old is None:
        return False

    def origin(item: Tracked) -> tuple[object, ...]:
        said = item.provenance
        return said.kind, said.epoch, said.source, said.retrieved_at, said.coverage

    return origin(old) == origin(tracked)


def _light(tracked: Tracked, clock: Clock) -> str:
    orbit = about_the_moon(tracked)
    try:
        if orbit is not None:
            from sattrack.orbits import moon

            return moon.illumination(orbit, clock.time(np.zeros(1)))[0]
        return SHADES[illumination(tracked.orbit, bodies(), clock, np.zeros(1))[0]]
    except NoOrbitError:
        # The ephemeris of the Sun ends in 2050.
        return ""


def _searched(tracked: Tracked, question: Question, instant: datetime) -> Window:
    window = None
    for ahead in _AHEAD:
        window = _search(tracked, question, instant, ahead)
        if window.serves(instant):
            break
    assert window is not None
    return window


def _search(tracked: Tracked, question: Question, instant: datetime, ahead: timedelta) -> Window:
    """Search a window from a while before the instant, or where the orbit is younger, from it."""
    error = ""
    turn = timedelta(seconds=min(1.05 * tracked.orbit.period_s, _LONGEST_BACK.total_seconds()))
    for back in (max(_BACK, turn), timedelta()):
        span = Span(instant - back, instant + ahead)
        try:
            search = search_passes(tracked, question.place, span, question.min_elevation_deg)
        except NoOrbitError as reason:
            error = str(reason)
        else:
            return Window(instant, search.span, search.passes, search.ending is not None)
    return Window(instant, span, error=error)
