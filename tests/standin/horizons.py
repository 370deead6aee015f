"""A web server on the loopback that plays JPL Horizons: vectors as CSV, one request at a time.

Its answers are laid out as https://ssd-api.jpl.nasa.gov/doc/horizons.html and real replies have it;
the states are those of two-body motion about the Moon.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np

from standin import moons
from standin.server import Handler, Publisher, Seen

GM_MOON_KM3_S2 = 4902.8001184575487
_J2000_JD, _J2000 = 2451545.0, datetime(2000, 1, 1, 12, tzinfo=UTC)
_STARS = "*" * 79


@dataclass(frozen=True)
class Body:
    """Something that Horizons knows; coverage in TDB.

    Attributes:
        states: about the Earth, at seconds of TDB past J2000; without them it orbits the Moon.
    """

    naif_id: int
    label: str
    solution: str
    first: datetime = datetime(2022, 8, 4, 23, 19, tzinfo=UTC)
    last: datetime = datetime(2027, 4, 1, 15, 13, tzinfo=UTC)
    page: str = ""
    semi_major_axis_km: float = 1868.3
    states: Callable[[np.ndarray], np.ndarray] | None = None


DANURI = Body(
    -155,
    "Danuri (spacecraft)",
    "KPLO_merged",
    page="Korea Pathfinder Lunar Orbiter: data through 2026-Nov-20, and prediction after",
)
TITAN = Body(606, "Titan", "sat456l", states=moons.titan)
PHOBOS = Body(401, "Phobos", "mar099l", states=moons.phobos)
LRO = Body(-85, "Lunar Reconnaissance Orbiter (spacecraft)", "LRO_merged", semi_major_axis_km=1830)


@dataclass
class HorizonsStandin(Publisher):
    """Horizons.

    Attributes:
        bodies: what it knows.
        version: of its API.
        change: makes another text of each answer.
        busy: how many requests are answered with 503 from now on.
        push_km: moves all states along their track, as a new solution does.
    """

    bodies: list[Body] = field(default_factory=lambda: [DANURI, LRO, TITAN, PHOBOS])
    version: str = "1.2"
    change: Callable[[str], str] = lambda text: text
    busy: int = 0
    push_km: float = 0.0
    _one: threading.Lock = field(default_factory=threading.Lock)

    def behave(self, handler: Handler, seen: Seen) -> None:
        if not self._one.acquire(blocking=False):
            return handler.reply(503, b"<html>503 Service Unavailable</html>", "text/html")
        try:
            return self._answer(handler, seen)
        finally:
            self._one.release()

    def _answer(self, handler: Handler, seen: Seen) -> None:
        if self.busy:
            self.busy -= 1
            return handler.reply(503, b"<html>503 Service Unavailable</html>", "text/html")
        parts = urlsplit(seen.path)
        query = {key: values[0].strip("'") for key, values in parse_qs(parts.query).items()}
        if parts.path != "/api/horizons.api" or query.get("format") != "json":
            return handler.reply(404, b"<html>Not Found</html>", "text/html")
        body = next((b for b in self.bodies if str(b.naif_id) == query["COMMAND"]), None)
        if body is None:
            text = f'No matches found for "{query["COMMAND"]}".'
        else:
            text = self._result(body, query)
        return handler.reply(200, self.envelope(self.change(text)), "application/json")

    def envelope(self, result: str, **more: str) -> bytes:
        signature = {"source": "NASA/JPL Horizons API", "version": self.version}
        return json.dumps({"signature": signature, "result": result, **more}).encode()

    def _result(self, body: Body, query: dict[str, str]) -> str:
        start, stop = (_instant(query[key]) for key in ("START_TIME", "STOP_TIME"))
        for outside, side, limit in (
            (start < body.first, "prior to", body.first),
            (stop > body.last, "after", body.last),
        ):
            if outside:
                when = f"A.D. {limit:%Y-%b-%d %H:%M:%S.0000} TDB".upper()
                return f'No ephemeris for target "{body.label}" {side} {when}\n'
        step_s = int(query["STEP_SIZE"].split()[0]) * 60
        seconds = np.arange((stop - start).total_seconds() // step_s + 1) * step_s
        centre = {"500@301": "Moon (301)", "500@399": "Earth (399)"}[query["CENTER"]]
        page = f"{_STARS}\n {body.page}\n" if query["OBJ_DATA"] == "YES" and body.page else ""
        target = f"{body.label} ({body.naif_id})"
        return (
            f"{page}{_STARS}\n"
            f"Ephemeris / API_USER {self.now:%a %b %d %H:%M:%S %Y} Pasadena, USA      / Horizons\n"
            f"{_STARS}\n"
            f"Target body name: {target:<33}{{source: {body.solution}}}\n"
            f"Center body name: {centre:<33}{{source: DE441}}\n"
            "Center-site name: BODY CENTER\n"
            f"{_STARS}\n"
            f"Start time      : A.D. {start:%Y-%b-%d %H:%M:%S.0000} TDB\n"
            f"Stop  time      : A.D. {stop:%Y-%b-%d %H:%M:%S.0000} TDB\n"
            f"Step-size       : {step_s // 60} minutes\n"
            f"{_STARS}\n"
            "Center geodetic : 0.0, 0.0, 0.0            {E-lon(deg),Lat(deg),Alt(km)}\n"
            "Center radii    : (undefined)\n"
            f"Output units    : {query['OUT_UNITS']}\n"
            "Output type     : GEOMETRIC cartesian states\n"
            "Output format   : 2 (position and velocity)\n"
            f"Reference frame : {query['REF_SYSTEM']}\n"
            f"{_STARS}\n"
            "            JDTDB,            Calendar Date (TDB),                      X,"
            "                      Y,                      Z,                     VX,"
            "                     VY,                     VZ,\n"
            f"{'*' * 237}\n"
            f"$$SOE\n{self._rows(body, start, seconds)}$$EOE\n"
            f'{_STARS}\n\nTIME\n\n  Barycentric Dynamical Time ("TDB" or T_eph) output was '
            "requested.\n"
        )

    def _rows(self, body: Body, start: datetime, seconds: np.ndarray) -> str:
        since_s = (start - _J2000).total_seconds() + seconds
        if body.states is None:
            states = two_body(body.semi_major_axis_km, since_s, self.push_km)
        else:
            states = body.states(since_s)
        lines = []
        for second, *state in zip(seconds.tolist(), *states.tolist(), strict=True):
            instant = start + timedelta(seconds=second)
            jd = _J2000_JD + (instant - _J2000) / timedelta(days=1)
            numbers = "".join(f" {value: .15E}," for value in state)
            lines.append(f"{jd:.9f}, A.D. {instant:%Y-%b-%d %H:%M:%S.0000},{numbers}\n")
        return "".join(lines)


def two_body(axis_km: float, since_s: np.ndarray, push_km: float = 0.0) -> np.ndarray:
    """Return states of a near-polar ellipse about the Moon, shape `(6, n)`; km and km/s."""
    eccentricity = 0.04
    rate = np.sqrt(GM_MOON_KM3_S2 / axis_km**3)
    mean = rate * since_s + push_km / axis_km
    anomaly = mean
    for _ in range(30):
        anomaly = mean + eccentricity * np.sin(anomaly)
    root = np.sqrt(1.0 - eccentricity**2)
    x, z = axis_km * (np.cos(anomaly) - eccentricity), axis_km * root * np.sin(anomaly)
    speed = axis_km * rate / (1.0 - eccentricity * np.cos(anomaly))
    vx, vz = -speed * np.sin(anomaly), speed * root * np.cos(anomaly)
    turn = np.radians(40.0)
    cos, sin = np.cos(turn), np.sin(turn)
    return np.array([x * cos, x * sin, z, vx * cos, vx * sin, vz])


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
