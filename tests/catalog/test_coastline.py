"""Land is where it is."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely

from sattrack.catalog.coastline import coast, land
from sattrack.catalog.reading import catalog_root


@pytest.fixture(scope="module")
def ground() -> shapely.Geometry:
    """Land by even and odd, as it is drawn."""
    found = shapely.Polygon()
    for ring in land():
        found = found.symmetric_difference(shapely.Polygon(ring).buffer(0.0))
    return found


def test_the_file_is_small():
    assert len((catalog_root() / "coastline" / "land.txt").read_bytes()) < 100_000


def test_places_lie_on_land_or_at_sea(ground):
    # By any atlas; far from the coast at this scale.
    dry = {
        "Daejeon": (127.38, 36.35), "Denver": (-105.0, 39.7), "Moscow": (37.6, 55.75),
        "Brasilia": (-47.9, -15.8), "Alice Springs": (133.9, -23.7), "South Pole": (12.0, -89.0),
        "Anadyr's hinterland": (179.5, 67.0), "Chukotka": (-176.0, 67.0),
    }  # fmt: skip
    wet = {
        "Gulf of Guinea": (0.0, 0.0), "Pacific": (-160.0, 30.0), "Arctic": (0.0, 88.0),
        "Caspian": (51.0, 42.0), "East Sea": (132.0, 39.5), "Hudson Bay": (-85.0, 59.0),
    }  # fmt: skip
    assert [name for name, place in dry.items() if not ground.contains(shapely.Point(place))] == []
    assert [name for name, place in wet.items() if ground.contains(shapely.Point(place))] == []


def test_land_covers_three_tenths_of_the_earth(ground):
    rng = np.random.default_rng(7)
    x, y = rng.uniform(-180.0, 180.0, 20_000), np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, 20_000)))
    shapely.prepare(ground)
    # 29.2 % (CIA World Factbook); this many points miss by 0.3 %, the coarse coast by as much.
    assert shapely.contains_xy(ground, x, y).mean() == pytest.approx(0.292, abs=0.01)


def test_coasts_leave_out_where_the_map_is_cut():
    lines = coast()
    for line in lines:
        for (x0, y0), (x1, y1) in pairwise(line):
            assert not (x0 == x1 and abs(x0) == 180.0)
            assert not (y0 == y1 == -90.0)
    edges = {frozenset(edge) for ring in land() for edge in pairwise((*ring, ring[0]))}
    kept = {frozenset(edge) for line in lines for edge in pairwise(line)}
    assert kept < edges
    assert 3 < len(edges - kept) < 20
    assert all(math.isfinite(value) for line in lines for corner in line for value in corner)
