"""Times, durations and time zones, as people write them.

A time is one of

- `now`, or a distance from it: `+3d`, `-2h`, `+6h30m`, `now+45s`; a day is 24 hours;
- a day and a time of day: `2026-11-25T06:00`, `2026-11-25 06:00:30.5`, `20261125T0600`,
  `today 18:00`, `tomorrow 06:00`, `yesterday 23:59`; the day may count within its year, `2026-329`;
- a day alone, which means its midnight; a time of day alone, which means today's, past or not.

After a time of day may follow its offset from UTC (`Z`, `+09:00`, `+0900`, `+09`), and after any
day or time of day the name of a zone (`Asia/Seoul`, `KST`, `UTC`). Days and times with neither are
those of the zone handed in. Whatever has two readings is refused, and both are shown.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from sattrack.errors import InvalidInputError, quoted

# Abbreviations that mean one thing everywhere. CST is three zones, and EST a fourth in Australia.
_ABBREVIATIONS: dict[str, tzinfo] = {
    "UTC": UTC,
    "GMT": UTC,
    "Z": UTC,
    "KST": timezone(timedelta(hours=9), "KST"),
    "JST": timezone(timedelta(hours=9), "JST"),
}
_DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_MAX_OFFSET = timedelta(hours=14)  # XML Schema 1.1 part 2, 3.3.7; Kiritimati has it

_FLAGS = re.ASCII | re.IGNORECASE
_DAY = r"(?P<day>\d[\d-]*|yesterday|today|tomorrow)"
_TIME_OF_DAY = r"(?P<clock>\d{1,2}:[\d:.,]+|(?<=T)\d{4}[\d.,]*)(?: ?(?P<offset>Z|[+-]\d[\d:]*))?"
_ZONE = r"(?: (?P<zone>[A-Z][\w+/-]*))?"
_LOCAL = re.compile(rf"{_DAY}?(?:(?:(?<=\d)T| |^){_TIME_OF_DAY})?{_ZONE}", _FLAGS)
_FROM_NOW = re.compile(
    rf"(?:now|(?:now ?)?(?P<sign>[+-]) ?(?P<duration>\d\S*(?: \d\S*)*)){_ZONE}", _FLAGS
)
_DATE = re.compile(r"(\d{4})(-?)(?:(\d{2})\2(\d{2})|(\d{3}))", _FLAGS)
_CLOCK = re.compile(r"(\d{1,2})(:?)(\d{2})(?:\2(\d{2})([.,]\d+)?)?", _FLAGS)
_OFFSET = re.compile(r"([+-])(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?", _FLAGS)
_DURATION = re.compile(" ?".join(rf"(?:(\d+(?:\.\d+)?) ?{unit})?" for unit in _UNITS), _FLAGS)
_FOREIGN_DATE = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})(?!\d)", _FLAGS)


def read_time(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant that `text` means, in UTC; the grammar stands at the top of this module.

    Args:
        text: as the user wrote it.
        now: what `now`, `today` and `+3d` count from; aware.
        zone: whose days and clocks are meant where `text` names no zone.

    Raises:
        InvalidInputError: `text` has no reading or more than one, or lies beyond the calendar.
    """
    words = " ".join(text.split())
    try:
        if match := _FROM_NOW.fullmatch(words):
            return _from_now(match, now)
        if words and (match := _LOCAL.fullmatch(words)):
            return _local(match, now, zone)
    except OverflowError:
        raise InvalidInputError(f"time {quoted(text)} lies beyond the calendar") from None
    except InvalidInputError as error:
        raise InvalidInputError(f"time {quoted(text)}: {error}") from None
    raise InvalidInputError(f"cannot read the time {quoted(text)}: {_advice(words)}")


def read_duration(text: str) -> timedelta:
    """Return the length of time that `text` means: `3d`, `6h30m`, `1.5h`, `90m`, `45s`, `2w`.

    Raises:
        InvalidInputError: `text` is not numbers with the units w, d, h, m, s in that order.
    """
    match = _DURATION.fullmatch(" ".join(text.split()))
    if match is None or not any(match.groups()):
        raise InvalidInputError(
            f"cannot read the duration {quoted(text)}: write for instance 3d, 6h30m, 90m or 45s"
        )
    counts = {
        unit: float(count)
        for unit, count in zip(_UNITS.values(), match.groups(), strict=True)
        if count
    }
    try:
        return timedelta(**counts)
    except OverflowError:
        raise InvalidInputError(f"duration {quoted(text)} is longer than the calendar") from None


def read_zone(name: str) -> tzinfo:
    """Return the time zone of that name.

    Args:
        name: an IANA name in any case, `UTC`, `GMT`, `KST`, `JST`, an offset such as `+09:00`, or
            `local` for the zone this machine is set to.

    Raises:
        InvalidInputError: there is no such zone, or several places use the abbreviation.
    """
    text = name.strip()
    if text.lower() == "local":
        return _machine_zone()
    if (known := _ABBREVIATIONS.get(text.upper())) is not None:
        return known
    if _OFFSET.fullmatch(text):
        return _offset(text)
    # A name without a slash is an abbreviation or an old alias; "right" zones count leap seconds.
    if "/" in text and not text.lower().startswith("right/"):
        try:
            return ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            for key in available_timezones():
                if key.casefold() == text.casefold():
                    return ZoneInfo(key)
    raise InvalidInputError(f"unknown time zone {quoted(name)}: {_zone_advice(text)}")


