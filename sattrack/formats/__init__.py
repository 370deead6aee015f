"""Orbits as text and back, strictly and without touching a disk or a network."""

from sattrack.formats.forms import (
    WRITTEN_FORMS,
    convert_element_sets,
    read_element_sets,
    write_element_sets,
)
from sattrack.formats.reading import Origin, Reading, Reject, Writing

__all__ = [
    "WRITTEN_FORMS",
    "Origin",
    "Reading",
    "Reject",
    "Writing",
    "convert_element_sets",
    "read_element_sets",
    "write_element_sets",
]
