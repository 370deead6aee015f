"""One update at a time on this machine."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sattrack.errors import BusyError, StorageError
from sattrack.times import iso_utc

_LOCK, _OWNER = "update.lock", "update-owner.json"
# A link that somebody put in its place is not followed.
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that is updating, or was when it ended without a word."""

    pid: int
    since: str

    def __str__(self) -> str:
        return f"process {self.pid}, since {self.since}"


@contextlib.contextmanager
def updating(folder: Path, now: datetime, *, wait: bool = False) -> Iterator[None]:
    """Be the only update in `folder` while the body runs.

    The lock is the operating system's: it ends with the process that holds it, however that ends.
    Who holds it, and since when, stands in a file beside it, for people.

    Args:
        folder: where the store is; made if need be.
        now: what others are told.
        wait: wait for another update to end, instead of giving up.

    Raises:
        BusyError: another update is running.
        StorageError: the folder cannot be written.
    """
    path = folder / _LOCK
    lock = FileLock(str(path), timeout=-1 if wait else 0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        who = _owner(folder)
        raise BusyError(
            f"another update is running{'' if who is None else f' ({who})'}; nothing was asked"
        ) from None
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error
    try:
        with contextlib.suppress(OSError):
            owner = {"pid": os.getpid(), "since": iso_utc(now)}
            with os.fdopen(os.open(folder / _OWNER, _ANEW, 0o644), "w") as file:
                json.dump(owner, file)
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder / _OWNER).unlink(missing_ok=True)
        lock.release()


def _owner(folder: Path) -> Owner | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        owner = json.loads((folder / _OWNER).read_bytes())
        return Owner(int(owner["pid"]), str(owner["since"])[:24])
    return None
