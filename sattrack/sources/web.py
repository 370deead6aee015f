"""One polite way to ask a web server: once, within a deadline, and for no more than can be meant.

`requests` bounds the wait for each packet, not for the whole answer; a server that drips a byte a
minute would hold a nightly job for ever. Here the whole exchange, from the look-up of the name to
the last byte, has one deadline on the monotonic clock.
"""

from __future__ import annotations

import re
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import IncompleteRead, RemoteDisconnected
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from sattrack.errors import (
    InvalidInputError,
    RejectedDataError,
    SattrackError,
    quoted,
)
from sattrack.sources.source import Progress, TurnedAwayError, UnreachableError
from sattrack.version import __version__

if TYPE_CHECKING:
    import requests

USER_AGENT = f"sattrack/{__version__} (+https://pypi.org/project/sattrack-missions/)"

CONNECT_S = 10.0
DEADLINE_S = 60.0
# The whole public catalog takes 3 MB.
LARGEST_ANSWER = 20_000_000
_CHUNK = 65536
_LONGEST_WAIT = timedelta(days=7)
_NO_PROXIES = {"http": "", "https": "", "all": ""}  # in place of those of the environment
_CERTIFICATE_HAS_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_VALIDITY = re.compile(rb"\x17\x0d\d{12}Z\x17\x0d(\d{12}Z)")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a web server answered; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        """The beginning of the body, in one line."""
        return " ".join(self.body[:2000].decode("utf-8", "replace").replace("\0", " ").split())

    @property
    def is_delimited(self) -> bool:
        """Whether the answer tells its own end, so that no part of it is taken for the whole."""
        chunked = "chunked" in self.headers.get("transfer-encoding", "").lower()
        packed = "gzip" in self.headers.get("content-encoding", "").lower()
        return chunked or packed or "content-length" in self.headers

    @property
    def wait(self) -> timedelta | None:
        """How long `Retry-After` asks to wait, at most a week.

        A date is measured against the server's own `Date`: its clock may be wrong, and never
        serves as ours.
        """
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return timedelta(seconds=min(int(text[:9]), _LONGEST_WAIT.total_seconds()))
        try:
            until = parsedate_to_datetime(text)
            since = parsedate_to_datetime(self.headers.get("date", ""))
            return min(max(until - since, timedelta(0)), _LONGEST_WAIT)
        except (TypeError, ValueError):
            return None


def ask(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    cookies: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Reply:
    """Send one request, GET or with a `form` POST, and return whatever the server answers.

    Redirects are not followed and nothing is sent twice. Proxies and certificates are those that
    the environment names; `.netrc` is not read. The answer is unpacked as it comes.

    Raises:
        UnreachableError: no answer, or not all of it, within the deadline.
        RejectedDataError: the answer is too large, or cannot be unpacked.
        InvalidInputError: the address is none.
    """
    import requests
    import urllib3

    host = urlsplit(url).hostname or url
    late = Event()

    def exchange() -> Reply:
        with requests.Session() as session:
            session.auth = _no_netrc
            session.headers.clear()
            session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"})
            response = session.request(
                "GET" if form is None else "POST",
                url,
                data=form,
                cookies=dict(cookies or {}),
                proxies=_NO_PROXIES if is_loopback(host) else None,
                timeout=(CONNECT_S, DEADLINE_S),
                allow_redirects=False,
                stream=True,
            )
            # The body is read below `requests`, whose errors are then those of urllib3.
            with response:
                body = b"".join(_pieces(response, host, late, progress))
            headers = {name.lower(): value for name, value in response.headers.items()}
            kept = {
                name: value
                for name, value in response.cookies.get_dict().items()
                if value is not None
            }
            return Reply(response.status_code, headers, body, kept)

    try:
        return _within(DEADLINE_S, exchange)
    except TimeoutError:
        late.set()
        reason = f"{host}: no complete answer within {DEADLINE_S:g} s"
        raise UnreachableError(reason) from None
    except zlib.error:
        raise RejectedDataError(f"{host}: the answer is packed, and cannot be unpacked") from None
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _explained(error, url) from None


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_url(name: str, text: str) -> str:
    """Return scheme, host and port of an address that the user set.

    Raises:
        InvalidInputError: it is not such an address; says in which variable it stands.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise InvalidInputError(f"{name}: {_shown(text)} is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidInputError(f"{name}: {_shown(text)} is not an address like https://host:port")
    if "@" in text:
        raise InvalidInputError(f"{name}: leave out what stands before {_shown(text)}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")


def _shown(text: str) -> str:
    """Return an address in quotes, without the login that may stand before its last `@`."""
    return quoted(text.rpartition("@")[2])


def utc_text(instant: datetime) -> str:
    """Return an instant to the minute, as messages write it."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _pieces(
    response: requests.Response, host: str, late: Event, progress: Progress | None
) -> Iterator[bytes]:
    """Yield the body, unpacked, as long as it is not too large."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", ""):
        raise RejectedDataError(f"{host}: the answer is packed as {quoted(packing)}")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if "gzip" in packing else None
    size = 0
    for raw in response.raw.stream(_CHUNK, decode_content=False):
        # One byte more than allowed is enough to know; a bomb is not unpacked further.
        piece = raw if unpacker is None else unpacker.decompress(raw, LARGEST_ANSWER - size + 1)
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise RejectedDataError(f"{host}: the answer is larger than {LARGEST_ANSWER:,} bytes")
        if late.is_set():
            return
        if progress is not None:
            progress(size)
        yield piece
    if unpacker is not None and not unpacker.eof:
        # Nobody else looks: urllib3 takes half a gzip stream for a whole one.
        raise zlib.error("the stream does not end")


def _within(seconds: float, work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises, or TimeoutError when it takes longer.

    It runs in a thread of its own, which is left behind then: nothing else can bound the look-up
    of a name, or headers that come byte by byte.
    """
    outcome: SimpleQueue[T | BaseException] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put(work())
        except BaseException as error:
            outcome.put(error)

    Thread(target=run, daemon=True).start()
    try:
        result = outcome.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(result, BaseException):
        raise result
    return result


