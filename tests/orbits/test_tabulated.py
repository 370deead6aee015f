"""Tables of states: what lies between their nodes, how the Earth sees it, and where it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from skyfield.api import wgs84
from skyfield.framelib import itrs

from sattrack.catalog.ephemeris import solar_system_kernel
from sattrack.elements import StateTable, check_state_table
from sattrack.errors import NoOrbitError, RejectedDataError
from sattrack.orbits import OrbitEndsError
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.tabulated import Hermite, Tabulated
from sattrack.times.scale import Clock, timescale

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/mascon_orbit.json").read_text())
START = datetime(2026, 11, 24, tzinfo=UTC)
START_JD = 2461368.5

MILLIMETRE, CENTIMETRE = 1e-6, 1e-5


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    return Bodies(solar_system_kernel())


def _table(every: int = 1, **changes) -> StateTable:
    nodes = np.array(GOLDEN["nodes"])[::every].T
    table = StateTable(
        object_name="Probe",
        naif_id=-999,
        centre_naif_id=301,
        start_jd_tdb=START_JD,
        seconds=np.arange(nodes.shape[1]) * GOLDEN["node_step_s"] * every,
        position_km=nodes[:3],
        velocity_km_s=nodes[3:],
        source="an integration",
    )
    return replace(table, **changes)


def _norm(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt((vectors**2).sum(axis=0))


def test_a_60_km_orbit_over_mascons_is_reproduced_between_its_nodes():
    truth = np.array(GOLDEN["between_km"]).T
    seconds = np.arange(truth.shape[1]) * GOLDEN["between_step_s"]
    off = _norm(Hermite(_table()).states(seconds)[0] - truth)
    assert off.max() < 5.0 * CENTIMETRE
    # Where no mascon is near, the polynomials are better than the figures of the fixture.
    assert np.median(off) < MILLIMETRE / 10.0


def test_nodes_are_reproduced_exactly():
    table = _table()
    position, velocity = Hermite(table).states(table.seconds)
    assert np.array_equal(position, table.position_km)
    assert _norm(velocity - table.velocity_km_s).max() < 1e-12


def test_nodes_are_reproduced_through_the_scales_of_time(bodies):
    table = _table()
    orbit = Tabulated(Hermite(table), bodies)
    position, _ = orbit.about_centre(timescale().tdb_jd(START_JD, table.seconds / 86400.0))
    assert _norm(position - table.position_km).max() < MILLIMETRE


def test_the_velocity_is_the_derivative_of_the_position():
    motion = Hermite(_table(every=3))
    seconds = np.random.default_rng(4).uniform(1.0, motion.last_s - 1.0, 500)
    h = 0.05
    slope = (motion.states(seconds + h)[0] - motion.states(seconds - h)[0]) / (2.0 * h)
    assert np.abs(slope - motion.states(seconds)[1]).max() < 2e-9


def test_uneven_steps_are_interpolated_as_well():
    nodes = np.array(GOLDEN["nodes"]).T
    kept = np.unique(np.concatenate([np.arange(0, 300, 3), np.arange(0, 300, 4), [359, 360]]))
    kept = np.unique(np.concatenate([kept, np.arange(300, 360, 2)]))
    table = replace(
        _table(),
        seconds=kept * GOLDEN["node_step_s"],
        position_km=nodes[:3, kept],
        velocity_km_s=nodes[3:, kept],
    )
    check_state_table(table)
    truth = np.array(GOLDEN["between_km"]).T
    seconds = np.arange(truth.shape[1]) * GOLDEN["between_step_s"]
    motion = Hermite(table)
    off = _norm(motion.states(seconds)[0] - truth)
    assert off.max() < 0.002
    assert np.array_equal(motion.states(table.seconds)[0], table.position_km)


@pytest.mark.parametrize(("every", "metres"), [(1, 0.05), (2, 0.5), (5, 8.0), (10, 25.0)])
def test_longer_steps_cost_what_the_table_itself_says(every, metres):
    motion = Hermite(_table(every))
    truth = np.array(GOLDEN["between_km"]).T
    seconds = np.arange(truth.shape[1]) * GOLDEN["between_step_s"]
    off_km = _norm(motion.states(seconds)[0] - truth).max()
    assert off_km < metres / 1000.0
    assert off_km < motion.error_km < 10.0 * off_km


def test_positions_from_the_earth_are_those_about_the_moon_plus_the_moon(bodies):
    orbit = Tabulated(Hermite(_table()), bodies)
    t = Clock(START).time(np.array([70.0, 1234.5, 9999.9]))
    about, rate = orbit.about_centre(t)
    moon, moon_rate = bodies.moon(t)
    position = orbit.at(t)
    assert position.center == 399
    assert np.allclose(position.position.km, moon + about, atol=MILLIMETRE, rtol=0.0)
    assert np.allclose(position.velocity.km_per_s, moon_rate + rate, atol=1e-9, rtol=0.0)
    assert np.array_equal(orbit.selenocentric(t)[0], about)


def test_it_stands_in_the_sky_of_a_place_as_any_skyfield_object(bodies):
    orbit = Tabulated(Hermite(_table()), bodies)
    place = wgs84.latlon(37.2, 127.6)
    t = Clock(START).time(3600.0)
    one = (orbit.at(t) - place.at(t)).distance().km
    other = (orbit - place).at(t).distance().km
    assert one == pytest.approx(other, abs=MILLIMETRE)
    assert 350_000.0 < one < 412_000.0


def test_a_table_about_the_earth_needs_no_moon(bodies):
    far = _table(
        position_km=_table().position_km * 30.0, velocity_km_s=_table().velocity_km_s * 30.0
    )
    orbit = Tabulated(Hermite(replace(far, centre_naif_id=399)), bodies)
    t = Clock(START).time(np.array([100.0, 200.0]))
    assert np.allclose(orbit.at(t).position.km, orbit.about_centre(t)[0], rtol=1e-15)
    assert np.allclose(orbit.selenocentric(t)[0] + bodies.moon(t)[0], orbit.geocentric(t)[0])


def test_itrf_is_what_skyfield_turns_it_to(bodies):
    orbit, clock = Tabulated(Hermite(_table()), bodies), Clock(START)
    seconds = np.linspace(10.0, 21000.0, 300)
    position, velocity = orbit.itrf(clock, seconds)
    expected, _ = orbit.at(clock.time(seconds)).frame_xyz_and_velocity(itrs)
    assert _norm(position - expected.km).max() < 5.0 * MILLIMETRE
    h = 0.5
    slope = (orbit.itrf(clock, seconds + h)[0] - orbit.itrf(clock, seconds - h)[0]) / (2.0 * h)
    # Precession and nutation, which the velocity leaves out.
    assert _norm(slope - velocity).max() < 5e-6


def test_one_instant_and_many_agree(bodies):
    orbit, clock = Tabulated(Hermite(_table()), bodies), Clock(START)
    many = orbit.at(clock.time(np.array([500.0, 777.7]))).position.km
    assert np.allclose(orbit.at(clock.time(777.7)).position.km, many[:, 1], atol=MILLIMETRE, rtol=0)


def test_outside_its_coverage_it_refuses_and_names_it(bodies):
    orbit, clock = Tabulated(Hermite(_table()), bodies), Clock(START)
    first, last = orbit.coverage
    assert abs(last - first - timedelta(hours=6)) < timedelta(milliseconds=0.1)
    for beyond in (-120.0, np.array([60.0, 30000.0]), np.array([-70.0, 60.0])):
        with pytest.raises(
            NoOrbitError, match="an integration covers 2026-11-23T23:58:50"
        ) as error:
            orbit.at(clock.time(beyond))
        assert error.value.exit_status == 4
    with pytest.raises(NoOrbitError, match="covers") as error:
        orbit.itrf(clock, np.array([-70.0, 60.0]))
    assert not isinstance(error.value, OrbitEndsError)


def test_where_it_ends_is_told_to_a_search(bodies):
    orbit, clock = Tabulated(Hermite(_table()), bodies), Clock(START)
    with pytest.raises(OrbitEndsError, match="the table ends") as error:
        orbit.itrf(clock, np.array([60.0, 30000.0]))
    end = error.value
    assert abs((end.instant - orbit.coverage[1]).total_seconds()) < 1e-4
    orbit.itrf(clock, np.array([0.0, end.last_s]))
    with pytest.raises(OrbitEndsError):
        orbit.itrf(clock, np.array([end.last_s + 1e-4]))
    first_s, last_s = orbit.reach(clock)
    assert last_s == end.last_s
    orbit.at(clock.time(np.array([first_s, last_s])))


def test_the_period_is_that_of_the_orbit():
    assert Hermite(_table()).period_s == pytest.approx(6822.0, abs=30.0)


def test_beyond_the_kernel_the_moon_is_refused_by_name(bodies):
    with pytest.raises(NoOrbitError, match="2000-01-01 to 2050-01-01"):
        bodies.moon(timescale().utc(2051, 1, 1))


def _spoilt(name: str) -> StateTable:
    table = _table()
    seconds, position, velocity = (
        np.array(a) for a in (table.seconds, table.position_km, table.velocity_km_s)
    )
    match name:
        case "nan":
            velocity[1, 7] = np.nan
        case "order":
            seconds[5] = seconds[4]
        case "days":
            velocity *= 86400.0
        case "metres":
            position *= 1000.0
        case "gap":
            kept = np.r_[0:100, 140:360]
            seconds, position, velocity = seconds[kept], position[:, kept], velocity[:, kept]
        case "swapped":
            position[:, 20], position[:, 21] = position[:, 21].copy(), position[:, 20].copy()
        case "short":
            velocity = velocity[:, :-1]
        case "centre":
            position[:, 3] = 0.0
    return replace(table, seconds=seconds, position_km=position, velocity_km_s=velocity)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nan", "not a number"),
        ("order", "state 6 is not later"),
        ("days", "too long to interpolate"),
        ("metres", "do not lead from state"),
        ("gap", "2460 s between states 100 and 101 is too long"),
        ("swapped", "do not lead from state"),
        ("short", "361 instants"),
        ("centre", "state 4 is at the centre"),
    ],
)
def test_a_table_that_cannot_be_interpolated_is_refused(name, reason):
    with pytest.raises(RejectedDataError, match=f"^Probe: .*{reason}"):
        check_state_table(_spoilt(name))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"centre_naif_id": 10}, "about body 10"),
        ({"start_jd_tdb": 2461368.25}, "does not end in"),
    ],
)
def test_a_table_that_is_about_something_else_is_refused(changes, reason):
    with pytest.raises(RejectedDataError, match=reason):
        check_state_table(_table(**changes))


def test_too_few_states_are_refused():
    table = _table()
    with pytest.raises(RejectedDataError, match="3 states are too few"):
        check_state_table(
            replace(
                table,
                seconds=table.seconds[:3],
                position_km=table.position_km[:, :3],
                velocity_km_s=table.velocity_km_s[:, :3],
            )
        )
    check_state_table(table)
