"""What is shown at any instant is what the other commands answer for it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from conftest import NOW

from sattrack.answers.passes import passes_over
from sattrack.answers.positions import positions_at
from sattrack.answers.watch import FLAGSHIPS, Question, Watch, events_of, names_to_watch
from sattrack.errors import NoOrbitError, StaleElementsError
from sattrack.passes import look_angles
from sattrack.places import HorizonMask, Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking.following import Followed

START = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
SEOUL = Place("Seoul", 37.5665, 126.978, 38.0)
# The same pass, searched in two windows: the event search stops at this, at the latest.
SAME_TIME = timedelta(milliseconds=2)


def test_positions_are_those_of_position(watch_of, tracker):
    shown = watch_of().at(START)
    answer = positions_at([r.tracked for r in shown.results], START, SEOUL)
    for one, other in zip(shown.results, answer.results, strict=True):
        assert one.position.sighting == other.sighting
        assert one.position.height_km == other.height_km
        if other.moon is not None:
            assert one.light == other.moon.illumination


@pytest.mark.parametrize("name", ["425-sat-2", "qzs-2", "gps-biir-5", "danuri", "geo-kompsat-2b"])
def test_what_comes_next_is_the_first_event_of_a_search_over_all_days(watch_of, name):
    """At random instants, forth and back: windows come and go, and no event is lost."""
    watch = watch_of(name)
    (tracked,) = watch._tracked
    span = Span(START - timedelta(days=8), START + timedelta(days=24))
    (result,) = passes_over([tracked], [SEOUL], span).results
    events = [event for event in events_of(result.search.passes) if event.time > START]
    numbers = random.Random(425)
    for _ in range(150):
        instant = START + timedelta(seconds=numbers.uniform(0.0, 6.0 * 86400.0))
        (shown,) = watch.at(instant).results
        expected = next((e for e in events if e.time > instant), None)
        if expected is None:
            assert shown.next is None
        else:
            assert shown.next.kind == expected.kind
            assert abs(shown.next.time - expected.time) < SAME_TIME
        passing = any(p.first.time <= instant <= p.last.time for p in result.search.passes)
        assert shown.is_up == passing


def test_it_is_up_where_its_elevation_is_above_the_mask(watch_of):
    watch = watch_of("425-sat-2", "qzs-2", min_elevation_deg=25.0)
    for minute in range(0, 3000, 7):
        instant = START + timedelta(minutes=minute)
        for shown in watch.at(instant).results:
            clock = Clock(instant)
            look = look_angles(shown.tracked.orbit, SEOUL, clock, clock_seconds())
            assert shown.is_up == bool(look.elevation_deg[0] >= 25.0)


def clock_seconds():
    import numpy as np

    return np.zeros(1)


def test_a_place_with_a_horizon_of_its_own(watch_of):
    """What the mountain hides is down, though above the mask."""
    mountain = HorizonMask((0.0, 90.0, 180.0, 270.0), (80.0, 80.0, 80.0, 80.0))
    hidden = Place("Valley", 37.5665, 126.978, 38.0, horizon=mountain)
    (shown,) = watch_of("geo-kompsat-2b", place=hidden).at(START).results
    assert shown.position.sighting.elevation_deg > 40.0
    assert not shown.is_up
    assert shown.next is None


def test_a_culmination_is_not_told_of_a_pass_that_is_cut(watch_of):
    (shown,) = watch_of("geo-kompsat-2b").at(START).results
    assert shown.window.passes[0].open_start
    assert list(events_of(shown.window.passes)) == []
    assert shown.until - START == timedelta(days=16)


def test_days_go_by_and_it_remembers_one_window_for_each_craft(watch_of):
    watch = watch_of("geo-kompsat-2b", "425-sat-2", "qzs-2")
    seen = set()
    for hours in range(0, 24 * 20, 5):
        answer = watch.at(START + timedelta(hours=hours))
        seen |= {id(result.window) for result in answer.results}
        assert len(watch._windows) == 3
        assert all(sum(1 for _ in events_of(r.window.passes)) < 120 for r in answer.results)
    assert len(seen) > 10


def test_going_back_finds_what_was(watch_of):
    watch = watch_of("425-sat-2")
    there = watch.at(START).results[0].next
    watch.at(START + timedelta(days=9))
    again = watch.at(START).results[0].next
    assert again.kind == there.kind
    assert abs(again.time - there.time) < SAME_TIME


def test_an_orbit_that_ends_says_so_and_the_others_go_on(watch_of):
    end = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
    watch = watch_of("danuri", "qzs-2", at=end)
    danuri, qzs = watch.at(end).results
    assert danuri.position is not None
    assert danuri.window.ends
    # An hour later the table is over; the orbit stays that which was chosen.
    danuri, qzs = watch.at(end + timedelta(hours=2)).results
    assert danuri.position is None
    assert "Danuri" in danuri.error
    assert danuri.next is None
    assert qzs.position is not None
    # Chosen anew, it is missing, and its reason told.
    answer = watch.at(end + timedelta(days=1))
    assert [r.tracked.spacecraft.id for r in answer.results] == ["qzs-2"]
    assert "Danuri" in answer.missing[0]
    # And it comes back.
    assert len(watch.at(end).results) == 2


def test_max_age_holds_as_time_goes_by(watch_of):
    watch = watch_of("425-sat-2", max_age=timedelta(days=3))
    assert len(watch.at(START + timedelta(days=2)).results) == 1
    answer = watch.at(START + timedelta(days=4))
    assert not answer.results
    assert "more than --max-age allows" in answer.missing[0]
    with pytest.raises(StaleElementsError):
        watch_of("425-sat-2", max_age=timedelta(hours=1))


def test_the_sun_is_told_where_it_is_known(watch_of):
    noon = watch_of("qzs-2").at(START)
    assert noon.sky == "day"
    night = watch_of("qzs-2").at(START.replace(hour=15))
    assert night.sky == "night"
    later = watch_of("qzs-2").at(datetime(2060, 1, 1, tzinfo=UTC))
    assert later.sky == ""
    assert later.results[0].light == ""


def test_nothing_to_answer_for_is_an_error_at_once(tracker):
    watch = Watch(Question(("lro-9",), SEOUL), Followed.fixed(tracker))
    with pytest.raises(Exception, match="unknown name"):
        watch.begin(START)
    watch = Watch(Question(("danuri",), SEOUL), Followed.fixed(tracker))
    with pytest.raises(NoOrbitError):
        watch.begin(datetime(2040, 1, 1, tzinfo=UTC))


def test_names_to_watch(catalog, home):
    from sattrack.settings import Home, load_catalog

    assert names_to_watch([], catalog) == FLAGSHIPS
    assert names_to_watch(["iss"], catalog) == ("iss",)
    folder = home
    folder.mkdir()
    (folder / "config.toml").write_text(
        '[[group]]\nid = "watch"\nname = "Ours"\nsummary = "What we watch"\n'
        'members = ["iss"]\nsource = "survey"\n[sources]\nsurvey = { title = "Ours" }\n',
        encoding="utf-8",
    )
    own = load_catalog(Home(folder, folder, folder))
    assert names_to_watch([], own) == ("watch",)


def test_the_flagships_have_orbits_without_a_store(home):
    followed = Followed.of({"SATTRACK_HOME": str(home)})
    watch = Watch(Question(FLAGSHIPS, SEOUL), followed)
    watch.begin(NOW)
    answer = watch.at(NOW)
    assert len(answer.results) == 8
    assert not answer.missing
