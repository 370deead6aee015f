"""`sattrack coverage` for fields of regard, from an empty home and without a network."""

from __future__ import annotations

import csv
import io
import json

import jsonschema
import pytest
import shapely
from geojson_pydantic import FeatureCollection

START = ("--start", "2026-10-08T00:00+09:00", "--tz", "KST")
CITIES = "seoul,tokyo,jakarta,delhi,washington,mexico city,london,honolulu"
# Across 180 degrees, on a planned craft whose orbit is nominal and illustrative.
OWN = """
[sources]
ours = { title = "Our own plans" }

[[instrument]]
id = "lookout"
name = "=Lookout"
summary = "A spectrometer that may fly one day"
host = "kps-geo-2"
source = "ours"

[instrument.field_of_regard]
outline_deg = [[90.0, -60.0], [-130.0, -60.0], [-130.0, 60.0], [90.0, 60.0]]
source = "ours"

[instrument.scan]
every_min = 30
minute = 0
solar_zenith_limit_deg = 80.0
source = "ours"
"""


def document(sattrack, *arguments: str, form: str = "json", schema: str = "regard") -> dict:
    run = sattrack("coverage", *arguments, *START, "--format", form)
    assert run.status == 0, run.err
    found = json.loads(run.out)
    kind = json.loads(sattrack("schema", schema).out)
    jsonschema.Draft202012Validator(kind).validate(found)
    return found


def rows(sattrack, *arguments: str) -> list[dict[str, str]]:
    run = sattrack("coverage", *arguments, *START, "--format", "csv")
    assert run.status == 0, run.err
    return list(csv.DictReader(io.StringIO(run.out, newline="")))


@pytest.fixture
def own(home):
    home.mkdir()
    (home / "config.toml").write_text(OWN, encoding="utf-8")


def test_the_ring_and_who_sees_what(sattrack):
    found = document(sattrack, "air-quality", "--over", CITIES)
    assert len(found["results"]) == 24
    inside = {
        (result["place"]["name"], result["instrument"]["id"])
        for result in found["results"]
        if result["verdict"] == "inside"
    }
    assert inside == {
        ("Seoul", "gems"),
        ("Tokyo", "gems"),
        ("Delhi", "gems"),
        ("Washington", "tempo"),
        ("Mexico City", "tempo"),
        ("London", "sentinel-4"),
    }
    for result in found["results"]:
        hidden = result["verdict"] in ("beyond the limb", "behind the Earth")
        assert (result["viewing_zenith_deg"] is None) == hidden
        assert (result["ground_sample"] is None) == (result["verdict"] != "inside")
    assert any("Intelsat 40e" in warning for warning in found["warnings"])


def test_scans_and_their_labels_in_every_form(sattrack):
    (result,) = document(sattrack, "gems", "--over", "seoul")["results"]
    assert [scan["start"][11:16] for scan in result["scans"]] == [
        f"{hour:02d}:45" for hour in (22, 23, 0, 1, 2, 3, 4, 5, 6, 7)
    ]
    assert result["about_scans"] == 10
    assert result["ground_sample"]["north_south_km"] == pytest.approx(7.0, abs=0.05)
    reasons = [result[key]["approximate"] for key in ("field_of_regard", "ground_sample", "scan")]
    assert all(reasons)
    assert "unverified" in reasons[0]

    table = rows(sattrack, "gems", "--over", "seoul")
    assert [row["scan_start"] for row in table] == [scan["start"] for scan in result["scans"]]
    names = ("field_of_regard", "ground_sample", "scan")
    for row in table:
        assert [row[f"{name}_approximate"] for name in names] == reasons
        assert row["nominal"] == "false"

    text = sattrack("coverage", "gems", "--over", "seoul", *START).out
    assert "Seoul  GEMS        approximately        43.51°    ~7.0 x 8.0 km  37307 km" in text
    assert "2026-10-08  07:45   77.0°        43.56°" in text
    plain = " ".join(text.split())
    for reason in reasons:
        assert f"approximate: {reason}" in plain
    assert all(len(line) <= 80 for line in text.splitlines())

    outline, place = document(
        sattrack, "gems", "--over", "seoul", form="geojson", schema="regard-map"
    )["features"]
    assert outline["properties"]["approximate"] == reasons[0]
    assert outline["properties"]["source"]
    assert place["properties"]["seen_by"] == ["gems"]
    places = sattrack("coverage", "air-quality", "--over", CITIES, *START, "--format", "geojson")
    assert len(FeatureCollection.model_validate_json(places.out).features) == 3 + 8
    assert place["properties"]["results"][0]["scan"]["approximate"] == reasons[2]


