"""Orbit Mean-Elements Messages: their keywords, and the values these stand for.

CCSDS 502.0-B-3, section 4. CSV, JSON, XML and KVN differ in how they write a record down; what a
record means is read here, for all of them and for TLE too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sattrack.elements import ElementSet, RejectedElementError

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
# Issue 2 of the standard wrote SGP/SGP4 in its examples.
_PREMISES = (
    ("CENTER_NAME", ("EARTH",)),
    ("REF_FRAME", ("TEME",)),
    ("TIME_SYSTEM", ("UTC",)),
    ("MEAN_ELEMENT_THEORY", ("SGP4", "SGP/SGP4")),
)

_UNKNOWN = ("", "UNKNOWN")
_EPOCH = re.compile(
    r"([0-9]{4})-(?:([0-9]{2})-([0-9]{2})|([0-9]{3}))"
    r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?Z?"
)


def element_set(fields: Mapping[str, str]) -> ElementSet:
    """Return the values of a record: each the float nearest to the decimal that is written.

    Keywords that sattrack does not use are ignored. The values still need `check_element_set`.

    Raises:
        RejectedElementError: a required keyword is missing, a value is not of its kind, or the
            record is meant for another frame, time scale, body or theory than SGP4's.
    """
    for keyword, accepted in _PREMISES:
        text = fields.get(keyword)
        if text and text.upper() not in accepted:
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
        cospar_id="" if cospar_id in _UNKNOWN else cospar_id,
        classification=fields.get("CLASSIFICATION_TYPE", "").strip() or "U",
        ephemeris_type=_integer(fields, "EPHEMERIS_TYPE", "0"),
        element_set_no=_integer(fields, "ELEMENT_SET_NO", "999"),
        rev_at_epoch=_integer(fields, "REV_AT_EPOCH", "0"),
    )


def _text(fields: Mapping[str, str], keyword: str, default: str) -> str:
    text = fields.get(keyword) or default
    if text:
        # Python also reads 1_000 and the digits of other scripts, which no publisher writes.
        if "_" in text or not text.isascii():
            raise RejectedElementError(keyword, text, "is not a number")
        return text
    if keyword == "MEAN_MOTION" and fields.get("SEMI_MAJOR_AXIS"):
        raise RejectedElementError(keyword, "", "missing; SGP4 cannot use SEMI_MAJOR_AXIS instead")
    raise RejectedElementError(keyword, "", "missing")


def _number(fields: Mapping[str, str], keyword: str, default: str = "") -> float:
    text = _text(fields, keyword, default)
    try:
        return float(text)
    except ValueError:
        raise RejectedElementError(keyword, text, "is not a number") from None


def _integer(fields: Mapping[str, str], keyword: str, default: str = "") -> int:
    text = _text(fields, keyword, default)
    try:
        return int(text)
    except ValueError:
        raise RejectedElementError(keyword, text, "is not a whole number") from None


def _epoch(fields: Mapping[str, str]) -> datetime:
    """Return the epoch, rounded to microseconds: CCSDS 502.0-B-3, 7.5.10, time codes A and B."""
    text = fields.get("EPOCH", "").strip()
    if not text:
        raise RejectedElementError("EPOCH", "", "missing")
    match = _EPOCH.fullmatch(text)
    if match is None:
        raise RejectedElementError("EPOCH", text, "is not a UTC time like 2026-11-24T02:00:00.000")
    year, month, day, day_of_year, hour, minute, second, fraction = match.groups()
    try:
        if day_of_year:
            month, day = _month_and_day(int(year), int(day_of_year))
        epoch = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
        if fraction:
            micros = int(fraction[:6].ljust(6, "0")) + (fraction[6:7] >= "5")
            epoch += timedelta(microseconds=micros)
    except (ValueError, OverflowError):
        raise RejectedElementError("EPOCH", text, "is not on the calendar or the clock") from None
    return epoch


def _month_and_day(year: int, day_of_year: int) -> tuple[int, int]:
    date = datetime(year, 1, 1) + timedelta(days=day_of_year - 1)
    if date.year != year:
        raise ValueError(f"{year} has no day {day_of_year}")
    return date.month, date.day
