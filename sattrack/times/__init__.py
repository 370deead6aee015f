"""Instants, stretches of time, how people write them, and the scales that orbit models count in."""

from sattrack.times.reading import read_duration, read_time, read_zone
from sattrack.times.span import Span, duration_text, iso_utc

__all__ = ["Span", "duration_text", "iso_utc", "read_duration", "read_time", "read_zone"]
