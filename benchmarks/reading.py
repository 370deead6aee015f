"""Sixteen thousand OMM read, stored and looked up, beside python-sgp4 reading them, in one run.

    python benchmarks/reading.py [FILE.csv]

The baseline is `omm.parse_csv` with `omm.initialize` of each row, which checks nothing. Both must
agree on every value before a time is printed. Without a file, a seeded population is read. Times
wander with the machine; the ratios are what counts.
"""

from __future__ import annotations

import gc
import io
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sgp4 import omm
from sgp4.api import Satrec

from sattrack.elements import ElementSet, Published
from sattrack.formats import read_element_sets, write_element_sets
from sattrack.store import Store

OBJECTS = 16_000
ROUNDS = 9
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
RADIANS_PER_MINUTE = 2.0 * math.pi / 1440.0


def main() -> None:
    document = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else population()
    sets = read_element_sets(document).sets
    check_agreement(sets, read_by_sgp4(document))
    published = [Published(elements, "celestrak", NOW) for elements in sets]
    with tempfile.TemporaryDirectory() as folder:
        times: dict[str, list[float]] = {}
        for number in range(ROUNDS):
            with Store.open(Path(folder) / f"{number}.sqlite") as store:
                for name, task in (
                    ("python-sgp4: parse and initialize", lambda: read_by_sgp4(document)),
                    ("reading and checking", lambda: read_element_sets(document)),
                    ("storing: Store.add", lambda: store.add(published, document)),
                    ("Store.latest_of_all", lambda: list(store.latest_of_all())),
                ):
                    times.setdefault(name, []).append(seconds(task))
                assert store.count() == len(sets)
                assert {one.elements for one in store.latest_of_all()} == set(latest(sets))
    baseline_s = statistics.median(times["python-sgp4: parse and initialize"])
    print(f"{f'{len(sets):,} element sets':34} {'median':>9} {'ratio':>6}")
    for name, values in times.items():
        median_s = statistics.median(values)
        print(f"{name:34} {median_s * 1e3:6.0f} ms {median_s / baseline_s:6.2f}")


def seconds(task: Callable[[], object]) -> float:
    """Return how long a task takes, without the dust of the one before."""
    gc.collect()
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def read_by_sgp4(document: bytes) -> list[Satrec]:
    records = []
    for fields in omm.parse_csv(io.StringIO(document.decode())):
        record = Satrec()
        omm.initialize(record, fields)
        records.append(record)
    return records


def check_agreement(sets: tuple[ElementSet, ...], records: list[Satrec]) -> None:
    for elements, record in zip(sets, records, strict=True):
        assert elements.norad_id == record.satnum
        for ours, theirs in (
            (elements.mean_motion_rev_day * RADIANS_PER_MINUTE, record.no_kozai),
            (elements.eccentricity, record.ecco),
            (math.radians(elements.inclination_deg), record.inclo),
            (math.radians(elements.raan_deg), record.nodeo),
            (math.radians(elements.argument_of_perigee_deg), record.argpo),
            (math.radians(elements.mean_anomaly_deg), record.mo),
            (elements.bstar_per_earth_radius, record.bstar),
        ):
            # Both multiply by constants rounded once or twice.
            assert abs(ours - theirs) <= 2.0 * math.ulp(theirs), (elements, ours, theirs)
        days = (elements.epoch - datetime(1949, 12, 31, tzinfo=UTC)) / timedelta(days=1)
        assert abs(days - (record.jdsatepoch - 2433281.5 + record.jdsatepochF)) <= 1e-8


def latest(sets: tuple[ElementSet, ...]) -> list[ElementSet]:
    """Return the set with the newest epoch of each object."""
    by_epoch = sorted(sets, key=lambda elements: elements.epoch)
    return list({elements.norad_id: elements for elements in by_epoch}.values())


def population() -> bytes:
    """Return OMM of low orbits as CelesTrak writes them; the same in every run."""
    dice = random.Random(20261124)
    step = timedelta(microseconds=864)
    sets = [
        ElementSet(
            norad_id=number,
            epoch=NOW - dice.randrange(300_000_000) * step,
            mean_motion_rev_day=round(dice.uniform(11.0, 15.9), 8),
            eccentricity=round(dice.uniform(0.0, 0.01), 8),
            inclination_deg=round(dice.uniform(0.0, 110.0), 4),
            raan_deg=round(dice.uniform(0.0, 360.0), 4),
            argument_of_perigee_deg=round(dice.uniform(0.0, 360.0), 4),
            mean_anomaly_deg=round(dice.uniform(0.0, 360.0), 4),
            bstar_per_earth_radius=round(dice.uniform(-1e-4, 1e-3), 11),
            mean_motion_dot_rev_day2=round(dice.uniform(-1e-4, 1e-3), 8),
            name=f"OBJECT-{number}",
            cospar_id=f"20{dice.randrange(10, 26)}-{dice.randrange(1, 300):03d}A",
            rev_at_epoch=dice.randrange(100_000),
        )
        for number in range(40_000, 40_000 + OBJECTS)
    ]
    return write_element_sets(sets, "omm-csv", NOW).text.encode()


if __name__ == "__main__":
    main()
