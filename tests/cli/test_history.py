"""`sattrack history` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from formats.samples import ISS as RECORD
from formats.samples import csv_document

from sattrack.elements import Published
from sattrack.formats import read_element_sets, write_element_sets
from sattrack.settings import Home
from sattrack.store import Store

SERIES = Path(__file__).parents[1] / "orbits/data/series"
ISS = SERIES / "25544_ISS.tle"


def document(sattrack, *arguments: str) -> dict:
    run = sattrack("history", *arguments, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "history").out)
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
        found
    )
    return found


@pytest.fixture
def stored(home: Path) -> Path:
    """A store that learnt each ISS set six hours after its epoch."""
    with Store.open(Home(home, home, home / "cache").store) as store:
        for item in read_element_sets(ISS.read_bytes()).sets:
            retrieved = item.epoch.replace(microsecond=0) + timedelta(hours=6)
            store.add([Published(item, "celestrak", retrieved)])
    return home


def test_a_file_of_sets_tells_all_three(sattrack):
    run = sattrack("history", "--elements", str(ISS), "--tz", "UTC")
    assert (run.status, run.err) == (0, "")
    assert run.out.startswith("International Space Station (25544): 93 element sets held\n")
    assert "and 83 older ones; --limit shows more\n" in run.out
    assert "2025-09-26 05:04:36 UTC  2025-09-26 22:05:45 UTC" in run.out
    assert "+1.63 m/s" in run.out
    assert "With manoeuvres" in run.out
    assert max(map(len, run.out.splitlines())) <= 80


def test_json_holds_what_the_library_finds(sattrack):
    (result,) = document(sattrack, "iss", "--elements", str(ISS))["results"]
    assert result["spacecraft"]["norad_id"] == 25544
    assert len(result["sets"]) == 93
    assert result["sets"] == sorted(result["sets"], key=lambda item: item["epoch"])
    assert [item["tangential_m_s"] for item in result["manoeuvres"]] == pytest.approx(
        [0.549, 1.631], abs=0.01
    )
    day = next(row for row in result["staleness"] if row["from_days"] == 0.5)
    # Half of the predictions of a day are within 0.07 s: 0.5 km at 7.7 km/s.
    assert 0.03 < day["median_s"] < 0.15
    assert day["pairs"] < day["pairs_in_all"]


def test_limit_keeps_the_newest_sets_and_all_findings(sattrack):
    (result,) = document(sattrack, "iss", "--elements", str(ISS), "--limit", "3")["results"]
    assert len(result["sets"]) == 3
    assert result["sets"][-1]["epoch"].startswith("2026-07-23T19:55")
    assert len(result["manoeuvres"]) == 2
    run = sattrack("history", "iss", "--elements", str(ISS), "--limit", "200")
    assert "older ones" not in run.out
    assert run.out.count("  file\n") == 93


def test_csv_has_a_row_for_each_finding(sattrack):
    run = sattrack("history", "iss", "--elements", str(ISS), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    kinds = [row["kind"] for row in rows]
    assert (kinds.count("set"), kinds.count("manoeuvre"), kinds.count("staleness")) == (93, 2, 9)
    assert all(row["norad_id"] == "25544" and row["spacecraft_id"] == "iss" for row in rows)
    assert next(row for row in rows if row["kind"] == "manoeuvre")["epoch"] == ""


def test_the_store_answers_as_of_any_day(sattrack, stored):
    (result,) = document(sattrack, "iss")["results"]
    sources = {item["source"] for item in result["sets"]}
    assert sources == {"celestrak", "embedded"}
    assert len(result["sets"]) == 94
    then = "2025-09-26T04:00:00Z"
    found = document(sattrack, "iss", "--as-of", then)
    assert found["request"] == {"as_of": "2025-09-26T04:00:00.000Z"}
    (earlier,) = found["results"]
    assert all(item["retrieved_at"] <= then for item in earlier["sets"])
    assert len(earlier["manoeuvres"]) == 1
    # The set that betrayed it was learnt before the day asked.
    learnt = datetime.fromisoformat(earlier["manoeuvres"][0]["before"]) + timedelta(hours=6)
    assert learnt < datetime.fromisoformat(then)


def test_an_object_outside_the_catalog_goes_by_its_number(sattrack):
    run = sattrack("history", "28474", "--elements", str(SERIES / "28474_GPS-BIIR-13.tle"))
    assert run.status == 0
    assert "28474" in run.out.splitlines()[0]
    assert "No manoeuvres found between them.\n" in run.out


def test_one_set_tells_nothing_more(sattrack):
    run = sattrack("history", "iss")
    assert (run.status, run.err) == (0, "")
    assert run.out.startswith("International Space Station (25544): 1 element set held\n")
    assert "anoeuvres" not in run.out
    (result,) = document(sattrack, "iss")["results"]
    assert result["manoeuvres"] == []
    assert all(row["median_s"] is None for row in result["staleness"])


def test_sets_too_far_apart_say_nothing_of_staleness(sattrack, tmp_path):
    lines = ISS.read_text().splitlines()
    path = tmp_path / "two.tle"
    path.write_text("\n".join(lines[:2] + lines[-2:]) + "\n")
    run = sattrack("history", "--elements", str(path))
    assert "Too few sets to see how predictions go stale.\n" in run.out


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        ((), 2, "name at least one spacecraft"),
        (("kps",), 4, "no element sets of KPS GEO-1 are held; run: sattrack update kps-geo-1"),
        (("nonsense-9",), 3, "nonsense-9"),
        (("iss", "--as-of", "2020-01-01"), 4, "are held"),
        (("iss", "--elements", "-", "--as-of", "2020-01-01"), 2, "--as-of asks the store"),
    ],
)
def test_refusals_take_one_line(sattrack, arguments, status, error):
    run = sattrack("history", *arguments)
    assert (run.status, run.out) == (status, "")
    assert error in run.err
    assert run.err.count("\n") == 1


def test_epochs_of_one_second_are_told_apart(sattrack, tmp_path):
    path = tmp_path / "gp.csv"
    fractions = ("500", "501", "501001")
    records = [RECORD | {"EPOCH": f"2026-07-10T03:41:07.{digits}"} for digits in fractions]
    path.write_bytes(csv_document(*records[:2]))
    run = sattrack("history", "iss", "--elements", str(path), "--tz", "UTC")
    assert "2026-07-10 03:41:07.500 UTC" in run.out
    assert "2026-07-10 03:41:07.501 UTC" in run.out
    path.write_bytes(csv_document(*records))
    run = sattrack("history", "iss", "--elements", str(path), "--tz", "UTC")
    assert [line[20:26] for line in run.out.splitlines()[2:5]] == ["501001", "501000", "500000"]
    assert max(map(len, run.out.splitlines())) <= 80
    # Where nothing is alike, a second is enough.
    path.write_bytes(csv_document(records[0]))
    run = sattrack("history", "iss", "--elements", str(path), "--tz", "UTC")
    assert "2026-07-10 03:41:08 UTC" in run.out


def test_a_jump_that_no_push_explains_is_no_manoeuvre(sattrack, tmp_path):
    """The last real set, displaced along the track by 17.2 degrees, its plane by 0.3."""
    sets = list(read_element_sets(ISS.read_bytes()).sets)
    bad = sets[-1]
    sets[-1] = replace(
        bad, mean_anomaly_deg=(bad.mean_anomaly_deg + 17.2) % 360.0, raan_deg=bad.raan_deg + 0.3
    )
    path = tmp_path / "sets.csv"
    path.write_text(write_element_sets(sets, "omm-csv", sets[-1].epoch).text)
    run = sattrack("history", "iss", "--elements", str(path), "--format", "json")
    found = json.loads(run.out)
    assert len(found["results"][0]["manoeuvres"]) == 2
    (warning,) = found["warnings"]
    assert re.search(r": 26\d s earlier by the element set of 2026-07-23 ", warning)


def test_those_of_a_group_without_sets_are_named(sattrack):
    run = sattrack("history", "iss", "kps")
    assert run.status == 0
    assert "sattrack: warning: no element sets of KPS GEO-1 are held\n" in run.err
