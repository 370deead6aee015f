"""Contacts with a lunar orbiter: against SPICE, against brute force, and the proof behind them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lunarlike import GOLDEN, J2000_JD, KDSA, danuri, kepler_orbit, lunar_orbits, mascon_orbit
from orbitlike import places
from skyfield.api import wgs84
from skyfield.constants import AU_KM
from skyfield.positionlib import Geocentric

from sattrack.errors import InvalidInputError, NoOrbitError
from sattrack.events import stretches_above
from sattrack.orbits.light import LIGHT_KM_S, signal
from sattrack.orbits.moon import MOON_RADIUS_KM
from sattrack.passes.lunar import REACH_RAD
from sattrack.passes.occultation import (
    _MASK_STEP_S,
    Contact,
    ContactMask,
    ContactScene,
    _Limb,
    find_contacts,
)
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock, timescale

SPICE = json.loads((GOLDEN / "spice.json").read_text())
START = datetime(2026, 11, 24, tzinfo=UTC)
CANBERRA = Place("Canberra", -35.4014, 148.9817, 690.0)
STEP_S = 0.01


def _scene(orbit, place=KDSA, mask_deg=10.0, light_time=True, start=START) -> ContactScene:
    return ContactScene(orbit, place, Clock(start), mask_deg, light_time)


@pytest.mark.parametrize(("key", "light_time"), [("hidden", True), ("hidden_geometric", False)])
@pytest.mark.parametrize("row", SPICE["occultations"], ids=lambda row: row["start"])
def test_the_moon_hides_the_craft_when_spice_says(row, key, light_time):
    first, last = row["searched_tdb_s"]
    clock = Clock(timescale().tdb_jd(J2000_JD, first / 86400.0).utc_datetime())
    t = clock.time(0.0)
    shift_s = (t.whole - J2000_JD) * 86400.0 + t.tdb_fraction * 86400.0
    orbit = mascon_orbit(row["start_tdb_s"])
    limb = _Limb(ContactScene(orbit, KDSA, clock, 0.0, light_time))
    clear = stretches_above(limb, first - shift_s, last - shift_s, 500.0)
    expected = sorted({edge for pair in row[key] for edge in pair} - {first, last})
    found = sorted(
        {*clear.start_s.tolist(), *clear.end_s.tolist()} - {first - shift_s, last - shift_s}
    )
    assert len(found) == len(expected) >= 6
    assert np.array(found) + shift_s == pytest.approx(expected, abs=0.001 if light_time else 1e-4)


def _as_its_light_left(position_at, there: np.ndarray, clock: Clock, seconds: np.ndarray):
    light_s = np.full(len(seconds), 1.28)
    for _ in range(4):
        position = position_at(clock.time(seconds - light_s))
        light_s = np.linalg.norm(position - there, axis=0) / LIGHT_KM_S
    return position


def _hears(orbit, place: Place, clock: Clock, seconds: np.ndarray, mask_deg: float) -> np.ndarray:
    """Is the sky clear? By Skyfield's geometry and the distance of a straight line from a point."""
    topos = place.skyfield()
    t = clock.time(seconds)
    there = topos.at(t).position.km
    craft = _as_its_light_left(lambda t: orbit.at(t).position.km, there, clock, seconds)
    moon = _as_its_light_left(lambda t: orbit.bodies.moon(t)[0], there, clock, seconds)
    up = topos.rotation_at(t)[2]
    line = craft - there
    distance = np.linalg.norm(line, axis=0)
    above = (up * line).sum(axis=0) / distance >= np.sin(np.radians(mask_deg))
    along = ((moon - there) * line).sum(axis=0) / distance
    missed = np.linalg.norm(np.cross((moon - there).T, line.T), axis=1) / distance
    return above & ~((missed < MOON_RADIUS_KM) & (along < distance))


