"""Element sets to store, and a store that leaves nothing behind."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sattrack.elements import ElementSet, Published
from sattrack.store import Store
from sattrack.store.migrations import migrate

# CelesTrak GP data, 2026-07-10.
ISS = ElementSet(
    norad_id=25544,
    epoch=datetime(2026, 7, 10, 3, 41, 7, 908864, UTC),
    mean_motion_rev_day=15.48965714,
    eccentricity=0.00066838,
    inclination_deg=51.6302,
    raan_deg=186.4276,
    argument_of_perigee_deg=277.889,
    mean_anomaly_deg=82.1339,
    bstar_per_earth_radius=0.00011035045,
    mean_motion_dot_rev_day2=0.00005628,
    name="ISS (ZARYA)",
    cospar_id="1998-067A",
    rev_at_epoch=57531,
)
MORNING = datetime(2026, 7, 10, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def iss(
    epoch_h: float = 0.0,
    source: str = "celestrak",
    retrieved_h: float = 0.0,
    **changes: object,
) -> Published:
    """Return elements of the space station, hours after those of that morning."""
    elements = replace(ISS, epoch=ISS.epoch + epoch_h * HOUR, **changes)
    return Published(elements, source, MORNING + retrieved_h * HOUR)


def batch(number: int, source: str, size: int) -> list[Published]:
    """Return sets of `size` objects, all with the same epoch; every batch has another."""
    return [of_batch(number, source, norad_id) for norad_id in range(1, size + 1)]


def of_batch(number: int, source: str, norad_id: int) -> Published:
    """Return the set of one object in a batch."""
    return iss(number, source, number, norad_id=norad_id)


def store_in_memory(*sets: Published) -> Store:
    """Return a store without a file, that holds these sets, added one after another."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    store = Store(connection, Path("memory.sqlite"))
    for item in sets:
        store.add([item])
    return store


def rows_of(store: Store, question: str) -> list[tuple[object, ...]]:
    """Return what the file itself holds."""
    return store._connection.execute(question).fetchall()
