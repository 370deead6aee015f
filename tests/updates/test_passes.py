"""Passes that newer elements add, remove or move."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from standin.craft import craft

from sattrack.elements import ElementSet
from sattrack.orbits import Sgp4
from sattrack.passes import find_passes
from sattrack.places import Place
from sattrack.times import Span
from sattrack.updates.passes import pass_changes

EPOCH = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
SPAN = Span.from_days(EPOCH + timedelta(hours=2), 1.0)
SEOUL = Place("Seoul", 37.5665, 126.978, 38.0)
NUMBER = 39227
OLD = ElementSet(
    norad_id=NUMBER,
    epoch=EPOCH,
    mean_motion_rev_day=15.04,
    eccentricity=0.0002,
    inclination_deg=97.6,
    raan_deg=120.0,
    argument_of_perigee_deg=90.0,
    mean_anomaly_deg=270.0,
)
CRAFT = craft(NUMBER)


def later(seconds: float) -> ElementSet:
    """The same orbit, passed through so much later."""
    behind_deg = 360.0 * OLD.mean_motion_rev_day * seconds / 86400.0
    return replace(OLD, mean_anomaly_deg=OLD.mean_anomaly_deg - behind_deg)


def changes(new: ElementSet, mask_deg: float = 10.0, span: Span = SPAN):
    return pass_changes({NUMBER: OLD}, {NUMBER: new}, [CRAFT], [SEOUL], span, mask_deg)


@pytest.mark.parametrize("seconds", [0.0, 0.5, -0.5])
def test_less_than_a_second_is_no_change(seconds):
    assert changes(later(seconds)) == ()


@pytest.mark.parametrize("seconds", [5.0, -5.0, 60.0, -300.0])
def test_every_pass_of_a_late_spacecraft_moves(seconds):
    found = changes(later(seconds))
    passes = find_passes(Sgp4(OLD), SEOUL, SPAN, 10.0).passes
    moved = [change for change in found if change.kind == "moved"]
    assert len(moved) >= len(passes) - 1
    for change in moved:
        # The Earth turns meanwhile, so that a pass is not quite the same pass later.
        assert abs(change.moved_s - seconds) < abs(seconds) * 0.4 + 1.0
    times = [change.shown.first.time for change in found]
    assert times == sorted(times)


def test_a_pass_appears_and_vanishes_at_the_mask():
    """By a mask between the heights of the same pass before and after."""
    new = replace(OLD, raan_deg=OLD.raan_deg + 1.0)
    old_tops = [p.culmination for p in find_passes(Sgp4(OLD), SEOUL, SPAN, 0.0).passes]
    new_passes = find_passes(Sgp4(new), SEOUL, SPAN, 0.0).passes
    new_tops = [
        min((p.culmination for p in new_passes), key=lambda top: abs(top.time - old.time))
        for old in old_tops
    ]
    kinds = set()
    for old, new_top in zip(old_tops, new_tops, strict=True):
        mask_deg = (old.elevation_deg + new_top.elevation_deg) / 2.0
        if abs(old.elevation_deg - new_top.elevation_deg) < 0.01 or mask_deg > 80.0:
            continue
        expected = "appeared" if new_top.elevation_deg > mask_deg else "vanished"
        of_this = [
            change
            for change in changes(new, mask_deg)
            if abs(change.shown.culmination.time - old.time) < timedelta(minutes=10)
        ]
        assert [change.kind for change in of_this] == [expected]
        assert of_this[0].moved_s == 0.0
        kinds.add(expected)
    assert kinds == {"appeared", "vanished"}


def test_what_the_window_cuts_did_not_appear():
    """The window begins and ends within a pass; five seconds do not add or remove one there."""
    first, *_, last = find_passes(Sgp4(OLD), SEOUL, SPAN, 10.0).passes
    edges = (first.first.time + timedelta(seconds=1), last.first.time + timedelta(seconds=1))
    found = changes(later(5.0), span=Span(*edges))
    assert {change.kind for change in found} == {"moved"}
    found = changes(later(-5.0), span=Span(edges[0], last.first.time - timedelta(seconds=1)))
    assert {change.kind for change in found} == {"moved"}


def test_only_what_is_known_before_and_after_is_compared():
    assert pass_changes({}, {NUMBER: OLD}, [CRAFT], [SEOUL], SPAN, 10.0) == ()
    assert pass_changes({NUMBER: OLD}, {}, [CRAFT], [SEOUL], SPAN, 10.0) == ()


def test_an_orbit_that_does_not_work_has_no_passes():
    fallen = replace(OLD, mean_motion_rev_day=16.6, bstar_per_earth_radius=0.5)
    span = Span.from_days(EPOCH + timedelta(days=30), 1.0)
    found = pass_changes({NUMBER: OLD}, {NUMBER: fallen}, [CRAFT], [SEOUL], span, 10.0)
    assert {change.kind for change in found} == {"vanished"}


# The command


def test_the_report(scene, sattrack):
    # Before the first update, the embedded elements of October are what answered.
    run = scene.update("iss", "gems", "--report-passes", "seoul", "--days", "2", "--tz", "KST")
    assert (run.status, run.err) == (0, "")
    assert "Passes that changed, times in KST, UTC+09:00" in run.out
    assert "International Space" in run.out
    assert "GEO-KOMPSAT-2B" not in run.out.split("Passes that changed")[1]
    # The same orbit, observed again: nothing has changed by a second.
    run = scene.update("iss", "--report-passes", "seoul", later=timedelta(minutes=130))
    assert (run.status, run.err) == (0, "")
    assert run.out == "CelesTrak: 1 request, 1 element set, 1 new\n"
    # And when it is half a minute late:
    half_a_minute_deg = 360.0 * 15.5 * 30.0 / 86400.0
    scene.other_rows(
        lambda row: {**row, "MEAN_ANOMALY": f"{float(row['MEAN_ANOMALY']) - half_a_minute_deg:.4f}"}
    )
    run = scene.update(
        "iss", "--report-passes", "seoul", "--format", "json", later=timedelta(minutes=130)
    )
    document = json.loads(run.out)
    schema = json.loads(sattrack("schema", "update").out)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["pass_changes"]
    for change in document["pass_changes"]:
        if change["kind"] == "moved":
            assert 20.0 < change["moved_s"] < 40.0


def test_quiet_without_news(scene):
    scene.update("iss")
    run = scene.update("iss", "--report-passes", "seoul", "--quiet", later=timedelta(minutes=5))
    assert (run.status, run.out, run.err) == (0, "", "")


def test_a_place_that_is_none(scene):
    run = scene.update("iss", "--report-passes", "nowhere at all")
    assert run.status == 3
    assert scene.requests() == []
