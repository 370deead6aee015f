"""`sattrack coverage` of what turns to its targets, from an empty home and without a network."""

from __future__ import annotations

import csv
import io
import json
import statistics
from datetime import datetime
from itertools import pairwise

import jsonschema
import pytest

START = ("--start", "2026-10-08T00:00Z", "--tz", "UTC")
OWN_CATALOG = """
[sources]
me = { title = "My own telescope" }
[[spacecraft]]
id = "my-sat"
name = "My satellite"
summary = "A planned one."
source = "me"
status = "planned"
orbit_data = "nominal"
nominal = { epoch = 2026-10-08T00:00:00Z, semi_major_axis_km = 6900.0, eccentricity = 0.0, \
inclination_deg = 97.5, raan_deg = 10.0, argument_of_perigee_deg = 0.0, mean_anomaly_deg = 0.0 }
[[instrument]]
id = "my-camera"
name = "My camera"
summary = "A camera."
host = "my-sat"
source = "me"
sensor = { kind = "optical", off_nadir_deg = 45.0, source = "me" }
"""


def document(sattrack, *arguments: str) -> dict:
    run = sattrack("coverage", *arguments, *START, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "imaging").out)
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_five_satellites_and_their_assumed_limits(sattrack):
    found = document(sattrack, "recon", "--over", "seoul", "--days", "3")
    sensors = {r["spacecraft"]["id"]: r["sensor"] for r in found["results"]}
    assert list(sensors) == [f"425-sat-{n}" for n in range(1, 6)]
    for id_, sensor in sensors.items():
        assert "not published" in sensor["assumed"]
        assert sensor["source"]["title"].startswith("KOMPSAT")
        assert sensor["kind"] == ("optical" if id_ == "425-sat-1" else "radar")
    for result in found["results"]:
        for access in result["accesses"]:
            for view in (access["entry"], access["closest"], access["exit"]):
                if result["sensor"]["kind"] == "radar":
                    assert 20.0 - 1e-5 <= view["incidence_deg"] <= 45.0 + 1e-5
                else:
                    assert view["off_nadir_deg"] <= 30.0 + 1e-5
                    assert view["sun_elevation_deg"] >= 10.0 - 1e-5
            assert access["timing_uncertainty_s"] > 0.0


def test_the_revisit_follows_from_the_accesses_printed(sattrack):
    found = document(sattrack, "recon", "--over", "seoul", "--over", "0.2S 78.5W", "--days", "4")
    for place in {r["place"]["name"] for r in found["results"]}:
        visits = []
        for result in found["results"]:
            if result["place"]["name"] != place:
                continue
            own: list[list[datetime]] = []
            for access in result["accesses"]:
                first, last = instant(access["entry"]["time"]), instant(access["exit"]["time"])
                if own and (first - own[-1][1]).total_seconds() <= 900.0:
                    own[-1][1] = last
                else:
                    own.append([first, last])
            visits += own
        joined: list[list[datetime]] = []
        for first, last in sorted(visits):
            if joined and first <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], last)
            else:
                joined.append([first, last])
        gaps = [(b[0] - a[1]).total_seconds() for a, b in pairwise(joined)]
        (together,) = [
            r for r in found["revisits"] if r["place"] == place and r["spacecraft_id"] is None
        ]
        assert len(together["visits"]) == len(joined)
        assert together["gap_mean_s"] == pytest.approx(statistics.mean(gaps), abs=0.002)
        assert together["gap_median_s"] == pytest.approx(statistics.median(gaps), abs=0.002)
        assert together["gap_worst_s"] == pytest.approx(max(gaps), abs=0.002)


def test_limits_of_the_users_own_replace_the_assumed_ones(sattrack):
    wider = ("--incidence", "20-55", "--side", "left")
    found = document(sattrack, "425-sat-2", "--over", "seoul", "--days", "2", *wider)
    (result,) = found["results"]
    assert result["sensor"]["incidence_deg"] == [20.0, 55.0]
    assert result["sensor"]["given"] == ["incidence_deg", "side"]
    assert result["sensor"]["assumed"] is None
    assert {a["closest"]["side"] for a in result["accesses"]} == {"left"}
    # One of two limits is still the assumed one.
    (half,) = document(
        sattrack, "425-sat-1", "--over", "seoul", "--days", "2", "--off-nadir", "45"
    )["results"]
    assert half["sensor"]["off_nadir_deg"] == 45.0
    assert "Sun limit" in half["sensor"]["assumed"]


