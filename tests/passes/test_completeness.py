"""No pass lost, none invented: the search against brute force on the same model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from bruteforce import elevation_deg, stretches
from hypothesis import HealthCheck, assume, example, given, settings
from orbitlike import (
    EPOCH,
    element_sets,
    masks_deg,
    nominal_orbits,
    places,
    window_days,
    window_starts,
)

from sattrack.elements import ElementSet
from sattrack.errors import NoOrbitError
from sattrack.orbits import Nominal, Orbit, Sgp4
from sattrack.passes import Pass, PassSearch, find_passes
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock

# A pass that stays this close to the mask may be missed or invented: the promise of find_passes,
# 0.1 m at 160 km, with room for the last digits of SGP4's deep-space terms.
GRAZING_DEG = 1e-4
# What is promised of rise and set, as the elevation the error in time amounts to.
EDGE_DEG = 0.0005
# What is promised of culminations.
CULMINATION_DEG = 0.001
# Instants of a Pass are rounded to the microsecond; a satellite moves 8 mm in that.
ROUNDING_S = 1e-6


def _search(orbit: Orbit, place: Place, span: Span, mask_deg: float) -> PassSearch:
    try:
        search = find_passes(orbit, place, span, mask_deg)
    except NoOrbitError:
        assume(False)
        raise
    assume(search.ending is None)
    return search


def _check_against_brute_force(orbit: Orbit, place: Place, span: Span, mask_deg: float) -> None:
    search = _search(orbit, place, span, mask_deg)
    clock = Clock(span.start)
    end_s = clock.seconds_at(span.end)
    step_s = min(20.0, orbit.period_s / 300.0)
    truth = stretches(orbit, place, clock, end_s, mask_deg, step_s)
    found = [
        (clock.seconds_at(p.first.time), clock.seconds_at(p.last.time), p) for p in search.passes
    ]
    _check_order(search.passes, span)

    unmatched = list(found)
    for stretch in truth:
        overlapping = [
            item for item in unmatched if item[0] <= stretch.end_s and item[1] >= stretch.start_s
        ]
        if not overlapping:
            assert stretch.highest_deg - mask_deg < GRAZING_DEG, f"lost {stretch}"
            continue
        start_s, end, pass_ = overlapping[0]
        unmatched.remove(overlapping[0])
        edges = elevation_deg(orbit, place, clock, np.array([start_s, end]))
        if pass_.rise is not None:
            assert abs(edges[0] - mask_deg) < EDGE_DEG
            assert abs(pass_.rise.elevation_deg - mask_deg) < EDGE_DEG
        if pass_.set is not None:
            assert abs(edges[1] - mask_deg) < EDGE_DEG
        assert pass_.culmination.elevation_deg > stretch.highest_deg - CULMINATION_DEG
        assert (pass_.open_start, pass_.open_end) == (stretch.open_start, stretch.open_end)
    for start_s, end, pass_ in unmatched:
        # Two of brute force's stretches may be one of ours where the dip between them grazes.
        middle = elevation_deg(orbit, place, clock, np.linspace(start_s, end, 50))
        assert pass_.culmination.elevation_deg - mask_deg < GRAZING_DEG, f"invented {pass_}"
        assert middle.max() - mask_deg < GRAZING_DEG


def _check_order(passes: tuple[Pass, ...], span: Span) -> None:
    edges = [instant for p in passes for instant in (p.first.time, p.last.time)]
    assert edges == sorted(edges)
    for pass_ in passes:
        assert pass_.first.time <= pass_.culmination.time <= pass_.last.time
        assert span.start <= pass_.first.time
        assert pass_.last.time <= span.end + timedelta(microseconds=1)
        assert pass_.duration_s >= 0.0


def _elements(a: float, e: float, i: float, node: float, w: float, m: float) -> ElementSet:
    from orbitlike import mean_motion_rev_day

    return ElementSet(99999, EPOCH, mean_motion_rev_day(a), e, i, node, w, m)


@given(element_sets(), places, masks_deg, window_starts, window_days)
# A Molniya orbit under its apogee, an inclined geosynchronous craft with two culminations, a
# geostationary one that grazes a mask, and a low one over the pole: the hard cases by name.
@example(_elements(26600.0, 0.72, 63.4, 10, 270, 0), Place("x", 63.4, 50.0), 60.0, EPOCH, 2.0)
@example(_elements(42164.17, 0.075, 43.0, 200, 270, 30), Place("x", 37.5, 127.0), 10.0, EPOCH, 2.0)
@example(_elements(42164.17, 0.0002, 0.05, 0, 0, 90), Place("x", 70.0, 40.0), 5.0, EPOCH, 2.0)
@example(_elements(6900.0, 0.001, 90.0, 0, 0, 0), Place("x", 90.0, 0.0), 0.0, EPOCH, 1.0)
@example(_elements(6700.0, 0.001, 51.6, 0, 0, 0), Place("x", -20.0, 180.0), 89.0, EPOCH, 2.0)
def test_no_pass_is_lost_or_invented(
    elements: ElementSet, place: Place, mask_deg: float, start: datetime, days: float
) -> None:
    _check_against_brute_force(Sgp4(elements), place, Span.from_days(start, days), mask_deg)


def test_a_pass_over_a_balloon_just_under_the_orbit():
    """Lost once: the search took 50 km for the least distance that anything in orbit keeps."""
    elements = ElementSet(
        1,
        datetime(2026, 3, 1, tzinfo=UTC),
        16.77609330607212,
        0.00047950453236218494,
        19.42394412547159,
        161.48256031822152,
        182.01475536583325,
        136.0802040516329,
    )
    place = Place("balloon", 14.782315091111526, 123.95096825686078, 60_000.0)
    for minutes in range(20, 40):
        start = datetime(2026, 3, 1, 0, minutes, tzinfo=UTC)
        span = Span.from_hours(start, 0.5)
        (found,) = find_passes(Sgp4(elements), place, span, 20.0).passes
        (truth,) = stretches(Sgp4(elements), place, Clock(start), 1800.0, 20.0, 0.1)
        assert abs(found.culmination.elevation_deg - truth.highest_deg) < CULMINATION_DEG


@pytest.mark.thorough
@given(element_sets(), places, masks_deg, window_starts, window_days)
@settings(max_examples=5000, suppress_health_check=list(HealthCheck))
def test_no_pass_is_lost_or_invented_thoroughly(
    elements: ElementSet, place: Place, mask_deg: float, start: datetime, days: float
) -> None:
    _check_against_brute_force(Sgp4(elements), place, Span.from_days(start, days), mask_deg)


@given(nominal_orbits(), places, masks_deg, window_starts, window_days)
@settings(max_examples=60)
def test_planned_orbits_are_searched_as_well(
    elements, place: Place, mask_deg: float, start: datetime, days: float
) -> None:
    _check_against_brute_force(Nominal(elements), place, Span.from_days(start, days), mask_deg)


@given(element_sets(), places, masks_deg, window_starts)
def test_a_mask_at_a_culmination_decides_cleanly(
    elements: ElementSet, place: Place, mask_deg: float, start: datetime
) -> None:
    """Just below a culmination there is a short pass; just above it, none."""
    orbit, span = Sgp4(elements), Span.from_days(start, 0.5)
    closed = [
        p for p in _search(orbit, place, span, min(mask_deg, 60.0)).passes if p.rise and p.set
    ]
    assume(closed)
    top = closed[0].culmination
    hair_deg = 10.0 * GRAZING_DEG
    assume(top.elevation_deg - hair_deg >= -10.0 and top.elevation_deg + hair_deg <= 89.0)

    def near_top(mask_deg: float) -> list[Pass]:
        found = _search(orbit, place, span, mask_deg).passes
        return [p for p in found if p.first.time <= top.time <= p.last.time]

    (short,) = near_top(top.elevation_deg - hair_deg)
    assert abs(short.culmination.elevation_deg - top.elevation_deg) < CULMINATION_DEG
    assert near_top(top.elevation_deg + hair_deg) == []


@given(element_sets(), places, masks_deg, window_starts)
def test_moving_the_window_moves_no_pass(
    elements: ElementSet, place: Place, mask_deg: float, start: datetime
) -> None:
    orbit = Sgp4(elements)
    wide = _search(orbit, place, Span.from_days(start, 1.0), mask_deg)
    narrow_span = Span(start + timedelta(hours=3.7), start + timedelta(hours=20.3))
    narrow = _search(orbit, place, narrow_span, mask_deg)
    # An edge in the window is the same edge, to what its error in time amounts to in elevation.
    clock = Clock(start)
    for pass_ in narrow.passes:
        inside = [
            other
            for other in wide.passes
            if other.first.time <= pass_.last.time and other.last.time >= pass_.first.time
        ]
        if not inside:
            assert pass_.culmination.elevation_deg - mask_deg < GRAZING_DEG
            continue
        if len(inside) > 1:
            continue  # a dip that grazes the mask, seen in one window and not in the other
        for mine, theirs in ((pass_.rise, inside[0].rise), (pass_.set, inside[0].set)):
            if mine is None or theirs is None:
                continue
            seconds = np.array([clock.seconds_at(mine.time), clock.seconds_at(theirs.time)])
            at_mine, at_theirs = elevation_deg(orbit, place, clock, seconds)
            assert abs(at_mine - at_theirs) < EDGE_DEG
    lost = [
        p
        for p in wide.passes
        if narrow_span.start <= p.culmination.time <= narrow_span.end
        and p.culmination.elevation_deg - mask_deg > GRAZING_DEG
        and not any(
            q.first.time <= p.culmination.time <= q.last.time + timedelta(microseconds=2)
            for q in narrow.passes
        )
    ]
    assert lost == []
