"""The secular terms of drag, against python-sgp4 itself, over the orbits of the snapshot."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from sattrack.elements import ElementSet
from sattrack.orbits.ageing import TimingGrowths, prior_growth
from sattrack.orbits.drag import Drag
from sattrack.orbits.regimes import decay_per_day
from sattrack.orbits.sgp4 import satellite_record
from sattrack.tracking import embedded_elements

SNAPSHOT = [item.elements for item in embedded_elements()]


def falling(motion: float, e: float, bstar: float) -> ElementSet:
    return ElementSet(
        1, SNAPSHOT[0].epoch, motion, e, 51.6, 10.0, 20.0, 30.0, bstar_per_earth_radius=bstar
    )


# Perigees above and below 220, 156 and 98 km, where the theory changes.
FALLING = [
    falling(motion, e, bstar)
    for motion in (15.5, 16.0, 16.2, 16.4)
    for e in (0.0001, 0.003, 0.01)
    for bstar in (1e-4, 1e-3, 2e-2, -1e-3)
]
SETS = [*SNAPSHOT, *FALLING]
RECORDS = [satellite_record(item) for item in SETS]
# SGP4 counts a day's decay after its periodic terms of the node; measured.
DECAY_SHARE = 0.005


def test_decay_is_what_sgp4_makes_of_drag():
    expected = [decay_per_day(record) for record in RECORDS]
    assert sum(map(bool, expected)) > 60
    assert Drag.of(RECORDS).decay_per_day() == pytest.approx(expected, rel=DECAY_SHARE, abs=1e-12)


@pytest.mark.parametrize("days", [0.5, 3.0, 20.0, -2.0])
def test_what_may_not_fail_does_not(days):
    drag = Drag.of(RECORDS)
    doubtful = drag.may_fail(days * 1440.0)
    parts = np.linspace(0.0, days, 500)
    fails = np.array(
        [
            record.sgp4_array(np.full(500, record.jdsatepoch), record.jdsatepochF + parts)[0].any()
            for record in RECORDS
        ]
    )
    assert fails.any()
    assert not (fails & ~doubtful).any()
    assert (~doubtful).sum() > len(SNAPSHOT) / 2


def test_timing_errors_of_many_objects_are_those_of_each():
    growths = TimingGrowths.of(SETS, Drag.of(RECORDS))
    for age_days in (-4.0, 0.0, 0.3, 11.0):
        which = np.arange(len(SETS))
        sigma_s = growths.sigma_s(which, np.full(len(SETS), age_days))
        expected = [
            prior_growth(item).sigma_at(item.epoch + timedelta(days=age_days)) for item in SETS
        ]
        assert sigma_s == pytest.approx(expected, rel=DECAY_SHARE)
