"""DOP of GPS at 1,000 points, every five minutes of a day: our grid beside Skyfield, in one run.

    python benchmarks/dop.py

The plain loop asks Skyfield for azimuth and elevation of each satellite from each point, all
instants at once, and inverts a matrix for each instant. It is measured on every hundredth point;
the rest is in proportion, as every point costs it the same. The careful one asks Skyfield for ITRF
positions once and has numpy invert all matrices of a point at once; it is run whole. The answers
must agree, the loop's at every instant, before a time is printed. Times wander with the machine;
ratios count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from skyfield.api import EarthSatellite, Time, wgs84
from skyfield.framelib import itrs

from sattrack.answers.dop import Found, Grid, Request, combinations_of, dop_at, dop_over
from sattrack.orbits import Sgp4
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import FloatArray, timescale
from sattrack.tracking import Tracker

SPAN = Span.from_days(datetime(2026, 10, 8, tzinfo=UTC), 1.0)
STEP_S = 300.0
MASK_DEG = 10.0
GRID = Grid(20.0, 100.0, 44.0, 139.0, 1.0)  # 25 rows of 40
EVERY = 100
ROUNDS = 5
# Skyfield goes through precession and nutation and back, ours by one rotation: 0.2 m.
AGREEMENT = 1e-6
LEAST_RATIO = 30.0


def plain(satellites: Sequence[EarthSatellite], places: Sequence[Place], t: Time) -> FloatArray:
    """Return PDOP, shape (p, t), as one would write it."""
    found = np.full((len(places), len(t)), np.inf)
    for p, place in enumerate(places):
        topos = wgs84.latlon(place.latitude_deg, place.longitude_deg)
        seen = []
        for satellite in satellites:
            altitude, azimuth, _ = (satellite - topos).at(t).altaz()
            e, a = altitude.radians, azimuth.radians
            rows = [np.cos(e) * np.sin(a), np.cos(e) * np.cos(a), np.sin(e), np.ones(len(t))]
            seen.append((altitude.degrees >= MASK_DEG, np.array(rows)))
        for k in range(len(t)):
            A = np.array([rows[:, k] for up, rows in seen if up[k]])
            if len(A) >= 4:
                found[p, k] = np.sqrt(np.trace(np.linalg.inv(A.T @ A)[:3, :3]))
    return found


def careful(satellites: Sequence[EarthSatellite], places: Sequence[Place], t: Time) -> FloatArray:
    """Return PDOP, shape (p, t), by arrays over instants and satellites."""
    itrf = np.array([satellite.at(t).frame_xyz(itrs).km for satellite in satellites])
    found = []
    for place in places:
        line = itrf - wgs84.latlon(place.latitude_deg, place.longitude_deg).itrs_xyz.km[:, None]
        enu = np.einsum("ij,sjt->tsi", place.east_north_up(), line)
        enu /= np.linalg.norm(enu, axis=2, keepdims=True)
        up = enu[:, :, 2] >= np.sin(np.radians(MASK_DEG))
        A = np.concatenate([enu, np.ones((*up.shape, 1))], axis=2) * up[:, :, None]
        q = np.linalg.inv(np.swapaxes(A, 1, 2) @ A)
        found.append(np.sqrt(q[:, 0, 0] + q[:, 1, 1] + q[:, 2, 2]))
    return np.array(found)


def timed(function: Callable[[], object], rounds: int = 1) -> tuple[float, object]:
    times, answer = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        answer = function()
        times.append(time.perf_counter() - start)
    return statistics.median(times), answer


def middle(pdop: FloatArray) -> Iterator[float]:
    yield from np.sort(pdop, axis=1)[:, (pdop.shape[1] - 1) // 2].tolist()


def main() -> None:
    tracker = Tracker.open()
    request = Request(SPAN, STEP_S, MASK_DEG)
    gps = combinations_of("gps", tracker, SPAN.start)
    every = combinations_of("gps,kps,qzss", tracker, SPAN.start)
    places = GRID.places()
    few = places[:: len(places) // (len(places) // EVERY)][: len(places) // EVERY]
    orbits = [item.orbit for item in gps.combinations[0].systems[0].tracked]
    satellites = [
        EarthSatellite.from_satrec(orbit._record, timescale())
        for orbit in orbits
        if isinstance(orbit, Sgp4)
    ]
    count = int((SPAN.end - SPAN.start).total_seconds() / STEP_S) + 1
    t = timescale().utc(2026, 10, 8, 0, 0, np.arange(count) * STEP_S)

    def ours(found: Found) -> Callable[[], object]:
        return lambda: dop_over(found, GRID, request)

    ours_s, over = timed(ours(gps), ROUNDS)
    all_s, _ = timed(ours(every), ROUNDS)
    plain_s, theirs = timed(lambda: plain(satellites, few, t))
    careful_s, whole = timed(lambda: careful(satellites, places, t))

    at_few = dop_at(gps, few, request).results
    for result, pdop in zip(at_few, theirs, strict=True):  # type: ignore[call-overload]
        np.testing.assert_allclose(result.series[0].dilution.pdop, pdop, rtol=AGREEMENT)
    medians = over.statistics[0][1].dops["pdop"].median  # type: ignore[attr-defined]
    np.testing.assert_allclose(medians, list(middle(whole)), rtol=AGREEMENT)  # type: ignore[arg-type]

    plain_s *= len(places) / len(few)
    print(f"{len(places):,} points, {count} instants, {len(satellites)} satellites of GPS")
    print(f"{'sattrack, GPS':52} {ours_s:8.2f} s")
    print(f"{'sattrack, GPS, GPS + KPS and GPS + QZSS':52} {all_s:8.2f} s")
    text = f"plain Skyfield loop, {len(few)} points in proportion"
    print(f"{text:52} {plain_s:8.2f} s {plain_s / ours_s:8.1f}")
    print(
        f"{'Skyfield once, numpy point by point':52} {careful_s:8.2f} s {careful_s / ours_s:8.1f}"
    )
    assert plain_s / ours_s >= LEAST_RATIO


if __name__ == "__main__":
    main()
