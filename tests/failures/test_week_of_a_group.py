"""A week of `sattrack update --group active --quiet` every five minutes, under a virtual clock."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from failures.witness import HOURS, MINUTES, Witness, orbits
from standin import faults

from sattrack.settings import load_catalog
from sattrack.store import Store

DAYS = timedelta(days=1)
OBJECTS = 20


def test_a_week_of_a_group(nothing_held: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Day 3 brings a refusal, day 5 a server that is down, day 6 an answer that is cut."""
    monkeypatch.setattr("sattrack.cli.session.load_catalog", cache(load_catalog))
    scene = nothing_held.scene
    celestrak, start = scene.celestrak, scene.now
    celestrak.rows, celestrak.dead = celestrak.rows[:OBJECTS], set()
    refused = (start + 2 * DAYS, start + 2 * DAYS + 7 * HOURS)
    down = (start + 4 * DAYS, start + 4 * DAYS + 5 * HOURS)
    cut = (start + 5 * DAYS, start + 5 * DAYS + 2 * HOURS)
    asked: list[datetime] = []
    statuses: Counter[int] = Counter()
    told = 0
    while scene.now < start + 7 * DAYS:
        refuses, fails, cuts = (since <= scene.now < until for since, until in (refused, down, cut))
        celestrak.fault = faults.status(403) if refuses else faults.status(503) if fails else None
        celestrak.change = (lambda rows: rows[:10]) if cuts else (lambda rows: rows)
        ran = scene.update("--group", "active", "--quiet")
        statuses[ran.status] += 1
        told += bool(ran.out or ran.err)
        asked += [scene.now] * nothing_held.sent()
        scene.now += 5 * MINUTES

    # One data set: one request in two hours, during a refusal and after a failure as well.
    assert all(later - before >= 2 * HOURS for before, later in pairwise(asked))
    assert len(asked) == 7 * 12
    # Each of them may be news, and nothing else is.
    assert told <= len(asked)
    # In the refusal's seven hours the fourth request was the last to be refused.
    assert statuses == {0: 7 * 288 - (4 + 3 + 1) * 24, 7: 4 * 24, 6: 3 * 24, 8: 24}
    # All sets of every good answer are kept, and kept once.
    good = len(asked) - 4 - 3 - 1
    assert orbits(nothing_held.stored()) == OBJECTS * good
    with Store.open(scene.kept.path, writable=False) as store:
        assert store.objects() == OBJECTS
        for item in store.latest_of_all():
            history = store.history(item.elements.norad_id)
            assert len({each.elements.epoch for each in history}) == len(history) == good
