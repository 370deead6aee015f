"""Danuri's embedded elements against Horizons' own states, and against themselves."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.catalog.ephemeris import danuri_elements, solar_system_kernel
from sattrack.elements import OsculatingTable
from sattrack.errors import NoOrbitError
from sattrack.orbits import OrbitEndsError
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.osculating import Osculating, _equinoctial_state
from sattrack.orbits.tabulated import GM_MOON_KM3_S2, Tabulated
from sattrack.times.scale import Clock

# JPL Horizons, target -155, Moon-centred, ICRF, TDB; rounded to 10 m and 1 cm/s.
TRUTH = Path(__file__).parents[1] / "golden/horizons_danuri_2026-09-06.csv"
BREAK_JD = 2461369.5  # 2026-11-25, see catalog/ephemeris/README.md
STATED_KM = 5.0


@pytest.fixture(scope="module")
def danuri() -> Osculating:
    return Osculating(danuri_elements())


def _norm(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt((vectors**2).sum(axis=0))


def _every(table: OsculatingTable, kept: np.ndarray) -> OsculatingTable:
    arrays = {
        field.name: getattr(table, field.name)[kept]
        for field in fields(table)
        if isinstance(getattr(table, field.name), np.ndarray)
    }
    return replace(table, **arrays)


def test_the_embedded_default_is_within_its_stated_error_of_horizons(danuri):
    rows = np.genfromtxt(TRUTH, delimiter=",", names=True)
    seconds = (rows["jd_tdb"] - danuri.start_jd_tdb) * 86400.0
    position, velocity = danuri.states(seconds)
    off = _norm(position - np.array([rows["x_km"], rows["y_km"], rows["z_km"]]))
    assert len(off) == 33
    assert off.max() < 2.0 < STATED_KM == danuri.error_km
    off = _norm(velocity - np.array([rows["vx_km_s"], rows["vy_km_s"], rows["vz_km_s"]]))
    assert off.max() < 0.002


def test_days_left_out_bear_the_stated_error_out(danuri):
    table = danuri.table
    days = np.arange(len(table.jd_tdb))
    truth, _ = danuri.states((table.jd_tdb - danuri.start_jd_tdb) * 86400.0)
    for parity in (0, 1):
        kept, left_out = days[parity::2], days[1 - parity :: 2]
        left_out = left_out[(left_out > kept[0]) & (left_out < kept[-1])]
        coarse = Osculating(_every(table, kept))
        seconds = (table.jd_tdb[left_out] - coarse.start_jd_tdb) * 86400.0
        off = _norm(coarse.states(seconds)[0] - truth[:, left_out])
        beside_break = np.abs(table.jd_tdb[left_out] - (BREAK_JD + 0.5)) < 1.0
        # Steps twice as long as the table's own: four times its error.
        assert off[~beside_break].max() < 4.0 * STATED_KM
        assert off[beside_break].max() > 200.0


def test_the_one_break_in_the_table_is_known_and_stated(danuri):
    (found,) = danuri.breaks
    assert danuri.start_jd_tdb + found.first_s / 86400.0 == BREAK_JD
    assert found.last_s - found.first_s == 86400.0
    assert 500.0 < found.jump_km < 560.0
    assert 310.0 < found.lag_s < 350.0
    at = np.array([found.first_s - 1000.0, found.first_s + 1000.0, found.last_s + 1000.0])
    assert danuri.lag_s(at).tolist() == [0.0, found.lag_s, 0.0]


def test_the_error_is_stated_in_seconds_too(danuri):
    assert danuri.contact_error_s == pytest.approx(STATED_KM / 1.62, rel=0.01)


def test_at_each_midnight_the_orbit_is_the_published_one(danuri):
    table = danuri.table
    position, _ = danuri.states((table.jd_tdb - danuri.start_jd_tdb) * 86400.0)
    radius = _norm(position)
    nearest = table.semi_major_axis_km * (1.0 - table.eccentricity)
    farthest = table.semi_major_axis_km * (1.0 + table.eccentricity)
    assert (radius > nearest - 1e-6).all()
    assert (radius < farthest + 1e-6).all()
    # From the conic itself, by its true anomaly.
    mean, e = np.radians(table.mean_anomaly_deg), table.eccentricity
    anomaly = mean
    for _ in range(30):
        anomaly = mean + e * np.sin(anomaly)
    assert radius == pytest.approx(table.semi_major_axis_km * (1.0 - e * np.cos(anomaly)), abs=1e-6)


def test_the_velocity_is_the_derivative_of_the_position(danuri):
    seconds = np.random.default_rng(7).uniform(1.0, danuri.last_s - 1.0, 1000)
    h = 0.2
    slope = (danuri.states(seconds + h)[0] - danuri.states(seconds - h)[0]) / (2.0 * h)
    assert np.abs(slope - danuri.states(seconds)[1]).max() < 1e-7


@given(
    st.floats(1800.0, 20000.0),
    st.floats(0.0, 0.9),
    st.floats(0.0, 170.0),
    st.tuples(*[st.floats(0.0, 2.0 * np.pi)] * 3),
)
def test_equinoctial_states_are_those_of_the_ellipse(axis, e, inclination_deg, angles):
    node, periapsis, anomaly = angles
    tilt = np.tan(np.radians(inclination_deg) / 2.0)
    mean = anomaly - e * np.sin(anomaly)
    mean_motion = np.sqrt(GM_MOON_KM3_S2 / axis**3)
    elements = np.array(
        [
            axis,
            e * np.sin(node + periapsis),
            e * np.cos(node + periapsis),
            tilt * np.sin(node),
            tilt * np.cos(node),
            node + periapsis + mean,
        ]
    )[:, None]
    rates = np.zeros((6, 1))
    rates[5] = mean_motion
    position, velocity = (v[:, 0] for v in _equinoctial_state(elements, rates))
    root = np.sqrt(1.0 - e * e)
    turn = _turn(2, node) @ _turn(0, np.radians(inclination_deg)) @ _turn(2, periapsis)
    x, y = axis * (np.cos(anomaly) - e), axis * root * np.sin(anomaly)
    speed = mean_motion * axis / (1.0 - e * np.cos(anomaly))
    assert position == pytest.approx(turn @ [x, y, 0.0], abs=1e-6)
    expected = turn @ [-speed * np.sin(anomaly), speed * root * np.cos(anomaly), 0.0]
    assert velocity == pytest.approx(expected, abs=1e-7)


def _turn(axis: int, angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.eye(3)
    i, j = [k for k in range(3) if k != axis]
    matrix[i, i] = matrix[j, j] = cos
    matrix[i, j], matrix[j, i] = -sin, sin
    return matrix


def test_beyond_the_table_it_refuses_and_names_coverage_and_remedy(danuri):
    orbit = Tabulated(danuri, Bodies(solar_system_kernel()))
    clock = Clock(datetime(2027, 3, 30, tzinfo=UTC))
    with pytest.raises(
        NoOrbitError, match=r"2027-03-31T23:58:50\.814Z; run: sattrack update"
    ) as error:
        orbit.at(clock.time(3.0 * 86400.0))
    assert error.value.exit_status == 4
    with pytest.raises(OrbitEndsError) as end:
        orbit.itrf(clock, np.array([0.0, 3.0 * 86400.0]))
    assert end.value.last_s == pytest.approx(2.0 * 86400.0 - 69.186, abs=0.01)
