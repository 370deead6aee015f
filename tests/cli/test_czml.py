"""CZML: by its own rules of interpolation, and as Cesium reads it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import cesium
import numpy as np
import pytest

START = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
DAY = ("--start", "2026-11-24T00:00Z", "--days", "1")
needs_cesium = pytest.mark.skipif(bool(cesium.lacks()), reason=cesium.lacks())
# What the request of the project allows between Cesium's position and ours.
ALLOWED_M = 10.0


def instants(count: int = 100) -> list[datetime]:
    """Instants of whole milliseconds, at random in the day, its first and last minute included."""
    seconds = np.random.default_rng(7).uniform(0.0, 86400.0, count - 2)
    return [START + timedelta(seconds=round(s, 3)) for s in [0.5, *sorted(seconds), 86399.5]]


def iso(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def our_positions_m(sattrack, craft: dict, times: list[datetime]) -> np.ndarray:
    """ITRF by Skyfield's own rotation, which no export uses; shape `(3, n)`."""
    from skyfield.framelib import itrs

    from sattrack.times.scale import timescale
    from sattrack.tracking import Tracker

    name = craft["id"].rsplit("-", 1)[1]
    name = {"53365": "danuri"}.get(name) or craft["name"].removesuffix(" (nominal)")
    (tracked,) = Tracker.open().orbits(name, at=START)
    t = timescale().from_datetimes(times)
    return np.array([tracked.orbit.at(t[k]).frame_xyz(itrs).m for k in range(len(times))]).T


def document(sattrack, *arguments: str) -> list[dict]:
    run = sattrack(*arguments, "--format", "czml")
    assert run.status == 0, run.err
    return json.loads(run.out)


def as_the_standard_says(position: dict, times: list[datetime]) -> np.ndarray:
    """Interpolate each coordinate by Lagrange through the samples nearest to each instant."""
    rows = np.array(position["cartesian"]).reshape(-1, 4)
    degree = position["interpolationDegree"]
    epoch = datetime.fromisoformat(position["epoch"])
    found = []
    for time in times:
        at = (time - epoch).total_seconds()
        middle = int(np.searchsorted(rows[:, 0], at, side="right"))
        first = min(max(middle - (degree + 1) // 2, 0), len(rows) - degree - 1)
        knots = rows[first : first + degree + 1]
        total = np.zeros(3)
        for k in range(degree + 1):
            others = np.delete(knots[:, 0], k)
            total += knots[k, 1:] * np.prod((at - others) / (knots[k, 0] - others))
        found.append(total)
    return np.array(found).T


def craft_of(packets: list[dict]) -> list[dict]:
    return [packet for packet in packets if packet["id"].startswith("craft-")]


@pytest.fixture(params=["track", "passes"])
def packets(request, sattrack) -> list[dict]:
    names = ("iss", "danuri", "gems", "qzs-2", "kps-geo-1")
    place = ("--at", "seoul") if request.param == "passes" else ()
    return document(sattrack, request.param, *names, *place, *DAY)


def test_by_the_rules_of_czml_positions_are_ours(sattrack, packets):
    assert packets[0]["id"] == "document"
    assert packets[0]["version"] == "1.0"
    assert len(craft_of(packets)) == 5
    for craft in craft_of(packets):
        assert craft["position"]["referenceFrame"] == "FIXED"
        assert craft["position"]["interpolationAlgorithm"] == "LAGRANGE"
        assert craft["availability"] == "2026-11-24T00:00:00.000Z/2026-11-25T00:00:00.000Z"
        found = as_the_standard_says(craft["position"], instants())
        off_m = np.linalg.norm(found - our_positions_m(sattrack, craft, instants()), axis=0)
        assert off_m.max() < ALLOWED_M, craft["name"]


@needs_cesium
def test_cesium_finds_our_positions(sattrack, packets):
    read = cesium.reads(packets, [iso(time) for time in instants()])
    assert read["clock"] == "2026-11-24T00:00:00.000Z"
    for craft in craft_of(packets):
        seen = read["found"][craft["id"]]
        assert seen["name"] == seen["label"] == craft["name"]
        assert seen["path"]
        assert all(seen["shown"])
        ours = our_positions_m(sattrack, craft, instants())
        off_m = np.linalg.norm(np.array(seen["positions"]).T - ours, axis=0)
        assert off_m.max() < ALLOWED_M, craft["name"]


@needs_cesium
def test_cesium_shows_the_line_during_passes_alone(sattrack):
    arguments = ("passes", "iss", "--at", "seoul", *DAY)
    passes = json.loads(sattrack(*arguments, "--format", "json").out)["results"][0]["passes"]
    packets = document(sattrack, *arguments)
    at, expected = [], []
    for one in passes:
        rise, top, sets = (
            datetime.fromisoformat(one[key]["time"]) for key in ("rise", "culmination", "set")
        )
        second = timedelta(seconds=1)
        at += [rise - second, rise + second, top, sets - second, sets + second]
        expected += [False, True, True, True, False]
    read = cesium.reads(packets, [iso(time) for time in at])["found"]
    (line,) = (value for key, value in read.items() if key.startswith("access-"))
    assert line["shown"] == expected
    craft, place = read["craft-1-25544"], read["place-1"]
    assert place["label"] == "Seoul"
    for k, shown in enumerate(expected):
        if shown:
            assert line["lines"][k] == [craft["positions"][k], place["positions"][k]]
    # As far as the table says it is.
    ranges_km = [np.linalg.norm(np.subtract(*line["lines"][k])) / 1e3 for k in range(2, len(at), 5)]
    assert ranges_km == pytest.approx([p["culmination"]["range_km"] for p in passes], abs=0.01)


def test_an_access_line_is_there_for_each_pass(sattrack):
    arguments = ("passes", "iss", "hst", "--at", "seoul,kdsa", *DAY)
    results = json.loads(sattrack(*arguments, "--format", "json").out)["results"]
    lines = [p for p in document(sattrack, *arguments) if p["id"].startswith("access-")]
    passes = [result["passes"] for result in results if result["passes"]]
    assert [len(line["availability"]) for line in lines] == [len(found) for found in passes]
    for line, found in zip(lines, passes, strict=True):
        starts = [p["rise"]["time"] if p["rise"] else "2026-11-24T00:00:00.000Z" for p in found]
        assert [span.partition("/")[0] for span in line["availability"]] == starts


def test_steps_too_long_for_interpolation_are_told(sattrack):
    run = sattrack("track", "iss", *DAY, "--step", "1200", "--format", "czml")
    assert run.status == 0
    assert "between two states of this file, interpolation is off by up to" in run.err
    assert "interpolation is off" in json.loads(run.out)[0]["description"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--frame", "teme"), "CZML has positions in ITRF; leave --frame out"),
        (("--days", "0.0001"), "a single state makes no path; give a shorter --step"),
    ],
)
def test_usage(sattrack, arguments, said):
    run = sattrack("track", "iss", "--start", "2026-11-24T00:00Z", *arguments, "--format", "czml")
    assert (run.status, run.out) == (2, "")
    assert said in run.err


def test_nominal_orbits_are_labelled(sattrack):
    craft = craft_of(document(sattrack, "track", "kps", *DAY))
    assert len(craft) > 1
    for packet in craft:
        assert packet["name"].endswith(" (nominal)")
        assert packet["label"]["text"] == packet["name"]
        assert "nominal orbit of a planned craft; illustrative" in packet["description"]
