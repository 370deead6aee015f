"""What this machine can do: message, status, requests, and every byte that is held.

The ISS is held, and it is 04:30.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from failures.witness import MINUTES, Witness, stored
from standin import CelesTrakStandin, faults, serving
from standin.server import TLS

from sattrack.store import migrations
from sattrack.updates import updating

Sattrack = Callable[..., Any]
HOST = "127.0.0.1"
MISMATCH = "Hostname mismatch, certificate is not valid for 'localhost'."
WINDOW = "its next window opens at 2026-11-24 06:30 UTC"
INTERRUPTED = (
    "the download of 25544 before this one was interrupted, and CelesTrak does not give it twice; "
    + WINDOW
)


def failing(at: int, said: str) -> Callable[[sqlite3.Connection], Any]:
    """Return a `transaction` that cannot be committed the time after `at` others could."""
    left = [at]

    @contextmanager
    def transaction(connection: sqlite3.Connection) -> Iterator[None]:
        left[0] -= 1
        with migrations.transaction(connection):
            yield
            if left[0] == -1:
                raise sqlite3.OperationalError(said)

    return transaction


@pytest.mark.parametrize("said", ["disk I/O error", "database or disk is full"])
@pytest.mark.parametrize(("write", "sent"), [(0, 0), (1, 1)], ids=["request", "answer"])
def test_1_a_disk_that_fails_or_a_quota_at_any_write(
    iss_held: Witness, monkeypatch: pytest.MonkeyPatch, said: str, write: int, sent: int
) -> None:
    """First the request is noted; then the sets are kept and what came of it is noted, at once."""
    path = iss_held.scene.kept.path
    with monkeypatch.context() as patch:
        patch.setattr("sattrack.store.store.transaction", failing(write, said))
        iss_held.sees("iss", status=9, sent=sent, new=0, said=f"cannot use {path}: {said}")
    if sent:
        # It may be asked for once more, but is not given twice.
        iss_held.sees("iss", status=6, sent=1, said=INTERRUPTED, later=5 * MINUTES)
    iss_held.sees("iss", status=0, sent=1, new=1, later=121 * MINUTES)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_1_an_answer_that_cannot_be_written(
    sattrack: Sattrack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "passes.txt"
    path.write_text("yesterday's")
    monkeypatch.setattr(os, "fsync", fail)
    run = sattrack("passes", "iss", "--at", "seoul", "--output", str(path))
    assert (run.status, run.out) == (9, "")
    assert run.err == f"sattrack: cannot write {path}: {os.strerror(number)}\n"
    assert path.read_text() == "yesterday's"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["passes.txt"]


def test_2_stray_files_are_ignored_and_cleaned(session: Witness, home: Path) -> None:
    strays = [
        home / "update-owner.json",
        home / "spacetrack-requests.new",
        home / "cache" / ".catalog.json.killed",
    ]
    for stray in strays:
        stray.write_bytes(b"half of someth")
        os.utime(stray, (0.0, 0.0))
    (home / "cache" / "catalog.json").unlink()
    session.sees("iss", "--source", "spacetrack", status=0, sent=1, new=1)
    assert [stray.name for stray in strays if stray.exists()] == []


@pytest.mark.parametrize("refused", [False, True])
def test_3_a_damaged_store(iss_held: Witness, refused: bool) -> None:
    """Nobody knows any more who refused us; so nobody is asked as long as that may last."""
    path = iss_held.scene.kept.path
    if refused:
        iss_held.scene.celestrak.fault = faults.status(403)
        said = "refused by CelesTrak (403); not trying again before 2026-11-24 06:30 UTC"
        iss_held.sees("iss", status=7, sent=1, said=said)
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()  # with the log, out of which SQLite would mend it
    damaged = b"this is no database" * 100
    path.write_bytes(damaged)
    iss_held.scene.now += 5 * MINUTES
    run = iss_held.scene.update("--source", "celestrak")
    lost = (
        "sattrack: CelesTrak: who was asked for what was lost with the damaged store; "
        "not trying again before 2026-11-24 06:35 UTC\n"
    )
    aside = "store.sqlite.corrupt-20261124T043500Z"
    assert run.status == 9
    assert run.err == (
        f"sattrack: warning: {path} was damaged (file is not a database); set aside as {aside}, "
        f"and begun anew\n{lost}"
    )
    assert iss_held.sent() == 0
    assert path.with_name(aside).read_bytes() == damaged
    said = lost.removeprefix("sattrack: ").rstrip()
    iss_held.sees("iss", "hst", status=9, sent=0, said=said, later=119 * MINUTES)
    iss_held.scene.celestrak.fault = None
    iss_held.sees("iss", status=0, sent=1, new=1, later=2 * MINUTES)


def test_4_two_updates_at_once(iss_held: Witness, home: Path) -> None:
    with updating(home, iss_held.scene.now):
        said = (
            f"another update is running (process {os.getpid()}, since 2026-11-24T04:30:00.000Z); "
            "nothing was asked"
        )
        iss_held.sees("iss", status=10, sent=0, said=said)
    iss_held.sees("iss", status=0, sent=1, new=1)


AS_NOBODY = """
import contextlib, io, os, sys
import time_machine
from sattrack.cli.main import run

