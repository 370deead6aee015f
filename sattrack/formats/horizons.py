"""JPL Horizons' answers: states as CSV, in text, in JSON; or a sentence that says why not.

https://ssd-api.jpl.nasa.gov/doc/horizons.html, version 1.2. Horizons answers almost anything with
status 200: a table of another object whose name was near, a list of names to choose from, a page of
news. So everything that was asked for is looked up in the answer.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sattrack.elements import FEWEST_STATES, StateTable, check_state_table
from sattrack.errors import NoOrbitError, RejectedDataError, printable, quoted

if TYPE_CHECKING:
    from sattrack.times.scale import FloatArray

PUBLISHER = "JPL Horizons"

_MAJOR, _NEWEST_MINOR = 1, 2
_FIRST_ROW, _LAST_ROW = "$$SOE", "$$EOE"
_LABEL = re.compile(r"[ \t]*([A-Z][A-Za-z -]*?)[ \t]*:[ \t]+(.*)")
_BODY = re.compile(r"(.*)\((-?\d+)\)\s*(?:\{source:\s*(.*?)\s*\})?\s*")
_KIND = re.compile(r"\s*\(spacecraft\)\s*$", re.IGNORECASE)
_COVERAGE = re.compile(
    r"No ephemeris for target \"(?P<target>[^\"]*)\"\s+(?P<side>after|prior to)\s+"
    r"A\.D\.\s+(?P<day>\d{4}-[A-Z]{3}-\d{2})\s+(?P<clock>\d{2}:\d{2})",
    re.IGNORECASE,
)
# What object pages of spacecraft say of where measurements end and prediction begins.
_DATA_UNTIL = re.compile(
    r"data\s+(?:through|until|thru|to)\s+(\d{4}-(?:[A-Z]{3}|\d{2})-\d{2})(?:[ T]+(\d{2}:\d{2}))?",
    re.IGNORECASE,
)
_SILENT = re.compile(r"\W*(?:API (?:VERSION|SOURCE)\b.*|Ephemeris / .*)?", re.IGNORECASE)
_TIME = "JDTDB"
_STATE = ("X", "Y", "Z", "VX", "VY", "VZ")
_DAY_S = 86400.0
# Rows give the time to nine decimals of a day.
_JD_TOLERANCE = 2e-9
_JD_OF_ORDINAL_0 = 1721424.5
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class CoverageError(NoOrbitError):
    """Horizons has no states of the object then.

    Attributes:
        first_jd_tdb: where they begin; -inf where Horizons does not say.
        last_jd_tdb: where they end; inf likewise.
    """

    def __init__(
        self, message: str, first_jd_tdb: float = -math.inf, last_jd_tdb: float = math.inf
    ) -> None:
        super().__init__(message)
        self.first_jd_tdb = first_jd_tdb
        self.last_jd_tdb = last_jd_tdb


@dataclass(frozen=True, slots=True)
class StatesAsked:
    """The states that were asked for: geometric, axes of the ICRF, at even steps.

    Attributes:
        naif_id: of the object.
        centre_naif_id: what positions count from.
        start_jd_tdb: of the first state; ends in .0 or .5.
        step_s: whole minutes.
        count: how many states.
    """

    naif_id: int
    centre_naif_id: int
    start_jd_tdb: float
    step_s: int
    count: int

    @property
    def end_jd_tdb(self) -> float:
        """Julian date of the last state."""
        return self.start_jd_tdb + (self.count - 1) * self.step_s / _DAY_S

    def within(self, first_jd_tdb: float, last_jd_tdb: float) -> StatesAsked | None:
        """Return the part of these states that lies between two instants, or None.

        It begins at a midnight, as they do, and is long enough to be interpolated.
        """
        start = self.start_jd_tdb + math.ceil(max(0.0, first_jd_tdb - self.start_jd_tdb))
        end = min(last_jd_tdb, self.end_jd_tdb)
        count = math.floor((end - start) * _DAY_S / self.step_s + _JD_TOLERANCE * _DAY_S) + 1
        if count < FEWEST_STATES:
            return None
        return replace(self, start_jd_tdb=start, count=count)


@dataclass(frozen=True, slots=True)
class StatesAnswer:
    """What Horizons answered.

    Attributes:
        table: the states, digit for digit; without `retrieved_at`.
        warnings: what is odd about the answer, but no reason to reject it.
    """

    table: StateTable
    warnings: tuple[str, ...] = ()


def read_states(document: bytes, asked: StatesAsked) -> StatesAnswer:
    """Read an answer, and check that it is what was asked for.

    Raises:
        CoverageError: there are no states at some of the instants.
        RejectedDataError: it is anything else than a whole table of these states; what Horizons
            says itself is quoted.
    """
    result, warnings = _opened(document)
    head, begins, tail = result.partition(_FIRST_ROW)
    if not begins:
        raise _refusal(result, asked)
    body, ends, _ = tail.partition(_LAST_ROW)
    if not ends:
        raise RejectedDataError(f"the table is cut short: there is no {_LAST_ROW}")
    labels = _labels(head)
    name, solution = _check_bodies(labels, asked)
    _check_premises(labels)
    position, velocity = _states(_columns(head), body, asked)
    import numpy as np

    table = StateTable(
        object_name=name,
        naif_id=asked.naif_id,
        centre_naif_id=asked.centre_naif_id,
        start_jd_tdb=asked.start_jd_tdb,
        seconds=np.arange(asked.count, dtype=np.float64) * asked.step_s,
        position_km=position,
        velocity_km_s=velocity,
        source=f"{PUBLISHER}, {solution}" if solution else PUBLISHER,
        data_until=_data_until(head),
    )
    check_state_table(table)
    return StatesAnswer(table, warnings)


def _opened(document: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text in the envelope, and a warning where its version is new."""
    try:
        envelope: Any = json.loads(document)
    except (ValueError, RecursionError):
        text = document[:2000].decode("utf-8", "replace")
        raise RejectedDataError(f"not JSON, or cut short: {quoted(text.strip())}") from None
    if not isinstance(envelope, dict):
        raise RejectedDataError("JSON, but not an answer of Horizons")
    for key in ("error", "message"):
        if envelope.get(key):
            raise _rejected(str(envelope[key]))
    signature = envelope.get("signature")
    version = str(signature.get("version", "")) if isinstance(signature, dict) else ""
    match = re.fullmatch(r"(\d{1,4})\.(\d{1,4})(?:\.\d+)*", version)
    if match is None:
        raise RejectedDataError("JSON without the signature of Horizons and its version")
    if int(match[1]) != _MAJOR:
        raise RejectedDataError(
            f"version {match[1]}.{match[2]} of the API; sattrack reads version {_MAJOR}"
        )
    result = envelope.get("result")
    if not isinstance(result, str):
        raise RejectedDataError("an answer without a result")
    if int(match[2]) <= _NEWEST_MINOR:
        return result, ()
    known = f"sattrack was written for {_MAJOR}.{_NEWEST_MINOR}"
    return result, (f"version {match[1]}.{match[2]} of Horizons' API is new; {known}",)


