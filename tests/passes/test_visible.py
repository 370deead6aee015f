"""Visible passes against a classification of every second, and at the edge of the shadow."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from bruteforce import elevation_deg
from skyfield.api import wgs84
from skyfield.framelib import itrs
from skyfield.jpllib import SpiceKernel

from sattrack.catalog.ephemeris import solar_system_kernel
from sattrack.elements import NominalOrbit
from sattrack.errors import InvalidInputError, NoOrbitError
from sattrack.formats import read_element_sets
from sattrack.orbits import Nominal, Orbit, Sgp4
from sattrack.orbits.bodies import SUN_RADIUS_KM
from sattrack.passes import find_passes
from sattrack.passes.shadows import find_shadows
from sattrack.passes.sky import SKIES
from sattrack.passes.visible import Conditions, PassLight, find_light
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking.ephemerides import bodies, embedded_danuri

LINES = (Path(__file__).parents[1] / "golden/element_sets.tle").read_text().splitlines()
ISS = Sgp4(read_element_sets("\n".join(LINES[:3]).encode()).sets[0])
START = datetime(2026, 7, 23, 20, tzinfo=UTC)
MASK_DEG = 10.0
STANDARD = -1.8

PLACES = [
    Place("Seoul", 37.5665, 126.978, 38.0),
    Place("Punta Arenas", -53.16, -70.91),
    Place("Edinburgh", 55.95, -3.19),
    Place("Quito", -0.18, -78.47, 2850.0),
    Place("Perth", -31.95, 115.86),
]

# Skyfield's Sun, bent by the Earth and seen from a place that moves, is 0.5 arcseconds away, and
# its elevation is interpolated over 30 s, to 0.1; at the latitudes here it climbs 8 a second.
EDGE_S = 0.1
# Rays to 180 points of the limb miss the Sun's disk by 1.5e-4 of its radius: 0.3 ms.
WGS84_KM = np.array([6378.137, 6378.137, 6378.137 * (1.0 - 1.0 / 298.257223563)])[:, None]
LIMB_RAD = np.linspace(0.0, 2.0 * np.pi, 180, endpoint=False)
# Edges are found to 1e-7 s and rounded to the microsecond.
ROUNDING_S = 2e-6


def _sun_km(clock: Clock, seconds: np.ndarray) -> np.ndarray:
    """Return the apparent Sun in the ITRF by Skyfield alone, from nodes every 30 s."""
    nodes = np.unique(np.concatenate([np.floor(seconds / 30.0), np.floor(seconds / 30.0) + 1.0]))
    t = clock.time(nodes * 30.0)
    with closing(SpiceKernel(str(solar_system_kernel()))) as kernel:
        seen = kernel["earth"].at(t).observe(kernel["sun"]).apparent(deflectors=())
        at_nodes = seen.frame_xyz(itrs).km
    return np.array([np.interp(seconds / 30.0, nodes, row) for row in at_nodes])


def _in_umbra(craft: np.ndarray, sun: np.ndarray) -> np.ndarray:
    """Return where no ray to the Sun's limb is free."""
    hidden = np.ones(craft.shape[1], dtype=bool)
    line = sun - craft
    distance = np.linalg.norm(line, axis=0)
    ahead = line / distance
    east = np.cross([[0.0], [0.0], [1.0]], ahead, axis=0)
    east /= np.linalg.norm(east, axis=0)
    north = np.cross(ahead, east, axis=0)
    sine = SUN_RADIUS_KM / distance
    cosine = np.sqrt(1.0 - sine**2)
    o = craft / WGS84_KM
    beyond = (o**2).sum(axis=0) - 1.0
    for angle in LIMB_RAD:
        ray = cosine * ahead + sine * (np.cos(angle) * east + np.sin(angle) * north)
        d = ray / WGS84_KM
        along = (o * d).sum(axis=0)
        hidden &= (along < 0.0) & (along**2 >= (d**2).sum(axis=0) * beyond)
    return hidden


