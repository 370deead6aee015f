"""A screen with a clock of its own, and orbits that do not change with the catalog's snapshot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sattrack.answers.watch import Question, Watch
from sattrack.catalog import Catalog, catalog_root, read_catalog
from sattrack.elements import Published
from sattrack.formats import read_element_sets
from sattrack.places import Place
from sattrack.tracking import ElementShelf, Tracker
from sattrack.tracking.following import Followed

GOLDEN = Path(__file__).parents[1] / "golden" / "element_sets.tle"
SEOUL = Place("Seoul", 37.5665, 126.978, 38.0)
KST = ZoneInfo("Asia/Seoul")
# A day after the epochs of most of the golden element sets.
START = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
NAMES = ("geo-kompsat-2b", "425-sat-2", "kompsat-3a", "danuri", "kps-igso-1", "qzs-2")


@dataclass
class Machine:
    """The clock of a machine."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return read_catalog(catalog_root())


@pytest.fixture(scope="session")
def shelf() -> ElementShelf:
    reading = read_element_sets(GOLDEN.read_bytes())
    return ElementShelf(Published(item, "celestrak", START) for item in reading.sets)


@dataclass
class Driven:
    """A screen under test: what it watches, its clock, and how to press keys."""

    app: Any
    machine: Machine
    pilot: Any = field(default=None)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def wait(self, seconds: float) -> None:
        """Let time pass, and the screen notice."""
        self.machine.wait(seconds)
        self.app.tick()
        await self.pilot.pause()

    def row(self, name: str) -> str:
        """The line that begins with a text, after the number of a craft if it has one."""
        lines = [re.sub(r"^\d+ (?=\S)", "", line) for line in self.text().splitlines()]
        found = [line for line in lines if line.startswith(name)]
        assert found, self.text()
        return found[0]

    def text(self) -> str:
        """All that is on the screen."""
        from screenshots import cleaned, seen

        lines = seen(cleaned(self.app.export_screenshot()))
        return "\n".join(line.partition(" | ")[0] for line in lines)


Steps = Callable[[Driven], Awaitable[None]]


@pytest.fixture
def tracker(catalog, shelf) -> Tracker:
    return Tracker(catalog, (shelf,))


@pytest.fixture
def watch_of(tracker):
    """Return a function that begins a watch of names."""

    def begin(
        *names: str, followed: Followed | None = None, at: datetime = START, **asked: Any
    ) -> Watch:
        question = Question(names or NAMES, asked.pop("place", SEOUL), **asked)
        watch = Watch(question, followed or Followed.fixed(tracker))
        watch.begin(at)
        return watch

    return begin


@pytest.fixture
def drive(watch_of):
    """Run steps against a screen of a size, its clock standing still until told to go on."""

    def run(
        steps: Steps,
        size: tuple[int, int] = (80, 24),
        watch: Watch | None = None,
        start: datetime | None = None,
    ) -> None:
        from sattrack.views.live.app import LiveScreen

        machine = Machine()
        app = LiveScreen(watch or watch_of(), KST, start, machine, ticking=False)
        driven = Driven(app, machine)

        async def go() -> None:
            async with app.run_test(size=size) as pilot:
                driven.pilot = pilot
                await pilot.pause()
                await steps(driven)

        asyncio.run(go())
        assert app.return_code in (0, None)

    return run
