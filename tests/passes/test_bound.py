"""The proof behind the search: nothing bends more sharply than the horizon's curve says."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from orbitlike import element_sets, masks_deg, places

from sattrack.errors import NoOrbitError
from sattrack.orbits import Sgp4
from sattrack.orbits.bounds import REACH_RAD
from sattrack.passes.horizon import Horizon
from sattrack.times.scale import Clock

STEPS = 60
# The derivative is itself SGP4's, whose velocity is not quite that of its position: one part in a
# hundred of the bound is more than that, and far less than what an error in the bound would be.
MARGIN = 1.01


@given(element_sets(), places, masks_deg, st.floats(0.05, 1.0))
@settings(max_examples=500)
def test_no_second_derivative_exceeds_its_bound(elements, place, mask_deg, part):
    try:
        orbit, clock = Sgp4(elements), Clock(elements.epoch)
        horizon = Horizon(orbit, place, clock, mask_deg)
        step_s = orbit.period_s / (2.0 * np.pi) * REACH_RAD * part
        starts_s = np.arange(STEPS) * step_s
        left, right = horizon.sample(starts_s), horizon.sample(starts_s + step_s)
        downward, upward = horizon.bend(left, right, np.full(STEPS, step_s))
        known = np.isfinite(downward) & np.isfinite(upward)
        assume(known.any())
        h = min(1.0, step_s / 50.0)
        for where in np.linspace(0.05, 0.95, 7):
            seconds = starts_s + where * step_s
            second = (horizon.sample(seconds + h)[1] - horizon.sample(seconds - h)[1]) / (2.0 * h)
            assert (second <= MARGIN * upward)[known].all()
            assert (-second <= MARGIN * downward)[known].all()
    except NoOrbitError:
        assume(False)
