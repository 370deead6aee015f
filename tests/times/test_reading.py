"""Reading times, durations and zones: the grammar, its refusals, and clock changes."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
import tzlocal
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sattrack.errors import InvalidInputError
from sattrack.times import read_duration, read_time, read_zone

SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 21, 30, 5, 123456, tzinfo=UTC)  # 06:30 on the 25th in Seoul

ZONES = [
    ZoneInfo(key)
    for key in (
        "Asia/Seoul",
        "America/New_York",
        "America/Port-au-Prince",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Cairo",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Etc/GMT+9",
    )
]


def in_seoul(text: str) -> str:
    return read_time(text, NOW, SEOUL).isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-24T21:30:05.123456+00:00"),
        ("Now KST", "2026-11-24T21:30:05.123456+00:00"),
        ("+3d", "2026-11-27T21:30:05.123456+00:00"),
        ("-2h", "2026-11-24T19:30:05.123456+00:00"),
        ("+6h30m", "2026-11-25T04:00:05.123456+00:00"),
        ("+6h 30m UTC", "2026-11-25T04:00:05.123456+00:00"),
        ("+90m", "2026-11-24T23:00:05.123456+00:00"),
        ("now + 45s", "2026-11-24T21:30:50.123456+00:00"),
        ("now-1w", "2026-11-17T21:30:05.123456+00:00"),
        # In Seoul it is already the 25th.
        ("today", "2026-11-24T15:00:00+00:00"),
        ("TODAY 18:00", "2026-11-25T09:00:00+00:00"),
        ("18:00", "2026-11-25T09:00:00+00:00"),
        ("6:00", "2026-11-24T21:00:00+00:00"),
        ("tomorrow 06:00", "2026-11-25T21:00:00+00:00"),
        ("yesterday 23:59:59.5", "2026-11-24T14:59:59.500000+00:00"),
        # A zone decides which day today is.
        ("today 18:00 UTC", "2026-11-24T18:00:00+00:00"),
        ("today 18:00 America/New_York", "2026-11-24T23:00:00+00:00"),
        ("18:00-05:00", "2026-11-24T23:00:00+00:00"),
        ("2026-11-25", "2026-11-24T15:00:00+00:00"),
        ("2026-11-25 UTC", "2026-11-25T00:00:00+00:00"),
        ("2026-11-25T06:00", "2026-11-24T21:00:00+00:00"),
        ("2026-11-25 06:00", "2026-11-24T21:00:00+00:00"),
        ("  2026-11-25   06:00:07\n", "2026-11-24T21:00:07+00:00"),
        ("2026-11-25T06:00Z", "2026-11-25T06:00:00+00:00"),
        ("2026-11-25t06:00z", "2026-11-25T06:00:00+00:00"),
        ("2026-11-25T06:00:00.123Z", "2026-11-25T06:00:00.123000+00:00"),
        ("2026-11-25T06:00:00,5Z", "2026-11-25T06:00:00.500000+00:00"),
        ("2026-11-25T06:00:00.1234567Z", "2026-11-25T06:00:00.123457+00:00"),
        ("2026-11-25T23:59:59.9999999Z", "2026-11-26T00:00:00+00:00"),
        ("2026-11-25T06:00+0930", "2026-11-24T20:30:00+00:00"),
        ("2026-11-25T06:00-05", "2026-11-25T11:00:00+00:00"),
        ("2026-11-25 06:00 +09:00", "2026-11-24T21:00:00+00:00"),
        ("2026-11-25 06:00 Asia/Seoul", "2026-11-24T21:00:00+00:00"),
        ("2026-11-25 06:00 asia/seoul", "2026-11-24T21:00:00+00:00"),
        ("2026-11-25 06:00 KST", "2026-11-24T21:00:00+00:00"),
        ("2026-11-25 06:00 utc", "2026-11-25T06:00:00+00:00"),
        ("20261125T060000Z", "2026-11-25T06:00:00+00:00"),
        ("20261125T0600+0900", "2026-11-24T21:00:00+00:00"),
        ("2026-329T06:00Z", "2026-11-25T06:00:00+00:00"),
        ("2024-366 UTC", "2024-12-31T00:00:00+00:00"),
        ("2026-11-25T24:00Z", "2026-11-26T00:00:00+00:00"),
    ],
)
def test_a_time_is_read(text: str, expected: str) -> None:
    assert in_seoul(text) == expected


EXAMPLES = "write for instance 2026-11-25T06:00Z, 'tomorrow 18:00' or +3d"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"cannot read the time '': {EXAMPLES}"),
        ("next week", f"cannot read the time 'next week': {EXAMPLES}"),
        ("2026-11-25 -05:00", f"cannot read the time '2026-11-25 -05:00': {EXAMPLES}"),
        ("２０２６-11-25", f"cannot read the time '２０２６-11-25': {EXAMPLES}"),
        ("11/12/2026", "cannot read the time '11/12/2026': write 2026-11-12 or 2026-12-11"),
        ("25/12/2026 06:00", "cannot read the time '25/12/2026 06:00': write 2026-12-25"),
        ("2026.11.12", "cannot read the time '2026.11.12': write 2026-11-12"),
        ("11/12/26", f"cannot read the time '11/12/26': {EXAMPLES}"),
        ("2026-02-30", "time '2026-02-30': there is no day 2026-02-30"),
        ("2026-366", "time '2026-366': there is no day 2026-366"),
        ("2026-000", "time '2026-000': there is no day 2026-000"),
        ("0000-01-01", "time '0000-01-01': there is no day 0000-01-01"),
        ("12026-01-01", "time '12026-01-01': write the date as 2026-11-25 or 2026-329"),
        ("2026-11", "time '2026-11': write the date as 2026-11-25 or 2026-329"),
        ("2026-1125", "time '2026-1125': write the date as 2026-11-25 or 2026-329"),
        ("25:00", "time '25:00': there is no time of day 25:00"),
        ("24:00:01", "time '24:00:01': there is no time of day 24:00:01"),
        ("06:60", "time '06:60': there is no time of day 06:60"),
        ("06:00:", "time '06:00:': write the time of day as 06:00, 06:00:30 or 06:00:30.5"),
        (
            "2016-12-31T23:59:60Z",
            "time '2016-12-31T23:59:60Z': second 60 is a leap second, which sattrack cannot name; "
            "write second 59, or the minute that follows",
        ),
        ("0001-01-01T00:00+09:00", "time '0001-01-01T00:00+09:00' lies beyond the calendar"),
        ("9999-12-31T23:59-01:00", "time '9999-12-31T23:59-01:00' lies beyond the calendar"),
        ("+999999w", "time '+999999w' lies beyond the calendar"),
        (
            "2026-11-25T06:00+15:00",
            "time '2026-11-25T06:00+15:00': no clock is +15:00 from UTC; offsets end at -14:00 "
            "and +14:00",
        ),
        (
            "2026-11-25T06:00+09:00 KST",
            "time '2026-11-25T06:00+09:00 KST': it has an offset and a zone; leave one out",
        ),
        (
            "2026-11-25 06:00 CST",
            "time '2026-11-25 06:00 CST': unknown time zone 'CST': write an IANA name such as "
            "Asia/Seoul or America/Chicago, or UTC, or KST",
        ),
        (
            "now KTS",
            "time 'now KTS': unknown time zone 'KTS': write an IANA name such as "
            "Asia/Seoul or America/Chicago, or UTC, or KST",
        ),
        (
            "+3x",
            "time '+3x': cannot read the duration '3x': write for instance 3d, 6h30m, 90m or 45s",
        ),
    ],
)
def test_a_refusal_says_what_and_what_to_write(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        in_seoul(text)
    assert str(refusal.value) == message
    assert refusal.value.exit_status == 2


@pytest.mark.parametrize(
    ("zone", "text", "fault", "first", "second"),
    [
        # US Energy Policy Act of 2005: first Sunday of November, second Sunday of March, at 02:00.
        (
            "America/New_York",
            "2026-11-01 01:30",
            "happens twice",
            "2026-11-01T01:30-04:00",
            "2026-11-01T01:30-05:00",
        ),
        (
            "America/New_York",
            "2026-03-08 02:30",
            "never happens",
            "2026-03-08T01:30-05:00",
            "2026-03-08T03:30-04:00",
        ),
        # The only clocks that change by half an hour.
        (
            "Australia/Lord_Howe",
            "2026-04-05 01:45",
            "happens twice",
            "2026-04-05T01:45+11:00",
            "2026-04-05T01:45+10:30",
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-04 02:15:07",
            "never happens",
            "2026-10-04T01:45:07+10:30",
            "2026-10-04T02:45:07+11:00",
        ),
        # For the Olympic games: IANA tzdata, file asia, rule ROK 1987-1988.
        (
            "Asia/Seoul",
            "1988-05-08 02:30",
            "never happens",
            "1988-05-08T01:30+09:00",
            "1988-05-08T03:30+10:00",
        ),
        (
            "Asia/Seoul",
            "1988-10-09 02:30",
            "happens twice",
            "1988-10-09T02:30+10:00",
            "1988-10-09T02:30+09:00",
        ),
        # Samoa crossed the date line and had no 30 December 2011.
        (
            "Pacific/Apia",
            "2011-12-30",
            "never happens",
            "2011-12-29T00:00-10:00",
            "2011-12-31T00:00+14:00",
        ),
        # Midnight itself: Cuba goes back at 01:00 to 00:00.
        (
            "America/Havana",
            "2026-11-01",
            "happens twice",
            "2026-11-01T00:00-04:00",
            "2026-11-01T00:00-05:00",
        ),
    ],
)
def test_a_local_time_near_a_clock_change_is_refused_with_both_readings(
    zone: str, text: str, fault: str, first: str, second: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_time(text, NOW, ZoneInfo(zone))
    assert str(refusal.value) == f"time '{text}': it {fault} in {zone}; write {first} or {second}"
    # What is offered can be read, and lies on this and that side of the change.
    assert read_time(first, NOW, UTC) < read_time(second, NOW, UTC)


def test_a_clock_change_troubles_nobody_outside_its_hour() -> None:
    assert read_time("2026-11-01 00:59", NOW, NEW_YORK).isoformat() == "2026-11-01T04:59:00+00:00"
    assert read_time("2026-11-01 02:00", NOW, NEW_YORK).isoformat() == "2026-11-01T07:00:00+00:00"
    assert read_time("2026-03-08 03:00", NOW, NEW_YORK).isoformat() == "2026-03-08T07:00:00+00:00"


def test_a_day_from_now_is_24_hours_even_where_clocks_change() -> None:
    eve = datetime(2026, 10, 31, 12, tzinfo=NEW_YORK)
    assert read_time("+1d", eve, NEW_YORK) - eve.astimezone(UTC) == timedelta(hours=24)
    tomorrow = read_time("tomorrow 12:00", eve, NEW_YORK)
    assert tomorrow - eve.astimezone(UTC) == timedelta(hours=25)


def test_hostile_text_is_shown_escaped_and_short() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        in_seoul("\x1b]0;owned\x07\u202e" + "x" * 100_000)
    assert str(refusal.value).startswith(r"cannot read the time '\x1b]0;owned\x07\u202exxx")
    assert len(str(refusal.value)) < 200


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),
    st.sampled_from(ZONES),
    st.sampled_from(["T", " "]),
)
@example(datetime(2026, 11, 1, 5, 30), NEW_YORK, "T")
@example(datetime(2026, 11, 1, 6, 30), NEW_YORK, "T")
def test_what_datetime_writes_is_read_back(utc: datetime, zone: ZoneInfo, separator: str) -> None:
    instant = utc.replace(tzinfo=UTC)
    local = instant.astimezone(zone)
    assume(abs(local.utcoffset() or timedelta()) <= timedelta(hours=14))  # Apia before 1892
    assert read_time(local.isoformat(separator), NOW, SEOUL) == instant


@given(st.datetimes(min_value=datetime(1958, 1, 1)), st.sampled_from(ZONES))
@example(datetime(2026, 11, 1, 1, 30), NEW_YORK)
@example(datetime(2026, 3, 8, 2, 30), NEW_YORK)
@example(datetime(1988, 5, 8, 2, 30), SEOUL)
def test_a_local_time_is_read_exactly_when_it_happens_once(local: datetime, zone: ZoneInfo) -> None:
    assume(local.year < 9999)
    # Every offset of the days around, tried one by one: independent of PEP 495.
    hours = [local.replace(tzinfo=UTC) + timedelta(hours=h) for h in range(-48, 49)]
    offsets = {hour.astimezone(zone).utcoffset() or timedelta() for hour in hours}
    happens = [
        instant
        for instant in (local.replace(tzinfo=timezone(offset)) for offset in offsets)
        if instant.astimezone(zone).replace(tzinfo=None) == local
    ]
    text = f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond:06d}".replace(
        f"{local:%Y}", f"{local.year:04d}", 1
    )
    if len(happens) == 1:
        assert read_time(text, NOW, zone) == happens[0]
        assert read_time(f"{text} {zone.key}", NOW, UTC) == happens[0]
    else:
        with pytest.raises(InvalidInputError, match="happens"):
            read_time(text, NOW, zone)


@given(st.text(alphabet=st.sampled_from("0123456789:-+./TZ dhmsnowtayKSU")))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        instant = read_time(text, NOW, SEOUL)
    except InvalidInputError:
        return
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3d", 259200.0),
        ("6h30m", 23400.0),
        (" 6 h 30 m ", 23400.0),
        ("1.5h", 5400.0),
        ("90M", 5400.0),
        ("45s", 45.0),
        ("2w", 1209600.0),
        ("0.000001s", 1e-6),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert read_duration(text).total_seconds() == seconds


@pytest.mark.parametrize(
    "text", ["", "3", "d", "30m6h", "3d3d", "-2h", "+2h", "1e3s", ".5h", "P3D"]
)
def test_a_duration_needs_numbers_with_units_in_order(text: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_duration(text)
    advice = "write for instance 3d, 6h30m, 90m or 45s"
    assert str(refusal.value) == f"cannot read the duration '{text}': {advice}"


def test_a_duration_beyond_the_calendar_is_refused() -> None:
    for text in ("9999999999d", "9" * 400 + "s"):
        with pytest.raises(InvalidInputError, match="is longer than the calendar"):
            read_duration(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=36525)))
def test_a_duration_is_read_back(duration: timedelta) -> None:
    hours, seconds = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    text = f"{duration.days}d{hours}h{minutes}m{seconds}.{duration.microseconds:06d}s"
    assert read_duration(text) == duration
    assert read_time("+" + text, NOW, UTC) == NOW + duration
    assert read_time("-" + text, NOW, UTC) == NOW - duration


@pytest.mark.parametrize(
    ("name", "hours"),
    [("UTC", 0), ("gmt", 0), ("Z", 0), ("KST", 9), ("jst", 9), ("Asia/Seoul", 9), ("-05:00", -5)],
)
def test_a_zone_is_read(name: str, hours: int) -> None:
    assert NOW.astimezone(read_zone(name)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("Seoul", "did you mean Asia/Seoul?"),
        ("Asia/Seuol", "did you mean Asia/Seoul?"),
        ("America/NewYork", "did you mean America/New_York?"),
        ("EST", "write an IANA name such as Asia/Seoul or America/Chicago, or UTC, or KST"),
        ("Asia", "write an IANA name such as Asia/Seoul or America/Chicago, or UTC, or KST"),
        ("right/UTC", "write an IANA name such as Asia/Seoul or America/Chicago, or UTC, or KST"),
        (
            "../../etc/passwd",
            "write an IANA name such as Asia/Seoul or America/Chicago, or UTC, or KST",
        ),
    ],
)
def test_an_unknown_zone_is_refused_with_what_may_be_meant(name: str, advice: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_zone(name)
    assert str(refusal.value) == f"unknown time zone '{name}': {advice}"


def test_local_is_the_zone_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_zone("local") == tzlocal.reload_localzone()

    def lost() -> ZoneInfo:
        raise ZoneInfoNotFoundError("as with TZ=Nowhere/Land")

    monkeypatch.setattr(tzlocal, "reload_localzone", lost)
    with pytest.raises(InvalidInputError, match="cannot tell the time zone of this machine"):
        read_zone("local")
