"""Where is it? One protocol, `Orbit`, for element sets, tables and plans."""

from sattrack.orbits.nominal import Nominal
from sattrack.orbits.orbit import Orbit, OrbitEndsError
from sattrack.orbits.sgp4 import Sgp4

__all__ = ["Nominal", "Orbit", "OrbitEndsError", "Sgp4"]
