"""What ships of the Sun, the Moon and Danuri, read once, and only when somebody asks for it."""

from __future__ import annotations

from functools import lru_cache

from sattrack.catalog.ephemeris import danuri_elements, moon_frame_kernels, solar_system_kernel
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.moon import MoonFrames
from sattrack.orbits.osculating import Osculating
from sattrack.orbits.tabulated import Tabulated


@lru_cache(maxsize=1)
def bodies() -> Bodies:
    """Return Sun, Moon and Earth, 2000 to 2050."""
    return Bodies(solar_system_kernel())


@lru_cache(maxsize=1)
def moon_frames() -> MoonFrames:
    """Return how the Moon is turned, 2000 to 2050."""
    return MoonFrames(*moon_frame_kernels())


@lru_cache(maxsize=1)
def embedded_danuri() -> Tabulated:
    """Return Danuri's orbit by the daily elements that ship; its motion is an `Osculating`."""
    return Tabulated(Osculating(danuri_elements()), bodies())
