"""What is due at which publisher, fetched, checked and kept: what cron runs."""

from sattrack.updates.lock import updating
from sattrack.updates.report import (
    Change,
    Failure,
    FindManoeuvre,
    SourceReport,
    UpdateReport,
)
from sattrack.updates.update import Clock, OnProgress, ticking, update

__all__ = [
    "Change",
    "Clock",
    "Failure",
    "FindManoeuvre",
    "OnProgress",
    "SourceReport",
    "UpdateReport",
    "ticking",
    "update",
    "updating",
]