def _refusal(result: str, asked: StatesAsked) -> CoverageError | RejectedDataError:
    """Return what an answer without a table means."""
    match = _COVERAGE.search(" ".join(result.split()))
    if match is None:
        if _LAST_ROW in result or f"{_TIME}," in result:
            return RejectedDataError(f"the table has no beginning: there is no {_FIRST_ROW}")
        return _rejected(result)
    instant = _calendar(match["day"], match["clock"])
    if instant is None:
        return _rejected(match[0])
    name = _KIND.sub("", match["target"]).strip()
    who = f"{printable(name, 60)} ({asked.naif_id})"
    when = f"{instant:%Y-%m-%d %H:%M} TDB"
    if match["side"].lower() == "after":
        return CoverageError(f"Horizons has {who} only to {when}", last_jd_tdb=_jd(instant))
    # Seconds are beyond the minute that is read.
    begins = _jd(instant + timedelta(minutes=1))
    return CoverageError(f"Horizons has {who} only from {when}", first_jd_tdb=begins)


def _rejected(text: str) -> RejectedDataError:
    """Return an error that quotes the first sentence of a text."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    said = next((line for line in lines if not _SILENT.fullmatch(line)), "")
    if not said:
        return RejectedDataError("the answer is empty")
    return RejectedDataError(f"Horizons says {quoted(said, 160)}")


def _labels(head: str) -> dict[str, str]:
    """Return what the lines above the table say; of two alike, the one nearer to it."""
    matches = filter(None, map(_LABEL.fullmatch, head.splitlines()))
    return {match[1].strip().lower(): match[2].strip() for match in matches}


def _check_bodies(labels: dict[str, str], asked: StatesAsked) -> tuple[str, str]:
    """Return the object's name and the solution that its states come from."""
    name, target, solution = _body(labels.get("target body name", ""))
    if target != asked.naif_id:
        shown = quoted(labels.get("target body name", ""))
        raise RejectedDataError(f"{asked.naif_id} was asked for; the answer is for {shown}")
    _, centre, _ = _body(labels.get("center body name", ""))
    if centre != asked.centre_naif_id:
        shown = quoted(labels.get("center body name", ""))
        reason = f"states about body {asked.centre_naif_id} were asked for, not about {shown}"
        raise RejectedDataError(reason)
    return name, solution


