"""Outlines against Shapely, an independent geometry library."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from sattrack.coverage.outline import Outline

# Degrees; both libraries decide exactly but for rounding, and chance must not fall on an edge.
NEAR_AN_EDGE = 1e-9

BOX = [(75.0, -5.0), (145.0, -5.0), (145.0, 45.0), (75.0, 45.0)]
PACIFIC = [(160.0, -20.0), (-140.0, -20.0), (-140.0, 30.0), (160.0, 30.0)]
ARCTIC = [(0.0, 60.0), (90.0, 70.0), (180.0, 60.0), (-90.0, 55.0)]


def test_edges_and_corners_are_inside():
    box = Outline(BOX)
    for latitude, longitude in ((-5.0, 75.0), (45.0, 100.0), (20.0, 145.0), (0.0, 435.0)):
        assert box.holds(latitude, longitude)
    for latitude, longitude in ((-5.0001, 100.0), (45.0001, 100.0), (20.0, 74.9999)):
        assert not box.holds(latitude, longitude)
    # The same, closed and the other way round.
    assert Outline([*reversed(BOX), BOX[-1]]).holds(-5.0, 75.0)


def test_an_outline_across_180_degrees():
    outline = Outline(PACIFIC)
    for longitude in (160.0, 179.0, 180.0, -180.0, -179.0, -140.0, 200.0):
        assert outline.holds(0.0, longitude)
    for longitude in (159.9, -139.9, 0.0, 90.0, -90.0):
        assert not outline.holds(0.0, longitude)
    assert outline.bounds_deg == (160.0, -20.0, -140.0, 30.0)
    west, east = sorted(outline.polygons())
    assert {x for x, _ in west} == {-180.0, -140.0}
    assert {x for x, _ in east} == {160.0, 180.0}


@pytest.mark.parametrize("pole", [1.0, -1.0])
def test_an_outline_round_a_pole(pole):
    outline = Outline([(longitude, pole * latitude) for longitude, latitude in ARCTIC])
    for longitude in range(-180, 181, 15):
        assert outline.holds(pole * 89.0, longitude)
        assert outline.holds(pole * 90.0, longitude)
        assert not outline.holds(pole * 50.0, longitude)
        assert not outline.holds(-pole * 89.0, longitude)
    assert outline.holds(pole * 64.9, 45.0) != outline.holds(pole * 65.1, 45.0)
    west, south, east, north = outline.bounds_deg
    assert (west, east) == (-180.0, 180.0)
    assert pole * (north if pole > 0 else south) == 90.0
    area = sum(shapely.Polygon(ring).area for ring in outline.polygons())
    assert area == pytest.approx(90.0 * (90 - 65) * 2 + 90.0 * (90 - 57.5) * 2, abs=1e-9)


@st.composite
def stars(draw):
    """Star-shaped outlines about a centre anywhere: concave, often across 180 degrees."""
    longitude = draw(st.floats(-180.0, 180.0))
    latitude = draw(st.floats(-40.0, 40.0))
    radii = draw(st.lists(st.floats(1.0, 45.0), min_size=3, max_size=14))
    corners = []
    for k, radius in enumerate(radii):
        angle = 2.0 * math.pi * k / len(radii)
        x = longitude + radius * math.cos(angle)
        corners.append((math.remainder(x, 360.0), latitude + radius * math.sin(angle)))
    return longitude, corners


@given(stars(), st.floats(-180.0, 180.0), st.floats(-89.0, 89.0))
def test_inside_and_cut_as_shapely_has_it(star, longitude, latitude):
    centre, corners = star
    outline = Outline(corners)
    whole = [(centre + math.remainder(x - centre, 360.0), y) for x, y in corners]
    polygon = shapely.Polygon(whole)
    assert polygon.is_valid
    point = shapely.Point(centre + math.remainder(longitude - centre, 360.0), latitude)
    if polygon.exterior.distance(point) > NEAR_AN_EDGE:
        assert outline.holds(latitude, longitude) == polygon.contains(point)

    parts = [shapely.Polygon(ring) for ring in outline.polygons()]
    for ring, part in zip(outline.polygons(), parts, strict=True):
        assert ring[0] == ring[-1]
        assert part.exterior.is_ccw
        assert part.is_valid
        west, _, east, _ = part.bounds
        assert west >= -180.0
        assert east <= 180.0
    assert sum(part.area for part in parts) == pytest.approx(polygon.area, abs=1e-6)
    world = shapely.box(-180.0, -90.0, 180.0, 90.0)
    for turn in (-360.0, 0.0, 360.0):
        moved = shapely.affinity.translate(polygon, turn)
        cut = moved.intersection(world)
        shared = sum(part.buffer(0).intersection(cut).area for part in parts)
        assert shared == pytest.approx(cut.area, abs=1e-6)
