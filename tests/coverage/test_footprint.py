"""Circles of visibility: on their edge the craft stands on the horizon, inside above it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from skyfield.toposlib import wgs84

from sattrack.coverage.footprint import circle_of_visibility
from sattrack.coverage.outline import Outline
from sattrack.places import Place

# Of an angle at the edge, from doubles in metres at 40,000 km.
ROUNDING_DEG = 1e-9
CRAFT = [
    (51.6, 10.0, 420.0),
    (0.0, 179.9, 35786.0),
    (-3.0, -179.5, 35786.0),
    (82.0, -120.0, 500.0),
    (-89.9, 45.0, 800.0),
    (63.4, 0.0, 39700.0),
    (10.0, 100.0, 0.1),
]


def place_of(latitude_deg: float, longitude_deg: float, height_km: float) -> np.ndarray:
    """ITRF by Skyfield."""
    return wgs84.latlon(latitude_deg, longitude_deg, elevation_m=1e3 * height_km).itrs_xyz.km


def elevation_deg(place: Place, craft_km: np.ndarray) -> float:
    east, north, up = place.east_north_up() @ (craft_km - place.itrf_km())
    return math.degrees(math.atan2(up, math.hypot(east, north)))


@pytest.mark.parametrize("craft", CRAFT)
def test_on_the_edge_it_stands_on_the_horizon(craft):
    latitude, longitude, height_km = craft
    craft_km = place_of(latitude, longitude, height_km)
    corners = circle_of_visibility(*craft)
    assert len(corners) == 180
    for x, y in corners:
        assert -180.0 <= x < 180.0
        assert elevation_deg(Place("", y, x), craft_km) == pytest.approx(0.0, abs=ROUNDING_DEG)


@pytest.mark.parametrize("craft", CRAFT[:-1])
def test_inside_it_is_above_the_horizon_and_outside_below(craft):
    latitude, longitude, height_km = craft
    craft_km = place_of(latitude, longitude, height_km)
    outline = Outline(circle_of_visibility(*craft))
    shapes = [shapely.Polygon(ring) for ring in outline.polygons()]
    area = shapely.MultiPolygon(shapes)
    assert area.is_valid
    assert all(shape.exterior.is_ccw for shape in shapes)
    assert all(-180.0 <= x <= 180.0 for shape in shapes for x, _ in shape.exterior.coords)
    random = np.random.default_rng(1)
    compared = 0
    for z, x in zip(random.uniform(-1, 1, 2000), random.uniform(-180, 180, 2000), strict=True):
        y = math.degrees(math.asin(z))
        elevation = elevation_deg(Place("", y, x), craft_km)
        # Chords of two degrees of a circle as wide as the Earth leave out up to this much.
        if abs(elevation) > 0.3:
            compared += 1
            assert area.contains(shapely.Point(x, y)) == (elevation > 0.0)
    assert compared > 1900


def test_the_moon_is_a_sphere():
    corners = circle_of_visibility(-85.0, 30.0, 100.0, radius_km=1737.4)
    half_angle = math.acos(1737.4 / 1837.4)
    centre = unit(-85.0, 30.0)
    for x, y in corners:
        assert math.acos(float(unit(y, x) @ centre)) == pytest.approx(half_angle, abs=1e-9)
    assert Outline(corners).pole_deg == -90.0


def unit(latitude_deg: float, longitude_deg: float) -> np.ndarray:
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    return np.array(
        [
            math.cos(latitude) * math.cos(longitude),
            math.cos(latitude) * math.sin(longitude),
            math.sin(latitude),
        ]
    )


def test_under_ground_there_is_none():
    assert circle_of_visibility(10.0, 20.0, -5.0) == ()
