"""Magnitudes against vectors computed by hand, and against what the laws promise."""

from __future__ import annotations

import numpy as np
import pytest

from sattrack.passes.magnitude import apparent_magnitude

# Range, km, phase, degrees; by the illuminated fraction, and by Lambert's sphere; standard -1.8.
VECTORS = [
    (1000.0, 90.0, -1.80, -1.80),
    (1000.0, 0.0, -2.55, -3.04),
    (485.0, 113.1, -2.83, -2.53),
    (420.0, 60.0, -4.12, -4.39),
]
# They are printed so.
PRINTED = 0.0051


@pytest.mark.parametrize(("range_km", "phase_deg", "fraction", "lambert"), VECTORS)
def test_both_laws(range_km: float, phase_deg: float, fraction: float, lambert: float) -> None:
    for law, expected in (("illuminated-fraction", fraction), ("lambert", lambert)):
        found = apparent_magnitude(-1.8, np.array(range_km), np.radians(phase_deg), law)
        assert found == pytest.approx(expected, abs=PRINTED)


def test_it_fades_with_phase_and_distance_and_stays_finite() -> None:
    phase = np.linspace(0.0, np.pi, 181)
    for law in ("lambert", "illuminated-fraction"):
        values = apparent_magnitude(3.0, np.full(181, 800.0), phase, law)
        assert (np.diff(values[:-1]) > 0.0).all()
        assert np.isfinite(values).all()
        near, far = apparent_magnitude(3.0, np.array([1000.0, 10_000.0]), np.full(2, 1.0), law)
        assert far - near == pytest.approx(5.0)
