"""Several processes at once, and processes killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from standin import Handler, at_epoch, csv_text

from sattrack.store import Store
from sattrack.updates import updating

CRON = Path(__file__).with_name("cron.py")
LIMIT_S = 60.0


def start(scene, *arguments: str, later: timedelta = timedelta(0)) -> subprocess.Popen[str]:
    scene.now += later
    scene.celestrak.now = scene.now
    return subprocess.Popen(
        [sys.executable, str(CRON), scene.now.isoformat(), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out, err


@pytest.fixture
def held_up(scene):
    """Let CelesTrak think until `go` is set; `asked` says that a request has arrived."""
    asked, go = threading.Event(), threading.Event()

    def fault(handler: Handler) -> None:
        asked.set()
        assert go.wait(LIMIT_S)
        row = next(row for row in scene.celestrak.rows if row["NORAD_CAT_ID"] == "25544")
        handler.reply(200, csv_text([at_epoch(row, scene.now)]))

    scene.celestrak.fault = fault
    yield asked, go
    go.set()


def test_two_updates_at_once(scene, held_up):
    asked, go = held_up
    first = start(scene, "iss")
    assert asked.wait(LIMIT_S)
    status, out, err = end(start(scene, "iss", "hst"))
    assert status == 10
    assert out == ""
    assert err.startswith(f"sattrack: another update is running (process {first.pid}, since 2026-")
    assert err.endswith("; nothing was asked\n")
    go.set()
    status, out, err = end(first)
    assert (status, err) == (0, "")
    assert scene.requests() == ["gp.php?CATNR=25544"]
    assert len(scene.kept.sets()) == 1


def test_waiting_for_another_update(scene, held_up):
    asked, go = held_up
    first = start(scene, "iss")
    assert asked.wait(LIMIT_S)
    second = start(scene, "iss", "--wait")
    go.set()
    assert end(first)[0] == 0
    status, _, err = end(second)
    assert (status, err) == (0, "")
    # It found everything current.
    assert scene.requests() == ["gp.php?CATNR=25544"]


def killed_while_asking(scene, asked) -> None:
    process = start(scene, "iss", later=timedelta(minutes=5))
    assert asked.wait(LIMIT_S)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=LIMIT_S)
    assert scene.requests() == ["gp.php?CATNR=25544"]
    asked.clear()


def test_the_lock_of_a_dead_process_is_taken_over(scene, held_up):
    asked, go = held_up
    killed_while_asking(scene, asked)
    owner = scene.kept.path.parent / "update-owner.json"
    assert owner.exists()
    go.set()
    assert scene.update("iss", later=timedelta(minutes=5)).status == 0
    assert scene.requests() == ["gp.php?CATNR=25544"]
    assert not owner.exists()


def test_who_is_killed_every_time_does_not_ask_every_time(scene, held_up):
    asked, go = held_up
    killed_while_asking(scene, asked)
    killed_while_asking(scene, asked)
    go.set()
    run = scene.update("iss", later=timedelta(minutes=5))
    assert run.status == 6
    assert "interrupted before its answer was kept; not trying again before" in run.err
    assert scene.requests() == []
    assert scene.update("iss", later=timedelta(hours=2)).status == 0


def test_a_lock_says_who_holds_it_even_in_an_unwritten_file(scene, home):
    with updating(home, scene.now):
        (home / "update-owner.json").write_text("nonsense")
        run = scene.update("iss")
    assert run.status == 10
    assert run.err == "sattrack: another update is running; nothing was asked\n"


class Kills:
    """Updates of thousands of objects, killed at random moments."""

    def __init__(self, scene, count: int) -> None:
        self.scene = scene
        self.objects = count
        rows = scene.celestrak.rows
        scene.celestrak.rows = [
            {**rows[n % len(rows)], "NORAD_CAT_ID": str(200_000 + n), "OBJECT_ID": ""}
            for n in range(count)
        ]

    def begin(self) -> subprocess.Popen[str]:
        return start(self.scene, "--group", "active", later=timedelta(hours=3))

    def epochs(self) -> list[tuple[int, int]]:
        """How many sets there are of each retrieval."""
        with Store.open(self.scene.kept.path) as store:
            assert store.notices == ()
            return store._connection.execute(
                "SELECT retrieved_us, count(*) FROM element_set GROUP BY retrieved_us ORDER BY 1"
            ).fetchall()


@pytest.mark.parametrize(
    ("kills", "objects"), [(20, 2000), pytest.param(200, 6000, marks=pytest.mark.thorough)]
)
def test_nothing_is_lost_by_kills(scene, kills, objects):
    victims = Kills(scene, objects)
    began = time.monotonic()
    assert end(victims.begin())[0] == 0
    whole_s = time.monotonic() - began
    known = victims.epochs()
    moments = random.Random(20261124)
    died = 0
    while died < kills:
        process, began = victims.begin(), time.monotonic()
        try:
            process.wait(moments.uniform(0.0, 1.0) * whole_s)
            whole_s = time.monotonic() - began  # the machine has become faster than it was
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=LIMIT_S)
        died += process.returncode == -signal.SIGKILL
        found = victims.epochs()
        # What was kept before is kept, and what came is there as a whole or not at all.
        assert found[: len(known)] == known
        assert all(count == victims.objects for _, count in found)
        known = found
    assert end(victims.begin())[0] == 0
    with Store.open(scene.kept.path, writable=False) as store:
        assert store._connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    strays = [path.name for path in scene.kept.path.parent.rglob(".*") if path.is_file()]
    assert strays == []
