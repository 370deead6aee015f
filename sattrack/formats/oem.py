"""Orbit Ephemeris Messages: states at instants, as KVN or XML.

CCSDS 502.0-B-3, section 5. KVN and XML differ in how they write a message; what it means is read
here. Covariances and accelerations are passed over: interpolation needs only the states.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sattrack.errors import RejectedDataError, quoted
from sattrack.formats.reading import decoded
from sattrack.times import iso_utc

if TYPE_CHECKING:
    from sattrack.times.scale import FloatArray

VERSION = "2.0"
FIRST = "CCSDS_OEM_VERS"
_VERSIONS = ("1.0", "2.0", "3.0")
ORIGINATOR = "SATTRACK"

HEADER = ("CLASSIFICATION", "CREATION_DATE", "ORIGINATOR", "MESSAGE_ID")
METADATA = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "REF_FRAME_EPOCH",
    "TIME_SYSTEM",
    "START_TIME",
    "USEABLE_START_TIME",
    "USEABLE_STOP_TIME",
    "STOP_TIME",
    "INTERPOLATION",
    "INTERPOLATION_DEGREE",
)
_REQUIRED = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "START_TIME",
    "STOP_TIME",
)
CENTRES = ("EARTH", "MOON")
# Seconds that a scale is behind TT; UTC also counts leap seconds, and TDB breathes.
_BEHIND_TT_S = {"TT": 0.0, "TAI": 32.184, "GPS": 51.184, "UTC": 32.184, "TDB": 0.0}
_FRAMES = {
    "ICRF": "GCRF",
    "GCRF": "GCRF",
    "EME2000": "EME2000",
    "J2000": "EME2000",
    "TEME": "TEME",
    "MOON_ME": "MOON_ME",
}
_ITRF = re.compile(r"ITRF(?:-?[0-9]{2}|[0-9]{4})?")
_EPOCH = re.compile(
    r"([0-9]{4})-(?:([0-9]{2})-([0-9]{2})|([0-9]{3}))"
    r"T([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]*)?)Z?"
)
_JD_OF_ORDINAL_0 = 1721424.5
_FIRST_UTC_YEAR = 1972
_DAY_S = 86400.0
_NUMBERS = (6, 9)  # a state, without and with its acceleration


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Some states of one object that may be interpolated together.

    Attributes:
        object_id: international designator, or what else its author calls it by.
        centre: `EARTH` or `MOON`.
        frame: `GCRF` (which ICRF means, about any centre), `EME2000`, `TEME`, `MOON_ME` or `ITRF`
            of any year; velocities are relative to the frame, also if it turns.
        time_system: `UTC`, `TDB`, `TT`, `TAI` or `GPS`.
        epochs: of the states, ascending, as written.
        position_km, velocity_km_s: shape `(3, n)`.
        useable: the first and the last epoch that may be asked for; empty for all.
    """

    object_name: str
    object_id: str
    centre: str
    frame: str
    time_system: str
    epochs: tuple[str, ...]
    position_km: FloatArray
    velocity_km_s: FloatArray
    useable: tuple[str, str] | tuple[()] = ()

    def tdb(self) -> tuple[float, FloatArray]:
        """Return a Julian date that ends in .5, and the seconds of TDB from there to the epochs."""
        return _tdb([read_epoch(text, self.time_system) for text in self.epochs], self.time_system)

    def useable_tdb(self, start_jd_tdb: float) -> tuple[float, float]:
        """Return the first and the last useable second of TDB from a Julian date on."""
        if not self.useable:
            return -math.inf, math.inf
        instants = [read_epoch(text, self.time_system) for text in self.useable]
        first_jd, seconds = _tdb(instants, self.time_system)
        first, last = (seconds + (first_jd - start_jd_tdb) * _DAY_S).tolist()
        return first, last


class RawSegment(NamedTuple):
    """A segment as text.

    Attributes:
        line: where it begins.
        metadata: by keyword.
        states: line, epoch and numbers of each.
    """

    line: int
    metadata: dict[str, str]
    states: list[tuple[int, str, list[str]]]


def is_oem(document: bytes) -> bool:
    """Tell whether a document begins as an OEM."""
    from sattrack.formats import oem_kvn, oem_xml

    head = document[:10_000].decode("utf-8", "replace").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    return oem_kvn.recognises(head) or oem_xml.recognises(head)


