"""What was published, and when did we learn it? One SQLite file, to which rows are only added."""

from sattrack.store.records import Added, Designation, Fetch, Outcome, Rename
from sattrack.store.states import Ephemeris
from sattrack.store.store import Store

__all__ = ["Added", "Designation", "Ephemeris", "Fetch", "Outcome", "Rename", "Store"]
