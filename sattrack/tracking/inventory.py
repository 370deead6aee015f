"""Everything at hand at once: of each object the element set that suits a time.

What `search` makes of a name with care, for thousands of objects without names: no orbit is
prepared for each, and no history of its own is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sattrack.catalog import Catalog, Spacecraft
from sattrack.catalog.identity import check_identity
from sattrack.elements import Published
from sattrack.errors import InvalidInputError, RejectedDataError
from sattrack.times import iso_utc
from sattrack.tracking.orbits import Tracked
from sattrack.tracking.shelves import nearest_of
from sattrack.tracking.tracker import Tracker

_DAY = timedelta(days=1)


class Listed(NamedTuple):
    """An object with its element set.

    Attributes:
        id, name: of the catalog, where it knows the object; else number and published name.
        norad_id: catalog number.
        craft: the catalog's entry.
    """

    id: str
    name: str
    norad_id: int
    published: Published
    craft: Spacecraft | None = None


class Lack(NamedTuple):
    """An object that cannot be answered for, or not to the end, and why."""

    id: str
    name: str
    norad_id: int | None
    reason: str


class Inventory(NamedTuple):
    """The objects at hand, and those whose element sets must not be used."""

    listed: tuple[Listed, ...]
    lacks: tuple[Lack, ...]


def inventory(
    tracker: Tracker,
    instant: datetime,
    max_age: timedelta | None = None,
    as_of: datetime | None = None,
) -> Inventory:
    """Return all objects of which element sets are at hand.

    Args:
        tracker: the store and the embedded sets; or those of a file, which answer instead.
        instant: of each object the set whose epoch is nearest to it is taken.
        max_age: refuse sets further from it than this.
        as_of: use only what was known then.

    Raises:
        InvalidInputError: the file holds ephemerides, which need no screening.
    """
    if tracker.given_tables is not None:
        raise InvalidInputError("the file holds ephemerides; name the craft in it")
    found: dict[int, Published] = {}
    for shelf in tracker.shelves if tracker.given is None else (tracker.given,):
        for item in shelf.nearest_of_all(instant, as_of):
            number = item.elements.norad_id
            earlier = found.get(number)
            found[number] = (
                item if earlier is None else nearest_of((earlier, item), instant) or item
            )
    known = _by_number(tracker.catalog)
    listed, lacks = [], []
    for number, item in found.items():
        one = _listed(number, item, known.get(number))
        reason = _objection(one, instant, max_age)
        if reason:
            lacks.append(Lack(one.id, one.name, number, reason))
        else:
            listed.append(one)
    return Inventory(tuple(listed), tuple(lacks))


def listed_of(tracked: Iterable[Tracked]) -> tuple[tuple[Listed, ...], tuple[Tracked, ...]]:
    """Return those of some craft that SGP4 moves, as an inventory has them; and the others."""
    from sattrack.orbits import Sgp4

    listed, others = [], []
    for item in tracked:
        craft, orbit, origin = item.spacecraft, item.orbit, item.provenance
        if isinstance(orbit, Sgp4):
            published = Published(orbit.elements, origin.source, origin.retrieved_at)
            number = orbit.elements.norad_id
            listed.append(Listed(craft.id, craft.name, number, published, craft))
        else:
            others.append(item)
    return tuple(listed), tuple(others)


def _by_number(catalog: Catalog) -> dict[int, Spacecraft]:
    return {
        craft.norad_id: craft for craft in catalog.each(Spacecraft) if craft.norad_id is not None
    }


def _listed(number: int, item: Published, craft: Spacecraft | None) -> Listed:
    if craft is None:
        name = item.elements.name or f"NORAD {number}"
        return Listed(str(number), name, number, item)
    return Listed(craft.id, craft.name, number, item, craft)


def _objection(one: Listed, instant: datetime, max_age: timedelta | None) -> str:
    """Return why an element set must not be used, or nothing."""
    elements, craft = one.published.elements, one.craft
    if craft is not None:
        if craft.gp_refused:
            return craft.gp_refused
        try:
            check_identity(elements, craft)
        except RejectedDataError as error:
            return str(error)
    if max_age is not None and abs(instant - elements.epoch) > max_age:
        age_days = abs(instant - elements.epoch) / _DAY
        return (
            f"its elements of {iso_utc(elements.epoch)} are {age_days:.1f} days from "
            f"{iso_utc(instant)}, more than --max-age allows"
        )
    return ""
