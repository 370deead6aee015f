"""A month of imaging access, five craft over a hundred places, beside plain Skyfield in one run.

    python benchmarks/imaging.py

Two loops are written as users of Skyfield would write them, both every ten seconds, and both find
the edges of accesses by bisection:

plain   for each craft and place, `(satellite - place).at(t).altaz()` at all times; the times are
        shared, so that precession and nutation are computed once for all;
shared  the satellite's positions are rotated into the turning Earth once per craft, and each place
        takes numpy vectors from there: what somebody would do who has waited for the first.

They take minutes, so they are run for a few of the places, and their times multiplied; our search
is timed for all. They must agree on every access that lasts longer than the step before a time is
printed. Times wander with the machine; the ratios count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from skyfield.api import EarthSatellite, wgs84
from skyfield.framelib import itrs

from sattrack.coverage.imaging import Access, Limits, find_accesses
from sattrack.orbits import Sgp4
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock, timescale
from sattrack.tracking import ElementShelf, embedded_elements
from sattrack.tracking.ephemerides import bodies

SPAN = Span.from_days(datetime(2026, 10, 8, tzinfo=UTC), 30.0)
STEP_S = 10.0
CRAFT = (58463, 59452, 62377, 63630, 66293)
# By incidence alone, so that the plain loop needs no more than `altaz`.
LIMITS = {norad_id: Limits(incidence_deg=(20.0, 45.0)) for norad_id in CRAFT}
LIMITS[58463] = Limits(incidence_deg=(0.0, 33.0))
PLACES = [
    Place(f"{k}", 40.0 * np.sin(2.4 * k), (137.5 * k) % 360.0 - 180.0, 10.0 * k) for k in range(100)
]
SAMPLED = (0, 33, 66)
ROUNDS = 3
# Bisected to a millisecond.
AGREEMENT_S = 0.01

Inside = Callable[[np.ndarray], np.ndarray]


def orbits() -> dict[int, Sgp4]:
    shelf = ElementShelf(embedded_elements())
    found = {norad_id: shelf.nearest(norad_id, SPAN.start) for norad_id in CRAFT}
    return {norad_id: Sgp4(item.elements) for norad_id, item in found.items() if item is not None}


def accesses(inside: np.ndarray, seconds: np.ndarray, holds: Inside) -> list[tuple[float, float]]:
    """Return the stretches inside, their edges bisected."""
    changes = np.flatnonzero(inside[1:] != inside[:-1])
    low, high, before = seconds[changes], seconds[changes + 1], inside[changes]
    for _ in range(14):
        middle = (low + high) / 2.0
        same = holds(middle) == before if len(middle) else before
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    edges = [*((low + high) / 2.0).tolist()]
    edges = [0.0, *edges] if inside[0] else edges
    edges = [*edges, seconds[-1]] if inside[-1] else edges
    return list(zip(edges[0::2], edges[1::2], strict=True))


def within(elevation_deg: np.ndarray, limits: Limits) -> np.ndarray:
    least, most = limits.incidence_deg
    return (elevation_deg >= 90.0 - most) & (elevation_deg <= 90.0 - least)


def plain(satellite: EarthSatellite, place: Place, limits: Limits, clock: Clock, t, seconds):
    difference = satellite - place.skyfield()

    def holds(at_s: np.ndarray) -> np.ndarray:
        return within(difference.at(clock.time(at_s)).altaz()[0].degrees, limits)

    return accesses(within(difference.at(t).altaz()[0].degrees, limits), seconds, holds)


def shared(satellite: EarthSatellite, place: Place, limits: Limits, clock: Clock, fixed, seconds):
    topos = wgs84.latlon(place.latitude_deg, place.longitude_deg, place.height_m)
    latitude, longitude = topos.latitude.radians, topos.longitude.radians
    up = np.array(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )

    def elevation_deg(position: np.ndarray) -> np.ndarray:
        offset = position - topos.itrs_xyz.km[:, None]
        return np.degrees(np.arcsin(up @ offset / np.sqrt((offset * offset).sum(axis=0))))

    def holds(at_s: np.ndarray) -> np.ndarray:
        position = satellite.at(clock.time(at_s)).frame_xyz(itrs).km
        return within(elevation_deg(position), limits)

    return accesses(within(elevation_deg(fixed), limits), seconds, holds)


def check(ours: tuple[Access, ...], theirs: list[tuple[float, float]], clock: Clock) -> None:
    mine = [(clock.seconds_at(a.first.time), clock.seconds_at(a.last.time)) for a in ours]
    mine = [pair for pair in mine if pair[1] - pair[0] > STEP_S]
    theirs = [pair for pair in theirs if pair[1] - pair[0] > STEP_S]
    assert len(mine) == len(theirs), (len(mine), len(theirs))
    assert np.allclose(mine, theirs, rtol=0.0, atol=AGREEMENT_S)


def main() -> None:
    of, clock = orbits(), Clock(SPAN.start)
    best_s, found = np.inf, {}
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for norad_id, orbit in of.items():
            search = find_accesses(orbit, PLACES, SPAN, LIMITS[norad_id], bodies())
            found[norad_id] = search.accesses
        best_s = min(best_s, time.perf_counter() - start)
    seconds = np.arange(0.0, clock.seconds_at(SPAN.end) + STEP_S / 2.0, STEP_S)
    start = time.perf_counter()
    t = clock.time(seconds)
    t.M, t.gast  # noqa: B018  computed when first asked for, and kept
    times_s = time.perf_counter() - start
    plain_s = shared_s = rotated_s = 0.0
    for norad_id, orbit in of.items():
        satellite = EarthSatellite.from_satrec(orbit._record, timescale())
        start = time.perf_counter()
        fixed = satellite.at(t).frame_xyz(itrs).km
        rotated_s += time.perf_counter() - start
        for k in SAMPLED:
            limits, place, ours = LIMITS[norad_id], PLACES[k], found[norad_id][k]
            start = time.perf_counter()
            theirs = plain(satellite, place, limits, clock, t, seconds)
            plain_s += time.perf_counter() - start
            check(ours, theirs, clock)
            start = time.perf_counter()
            theirs = shared(satellite, place, limits, clock, fixed, seconds)
            shared_s += time.perf_counter() - start
            check(ours, theirs, clock)
    scale = len(PLACES) / len(SAMPLED)
    count = sum(len(one) for places in found.values() for one in places)
    print(f"a month, {len(of)} craft over {len(PLACES)} places: {count} accesses")
    print(f"ours                {best_s:8.2f} s")
    for name, total_s in (
        ("plain", times_s + scale * plain_s),
        ("shared", times_s + rotated_s + scale * shared_s),
    ):
        print(
            f"{name} Skyfield loop {total_s:10.1f} s, every {STEP_S:g} s: {total_s / best_s:.0f}x"
        )


if __name__ == "__main__":
    main()
