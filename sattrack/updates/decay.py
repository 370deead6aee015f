"""Has an object come down? What its last elements say, now that nobody publishes newer ones."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from sattrack.elements import ElementSet
from sattrack.errors import NoOrbitError
from sattrack.orbits import Sgp4
from sattrack.times.scale import Clock


def decay_of(elements: ElementSet, now: datetime) -> str:
    """Return how the object came down by these elements, or nothing when it still flies by them."""
    try:
        Sgp4(elements).itrf(
            Clock(elements.epoch), np.array([(now - elements.epoch).total_seconds()])
        )
    except NoOrbitError as error:
        return str(error)
    return ""
