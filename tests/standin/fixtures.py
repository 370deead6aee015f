"""Fixtures: the publishers' stand-ins, with the environment pointing at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
