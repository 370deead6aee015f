"""The store: all element sets and ephemerides ever fetched, and a log of what was asked of whom."""

from __future__ import annotations

import contextlib
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import TypeVar

from sattrack.catalog.names import name_key
from sattrack.elements import Published, PublishedStates
from sattrack.store.migrations import transaction
from sattrack.store.opening import (
    damaged,
    open_for_reading,
    open_for_writing,
    reported,
    times_set_aside,
)
from sattrack.store.records import (
    FETCH_COLUMNS,
    ORBIT_COLUMNS,
    SET_COLUMNS,
    Added,
    Designation,
    Fetch,
    Rename,
    Row,
    designation_of,
    fetch_of,
    fetch_row,
    instant_of,
    key_of,
    microseconds,
    orbit_of,
    published_of,
    retrieval_of,
    set_row,
)
from sattrack.store.states import (
    EPHEMERIS_COLUMNS,
    TABLE_COLUMNS,
    Ephemeris,
    block_of,
    blocks_of,
    digest_of,
    ephemeris_of,
    states_of,
    table_row,
)

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)

# Of several sources with one epoch, the set that was learnt first: no answer changes because
# another source repeats it later.
_PREFERRED = "retrieved_us, source"

_NEAREST = f"""
    SELECT {SET_COLUMNS} FROM element_set
    WHERE norad_id = :norad_id AND retrieved_us <= :as_of AND epoch_us IN (
        (SELECT max(epoch_us) FROM element_set
         WHERE norad_id = :norad_id AND retrieved_us <= :as_of AND epoch_us <= :instant),
        (SELECT min(epoch_us) FROM element_set
         WHERE norad_id = :norad_id AND retrieved_us <= :as_of AND epoch_us > :instant))
    ORDER BY abs(epoch_us - :instant), epoch_us DESC, {_PREFERRED} LIMIT 1
"""
# Leaps from object to object along the key, so that its cost is that of the objects alone,
# however many sets there are of each.
_OBJECTS = """
    WITH RECURSIVE object (norad_id) AS (
        SELECT min(norad_id) FROM element_set
        UNION ALL
        SELECT (SELECT min(norad_id) FROM element_set WHERE norad_id > object.norad_id)
        FROM object WHERE norad_id IS NOT NULL)
"""
_LATEST_OF_ALL = f"""
    {_OBJECTS}
    SELECT {SET_COLUMNS} FROM object JOIN element_set USING (norad_id)
    WHERE (epoch_us, source) = (
        SELECT epoch_us, source FROM element_set AS other
        WHERE other.norad_id = object.norad_id AND retrieved_us <= :as_of
        ORDER BY epoch_us DESC, {_PREFERRED} LIMIT 1)
"""
_NEAREST_OF_ALL = f"""
    {_OBJECTS}
    SELECT {SET_COLUMNS} FROM object JOIN element_set USING (norad_id)
    WHERE (epoch_us, source) = (
        SELECT epoch_us, source FROM element_set AS other
        WHERE other.norad_id = object.norad_id AND retrieved_us <= :as_of AND epoch_us IN (
            (SELECT max(epoch_us) FROM element_set AS earlier
             WHERE earlier.norad_id = object.norad_id AND retrieved_us <= :as_of
                AND epoch_us <= :instant),
            (SELECT min(epoch_us) FROM element_set AS later
             WHERE later.norad_id = object.norad_id AND retrieved_us <= :as_of
                AND epoch_us > :instant))
        ORDER BY abs(epoch_us - :instant), epoch_us DESC, {_PREFERRED} LIMIT 1)
"""
_HISTORY = f"""
    SELECT {SET_COLUMNS} FROM element_set
    WHERE norad_id = :norad_id AND retrieved_us <= :as_of ORDER BY epoch_us, {_PREFERRED}
"""
_ORBIT = f"""
    SELECT {ORBIT_COLUMNS} FROM element_set WHERE norad_id = ? AND epoch_us = ? AND source = ?
"""
_DOCUMENT = """
    SELECT deflated FROM element_set JOIN document USING (document_id)
    WHERE norad_id = ? AND epoch_us = ? AND source = ?
"""
_DESIGNATIONS = """
    SELECT norad_id, source, max(since_us), name, cospar_id FROM designation
    GROUP BY norad_id, source
"""
# Of the rows, of which most say that something is offered, only the others need a look back.
_NOT_OFFERED = """
    SELECT norad_id, source, since_us FROM offer
    WHERE NOT offered AND NOT EXISTS (
        SELECT 1 FROM offer AS later
        WHERE (later.norad_id, later.source) = (offer.norad_id, offer.source)
            AND later.offer_id > offer.offer_id)
"""
_OFFERS = """
    SELECT norad_id, offered FROM offer
    WHERE offer_id IN (SELECT max(offer_id) FROM offer WHERE source = ? GROUP BY norad_id)
"""
# What was retrieved last knows most, of the past as of the future.
_TABLE = f"""
    SELECT table_id, {TABLE_COLUMNS} FROM state_table
    WHERE naif_id = :naif_id AND retrieved_us <= :as_of
        AND :instant BETWEEN first_us AND last_us
    ORDER BY retrieved_us DESC, table_id DESC LIMIT 1
"""
_BLOCKS = """
    SELECT sha256, deflated FROM state_table_block JOIN state_block USING (block_id)
    WHERE table_id = ? ORDER BY place
"""
_EPHEMERIDES = f"""
    SELECT {EPHEMERIS_COLUMNS} FROM state_table
    WHERE naif_id = :naif_id AND retrieved_us <= :as_of ORDER BY retrieved_us, table_id
"""
_REFUSED_UNTIL = """
    SELECT next_allowed_us FROM fetch
    WHERE source = ? AND request = '*' AND outcome = 'refused' AND next_allowed_us IS NOT NULL
    ORDER BY next_allowed_us DESC LIMIT 1
"""

