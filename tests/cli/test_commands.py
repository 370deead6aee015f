"""The commands as a user meets them: text, statuses, and nothing but one line when it fails."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from bruteforce import elevation_deg

from sattrack.cli.main import program
from sattrack.formats import read_element_sets
from sattrack.orbits import Sgp4
from sattrack.places import Place
from sattrack.times.scale import Clock
from sattrack.tracking import ElementShelf, embedded_elements

NAMES = [
    "danuri", "다누리", "gems", "tempo", "sentinel-4", "kps", "gps", "recon", "425 SAT-1", "58463",
    "dsn", "kdsa", "falcon 9", "artemis", "osan",
]  # fmt: skip
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

ISS_TLE = """ISS (ZARYA)
1 25544U 98067A   26204.83049110  .00009620  00000-0  18169-3 0  9995
2 25544  51.6314 118.7564 0006921 330.4598  29.5998 15.49124476577435
"""


def schema(sattrack, kind: str) -> dict:
    run = sattrack("schema", kind)
    assert run.status == 0
    return json.loads(run.out)


def document(sattrack, kind: str, *arguments: str, **options) -> dict:
    """Run a command with --format json and check its document against its schema."""
    run = sattrack(*arguments, "--format", "json", **options)
    assert run.status in (0, 4), run.err
    found = json.loads(run.out)
    validator = jsonschema.Draft202012Validator(
        schema(sattrack, kind), format_checker=jsonschema.FormatChecker()
    )
    validator.validate(found)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_show_answers_for_every_named_system(sattrack, name):
    run = sattrack("show", name)
    assert run.status == 0
    assert "[1] " in run.out  # each fact with its source
    found = document(sattrack, "show", "show", name)
    assert found["results"][0]["source"]["title"]


def test_show_tells_that_danuris_element_set_is_refused(sattrack):
    out = " ".join(sattrack("show", "다누리").out.split())
    assert "the only public element set of Danuri is the Earth parking orbit of launch day" in out
    assert "53365" in out


def test_gems_is_always_up_over_seoul_by_the_name_of_its_host(sattrack):
    run = sattrack("passes", "gems", "--at", "seoul")
    assert run.status == 0
    assert "GEMS on GEO-KOMPSAT-2B (45246)" in run.out
    assert "GEO-KOMPSAT-2B is always above 10°" in run.out
    (result,) = document(sattrack, "passes", "passes", "gems", "--at", "seoul")["results"]
    assert result["verdict"] == "always"
    assert result["instrument"]["id"] == "gems"
    assert result["spacecraft"]["norad_id"] == 45246
    (one,) = result["passes"]
    assert (one["open_start"], one["open_end"]) == (True, True)
    assert (one["rise"], one["set"]) == (None, None)
    assert one["duration_s"] == 86400.0
    # Seoul, 37.6 N 127.0 E, to 128.2 E: 46.4 degrees by spherical trigonometry.
    assert 46.0 <= one["culmination"]["elevation_deg"] <= 47.0


def test_tempo_is_never_up_over_seoul_and_always_over_washington(sattrack):
    seoul = document(sattrack, "passes", "passes", "tempo", "--at", "seoul")
    washington = document(sattrack, "passes", "passes", "tempo", "--at", "washington, us")
    assert [r["verdict"] for r in seoul["results"]] == ["never"]
    assert [r["verdict"] for r in washington["results"]] == ["always"]
    assert "never above 10°" in sattrack("passes", "tempo", "--at", "seoul").out


def test_the_five_reconnaissance_satellites(sattrack):
    found = document(sattrack, "passes", "passes", "recon", "--at", "kdsa", "--days", "2")
    assert {r["spacecraft"]["norad_id"] for r in found["results"]} == {
        58463, 59452, 62377, 63630, 66293,
    }  # fmt: skip
    assert all(r["passes"] for r in found["results"])
    assert all(r["orbit"]["source"] == "embedded" for r in found["results"])
    out = sattrack("passes", "recon", "--at", "kdsa", "--days", "2").out
    for number in range(1, 6):
        assert f"425 SAT-{number}" in out
    assert "embedded elements of 2026-10-07" in out


def test_kps_answers_from_nominal_orbits_and_says_so(sattrack):
    run = sattrack("passes", "kps", "--at", "seoul")
    assert run.status == 0
    assert run.out.count("nominal orbit, illustrative; not the operator's design") == 8
    assert "illustrative" in run.err
    found = document(sattrack, "passes", "passes", "kps", "--at", "seoul")
    assert len(found["results"]) == 8
    assert all(r["orbit"]["nominal"] and r["orbit"]["kind"] == "nominal" for r in found["results"])
    rows = list(csv.DictReader(io.StringIO(sattrack(
        "passes", "kps", "--at", "seoul", "--format", "csv").out)))  # fmt: skip
    assert {row["nominal"] for row in rows} == {"true"}


def test_danuri_is_there_on_the_first_run_with_its_error(sattrack):
    found = document(sattrack, "position", "position", "danuri", "--time", "2026-11-24T00:00Z")
    (orbit,) = (result["orbit"] for result in found["results"])
    assert (orbit["kind"], orbit["source"], orbit["error_km"]) == ("tabulated", "embedded", 5.0)
    assert orbit["error_s"] == pytest.approx(3.1, abs=0.1)
    assert orbit["data_until"] == "2026-09-29T00:00:00.000Z"
    assert "is good to 5 km, 3.1 s of a contact's time" in found["warnings"][0]
    assert "run: sattrack update danuri" in found["warnings"][0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--time", "2027-06-01T00:00Z"), "covers 2026-09-04 23:58 to 2027-03-31 23:58 UTC; run: "),
        (("--as-of", "2026-10-06T00:00Z"), "no ephemeris of Danuri known on 2026-10-06T00:00:00"),
    ],
)
def test_beyond_its_coverage_there_is_no_danuri(sattrack, options, said):
    run = sattrack("position", "danuri", *options)
    assert (run.status, run.out) == (4, "")
    assert said in run.err
    assert "sattrack update danuri" in run.err
    assert run.err.count("\n") == 1


def test_a_prediction_grows_old_and_a_measurement_does_not(sattrack):
    run = sattrack("position", "danuri", "--max-age", "3d")
    assert run.status == 5
    assert "the measurements of 2026-09-29T00:00:00.000Z are 56.1 days from" in run.err
    assert sattrack("position", "danuri", "--max-age", "3d", "--time", "2026-09-06").status == 0


def test_danuris_parking_orbit_is_refused_from_a_file_too(sattrack, tmp_path):
    parking = (
        "KPLO\n"
        "1 53365U 22094A   22217.17569444  .00000000  00000-0  00000+0 0  9990\n"
        "2 53365  29.0000 100.0000 0400000 200.0000 100.0000 14.50000000    10\n"
    )
    lines = [_with_checksum(line) if line[:1] in "12" else line for line in parking.split("\n")]
    path = tmp_path / "kplo.tle"
    path.write_text("\n".join(lines))
    run = sattrack("passes", "--at", "kdsa", "--elements", str(path), "--start", "2022-08-05")
    assert run.status == 4
    assert "parking orbit" in run.err


def _with_checksum(line: str) -> str:
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68])
    return f"{line[:68]}{total % 10}"


def test_json_and_csv_carry_the_same_numbers(sattrack):
    arguments = ("passes", "recon", "iss", "gems", "--at", "kdsa,seoul", "--days", "1")
    found = document(sattrack, "passes", *arguments)
    rows = list(csv.DictReader(io.StringIO(sattrack(*arguments, "--format", "csv").out)))
    flat = [(result, one) for result in found["results"] for one in result["passes"]]
    assert len(rows) == len(flat)
    by_key = {(r["spacecraft_id"], r["place"], r["culmination_time"]): r for r in rows}
    for result, one in flat:
        row = by_key[
            result["spacecraft"]["id"], result["place"]["name"], one["culmination"]["time"]
        ]
        assert row["norad_id"] == str(result["spacecraft"]["norad_id"])
        for event in ("rise", "culmination", "set"):
            for key, value in (one[event] or dict.fromkeys(("time", "azimuth_deg"))).items():
                column = f"{event}_{key}"
                if column in row:
                    assert row[column] == ("" if value is None else str(value))
        assert row["duration_s"] == str(one["duration_s"])
        assert row["open_start"] == str(one["open_start"]).lower()
    times = [row["rise_time"] or found["request"]["start"] for row in rows]
    assert times == sorted(times)


def test_the_numbers_are_those_of_the_model(sattrack):
    found = document(sattrack, "passes", "passes", "425 sat-2", "--at", "37.5,127,38")
    (result,) = found["results"]
    place = Place("x", 37.5, 127.0, 38.0)
    published = ElementShelf(embedded_elements()).nearest(59452, NOW)
    orbit, clock = Sgp4(published.elements), Clock(NOW)
    for one in result["passes"]:
        for event, expected in (("rise", 10.0), ("set", 10.0)):
            instant = datetime.fromisoformat(one[event]["time"])
            seconds = [(instant - NOW) / timedelta(seconds=1)]
            # Times are printed to the millisecond, in which it moves 0.00004 degrees.
            assert abs(elevation_deg(orbit, place, clock, seconds)[0] - expected) < 0.0005


def test_a_limit_keeps_the_first_of_all(sattrack):
    every = document(sattrack, "passes", "passes", "recon", "--at", "kdsa")
    few = document(sattrack, "passes", "passes", "recon", "--at", "kdsa", "--limit", "3")

    def rises(found):
        return sorted(p["rise"]["time"] for r in found["results"] for p in r["passes"])

    assert rises(few) == rises(every)[:3]


def test_times_are_shown_in_local_time_with_its_zone(sattrack):
    run = sattrack("passes", "425 sat-2", "--at", "kdsa", "--limit", "1")
    assert "2026-11-24 11:00:00 KST, UTC+09:00 to 2026-11-25 11:00:00 KST, UTC+09:00" in run.out
    other = sattrack(
        "passes", "425 sat-2", "--at", "kdsa", "--limit", "1", "--tz", "America/New_York"
    )
    assert "2026-11-23 21:00:00 EST, UTC-05:00" in other.out


def test_a_clock_change_inside_the_window_is_shown_on_each_time(sattrack):
    run = sattrack(
        "passes", "iss", "--at", "washington, us", "--tz", "America/New_York",
        "--start", "2026-11-01T00:00-04:00", "--days", "2",
    )  # fmt: skip
    assert "-0400" in run.out
    assert "-0500" in run.out


@pytest.mark.parametrize("columns", ["40", "80", "120", "200"])
def test_tables_drop_columns_and_never_digits(sattrack, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    out = sattrack("passes", "recon", "--at", "kdsa").out
    table = out[out.index("Date ") :].splitlines()
    if int(columns) >= 80:
        assert all(len(line) <= int(columns) for line in out.splitlines())
    assert "…" not in out
    # Date, craft, rise, elevation and set are never dropped, and times are whole.
    assert table[0].split()[:3] == ["Date", "Spacecraft", "Rise"]
    assert "Set" in table[0]
    wide = "Range" in table[0]
    assert wide == (int(columns) >= 120)


def test_no_colour_in_a_pipe(sattrack):
    for arguments in (("passes", "recon", "--at", "kdsa"), ("list",), ("show", "gems")):
        assert "\x1b" not in sattrack(*arguments).out


@pytest.mark.parametrize(
    ("environment", "bold"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_emphasis_on_a_terminal_unless_unwanted(home, environment, bold):
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sattrack", "list", "dsn"],
        stdout=follower,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(follower)
    shown = b""
    try:
        while piece := os.read(leader, 65536):
            shown += piece
    except OSError:
        pass  # Linux says end of file of a terminal so
    with process:
        process.communicate()
    os.close(leader)
    assert process.returncode == 0
    assert (b"\x1b[1m" in shown) == bold


def test_position_agrees_with_skyfield(sattrack):
    from skyfield.api import EarthSatellite, wgs84

    from sattrack.times.scale import timescale

    found = document(
        sattrack, "position", "position", "--elements", "-", "--at", "seoul",
        "--time", "2026-07-24T01:02:03Z", stdin=ISS_TLE.encode(),
    )  # fmt: skip
    (result,) = found["results"]
    ts = timescale()
    t = ts.from_datetime(datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC))
    satellite = EarthSatellite(*ISS_TLE.splitlines()[1:], ts=ts)
    seoul = wgs84.latlon(result["place"]["latitude_deg"], result["place"]["longitude_deg"])
    altitude, azimuth, distance, *_, rate = (satellite - seoul).at(t).frame_latlon_and_rates(seoul)
    # The Moon's tides on UT1 aside, both are one model: millimetres.
    assert result["elevation_deg"] == pytest.approx(altitude.degrees, abs=1e-5)
    assert result["azimuth_deg"] == pytest.approx(azimuth.degrees, abs=1e-5)
    assert result["range_km"] == pytest.approx(distance.km, abs=1e-4)
    assert result["range_rate_km_s"] == pytest.approx(rate.km_per_s, abs=1e-6)
    beneath = wgs84.geographic_position_of(satellite.at(t))
    assert result["latitude_deg"] == pytest.approx(beneath.latitude.degrees, abs=1e-6)
    assert result["height_km"] == pytest.approx(beneath.elevation.km, abs=1e-4)
    assert result["position_km"] == pytest.approx(list(satellite.at(t).position.km), abs=1e-4)


def test_elements_from_a_file_are_selected_by_name_or_taken_whole(sattrack, tmp_path):
    path = tmp_path / "own.tle"
    path.write_text(ISS_TLE)
    start = ("--start", "2026-07-24T00:00:00Z")
    every = document(sattrack, "passes", "passes", "--at", "kdsa", "--elements", str(path), *start)
    assert [r["spacecraft"]["id"] for r in every["results"]] == ["iss"]
    assert every["results"][0]["orbit"]["source"] == "file"
    for name in ("ISS (ZARYA)", "iss", "25544"):
        one = sattrack("passes", name, "--at", "kdsa", "--elements", str(path), *start)
        assert one.status == 0
        assert "file elements of 2026-07-23 19:55 UTC" in one.out
    missing = sattrack("passes", "hst", "--at", "kdsa", "--elements", str(path), *start)
    assert missing.status == 4
    assert "no elements for Hubble Space Telescope (NORAD 20580)" in missing.err


def test_any_other_satellite_works_from_a_file(sattrack):
    text = ISS_TLE.replace("25544", "99991").replace("ISS (ZARYA)", "STRANGER")
    lines = [_with_checksum(line) if line[:2] in ("1 ", "2 ") else line for line in
             text.splitlines()]  # fmt: skip
    run = sattrack(
        "passes", "stranger", "--at", "seoul", "--elements", "-", "--start", "2026-07-24",
        "--format", "json", stdin="\n".join(lines).replace("98067A", "26067A").encode(),
    )  # fmt: skip
    assert run.status == 8  # the checksum of the changed designator is wrong
    text = "\n".join(lines).replace("98067A  ", "        ")
    lines = [_with_checksum(line) if line[:2] in ("1 ", "2 ") else line for line in
             text.splitlines()]  # fmt: skip
    found = document(
        sattrack, "passes", "passes", "stranger", "--at", "seoul", "--elements", "-",
        "--start", "2026-07-24", stdin="\n".join(lines).encode(),
    )  # fmt: skip
    assert found["results"][0]["spacecraft"] == {
        "id": "99991", "name": "STRANGER", "norad_id": 99991,
    }  # fmt: skip
    assert found["results"][0]["passes"]


def test_another_objects_elements_under_our_number_are_rejected(sattrack):
    lines = [_with_checksum(line.replace("98067A", "99067A")) if line[:2] in ("1 ", "2 ") else line
             for line in ISS_TLE.splitlines()]  # fmt: skip
    run = sattrack(
        "passes", "--at", "seoul", "--elements", "-", "--start", "2026-07-24",
        stdin="\n".join(lines).encode(),
    )  # fmt: skip
    assert run.status == 8
    assert run.err == (
        "sattrack: NORAD 25544: OBJECT_ID '1999-067A', but International Space Station is "
        "1998-067A\n"
    )


def test_max_age(sattrack):
    run = sattrack("passes", "425 sat-1", "--at", "seoul", "--max-age", "3d")
    assert run.status == 5
    assert "more than --max-age allows" in run.err
    assert sattrack("passes", "425 sat-1", "--at", "seoul", "--max-age", "60d").status == 0


FALLING = """FALLING
1 90001U          26324.00000000  .00000000  00000-0  20000-2 0  9990
2 90001  51.6000  10.0000 0005000  20.0000  30.0000 16.30000000    10
"""


def test_an_orbit_that_ends_in_the_window_is_printed_up_to_there(sattrack):
    text = "\n".join(
        _with_checksum(line) if line[:2] in ("1 ", "2 ") else line for line in FALLING.splitlines()
    ).encode()
    arguments = ("--at", "seoul", "--elements", "-", "--start", "2026-11-20T00:00Z", "--days", "10")
    run = sattrack("passes", *arguments, stdin=text)
    assert run.status == 4
    assert "warning: FALLING 90001: decayed at 2026-11-22T" in run.err
    assert "2026-11-21 " in run.out
    found = document(sattrack, "passes", "passes", *arguments, stdin=text)
    assert any("decayed at 2026-11-22T" in warning for warning in found["warnings"])
    late = sattrack(
        "passes", "--at", "seoul", "--elements", "-", "--start", "2026-12-20", stdin=text
    )
    assert (late.status, late.out) == (4, "")
    assert "decayed at" in late.err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("passes", "gemz", "--at", "seoul"), 3,
         "unknown name 'gemz'; did you mean gems? run: sattrack list"),
        (("passes", "iss", "--at", "atlantis"), 3, "unknown place 'atlantis'"),
        (("passes", "iss", "--at", "atlantis,london,delhi"), 3, "unknown place 'atlantis'"),
        (("passes", "iss", "--at", "london,atlantis,delhi"), 3, "unknown place 'atlantis'"),
        (("passes", "kdsa", "--at", "seoul"), 3,
         "Korea Deep Space Antenna is a place on the ground; use it as --at kdsa"),
        (("passes", "nobile-rim-1", "--at", "seoul"), 3,
         "'nobile-rim-1' is a region and has no orbit; run: sattrack show nobile-rim-1"),
        (("passes", "iss"), 2, "missing option '--at'; see: sattrack passes --help"),
        (("passes", "--at", "seoul"), 2,
         "name at least one spacecraft, or give a file with --elements"),
        (("passes", "iss", "--at", "seoul", "--frobnicate"), 2,
         "no such option: --frobnicate (Possible options: --format); see: sattrack passes --help"),
        (("passes", "iss", "--at", "seoul", "--min-elevation", "95"), 2,
         "a minimum elevation of 95 degrees is outside -10 to 89"),
        (("passes", "iss", "--at", "seoul", "--min-elevation", "nan"), 2,
         "invalid value for '--min-elevation': 'nan' is not a number"),
        (("passes", "iss", "--at", "seoul", "--days", "-1"), 2,
         "--days -1 is not a length of time; give more than 0"),
        (("passes", "iss", "--at", "seoul", "--days", "inf"), 2,
         "invalid value for '--days': 'inf' is not a number"),
        (("passes", "iss", "--at", "seoul", "--days", "1e9"), 2, "1e+09 days lead beyond the"),
        (("passes", "iss", "--at", "seoul", "--days", "2", "--end", "+3d"), 2,
         "--end and --days exclude each other; give one of them"),
        (("passes", "iss", "--at", "seoul", "--end", "2026-11-23"), 2,
         "the window ends at 2026-11-22T15:00:00.000Z, not after its start "
         "2026-11-24T02:00:00.000Z"),
        (("passes", "iss", "--at", "91,0"), 2, "place '91,0': latitude 91 is beyond 90 degrees"),
        (("passes", "iss", "--at", "seoul", "--start", "11/12/2026"), 2, "write 2026-1"),
        (("passes", "iss", "--at", "seoul", "--tz", "Asia/Soul"), 2, "Asia/Seoul"),
        (("passes", "12345", "--at", "seoul"), 4,
         "no elements for NORAD 12345; run: sattrack update 12345, or give a file"),
        (("passes", "iss", "--at", "seoul", "--elements", "no-such-file"), 9,
         "cannot read no-such-file: No such file or directory"),
        (("show", "nothing-of-that-name"), 3, "unknown name 'nothing-of-that-name'"),
        (("schema", "nonsense"), 3, "no schema of that name; there are: "),
        (("nonsense",), 2, "no such command 'nonsense'"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_and_its_status(sattrack, arguments, status, message):
    run = sattrack(*arguments)
    assert (run.status, run.out) == (status, "")
    assert run.err.startswith("sattrack: ")
    assert message in run.err
    assert run.err.count("\n") == 1
    assert "Traceback" not in run.err


def test_an_ambiguous_local_time_shows_both_readings(sattrack, monkeypatch):
    run = sattrack("passes", "iss", "--at", "seoul", "--start", "2026-11-01 01:30 America/New_York")
    assert run.status == 2
    assert "2026-11-01T01:30-04:00" in run.err
    assert "2026-11-01T01:30-05:00" in run.err


def test_negative_numbers_need_no_quoting_tricks(sattrack):
    run = sattrack("passes", "iss", "--at", "-33.9,-70.6", "--min-elevation", "-5")
    assert run.status == 0
    assert "33.9S 70.6W, above -5°" in run.out


def test_hostile_names_reach_no_terminal_or_spreadsheet(sattrack):
    header = (
        "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,"
        "ARG_OF_PERICENTER,MEAN_ANOMALY,EPHEMERIS_TYPE,CLASSIFICATION_TYPE,NORAD_CAT_ID,"
        "ELEMENT_SET_NO,REV_AT_EPOCH,BSTAR,MEAN_MOTION_DOT,MEAN_MOTION_DDOT\r\n"
    )
    numbers = "2026-11-24T00:00:00,15.5,.0001,51.6,10,20,30,0,U,{},999,1,0,0,0\r\n"
    text = header + "".join(
        f'"{name}",,{numbers.format(95000 + k)}'
        for k, name in enumerate(
            ["\x1b]0;owned\x07", "=HYPERLINK(1)", "a\u202eb", "-2+3", "@x", "+1", "tab\tbed"]
        )
    )
    arguments = ("passes", "--at", "seoul", "--elements", "-")
    table = sattrack(*arguments, stdin=text.encode())
    assert table.status == 0, table.err
    assert not any(c in table.out + table.err for c in "\x1b\x07\u202e\t")
    rows = list(csv.DictReader(io.StringIO(sattrack(
        *arguments, "--format", "csv", stdin=text.encode()).out)))  # fmt: skip
    names = {row["name"] for row in rows}
    assert "'=HYPERLINK(1)" in names
    assert not any(name.startswith(("=", "+", "-", "@", "\t")) for name in names)
    found = document(sattrack, "passes", *arguments, stdin=text.encode())
    assert "\x1b]0;owned\x07" in {r["spacecraft"]["name"] for r in found["results"]}


def test_an_answer_may_go_to_a_file(sattrack, tmp_path):
    path = tmp_path / "passes.json"
    run = sattrack("passes", "iss", "--at", "seoul", "--format", "json", "-o", str(path))
    assert (run.status, run.out) == (0, "")
    assert json.loads(path.read_text())["schema"] == "sattrack/passes/1"
    assert [item.name for item in tmp_path.iterdir() if item.is_file()] == ["passes.json"]
    blocked = sattrack("passes", "iss", "--at", "seoul", "-o", "/proc/nowhere/passes.txt")
    assert blocked.status == 9
    assert "cannot write /proc/nowhere/passes.txt" in blocked.err


def test_list(sattrack):
    out = sattrack("list").out
    for heading in ("Missions", "Spacecraft", "Instruments", "Stations", "Launches", "Groups"):
        assert heading in out
    found = document(sattrack, "list", "list")
    kinds = {row["kind"] for row in found["results"]}
    assert kinds == {"mission", "spacecraft", "instrument", "station", "launch", "region", "group"}
    gps = document(sattrack, "list", "list", "gps")["results"]
    assert len(gps) == 32
    rows = list(csv.DictReader(io.StringIO(sattrack("list", "gps", "--format", "csv").out)))
    assert [row["id"] for row in rows] == [row["id"] for row in gps]


def test_every_command_has_an_example_in_its_help(sattrack):
    for command in program().registered_commands:
        run = sattrack(command.name, "--help")
        assert run.status == 0
        assert f"Example: sattrack {command.name}" in run.out
    assert "Example: sattrack passes" in sattrack("--help").out


def test_help_imports_no_numpy(home):
    code = (
        "import sys; from sattrack.cli.main import run; status = run(['--help']); "
        "assert status == 0; heavy = {'numpy', 'skyfield', 'sgp4', 'rich', 'requests', 'pydantic'}"
        " & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_shell_completion_offers_names(home):
    from sattrack.cli.options import complete_name, complete_place

    assert "gems" in complete_name("ge")
    assert "다누리" in complete_name("다")
    assert {"kdsa"} <= set(complete_place("kd"))
    assert not any(name.startswith("danuri") for name in complete_place("d"))


def test_a_users_own_station_and_satellite(sattrack, home):
    folder = home / "catalog"
    folder.mkdir(parents=True)
    (home / "config.toml").write_text(
        '[sources]\nmine = { title = "measured" }\n'
        '[[station]]\nid = "roof"\nname = "Roof"\nsummary = "Our antenna"\nkind = "antenna"\n'
        'latitude_deg = 36.37\nlongitude_deg = 127.36\nheight_m = 90.0\nsource = "mine"\n'
    )
    (folder / "own.toml").write_text(
        '[sources]\nown = { title = "us" }\n'
        '[[spacecraft]]\nid = "station"\nname = "Our station"\nsummary = "Ours"\nsource = "own"\n'
        'orbit_data = "gp"\nnorad_id = 99990\n'
        '[[group]]\nid = "ours"\nname = "Ours"\nsummary = "Ours"\nsource = "own"\n'
        'members = ["station", "iss"]\n'
    )
    run = sattrack("passes", "iss", "--at", "roof")
    assert run.status == 0
    assert "Roof (36.37N 127.36E 90 m)" in run.out
    assert "Our station" in sattrack("list", "ours").out
    (folder / "own.toml").write_text('[[spacecraft]]\nid = "x"\nnorad = 5\n')
    broken = sattrack("passes", "iss", "--at", "roof")
    assert broken.status == 8
    assert "own.toml:3: spacecraft 'x': unknown key 'norad'; did you mean 'norad_id'?" in broken.err


def test_a_stations_own_horizon_cuts_passes(sattrack, home):
    home.mkdir(parents=True, exist_ok=True)
    station = (
        '[sources]\nmine = {{ title = "measured" }}\n'
        '[[station]]\nid = "{0}"\nname = "{0}"\nsummary = "Our antenna"\nkind = "antenna"\n'
        'latitude_deg = 36.37\nlongitude_deg = 127.36\nsource = "mine"\n{1}\n'
    )
    window = ("--start", "2026-07-24T00:00Z", "--days", "3", "--format", "json")
    (home / "config.toml").write_text(station.format("roof", "horizon_deg = [[0, 1], [180, 45]]"))
    run = sattrack("passes", "iss", "--at", "roof", *window)
    assert run.status == 0, run.err
    (cut,) = json.loads(run.out)["results"]
    jsonschema.validate(json.loads(run.out), json.loads(sattrack("schema", "passes").out))
    assert cut["place"]["horizon_deg"] == [[0.0, 1.0], [180.0, 45.0]]
    plain = sattrack("passes", "iss", "--at", "36.37,127.36", *window)
    (whole,) = json.loads(plain.out)["results"]
    assert sum(p["duration_s"] for p in cut["passes"]) < sum(
        p["duration_s"] for p in whole["passes"]
    )
    for more in ((), ("--visible",)):
        title = sattrack("passes", "iss", "--at", "roof", *more).out.partition("UTC")[0]
        assert "above 10° and the place's own horizon" in " ".join(title.split())
    assert "horizon_deg" in sattrack("show", "roof", "--format", "json").out
    (home / "config.toml").write_text(station.format("roof", "horizon_deg = [[0, 1], [0, 45]]"))
    broken = sattrack("passes", "iss", "--at", "roof")
    assert broken.status == 8
    assert "config.toml:11: station 'roof': 'horizon_deg' is no horizon" in broken.err
    assert "ascend" in broken.err


def test_doppler_of_a_frequency(sattrack):
    window = ("--start", "2026-07-24T00:00Z", "--days", "1")
    run = sattrack("passes", "iss", "--at", "seoul", "--frequency", "437.5MHz", *window)
    assert "Doppler 437.5 MHz" in run.out
    assert "Doppler: shift as received at rise, highest and set." in run.out
    run = sattrack(
        "passes", "iss", "--at", "seoul", "--frequency", "437.5 MHz", "--frequency", "2.2GHz",
        *window, "--format", "json",
    )  # fmt: skip
    jsonschema.validate(json.loads(run.out), json.loads(sattrack("schema", "passes").out))
    for one in json.loads(run.out)["results"][0]["passes"]:
        low, high = one["doppler"]
        assert low["rise_hz"] > abs(low["culmination_hz"]) > 0.0 > low["set_hz"]
        # The share of the frequency is the same; both are rounded to a millihertz.
        assert high["set_hz"] / low["set_hz"] == pytest.approx(2200.0 / 437.5, rel=1e-6)
    refused = sattrack("passes", "iss", "--at", "seoul", "--frequency", "437.5")
    assert refused.status == 2
    assert "437.5MHz" in refused.err
    assert refused.err.count("\n") == 1


def test_a_home_that_cannot_be_written_still_answers(sattrack, monkeypatch):
    monkeypatch.setenv("SATTRACK_HOME", "/proc/nowhere")
    assert sattrack("passes", "iss", "--at", "seoul").status == 0


def test_a_damaged_cache_is_made_again(sattrack, home):
    before = sattrack("passes", "iss", "--at", "kdsa").out
    (index,) = (home / "cache").glob("*.json")
    for content in (b"", b"{", b'{"fingerprint": 1}', b"\xff\xfe", index.read_bytes()[:-200]):
        index.write_bytes(content)
        assert sattrack("passes", "iss", "--at", "kdsa").out == before


def test_output_survives_a_plain_locale(home):
    done = subprocess.run(
        [sys.executable, "-m", "sattrack", "show", "danuri"],
        capture_output=True,
        env={"LC_ALL": "C", "SATTRACK_HOME": str(home), "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 0
    assert "다누리" in done.stdout.decode()


def test_a_reader_that_leaves_early_is_no_fault(home):
    done = subprocess.run(
        f"{sys.executable} -m sattrack list | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_an_expired_table_of_earth_orientation_is_said(sattrack):
    run = sattrack("passes", "gems", "--at", "seoul", "--start", "2029-01-01")
    assert "Earth orientation is predicted only to 20" in run.err


def test_a_command_imports_only_what_it_needs(home, tmp_path):
    """From the second command on: the first one checks the catalog and keeps an index of it."""
    out = str(tmp_path / "passes.json")
    code = (
        "import sys; from sattrack.cli.main import run; "
        f"status = run(['passes', 'iss', '--at', 'kdsa', '--format', 'json', '-o', {out!r}]); "
        "assert status == 0; heavy = {'pydantic', 'rich', 'requests', 'sqlite3', 'tomllib',"
        " 'sattrack.exports.calendars', 'sattrack.exports.kml',"
        " 'sattrack.exports.czml', 'sattrack.answers.paths'} & set(sys.modules);"
        " assert not heavy, heavy;"
        " assert 'sattrack.cli.passes' in sys.modules; assert 'sattrack.cli.dop' not in sys.modules"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "xml"), "'xml' is not one of table, json, csv, ics, kml, czml"),
        (("--limit", "0"), "0 is less than 1"),
        (("--limit", "1.5"), "'1.5' is not a whole number"),
        (("--days", "week"), "'week' is not a number"),
    ],
)
def test_options_are_checked(sattrack, arguments, message):
    run = sattrack("passes", "iss", "--at", "kdsa", *arguments)
    option = arguments[0]
    assert (run.status, run.out) == (2, "")
    assert run.err == (
        f"sattrack: invalid value for '{option}': {message}; see: sattrack passes --help\n"
    )


@pytest.fixture
def kept(home):
    """A store with two sets of the ISS, learnt a day apart."""
    from dataclasses import replace

    from sattrack.elements import Published
    from sattrack.store import Store

    (elements,) = read_element_sets(ISS_TLE.encode()).sets
    newer = replace(elements, epoch=elements.epoch + timedelta(days=1), mean_anomaly_deg=100.0)
    with Store.open(home / "store.sqlite") as store:
        for item in (elements, newer):
            learnt = item.epoch + timedelta(hours=2)
            store.add([Published(item, "celestrak", learnt)])
            other = replace(item, norad_id=270001, name="STRANGER", cospar_id="2026-099A")
            store.add([Published(other, "celestrak", learnt)])
    return elements, newer


def test_the_store_answers_with_the_epoch_that_suits_the_time(sattrack, kept):
    for elements, days in zip(kept, (0.1, 0.9), strict=True):
        start = (kept[0].epoch + timedelta(days=days)).isoformat()
        found = document(
            sattrack, "passes", "passes", "iss", "--at", "seoul", "--start", start, "--days", "1"
        )
        orbit = found["results"][0]["orbit"]
        assert orbit["source"] == "celestrak"
        assert datetime.fromisoformat(orbit["epoch"]) - elements.epoch < timedelta(seconds=1)


def test_an_old_answer_is_repeated_digit_for_digit(sattrack, kept, home):
    arguments = ("passes", "iss", "--at", "seoul", "--start", "2026-07-25T00:00Z")
    old = (*arguments, "--as-of", "2026-07-24T12:00Z")
    before = document(sattrack, "passes", *old)
    assert before["results"][0]["orbit"]["epoch"].startswith("2026-07-23")
    from dataclasses import replace

    from sattrack.elements import Published
    from sattrack.store import Store

    with Store.open(home / "store.sqlite") as store:
        newest = replace(kept[1], epoch=kept[1].epoch + timedelta(days=1))
        store.add([Published(newest, "celestrak", newest.epoch + timedelta(hours=1))])
    assert document(sattrack, "passes", *old) == before
    assert document(sattrack, "passes", *arguments) != before


def test_an_object_outside_the_catalog_answers_by_its_number(sattrack, kept):
    run = sattrack("passes", "270001", "--at", "seoul", "--start", "2026-07-24T00:00Z")
    assert run.status == 0
    assert "STRANGER (270001): celestrak elements" in run.out
    assert "STRANGER" in sattrack("show", "270001").out
    named = sattrack("passes", "stranger", "--at", "seoul", "--start", "2026-07-24T00:00Z")
    assert named.out == run.out


def test_a_damaged_store_is_no_reason_not_to_answer(sattrack, home):
    home.mkdir()
    (home / "store.sqlite").write_bytes(b"garbage" * 1000)
    run = sattrack("passes", "425 sat-1", "--at", "seoul")
    assert run.status == 0
    assert "embedded elements" in run.out
    assert "store.sqlite is damaged" in run.err


def test_no_arguments_show_the_help(sattrack):
    run = sattrack()
    assert (run.status, run.err) == (0, "")
    assert run.out.startswith("Usage: sattrack [OPTIONS] COMMAND")


def _csv_sets(*names: str) -> bytes:
    """Element sets of today for low satellites of these names."""
    header = (
        "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,"
        "ARG_OF_PERICENTER,MEAN_ANOMALY,EPHEMERIS_TYPE,CLASSIFICATION_TYPE,NORAD_CAT_ID,"
        "ELEMENT_SET_NO,REV_AT_EPOCH,BSTAR,MEAN_MOTION_DOT,MEAN_MOTION_DDOT\r\n"
    )
    rows = (
        f'"{name}",,2026-10-01T00:00:00,15.5,.0001,51.6,10,20,30,0,U,{95000 + k},999,1,.001,0,0\r\n'
        for k, name in enumerate(names)
    )
    return (header + "".join(rows)).encode()


def test_hostile_names_do_not_reach_the_terminal_through_errors_either(sattrack):
    text = _csv_sets("\x1b[31mEVIL\x1b]0;pwn\x07\u202eabc")
    for arguments in (
        ("passes", "--at", "seoul", "--elements", "-"),
        ("passes", "--at", "seoul", "--elements", "-", "--start", "2031-01-01"),
        ("position", "--elements", "-", "--time", "1950-01-01"),
        ("position", "\x1b[31mEVIL"),
        ("passes", "iss", "--at", "\u202eseoul"),
    ):
        run = sattrack(*arguments, stdin=text)
        assert run.err
        assert not any(character in run.err for character in "\x1b\x07\u202e")


def test_a_group_answers_for_those_who_can(sattrack):
    start = ("--start", "2027-06-01T00:00Z")
    run = sattrack("passes", "korea", "--at", "seoul", "--days", "0.1", *start)
    assert run.status == 4
    assert "425 SAT-1" in run.out
    assert "warning: Danuri: no orbit at 2027-06-01T00:00:00.000Z" in run.err
    arguments = ("position", "danuri", "iss", "--time", start[1])
    found = document(sattrack, "position", *arguments)
    assert [r["spacecraft"]["id"] for r in found["results"]] == ["iss"]


def test_an_answer_keeps_the_mode_follows_links_and_makes_no_folders(sattrack, tmp_path):
    arguments = ("passes", "iss", "--at", "seoul", "-o")
    target, link = tmp_path / "passes.txt", tmp_path / "link.txt"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    assert sattrack(*arguments, str(link)).status == 0
    assert link.is_symlink()
    assert target.read_text().startswith("Passes over Seoul")
    assert target.stat().st_mode & 0o777 == 0o640
    fresh = tmp_path / "fresh.txt"
    assert sattrack(*arguments, str(fresh)).status == 0
    assert fresh.stat().st_mode & 0o077  # as other programs make files, not for the owner alone
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert sattrack(*arguments, str(pipe)).status == 0
        assert reader.communicate()[0].startswith("Passes over Seoul")
    assert pipe.is_fifo()
    for bad, message in (
        (tmp_path, "it is a folder"),
        (tmp_path / "no" / "where", "there is no folder"),
    ):
        run = sattrack(*arguments, str(bad))
        assert run.status == 9
        assert message in run.err
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", "2>&-", "<&-"])
def test_streams_that_are_full_or_closed_are_no_bug(home, redirection):
    done = subprocess.run(
        f"{sys.executable} -m sattrack passes --at kdsa --elements - {redirection} </dev/null"
        if redirection == "<&-"
        else f"{sys.executable} -m sattrack passes iss --at kdsa {redirection}",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 8, 9)
    if redirection == ">/dev/full":
        assert done.returncode == 9
        assert "cannot write the answer: No space left on device" in done.stderr


def test_a_clock_change_inside_one_pass_is_shown(sattrack):
    run = sattrack(
        "passes", "qzs-2", "--at", "seoul", "--start", "2026-10-31T00:00Z", "--days", "2",
        "--tz", "America/New_York",
    )  # fmt: skip
    table = run.out[run.out.index("Date ") :]
    rows = [line for line in table.splitlines()[1:] if line.startswith("2026")]
    assert rows
    assert all("-0400" in row or "-0500" in row for row in rows)


def test_the_warning_grows_with_the_age_of_the_elements(sattrack):
    fresh = sattrack("passes", "iss", "--at", "seoul", "--start", "2026-07-24", "--days", "1")
    assert fresh.err == ""
    long = sattrack("passes", "iss", "--at", "seoul", "--start", "2026-07-24", "--days", "30")
    assert "up to 30 days from the time asked: times are good to about" in long.err
    absurd = sattrack("position", "iss", "--time", "2029-01-01")
    assert "times mean nothing any more" in absurd.err
    geo = document(sattrack, "passes", "passes", "iss", "kps", "--at", "seoul")
    errors = {
        r["spacecraft"]["id"]: [p["timing_uncertainty_s"] for p in r["passes"]]
        for r in geo["results"]
    }
    assert all(error > 60.0 for error in errors["iss"])  # 124 days old
    assert errors["kps-geo-1"] == [None]


def test_the_uncertainty_is_that_of_the_age(sattrack):
    from sattrack.orbits.ageing import timing_sigma_s

    found = document(
        sattrack, "passes", "passes", "iss", "--at", "seoul", "--start", "2026-07-26T00:00Z"
    )
    published = ElementShelf(embedded_elements()).nearest(25544, NOW)
    for one in found["results"][0]["passes"]:
        instant = datetime.fromisoformat(one["culmination"]["time"])
        age_days = (instant - published.elements.epoch) / timedelta(days=1)
        assert one["timing_uncertainty_s"] == pytest.approx(
            timing_sigma_s(published.elements, age_days), abs=0.001
        )


def test_epochs_in_the_future_are_refused(sattrack):
    text = _csv_sets("LATER").replace(b"2026-10-01", b"2026-11-27")
    run = sattrack("passes", "--at", "seoul", "--elements", "-", stdin=text)
    assert run.status == 8
    lines = run.err.splitlines()
    assert lines[0] == (
        "sattrack: warning: -: NORAD 95000: EPOCH 2026-11-27T00:00:00.000Z: lies more than 2 days "
        "after 2026-11-24T02:00:00.000Z"
    )
    assert lines[1] == "sattrack: -: no element set in it can be used"


def test_another_kind_of_orbit_under_our_number_is_rejected(sattrack):
    text = _csv_sets("X").replace(b",95000,", b",45246,")
    run = sattrack("passes", "gems", "--at", "seoul", "--elements", "-", stdin=text)
    assert run.status == 8
    assert run.err == (
        "sattrack: NORAD 45246: 15.5 revolutions a day with eccentricity 0.0001 is no orbit for "
        "GEO-KOMPSAT-2B (geo)\n"
    )


def test_a_limit_is_part_of_the_request(sattrack):
    found = document(sattrack, "passes", "passes", "iss", "--at", "kdsa", "--limit", "1")
    assert found["request"]["limit"] == 1
    assert document(sattrack, "passes", "passes", "iss", "--at", "kdsa")["request"]["limit"] is None


def test_a_zone_is_checked_whatever_the_form(sattrack):
    run = sattrack("passes", "iss", "--at", "kdsa", "--tz", "Nope/Zone", "--format", "csv")
    assert run.status == 2


def test_what_a_killed_write_left_behind_is_cleared(sattrack, home):
    cache = home / "cache"
    cache.mkdir(parents=True)
    old, fresh = cache / ".catalog.json.abcdef", cache / ".catalog.json.ghijkl"
    for path in (old, fresh):
        path.write_text("half")
    os.utime(old, (0.0, 0.0))
    os.utime(fresh, (NOW.timestamp(), NOW.timestamp()))
    assert sattrack("passes", "iss", "--at", "kdsa").status == 0
    assert not old.exists()
    assert fresh.exists()  # another process may be writing it
