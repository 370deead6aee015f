"""Dilution of precision against the textbook, gnss_lib_py, and what must hold for any geometry."""

from __future__ import annotations

import json
import math
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pymap3d
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.coverage import dop
from sattrack.coverage.dop import (
    DOP_NAMES,
    LARGEST_PDOP,
    Dilution,
    Status,
    Sums,
    dilution,
    positions,
    spread,
    statistics,
    sums_of,
    sums_over,
)
from sattrack.formats import read_element_sets
from sattrack.orbits import Sgp4
from sattrack.places import Place
from sattrack.times.scale import Clock
from sattrack.tracking import Tracker

GOLDEN = Path(__file__).parents[1] / "golden"
# Both sides invert matrices of condition 1e4 at most, and lose four of sixteen digits.
ROUNDING = 1e-9
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECONDS = np.arange(25) * 3600.0
PLACES = [
    Place("Seoul", 37.5665, 126.978, 38.0),
    Place("Jakarta", -6.2, 106.8),
    Place("McMurdo", -77.839, 166.667, 183.0),
    Place("La Paz", -16.4897, -68.1193, 3640.0),
    Place("pole", 90.0, 0.0),
    Place("balloon", 20.0, 180.0, 40_000.0),
]
SYSTEMS = ("gps", "kps", "qzss")
MASK_DEG = 10.0


@pytest.fixture(scope="module")
def skies() -> list[np.ndarray]:
    """Where the satellites of each system are, shape (3, s, t)."""
    tracker, clock = Tracker.open({"SATTRACK_HOME": "/nonexistent"}), Clock(START)
    return [
        np.stack(
            [positions(item.orbit, clock, SECONDS)[0] for item in tracker.orbits(name, at=START)],
            axis=1,
        )
        for name in SYSTEMS
    ]


def textbook(place: Place, systems: list[np.ndarray], per_system: bool) -> tuple[int, list[float]]:
    """Return satellites in view and the five dilutions, from the definition.

    Azimuth and elevation by pymap3d; a row (-u, 1, ...) for each satellite, the inverse of the
    normal matrix by LAPACK. With several clocks, each system but the first in view has a column
    for its offset from that.
    """
    rows, owner = [], []
    for index, satellites_km in enumerate(systems):
        azimuth, elevation, _ = pymap3d.ecef2aer(
            *(satellites_km * 1000.0), place.latitude_deg, place.longitude_deg, place.height_m
        )
        for a, e in zip(np.radians(azimuth), np.radians(elevation), strict=True):
            if np.degrees(e) >= MASK_DEG:
                u = [math.cos(e) * math.sin(a), math.cos(e) * math.cos(a), math.sin(e)]
                rows.append([-u[0], -u[1], -u[2], 1.0])
                owner.append(index)
    A = np.array(rows).reshape(-1, 4)
    if per_system:
        for later in sorted(set(owner))[1:]:
            A = np.column_stack([A, np.array(owner) == later])
    if A.shape[0] < A.shape[1]:
        return len(rows), [math.inf] * 5
    q = np.linalg.inv(A.T @ A).diagonal()
    squares = [q[:4].sum(), q[:3].sum(), q[0] + q[1], q[2], q[3]]
    return len(rows), [math.sqrt(square) for square in squares]


@pytest.mark.parametrize("clocks", ["one", "per-system"])
@pytest.mark.parametrize("names", ["gps", "gps+kps", "gps+qzss", "kps", "qzss+gps+kps"])
def test_it_is_what_the_textbook_says(skies, names, clocks):
    chosen = [skies[SYSTEMS.index(name)] for name in names.split("+")]
    found = dilution([sums_of(sky, PLACES, MASK_DEG) for sky in chosen], clocks)
    compared = 0
    for p, place in enumerate(PLACES):
        for t in range(len(SECONDS)):
            in_view, expected = textbook(
                place, [sky[:, :, t] for sky in chosen], clocks == "per-system"
            )
            assert found.in_view[p, t] == in_view
            values = [found.values(name)[p, t] for name in DOP_NAMES]
            if expected[1] < 100.0:
                assert values == pytest.approx(expected, rel=ROUNDING)
                compared += 1
            elif expected[1] > 2.0 * LARGEST_PDOP:
                assert values == [math.inf] * 5
    assert compared > (30 if names == "kps" else 100)


