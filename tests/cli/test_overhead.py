"""`sattrack overhead` against `sattrack position`, object by object."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from sattrack.elements import Published
from sattrack.settings import Home
from sattrack.store import Store
from sattrack.tracking import embedded_elements

TIME = "2026-10-08T06:00Z"
START = datetime(2026, 10, 8, tzinfo=UTC)
# Both ask SGP4 itself; the digits that are written.
SAME_DEG = 2e-6
SAME_KM = 2e-5


def document(sattrack, *arguments: str) -> dict:
    run = sattrack("overhead", *arguments, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "overhead").out)
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(found)
    return found


def test_all_that_is_up_is_listed_and_nothing_else(sattrack):
    found = document(sattrack, "--at", "seoul", "--time", TIME)
    listed = {one["spacecraft"]["norad_id"]: one for one in found["results"]}
    heights = [one["elevation_deg"] for one in found["results"]]
    assert heights == sorted(heights, reverse=True)
    numbers = {item.elements.norad_id for item in embedded_elements()}
    assert found["searched"] > 40
    up = 0
    for number in numbers:
        run = sattrack("position", str(number), "--at", "seoul", "--time", TIME, "--format", "json")
        if run.status:  # Danuri's launch-day set is refused
            assert number not in listed
            continue
        (expected,) = json.loads(run.out)["results"]
        if expected["elevation_deg"] < 0.0:
            assert number not in listed
            continue
        up += 1
        one = listed[number]
        assert one["spacecraft"]["id"] == expected["spacecraft"]["id"]
        for key in ("azimuth_deg", "elevation_deg"):
            assert one[key] == pytest.approx(expected[key], abs=SAME_DEG)
        for key in ("range_km", "height_km"):
            assert one[key] == pytest.approx(expected[key], abs=SAME_KM)
        assert one["orbit"]["age_days"] == expected["orbit"]["age_days"]
    assert up == len(listed) > 10


def test_what_is_in_the_shadow_is_told(sattrack):
    """Navigation satellites are eclipsed an hour in some nights, and never at noon."""
    noon = document(sattrack, "--at", "seoul", "--time", "2026-10-08T03:00Z")
    assert {one["craft"] for one in noon["results"]} == {"sunlit"}
    times = [
        f"2026-10-07T{hour:02d}:{minute}Z" for hour in range(11, 19) for minute in ("00", "30")
    ]
    shades = set()
    for time in times:
        found = document(sattrack, "--at", "seoul", "--time", time)
        shades |= {one["craft"] for one in found["results"]}
    assert shades >= {"sunlit", "umbra"}


def test_the_cache_follows_the_store(sattrack, home):
    before = document(sattrack, "--at", "seoul", "--time", TIME)
    assert (home / "cache" / "newest.npz").exists()
    station = next(one.elements for one in embedded_elements() if one.elements.norad_id == 45246)
    other = replace(station, norad_id=70000, name="OTHER", cospar_id="")
    ahead = replace(other, epoch=START + timedelta(days=20), raan_deg=0.0, mean_anomaly_deg=180.0)
    with Store.open(Home.of({"SATTRACK_HOME": str(home)}).store) as store:
        store.add([Published(one, "celestrak", START) for one in (other, ahead)])
    after = document(sattrack, "--at", "seoul", "--time", TIME)
    assert after["searched"] == before["searched"] + 1
    (new,) = [one for one in after["results"] if one["spacecraft"]["norad_id"] == 70000]
    assert new["orbit"]["source"] == "celestrak"
    # Of two sets the nearer one, though the other is newer.
    assert new["orbit"]["epoch"].startswith("2026-10-06")
    assert document(sattrack, "--at", "seoul", "--time", TIME)["results"] == after["results"]
    (home / "cache" / "newest.npz").write_bytes(b"nonsense")
    assert document(sattrack, "--at", "seoul", "--time", TIME)["results"] == after["results"]


def test_a_mask_and_a_file(sattrack, tmp_path):
    everything = document(sattrack, "--at", "seoul", "--time", TIME)
    high = document(sattrack, "--at", "seoul", "--time", TIME, "--min-elevation", "40")
    expected = [one for one in everything["results"] if one["elevation_deg"] >= 40.0]
    assert high["results"] == expected != []
    path = tmp_path / "one.tle"
    run = sattrack(
        "overhead", "--at", "seoul", "--time", TIME, "--max-age", "1d", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(run.out, newline="")))
    assert 0 < len(rows) < len(everything["results"])
    assert all(abs(float(row["orbit_age_days"])) <= 1.0 for row in rows)
    path.write_text("nothing")
    assert sattrack("overhead", "--at", "seoul", "--elements", str(path)).status == 8


def test_the_table(sattrack):
    run = sattrack("overhead", "--at", "seoul", "--time", TIME, "--tz", "KST")
    lines = run.out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert " objects above 0° over Seoul" in lines[0]
    assert lines[1] == "2026-10-08 15:00:00 KST, UTC+09:00"
    assert "GEO-KOMPSAT-2B" in run.out


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--at", "seoul,kdsa"), 2, "one place"),
        (("--at", "seoul", "--min-elevation", "90"), 2, "outside -10 to 89"),
        (("--at", "nowhere-at-all"), 3, "nowhere"),
    ],
)
def test_faults_are_one_line(sattrack, arguments, status, says):
    run = sattrack("overhead", *arguments)
    assert run.status == status
    assert says in run.err.splitlines()[-1]