def read_oem(document: bytes) -> tuple[Segment, ...]:
    """Read the segments of a message, in their order; UTF-8, with any ends of lines.

    Raises:
        RejectedDataError: it is none, or anything in it is not as the standard has it; says where.
    """
    from sattrack.formats import oem_kvn, oem_xml

    text = decoded(document)
    if oem_kvn.recognises(text):
        version, segments = oem_kvn.read(text)
    elif oem_xml.recognises(text):
        version, segments = oem_xml.read(text)
    else:
        raise RejectedDataError(f"not an ephemeris (OEM): {quoted(text.strip())}")
    if version not in _VERSIONS:
        raise RejectedDataError(f"version {quoted(version)} of the OEM is not known")
    if not segments:
        raise RejectedDataError("an OEM without a segment")
    return tuple(map(_segment, segments))


def write_oem(segments: Sequence[Segment], created: datetime, form: str = "kvn") -> str:
    """Write a message, so that reading gives the same values again.

    Args:
        segments: in this order.
        created: what it names as the instant of its creation.
        form: `kvn` or `xml`.
    """
    from sattrack.formats import oem_kvn, oem_xml

    header = {"CREATION_DATE": iso_utc(created).removesuffix("Z"), "ORIGINATOR": ORIGINATOR}
    write = oem_xml.write if form == "xml" else oem_kvn.write
    return write(header, segments)


def metadata_of(segment: Segment) -> dict[str, str]:
    """Return the metadata of a segment under their keywords, in the order of the standard."""
    useable = dict(zip(("USEABLE_START_TIME", "USEABLE_STOP_TIME"), segment.useable, strict=False))
    values = {
        "OBJECT_NAME": segment.object_name,
        "OBJECT_ID": segment.object_id,
        "CENTER_NAME": segment.centre,
        "REF_FRAME": segment.frame,
        "TIME_SYSTEM": segment.time_system,
        "START_TIME": segment.epochs[0],
        **useable,
        "STOP_TIME": segment.epochs[-1],
        "INTERPOLATION": "HERMITE",
        "INTERPOLATION_DEGREE": "7",
    }
    return {keyword: values[keyword] for keyword in METADATA if keyword in values}


def _segment(raw: RawSegment) -> Segment:
    """Return what a segment's text means."""
    import numpy as np

    metadata = raw.metadata
    for keyword in _REQUIRED:
        if not metadata.get(keyword):
            raise RejectedDataError(f"line {raw.line}: the segment lacks {keyword}")
    centre = _one_of(raw, "CENTER_NAME", CENTRES)
    time_system = _one_of(raw, "TIME_SYSTEM", tuple(_BEHIND_TT_S))
    if metadata.get("REF_FRAME_EPOCH"):
        raise _fault(raw, "REF_FRAME_EPOCH", "frames of a date are not read")
    if not raw.states:
        raise RejectedDataError(f"line {raw.line}: the segment has no states")
    numbers = np.array([_numbers(*state) for state in raw.states], dtype=np.float64).T
    epochs = tuple(epoch for _, epoch, _ in raw.states)
    limits = {
        keyword: _instant(raw.line, metadata[keyword], time_system)
        for keyword in METADATA
        if keyword.endswith("_TIME") and metadata.get(keyword)
    }
    first, last = limits["START_TIME"], limits["STOP_TIME"]
    before: tuple[float, float] | None = None
    for line, epoch, _ in raw.states:
        instant = _instant(line, epoch, time_system)
        if before is not None and not instant > before:
            raise RejectedDataError(
                f"line {line}: {quoted(epoch)} is not later than the one before"
            )
        if not first <= instant <= last:
            raise RejectedDataError(
                f"line {line}: {quoted(epoch)} is not within START and STOP_TIME"
            )
        before = instant
    useable: tuple[str, str] | tuple[()] = ()
    if "USEABLE_START_TIME" in limits or "USEABLE_STOP_TIME" in limits:
        useable = (
            metadata.get("USEABLE_START_TIME") or metadata["START_TIME"],
            metadata.get("USEABLE_STOP_TIME") or metadata["STOP_TIME"],
        )
    return Segment(
        metadata["OBJECT_NAME"],
        metadata["OBJECT_ID"],
        centre,
        _frame(raw),
        time_system,
        epochs,
        np.ascontiguousarray(numbers[:3]),
        np.ascontiguousarray(numbers[3:]),
        useable,
    )


