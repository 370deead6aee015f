"""What CelesTrak and the network can do: message, status, requests, and every byte that is held.

The ISS is held, and it is 04:30. Each fault is met twice, five minutes apart: whoever was asked and
gave no data is not asked again.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from failures.witness import HOURS, MINUTES, Witness
from standin import Fault, at_epoch, csv_text, faults, snapshot

from sattrack.sources import web
from sattrack.store import Store

ISS = csv_text(
    at_epoch(row, datetime(2026, 11, 24, 4, tzinfo=UTC))
    for row in snapshot()
    if row["NORAD_CAT_ID"] == "25544"
)
HEADER = ISS.splitlines(keepends=True)[0]
PORTAL = b"<!DOCTYPE html><html><body>Welcome to the airport WLAN</body></html>"
LOST = b"GP data has not updated since your last successful download of CATNR=25544 at "

HALF_AN_HOUR = "not trying again before 2026-11-24 05:00 UTC"
TWO_HOURS = "not trying again before 2026-11-24 06:30 UTC"
MOVED = "update the base URL, SATTRACK_CELESTRAK_URL"
HOST = "127.0.0.1"

# Refusals: they say at once until when.
REFUSED: dict[str, tuple[Fault, str]] = {
    "2 403": (faults.status(403), "refused by CelesTrak (403)"),
    "2 429": (faults.status(429), "refused by CelesTrak (429)"),
    "2 404 of another kind": (faults.status(404), "refused by CelesTrak (404)"),
    "7 another host": (
        faults.redirect("https://celestrak.com/"),
        f"CelesTrak moved to 'https://celestrak.com/'; {MOVED}",
    ),
    "7 no TLS any more": (
        faults.redirect("http://celestrak.org/", 302),
        f"CelesTrak moved to 'http://celestrak.org/'; {MOVED}",
    ),
    "7 a loop": (
        faults.redirect_to_itself,
        f"CelesTrak moved to '/NORAD/elements/gp.php?CATNR=25544&FORMAT=CSV'; {MOVED}",
    ),
}

# Answers that are no data, and answers that never came: they are quoted the next time.
CUT = f"CelesTrak: {HOST}: the answer was cut short"
DOWN = "CelesTrak answered {}: its server is down"
LATE = f"CelesTrak: {HOST}: no complete answer within 0.3 s"
LARGE = f"CelesTrak: {HOST}: the answer is larger than 20,000,000 bytes"
UNPACKED = f"CelesTrak: {HOST}: the answer is packed, and cannot be unpacked"
EMPTY = "CelesTrak: no element sets: the document is empty"
NOT_UTF8 = "CelesTrak: not UTF-8 text: byte {} at offset {}"

FAILED: dict[str, tuple[Fault, int, str]] = {
    "4 no GP data, with 200": (
        faults.text(b"No GP data found"),
        8,
        "CelesTrak: not element sets: 'No GP data found'",
    ),
    "4 a captive portal": (
        faults.text(PORTAL, "text/html"),
        8,
        f"CelesTrak: not element sets in any known form: '{PORTAL.decode()}'",
    ),
    "4 an error in JSON": (
        faults.text(b'{"error": "sorry"}'),
        8,
        'CelesTrak: JSON, but not of element sets: \'{"error": "sorry"}\'',
    ),
    "5 empty": (faults.text(b""), 8, EMPTY),
    "5 blank": (faults.text(b" \r\n \n"), 8, EMPTY),
    "6 shorter than announced": (faults.short_body(ISS), 6, CUT),
    "6 cut in a chunk": (faults.cut_chunk(ISS), 6, CUT),
    "6 cut in a number": (
        faults.until_it_closes(ISS[:-4]),
        6,
        "CelesTrak: the answer was cut short",
    ),
    "6 cut after the header": (
        faults.text(HEADER),
        8,
        f"CelesTrak: no element sets in it: '{HEADER[:80].decode()}'",
    ),
    "6 another object only": (
        faults.text(ISS.replace(b"25544", b"25545")),
        8,
        "CelesTrak: the answer for 25544 lacks International Space Station (25544)",
    ),
    "8 500": (faults.status(500), 6, DOWN.format(500)),
    "8 503 with Retry-After": (faults.status(503, Retry_After="1"), 6, DOWN.format(503)),
    "8 reset": (faults.reset, 6, f"CelesTrak: {HOST}: the connection was reset"),
    "8 closed": (
        faults.hang_up,
        6,
        f"CelesTrak: {HOST}: the connection was closed without an answer",
    ),
    "8 drip": (faults.drip(), 6, LATE),
    "8 drip in the headers": (faults.drip(headers=True), 6, LATE),
    "9 no gzip": (faults.not_gzip, 8, UNPACKED),
    "9 corrupt gzip": (faults.corrupt_gzip(ISS), 8, UNPACKED),
    "9 gzip bomb": (faults.gzip_bomb, 8, LARGE),
    "9 flood": (faults.flood, 8, LARGE),
    "10 UTF-16": (faults.text(ISS.decode().encode("utf-16")), 8, NOT_UTF8.format("0xFF", 0)),
    "10 Latin-1": (
        faults.text(ISS.replace(b"ZARYA", b"ZARY\xc4")),
        8,
        NOT_UTF8.format("0xC4", 236),
    ),
    "10 bad UTF-8": (
        faults.text(ISS.replace(b"ZARYA", b"ZARY\xf0\x9f")),
        8,
        NOT_UTF8.format("0xF0", 236),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_is_said_and_kept(iss_held: Witness, case: str) -> None:
    iss_held.scene.celestrak.fault, said = REFUSED[case]
    said = f"{said}; {TWO_HOURS}"
    iss_held.sees("iss", "hst", status=7, sent=1, said=said)
    # The publisher forgives, but the next run cannot know.
    iss_held.scene.celestrak.fault = None
    iss_held.sees("iss", "hst", status=7, sent=0, said=said, later=5 * MINUTES)
    iss_held.sees("iss", status=7, sent=0, said=said, later=114 * MINUTES)
    iss_held.sees("iss", status=0, sent=1, new=1, later=2 * MINUTES)


@pytest.mark.parametrize("case", FAILED)
def test_a_failure_is_said_and_remembered(
    iss_held: Witness, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(web, "DEADLINE_S", 0.3 if "drip" in case else 5.0)
    iss_held.scene.celestrak.fault, status, said = FAILED[case]
    iss_held.sees("iss", "hst", status=status, sent=1, said=said)
    iss_held.scene.celestrak.fault = None
    again = (f"{said}; {TWO_HOURS}", f"{said}; {HALF_AN_HOUR}")
    iss_held.sees("iss", "hst", status=status, sent=0, said=again, later=5 * MINUTES)
    iss_held.sees("iss", status=0, sent=1, new=1, later=116 * MINUTES)


@pytest.fixture
def unanswered() -> Iterator[str]:
    """The address of a server that takes no connection: its queue is full."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind((HOST, 0))
        server.listen(0)
        address = server.getsockname()
        for _ in range(2):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(address)
        yield f"http://{HOST}:{address[1]}"


