"""Stand-ins for the publishers: loopback only, started by the tests that need them."""

from standin import faults
from standin.horizons import HorizonsStandin
from standin.records import Row, at_epoch, csv_text, snapshot
from standin.server import (
    IDENTITY,
    PASSWORD,
    CelesTrakStandin,
    Fault,
    Handler,
    Publisher,
    Seen,
    SpaceTrackStandin,
    serving,
)

__all__ = [
    "IDENTITY",
    "PASSWORD",
    "CelesTrakStandin",
    "Fault",
    "Handler",
    "HorizonsStandin",
    "Publisher",
    "Row",
    "Seen",
    "SpaceTrackStandin",
    "at_epoch",
    "csv_text",
    "faults",
    "serving",
    "snapshot",
]
