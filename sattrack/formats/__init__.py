"""Orbits as text and back, strictly and without touching a disk or a network."""

from sattrack.formats.forms import read_element_sets
from sattrack.formats.reading import Reading, Reject

__all__ = ["Reading", "Reject", "read_element_sets"]
