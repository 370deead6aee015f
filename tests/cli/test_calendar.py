"""Calendars: what they say, and what becomes of them when a newer run brings them up to date."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

SERIES = Path(__file__).parents[1] / "orbits" / "data" / "series"
SECOND = timedelta(seconds=1)
# By elements of two days: less than a tenth of a revolution.
MOVED_AT_MOST = timedelta(minutes=9)


def read(text: str) -> list[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(text)
    assert str(calendar["VERSION"]) == "2.0"
    assert not calendar.errors
    events = list(calendar.walk("VEVENT"))
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert all(not event.errors for event in events)
    return events


def by_uid(text: str) -> dict[str, icalendar.Event]:
    return {str(event["UID"]): event for event in read(text)}


def span_of(event: icalendar.Event) -> tuple[datetime, datetime]:
    return event["DTSTART"].dt, event["DTEND"].dt


def blocks(text: str) -> dict[str, str]:
    """Return the bytes of each entry."""
    parts = text.split("BEGIN:VEVENT\r\n")[1:]
    return {part.split("\r\n")[0].removeprefix("UID:"): part for part in parts}


def element_set(name: str, row: int) -> bytes:
    """Return one element set of a series, as TLE."""
    lines = (SERIES / name).read_bytes().splitlines(keepends=True)
    at = [k for k, line in enumerate(lines) if line.startswith(b"1 ")][row]
    return b"".join(lines[at : at + 2])


def the_time_of(elements: bytes) -> datetime:
    year, days = 2000 + int(elements[18:20]), float(elements[20:32])
    return datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=days - 1.0)


@pytest.mark.parametrize("name", ["iss", "recon", "danuri"])
def test_it_says_what_the_passes_say(sattrack, name):
    arguments = ("passes", name, "--at", "kdsa", "--start", "2026-11-24T02:00Z", "--days", "1")
    found = json.loads(sattrack(*arguments, "--format", "json").out)
    passes = [one for result in found["results"] for one in result["passes"]]
    events = read(sattrack(*arguments, "--format", "ics").out)
    assert len(events) == len(passes) > 0
    for event, one in zip(events, passes, strict=True):
        for key, edge in (("DTSTART", "rise"), ("DTEND", "set")):
            if one[edge] is not None:
                told = datetime.fromisoformat(one[edge]["time"])
                assert abs(event[key].dt - told) <= SECOND / 2 + timedelta(milliseconds=1)
            assert event[key].dt.tzinfo is not None
        assert f"up to {one['culmination']['elevation_deg']:.0f}°" in event["SUMMARY"]
        assert "Korea Deep Space Antenna" in event["SUMMARY"]
        assert str(event["LOCATION"]) == "Korea Deep Space Antenna"
        assert event["GEO"].to_ical() == "37.207233;127.621812"
        assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
        assert f"elevation {one['culmination']['elevation_deg']:.1f}°" in event["DESCRIPTION"]
        assert "one standard deviation" in event["DESCRIPTION"]
        assert "By embedded" in event["DESCRIPTION"]
        assert not list(event.walk("VALARM"))


def test_overflights_and_outages(sattrack):
    window = ("--start", "2026-11-24T02:00Z")
    for arguments, key in (
        (("overflights", "danuri", "--region", "artemis", "--days", "7"), "overflights"),
        (("outages", "gk-2b", "--at", "daejeon,kdsa"), "outages"),
    ):
        results = json.loads(sattrack(*arguments, *window, "--format", "json").out)["results"]
        count = sum(len(result[key]) for result in results)
        text = sattrack(*arguments, *window, "--format", "ics").out
        assert len(read(text)) == count > 5
    assert "Sun outage of GEO-KOMPSAT-2B at Daejeon (nominal)" in text.replace("\r\n ", "")
    assert "nominal slot\\, 128.2° east" in text.replace("\r\n ", "")


def test_imaging(sattrack):
    arguments = ("coverage", "recon", "--over", "seoul", "--start", "2026-11-24T02:00Z")
    results = json.loads(sattrack(*arguments, "--format", "json").out)["results"]
    events = read(sattrack(*arguments, "--format", "ics", "--alarm", "5m").out)
    assert len(events) == sum(len(result["accesses"]) for result in results) > 0
    assert all("can image Seoul" in event["SUMMARY"] for event in events)
    assert all("limits are an assumption" in event["DESCRIPTION"] for event in events)
    run = sattrack("coverage", "gems", "--over", "seoul", "--format", "ics")
    assert (run.status, run.out) == (2, "")
    assert "field of regard, which makes no calendar; ask for a table, json, csv or geo" in run.err


def test_what_can_be_seen(sattrack):
    arguments = ("passes", "iss", "--at", "seoul", "--start", "2026-11-24T02:00Z", "--days", "3")
    passes = json.loads(sattrack(*arguments, "--format", "json").out)["results"][0]["passes"]
    events = read(sattrack(*arguments, "--format", "ics").out)
    visible = [bool(one["light"]["visible"]) for one in passes]
    assert 0 < sum(visible) < len(visible)
    for event, seen, one in zip(events, visible, passes, strict=True):
        assert ("cannot be seen by eye" in event["DESCRIPTION"]) != seen
        for part in one["light"]["visible"]:
            assert f"{datetime.fromisoformat(part['start']['time']):%H:%M}" in event["DESCRIPTION"]
    alone = read(sattrack(*arguments, "--visible", "--format", "ics").out)
    assert len(alone) == sum(visible)


def test_alarms(sattrack):
    arguments = ("passes", "iss", "--at", "seoul", "--start", "2026-11-24T02:00Z")
    events = read(sattrack(*arguments, "--format", "ics", "--alarm", "10m").out)
    assert events
    for event in events:
        (alarm,) = event.walk("VALARM")
        assert alarm["TRIGGER"].dt == timedelta(minutes=-10)
        assert str(alarm["ACTION"]) == "DISPLAY"
        assert str(alarm["DESCRIPTION"]) == str(event["SUMMARY"])


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--alarm", "10m"), 2, "--alarm rings from a calendar; give --format ics with it"),
        (("--format", "ics", "--alarm", "soon"), 2, "cannot read the duration 'soon'"),
        (("--format", "ics", "--alarm", "5w"), 2, "an alarm is 0 to 28 days before an event"),
        (("--format", "geojson"), 2, "'geojson' is not one of table, json, csv, ics, kml, czml"),
        (("--format", "oem"), 2, "'oem' is not one of table, json, csv, ics, kml, czml"),
    ],
)
def test_usage(sattrack, arguments, status, said):
    run = sattrack("passes", "iss", "--at", "seoul", *arguments)
    assert (run.status, run.out) == (status, "")
    assert said in run.err
    assert run.err.count("\n") == 1


def test_what_is_always_up_makes_no_entry_and_is_told(sattrack):
    run = sattrack("passes", "gems", "--at", "seoul", "--format", "ics")
    assert run.status == 0
    assert read(run.out) == []
    assert "GEO-KOMPSAT-2B is above 10 degrees at Seoul all the time" in run.err


# Rows of two element sets of one craft, and whether both count revolutions alike.
PAIRS = [
    ("25544_ISS.tle", 0, 7, True),
    ("59452_KORSAT-1.tle", 0, 1, True),
    ("28474_GPS-BIIR-13.tle", 6, 7, True),
    # Their publisher's count has slips: 52958 and 53025 half a day later, or one too many.
    ("25544_ISS.tle", 12, 13, False),
    ("28474_GPS-BIIR-13.tle", 14, 15, False),
]


@pytest.mark.parametrize(("name", "older", "newer", "alike"), PAIRS)
def test_two_runs_leave_one_entry_for_each_pass(sattrack, tmp_path, name, older, newer, alike):
    """Acceptance: by the file that is kept, and by any program that knows entries by their UID."""
    path = tmp_path / "passes.ics"
    first, second = element_set(name, older), element_set(name, newer)
    start = the_time_of(second).replace(microsecond=0)
    window = ("--start", start.isoformat(), "--days", "5", "--elements", "-")
    arguments = ("passes", "--at", "seoul", *window)
    now = start - timedelta(hours=1)

    def run(elements: bytes, now: datetime, *more: str):
        return sattrack(*arguments, *more, "--format", "ics", stdin=elements, now=now)

    assert run(first, now, "-o", str(path)).status == 0
    before = path.read_bytes().decode()
    later = now + timedelta(minutes=20)
    assert run(second, later, "-o", str(path)).status == 0
    after = path.read_bytes().decode()
    fresh = read(run(second, later).out)
    old, new = by_uid(before), by_uid(after)
    standing = [event for event in new.values() if str(event["STATUS"]) == "CONFIRMED"]
    # One entry for each pass, at the time the newer elements give. One that has begun stays.
    assert {span_of(e) for e in standing if e["DTSTART"].dt > start} == {
        span_of(e) for e in fresh if e["DTSTART"].dt > start
    }
    assert len(standing) == len(fresh)
    moved = 0
    for uid in old.keys() & new.keys():
        event, was = new[uid], old[uid]
        if event["DTSTART"].dt > start:
            assert abs(event["DTSTART"].dt - was["DTSTART"].dt) < MOVED_AT_MOST
            assert event["SEQUENCE"] == was["SEQUENCE"] + (span_of(event) != span_of(was))
            assert event["LAST-MODIFIED"].dt == later
            moved += span_of(event) != span_of(was)
    assert moved
    # A program that imports both files keeps the newest of each UID.
    if alike:
        assert {str(e["UID"]) for e in fresh} == {str(e["UID"]) for e in standing}


def test_nothing_new_changes_no_byte(sattrack, tmp_path):
    path = tmp_path / "passes.ics"
    arguments = (
        "passes",
        "recon",
        "--at",
        "seoul",
        "--start",
        "2026-11-24T03:00Z",
        "--alarm",
        "5m",
    )
    arguments = (*arguments, "--format", "ics", "-o", str(path))
    sattrack(*arguments)
    text = path.read_bytes()
    sattrack(*arguments, now=datetime(2026, 11, 24, 2, 30, tzinfo=UTC))
    assert path.read_bytes() == text


def test_vanished_passes_are_cancelled_and_come_back(sattrack, tmp_path):
    path = tmp_path / "passes.ics"
    arguments = ("passes", "iss", "--at", "seoul", "--start", "2026-11-24T03:00Z")
    arguments = (*arguments, "--format", "ics", "-o", str(path), "--alarm", "5m")

    def run(elevation: str, minute: int) -> dict[str, icalendar.Event]:
        now = datetime(2026, 11, 24, 2, minute, tzinfo=UTC)
        assert sattrack(*arguments, "--min-elevation", elevation, now=now).status == 0
        return by_uid(path.read_bytes().decode())

    low = run("5", 0)
    high = run("40", 1)
    assert set(high) == set(low)
    gone = {uid for uid, event in high.items() if str(event["STATUS"]) == "CANCELLED"}
    assert 0 < len(gone) < len(low)
    for uid in gone:
        assert (high[uid]["SEQUENCE"], low[uid]["SEQUENCE"]) == (1, 0)
        assert high[uid]["DTSTART"].dt == low[uid]["DTSTART"].dt
        assert not list(high[uid].walk("VALARM"))
    text = path.read_bytes()
    run("40", 2)
    assert path.read_bytes() == text
    again = run("5", 3)
    for uid in gone:
        assert (again[uid]["SEQUENCE"], str(again[uid]["STATUS"])) == (2, "CONFIRMED")
        assert len(list(again[uid].walk("VALARM"))) == 1


def test_what_is_over_or_was_not_asked_stays(sattrack, tmp_path):
    path = tmp_path / "passes.ics"
    base = ("--format", "ics", "-o", str(path))
    day = ("--start", "2026-11-24T02:00Z", "--days", "1")
    sattrack("passes", "iss", "hst", "--at", "seoul,kdsa", "--min-elevation", "5", *day, *base)
    before = path.read_bytes().decode()
    noon = datetime(2026, 11, 24, 6, tzinfo=UTC)
    # Another craft, another place, another window, and the first three passes alone.
    sattrack("passes", "iss", "--at", "seoul", "--min-elevation", "60", *day, *base, now=noon)
    after = path.read_bytes().decode()
    changed = 0
    kept, now = blocks(before), blocks(after)
    for uid, event in by_uid(before).items():
        ours = uid.startswith("pass-25544-37.56")
        if not ours or event["DTEND"].dt <= noon:
            assert now[uid] == kept[uid]
        else:
            changed += now[uid] != kept[uid]
    assert changed > 0
    cancelled = after.count("STATUS:CANCELLED")
    limited = ("--limit", "1", "--start", "2026-11-24T15:00Z", "--days", "1")
    sattrack("passes", "hst", "--at", "seoul", "--min-elevation", "5", *limited, *base, now=noon)
    assert path.read_text(encoding="utf-8").count("STATUS:CANCELLED") == cancelled


def test_a_pass_that_has_begun_keeps_its_beginning(sattrack, tmp_path):
    path = tmp_path / "passes.ics"
    arguments = (
        "passes",
        "iss",
        "--at",
        "seoul",
        "--days",
        "1",
        "--format",
        "ics",
        "-o",
        str(path),
    )
    sattrack(*arguments, "--start", "2026-11-24T03:00Z")
    text = path.read_bytes()
    first = read(text.decode())[0]
    during = first["DTSTART"].dt + (first["DTEND"].dt - first["DTSTART"].dt) / 2
    sattrack(*arguments, "--start", "now", "--days", "0.01", now=during)
    assert path.read_bytes() == text


FOREIGN = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//somebody//else//EN\nX-WR-CALNAME:Mine\n"
    b"BEGIN:VTIMEZONE\nTZID:Asia/Seoul\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
    b"TZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\n"
    b"BEGIN:VEVENT\nUID:dentist@example.org\nDTSTAMP:20260101T000000Z\n"
    b"DTSTART;TZID=Asia/Seoul:20261124T150000\nSUMMARY:Dentist\nEND:VEVENT\nEND:VCALENDAR\n"
)


def test_what_is_not_ours_is_kept(sattrack, tmp_path):
    path = tmp_path / "mine.ics"
    path.write_bytes(FOREIGN)
    arguments = ("passes", "iss", "--at", "seoul", "--format", "ics", "-o", str(path))
    assert sattrack(*arguments).status == 0
    text = path.read_bytes()
    assert text.startswith(FOREIGN[: -len(b"END:VCALENDAR\n")])
    events = read(text.decode())
    assert str(events[0]["UID"]) == "dentist@example.org"
    assert len(events) > 1
    assert sattrack(*arguments).status == 0
    assert path.read_bytes() == text


@pytest.mark.parametrize("text", [b"not a calendar\n", FOREIGN[:-20], b"\xff\xfe"])
def test_a_file_that_is_no_calendar_is_left_alone(sattrack, tmp_path, text):
    path = tmp_path / "notes.txt"
    path.write_bytes(text)
    run = sattrack("passes", "iss", "--at", "seoul", "--format", "ics", "-o", str(path))
    assert run.status == 8
    assert f"{path}: " in run.err
    assert "nothing is written" in run.err
    assert path.read_bytes() == text


def test_an_empty_file_is_begun(sattrack, tmp_path):
    path = tmp_path / "new.ics"
    path.touch()
    sattrack("passes", "iss", "--at", "seoul", "--format", "ics", "-o", str(path))
    assert read(path.read_text(encoding="utf-8"))
