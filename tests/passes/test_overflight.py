"""Overflights of lunar regions: against brute force, and the proof behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lunarlike import danuri, frames, kepler_orbit, lunar_orbits, mascon_orbit

from sattrack.catalog import Region, catalog_root, read_catalog
from sattrack.errors import InvalidInputError, NoOrbitError
from sattrack.orbits.moon import MOON_RADIUS_KM, sub_points
from sattrack.passes.lunar import REACH_RAD
from sattrack.passes.overflight import (
    Target,
    _Cone,
    _Track,
    _unit,
    find_overflights,
)
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking.targets import target_of, targets_of

START = datetime(2026, 11, 24, tzinfo=UTC)
CATALOG = read_catalog(catalog_root())
REGIONS = [target_of(region) for region in CATALOG.each(Region)]
SOUTH, NORTH = Target("south", -90.0, 0.0), Target("north", 90.0, 17.0)
# Concave, about a corner of the far side.
ARROW = Target(
    "arrow", 5.0, 179.0, ((174.0, -2.0), (179.0, 12.0), (184.0, -2.0), (179.0, 3.0), (174.0, -2.0))
)


def _distance_km(orbit, target: Target, clock: Clock, seconds: np.ndarray) -> np.ndarray:
    """Haversine, from latitudes and longitudes."""
    points = sub_points(orbit, frames(), clock.time(seconds))
    latitude, longitude = np.radians(points.latitude_deg), np.radians(points.longitude_deg)
    other, east = np.radians(target.latitude_deg), np.radians(target.longitude_deg)
    h = np.sin((latitude - other) / 2.0) ** 2
    h += np.cos(latitude) * np.cos(other) * np.sin((longitude - east) / 2.0) ** 2
    return 2.0 * MOON_RADIUS_KM * np.arcsin(np.sqrt(h))


def _inside(orbit, target: Target, clock: Clock, seconds: np.ndarray) -> np.ndarray:
    """Seen from inside, the corners of an outline go once round."""
    if not target.outline_deg:
        return np.zeros(len(seconds), dtype=bool)
    points = sub_points(orbit, frames(), clock.time(seconds))
    latitude, longitude = np.radians(points.latitude_deg), np.radians(points.longitude_deg)
    bearings = []
    for east_deg, north_deg in target.outline_deg:
        north, away = np.radians(north_deg), np.radians(east_deg) - longitude
        bearings.append(
            np.arctan2(
                np.sin(away) * np.cos(north),
                np.cos(latitude) * np.sin(north) - np.sin(latitude) * np.cos(north) * np.cos(away),
            )
        )
    turns = np.remainder(np.diff(bearings, axis=0) + np.pi, 2.0 * np.pi) - np.pi
    ahead = _distance_km(orbit, target, clock, seconds) < MOON_RADIUS_KM
    return ahead & (np.abs(turns.sum(axis=0)) > np.pi)


def _near(orbit, target, clock, seconds, within_km) -> np.ndarray:
    near = _distance_km(orbit, target, clock, seconds) <= within_km
    return near | _inside(orbit, target, clock, seconds)


def _brute(orbit, target, clock, end_s, within_km) -> list[float]:
    """Every edge between samples of a second, and of the minima between them, bisected."""
    grid = np.linspace(0.0, end_s, int(end_s) + 1)
    distance = _distance_km(orbit, target, clock, grid)
    dips = np.flatnonzero((distance[1:-1] < distance[:-2]) & (distance[1:-1] <= distance[2:])) + 1
    low, high = grid[dips - 1], grid[dips + 1]
    for _ in range(60):
        third = (high - low) / 3.0
        nearer = _distance_km(orbit, target, clock, low + third) < _distance_km(
            orbit, target, clock, high - third
        )
        low, high = np.where(nearer, low, low + third), np.where(nearer, high - third, high)
    seconds = np.unique(np.concatenate([grid, (low + high) / 2.0]))
    near = _near(orbit, target, clock, seconds, within_km)
    changes = np.flatnonzero(near[1:] != near[:-1])
    low, high, was = seconds[changes], seconds[changes + 1], near[changes]
    for _ in range(40):
        middle = (low + high) / 2.0
        same = _near(orbit, target, clock, middle, within_km) == was
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return [*([0.0] if near[0] else []), *((low + high) / 2.0), *([end_s] if near[-1] else [])]


@given(
    st.sampled_from([*REGIONS, SOUTH, NORTH, ARROW]),
    st.floats(0.0, 120.0),
    st.sampled_from([5.0, 20.0, 50.0, 300.0, 1500.0]),
)
@settings(max_examples=40)
def test_overflights_against_brute_force(target, days, within_km):
    start = START - timedelta(days=60.0) + timedelta(days=days)
    span, clock = Span.from_days(start, 0.4), Clock(start)
    found = find_overflights(danuri(), frames(), target, span, within_km).overflights
    edges = [clock.seconds_at(instant) for one in found for instant in (one.first, one.last)]
    brute = _brute(danuri(), target, clock, 0.4 * 86400.0, within_km)
    # A second may hide an outline's corner from the samples; nothing else.
    brief = [one for one in found if one.duration_s < 1.0 and target.outline_deg]
    if brief:
        keep = [one for one in found if one not in brief]
        edges = [clock.seconds_at(instant) for one in keep for instant in (one.first, one.last)]
        brief_s = [clock.seconds_at(one.first) for one in brief]
        brute = [edge for edge in brute if all(abs(edge - other) > 1.1 for other in brief_s)]
    assert edges == pytest.approx(brute, abs=2e-4)


@given(lunar_orbits(), st.floats(-90.0, 90.0), st.floats(-180.0, 180.0), st.sampled_from([1, 40.0]))
@settings(max_examples=25)
def test_any_orbit_over_any_place(orbit, latitude_deg, longitude_deg, within_km):
    target, clock = Target("x", latitude_deg, longitude_deg), Clock(START)
    found = find_overflights(orbit, frames(), target, Span.from_days(START, 0.5), within_km)
    edges = [
        clock.seconds_at(instant) for one in found.overflights for instant in (one.first, one.last)
    ]
    brute = _brute(orbit, target, clock, 43200.0, within_km)
    assert edges == pytest.approx(brute, abs=2e-3)


def test_the_closest_point_is_described():
    (target,) = targets_of("nobile-rim-1", CATALOG)
    search = find_overflights(danuri(), frames(), target, Span.from_days(START, 4.0))
    assert len(search.overflights) > 20
    assert search.ending is None
    clock, bodies = Clock(START), danuri().bodies
    for one in search.overflights:
        closest = one.closest
        assert one.first <= closest.time <= one.last
        second = clock.seconds_at(closest.time)
        around = second + np.array([-0.5, 0.0, 0.5])
        distance = _distance_km(danuri(), target, clock, around)
        assert distance.argmin() == 1
        assert closest.distance_km == pytest.approx(distance[1], abs=1e-5)
        t = clock.time(np.array([second]))
        (height,) = sub_points(danuri(), frames(), t).height_km
        assert closest.height_km == pytest.approx(height, abs=1e-5)
        # With vectors of the stars: the Moon's centre, the target, the craft and the Sun.
        craft = danuri().selenocentric(t)[0][:, 0]
        up = frames().mean_earth(clock.time(second)).T @ _unit(-85.44, 37.35)
        sight = MOON_RADIUS_KM * up - craft
        cosine = -(sight @ craft) / np.linalg.norm(sight) / np.linalg.norm(craft)
        assert closest.off_nadir_deg == pytest.approx(np.degrees(np.arccos(cosine)), abs=1e-5)
        sun = (bodies.sun(t)[0] - bodies.moon(t)[0])[:, 0] - MOON_RADIUS_KM * up
        sine = sun @ up / np.linalg.norm(sun)
        assert closest.sun_elevation_deg == pytest.approx(np.degrees(np.arcsin(sine)), abs=1e-6)
        # The Sun stands within 1.54 degrees of the Moon's equator: at 85.44 S, never above 6.1.
        assert abs(closest.sun_elevation_deg) < 4.56 + 1.6


def test_the_sun_stands_at_the_pole_as_the_season_says():
    """At the pole it is as high as the point beneath it is beyond the equator."""
    clock = Clock(START)
    t = clock.time(0.0)
    to_sun = danuri().bodies.sun(t)[0] - danuri().bodies.moon(t)[0]
    x, y, z = frames().mean_earth(t) @ to_sun
    beneath_deg = float(np.degrees(np.arctan2(z, np.hypot(x, y))))
    assert abs(beneath_deg) < 1.6
    search = find_overflights(danuri(), frames(), SOUTH, Span.from_days(START, 0.2))
    for one in search.overflights:
        assert one.closest.sun_elevation_deg == pytest.approx(-beneath_deg, abs=0.02)


def test_inside_the_outline_counts_however_far_from_the_centre():
    (plateau,) = targets_of("mons-mouton-plateau", CATALOG)
    point = Target("centre", plateau.latitude_deg, plateau.longitude_deg)
    span = Span.from_days(START, 10.0)
    region = find_overflights(danuri(), frames(), plateau, span, 5.0).overflights
    centre = find_overflights(danuri(), frames(), point, span, 5.0).overflights
    assert len(region) > len(centre) > 0
    assert sum(o.duration_s for o in region) > 5.0 * sum(o.duration_s for o in centre)
    for one in centre:
        assert any(r.first <= one.first and one.last <= r.last for r in region)


def test_a_window_cuts_overflights_open():
    (target,) = targets_of("nobile-rim-1", CATALOG)
    whole = find_overflights(danuri(), frames(), target, Span.from_days(START, 2.0)).overflights[3]
    span = Span(whole.first + timedelta(seconds=5), whole.last - timedelta(seconds=5))
    (cut,) = find_overflights(danuri(), frames(), target, span).overflights
    assert (cut.entry, cut.exit) == (None, None)
    assert cut.duration_s == pytest.approx(whole.duration_s - 10.0, abs=1e-3)
    assert abs(cut.closest.time - whole.closest.time) < timedelta(milliseconds=2)


def test_overflights_are_apart_and_moving_the_window_moves_none():
    (target,) = targets_of("haworth", CATALOG)
    one = find_overflights(danuri(), frames(), target, Span.from_days(START, 9.0)).overflights
    later = Span.from_days(START - timedelta(hours=7, seconds=3), 10.0)
    other = find_overflights(danuri(), frames(), target, later).overflights
    other = tuple(o for o in other if o.first > START)
    assert one
    for a, b in zip(one, other, strict=False):
        assert abs(a.first - b.first) < timedelta(milliseconds=0.02)
        assert abs(a.last - b.last) < timedelta(milliseconds=0.02)
    for before, after in pairwise(one):
        assert before.last < after.first


def test_beyond_the_table_the_search_ends_there():
    start = datetime(2027, 3, 30, tzinfo=UTC)
    search = find_overflights(danuri(), frames(), SOUTH, Span.from_days(start, 5.0))
    assert search.ending is not None
    assert search.span.end == search.ending.instant
    assert len(search.overflights) >= 20
    with pytest.raises(NoOrbitError, match="covers 2026-09-04"):
        find_overflights(
            danuri(), frames(), SOUTH, Span.from_days(datetime(2026, 9, 1, tzinfo=UTC), 1.0)
        )


@pytest.mark.parametrize("within_km", [0.0, -1.0, 0.05, 2800.0, float("nan")])
def test_a_distance_that_means_nothing_is_refused(within_km):
    with pytest.raises(InvalidInputError, match=r"outside 0\.1 to 2700"):
        find_overflights(danuri(), frames(), SOUTH, Span.from_days(START, 1.0), within_km)


def test_an_outline_round_half_the_moon_is_refused():
    target = Target("all", 0.0, 0.0, ((-100.0, 0.0), (0.0, 50.0), (100.0, 0.0)))
    with pytest.raises(InvalidInputError, match="more than a quarter"):
        find_overflights(danuri(), frames(), target, Span.from_days(START, 1.0))


STEPS = 40


def _bound_holds(cone: _Cone, starts_s: np.ndarray, step_s: float) -> int:
    left, right = cone.sample(starts_s), cone.sample(starts_s + step_s)
    downward, upward = cone.bend(left, right, np.full(len(starts_s), step_s))
    known = np.isfinite(downward)
    h = min(1.0, step_s / 50.0)
    for where in np.linspace(0.05, 0.95, 9):
        seconds = starts_s + where * step_s
        second = (cone.sample(seconds + h)[1] - cone.sample(seconds - h)[1]) / (2.0 * h)
        assert (second <= 1.001 * upward + 1e-7)[known].all()
        assert (-second <= 1.001 * downward + 1e-7)[known].all()
    return int(known.sum())


@given(lunar_orbits(), st.floats(-90.0, 90.0), st.floats(0.0, 360.0), st.floats(0.05, 1.0))
@settings(max_examples=150)
def test_no_second_derivative_exceeds_its_bound(orbit, latitude_deg, longitude_deg, part):
    step_s = orbit.period_s / (2.0 * np.pi) * REACH_RAD * part
    starts_s = 1000.0 + np.arange(STEPS) * min(step_s, 100000.0 / STEPS)
    track = _Track(orbit, frames(), Clock(START))
    _bound_holds(_Cone(track, _unit(latitude_deg, longitude_deg), 0.03), starts_s, step_s)


def test_the_bound_holds_over_mascons_and_is_of_use():
    orbit = mascon_orbit(8.5e8)
    track = _Track(orbit, frames(), Clock(orbit.coverage[0] + timedelta(seconds=60)))
    for axis in (_unit(-90.0, 0.0), _unit(10.0, 200.0)):
        cone = _Cone(track, axis, 0.03)
        for step_s, useful in ((60.0, 1.0), (200.0, 1.0), (400.0, 0.9)):
            starts_s = np.linspace(10.0, 20000.0, 200)
            assert _bound_holds(cone, starts_s, step_s) >= useful * len(starts_s)


def test_a_circular_orbit_over_the_pole_comes_once_a_revolution():
    orbit = kepler_orbit(1837.4, 0.0, 90.0, 30.0, 0.0, 0.0)
    found = find_overflights(orbit, frames(), SOUTH, Span.from_days(START, 1.0), 100.0).overflights
    assert len(found) == pytest.approx(86400.0 / orbit.period_s, abs=1.0)


def test_targets_are_named_grouped_or_given_by_coordinates():
    assert [t.id for t in targets_of("haworth", CATALOG)] == ["haworth"]
    assert len(targets_of("artemis", CATALOG)) == len(targets_of("artemis-regions", CATALOG)) == 9
    assert [t.id for t in targets_of("Haworth, nobile-rim-1", CATALOG)] == [
        "haworth",
        "nobile-rim-1",
    ]
    (point,) = targets_of("85.4S 37.3E", CATALOG)
    assert (point.latitude_deg, point.longitude_deg, point.outline_deg) == (-85.4, 37.3, ())
    with pytest.raises(InvalidInputError, match="latitude and longitude alone"):
        targets_of("-85.4,37.3,100", CATALOG)
    other = Region("mars-x", "Mars X", "", CATALOG["haworth"].source, "mars", 0.0, 0.0)
    with pytest.raises(InvalidInputError, match="region of mars, not of the Moon"):
        target_of(other)