def _explained(error: Exception, url: str) -> SattrackError:
    """Return in one line, without the address and what else was sent, why no answer came."""
    import requests
    from urllib3 import exceptions as urllib3

    host = urlsplit(url).hostname or url
    causes = list(_causes(error))

    def caused_by(*kinds: type[BaseException]) -> BaseException | None:
        return next((cause for cause in causes if isinstance(cause, kinds)), None)

    if isinstance(
        error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema
    ) or caused_by(UnicodeError):
        return InvalidInputError(f"{quoted(host)} is not the name of a server")
    if certificate := caused_by(ssl.SSLCertVerificationError):
        reason = getattr(certificate, "verify_message", "") or "it cannot be verified"
        if getattr(certificate, "verify_code", 0) == _CERTIFICATE_HAS_EXPIRED:
            reason = f"it expired{_expiry(url)}"
        return UnreachableError(f"the certificate of {host} is not accepted: {reason}", sent=False)
    if isinstance(error, requests.exceptions.SSLError):
        return UnreachableError(f"{host}: no secure connection (TLS)", sent=False)
    if isinstance(error, requests.exceptions.ProxyError):
        reason = f"{host}: the proxy did not connect: {_last_words(causes)}"
        return UnreachableError(reason, sent=False)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        reason = f"{host}: no connection within {CONNECT_S:g} s"
        return UnreachableError(reason, sent=False, reset=True)
    if caused_by(urllib3.NameResolutionError):
        return UnreachableError(f"{host}: no such host, or no network", sent=False)
    if caused_by(urllib3.NewConnectionError):
        return UnreachableError(
            f"{host}: no connection: {_last_words(causes)}", sent=False, reset=True
        )
    if caused_by(RemoteDisconnected):
        reason = f"{host}: the connection was closed without an answer"
        return UnreachableError(reason, reset=True)
    if caused_by(IncompleteRead, urllib3.InvalidChunkLength):
        return UnreachableError(f"{host}: the answer was cut short")
    if caused_by(ConnectionResetError, ConnectionAbortedError, BrokenPipeError):
        return UnreachableError(f"{host}: the connection was reset", reset=True)
    if caused_by(requests.exceptions.Timeout, urllib3.TimeoutError, TimeoutError):
        return UnreachableError(f"{host}: no complete answer within {DEADLINE_S:g} s")
    return UnreachableError(f"{host}: no answer: {_last_words(causes)}")


def _expiry(url: str) -> str:
    """Return since when the certificate of a server is too old, as ` 2021-01-01`, if it says.

    Python does not tell of what certificate it complains, so the server is asked to show it again;
    no request is sent.
    """
    parts = urlsplit(url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with suppress(OSError, ValueError):
        address = (parts.hostname or "", parts.port or 443)
        with (
            socket.create_connection(address, CONNECT_S) as connection,
            context.wrap_socket(connection, server_hostname=parts.hostname) as secure,
        ):
            certificate = secure.getpeercert(binary_form=True) or b""
        # Validity is the one pair of times in a certificate, as UTCTime: RFC 5280, 4.1.2.5.
        match = _VALIDITY.search(certificate)
        if match is not None:
            return f" {datetime.strptime(match[1].decode(), '%y%m%d%H%M%SZ'):%Y-%m-%d}"
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and everything it was raised from or carries, outermost first."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, BaseException) and id(item) not in seen:
            seen.add(id(item))
            yield item
            waiting += [item.__cause__, getattr(item, "reason", None), *item.args, item.__context__]


def _last_words(causes: list[BaseException]) -> str:
    """Return what the innermost cause says, fit for one line."""
    for cause in reversed(causes):
        words = getattr(cause, "strerror", None) or str(cause)
        if words and "0x" not in words:  # not the repr of a connection
            return quoted(" ".join(words.split()))[1:-1]
    return type(causes[-1]).__name__


def check_server(reply: Reply, title: str) -> None:
    """Check for the answers that mean the same everywhere: a proxy's, and those of a server down.

    Raises:
        UnreachableError: it is one of them.
    """
    if reply.status == 407:
        raise UnreachableError("the proxy wants a login (407); set it in HTTPS_PROXY", sent=False)
    if reply.status >= 500:
        raise UnreachableError(f"{title} answered {reply.status}: its server is down")


def check_moved(reply: Reply, title: str, variable: str) -> None:
    """Check that the answer does not point elsewhere; arguments as for `check_success`.

    Raises:
        TurnedAwayError: it does.
    """
    there = reply.headers.get("location", "")
    if 300 <= reply.status < 400 and there:
        raise TurnedAwayError(f"{title} moved to {quoted(there)}; update the base URL, {variable}")


def check_success(reply: Reply, title: str, variable: str) -> None:
    """Check that the status is 200; no other brings data.

    Args:
        reply: what `check_server` lets pass.
        title: of the publisher.
        variable: of the environment, in which its address can be set.

    Raises:
        TurnedAwayError: it is another.
    """
    check_moved(reply, title, variable)
    if reply.status >= 400:
        raise TurnedAwayError(f"refused by {title} ({reply.status})", reply.wait)
    if reply.status != 200:
        raise TurnedAwayError(f"{title} answered {reply.status} instead of 200 with data")
