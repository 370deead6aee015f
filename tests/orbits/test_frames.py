"""States in every frame, against Skyfield's own rotations; velocities against differences."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from skyfield.api import wgs84
from skyfield.framelib import itrs
from skyfield.sgp4lib import TEME

from sattrack.elements import ElementSet
from sattrack.orbits import Nominal, Sgp4
from sattrack.orbits.frames import (
    earth_states,
    from_mean_earth,
    geodetic,
    is_lunar,
    moon_states,
    to_gcrf,
)
from sattrack.times.scale import Clock
from sattrack.tracking import Tracker
from sattrack.tracking.ephemerides import bodies, embedded_danuri, moon_frames

START = datetime(2026, 11, 24, tzinfo=UTC)
SECONDS = np.arange(0.0, 86400.0, 613.0)
CLOCK = Clock(START)
# Precession and nutation between their nodes, and polar motion to first order.
MILLIMETRE = 1e-6
ISS = ElementSet(25544, START, 15.49, 0.0007, 51.63, 186.4, 277.9, 82.1, 1e-4)


@pytest.fixture(params=["iss", "kps", "danuri"])
def orbit(request):
    if request.param == "danuri":
        return embedded_danuri()
    if request.param == "iss":
        return Sgp4(ISS)
    return Tracker.open({"SATTRACK_HOME": "/nonexistent"}).orbits("kps", at=START)[0].orbit


def test_earth_frames_are_those_of_skyfield(orbit):
    position = orbit.at(CLOCK.time(SECONDS))
    far = np.abs(position.position.km).max() / 40_000.0
    for name, frame in (("gcrf", None), ("itrf", itrs), ("teme", TEME)):
        found = earth_states(orbit, CLOCK, SECONDS, name)
        expected = position.position.km if frame is None else position.frame_xyz(frame).km
        assert np.abs(found.position_km - expected).max() < (1.0 + far) * MILLIMETRE
        beneath = wgs84.geographic_position_of(position)
        assert np.allclose(found.latitude_deg, beneath.latitude.degrees, atol=1e-8)
        assert np.allclose(found.longitude_deg, beneath.longitude.degrees, atol=1e-7)
        assert np.abs(found.height_km - beneath.elevation.km).max() < 2e-6 * (1.0 + far)


@pytest.mark.parametrize("frame", ["gcrf", "itrf", "teme"])
def test_velocities_are_derivatives_about_the_earth(orbit, frame):
    found = earth_states(orbit, CLOCK, SECONDS, frame)
    later, earlier = (
        earth_states(orbit, CLOCK, SECONDS + step, frame).position_km for step in (0.5, -0.5)
    )
    # SGP4's velocity is not quite the derivative of its position.
    allowed_km_s = 5e-3 if isinstance(orbit, Sgp4) else 2e-5
    assert np.abs(later - earlier - found.velocity_km_s).max() < allowed_km_s


@pytest.mark.parametrize("frame", ["moon-icrf", "moon-me"])
def test_velocities_are_derivatives_about_the_moon(orbit, frame):
    found = moon_states(orbit, CLOCK, SECONDS, frame, bodies(), moon_frames())
    later, earlier = (
        moon_states(orbit, CLOCK, SECONDS + step, frame, bodies(), moon_frames()).position_km
        for step in (0.5, -0.5)
    )
    # DE421's polynomials of the Moon's turning meet to 1e-10 rad.
    allowed_km_s = 5e-3 if isinstance(orbit, Sgp4) else 6e-5
    assert np.abs(later - earlier - found.velocity_km_s).max() < allowed_km_s


def test_danuri_about_the_moon_is_its_table():
    orbit = embedded_danuri()
    assert is_lunar(orbit)
    assert not is_lunar(Sgp4(ISS))
    t = CLOCK.time(SECONDS)
    found = moon_states(orbit, CLOCK, SECONDS, "moon-icrf", bodies(), moon_frames())
    position, velocity = orbit.about_centre(t)
    assert np.array_equal(found.position_km, position)
    assert np.array_equal(found.velocity_km_s, velocity)
    # And what lies beneath is where it is in the mean-Earth frame.
    turned = moon_states(orbit, CLOCK, SECONDS, "moon-me", bodies(), moon_frames())
    x, y, z = turned.position_km
    assert np.allclose(turned.longitude_deg, np.degrees(np.arctan2(y, x)), atol=1e-9)
    assert np.allclose(turned.height_km + 1737.4, np.sqrt(x * x + y * y + z * z), atol=1e-9)
    back = from_mean_earth(moon_frames(), t, turned.position_km, turned.velocity_km_s)
    assert np.abs(back[0] - position).max() < 1e-9
    assert np.abs(back[1] - velocity).max() < 1e-12


@pytest.mark.parametrize(
    ("frame", "name"), [("GCRF", "gcrf"), ("TEME", "teme"), ("ITRF2020", "itrf")]
)
def test_frames_of_files_lead_back(frame, name):
    orbit = Sgp4(ISS)
    there = earth_states(orbit, CLOCK, SECONDS, name)
    here = earth_states(orbit, CLOCK, SECONDS, "gcrf")
    t = CLOCK.time(SECONDS)
    position, velocity = to_gcrf(frame, t, there.position_km, there.velocity_km_s)
    assert np.abs(position - here.position_km).max() < MILLIMETRE
    assert np.abs(velocity - here.velocity_km_s).max() < 1e-7


def test_eme2000_is_23_mas_askew():
    # IERS Conventions (2010), 5.4.4: the pole at -16.617 and -6.819 mas, the equinox at -14.6 mas.
    x, y, z = 1e9 * np.eye(3)
    t = CLOCK.time(np.zeros(1))
    dx, dy, dz = (to_gcrf("EME2000", t, v[:, None], v[:, None])[0][:, 0] - v for v in (x, y, z))
    mas = np.radians(1.0 / 3_600_000.0) * 1e9
    assert dx / mas == pytest.approx([0.0, -14.6, 16.617], abs=0.1)
    assert dy / mas == pytest.approx([14.6, 0.0, 6.819], abs=0.1)
    assert dz / mas == pytest.approx([-16.617, -6.819, 0.0], abs=0.1)


def test_geodetic_from_the_ground_to_the_moon_and_at_the_poles():
    latitudes = np.array([-90.0, -89.9999, -45.0, 0.0, 1e-6, 51.5, 90.0])
    for height_km in (-0.4, 0.0, 400.0, 35786.0, 384400.0):
        places = [wgs84.latlon(lat, 120.0, height_km * 1000.0).itrs_xyz.km for lat in latitudes]
        latitude, longitude, height = geodetic(np.array(places).T)
        assert latitude == pytest.approx(latitudes, abs=1e-10)
        assert height == pytest.approx([height_km] * len(latitudes), abs=1e-6)
        assert longitude[1:-1] == pytest.approx([120.0] * (len(latitudes) - 2), abs=1e-9)


def test_nominal_orbits_too():
    assert isinstance(
        Tracker.open({"SATTRACK_HOME": "/nonexistent"}).orbits("kps", at=START)[0].orbit, Nominal
    )
