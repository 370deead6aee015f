"""`sattrack overflights`, from an empty home and without a network."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest

START = ("--start", "2026-11-24T00:00Z", "--tz", "UTC")


def document(sattrack, *arguments: str) -> dict:
    run = sattrack("overflights", *arguments, *START, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "overflights").out)
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def test_a_region_and_its_numbers(sattrack):
    (result,) = document(sattrack, "danuri", "--region", "nobile-rim-1", "--days", "3")["results"]
    assert result["region"]["id"] == "nobile-rim-1"
    assert result["orbit"]["error_km"] == 5.0
    # Once a revolution of two hours, while the orbit's plane goes by.
    assert 20 <= len(result["overflights"]) <= 36
    for one in result["overflights"]:
        assert one["entry"] <= one["closest"]["time"] <= one["exit"]
        assert one["closest"]["distance_km"] <= 50.0
        # Perilune is over the south pole; Danuri's frozen orbit is 51 by 211 km.
        assert 40.0 < one["closest"]["height_km"] < 70.0
        assert one["timing_uncertainty_s"] > 1.0


def test_artemis_means_all_nine_regions(sattrack):
    found = document(sattrack, "danuri", "--region", "artemis", "--days", "1")
    assert len(found["results"]) == 9
    table = sattrack("overflights", "danuri", "--region", "artemis", "--days", "1", *START).out
    assert "Overflights within 50 km of 9 regions on the Moon, or inside the outline" in table
    assert "nobile-rim-2" in table
    assert "Danuri does not come near Haworth in this window." in table
    assert all(len(line) <= 80 for line in table.splitlines())


def test_coordinates_distances_and_csv(sattrack):
    arguments = ("danuri", "--region", "-90,0", "--within", "800 m", "--days", "20")
    found = document(sattrack, *arguments)
    assert found["request"]["within_km"] == 0.8
    (result,) = found["results"]
    assert result["region"]["id"] is None
    run = sattrack("overflights", *arguments, *START, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert [row["closest_time"] for row in rows] == [
        one["closest"]["time"] for one in result["overflights"]
    ]
    assert all(float(row["closest_distance_km"]) <= 0.8 for row in rows)
    wide = document(sattrack, *arguments[:3], "--within", "40km", "--days", "1")
    assert len(wide["results"][0]["overflights"]) >= 11


def test_a_limit_keeps_the_first_of_all(sattrack):
    arguments = ("danuri", "--region", "nobile-rim-2,de-gerlache-rim-2", "--days", "1")
    every = document(sattrack, *arguments)
    few = document(sattrack, *arguments, "--limit", "3")

    def entries(found: dict) -> list[str]:
        return sorted(o["entry"] for r in found["results"] for o in r["overflights"])

    assert entries(few) == entries(every)[:3]


def test_beyond_the_table_the_window_ends_with_status_4(sattrack):
    run = sattrack(
        "overflights", "danuri", "--region", "haworth", "--start", "2027-03-30T00:00Z",
        "--days", "4",
    )  # fmt: skip
    assert run.status == 4
    assert "the table ends" in run.err
    assert "Overflights within 50 km" in run.out


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("danuri", "--region", "nobile-rim"), 3, "unknown name 'nobile-rim'; did you mean nobile"),
        (("danuri", "--region", "kdsa"), 3, "Korea Deep Space Antenna has no regions; name one"),
        (("danuri", "--region", "-91,0"), 2, "latitude -91 is beyond 90 degrees"),
        (("danuri", "--region", "haworth", "--within", "far"), 2, "cannot read the distance 'far'"),
        (("danuri", "--region", "haworth", "--within", "inf"), 2, "cannot read the distance 'inf'"),
        (("danuri", "--region", "haworth", "--within", "0"), 2, "outside 0.1 to 2700"),
        (("gems", "--region", "haworth"), 2, "GEO-KOMPSAT-2B does not orbit the Moon"),
        (("danuri",), 2, "missing option '--region'"),
        (("--region", "haworth"), 2, "name at least one spacecraft"),
    ],
)
def test_what_cannot_be_answered(sattrack, arguments, status, message):
    run = sattrack("overflights", *arguments)
    assert (run.status, run.out) == (status, "")
    assert message in run.err
    assert run.err.count("\n") == 1
