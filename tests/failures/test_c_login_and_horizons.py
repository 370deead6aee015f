"""What Space-Track and Horizons can do: message, status, requests, and every byte that is held.

Nobody is asked again before the time that the message names.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from failures.witness import HOURS, MINUTES, Witness
from filelock import FileLock
from standin import Fault, Handler, SpaceTrackStandin, faults
from standin.horizons import DANURI

from sattrack.sources import web

SPACETRACK = ("--source", "spacetrack")
LATER = "not trying again before 2026-11-24 05:30 UTC"
RATE = b"You've violated your query rate limit. Please refer to our Acceptable Use guidelines"
TOO_MANY = "refused by Space-Track: too many requests"
LOGIN = "login refused by Space-Track"
ACCOUNT = f"{LOGIN}; check the account"
HOST = "127.0.0.1"
DOWN = "Space-Track answered 503: its server is down"

# Queries with a session that is still good: one request.
QUERIES: dict[str, tuple[Fault, int, int, str]] = {
    "1 login page": (faults.text(b"<html>Login</html>"), 7, 1, f"{LOGIN}: '<html>Login</html>'"),
    "1 error list": (
        faults.text(b'[{"error": "You must be logged in"}]'),
        7,
        1,
        f'{LOGIN}: \'[{{"error": "You must be logged in"}}]\'',
    ),
    "1 login failed": (
        faults.text(b'{"Login":"Failed"}'),
        7,
        1,
        f'{LOGIN}: \'{{"Login":"Failed"}}\'',
    ),
    # The query, one more login, the query.
    "1 401 for ever": (faults.status(401), 7, 3, f"{LOGIN}: '<html>no</html>'"),
    "2 rate limit as 500": (faults.status(500, RATE), 7, 1, TOO_MANY),
    "2 rate limit as a list": (faults.text(b'[{"error": "' + RATE + b'"}]'), 7, 1, TOO_MANY),
    "2 429": (faults.status(429), 7, 1, "refused by Space-Track (429)"),
    "3 redirect": (
        faults.redirect("https://elsewhere.test/"),
        7,
        1,
        "Space-Track moved to 'https://elsewhere.test/'; "
        "update the base URL, SATTRACK_SPACETRACK_URL",
    ),
    "an empty list": (faults.text(b"[]"), 8, 1, "Space-Track: no element sets in it: '[]'"),
    "down": (faults.status(503), 6, 1, DOWN),
    "reset": (faults.reset, 6, 1, f"Space-Track: {HOST}: the connection was reset"),
    "cut short": (faults.short_body(b"[]"), 6, 1, f"Space-Track: {HOST}: the answer was cut short"),
}


@pytest.mark.parametrize("case", QUERIES)
def test_queries(session: Witness, spacetrack: SpaceTrackStandin, case: str) -> None:
    """A refusal binds for two hours, anything else for the hour between two queries.

    A login is used for two hours.
    """
    fault, status, sent, said = QUERIES[case]
    spacetrack.path_faults["/basicspacedata"] = fault
    refused = status == 7
    until = f"{said}; not trying again before 2026-11-24 {'05:30' if refused else '04:30'} UTC"
    first = until if refused else said
    session.sees("iss", *SPACETRACK, status=status, sent=sent, said=first)
    spacetrack.path_faults.clear()
    for wait in (5, 114 if refused else 54):
        session.sees("iss", *SPACETRACK, status=status, sent=0, said=until, later=wait * MINUTES)
    session.sees("iss", *SPACETRACK, status=0, sent=2, new=1, later=2 * MINUTES)


# The first query of all, for which a login is needed.
LOGINS: dict[str, tuple[str, Fault, int, int, str]] = {
    "1 login page": ("/ajaxauth", faults.text(b"<html>Login</html>"), 7, 1, ACCOUNT),
    "1 no cookie": ("/ajaxauth", faults.text(b'""'), 7, 1, ACCOUNT),
    "1 401": ("/ajaxauth", faults.status(401), 7, 1, ACCOUNT),
    "2 rate limit at the login": ("/ajaxauth", faults.status(500, RATE), 7, 1, TOO_MANY),
    "2 rate limit after the login": ("/basicspacedata", faults.status(500, RATE), 7, 2, TOO_MANY),
    "down": ("/ajaxauth", faults.status(503), 6, 1, DOWN),
}


@pytest.mark.parametrize("case", LOGINS)
def test_logins(account: Witness, spacetrack: SpaceTrackStandin, case: str) -> None:
    where, fault, status, sent, said = LOGINS[case]
    spacetrack.path_faults[where] = fault
    until = f"{said}; not trying again before 2026-11-24 {'04' if status == 7 else '03'}:00 UTC"
    first = until if status == 7 else said
    account.sees("iss", *SPACETRACK, status=status, sent=sent, said=first)
    spacetrack.path_faults.clear()
    account.sees("iss", *SPACETRACK, status=status, sent=0, said=until, later=5 * MINUTES)


def test_1_a_wrong_password(
    session: Witness, spacetrack: SpaceTrackStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATTRACK_SPACETRACK_PASSWORD", "wrong-one")
    spacetrack.sessions.clear()
    said = f"{LOGIN}; check the account; {LATER}"
    # A query with the old session, and one attempt to log in.
    session.sees("iss", *SPACETRACK, status=7, sent=2, said=said)
    session.sees("iss", *SPACETRACK, status=7, sent=0, said=said, later=119 * MINUTES)
    session.sees(
        "iss", *SPACETRACK, status=7, sent=1, said=said.replace("05:30", "07:31"), later=2 * MINUTES
    )


def test_1_a_session_that_ends_is_renewed_once(
    session: Witness, spacetrack: SpaceTrackStandin
) -> None:
    spacetrack.sessions.clear()
    session.sees("iss", *SPACETRACK, status=0, sent=3, new=1)
    session.sees("iss", *SPACETRACK, status=0, sent=2, new=1, later=2 * HOURS)


def test_1_a_session_that_ends_again_and_again(
    session: Witness, spacetrack: SpaceTrackStandin
) -> None:
    """Also of the one that was just given: then it stops."""

    def forgetful(handler: Handler) -> None:
        spacetrack.sessions.clear()
        handler.reply(401, b'{"error":"You must be logged in to complete this action"}')

    spacetrack.path_faults["/basicspacedata"] = forgetful
    said = f'{LOGIN}: \'{{"error":"You must be logged in to complete this action"}}\'; {LATER}'
    session.sees("iss", *SPACETRACK, status=7, sent=3, said=said)
    assert spacetrack.logins == 2


def test_an_id_that_it_does_not_have(session: Witness, spacetrack: SpaceTrackStandin) -> None:
    spacetrack.rows = [row for row in spacetrack.rows if row["NORAD_CAT_ID"] != "45246"]
    said = "no GP data for 45246 (decayed? renumbered? classified?)"
    session.sees("gems", "iss", *SPACETRACK, status=4, sent=1, new=1, said=said)


TAKE = """
import sys
from pathlib import Path
from sattrack.sources.limiter import Limiter
from sattrack.sources import TurnedAwayError