def _body(text: str) -> tuple[str, int | None, str]:
    """Return name, number and solution of a line such as `Danuri (spacecraft) (-155) {…}`.

    The number is in the last parenthesis; some bodies have none.
    """
    match = _BODY.fullmatch(text)
    if match is None:
        return "", None, ""
    name = _KIND.sub("", match[1]).strip()
    return printable(name, 80), int(match[2]), printable(match[3] or "", 80)


def _check_premises(labels: dict[str, str]) -> None:
    """Check frame, units, site and kind of the states."""
    for label, wanted in (
        ("reference frame", "ICRF"),
        ("output units", "KM-S"),
        ("center-site name", "BODY CENTER"),
    ):
        found = labels.get(label, "")
        if found.upper() != wanted:
            shown = quoted(found) if found else "nothing"
            raise RejectedDataError(f"{label}: {wanted} was asked for, {shown} is said")
    kind = labels.get("output type", "")
    if not re.search(r"\bGEOMETRIC cartesian states\b", kind, re.IGNORECASE):
        shown = quoted(kind) if kind else "nothing"
        raise RejectedDataError(f"output type: geometric states were asked for, {shown} is said")


def _columns(head: str) -> list[str]:
    """Return the names of the columns: the last line with letters above the table."""
    lines = [line for line in head.splitlines() if re.search("[A-Za-z]", line)]
    return _cells(lines[-1]) if lines else []


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.split(",")]
    return cells[:-1] if cells and not cells[-1] else cells


def _states(columns: list[str], body: str, asked: StatesAsked) -> tuple[FloatArray, FloatArray]:
    """Return positions and velocities, each of shape `(3, n)`."""
    import numpy as np

    for name in (_TIME, *_STATE):
        if columns.count(name) != 1:
            raise RejectedDataError(f"the table has no column {name}: {quoted(', '.join(columns))}")
    rows = [line for line in body.splitlines() if line.strip()]
    if len(rows) != asked.count:
        raise RejectedDataError(f"{asked.count} states were asked for, {len(rows)} came")
    values = np.array(list(_numbers(columns, rows)), dtype=np.float64)
    expected = asked.start_jd_tdb + np.arange(asked.count) * (asked.step_s / _DAY_S)
    wrong = np.flatnonzero(np.abs(values[:, 0] - expected) > _JD_TOLERANCE)
    if len(wrong):
        row = int(wrong[0])
        raise RejectedDataError(
            f"state {row + 1} is for JD {float(values[row, 0])!r}, not for {expected[row]:.9f}"
        )
    return np.ascontiguousarray(values[:, 1:4].T), np.ascontiguousarray(values[:, 4:].T)


def _numbers(columns: list[str], rows: list[str]) -> Iterator[list[float]]:
    """Yield time and state of each row: for each text the nearest float."""
    chosen = [(name, columns.index(name)) for name in (_TIME, *_STATE)]
    for number, line in enumerate(rows, start=1):
        cells = _cells(line)
        if len(cells) != len(columns):
            raise RejectedDataError(
                f"state {number} has {len(cells)} columns of {len(columns)}: {quoted(line)}"
            )
        values = []
        for name, index in chosen:
            value = math.nan
            with suppress(ValueError):
                value = float(cells[index])
            if not math.isfinite(value) or "_" in cells[index]:
                reason = f"state {number}: {name} {quoted(cells[index])} is not a number"
                raise RejectedDataError(reason)
            values.append(value)
        yield values


def _data_until(head: str) -> datetime | None:
    """Return where measurements end, if the page of the object says; to the day, that is enough."""
    match = _DATA_UNTIL.search(head)
    return None if match is None else _calendar(match[1], match[2] or "00:00")


def _calendar(day: str, clock: str) -> datetime | None:
    """Return an instant like `2027-Apr-01` or `2027-04-01`, and `15:13`; of any time scale."""
    year, month, date = day.upper().split("-")
    with suppress(ValueError):
        number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
        hour, minute = map(int, clock.split(":"))
        return datetime(int(year), number, int(date), hour, minute, tzinfo=UTC)
    return None


def _jd(instant: datetime) -> float:
    """Return the Julian date of a calendar instant, in its own scale."""
    midnight = instant.replace(hour=0, minute=0)
    return midnight.toordinal() + _JD_OF_ORDINAL_0 + (instant - midnight) / timedelta(days=1)
