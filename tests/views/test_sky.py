"""The sky as a picture: where directions lie, and what is drawn of real passes."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from sattrack import Place, Span, Tracker, passes_over
from sattrack.answers.light import with_light
from sattrack.answers.sky import round_times, sky_of
from sattrack.passes.visible import Conditions
from sattrack.places import HorizonMask
from sattrack.times.scale import timescale
from sattrack.views.braille import scene_text
from sattrack.views.scene import Area, Label, Line, Spot
from sattrack.views.sky import sky_point, sky_scene

SEOUL = Place("Seoul", 37.566, 126.9784)
START = datetime(2026, 7, 24, tzinfo=UTC)


@pytest.fixture(scope="module")
def tracker(tmp_path_factory) -> Tracker:
    return Tracker.open({"SATTRACK_HOME": str(tmp_path_factory.mktemp("home"))})


@pytest.fixture
def answer(tracker):
    def find(*names: str, place: Place = SEOUL, days: float = 0.6, mask: float = 10.0):
        span = Span.from_days(START, days)
        tracked = tracker.orbits(*names, at=START)
        passes = passes_over(tracked, [place], span, mask)
        return sky_of(with_light(passes, Conditions()), place)

    return find


@pytest.mark.parametrize(
    ("azimuth", "elevation", "point"),
    [
        (0.0, 90.0, (0.0, 0.0)),
        (123.0, 90.0, (0.0, 0.0)),
        (0.0, 0.0, (0.0, 1.0)),
        (90.0, 0.0, (-1.0, 0.0)),
        (180.0, 45.0, (0.0, -0.5)),
        (270.0, 60.0, (1.0 / 3.0, 0.0)),
        (45.0, 0.0, (-math.sqrt(0.5), math.sqrt(0.5))),
    ],
)
def test_directions_lie_where_one_who_looks_up_sees_them(azimuth, elevation, point):
    assert sky_point(azimuth, elevation) == pytest.approx(point, abs=1e-12)
    x, y = point
    assert sky_point(azimuth, elevation, "right") == pytest.approx((-x, y), abs=1e-12)


def test_ticks_stand_where_skyfield_sees_the_craft(answer):
    found = answer("iss")
    orbit, place = found.tracks[0].result.tracked.orbit, SEOUL.skyfield()
    ticks = [(tick, track) for track in found.tracks for tick in track.ticks]
    assert len(ticks) >= 15
    scene = sky_scene(found, UTC)
    spots = [mark.at for mark in scene.marks if isinstance(mark, Spot) and mark.sign == "tick"]
    for (tick, _), spot in zip(ticks, spots, strict=True):
        altitude, azimuth, _ = (orbit - place).at(timescale().from_datetime(tick.time)).altaz()
        # Polar motion and rounding to the microsecond: a thousandth of a degree.
        assert tick.elevation_deg == pytest.approx(altitude.degrees, abs=1e-3)
        assert tick.azimuth_deg == pytest.approx(azimuth.degrees, abs=5e-3)
        assert spot == sky_point(tick.azimuth_deg, tick.elevation_deg)


def test_tracks_run_from_rise_to_set_without_a_leap(answer):
    for track in answer("iss", "kps").tracks:
        whole = [
            sky_point(a, e)
            for part in track.parts
            for a, e in zip(part.azimuth_deg, part.elevation_deg, strict=True)
        ]
        first, last = track.pass_.first, track.pass_.last
        assert math.dist(whole[0], sky_point(first.azimuth_deg, first.elevation_deg)) < 1e-5
        assert math.dist(whole[-1], sky_point(last.azimuth_deg, last.elevation_deg)) < 1e-4
        # 0.7 degrees apart and as much for a sample; near the horizon the picture stretches
        # azimuth by up to pi / 2.
        steps = [math.dist(one, other) for one, other in pairwise(whole)]
        assert max(steps) < 2.5 * math.radians(0.7)


def test_shadow_is_dashed_from_the_instant_that_passes_give(answer):
    found = answer("iss")
    scene = sky_scene(found, UTC)
    tracks = [mark for mark in scene.marks if isinstance(mark, Line) and mark.ink == "series3"]
    states = [part.light for part in found.tracks[3].parts]
    assert states == ["sunlit", "penumbra", "umbra"]
    assert [line.dash for line in tracks] == ["", "", "dashed"]
    assert tracks[1].points[-1] == pytest.approx(tracks[2].points[0], abs=1e-9)
    light = found.tracks[3].light
    text = f"into shadow {light.craft[2].first:%H:%M}"
    assert text in scene_text(scene, 120)
    assert "Dashed tracks" in scene_text(scene, 80)


def test_a_geostationary_craft_is_a_point(answer):
    scene = sky_scene(answer("gems"), UTC)
    (spot,) = [mark for mark in scene.marks if isinstance(mark, Spot)]
    assert spot.sign == "craft"
    assert not [m for m in scene.marks if isinstance(m, Line) and m.ink.startswith("series")]
    assert spot.at == pytest.approx(sky_point(180.0, 46.5), abs=0.05)
    assert "Always above 10° in this window: GEO-KOMPSAT-2B." in scene.notes


def test_one_that_never_rises_is_told(answer):
    scene = sky_scene(answer("tempo"), UTC)
    assert scene.legend is None
    assert "Never above 10° in this window: Intelsat 40e." in scene.notes
    assert scene.description.endswith("No pass.")
    assert "Intelsat 40e" in scene_text(scene, 80)


def test_planned_craft_are_labelled(answer):
    scene = sky_scene(answer("kps"), UTC)
    text = scene_text(scene, 80)
    assert "KPS IGSO-1 (planned)" in text
    assert "illustrative; not the operator's design" in " ".join(text.split())
    assert text.count("illustrative") == 1  # eight of one label share a line


def test_the_skyline_is_that_of_the_place(answer):
    mask = HorizonMask((0.0, 90.0, 100.0, 105.0), (2.0, 31.0, 31.0, 3.0))
    found = answer("iss", place=replace(SEOUL, horizon=mask), mask=0.0)
    scene = sky_scene(found, UTC)
    (area,) = [mark for mark in scene.marks if isinstance(mark, Area) and mark.ink == "mask"]
    rim, skyline = area.rings
    assert all(math.hypot(*point) == pytest.approx(1.0) for point in rim)
    # Half way from 0 to 90 the mask is 16.5 degrees high.
    assert min(math.dist(point, sky_point(45.0, 16.5)) for point in skyline) < 1e-12
    assert min(math.dist(point, sky_point(103.0, 14.2)) for point in skyline) < 1e-12
    assert "Shaded: below the place's own horizon." in scene.notes
    for track in found.tracks:
        for part in track.parts:
            above = np.array(part.elevation_deg) - mask.at(np.array(part.azimuth_deg))
            assert above.min() > -1e-3


def test_winds_are_labelled_and_the_view_is_told(answer):
    found = answer("gems")
    for east, side in (("left", -1.0), ("right", 1.0)):
        scene = sky_scene(found, UTC, east)
        labels = {mark.text: mark.at for mark in scene.marks if isinstance(mark, Label)}
        assert labels["N"][1] > 1.0
        assert side * labels["E"][0] > 1.0
        assert f"east on the {east}" in scene.title
        assert {"30°", "60°", "120°", "330°"} <= set(labels)


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_is_wide_enough(answer, width):
    text = scene_text(sky_scene(answer("iss", "kps"), UTC), width)
    assert max(map(len, text.splitlines())) <= width


def test_round_times_are_round():
    first = datetime(2026, 7, 24, 5, 22, 29, tzinfo=UTC)
    last = datetime(2026, 7, 24, 5, 29, 8, tzinfo=UTC)
    assert [f"{t:%H:%M:%S}" for t in round_times(first, last, 6)] == [
        "05:24:00", "05:26:00", "05:28:00",
    ]  # fmt: skip
    assert [f"{t:%d %H}" for t in round_times(first, last.replace(day=25), 6)] == [
        "24 06", "24 12", "24 18", "25 00",
    ]  # fmt: skip
    assert len(round_times(first, last.replace(year=2027), 6)) <= 7
    assert len(round_times(first, first.replace(second=29, microsecond=5), 6)) == 0
