"""Screening against the search of a single pass list, object by object, and against itself."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from population import population as shaped_like_the_catalog

from sattrack import Tracker
from sattrack.elements import ElementSet
from sattrack.errors import InvalidInputError
from sattrack.orbits import Sgp4
from sattrack.passes import find_passes
from sattrack.places import Place
from sattrack.screening import Failure, screen
from sattrack.times import Span
from sattrack.times.scale import Clock

SPAN = Span.from_days(datetime(2026, 10, 8, tzinfo=UTC), 1)
# Rise and set against the scalar search, which asks SGP4 itself.
EDGE_S = 1e-3
# A slow or grazing edge is judged as the elevation that the error amounts to.
EDGE_DEG = 0.0005
TOP_DEG = 0.0005
# Near the Earth; in deep space the top is so flat that its time is judged by height alone.
TOP_S = 1e-3


def population(count: int, seed: int) -> list[ElementSet]:
    """Return orbits of the kinds that fly, low ones foremost, about the start of the window."""
    return shaped_like_the_catalog(count, seed, SPAN.start)


def screened(elements, places, span=SPAN, mask_deg=10.0, **more):
    failures: list[Failure] = []
    parts = list(screen(elements, places, span, mask_deg, failures, **more))
    rows = np.concatenate(parts) if parts else None
    return rows, failures


PLACES = [
    (Place("Seoul", 37.5665, 126.978), 10.0),
    (Place("Svalbard", 78.2298, 15.3897, 450.0), 0.0),
    (Place("South Pole", -89.99, 0.0, 2835.0), 5.0),
    (Place("Quito", -0.18, -78.47, 2850.0), 60.0),
    (Place("Punta Arenas", -53.16, -70.91), -5.0),
]


@pytest.mark.parametrize(("place", "mask_deg"), PLACES, ids=lambda value: str(value)[:24])
def test_nothing_is_lost_or_invented(place, mask_deg):
    elements = population(120, seed=7)
    rows, failures = screened(elements, [place], mask_deg=mask_deg)
    assert not failures
    clock = Clock(SPAN.start)
    for index, one in enumerate(elements):
        orbit = Sgp4(one)
        expected = find_passes(orbit, place, SPAN, mask_deg).passes
        found = rows[rows["object"] == index]
        assert len(found) == len(expected), one
        for row, pass_ in zip(found, expected, strict=True):
            assert (row["open_start"], row["open_end"]) == (pass_.open_start, pass_.open_end)
            for event, sighting in (("rise", pass_.first), ("set", pass_.last)):
                error_s = abs(row[f"{event}_s"] - clock.seconds_at(sighting.time))
                error_deg = abs(row[f"{event}_elevation_deg"] - sighting.elevation_deg)
                assert error_s < EDGE_S, (one, event)
                assert error_deg < EDGE_DEG
            top = pass_.culmination
            assert abs(row["culmination_elevation_deg"] - top.elevation_deg) < TOP_DEG
            if one.mean_motion_rev_day > 6.4:
                assert abs(row["culmination_s"] - clock.seconds_at(top.time)) < TOP_S, one
            assert row["culmination_range_km"] == pytest.approx(top.range_km, abs=0.5)


def test_blocks_are_sewn_together_without_a_trace(monkeypatch):
    elements = population(150, seed=3)
    places = [place for place, _ in PLACES[:2]]
    whole, _ = screened(elements, places)
    monkeypatch.setattr("sattrack.screening.sweep._ROWS_AT_ONCE", 200)
    parts, _ = screened(elements, places)
    assert len(parts) == len(whole) > 1000
    assert np.array_equal(parts["object"], whole["object"])
    assert np.abs(parts["rise_s"] - whole["rise_s"]).max() < EDGE_S
    assert np.abs(parts["set_s"] - whole["set_s"]).max() < EDGE_S


def test_rows_come_in_order_of_time():
    rows, _ = screened(population(150, seed=4), [place for place, _ in PLACES])
    assert (np.diff(rows["rise_s"]) >= 0.0).all()
    assert (rows["rise_s"] <= rows["culmination_s"]).all()
    assert (rows["culmination_s"] <= rows["set_s"]).all()


def test_the_answer_does_not_depend_on_how_work_is_divided(monkeypatch):
    elements = population(150, seed=5)
    places = [place for place, _ in PLACES]
    whole, _ = screened(elements, places)
    monkeypatch.setattr("sattrack.screening.sweep._OBJECTS_AT_ONCE", 17)
    monkeypatch.setattr("sattrack.screening.sweep._PLACES_AT_ONCE", 2)
    with ThreadPoolExecutor(2) as executor:
        divided, _ = screened(elements, places, executor=executor)
    assert divided.tobytes() == whole.tobytes()


def test_an_object_that_decays_spoils_nothing():
    elements = population(40, seed=6)
    fallen = replace(
        elements[5], mean_motion_rev_day=16.4, eccentricity=0.0005, bstar_per_earth_radius=0.05
    )
    refused = replace(elements[6], mean_motion_rev_day=17.5)
    rows, failures = screened([*elements[:5], fallen, refused, *elements[7:]], [PLACES[0][0]])
    failures.sort(key=lambda failure: failure.index)
    assert [failure.index for failure in failures] == [5, 6]
    assert "decayed" in failures[0].reason or "SGP4" in failures[0].reason
    others = [*elements[:5], *elements[7:]]
    plain, _ = screened(others, [PLACES[0][0]])
    assert len(plain) == len(rows)


def test_a_mask_out_of_range_is_refused():
    with pytest.raises(InvalidInputError, match="89"):
        next(screen([], [PLACES[0][0]], SPAN, 90.0))


def test_nothing_to_screen_yields_nothing():
    assert list(screen([], [PLACES[0][0]], SPAN)) == []


def test_the_named_craft_pass_as_the_catalog_says(monkeypatch, tmp_path):
    monkeypatch.setenv("SATTRACK_HOME", str(tmp_path))
    orbits = Tracker.open().orbits("recon", at=SPAN.start)
    elements = [item.orbit.elements for item in orbits]
    rows, _ = screened(elements, [PLACES[0][0]])
    expected = sum(len(find_passes(item.orbit, PLACES[0][0], SPAN, 10.0).passes) for item in orbits)
    assert len(rows) == expected > 10


class OneByOne(Executor):
    """Does nothing until a result is waited for, and counts what waits."""

    def __init__(self):
        self.waiting = 0
        self.most = 0

    def submit(self, function, /, *arguments):
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        executor = self

        class Later(Future):
            def result(self, timeout=None):
                executor.waiting -= 1
                return function(*arguments)

        return Later()


def test_an_executor_holds_a_bounded_part_of_the_work(monkeypatch):
    elements = population(60, seed=8)
    whole, _ = screened(elements, [PLACES[0][0]])
    monkeypatch.setattr("sattrack.screening.sweep._OBJECTS_AT_ONCE", 7)
    executor, shares = OneByOne(), []
    rows, _ = screened(
        elements, [PLACES[0][0]], executor=executor, tasks_ahead=3, progress=shares.append
    )
    assert rows.tobytes() == whole.tobytes()
    assert executor.most == 4
    assert executor.waiting == 0
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_no_pass_is_lost_where_two_blocks_meet(monkeypatch):
    """Of this orbit, mean elements take a pass to begin later than it does, beyond the border."""
    elements = ElementSet(
        norad_id=23893,
        epoch=datetime(2026, 7, 10, 6, 53, 52, 528992, UTC),
        mean_motion_rev_day=13.46324332,
        eccentricity=0.08524085,
        inclination_deg=63.3179,
        raan_deg=131.6430,
        argument_of_perigee_deg=49.5309,
        mean_anomaly_deg=317.6915,
        bstar_per_earth_radius=0.28736778e-3,
    )
    place = Place("Samoa", -27.981665884379595, -171.30668551480463)
    span = Span.from_days(datetime(2026, 7, 11, tzinfo=UTC), 1)
    expected = find_passes(Sgp4(elements), place, span, 10.0).passes
    monkeypatch.setattr("sattrack.screening.sweep._LONGEST_BLOCK_S", 3600.0)
    rows, _ = screened([elements], [place], span)
    assert len(rows) == len(expected) == 6
