"""A tracker that follows the store, for those who look for days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from sattrack.errors import SattrackError
from sattrack.settings import Home
from sattrack.tracking.tracker import Tracker

# What changes with every transaction of another program, and with nothing else; empty without file.
StoreState: TypeAlias = tuple[int, ...]

# A store that could not be read is tried again after so long, even if nothing seems to change.
_PATIENCE = timedelta(seconds=30)


def store_state(path: Path) -> StoreState:
    """Return the state of a store's file and its log, which programs only reading leave alone."""
    log = path.with_name(f"{path.name}-wal")
    state: list[int] = []
    for file in (path, log):
        try:
            said = file.stat()
        except OSError:
            continue
        # A reader may lay an empty log beside the file.
        if file is path or said.st_size:
            state += (said.st_ino, said.st_size, said.st_mtime_ns)
    return tuple(state)


@dataclass(slots=True)
class Followed:
    """The tracker of this machine, opened anew whenever the store has changed.

    A store that cannot be read leaves the tracker as it was.

    Attributes:
        tracker: what answers.
        reopen: how to open it anew.
        state: tells the state of what it reads.
    """

    tracker: Tracker
    reopen: Callable[[], Tracker]
    state: Callable[[], StoreState]
    _seen: StoreState
    _failed: datetime | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Followed:
        """Open the tracker of an environment, and follow its store.

        Raises:
            SattrackError: as `Tracker.open` does.
        """
        path = Home.of(environment).store
        # First the state: what is stored while the tracker opens is not missed.
        seen = store_state(path)
        tracker = Tracker.open(environment)
        return cls(tracker, lambda: Tracker.open(environment), lambda: store_state(path), seen)

    @classmethod
    def fixed(cls, tracker: Tracker) -> Followed:
        """Follow nothing: element sets of the user's own do not change."""
        return cls(tracker, lambda: tracker, lambda: (), ())

    def reread(self, now: datetime) -> bool:
        """Open the tracker anew if the store has changed; return whether it did.

        Raises:
            SattrackError: the store cannot be read; the tracker stays what it was.
        """
        state = self.state()
        waiting = self._failed is None or now - self._failed < _PATIENCE
        if state == self._seen and waiting:
            return False
        self._seen, self._failed = state, now
        opened = self.reopen()
        if opened.notices:
            opened.close()
            raise SattrackError(opened.notices[0])
        before, self.tracker, self._failed = self.tracker, opened, None
        before.close()
        return True
