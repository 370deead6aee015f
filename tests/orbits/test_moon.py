"""The Moon beneath an orbit, against SPICE, and what light brings from there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from lunarlike import GOLDEN, J2000_JD, KDSA, bodies, danuri, frames, kepler_orbit, mascon_orbit

from sattrack.errors import NoOrbitError
from sattrack.orbits.light import LIGHT_KM_S, sight, signal
from sattrack.orbits.moon import (
    EARTH_SHADOW_RADIUS_KM,
    MOON_RADIUS_KM,
    hidden_part,
    illumination,
    orbit_numbers,
    sub_points,
    sub_points_of,
)
from sattrack.places import Place
from sattrack.times.scale import Clock, timescale

SPICE = json.loads((GOLDEN / "spice.json").read_text())
START = datetime(2026, 11, 24, tzinfo=UTC)
METRE, CENTIMETRE, MILLIMETRE = 1e-3, 1e-5, 1e-6
SUN, EARTH = "SUN", "EARTH"


def _tdb(seconds):
    days, rest_s = np.divmod(np.asarray(seconds, dtype=float), 86400.0)
    return timescale().tdb_jd(J2000_JD + days, rest_s / 86400.0)


def _norm(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt((vectors**2).sum(axis=0))


def _clock_at(tdb_s: float) -> tuple[Clock, float]:
    """A clock that starts within a microsecond of an instant, and that instant on it."""
    clock = Clock(_tdb(tdb_s).utc_datetime())
    t = clock.time(0.0)
    started_s = (t.whole - J2000_JD) * 86400.0 + t.tdb_fraction * 86400.0
    return clock, tdb_s - started_s


def _rows(name: str) -> list[dict]:
    found = [row for row in SPICE["sub_points"] if row["of"] == name]
    assert found
    return found


@pytest.mark.parametrize("name", ["-901", "-902", "-903", EARTH, SUN])
def test_sub_points_are_those_of_spice_from_2020_to_2040(name):
    rows = _rows(name)
    t = _tdb([row["tdb_s"] for row in rows])
    if name.startswith("-"):
        position = np.array([row["position_km"] for row in rows]).T
    else:
        moon, _ = bodies().moon(t)
        position = -moon if name == EARTH else bodies().sun(t)[0] - moon
    found = sub_points_of(position, frames().mean_earth(t))
    latitude, longitude, height = (
        np.array([row[key] for row in rows])
        for key in ("latitude_deg", "longitude_deg", "height_km")
    )
    north = np.radians(found.latitude_deg - latitude) * MOON_RADIUS_KM
    turn = (found.longitude_deg - longitude + 180.0) % 360.0 - 180.0
    east = np.radians(turn) * np.cos(np.radians(latitude)) * MOON_RADIUS_KM
    # Asked for are 10 m; what is left is the rounding of TDB, and of the fixture.
    assert np.hypot(north, east).max() < 1.0 * CENTIMETRE
    # The kernels agree to the last digit, but SPICE rounds the Sun's distance to 0.1 mm.
    assert np.abs(found.height_km - height).max() < (1e-3 if name == SUN else 2.0 * MILLIMETRE)


def test_principal_axes_are_875_m_from_the_mean_earth_frame():
    t = _tdb(8.0e8)
    turn = frames().principal_axes(t) @ frames().mean_earth(t).T
    angle = np.arccos((np.trace(turn) - 1.0) / 2.0)
    assert angle * MOON_RADIUS_KM == pytest.approx(0.875, abs=0.001)


def test_beyond_the_kernel_the_orientation_is_refused():
    with pytest.raises(NoOrbitError, match="2000-01-01 to 2050-01-01"):
        frames().mean_earth(timescale().utc(1999, 6, 1))


def test_danuri_flies_over_both_poles():
    found = sub_points(danuri(), frames(), Clock(START).time(np.arange(0.0, 86400.0, 60.0)))
    assert found.latitude_deg.min() < -89.0
    assert found.latitude_deg.max() > 89.0
    assert np.abs(found.longitude_deg).max() <= 180.0
    # 51 by 211 km on 2026-09-01, and not much else since.
    assert found.height_km.min() == pytest.approx(48.0, abs=8.0)
    assert found.height_km.max() == pytest.approx(214.0, abs=8.0)


def test_orbits_are_counted_at_their_northward_crossings():
    orbit, clock = danuri(), Clock(START)
    seconds = np.arange(0.0, 2.0 * 86400.0, 20.0)
    latitude = sub_points(orbit, frames(), clock.time(seconds)).latitude_deg
    numbers = orbit_numbers(orbit, frames(), START, clock, seconds)
    crossed = np.cumsum((latitude[:-1] < 0.0) & (latitude[1:] >= 0.0))
    assert numbers[0] == 0
    assert np.array_equal(numbers[1:], crossed)
    assert crossed[-1] in (23, 24)


def test_an_epoch_elsewhere_shifts_every_number_alike():
    orbit, clock = danuri(), Clock(START)
    seconds = np.array([40000.0, 0.0, 86400.0, -30000.0])
    here = orbit_numbers(orbit, frames(), START, clock, seconds)
    assert here[3] < 0
    for epoch in (START - timedelta(days=70), START + timedelta(days=100)):
        elsewhere = orbit_numbers(orbit, frames(), epoch, clock, seconds)
        shift = here - elsewhere
        assert (shift == shift[0]).all()
        days = (epoch - START) / timedelta(days=1)
        assert shift[0] == pytest.approx(days * 86400.0 / orbit.period_s, abs=1.5)


@pytest.mark.parametrize("eccentricity", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("inclination_deg", [30.0, 90.0, 150.0])
def test_eccentric_and_retrograde_orbits_are_counted_too(eccentricity, inclination_deg):
    orbit = kepler_orbit(4000.0, eccentricity, inclination_deg, 50.0, 100.0, 20.0)
    clock = Clock(START)
    seconds = np.arange(0.0, 2.9 * 86400.0, 60.0)
    latitude = sub_points(orbit, frames(), clock.time(seconds)).latitude_deg
    crossed = np.cumsum((latitude[:-1] < 0.0) & (latitude[1:] >= 0.0))
    numbers = orbit_numbers(orbit, frames(), START, clock, seconds)
    assert np.array_equal(numbers[1:], crossed)
    assert crossed[-1] > 5


def _hidden_part(orbit, t, body: str) -> np.ndarray:
    about, _ = orbit.selenocentric(t)
    moon, moon_rate = bodies().moon(t)
    _, earth_rate = bodies().earth(t)
    to_sun = bodies().sun(t)[0] - moon - about
    if body == "moon":
        return hidden_part(to_sun, -about, moon_rate + earth_rate, MOON_RADIUS_KM)
    return hidden_part(to_sun, -moon - about, earth_rate, EARTH_SHADOW_RADIUS_KM)


@pytest.mark.parametrize("scene", SPICE["shadows"], ids=lambda row: row["start"])
def test_shadows_begin_and_end_when_spice_says(scene):
    orbit = mascon_orbit(scene["start_tdb_s"])
    # While its light is on the way, the Sun goes 7 km round the barycentre: 18 m at the edge of the
    # Earth's shadow, which the craft may cross at 0.5 km/s.
    for body, tolerance_s in (("moon", 0.002), ("earth", 0.05)):
        for name, part in (("umbra", 2), ("penumbra", 1)):
            edges = [
                (instant, inside_later)
                for begin, end in scene[f"{body}_{name}"]
                for instant, inside_later in ((begin, True), (end, False))
                if instant not in scene["searched_tdb_s"]
            ]
            for instant, inside_later in edges:
                around = _tdb([instant - tolerance_s, instant + tolerance_s])
                before, after = _hidden_part(orbit, around, body) >= part
                assert (before, after) == (not inside_later, inside_later)


def test_the_darkest_shadow_is_told():
    scene = SPICE["shadows"][0]
    orbit = mascon_orbit(scene["start_tdb_s"])
    t = _tdb(np.arange(*scene["searched_tdb_s"], 30.0))
    moon, earth = _hidden_part(orbit, t, "moon"), _hidden_part(orbit, t, "earth")
    found = illumination(orbit, t)
    assert len(set(found)) == 5
    for by_moon, by_earth, name in zip(moon, earth, found, strict=True):
        depth = max(by_moon, by_earth)
        who = "moon" if by_moon == depth else "earth"
        assert name == ("sunlit" if depth == 0 else f"{who} {('penumbra', 'umbra')[depth - 1]}")


def test_the_total_lunar_eclipse_of_2028_is_met():
    orbit = mascon_orbit(SPICE["shadows"][2]["start_tdb_s"])
    ((begin, end),) = SPICE["shadows"][2]["earth_umbra"]
    # The whole Moon is in the umbra for 71 minutes, some of it for 209 (NASA/TP-2009-214172).
    assert 71 * 60.0 < end - begin < 209 * 60.0
    found = illumination(orbit, _tdb(np.linspace(begin + 1.0, end - 1.0, 200)))
    assert set(found) == {"earth umbra", "moon umbra"}


@pytest.mark.parametrize("scene", SPICE["occultations"], ids=lambda row: row["start"])
def test_what_the_antenna_needs_is_what_spice_says(scene):
    orbit = mascon_orbit(scene["start_tdb_s"])
    for row in scene["antenna"]:
        clock, second = _clock_at(row["tdb_s"])
        found = signal(orbit, KDSA, clock, np.array([second]))
        # SPICE measures between the barycentric places of departure and arrival. In the meantime
        # the Earth has moved, up to 38 km, which an observer who moves along does not see.
        earth_way = np.array(row["earth_km_s"]) * row["light_time_s"]
        expected_km = np.linalg.norm(np.array(row["barycentric_km"]) + earth_way)
        # Its clocks disagree by 0.13 ms about the departure for the same reason: 0.3 m of orbit.
        assert found.range_km[0] == pytest.approx(expected_km, abs=1.0 * METRE)
        assert found.light_time_s[0] == pytest.approx(row["light_time_s"], abs=1.4e-4)
        # Diurnal aberration, 0.3 arcseconds, is SPICE's alone.
        assert found.elevation_deg[0] == pytest.approx(row["elevation_deg"], abs=1.5e-4)
        turn = (found.azimuth_deg[0] - row["azimuth_deg"] + 180.0) % 360.0 - 180.0
        assert abs(turn) * np.cos(np.radians(row["elevation_deg"])) < 1.5e-4


def _iterated_light_time_s(orbit, place: Place, clock: Clock, seconds: np.ndarray) -> np.ndarray:
    """Skyfield's own geometry, the fixed point of the light time taken six times."""
    there = place.skyfield().at(clock.time(seconds)).position.km
    light_s = np.zeros(len(seconds))
    for _ in range(6):
        light_s = _norm(orbit.at(clock.time(seconds - light_s)).position.km - there) / LIGHT_KM_S
    return light_s


