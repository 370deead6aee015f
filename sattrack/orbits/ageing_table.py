"""How element sets scatter and go stale, by kind of orbit.

Written by `benchmarks/fit_ageing.py` from CelesTrak GP data of 24 objects, of September
2025 and May, July and October 2026; change it by running that again.
"""

from sattrack.orbits.regimes import Regime

# The fields of UsualJump, m/s but for the second; of the object whose sets scatter most.
JUMPS: dict[Regime, tuple[float, float, float]] = {
    Regime.low: (0.000652, 0.26, 0.0821),
    Regime.middle: (0.00119, 2.68, 0.11),
    Regime.medium: (0.000563, 0.0, 0.0106),
    Regime.geosynchronous: (0.0009, 0.0, 0.078),
}

# The fields of Growth, after the epoch and before it.
GROWTHS: dict[Regime, tuple[tuple[float, ...], tuple[float, ...]]] = {
    Regime.low: (
        (0.00287, 0.0703, 0.0887, 0.00925, 2.53),
        (0.0102, 0.0171, 0.0214, 0.0, 2.98),
    ),
    Regime.middle: (
        (0.0111, 0.0472, 0.144, 0.00552, 2.41),
        (0.0217, 0.0, 0.0475, 0.00335, 2.35),
    ),
    Regime.medium: (
        (0.0138, 0.056, 0.0, 0.0155, 2.0),
        (0.0, 0.0743, 0.0, 0.0145, 2.0),
    ),
    Regime.geosynchronous: (
        (0.135, 0.496, 0.0, 0.102, 2.0),
        (0.133, 0.091, 0.0, 0.106, 2.0),
    ),
}
