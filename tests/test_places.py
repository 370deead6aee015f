"""Places: their numbers against Skyfield and ERFA, and the ways people write coordinates."""

import math

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyfield.toposlib import wgs84

from sattrack.errors import InvalidInputError
from sattrack.places import (
    Place,
    read_coordinates,
    read_diameter_m,
    read_distance_km,
    read_longitude_deg,
)

ROUNDING_KM = 1e-11  # float64 at 6400 km, a few operations long

latitudes = st.floats(-90.0, 90.0)
longitudes = st.floats(-180.0, 360.0)
heights = st.floats(-500.0, 100_000.0)


@given(latitudes, longitudes, heights)
def test_position_agrees_with_erfa_and_skyfield(lat: float, lon: float, height: float) -> None:
    place = Place("here", lat, lon, height)
    by_erfa = erfa.gd2gc(erfa.WGS84, math.radians(lon), math.radians(lat), height) / 1000.0
    np.testing.assert_allclose(place.itrf_km(), by_erfa, rtol=0.0, atol=ROUNDING_KM)
    np.testing.assert_allclose(
        place.itrf_km(), place.skyfield().itrs_xyz.km, rtol=0.0, atol=ROUNDING_KM
    )


def test_position_of_seoul() -> None:
    # pyerfa 2.0.1.5, gd2gc(1, radians(126.978), radians(37.5665), 38.0).
    expected = np.array([-3044.7980879573, 4043.8131736706, 3867.4401447847])
    np.testing.assert_allclose(
        Place("Seoul", 37.5665, 126.978, 38.0).itrf_km(), expected, rtol=0.0, atol=1e-9
    )


@given(latitudes, longitudes, heights)
def test_east_north_up_are_the_directions_in_which_coordinates_grow(
    lat: float, lon: float, height: float
) -> None:
    rows = Place("here", lat, lon, height).east_north_up()
    np.testing.assert_allclose(rows @ rows.T, np.eye(3), atol=1e-15)
    np.testing.assert_allclose(np.linalg.det(rows), 1.0, atol=1e-15)

    def at(dlon: float, dlat: float, dheight: float) -> np.ndarray:
        angles = math.radians(lon) + dlon, math.radians(lat) + dlat
        return np.asarray(erfa.gd2gc(erfa.WGS84, *angles, height + dheight))

    step = 1e-4  # radians, or 637 m; the error of a central difference is its square
    up = (at(0, 0, 1e5) - at(0, 0, -1e5)) / 2e5
    np.testing.assert_allclose(rows[2], up, atol=1e-13)
    if abs(lat) < 89.9:
        east = at(step, 0, 0) - at(-step, 0, 0)
        north = at(0, step, 0) - at(0, -step, 0)
        np.testing.assert_allclose(rows[0], east / np.linalg.norm(east), atol=step**2)
        np.testing.assert_allclose(rows[1], north / np.linalg.norm(north), atol=step**2)


def test_skyfield_gets_the_same_place() -> None:
    theirs = Place("Seoul", 37.5665, 126.978, 38.0).skyfield()
    assert theirs.model is wgs84
    assert (theirs.latitude.degrees, theirs.longitude.degrees) == (37.5665, 126.978)
    assert theirs.elevation.m == pytest.approx(38.0)


@given(longitudes)
def test_longitudes_are_kept_above_minus_180_up_to_180(longitude: float) -> None:
    kept = Place("here", 0.0, longitude).longitude_deg
    assert -180.0 < kept <= 180.0
    assert math.remainder(kept - longitude, 360.0) == 0.0


SEOUL = (37.5665, 126.978, 0.0)
SEOUL_38_M = (37.5665, 126.978, 38.0)
SEOUL_DMS = (37 + 33 / 60 + 59 / 3600, 126 + 58 / 60 + 41 / 3600, 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("37.5665,126.978", SEOUL),
        (" 37.5665 , 126.978 ", SEOUL),
        ("37.5665 126.978", SEOUL),
        ("+37.5665;+126.978", SEOUL),
        ("37.5665,126.978,38", SEOUL_38_M),
        ("37.5665, 126.978, 38 m", SEOUL_38_M),
        ("37.5665N 126.978E", SEOUL),
        ("37.5665 n, 126.978 e, 38m", SEOUL_38_M),
        ("37.5665°N 126.978°E", SEOUL),
        ("N37.5665 E126.978", SEOUL),
        ("N 37.5665 E 126.978 38", SEOUL_38_M),
        ("126.978E 37.5665N", SEOUL),
        ("126.978E,37.5665", SEOUL),
        ("37°33'59\"N 126°58'41\"E", SEOUL_DMS),
        ("37° 33′ 59″ N, 126° 58′ 41″ E", SEOUL_DMS),
        ("37°30'N 127°E", (37.5, 127.0, 0.0)),
        ("-33.9,18.4", (-33.9, 18.4, 0.0)),
        ("33.9S 18.4E", (-33.9, 18.4, 0.0)),
        ("−0.5,−78.5,−400m", (-0.5, -78.5, -400.0)),
        ("35.4,243.2", (35.4, 243.2 - 360.0, 0.0)),
        ("0,-180", (0.0, 180.0, 0.0)),
        ("0,360", (0.0, 0.0, 0.0)),
        ("-90,0", (-90.0, 0.0, 0.0)),
        (".5,1.", (0.5, 1.0, 0.0)),
    ],
)
def test_coordinates_are_read(text: str, expected: tuple[float, float, float]) -> None:
    place = read_coordinates(text)
    assert place is not None
    assert (place.latitude_deg, place.longitude_deg, place.height_m) == expected


