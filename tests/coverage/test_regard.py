"""Fields of regard: what the ring sees, angles by closed forms, the Sun by brute force."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sattrack.catalog import FieldOfRegard, GroundSample, Scan, Source
from sattrack.coverage.daylight import find_daylight, solar_zenith_deg
from sattrack.coverage.regard import ground_sample_km, off_slot_deg, regard, scan_starts, views
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking import Tracker
from sattrack.tracking.ephemerides import bodies

START = datetime(2026, 10, 8, tzinfo=UTC)
DAY = Span.from_days(START, 1)
SOURCE = Source("a test")
# The promise to users. The closed form is the same geometry, and agrees to rounding.
VIEWING_ZENITH_TOLERANCE_DEG = 0.05
ROUNDING_DEG = 1e-6
# Instants by bisection of samples.
BISECTION_S = 1e-3

# By the published bounds: GEMS 5 S to 45 N, 75 to 145 E, so that Jakarta (6.2 S) is just outside
# and Delhi (77.2 E) just inside; Sentinel-4 30 to 65 N, 30 W to 46.5 E; TEMPO by its outline, whose
# southern edge lies near 17.2 N at the longitude of Mexico City (19.4 N). Honolulu is in none.
SEEN_BY = {
    "seoul": {"gems"},
    "tokyo": {"gems"},
    "jakarta": set(),
    "delhi": {"gems"},
    "washington": {"tempo"},
    "mexico city": {"tempo"},
    "london": {"sentinel-4"},
    "honolulu": set(),
}
# Who is hidden from whom, by how far apart they are at the Earth's centre.
HIDDEN = {
    ("tempo", "seoul"): "behind the Earth",
    ("tempo", "london"): "behind the Earth",
    ("gems", "mexico city"): "behind the Earth",
    ("gems", "honolulu"): "outside",
    ("tempo", "honolulu"): "outside",
    ("gems", "jakarta"): "outside",
    ("sentinel-4", "delhi"): "outside",
}


@pytest.fixture
def tracker() -> Tracker:
    return Tracker.open()


def seen(tracker: Tracker, name: str, place: Place, span: Span = DAY):
    (tracked,) = tracker.orbits(name, at=span.start)
    instrument = tracked.via
    return tracked, regard(
        tracked.orbit,
        place,
        span,
        instrument.field_of_regard,
        bodies(),
        instrument.scan,
        instrument.ground_sample,
        tracked.spacecraft.slot_longitude_deg,
    )


def test_each_city_is_inside_exactly_what_sees_it(tracker):
    for city, instruments in SEEN_BY.items():
        (place,) = tracker.places(city)
        verdicts = {
            name: seen(tracker, name, place)[1].verdict for name in ("gems", "tempo", "sentinel-4")
        }
        inside = {name for name, verdict in verdicts.items() if verdict == "inside"}
        assert inside == instruments, city
        for (name, other), verdict in HIDDEN.items():
            if other == city:
                assert verdicts[name] == verdict, (name, city)


def by_the_law_of_cosines(place: Place, longitude_deg, latitude_deg, radius_km) -> float:
    """Viewing zenith from geocentric angles, as textbooks have it, and the ellipsoid's normal.

    Spherical triangles with the place's geocentric latitude and radius, and the angle between
    radius and normal; no vector is used.
    """
    a, f = 6378.137, 1.0 / 298.257223563
    geodetic = math.radians(place.latitude_deg)
    geocentric = math.atan((1.0 - f) ** 2 * math.tan(geodetic))
    b = a * (1.0 - f)
    earth = a * b / math.hypot(b * math.cos(geocentric), a * math.sin(geocentric))
    apart = math.radians(longitude_deg - place.longitude_deg)
    beneath = math.radians(latitude_deg)
    central = math.acos(
        math.sin(geocentric) * math.sin(beneath)
        + math.cos(geocentric) * math.cos(beneath) * math.cos(apart)
    )
    distance = math.sqrt(earth**2 + radius_km**2 - 2.0 * earth * radius_km * math.cos(central))
    # Zenith angle from the radius, then from the normal, which leans to the equator.
    from_radius = math.pi - math.acos(
        (distance**2 + earth**2 - radius_km**2) / (2.0 * distance * earth)
    )
    azimuth = math.atan2(
        math.sin(apart) * math.cos(beneath),
        math.cos(geocentric) * math.sin(beneath)
        - math.sin(geocentric) * math.cos(beneath) * math.cos(apart),
    )
    lean = geodetic - geocentric
    # The normal points to the pole of the radius: the craft, towards the south, is further from it.
    return math.degrees(
        math.acos(
            math.cos(from_radius) * math.cos(lean)
            + math.sin(from_radius) * math.cos(azimuth) * math.sin(lean)
        )
    )


@pytest.mark.parametrize("name", ["gems", "tempo", "sentinel-4"])
def test_viewing_zenith_angles_against_a_closed_form(tracker, name):
    worst = 0.0
    for city in SEEN_BY:
        (place,) = tracker.places(city)
        tracked, found = seen(tracker, name, place)
        if found.viewing_zenith_deg is None:
            continue
        assert found.time == START
        x, y, z = tracked.orbit.itrf(Clock(START), np.zeros(1))[0][:, 0]
        radius = math.sqrt(x * x + y * y + z * z)
        longitude, latitude = math.degrees(math.atan2(y, x)), math.degrees(math.asin(z / radius))
        theirs = by_the_law_of_cosines(place, longitude, latitude, radius)
        worst = max(worst, abs(found.viewing_zenith_deg - theirs))
    assert worst < VIEWING_ZENITH_TOLERANCE_DEG
    assert 0.0 < worst < ROUNDING_DEG


def test_the_limb_hides_and_so_does_the_earth(tracker):
    # The limb of a geostationary craft lies 81.3 degrees from the point beneath it.
    everywhere = FieldOfRegard(
        ((-180.0, -80.0), (-60.0, -80.0), (60.0, -80.0), (180.0, -80.0), (180.0, 80.0),
         (60.0, 80.0), (-60.0, 80.0), (-180.0, 80.0)),
        SOURCE,
    )  # fmt: skip
    (tracked,) = tracker.orbits("gems", at=START)
    x, y, _ = tracked.orbit.itrf(Clock(START), np.zeros(1))[0][:, 0]
    beneath = math.degrees(math.atan2(y, x))
    verdicts = {}
    for apart in (80.9, 81.6, 89.0, 91.0, 179.0):
        place = Place("on the equator", 0.0, beneath - apart)
        found = regard(tracked.orbit, place, DAY, everywhere, bodies())
        verdicts[apart] = found.verdict
        if apart > 81.3:
            assert found.time is None
            assert found.viewing_zenith_deg is None
            assert found.range_km is None
            assert found.daylight == ()
            assert found.scans is None
    assert verdicts[81.6] == verdicts[89.0] == "beyond the limb"
    assert verdicts[91.0] == verdicts[179.0] == "behind the Earth"
    assert verdicts[80.9] != "beyond the limb"


def test_a_pixel_grows_as_rays_meet_the_ellipsoid():
    """Each side of a pixel is traced: two rays a little apart, each to the plane of the place."""
    craft = 42164.17 * np.array([math.cos(2.2375), math.sin(2.2375), 0.0])
    sample = GroundSample(7.0, 8.0, 37.5665, 126.978, SOURCE)
    step = 1e-6

    def traced(place: Place) -> tuple[float, float]:
        here, up = place.itrf_km(), place.east_north_up()[2]
        sight = (here - craft) / np.linalg.norm(here - craft)
        pole = np.array([0.0, 0.0, 1.0])
        north = pole - (pole @ sight) * sight
        north /= np.linalg.norm(north)
        sides = []
        for turn in (north, np.cross(sight, north)):
            ends = []
            for sign in (-0.5, 0.5):
                ray = sight * math.cos(step) + sign * step * turn
                ends.append(craft + ray * ((here - craft) @ up) / (ray @ up))
            sides.append(float(np.linalg.norm(ends[1] - ends[0])) / step)
        return sides[0], sides[1]

    reference = traced(Place("reference", 37.5665, 126.978))
    for place in (Place("Delhi", 28.6, 77.2), Place("Tokyo", 35.7, 139.7), Place("0", 0.0, 128.2)):
        sides = traced(place)
        found = ground_sample_km(craft, place, sample, math.degrees(2.2375))
        assert found[0] == pytest.approx(7.0 * sides[0] / reference[0], rel=1e-6)
        assert found[1] == pytest.approx(8.0 * sides[1] / reference[1], rel=1e-6)
    # Out of sight of the point of reference nothing can be said.
    far = GroundSample(7.0, 8.0, 37.5665, -60.0, SOURCE)
    assert ground_sample_km(craft, Place("Tokyo", 35.7, 139.7), far) == (None, None)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(37.57, 126.98), (-33.9, 151.2), (69.6, 18.9), (0.0, 100.0)]
)
@pytest.mark.parametrize("limit", [70.0, 90.0])
def test_daylight_against_brute_force(latitude, longitude, limit):
    place = Place("somewhere", latitude, longitude)
    clock = Clock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    end_s = 10.0 * 86400.0
    found = find_daylight(place, bodies(), clock, end_s, limit)

    def sun(seconds):
        return solar_zenith_deg(place, bodies(), clock, np.atleast_1d(np.asarray(seconds)))

    grid = np.arange(0.0, end_s + 1.0, 60.0)
    low = sun(grid) <= limit
    changes = np.flatnonzero(low[:-1] != low[1:])
    left, right = grid[changes], grid[changes + 1]
    for _ in range(18):  # of a minute, 0.2 ms
        middle = (left + right) / 2.0
        same = (sun(middle) <= limit) == low[changes]
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    edges = (left + right) / 2.0
    starts = ([0.0] if low[0] else []) + edges[~low[changes]].tolist()
    ends = edges[low[changes]].tolist() + ([end_s] if low[-1] else [])
    assert len(found) == len(starts)
    for one, start, end in zip(found, starts, ends, strict=True):
        assert abs(clock.seconds_at(one.first) - start) < BISECTION_S
        assert abs(clock.seconds_at(one.last) - end) < BISECTION_S
        assert one.solar_zenith_deg <= sun(np.linspace(start, end, 100)).min() + ROUNDING_DEG
        top = sun(clock.seconds_at(one.highest))[0]
        assert top == pytest.approx(one.solar_zenith_deg, abs=ROUNDING_DEG)
    assert [one.open_start for one in found] == [bool(low[0]) and k == 0 for k in range(len(found))]


def test_scans_start_by_the_rule_of_the_catalog(tracker):
    hourly = Scan(60, 90.0, SOURCE, minute=45, first_utc="22:45", last_utc="07:45")
    starts = list(scan_starts(hourly, DAY))
    assert [f"{start:%H:%M}" for start in starts] == [
        "00:45", "01:45", "02:45", "03:45", "04:45", "05:45", "06:45", "07:45", "22:45", "23:45",
    ]  # fmt: skip
    assert len(list(scan_starts(Scan(20, 90.0, SOURCE, minute=50), DAY))) == 72
    assert list(scan_starts(Scan(60, 90.0, SOURCE), DAY)) == []
    # A window holds its start, and not its end.
    hour = Span(START + timedelta(minutes=45), START + timedelta(minutes=105))
    assert [f"{start:%H:%M}" for start in scan_starts(hourly, hour)] == ["00:45"]


# Of 30: in Delhi the Sun rises at 00:51 UTC; in Tokyo the last scan meets it at 85 degrees.
@pytest.mark.parametrize(("city", "count", "zenith"), [("delhi", 21, 64.3), ("tokyo", 30, 43.1)])
def test_scans_that_observe_a_place_are_those_in_daylight(tracker, city, count, zenith):
    (place,) = tracker.places(city)
    tracked, found = seen(tracker, "gems", place, Span.from_days(START, 3))
    scan = tracked.via.scan
    assert scan.approximate
    assert len(found.scans) == count
    every = list(scan_starts(scan, found.span))
    for start in every:
        lit = any(one.first <= start <= one.last for one in found.daylight)
        assert lit == (start in {one.start for one in found.scans})
    for one in found.scans:
        assert one.solar_zenith_deg <= scan.solar_zenith_limit_deg
        assert one.viewing_zenith_deg == pytest.approx(zenith, abs=0.2)


def test_a_craft_away_from_its_slot_is_told(tracker):
    (tracked,) = tracker.orbits("gems", at=START)
    slot = tracked.spacecraft.slot_longitude_deg
    assert off_slot_deg(tracked.orbit, DAY, slot) < 0.2
    # Unkept by the station keeping that the old elements do not know of, 50 days later.
    later = Span.from_days(START + timedelta(days=50), 1)
    assert 1.0 < off_slot_deg(tracked.orbit, later, slot) < 5.0
    assert off_slot_deg(tracked.orbit, DAY, slot - 359.0) == pytest.approx(1.0, abs=0.2)


def test_views_through_the_earth_are_told():
    place = Place("0", 0.0, 0.0)
    position = 42164.0 * np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    found = views(position, place)
    assert found.in_sight.tolist() == [True, False, False]
    assert found.central_deg.tolist() == pytest.approx([0.0, 90.0, 180.0])
