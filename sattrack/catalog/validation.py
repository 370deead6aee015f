"""From the texts of catalog files to entries, or to every fault in them at once."""

from __future__ import annotations

from collections.abc import Iterable

from sattrack.catalog.crosschecks import faults_between
from sattrack.catalog.entries import Entry
from sattrack.catalog.faults import CatalogError, Fault
from sattrack.catalog.located import LocatedToml
from sattrack.catalog.tables import CatalogTables


def checked_entries(contents: Iterable[tuple[str, bytes]]) -> list[Entry]:
    """Return the entries that files state together, given the name and content of each.

    Raises:
        CatalogError: something is wrong within a file or between them.
    """
    faults: list[Fault] = []
    files: list[CatalogTables] = []
    order: dict[str, int] = {}
    for name, content in contents:
        order[name] = len(order)
        try:
            tables = CatalogTables(LocatedToml(name, content))
        except CatalogError as error:
            faults += error.faults
        else:
            files.append(tables)
            faults += tables.faults
    # Without the entries of an unreadable file, every reference to them would seem a fault too.
    if len(files) == len(order):
        faults += faults_between(files)
    if faults:
        raise CatalogError(sorted(faults, key=lambda fault: (order[fault.file], fault.line)))
    return [
        stated.table.entry(tables.sources)
        for tables in files
        for stated in tables.entries
        if stated.table
    ]
