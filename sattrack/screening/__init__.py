"""The whole sky at once: passes of thousands of objects over many places."""

from sattrack.screening.passes import PASS
from sattrack.screening.sweep import Failure, Objects, screen

__all__ = ["PASS", "Failure", "Objects", "screen"]
