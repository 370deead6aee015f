"""What is due at which publisher, fetched, checked and kept: what cron runs."""

from sattrack.updates.lock import updating
from sattrack.updates.report import (
    Change,
    Failure,
    SourceReport,
    UpdateReport,
)
from sattrack.updates.update import ticking, update
from sattrack.updates.visit import Clock, OnProgress

__all__ = [
    "Change",
    "Clock",
    "Failure",
    "OnProgress",
    "SourceReport",
    "UpdateReport",
    "ticking",
    "update",
    "updating",
]
