"""A web server on the loopback that plays CelesTrak and Space-Track, and misbehaves on demand.

Each publisher has a port of its own. Rules and answers are those that the publishers describe:

- CelesTrak, usage policy of 2026-05-22 and the FAQ of the GP data formats: one download per data
  set and update; then 403 "has not updated"; 404 "No GP data found"; "Invalid query".
- Space-Track, https://www.space-track.org/documentation: login by POST, a session cookie, JSON
  with all values as strings.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from standin.records import Row, at_epoch, csv_text, snapshot

TLS = Path(__file__).parent / "tls"
IDENTITY, PASSWORD = "operator@example.org", "correct-horse-battery"

# A fault takes over one answer: it writes whatever it likes to the connection.
Fault = Callable[["Handler"], None]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Publisher:
    """What both publishers have in common: records, a clock, a log of requests, faults.

    Attributes:
        now: the stand-in's clock; tests set it when they move theirs.
        fault: takes over every answer while it is set.
        path_faults: take over the answers to addresses that contain a text.
    """

    rows: list[Row] = field(default_factory=snapshot)
    now: datetime = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    seen: list[Seen] = field(default_factory=list)
    fault: Fault | None = None
    path_faults: dict[str, Fault] = field(default_factory=dict)
    updates_every: timedelta = timedelta(hours=2)
    url: str = ""

    @property
    def updated_at(self) -> datetime:
        """When the data last changed: at every whole step of the clock."""
        start = datetime(2026, 1, 1, tzinfo=UTC)
        return start + (self.now - start) // self.updates_every * self.updates_every

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def published(self) -> list[Row]:
        return [at_epoch(row, self.updated_at) for row in self.rows]

    def answer(self, handler: Handler, seen: Seen) -> None:
        self.seen.append(seen)
        fault = self.fault
        for text, other in self.path_faults.items():
            fault = other if text in seen.path else fault
        if fault is not None:
            fault(handler)
        else:
            self.behave(handler, seen)

    def behave(self, handler: Handler, seen: Seen) -> None:
        raise NotImplementedError


@dataclass
class CelesTrakStandin(Publisher):
    """CelesTrak, with its groups: `active` is everything but what is known to be dead.

    Attributes:
        downloads: when each data set was last given away.
        policed: groups that are given away once per update only; enforced since 2026-03-26.
    """

    downloads: dict[str, datetime] = field(default_factory=dict)
    policed: bool = True
    groups: dict[str, set[int]] = field(default_factory=dict)
    dead: set[int] = field(default_factory=lambda: {26032})
    change: Callable[[list[Row]], list[Row]] = lambda rows: rows

    def behave(self, handler: Handler, seen: Seen) -> None:
        parts = urlsplit(seen.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        supplemental = parts.path == "/NORAD/elements/sup-gp.php"
        if parts.path != "/NORAD/elements/gp.php" and not supplemental:
            return handler.reply(404, b"<html><h1>Not Found</h1></html>", "text/html")
        rows = self.published()
        if "GROUP" in query:
            members = self.groups.get(query["GROUP"])
            if query["GROUP"] == "active":
                members = {int(row["NORAD_CAT_ID"]) for row in rows} - self.dead
            if query["GROUP"] == "gps-ops" and members is None:
                members = {int(r["NORAD_CAT_ID"]) for r in rows if "GPS" in r["OBJECT_NAME"]}
            if members is None:
                return handler.reply(200, f'Invalid query: "{parts.query}"'.encode())
            rows = [row for row in rows if int(row["NORAD_CAT_ID"]) in members]
        elif query.get("CATNR", "").isdigit():
            rows = [row for row in rows if row["NORAD_CAT_ID"] == query["CATNR"]]
        else:
            return handler.reply(200, f'Invalid query: "{parts.query}"'.encode())
        if not rows:
            return handler.reply(404, b"No GP data found")
        what = parts.query.removesuffix("&FORMAT=CSV")
        last = self.downloads.get(seen.path)
        if self.policed and last is not None and last >= self.updated_at:
            text = (
                "GP data has not updated since your last successful\r\ndownload of "
                f"{what} at {last:%Y-%m-%d %H:%M:%S} UTC.\r\n"
                "Data is updated once every 2 hours."
            )
            return handler.reply(403, text.encode())
        self.downloads[seen.path] = self.now
        if supplemental:
            extra = {"CLASSIFICATION_TYPE": "C", "RMS": ".123", "DATA_SOURCE": "Intelsat-E"}
            rows = [{**row, **extra} for row in rows]
        rows = self.change(rows)
        return handler.reply(200, csv_text(rows), "text/csv")


@dataclass
class SpaceTrackStandin(Publisher):
    """Space-Track with one account.

    Attributes:
        sessions: cookies that are logged in.
        logins: how often somebody tried.
    """

    sessions: set[str] = field(default_factory=set)
    logins: int = 0

    def behave(self, handler: Handler, seen: Seen) -> None:
        if seen.path == "/ajaxauth/login" and seen.method == "POST":
            return self._log_in(handler, seen)
        cookie = seen.headers.get("cookie", "").removeprefix("chocolatechip=")
        if cookie not in self.sessions:
            return handler.reply(401, b'{"error":"You must be logged in to complete this action"}')
        parts = seen.path.split("/")
        wanted = parts[parts.index("NORAD_CAT_ID") + 1].split(",")
        rows = [row for row in self.published() if row["NORAD_CAT_ID"] in wanted]
        extra = {"CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC"}
        records = [{**extra, **row, "MEAN_ELEMENT_THEORY": "SGP4"} for row in rows]
        return handler.reply(200, json.dumps(records).encode(), "application/json")

    def _log_in(self, handler: Handler, seen: Seen) -> None:
        self.logins += 1
        form = {key: values[0] for key, values in parse_qs(seen.body.decode()).items()}
        if (form.get("identity"), form.get("password")) != (IDENTITY, PASSWORD):
            return handler.reply(200, b'{"Login":"Failed"}', "application/json")
        cookie = f"session{self.logins}"
        self.sessions.add(cookie)
        headers = {"Set-Cookie": f"chocolatechip={cookie}; path=/; HttpOnly"}
        return handler.reply(200, b'""', "application/json", headers)


class Handler(BaseHTTPRequestHandler):
    """One connection; faults may call its methods, or write to its socket."""

    publisher: Publisher
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def do_CONNECT(self) -> None:
        self._serve(b"")

    def _serve(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):
            self.publisher.answer(self, Seen(self.command, self.path, headers, body))

    def reply(
        self,
        status: int,
        body: bytes,
        kind: str = "text/plain",
        headers: dict[str, str] | None = None,
    ) -> None:
        length = {"Content-Length": str(len(body))}
        self.send_response(status)
        for name, value in ({"Content-Type": kind} | length | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Break the connection as a firewall does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


P = TypeVar("P", bound=Publisher)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no fault of the server's."""


@contextmanager
def serving(publisher: P, certificate: str = "") -> Iterator[P]:
    """Serve a publisher on a free port while the body runs.

    Args:
        certificate: serve by https with this one of the folder `tls`.
    """
    handler = type("BoundHandler", (Handler,), {"publisher": publisher})
    server = _Server(("127.0.0.1", 0), handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / certificate, TLS / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    scheme = "https" if certificate else "http"
    publisher.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