def test_it_is_what_gnss_lib_py_says():
    document = json.loads((GOLDEN / "dop.json").read_text(encoding="utf-8"))
    for case in document["cases"]:
        place = Place("", *case["place"])
        satellites_km = np.array(case["satellites_km"]).T[:, :, None]
        found = dilution([sums_of(satellites_km, [place], 0.0)])
        assert found.in_view[0, 0] == satellites_km.shape[1]
        for name in DOP_NAMES:
            assert found.values(name)[0, 0] == pytest.approx(case[name], rel=ROUNDING)


def test_gps_over_seoul_is_of_the_known_order(skies):
    found = dilution([sums_of(skies[0], PLACES[:1], MASK_DEG)])
    amounts = statistics(found, 6.0)
    assert 1.5 < amounts.dops["pdop"].median[0] < 2.5
    assert 7 <= amounts.in_view.median[0] <= 12


def test_another_system_never_makes_it_worse(skies):
    gps, kps, qzss = (sums_of(sky, PLACES, MASK_DEG) for sky in skies)
    alone = dilution([gps])
    for more in ([gps, kps], [gps, qzss], [gps, kps, qzss]):
        for clocks in ("one", "per-system"):
            together = dilution(more, clocks)
            for name in DOP_NAMES:
                assert np.all(together.values(name) <= alone.values(name) * (1.0 + ROUNDING))
            mine, other = statistics(together, 6.0), statistics(alone, 6.0)
            for part in ("least", "median", "p95", "greatest"):
                assert np.all(
                    getattr(mine.dops["pdop"], part)
                    <= getattr(other.dops["pdop"], part) * (1.0 + ROUNDING)
                )
            assert np.all(mine.good_share >= other.good_share)


def seen(directions: np.ndarray, place: Place, range_km: float = 20_000.0) -> Sums:
    """Return the sums over satellites in these directions, rows east, north, up."""
    units = np.asarray(directions, dtype=float)
    units = units / np.linalg.norm(units, axis=1)[:, None]
    satellites_km = place.itrf_km() + range_km * units @ place.east_north_up()
    return sums_of(satellites_km.T[:, :, None], [place], -10.0)


def only(found: Dilution) -> tuple[int, list[float]]:
    return int(found.status[0, 0]), [float(found.values(name)[0, 0]) for name in DOP_NAMES]


components = st.floats(-1.0, 1.0)
directions = st.tuples(components, components, st.floats(0.05, 1.0))
skies_of_any_kind = st.lists(directions, min_size=1, max_size=14)


@given(skies_of_any_kind, skies_of_any_kind)
def test_more_satellites_never_make_it_worse(first, more):
    place = PLACES[0]
    _, alone = only(dilution([seen(first, place)]))
    _, together = only(dilution([seen(first, place), seen(more, place)]))
    # Near the limit of 1000 rounding reaches 1e-8.
    for a, b in zip(together, alone, strict=True):
        assert a <= b * (1.0 + 1e-6)


@given(skies_of_any_kind, skies_of_any_kind)
def test_unknown_offsets_cost_and_more_satellites_still_help(first, more):
    mine, others = seen(first, PLACES[3]), seen(more, PLACES[3])
    _, alone = only(dilution([mine]))
    _, known = only(dilution([mine, others], "one"))
    _, unknown = only(dilution([mine, others], "per-system"))
    for a, b, c in zip(known, unknown, alone, strict=True):
        assert a <= b * (1.0 + 1e-6)
        assert b <= c * (1.0 + 1e-6)