@pytest.mark.parametrize(
    ("place", "start", "mask_deg"),
    [
        (KDSA, START, 10.0),
        (CANBERRA, START + timedelta(days=3), 6.0),
        (KDSA, datetime(2026, 12, 4, tzinfo=UTC), 0.0),
        (Place("pole", 90.0, 0.0), datetime(2026, 12, 20, tzinfo=UTC), 5.0),
    ],
)
def test_edges_against_brute_force_at_10_ms(place, start, mask_deg):
    orbit, clock = danuri(), Clock(start)
    search = find_contacts(orbit, place, Span.from_days(start, 1.0), mask_deg)
    coarse_s = np.arange(0.0, 86400.0 + 1.0, 30.0)
    heard = _hears(orbit, place, clock, coarse_s, mask_deg)
    changes = np.flatnonzero(heard[1:] != heard[:-1])
    found = [
        clock.seconds_at(sighting.time)
        for contact in search.passes
        for sighting, edge in ((contact.first, contact.begins), (contact.last, contact.ends))
        if edge != "window"
    ]
    assert len(found) == len(changes)
    for second, change in zip(found, changes, strict=True):
        assert coarse_s[change] - STEP_S <= second <= coarse_s[change + 1] + STEP_S
        around = np.floor(second / STEP_S) * STEP_S + np.arange(-100, 102) * STEP_S
        heard = _hears(orbit, place, clock, around, mask_deg)
        (k,) = np.flatnonzero(heard[1:] != heard[:-1])
        # A microsecond for the rounding of datetimes, the rest for polar motion to first order.
        assert around[k] - 2e-4 <= second <= around[k + 1] + 2e-4


@pytest.mark.parametrize("day", [1, 20, 61, 90])
@pytest.mark.parametrize("above_deg", [0.0, 1e-6, -1e-6])
def test_an_edge_at_the_corner_of_the_daily_elements(day, above_deg):
    orbit = danuri()
    corner_s = float(orbit.motion.knots_s[day])
    t = timescale().tdb_jd(orbit.motion.start_jd_tdb, corner_s / 86400.0)
    clock = Clock(t.utc_datetime() - timedelta(minutes=30))
    knots_s = ContactScene(orbit, KDSA, clock, 0.0, True).knots_s(3600.0)
    (arrival_s,) = knots_s[(knots_s > 0.0)]
    # Somewhere on the Earth it stands high.
    moon, _ = orbit.bodies.moon(t)
    overhead = wgs84.geographic_position_of(Geocentric(moon / AU_KM, t=t))
    place = Place("below", overhead.latitude.degrees, overhead.longitude.degrees - 50.0)
    mask_deg = float(signal(orbit, place, clock, np.array([arrival_s])).elevation_deg[0])
    span = Span(clock.start, clock.start + timedelta(hours=1))
    search = find_contacts(orbit, place, span, mask_deg + above_deg)
    around = arrival_s + np.arange(-500, 501) * STEP_S + 1e-3
    heard = _hears(orbit, place, clock, around, mask_deg + above_deg)
    changes = around[np.flatnonzero(heard[1:] != heard[:-1])]
    edges = np.array(
        [
            clock.seconds_at(sighting.time)
            for contact in search.passes
            for sighting in (contact.first, contact.last)
        ]
    )
    near = edges[(edges > around[0]) & (edges < around[-1])]
    hidden = signal(orbit, place, clock, np.array([arrival_s])).hidden[0]
    assert len(near) == len(changes) == (0 if hidden else 1)
    assert near == pytest.approx(changes + STEP_S / 2.0, abs=STEP_S)


def test_seven_contacts_a_day_become_two_when_the_orbit_is_seen_face_on():
    search = find_contacts(danuri(), KDSA, Span.from_days(START, 14.0))
    assert search.verdict == "passes"
    a_day = Counter(contact.first.time.date() for contact in search.passes)
    for day in range(24, 31):
        assert 6 <= a_day[date(2026, 11, day)] <= 8
    late = [a_day[date(2026, 12, day)] for day in range(5, 8)]
    assert 1 <= np.mean(late) <= 3


def test_contacts_are_apart_in_order_and_tell_why_they_begin_and_end():
    search = find_contacts(danuri(), KDSA, Span.from_days(START, 14.0), 10.0)
    contacts = search.passes
    for before, after in pairwise(contacts):
        assert before.last.time < after.first.time
    for contact in contacts:
        assert contact.first.time <= contact.culmination.time <= contact.last.time
        top = max(contact.first.elevation_deg, contact.last.elevation_deg)
        assert contact.culmination.elevation_deg >= top - 1e-9
        for sighting, edge in ((contact.first, contact.begins), (contact.last, contact.ends)):
            if edge == "horizon":
                assert sighting.elevation_deg == pytest.approx(10.0, abs=1e-6)
            else:
                assert edge == "limb"
                assert sighting.elevation_deg > 10.0
    assert {c.begins for c in contacts} == {c.ends for c in contacts} == {"horizon", "limb"}


