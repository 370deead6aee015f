"""`sattrack track`: states over a window, in every frame and form; files written and read."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import jsonschema
import pytest

from sattrack.formats.oem import read_oem, write_oem

WINDOW = ("--start", "2026-11-24T00:00Z", "--days", "0.5")
FRAMES = ["gcrf", "itrf", "teme", "moon-icrf", "moon-me"]


def document(sattrack, *arguments: str, status: int = 0) -> dict:
    run = sattrack("track", *arguments, "--format", "json")
    assert run.status == status, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "track").out)
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
        found
    )
    return found


def test_every_minute_of_half_a_day(sattrack):
    found = document(sattrack, "danuri", "iss", *WINDOW)
    assert found["request"] == {
        "start": "2026-11-24T00:00:00.000Z",
        "end": "2026-11-24T12:00:00.000Z",
        "step_s": 60.0,
        "frame": None,
    }
    danuri, iss = found["results"]
    assert (danuri["frame"], danuri["center"]) == ("moon-icrf", "moon")
    assert (iss["frame"], iss["center"]) == ("gcrf", "earth")
    for result in (danuri, iss):
        times = [sample["time"] for sample in result["samples"]]
        assert len(times) == 721
        assert times[:2] == ["2026-11-24T00:00:00.000Z", "2026-11-24T00:01:00.000Z"]
        assert times[-1] == "2026-11-24T12:00:00.000Z"
    heights = [sample["height_km"] for sample in danuri["samples"]]
    # Its orbit of 2026-09-01, 51 by 211 km, has changed little.
    assert 40.0 < min(heights) < 90.0
    assert 180.0 < max(heights) < 230.0


@pytest.mark.parametrize("name", ["danuri", "iss", "kps"])
def test_it_agrees_with_position(sattrack, name):
    time = ("--time", "2026-11-24T06:00:00Z")
    single = json.loads(sattrack("position", name, *time, "--format", "json").out)["results"][0]
    result = document(sattrack, name, *WINDOW, "--step", "21600", "--frame", "gcrf")["results"][0]
    sample = result["samples"][1]
    assert sample["time"] == single["time"]
    assert sample["position_km"] == pytest.approx(single["position_km"], abs=2e-6)
    assert sample["velocity_km_s"] == pytest.approx(single["velocity_km_s"], abs=2e-9)
    if name != "danuri":
        assert sample["height_km"] == pytest.approx(single["height_km"], abs=2e-6)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", ["danuri", "iss"])
def test_an_oem_in_any_frame_answers_like_the_orbit(sattrack, tmp_path, name, frame):
    path = tmp_path / "track.oem"
    run = sattrack("track", name, *WINDOW, "--frame", frame, "--format", "oem", "-o", str(path))
    assert (run.status, run.out) == (0, "")
    (segment,) = read_oem(path.read_bytes())
    assert segment.centre == ("MOON" if frame.startswith("moon") else "EARTH")
    # Half a step beside the nodes, where interpolation works hardest.
    beside = ("--start", "2026-11-24T03:00:30Z", "--days", "0.3", "--step", "600")
    arguments = (*beside, "--frame", "gcrf")
    (own,) = document(sattrack, name, *arguments)["results"]
    (given,) = document(sattrack, name, *arguments, "--elements", str(path))["results"]
    (alone,) = document(sattrack, *arguments, "--elements", str(path))["results"]
    assert given == alone
    assert given["spacecraft"] == own["spacecraft"]
    assert (given["orbit"]["kind"], given["orbit"]["source"]) == ("tabulated", "file")
    # SGP4's velocities, which the interpolation trusts, are not its positions' derivatives.
    allowed_km = 0.1 if name == "iss" else 1e-3
    for one, other in zip(own["samples"], given["samples"], strict=True):
        assert one["position_km"] == pytest.approx(other["position_km"], abs=allowed_km)


def test_xml_is_recognised_by_its_content(sattrack, tmp_path):
    run = sattrack("track", "danuri", *WINDOW, "--format", "oem")
    segments = read_oem(run.out.encode())
    text = write_oem(segments, datetime(2026, 11, 24, tzinfo=UTC), "xml").encode()
    arguments = ("track", "danuri", "--elements", "-", "--start", "2026-11-24T01:00Z", "--end")
    run = sattrack(*arguments, "2026-11-24T02:00Z", stdin=text)
    assert (run.status, run.err) == (0, "")
    assert "file ephemeris, 2026-11-24 00:00 to 2026-11-24 12:00 UTC" in run.out


def test_passes_over_a_place_from_a_file(sattrack, tmp_path):
    path = tmp_path / "iss.oem"
    window = ("--start", "2026-11-24T00:00Z", "--days", "1")
    sattrack("track", "iss", *window, "--format", "oem", "-o", str(path))
    search = ("passes", "iss", "--at", "seoul", "--start", "2026-11-24T01:00Z", "--days", "0.9")
    own, given = (
        json.loads(sattrack(*search, *more, "--format", "json").out)["results"][0]["passes"]
        for more in ((), ("--elements", str(path)))
    )
    assert len(own) == len(given) > 2
    for one, other in zip(own, given, strict=True):
        assert one["rise"]["time"][:19] == other["rise"]["time"][:19]


def test_several_objects_in_one_file(sattrack, tmp_path):
    path = tmp_path / "two.oem"
    sattrack("track", "danuri", "iss", *WINDOW, "--format", "oem", "-o", str(path))
    short = ("--start", "2026-11-24T00:00Z", "--days", "0.01", "--elements", str(path))
    both = document(sattrack, *short)["results"]
    assert [result["spacecraft"]["id"] for result in both] == ["danuri", "iss"]
    for name in ("1998-067A", "25544", "ISS", "International Space Station"):
        (one,) = document(sattrack, name, *short)["results"]
        assert one["spacecraft"]["id"] == "iss"
    run = sattrack("track", "hst", *short)
    assert run.status == 3
    assert "'hst' is not in the file; it holds: Danuri, International Space Station" in run.err


def test_an_object_that_the_catalog_does_not_know(sattrack):
    text = sattrack("track", "iss", *WINDOW, "--format", "oem").out
    text = text.replace("1998-067A", "2030-001A").replace("International Space Station", "NEW ONE")
    short = ("--start", "2026-11-24T00:00Z", "--days", "0.01", "--elements", "-")
    run = sattrack("track", "new one", *short, "--format", "json", stdin=text.encode())
    (result,) = json.loads(run.out)["results"]
    assert result["spacecraft"] == {"id": "2030-001A", "name": "NEW ONE", "norad_id": None}


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("danuri", "--step", "0"), 2, "a step of 0 s is no whole number of milliseconds"),
        (("danuri", "--step", "0.0001"), 2, "no whole number"),
        (("danuri", "--step", "-60"), 2, "no whole number"),
        (("danuri", "--step", "nan"), 2, ""),
        (("danuri", "--step", "0.01"), 2, "8,640,001 samples are too many"),
        (("danuri", "--frame", "j2000"), 2, "not one of gcrf, itrf, teme, moon-icrf, moon-me"),
        ((), 2, "name at least one spacecraft"),
        (("danuri", "--start", "2027-06-01"), 4, "no orbit at"),
    ],
)
def test_usage(sattrack, arguments, status, said):
    run = sattrack("track", *arguments)
    assert (run.status, run.out) == (status, "")
    assert said in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CCSDS_OEM_VERS = 2.0\nMETA_START\n", "cut short"),
        ("CCSDS_OEM_VERS = 5\n", "version '5' of the OEM"),
    ],
)
def test_a_broken_file_is_named(sattrack, tmp_path, text, said):
    path = tmp_path / "broken.oem"
    path.write_text(text)
    run = sattrack("track", "--elements", str(path))
    assert (run.status, run.out) == (8, "")
    assert str(path) in run.err
    assert said in run.err


def test_a_file_too_coarse_to_interpolate_is_refused(sattrack):
    text = sattrack("track", "iss", *WINDOW, "--step", "1800", "--format", "oem").out
    run = sattrack("track", "--elements", "-", stdin=text.encode())
    assert run.status == 8
    assert "1800 s between states 2 and 3 is too long to interpolate" in run.err


def test_beyond_the_file_there_is_no_orbit(sattrack):
    text = sattrack("track", "danuri", *WINDOW, "--format", "oem").out
    late = ("--start", "2026-11-25T00:00Z", "--elements", "-")
    run = sattrack("track", *late, stdin=text.encode())
    assert run.status == 4
    assert "the file covers 2026-11-24 00:00 to 2026-11-24 12:00 UTC" in run.err
    # Over its end, what comes before is printed.
    late = ("--start", "2026-11-24T11:00Z", "--days", "1", "--elements", "-")
    run = sattrack("track", *late, "--format", "csv", stdin=text.encode())
    assert run.status == 4
    assert "Danuri: the table ends" in run.err
    assert len(run.out.splitlines()) == 61


def test_an_ephemeris_has_no_history(sattrack):
    text = sattrack("track", "iss", *WINDOW, "--format", "oem").out
    run = sattrack("history", "iss", "--elements", "-", stdin=text.encode())
    assert run.status == 2
    assert "an ephemeris file holds no element sets" in run.err


def test_csv_has_the_numbers_of_json(sattrack):
    short = ("danuri", "iss", "--start", "2026-11-24T00:00Z", "--days", "0.01")
    rows = list(csv.DictReader(io.StringIO(sattrack("track", *short, "--format", "csv").out)))
    results = document(sattrack, *short)["results"]
    samples = [(r, sample) for r in results for sample in r["samples"]]
    assert len(rows) == len(samples) == 30
    for row, (result, sample) in zip(rows, samples, strict=True):
        assert row["spacecraft_id"] == result["spacecraft"]["id"]
        assert (row["frame"], row["center"]) == (result["frame"], result["center"])
        assert row["time"] == sample["time"]
        assert [float(row[f"position_{axis}_km"]) for axis in "xyz"] == sample["position_km"]
        assert [float(row[f"velocity_{a}_km_s"]) for a in "xyz"] == sample["velocity_km_s"]
        assert float(row["height_km"]) == sample["height_km"]


def test_a_table_for_people(sattrack, monkeypatch):
    short = ("track", "danuri", "--start", "2026-11-24T00:00Z", "--days", "0.01", "--tz", "KST")
    run = sattrack(*short)
    assert run.status == 0
    assert "Danuri (53365): embedded ephemeris" in run.out
    assert "  1.6611  -29.5591°   71.4485°   83.94 km" in run.out
    assert "X km" not in run.out
    assert max(map(len, run.out.splitlines())) <= 80
    assert "is good to 5 km" in run.err
    monkeypatch.setenv("COLUMNS", "160")
    assert "955.706" in sattrack(*short).out
    run = sattrack(*short, "--step", "0.5")
    assert "2026-11-24 09:00:00.500" in run.out


def test_samples_lie_on_whole_milliseconds(sattrack):
    arguments = ("iss", "--start", "2026-11-24T00:00:00.1234567Z", "--days", "0.001")
    (result,) = document(sattrack, *arguments, "--step", "0.25")["results"]
    assert [sample["time"][-7:] for sample in result["samples"][:3]] == [
        "00.123Z",
        "00.373Z",
        "00.623Z",
    ]
