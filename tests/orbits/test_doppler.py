"""Doppler shifts against a numerical derivative of the light-time range, by Skyfield's geometry."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from lunarlike import KDSA, danuri

from sattrack import Tracker
from sattrack.orbits.bodies import LIGHT_KM_S
from sattrack.orbits.doppler import light_range_km, light_range_rate_km_s
from sattrack.orbits.light import signal
from sattrack.times.scale import Clock

# Relative to the speed of the craft over the ground: what the acceptance of the feature asks.
RELATIVE = 1e-9
# Rotations by precession and nutation, with polar motion to first order on our side.
RANGE_KM = 1e-7


def _light_range(orbit, place, t, clock, seconds):
    """Range between an antenna now and a craft when its light left, among the stars (GCRF)."""
    there = place.skyfield().at(t).position.km
    light_s = np.zeros(len(seconds))
    for _ in range(8):
        craft = orbit.at(clock.time(seconds - light_s)).position.km
        way = np.linalg.norm(craft - there, axis=0)
        light_s = way / LIGHT_KM_S
    return way


@pytest.fixture(params=["iss", "gems", "gps", "kps", "qzs-2", "425-sat-2"])
def orbit(request, monkeypatch, tmp_path):
    monkeypatch.setenv("SATTRACK_HOME", str(tmp_path))
    tracker = Tracker.open()

    return tracker.orbits(request.param, at=datetime(2026, 10, 8, tzinfo=UTC))[0].orbit


def test_range_is_that_of_skyfields_geometry(orbit):
    clock = Clock(datetime(2026, 10, 8, tzinfo=UTC))
    seconds = np.linspace(0.0, 86400.0, 97)
    expected = _light_range(orbit, KDSA, clock.time(seconds), clock, seconds)
    assert np.abs(light_range_km(orbit, KDSA, clock, seconds) - expected).max() < RANGE_KM


def test_rate_is_the_derivative_of_the_light_time_range(orbit):
    clock = Clock(datetime(2026, 10, 8, tzinfo=UTC))
    seconds = np.linspace(0.0, 86400.0, 97)

    def slope(step_s):
        ahead = light_range_km(orbit, KDSA, clock, seconds + step_s)
        behind = light_range_km(orbit, KDSA, clock, seconds - step_s)
        return (ahead - behind) / (2.0 * step_s)

    # Romberg's table from steps of 2, 1 and 0.5 s: another formula of the sixth order.
    coarse, middle, fine = slope(2.0), slope(1.0), slope(0.5)
    first, second = (4.0 * middle - coarse) / 3.0, (4.0 * fine - middle) / 3.0
    expected = (16.0 * second - first) / 15.0
    speed = np.linalg.norm(orbit.itrf(clock, seconds)[1], axis=0).max()
    found = light_range_rate_km_s(orbit, KDSA, clock, seconds)
    assert np.abs(found - expected).max() < RELATIVE * max(speed, 1.0)


def test_a_lunar_orbiter_sounds_as_its_own_signal_says():
    clock = Clock(datetime(2026, 11, 24, tzinfo=UTC))
    seconds = np.linspace(0.0, 7200.0, 61)
    orbit = danuri()
    heard = signal(orbit, KDSA, clock, seconds)
    found = light_range_rate_km_s(orbit, KDSA, clock, seconds)
    # Precession and nutation, which the signal's velocities leave out: 3 mm/s at the Moon.
    assert np.abs(found - heard.range_rate_km_s).max() < 4e-6
