"""Fixtures: the publishers' stand-ins, with the environment pointing at them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from standin.horizons import HorizonsStandin
from standin.scene import Kept, Scene
from standin.server import IDENTITY, PASSWORD, CelesTrakStandin, SpaceTrackStandin, serving


@pytest.fixture
def celestrak(monkeypatch: pytest.MonkeyPatch) -> Iterator[CelesTrakStandin]:
    with serving(CelesTrakStandin()) as publisher:
        monkeypatch.setenv("SATTRACK_CELESTRAK_URL", publisher.url)
        yield publisher


@pytest.fixture
def spacetrack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SpaceTrackStandin]:
    """With an account in the environment."""
    with serving(SpaceTrackStandin()) as publisher:
        monkeypatch.setenv("SATTRACK_SPACETRACK_URL", publisher.url)
        monkeypatch.setenv("SATTRACK_SPACETRACK_IDENTITY", IDENTITY)
        monkeypatch.setenv("SATTRACK_SPACETRACK_PASSWORD", PASSWORD)
        yield publisher


@pytest.fixture
def horizons(monkeypatch: pytest.MonkeyPatch) -> Iterator[HorizonsStandin]:
    """Nobody waits between two attempts."""
    with serving(HorizonsStandin()) as publisher:
        monkeypatch.setenv("SATTRACK_HORIZONS_URL", publisher.url)
        monkeypatch.setattr("sattrack.sources.horizons._LONGEST_PAUSE_S", 0.0)
        yield publisher


@pytest.fixture
def kept(home: Path) -> Kept:
    return Kept(home)


@pytest.fixture
def scene(sattrack, celestrak, horizons, kept) -> Scene:
    return Scene(sattrack, celestrak, horizons, kept)


@pytest.fixture
def filled(scene: Scene) -> Scene:
    """With the ISS in the store, and two and a half hours later."""
    run = scene.update("iss")
    assert (run.status, run.err) == (0, "")
    assert scene.requests() == ["gp.php?CATNR=25544"]
    scene.now += timedelta(hours=2, minutes=30)
    return scene
