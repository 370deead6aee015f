"""Ephemerides of a file of the user's, kept like those that a publisher gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from sattrack.catalog import Spacecraft
from sattrack.elements import PublishedStates, StateTable
from sattrack.errors import RejectedDataError, UnknownNameError
from sattrack.store import Fetch, Outcome
from sattrack.updates.bookkeeping import Bookkeeping
from sattrack.updates.report import SourceReport
from sattrack.updates.visit import Scene


class TabledObject(Protocol):
    """An object of a file."""

    @property
    def spacecraft(self) -> Spacecraft:
        """The entry of the catalog, or one made of what the file says."""
        ...

    @property
    def tables(self) -> tuple[StateTable, ...]:
        """Its states; raises RejectedDataError where they are not as they should be."""
        ...


@dataclass(frozen=True)
class EphemerisFile:
    """A file of ephemerides, as a publisher of all that is in it.

    Attributes:
        title: what to call it.
        objects: what it holds.
    """

    title: str
    objects: tuple[TabledObject, ...]
    name: str = "file"
    interval: timedelta = timedelta(0)
    ready: bool = True
    fault: str = ""

    def offers(self, craft: Spacecraft) -> bool:
        """Tell whether it holds an ephemeris of this spacecraft."""
        return any(item.spacecraft.id == craft.id for item in self.objects)


def keep_file(scene: Scene, file: EphemerisFile, wanted: Sequence[Spacecraft]) -> SourceReport:
    """Keep the tables of `wanted`, or of all whose ephemeris the catalog would ask for."""
    books = Bookkeeping(file, scene.ledger)
    fetch = Fetch(file.name, file.name, scene.clock(), "new")
    kept = new = 0
    for craft in wanted:
        if not file.offers(craft):
            books.fail(UnknownNameError.exit_status, f"{craft.name} is not in {file.title}")
    names = {craft.id for craft in wanted}
    for item in file.objects:
        craft = item.spacecraft
        if names and craft.id not in names:
            continue
        try:
            for table in _keepable(craft, item.tables):
                states = PublishedStates(replace(table, retrieved_at=fetch.asked_at), file.name)
                kept += 1
                if scene.store.add_states(states):
                    new += 1
                    scene.tables.append(states)
        except RejectedDataError as error:
            books.fail(error.exit_status, books.owned(str(error)))
    outcome: Outcome = "new" if new else "current" if kept else "rejected"
    books.close(replace(fetch, outcome=outcome, sets=kept, new=new))
    return books.report(0, "table")


def _keepable(craft: Spacecraft, tables: tuple[StateTable, ...]) -> tuple[StateTable, ...]:
    """Return tables that an answer would find again.

    Raises:
        RejectedDataError: nobody would look for them.
    """
    if craft.orbit_data != "ephemeris":
        raise RejectedDataError(
            f"{craft.name} is not tracked by ephemeris; give the file with --elements instead"
        )
    if craft.naif_id is None:
        raise RejectedDataError(
            f"{craft.name} has no NAIF number to be kept under; add it to your catalog, or give "
            "the file with --elements"
        )
    return tables
