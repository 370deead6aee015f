"""GeoJSON and KML, read by independent libraries and schemas."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import fastkml
import fastkml.validator
import jsonschema
import numpy as np
import pytest
import shapely
from geojson_pydantic import FeatureCollection
from lxml import etree

DAY = ("--start", "2026-11-24T00:00Z", "--days", "1")
KML = "{http://www.opengis.net/kml/2.2}"
GX = "{http://www.google.com/kml/ext/2.2}"
SCHEMAS = Path(fastkml.validator.__file__).parent / "schema"


def geojson(sattrack, *arguments: str) -> dict:
    run = sattrack("track", *arguments, "--format", "geojson")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    FeatureCollection.model_validate(found)
    schema = json.loads(sattrack("schema", "track-map").out)
    jsonschema.Draft202012Validator(schema).validate(found)
    return found


def kml(sattrack, *arguments: str) -> etree._Element:
    """Return what is valid by the schemas of OGC and Google, and legible for fastkml."""
    run = sattrack(*arguments, "--format", "kml")
    assert run.status == 0, run.err
    return validated(run.out)


def validated(text: str) -> etree._Element:
    root = etree.fromstring(text.encode())
    # The extension imports KML itself, from beside it.
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "kml22gx.xsd"))
    schema.assertValid(root)
    assert fastkml.KML.from_string(text.encode()).features
    return root


def samples(sattrack, *arguments: str) -> list[dict]:
    run = sattrack("track", *arguments, "--format", "json")
    return json.loads(run.out)["results"]


@pytest.mark.parametrize("name", ["iss", "qzs-2", "gems", "danuri", "kps-geo-1"])
def test_tracks_are_split_at_the_antimeridian(sattrack, name):
    found = geojson(sattrack, name, *DAY)
    line, point, area = found["features"]
    (result,) = samples(sattrack, name, *DAY)
    assert [f["properties"]["kind"] for f in found["features"]] == [
        "ground track",
        "sub-point",
        "footprint",
    ]
    assert found["body"] == result["center"]
    parts, times = line["geometry"]["coordinates"], line["properties"]["coordTimes"]
    if line["geometry"]["type"] == "LineString":
        parts, times = [parts], [times]
    for part in parts:
        longitudes = np.array(part)[:, 0]
        assert np.abs(longitudes).max() <= 180.0
        assert np.abs(np.diff(longitudes)).max() <= 180.0
    # Each part ends where the next begins, on the other side of the line.
    for k, (one, other) in enumerate(pairwise(parts)):
        assert one[-1][0] == -other[0][0]
        assert abs(one[-1][0]) == 180.0
        assert one[-1][1] == other[0][1]
        assert times[k][-1] == times[k + 1][0]
        # They lie on the straight line between the states on either side, at its time.
        (x0, y0), (x1, y1) = one[-2], other[1]
        turn = 360.0 if x0 > 0.0 else -360.0
        share = (one[-1][0] - x0) / (x1 + turn - x0)
        assert 0.0 <= share <= 1.0
        assert one[-1][1] == pytest.approx(y0 + share * (y1 - y0), abs=3e-6)
        before, at, after = map(
            datetime.fromisoformat, (times[k][-2], times[k][-1], times[k + 1][1])
        )
        assert (at - before) / (after - before) == pytest.approx(share, abs=3e-5)
    # Beside these ends it is every state of the track, in order, at its time.
    joined = [
        (time, *where)
        for part, when in zip(parts, times, strict=True)
        for where, time in zip(part, when, strict=True)
        if abs(where[0]) != 180.0
    ]
    told = [(s["time"], s["longitude_deg"], s["latitude_deg"]) for s in result["samples"]]
    assert joined == told
    first = result["samples"][0]
    assert point["geometry"]["coordinates"] == [first["longitude_deg"], first["latitude_deg"]]
    assert area["properties"]["time"] == first["time"]
    assert shapely.geometry.shape(area["geometry"]).contains(
        shapely.geometry.shape(point["geometry"])
    )
    for feature in found["features"]:
        assert feature["properties"]["orbit"] == result["orbit"]
        assert feature["properties"]["nominal"] is (name == "kps-geo-1")
        assert feature["properties"]["spacecraft_id"] == result["spacecraft"]["id"]


def test_footprints_are_closed_over_poles_and_follow_the_right_hand_rule(sattrack):
    kinds = set()
    for hour in (0, 7, 13, 20):
        window = ("--start", f"2026-11-24T{hour:02d}:00Z", "--days", "0.01")
        for name in ("iss", "hst", "425-sat-1", "danuri", "qzs-2", "gps"):
            for feature in geojson(sattrack, name, *window)["features"]:
                if feature["properties"]["kind"] == "footprint":
                    kinds.add(feature["geometry"]["type"])
                    check_area(feature["geometry"])
    assert kinds == {"Polygon", "MultiPolygon"}


def check_area(geometry: dict) -> None:
    shape = shapely.geometry.shape(geometry)
    assert shape.is_valid
    parts = shape.geoms if geometry["type"] == "MultiPolygon" else [shape]
    for part in parts:
        assert part.exterior.is_ccw
        assert part.bounds[0] >= -180.0
        assert part.bounds[2] <= 180.0


def test_every_feature_has_a_line_of_its_own(sattrack):
    run = sattrack("track", "iss", "hst", *DAY, "--format", "geojson")
    assert len(run.out.splitlines()) < 30
    assert json.loads(run.out)["schema"] == "sattrack/track-map/1"


@pytest.mark.parametrize("form", ["geojson", "kml"])
def test_one_map_shows_one_body(sattrack, form):
    run = sattrack("track", "iss", "danuri", *DAY, "--format", form)
    assert (run.status, run.out) == (2, "")
    assert "one map shows one body" in run.err
    assert sattrack("track", "iss", "danuri", *DAY, "--frame", "itrf", "--format", form).status == 0


def test_tracks_as_kml(sattrack):
    root = kml(sattrack, "track", "iss", "kps-geo-1", *DAY)
    results = samples(sattrack, "iss", "kps-geo-1", *DAY)
    folders = root.findall(f"{KML}Document/{KML}Folder")
    assert [f.findtext(f"{KML}name") for f in folders] == [
        "International Space Station",
        f"{results[1]['spacecraft']['name']} (nominal)",
    ]
    for folder, result in zip(folders, results, strict=True):
        (track,) = folder.iter(f"{GX}Track")
        assert [e.text for e in track.iter(f"{KML}when")] == [s["time"] for s in result["samples"]]
        coords = np.array([e.text.split() for e in track.iter(f"{GX}coord")], dtype=float)
        told = [
            (s["longitude_deg"], s["latitude_deg"], 1e3 * s["height_km"]) for s in result["samples"]
        ]
        assert coords == pytest.approx(np.array(told), abs=0.051)
    assert "hint" not in root.attrib


def test_on_the_moon_kml_says_so(sattrack):
    root = kml(sattrack, "track", "danuri", *DAY)
    assert root.get("hint") == "target=moon"


def test_passes_as_kml(sattrack):
    arguments = ("passes", "iss", "hst", "--at", "seoul,kdsa", *DAY)
    root = kml(sattrack, *arguments)
    results = json.loads(sattrack(*arguments, "--format", "json").out)["results"]
    places, *folders = root.findall(f"{KML}Document/{KML}Folder")
    assert [p.findtext(f"{KML}name") for p in places.iter(f"{KML}Placemark")] == [
        "Seoul",
        "Korea Deep Space Antenna",
    ]
    assert len(folders) == 4
    for folder, result in zip(folders, results, strict=True):
        marks = list(folder.iter(f"{KML}Placemark"))
        assert len(marks) == len(result["passes"])
        for mark, one in zip(marks, result["passes"], strict=True):
            begin = one["rise"]["time"] if one["rise"] else "2026-11-24T00:00:00.000Z"
            assert mark.findtext(f"{KML}TimeSpan/{KML}begin") == begin
            line = mark.findtext(f"{KML}LineString/{KML}coordinates").split()
            assert len(line) >= 8
            # It begins where the craft is when it rises.
            instant = datetime.fromisoformat(begin) + timedelta(milliseconds=0)
            short = ("--start", instant.isoformat(), "--days", "0.0001", "--frame", "itrf")
            (there,) = samples(sattrack, result["spacecraft"]["id"], *short)
            first = np.array(line[0].split(","), dtype=float)
            state = there["samples"][0]
            # A millisecond is 8 m, or a ten-thousandth of a degree.
            assert first[0] == pytest.approx(state["longitude_deg"], abs=2e-4)
            assert first[1] == pytest.approx(state["latitude_deg"], abs=2e-4)
            assert first[2] == pytest.approx(1e3 * state["height_km"], abs=10.0)
