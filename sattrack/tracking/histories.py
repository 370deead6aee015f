"""What was published of a spacecraft over time, and what that tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sattrack.catalog import Spacecraft
from sattrack.catalog.identity import check_identity
from sattrack.elements import Published
from sattrack.errors import InvalidInputError, NoOrbitError
from sattrack.orbits.ageing import Staleness, staleness
from sattrack.orbits.manoeuvres import Manoeuvre, find_breaks, find_manoeuvres
from sattrack.tracking.orbits import requests_of, uncatalogued
from sattrack.tracking.shelves import Shelf
from sattrack.tracking.tracker import Tracker


@dataclass(frozen=True, slots=True)
class History:
    """The element sets held of a spacecraft, and what they tell.

    Attributes:
        sets: by ascending epoch; of several sources all of them.
        manoeuvres: found between them, in order of time.
        staleness: how far off their predictions were, by age.
    """

    spacecraft: Spacecraft
    sets: tuple[Published, ...]
    manoeuvres: tuple[Manoeuvre, ...]
    staleness: tuple[Staleness, ...]


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """The answer of `sattrack history`.

    Attributes:
        as_of: only what was known then was used; None for all.
    """

    results: tuple[History, ...]
    as_of: datetime | None = None
    warnings: tuple[str, ...] = ()


def histories(
    tracker: Tracker, names: Sequence[str], as_of: datetime | None = None
) -> HistoryAnswer:
    """Return the histories of what is named, from all shelves together.

    Args:
        tracker: the catalog and the element sets at hand.
        names: spacecraft, instruments, missions, groups or catalog numbers; without any, all
            element sets given.
        as_of: use only what was known then.

    Raises:
        UnknownNameError: nothing that flies is called that.
        NoOrbitError: no element sets of any of them are held, or they must not be used.
        RejectedDataError: the sets held are those of another object.
    """
    if tracker.given_tables is not None:
        raise InvalidInputError("an ephemeris file holds no element sets; leave --elements out")
    if not names and tracker.given is None:
        raise InvalidInputError("name at least one spacecraft")
    shelves: Sequence[Shelf] = tracker.shelves if tracker.given is None else (tracker.given,)
    found, missing, warnings = [], [], []
    for request in requests_of(names, tracker.catalog, shelves, tracker.given):
        craft = request.spacecraft
        sets = _held(craft, shelves, as_of)
        if not sets:
            missing.append(craft)
            continue
        elements = [item.elements for item in sets]
        if craft.id == str(craft.norad_id):
            craft = uncatalogued(elements[-1])
        jumps, breaks = find_manoeuvres(elements), find_breaks(elements)
        manoeuvres = tuple(jump for jump in jumps if not any(item.spoils(jump) for item in breaks))
        warnings += [f"{craft.name}: {item}" for item in breaks]
        # Neither tells how a good prediction ages.
        found.append(History(craft, sets, manoeuvres, staleness(elements, jumps)))
    said = [f"no element sets of {craft.name} are held" for craft in missing]
    if not found:
        raise NoOrbitError(f"{said[0]}; run: sattrack update {missing[0].id}")
    return HistoryAnswer(tuple(found), as_of, (*said, *warnings))


def _held(
    craft: Spacecraft, shelves: Sequence[Shelf], as_of: datetime | None
) -> tuple[Published, ...]:
    """Return the sets of all shelves by epoch; what one source gave twice counts once."""
    if craft.norad_id is None:
        return ()
    of = {
        (item.elements.epoch, item.source): item
        for shelf in shelves
        for item in shelf.history(craft.norad_id, as_of)
    }
    if craft.gp_refused and of:
        raise NoOrbitError(f"{craft.name}: {craft.gp_refused}")
    for item in of.values():
        check_identity(item.elements, craft)
    return tuple(of[key] for key in sorted(of))