@given(skies_of_any_kind)
def test_a_position_is_said_exactly_where_the_geometry_bears_one(sky):
    units = np.array(sky) / np.linalg.norm(np.array(sky), axis=1)[:, None]
    status, values = only(dilution([seen(sky, PLACES[1])]))
    centred = units - units.mean(axis=0)
    eigenvalues = np.linalg.eigvalsh(centred.T @ centred)
    pdop = math.sqrt((1.0 / np.maximum(eigenvalues, 1e-30)).sum())
    if len(sky) < 4:
        assert status == Status.TOO_FEW
    elif abs(pdop / LARGEST_PDOP - 1.0) > 1e-3:
        assert status == (Status.POSITION if pdop < LARGEST_PDOP else Status.DEGENERATE)
    assert np.isfinite(values).all() == (status == Status.POSITION)
    gdop, pdop_, hdop, vdop, tdop = values
    if status == Status.POSITION:
        assert pdop_ == pytest.approx(math.hypot(hdop, vdop))
        assert gdop == pytest.approx(math.hypot(pdop_, tdop))


def cone(axis: np.ndarray, half_angle_deg: float, count: int, lift: float = 0.0) -> np.ndarray:
    """Return directions on a cone; `lift` takes the last off it."""
    axis = axis / np.linalg.norm(axis)
    side = np.cross(axis, [0.3, 0.5, -0.7])
    side /= np.linalg.norm(side)
    turns = 2.0 * np.pi * np.arange(count) / count
    angle = math.radians(half_angle_deg)
    units = math.cos(angle) * axis + math.sin(angle) * (
        np.cos(turns)[:, None] * side + np.sin(turns)[:, None] * np.cross(axis, side)
    )
    units[-1] += lift * axis
    return units


@pytest.mark.parametrize("axis", [[0.0, 0.0, 1.0], [0.4, -0.2, 0.8], [0.6, 0.6, 0.5]])
@pytest.mark.parametrize("count", [4, 5, 11])
def test_satellites_on_one_cone_give_no_position(axis, count):
    units = cone(np.array(axis), 35.0, count)
    assert only(dilution([seen(units, PLACES[2])])) == (Status.DEGENERATE, [math.inf] * 5)
    slightly = cone(np.array(axis), 35.0, count, lift=1e-4)
    assert only(dilution([seen(slightly, PLACES[2])]))[0] == Status.DEGENERATE
    clearly = cone(np.array(axis), 35.0, count, lift=0.1)
    status, values = only(dilution([seen(clearly, PLACES[2])]))
    assert status == Status.POSITION
    assert 5.0 < values[1] < 200.0


@pytest.mark.parametrize("axis", [[0.0, 0.0, 1.0], [0.4, -0.2, 0.8], [0.6, 0.6, 0.5]])
def test_the_limit_is_the_same_in_every_direction(axis):
    """As the last satellite leaves the cone, there is a position from a PDOP of 1000 on."""
    found = set()
    for lift in np.geomspace(5e-4, 2e-2, 100):
        units = cone(np.array(axis), 35.0, 6, lift)
        units /= np.linalg.norm(units, axis=1)[:, None]
        A = np.column_stack([units, np.ones(6)])
        # Singular values keep twice the digits of the normal matrix.
        _, sizes, vectors = np.linalg.svd(A)
        pdop = math.sqrt((vectors[:, :3] ** 2 / sizes[:, None] ** 2).sum())
        status, values = only(dilution([seen(units, PLACES[0])]))
        assert (status == Status.POSITION) == (pdop < LARGEST_PDOP)
        if status == Status.POSITION:
            # Of an eigenvalue of 1e-6 rounding takes 1e-8.
            assert values[1] == pytest.approx(pdop, rel=1e-7)
        found.add(status)
    assert found == {Status.POSITION, Status.DEGENERATE}


@pytest.mark.parametrize(
    "sky",
    [
        [[0.1, 0.2, 0.9]] * 6,
        [[0.1, 0.2, 0.9], [0.5, -0.2, 0.7]] * 4,
        [[0.1, 0.2, 0.9], [0.5, -0.2, 0.7], [-0.6, 0.1, 0.5]] * 5,
        [[0.0, 0.0, 1.0]] * 4,
        [[1.0, 0.0, 0.0]] * 9,
    ],
)
def test_few_different_directions_give_no_position(sky):
    for place in PLACES:
        assert only(dilution([seen(sky, place)])) == (Status.DEGENERATE, [math.inf] * 5)


