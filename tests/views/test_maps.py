"""Maps as pictures: where places lie, how lines and rings are cut."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from sattrack import Tracker
from sattrack.answers.maps import map_of
from sattrack.views.braille import scene_text
from sattrack.views.maps import Chart, cut_line, map_scene
from sattrack.views.scene import Area, Label, Line, Spot

NOON = datetime(2026, 7, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def tracker(tmp_path_factory) -> Tracker:
    return Tracker.open({"SATTRACK_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.fixture
def mapped(tracker):
    def draw(*names: str, instant: datetime = NOON, pole=None, at: str = "seoul"):
        tracked = tracker.orbits(*names, at=instant)
        answer = map_of(tracked, instant, None, tracker.catalog, names, tracker.places(at))
        return answer, map_scene(answer, UTC, pole)

    return draw


@pytest.mark.parametrize(
    ("chart", "longitude", "latitude", "point"),
    [
        (Chart(), 126.978, 37.5665, (126.978, 37.5665)),
        (Chart("south", 10.0), 0.0, -80.0, (0.0, 1.0)),
        (Chart("south", 10.0), 90.0, -85.0, (0.5, 0.0)),
        (Chart("south", 10.0), 77.0, -90.0, (0.0, 0.0)),
        (Chart("north", 60.0), 0.0, 30.0, (0.0, -1.0)),
        (Chart("north", 60.0), 90.0, 60.0, (0.5, 0.0)),
        (Chart("north", 60.0), 180.0, 60.0, (0.0, 0.5)),
    ],
)
def test_places_lie_where_maps_have_them(chart, longitude, latitude, point):
    assert chart.point(longitude, latitude) == pytest.approx(point, abs=1e-12)


def test_lines_are_cut_at_the_antimeridian():
    parts = list(cut_line([(170.0, 0.0), (-170.0, 10.0), (-160.0, 20.0), (175.0, 30.0)]))
    assert parts == [
        ((170.0, 0.0), (180.0, 5.0)),
        ((-180.0, 5.0), (-170.0, 10.0), (-160.0, 20.0), (-180.0, pytest.approx(28.0))),
        ((180.0, pytest.approx(28.0)), (175.0, 30.0)),
    ]
    assert list(cut_line([(180.0, 0.0), (-180.0, 0.0), (-170.0, 0.0)]))[-1][-1] == (-170.0, 0.0)


def test_lines_end_at_the_rim_of_a_polar_map():
    chart = Chart("south", 10.0)
    (through,) = chart.lines([(-60.0, -75.0), (-60.0, -85.0), (120.0, -85.0), (120.0, -70.0)])
    assert math.hypot(*through[0]) == pytest.approx(1.0)
    assert math.hypot(*through[-1]) == pytest.approx(1.0)
    assert through[0] == pytest.approx(chart.point(-60.0, -80.0))
    assert list(chart.lines([(0.0, 10.0), (90.0, 20.0)])) == []
    # A chord between two corners beyond the rim.
    (chord,) = chart.lines([(-40.0, -79.0), (40.0, -79.0)])
    assert [math.hypot(*point) for point in chord] == pytest.approx([1.0, 1.0])


def test_rings_stay_within_the_rim():
    ring = Chart("north", 60.0).ring([(-180.0, 10.0), (180.0, 10.0), (180.0, 90.0), (-180.0, 90.0)])
    radii = [math.hypot(*point) for point in ring]
    assert max(radii) == pytest.approx(1.0)
    assert min(radii) == pytest.approx(0.0)


def test_no_line_leaps_across_the_map(mapped):
    later = datetime(2026, 11, 24, tzinfo=UTC)
    for names, instant in ((("iss", "recon"), NOON), (("danuri",), later)):
        _, scene = mapped(*names, instant=instant)
        for mark in scene.marks:
            if isinstance(mark, Line) and mark.ink.startswith("series"):
                for one, other in pairwise(mark.points):
                    assert abs(one[0] - other[0]) < 181.0
                    # Only where the track goes by a pole does longitude run.
                    assert abs(one[0] - other[0]) < 60.0 or abs(one[1]) > 75.0


def test_footprints_over_a_pole_are_closed(mapped):
    # Danuri's footprint goes round the Moon's south pole half an hour later.
    instant = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
    answer, scene = mapped("danuri", instant=instant)
    (danuri,) = answer.results
    assert danuri.latitude_deg < -78.0
    assert danuri.footprint.pole_deg == -90.0
    (area,) = [m for m in scene.marks if isinstance(m, Area) and m.ink == "series0"]
    assert any(y == -90.0 for ring in area.rings for _, y in ring)
    edges = [m for m in scene.marks if isinstance(m, Line) and m.dash == "dashed"]
    assert all(abs(y) < 90.0 for line in edges for _, y in line.points)


def test_a_geostationary_craft_is_a_point(mapped):
    _, scene = mapped("geo-kompsat-2b")
    (track,) = [m for m in scene.marks if isinstance(m, Line) and "track" in m.name]
    assert max(abs(x - track.points[0][0]) for x, _ in track.points) < 1.0
    (spot,) = [m for m in scene.marks if isinstance(m, Spot) and m.sign == "craft"]
    assert spot.at == pytest.approx((123.8, 0.1), abs=0.1)
    assert not [m for m in scene.marks if isinstance(m, Spot) and m.sign == "tick"]


def test_stations_and_the_sun_are_there(mapped):
    answer, scene = mapped("iss", at="seoul,kdsa")
    stations = [m.at for m in scene.marks if isinstance(m, Spot) and m.sign == "station"]
    assert stations[0] == (126.9784, 37.566)
    assert len(stations) == 2
    (sun,) = [m.at for m in scene.marks if isinstance(m, Spot) and m.sign == "sun"]
    assert sun == answer.subsolar


def test_the_regions_of_artemis_are_named_at_the_pole(mapped):
    instant = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    answer, scene = mapped("danuri", instant=instant, pole="south")
    named = {m.text for m in scene.marks if isinstance(m, Label) and m.ink == "region"}
    assert {region.name for region in answer.regions} == named
    outlines = [m for m in scene.marks if isinstance(m, Area) and m.ink == "region"]
    assert len(outlines) == 9
    # Latitude -85.44, east longitude 37.35: 4.56 of 10 degrees from the pole.
    (nobile,) = [m for m in outlines if m.name == "Nobile Rim 1"]
    centre = (0.456 * math.sin(math.radians(37.35)), 0.456 * math.cos(math.radians(37.35)))
    (ring,) = nobile.rings
    assert math.dist(ring[0], centre) < 0.1
    assert "mean-Earth frame" in scene.told[0]


def test_planned_craft_are_labelled_and_many_are_thinned(mapped):
    _, scene = mapped("kps")
    text = scene_text(scene, 80)
    assert "KPS GEO-1 (planned)" in text
    assert "nominal orbit, illustrative" in " ".join(text.split())
    assert "Outlines are left out" in text
    _, many = mapped("gps")
    assert "Tracks and outlines are left out" in scene_text(many, 80)


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_is_wide_enough(mapped, width):
    for names in (("iss", "gems"), ("kps",)):
        _, scene = mapped(*names)
        assert max(map(len, scene_text(scene, width).splitlines())) <= width
