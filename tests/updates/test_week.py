"""A week of a five-minute cron against the stand-in, under a virtual clock."""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import time_machine
from standin import faults
from standin.scene import Scene

from sattrack import updates
from sattrack.catalog import Spacecraft
from sattrack.settings import Home, load_catalog
from sattrack.sources import publishers
from sattrack.store import Store
from sattrack.updates import UpdateReport

STEP = timedelta(minutes=5)
WEEK = timedelta(days=7)
TWO_HOURS = timedelta(hours=2)


class Cron:
    """What `sattrack update` does, without reading the command line two thousand times."""

    def __init__(self, scene: Scene, home: Path) -> None:
        self._scene = scene
        self._home = home
        self._catalog = load_catalog(Home.of(os.environ))
        self._sources = publishers(os.environ, self._catalog, home, home)[:1]

    def run(self) -> UpdateReport:
        now = self._scene.celestrak.now = self._scene.now
        craft = self._catalog.each(Spacecraft)
        wanted = [item for item in craft if self._sources[0].offers(item)]
        with (
            time_machine.travel(now, tick=False),
            updates.updating(self._home, now),
            Store.open(self._scene.kept.path) as store,
        ):
            clock = updates.ticking(now)
            return updates.update(store, self._sources, wanted, clock, catalog=craft)


def test_a_week_of_cron(scene, home):
    """Day 3 brings a refusal, day 5 a server that is down; two spacecraft leave in between."""
    cron = Cron(scene, home)
    start = scene.now
    refused = (start + timedelta(days=2), start + timedelta(days=2, hours=7))
    down = (start + timedelta(days=4), start + timedelta(days=4, hours=5))
    asked: dict[str, list[datetime]] = defaultdict(list)
    statuses: dict[int, int] = defaultdict(int)
    said = 0
    while scene.now < start + WEEK:
        fault = None
        if refused[0] <= scene.now < refused[1]:
            fault = faults.status(403)
        elif down[0] <= scene.now < down[1]:
            fault = faults.status(503)
        scene.celestrak.fault = fault
        if scene.now == start + timedelta(days=3):
            gone = ("43811", "26032")
            rows = scene.celestrak.rows
            scene.celestrak.rows = [row for row in rows if row["NORAD_CAT_ID"] not in gone]
        report = cron.run()
        for key in scene.requests():
            asked[key].append(scene.now)
        statuses[report.status] += 1
        said += report.is_news
        scene.now += STEP

    # At most one request per data set in two hours.
    for key, times in asked.items():
        gaps = [after - before for before, after in itertools.pairwise(times)]
        assert all(gap >= TWO_HOURS for gap in gaps), key
    # All of the week's requests, for 67 spacecraft.
    assert sum(map(len, asked.values())) < 3 * 7 * 12
    # During the refusal: one request in two hours, and none in between.
    during = [at for times in asked.values() for at in times if refused[0] <= at < refused[1]]
    assert len(during) <= 4
    errors = [at for times in asked.values() for at in times if down[0] <= at < down[1]]
    assert len(errors) <= 10
    # Nobody was told twice.
    assert said < 3 * 7 * 12
    assert statuses[0] > statuses[7] > 0
    assert statuses[1] == statuses[9] == 0

    # Every set that was offered at the time of a good download is kept, and kept once.
    with Store.open(scene.kept.path, writable=False) as store:
        assert store.objects() == 67
        good = [
            f for f in store.fetches("celestrak") if f.outcome == "new" and "active" in f.request
        ]
        history = store.history(25544)
        assert [item.retrieved_at for item in history] == [fetch.asked_at for fetch in good]
        for item in store.latest_of_all():
            epochs = [each.elements.epoch for each in store.history(item.elements.norad_id)]
            assert len(epochs) == len(set(epochs))
        assert store.not_offered().keys() >= {(43811, "celestrak"), (26032, "celestrak")}