def unreachable(witness: Witness, monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    """Nobody was asked, so that nothing forbids to try again at once."""
    good = witness.scene.celestrak.url
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", url)
    witness.sees("iss", "hst", status=6, sent=0, said=said)
    witness.sees("iss", "hst", status=6, sent=0, said=said, later=5 * MINUTES)
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", good)
    witness.sees("iss", status=0, sent=1, new=1, later=5 * MINUTES)


def test_8_dns(iss_held: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def unknown(host: str, *arguments: object, **options: object) -> object:
        if host == "celestrak.test":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return look_up(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    said = "CelesTrak: celestrak.test: no such host, or no network"
    unreachable(iss_held, monkeypatch, "http://celestrak.test", said)


def test_8_nobody_takes_the_connection(
    iss_held: Witness, monkeypatch: pytest.MonkeyPatch, unanswered: str
) -> None:
    monkeypatch.setattr(web, "CONNECT_S", 0.2)
    said = f"CelesTrak: {HOST}: no connection within 0.2 s"
    unreachable(iss_held, monkeypatch, unanswered, said)


def test_8_connection_refused(iss_held: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        port = closed.getsockname()[1]
    said = f"CelesTrak: {HOST}: no connection: Connection refused"
    unreachable(iss_held, monkeypatch, f"http://{HOST}:{port}", said)


def test_1_nothing_newer(iss_held: Witness) -> None:
    iss_held.scene.celestrak.updates_every = 8 * HOURS
    said = "CelesTrak has nothing newer than 2026-11-24 02:00 UTC; kept\n"
    assert iss_held.sees("iss", status=0, sent=1) == said
    iss_held.sees("iss", status=0, sent=0, later=119 * MINUTES)


def test_1_nothing_newer_though_nothing_is_held(nothing_held: Witness) -> None:
    nothing_held.scene.celestrak.downloads["/NORAD/elements/gp.php?CATNR=25544&FORMAT=CSV"] = (
        nothing_held.scene.now
    )
    said = (
        "nothing is held of International Space Station (25544), and CelesTrak gives nothing "
        "before its next window opens at 2026-11-24 04:00 UTC"
    )
    nothing_held.sees("iss", status=4, sent=1, said=said)
    nothing_held.sees("iss", status=4, sent=0, said=said, later=119 * MINUTES)
    nothing_held.sees("iss", status=0, sent=1, new=1, later=2 * MINUTES)


def test_2_retry_after(iss_held: Witness) -> None:
    iss_held.scene.celestrak.fault = faults.status(429, Retry_After="36000")
    said = "refused by CelesTrak (429); not trying again before 2026-11-24 14:30 UTC"
    iss_held.sees("iss", status=7, sent=1, said=said)
    iss_held.scene.celestrak.fault = None
    iss_held.sees("iss", "hst", status=7, sent=0, said=said, later=599 * MINUTES)
    iss_held.sees("iss", status=0, sent=1, new=1, later=2 * MINUTES)


def test_2_a_reset_after_errors(iss_held: Witness) -> None:
    iss_held.scene.celestrak.fault = faults.status(503)
    iss_held.sees("iss", status=6, sent=1, said=DOWN.format(503))
    iss_held.scene.celestrak.fault = faults.reset
    said = (
        f"CelesTrak: {HOST}: the connection was reset, after errors: refused; "
        "not trying again before 2026-11-24 07:01 UTC"
    )
    iss_held.sees("hst", status=7, sent=1, said=said, later=31 * MINUTES)
    iss_held.sees("css", status=7, sent=0, said=said, later=119 * MINUTES)


def test_2_others_may_still_be_asked(account: Witness) -> None:
    account.scene.celestrak.fault = faults.status(403)
    said = "refused by CelesTrak (403); not trying again before 2026-11-24 04:00 UTC"
    # One at CelesTrak; a login and a query at Space-Track.
    account.sees("iss", status=7, sent=3, new=1, said=said)


def test_3_no_gp_data(iss_held: Witness) -> None:
    iss_held.scene.celestrak.rows = []
    said = "no GP data for 25544 (decayed? renumbered? classified?)"
    out = iss_held.sees("iss", status=4, sent=1, said=said)
    assert "(25544) no longer offered: since 2026-11-24 04:30 UTC" in out
    again = (
        "International Space Station (25544): not offered by CelesTrak since "
        "2026-11-24 04:30 UTC; asked again after 2026-11-24 06:30 UTC"
    )
    iss_held.sees("iss", status=4, sent=0, said=again, later=119 * MINUTES)


def test_6_a_group_cut_at_the_end_of_a_line(nothing_held: Witness) -> None:
    nothing_held.sees("gps", status=0, sent=1, new=32)
    nothing_held.scene.celestrak.change = lambda rows: rows[:16]
    said = (
        "CelesTrak: the answer for group gps-ops lacks GPS BIIF-7 (40105), "
        "GPS BIIF-8 (40294), GPS BIIF-9 (40534) and 13 more"
    )
    nothing_held.sees("gps", status=8, sent=1, said=said, later=150 * MINUTES)


@pytest.mark.parametrize(
    "body",
    {
        "byte order mark": b"\xef\xbb\xbf" + ISS,
        "LF": ISS.replace(b"\r\n", b"\n"),
        "CR": ISS.replace(b"\r\n", b"\r"),
        "half an end": ISS[:-1],
    }.items(),
    ids=lambda case: f"10 {case[0]}",
)
def test_10_accepted(iss_held: Witness, body: tuple[str, bytes]) -> None:
    iss_held.scene.celestrak.fault = faults.text(body[1])
    iss_held.sees("iss", status=0, sent=1, new=1)


@pytest.mark.parametrize("year", ["1970", "2000", "2099"])
def test_11_the_servers_clock_is_never_ours(iss_held: Witness, year: str) -> None:
    """Neither for what is kept, nor for when to ask again, nor as a validator of a next request."""
    scene = iss_held.scene
    wrong = f"Thu, 01 Jan {year} 00:00:00 GMT"
    scene.celestrak.fault = faults.text(ISS, Date=wrong, Last_Modified=wrong, ETag='"1"')
    iss_held.sees("iss", status=0, sent=1, new=1)
    iss_held.sees("iss", status=0, sent=0, later=119 * MINUTES)
    with Store.open(scene.kept.path, writable=False) as store:
        held = store.newest(25544)
        assert held is not None
        assert held.retrieved_at is not None
        assert abs(held.retrieved_at - scene.now + 119 * MINUTES) < MINUTES
    scene.update("iss", later=2 * MINUTES)
    (seen,) = scene.celestrak.seen
    assert not {"if-modified-since", "if-none-match"} & seen.headers.keys()


def test_11_a_download_in_the_future(iss_held: Witness) -> None:
    iss_held.scene.celestrak.fault = faults.status(403, LOST + b"2099-01-01 01:00:00 UTC")
    out = iss_held.sees("iss", status=0, sent=1)
    assert out == "CelesTrak has nothing newer; kept\n"
    iss_held.scene.celestrak.fault = None
    iss_held.sees("iss", status=0, sent=0, later=119 * MINUTES)
    iss_held.sees("iss", status=0, sent=1, new=1, later=2 * MINUTES)
