"""Orbits read from tables: those of the store, those of a file, and the embedded default."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from sattrack.catalog import Spacecraft
from sattrack.elements import Coverage, PublishedStates
from sattrack.errors import NoOrbitError
from sattrack.times import iso_utc

if TYPE_CHECKING:
    from sattrack.orbits.tabulated import Tabulated

EMBEDDED = "embedded"
# Between two tables that go on from each other, for what UTC is rounded to.
ABUTTING = timedelta(milliseconds=1)


class TableShelf(Protocol):
    """Tables of states at hand: the store, or a file of the user's."""

    def states(
        self, naif_id: int, instant: datetime, as_of: datetime | None = None
    ) -> PublishedStates | None:
        """Return the table that covers `instant`; of those known at `as_of` the newest."""
        ...

    def coverages(
        self, naif_id: int, as_of: datetime | None = None
    ) -> tuple[tuple[str, datetime, datetime], ...]:
        """Return what is covered: the solution, from when to when; the newest table last."""
        ...


@dataclass(frozen=True, slots=True)
class TableOrbit:
    """An orbit read from a table, and where that comes from.

    Attributes:
        source: the publisher, `embedded` or `file`.
    """

    orbit: Tabulated
    source: str
    retrieved_at: datetime | None

    @property
    def epoch(self) -> datetime:
        """Where measurements end; where that is not said, when it was retrieved, or begins."""
        return self.orbit.motion.data_until or self.retrieved_at or self.orbit.coverage[0]

    @property
    def coverage(self) -> Coverage:
        """What the table says of itself."""
        motion = self.orbit.motion
        error_s = motion.error_km / self.mean_speed_km_s
        return Coverage(
            motion.source, *self.orbit.coverage, motion.data_until, motion.error_km, error_s
        )

    @property
    def mean_speed_km_s(self) -> float:
        """Speed of a circular orbit with the same period."""
        from sattrack.orbits.tabulated import GM_OF

        motion = self.orbit.motion
        return float((2.0 * math.pi * GM_OF[motion.centre_naif_id] / motion.period_s) ** (1 / 3))

    def sigma_at(self, instant: datetime) -> float:
        """Return how far off, in seconds, a contact near `instant` may begin or end."""
        import numpy as np

        from sattrack.orbits.far import FAR_ERROR_S, is_far
        from sattrack.times.scale import timescale

        seconds = self.orbit.motion_seconds(timescale().from_datetime(instant))
        (lag_s,) = self.orbit.motion.lag_s(np.atleast_1d(seconds))
        error_s = self.orbit.motion.error_km / self.mean_speed_km_s + float(lag_s)
        return error_s + (FAR_ERROR_S if is_far(self.orbit) else 0.0)


def table_orbit(
    craft: Spacecraft,
    instant: datetime,
    shelves: Sequence[TableShelf],
    as_of: datetime | None = None,
) -> TableOrbit:
    """Return the orbit of a spacecraft that is published as an ephemeris.

    A table that covers the instant answers, else the embedded default.

    Raises:
        NoOrbitError: nothing at hand covers the instant; says what is covered, and what to do.
    """
    if craft.naif_id is None:
        raise NoOrbitError(f"{craft.name} has no NAIF number to look an ephemeris up by")
    for shelf in shelves:
        published = shelf.states(craft.naif_id, instant, as_of)
        if published is not None:
            return orbit_of(*_continued(published, shelf, as_of))
    embedded = embedded_orbit(craft.naif_id, as_of)
    if embedded is not None:
        first, last = embedded.orbit.coverage
        if first <= instant <= last:
            return embedded
    raise NoOrbitError(_uncovered(craft, instant, shelves, embedded, as_of))


def _continued(
    published: PublishedStates, shelf: TableShelf, as_of: datetime | None
) -> list[PublishedStates]:
    """Return a table with those that go on where it ends: newer ones of the same solution."""
    chain = [published]
    while True:
        last = chain[-1].table
        following = shelf.states(last.naif_id, last.coverage[1] + ABUTTING, as_of)
        if following is None or not _goes_on(chain[-1], following):
            return chain
        chain.append(following)


def _goes_on(before: PublishedStates, after: PublishedStates) -> bool:
    one, other = before.table, after.table
    about = (before.source, one.source, one.centre_naif_id)
    if about != (after.source, other.source, other.centre_naif_id):
        return False
    if one.retrieved_at and other.retrieved_at and other.retrieved_at < one.retrieved_at:
        return False
    return one.coverage[0] < other.coverage[0] <= one.coverage[1] + ABUTTING


def orbit_of(*published: PublishedStates) -> TableOrbit:
    """Return the orbit that tables describe, each until the next begins."""
    from sattrack.orbits.tabulated import Hermite, Joined, Tabulated
    from sattrack.tracking.ephemerides import bodies

    first = published[0]
    motions = [Hermite(item.table) for item in published]
    motion = motions[0] if len(motions) == 1 else Joined(motions)
    return TableOrbit(Tabulated(motion, bodies()), first.source, first.table.retrieved_at)


def embedded_orbit(naif_id: int, as_of: datetime | None = None) -> TableOrbit | None:
    """Return the default that ships with the catalog, if there is one and it was known."""
    from sattrack.catalog.ephemeris import DANURI_NAIF_ID, DANURI_RETRIEVED_AT
    from sattrack.tracking.ephemerides import embedded_danuri

    if naif_id != DANURI_NAIF_ID or (as_of is not None and as_of < DANURI_RETRIEVED_AT):
        return None
    return TableOrbit(embedded_danuri(), EMBEDDED, DANURI_RETRIEVED_AT)


def _uncovered(
    craft: Spacecraft,
    instant: datetime,
    shelves: Sequence[TableShelf],
    embedded: TableOrbit | None,
    as_of: datetime | None,
) -> str:
    """Return what to say when nothing covers an instant."""
    known = "" if as_of is None else f" known on {iso_utc(as_of)}"
    remedy = f"run: sattrack update {craft.id}, or give an ephemeris file with --elements"
    covered = [
        coverage
        for shelf in shelves
        for coverage in shelf.coverages(craft.naif_id or 0, as_of)[-1:]
    ]
    if embedded is not None:
        covered.append((embedded.orbit.motion.source, *embedded.orbit.coverage))
    if not covered:
        return f"no ephemeris of {craft.name}{known} is held; {remedy}"
    said = ", ".join(
        f"{solution} covers {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
        for solution, first, last in covered
    )
    return f"{craft.name}: no orbit{known} at {iso_utc(instant)}; {said}; {remedy}"
