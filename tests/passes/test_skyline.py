"""Passes above a horizon mask, against brute force twice a second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lunarlike import KDSA, danuri
from orbitlike import element_sets, places

from sattrack.elements import ElementSet
from sattrack.errors import InvalidInputError, NoOrbitError
from sattrack.orbits import Orbit, Sgp4
from sattrack.orbits.light import signal
from sattrack.passes import find_passes
from sattrack.passes.horizon import look_angles
from sattrack.passes.occultation import find_contacts
from sattrack.places import HorizonMask, Place
from sattrack.times import Span
from sattrack.times.scale import Clock

STEP_S = 0.5
# An excursion through a sloping mask that lasts less than two samples escapes the brute force.
SHORTEST_S = 2.0 * STEP_S
# Of the instants of a Pass, rounded to the microsecond, and of sixty halvings of the brute force.
EDGE_S = 1e-5
# Below this angular speed against the mask an edge is ill-conditioned in time: judged by angle.
EDGE_DEG = 0.0005

# As the embedded set of 2026-07-23 has it.
ISS = ElementSet(
    norad_id=25544,
    epoch=datetime(2026, 7, 23, 19, 55, tzinfo=UTC),
    mean_motion_rev_day=15.49249,
    eccentricity=0.00068,
    inclination_deg=51.63,
    raan_deg=134.0,
    argument_of_perigee_deg=270.3,
    mean_anomaly_deg=89.7,
    bstar_per_earth_radius=1.7e-4,
)


def _height_deg(orbit: Orbit, place: Place, clock: Clock, limit_deg: float, seconds):
    look = look_angles(orbit, place, clock, seconds)
    mask = np.maximum(place.horizon.at(look.azimuth_deg), limit_deg)
    return look.elevation_deg - mask


def _brute_force(orbit: Orbit, place: Place, clock: Clock, end_s: float, limit_deg: float):
    grid = np.arange(0.0, end_s + STEP_S, STEP_S)
    grid[-1] = end_s
    above = _height_deg(orbit, place, clock, limit_deg, grid) >= 0.0
    changes = np.flatnonzero(above[1:] != above[:-1])
    low, high, begin = grid[changes], grid[changes + 1], above[changes]
    for _ in range(60 if len(low) else 0):
        middle = (low + high) / 2.0
        same = (_height_deg(orbit, place, clock, limit_deg, middle) >= 0.0) == begin
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    edges = high.tolist()
    if above[0]:
        edges.insert(0, 0.0)
    if len(edges) % 2:
        edges.append(end_s)
    return [*zip(edges[0::2], edges[1::2], strict=True)]


def _check(orbit: Orbit, place: Place, span: Span, limit_deg: float) -> int:
    clock = Clock(span.start)
    end_s = clock.seconds_at(span.end)
    search = find_passes(orbit, place, span, limit_deg)
    truth = _brute_force(orbit, place, clock, end_s, limit_deg)
    found = [(clock.seconds_at(p.first.time), clock.seconds_at(p.last.time)) for p in search.passes]
    # Cut out what is too short for the brute force, or stands between two pieces for as short.
    inside = lambda begin, end, many: any(b - 1e-3 <= begin and end <= e + 1e-3 for b, e in many)  # noqa: E731
    for begin, end in truth:
        if end - begin > SHORTEST_S:
            middle = (begin + end) / 2.0
            assert inside(middle, middle, found), f"lost {begin} to {end}"
    for begin, end in found:
        if end - begin > SHORTEST_S:
            middle = (begin + end) / 2.0
            assert inside(middle, middle, truth), f"invented {begin} to {end}"
    true_edges = np.array([edge for pair in truth for edge in pair])
    for begin, end in found:
        for edge in (begin, end):
            if end - begin > SHORTEST_S and 0.0 < edge < end_s:
                error_s = np.abs(true_edges - edge).min()
                height = _height_deg(orbit, place, clock, limit_deg, np.array([edge]))
                assert error_s < EDGE_S or abs(height[0]) < EDGE_DEG
    return len(found)


@st.composite
def masks(draw) -> HorizonMask:
    azimuths = draw(st.lists(st.integers(0, 359), min_size=2, max_size=12, unique=True).map(sorted))
    elevations = draw(
        st.lists(st.floats(-3.0, 60.0), min_size=len(azimuths), max_size=len(azimuths))
    )
    return HorizonMask(tuple(float(a) for a in azimuths), tuple(elevations))


@given(element_sets(), places, masks(), st.sampled_from([0.0, 5.0, 20.0]))
@settings(max_examples=60, deadline=None)
def test_no_pass_above_a_mask_is_lost_or_invented(
    elements: ElementSet, place: Place, mask: HorizonMask, limit_deg: float
):
    place = Place(place.name, place.latitude_deg, place.longitude_deg, place.height_m, horizon=mask)
    span = Span.from_days(elements.epoch, 0.25)
    try:
        orbit = Sgp4(elements)
        assume(find_passes(orbit, place, span, limit_deg).ending is None)
    except NoOrbitError:
        assume(False)
    _check(orbit, place, span, limit_deg)


def test_a_mountain_splits_a_pass_in_two():
    peak = HorizonMask((0.0, 88.0, 90.0, 92.0), (5.0, 5.0, 60.0, 5.0))
    span = Span.from_days(datetime(2026, 7, 24, tzinfo=UTC), 5)
    plain = Place("Seoul", 37.5665, 126.978)
    behind = Place("Seoul", 37.5665, 126.978, horizon=peak)
    orbit = Sgp4(ISS)
    whole = find_passes(orbit, plain, span, 5.0).passes
    split = find_passes(orbit, behind, span, 5.0).passes
    assert _check(orbit, behind, span, 5.0) == len(split) > len(whole)
    lost_s = sum(p.duration_s for p in whole) - sum(p.duration_s for p in split)
    assert 0.0 < lost_s < 0.2 * sum(p.duration_s for p in whole)


def test_the_antennas_own_minimum_counts_beside_the_mask():
    low = HorizonMask((0.0, 180.0), (2.0, 3.0))
    span = Span.from_days(datetime(2026, 7, 24, tzinfo=UTC), 2)
    plain = Place("Seoul", 37.5665, 126.978)
    masked = Place("Seoul", 37.5665, 126.978, horizon=low)
    orbit = Sgp4(ISS)
    without, with_mask = (find_passes(orbit, p, span, 10.0).passes for p in (plain, masked))
    assert [p.duration_s for p in without] == pytest.approx(
        [p.duration_s for p in with_mask], abs=EDGE_S
    )


def test_raising_a_mask_puts_points_where_both_cross():
    mask = HorizonMask((0.0, 90.0, 180.0), (0.0, 20.0, 0.0)).raised_to(10.0)
    assert mask.azimuth_deg == (0.0, 45.0, 90.0, 135.0, 180.0)
    assert mask.elevation_deg == (10.0, 10.0, 20.0, 10.0, 10.0)
    azimuths = np.linspace(0.0, 360.0, 721)
    expected = np.maximum(HorizonMask((0.0, 90.0, 180.0), (0.0, 20.0, 0.0)).at(azimuths), 10.0)
    assert np.allclose(mask.at(azimuths), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("azimuths", "elevations", "word"),
    [
        ((0.0,), (5.0,), "two points"),
        ((0.0, 360.0), (5.0, 5.0), "below 360"),
        ((10.0, 10.0), (5.0, 6.0), "ascend"),
        ((0.0, 10.0), (5.0, 90.0), "-10 to 89"),
        ((0.0, float("nan")), (5.0, 5.0), "below 360"),
    ],
)
def test_what_is_no_horizon_is_refused(azimuths, elevations, word):
    with pytest.raises(InvalidInputError, match=word):
        HorizonMask(azimuths, elevations)


def test_a_level_mask_is_the_flat_one_for_a_lunar_orbiter():
    orbit, span = danuri(), Span.from_days(datetime(2026, 11, 24, tzinfo=UTC), 2)
    level = replace(KDSA, horizon=HorizonMask((0.0, 120.0, 240.0), (25.0, 25.0, 25.0)))
    masked, flat = find_contacts(orbit, level, span, 10.0), find_contacts(orbit, KDSA, span, 25.0)
    assert len(masked.passes) == len(flat.passes) > 5
    for one, other in zip(masked.passes, flat.passes, strict=True):
        assert (one.begins, one.ends) == (other.begins, other.ends)
        assert abs(one.first.time - other.first.time) < timedelta(seconds=EDGE_S)
        assert abs(one.last.time - other.last.time) < timedelta(seconds=EDGE_S)


def test_a_wall_in_the_south_cuts_contacts_with_a_lunar_orbiter():
    wall = HorizonMask((0.0, 170.0, 171.0, 200.0, 201.0), (0.0, 0.0, 85.0, 85.0, 0.0))
    orbit, span = danuri(), Span.from_days(datetime(2026, 11, 24, tzinfo=UTC), 2)
    clock = Clock(span.start)
    place = replace(KDSA, horizon=wall)
    seconds = np.arange(0.0, 2 * 86400.0, 5.0)
    heard = signal(orbit, place, clock, seconds)
    open_sky = (heard.elevation_deg >= np.maximum(wall.at(heard.azimuth_deg), 10.0)) & ~heard.hidden
    found = np.zeros(len(seconds), dtype=bool)
    for contact in find_contacts(orbit, place, span, 10.0).passes:
        begin, end = (clock.seconds_at(one.time) for one in (contact.first, contact.last))
        found |= (seconds >= begin) & (seconds <= end)
    assert np.array_equal(found, open_sky)
    assert found.sum() < (~heard.hidden & (heard.elevation_deg >= 10.0)).sum()