def test_any_satellite_of_the_users_catalog_with_a_sensor_works(sattrack, home):
    (home / "catalog").mkdir(parents=True, exist_ok=True)
    (home / "catalog" / "mine.toml").write_text(OWN_CATALOG, encoding="utf-8")
    for name in ("my-camera", "my-sat"):
        (result,) = document(sattrack, name, "--over", "seoul", "--days", "3")["results"]
        assert result["orbit"]["nominal"] is True
        assert result["sensor"]["id"] == "my-camera"
        assert result["sensor"]["assumed"] is None
        assert result["sensor"]["sun_above_deg"] is None
        assert result["accesses"]
    table = sattrack("coverage", "my-sat", "--over", "seoul", "--days", "3", *START).out
    assert "nominal orbit" in table
    assert "day and night" in table
    assert "45° off nadir" in sattrack("show", "my-camera").out
    rows = sattrack("coverage", "my-sat", "--over", "seoul", *START, "--format", "csv").out
    assert all(row["nominal"] == "true" for row in csv.DictReader(io.StringIO(rows)))


@pytest.mark.parametrize(
    ("sensor", "fault"),
    [
        ('kind = "optical", source = "me"', "needs 'off_nadir_deg'"),
        ('kind = "radar", source = "me"', "needs 'incidence_deg'"),
        ('kind = "radar", incidence_deg = [45, 20], source = "me"', "smaller angle first"),
        ('kind = "lidar", off_nadir_deg = 1, source = "me"', "'optical' or 'radar'"),
        ('kind = "optical", off_nadir_deg = 30, source = "you"', "unknown source 'you'"),
        ('kind = "optical", off_nadir = 30, source = "me"', "unknown key 'off_nadir'"),
    ],
)
def test_a_bad_sensor_is_refused_with_its_line(sattrack, home, sensor, fault):
    (home / "catalog").mkdir(parents=True, exist_ok=True)
    text = OWN_CATALOG.replace('kind = "optical", off_nadir_deg = 45.0, source = "me"', sensor)
    (home / "catalog" / "mine.toml").write_text(text, encoding="utf-8")
    run = sattrack("coverage", "my-sat", "--over", "seoul")
    assert run.status == 8
    assert fault in run.err
    assert "mine.toml:18" in run.err


def test_csv_has_the_accesses_in_order_and_names_the_limits(sattrack):
    run = sattrack(
        "coverage", "recon", "--over", "seoul,tokyo", "--days", "2", *START, "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert {row["place"] for row in rows} == {"Seoul", "Tokyo"}
    assert [row["entry_time"] for row in rows] == sorted(row["entry_time"] for row in rows)
    assert all("not published" in row["limits_assumed"] for row in rows)
    radars = [row for row in rows if row["sensor"] == "radar"]
    assert {row["limit_incidence_from_deg"] for row in radars} == {"20.0"}


def test_the_table_names_every_assumption_and_fits(sattrack, monkeypatch):
    for columns in ("80", "120"):
        monkeypatch.setenv("COLUMNS", columns)
        text = sattrack("coverage", "recon", "--over", "seoul", "--days", "2", *START).out
        assert max(map(len, text.splitlines())) <= int(columns)
        flat = " ".join(text.split())
        assert "the incidence is after KOMPSAT-5" in flat
        assert "off nadir and swath are after KOMPSAT-3" in flat
        assert "ahead and behind" in flat
        assert "Gaps are from the end of a visit to the start of the next" in flat
        assert "together" in text


def test_a_limit_keeps_the_first_accesses_and_the_whole_revisit(sattrack):
    whole = document(sattrack, "recon", "--over", "seoul", "--days", "3")
    found = document(sattrack, "recon", "--over", "seoul", "--days", "3", "--limit", "2")
    assert sum(len(r["accesses"]) for r in found["results"]) == 2
    assert found["revisits"] == whole["revisits"]


def test_out_of_reach_says_so(sattrack):
    run = sattrack("coverage", "425-sat-2", "--over", "70N 20E", *START)
    assert run.status == 0
    assert "425 SAT-2 cannot image 70N 20E in this window." in run.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("425-sat-1", "--over", "seoul", "--incidence", "20-45"), "is for radar sensors"),
        (("425-sat-2", "--over", "seoul", "--off-nadir", "30"), "is for optical sensors"),
        (("recon", "--over", "seoul", "--incidence", "steep"), "write for instance 20-45"),
        (("recon", "--over", "seoul", "--incidence", "45-20"), "the smaller is first"),
        (("recon", "--over", "seoul", "--incidence", "20-95"), "outside 0 to 90"),
        (("recon", "--over", "seoul", "--off-nadir", "0"), "outside 0.1 to 90"),
        (("recon", "--over", "seoul", "--side", "up"), "left, right or both"),
        (("recon", "--over", "seoul", "--map"), "has no map"),
        (("recon",), "--over"),
        (("recon", "--over", "seoul", "--limit", "0"), "limit"),
    ],
)
def test_what_cannot_be_meant_is_refused(sattrack, arguments, says):
    run = sattrack("coverage", *arguments)
    assert run.status == 2
    assert says in run.err
