"""How newer elements change the passes over a place: appeared, vanished, or moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from sattrack.catalog import Spacecraft
from sattrack.elements import ElementSet
from sattrack.errors import NoOrbitError
from sattrack.orbits import Sgp4
from sattrack.passes import Pass, Sighting, find_passes
from sattrack.places import Place
from sattrack.times import Span

PassChangeKind: TypeAlias = Literal["appeared", "vanished", "moved"]

# Below this nobody has to be told.
_MOVED_S = 1.0


@dataclass(frozen=True, slots=True)
class PassChange:
    """One pass, by the elements before and after an update; None where there is none."""

    spacecraft: Spacecraft
    place: Place
    before: Pass | None
    after: Pass | None

    @property
    def kind(self) -> PassChangeKind:
        """What happened to it."""
        if self.before is None:
            return "appeared"
        return "vanished" if self.after is None else "moved"

    @property
    def moved_s(self) -> float:
        """How much later it comes: of rise, culmination and set the largest change, signed."""
        if self.before is None or self.after is None:
            return 0.0
        moves = [
            (new.time - old.time).total_seconds() for old, new in _events(self.before, self.after)
        ]
        return max(moves, key=abs, default=0.0)

    @property
    def shown(self) -> Pass:
        """The pass as it is now, or as it was."""
        shown = self.after or self.before
        assert shown is not None
        return shown


def pass_changes(
    before: Mapping[int, ElementSet],
    after: Mapping[int, ElementSet],
    craft: Iterable[Spacecraft],
    places: Sequence[Place],
    span: Span,
    min_elevation_deg: float,
) -> tuple[PassChange, ...]:
    """Return the passes that differ by more than a second, in order of time.

    Passes that the window cuts are compared where it does not cut them. An orbit that does not work
    in the window has no passes there.

    Args:
        before, after: element sets by catalog number; only objects in both are compared.
        craft: the spacecraft to compare.
        places: observers or antennas.
        span: the window.
        min_elevation_deg: the mask, from -10 to 89.

    Raises:
        InvalidInputError: the mask is out of range.
    """
    changes = []
    for spacecraft in craft:
        old, new = (sets.get(spacecraft.norad_id or 0) for sets in (before, after))
        if old is None or new is None or old == new:
            continue
        period = timedelta(days=1) / new.mean_motion_rev_day
        for place in places:
            were = _passes(old, place, span, min_elevation_deg)
            are = _passes(new, place, span, min_elevation_deg)
            pairs = _paired(were, are, period / 2)
            changes += [PassChange(spacecraft, place, *pair) for pair in pairs]
    reported = [change for change in changes if _is_reported(change)]
    return tuple(sorted(reported, key=lambda change: change.shown.first.time))


def _passes(elements: ElementSet, place: Place, span: Span, mask_deg: float) -> tuple[Pass, ...]:
    try:
        return find_passes(Sgp4(elements), place, span, mask_deg).passes
    except NoOrbitError:
        return ()


def _paired(
    before: Sequence[Pass], after: Sequence[Pass], reach: timedelta
) -> list[tuple[Pass | None, Pass | None]]:
    """Return each pass with the one that it became: the nearest, less than `reach` away."""
    pairs: list[tuple[Pass | None, Pass | None]] = []
    left = list(before)
    for new in after:
        old = min(left, key=lambda pass_: _apart(pass_, new), default=None)
        if old is not None and _apart(old, new) < reach:
            left.remove(old)
            pairs.append((old, new))
        else:
            pairs.append((None, new))
    return pairs + [(old, None) for old in left]


def _apart(one: Pass, other: Pass) -> timedelta:
    return abs(one.culmination.time - other.culmination.time)


def _events(before: Pass, after: Pass) -> list[tuple[Sighting, Sighting]]:
    """Return rise, culmination and set of both, where the window cuts neither."""
    cut_start = before.open_start or after.open_start
    cut_end = before.open_end or after.open_end
    events = []
    if not cut_start:
        events.append((before.first, after.first))
    if not (cut_start or cut_end):
        events.append((before.culmination, after.culmination))
    if not cut_end:
        events.append((before.last, after.last))
    return events


def _is_reported(change: PassChange) -> bool:
    if change.kind == "moved":
        return abs(change.moved_s) > _MOVED_S
    # What only shows at the edge of the window did not appear; the edge came to it.
    return not (change.shown.open_start or change.shown.open_end)
