"""`sattrack passes danuri`: contacts, from an empty home and without a network."""

from __future__ import annotations

import json

import jsonschema
import pytest


def contacts(sattrack, start: str, days: str, at: str = "kdsa") -> dict:
    arguments = ("passes", "danuri", "--at", at, "--days", days, "--start", start)
    run = sattrack(*arguments, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    jsonschema.Draft202012Validator(json.loads(sattrack("schema", "passes").out)).validate(found)
    return found


def test_contacts_with_the_deep_space_antenna(sattrack):
    """About seven a day while the limb cuts its orbit, about two when it is seen face-on."""
    (result,) = contacts(sattrack, "2026-11-24T00:00Z", "3")["results"]
    assert 6 * 3 <= len(result["passes"]) <= 8 * 3
    assert {one["begins"] for one in result["passes"]} == {"horizon", "limb"}
    assert result["orbit"]["kind"] == "tabulated"
    assert result["orbit"]["error_km"] == 5.0
    assert all(one["timing_uncertainty_s"] > 1.0 for one in result["passes"])
    assert all(one["begins_error_s"] > 0.0 for one in result["passes"])
    (later,) = contacts(sattrack, "2026-12-05T00:00Z", "3")["results"]
    assert 1 * 3 <= len(later["passes"]) <= 3 * 3


def test_the_table_says_what_cuts_a_contact_and_how_good_it_is(sattrack):
    run = sattrack("passes", "danuri", "--at", "kdsa", "--start", "2026-11-24T00:00Z")
    assert run.status == 0
    assert "embedded ephemeris" in run.out
    assert "± 5 km" in run.out
    assert " limb " in run.out
    csv = sattrack(
        "passes", "danuri", "--at", "kdsa", "--start", "2026-11-24T00:00Z", "--format", "csv"
    )
    assert ",limb,limb," in csv.out


def test_beyond_the_table_coverage_and_remedy_are_named(sattrack):
    run = sattrack("passes", "danuri", "--at", "kdsa", "--start", "2027-05-01T00:00Z")
    assert (run.status, run.out) == (4, "")
    assert "2027-03-31" in run.err
    assert "sattrack update danuri" in run.err
    assert run.err.count("\n") == 1


def test_a_network_is_the_union_of_its_stations(sattrack):
    found = contacts(sattrack, "2026-11-28T00:00Z", "7", at="dsn,kdsa")
    assert len(found["results"]) == 4
    (network,) = found["networks"]
    window = found["request"]
    edges = sorted(
        (
            one["rise"]["time"] if one["rise"] else window["start"],
            one["set"]["time"] if one["set"] else window["end"],
        )
        for result in found["results"]
        for one in result["passes"]
    )
    union: list[list[str]] = []
    for start, end in edges:
        if union and start <= union[-1][1]:
            union[-1][1] = max(union[-1][1], end)
        else:
            union.append([start, end])
    assert [[s["start"], s["end"]] for s in network["heard"]] == union
    total_s = sum(s["duration_s"] for s in network["heard"] + network["gaps"])
    assert total_s == pytest.approx(7 * 86400.0, abs=0.01)
    assert sum(network["heard_s_by_day"].values()) == pytest.approx(network["heard_s"], abs=0.01)
    assert len(network["handovers"]) == len(network["watches"]) - len(network["heard"])


def test_what_a_network_hears_is_shown(sattrack):
    run = sattrack("passes", "danuri", "--at", "dsn,kdsa", "--start", "2026-11-28T00:00Z")
    assert "Danuri by all places together: heard " in run.out
    assert "Per day (UTC): 2026-11-28 " in run.out