limiter, taken = Limiter(Path(sys.argv[1]), ((500, 3600.0),)), 0
sys.stdin.readline()
try:
    while True:
        limiter.take()
        taken += 1
except TurnedAwayError:
    print(taken)
"""


def test_2_two_processes_share_the_limiter(session: Witness, home: Path) -> None:
    """Both take as fast as they can, and together no more than there is."""
    path = home / "spacetrack-requests.json"
    path.unlink()
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for taker in takers:
        assert taker.stdin is not None
        taker.stdin.write("go\n")
        taker.stdin.flush()
    taken = [int(taker.communicate(timeout=60)[0]) for taker in takers]
    assert sum(taken) == 500
    assert min(taken) > 0


def test_2_what_another_process_sent_counts(session: Witness, home: Path) -> None:
    now = session.scene.now.timestamp()
    path = home / "spacetrack-requests.json"
    path.write_text(str([now - 50.0 + n for n in range(20)]))
    said = f"Space-Track: sattrack's own limit of 20 requests in 60 s is reached; {LATER}"
    session.sees("iss", *SPACETRACK, status=7, sent=0, said=said)


def test_3_never_in_the_clear(session: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATTRACK_SPACETRACK_URL", "http://www.space-track.org")
    said = (
        "SATTRACK_SPACETRACK_URL: a password is sent by https only, "
        "not to http://www.space-track.org"
    )
    session.sees("iss", *SPACETRACK, status=2, sent=0, said=said)


# Horizons

NEWS = "*******\n JPL/HORIZONS NEWS  2026-Nov-24\n Expect outages.\n"
NO_END = "Horizons: the table is cut short: there is no $$EOE"
NO_COLUMN, DATE = "Horizons: the table has no column", "Calendar Date (TDB)"
MATCHES = '*******\nMultiple major-bodies match string "DANURI*"\n\n  ID#      Name\n'
Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new)


def cut_row(text: str) -> str:
    lines = text.split("\n")
    del lines[lines.index("$$SOE") + 1000]
    return "\n".join(lines)


def nan_row(text: str) -> str:
    lines = text.split("\n")
    row = lines.index("$$SOE") + 1000
    columns = lines[row].split(",")
    lines[row] = ",".join([*columns[:2], " NaN", *columns[3:]])
    return "\n".join(lines)


TEXTS: dict[str, tuple[Change, str]] = {
    "5 news page": (lambda _: NEWS, "Horizons says 'JPL/HORIZONS NEWS 2026-Nov-24'"),
    "5 match list": (
        lambda _: MATCHES,
        "Horizons says 'Multiple major-bodies match string \"DANURI*\"'",
    ),
    "5 no SOE": (swap("$$SOE", ""), "Horizons: the table has no beginning: there is no $$SOE"),
    "5 no EOE": (lambda text: text[: text.index("$$EOE")], NO_END),
    "5 half": (lambda text: text[: len(text) // 2], NO_END),
    "5 missing row": (cut_row, "Horizons: 2161 states were asked for, 2160 came"),
    "5 NaN row": (nan_row, "Horizons: state 1000: X 'NaN' is not a number"),
    "5 one column more": (
        lambda text: text.replace("E+02, ", "E+02, 1.0, ", 1),
        "Horizons: state 1 has 9 columns of 8: '2461368.500000000, "
        "A.D. 2026-Nov-24 00:00:00.0000, -3.252914688499345E+02, 1.0,…'",
    ),
    "5 no time": (
        swap("JDTDB,", "JDUT,"),
        f"{NO_COLUMN} JDTDB: 'JDUT, {DATE}, X, Y, Z, VX, VY, VZ'",
    ),
    "5 no velocity": (
        swap("   VX,", "   RR,"),
        f"{NO_COLUMN} VX: 'JDTDB, {DATE}, X, Y, Z, RR, VY, VZ'",
    ),
    "5 another target": (
        swap("(-155)", "(-85)"),
        "Horizons: -155 was asked for; the answer is for "
        "'Danuri (spacecraft) (-85)       {source: KPLO_merged}'",
    ),
    "5 another centre": (
        swap("(301)", "(10)"),
        "Horizons: states about body 301 were asked for, not about "
        "'Moon (10)                       {source: DE441}'",
    ),
    "5 other units": (
        swap("KM-S", "AU-D"),
        "Horizons: output units: KM-S was asked for, 'AU-D' is said",
    ),
    "5 another frame": (
        swap(": ICRF", ": B1950.0"),
        "Horizons: reference frame: ICRF was asked for, 'B1950.0' is said",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_texts(danuri_held: Witness, case: str) -> None:
    danuri_held.scene.horizons.change, said = TEXTS[case]
    danuri_held.sees("danuri", status=8, sent=1, said=said)
    again = f"{said}; not trying again before 2026-11-25 04:00 UTC"
    danuri_held.sees("danuri", status=8, sent=0, said=again, later=5 * MINUTES)


ANSWERS: dict[str, tuple[Fault, int, int, str]] = {
    "4 503 and 503": (
        faults.status(503),
        6,
        2,
        "Horizons answered 503 twice: it is busy, or down",
    ),
    "5 error JSON": (faults.text(b'{"error":"Unexpected."}'), 8, 1, "Horizons says 'Unexpected.'"),
    "5 error JSON with 400": (
        faults.status(400, b'{"code":"400","message":"bad CENTER"}'),
        8,
        1,
        "Horizons says 'bad CENTER'",
    ),
    "5 a captive portal": (
        faults.text(b"<html>Welcome to the airport</html>"),
        8,
        1,
        "Horizons: not JSON, or cut short: '<html>Welcome to the airport</html>'",
    ),
    "5 empty": (faults.text(b""), 8, 1, "Horizons: not JSON, or cut short: ''"),
    "500": (faults.status(500), 6, 1, "Horizons answered 500: its server is down"),
    "403": (faults.status(403), 7, 1, "refused by Horizons (403)"),
    "redirect": (
        faults.redirect("https://example.org/"),
        7,
        1,
        "Horizons moved to 'https://example.org/'; update the base URL, SATTRACK_HORIZONS_URL",
    ),
    "reset": (faults.reset, 6, 1, f"Horizons: {HOST}: the connection was reset"),
    "drip": (faults.drip(), 6, 1, f"Horizons: {HOST}: no complete answer within 0.3 s"),
    "cut short": (faults.short_body(b"{}"), 6, 1, f"Horizons: {HOST}: the answer was cut short"),
    "gzip bomb": (
        faults.gzip_bomb,
        8,
        1,
        f"Horizons: {HOST}: the answer is larger than 20,000,000 bytes",
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_answers(danuri_held: Witness, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    monkeypatch.setattr(web, "DEADLINE_S", 0.3 if "drip" in case else 5.0)
    fault, status, sent, said = ANSWERS[case]
    danuri_held.scene.horizons.fault = fault
    until = f"{said}; not trying again before 2026-11-25 04:00 UTC"
    first = until if status == 7 else said
    danuri_held.sees("danuri", status=status, sent=sent, said=first)
    danuri_held.scene.horizons.fault = None
    danuri_held.sees("danuri", status=status, sent=0, said=until, later=5 * MINUTES)


def test_4_busy_once(danuri_held: Witness) -> None:
    danuri_held.scene.horizons.busy = 1
    danuri_held.sees("danuri", status=0, sent=2, new=1)


def test_4_another_program_is_asking(
    danuri_held: Witness, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sattrack.sources.horizons._WAIT_FOR_OTHERS_S", 0.1)
    said = "another program has been asking Horizons for 0 s"
    with FileLock(str(home / "horizons.lock")):
        danuri_held.sees("danuri", status=6, sent=0, said=said)
    danuri_held.sees("danuri", status=0, sent=1, new=1)


def test_5_a_new_version_is_a_warning(danuri_held: Witness) -> None:
    danuri_held.scene.horizons.version = "1.7"
    said = "warning: version 1.7 of Horizons' API is new; sattrack was written for 1.2"
    danuri_held.sees("danuri", status=0, sent=1, new=1, said=said)


def test_5_another_version_is_rejected(danuri_held: Witness) -> None:
    danuri_held.scene.horizons.version = "2.0"
    said = "Horizons: version 2.0 of the API; sattrack reads version 1"
    danuri_held.sees("danuri", status=8, sent=1, said=said)


def covered_to(danuri_held: Witness, last: datetime) -> str:
    danuri_held.scene.horizons.bodies = [replace(DANURI, last=last)]
    return f"Horizons has Danuri (-155) only to {last:%Y-%m-%d %H:%M} TDB"


def test_6_outside_coverage(danuri_held: Witness) -> None:
    said = covered_to(danuri_held, datetime(2026, 11, 20, tzinfo=UTC))
    danuri_held.sees("danuri", status=4, sent=1, said=said)
    again = f"{said}; not trying again before 2026-11-26 01:00 UTC"
    danuri_held.sees("danuri", status=4, sent=0, said=again, later=HOURS)


def test_6_the_covered_part(danuri_held: Witness) -> None:
    said = covered_to(danuri_held, datetime(2026, 11, 26, 15, 13, tzinfo=UTC))
    danuri_held.sees("danuri", status=0, sent=2, new=1, said=f"warning: {said}")
