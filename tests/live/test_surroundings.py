"""Map and sky of the live screen show the craft where they are, under the numbers of the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sattrack.answers.maps import map_of
from sattrack.answers.surroundings import Skies, map_beneath
from sattrack.places import Place
from sattrack.views.braille import Canvas
from sattrack.views.live.pictures import map_rows, picture_rows, sky_rows
from sattrack.views.maps import map_scene
from sattrack.views.scene import Label, Spot

START = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
SEOUL = Place("Seoul", 37.5665, 126.978, 38.0)
KST = ZoneInfo("Asia/Seoul")
NAMES = ("danuri", "425-sat-2", "geo-kompsat-2b", "qzs-2")


@pytest.fixture
def answer(watch_of):
    return watch_of(*NAMES).at(START)


def test_the_map_shows_the_craft_about_the_earth_where_map_does(answer, catalog):
    beneath = map_beneath(answer, 2, catalog, NAMES)
    assert beneath.numbers == (3, 2, 4)
    tracked = [answer.results[number - 1].tracked for number in beneath.numbers]
    alone = map_of(tracked, START, None, catalog)
    for one, other in zip(beneath.map.results, alone.results, strict=True):
        assert one.tracked is other.tracked
        assert one.longitude_deg == pytest.approx(other.longitude_deg, abs=1e-6)
        assert one.latitude_deg == pytest.approx(other.latitude_deg, abs=1e-6)
    assert [len(result.track) > 1 for result in beneath.map.results] == [True, False, False]
    scene = map_scene(beneath.map, KST, numbers=beneath.numbers)
    craft = [mark for mark in scene.marks if isinstance(mark, Spot) and mark.sign == "craft"]
    labels = [mark for mark in scene.marks if isinstance(mark, Label) and mark.text in "234"]
    assert [label.text for label in labels] == ["3", "2", "4"]
    assert [label.at for label in labels] == [spot.at for spot in craft]
    assert [spot.ink for spot in craft] == ["series2", "series1", "series3"]


def test_of_a_lunar_orbiter_it_is_the_moon(answer, catalog):
    beneath = map_beneath(answer, 0, catalog, NAMES)
    assert beneath.map.body == "moon"
    assert beneath.numbers == (1,)
    assert "Moon" in map_rows(beneath, KST, 44, 11)[0].plain


def test_an_instrument_shows_its_field_of_regard(watch_of, catalog):
    shown = watch_of("gems").at(START)
    beneath = map_beneath(shown, 0, catalog, ("gems",))
    assert [field.instrument.id for field in beneath.map.results[0].fields] == ["gems"]


def test_the_sky_shows_what_is_up_and_the_next_pass_of_the_chosen_one(answer):
    skies = Skies()
    above = skies.above(answer, 1)
    # 425 SAT-2 is chosen; GEO-KOMPSAT-2B and QZS-2 are up.
    assert above.numbers == (2, 3, 4)
    assert [track.pass_ for track in above.sky.tracks] == [
        answer.results[number - 1].current for number in above.numbers
    ]
    again = skies.above(answer, 2)
    assert again.numbers == (3, 4)
    assert again.sky.tracks[0] is above.sky.tracks[1]
    assert len(skies._tracks) == 2


def test_where_many_are_up_the_chosen_track_is_alone(watch_of):
    shown = watch_of("kps", "qzs-2", "geo-kompsat-2b").at(START)
    assert sum(result.is_up for result in shown.results) > 6
    assert Skies().above(shown, 3).numbers == (4,)


def test_a_number_stands_beside_its_craft_in_the_sky(watch_of):
    watch = watch_of("425-sat-2")
    rise = watch.at(START).results[0].current.first.time
    culmination = watch.at(START).results[0].current.culmination
    shown = watch.at(culmination.time)
    rows = sky_rows(Skies().above(shown, 0), shown, 44, 22)
    canvas = Canvas(44, 22, (-1.16, -1.16, 1.16, 1.16))
    from sattrack.views.sky import sky_point

    row, column = canvas.cell(sky_point(culmination.azimuth_deg, culmination.elevation_deg))
    around = "".join(rows[k].plain[column - 2 : column + 3] for k in (row - 1, row, row + 1))
    assert "1" in around
    # Below the horizon it is not shown, its coming pass is.
    before = watch.at(rise - timedelta(hours=1))
    rows = sky_rows(Skies().above(before, 0), before, 44, 22)
    assert not any(
        "1"
        in row.plain.replace("210°", "").replace("120°", "").replace("150°", "").replace("10°", "")
        for row in rows[2:-2]
    )


@pytest.mark.parametrize(("width", "height"), [(80, 11), (120, 18), (30, 30), (1, 1), (0, 0)])
def test_map_and_sky_fit_beside_each_other(width, height):
    rows = picture_rows(width, height)
    assert 0 <= rows <= height
    assert rows == 0 or 6 * rows + 2 <= width
