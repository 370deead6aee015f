"""`sattrack slot`, from an empty home and without a network."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from sattrack.orbits.slot import GEOSTATIONARY_RADIUS_KM

START = ("--start", "2026-11-24T00:00Z", "--tz", "UTC")


def document(sattrack, *arguments: str) -> dict:
    run = sattrack("slot", *arguments, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "slot").out)
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


# US Naval Observatory, Earth's seasons, to the minute.
EQUINOXES = (datetime(2027, 3, 20, 20, 25, tzinfo=UTC), datetime(2027, 9, 23, 6, 2, tzinfo=UTC))


def test_eclipse_seasons_are_those_of_the_known_rule(sattrack):
    found = document(sattrack, "gk-2b", *START)
    (result,) = found["results"]
    assert found["request"]["shadow_model"] == "oblate"
    # The Sun's declination, against which the Earth is seen under 8.7 degrees, and the Sun 0.27.
    half_deg = math.degrees(math.asin(6378.137 / GEOSTATIONARY_RADIUS_KM)) + 0.267
    for season, equinox in zip(result["seasons"], EQUINOXES, strict=True):
        first, last = (datetime.fromisoformat(season[key]) for key in ("first", "last"))
        # Some 22 days on either side.
        for edge in (equinox - first, last - equinox):
            assert edge / timedelta(days=1) == pytest.approx(22.5, abs=1.5)
        assert season["eclipses"] in (45, 46, 47)
        # Up to 72 minutes: twice that angle at a quarter of a degree a minute.
        assert season["longest_s"] / 60.0 == pytest.approx(2.0 * half_deg / 0.25, abs=0.4)
        assert season["longest_s"] < 72.0 * 60.0
    for one in result["eclipses"]:
        times_of = [one[f"{key}"] for key in ("penumbra_entry", "umbra_entry", "umbra_exit")]
        if one["umbra_entry"] is not None:
            assert times_of == sorted(times_of)
            assert one["umbra_exit"] < one["penumbra_exit"]
            # In the middle of the night beneath it: the equation of time is 16 minutes at most.
            entry = datetime.fromisoformat(one["umbra_entry"])
            middle = entry + timedelta(seconds=one["umbra_s"] / 2)
            hours = (middle.hour + middle.minute / 60.0 + 128.2 / 15.0) % 24.0
            assert min(hours, 24.0 - hours) < 0.3
        assert one["nominal"] is True


def test_figure_and_slot(sattrack):
    (result,) = document(sattrack, "gk-2b", *START, "--days", "3")["results"]
    figure = result["figure"]
    # Its elements are 49 days old: they tell of their own day.
    assert figure["start"] == "2026-10-06T23:33:25.760Z"
    # 128.25 deg E on 2026-10-06, as the catalog says; two sidereal days from the epoch.
    assert figure["longitude_deg"] == pytest.approx(128.25, abs=0.01)
    assert figure["offset_deg"] == pytest.approx(0.05, abs=0.01)
    assert abs(figure["drift_deg_day"]) < 0.02
    assert (result["eclipses"], result["seasons"]) == ([], [])
    near = document(sattrack, "gk-2b", "--start", "2026-10-09T00:00Z", "--days", "20")["results"][0]
    assert near["figure"]["start"] == "2026-10-09T00:00:00.000Z"
    assert {one["nominal"] for one in near["eclipses"]} == {False}


def test_elements_and_slot_agree_on_eclipses(sattrack):
    window = ("--start", "2026-09-24T00:00Z", "--days", "20")
    (free,) = document(sattrack, "gk-2b", *window)["results"]
    (held,) = document(sattrack, "gk-2b", *window, "--slot", "128.25E")["results"]
    assert len(free["eclipses"]) == len(held["eclipses"]) > 15
    assert held["figure"]["offset_deg"] == pytest.approx(0.0, abs=0.15)
    for one, other in list(zip(free["eclipses"], held["eclipses"], strict=True))[5:15]:
        a, b = (datetime.fromisoformat(x["umbra_entry"]) for x in (one, other))
        # 0.1 degrees of longitude, and as much north or south.
        assert abs(a - b) < timedelta(seconds=40)


def test_the_table_and_csv(sattrack):
    run = sattrack("slot", "gk-2b", "is-40e", *START)
    assert run.status == 0
    assert "GEO-KOMPSAT-2B   128.250°" in run.out
    assert "GEO-KOMPSAT-2B: eclipses from 2027-02-26 to 2027-04-12, 46 eclipses" in run.out
    assert "Slots, and eclipses by the Earth as the WGS 84 ellipsoid" in run.out
    assert "for its eclipses taken to stand at its nominal slot 128.2°E" in run.out
    assert "nominal slot, 128.2 degrees east" in run.err
    assert all(len(line) <= 80 for line in run.out.splitlines())
    rows = list(csv.DictReader(io.StringIO(
        sattrack("slot", "gk-2b", "is-40e", *START, "--format", "csv").out
    )))  # fmt: skip
    found = document(sattrack, "gk-2b", "is-40e", *START)
    entries = [one["penumbra_entry"] for r in found["results"] for one in r["eclipses"]]
    assert [row["penumbra_entry"] for row in rows] == sorted(entries)
    few = document(sattrack, "gk-2b", "is-40e", *START, "--limit", "5")
    assert sum(len(r["eclipses"]) for r in few["results"]) == 5
    none = sattrack("slot", "gk-2b", *START, "--days", "2", "--format", "csv").out
    assert len(list(csv.DictReader(io.StringIO(none)))) == 1


def test_what_a_group_holds_besides_is_left_out(sattrack):
    run = sattrack("slot", "korea", *START, "--days", "2")
    assert run.status == 0
    assert "GEO-KOMPSAT-2A" in run.out
    assert "KOMPSAT-3" not in run.out
    assert "not geosynchronous, and left out: Danuri and " in run.err


def test_planned_craft_are_labelled(sattrack):
    found = document(sattrack, "kps", *START, "--days", "30")
    assert all(result["orbit"]["nominal"] for result in found["results"])
    assert all(one["nominal"] for result in found["results"] for one in result["eclipses"])
    text = sattrack("slot", "kps", *START, "--days", "30").out
    assert "nominal orbit, illustrative; not the operator's design" in text


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("iss",), 2, "International Space Station is not geosynchronous: it goes round 15.5"),
        (("danuri",), 2, "Danuri is not geosynchronous"),
        (("gk-2b", "--slot", "east"), 2, "cannot read the longitude 'east'"),
        (("qzs-2", "--slot", "always"), 2, "is not geostationary, and stands at no slot"),
        (("qzs-3", "--slot", "always"), 2, "the catalog knows no slot of it"),
        ((), 2, "name at least one spacecraft"),
        (("nothing",), 3, "nothing"),
    ],
)
def test_what_cannot_be_answered(sattrack, arguments, status, message):
    run = sattrack("slot", *arguments)
    assert (run.status, run.out) == (status, "")
    assert message in run.err
    assert run.err.count("\n") == 1
