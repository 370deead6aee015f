"""Several programs at once, programs that are killed, and disks that are full."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from store.samples import batch, iss, of_batch

from sattrack.errors import BusyError, StorageError
from sattrack.store import Store, opening

SIZE = 200
FOREVER = 10_000
PROGRAM = [sys.executable, str(Path(__file__).parent / "write_batches.py")]


def program(path: Path, source: str, first: int, count: int) -> list[str]:
    return [*PROGRAM, str(path), source, str(first), str(count), str(SIZE)]


@contextlib.contextmanager
def ready(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a program that waits for a line before it opens the store."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as running:
        assert running.stdout.readline() == "ready\n"
        yield running


def killed_after(command: list[str], seconds: float) -> list[int]:
    """Run a program, kill it (SIGKILL), and return the batches that it said were stored."""
    with ready(command) as running:
        with pytest.raises(subprocess.TimeoutExpired):
            running.communicate("\n", timeout=seconds)
        running.kill()
        out, err = running.communicate()
    assert err == ""
    return [int(line) for line in out.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.parametrize(
    "kills", [20, pytest.param(200, marks=pytest.mark.thorough)], ids="{} kills".format
)
def test_kills_lose_nothing_and_need_no_repair(path: Path, kills: int) -> None:
    chance = random.Random(3)
    first = logged = 0
    for _ in range(kills):
        said = killed_after(program(path, "celestrak", first, FOREVER), chance.uniform(0.0, 0.2))
        with Store.open(path, writable=False) as store:
            assert store.notices == ()
            count = store.count()
        with Store.open(path) as store:
            assert store.notices == ()
            assert store.count() == count
            stored, rest = divmod(count, SIZE)
            assert rest == 0
            # The last batch may have been stored, and its author killed before saying so.
            assert stored - first - len(said) in (0, 1)
            kept = tuple(of_batch(number, "celestrak", SIZE) for number in range(stored))
            assert store.history(SIZE) == kept
            assert len(said) <= len(store.fetches()) - logged <= len(said) + 1
            logged = len(store.fetches())
        first = stored
    assert first > 0


def test_writers_and_readers_at_once_see_whole_batches(path: Path) -> None:
    sources = ("celestrak", "file", "spacetrack", "celestrak")  # the last one repeats the first
    counts = [0]
    with contextlib.ExitStack() as running:
        writers = [running.enter_context(ready(program(path, source, 0, 10))) for source in sources]
        # Let them create the file at once.
        for writer in writers:
            writer.stdin.write("\n")
            writer.stdin.flush()
        while any(writer.poll() is None for writer in writers):
            with Store.open(path, writable=False) as store:
                assert store.notices == ()
                counts += [store.count() for _ in range(5)]
        for writer in writers:
            out, err = writer.communicate()
            assert (out.split(), err, writer.returncode) == ([str(n) for n in range(10)], "", 0)
    assert counts == sorted(counts)
    assert {count % SIZE for count in counts} == {0}
    with Store.open(path) as store:
        assert store.count() == 3 * 10 * SIZE
        assert sum(fetch.new for fetch in store.fetches()) == 3 * 10 * SIZE
        assert len(store.fetches()) == 4 * 10


def test_a_reader_neither_waits_for_a_writer_nor_sees_half(path: Path) -> None:
    with Store.open(path) as writer, Store.open(path, writable=False) as reader:
        writer.add([iss()])
        writer._connection.execute("BEGIN IMMEDIATE")
        writer._insert([iss(1)], None)
        assert reader.count() == 1
        writer._connection.execute("COMMIT")
        assert reader.count() == 2


def test_a_writer_that_waits_in_vain_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_WAIT_FOR_OTHERS_S", 0.0)
    with Store.open(path) as first, Store.open(path) as second:
        first._connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match=r"store\.sqlite has been written to by others"):
            second.add([iss()])
        first._connection.execute("ROLLBACK")
        assert second.add([iss()]).new == (iss(),)


# A full disk


def test_a_full_file_keeps_what_it_has(path: Path) -> None:
    with Store.open(path) as store:
        store.add(batch(0, "celestrak", SIZE))
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(
            StorageError, match=r"store\.sqlite: database or disk is full"
        ) as caught:
            store.add(batch(1, "celestrak", SIZE), b"text")
        assert caught.value.exit_status == 9
        assert store.count() == SIZE
        assert store.add([iss()]).new == (iss(),)
    with Store.open(path) as store:
        assert (store.count(), store.notices) == (SIZE + 1, ())


ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from store.samples import batch
from sattrack.errors import StorageError
from sattrack.store import Store

limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with Store.open(Path(sys.argv[1])) as store:
        store.add(batch(1, "celestrak", 20_000))
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX")
@pytest.mark.parametrize("limit", [0, 4096, 40_000, 400_000, 2_000_000])
@pytest.mark.parametrize("filled", [True, False])
def test_a_disk_that_fills_at_any_point_keeps_what_it_has(
    path: Path, limit: int, filled: bool
) -> None:
    if filled:
        with Store.open(path) as store:
            store.add(batch(0, "celestrak", SIZE))
    tests = str(Path(__file__).parents[1])
    said = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(path), tests, str(limit)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.startswith(f"cannot use {path}: ")
    assert (said.stdout.count("\n"), said.stderr) == (1, "")
    before = batch(0, "celestrak", SIZE) if filled else []
    with Store.open(path, writable=False) as store:
        assert list(store.latest_of_all()) == before
    with Store.open(path) as store:
        assert store.notices == ()
        assert list(store.latest_of_all()) == before
        assert len(store.add(batch(1, "celestrak", SIZE)).new) == SIZE
    assert [name for name in os.listdir(path.parent) if "corrupt" in name] == []
