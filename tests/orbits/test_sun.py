"""The Sun against Skyfield's own apparent places."""

from contextlib import closing
from datetime import UTC, datetime

import numpy as np
from skyfield.api import wgs84
from skyfield.jpllib import SpiceKernel

from sattrack.catalog.ephemeris import solar_system_kernel
from sattrack.orbits.gcrf import gcrf_to_itrf
from sattrack.orbits.sun import elevation_deg, sun_itrf
from sattrack.places import Place
from sattrack.times.scale import Clock
from sattrack.tracking.ephemerides import bodies

# Skyfield bends light at the Earth, and adds the observer's own 0.3 arcseconds of aberration.
APPARENT_DEG = 0.5 / 3600.0


def test_elevation_of_the_sun_is_skyfields_apparent_one():
    place = Place("Daejeon", 36.3504, 127.3845, 60.0)
    clock = Clock(datetime(2026, 3, 3, tzinfo=UTC))
    seconds = np.linspace(0.0, 300.0 * 86400.0, 400)
    sun_km, _ = sun_itrf(bodies(), clock, seconds)
    ours = elevation_deg(place.itrf_km(), place.east_north_up()[2], sun_km)
    with closing(SpiceKernel(str(solar_system_kernel()))) as kernel:
        observer = kernel["earth"] + wgs84.latlon(36.3504, 127.3845, elevation_m=60.0)
        seen = observer.at(clock.time(seconds)).observe(kernel["sun"])
        theirs = seen.apparent(deflectors=()).altaz()[0].degrees
    assert np.abs(ours - theirs).max() < APPARENT_DEG


def test_the_geometric_sun_stands_twenty_arcseconds_away():
    clock = Clock(datetime(2026, 6, 21, tzinfo=UTC))
    seconds = np.linspace(0.0, 86400.0, 25)
    apparent, _ = sun_itrf(bodies(), clock, seconds)
    geometric, _ = sun_itrf(bodies(), clock, seconds, light_time=False)
    cross = np.linalg.norm(np.cross(apparent, geometric, axis=0), axis=0)
    apart = np.degrees(np.arctan2(cross, np.einsum("in,in->n", apparent, geometric))) * 3600.0
    # The constant of aberration, 20.496 arcseconds, within the eccentricity's 1.7 %.
    assert np.abs(apart - 20.5).max() < 0.4


def test_its_velocity_is_the_derivative_of_its_position():
    clock = Clock(datetime(2026, 6, 21, tzinfo=UTC))
    seconds = np.linspace(0.0, 86400.0, 25)
    _, velocity = sun_itrf(bodies(), clock, seconds)
    later, _ = sun_itrf(bodies(), clock, seconds + 1.0)
    sooner, _ = sun_itrf(bodies(), clock, seconds - 1.0)
    difference = (later - sooner) / 2.0
    # 1e-6 of the 11,000 km/s with which the turning Earth carries the Sun round.
    assert np.abs(velocity - difference).max() < 0.02


def test_to_the_ends_of_the_ephemeris_the_sun_is_known():
    # The kernel of the catalog begins at 2000-01-01 and ends at 2050-01-01, TDB.
    for start, offset_s in (
        (datetime(2000, 1, 1, 6, tzinfo=UTC), -1000.0),
        (datetime(2049, 12, 31, 18, tzinfo=UTC), 1000.0),
    ):
        clock = Clock(start)
        ours, rate = sun_itrf(bodies(), clock, np.array([0.0, offset_s]))
        assert np.abs(np.linalg.norm(ours, axis=0) / 1.471e8 - 1.0).max() < 1e-3
        assert np.abs((ours[:, 1] - ours[:, 0]) / offset_s - rate.mean(axis=1)).max() < 20.0


def test_between_nodes_the_sun_is_where_the_ephemeris_has_it():
    clock = Clock(datetime(2026, 6, 21, tzinfo=UTC))
    seconds = np.linspace(0.0, 30.0 * 86400.0, 301) + 1234.5
    ours, _ = sun_itrf(bodies(), clock, seconds, light_time=False)
    position, velocity = bodies().sun(clock.time(seconds))
    theirs, _ = gcrf_to_itrf(clock, seconds, position, velocity)
    # What a cubic leaves of the fourth derivative: 2 m, 3e-6 arcseconds.
    assert np.abs(ours - theirs).max() < 0.005