def _every_second(orbit: Orbit, place: Place, clock: Clock, days: float) -> np.ndarray:
    """Return the seconds at which the craft can be seen, of every whole one."""
    coarse = np.arange(0.0, days * 86400.0, 20.0)
    near = coarse[elevation_deg(orbit, place, clock, coarse) > MASK_DEG - 3.0]
    seconds = np.unique((near[:, None] + np.arange(-20.0, 21.0)).ravel())
    seconds = seconds[(seconds >= 0.0) & (seconds <= days * 86400.0)]
    seconds = seconds[elevation_deg(orbit, place, clock, seconds) >= MASK_DEG]
    sun = _sun_km(clock, seconds)
    topos = wgs84.latlon(place.latitude_deg, place.longitude_deg, place.height_m)
    latitude, longitude = topos.latitude.radians, topos.longitude.radians
    up = np.array(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )
    offset = sun - topos.itrs_xyz.km[:, None]
    dark = up @ offset / np.linalg.norm(offset, axis=0) < np.sin(np.radians(-6.0))
    seconds, sun = seconds[dark], sun[:, dark]
    craft, _ = orbit.itrf(clock, seconds)
    return seconds[~_in_umbra(craft, sun)]


def _lights(orbit: Orbit, place: Place, span: Span, **more) -> tuple[PassLight, ...]:
    search = find_passes(orbit, place, span, more.pop("mask_deg", MASK_DEG))
    return find_light(orbit, place, search.passes, bodies(), **more)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_month_of_the_station_equals_every_second_of_it(place: Place) -> None:
    clock, span = Clock(START), Span.from_days(START, 30.0)
    truth = _every_second(ISS, place, clock, 30.0)
    lights = _lights(ISS, place, span)
    edges = np.array(
        [
            (clock.seconds_at(part.first.time), clock.seconds_at(part.last.time))
            for light in lights
            for part in light.visible
        ]
    )
    assert len(edges)
    owner = np.searchsorted(edges[:, 0], truth + EDGE_S, side="right") - 1
    # None lost: every second lies inside a stretch.
    assert (owner >= 0).all()
    assert (truth <= edges[owner, 1] + EDGE_S).all()
    # None invented: every whole second inside a stretch is among them.
    inside = [np.arange(np.ceil(a + EDGE_S), np.floor(b - EDGE_S) + 1.0) for a, b in edges]
    assert np.isin(np.concatenate(inside), truth).all()
    # And no stretch is there that holds no second, but such as hold none.
    counts = np.bincount(owner, minlength=len(edges))
    assert (counts[edges[:, 1] - edges[:, 0] > 1.0 + 2.0 * EDGE_S] > 0).all()


def test_milliseconds_of_light_at_the_edge_of_the_shadow_are_found() -> None:
    place, span = PLACES[0], Span.from_days(START, 30.0)
    into_shadow = [
        part
        for light in _lights(ISS, place, span)
        for part in light.visible
        if part.ends == "shadow" and part.begins == "horizon"
    ]
    assert into_shadow
    for part in into_shadow[:5]:
        # A mask that the craft climbs through just before its light goes out.
        clock, edge = Clock(START), part.last.time - timedelta(milliseconds=20)
        (mask_deg,) = elevation_deg(ISS, place, clock, np.array([clock.seconds_at(edge)]))
        if part.culmination.time < edge - timedelta(seconds=1):
            continue
        window = Span(part.first.time - timedelta(minutes=5), edge + timedelta(minutes=10))
        (light,) = _lights(ISS, place, window, mask_deg=float(mask_deg))
        (sliver,) = light.visible
        assert sliver.duration_s == pytest.approx(0.020, abs=0.001)
        assert (sliver.begins, sliver.ends) == ("horizon", "shadow")


def test_a_whole_night_of_a_geostationary_craft_has_its_eclipse_in_the_middle() -> None:
    elements = NominalOrbit(
        datetime(2026, 9, 22, tzinfo=UTC), 42164.17, 0.0, 0.0, 0.0, 0.0, 128.2, station_kept=True
    )
    orbit, place = Nominal(elements), PLACES[0]
    span = Span.from_days(datetime(2026, 9, 22, tzinfo=UTC), 1.0)
    (light,) = _lights(orbit, place, span, standard_magnitude=6.0)
    (shadow,) = find_shadows(orbit, bodies(), span).shadows
    before, after = light.visible
    assert (before.begins, before.ends) == ("sky", "shadow")
    assert (after.begins, after.ends) == ("shadow", "sky")
    assert abs(before.last.time - shadow.umbra_entry) < timedelta(seconds=ROUNDING_S)
    assert abs(after.first.time - shadow.umbra_exit) < timedelta(seconds=ROUNDING_S)
    assert [part.state for part in light.craft] == [
        "sunlit", "penumbra", "umbra", "penumbra", "sunlit"
    ]  # fmt: skip
    # Brightest where the phase is smallest: at the edges of the shadow, in full light.
    assert before.brightest.craft == "sunlit"
    assert before.last.time - before.brightest.time < timedelta(minutes=4)


