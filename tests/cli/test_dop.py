"""`sattrack dop`, from an empty home and without a network."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest
from geojson_pydantic import FeatureCollection

START = ("--start", "2026-11-24T00:00Z", "--tz", "UTC")
LABEL = "KPS: illustrative; not the KPS design"
DOPS = ("gdop", "pdop", "hdop", "vdop", "tdop")


def text(sattrack, *arguments: str) -> str:
    run = sattrack("dop", *arguments, *START)
    assert run.status == 0, run.err
    return run.out


def checked(sattrack, kind: str, document: str) -> dict:
    found = json.loads(document)
    schema = json.loads(sattrack("schema", kind).out)
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def document(sattrack, *arguments: str) -> dict:
    return checked(sattrack, "dop", text(sattrack, *arguments, "--format", "json"))


def geojson(sattrack, *arguments: str) -> dict:
    written = text(sattrack, *arguments, "--format", "geojson")
    FeatureCollection.model_validate_json(written)
    return checked(sattrack, "dop-geojson", written)


def rows_of(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written)))


def test_gps_alone_beside_gps_with_kps_and_with_qzss(sattrack):
    found = document(sattrack, "--at", "seoul")
    gps, with_kps, with_qzss = found["results"]
    assert [one["name"] for one in found["results"]] == ["GPS", "GPS + KPS", "GPS + QZSS"]
    assert 1.5 < gps["statistics"]["pdop"]["median"] < 2.5
    assert gps["statistics"]["four_in_view_share"] == 1.0
    assert len(gps["samples"]) == 24 * 12 + 1
    for better in (with_kps, with_qzss):
        for mine, other in zip(better["samples"], gps["samples"], strict=True):
            assert mine["time"] == other["time"]
            assert sum(mine["in_view_by_system"].values()) == mine["in_view"]
            assert all(mine[name] <= other[name] for name in DOPS)
    assert [len(system["satellites"]) for system in found["systems"]] == [32, 8, 5]
    assert found["request"]["clocks"] == "one"
    assert found["request"]["max_pdop"] == 6.0


def test_the_statistics_are_those_of_the_samples(sattrack):
    (found,) = document(sattrack, "--at", "seoul", "--systems", "qzss", "--step", "7m")["results"]
    samples, statistics = found["samples"], found["statistics"]
    assert {one["reason"] for one in samples} == {None, "degenerate geometry"}
    for name in DOPS:
        values = sorted(float("inf") if s[name] is None else s[name] for s in samples)
        assert statistics[name]["min"] == values[0]
        assert statistics[name]["max"] is None
        assert statistics[name]["median"] == values[(len(values) - 1) // 2]
    good = sum(s["pdop"] is not None and s["pdop"] <= 6.0 for s in samples) / len(samples)
    assert statistics["good_pdop_share"] == pytest.approx(good, abs=1e-6)


def test_a_place_with_a_horizon_of_its_own_is_written_as_passes_has_it(sattrack, home):
    (home / "catalog").mkdir(parents=True)
    (home / "catalog" / "mine.toml").write_text(
        """
        [sources]
        survey = { title = "Our survey" }

        [[station]]
        id = "roof"
        name = "Roof"
        summary = "A dish behind a wall"
        kind = "antenna"
        latitude_deg = 36.3725
        longitude_deg = 127.3604
        height_m = 91.0
        horizon_deg = [[0, 2], [90, 31], [180, 3]]
        source = "survey"
        """
    )
    found = document(sattrack, "--at", "roof", "--systems", "qzss", "--step", "4h")
    assert found["results"][0]["place"]["horizon_deg"] == [[0, 2], [90, 31], [180, 3]]


def test_nominal_orbits_are_labelled_in_every_form(sattrack):
    table = text(sattrack, "--at", "seoul", "--days", "0.2")
    assert "KPS: 8 spacecraft, planned; nominal orbits, illustrative; not the KPS design" in table
    assert table.count(f"* {LABEL}") == 2  # below the statistics, and below the times
    assert "GPS + KPS*" in table
    assert "GPS + QZSS*" not in table
    labels = {
        one["name"]: (one["nominal"], one["illustrative"], one["note"])
        for one in document(sattrack, "--at", "seoul", "--days", "0.1")["results"]
    }
    planned, flown = (True, True, LABEL), (False, False, None)
    assert labels == {"GPS": flown, "GPS + KPS": planned, "GPS + QZSS": flown}
    at_place = ("--at", "seoul", "--days", "0.1")
    over_grid = ("--grid", "--spacing", "10", "--days", "0.1")
    for arguments in (at_place, over_grid):
        for row in rows_of(text(sattrack, *arguments, "--format", "csv")):
            assert row["note"] == (LABEL if row["systems"] == "gps+kps" else "")
            assert row["illustrative"] == ("true" if row["systems"] == "gps+kps" else "false")
            assert (row["min_elevation_deg"], row["clocks"], row["max_pdop"]) == (
                "10.0",
                "one",
                "6.0",
            )
        features = geojson(sattrack, *arguments)["features"]
        notes = {f["properties"]["systems"]: f["properties"]["note"] for f in features}
        assert notes == {"gps": None, "gps+kps": LABEL, "gps+qzss": None}
    assert f"* {LABEL}" in text(sattrack, *over_grid)
    run = sattrack("dop", *at_place)
    assert "illustrative; not the operator's design: KPS GEO-1 and 7 more" in run.err


def test_every_limit_is_named(sattrack):
    table = " ".join(text(sattrack, "--at", "seoul", "--min-elevation", "15").split())
    for words in ("15° above the plane", "One receiver clock", "healthy", "PDOP up to 6"):
        assert words in table
    assert "beyond 1,000, which is as good as singular" in table
    found = document(sattrack, "--at", "seoul", "--clocks", "per-system", "--days", "0.1")
    assert any("offset between the times" in one for one in found["assumptions"])


def test_the_table_fits_a_terminal(sattrack):
    table = text(sattrack, "--at", "seoul,kdsa", "--days", "0.2")
    assert all(len(line) <= 80 for line in table.splitlines())
    assert table.count("Positioning at") == 2
    rows = [line for line in table.splitlines() if line.startswith("2026-11-24 0")]
    assert len(rows) == 2 * (5 + 1)  # the window, and hours 0 to 4
    few = text(sattrack, "--at", "seoul", "--limit", "2", "--systems", "gps")
    assert [line[:16] for line in few.splitlines()][-2:] == ["2026-11-24 00:00", "2026-11-24 00:05"]
    assert "TDOP" in few.splitlines()[-3]
    every = "gps,gps+kps,gps+qzss,gps+kps+qzss"
    many = text(sattrack, "--at", "seoul", "--systems", every, "--days", "0.1")
    assert all(len(line) <= 80 for line in many.splitlines())
    assert "GPS + KPS + QZSS*" in many


def test_combinations_are_what_was_written(sattrack):
    def names(systems: str) -> list[str]:
        arguments = ("--at", "seoul", "--days", "0.01", "--systems", systems)
        return [one["name"] for one in document(sattrack, *arguments)["results"]]

    assert names("gps") == ["GPS"]
    assert names("qzss, gps") == ["QZSS", "QZSS + GPS"]
    assert names("gps+kps+qzss") == ["GPS + KPS + QZSS"]
    assert names("gps,kps + qzss") == ["GPS", "KPS + QZSS"]
    assert names("navstar") == ["GPS"]
    assert names("gps,gps+gps,navstar") == ["GPS"]
    assert names("gps,navstar,GPS") == ["GPS"]


def test_a_grid_is_that_of_single_places(sattrack):
    arguments = ("--systems", "gps,kps", "--days", "0.2", "--step", "10m", "--clocks", "per-system")
    grid = rows_of(
        text(sattrack, "--grid", "--bounds", "-10,120,30,130", "--spacing", "5", *arguments,
             "--format", "csv")
    )  # fmt: skip
    assert len(grid) == 9 * 3 * 2
    for row in (grid[0], grid[7], grid[-1]):
        at = f"{row['latitude_deg']},{row['longitude_deg']}"
        results = document(sattrack, "--at", at, *arguments)["results"]
        (same,) = [one for one in results if "+".join(one["systems"]) == row["systems"]]
        for name in DOPS:
            for part in ("min", "median", "p95", "max"):
                expected = same["statistics"][name][part]
                assert float(row[f"{name}_{part}"]) == pytest.approx(expected, abs=2e-6)


def test_a_grid_over_the_date_line_and_around_the_earth(sattrack):
    def longitudes(bounds: str, spacing: str) -> list[float]:
        arguments = ("--grid", "--bounds", bounds, "--spacing", spacing)
        found = geojson(sattrack, *arguments, "--systems", "gps", "--days", "0.01")
        return [one["geometry"]["coordinates"][0] for one in found["features"]]

    assert longitudes("0,170,0,-170", "10") == [170.0, 180.0, -170.0]
    assert longitudes("90,-180,90,180", "90") == [180.0, -90.0, 0.0, 90.0]
    assert longitudes("0,100,0.3,100", "0.1") == [100.0] * 4
    table = text(sattrack, "--grid", "--days", "0.05", "--spacing", "10")
    assert "latitude 20° to 50°, longitude 100° to 150°, every 10°" in " ".join(table.split())
    assert all(len(line) <= 80 for line in table.splitlines())


def test_satellites_without_orbit_are_named(sattrack, tmp_path):
    from sattrack.catalog import catalog_root

    lines = (catalog_root() / "snapshot" / "gp.csv").read_text(encoding="utf-8").splitlines()
    few = [line for line in lines[1:] if line.startswith("GPS B")][:6]
    file = tmp_path / "few.csv"
    file.write_text("\n".join([lines[0], *few]) + "\n", encoding="utf-8")
    run = sattrack("dop", "--at", "seoul", *START, "--elements", str(file), "--format", "json")
    assert run.status == 4
    found = checked(sattrack, "dop", run.out)
    assert [one["name"] for one in found["results"]] == ["GPS", "GPS + KPS"]
    gps = found["systems"][0]
    assert (len(gps["satellites"]), len(gps["missing"])) == (6, 26)
    assert any("gps+qzss is left out: there is no orbit of 'qzss'" in w for w in found["warnings"])
    assert "GPS BIII-10" in run.err
    reasons = {sample["reason"] for sample in found["results"][0]["samples"]}
    assert "too few satellites" in reasons
    table = sattrack("dop", "--at", "seoul", *START, "--elements", str(file)).out
    assert "GPS: 6 spacecraft of 32, the others without orbit" in table
    assert "none (" in table


def test_names_are_guarded(sattrack, home):
    home.mkdir()
    (home / "config.toml").write_text(
        '[sources]\nus = { title = "us" }\n[[station]]\nid = "roof"\nname = "=1+1"\nsummary = "s"\n'
        'kind = "antenna"\nlatitude_deg = 36.0\nlongitude_deg = 127.0\nsource = "us"\n',
        encoding="utf-8",
    )
    rows = rows_of(text(sattrack, "--at", "roof", "--days", "0.01", "--format", "csv"))
    assert {row["place"] for row in rows} == {"'=1+1"}


def test_a_name_from_a_file_cannot_turn_a_line_around(sattrack, tmp_path):
    from sattrack.catalog import catalog_root

    lines = (catalog_root() / "snapshot" / "gp.csv").read_text(encoding="utf-8").splitlines()
    fields = next(line for line in lines if line.startswith("GPS B")).split(",")
    number = lines[0].split(",").index("NORAD_CAT_ID")
    fields[0], fields[number] = "=EVIL \u202e NAME", "99998"
    file = tmp_path / "one.csv"
    file.write_text(f"{lines[0]}\n{','.join(fields)}\n", encoding="utf-8")
    for form in ("table", "json", "csv", "geojson"):
        run = sattrack("dop", "--at", "seoul", "--systems", "99998", "--days", "0.01", *START,
                       "--elements", str(file), "--format", form)  # fmt: skip
        assert run.status == 0, run.err
        assert "\u202e" not in run.out + run.err
        assert (form == "csv") or "EVIL" in run.out


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ((), 2, "give a place with --at, or --grid"),
        (("--at", "seoul", "--grid"), 2, "give a place with --at, or --grid"),
        (("--grid", "--format", "json"), 2, "a grid is written as geojson or csv"),
        (("--at", "seoul", "--systems", "galileo"), 3, "unknown name 'galileo'"),
        (("--at", "seoul", "--systems", "gps,,kps"), 2, "nothing empty between commas"),
        (("--at", "seoul", "--systems", "gps+gps-biii-10"), 2, "can count only once"),
        (("--at", "nowhereville"), 3, "nowhereville"),
        (("--at", "seoul", "--step", "soon"), 2, "cannot read the duration 'soon'"),
        (("--at", "seoul", "--step", "0s"), 2, "a step of 0 s is none"),
        (("--at", "seoul", "--step", "1s", "--days", "9"), 2, "instants are too many"),
        (("--at", "seoul", "--min-elevation", "90"), 2, "outside -10 to 89"),
        (("--at", "seoul", "--clocks", "two"), 2, "'two' is not one of one, per-system"),
        (("--at", "seoul", "--bounds", "1,2,3,4"), 2, "--bounds and --spacing are of a grid"),
        (("--at", "seoul", "--spacing", "2"), 2, "--bounds and --spacing are of a grid"),
        (("--grid", "--bounds", "1,2,3"), 2, "cannot read the bounds '1,2,3'"),
        (("--grid", "--bounds", "50,100,20,150"), 2, "bounds from latitude 50 to 20"),
        (("--grid", "--bounds", "0,100,20,nan"), 2, "longitude nan is outside"),
        (("--grid", "--spacing", "0"), 2, "a spacing of 0 degrees is none"),
        (("--grid", "--spacing", "0.001"), 2, "grid points are too many"),
        (("--grid", "--spacing", "0.2", "--days", "30"), 2, "at 8,641 instants are too many"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered(sattrack, arguments, status, message):
    run = sattrack("dop", *arguments)
    assert (run.status, run.out) == (status, "")
    assert message in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ("2026-07-01T00:00Z", "{ahead_least:.1f} to {ahead:.1f} days ahead"),
        ("2026-07-21T00:00Z", "{ahead:.1f} days ahead to {old:.1f} days old"),
        ("2026-08-01T00:00Z", "{old_least:.1f} to {old:.1f} days old"),
    ],
)
def test_the_table_tells_how_old_or_how_far_ahead_orbits_are(sattrack, start, text):
    arguments = ("--at", "seoul", "--systems", "gps", "--start", start, "--days", "1")
    out = " ".join(sattrack("dop", *arguments, "--step", "2d").out.split())
    found = sattrack("position", "gps", "--time", start, "--format", "json").out
    ages = [result["orbit"]["age_days"] for result in json.loads(found)["results"]]
    youngest, oldest = min(ages), max(ages)
    assert text.format(ahead_least=-oldest, ahead=-youngest, old_least=youngest, old=oldest) in out
    assert ", 1 instant GPS" in out
