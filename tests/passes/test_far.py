"""Moons of other planets: what a table bounds is bounded, and their light shows when they rise."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lunarlike import KDSA, bodies
from orbitlike import masks_deg, places
from skyfield.framelib import itrs
from standin import moons

from sattrack.elements import StateTable
from sattrack.orbits.far import is_far, table_extent
from sattrack.orbits.tabulated import Hermite, Tabulated
from sattrack.passes import find_passes, look_angles
from sattrack.passes.horizon import Horizon
from sattrack.places import HorizonMask, Place
from sattrack.times import Span
from sattrack.times.scale import Clock, timescale

START = datetime(2026, 11, 25, tzinfo=UTC)
START_JD, J2000_JD = 2461368.5, 2451545.0
DAY_S, LIGHT_KM_S = 86400.0, 299792.458
# What the Earth's turning adds to aberration: 0.46 km/s of the light's speed, in which the sky
# turns for 0.02 s; and light from the near side of the Earth, as much again.
DIURNAL_S = 0.05


def table(states, step_s: float = 1200.0, days: int = 8, centre: int = 399) -> Tabulated:
    """A table from a day before the start on."""
    seconds = np.arange(-DAY_S, (days - 1) * DAY_S + 1.0, step_s)
    found = states((START_JD - J2000_JD) * DAY_S + seconds)
    rows = StateTable("Moon", 606, centre, START_JD, seconds, found[:3], found[3:], "circles")
    return Tabulated(Hermite(rows), bodies())


def elliptic(axis_km: float, eccentricity: float):
    """Two bodies about the Earth."""
    rate = np.sqrt(398600.4418 / axis_km**3)

    def states(since_s: np.ndarray) -> np.ndarray:
        mean = rate * since_s
        anomaly = mean
        for _ in range(200):
            anomaly = mean + eccentricity * np.sin(anomaly)
        root = np.sqrt(1.0 - eccentricity**2)
        speed = axis_km * rate / (1.0 - eccentricity * np.cos(anomaly))
        zero = np.zeros(len(since_s))
        x, y = axis_km * (np.cos(anomaly) - eccentricity), axis_km * root * np.sin(anomaly)
        return (
            np.array(
                [
                    x,
                    0.6 * y,
                    0.8 * y,
                    -speed * np.sin(anomaly),
                    *(root * speed * np.cos(anomaly) * k for k in (0.6, 0.8)),
                ]
            )
            + zero
        )

    return states


def apparent_height_deg(planet, moon, place: Place, seconds: np.ndarray) -> np.ndarray:
    """Light time about the Sun, aberration as Lorentz has it, and Skyfield's own frame."""
    t = timescale().utc(2026, 11, 25, 0, 0, seconds)
    since_s = (START_JD - J2000_JD) * DAY_S + (t.whole - START_JD + t.tdb_fraction) * DAY_S
    observer = moons.circle(*moons.EARTH, since_s)
    turned = itrs.rotation_at(t)
    spot = np.einsum("jin,j->in", turned, place.itrf_km())
    spin = np.array([-spot[1], spot[0], 0.0 * spot[0]]) * 7.2921150e-5
    eye, eye_rate = observer[:3] + spot, observer[3:] + spin
    light_s = np.zeros(len(seconds))
    for _ in range(6):
        left_s = since_s - light_s
        way = (moons.circle(*planet, left_s) + moons.circle(*moon, left_s))[:3] - eye
        light_s = np.linalg.norm(way, axis=0) / LIGHT_KM_S
    n, beta = way / np.linalg.norm(way, axis=0), eye_rate / LIGHT_KM_S
    gamma = 1.0 / np.sqrt(1.0 - (beta**2).sum(axis=0))
    along = (n * beta).sum(axis=0)
    seen = (n / gamma + beta + beta * along * gamma / (1.0 + gamma)) / (1.0 + along)
    up = place.east_north_up()[2] @ np.einsum("ijn,jn->in", turned, seen)
    return np.degrees(np.arcsin(up))


@pytest.mark.parametrize(
    ("states", "planet", "moon"),
    [(moons.titan, moons.SATURN, moons.TITAN), (moons.phobos, moons.MARS, moons.PHOBOS)],
)
def test_passes_are_those_of_the_apparent_moon(states, planet, moon):
    orbit = table(states)
    assert is_far(orbit)
    search = find_passes(orbit, KDSA, Span.from_days(START, 3.0), 10.0)
    assert search.ending is None
    seconds = np.arange(0.0, 3.0 * DAY_S, 20.0)
    height = apparent_height_deg(planet, moon, KDSA, seconds) - 10.0
    cut = np.flatnonzero((height[1:] >= 0.0) != (height[:-1] >= 0.0))
    expected = seconds[cut] + 20.0 * height[cut] / (height[cut] - height[cut + 1])
    found = [
        clock_s(sighting)
        for each in search.passes
        for sighting in (each.rise, each.set)
        if sighting is not None
    ]
    assert len(found) == len(expected) >= 5
    assert np.abs(np.array(found) - expected).max() < DIURNAL_S
    for each in search.passes:
        if not (each.open_start or each.open_end):
            first_s, last_s = clock_s(each.first), clock_s(each.last)
            highest = height[(seconds >= first_s) & (seconds <= last_s)].max() + 10.0
            assert each.culmination.elevation_deg == pytest.approx(highest, abs=1e-3)


