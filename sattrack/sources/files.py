"""A file of the user's, or standard input, as a publisher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from sattrack.catalog import Spacecraft
from sattrack.errors import InvalidInputError, RejectedDataError, StorageError
from sattrack.sources.source import Absent, Answer, Fresh, Progress, Request
from sattrack.sources.web import LARGEST_ANSWER

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class ElementFile:
    """One document of element sets, in any form.

    Attributes:
        path: of the file; `-` for standard input.
        standard_input: what `-` reads.
    """

    path: str
    standard_input: BinaryIO | None = field(default=None, repr=False)
    name: str = "file"
    interval: timedelta = timedelta(0)
    ready: bool = True
    fault: str = ""

    @property
    def title(self) -> str:
        """The path, or what it stands for."""
        return "standard input" if self.path == STANDARD_INPUT else self.path

    def offers(self, craft: Spacecraft) -> bool:
        """Tell whether it may hold element sets of this spacecraft: it may hold any."""
        return craft.norad_id is not None

    def plan(
        self, wanted: Sequence[Spacecraft], group: str = "", absent: Absent = ()
    ) -> tuple[Request, ...]:
        """Return the one request there is; without `wanted`, the whole file is."""
        if group:
            raise InvalidInputError("a file has no groups; leave --group out")
        numbers = frozenset(craft.norad_id for craft in wanted if craft.norad_id is not None)
        return (Request(self.title, self.name, numbers, whole=not numbers),)

    def covering(self, craft: Spacecraft, absent: Absent = ()) -> tuple[str, ...]:
        """Return no key: a file is read whenever it is named."""
        return ()

    def fetch(self, request: Request, progress: Progress | None = None) -> Answer:
        """Read it to its end.

        Raises:
            StorageError: it cannot be read.
            RejectedDataError: it is too large to be element sets.
        """
        try:
            if self.path == STANDARD_INPUT:
                text = b"" if self.standard_input is None else self._read(self.standard_input)
            else:
                with Path(self.path).open("rb") as file:
                    text = self._read(file)
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError(f"cannot read {self.title}: {reason}") from error
        if len(text) > LARGEST_ANSWER:
            raise RejectedDataError(f"{self.title} is larger than {LARGEST_ANSWER:,} bytes")
        return Fresh(text)

    @staticmethod
    def _read(file: BinaryIO) -> bytes:
        return file.read(LARGEST_ANSWER + 1)
