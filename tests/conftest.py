"""Every test has a home of its own, no network, and a clock that stands still where it matters."""

from __future__ import annotations

import io
import os
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples every time, so that a change is judged by what it changes; chance is for the
# thorough profile, and what it finds stays behind as an example of its own.
settings.register_profile(
    "default",
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# Between the epochs of the embedded element sets and the day this was written.
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1", "localhost"):
            return connect(self, address)
        raise AssertionError(f"a test reached for the network: {address}")

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home; the environment of a plain terminal in Korea."""
    folder = tmp_path / "home"
    for name in ("NO_COLOR", "COLUMNS", "LANG", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SATTRACK_HOME", str(folder))
    monkeypatch.setenv("TZ", "Asia/Seoul")
    monkeypatch.setenv("COLUMNS", "80")
    return folder


@dataclass(frozen=True)
class Run:
    """What one command did."""

    status: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode()  # type: ignore[attr-defined]


@pytest.fixture
def sattrack(monkeypatch: pytest.MonkeyPatch):
    """Run a command in process, at the instant NOW; `stdin` takes bytes."""
    import time_machine

    def run(*arguments: str, stdin: bytes = b"", now: datetime = NOW) -> Run:
        from sattrack.cli.main import run as main

        out, err = _Stream(), _Stream()
        with monkeypatch.context() as patch, time_machine.travel(now.timestamp(), tick=False):
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            status = main(list(arguments))
        return Run(status, out.text(), err.text())

    return run
