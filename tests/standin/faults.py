"""What publishers, proxies and networks have been seen to do instead of answering."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable

from standin.server import Fault, Handler


def status(code: int, body: bytes = b"<html>no</html>", **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(code, body, "text/html", named)


def text(body: bytes, kind: str = "text/csv", **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(200, body, kind, named)


def reset(handler: Handler) -> None:
    """Break the connection without a word."""
    handler.reset()


def hang_up(handler: Handler) -> None:
    """Close the connection without a word."""


def redirect(where: str, code: int = 301) -> Fault:
    return lambda handler: handler.reply(code, b"", headers={"Location": where})


def redirect_to_itself(handler: Handler) -> None:
    handler.reply(302, b"", headers={"Location": handler.path})


def short_body(body: bytes) -> Fault:
    """Announce more than comes."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body) + 1000))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def cut_chunk(body: bytes) -> Fault:
    """End in the middle of a chunk."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(f"{len(body) + 1000:x}\r\n".encode() + body)

    return answer


def until_it_closes(body: bytes) -> Fault:
    """Say nothing of how long the answer is."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drip(headers: bool = False, pause_s: float = 0.05) -> Fault:
    """Send a byte every now and then, and never end: in the body, or before it."""
    pause = threading.Event()

    def answer(handler: Handler) -> None:
        if not headers:
            handler.send_response(200)
            handler.send_header("Content-Length", "100000")
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            pause.wait(pause_s)

    return answer


def packed(body: bytes) -> Fault:
    """Gzip, as it should be."""
    return text(gzip.compress(body), Content_Encoding="gzip")


def not_gzip(handler: Handler) -> None:
    handler.reply(200, b"OBJECT_NAME,OBJECT_ID", headers={"Content-Encoding": "gzip"})


def corrupt_gzip(body: bytes) -> Fault:
    good = bytearray(gzip.compress(body))
    good[len(good) // 2 :] = b"\0" * (len(good) - len(good) // 2)
    return text(bytes(good), Content_Encoding="gzip")


def gzip_bomb(handler: Handler) -> None:
    """60 MB of nothing in 60 kB."""
    handler.reply(200, _bomb(), headers={"Content-Encoding": "gzip"})


def _bomb(kept: list[bytes] = []) -> bytes:  # noqa: B006
    if not kept:
        kept.append(gzip.compress(b"0" * 60_000_000, 6))
    return kept[0]


def flood(handler: Handler) -> None:
    """A body without end."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"0" * 65536)


Named = tuple[str, Callable[[Handler], None]]
