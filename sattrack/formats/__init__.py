"""Orbits as text and back, strictly and without touching a disk or a network."""

from sattrack.formats.forms import WRITTEN_FORMS, read_element_sets, write_element_sets
from sattrack.formats.reading import Reading, Reject, Writing

__all__ = [
    "WRITTEN_FORMS",
    "Reading",
    "Reject",
    "Writing",
    "read_element_sets",
    "write_element_sets",
]
