"""One request, one deadline, one clear line: whatever the other side does."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from standin import faults, serving
from standin.server import TLS, CelesTrakStandin

from sattrack.errors import InvalidInputError, RejectedDataError
from sattrack.sources import web
from sattrack.sources.source import UnreachableError
from sattrack.sources.web import Reply, ask, base_url

BODY = b"A,B\r\n" + b"1,2\r\n" * 4000


@pytest.fixture
def server():
    with serving(CelesTrakStandin()) as publisher:
        yield publisher


def failure(server, fault) -> str:
    server.fault = fault
    with pytest.raises((UnreachableError, RejectedDataError)) as caught:
        ask(server.url + "/x")
    assert len(server.seen) == 1
    return str(caught.value)


def test_says_who_asks_and_takes_gzip(server):
    server.fault = faults.packed(BODY)
    reply = ask(server.url + "/x?A=1")
    assert reply.body == BODY
    (seen,) = server.seen
    assert seen.headers["user-agent"] == web.USER_AGENT
    assert web.USER_AGENT.startswith("sattrack/0.")
    assert seen.headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "fault", [faults.redirect("http://127.0.0.1:1/"), faults.redirect_to_itself]
)
def test_follows_no_redirect(server, fault):
    server.fault = fault
    assert ask(server.url + "/x").status in (301, 302)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.reset, "reset"),
        (faults.hang_up, "closed without an answer"),
        (faults.short_body(BODY), "cut short"),
        (faults.cut_chunk(BODY), "cut short"),
        (faults.not_gzip, "unpacked"),
        (faults.corrupt_gzip(BODY), "unpacked"),
        (faults.gzip_bomb, "larger than 20,000,000 bytes"),
        (faults.flood, "larger than 20,000,000 bytes"),
    ],
)
def test_broken_answers_are_told_apart(server, fault, said):
    assert said in failure(server, fault)


@pytest.mark.parametrize("headers", [False, True])
def test_a_drip_ends_with_the_deadline(server, monkeypatch, headers):
    monkeypatch.setattr(web, "DEADLINE_S", 0.4)
    started = time.monotonic()
    assert "within 0.4 s" in failure(server, faults.drip(headers))
    assert time.monotonic() - started < 2.0


def test_nobody_there_and_no_such_host():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(UnreachableError, match="Connection refused") as caught:
        ask(f"http://127.0.0.1:{port}/")
    assert not caught.value.sent
    assert caught.value.reset


def test_a_name_that_does_not_resolve(monkeypatch):
    def unknown(*arguments, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnreachableError, match=r"celestrak\.test: no such host") as caught:
        ask("http://celestrak.test/")
    assert not caught.value.sent


def test_a_proxy_is_used_and_may_want_a_login(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("https_proxy", server.url)
    server.fault = faults.status(407)
    assert ask("http://celestrak.test/").status == 407
    with pytest.raises(UnreachableError, match=r"the proxy did not connect: .*407"):
        ask("https://celestrak.test/")
    # This machine is never behind its own proxy.
    server.fault = None
    with serving(CelesTrakStandin()) as other:
        ask(other.url + "/x")
        assert len(other.seen) == 1
    assert len(server.seen) == 2


def test_netrc_is_not_read(server, monkeypatch, tmp_path):
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", server.url)
    server.fault = faults.text(BODY)
    ask("http://celestrak.test/")
    assert "authorization" not in server.seen[0].headers


def test_a_certificate_nobody_vouches_for():
    with serving(CelesTrakStandin(), "valid.pem") as server:
        with pytest.raises(UnreachableError, match=r"certificate of 127.0.0.1 .*self[- ]signed"):
            ask(server.url)
        assert not server.seen


def test_a_certificate_that_the_user_vouches_for(monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(TLS / "valid.pem"))
    with serving(CelesTrakStandin(), "valid.pem") as server:
        assert ask(server.url).status == 404
    with serving(CelesTrakStandin(), "valid.pem") as server:
        elsewhere = server.url.replace("127.0.0.1", "localhost")
        with pytest.raises(UnreachableError, match=r"certificate of localhost .*Hostname mismatch"):
            ask(elsewhere)


def test_a_certificate_that_is_too_old(monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(TLS / "expired.pem"))
    with serving(CelesTrakStandin(), "expired.pem") as server:
        with pytest.raises(UnreachableError, match="it expired 2021-01-01") as caught:
            ask(server.url)
        assert not server.seen
    assert not caught.value.sent


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "90"}, timedelta(seconds=90)),
        ({"retry-after": "99999999999"}, timedelta(days=7)),
        ({"retry-after": "soon"}, None),
        (
            # The server's clock is years behind; what counts is the difference.
            {
                "retry-after": "Sat, 01 Jan 2000 03:00:00 GMT",
                "date": "Sat, 01 Jan 2000 00:00:00 GMT",
            },
            timedelta(hours=3),
        ),
        ({"retry-after": "Sat, 01 Jan 2000 03:00:00 GMT"}, None),
    ],
)
def test_retry_after(headers, wait):
    assert Reply(429, headers).wait == wait


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("https://celestrak.org", "https://celestrak.org"),
        (" http://127.0.0.1:8080/any/path ", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_base_url(text, base):
    assert base_url("SATTRACK_CELESTRAK_URL", text) == base


@pytest.mark.parametrize(
    "text", ["celestrak.org", "ftp://x", "https://", "http://a:b@c", "http://a:x"]
)
def test_base_url_refuses(text):
    with pytest.raises(InvalidInputError, match="SATTRACK_CELESTRAK_URL"):
        base_url("SATTRACK_CELESTRAK_URL", text)


@pytest.mark.parametrize(
    "text",
    [
        "https://me@example.org:s3cret@host.test",
        "https://me:s3cret@host.test:99x",
        "https://:s3cret@host.test",
        "https://me:s3/cret@host.test",
        "me:s3cret@host.test",
    ],
)
def test_a_login_in_an_address_is_never_repeated(text):
    with pytest.raises(InvalidInputError, match=r"host\.test") as caught:
        base_url("SATTRACK_SPACETRACK_URL", text)
    assert "s3" not in str(caught.value)
    assert "me" not in str(caught.value).removeprefix("SATTRACK_SPACETRACK_URL")


def test_requests_is_imported_only_to_ask():
    code = "import sys, sattrack.sources; sys.exit('requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
