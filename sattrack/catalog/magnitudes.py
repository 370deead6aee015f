"""Standard magnitudes that somebody has published: at 1000 km and half phase.

The table is `magnitudes/half_phase.csv` of the catalog; what a spacecraft's own entry states comes
first.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from sattrack.catalog.entries import Source, Spacecraft
from sattrack.catalog.reading import catalog_root

HEAVENS_ABOVE = Source(
    "Heavens-Above, intrinsic magnitudes, as tabulated in Astro::Coord::ECI on 2025-11-21",
    "https://www.heavens-above.com",
)


@dataclass(frozen=True, slots=True)
class StandardMagnitude:
    """How bright a craft is at 1000 km and half phase, and who says so."""

    value: float
    source: Source


@lru_cache(maxsize=1)
def _table() -> dict[int, float]:
    with (catalog_root() / "magnitudes" / "half_phase.csv").open(encoding="ascii") as file:
        return {
            int(row["norad_id"]): float(row["magnitude_1000km_half_phase"])
            for row in csv.DictReader(file)
        }


def standard_magnitude(craft: Spacecraft) -> StandardMagnitude | None:
    """Return the standard magnitude of a craft, or None where nobody has published it."""
    if craft.standard_magnitude is not None:
        source = dict(craft.cited).get("standard_magnitude", craft.source)
        return StandardMagnitude(craft.standard_magnitude, source)
    if craft.norad_id is None or craft.norad_id not in _table():
        return None
    return StandardMagnitude(_table()[craft.norad_id], HEAVENS_ABOVE)
