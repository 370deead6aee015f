"""The tables of the store, as numbered steps from an empty file to what this program wants.

A step that was released is never edited: its files are out there. What changes is a new step at
the end of `MIGRATIONS`. Every step is one transaction, and leaves its number in `user_version`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from sqlite3 import Connection

APPLICATION_ID = int.from_bytes(b"satt", "big")

_M001_TABLES = (
    # The text that sets came from.
    """
    CREATE TABLE document (
        document_id INTEGER PRIMARY KEY,
        sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
        deflated BLOB NOT NULL
    )
    """,
    # The row is the key: the sets of an object lie together in the file, in order of epoch.
    """
    CREATE TABLE element_set (
        norad_id INTEGER NOT NULL,
        epoch_us INTEGER NOT NULL,
        source TEXT NOT NULL,
        retrieved_us INTEGER NOT NULL,
        document_id INTEGER REFERENCES document,
        mean_motion_rev_day REAL NOT NULL,
        eccentricity REAL NOT NULL,
        inclination_deg REAL NOT NULL,
        raan_deg REAL NOT NULL,
        argument_of_perigee_deg REAL NOT NULL,
        mean_anomaly_deg REAL NOT NULL,
        bstar_per_earth_radius REAL NOT NULL,
        mean_motion_dot_rev_day2 REAL NOT NULL,
        mean_motion_ddot_rev_day3 REAL NOT NULL,
        name TEXT NOT NULL,
        cospar_id TEXT NOT NULL,
        classification TEXT NOT NULL,
        ephemeris_type INTEGER NOT NULL,
        element_set_no INTEGER NOT NULL,
        rev_at_epoch INTEGER NOT NULL,
        PRIMARY KEY (norad_id, epoch_us, source)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE designation (
        norad_id INTEGER NOT NULL,
        source TEXT NOT NULL,
        since_us INTEGER NOT NULL,
        name TEXT NOT NULL,
        cospar_id TEXT NOT NULL,
        PRIMARY KEY (norad_id, source, since_us)
    ) WITHOUT ROWID
    """,
    # Whether a source offers an object, from when on; the row written last is in force.
    """
    CREATE TABLE offer (
        offer_id INTEGER PRIMARY KEY,
        norad_id INTEGER NOT NULL,
        source TEXT NOT NULL,
        since_us INTEGER NOT NULL,
        offered INTEGER NOT NULL CHECK (offered IN (0, 1))
    )
    """,
    "CREATE INDEX offer_of_object ON offer (norad_id, source)",
    """
    CREATE TABLE fetch (
        fetch_id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        request TEXT NOT NULL,
        asked_us INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        message TEXT NOT NULL,
        next_allowed_us INTEGER,
        sets INTEGER NOT NULL,
        new INTEGER NOT NULL
    )
    """,
    "CREATE INDEX fetch_of_request ON fetch (source, request)",
)
_M001_APPEND_ONLY = ("document", "element_set", "designation", "offer", "fetch")


def m001_element_sets(connection: Connection) -> None:
    """Begin: element sets, the documents they came from, and the fetch log; all append-only.

    Times are whole microseconds of UTC since 1970.
    """
    for statement in _M001_TABLES:
        connection.execute(statement)
    _refuse_changes(connection, _M001_APPEND_ONLY)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


_M002_TABLES = (
    # Arrays of float64: the instants of a table, or its states of one day. The tables of successive
    # days share most of them.
    """
    CREATE TABLE state_block (
        block_id INTEGER PRIMARY KEY,
        sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
        deflated BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE state_table (
        table_id INTEGER PRIMARY KEY,
        naif_id INTEGER NOT NULL,
        source TEXT NOT NULL,
        retrieved_us INTEGER NOT NULL,
        first_us INTEGER NOT NULL,
        last_us INTEGER NOT NULL,
        data_until_us INTEGER,
        object_name TEXT NOT NULL,
        centre_naif_id INTEGER NOT NULL,
        solution TEXT NOT NULL,
        start_jd_tdb REAL NOT NULL,
        sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
        UNIQUE (naif_id, source, sha256)
    )
    """,
    """
    CREATE TABLE state_table_block (
        table_id INTEGER NOT NULL REFERENCES state_table,
        place INTEGER NOT NULL,
        block_id INTEGER NOT NULL REFERENCES state_block,
        PRIMARY KEY (table_id, place)
    ) WITHOUT ROWID
    """,
)
_M002_APPEND_ONLY = ("state_block", "state_table", "state_table_block")


def m002_state_tables(connection: Connection) -> None:
    """Add tables of states; append-only like all others."""
    for statement in _M002_TABLES:
        connection.execute(statement)
    _refuse_changes(connection, _M002_APPEND_ONLY)


def _refuse_changes(connection: Connection, tables: Iterable[str]) -> None:
    for table in tables:
        for change in ("UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER {table}_refuses_{change.lower()} BEFORE {change} ON {table}"
                " BEGIN SELECT raise(ABORT, 'rows are only added'); END"
            )


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (m001_element_sets, m002_state_tables)


def version_of(connection: Connection) -> int:
    """Return the number of the last step that the file has taken; 0 for an empty one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Make what the body writes one transaction, begun when nobody else writes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def migrate(connection: Connection) -> None:
    """Take the steps that are missing, each whole or not at all.

    Of several programs that open the file at once, one takes a step while the others wait.
    """
    for number, step in enumerate(MIGRATIONS, start=1):
        with transaction(connection):
            if version_of(connection) < number:
                step(connection)
                connection.execute(f"PRAGMA user_version = {number}")