def test_a_window_cuts_contacts_open():
    whole = find_contacts(danuri(), KDSA, Span.from_days(START, 1.0)).passes[2]
    start = whole.first.time + timedelta(minutes=10)
    search = find_contacts(danuri(), KDSA, Span(start, start + timedelta(minutes=30)))
    assert search.verdict == "always"
    (cut,) = search.passes
    assert (cut.begins, cut.ends) == ("window", "window")
    assert cut.open_start
    assert cut.open_end
    assert cut.rise is cut.set is None
    assert cut.begins_error_s is cut.ends_error_s is None
    gap = Span(whole.last.time + timedelta(minutes=1), whole.last.time + timedelta(minutes=5))
    assert find_contacts(danuri(), KDSA, gap).verdict == "never"


def test_moving_the_window_moves_no_contact():
    one = find_contacts(danuri(), KDSA, Span.from_days(START, 2.9)).passes
    assert one[-1].ends != "window"
    later = Span.from_days(START - timedelta(hours=13, seconds=7), 4.0)
    other = [c for c in find_contacts(danuri(), KDSA, later).passes if c.first.time > START]
    for a, b in zip(one, other, strict=False):
        assert abs(a.first.time - b.first.time) < timedelta(milliseconds=0.02)
        assert abs(a.last.time - b.last.time) < timedelta(milliseconds=0.02)
        assert (a.begins, a.ends) == (b.begins, b.ends)


def test_light_time_delays_the_limb_by_itself():
    with_, without = (
        find_contacts(danuri(), KDSA, Span.from_days(START, 2.0), light_time=light).passes
        for light in (True, False)
    )
    assert len(with_) == len(without)
    for late, early in zip(with_, without, strict=True):
        for a, b, edge in (
            (late.first, early.first, late.begins),
            (late.last, early.last, late.ends),
        ):
            delay_s = (a.time - b.time).total_seconds()
            if edge == "limb":
                # The Moon's disk turns to the place by some 0.5 km meanwhile.
                assert delay_s == pytest.approx(a.range_km / LIGHT_KM_S, abs=0.3)
            else:
                # The sky turns for whoever watches; what moved is the Moon, 1 km/s of 28.
                assert abs(delay_s) < 0.15


def test_the_orbit_s_own_error_is_stated_for_each_edge():
    contacts = find_contacts(danuri(), KDSA, Span.from_days(START, 9.9)).passes
    assert all(isinstance(contact, Contact) for contact in contacts)
    for contact in contacts:
        broken = contact.first.time.date() == date(2026, 11, 25)
        for error_s, edge in (
            (contact.begins_error_s, contact.begins),
            (contact.ends_error_s, contact.ends),
        ):
            assert (error_s is None) == (edge == "window")
            if error_s is None:
                continue
            if edge == "horizon":
                assert error_s < (25.0 if broken else 0.6)
            elif broken:
                assert 320.0 < error_s < 420.0
            else:
                assert danuri().motion.contact_error_s * 0.9 < error_s < 120.0


@pytest.mark.parametrize("along_km", [-4.0, 4.0])
def test_a_displaced_orbit_stays_within_the_stated_errors(along_km):
    elements = (1838.0, 0.03, 85.0, 40.0, 270.0, 10.0)
    shifted = (*elements[:5], elements[5] + np.degrees(along_km / 1838.0))
    one, other = (kepler_orbit(*e) for e in (elements, shifted))
    span = Span.from_days(START, 2.0)
    compared = 0
    for a, b in zip(*(find_contacts(o, KDSA, span).passes for o in (one, other)), strict=True):
        for error_s, edge, x, y in (
            (a.begins_error_s, a.begins, a.first, b.first),
            (a.ends_error_s, a.ends, a.last, b.last),
        ):
            if edge == "limb":
                assert error_s is not None
                # The orbit states an error of 1 km, and was moved by four.
                assert abs((x.time - y.time).total_seconds()) <= 4.0 * error_s * 1.05
                compared += 1
    assert compared >= 10


