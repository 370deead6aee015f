"""Names from outside in what is handed over: intact where that can be, harmless always."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import cesium
import icalendar
import pytest
from lxml import etree

DAY = ("--start", "2026-11-24T12:00Z", "--days", "0.5")
KML = "{http://www.opengis.net/kml/2.2}"
NAMES = {
    "script": "<script>alert(1)</script>",
    "ampersand": "A & B &amp; C",
    "quotes": "\"double\" 'single' `back`; a, b; c:d \\n \\, \\",
    "formula": "=cmd|' /C calc'!A0",
    "long": "가나다 sat " * 30,
    "hangul": "다누리 위성",
    "right to left": "\u202egnp.exe\u202c \u200fשלום\u200e",
    "isolates": "\u2067abc",
    "closing": "]]></name><evil/>",
    "calendar": "x END:VEVENT BEGIN:VEVENT",
    "emoji": "🛰️ one",
}
# As a file of element sets may have them; control characters are not read into names everywhere.
BROKEN = {
    "newline": "two\nlines\r\nATTENDEE:mailto:x@example.org",
    "control": "bell\x07 escape\x1b[2J nul\x00 \u2028 \x85",
}
EVERY = {**NAMES, **BROKEN}


def elements(name: str) -> bytes:
    return json.dumps(
        [
            {
                "OBJECT_NAME": name,
                "OBJECT_ID": "2020-001A",
                "EPOCH": "2026-11-23T12:00:00.000000",
                "MEAN_MOTION": 15.2,
                "ECCENTRICITY": 0.001,
                "INCLINATION": 51.6,
                "RA_OF_ASC_NODE": 10.0,
                "ARG_OF_PERICENTER": 20.0,
                "MEAN_ANOMALY": 30.0,
                "EPHEMERIS_TYPE": 0,
                "CLASSIFICATION_TYPE": "U",
                "NORAD_CAT_ID": 99001,
                "ELEMENT_SET_NO": 999,
                "REV_AT_EPOCH": 12345,
                "BSTAR": 0.0001,
                "MEAN_MOTION_DOT": 0.0,
                "MEAN_MOTION_DDOT": 0.0,
            }
        ]
    ).encode()


@pytest.fixture(params=EVERY, ids=str)
def named(request, sattrack, home):
    """A craft and a station of that name; returns it, and what runs a command with both."""
    name = EVERY[request.param]
    home.mkdir()
    station = {
        "id": "roof",
        "name": " ".join("".join(c if c.isprintable() else " " for c in name).split()),
        "summary": "A roof",
        "kind": "antenna",
        "latitude_deg": 37.5,
        "longitude_deg": 127.0,
        "source": "us",
    }
    rows = "\n".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in station.items()
    )
    (home / "config.toml").write_text(
        f'[sources]\nus = {{ title = "Us" }}\n\n[[station]]\n{rows}\n', encoding="utf-8"
    )

    def run(command: str, form: str, *more: str) -> str:
        place = ("--at", "roof") if command == "passes" else ()
        found = sattrack(
            command, *place, *DAY, "--elements", "-", "--format", form, *more, stdin=elements(name)
        )
        assert found.status == 0, found.err
        return found.out

    told = json.loads(run("track", "json"))["results"][0]["spacecraft"]["name"]
    if request.param in NAMES:
        assert told.split() == name.split()
    return told, station["name"], run


def test_ics(named):
    name, place, run = named
    text = run("passes", "ics")
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    passes = json.loads(run("passes", "json"))["results"][0]["passes"]
    assert len(events) == len(passes) > 0
    for event in events:
        assert not event.errors
        assert set(event) == {
            "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY",
            "DESCRIPTION", "LOCATION", "GEO", "STATUS", "TRANSP",
        }  # fmt: skip
        assert calendar_text(name) in str(event["SUMMARY"])
        assert str(event["LOCATION"]) == place
        assert re.fullmatch(r"[A-Za-z0-9._@-]+", event["UID"])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", text)


def calendar_text(name: str) -> str:
    """A calendar has line breaks, but no other control characters."""
    name = name.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", " ", name)


@pytest.mark.parametrize("command", ["track", "passes"])
def test_kml(named, command):
    name, place, run = named
    root = etree.fromstring(run(command, "kml").encode())
    # XML knows fewer characters than Unicode.
    known = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", name)
    names = [element.text for element in root.iter(f"{KML}name")]
    if command == "track":
        assert names[1] == known
    else:
        assert place in names
        assert any(known in text for text in names)
    assert {etree.QName(element).localname for element in root.iter()} <= {
        "kml", "Document", "Folder", "Placemark", "Point", "LineString", "Track", "TimeSpan",
        "name", "description", "coordinates", "coord", "when", "begin", "end", "altitudeMode",
        "tessellate",
    }  # fmt: skip
    for element in root.iter(f"{KML}description"):
        assert_harmless(element.text)


def test_czml(named):
    name, place, run = named
    text = run("passes", "czml")
    packets = json.loads(text)
    kinds = {packet["id"].partition("-")[0]: packet for packet in packets}
    assert set(kinds) == {"document", "craft", "place", "access"}
    assert kinds["craft"]["name"] == kinds["craft"]["label"]["text"] == name
    assert kinds["place"]["name"] == kinds["place"]["label"]["text"] == place
    assert name in kinds["access"]["name"]
    for packet in packets:
        assert re.fullmatch(r"[A-Za-z0-9_-]+", packet["id"])
        assert_harmless(packet["description"])
    assert text.replace("\n", "").isprintable()
    # Warnings tell of the craft by its name.
    warned = json.loads(run("track", "czml", "--step", "1200"))[0]["description"]
    assert name in html.unescape(warned)
    assert_harmless(warned)
    # Node takes a second to start; one name, which HTML would run, is enough for JSON.
    if name == NAMES["script"] and not cesium.lacks():
        read = cesium.reads(packets, ["2026-11-24T13:00:00Z"])["found"]
        assert read[kinds["craft"]["id"]]["label"] == name
        assert read[kinds["craft"]["id"]]["positions"][0]


def assert_harmless(text: str) -> None:
    """A description is HTML; nothing of it but its own line breaks is a tag."""
    assert set(re.findall(r"<[^>]*>", text)) <= {"<br/>"}
    assert "<" not in html.unescape(re.sub(r"<br/>|&lt;", "", text))


def test_geojson_and_csv(named):
    name, _, run = named
    text = run("track", "geojson")
    assert {f["properties"]["name"] for f in json.loads(text)["features"]} == {name}
    assert text.replace("\n", "").isprintable()
    rows = list(csv.DictReader(io.StringIO(run("track", "csv"))))
    assert not rows[0]["name"].startswith("=")
