"""`sattrack outages`, from an empty home and without a network."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest

START = ("--start", "2026-11-24T00:00Z", "--tz", "UTC")


def document(sattrack, *arguments: str) -> dict:
    run = sattrack("outages", *arguments, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "outages").out)
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def test_a_year_ahead_the_slot_answers_and_says_so(sattrack):
    found = document(sattrack, "gk-2b", "--at", "daejeon", *START)
    (result,) = found["results"]
    assert result["slot"]["longitude_deg"] == 128.2
    assert result["slot"]["from"] == "catalog"
    assert [one["nominal"] for one in result["outages"]] == [True] * len(result["outages"])
    # 0.1 degrees seen from the Earth's centre are 24 s, and more from nearer.
    for one in result["outages"]:
        expected_s = 24.0 * 42164.7 / one["peak"]["range_km"]
        assert one["timing_uncertainty_s"] == pytest.approx(expected_s, abs=0.01)
    spring, autumn = result["seasons"]
    assert (spring["first"][:10], spring["last"][:10]) == ("2027-03-04", "2027-03-08")
    assert (autumn["first"][:10], autumn["last"][:10]) == ("2027-10-06", "2027-10-11")
    assert spring["outages"] + autumn["outages"] == len(result["outages"])
    lengths = [one["duration_s"] for one in result["outages"]]
    assert spring["total_s"] + autumn["total_s"] == pytest.approx(sum(lengths), abs=0.02)
    assert result["beam"]["assumed"] is True
    assert any("nominal slot, 128.2 degrees east" in text for text in found["warnings"])


def test_near_their_epoch_elements_answer_and_further_off_the_slot(sattrack):
    window = ("--start", "2026-09-20T00:00Z", "--days", "400")
    (result,) = document(sattrack, "gk-2b", "--at", "kdsa", "--beam", "2", *window)["results"]
    kinds = [(one["peak"]["time"][:7], one["nominal"]) for one in result["outages"]]
    assert set(kinds) == {("2026-10", False), ("2027-03", True), ("2027-10", True)}
    before, after = result["slot"]["spans"]
    # 14 days from 2026-10-06 23:33 UTC, at six in the evening of 128.2 deg E.
    assert (before["end"], after["start"]) == (
        "2026-09-23T09:27:12.000Z",
        "2026-10-21T09:27:12.000Z",
    )
    text = sattrack("outages", "gk-2b", "--at", "kdsa", "--beam", "2", *window).out
    assert "embedded elements of 2026-10-06 23:33 UTC" in text
    assert "more than 14 days from these taken to stand at its nominal slot 128.2°E" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_the_choice_of_slot_is_the_users(sattrack):
    window = ("--start", "2027-02-20T00:00Z", "--days", "30", "--beam", "1.5")
    (auto,) = document(sattrack, "gk-2b", "--at", "daejeon", *window)["results"]
    (never,) = document(sattrack, "gk-2b", "--at", "daejeon", "--slot", "never", *window)["results"]
    assert never["slot"] is None
    assert not any(one["nominal"] for one in never["outages"])
    # Elements of October drift by some 22 degrees until March, which is what the slot is for.
    day = {one["peak"]["time"][:10]: one["peak"]["time"][11:16] for one in auto["outages"]}
    drifted = {one["peak"]["time"][:10]: one["peak"]["time"][11:16] for one in never["outages"]}
    assert (day["2027-03-06"], drifted["2027-03-06"]) == ("03:38", "05:20")
    run = sattrack("outages", "gk-2b", "--at", "daejeon", "--slot", "never", *window)
    assert "are up to 166 days from the time asked" in run.err
    (given,) = document(sattrack, "gk-2b", "--at", "daejeon", "--slot", "116E", *window)["results"]
    assert given["slot"]["from"] == "given"
    assert given["slot"]["longitude_deg"] == 116.0


@pytest.mark.parametrize(
    ("arguments", "beam"),
    [
        (("--beam", "0.5"), (0.5, None, None, None, None)),
        (("--dish", "3m", "--frequency", "4GHz"), (1.748789, 3.0, "given", 4000.0, "given")),
        (("--dish", "60 cm"), (8.743947, 0.6, "given", 4000.0, "assumed")),
        ((), (0.149896, 35.0, "catalog", 4000.0, "assumed")),
    ],
)
def test_where_the_beam_comes_from(sattrack, arguments, beam):
    found = document(sattrack, "gk-2b", "--at", "kdsa", "--days", "2", *arguments, *START)
    told = found["results"][0]["beam"]
    keys = ("beamwidth_deg", "dish_m", "dish_from", "frequency_mhz", "frequency_from")
    assert tuple(told[key] for key in keys) == beam
    assert told["limit_deg"] == pytest.approx(beam[0] / 2.0 + 0.24, abs=1e-6)
    assert told["assumed"] is ("assumed" in beam)


def test_the_suns_radius_is_an_option(sattrack):
    arguments = ("gk-2b", "--at", "kdsa", "--days", "1", "--beam", "1", "--sun-radius", "0.266")
    assert document(sattrack, *arguments, *START)["results"][0]["beam"]["limit_deg"] == 0.766


def test_danuri_by_its_lowest_downlink(sattrack):
    (result,) = document(sattrack, "danuri", "--at", "kdsa", "--days", "100", *START)["results"]
    assert (result["beam"]["frequency_mhz"], result["beam"]["frequency_from"]) == (
        2260.8, "catalog",
    )  # fmt: skip
    # No new moon passes closer to the Sun there than 0.37 degrees until the total eclipses.
    assert (result["outages"], result["seasons"], result["slot"]) == ([], [], None)


def test_the_table_in_local_time(sattrack):
    run = sattrack("outages", "gk-2b", "--at", "daejeon", "--start", "2026-11-24T00:00Z",
                   "--dish", "3m", "--frequency", "4GHz", "--tz", "KST")  # fmt: skip
    assert run.status == 0
    assert "2027-03-04 to 2027-03-08, 5 outages, 38:38 in all, the longest" in run.out
    assert "2027-03-06  12:33:38  12:38:07  12:42:36    8:57    0.02°" in run.out
    assert "1.114°" in run.out
    assert all(len(line) <= 80 for line in run.out.splitlines())
    zones = sattrack("outages", "is-40e", "--at", "washington, us", "--tz", "America/New_York")
    assert " EST " in zones.out
    assert " EDT " in zones.out


def test_csv_is_the_document_row_by_row(sattrack):
    arguments = ("gk-2b", "gk-2a", "--at", "daejeon,kdsa", *START)
    found = document(sattrack, *arguments)
    run = sattrack("outages", *arguments, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    every = [one for result in found["results"] for one in result["outages"]]
    assert [row["peak_time"] for row in rows] == sorted(one["peak"]["time"] for one in every)
    assert {row["nominal"] for row in rows} == {"true"}
    assert {row["slot_longitude_deg"] for row in rows} == {"128.2"}
    assert {row["beam_assumed"] for row in rows} == {"true"}


def test_a_limit_keeps_the_first_of_all(sattrack):
    arguments = ("gk-2b", "--at", "daejeon,kdsa", *START)
    every = [o["start"] for r in document(sattrack, *arguments)["results"] for o in r["outages"]]
    few = [
        o["start"]
        for r in document(sattrack, *arguments, "--limit", "3")["results"]
        for o in r["outages"]
    ]
    assert sorted(few) == sorted(every)[:3]


def test_out_of_view_is_an_answer(sattrack):
    run = sattrack("outages", "gk-2b", "--at", "38.9,-77.0", *START)
    assert run.status == 0
    assert "GEO-KOMPSAT-2B is never in view of 38.9N 77W in this window: no outages." in run.out


def test_planned_craft_are_nominal(sattrack):
    found = document(sattrack, "kps", "--at", "seoul", "--days", "120", *START)
    outages = [one for result in found["results"] for one in result["outages"]]
    assert outages
    assert all(one["nominal"] for one in outages)
    assert any("illustrative; not the operator's design" in text for text in found["warnings"])


def test_a_stations_own_horizon_cuts_an_outage(sattrack, home):
    home.mkdir()
    # A tower south of the dish, up to 60 degrees high from azimuth 178.5 on.
    (home / "config.toml").write_text(
        """
