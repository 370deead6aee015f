"""Which of the craft asked for orbit the Moon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sattrack.tracking import Tracked

if TYPE_CHECKING:
    from sattrack.orbits.tabulated import Tabulated


def about_the_moon(tracked: Tracked) -> Tabulated | None:
    """Return the orbit of a lunar orbiter, or None."""
    if tracked.provenance.coverage is None:
        return None
    from sattrack.elements import MOON_NAIF_ID
    from sattrack.orbits.tabulated import Tabulated

    orbit = tracked.orbit
    if isinstance(orbit, Tabulated) and orbit.motion.centre_naif_id == MOON_NAIF_ID:
        return orbit
    return None