@pytest.mark.parametrize(
    "orbit",
    [danuri(), kepler_orbit(30000.0, 0.5, 60.0, 10.0, 20.0, 30.0)],
    ids=["danuri", "30,000 km"],
)
def test_light_time_is_its_own_fixed_point(orbit):
    clock, seconds = Clock(START), np.arange(0.0, 2.0 * 86400.0, 977.0)
    found = signal(orbit, KDSA, clock, seconds)
    expected = _iterated_light_time_s(orbit, KDSA, clock, seconds)
    assert np.abs(found.light_time_s - expected).max() < 1e-10
    assert found.range_km == pytest.approx(found.light_time_s * LIGHT_KM_S, abs=MILLIMETRE)


def test_doppler_is_the_derivative_of_the_light_time():
    orbit, clock, seconds = danuri(), Clock(START), np.arange(0.0, 86400.0, 601.0)
    found = signal(orbit, KDSA, clock, seconds)
    h = 0.5
    later = _iterated_light_time_s(orbit, KDSA, clock, seconds + h)
    sooner = _iterated_light_time_s(orbit, KDSA, clock, seconds - h)
    shift = -8475e6 * (later - sooner) / (2.0 * h)
    # 4 mm/s at worst: gravity over the 0.03 s between two looks, and precession in the velocity.
    assert np.abs(found.doppler_hz(8475e6) - shift).max() < 0.1
    assert 20e3 < np.abs(found.doppler_hz(8475e6)).max() < 60e3


