"""What maps show: sub-points, tracks, night, outlines."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import ephem
import numpy as np
import pytest

from sattrack import Span, Tracker
from sattrack.answers.maps import map_of, night_ring
from sattrack.answers.positions import positions_at
from sattrack.errors import InvalidInputError, NoOrbitError
from sattrack.orbits.bodies import MOON

NOON = datetime(2026, 7, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def tracker(tmp_path_factory) -> Tracker:
    return Tracker.open({"SATTRACK_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.fixture
def asked(tracker):
    def ask(*names: str, instant: datetime = NOON, window: Span | None = None):
        tracked = tracker.orbits(*names, at=instant)
        return map_of(tracked, instant, window, tracker.catalog, names)

    return ask


def test_sub_points_and_ticks_are_those_of_position(asked):
    answer = asked("iss", "gems")
    tracked = [result.tracked for result in answer.results]
    for result, place in zip(answer.results, positions_at(tracked, NOON).results, strict=True):
        # `position` asks Skyfield, the map its own chain: 1e-5 degrees is a metre.
        assert result.latitude_deg == pytest.approx(place.latitude_deg, abs=1e-5)
        assert result.longitude_deg == pytest.approx(place.longitude_deg, abs=1e-5)
        assert result.height_km == pytest.approx(place.height_km, abs=1e-3)
        assert result.ticks
        for tick in result.ticks:
            (there,) = positions_at([result.tracked], tick.time).results
            assert tick.latitude_deg == pytest.approx(there.latitude_deg, abs=1e-5)
            assert tick.longitude_deg == pytest.approx(there.longitude_deg, abs=1e-5)


def test_tracks_last_a_revolution_or_as_asked(asked):
    (iss,) = asked("iss").results
    assert (iss.span.end - iss.span.start).total_seconds() == pytest.approx(5580.0, abs=30.0)
    (gems,) = asked("gems").results
    assert (gems.span.end - gems.span.start) <= timedelta(days=1)
    window = Span.from_hours(NOON - timedelta(hours=1), 3.0)
    (three,) = asked("iss", window=window).results
    assert three.span == window
    assert len(three.track) > 300


@pytest.mark.parametrize("month", range(1, 13))
def test_the_sun_is_in_the_zenith_where_an_almanac_has_it(asked, month):
    instant = datetime(2026, month, 21, 5 * month % 24, 17, tzinfo=UTC)
    longitude, latitude = asked("kps-geo-2", instant=instant).subsolar
    sun = ephem.Sun()
    place = ephem.Observer()
    place.pressure, place.date = 0.0, ephem.Date(instant.replace(tzinfo=None))
    place.lon, place.lat = str(longitude), str(latitude)
    sun.compute(place)
    # ephem has neither polar motion nor UT1 beyond a second: 15 arcseconds, 0.004 degrees.
    assert math.degrees(sun.alt) == pytest.approx(90.0, abs=0.006)


@pytest.mark.parametrize("declination", [23.4, -23.4, 5.0, -0.3, 0.001, 0.0])
def test_the_sun_is_on_the_horizon_all_along_the_ring(declination):
    longitude = 127.0
    *edge, (_, pole), _ = night_ring(longitude, declination)
    longitudes, latitudes = np.radians(np.array(edge).T)
    d = math.radians(declination)
    sine = np.sin(latitudes) * math.sin(d) + np.cos(latitudes) * math.cos(d) * np.cos(
        longitudes - math.radians(longitude)
    )
    # At the equinox a declination of 0.001 degrees stands for zero.
    assert np.abs(np.degrees(np.arcsin(sine))).max() <= 0.0011
    assert np.all(np.diff(longitudes) >= 0.0)
    assert (edge[0][0], edge[-1][0]) == (-180.0, 180.0)
    # The winter pole is in the dark.
    assert pole * declination <= 0.0


def test_footprints_reach_as_far_as_geometry_has_it(asked):
    (iss,) = asked("iss").results
    (outline,) = iss.outlines
    assert outline.holds(iss.latitude_deg, iss.longitude_deg)
    # On a sphere acos(R / (R + h)); the ellipsoid is up to 0.2 degrees off.
    reach = math.degrees(math.acos(6371.0 / (6371.0 + iss.height_km)))
    assert outline.bounds_deg[3] - iss.latitude_deg == pytest.approx(reach, abs=0.2)


def test_instruments_show_their_fields(asked):
    (gems,) = asked("gems").results
    assert [field.instrument.id for field in gems.fields] == ["gems"]
    assert gems.footprint is None
    assert gems.outlines[0].holds(37.5, 127.0)
    (host,) = asked("geo-kompsat-2b").results
    assert host.fields == ()
    assert host.footprint is not None
    every = asked("air-quality").results
    assert [len(result.fields) for result in every] == [1, 1, 1]


def test_the_moon_is_mapped_in_its_own_frame(asked):
    instant = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    answer = asked("danuri", instant=instant)
    assert answer.body == "moon"
    assert len(answer.regions) == 9
    assert answer.land == ()
    (danuri,) = answer.results
    (place,) = positions_at([danuri.tracked], instant).results
    assert danuri.latitude_deg == pytest.approx(place.moon.latitude_deg, abs=1e-6)
    assert danuri.longitude_deg == pytest.approx(place.moon.longitude_deg, abs=1e-6)
    # ephem's selenographic colongitude of the sunrise terminator: the Sun is 90 degrees ahead.
    moon = ephem.Moon(ephem.Date(instant.replace(tzinfo=None)))
    longitude, latitude = answer.subsolar
    assert MOON == 301
    away = math.remainder(90.0 - math.degrees(moon.colong) - longitude, 360.0)
    # ephem's librations are good to a few hundredths of a degree.
    assert away == pytest.approx(0.0, abs=0.1)
    assert latitude == pytest.approx(math.degrees(moon.subsolar_lat), abs=0.1)


def test_two_bodies_need_two_maps(asked):
    with pytest.raises(InvalidInputError, match="one map shows one body"):
        asked("danuri", "iss", instant=datetime(2026, 11, 24, tzinfo=UTC))


def test_where_the_orbit_ends_so_does_the_track(asked):
    instant = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
    answer = asked("danuri", instant=instant)
    assert not answer.complete
    (danuri,) = answer.results
    assert danuri.span.end < instant + timedelta(hours=1)
    assert danuri.ending in answer.warnings
    with pytest.raises(NoOrbitError):
        asked("danuri", instant=instant + timedelta(days=2))
