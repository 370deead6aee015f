"""Names of revolutions, by real successive element sets: what is the same pass keeps its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from sattrack import read_element_sets
from sattrack.answers.occasions import numbered, occasion, solar_day
from sattrack.orbits import Sgp4
from sattrack.passes import find_passes
from sattrack.places import Place
from sattrack.times import Span

SERIES = sorted((Path(__file__).parents[1] / "orbits" / "data" / "series").glob("*.tle"))
PLACES = (
    Place("Seoul", 37.5, 127.0),
    Place("Singapore", 1.3, 103.8),
    Place("Cape Town", -33.9, 18.4),
    Place("Longyearbyen", 78.2, 15.6),
)
SAME_PASS = timedelta(minutes=10)


@dataclass(frozen=True)
class Craft:
    orbit: Sgp4


def names(elements, place, span):
    orbit = Sgp4(elements)
    return {
        one.culmination.time: occasion(
            Craft(orbit), place.latitude_deg, place.longitude_deg, one.culmination.time
        )
        for one in find_passes(orbit, place, span, 5.0).passes
        if not one.open_start and not one.open_end
    }


def pairs(path: Path, count: int = 2):
    sets = sorted(read_element_sets(path.read_bytes()).sets, key=lambda one: one.epoch)
    close = [
        (one, other)
        for one, other in pairwise(sets)
        if timedelta(hours=6) < other.epoch - one.epoch < timedelta(days=3)
    ]
    return close[:: max(1, len(close) // count)][:count]


@pytest.mark.parametrize("path", SERIES, ids=lambda path: path.stem)
def test_newer_elements_keep_the_names(path):
    for older, newer in pairs(path):
        span = Span.from_days(newer.epoch, 2)
        for place in PLACES:
            before, after = names(older, place, span), names(newer, place, span)
            assert len(set(after.values())) == len(after)
            for time, name in after.items():
                nearest = min(before, key=lambda other: abs(other - time), default=None)
                if nearest is not None and abs(nearest - time) < SAME_PASS:
                    assert before[nearest] == name


def test_many_passes_were_compared():
    compared = 0
    for path in SERIES:
        for _, newer in pairs(path):
            compared += sum(
                len(names(newer, place, Span.from_days(newer.epoch, 2))) for place in PLACES
            )
    assert compared > 500


def low_orbit(inclination_deg: float):
    sets = read_element_sets(SERIES[0].read_bytes()).sets
    return replace(sets[0], inclination_deg=inclination_deg)


@pytest.mark.parametrize("inclination_deg", [0.1, 5.0, 28.0, 152.0, 175.0])
def test_flat_orbits_count_against_the_turning_earth(inclination_deg):
    elements = low_orbit(inclination_deg)
    span = Span.from_days(elements.epoch, 5)
    place = Place("Quito", -0.2, -78.5)
    found = names(elements, place, span)
    later = replace(elements, mean_anomaly_deg=(elements.mean_anomaly_deg + 5.0) % 360.0)
    moved = names(later, place, span)
    assert len(found) > 25
    counts = [int(name[1:]) for name in found.values()]
    assert counts == sorted(set(counts))
    assert len(counts) == counts[-1] - counts[0] + 1 or inclination_deg > 10.0
    for time, name in moved.items():
        nearest = min(found, key=lambda other: abs(other - time))
        if abs(nearest - time) < SAME_PASS:
            assert found[nearest] == name


def test_without_a_count_time_is_counted():
    elements = replace(low_orbit(51.6), rev_at_epoch=0)
    found = names(elements, PLACES[0], Span.from_days(elements.epoch, 3))
    assert all(name[0] == "t" for name in found.values())
    assert len(set(found.values())) == len(found)


def test_days_of_the_sun():
    noon = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    assert solar_day(noon, 127.0) == "d20261124"
    assert solar_day(noon, -120.0) == "d20261123"
    assert solar_day(noon + timedelta(days=1, hours=3), 127.0) == "d20261125"


def test_a_name_that_comes_again_gets_a_number():
    assert list(numbered(["r1", "r2", "r1", "r1"])) == ["r1", "r2", "r1.2", "r1.3"]