Value = TypeVar("Value")


class Store:
    """All element sets and ephemerides ever fetched, and the log of what was asked of whom.

    Rows are added and never changed. A set is told from another by object, epoch and source.
    Numbers and times come back exactly as they were given (but -0.0 as 0.0, which is equal).

    Any method raises `StorageError` when the file cannot be read or written, and `BusyError`
    when others kept it locked for ten seconds; what was stored before stays as it was.

    Where `as_of` is given, only what had been retrieved by then counts, as if asked that day.

    Attributes:
        path: the file; it need not exist when opened for reading.
        notices: what the user should know about the file, a line each.
    """

    def __init__(self, connection: Connection, path: Path, notices: tuple[str, ...] = ()) -> None:
        self._connection = connection
        self.path = path
        self.notices = notices

    @classmethod
    def open(cls, path: Path, *, writable: bool = True) -> Store:
        """Open the store at `path`, and create it if it is to be written and does not exist.

        A damaged file is set aside as `<name>.corrupt-<UTC time>` by whoever may write, and left
        alone by others; either way the store answers from nothing, and `notices` says so.

        Args:
            writable: otherwise no file is created or changed (SQLite may lay its log and index
                beside it), a missing or unreadable one is an empty store, and a folder that
                cannot be written does not matter.

        Raises:
            StorageError: the file cannot be written, or a newer sattrack wrote it.
            BusyError: others kept writing for ten seconds.
        """
        connection, notices = open_for_writing(path) if writable else open_for_reading(path)
        return cls(connection, path, notices)

    def close(self) -> None:
        """Close the file; the store answers nothing from then on."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Element sets

    def add(self, sets: Iterable[Published], text: bytes = b"") -> Added:
        """Keep the sets that are not held yet; all of them, or none on an error.

        Two sets of one object, epoch and source are the same if their orbits are, drag terms and
        derivatives included: of a name or a revolution number that differs, only the name is kept,
        as a designation. If the orbits differ in any digit, the first one stays.

        Args:
            sets: with `retrieved_at`, and with values that `check_element_set` accepts.
            text: the document that they came from; kept once, and only with sets that are new.

        Raises:
            ValueError: a set does not say when it was retrieved.
        """
        offered = tuple(sets)
        with self.whole_or_nothing():
            new, known, conflicts = self._told_apart(offered)
            if new:
                self._insert(new, self._document_id(text))
            renamed = self._note_designations((*known, *new))
            self._note_offered_again((*known, *new))
        return Added(tuple(new), len(known), tuple(conflicts), renamed)

    def _told_apart(
        self, offered: Sequence[Published]
    ) -> tuple[list[Published], list[Published], list[Published]]:
        """Return the sets that are new, known, and in conflict with what is held."""
        new: list[Published] = []
        known: list[Published] = []
        conflicts: list[Published] = []
        added: dict[tuple[int, int, str], Row] = {}
        for item in offered:
            key, orbit = key_of(item), orbit_of(item.elements)
            held = added.get(key) or self._connection.execute(_ORBIT, key).fetchone()
            if held is None:
                added[key] = orbit
                new.append(item)
            elif held == orbit:
                known.append(item)
            else:
                conflicts.append(item)
        return new, known, conflicts

    def _insert(self, sets: Sequence[Published], document_id: int | None) -> None:
        columns = f"{SET_COLUMNS}, document_id"
        marks = ", ".join("?" * len(columns.split(",")))
        self._connection.executemany(
            f"INSERT INTO element_set ({columns}) VALUES ({marks})",
            ((*set_row(item), document_id) for item in sets),
        )

    def _document_id(self, text: bytes) -> int | None:
        """Return the number under which a document is kept, keeping it if it is not yet."""
        return self._kept("document", "document_id", text) if text else None

    def _kept(self, table: str, key: str, content: bytes) -> int:
        """Return the number under which content is kept in a table, keeping it if it is not yet."""
        digest = hashlib.sha256(content).digest()
        self._connection.execute(
            f"INSERT INTO {table} (sha256, deflated) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (digest, zlib.compress(content)),
        )
        found = self._connection.execute(f"SELECT {key} FROM {table} WHERE sha256 = ?", (digest,))
        return int(found.fetchone()[0])

    def _note_designations(self, sets: Iterable[Published]) -> tuple[Rename, ...]:
        """Keep names and designators other than those published before; return what changed."""
        before = self.designations()
        noted: list[Designation] = []
        renamed: list[Rename] = []
        for key, item in _last_words(sets).items():
            old = before.get(key)
            new = _designation(item, old)
            if old is None:
                noted.append(new)
            elif new.since > old.since and (new.name, new.cospar_id) != (old.name, old.cospar_id):
                noted.append(new)
                renamed.append(Rename(old, new))
        self._connection.executemany(
            "INSERT INTO designation (norad_id, source, since_us, name, cospar_id)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                (item.norad_id, item.source, microseconds(item.since), item.name, item.cospar_id)
                for item in noted
            ),
        )
        return tuple(renamed)

    def nearest(
        self, norad_id: int, instant: datetime, as_of: datetime | None = None
    ) -> Published | None:
        """Return the set whose epoch is nearest to `instant`, or None.

        Of two sets as near as each other, the later epoch wins; of several sources with the same
        epoch, the one that was retrieved first, so that no later repetition changes an answer.
        """
        question = {"norad_id": norad_id, "instant": microseconds(instant), "as_of": _day(as_of)}
        return next(iter(self._read(published_of, _NEAREST, question)), None)

    def newest(self, norad_id: int, as_of: datetime | None = None) -> Published | None:
        """Return the set of the newest epoch, or None."""
        return self.nearest(norad_id, _END_OF_TIME, as_of)

    def latest_of_all(self, as_of: datetime | None = None) -> Iterator[Published]:
        """Return the set of the newest epoch of each object, by ascending catalog number."""
        return iter(self._read(published_of, _LATEST_OF_ALL, {"as_of": _day(as_of)}))

    def nearest_of_all(
        self, instant: datetime, as_of: datetime | None = None
    ) -> tuple[Published, ...]:
        """Return the set of each object that `nearest` returns, by ascending catalog number."""
        question = {"instant": microseconds(instant), "as_of": _day(as_of)}
        return tuple(self._read(published_of, _NEAREST_OF_ALL, question))

    def history(self, norad_id: int, as_of: datetime | None = None) -> tuple[Published, ...]:
        """Return every set of an object, from every source, by ascending epoch."""
        question = {"norad_id": norad_id, "as_of": _day(as_of)}
        return tuple(self._read(published_of, _HISTORY, question))

    def document_of(self, item: Published) -> bytes | None:
        """Return the document that a set came from, or None when it was stored without one."""
        return next(iter(self._read(_inflated, _DOCUMENT, key_of(item))), None)

    def count(self) -> int:
        """Return the number of element sets."""
        (number,) = self._read(_number, "SELECT count(*) FROM element_set")
        return number

    def objects(self) -> int:
        """Return the number of objects that element sets are held of."""
        (number,) = self._read(_number, f"{_OBJECTS} SELECT count(norad_id) FROM object")
        return number

    def numbers(self) -> frozenset[int]:
        """Return their catalog numbers."""
        question = f"{_OBJECTS} SELECT norad_id FROM object WHERE norad_id IS NOT NULL"
        return frozenset(self._read(_number, question))

    # Tables of states

    def count_tables(self) -> int:
        """Return the number of tables of states."""
        (number,) = self._read(_number, "SELECT count(*) FROM state_table")
        return number

    def add_states(self, states: PublishedStates) -> bool:
        """Keep a table of states; return whether the source had not said the same before.

        Args:
            states: with `retrieved_at`, and a table that `check_state_table` accepts.

        Raises:
            ValueError: the table does not say when it was retrieved.
        """
        row, blocks = table_row(states), blocks_of(states.table)
        with self.whole_or_nothing():
            marks = ", ".join("?" * len(row))
            added = self._connection.execute(
                f"INSERT INTO state_table ({TABLE_COLUMNS}, sha256) VALUES ({marks}, ?)"
                " ON CONFLICT DO NOTHING RETURNING table_id",
                (*row, digest_of(row, blocks)),
            ).fetchone()
            if added is None:
                return False
            for place, block in enumerate(blocks):
                block_id = self._kept("state_block", "block_id", block)
                self._connection.execute(
                    "INSERT INTO state_table_block (table_id, place, block_id) VALUES (?, ?, ?)",
                    (added[0], place, block_id),
                )
        return True

    def states(
        self, naif_id: int, instant: datetime, as_of: datetime | None = None
    ) -> PublishedStates | None:
        """Return the table that covers `instant`, of several the one retrieved last, or None."""
        question = {"naif_id": naif_id, "instant": microseconds(instant), "as_of": _day(as_of)}
        return next(iter(self._read(self._states_of, _TABLE, question)), None)

    def _states_of(self, row: Row) -> PublishedStates:
        table_id, *said = row
        return states_of(tuple(said), self._read(block_of, _BLOCKS, (table_id,)))

    def ephemerides(self, naif_id: int, as_of: datetime | None = None) -> tuple[Ephemeris, ...]:
        """Return what tables are held of an object, in the order of their retrieval."""
        question = {"naif_id": naif_id, "as_of": _day(as_of)}
        return tuple(self._read(ephemeris_of, _EPHEMERIDES, question))

    def coverages(
        self, naif_id: int, as_of: datetime | None = None
    ) -> tuple[tuple[str, datetime, datetime], ...]:
        """Return the solution and coverage of each of them."""
        held = self.ephemerides(naif_id, as_of)
        return tuple((item.solution, item.first, item.last) for item in held)

    # What sources call objects, and whether they offer them

    def designations(self) -> dict[tuple[int, str], Designation]:
        """Return how each source last called each object, by catalog number and source."""
        latest = self._read(designation_of, _DESIGNATIONS)
        return {(item.norad_id, item.source): item for item in latest}

    def named(self, name: str) -> tuple[int, ...]:
        """Return the catalog numbers of what was last published under `name`, in any spelling."""
        key = name_key(name)
        found = {
            item.norad_id for item in self.designations().values() if name_key(item.name) == key
        }
        return tuple(sorted(found))

    def mark_not_offered(self, norad_id: int, source: str, since: datetime) -> None:
        """Note that a source has nothing of an object, until a set from there is added again.

        Nothing changes for an object that was marked before: the first `since` stays.
        """
        self.mark_offers(source, since, missing=[norad_id])

    def mark_offers(
        self,
        source: str,
        since: datetime,
        offered: Iterable[int] = (),
        missing: Iterable[int] = (),
    ) -> None:
        """Note which objects a source has and which not, or a group of a source's.

        Nothing changes for an object of which the same was noted before.
        """
        with self.whole_or_nothing():
            before = self._offers(source)
            self._note_offers(
                (number, source, microseconds(since), is_offered)
                for numbers, is_offered in ((offered, True), (missing, False))
                for number in numbers
                if before.get(number) is not is_offered
            )

    def offered(self, source: str) -> frozenset[int]:
        """Return the catalog numbers of what a source has, as last noted."""
        return frozenset(number for number, has in self._offers(source).items() if has)

    def _offers(self, source: str) -> dict[int, bool]:
        return dict(self._read(_offer, _OFFERS, (source,)))

    def not_offered(self) -> dict[tuple[int, str], datetime]:
        """Return since when a source has nothing of an object, by catalog number and source."""
        return dict(self._read(_absence, _NOT_OFFERED))

    def _note_offered_again(self, sets: Iterable[Published]) -> None:
        if missing := self.not_offered():
            self._note_offers(
                (*key, microseconds(retrieval_of(item)), True)
                for key, item in _last_words(sets).items()
                if key in missing
            )

    def _note_offers(self, offers: Iterable[tuple[int, str, int, bool]]) -> None:
        self._connection.executemany(
            "INSERT INTO offer (norad_id, source, since_us, offered) VALUES (?, ?, ?, ?)", offers
        )

    # The fetch log

    def log_fetch(self, fetch: Fetch) -> None:
        """Add a line to the log; on return it survives a power cut."""
        with self.whole_or_nothing():
            self._connection.execute(
                f"INSERT INTO fetch ({FETCH_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                fetch_row(fetch),
            )

    def last_fetch(self, source: str, request: str) -> Fetch | None:
        """Return the fetch that was logged last, or None.

        Last by the log and not by the clock, which may have been years ahead once.
        """
        return self._last_fetch(source, request, "TRUE")

    def last_good_fetch(self, source: str, request: str) -> Fetch | None:
        """Return the fetch with outcome `new` or `current` that was logged last, or None."""
        return self._last_fetch(source, request, "outcome IN ('new', 'current')")

    def _last_fetch(self, source: str, request: str, condition: str) -> Fetch | None:
        rows = self._read(
            fetch_of,
            f"SELECT {FETCH_COLUMNS} FROM fetch WHERE source = ? AND request = ? AND {condition}"
            " ORDER BY fetch_id DESC LIMIT 1",
            (source, request),
        )
        return next(iter(rows), None)

    def latest_fetch(self) -> Fetch | None:
        """Return the line that was written last, of whatever source, or None."""
        question = f"SELECT {FETCH_COLUMNS} FROM fetch ORDER BY fetch_id DESC LIMIT 1"
        return next(iter(self._read(fetch_of, question)), None)

    def fetches(
        self, source: str | None = None, since: datetime | None = None
    ) -> tuple[Fetch, ...]:
        """Return the log in the order written: of one source or all, asked at `since` or later."""
        log = self._read(
            fetch_of,
            f"SELECT {FETCH_COLUMNS} FROM fetch"
            " WHERE source = ifnull(:source, source) AND asked_us >= ifnull(:since, asked_us)"
            " ORDER BY fetch_id",
            {"source": source, "since": None if since is None else microseconds(since)},
        )
        return tuple(log)

    def refused_until(self, source: str) -> datetime | None:
        """Return the latest time that refusals of the whole source (request `*`) named, or None.

        It may be long past.
        """
        return next(iter(self._read(_first_instant, _REFUSED_UNTIL, (source,))), None)

    def times_forgotten(self) -> list[datetime]:
        """Return when a damaged file, and the log in it, was set aside, in order of time."""
        return times_set_aside(self.path)

    # The file

    def _read(
        self,
        value_of: Callable[[Row], Value],
        question: str,
        parameters: Row | Mapping[str, object] = (),
    ) -> list[Value]:
        """Return what the rows of the answer say."""
        with reported(self.path):
            rows = self._connection.execute(question, parameters).fetchall()
        try:
            return list(map(value_of, rows))
        except (TypeError, ValueError, OverflowError, zlib.error) as error:
            # SQLite keeps no checksums: a page can be damaged and still have its form.
            raise damaged(self.path, error) from error

    @contextlib.contextmanager
    def whole_or_nothing(self) -> Iterator[None]:
        """Make what the body adds one transaction: on disk when it ends, or not at all.

        Raises:
            StorageError: it cannot be written, and none of it is.
        """
        with reported(self.path):
            if self._connection.in_transaction:
                yield  # part of a larger one, which ends it
                return
            with transaction(self._connection):
                yield


def _number(row: Row) -> int:
    return int(row[0])


def _first_instant(row: Row) -> datetime:
    return instant_of(row[0])


def _inflated(row: Row) -> bytes:
    return zlib.decompress(row[0])


def _absence(row: Row) -> tuple[tuple[int, str], datetime]:
    norad_id, source, since_us = row
    return (norad_id, source), instant_of(since_us)


def _offer(row: Row) -> tuple[int, bool]:
    norad_id, offered = row
    return norad_id, bool(offered)


def _day(as_of: datetime | None) -> int:
    return microseconds(_END_OF_TIME if as_of is None else as_of)


def _designation(item: Published, before: Designation | None) -> Designation:
    """Return how a set calls its object; what it leaves out stays as it was before."""
    elements = item.elements
    return Designation(
        elements.norad_id,
        item.source,
        retrieval_of(item),
        elements.name or (before.name if before else ""),
        elements.cospar_id or (before.cospar_id if before else ""),
    )


def _last_words(sets: Iterable[Published]) -> dict[tuple[int, str], Published]:
    """Return the set of each object and source that was retrieved last, of them the newest."""
    in_order = sorted(sets, key=lambda item: (retrieval_of(item), item.elements.epoch))
    return {(item.elements.norad_id, item.source): item for item in in_order}
