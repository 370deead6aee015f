"""Planned orbits against an integration of the Earth's flattening alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyfield.framelib import itrs

from sattrack.catalog import catalog_root, read_catalog
from sattrack.elements import NominalOrbit
from sattrack.errors import InvalidInputError
from sattrack.orbits import Nominal
from sattrack.orbits.nominal import eccentric_anomaly_rad
from sattrack.times.scale import Clock

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/j2_rates.json").read_text())
EPOCH = datetime(2026, 12, 1, tzinfo=UTC)

ORBITS = {orbit["name"]: orbit for orbit in GOLDEN["orbits"]}
# Short-period terms of J2 at geosynchronous distance, and 30 days of the next order.
GEOSYNCHRONOUS_KM = 2.0


def _eccentricity(orbit: dict) -> float:
    mean = orbit["mean_eccentricity"]
    return orbit["eccentricity"] if mean is None else mean


def _elements(orbit: dict, **changes) -> NominalOrbit:
    return NominalOrbit(
        epoch=EPOCH,
        semi_major_axis_km=orbit["mean_semi_major_axis_km"],
        eccentricity=_eccentricity(orbit),
        inclination_deg=orbit["mean_inclination_deg"],
        raan_deg=orbit["raan_deg"],
        argument_of_perigee_deg=orbit["argument_of_perigee_deg"],
        mean_anomaly_deg=orbit["mean_anomaly_deg"],
        **changes,
    )


@pytest.mark.parametrize("name", sorted(ORBITS))
def test_secular_rates_against_an_integration(name):
    orbit = ORBITS[name]
    nominal = Nominal(_elements(orbit))
    to_deg_day = np.degrees(86400.0)
    rates = {
        "raan": nominal._raan_rate_rad_s,
        "argument_of_perigee": nominal._perigee_rate_rad_s,
        "argument_of_latitude": nominal._perigee_rate_rad_s + nominal._anomaly_rate_rad_s,
    }
    # The theory is of first order in J2 (R/p)^2; what it leaves out is of the second.
    p_km = orbit["mean_semi_major_axis_km"] * (1.0 - _eccentricity(orbit) ** 2)
    second_order = (1.5 * GOLDEN["j2"] * (GOLDEN["radius_km"] / p_km) ** 2) ** 2
    tolerance_deg_day = 12.0 * second_order * orbit["rates_deg_day"]["argument_of_latitude"]
    compared = 0
    for key, rate in rates.items():
        expected = orbit["rates_deg_day"].get(key)
        if expected is not None:  # a circle has no perigee that could turn
            assert rate * to_deg_day == pytest.approx(expected, abs=tolerance_deg_day)
            compared += 1
    assert compared


@pytest.mark.parametrize("name", [n for n in sorted(ORBITS) if "kps" in n or "geo" in n])
def test_positions_against_an_integration(name):
    orbit = ORBITS[name]
    expected = np.array(orbit["daily_positions_km"]).T
    position, _ = Nominal(_elements(orbit))._teme(np.arange(expected.shape[1]) * 86400.0)
    assert np.linalg.norm(position - expected, axis=0).max() < GEOSYNCHRONOUS_KM


def test_the_skyfield_position_is_the_same_one():
    nominal, clock = Nominal(_elements(ORBITS["kps-like"])), Clock(EPOCH)
    seconds = np.linspace(-5.0, 30.0, 11) * 86400.0
    position, _ = nominal.itrf(clock, seconds)
    at = nominal.at(clock.time(seconds)).frame_xyz(itrs).km
    np.testing.assert_allclose(position, at, atol=1e-6)


@pytest.mark.parametrize("station_kept", [False, True])
def test_velocity_is_the_derivative_of_position(station_kept):
    nominal = Nominal(_elements(ORBITS["kps-like"], station_kept=station_kept))
    clock, h = Clock(EPOCH), 1.0
    seconds = np.linspace(0.0, 86400.0, 60)
    _, velocity = nominal.itrf(clock, seconds)
    later, _ = nominal.itrf(clock, seconds + h)
    sooner, _ = nominal.itrf(clock, seconds - h)
    # Step squared times the third derivative: nanometres; the Earth's rate: micrometres a second.
    np.testing.assert_allclose(velocity, (later - sooner) / (2.0 * h), atol=1e-6)


def test_a_kept_station_stays_on_its_ground_track():
    """Over ten years; unkept, rates of 0.01 degrees a day would carry it off."""
    circle = replace(_elements(ORBITS["kps-like"], station_kept=True), eccentricity=0.0)
    clock = Clock(EPOCH)
    centres_deg = []
    for day in (0.0, 3652.0):
        seconds = (day + np.linspace(0.0, 0.99726957, 2000, endpoint=False)) * 86400.0
        position, _ = Nominal(circle).itrf(clock, seconds)
        angle_deg = np.degrees(np.unwrap(np.arctan2(position[1], position[0])))
        centres_deg.append((angle_deg.max() + angle_deg.min()) / 2.0)
    drift_deg = (centres_deg[1] - centres_deg[0] + 180.0) % 360.0 - 180.0
    # The Earth keeps time no better: UT1 wanders by a second or two, 15 arcseconds each.
    assert abs(drift_deg) < 0.02


def test_the_illustrative_kps_stands_where_the_catalog_says():
    catalog = read_catalog(catalog_root())
    clock = Clock(EPOCH)
    seconds = np.linspace(0.0, 86164.0905, 400, endpoint=False)
    centres = {}
    for craft in catalog.spacecraft_of(catalog.find("kps")):
        assert craft.nominal is not None
        assert craft.nominal.illustrative
        assert craft.nominal.epoch == EPOCH
        position, _ = Nominal(craft.nominal).itrf(clock, seconds)
        longitude = np.degrees(np.arctan2(position[1], position[0]))
        centres[craft.id] = (longitude.max() + longitude.min()) / 2.0
    assert [round(centres[f"kps-geo-{k}"], 1) for k in (1, 2, 3)] == [107.0, 127.0, 147.0]
    for k in range(1, 6):
        # 400 samples of a figure of eight 30 degrees wide.
        assert centres[f"kps-igso-{k}"] == pytest.approx(127.0, abs=0.1)


@given(st.floats(-1e4, 1e4), st.floats(0.0, 0.99))
def test_keplers_equation(mean_rad, eccentricity):
    anomaly = eccentric_anomaly_rad(np.array([mean_rad]), eccentricity)
    back = anomaly - eccentricity * np.sin(anomaly)
    turn = (back - mean_rad + np.pi) % (2.0 * np.pi) - np.pi
    assert abs(turn[0]) < 1e-11


@pytest.mark.parametrize("changes", [{"eccentricity": 1.2}, {"semi_major_axis_km": -1.0}])
def test_what_is_no_ellipse_is_refused(changes):
    with pytest.raises(InvalidInputError, match="is no ellipse"):
        Nominal(replace(_elements(ORBITS["kps-like"]), **changes))
