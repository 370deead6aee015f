"""`sattrack passes --visible`, and the light in JSON and CSV, from an empty home."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime

import jsonschema
import pytest

WINDOW = ("--at", "seoul", "--start", "2026-07-24T09:00+09:00", "--days", "4", "--tz", "KST")


def document(sattrack, *arguments: str) -> dict:
    run = sattrack("passes", *arguments, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    schema = json.loads(sattrack("schema", "passes").out)
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(found)
    return found


def test_every_pass_tells_of_its_light(sattrack):
    found = document(sattrack, "iss", "gems", *WINDOW)
    assert found["request"]["shadow_model"] == "oblate"
    assert found["request"]["sun_below_deg"] == -6.0
    assert found["request"]["only_visible"] is False
    station, gems = found["results"]
    assert station["standard_magnitude"]["value"] == -1.8
    assert station["standard_magnitude"]["convention"] == "1000 km, half phase"
    assert "standard_magnitude" not in gems
    passes = [*station["passes"], *gems["passes"]]
    assert any(one["light"]["visible"] for one in passes)
    assert not all(one["light"]["visible"] for one in passes)
    for one in station["passes"]:
        light = one["light"]
        assert light["craft"][0]["start"] == one["rise"]["time"]
        assert light["sky"][-1]["end"] == one["set"]["time"]
        assert light["culmination"]["time"] == one["culmination"]["time"]
        for part in light["visible"]:
            assert part["brightest"]["magnitude"] <= part["start"]["magnitude"]
    assert all(
        part["brightest"] is None for one in gems["passes"] for part in one["light"]["visible"]
    )


def test_the_table_of_visible_passes(sattrack):
    run = sattrack("passes", "iss", *WINDOW, "--visible")
    assert run.status == 0, run.err
    lines = run.out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    text = " ".join(run.out.split())
    assert "Visible passes over Seoul" in text
    assert "with the Sun below -6°" in text
    assert "outside the umbra of the oblate Earth (WGS 84)" in text
    assert "at 1000 km, half phase: International Space Station -1.8 (Heavens-Above" in text
    shown = [line for line in lines if line.startswith("2026-07-2") and "KST" not in line]
    found = document(sattrack, "iss", *WINDOW, "--visible")
    (result,) = found["results"]
    parts = [part for one in result["passes"] for part in one["light"]["visible"]]
    assert len(shown) == len(parts) == 5
    for line, part in zip(shown, parts, strict=True):
        start = datetime.fromisoformat(part["start"]["time"])
        # 9 hours ahead, rounded to the second.
        assert f"{(start.hour + 9) % 24:02d}:{start.minute:02d}" in line or start.second == 59
        assert f"{part['brightest']['magnitude']:.1f}" in line


def test_what_cannot_be_seen_is_said(sattrack):
    run = sattrack("passes", "iss", "danuri", *WINDOW[:3], "2026-10-09T00:00Z", "--visible")
    text = " ".join(run.out.split())
    assert "International Space Station cannot be seen in any of its 5 passes" in text
    assert "Danuri orbits the Moon; whether it can be seen is not judged." in text
    found = document(sattrack, "danuri", *WINDOW[:3], "2026-10-09")
    assert found["results"][0]["passes"]
    assert all("light" not in one for one in found["results"][0]["passes"])


def test_a_limit_counts_visible_passes(sattrack):
    every = document(sattrack, "iss", "hst", *WINDOW, "--visible")
    first = document(sattrack, "iss", "hst", *WINDOW, "--visible", "--limit", "3")
    assert first["request"]["limit"] == 3

    def rises(found: dict) -> list[str]:
        return sorted(p["rise"]["time"] for r in found["results"] for p in r["passes"])

    assert rises(first) == rises(every)[:3]
    assert len(rises(every)) > 3


def test_csv_has_a_column_for_each(sattrack):
    found = document(sattrack, "iss", *WINDOW)
    run = sattrack("passes", "iss", *WINDOW, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    for row, one in zip(rows, found["results"][0]["passes"], strict=True):
        light = one["light"]
        assert row["culmination_sky"] == light["culmination"]["sky"]
        assert row["culmination_craft"] == light["culmination"]["craft"]
        assert (
            float(row["culmination_moon_separation_deg"])
            == (light["culmination"]["moon_separation_deg"])
        )
        if light["visible"]:
            assert row["visible_start"] == light["visible"][0]["start"]["time"]
            assert row["visible_end"] == light["visible"][-1]["end"]["time"]
            assert float(row["magnitude"]) == light["visible"][0]["brightest"]["magnitude"]
        else:
            assert (row["visible_start"], row["visible_s"], row["magnitude"]) == ("", "0.0", "")


def test_conditions_are_named_and_change_the_answer(sattrack):
    usual = document(sattrack, "iss", *WINDOW, "--visible")
    darker = document(
        sattrack, "iss", *WINDOW, "--visible", "--sun-below", "-18", "--shadow", "spherical"
    )
    assert darker["request"]["sun_below_deg"] == -18.0
    assert darker["request"]["shadow_model"] == "spherical"
    assert len(darker["results"][0]["passes"]) < len(usual["results"][0]["passes"])
    table = " ".join(
        sattrack("passes", "iss", *WINDOW, "--visible", "--shadow", "spherical").out.split()
    )
    assert "outside the umbra of a spherical Earth" in table
    refused = sattrack("passes", "iss", *WINDOW, "--visible", "--sun-below", "100")
    assert refused.status == 2
    assert "a limit of 100 degrees for the Sun is outside -90 to 90" in refused.err


def test_years_without_a_sun_have_passes_all_the_same(sattrack):
    window = ("kps-igso-1", "--at", "seoul", "--start", "2060-01-01T00:00Z", "--days", "1")
    run = sattrack("passes", *window, "--format", "json")
    assert run.status == 0
    (result,) = json.loads(run.out)["results"]
    assert result["passes"]
    assert "light" not in result["passes"][0]
    assert "Sun and Moon are known from 2000-01-01 to 2050-01-01 only" in run.err
    assert sattrack("passes", *window, "--visible").status == 4


def test_frequency_and_visible_exclude_each_other_in_a_table(sattrack):
    both = ("iss", *WINDOW, "--visible", "--frequency", "437.5MHz")
    refused = sattrack("passes", *both)
    assert refused.status == 2
    assert "has no room for --frequency" in refused.err
    (result,) = document(sattrack, *both)["results"]
    assert result["passes"][0]["doppler"]


def test_planned_orbits_stay_labelled(sattrack):
    run = sattrack("passes", "kps", *WINDOW, "--visible")
    assert "illustrative; not the operator's design" in " ".join(run.out.split())


@pytest.mark.parametrize("name", ["iss", "our-craft"])
def test_a_catalog_of_ones_own_may_state_a_magnitude(sattrack, tmp_path, monkeypatch, name):
    monkeypatch.setenv("SATTRACK_HOME", str(tmp_path))
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "own.toml").write_text(
        """
[sources]
us = { title = "Our telescope, 2026" }
[[spacecraft]]
id = "our-craft"
name = "Our craft"
summary = "Seen from the roof."
norad_id = 40536
orbit_data = "gp"
standard_magnitude = 5.5
source = "us"
""".replace("40536", "99990"),
        encoding="utf-8",
    )
    text = " ".join(sattrack("show", name).out.split())
    expected = "-1.8" if name == "iss" else "5.5"
    assert f"magnitude {expected} at 1000 km and half phase" in text