def test_the_velocities_of_a_sight_are_its_derivatives():
    orbit, clock, seconds = danuri(), Clock(START), np.arange(0.0, 86400.0, 601.0)
    h = 0.5
    for light_time in (True, False):
        sooner, now, later = (
            sight(orbit, KDSA, clock, seconds + d, light_time) for d in (-h, 0.0, h)
        )
        slope = (later.craft_km - sooner.craft_km) / (2.0 * h)
        assert _norm(slope - now.craft_km_s).max() < 5e-6
        slope = (later.moon_km - sooner.moon_km) / (2.0 * h)
        assert _norm(slope - now.moon_km_s).max() < 5e-6


def test_light_time_moves_the_craft_back_along_its_way():
    orbit, clock, seconds = danuri(), Clock(START), np.arange(0.0, 7200.0, 300.0)
    with_, without = (signal(orbit, KDSA, clock, seconds, light) for light in (True, False))
    assert (without.light_time_s == 0.0).all()
    # 1.2 to 1.4 s, at up to 1.6 km/s about the Moon and 1.5 km/s against the turning Earth.
    assert 1.15 < with_.light_time_s.min() < with_.light_time_s.max() < 1.4
    moved = sight(orbit, KDSA, clock, seconds).craft_km
    back = sight(orbit, KDSA, clock, seconds, light_time=False).craft_km
    assert 0.1 < _norm(moved - back).min() < _norm(moved - back).max() < 4.5


def test_the_moon_stands_where_skyfield_sees_it():
    clock, seconds = Clock(START), np.arange(0.0, 86400.0, 3600.0)
    found = sight(danuri(), KDSA, clock, seconds, light_time=False)
    t = clock.time(seconds)
    expected = (danuri().at(t) - KDSA.skyfield().at(t)).altaz()
    seen = signal(danuri(), KDSA, clock, seconds, light_time=False)
    assert seen.elevation_deg == pytest.approx(expected[0].degrees, abs=1e-6)
    assert seen.azimuth_deg == pytest.approx(expected[1].degrees, abs=1e-5)
    assert seen.range_km == pytest.approx(expected[2].km, abs=1.0 * METRE)
    assert _norm(found.moon_km) == pytest.approx(_norm(bodies().moon(t)[0]), abs=MILLIMETRE)
    disk = np.degrees(np.arcsin(MOON_RADIUS_KM / _norm(found.moon_km - found.place_km)))
    assert seen.moon_limb_deg == pytest.approx(seen.moon_centre_deg - disk, abs=1e-9)
    # At most 216 km above the surface: never a quarter of a degree from the limb.
    assert seen.moon_limb_deg.max() < 0.04
    assert (~seen.hidden | (seen.moon_limb_deg < 0.0)).all()
