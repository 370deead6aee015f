"""`sattrack screen` on several processes, on a Dask cluster, and interrupted: real processes."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sattrack.elements import ElementSet
from sattrack.formats import write_element_sets

START = datetime(2026, 10, 8, tzinfo=UTC)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
PLACES = "37.5,127;-33,150;78,15;0,-60;51,0".replace(";", " --at ").split(" ")


@pytest.fixture(scope="module")
def elements(tmp_path_factory) -> Path:
    """Two hundred orbits that no drag brings down, of all inclinations."""
    first = ElementSet(1, START, 14.9, 0.001, 50.0, 0.0, 0.0, 0.0, name="ONE")
    sets = [
        replace(
            first,
            norad_id=70000 + k,
            name=f"OBJECT {k}",
            inclination_deg=20.0 + k % 80,
            raan_deg=k * 37.0 % 360.0,
            mean_anomaly_deg=k * 101.0 % 360.0,
        )
        for k in range(200)
    ]
    path = tmp_path_factory.mktemp("elements") / "objects.csv"
    path.write_text(write_element_sets(sets, "omm-csv", START).text, encoding="utf-8")
    return path


def question(elements: Path, days: float, *more: str) -> list[str]:
    window = ["--start", "2026-10-08T00:00Z", "--days", str(days)]
    return ["screen", "--elements", str(elements), "--at", *PLACES, *window, *more]


@contextmanager
def started(arguments: list[str], home: Path) -> Iterator[subprocess.Popen]:
    """Run the command as a terminal would: the leader of a group of processes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sattrack", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "SATTRACK_HOME": str(home)},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    return [child for child, parent in pairs if parent == pid]


def is_running(pid: int) -> bool:
    listed = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def test_two_processes_write_the_same_bytes(elements, sattrack):
    arguments = question(elements, 0.5, "--format", "csv")
    one = sattrack(*arguments)
    two = sattrack(*arguments, "--jobs", "2")
    assert one.status == two.status == 0
    assert one.out == two.out
    assert one.out.count("\n") > 500


@POSIX
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_table_of_rows_ends_with_a_whole_row(elements, home, jobs):
    arguments = question(elements, 60, "--format", "csv", "--jobs", jobs)
    with started(arguments, home) as process:
        header = process.stdout.readline()
        process.stdout.readline()
        children = children_of(process.pid)
        assert len(children) == (2 if jobs == "2" else 0)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.stdout.read(), process.stderr.read()
    assert process.wait() == 130
    assert err.decode().splitlines()[-1] == "sattrack: interrupted: the answer is not complete"
    assert "Traceback" not in err.decode()
    assert out.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(out.decode(), newline="")))
    assert len(rows) > 1000
    width = len(header.split(b","))
    assert all(len(row) == width for row in rows)
    assert not any(map(is_running, children))


@POSIX
def test_an_interrupted_document_is_closed_and_says_so(elements, home):
    with started(question(elements, 60, "--format", "json"), home) as process:
        begun = [process.stdout.readline()]
        while b"spacecraft_id" not in begun[-1]:
            begun.append(process.stdout.readline())
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.stdout.read(), process.stderr.read()
    assert process.wait() == 130
    document = json.loads(b"".join(begun) + out)
    assert document["complete"] is False
    assert len(document["passes"]) > 100
    assert b"interrupted" in err


@POSIX
def test_a_file_that_was_interrupted_keeps_another_name(elements, home, tmp_path):
    path = tmp_path / "passes.jsonl"
    path.write_text("before")
    pipe = tmp_path / "ready"
    os.mkfifo(pipe)
    # Into a pipe it is written as it comes.
    arguments = question(elements, 60, "--format", "jsonl", "-o", str(pipe))
    with started(arguments, home) as process:
        with pipe.open("rb") as stream:
            stream.readline()
            os.killpg(process.pid, signal.SIGTERM)
            stream.read()
        process.communicate()
        assert process.returncode == 143
    arguments = question(elements, 60, "--format", "jsonl", "-o", str(path))
    with started(arguments, home) as process:
        part = tmp_path / "passes.jsonl.part"
        while process.poll() is None and not (part.exists() and part.stat().st_size):
            os.sched_yield()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert str(part) in err.decode()
    assert path.read_text() == "before"
    lines = part.read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["spacecraft_id"] for line in lines)


@POSIX
def test_a_process_that_is_killed_ends_the_work_with_one_line(elements, home):
    arguments = question(elements, 60, "--format", "csv", "--jobs", "2")
    with started(arguments, home) as process:
        process.stdout.readline()
        process.stdout.readline()
        first, second = children_of(process.pid)
        os.kill(first, signal.SIGKILL)
        process.stdout.read()
        err = process.stderr.read().decode()
        assert process.wait() == 1
    assert err.splitlines()[-1].startswith("sattrack: a process that did a part of the work")
    assert "Traceback" not in err
    assert not is_running(second)


@dataclass
class Cluster:
    address: str
    workers: list[subprocess.Popen]


def until(process: subprocess.Popen, words: str) -> str:
    """Return the line of a log that holds these words."""
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"no line with {words!r}")


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    processes = []

    def run(module: str, *arguments: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        processes.append(process)
        return process

    try:
        scheduler = run("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        address = until(scheduler, "Scheduler at:").split()[-1]
        local = ("--no-nanny", "--nthreads", "1", "--local-directory", str(tmp_path))
        workers = [run("dask_worker", address, *local) for _ in range(2)]
        for worker in workers:
            until(worker, "Registered to:")
        yield Cluster(address, workers)
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()
            process.stderr.close()


def test_a_cluster_writes_the_same_bytes_though_a_worker_dies(elements, home, cluster):
    arguments = question(elements, 6, "--format", "csv")
    with started(arguments, home) as process:
        alone, _ = process.communicate()
    with started([*arguments, "--scheduler", cluster.address], home) as process:
        out = process.stdout.readline()
        out += process.stdout.readline()
        cluster.workers[0].kill()
        rest, err = process.stdout.read(), process.stderr.read()
    assert process.wait() == 0, err
    assert out + rest == alone
    assert err == b""


def test_no_scheduler_is_one_line(elements, sattrack):
    run = sattrack(*question(elements, 1, "--scheduler", "tcp://127.0.0.1:1"))
    assert run.status == 6
    (line,) = run.err.splitlines()
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in line
    assert run.out == ""


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--scheduler", "somewhere"), "no address of a scheduler"),
        (("--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"), "exclude each other"),
        (("--jobs", "0"), "0 is less than 1"),
    ],
)
def test_faults_of_usage(elements, sattrack, more, says):
    run = sattrack(*question(elements, 1, *more))
    assert run.status == 2
    assert says in run.err
    assert run.out == ""


def test_without_the_extra_the_command_to_install_it_is_told(elements, sattrack, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    run = sattrack(*question(elements, 1, "--scheduler", "tcp://127.0.0.1:1"))
    assert run.status == 2
    assert "python -m pip install 'sattrack-missions[cluster]'" in run.err