[sources]
survey = { title = "Our survey" }
[[station]]
id = "yard"
name = "Yard"
summary = "Dish behind a tower"
kind = "antenna"
latitude_deg = 36.3504
longitude_deg = 127.3845
dish_m = 3.0
horizon_deg = [[0, 0], [90, 0], [150, 0], [178, 0], [178.1, 60], [182, 60], [182.1, 0]]
source = "survey"
""",
        encoding="utf-8",
    )
    window = ("--start", "2027-02-20T00:00Z", "--days", "30")
    (result,) = document(sattrack, "gk-2b", "--at", "yard", *window)["results"]
    assert (result["beam"]["dish_m"], result["beam"]["dish_from"]) == (3.0, "catalog")
    assert (result["verdict"], result["outages"]) == ("never", [])
    (result,) = document(sattrack, "gk-2b", "--at", "yard", "--slot", "120E", *window)["results"]
    assert (result["verdict"], len(result["outages"])) == ("always", 5)
    text = sattrack("outages", "gk-2b", "--at", "yard", *window).out
    assert "craft above 0° and the place's own horizon" in " ".join(text.split())
    # A low orbit rises and sets with the Sun in a beam as wide as that.
    (result,) = document(
        sattrack, "iss", "--at", "yard", "--beam", "60", "--start", "2026-07-24T00:00Z",
        "--days", "10", "--min-elevation", "5",
    )["results"]  # fmt: skip
    edges = {one[key] for one in result["outages"] for key in ("begins", "ends")}
    assert edges == {"beam", "pass"}


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("gk-2b",), 2, "missing option '--at'"),
        (("gk-2b", "--at", "kdsa", "--beam", "1", "--dish", "3m"), 2, "leave --dish and"),
        (("gk-2b", "--at", "kdsa", "--beam", "0"), 2, "a beam of 0 degrees is outside 0.001 to 60"),
        (("gk-2b", "--at", "kdsa", "--dish", "3x"), 2, "cannot read the diameter '3x'"),
        (("gk-2b", "--at", "kdsa", "--dish", "0"), 2, "a dish of 0 m is outside 0.05 to 500"),
        (("gk-2b", "--at", "kdsa", "--frequency", "4"), 2, "cannot read the frequency '4'"),
        (("gk-2b", "--at", "kdsa", "--dish", "1m", "--frequency", "1MHz"), 2, "give --beam"),
        (("gk-2b", "--at", "kdsa", "--sun-radius", "9"), 2, "a Sun's radius of 9 degrees is outs"),
        (("gk-2b", "--at", "kdsa", "--slot", "nowhere"), 2, "cannot read the longitude 'nowhere'"),
        (("iss", "--at", "kdsa", "--slot", "116E"), 2, "is not geostationary, and stands at no"),
        (("qzs-2", "--at", "kdsa", "--slot", "always"), 2, "is not geostationary"),
        (("gk-2b", "--at", "atlantis"), 3, "atlantis"),
        (("425", "--at", "kdsa", "--start", "2051-01-01T00:00Z"), 4, ""),
    ],
)
def test_what_cannot_be_answered(sattrack, arguments, status, message):
    run = sattrack("outages", *arguments)
    assert (run.status, run.out) == (status, "")
    assert message in run.err
    assert run.err.count("\n") == 1
