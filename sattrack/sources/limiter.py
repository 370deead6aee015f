"""A limit on requests that holds across all processes of this machine."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from filelock import FileLock

from sattrack.errors import StorageError
from sattrack.sources.source import TurnedAwayError


@dataclass(frozen=True, slots=True)
class Limiter:
    """Counts requests in a file, and refuses the one that would be too many.

    Attributes:
        path: of the file; it holds the instants of the last requests, seconds of UTC since 1970.
        limits: at most so many requests in so many seconds.
    """

    path: Path
    limits: tuple[tuple[int, float], ...]

    def take(self) -> None:
        """Count one request that is about to be sent.

        Raises:
            TurnedAwayError: it would be one too many; nothing must be sent.
            StorageError: the count cannot be kept, so nobody could know.
        """
        longest_s = max(seconds for _, seconds in self.limits)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock"):
                # Read here, or what others sent while we waited would lie ahead of our clock.
                now = time.time()
                # A clock that was ahead once must not silence us until it comes true.
                sent = [at for at in self._read() if now - longest_s < at <= now]
                for count, seconds in self.limits:
                    recent = [at for at in sent if at > now - seconds]
                    if len(recent) >= count:
                        wait = timedelta(seconds=recent[-count] + seconds - now)
                        limit = f"sattrack's own limit of {count} requests in {seconds:g} s"
                        raise TurnedAwayError(f"{limit} is reached", wait)
                # Renamed into place: a link that somebody put there is replaced, not followed.
                temporary = self.path.with_suffix(".new")
                temporary.unlink(missing_ok=True)
                temporary.write_text(json.dumps([*sent, now]))
                temporary.replace(self.path)
        except OSError as error:
            raise StorageError(f"cannot write {self.path}: {error.strerror or error}") from error

    def _read(self) -> list[float]:
        with suppress(OSError, ValueError, TypeError):
            return sorted(float(at) for at in json.loads(self.path.read_bytes()))
        return []
