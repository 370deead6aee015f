"""Content lines against the library icalendar, an independent reader."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sattrack.errors import RejectedDataError, isolated
from sattrack.formats.icalendar import (
    Component,
    folded,
    instant_of,
    read_calendar,
    stamp,
    text_of,
    text_value,
)

texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=300)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    b'BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY;X="a:b":one\r\n  two\r\n'
    b"BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT1M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    b"X-AFTER:1\r\nEND:VCALENDAR\r\n"
)


def written(summary: str) -> bytes:
    event = Component(
        "VEVENT",
        ["UID:a", "DTSTAMP:20260101T000000Z", f"SUMMARY:{text_value(summary)}", "LOCATION:here"],
    )
    return Component("VCALENDAR", ["VERSION:2.0", "PRODID:x"], [event]).encoded()


@given(texts)
@example("위성 " * 60)
@example('=cmd(); \\n , \\\\ "x" BEGIN:VEVENT')
@example("\u202e\u2067 \u200f")
@example("\U0001f6f0" * 40)
def test_any_text_arrives(text):
    raw = written(text)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["SUMMARY"]) == text
    assert str(event["LOCATION"]) == "here"
    calendar, _, _ = read_calendar(raw)
    assert text_of(calendar.parts[0].value("SUMMARY")) == text


@given(st.text(max_size=80))
def test_no_text_adds_a_property(text):
    raw = written(text)
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert set(event) == {"UID", "DTSTAMP", "SUMMARY", "LOCATION"}
    assert not event.errors


def test_line_breaks_arrive_and_control_characters_do_not():
    (event,) = icalendar.Calendar.from_ical(written("a\r\nb\rc\nd\x00\x1b[2J\u2028e")).walk(
        "VEVENT"
    )
    assert str(event["SUMMARY"]) == "a\nb\nc\nd  [2J e"


def test_folding_cuts_no_character():
    for extra in range(8):
        pieces = folded("X:" + "a" * (66 + extra) + "위성" * 20).split(b"\r\n")
        assert b"".join(p[1:] if k else p for k, p in enumerate(pieces)).decode()
        for piece in pieces:
            piece.decode()


def test_what_is_read_keeps_its_bytes():
    calendar, head, tail = read_calendar(CALENDAR)
    assert [part.kind for part in calendar.parts] == ["VEVENT"]
    event = calendar.parts[0]
    assert event.value("SUMMARY") == "one two"
    assert [part.kind for part in event.parts] == ["VALARM"]
    assert head + event.encoded() + tail == CALENDAR.replace(b"X-AFTER:1\r\n", b"").replace(
        b"PRODID:x\r\n", b"PRODID:x\r\nX-AFTER:1\r\n"
    )


def test_lines_that_end_otherwise_keep_that():
    text = CALENDAR.replace(b"\r\n", b"\n").replace(b"X-AFTER:1\n", b"\n")
    calendar, head, tail = read_calendar(text)
    assert b"".join(part.encoded() for part in calendar.parts) in text
    assert len(head) + len(calendar.parts[0].encoded()) + len(tail) == len(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not an iCalendar"),
        (b"name,time\n", "not an iCalendar"),
        (CALENDAR[:-17], "cut short"),
        (CALENDAR + CALENDAR, "several calendars"),
        (CALENDAR.replace(b"END:VEVENT\r\n", b""), "ends nothing|is not ended"),
        (CALENDAR.replace(b"UID:a", b"what is this"), "'what is this' is no property"),
        (CALENDAR.replace(b"UID:a", b"UID:\xff"), "not UTF-8"),
    ],
)
def test_what_is_no_calendar_is_refused(text, said):
    with pytest.raises(RejectedDataError, match=said):
        read_calendar(text)


def test_times():
    assert stamp(datetime(2026, 11, 24, 2, 0, 1, tzinfo=UTC)) == "20261124T020001Z"
    assert instant_of("20261124T020001Z") == datetime(2026, 11, 24, 2, 0, 1, tzinfo=UTC)
    assert instant_of("20261124T020001") is None
    assert instant_of(None) is None


def test_directions_of_writing_are_closed():
    assert isolated("plain 위성") == "plain 위성"
    for name in ("\u202egnp.exe", "a\u2067b", "\u2069\u202e", "\u2066\u202a\u202bx"):
        text = isolated(name)
        assert name in text
        assert _depth(text) == 0


def _depth(text: str) -> int:
    """Return how much is open at the end: Unicode Standard Annex 9, rules X1 to X8, in outline."""
    stack: list[str] = []
    for c in text:
        if c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            stack.append(c)
        elif c == "\u202c":
            if stack and stack[-1] not in "\u2066\u2067\u2068":
                stack.pop()
        elif c == "\u2069" and any(one in "\u2066\u2067\u2068" for one in stack):
            while stack.pop() not in "\u2066\u2067\u2068":
                pass
    return len(stack)