instant, elsewhere, *arguments = sys.argv[1:]
home = os.environ["SATTRACK_HOME"]
with time_machine.travel(instant):
    # Modules are imported by somebody who may read them.
    os.environ["SATTRACK_HOME"] = elsewhere
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        run(["update", "--source", os.devnull])
        run(["passes", "iss", "--at", "seoul", "--days", "0.1"])
    os.environ["SATTRACK_HOME"] = home
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    sys.exit(run(arguments))
"""


@pytest.fixture
def read_only(iss_held: Witness) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Run commands in a copy of the home that everybody may read, and nobody but root write."""
    # The folders of pytest are closed to other users.
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as elsewhere:
        home = Path(name)
        (home / "store.sqlite").write_bytes(iss_held.scene.kept.path.read_bytes())
        (home / "store.sqlite").chmod(0o444)
        home.chmod(0o555)

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            instant = iss_held.scene.now.isoformat()
            return subprocess.run(
                [sys.executable, "-c", AS_NOBODY, instant, elsewhere, *arguments],
                env={**os.environ, "SATTRACK_HOME": name},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )

        before = iss_held.stored()
        yield run
        assert iss_held.sent() == 0
        assert [path.name for path in home.iterdir()] == ["store.sqlite"]
        assert stored(home / "store.sqlite") == before
        home.chmod(0o755)


def test_5_a_read_only_home_answers(
    read_only: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = read_only("passes", "iss", "--at", "seoul")
    assert (run.returncode, run.stderr) == (0, "")
    assert "celestrak elements of 2026-11-24 01:54" in run.stdout


def test_5_a_read_only_home_is_not_updated(
    read_only: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    run = read_only("update", "iss")
    (path,) = (word for word in run.stderr.split() if word.endswith("update.lock:"))
    assert run.stderr == f"sattrack: cannot write {path} Permission denied\n"
    assert (run.returncode, run.stdout) == (9, "")


def test_7_a_time_that_comes_twice(
    iss_held: Witness, sattrack: Sattrack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    before = iss_held.stored()
    run = sattrack("position", "iss", "--time", "2026-11-01 01:30", now=iss_held.scene.now)
    assert (run.status, run.out) == (2, "")
    assert run.err == (
        "sattrack: time '2026-11-01 01:30': it happens twice in America/New_York; "
        "write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00\n"
    )
    assert (iss_held.sent(), iss_held.stored()) == (0, before)


@pytest.mark.parametrize(
    ("certificate", "vouched", "host", "reason"),
    [
        ("valid.pem", "", HOST, "self-signed certificate"),
        ("expired.pem", "expired.pem", HOST, "it expired 2021-01-01"),
        ("valid.pem", "valid.pem", "localhost", MISMATCH),
    ],
    ids=["self-signed", "expired", "wrong host"],
)
def test_8_certificates(
    iss_held: Witness,
    monkeypatch: pytest.MonkeyPatch,
    certificate: str,
    vouched: str,
    host: str,
    reason: str,
) -> None:
    good = iss_held.scene.celestrak.url
    if vouched:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(TLS / vouched))
    with serving(CelesTrakStandin(), certificate) as server:
        monkeypatch.setenv("SATTRACK_CELESTRAK_URL", server.url.replace(HOST, host))
        said = f"CelesTrak: the certificate of {host} is not accepted: {reason}"
        for _ in range(2):
            iss_held.sees("iss", "hst", status=6, sent=0, said=said, later=5 * MINUTES)
        assert server.seen == []
    # Nobody was asked, so that nothing forbids to try again at once.
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", good)
    iss_held.sees("iss", status=0, sent=1, new=1, later=5 * MINUTES)


def test_8_a_proxy_that_wants_a_login(iss_held: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the proxy that is asked, and may be again."""
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", "http://celestrak.test")
    monkeypatch.setenv("http_proxy", iss_held.scene.celestrak.url)
    iss_held.scene.celestrak.fault = faults.status(407)
    said = "CelesTrak: the proxy wants a login (407); set it in HTTPS_PROXY"
    for _ in range(2):
        iss_held.sees("iss", "hst", status=6, sent=1, said=said, later=5 * MINUTES)
    iss_held.scene.celestrak.fault = None
    monkeypatch.delenv("http_proxy")
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", iss_held.scene.celestrak.url)
    iss_held.sees("iss", status=0, sent=1, new=1, later=5 * MINUTES)


def test_9_the_herd_is_spread_and_what_is_young_is_skipped(
    iss_held: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    iss_held.sees("iss", "--random-delay", "90", status=0, sent=1, new=1)
    out = iss_held.sees("iss", status=0, sent=0, later=119 * MINUTES)
    assert out == "CelesTrak: current; nothing asked before 2026-11-24 06:30 UTC\n"
    assert len(slept) == 1
    assert 0.0 <= slept[0] <= 90.0
