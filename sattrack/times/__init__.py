"""Instants, stretches of time, and the scales that orbit models count in."""

from sattrack.times.span import Span, iso_utc

__all__ = ["Span", "iso_utc"]
