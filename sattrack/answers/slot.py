"""How geosynchronous craft keep to their slots, and when the Earth's shadow falls on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sattrack.answers.station_keeping import (
    SLOT_AFTER,
    SLOT_ERROR_S,
    SlotChoice,
    SlotUse,
    held_at,
    is_geosynchronous,
    parts_of,
    slot_use,
    slot_warnings,
)
from sattrack.errors import InvalidInputError
from sattrack.orbits.figure import FIGURE_S, Figure, daily_figure
from sattrack.orbits.shadow import ShadowModel
from sattrack.passes.shadows import Shadow, find_shadows
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking import Tracked

if TYPE_CHECKING:
    from sattrack.orbits.orbit import OrbitEndsError

_SEASON_GAP = timedelta(days=30)
_DAY_S = 86400.0
_DEGREES_PER_S = 360.0 / _DAY_S


@dataclass(frozen=True, slots=True)
class Eclipse:
    """A passage through the Earth's shadow.

    Attributes:
        nominal: by a nominal slot or a planned orbit, not by published elements.
        timing_uncertainty_s: one standard deviation of its times, by the elements' age; of a slot,
            for 0.1 degrees of longitude; None for planned orbits.
    """

    shadow: Shadow
    nominal: bool
    timing_uncertainty_s: float | None

    @property
    def umbra_s(self) -> float:
        """Time in the umbra inside the window."""
        return sum(umbra.duration_s for umbra in self.shadow.umbras)


@dataclass(frozen=True, slots=True)
class EclipseSeason:
    """Eclipses with less than a month between one and the next.

    Attributes:
        first, last: the beginning of the first and the end of the last.
        count: how many.
        longest_s, longest_umbra_s: the longest of them.
        open_start, open_end: the window may cut it.
    """

    first: datetime
    last: datetime
    count: int
    longest_s: float
    longest_umbra_s: float
    open_start: bool
    open_end: bool


@dataclass(frozen=True, slots=True)
class SlotOf:
    """How one spacecraft keeps to its slot.

    Attributes:
        measured: the two sidereal days of `figure`.
        longitude_error_deg: one standard deviation by the age of its elements then, or None.
        eclipses: in order of time; all, or the first where the user set a limit.
        use: where and when it is taken to stand at its slot, for the eclipses.
        ending: why its orbit ends inside the window, or None.
    """

    tracked: Tracked
    measured: Span
    figure: Figure
    longitude_error_deg: float | None
    eclipses: tuple[Eclipse, ...]
    seasons: tuple[EclipseSeason, ...]
    use: SlotUse | None = None
    ending: OrbitEndsError | None = None

    @property
    def slot_longitude_deg(self) -> float | None:
        """Its nominal longitude: the user's where one is given, or the catalog's, if any."""
        if self.use is not None and self.use.origin == "given":
            return self.use.longitude_deg
        return self.tracked.spacecraft.slot_longitude_deg

    @property
    def offset_deg(self) -> float | None:
        """How far east of its slot its mean longitude lies."""
        slot_deg = self.slot_longitude_deg
        if slot_deg is None:
            return None
        return (self.figure.longitude_deg - slot_deg + 180.0) % 360.0 - 180.0


@dataclass(frozen=True, slots=True)
class SlotAnswer:
    """The answer of `sattrack slot`."""

    span: Span
    model: ShadowModel
    results: tuple[SlotOf, ...]
    warnings: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return all(result.ending is None for result in self.results)

    def in_order(self) -> list[tuple[SlotOf, Eclipse]]:
        """Return all eclipses with their result, in order of time."""
        every = [(result, one) for result in self.results for one in result.eclipses]
        return sorted(every, key=lambda item: item[1].shadow.first)


def slots_of(
    tracked: Sequence[Tracked],
    span: Span,
    choice: SlotChoice | None = None,
    model: ShadowModel = "oblate",
    limit: int | None = None,
) -> SlotAnswer:
    """Tell longitude, drift and daily figure of geosynchronous craft, and their eclipses.

    The figure is that of the first days of the window, or of the epoch of the elements where that
    is more than 14 days away: a craft that is kept at its slot is not where old elements lead.

    Args:
        tracked: the spacecraft with their orbits; those of a group that are not geosynchronous are
            left out, and a warning says so.
        span: the window of the eclipses.
        choice: when geostationary craft are taken to stand at their nominal slot, for the eclipses.
        model: the shape of the Earth.
        limit: keep only the first eclipses of all, this many.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: none is geosynchronous, or one has no slot where it is wanted.
    """
    if limit is not None and limit < 1:
        raise InvalidInputError(f"a limit of {limit} eclipses leaves nothing; give 1 or more")
    others = [item for item in tracked if not is_geosynchronous(item)]
    if len(others) == len(tracked):
        turns = _DAY_S / others[0].orbit.period_s
        raise InvalidInputError(
            f"{others[0].name} is not geosynchronous: it goes round {turns:.3g} times a day, not "
            "once, and holds no slot"
        )
    results = [
        _slot_of(item, span, choice or SlotChoice(), model)
        for item in tracked
        if is_geosynchronous(item)
    ]
    if limit is not None:
        every = SlotAnswer(span, model, tuple(results)).in_order()
        kept = {id(one) for _, one in every[:limit]}
        results = [
            replace(r, eclipses=tuple(one for one in r.eclipses if id(one) in kept))
            for r in results
        ]
    warnings = slot_warnings(
        [(r.tracked, r.use) for r in results], span, f"an eclipse by {SLOT_ERROR_S:.0f} s"
    )
    endings = dict.fromkeys(str(r.ending) for r in results if r.ending is not None)
    said = (*_left_out(others), *warnings, *endings)
    return SlotAnswer(span, model, tuple(results), said, limit)


def _left_out(others: Sequence[Tracked]) -> tuple[str, ...]:
    if not others:
        return ()
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return (f"not geosynchronous, and left out: {others[0].name}{more}",)


def _slot_of(tracked: Tracked, span: Span, choice: SlotChoice, model: ShadowModel) -> SlotOf:
    from sattrack.tracking.ephemerides import bodies

    use = slot_use(tracked, span, choice)
    measured = _measured(tracked, span.start)
    clock = Clock(measured.start)
    eclipses: list[Eclipse] = []
    ending = None
    for part, held in parts_of(span, use):
        mover = tracked if held is None else held_at(tracked, held)
        search = find_shadows(mover.orbit, bodies(), part, model)
        ending = ending or search.ending
        eclipses += [_eclipse(shadow, mover, held is not None) for shadow in search.shadows]
    error_s = tracked.timing_uncertainty_s(measured.start)
    return SlotOf(
        tracked=tracked,
        measured=measured,
        figure=daily_figure(tracked.orbit, clock, 0.0),
        longitude_error_deg=None if error_s is None else error_s * _DEGREES_PER_S,
        eclipses=tuple(eclipses),
        seasons=tuple(_seasons(eclipses, span)),
        use=use,
        ending=ending,
    )


def _measured(tracked: Tracked, start: datetime) -> Span:
    provenance = tracked.provenance
    if provenance.kind == "sgp4" and abs(start - provenance.epoch) > SLOT_AFTER:
        start = provenance.epoch
    return Span.from_days(start, FIGURE_S / _DAY_S)


def _eclipse(shadow: Shadow, mover: Tracked, at_slot: bool) -> Eclipse:
    if at_slot:
        return Eclipse(shadow, True, SLOT_ERROR_S)
    return Eclipse(shadow, mover.provenance.nominal, mover.timing_uncertainty_s(shadow.first))


def _seasons(eclipses: Sequence[Eclipse], span: Span) -> Iterator[EclipseSeason]:
    season: list[Eclipse] = []
    for k, eclipse in enumerate(eclipses):
        season.append(eclipse)
        following = eclipses[k + 1].shadow if k + 1 < len(eclipses) else None
        if following is not None and following.first - eclipse.shadow.last < _SEASON_GAP:
            continue
        day = timedelta(days=1.1)
        first, last = season[0].shadow.first, season[-1].shadow.last
        yield EclipseSeason(
            first=first,
            last=last,
            count=len(season),
            longest_s=max(one.shadow.duration_s for one in season),
            longest_umbra_s=max(one.umbra_s for one in season),
            open_start=first - span.start < day,
            open_end=span.end - last < day,
        )
        season = []
