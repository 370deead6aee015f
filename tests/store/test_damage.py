"""A file that is damaged, foreign, unreadable or missing: one line, and never a traceback."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.samples import MORNING, batch, iss

from sattrack.errors import SattrackError, StorageError
from sattrack.store import Fetch, Store


def garbage(path: Path) -> None:
    path.write_bytes(b"<html>403 Forbidden</html>\n" * 1000)


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_within_a_page(path: Path) -> None:
    os.truncate(path, 5000)


def broken_header(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[16:100] = b"\xff" * 84
    path.write_bytes(content)


def broken_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(content)


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photograph (taken_at TEXT)")


def foreign_application(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")


DAMAGE = [
    garbage,
    truncated,
    cut_within_a_page,
    broken_header,
    broken_page,
    foreign,
    foreign_application,
]


def filled(path: Path) -> None:
    with Store.open(path) as store:
        store.add(batch(0, "celestrak", 300), b"document")


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_set_aside(path: Path, damage) -> None:
    filled(path)
    damage(path)
    content = path.read_bytes()
    with Store.open(path) as store:
        (notice,) = store.notices
        assert store.count() == 0
        store.add([iss()])
    (aside,) = path.parent.glob("store.sqlite.corrupt-*Z")
    assert re.fullmatch(r"store\.sqlite\.corrupt-\d{8}T\d{6}Z", aside.name)
    assert aside.read_bytes() == content
    assert notice.startswith(f"{path} was damaged (")
    assert notice.endswith(f"); set aside as {aside.name}, and begun anew")
    assert "\n" not in notice
    with Store.open(path) as store:
        assert (store.count(), store.notices) == (1, ())


@pytest.mark.parametrize("damage", [one for one in DAMAGE if one is not broken_page])
def test_a_reader_leaves_a_damaged_file_alone(path: Path, damage) -> None:
    filled(path)
    damage(path)
    content = path.read_bytes()
    with Store.open(path, writable=False) as store:
        (notice,) = store.notices
        assert store.newest(1) is None
    assert notice.startswith(f"{path} is damaged (")
    assert notice.endswith(") and not used; `sattrack update` sets it aside")
    assert path.read_bytes() == content
    assert list(path.parent.glob("*corrupt*")) == []


def test_damage_that_a_reader_meets_later_is_an_error_in_one_line(path: Path) -> None:
    filled(path)
    broken_page(path)
    with Store.open(path, writable=False) as store:
        message = r"store\.sqlite is damaged \(.*\); `sattrack update` will set it aside"
        with pytest.raises(StorageError, match=message):
            list(store.latest_of_all())


@given(
    st.lists(st.tuples(st.integers(0, 2**20), st.binary(min_size=1, max_size=300)), min_size=1),
    st.booleans(),
)
def test_bytes_changed_anywhere_never_show_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes]], writable: bool
) -> None:
    path = tmp_path_factory.mktemp("spoilt") / "store.sqlite"
    content = bytearray(good_file(tmp_path_factory.getbasetemp()))
    for start, changed in changes:
        begin = start % len(content)
        content[begin : begin + len(changed)] = changed
    path.write_bytes(content)
    with contextlib.suppress(SattrackError), Store.open(path, writable=writable) as store:
        for ask in (
            store.count,
            store.objects,
            store.designations,
            store.not_offered,
            store.fetches,
            lambda: list(store.latest_of_all()),
            lambda: store.history(2),
            lambda: store.newest(1),
            lambda: store.document_of(iss(norad_id=2)),
            lambda: store.refused_until("celestrak"),
            lambda: store.add(batch(0, "celestrak", 30), b"document"),
        ):
            with contextlib.suppress(SattrackError):
                ask()
    shutil.rmtree(path.parent)


@functools.cache
def good_file(folder: Path) -> bytes:
    path = folder / "good.sqlite"
    with Store.open(path) as store:
        store.add(batch(0, "celestrak", 30), b"document")
        store.mark_not_offered(7, "celestrak", MORNING)
        store.log_fetch(Fetch("celestrak", "*", MORNING, "refused", "403", MORNING))
    return path.read_bytes()


def test_a_document_that_does_not_unpack_is_damage(path: Path) -> None:
    with Store.open(path) as store:
        store.add([iss()], b"document")
        store._connection.execute("DROP TRIGGER document_refuses_update")
        store._connection.execute("UPDATE document SET deflated = x'00'")
        with pytest.raises(StorageError, match=r"store\.sqlite is damaged \(Error -5"):
            store.document_of(iss())


def test_two_damaged_files_within_a_second_are_both_kept(path: Path) -> None:
    import time_machine

    with time_machine.travel(MORNING, tick=False):
        for _ in range(3):
            path.parent.mkdir(parents=True, exist_ok=True)
            garbage(path)
            Store.open(path).close()
    names = sorted(file.name for file in path.parent.glob("*corrupt*"))
    stem = "store.sqlite.corrupt-20260710T060000Z"
    assert names == [stem, f"{stem}-2", f"{stem}-3"]


def test_the_log_of_a_damaged_file_goes_with_it(path: Path) -> None:
    filled(path)
    with Store.open(path) as other:
        other.add([iss()])
        log = path.with_name("store.sqlite-wal").read_bytes()
        garbage(path)
        with Store.open(path) as store:
            assert store.count() == 0
        (aside,) = path.parent.glob("*.corrupt-*-wal")
        assert aside.read_bytes() == log


def test_garbage_in_the_log_alone_costs_nothing(path: Path) -> None:
    filled(path)
    path.with_name("store.sqlite-wal").write_bytes(b"\xa5" * 10_000)
    with Store.open(path) as store:
        assert (store.count(), store.notices) == (300, ())


@pytest.mark.parametrize("writable", [True, False])
def test_a_file_of_no_bytes_is_an_empty_store(path: Path, writable: bool) -> None:
    # What a program leaves that is killed at its very first write.
    path.parent.mkdir(parents=True)
    path.touch()
    with Store.open(path, writable=writable) as store:
        assert (store.count(), store.notices) == (0, ())


def test_a_missing_file_is_an_empty_store_that_is_not_created(path: Path) -> None:
    with Store.open(path, writable=False) as store:
        assert (store.count(), store.notices) == (0, ())
    assert not path.parent.exists()


@pytest.mark.parametrize("exists", [True, False])
def test_a_store_opened_for_reading_is_not_written(path: Path, exists: bool) -> None:
    if exists:
        filled(path)
    with Store.open(path, writable=False) as store:
        with pytest.raises(StorageError, match=r"store\.sqlite: attempt to write a readonly"):
            store.add([iss()])
        with pytest.raises(StorageError):
            store.log_fetch(Fetch("celestrak", "*", MORNING, "refused"))
        with pytest.raises(StorageError):
            store.mark_not_offered(1, "celestrak", MORNING)
        assert store.count() == (300 if exists else 0)


def test_a_folder_in_place_of_the_file_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match=r"store\.sqlite: unable to open database file"):
        Store.open(path)
    with Store.open(path, writable=False) as store:
        assert store.notices == (f"cannot read {path}: not a file",)


def test_a_file_in_place_of_the_folder_is_said(path: Path) -> None:
    path.parent.parent.mkdir(parents=True)
    path.parent.touch()
    with pytest.raises(StorageError, match=r"cannot write .*store\.sqlite: .*exists"):
        Store.open(path)
    with Store.open(path, writable=False) as store:
        assert store.count() == 0


@pytest.mark.parametrize("name", ["a?b#c%41 &mode=memory.sqlite", "위성.sqlite"])
def test_any_name_of_a_file_is_that_name(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / name) as store:
        store.add([iss()])
    with Store.open(tmp_path / name, writable=False) as store:
        assert store.count() == 1
    assert (tmp_path / name).is_file()


# Permissions, as somebody who is not root

AS_NOBODY = """
import os, sys
from pathlib import Path
from sattrack.errors import StorageError
from sattrack.store import Store

