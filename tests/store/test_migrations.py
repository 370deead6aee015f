"""The steps from an empty file, and from the first release's, to what this program wants."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from store.samples import HOUR, MORNING, iss, rows_of

from sattrack.errors import StorageError
from sattrack.store import Fetch, Store, migrations
from sattrack.store.migrations import MIGRATIONS, migrate, version_of

# Written by make_first_release.py with the program of that release; it never changes.
FIRST_RELEASE = (Path(__file__).parent / "data" / "m001.sql").read_text()


def first_release(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(FIRST_RELEASE)
    return path


def schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    )
    return [(name, " ".join(sql.split())) for name, sql in rows]


def m003_notes(connection: sqlite3.Connection) -> None:
    """A step such as the next one will be."""
    connection.execute(
        "CREATE TABLE note (note_id INTEGER PRIMARY KEY, text TEXT NOT NULL,"
        " document_id INTEGER NOT NULL REFERENCES document)"
    )
    connection.execute("INSERT INTO note VALUES (1, 'good', 1)")


def broken(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (done INTEGER)")
    connection.execute("SELECT * FROM the_other_half")


@pytest.fixture
def next_step(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def extend(step: Callable[[sqlite3.Connection], None]) -> None:
        longer = (*MIGRATIONS, step)
        monkeypatch.setattr(migrations, "MIGRATIONS", longer)
        monkeypatch.setattr("sattrack.store.opening.MIGRATIONS", longer)

    return extend


def test_the_first_step_makes_what_the_first_release_had() -> None:
    released, made = sqlite3.connect(":memory:"), sqlite3.connect(":memory:", isolation_level=None)
    with closing(released), closing(made):
        released.executescript(FIRST_RELEASE)
        MIGRATIONS[0](made)
        assert schema(made) == schema(released)


def test_an_empty_file_becomes_what_the_first_release_becomes(path: Path, tmp_path: Path) -> None:
    Store.open(path).close()
    old = first_release(tmp_path / "old" / "store.sqlite")
    Store.open(old).close()
    with closing(sqlite3.connect(path)) as empty, closing(sqlite3.connect(old)) as released:
        assert schema(empty) == schema(released)
        assert version_of(empty) == version_of(released) == len(MIGRATIONS)


@pytest.mark.parametrize("writable", [True, False])
def test_the_first_release_is_read(path: Path, writable: bool) -> None:
    with Store.open(first_release(path), writable=writable) as store:
        assert store.notices == ()
        assert store.count() == 4
        first, second = iss(name="OBJECT A"), iss(1, retrieved_h=1)
        assert store.history(25544) == (first, second, iss(1, "file", 2))
        assert store.document_of(first) == b"first document"
        assert store.designations()[25544, "celestrak"].name == "ISS (ZARYA)"
        assert store.not_offered() == {(43823, "celestrak"): MORNING}
        refused = Fetch("celestrak", "*", MORNING, "refused", "403", MORNING + 2 * HOUR)
        assert store.fetches() == (refused,)
        assert store.ephemerides(-155) == ()
        assert store.states(-155, MORNING) is None


def test_a_later_step_keeps_what_there_was(path: Path, next_step) -> None:
    first_release(path)
    next_step(m003_notes)
    with Store.open(path) as store:
        assert store.notices == ()
        assert store.count() == 4
        assert store.add([iss(2)]).new == (iss(2),)
    with Store.open(path) as store:
        assert store.count() == 5
        assert rows_of(store, "SELECT * FROM note") == [(1, "good", 1)]


def test_an_older_file_that_must_not_change_is_brought_up_to_date_in_memory(
    path: Path, next_step
) -> None:
    digest = hashlib.sha256(first_release(path).read_bytes()).digest()
    next_step(m003_notes)
    with Store.open(path, writable=False) as store:
        assert store.count() == 4
        assert rows_of(store, "SELECT count(*) FROM note") == [(1,)]
    assert hashlib.sha256(path.read_bytes()).digest() == digest


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path, next_step) -> None:
    first_release(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, broken))
        with pytest.raises(StorageError, match=r"store\.sqlite: no such table: the_other_half"):
            Store.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == len(MIGRATIONS)
        assert "half" not in dict(schema(connection))
    with Store.open(path) as store:
        assert (store.count(), store.notices) == (4, ())


@pytest.mark.parametrize("writable", [True, False])
def test_a_newer_file_is_not_touched(path: Path, writable: bool) -> None:
    with closing(sqlite3.connect(first_release(path))) as connection:
        connection.execute("PRAGMA user_version = 7")
    content = path.read_bytes()
    known = len(MIGRATIONS)
    message = rf"newer sattrack \(schema 7, this one knows {known}\); upgrade sattrack"
    with pytest.raises(StorageError, match=message) as caught:
        Store.open(path, writable=writable)
    assert str(path) in str(caught.value)
    assert caught.value.exit_status == 9
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.glob("*corrupt*")] == []


def test_migrating_twice_is_migrating_once() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        before = schema(connection)
        migrate(connection)
        assert schema(connection) == before
