"""`sattrack screen`: what it lists is what `sattrack passes` lists, in every form."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from sattrack.elements import Published
from sattrack.formats import write_element_sets
from sattrack.settings import Home
from sattrack.store import Store
from sattrack.tracking import embedded_elements

WINDOW = ("--start", "2026-10-08T00:00Z", "--days", "1")
START = datetime(2026, 10, 8, tzinfo=UTC)
# Screening agrees with the scalar search to this, and both are written to the millisecond.
SAME_S = 0.0021
SAME_DEG = 0.001
# What only `passes` tells.
ELSEWHERE = (
    "brightest_time",
    "magnitude",
    "frequency_mhz",
    "rise_doppler_hz",
    "culmination_doppler_hz",
    "set_doppler_hz",
)
TIMES = ("rise_time", "culmination_time", "set_time")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def seconds(one: str, other: str) -> float:
    return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds())


def check_same(found: list[dict[str, str]], expected: list[dict[str, str]]) -> None:
    assert len(found) == len(expected) > 0
    assert [*found[0]] == [*expected[0]]
    key = ("spacecraft_id", "place")
    found, expected = (
        sorted(every, key=lambda row: (*(row[k] for k in key), row["culmination_time"]))
        for every in (found, expected)
    )
    light = [name for name in expected[0] if name.startswith(("visible", "culmination_"))]
    for one, other in zip(found, expected, strict=True):
        for name, value in other.items():
            if name in TIMES and value:
                # The top of a long pass is flat.
                slack = 0.5 if name == "culmination_time" else SAME_S
                assert seconds(one[name], value) <= slack, (name, other)
            elif name.endswith(("azimuth_deg", "range_km", "elevation_deg")) and value:
                if one[name]:
                    assert float(one[name]) == pytest.approx(float(value), abs=0.2), name
            elif name == "duration_s":
                assert float(one[name]) == pytest.approx(float(value), abs=2.0 * SAME_S)
            elif name == "timing_uncertainty_s" and value:
                assert float(one[name]) == pytest.approx(float(value), rel=0.01, abs=0.001)
            elif name not in (*light, *ELSEWHERE):
                assert one[name] == value, name


def test_rows_are_those_of_passes(sattrack):
    names = ("recon", "gems", "iss", "gps-biir-5")
    options = ("--at", "seoul,kdsa", *WINDOW, "--format", "csv")
    run = sattrack("screen", *names, *options)
    assert run.status == 0, run.err
    check_same(rows(run.out), rows(sattrack("passes", *names, *options).out))
    starts = [row["rise_time"] or "2026-10-08T00:00:00.000Z" for row in rows(run.out)]
    assert starts == sorted(starts)


def test_planned_and_lunar_craft_are_merged_in_order(sattrack):
    names = ("kps", "danuri", "iss")
    options = ("--at", "kdsa", *WINDOW, "--format", "csv", "--min-elevation", "20")
    run = sattrack("screen", *names, *options)
    assert "illustrative" in run.err
    found = rows(run.out)
    check_same(found, rows(sattrack("passes", *names, *options).out))
    assert {row["orbit_kind"] for row in found} == {"sgp4", "tabulated", "nominal"}
    assert {row["begins"] for row in found} >= {"", "horizon"}
    starts = [row["rise_time"] or "2026-10-08T00:00:00.000Z" for row in found]
    assert starts == sorted(starts)


def test_a_horizon_of_hills_cuts_as_it_does_for_passes(sattrack, home):
    home.mkdir()
    (home / "config.toml").write_text(
        '[sources]\nmine = { title = "measured" }\n'
        '[[station]]\nid = "valley"\nname = "Valley"\nkind = "antenna"\nsource = "mine"\n'
        'summary = "Between hills"\nlatitude_deg = 37.0\nlongitude_deg = 127.0\n'
        "horizon_deg = [[0, 5], [90, 40], [120, 12], [200, 25], [300, 3]]\n",
        encoding="utf-8",
    )
    options = ("--at", "valley,seoul", *WINDOW, "--format", "csv", "--min-elevation", "8")
    run = sattrack("screen", "recon", "gems", "iss", *options)
    assert run.status == 0, run.err
    check_same(rows(run.out), rows(sattrack("passes", "recon", "gems", "iss", *options).out))


@pytest.fixture
def catalog_file(tmp_path):
    """The snapshot, with one that falls from the sky that day, one refused, and one nameless."""
    sets = {item.elements.norad_id: item.elements for item in embedded_elements()}
    station = sets[25544]
    fallen = replace(
        station,
        norad_id=90001,
        name="FALLEN",
        cospar_id="",
        epoch=START,
        mean_motion_rev_day=16.45,
        eccentricity=0.0005,
        bstar_per_earth_radius=0.02,
    )
    refused = replace(fallen, norad_id=90002, name="BURNT", mean_motion_rev_day=17.0)
    evil = replace(station, norad_id=90003, name='=HYPER("x"),\x1b[31m', cospar_id="")
    unnamed = replace(station, norad_id=123456789, name="", cospar_id="", mean_anomaly_deg=10.0)
    path = tmp_path / "all.csv"
    every = [*sets.values(), fallen, refused, unnamed]
    document = write_element_sets(every, "omm-csv", START).text
    document += ",".join(
        str(value)
        for value in (
            '"=HYPER(""x""),\x1b[31m"', "", f"{evil.epoch:%Y-%m-%dT%H:%M:%S}", 15.5, 0.001, 51.6,
            10.0, 20.0, 30.0, 0, "U", 90003, 999, 0, 0.0001, 0.0, 0.0,
        )
    )  # fmt: skip
    path.write_text(document + "\n", encoding="utf-8")
    return path


def test_a_whole_file_is_screened_and_failures_spoil_nothing(sattrack, catalog_file):
    run = sattrack(
        "screen", "--elements", str(catalog_file), "--at", "seoul", *WINDOW, "--format", "csv"
    )
    assert run.status == 0, run.err
    found = rows(run.out)
    assert len({row["spacecraft_id"] for row in found}) > 40
    assert "FALLEN" in run.err
    assert "decayed at 2026-10-08T" in run.err
    assert "BURNT" in run.err
    assert "\x1b" not in run.out
    assert "\x1b" not in run.err
    guarded = {row["name"] for row in found if row["norad_id"] == "90003"}
    assert guarded == {'\'=HYPER("x"), [31m'}
    names = {row["norad_id"]: row["name"] for row in found}
    assert names["123456789"] == "NORAD 123456789"
    assert names["58463"] == "425 SAT-1"
    falling = [row for row in found if row["name"] == "FALLEN"]
    scalar = sattrack(
        "passes", "90001", "--elements", str(catalog_file), "--at", "seoul", *WINDOW,
        "--format", "csv",
    )  # fmt: skip
    assert scalar.status == 4
    assert len(falling) == len(rows(scalar.out))


def test_names_select_within_a_file(sattrack, catalog_file):
    run = sattrack(
        "screen", "recon", "FALLEN", "--elements", str(catalog_file), "--at", "seoul", *WINDOW,
        "--format", "csv",
    )  # fmt: skip
    assert run.status == 4
    names = {row["name"] for row in rows(run.out)}
    assert "425 SAT-1" in names
    assert all(name.startswith("425 SAT") or name == "FALLEN" for name in names)


def documented(sattrack, kind: str):
    schema = json.loads(sattrack("schema", kind).out)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def test_json_and_its_lines_say_what_csv_says(sattrack, catalog_file):
    common = (
        "screen", "--elements", str(catalog_file), "--at", "seoul", *WINDOW,
        "--min-culmination", "30",
    )  # fmt: skip
    document = json.loads(sattrack(*common, "--format", "json").out)
    documented(sattrack, "screen").validate(document)
    assert document["complete"] is True
    assert {lack["name"] for lack in document["lacks"]} == {"FALLEN", "BURNT"}
    lines = [json.loads(line) for line in sattrack(*common, "--format", "jsonl").out.splitlines()]
    checker = documented(sattrack, "screen-pass")
    for line in lines:
        checker.validate(line)
    assert lines == document["passes"]
    table = rows(sattrack(*common, "--format", "csv").out)
    assert len(table) == len(lines) > 20
    for row, line in zip(table, lines, strict=True):
        assert line["culmination_elevation_deg"] >= 30.0
        for name, value in line.items():
            if name == "name":
                continue
            text = {None: "", True: "true", False: "false"}.get(value, str(value))
            assert row[name] == text, name


def test_numbers_are_written_as_python_writes_them(sattrack):
    options = ("recon", "--at", "seoul", *WINDOW, "--format", "csv")
    for row in rows(sattrack("screen", *options).out):
        for name, value in row.items():
            if name.endswith(("_deg", "_km", "_s")) and value:
                assert repr(float(value)) == value, name


def test_the_first_of_all(sattrack):
    options = ("recon", "--at", "seoul", *WINDOW, "--format", "csv")
    every = sattrack("screen", *options).out.splitlines()
    assert sattrack("screen", *options, "--limit", "3").out.splitlines() == every[:4]


def test_the_table_fits_the_screen(sattrack, monkeypatch):
    for width in (80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        run = sattrack(
            "screen", "recon", "gems", "kps", "--at", "seoul,kdsa", *WINDOW, "--tz", "KST"
        )
        lines = run.out.splitlines()
        assert all(len(line) <= width for line in lines), max(lines, key=len)
        text = " ".join(run.out.split())
        assert "Passes of 14 objects over Seoul" in text
        assert "nominal orbit of a planned craft" in text
        assert "embedded elements of 2026-10-06" in text
        assert text.endswith(" passes of 14 objects.")


def test_everything_at_hand(sattrack, home):
    """The store answers with what is nearest to the window, the snapshot with all else."""
    sets = [item.elements for item in embedded_elements()]
    station = next(item for item in sets if item.norad_id == 25544)
    other = replace(station, norad_id=70000, name="OTHER", cospar_id="", epoch=START)
    later = replace(other, epoch=START + timedelta(days=30), mean_anomaly_deg=1.0)
    with Store.open(Home.of({"SATTRACK_HOME": str(home)}).store) as store:
        store.add([Published(one, "celestrak", START) for one in (other, later)])
    options = ("--group", "active", "--at", "seoul", *WINDOW, "--format", "csv")
    found = rows(sattrack("screen", *options).out)
    assert len({row["norad_id"] for row in found}) > 40
    theirs = [row for row in found if row["norad_id"] == "70000"]
    assert {row["orbit_epoch"] for row in theirs} == {"2026-10-08T00:00:00.000Z"}
    assert {row["orbit_source"] for row in theirs} == {"celestrak"}
    assert "53365" not in {row["norad_id"] for row in found}
    run = sattrack("screen", *options, "--max-age", "1d")
    assert run.status == 0
    assert "objects more: " in run.err
    assert "too old" in run.err


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--at", "seoul"), 2, "--group active"),
        (("--group", "nonsense", "--at", "seoul"), 3, "nonsense"),
        (("iss", "--at", "nowhere-at-all"), 3, "nowhere"),
        (("iss", "--at", "seoul", "--min-elevation", "91"), 2, "outside -10 to 89"),
        (("iss", "--at", "seoul", "--min-culmination", "100"), 2, "outside -90 to 90"),
        (("iss", "--at", "seoul", "-o", "/nonexistent/folder/x.csv"), 9, "no folder"),
        (("--elements", "/nonexistent", "--at", "seoul"), 9, "cannot read"),
    ],
)
def test_faults_are_one_line(sattrack, arguments, status, says):
    run = sattrack("screen", *arguments)
    assert run.status == status
    assert run.out == ""
    assert says in run.err.splitlines()[-1]


def test_a_file_is_there_when_it_is_whole(sattrack, tmp_path):
    path = tmp_path / "passes.csv"
    options = ("recon", "--at", "seoul", *WINDOW, "--format", "csv")
    assert sattrack("screen", *options, "-o", str(path)).out == ""
    assert path.read_bytes().decode() == sattrack("screen", *options).out
    assert [*tmp_path.glob("*.part")] == []


def test_nothing_passes(sattrack):
    run = sattrack("screen", "tempo", "--at", "seoul", *WINDOW)
    assert run.status == 0
    assert "No passes in this window." in run.out


def test_what_can_be_seen_is_what_passes_lists(sattrack):
    """Craft by SGP4, near and far, and planned ones; of lunar ones nobody sees anything."""
    names = ("recon", "gps-biir-5", "kps", "danuri", "iss", "gems")
    options = ("--at", "seoul,kdsa", *WINDOW, "--format", "csv", "--visible", "--sun-below", "-8")
    found = rows(sattrack("screen", *names, *options).out)
    expected = rows(sattrack("passes", *names, *options).out)
    assert len(found) == len(expected) > 5
    key = ("spacecraft_id", "place", "culmination_time")
    for one, other in zip(
        sorted(found, key=lambda row: [row[k] for k in key]),
        sorted(expected, key=lambda row: [row[k] for k in key]),
        strict=True,
    ):
        for name in ("spacecraft_id", "place", "culmination_craft", "culmination_sky"):
            assert one[name] == other[name]
        for name in ("visible_start", "visible_end"):
            assert seconds(one[name], other[name]) < 2.0 * SAME_S
        for name in ("visible_s", "magnitude", "culmination_moon_separation_deg"):
            assert bool(one[name]) == bool(other[name])
            if one[name]:
                assert float(one[name]) == pytest.approx(float(other[name]), abs=0.01)


def test_visible_passes_as_json_and_table(sattrack):
    options = ("iss", "recon", "--at", "seoul", *WINDOW, "--visible")
    document = json.loads(sattrack("screen", *options, "--format", "json").out)
    documented(sattrack, "screen").validate(document)
    assert document["request"]["only_visible"] is True
    assert document["request"]["sun_below_deg"] == -6.0
    assert all(one["visible_s"] > 0.0 for one in document["passes"])
    run = sattrack("screen", *options, "--tz", "KST")
    text = " ".join(run.out.split())
    assert "that can be seen with the Sun below -6°" in text
    assert "Seen from" in text
    assert all(len(line) <= 80 for line in run.out.splitlines())


@pytest.mark.parametrize("more", [(), ("--visible",)])
def test_parquet_holds_what_csv_holds(sattrack, tmp_path, more):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "passes.parquet"
    options = ("recon", "gems", "iss", "danuri", "kps", "--at", "seoul,kdsa", *WINDOW, *more)
    run = sattrack("screen", *options, "--format", "parquet", "-o", str(path))
    assert run.status == 0, run.err
    file = parquet.ParquetFile(path)
    assert file.metadata.metadata[b"complete"] == b"true"
    found = file.read().to_pylist()
    expected = rows(sattrack("screen", *options, "--format", "csv").out)
    assert len(found) == len(expected) > 2
    for one, other in zip(found, expected, strict=True):
        for name, value in one.items():
            text = other[name]
            if value is None:
                assert text == "", name
            elif isinstance(value, datetime):
                assert value == datetime.fromisoformat(text), name
            elif isinstance(value, bool):
                assert text == str(value).lower(), name
            elif isinstance(value, float):
                assert value == pytest.approx(float(text), abs=0.0006), name
            else:
                assert str(value) == text, name


def test_parquet_without_its_extra(sattrack, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    run = sattrack("screen", "iss", "--at", "seoul", *WINDOW, "--format", "parquet")
    assert run.status == 2
    assert "python -m pip install 'sattrack-missions[parquet]'" in run.err
