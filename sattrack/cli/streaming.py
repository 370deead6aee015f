"""Answers that are written while they are found, and what a user sees when he interrupts one."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from sattrack.errors import StorageError

_REDRAWN_S = 0.2


class Interrupts:
    """Ctrl-C, and a request to end, stop the work between two writes and never inside one.

    A second one does not wait. Both raise `KeyboardInterrupt`.

    Attributes:
        status: what the program shall exit with, by the signal that came.
        part: where what was written until then lies.
    """

    def __init__(self) -> None:
        self.status = 130
        self.part: Path | None = None
        self._held = self._waiting = False

    @contextlib.contextmanager
    def watched(self) -> Iterator[Interrupts]:
        """Watch for them while the body runs."""
        before = {
            number: signal.signal(number, self._came) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Let the body end before an interrupt is heeded."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt

    def _came(self, number: int, _frame: FrameType | None) -> None:
        self.status = 128 + number
        if self._held and not self._waiting:
            self._waiting = True
            return
        raise KeyboardInterrupt


class Progress:
    """A line on the terminal that tells how far the work is; nothing anywhere else."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._drawn_at = 0.0
        self._length = 0
        self.count = 0

    def __call__(self, share: float) -> None:
        """Tell which part of the work is done."""
        if not self._shown or time.monotonic() - self._drawn_at < _REDRAWN_S:
            return
        text = f"{share:4.0%} searched, {self.count:,} passes found"
        self._draw(text)

    def clear(self) -> None:
        """Make room for what is printed next."""
        if self._length:
            self._draw("")

    def _draw(self, text: str) -> None:
        sys.stderr.write(f"\r{text.ljust(self._length)}" + ("" if text else "\r"))
        sys.stderr.flush()
        self._length = len(text)
        self._drawn_at = time.monotonic()


class Destination:
    """Where an answer goes: standard output, or a file that is there when it is whole.

    A regular file grows as `FILE.part` beside it, and is replaced at the end; where the answer was
    interrupted, what there is of it stays under that name.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.part: Path | None = None
        if path is None:
            self.stream: BinaryIO = sys.stdout.buffer
            return
        target = path.resolve()
        try:
            if target.is_dir():
                raise StorageError(f"cannot write {path}: it is a folder")
            if not target.parent.is_dir():
                raise StorageError(f"cannot write {path}: there is no folder {target.parent}")
            if target.exists() and not target.is_file():
                self.stream = target.open("wb")
                return
            self.part = target.with_name(f"{target.name}.part")
            self.stream = self.part.open("wb")
        except OSError as error:
            raise StorageError(f"cannot write {path}: {error.strerror or error}") from error
        self._target = target

    def write(self, content: bytes) -> None:
        """Write, and hand over at once."""
        try:
            left = memoryview(content)
            while left:
                # Without a buffer (python -u) a signal may end the writing half-way.
                left = left[self.stream.write(left) :]
            self.stream.flush()
        except OSError as error:
            if self.path is None:
                raise
            raise StorageError(f"cannot write {self.path}: {error.strerror or error}") from error

    def finish(self, complete: bool) -> None:
        """Close it; a file takes its name where it is whole."""
        if self.path is None:
            return
        try:
            self.stream.close()
            if complete and self.part is not None:
                if self._target.exists():
                    self.part.chmod(self._target.stat().st_mode & 0o777)
                os.replace(self.part, self._target)
        except OSError as error:
            raise StorageError(f"cannot write {self.path}: {error.strerror or error}") from error

    def discard(self) -> None:
        """Forget a file that came to nothing."""
        if self.path is not None:
            self.stream.close()
            if self.part is not None:
                self.part.unlink(missing_ok=True)
