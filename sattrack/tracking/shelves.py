"""Element sets at hand: the embedded snapshot, or a file of the user's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sattrack.catalog import catalog_root
from sattrack.catalog.names import name_key
from sattrack.elements import Published, RejectedElementError, check_epoch
from sattrack.formats import read_element_sets
from sattrack.settings import EMBEDDED_RETRIEVED_AT


class Shelf(Protocol):
    """Element sets at hand: the store, the embedded snapshot, or a file of the user's."""

    def nearest(
        self, norad_id: int, instant: datetime, as_of: datetime | None = None
    ) -> Published | None:
        """Return the set whose epoch is nearest to `instant`, of those known at `as_of`."""
        ...

    def nearest_of_all(
        self, instant: datetime, as_of: datetime | None = None
    ) -> tuple[Published, ...]:
        """Return what `nearest` returns of each object."""
        ...

    def history(self, norad_id: int, as_of: datetime | None = None) -> tuple[Published, ...]:
        """Return all sets of an object known at `as_of`, by ascending epoch."""
        ...

    def named(self, name: str) -> tuple[int, ...]:
        """Return the catalog numbers of the objects published under `name`, in any spelling."""
        ...


def nearest_of(items: Iterable[Published], instant: datetime) -> Published | None:
    """Return the set whose epoch is nearest to `instant`; of two as near, the later one."""
    return max(
        items,
        key=lambda item: (-abs(item.elements.epoch - instant), item.elements.epoch),
        default=None,
    )


class ElementShelf:
    """A shelf held in memory.

    Of two sets as near as each other, the later epoch wins.
    """

    def __init__(self, published: Iterable[Published]) -> None:
        self._of: dict[int, list[Published]] = {}
        for item in published:
            self._of.setdefault(item.elements.norad_id, []).append(item)

    def nearest(
        self, norad_id: int, instant: datetime, as_of: datetime | None = None
    ) -> Published | None:
        """Return the set whose epoch is nearest to `instant`, of those known at `as_of`."""
        return nearest_of(self._known(norad_id, as_of), instant)

    def nearest_of_all(
        self, instant: datetime, as_of: datetime | None = None
    ) -> tuple[Published, ...]:
        """Return what `nearest` returns of each object, in order of first appearance."""
        found = []
        for norad_id, items in self._of.items():
            one = items[0] if len(items) == 1 else None
            if one is None or (as_of is not None and one.retrieved_at is not None):
                one = self.nearest(norad_id, instant, as_of)
            if one is not None:
                found.append(one)
        return tuple(found)

    def history(self, norad_id: int, as_of: datetime | None = None) -> tuple[Published, ...]:
        """Return all sets of an object known at `as_of`, by ascending epoch."""
        return tuple(sorted(self._known(norad_id, as_of), key=lambda item: item.elements.epoch))

    def named(self, name: str) -> tuple[int, ...]:
        """Return the catalog numbers of the objects published under `name`, in any spelling."""
        key = name_key(name)
        return tuple(
            item.elements.norad_id for item in self.newest() if name_key(item.elements.name) == key
        )

    def _known(self, norad_id: int, as_of: datetime | None) -> list[Published]:
        return [
            item
            for item in self._of.get(norad_id, ())
            if as_of is None or item.retrieved_at is None or item.retrieved_at <= as_of
        ]

    def newest(self) -> tuple[Published, ...]:
        """Return the newest set of each object, in order of first appearance."""
        return tuple(
            max(items, key=lambda item: item.elements.epoch) for items in self._of.values()
        )


def embedded_elements() -> tuple[Published, ...]:
    """Return the element sets shipped with the catalog."""
    text = (catalog_root() / "snapshot" / "gp.csv").read_bytes()
    reading = read_element_sets(text)
    return tuple(Published(item, "embedded", EMBEDDED_RETRIEVED_AT) for item in reading.sets)


def published_in(text: bytes, now: datetime) -> tuple[list[Published], list[str]]:
    """Return the element sets of a file of the user's, and a line for each that was refused.

    Args:
        text: in any form that `sattrack.formats` reads.
        now: epochs more than two days after it are refused.

    Raises:
        RejectedDataError: the text holds no element sets at all.
    """
    reading = read_element_sets(text)
    refused = [str(reject) for reject in reading.rejects]
    kept = []
    for elements in reading.sets:
        try:
            check_epoch(elements, now)
        except RejectedElementError as error:
            refused.append(f"NORAD {elements.norad_id}: {error}")
        else:
            kept.append(Published(elements, "file"))
    return kept, refused