def test_where_starts_are_not_published_daylight_is_told_and_none_invented(sattrack):
    (result,) = document(sattrack, "tempo", "--over", "washington")["results"]
    assert result["scans"] is None
    assert result["scan"]["minute"] is None
    assert result["about_scans"] == 6
    assert [stretch["open_start"] for stretch in result["daylight"]] == [True, False]
    table = rows(sattrack, "tempo", "--over", "washington")
    assert [row["daylight_start"] for row in table] == [s["start"] for s in result["daylight"]]
    assert all(row["scan_start"] == "" for row in table)
    text = sattrack("coverage", "tempo", "--over", "washington", *START).out
    assert "70°  before" in text
    assert "~6" in text


def test_what_sees_a_place_not_at_all(sattrack):
    text = " ".join(sattrack("coverage", "air-quality", "--over", "jakarta", *START).out.split())
    assert (
        "Jakarta: seen by none: outside the field of regard of GEMS; behind the Earth for TEMPO, "
        "Sentinel-4." in text
    )
    (row,) = rows(sattrack, "gems", "--over", "honolulu")
    assert row["verdict"] == "outside"
    assert float(row["viewing_zenith_deg"]) == pytest.approx(83.6, abs=0.1)


# West greater than east across 180 degrees is what RFC 7946, section 5.2, asks for.
@pytest.mark.filterwarnings("ignore:BBOX crossing the Antimeridian")
def test_the_map_is_geojson(sattrack, own):
    run = sattrack("coverage", "air-quality", "lookout", "--map")
    found = json.loads(run.out)
    kind = json.loads(sattrack("schema", "regard-map").out)
    jsonschema.Draft202012Validator(kind).validate(found)
    FeatureCollection.model_validate_json(run.out)
    assert [feature["id"] for feature in found["features"]] == [
        "gems", "tempo", "sentinel-4", "lookout",
    ]  # fmt: skip
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in found["features"]]
    for shape in shapes:
        assert shape.is_valid
        for polygon in getattr(shape, "geoms", [shape]):
            assert polygon.exterior.is_ccw
            assert -180.0 <= polygon.bounds[0] < polygon.bounds[2] <= 180.0
    gems, tempo, _, lookout = found["features"]
    assert gems["bbox"] == [75.0, -5.0, 145.0, 45.0]
    assert tempo["bbox"] == [-163.0, 17.24, -20.5, 63.7]
    assert shapes[3].area == 140.0 * 120.0
    assert len(shapes[3].geoms) == 2
    assert lookout["bbox"] == [90.0, -60.0, -130.0, 60.0]
    assert lookout["properties"]["nominal"] is True
    assert lookout["properties"]["approximate"] is None
    assert gems["properties"]["nominal"] is False


