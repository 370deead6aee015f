"""Orbit Mean-Elements Messages: their keywords, and the values these stand for.

CCSDS 502.0-B-3, section 4. CSV, JSON, XML and KVN differ in how they write a record down; what a
record means is read here, for all of them and for TLE too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from sattrack.elements import ElementSet, RejectedElementError
from sattrack.formats.reading import Record, Reject, quoted
from sattrack.times import iso_utc

VERSION = "3.0"
ORIGINATOR = "SATTRACK"

# The columns of CelesTrak's CSV, in their order.
KEYWORDS = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "EPOCH",
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE",
    "NORAD_CAT_ID",
    "ELEMENT_SET_NO",
    "REV_AT_EPOCH",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
)

# Without these there is no orbit, or nobody knows whose it is.
REQUIRED = (
    "EPOCH",
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "NORAD_CAT_ID",
    "BSTAR",
)

# What CSV and JSON of CelesTrak leave out, and must not differ where it is written: 4.2.4.6.
# Examples of issue 2 of the standard say SGP/SGP4 for the same theory.
_PREMISES = {
    "CENTER_NAME": ("EARTH",),
    "REF_FRAME": ("TEME",),
    "TIME_SYSTEM": ("UTC",),
    "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4"),
}

# Everything that sattrack takes from a message.
UNDERSTOOD = frozenset((*KEYWORDS, *_PREMISES, "SEMI_MAJOR_AXIS"))

# Units may be written out, but not chosen: table 4-3.
UNITS = {
    "MEAN_MOTION": "rev/day",
    "INCLINATION": "deg",
    "RA_OF_ASC_NODE": "deg",
    "ARG_OF_PERICENTER": "deg",
    "MEAN_ANOMALY": "deg",
    "BSTAR": "1/ER",
    "MEAN_MOTION_DOT": "rev/day**2",
    "MEAN_MOTION_DDOT": "rev/day**3",
}

# What the standard writes where a designator is not known.
_UNKNOWN = "UNKNOWN"

_EPOCH = re.compile(
    r"([0-9]{4})-(?:([0-9]{2})-([0-9]{2})|([0-9]{3}))"
    r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?Z?"
)


class Entry(NamedTuple):
    """A keyword, its value and perhaps its unit, as KVN and XML write them."""

    line: int
    keyword: str
    text: str
    unit: str = ""


def element_set(fields: Mapping[str, str]) -> ElementSet:
    """Return the values of a record: each the float nearest to the decimal that is written.

    Keywords that sattrack does not use are ignored. The values still need `check_element_set`.

    Raises:
        RejectedElementError: a required keyword is missing, a value is not of its kind, or the
            record is meant for another frame, time scale, body or theory than SGP4's.
    """
    for keyword, accepted in _PREMISES.items():
        text = fields.get(keyword)
        if text and text.strip().upper() not in accepted:
            raise RejectedElementError(keyword, text, f"must be {accepted[0]}")
    cospar_id = fields.get("OBJECT_ID", "").strip()
    return ElementSet(
        norad_id=_integer(fields, "NORAD_CAT_ID"),
        epoch=_epoch(fields),
        mean_motion_rev_day=_number(fields, "MEAN_MOTION"),
        eccentricity=_number(fields, "ECCENTRICITY"),
        inclination_deg=_number(fields, "INCLINATION"),
        raan_deg=_number(fields, "RA_OF_ASC_NODE"),
        argument_of_perigee_deg=_number(fields, "ARG_OF_PERICENTER"),
        mean_anomaly_deg=_number(fields, "MEAN_ANOMALY"),
        bstar_per_earth_radius=_number(fields, "BSTAR"),
        mean_motion_dot_rev_day2=_number(fields, "MEAN_MOTION_DOT", "0"),
        mean_motion_ddot_rev_day3=_number(fields, "MEAN_MOTION_DDOT", "0"),
        name=fields.get("OBJECT_NAME", "").strip(),
        cospar_id="" if cospar_id == _UNKNOWN else cospar_id,
        classification=fields.get("CLASSIFICATION_TYPE", "").strip() or "U",
        ephemeris_type=_integer(fields, "EPHEMERIS_TYPE", "0"),
        element_set_no=_integer(fields, "ELEMENT_SET_NO", "999"),
        rev_at_epoch=_integer(fields, "REV_AT_EPOCH", "0"),
    )


# The digits, signs and points that numbers are commonly written with; and the whole numbers.
_PLAIN_NUMBERS = re.compile(r"[0-9+\-.eE,]*")
_PLAIN_COUNTS = re.compile(r"[0-9,]*")
_PLAIN_EPOCHS = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6},)*"
)
_PLAIN = (
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
)


def plain_sets(columns: Mapping[str, Sequence[str]]) -> list[ElementSet] | None:
    """Return what `element_set` makes of records, all at once; None where one of them is odd.

    Odd is whatever CelesTrak does not write: a missing column or value, an epoch of another length,
    a number with another character. Odd records are not wrong: they are read one by one.

    Args:
        columns: the texts of all records, under each keyword.
    """
    if any(keyword not in columns for keyword in KEYWORDS):
        return None
    if any(keyword in columns for keyword in _PREMISES):
        return None
    counts = [
        columns[keyword]
        for keyword in ("NORAD_CAT_ID", "EPHEMERIS_TYPE", "ELEMENT_SET_NO", "REV_AT_EPOCH")
    ]
    plain = (
        all(_PLAIN_NUMBERS.fullmatch(",".join(columns[keyword])) for keyword in _PLAIN)
        and all(_PLAIN_COUNTS.fullmatch(",".join(column)) for column in counts)
        and _PLAIN_EPOCHS.fullmatch(",".join((*columns["EPOCH"], "")))
    )
    if not plain:
        return None
    try:
        numbers = [[float(text) for text in columns[keyword]] for keyword in _PLAIN]
        norad_ids, kinds, set_numbers, revolutions = ([int(text) for text in c] for c in counts)
        epochs = [datetime.fromisoformat(f"{text}+00:00") for text in columns["EPOCH"]]
    except ValueError:
        return None
    return [
        ElementSet(*values)
        for values in zip(
            norad_ids,
            epochs,
            *numbers,
            [text.strip() for text in columns["OBJECT_NAME"]],
            ["" if text == _UNKNOWN else text for text in map(str.strip, columns["OBJECT_ID"])],
            [text.strip() or "U" for text in columns["CLASSIFICATION_TYPE"]],
            kinds,
            set_numbers,
            revolutions,
            strict=True,
        )
    ]


def check_digits(fields: Mapping[str, str]) -> None:
    """Check that the values of a record are the decimals that are written, to the last digit.

    Args:
        fields: of a record that `element_set` and `check_element_set` accept.

    Raises:
        RejectedElementError: a number has more digits than a float, or the epoch than microseconds.
    """
    match = _EPOCH.fullmatch(fields["EPOCH"].strip())
    if match and (match[8] or "")[6:].strip("0"):
        raise RejectedElementError("EPOCH", fields["EPOCH"], "has digits beyond microseconds")
    for keyword in ("ECCENTRICITY", *UNITS):
        text = fields.get(keyword) or "0"
        try:
            kept = Decimal(text) == Decimal(repr(float(text)))
        except InvalidOperation:  # an exponent beyond all bounds
            kept = False
        if not kept:
            raise RejectedElementError(keyword, text, "has more digits than a double holds")


def keyword_values(elements: ElementSet) -> dict[str, str | int | float]:
    """Return the values under the keywords of CelesTrak's CSV, in its order; epoch as ISO 8601."""
    epoch = elements.epoch.astimezone(UTC).replace(tzinfo=None)
    return {
        "OBJECT_NAME": elements.name,
        "OBJECT_ID": elements.cospar_id,
        "EPOCH": epoch.isoformat(timespec="microseconds"),
        "MEAN_MOTION": elements.mean_motion_rev_day,
        "ECCENTRICITY": elements.eccentricity,
        "INCLINATION": elements.inclination_deg,
        "RA_OF_ASC_NODE": elements.raan_deg,
        "ARG_OF_PERICENTER": elements.argument_of_perigee_deg,
        "MEAN_ANOMALY": elements.mean_anomaly_deg,
        "EPHEMERIS_TYPE": elements.ephemeris_type,
        "CLASSIFICATION_TYPE": elements.classification,
        "NORAD_CAT_ID": elements.norad_id,
        "ELEMENT_SET_NO": elements.element_set_no,
        "REV_AT_EPOCH": elements.rev_at_epoch,
        "BSTAR": elements.bstar_per_earth_radius,
        "MEAN_MOTION_DOT": elements.mean_motion_dot_rev_day2,
        "MEAN_MOTION_DDOT": elements.mean_motion_ddot_rev_day3,
    }


