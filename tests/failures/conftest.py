"""Homes that hold something to lose, and a witness of what becomes of it."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import pytest
import typer

pytest.register_assert_rewrite("failures.witness")

from failures.witness import Witness  # noqa: E402
from standin import SpaceTrackStandin  # noqa: E402
from standin.fixtures import celestrak, filled, horizons, kept, scene, spacetrack  # noqa: E402
from standin.scene import Scene  # noqa: E402

from sattrack.cli.main import program, run  # noqa: E402
from sattrack.updates.visit import Clock  # noqa: E402

__all__ = ["celestrak", "filled", "horizons", "kept", "scene", "spacetrack"]


_COMMAND_LINE = typer.main.get_command(program())


@pytest.fixture(autouse=True)
def _built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line is as it is, but not built anew for each of a thousand runs."""
    monkeypatch.setattr(sys.modules[run.__module__], "program", lambda _: _COMMAND_LINE)


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a command runs; so that two hours are two hours, and messages have one text."""

    def still(now: datetime) -> Clock:
        return lambda: now

    monkeypatch.setattr("sattrack.updates.ticking", still)


@pytest.fixture
def nothing_held(scene: Scene) -> Witness:
    """An empty home, at 02:00."""
    return Witness(scene)


@pytest.fixture
def iss_held(filled: Scene) -> Witness:
    """The ISS is held from CelesTrak; it is 04:30."""
    return Witness(filled)


@pytest.fixture
def account(scene: Scene, spacetrack: SpaceTrackStandin) -> Witness:
    """An empty home with an account, at 02:00."""
    return Witness(scene, spacetrack)


@pytest.fixture
def session(account: Witness, spacetrack: SpaceTrackStandin) -> Witness:
    """The ISS is held from Space-Track, and the login, too; it is 03:30."""
    spacetrack.updates_every = timedelta(hours=1)
    account.sees("iss", "--source", "spacetrack", status=0, sent=2, new=1)
    account.scene.now += timedelta(minutes=90)
    return account


@pytest.fixture
def danuri_held(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Witness:
    """A table of Danuri for three days is held from Horizons; it is 02:00 of the next day."""
    monkeypatch.setattr("sattrack.updates.ephemerides._AHEAD", timedelta(days=1))
    witness = Witness(scene)
    witness.sees("danuri", status=0, sent=1, new=1)
    scene.now += timedelta(days=1)
    return witness