def test_a_planned_craft_is_labelled_in_every_form(sattrack, own):
    (result,) = document(sattrack, "lookout", "--over", "seoul")["results"]
    assert result["orbit"]["nominal"] is True
    assert result["orbit"]["illustrative"] is True
    assert result["ground_sample"] is None
    assert {scan["start"][14:16] for scan in result["scans"]} == {"00", "30"}
    assert result["field_of_regard"]["approximate"] is None
    text = sattrack("coverage", "lookout", "--over", "seoul", *START).out
    assert "nominal orbit, illustrative" in " ".join(text.split())
    assert "planned craft, inside" in text
    table = rows(sattrack, "lookout", "--over", "seoul")
    assert all(row["nominal"] == "true" for row in table)
    assert all(row["name"] == "'=Lookout" for row in table)  # no spreadsheet runs it
    _, place = document(
        sattrack, "lookout", "--over", "seoul", form="geojson", schema="regard-map"
    )["features"]
    assert place["properties"]["results"][0]["orbit"]["nominal"] is True


def test_a_spacecraft_speaks_for_its_instruments(sattrack):
    by_host = document(sattrack, "geo-kompsat-2b", "--over", "seoul")
    by_name = document(sattrack, "gems", "--over", "seoul")
    assert by_host["results"] == by_name["results"]
    run = sattrack("coverage", "geo-kompsat-2", "--over", "seoul", *START)
    assert run.status == 0
    assert "the catalog does not say what GOCI-II, AMI, KSEM can see" in run.err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("gems",), 2, "say --over which PLACE, or ask for the outlines with --map"),
        ((), 2, "name at least one instrument or spacecraft, such as gems"),
        (("iss", "--over", "seoul"), 2, "states neither a field of regard nor a sensor; add"),
        (("gps", "--over", "seoul"), 2, "GPS BIIR-5 and 31 more: the catalog states neither"),
        (("gems", "--map", "--format", "csv"), 2, "leave out --map or --format csv"),
        (("gems", "--over", "seoul", "--off-nadir", "20"), 2, "are for imaging; GEMS has a field"),
        (("gems", "recon", "--over", "seoul"), 2, "GEMS has a field of regard and 425 SAT-1 turns"),
        (("gems", "--over", "nowhere at all"), 3, "unknown place 'nowhere at all'"),
        (("gemz", "--over", "seoul"), 3, "did you mean gems"),
    ],
)
def test_what_cannot_be_answered(sattrack, arguments, status, message):
    run = sattrack("coverage", *arguments)
    assert run.status == status
    assert message in run.err
    assert run.out == ""
    assert len(run.err.splitlines()) == 1


def test_show_tells_of_it_with_sources(sattrack, own):
    text = sattrack("show", "gems").out
    assert "field of regard 5° S to 45° N, 75° E to 145° E [2]" in text
    assert "approximate: unverified" in text
    assert "90° E to 130° W" in sattrack("show", "lookout").out
    found = json.loads(sattrack("show", "tempo", "--format", "json").out)
    schema = json.loads(sattrack("schema", "show").out)
    jsonschema.Draft202012Validator(schema).validate(found)
    (tempo,) = found["results"]
    assert tempo["field_of_regard"]["cited"]["view_deg"]["title"] == "eoPortal, TEMPO"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('minute = 0\n', 'minute = 0\nfirst_utc = "22:10"\nlast_utc = "07:00"\n',
         "no scan starts at first_utc '22:10'"),
        ('minute = 0\n', 'minute = 0\nfirst_utc = "22:00"\n', "first_utc and last_utc go together"),
        ('minute = 0\n', 'minute = 0\nfirst_utc = "9:00"\n', "should look like '23:45'"),
        ("[90.0, 60.0]", "[90.0, 95.0]", "outline_deg"),
        ('"ours"\n\n[instrument.scan]', '"theirs"\n\n[instrument.scan]', "unknown source 'theirs'"),
        ("solar_zenith_limit_deg", "zenith_limit_deg", "unknown key 'zenith_limit_deg'"),
    ],
)  # fmt: skip
def test_faults_of_ones_own_catalog_are_told(sattrack, home, old, new, message):
    home.mkdir()
    assert old in OWN
    (home / "config.toml").write_text(OWN.replace(old, new), encoding="utf-8")
    run = sattrack("coverage", "lookout", "--map")
    assert run.status == 8
    assert message in run.err
    assert "config.toml:" in run.err
