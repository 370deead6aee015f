"""Entries of a catalog that nobody wrote."""

from __future__ import annotations

from sattrack.catalog import OrbitData, Spacecraft
from sattrack.catalog import Source as Citation


def craft(number: int | None, *publishers: str, data: OrbitData = "gp") -> Spacecraft:
    return Spacecraft(
        id=f"craft-{number}",
        name=f"Craft {number}",
        summary="",
        source=Citation("a test"),
        orbit_data=data,
        norad_id=number,
        publishers=publishers,
    )


ISS, HST = craft(25544), craft(20580)
