"""Orbits shaped like the public catalog: mostly low, near-circular, in a few well-filled planes."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from sattrack.elements import ElementSet

# Of CelesTrak's active group in 2026-07: share, revolutions a day, eccentricity.
_KINDS = (
    (0.62, (14.9, 15.6), (1e-5, 4e-4)),  # Starlink and the like
    (0.22, (14.0, 15.9), (1e-4, 4e-3)),
    (0.06, (12.6, 14.0), (1e-4, 3e-3)),  # OneWeb, Globalstar
    (0.02, (6.6, 12.5), (1e-3, 0.09)),
    (0.01, (1.9, 2.3), (1e-3, 0.02)),  # navigation
    (0.04, (0.998, 1.008), (1e-5, 2e-3)),  # geosynchronous
    (0.03, (2.0, 11.0), (-1.0, -1.0)),  # transfer orbits and Molniya
)
_INCLINATIONS_DEG = (0.05, 28.5, 43.0, 51.6, 53.0, 53.2, 63.4, 70.0, 87.9, 97.5, 97.7, 98.2, 144.0)
_LOWEST_PERIGEE_KM = 6378.0 + 280.0
_GEOSYNCHRONOUS_KM = 42241.0  # at one revolution a day


def population(
    count: int, seed: int, around: datetime, kinds: slice = slice(None)
) -> list[ElementSet]:
    """Return `count` element sets with epochs up to three days before `around`.

    Args:
        count: how many.
        seed: the same seed, the same population.
        around: UTC.
        kinds: which rows of the table of kinds to draw from; the first four are low orbits.
    """
    draw = random.Random(seed)
    rows = _KINDS[kinds]
    found = []
    for number in range(count):
        _, motions, shapes = draw.choices(rows, [share for share, *_ in rows])[0]
        motion, e = draw.uniform(*motions), draw.uniform(*shapes)
        semi_major_axis_km = _GEOSYNCHRONOUS_KM / motion ** (2.0 / 3.0)
        highest = 1.0 - _LOWEST_PERIGEE_KM / semi_major_axis_km
        e = highest if e < 0.0 else min(e, max(0.0, highest))
        found.append(
            ElementSet(
                norad_id=800_000 + number,
                epoch=around - timedelta(days=draw.uniform(-0.5, 3.0)),
                mean_motion_rev_day=motion,
                eccentricity=e,
                inclination_deg=draw.choice(_INCLINATIONS_DEG),
                raan_deg=draw.uniform(0.0, 360.0),
                argument_of_perigee_deg=draw.uniform(0.0, 360.0),
                mean_anomaly_deg=draw.uniform(0.0, 360.0),
                bstar_per_earth_radius=draw.choice((0.0, 1e-5, 3e-4, 1e-3, -2e-3)),
            )
        )
    return found
