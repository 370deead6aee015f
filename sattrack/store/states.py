"""Tables of states as they lie in rows: every array by its digest, so that none is kept twice.

A new table of an object repeats, as long as its publisher has no new solution, the states of the
days that it shares with the one before.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sattrack.elements import PublishedStates, StateTable
from sattrack.store.records import Row, instant_of, microseconds

if TYPE_CHECKING:
    from sattrack.times.scale import FloatArray

_DAY_S = 86400.0
_EXACT = "<f8"


@dataclass(frozen=True, slots=True)
class Ephemeris:
    """What a table of states is about, without the states.

    Attributes:
        source: the publisher, as `horizons`.
        solution: as in `StateTable.source`.
        first, last: the coverage, UTC.
        data_until: states after it are a prediction; None where nothing is said.
    """

    naif_id: int
    source: str
    retrieved_at: datetime
    first: datetime
    last: datetime
    data_until: datetime | None
    object_name: str
    centre_naif_id: int
    solution: str


EPHEMERIS_COLUMNS = (
    "naif_id, source, retrieved_us, first_us, last_us, data_until_us, object_name,"
    " centre_naif_id, solution"
)
TABLE_COLUMNS = f"{EPHEMERIS_COLUMNS}, start_jd_tdb"


def table_row(states: PublishedStates) -> Row:
    """Return the values of `TABLE_COLUMNS`.

    Raises:
        ValueError: the table does not say when it was retrieved.
    """
    table = states.table
    if table.retrieved_at is None:
        raise ValueError(f"NAIF {table.naif_id}: retrieved_at must be set to be stored")
    first, last = table.coverage
    return (
        table.naif_id,
        states.source,
        microseconds(table.retrieved_at),
        microseconds(first),
        microseconds(last),
        None if table.data_until is None else microseconds(table.data_until),
        table.object_name,
        table.centre_naif_id,
        table.source,
        table.start_jd_tdb,
    )


def ephemeris_of(row: Row) -> Ephemeris:
    """Return what the values of `EPHEMERIS_COLUMNS` say."""
    naif_id, source, retrieved_us, first_us, last_us, data_us, *rest = row
    retrieved_at, first, last = map(instant_of, (retrieved_us, first_us, last_us))
    data_until = None if data_us is None else instant_of(data_us)
    return Ephemeris(naif_id, source, retrieved_at, first, last, data_until, *rest)


def blocks_of(table: StateTable) -> list[bytes]:
    """Return the arrays of a table: its instants, then its states of each day."""
    import numpy as np

    states = np.concatenate([table.position_km, table.velocity_km_s])
    days = np.floor(table.seconds / _DAY_S)
    borders = np.flatnonzero(np.diff(days)) + 1
    parts = np.split(states, borders, axis=1)
    return [_bytes(table.seconds), *map(_bytes, parts)]


def _bytes(values: FloatArray) -> bytes:
    return values.astype(_EXACT).tobytes()


def digest_of(row: Row, blocks: Sequence[bytes]) -> bytes:
    """Return what two tables have in common if they say the same, whenever it was retrieved."""
    _, _, _, *said = row
    digests = [hashlib.sha256(block).hexdigest() for block in blocks]
    return hashlib.sha256(repr((said, digests)).encode()).digest()


def block_of(row: Row) -> bytes:
    """Return the array that digest and content say.

    Raises:
        ValueError: the content is not what it was.
    """
    digest, deflated = row
    block = zlib.decompress(deflated)
    if hashlib.sha256(block).digest() != digest:
        raise ValueError("a block of states has changed")
    return block


def states_of(row: Row, blocks: Sequence[bytes]) -> PublishedStates:
    """Return the table that the values of `TABLE_COLUMNS` and its arrays make, digit for digit."""
    import numpy as np

    start_jd_tdb = row[-1]
    about = ephemeris_of(row[:-1])
    seconds, *parts = (np.frombuffer(block, _EXACT).astype(np.float64) for block in blocks)
    states = np.concatenate([part.reshape(6, -1) for part in parts], axis=1)
    table = StateTable(
        object_name=about.object_name,
        naif_id=about.naif_id,
        centre_naif_id=about.centre_naif_id,
        start_jd_tdb=start_jd_tdb,
        seconds=seconds,
        position_km=states[:3],
        velocity_km_s=states[3:],
        source=about.solution,
        retrieved_at=about.retrieved_at,
        data_until=about.data_until,
    )
    return PublishedStates(table, about.source)
