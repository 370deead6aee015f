"""A home with its store, the stand-ins for CelesTrak and Horizons, and a clock that all go by."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sattrack.store import Store
from standin.horizons import HorizonsStandin
from standin.server import CelesTrakStandin


class Kept:
    """The element sets of the store, as they lie there."""

    def __init__(self, home: Path) -> None:
        self.path = home / "store.sqlite"

    def sets(self) -> list[str]:
        """Every element set, with its source and when it was retrieved."""
        with Store.open(self.path, writable=False) as store:
            numbers = [item.elements.norad_id for item in store.latest_of_all()]
            return [repr(item) for number in numbers for item in store.history(number)]

    def tables(self, naif_id: int = -155) -> list[str]:
        """What tables are held of an object, with digests of their states."""
        with Store.open(self.path, writable=False) as store:
            held = store.ephemerides(naif_id)
            blocks = store._connection.execute("SELECT hex(sha256) FROM state_block").fetchall()
            return [*map(repr, held), *map(repr, blocks)]

    def log(self) -> list[tuple[str, str, str]]:
        """Source, request and outcome of everything that was asked."""
        with Store.open(self.path, writable=False) as store:
            return [(line.source, line.request, line.outcome) for line in store.fetches()]


class Scene:
    """A home, the stand-ins for CelesTrak and Horizons, and a clock that all go by."""

    def __init__(
        self, sattrack, celestrak: CelesTrakStandin, horizons: HorizonsStandin, kept: Kept
    ) -> None:
        self.celestrak = celestrak
        self.horizons = horizons
        self.kept = kept
        self.now = celestrak.now
        self._sattrack = sattrack

    def update(self, *arguments: str, later: timedelta = timedelta(0), **options):
        self.now += later
        self.celestrak.now = self.horizons.now = self.now
        return self._sattrack("update", *arguments, now=self.now, **options)

    def requests(self) -> list[str]:
        """What was asked since the last time this was asked, without what is always the same."""
        found = [
            path.removeprefix("/NORAD/elements/").removesuffix("&FORMAT=CSV")
            for path in self.celestrak.paths
        ]
        self.celestrak.seen.clear()
        return found

    def other_rows(self, change) -> None:
        """Let CelesTrak publish records that `change` made of the real ones."""
        self.celestrak.change = lambda rows: [change(dict(row)) for row in rows]