def message_sections(elements: ElementSet, created: datetime) -> dict[str, dict[str, str]]:
    """Return the whole message in its sections, named as in XML; KVN writes them in a row."""
    values = {keyword: str(value) for keyword, value in keyword_values(elements).items()}
    values["OBJECT_ID"] = values["OBJECT_ID"] or _UNKNOWN
    first, second = KEYWORDS.index("EPOCH"), KEYWORDS.index("EPHEMERIS_TYPE")
    premises = {keyword: accepted[0] for keyword, accepted in _PREMISES.items()}
    return {
        "header": {"CREATION_DATE": iso_utc(created), "ORIGINATOR": ORIGINATOR},
        "metadata": {keyword: values[keyword] for keyword in KEYWORDS[:first]} | premises,
        "meanElements": {keyword: values[keyword] for keyword in KEYWORDS[first:second]},
        "tleParameters": {keyword: values[keyword] for keyword in KEYWORDS[second:]},
    }


def record_of(line: int, entries: Iterable[Entry]) -> Record | Reject:
    """Return the record that a message makes, or the reject that says which entry spoils it.

    Entries that sattrack does not use may say what they like, and as often as they like.
    """
    fields: dict[str, str] = {}
    fault: Entry | None = None
    reason = ""
    for entry in entries:
        if entry.keyword not in UNDERSTOOD:
            continue
        unit = UNITS.get(entry.keyword, "")
        if entry.keyword in fields:
            fault, reason = entry, "is written twice"
        elif entry.unit and entry.unit.lower() != unit.lower():
            fault, reason = entry, f"must be in {unit}, not {quoted(entry.unit)}"
        fields.setdefault(entry.keyword, entry.text)
    norad_id = fields.get("NORAD_CAT_ID", "")
    if fault:
        return Reject(fault.line, norad_id, fault.keyword, fault.text, reason)
    return Record(line, fields, norad_id)