def clock_s(sighting) -> float:
    return (sighting.time - START).total_seconds()


def test_a_mask_that_is_grazed_is_not_lost():
    """A degree of declination below the highest: a pass of minutes, whatever the first step."""
    orbit = table(moons.titan)
    clock = Clock(START)
    seconds = np.arange(0.0, DAY_S, 1.0)
    look = look_angles(orbit, KDSA, clock, seconds)
    highest = float(look.elevation_deg.max())
    for below_deg in (1e-2, 1e-4):
        search = find_passes(orbit, KDSA, Span.from_days(START, 1.0), highest - below_deg)
        above = look.elevation_deg >= highest - below_deg
        assert len(search.passes) == 1
        duration = sum(one.duration_s for one in search.passes)
        assert duration == pytest.approx(np.count_nonzero(above), abs=2.0)
    assert find_passes(orbit, KDSA, Span.from_days(START, 1.0), highest + 1e-4).verdict == "never"


def test_a_skyline_cuts_it():
    walls = HorizonMask((0.0, 170.0, 171.0, 190.0, 191.0), (0.0, 0.0, 89.0, 89.0, 0.0))
    place = Place("Walled", KDSA.latitude_deg, KDSA.longitude_deg, KDSA.height_m, horizon=walls)
    search = find_passes(table(moons.titan), place, Span.from_days(START, 2.0), 10.0)
    look = look_angles(table(moons.titan), place, Clock(START), np.arange(0.0, 2.0 * DAY_S, 5.0))
    limit = walls.at(look.azimuth_deg)
    above = look.elevation_deg >= np.maximum(limit, 10.0)
    starts = np.count_nonzero(above[1:] & ~above[:-1]) + int(above[0])
    assert len(search.passes) == starts >= 4


CURVES = {
    "titan": table(moons.titan),
    "phobos": table(moons.phobos),
    "low": table(elliptic(6900.0, 0.001), 60.0),
    "eccentric": table(elliptic(26560.0, 0.7), 60.0),
    "cislunar": table(elliptic(200_000.0, 0.9), 60.0),
}


@given(st.sampled_from(sorted(CURVES)), places, masks_deg, st.floats(1.0, 3000.0))
@settings(max_examples=100, deadline=None)
def test_no_second_derivative_exceeds_its_bound(name, place, mask_deg, step_s):
    horizon = Horizon(CURVES[name], place, Clock(START), mask_deg)
    starts_s = np.linspace(0.0, 5.0 * DAY_S, 40)
    left, right = horizon.sample(starts_s), horizon.sample(starts_s + step_s)
    downward, upward = horizon.bend(left, right, np.full(len(starts_s), step_s))
    h = min(30.0 if name in ("titan", "phobos") else 0.5, step_s / 20.0)
    for where in np.linspace(0.06, 0.94, 7):
        seconds = starts_s + where * step_s
        second = (horizon.sample(seconds + h)[1] - horizon.sample(seconds - h)[1]) / (2.0 * h)
        # Rounding of velocities of 1e5 km/s, and the quarter-day pieces of nutation.
        slack = 2.0 * horizon.slope_error / h if name in ("titan", "phobos") else 1e-9
        assert (second <= 1.0001 * upward + slack).all()
        assert (-second <= 1.0001 * downward + slack).all()


@pytest.mark.parametrize("name", sorted(CURVES))
def test_an_extent_is_a_bound_and_hardly_more(name):
    orbit = CURVES[name]
    extent = table_extent(orbit)
    motion = orbit.motion
    seconds = np.linspace(motion.first_s + 1.0, motion.last_s - 1.0, 100_000)
    position, velocity = motion.states(seconds)
    radius, speed = np.linalg.norm(position, axis=0), np.linalg.norm(velocity, axis=0)
    assert extent.nearest_km <= radius.min()
    assert radius.max() <= extent.farthest_km
    assert speed.max() <= extent.fastest_km_s <= 1.05 * speed.max()
    h = 0.5
    pull = (motion.states(seconds + h)[1] - motion.states(seconds - h)[1]) / (2.0 * h)
    strongest = np.linalg.norm(pull, axis=0).max()
    rounding = 4.0 * np.finfo(float).eps * radius.max() / 60.0
    assert strongest <= extent.acceleration_km_s2 + rounding
    assert extent.acceleration_km_s2 <= 1.1 * strongest + rounding