def test_beyond_the_table_the_search_ends_there_and_says_so():
    start = datetime(2027, 3, 30, tzinfo=UTC)
    search = find_contacts(danuri(), KDSA, Span.from_days(start, 5.0))
    assert search.ending is not None
    assert "2027-03-31T23:58:50" in str(search.ending)
    assert search.span.end == search.ending.instant
    assert search.passes
    for beyond in (datetime(2027, 4, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)):
        with pytest.raises(NoOrbitError, match="covers 2026-09-04") as error:
            find_contacts(danuri(), KDSA, Span.from_days(beyond, 1.0))
        assert error.value.exit_status == 4


def test_a_mask_beyond_the_sky_is_refused():
    with pytest.raises(InvalidInputError, match="outside -10 to 89"):
        find_contacts(danuri(), KDSA, Span.from_days(START, 1.0), 90.0)


STEPS = 40


def _bound_holds(curve, starts_s: np.ndarray, step_s: float) -> int:
    left, right = curve.sample(starts_s), curve.sample(starts_s + step_s)
    downward, upward = curve.bend(left, right, np.full(len(starts_s), step_s))
    known = np.isfinite(downward) & np.isfinite(upward)
    h = min(1.0, step_s / 50.0)
    for where in np.linspace(0.05, 0.95, 9):
        seconds = starts_s + where * step_s
        second = (curve.sample(seconds + h)[1] - curve.sample(seconds - h)[1]) / (2.0 * h)
        assert (second <= 1.001 * upward + 1e-6)[known].all()
        assert (-second <= 1.001 * downward + 1e-6)[known].all()
    return int(known.sum())


@given(lunar_orbits(), places, st.floats(0.05, 1.0), st.floats(0.0, 80000.0))
@settings(max_examples=150)
def test_no_second_derivative_at_the_limb_exceeds_its_bound(orbit, place, part, start_s):
    step_s = orbit.period_s / (2.0 * np.pi) * REACH_RAD * part
    starts_s = start_s + np.arange(STEPS) * min(step_s, 100000.0 / STEPS)
    _bound_holds(_Limb(_scene(orbit, place)), starts_s, step_s)


@given(lunar_orbits(), places, st.sampled_from([-10.0, 0.0, 10.0, 89.0]), st.floats(0.05, 1.0))
@settings(max_examples=100)
def test_no_second_derivative_at_the_mask_exceeds_its_bound(orbit, place, mask_deg, part):
    step_s = _MASK_STEP_S * part
    known = _bound_holds(
        ContactMask(_scene(orbit, place, mask_deg)), np.arange(STEPS) * 2000.0, step_s
    )
    assert known == STEPS


def test_the_bound_holds_over_mascons_and_is_of_use():
    orbit = mascon_orbit(SPICE["occultations"][0]["start_tdb_s"])
    start = orbit.coverage[0] + timedelta(seconds=60)
    limb = _Limb(_scene(orbit, start=start))
    for step_s, useful in ((60.0, 1.0), (200.0, 1.0), (400.0, 0.9)):
        starts_s = np.linspace(10.0, 20000.0, 200)
        assert _bound_holds(limb, starts_s, step_s) >= useful * len(starts_s)


@given(lunar_orbits(), places, st.sampled_from([0.0, 10.0, 40.0]))
@settings(max_examples=60)
def test_no_contact_is_lost_or_invented(orbit, place, mask_deg):
    span = Span.from_days(START, 0.4)
    search = find_contacts(orbit, place, span, mask_deg)
    clock = Clock(span.start)
    edges = [(clock.seconds_at(c.first.time), clock.seconds_at(c.last.time)) for c in search.passes]
    seconds = np.linspace(0.0, 0.4 * 86400.0, 600)
    inside = np.zeros(len(seconds), dtype=bool)
    near_edge = np.zeros(len(seconds), dtype=bool)
    for first, last in edges:
        inside |= (seconds >= first) & (seconds <= last)
        for edge in (first, last):
            near_edge |= np.abs(seconds - edge) < 0.05
    heard = _hears(orbit, place, clock, seconds, mask_deg)
    assert (heard == inside)[~near_edge].all()