@pytest.mark.parametrize(
    "text",
    ["", "seoul", "서울", "S7", "DSS 14", "45246", "37.5665", "Nan", "nan, th", "6th of October"],
)
def test_a_name_is_not_taken_for_coordinates(text: str) -> None:
    assert read_coordinates(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "126.978,37.5665",
            "place '126.978,37.5665': latitude 126.978 is beyond 90 degrees; "
            "did you mean 37.5665,126.978?",
        ),
        ("95,100", "place '95,100': latitude 95 is beyond 90 degrees"),
        ("0,361", "place '0,361': longitude 361 is outside -180 to 360"),
        ("0,-180.1", "place '0,-180.1': longitude -180.1 is outside -180 to 360"),
        ("nan,0", "place 'nan,0': nan is no coordinate"),
        ("0,inf", "place '0,inf': inf is no coordinate"),
        ("0,0,nan", "place '0,0,nan': nan is no coordinate"),
        ("0,0,-501", "place '0,0,-501': height -501 m is outside -500 to 100000 m"),
        ("0,0,100001", "place '0,0,100001': height 100001 m is outside -500 to 100000 m"),
        ("37N 38S", "coordinates '37N 38S': latitude is given twice"),
        ("12E 13W", "coordinates '12E 13W': longitude is given twice"),
        ("-37N 126E", "coordinates '-37N 126E': N and - both give the side; leave one out"),
        (
            "37°60'N 126°E",
            "coordinates '37°60'N 126°E': minutes and seconds are below 60 and follow whole "
            "degrees",
        ),
        (
            "37,5665 126,978",
            "cannot read the coordinates '37,5665 126,978': write for instance 37.5665,126.978 "
            "or 37.5665N 126.978E",
        ),
        (
            "2026-11-25",
            "cannot read the coordinates '2026-11-25': write for instance 37.5665,126.978 "
            "or 37.5665N 126.978E",
        ),
    ],
)
def test_a_refusal_says_what_and_what_to_write(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_coordinates(text)
    assert str(refusal.value) == message
    assert refusal.value.exit_status == 2


@given(latitudes, longitudes, heights)
def test_coordinates_are_read_back(lat: float, lon: float, height: float) -> None:
    place = Place("here", lat, lon, height)
    again = read_coordinates(f"{lat:.12f},{lon:.12f},{height:.3f}m")
    assert again is not None
    assert math.isclose(again.latitude_deg, lat, abs_tol=1e-12)
    assert abs(math.remainder(again.longitude_deg - lon, 360.0)) < 1e-12
    assert math.isclose(again.height_m, height, abs_tol=1e-3)
    # A name made of coordinates means the same place, to what it shows.
    named = read_coordinates(place.coordinates)
    assert named is not None
    assert named.name == place.coordinates or place.coordinates.endswith("180W")
    assert math.isclose(named.latitude_deg, lat, abs_tol=0.51e-6)
    assert abs(math.remainder(named.longitude_deg - lon, 360.0)) < 0.51e-6


@given(st.text(alphabet=st.sampled_from("0123456789.,;+-°'\" NSEWmnaif")))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        place = read_coordinates(text)
    except InvalidInputError:
        return
    assert place is None or abs(place.latitude_deg) <= 90.0


@pytest.mark.parametrize("piece", ["1", "1.", "1'", "1°1'", "nan", " ,", "N", "°"])
def test_a_long_text_is_refused_soon(piece: str) -> None:
    with pytest.raises(InvalidInputError, match="…"):
        read_coordinates("1 1 " + piece * 50_000)


@pytest.mark.parametrize(
    ("text", "km"), [("50km", 50.0), ("50", 50.0), ("800 m", 0.8), (" 1.5 KM ", 1.5), (".5", 0.5)]
)
def test_distances_are_kilometres_unless_they_say_metres(text, km):
    assert read_distance_km(text) == km


@pytest.mark.parametrize("text", ["", "far", "-5km", "5 miles", "nan", "inf km", "5 k m"])
def test_what_is_no_distance_is_refused(text):
    with pytest.raises(InvalidInputError, match="cannot read the distance"):
        read_distance_km(text)


@pytest.mark.parametrize(
    ("text", "metres"), [("3m", 3.0), ("3", 3.0), ("60 cm", 0.6), ("1.8 M", 1.8), ("0.9m", 0.9)]
)
def test_diameters_as_people_write_them(text, metres):
    assert read_diameter_m(text) == pytest.approx(metres)


@pytest.mark.parametrize("text", ["", "3x", "m", "-3m", "nan", "inf m", "3km"])
def test_what_is_no_diameter(text):
    with pytest.raises(InvalidInputError, match="cannot read the diameter"):
        read_diameter_m(text)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("128.2", 128.2), ("128.2E", 128.2), ("91W", -91.0), ("-91", -91.0), ("91° w", -91.0),
        ("269", -91.0), ("0", 0.0), ("+5", 5.0), ("180", -180.0),
    ],
)  # fmt: skip
def test_longitudes_as_people_write_them(text, degrees):
    assert read_longitude_deg(text) == pytest.approx(degrees)


@pytest.mark.parametrize("text", ["", "E", "-91W", "361", "91N", "nan", "east"])
def test_what_is_no_longitude(text):
    with pytest.raises(InvalidInputError, match="cannot read the longitude"):
        read_longitude_deg(text)