def test_parts_tile_the_pass() -> None:
    span = Span.from_days(START, 10.0)
    search = find_passes(ISS, PLACES[0], span)
    lights = find_light(ISS, PLACES[0], search.passes, bodies())
    for pass_, light in zip(search.passes, lights, strict=True):
        for parts in (light.craft, light.sky):
            assert abs(parts[0].first - pass_.first.time) < timedelta(seconds=ROUNDING_S)
            assert abs(parts[-1].last - pass_.last.time) < timedelta(seconds=ROUNDING_S)
            for one, other in pairwise(parts):
                assert one.last == other.first
                assert one.state != other.state
        assert light.culmination.elevation_deg == pytest.approx(
            pass_.culmination.elevation_deg, abs=1e-5
        )


def test_brightest_is_brighter_than_every_second_of_its_stretch() -> None:
    span = Span.from_days(START, 10.0)
    for light in _lights(ISS, PLACES[0], span, standard_magnitude=STANDARD):
        for part in light.visible:
            assert part.culmination.magnitude is not None
            best = part.brightest
            if best is None:
                continue
            assert best.craft == "sunlit"
            assert part.first.time <= best.time <= part.last.time
            assert best.magnitude <= part.culmination.magnitude + 1e-6 or (
                part.culmination.craft == "penumbra"
            )


def test_separations_and_phase_against_skyfield() -> None:
    place = PLACES[0]
    lights = _lights(ISS, place, Span.from_days(START, 3.0), standard_magnitude=STANDARD)
    topos = wgs84.latlon(place.latitude_deg, place.longitude_deg, place.height_m)
    clock = Clock(START)
    with closing(SpiceKernel(str(solar_system_kernel()))) as kernel:
        observer = kernel["earth"] + topos
        for view in [light.culmination for light in lights]:
            t = clock.time(clock.seconds_at(view.time))
            craft = (ISS - topos).at(t)
            for body, found in (
                ("sun", view.sun_separation_deg),
                ("moon", view.moon_separation_deg),
            ):
                seen = observer.at(t).observe(kernel[body]).apparent(deflectors=())
                # Skyfield's satellite is geometric as ours is.
                assert craft.separation_from(seen).degrees == pytest.approx(found, abs=0.002)
            moon = observer.at(t).observe(kernel["moon"]).apparent(deflectors=())
            assert moon.altaz()[0].degrees == pytest.approx(view.moon_elevation_deg, abs=0.002)


def test_without_a_standard_magnitude_none_is_guessed() -> None:
    for light in _lights(ISS, PLACES[0], Span.from_days(START, 3.0)):
        assert light.culmination.magnitude is None
        assert light.brightest is None


def test_a_darker_sky_may_be_asked_for() -> None:
    span = Span.from_days(START, 10.0)
    usual, darker = (
        sum(
            part.duration_s
            for light in _lights(ISS, PLACES[0], span, conditions=Conditions(limit_deg))
            for part in light.visible
        )
        for limit_deg in (-6.0, -18.0)
    )
    assert darker < usual
    for light in _lights(ISS, PLACES[0], span, conditions=Conditions(-18.0)):
        assert all(part.culmination.sky == SKIES[-1] for part in light.visible)


def test_what_cannot_be_answered_says_so() -> None:
    with pytest.raises(InvalidInputError, match="outside -90 to 90"):
        Conditions(-91.0)
    danuri = embedded_danuri()
    span = Span.from_days(datetime(2026, 10, 10, tzinfo=UTC), 1.0)
    passes = find_passes(danuri, PLACES[0], span).passes
    with pytest.raises(InvalidInputError, match="about the Earth"):
        find_light(danuri, PLACES[0], passes, bodies())
    orbit = Nominal(
        NominalOrbit(datetime(2060, 1, 1, tzinfo=UTC), 7000.0, 0.0, 50.0, 0.0, 0.0, 0.0)
    )
    span = Span.from_days(datetime(2060, 1, 1, tzinfo=UTC), 1.0)
    passes = find_passes(orbit, PLACES[0], span).passes
    assert passes
    with pytest.raises(NoOrbitError, match="from 2000-01-01 to 2050-01-01"):
        find_light(orbit, PLACES[0], passes, bodies())
