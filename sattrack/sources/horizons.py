"""JPL Horizons: states of spacecraft and moons, for those that no element set describes.

It wants no account and names no limit, but serves one request at a time from one address: a second
one meets status 503. Objects are asked for by number; a name may mean an asteroid.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from filelock import FileLock, Timeout

from sattrack.catalog import Spacecraft
from sattrack.elements import EARTH_NAIF_ID, MOON_NAIF_ID
from sattrack.errors import StorageError
from sattrack.formats.horizons import StatesAsked
from sattrack.sources.source import Progress, UnreachableError
from sattrack.sources.web import Reply, ask, check_server, check_success
from sattrack.times import Span

HORIZONS_URL = "https://ssd.jpl.nasa.gov"

_PAGE = "/api/horizons.api"
# Over mascons at 60 km, interpolation between such steps is good to half a metre.
_STEP_S = 120
# The fastest moons, Naiad and Metis, take 7.1 h: so many seconds are 0.3 radians, and a polynomial
# of degree 7 misses 128,000 km by 0.3^8 / 8! * 0.32 of it, 6 cm.
_MOON_STEP_S = 1200
# 19,441 states in 4 MB; 90,024 lines are the most there is.
_MOST_DAYS = 27
_DAY_S = 86400
_JD_OF_ORDINAL_0 = 1721424.5
_LONGEST_PAUSE_S = 10.0
# Longer than the longest exchange with a pause in it.
_WAIT_FOR_OTHERS_S = 180.0


def _pause() -> None:
    """Wait until another's request may be over."""
    time.sleep(random.uniform(_LONGEST_PAUSE_S / 2.0, _LONGEST_PAUSE_S))


@dataclass(frozen=True)
class Horizons:
    """Tables of states from JPL Horizons.

    Attributes:
        folder: where the lock is that lets one process ask at a time.
        base_url: scheme, host and port.
        pause: waits a while before the one other attempt when the server is busy.
    """

    folder: Path
    base_url: str = HORIZONS_URL
    pause: Callable[[], None] = field(default=_pause, repr=False)
    name: str = "horizons"
    title: str = "Horizons"
    interval: timedelta = timedelta(hours=23)  # a daily job must never be a minute early
    ready: bool = True
    fault: str = ""

    def offers(self, craft: Spacecraft) -> bool:
        """Tell whether an ephemeris of this spacecraft is expected here."""
        published = not craft.publishers or self.name in craft.publishers
        return craft.naif_id is not None and craft.orbit_data == "ephemeris" and published

    def plan(self, craft: Spacecraft, span: Span) -> tuple[StatesAsked, ...]:
        """Return the requests whose answers cover `span`; each begins where the last one ends.

        From midnight to midnight of TDB, so that states of one day are the same on the next: up to
        a day more at either end.
        """
        first = _midnight_before(span.start)
        days = int(_midnight_before(span.end) + 1.0 - first)
        naif_id = craft.naif_id or 0
        lunar = craft.regime == "lunar" and naif_id < 0
        step_s = _STEP_S if naif_id < 0 else _MOON_STEP_S
        return tuple(
            StatesAsked(
                naif_id,
                MOON_NAIF_ID if lunar else EARTH_NAIF_ID,
                first + day,
                step_s,
                min(_MOST_DAYS, days - day) * _DAY_S // step_s + 1,
            )
            for day in range(0, days, _MOST_DAYS)
        )

    def key(self, craft: Spacecraft) -> str:
        """Return the name under which what is asked of this spacecraft stands in the fetch log."""
        return f"horizons.api?COMMAND='{craft.naif_id}'"

    def fetch(self, asked: StatesAsked, progress: Progress | None = None) -> bytes:
        """Ask once, and once more where the server is busy; return the text of the answer.

        Other processes of this user wait for each other.

        Raises:
            NetworkError: Horizons cannot be reached, is down, or busy.
            RefusedError: Horizons does not want to be asked.
            RejectedDataError: the answer cannot be a table.
            StorageError: the lock cannot be taken.
        """
        path = self.folder / "horizons.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(str(path), timeout=_WAIT_FOR_OTHERS_S):
                return self._understood(self._asked(asked, progress))
        except Timeout:
            reason = f"another program has been asking {self.title} for {_WAIT_FOR_OTHERS_S:.0f} s"
            raise UnreachableError(reason, sent=False) from None
        except OSError as error:
            raise StorageError(f"cannot write {path}: {error.strerror or error}") from error

    def _asked(self, asked: StatesAsked, progress: Progress | None) -> Reply:
        address = self.base_url + _PAGE + "?" + query(asked)
        reply = ask(address, progress=progress)
        if reply.status == 503:
            self.pause()
            reply = ask(address, progress=progress)
        return reply

    def _understood(self, reply: Reply) -> bytes:
        if reply.status == 503:
            raise UnreachableError(f"{self.title} answered 503 twice: it is busy, or down")
        check_server(reply, self.title)
        # With 400 comes JSON that says what is wrong.
        if reply.status != 400:
            check_success(reply, self.title, "SATTRACK_HORIZONS_URL")
        return reply.body


def query(asked: StatesAsked) -> str:
    """Return what stands behind the question mark of the address."""
    values = {
        "COMMAND": str(asked.naif_id),
        "OBJ_DATA": "YES",  # it says where measurements end
        "MAKE_EPHEM": "YES",
        "EPHEM_TYPE": "VECTORS",
        "CENTER": f"500@{asked.centre_naif_id}",
        "REF_PLANE": "FRAME",
        "REF_SYSTEM": "ICRF",
        "START_TIME": _calendar(asked.start_jd_tdb, 0),
        "STOP_TIME": _calendar(asked.start_jd_tdb, (asked.count - 1) * asked.step_s),
        "STEP_SIZE": f"{asked.step_s // 60} m",
        "OUT_UNITS": "KM-S",
        "VEC_TABLE": "2",
        "VEC_CORR": "NONE",
        "CSV_FORMAT": "YES",
    }
    quotes = {key: f"'{value}'" for key, value in values.items()}
    return urlencode({"format": "json", **quotes}, safe="'@:", quote_via=quote)


def _midnight_before(instant: datetime) -> float:
    """Return the Julian date of the last midnight; TDB is a minute ahead of UTC."""
    return instant.astimezone(UTC).toordinal() + _JD_OF_ORDINAL_0


def _calendar(start_jd_tdb: float, seconds: int) -> str:
    day, half = divmod(start_jd_tdb - _JD_OF_ORDINAL_0, 1.0)
    instant = datetime.fromordinal(int(day)) + timedelta(days=half, seconds=seconds)
    return f"{instant:%Y-%m-%d %H:%M}"
