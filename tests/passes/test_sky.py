"""Twilight against PyEphem, whose Sun is VSOP87's and whose clock and Earth are its own."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import ephem
import numpy as np
import pytest

from sattrack.passes.sky import SKIES, find_sky, sky_kinds
from sattrack.places import Place
from sattrack.times import Span
from sattrack.tracking.ephemerides import bodies

# Promised. PyEphem's UT1 is UTC, which alone is up to 0.1 s.
ALMANAC_S = 1.0
# Sunrise by convention (34' of refraction and 16' of radius beyond 90 deg), and the twilights.
BOUNDARIES_DEG = (-50.0 / 60.0, -6.0, -12.0, -18.0)
LATITUDES_DEG = (-64.8, -33.9, 0.0, 37.5665, 51.5, 69.6)
START = datetime(2026, 3, 3, tzinfo=UTC)


def _crossings(place: Place, limit_deg: float, days: int) -> list[tuple[datetime, bool]]:
    """Return when the Sun passes a limit, upwards or not."""
    observer = ephem.Observer()
    observer.lat, observer.lon = str(place.latitude_deg), str(place.longitude_deg)
    observer.elevation, observer.pressure = 0.0, 0.0
    observer.horizon = math.radians(limit_deg)
    sun = ephem.Sun()
    found = []
    for upwards, following in ((True, observer.next_rising), (False, observer.next_setting)):
        at = ephem.Date(START.replace(tzinfo=None))
        end = ephem.Date((START + timedelta(days=days)).replace(tzinfo=None))
        while True:
            at = following(sun, start=at, use_center=True)
            if at >= end:
                break
            instant = at.datetime().replace(tzinfo=UTC)
            found.append((instant, upwards))
            at = ephem.Date(at + ephem.minute)
    return sorted(found)


@pytest.mark.parametrize("latitude_deg", LATITUDES_DEG)
def test_twilight_boundaries_against_an_almanac(latitude_deg: float) -> None:
    place = Place("there", latitude_deg, 126.978)
    days = 5
    skies = find_sky(place, bodies(), Span.from_days(START, days))
    for k, limit_deg in enumerate(BOUNDARIES_DEG):
        pair = {SKIES[k], SKIES[k + 1]}
        ours = [
            (one.last, SKIES.index(other.state) < SKIES.index(one.state))
            for one, other in pairwise(skies)
            if {one.state, other.state} == pair
        ]
        theirs = _crossings(place, limit_deg, days)
        assert theirs
        assert [up for _, up in ours] == [up for _, up in theirs]
        for (one, _), (other, _) in zip(ours, theirs, strict=True):
            assert abs((one - other).total_seconds()) < ALMANAC_S


def test_skies_follow_each_other_without_gap() -> None:
    span = Span.from_days(START, 2.0)
    skies = find_sky(Place("Seoul", 37.5665, 126.978), bodies(), span)
    assert (skies[0].first, skies[-1].last) == (span.start, span.end)
    for one, other in pairwise(skies):
        assert one.last == other.first
        assert abs(SKIES.index(one.state) - SKIES.index(other.state)) == 1


def test_the_sun_does_not_set_in_the_polar_summer_nor_rise_in_its_winter() -> None:
    place = Place("Longyearbyen", 78.22, 15.65)
    (summer,) = find_sky(place, bodies(), Span.from_days(datetime(2026, 6, 10, tzinfo=UTC), 10.0))
    assert summer.state == "day"
    winter = find_sky(place, bodies(), Span.from_days(datetime(2026, 12, 15, tzinfo=UTC), 10.0))
    assert "day" not in {sky.state for sky in winter}


def test_a_limit_itself_belongs_to_the_brighter_sky() -> None:
    kinds = sky_kinds(np.array([10.0, -0.833, -0.84, -6.0, -12.0, -18.0, -18.1]))
    assert [SKIES[k] for k in kinds] == [
        "day", "day", "civil twilight", "civil twilight", "nautical twilight",
        "astronomical twilight", "night",
    ]  # fmt: skip
