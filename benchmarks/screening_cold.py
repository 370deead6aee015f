"""Cold processes: `sattrack screen` of a file, two processes at it, and `sattrack overhead`.

    python benchmarks/screening_cold.py [CATALOG.csv [--large]]

The catalog is a file of element sets as CSV; without one, a seeded population of the same shape
takes its place. Whole commands take turns with what they cannot be quicker than: the search alone,
in a process that has read the file before, and the bare imports of numpy, Skyfield and sgp4. The
rows that are written must be as many as the search finds, and those of two processes the same
bytes. `--large` adds 100 places, which takes minutes. Times wander with the machine; the ratios
are what counts. Peak memory is that of the largest process.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from population import population

from sattrack.elements import Published
from sattrack.formats import read_element_sets, write_element_sets
from sattrack.settings import Home
from sattrack.store import Store

OBJECTS = 10_000
STORED = 16_000
ROUNDS = 5
PLACE = "37.5665,126.978"
START = datetime(2026, 7, 11, tzinfo=UTC)
MEMORY_MB = 200.0
LARGE_MEMORY_MB = 500.0
IMPORTS = "import numpy, skyfield.api, sgp4.api"
SEARCH = """
import sys, time
from datetime import datetime
from pathlib import Path
from sattrack.formats import read_element_sets
from sattrack.places import Place
from sattrack.screening import screen
from sattrack.times import Span
from sattrack.times.scale import Clock
sets = read_element_sets(Path(sys.argv[1]).read_bytes()).sets
places = [Place(t, *map(float, t.split(","))) for t in sys.argv[3:]]
span = Span.from_days(datetime.fromisoformat(sys.argv[2]), 1.0)
Clock(span.start)
begin = time.perf_counter()
found = sum(map(len, screen(sets, places, span)))
print(found, time.perf_counter() - begin)
"""


@dataclass
class Run:
    seconds: float
    lines: int
    digest: str
    memory_mb: float
    first_line: str


def run(arguments: list[str], environment: dict[str, str]) -> Run:
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, env=environment
    ) as process:
        digest, lines, head = hashlib.sha256(), 0, b""
        while part := process.stdout.read(1 << 20):
            head = head or part
            digest.update(part)
            lines += part.count(b"\n")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begin
    assert process.returncode == 0, arguments
    first_line = head.split(b"\n", 1)[0].decode()
    return Run(seconds, lines, digest.hexdigest(), usage.ru_maxrss / 1024.0, first_line)


def main() -> None:
    large = "--large" in sys.argv
    given = [argument for argument in sys.argv[1:] if argument != "--large"]
    with tempfile.TemporaryDirectory() as folder:
        # A user has compiled bytecode, whatever the developer has asked for.
        environment = {**os.environ, "SATTRACK_HOME": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if given:
            sets = read_element_sets(Path(given[0]).read_bytes()).sets
            epochs = sorted(one.epoch for one in sets)
            start = (epochs[len(epochs) // 2] + timedelta(days=1)).replace(microsecond=0)
        else:
            sets, start = population(STORED, 1, START), START
        path = Path(folder) / "objects.csv"
        text = write_element_sets(sets[:OBJECTS], "omm-csv", START).text
        path.write_text(text, encoding="utf-8")
        with Store.open(Home.of(environment).store) as store:
            store.add([Published(one, "celestrak", start) for one in sets])
        screened(str(path), start, environment)
        overhead(start, environment)
        if large:
            many(sets, Path(folder) / "all.csv", start, environment)


def command(path: str, start: datetime, *places: str) -> list[str]:
    at = [text for place in places for text in ("--at", place)]
    window = ["--start", start.isoformat(), "--days", "1", "--format", "csv"]
    return ["-m", "sattrack", "screen", "--elements", path, *at, *window]


def screened(path: str, start: datetime, environment: dict[str, str]) -> None:
    several = ["-33,150", "78,15", "0,-60", "51,0"]
    tasks = {
        "bare imports": ["-c", IMPORTS],
        "search alone": ["-c", SEARCH, path, start.isoformat(), PLACE],
        "sattrack screen": command(path, start, PLACE),
        "sattrack screen, 5 places": command(path, start, PLACE, *several),
        "the same, --jobs 2": [*command(path, start, PLACE, *several), "--jobs", "2"],
    }
    times: dict[str, list[float]] = {}
    last: dict[str, Run] = {}
    for _ in range(ROUNDS):
        for name, arguments in tasks.items():
            done = last[name] = run(arguments, environment)
            seconds = done.seconds
            if name == "search alone":
                found, seconds = done.first_line.split()[0], float(done.first_line.split()[1])
            times.setdefault(name, []).append(seconds)
    assert last["sattrack screen"].lines - 1 == int(found)
    one, two = last["sattrack screen, 5 places"], last["the same, --jobs 2"]
    assert one.digest == two.digest
    medians = {name: statistics.median(values) for name, values in times.items()}
    least_s = medians["bare imports"] + medians["search alone"]
    print(f"{OBJECTS:,} objects, a day, {int(found):,} passes")
    for name, median_s in medians.items():
        print(f"  {name:28} {median_s:7.2f} s {last[name].memory_mb:6.0f} MB")
    ratio = medians["sattrack screen"] / least_s
    gain = medians["sattrack screen, 5 places"] / medians["the same, --jobs 2"]
    print(f"  screen over search and imports: {ratio:.2f}; two processes over one: {gain:.2f}")
    assert last["sattrack screen"].memory_mb < MEMORY_MB


def overhead(start: datetime, environment: dict[str, str]) -> None:
    time_ = (start + timedelta(days=3)).isoformat()
    tasks = {
        "bare imports": ["-c", "import numpy, skyfield.api"],
        "sattrack overhead": ["-m", "sattrack", "overhead", "--at", PLACE, "--time", time_],
    }
    run(tasks["sattrack overhead"], environment)
    times: dict[str, list[float]] = {}
    for _ in range(3 * ROUNDS):
        for name, arguments in tasks.items():
            done = run(arguments, environment)
            times.setdefault(name, []).append(done.seconds)
    medians = [statistics.median(values) for values in times.values()]
    print(f"sattrack overhead, {done.lines:,} lines: {medians[1]:.2f} s,", end=" ")
    print(f"{medians[1] / medians[0]:.2f} times the imports")


def many(sets: list, path: Path, start: datetime, environment: dict[str, str]) -> None:
    draw = random.Random(2)
    places = [f"{draw.uniform(-70, 75):.3f},{draw.uniform(-179, 179):.3f}" for _ in range(100)]
    path.write_text(write_element_sets(sets, "omm-csv", START).text, encoding="utf-8")
    done = run(command(str(path), start, *places), environment)
    print(
        f"{len(sets):,} objects over {len(places)} places, a day: {done.lines - 1:,} passes in "
        f"{done.seconds:.0f} s, {done.memory_mb:.0f} MB"
    )
    assert done.memory_mb < LARGE_MEMORY_MB


if __name__ == "__main__":
    main()
