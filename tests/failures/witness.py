"""Who watches an update from outside: what it says, what it sends, and what lies in the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from standin import Publisher
from standin.scene import Scene

MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)

_ORBITS = ("element_set", "state_table")
_NOTES = ("fetch", "offer")  # they tell what happened, and grow


def stored(path: Path) -> frozenset[str]:
    """Return every row that the store holds of orbits, names and texts, to the last byte."""
    if not path.exists():
        return frozenset()
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return frozenset(
            f"{table} {row!r}"
            for (table,) in tables.fetchall()
            if table not in _NOTES
            for row in connection.execute(f"SELECT * FROM {table}")
        )


def orbits(rows: frozenset[str]) -> int:
    """Return how many element sets and tables of states there are among rows of the store."""
    return sum(row.partition(" ")[0] in _ORBITS for row in rows)


class Witness:
    """Watches the wires to the publishers and the store, while updates run."""

    def __init__(self, scene: Scene, *others: Publisher) -> None:
        self.scene = scene
        self._publishers = (scene.celestrak, scene.horizons, *others)
        self.sent()

    def sent(self) -> int:
        """Return how many requests arrived since the last time, at all publishers together."""
        count = sum(len(publisher.seen) for publisher in self._publishers)
        for publisher in self._publishers:
            publisher.seen.clear()
        return count

    def stored(self) -> frozenset[str]:
        """Return what the store holds of orbits."""
        return stored(self.scene.kept.path)

    def sees(
        self,
        *arguments: str,
        status: int,
        sent: int,
        said: str | Sequence[str] = (),
        new: int = 0,
        later: timedelta = timedelta(0),
        **options: Any,
    ) -> str:
        """Run an update, demand all that is named of it, and return what it printed.

        Nothing that was stored may change; without anything `new`, nothing may come to it either.
        """
        before = self.stored()
        for publisher in self._publishers:
            publisher.now = self.scene.now + later
        run = self.scene.update(*arguments, later=later, **options)
        lines = [said] if isinstance(said, str) else said
        assert run.err == "".join(f"sattrack: {line}\n" for line in lines)
        assert run.status == status
        assert self.sent() == sent
        after = self.stored()
        assert before <= after
        assert orbits(after) - orbits(before) == new
        assert new or before == after
        return str(run.out)
