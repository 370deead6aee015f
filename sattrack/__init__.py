"""Satellites and missions: where they are, when they pass, and what is known of them.

The front door of the library; everything is imported when it is first used.

    >>> from datetime import UTC, datetime
    >>> from sattrack import Span, Tracker, passes_over
    >>> tracker = Tracker.open()
    >>> span = Span.from_days(datetime(2026, 10, 8, tzinfo=UTC), 1)
    >>> orbits = tracker.orbits("recon", at=span.start)
    >>> answer = passes_over(orbits, tracker.places("kdsa"), span)
    >>> result, one = answer.in_order()[0]
    >>> print(result.tracked.name, f"{one.rise.time:%H:%M} {one.culmination.elevation_deg:.0f}")
    425 SAT-4 00:43 79
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sattrack.version import __version__

if TYPE_CHECKING:
    from sattrack.answers.passes import passes_over
    from sattrack.answers.positions import positions_at
    from sattrack.elements import ElementSet, NominalOrbit
    from sattrack.errors import SattrackError
    from sattrack.formats import read_element_sets
    from sattrack.orbits import Nominal, Sgp4
    from sattrack.passes import find_passes
    from sattrack.places import Place
    from sattrack.times import Span
    from sattrack.tracking import Tracker

_HOMES = {
    "ElementSet": "sattrack.elements",
    "Nominal": "sattrack.orbits",
    "NominalOrbit": "sattrack.elements",
    "Place": "sattrack.places",
    "SattrackError": "sattrack.errors",
    "Sgp4": "sattrack.orbits",
    "Span": "sattrack.times",
    "Tracker": "sattrack.tracking",
    "find_passes": "sattrack.passes",
    "passes_over": "sattrack.answers.passes",
    "positions_at": "sattrack.answers.positions",
    "read_element_sets": "sattrack.formats",
}

__all__ = [
    "ElementSet",
    "Nominal",
    "NominalOrbit",
    "Place",
    "SattrackError",
    "Sgp4",
    "Span",
    "Tracker",
    "__version__",
    "find_passes",
    "passes_over",
    "positions_at",
    "read_element_sets",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sattrack' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