path = Path(sys.argv[1])
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    with Store.open(path, writable=sys.argv[2] == "write") as store:
        print(store.count(), *store.notices)
except StorageError as error:
    print("StorageError", error)
"""


def as_nobody(path: Path, what: str) -> str:
    run = [sys.executable, "-c", AS_NOBODY, str(path), what]
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def shared() -> Iterator[Path]:
    """A filled store that everybody may read, in a folder that nobody but root may write."""
    # The folders of pytest are closed to other users.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "store.sqlite"
        filled(path)
        path.chmod(0o444)
        folder.chmod(0o555)
        yield path
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_read(shared: Path) -> None:
    assert as_nobody(shared, "read") == "300"
    assert [file.name for file in shared.parent.iterdir()] == ["store.sqlite"]


def test_a_folder_that_cannot_be_written_is_an_error_with_its_path(shared: Path) -> None:
    said = as_nobody(shared, "write")
    assert said == f"StorageError cannot use {shared}: attempt to write a readonly database"


def test_a_log_that_cannot_be_read_is_said(shared: Path) -> None:
    log = shared.with_name("store.sqlite-wal")
    shared.parent.chmod(0o755)
    log.write_bytes(b"what a killed program had not yet moved into the file")
    log.chmod(0o000)
    shared.parent.chmod(0o555)
    said = as_nobody(shared, "read")
    assert said == f"300 cannot read {log}: what was stored last may be missing"


def test_a_file_that_may_not_be_read_is_an_empty_store_and_said(shared: Path) -> None:
    shared.chmod(0o000)
    said = as_nobody(shared, "read")
    assert said == f"0 cannot read {shared}: unable to open database file"


def test_a_folder_that_may_not_be_entered_is_an_empty_store_and_said(shared: Path) -> None:
    shared.parent.chmod(0o000)
    assert as_nobody(shared, "read") == f"0 cannot read {shared}: Permission denied"