# Python also reads 1_000 and the digits of other scripts, which no publisher writes.
def _number(fields: Mapping[str, str], keyword: str, default: str = "") -> float:
    text = fields.get(keyword) or default
    try:
        number = float(text)
    except ValueError:
        raise _no_number(fields, keyword, "is not a number") from None
    if "_" in text or not text.isascii():
        raise _no_number(fields, keyword, "is not a number")
    return number


def _integer(fields: Mapping[str, str], keyword: str, default: str = "") -> int:
    text = fields.get(keyword) or default
    try:
        number = int(text)
    except ValueError:
        raise _no_number(fields, keyword, "is not a whole number") from None
    if "_" in text or not text.isascii():
        raise _no_number(fields, keyword, "is not a whole number")
    return number


def _no_number(fields: Mapping[str, str], keyword: str, reason: str) -> RejectedElementError:
    text = fields.get(keyword, "")
    if not text:
        reason = "missing"
        if keyword == "MEAN_MOTION" and fields.get("SEMI_MAJOR_AXIS"):
            reason = "missing; SGP4 cannot use SEMI_MAJOR_AXIS instead"
    return RejectedElementError(keyword, text, reason)


def _epoch(fields: Mapping[str, str]) -> datetime:
    """Return the epoch, rounded to microseconds: CCSDS 502.0-B-3, 7.5.10, time codes A and B."""
    text = fields.get("EPOCH", "").strip()
    if not text:
        raise RejectedElementError("EPOCH", "", "missing")
    match = _EPOCH.fullmatch(text)
    if match is None:
        raise RejectedElementError("EPOCH", text, "is not a UTC time like 2026-11-24T02:00:00.000")
    year, month, day, day_of_year, hour, minute, second, fraction = match.groups()
    micros, beyond = (fraction or "")[:6].ljust(6, "0"), (fraction or "")[6:7]
    try:
        if day_of_year:
            month, day = _month_and_day(int(year), int(day_of_year))
        date = int(year), int(month), int(day)
        epoch = datetime(*date, int(hour), int(minute), int(second), int(micros), UTC)
        return epoch + timedelta(microseconds=1) if beyond >= "5" else epoch
    except (ValueError, OverflowError):
        raise RejectedElementError("EPOCH", text, "is not on the calendar or the clock") from None


def _month_and_day(year: int, day_of_year: int) -> tuple[int, int]:
    date = datetime(year, 1, 1) + timedelta(days=day_of_year - 1)
    if date.year != year:
        raise ValueError(f"{year} has no day {day_of_year}")
    return date.month, date.day