def _from_now(match: re.Match[str], now: datetime) -> datetime:
    if match["zone"]:
        read_zone(match["zone"])  # "now KST" is now, but "now KTS" is a mistake
    if match["sign"] is None:
        return now.astimezone(UTC)
    distance = read_duration(match["duration"])
    return now.astimezone(UTC) + (distance if match["sign"] == "+" else -distance)


def _local(match: re.Match[str], now: datetime, zone: tzinfo) -> datetime:
    if match["offset"] and match["zone"]:
        raise InvalidInputError("it has an offset and a zone; leave one out")
    if match["offset"]:
        zone = _offset(match["offset"])
    elif match["zone"]:
        zone = read_zone(match["zone"])
    day = _day(match["day"] or "today", now.astimezone(zone).date())
    clock = _clock(match["clock"]) if match["clock"] else timedelta(0)
    return _instant(datetime.combine(day, time()) + clock, zone)


def _day(text: str, today: date) -> date:
    if (days := _DAYS_FROM_TODAY.get(text.lower())) is not None:
        return today + timedelta(days=days)
    match = _DATE.fullmatch(text)
    if match is None:
        raise InvalidInputError("write the date as 2026-11-25 or 2026-329")
    year, month, day, day_of_year = (int(match[part] or 0) for part in (1, 3, 4, 5))
    try:
        if match[5] is None:
            return date(year, month, day)
        counted = date(year, 1, 1) + timedelta(days=day_of_year - 1)
        if counted.year == year:
            return counted
    except ValueError:
        pass
    raise InvalidInputError(f"there is no day {text}")


def _clock(text: str) -> timedelta:
    """Return the time since midnight, rounded to the microsecond that a datetime can hold."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise InvalidInputError("write the time of day as 06:00, 06:00:30 or 06:00:30.5")
    hour, minute, second = (int(match[part] or 0) for part in (1, 3, 4))
    fraction = float("0" + (match[5] or "").replace(",", "."))
    if second == 60:
        raise InvalidInputError(
            "second 60 is a leap second, which sattrack cannot name; write second 59, or the "
            "minute that follows"
        )
    clock = timedelta(
        hours=hour, minutes=minute, seconds=second, microseconds=round(fraction * 1e6)
    )
    # ISO 8601 lets a day end at 24:00.
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and clock > timedelta(days=1)):
        raise InvalidInputError(f"there is no time of day {text}")
    return clock


def _offset(text: str) -> tzinfo:
    if text.upper() == "Z":
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise InvalidInputError("write the offset as Z or +09:00")
    hour, minute, second = (int(match[part] or 0) for part in (2, 3, 4))
    offset = timedelta(hours=hour, minutes=minute, seconds=second)
    if offset > _MAX_OFFSET or minute > 59 or second > 59:
        raise InvalidInputError(f"no clock is {text} from UTC; offsets end at -14:00 and +14:00")
    return timezone(-offset if match[1] == "-" else offset)


def _instant(local: datetime, zone: tzinfo) -> datetime:
    """Return the one instant at which clocks in `zone` show `local`.

    PEP 495 gives two readings of a local time, which differ only near a clock change: both are
    right where clocks go back, and neither where they go forward.
    """
    readings = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if readings[0] == readings[1]:
        return readings[0]
    fault = "happens twice" if readings[0] < readings[1] else "never happens"
    name = getattr(zone, "key", None) or "the zone of this machine"
    first, second = (reading.astimezone(zone) for reading in sorted(readings))
    raise InvalidInputError(
        f"it {fault} in {name}; write {_shortest(first)} or {_shortest(second)}"
    )


def _shortest(moment: datetime) -> str:
    whole_minute = moment.second == moment.microsecond == 0
    return moment.isoformat(timespec="minutes" if whole_minute else "auto")


def _machine_zone() -> tzinfo:
    import tzlocal

    try:
        # Read afresh: a program that runs for days sees its machine move.
        return tzlocal.reload_localzone()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(
            "cannot tell the time zone of this machine; name one, for instance UTC or Asia/Seoul"
        ) from None


def _advice(words: str) -> str:
    """Say how to write a time that the grammar does not know."""
    if match := _FOREIGN_DATE.match(words):
        first, second, third = (int(part) for part in match.groups())
        orders = [(first, second, third), (third, first, second), (third, second, first)]
        dates = []
        for year, month, day in dict.fromkeys(orders):
            # A year of two digits is no year: 11/12/26 has three readings more.
            with suppress(ValueError):
                if year > 31:
                    dates.append(date(year, month, day).isoformat())
        if dates:
            return "write " + " or ".join(dates)
    return "write for instance 2026-11-25T06:00Z, 'tomorrow 18:00' or +3d"


def _zone_advice(text: str) -> str:
    """Name the zones that someone who wrote `text` may have meant."""
    import difflib

    zones = {key for key in available_timezones() if "/" in key and not key.startswith("Etc/")}
    wanted = text.casefold().replace(" ", "_")
    cities: dict[str, str] = {}
    for key in sorted(zones):
        cities.setdefault(key.rpartition("/")[2].casefold(), key)
    by_name = {key.casefold(): key for key in zones}
    if len(wanted) > 4:
        near = [
            cities[city] for city in difflib.get_close_matches(wanted, cities, n=3, cutoff=0.75)
        ]
        near += [
            by_name[key] for key in difflib.get_close_matches(wanted, by_name, n=3, cutoff=0.75)
        ]
        if near:
            return f"did you mean {', '.join(dict.fromkeys(near))}?"
    return "write an IANA name such as Asia/Seoul or America/Chicago, or UTC, or KST"
