"""Two-line element sets, with or without a name before them, to the column.

Columns as in CelesTrak's "NORAD Two-Line Element Set Format". A TLE is read into the keywords of an
OMM, digit for digit, and becomes values where every other form does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sattrack.elements import ElementSet, RejectedElementError, check_element_set
from sattrack.formats.reading import Record, Reject
from sattrack.times import iso_utc

LARGEST_ALPHA5 = 339_999

_LINE_LENGTH = 69
# I and O are left out: they look like 1 and 0.
_ALPHA5_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_ALPHA5 = re.compile(rf"[{_ALPHA5_LETTERS}][0-9]{{4}}")

# With a digit where the catalog number ends, or too long for a name, it is half of an element set.
_ELEMENT_LINE = re.compile(r"^[12][ \t](?:.{4}[0-9]|.{40})", re.MULTILINE)

# What characters add to the checksum.
_WORTH = {"-": 1, **{str(digit): digit for digit in range(1, 10)}}

# The last digit of the epoch counts 1e-8 day.
_EPOCH_STEP_US = 864
_FIRST_YEAR = 1957
_LAST_YEAR = _FIRST_YEAR + 99
_YEARS = f"years from {_FIRST_YEAR} to {_LAST_YEAR}"


class _Column(NamedTuple):
    field: str
    first: int
    last: int
    pattern: re.Pattern[str]


def _column(field: str, first: int, last: int, pattern: str) -> _Column:
    return _Column(field, first, last, re.compile(pattern))


def _gap(column: int) -> _Column:
    return _column("the gap", column, column, " ")


_NUMBER = rf" *[0-9]+|{_ALPHA5.pattern}"
_ANGLE = r" *[0-9]+\.[0-9]{4}"
_EXPONENTIAL = r"[ +-][0-9]{5}[+-][0-9]"

_LINES = {
    "1": (
        _gap(2),
        _column("NORAD_CAT_ID", 3, 7, _NUMBER),
        _column("CLASSIFICATION_TYPE", 8, 8, "[A-Z ]"),
        _gap(9),
        _column("OBJECT_ID", 10, 17, r"[0-9]{5}[A-Z]{1,3} *| *"),
        _gap(18),
        _column("EPOCH", 19, 32, r"[0-9]{2} *[0-9]+\.[0-9]{8}"),
        _gap(33),
        _column("MEAN_MOTION_DOT", 34, 43, r"[ +-][ 0]?\.[0-9]{8}"),
        _gap(44),
        _column("MEAN_MOTION_DDOT", 45, 52, _EXPONENTIAL),
        _gap(53),
        _column("BSTAR", 54, 61, _EXPONENTIAL),
        _gap(62),
        _column("EPHEMERIS_TYPE", 63, 63, "[0-9 ]"),
        _gap(64),
        _column("ELEMENT_SET_NO", 65, 68, " *[0-9]*"),
        _column("the checksum", 69, 69, "[0-9]"),
    ),
    "2": (
        _gap(2),
        _column("NORAD_CAT_ID", 3, 7, _NUMBER),
        _gap(8),
        _column("INCLINATION", 9, 16, _ANGLE),
        _gap(17),
        _column("RA_OF_ASC_NODE", 18, 25, _ANGLE),
        _gap(26),
        _column("ECCENTRICITY", 27, 33, " *[0-9]+"),
        _gap(34),
        _column("ARG_OF_PERICENTER", 35, 42, _ANGLE),
        _gap(43),
        _column("MEAN_ANOMALY", 44, 51, _ANGLE),
        _gap(52),
        _column("MEAN_MOTION", 53, 63, r" *[0-9]+\.[0-9]{8}"),
        _column("REV_AT_EPOCH", 64, 68, " *[0-9]*"),
        _column("the checksum", 69, 69, "[0-9]"),
    ),
}


def recognises(text: str) -> bool:
    """Tell whether any line looks like half of an element set, well written or not."""
    return _ELEMENT_LINE.search(text) is not None


def read(text: str) -> Iterator[Record | Reject]:
    """Read TLE, 2LE and 3LE, mixed if need be; what is wrong with one set spoils no other.

    Blanks after the last column, empty lines, and comments after `#` are passed over.
    """
    name: tuple[int, str] | None = None
    first: tuple[int, str] | None = None
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip(" ")
        if not line or line.startswith("#"):
            continue
        if line.startswith("2") and _ELEMENT_LINE.match(line):
            if first:
                yield _record(name, first, (number, line))
            else:
                yield _alone(number, line, "line 2 follows no line 1")
            name = first = None
            continue
        if first:
            yield _alone(*first, "line 1 is followed by no line 2")
            name = first = None
        if _ELEMENT_LINE.match(line):
            first = (number, line)
            continue
        if name:
            yield _stray(*name)
        name = (number, line)
    if first:
        yield _alone(*first, "line 1 is followed by no line 2")
    elif name:
        yield _stray(*name)


def from_alpha5(text: str) -> int:
    """Return the catalog number that five columns hold: `25544`, `    5` or, in Alpha-5, `A0000`.

    Raises:
        ValueError: they hold none.
    """
    if _ALPHA5.fullmatch(text):
        return (10 + _ALPHA5_LETTERS.index(text[0])) * 10_000 + int(text[1:])
    if not re.fullmatch(" *[0-9]+", text) or len(text) != 5:
        raise ValueError(f"not five columns of a catalog number: {text!r}")
    return int(text)


def to_alpha5(norad_id: int) -> str:
    """Return the five columns that hold a catalog number; from 100000 on, in Alpha-5.

    Raises:
        ValueError: they cannot hold it.
    """
    if not 0 <= norad_id <= LARGEST_ALPHA5:
        raise ValueError(f"five columns hold 0 to {LARGEST_ALPHA5}, not {norad_id}")
    if norad_id < 100_000:
        return f"{norad_id:05d}"
    tens, rest = divmod(norad_id, 10_000)
    return f"{_ALPHA5_LETTERS[tens - 10]}{rest:04d}"


def checksum(line: str) -> int:
    """Return the checksum of the first 68 columns: the sum of digits, a minus counting as 1."""
    columns = line[: _LINE_LENGTH - 1]
    return sum(columns.count(character) * worth for character, worth in _WORTH.items()) % 10


def nearest(elements: ElementSet) -> ElementSet:
    """Return the elements with the digits that the columns hold; all others are rounded.

    Raises:
        RejectedElementError: that is another number, or no orbit.
    """
    rounded = replace(
        elements,
        epoch=_nearest_epoch(elements.epoch),
        mean_motion_rev_day=round(elements.mean_motion_rev_day, 8),
        eccentricity=round(elements.eccentricity, 7),
        inclination_deg=round(elements.inclination_deg, 4),
        raan_deg=_nearest_angle(elements.raan_deg),
        argument_of_perigee_deg=_nearest_angle(elements.argument_of_perigee_deg),
        mean_anomaly_deg=_nearest_angle(elements.mean_anomaly_deg),
        bstar_per_earth_radius=_nearest_exponential(elements.bstar_per_earth_radius),
        mean_motion_dot_rev_day2=round(elements.mean_motion_dot_rev_day2, 8),
        mean_motion_ddot_rev_day3=_nearest_exponential(elements.mean_motion_ddot_rev_day3),
    )
    if rounded == elements:
        return elements
    if rounded.eccentricity == 1.0:
        raise _too_much("ECCENTRICITY", elements.eccentricity, "numbers below 0.99999995")
    check_element_set(rounded)
    return rounded


def write_2le(elements: ElementSet, created: datetime) -> str:
    """Return the two lines; they have no place for a name, or for when they were made.

    Raises:
        RejectedElementError: the columns cannot hold a value as it is.
    """
    if elements.norad_id > LARGEST_ALPHA5:
        raise _too_much("NORAD_CAT_ID", elements.norad_id, f"numbers up to {LARGEST_ALPHA5}")
    if elements.element_set_no > 9999:
        raise _too_much("ELEMENT_SET_NO", elements.element_set_no, "four digits")
    if elements.rev_at_epoch > 99_999:
        raise _too_much("REV_AT_EPOCH", elements.rev_at_epoch, "five digits")
    norad_id = to_alpha5(elements.norad_id)
    mean_motion = _fixed("MEAN_MOTION", elements.mean_motion_rev_day, 8)
    first = " ".join(
        (
            f"1 {norad_id}{elements.classification}",
            f"{_short_cospar_id(elements.cospar_id):8}",
            _epoch_columns(elements.epoch),
            _signed_fraction("MEAN_MOTION_DOT", elements.mean_motion_dot_rev_day2),
            _exponential("MEAN_MOTION_DDOT", elements.mean_motion_ddot_rev_day3),
            _exponential("BSTAR", elements.bstar_per_earth_radius),
            f"{elements.ephemeris_type} {elements.element_set_no:4d}",
        )
    )
    second = " ".join(
        (
            f"2 {norad_id}",
            f"{_fixed('INCLINATION', elements.inclination_deg, 4):>8}",
            f"{_fixed('RA_OF_ASC_NODE', elements.raan_deg, 4):>8}",
            _fixed("ECCENTRICITY", elements.eccentricity, 7).removeprefix("0."),
            f"{_fixed('ARG_OF_PERICENTER', elements.argument_of_perigee_deg, 4):>8}",
            f"{_fixed('MEAN_ANOMALY', elements.mean_anomaly_deg, 4):>8}",
            f"{mean_motion:>11}{elements.rev_at_epoch:5d}",
        )
    )
    return f"{first}{checksum(first)}\n{second}{checksum(second)}\n"


def write_tle(elements: ElementSet, created: datetime) -> str:
    """Return a line with the name, if there is one, padded to 24 columns, and the two lines.

    Raises:
        RejectedElementError: the columns cannot hold a value as it is.
    """
    named = _name_line(elements.name, elements.name) if elements.name else ""
    return named + write_2le(elements, created)


def write_3le(elements: ElementSet, created: datetime) -> str:
    """Return a line with zero and the name, as Space-Track writes it, and the two lines.

    Raises:
        RejectedElementError: the columns cannot hold a value as it is.
    """
    return _name_line(f"0 {elements.name}", elements.name) + write_2le(elements, created)


def join(sets: Sequence[str]) -> str:
    """Return the document that the element sets make."""
    return "".join(sets)


def _alone(number: int, line: str, reason: str) -> Reject:
    return Reject(number, line[2:7].strip(), "", "", reason)


def _stray(number: int, line: str) -> Reject:
    return Reject(number, "", "", f"'{line}'", "belongs to no element set")


def _record(
    name: tuple[int, str] | None, first: tuple[int, str], second: tuple[int, str]
) -> Record | Reject:
    norad_id = first[1][2:7].strip()
    number = first[0]
    try:
        columns = _cut(first[1])
        number = second[0]
        columns |= _cut_second(second[1], columns["NORAD_CAT_ID"])
        number = first[0]
        fields = _omm_fields(columns, _name(name[1]) if name else "")
    except RejectedElementError as error:
        return Reject(number, norad_id, error.field, error.value, error.reason)
    return Record(number, fields, norad_id)


def _cut(line: str) -> dict[str, str]:
    """Return the columns of a line under their keywords.

    Raises:
        RejectedElementError: the line is not written as it must be.
    """
    if "\t" in line:
        reason = f"has a tab in column {line.index(chr(9)) + 1}"
        raise RejectedElementError(f"TLE line {line[0]}", "", reason)
    if len(line) != _LINE_LENGTH:
        reason = f"has {len(line)} columns, not {_LINE_LENGTH}"
        raise RejectedElementError(f"TLE line {line[0]}", "", reason)
    fields = {}
    for field, first, last, pattern in _LINES[line[0]]:
        text = line[first - 1 : last]
        if not pattern.fullmatch(text):
            place = f"column {first}" if first == last else f"columns {first} to {last}"
            raise RejectedElementError(field, f"'{text}'", f"cannot stand in {place}")
        fields[field] = text
    if int(line[-1]) != checksum(line):
        reason = f"line {line[0]} adds up to {checksum(line)}"
        raise RejectedElementError("the checksum", line[-1], reason)
    return fields


def _cut_second(line: str, norad_id: str) -> dict[str, str]:
    columns = _cut(line)
    if from_alpha5(columns["NORAD_CAT_ID"]) != from_alpha5(norad_id):
        reason = f"line 1 has {norad_id.strip()}"
        raise RejectedElementError("NORAD_CAT_ID", columns["NORAD_CAT_ID"].strip(), reason)
    return columns


def _omm_fields(columns: dict[str, str], name: str) -> dict[str, str]:
    """Return what the columns say, as an OMM would write it."""
    fields = {keyword: text.strip() for keyword, text in columns.items()}
    fields["OBJECT_NAME"] = name
    fields["NORAD_CAT_ID"] = str(from_alpha5(columns["NORAD_CAT_ID"]))
    fields["OBJECT_ID"] = _cospar_id(fields["OBJECT_ID"])
    fields["EPOCH"] = _epoch(fields["EPOCH"])
    fields["ECCENTRICITY"] = "0." + columns["ECCENTRICITY"].replace(" ", "0")
    fields["MEAN_MOTION_DOT"] = fields["MEAN_MOTION_DOT"].replace(" ", "")
    fields["MEAN_MOTION_DDOT"] = _decimal(columns["MEAN_MOTION_DDOT"])
    fields["BSTAR"] = _decimal(columns["BSTAR"])
    return fields


def _cospar_id(text: str) -> str:
    return f"{_full_year(text[:2])}-{text[2:]}" if text else ""


def _full_year(two_digits: str) -> int:
    return _FIRST_YEAR + (int(two_digits) - _FIRST_YEAR) % 100


def _epoch(text: str) -> str:
    """Return the epoch as ISO 8601: exactly, since a step of it is 864 microseconds."""
    year = _full_year(text[:2])
    day, steps = text[2:].split(".")
    epoch = datetime(year, 1, 1) + timedelta(
        days=int(day) - 1, microseconds=int(steps) * _EPOCH_STEP_US
    )
    if epoch.year != year:
        raise RejectedElementError("EPOCH", text, f"{year} has no day {int(day)}")
    return epoch.isoformat(timespec="microseconds")


def _decimal(text: str) -> str:
    """Return `-0.11606e-4` for `-11606-4`."""
    return f"{text[0].strip()}0.{text[1:6]}e{text[6:]}"


def _name(line: str) -> str:
    """Return the name, without the zero that Space-Track puts before it."""
    return re.sub(r"^0(?: +|$)", "", line)


def _name_line(line: str, name: str) -> str:
    if _name(line) != name or _ELEMENT_LINE.match(line) or line.startswith("#"):
        raise RejectedElementError("OBJECT_NAME", repr(name), "a TLE would not show it as a name")
    return f"{line:24}\n"


def _too_much(field: str, value: float | str, capacity: str) -> RejectedElementError:
    return RejectedElementError(field, str(value), f"a TLE holds only {capacity}")


def _short_cospar_id(cospar_id: str) -> str:
    if cospar_id and not _FIRST_YEAR <= int(cospar_id[:4]) <= _LAST_YEAR:
        raise _too_much("OBJECT_ID", cospar_id, _YEARS)
    return cospar_id[2:].replace("-", "")


def _epoch_columns(epoch: datetime) -> str:
    midnight, microseconds = _day_and_time(epoch)
    steps, rest = divmod(microseconds, _EPOCH_STEP_US)
    if rest:
        raise _too_much("EPOCH", epoch.isoformat(), "multiples of 864 microseconds of the day")
    return f"{midnight:%y%j}.{steps:08d}"


def _nearest_epoch(epoch: datetime) -> datetime:
    midnight, microseconds = _day_and_time(epoch)
    steps = (microseconds + _EPOCH_STEP_US // 2) // _EPOCH_STEP_US
    return midnight + timedelta(microseconds=steps * _EPOCH_STEP_US)


def _day_and_time(epoch: datetime) -> tuple[datetime, int]:
    """Return the midnight before an epoch, and the microseconds since."""
    epoch = epoch.astimezone(UTC)
    if not _FIRST_YEAR <= epoch.year <= _LAST_YEAR:
        raise _too_much("EPOCH", iso_utc(epoch), _YEARS)
    midnight = epoch.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, (epoch - midnight) // timedelta(microseconds=1)


def _nearest_angle(angle_deg: float) -> float:
    rounded_deg = round(angle_deg, 4)
    # A full circle stays what it is only where it is written.
    return 0.0 if rounded_deg == 360.0 != angle_deg else rounded_deg


def _fixed(field: str, value: float, decimals: int) -> str:
    """Return a number with so many decimals, none of them rounded."""
    text = f"{value:.{decimals}f}"
    # A number of a TLE has at most ten digits, and no two such are the same float.
    if float(text) != value:
        raise _too_much(field, value, f"{decimals} decimals")
    return text.removeprefix("-") if value == 0.0 else text


def _signed_fraction(field: str, value: float) -> str:
    if abs(value) >= 1.0:
        raise _too_much(field, value, "numbers between -1 and 1")
    sign = "-" if value < 0.0 else " "
    return sign + _fixed(field, abs(value), 8).removeprefix("0")


def _nearest_exponential(value: float) -> float:
    """Return the nearest number of five digits, the last of them worth 1e-14 or more."""
    return float(f"{value:.4e}") if abs(value) >= 1e-10 else round(value, 14)


def _exponential(field: str, value: float) -> str:
    """Return ` 13327-3` for 0.13327e-3: five digits after the point, one for the exponent."""
    size = abs(value)
    mantissa, _, power = f"{size:.4e}".partition("e")
    digits, exponent = mantissa.replace(".", ""), int(power) + 1
    if size == 0.0:
        exponent = 0
    elif exponent < -9:
        # The first of the five digits are zeros.
        digits, exponent = f"{size:.14f}"[-5:], -9
    if exponent > 9 or float(f"0.{digits}e{exponent}") != size:
        raise _too_much(field, value, "five digits and an exponent of one")
    return f"{'-' if value < 0.0 else ' '}{digits}{exponent:+d}"