def test_fewer_satellites_than_unknowns_are_too_few():
    good = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.3], [-0.5, 0.8, 0.3], [-0.5, -0.8, 0.3]]
    place = PLACES[0]
    assert only(dilution([seen(good[:3], place)])) == (Status.TOO_FEW, [math.inf] * 5)
    assert only(dilution([seen(good, place)]))[0] == Status.POSITION
    two = [seen(good[:2], place), seen(good[2:], place)]
    assert only(dilution(two, "one"))[0] == Status.POSITION
    assert only(dilution(two, "per-system"))[0] == Status.TOO_FEW
    # One satellite with an offset of its own tells nothing.
    with_one = dilution([seen(good, place), seen([[0.4, 0.5, 0.6]], place)], "per-system")
    alone = dilution([seen(good, place)])
    assert only(with_one)[1] == pytest.approx(only(alone)[1], rel=ROUNDING)
    nothing = sums_of(np.zeros((3, 4, 1)), [place], MASK_DEG)
    assert only(dilution([nothing])) == (Status.TOO_FEW, [math.inf] * 5)
    # A system of which nothing is in view adds no unknown, even where it comes first.
    assert only(dilution([nothing, seen(good, place)], "per-system")) == only(alone)


def test_the_mask_itself_is_in_view():
    place = Place("", 0.0, 0.0)
    up = place.itrf_km() + np.array([0.0, 0.0, 1000.0])
    assert sums_of(up.reshape(3, 1, 1), [place], 0.0).count[0, 0] == 1.0
    assert sums_of(up.reshape(3, 1, 1), [place], 1e-6).count[0, 0] == 0.0


@given(st.lists(st.one_of(st.floats(0.5, 50.0), st.just(math.inf)), min_size=1, max_size=60))
def test_the_spread_is_that_of_the_sorted_values(values):
    found = spread(values)
    finite = [1e9 if math.isinf(value) else value for value in values]

    def quantile(share: float) -> float:
        value = np.percentile(finite, share, method="inverted_cdf")
        return math.inf if value == 1e9 else float(value)

    assert found.least == min(values)
    assert found.median == quantile(50.0)
    assert found.p95 == quantile(95.0)
    assert found.greatest == max(values)


def test_pieces_make_the_whole_and_memory_stays_flat(skies, monkeypatch):
    monkeypatch.setattr(dop, "_SIGHTS_AT_ONCE", 20_000)
    places = [Place("", latitude, 120.0) for latitude in np.linspace(-80.0, 80.0, 60)]
    whole = dilution([sums_of(skies[0], places, MASK_DEG)]).gdop
    pieces = [dilution(sums).gdop for _, sums in sums_over(skies[:1], places, MASK_DEG)]
    assert len(pieces) > 2
    np.testing.assert_allclose(np.concatenate(pieces), whole, rtol=1e-12)

    def peak(count: int) -> int:
        many = [places[0]] * count
        tracemalloc.start()
        for _, sums in sums_over(skies, many, MASK_DEG):
            statistics(dilution(sums), 6.0)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(2000) < 1.1 * peak(200)


def test_beyond_the_end_of_its_orbit_a_satellite_is_out_of_view():
    reading = read_element_sets((GOLDEN / "element_sets.tle").read_bytes())
    decaying = next(item for item in reading.sets if item.norad_id == 46359)
    clock = Clock(decaying.epoch)
    seconds = np.arange(60) * 86400.0
    found, end = positions(Sgp4(decaying), clock, seconds)
    assert end is not None
    reached = seconds <= end.last_s
    assert 0 < reached.sum() < 60
    radius = np.linalg.norm(found, axis=0)
    assert np.all(radius[reached] > 6000.0)
    assert np.all(radius[~reached] == 0.0)