def _one_of(raw: RawSegment, keyword: str, known: Sequence[str]) -> str:
    value = raw.metadata[keyword].upper()
    if value not in known:
        raise _fault(raw, keyword, f"must be one of {', '.join(known)}")
    return value


def _frame(raw: RawSegment) -> str:
    value = raw.metadata["REF_FRAME"].upper()
    if _ITRF.fullmatch(value):
        return value
    if value not in _FRAMES:
        known = ", ".join(("ICRF", "GCRF", "EME2000", "TEME", "MOON_ME", "ITRF…"))
        raise _fault(raw, "REF_FRAME", f"must be one of {known}")
    return _FRAMES[value]


def _fault(raw: RawSegment, keyword: str, reason: str) -> RejectedDataError:
    return RejectedDataError(
        f"line {raw.line}: {keyword} {quoted(raw.metadata[keyword])}: {reason}"
    )


def _numbers(line: int, epoch: str, texts: list[str]) -> list[float]:
    """Return position and velocity."""
    if len(texts) not in _NUMBERS:
        raise RejectedDataError(f"line {line}: {len(texts)} numbers after {quoted(epoch)}, not 6")
    values = []
    for text in texts[:6]:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text or not text.isascii():
            raise RejectedDataError(f"line {line}: {quoted(text)} is not a number")
        values.append(value)
    return values


def _instant(line: int, text: str, time_system: str) -> tuple[float, float]:
    try:
        return read_epoch(text, time_system)
    except RejectedDataError as error:
        raise RejectedDataError(f"line {line}: {error}") from None


def read_epoch(text: str, time_system: str) -> tuple[float, float]:
    """Return Julian date of the midnight before an epoch, and seconds since, in its own scale.

    CCSDS 502.0-B-3, 7.5.10, time codes A and B. In UTC a minute may have a second 60.

    Raises:
        RejectedDataError: it is no such time.
    """
    match = _EPOCH.fullmatch(text)
    if match is None:
        raise RejectedDataError(f"{quoted(text)} is not a time like 2026-11-24T02:00:00.000")
    year, month, day, day_of_year, hour, minute, second = match.groups()
    try:
        if day_of_year:
            ordinal = date(int(year), 1, 1).toordinal() + int(day_of_year) - 1
            valid = date.fromordinal(ordinal).year == int(year)
        else:
            ordinal, valid = date(int(year), int(month), int(day)).toordinal(), True
    except (ValueError, OverflowError):
        ordinal, valid = 0, False
    longest = 61.0 if time_system == "UTC" and (hour, minute) == ("23", "59") else 60.0
    if not valid or int(hour) > 23 or int(minute) > 59 or float(second) >= longest:
        raise RejectedDataError(f"{quoted(text)} is not on the calendar or the clock")
    if time_system == "UTC" and int(year) < _FIRST_UTC_YEAR:
        raise RejectedDataError(f"{quoted(text)}: UTC as we know it begins in 1972")
    seconds = int(hour) * 3600.0 + int(minute) * 60.0 + float(second)
    return ordinal + _JD_OF_ORDINAL_0, seconds


def _tdb(instants: Sequence[tuple[float, float]], time_system: str) -> tuple[float, FloatArray]:
    """Return the midnight before the first instant, and seconds of TDB from there."""
    import numpy as np

    days, seconds = np.array(instants, dtype=np.float64).T
    start = float(days[0])
    since_start = (days - start) * _DAY_S + seconds
    if time_system == "TDB":
        return start, since_start
    from skyfield.timelib import tdb_minus_tt

    tt = since_start + _BEHIND_TT_S[time_system]
    if time_system == "UTC":
        from sattrack.times.scale import earth_orientation

        leaps = earth_orientation().leap_dates_jd
        tt = tt + 10.0 + np.searchsorted(leaps, days, side="right")
    return start, tt + np.asarray(tdb_minus_tt(start + tt / _DAY_S))
