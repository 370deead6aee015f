"""Thousands of satellites: our screening beside sgp4-predict and Skyfield, in one run on one core.

    python benchmarks/screening.py [CATALOG.csv]

The catalog is a file of element sets, such as CelesTrak's group `active`; without one, a seeded
population of the same shape takes its place. sgp4-predict (a search in Rust, rise and set only) is
timed where it is installed: `pip install sgp4-predict==0.3`. Initialising SGP4 is not timed for
anybody. Before a time is printed, our passes must be those of the search for single objects, and
every pass that sgp4-predict finds must be one of ours. Skyfield searches a part of the objects, and
its time is scaled to all.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from population import population
from skyfield.api import EarthSatellite

from sattrack.elements import ElementSet
from sattrack.errors import NoOrbitError
from sattrack.formats import read_element_sets
from sattrack.orbits import Sgp4
from sattrack.orbits.sgp4 import satellite_record
from sattrack.passes import find_passes
from sattrack.places import Place
from sattrack.screening import Objects, screen
from sattrack.times import Span
from sattrack.times.scale import Clock, timescale

DAEJEON = Place("Daejeon", 36.3504, 127.3845, 60.0)
MASK_DEG = 10.0
LOW_REV_DAY = 6.4  # 225 minutes: SGP4's near-Earth theory
ROUNDS = 3
SAMPLE = 200
EDGE_S = 1e-3
# It takes UT1 for UTC and no polar motion: what only touches the mask may differ.
GRAZING_S = 30.0


def objects_of(path: str | None, count: int) -> tuple[list[ElementSet], datetime]:
    if path is None:
        start = datetime(2026, 7, 11, tzinfo=UTC)
        return population(count, 1, start, slice(4)), start
    every = read_element_sets(Path(path).read_bytes()).sets
    low = [one for one in every if one.mean_motion_rev_day > LOW_REV_DAY]
    epochs = sorted(one.epoch for one in low)
    return low[:count], epochs[len(epochs) // 2] + timedelta(days=1)


def stations(count: int) -> list[Place]:
    draw = random.Random(2)
    latitudes = [np.degrees(np.arcsin(draw.uniform(-1.0, 1.0))) for _ in range(count)]
    return [
        Place(f"station {k}", lat, draw.uniform(-180.0, 180.0)) for k, lat in enumerate(latitudes)
    ]


def quickest_s(function: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return min(times)


def ours(
    elements: Sequence[ElementSet] | Objects, places: Sequence[Place], span: Span
) -> np.ndarray:
    return np.concatenate(list(screen(elements, places, span, MASK_DEG)))


def check_against_single_searches(
    rows: np.ndarray, elements: Sequence[ElementSet], places: Sequence[Place], span: Span
) -> None:
    clock = Clock(span.start)
    draw = random.Random(3)
    for index in draw.sample(range(len(elements)), min(SAMPLE, len(elements))):
        place = draw.randrange(len(places))
        mine = rows[(rows["object"] == index) & (rows["place"] == place)]
        try:
            expected = find_passes(Sgp4(elements[index]), places[place], span, MASK_DEG).passes
        except NoOrbitError:
            assert not len(mine)
            continue
        assert len(mine) == len(expected), elements[index]
        for row, one in zip(mine, expected, strict=True):
            assert abs(row["rise_s"] - clock.seconds_at(one.first.time)) < EDGE_S
            assert abs(row["set_s"] - clock.seconds_at(one.last.time)) < EDGE_S


def sgp4_predict_s(
    elements: Sequence[ElementSet], places: Sequence[Place], span: Span, rows: np.ndarray
) -> tuple[float, int] | None:
    """Return its time, and how many of our passes it misses; None where it is not installed."""
    try:
        from sgp4_predict import Elements, GeodeticPoint, Interval, Predictor
    except ImportError:
        return None
    predictors = [
        Predictor(
            Elements(
                norad_id=1,
                epoch=one.epoch,
                mean_motion=one.mean_motion_rev_day,
                eccentricity=one.eccentricity,
                inclination=one.inclination_deg,
                right_ascension=one.raan_deg,
                argument_of_perigee=one.argument_of_perigee_deg,
                mean_anomaly=one.mean_anomaly_deg,
                mean_motion_dot=one.mean_motion_dot_rev_day2,
                drag_term=one.bstar_per_earth_radius,
                revolution_number=0,
            )
        )
        for one in elements
    ]
    points = [GeodeticPoint(p.latitude_deg, p.longitude_deg, p.height_m) for p in places]
    interval = Interval(span.start, span.end)

    def transits(predictor: object, point: object) -> list[object]:
        try:
            return list(predictor.transits_iter(point, interval, min_elevation_deg=MASK_DEG))
        except RuntimeError:  # a pass longer than an hour
            return []

    def all_of_them() -> list[list[object]]:
        return [transits(predictor, point) for point in points for predictor in predictors]

    theirs = all_of_them()
    clock = Clock(span.start)
    missed = 0
    pairs = rows["place"].astype(np.int64) * len(elements) + rows["object"]
    order = np.argsort(pairs, kind="stable")
    bounds = np.searchsorted(pairs[order], np.arange(len(theirs) + 1))
    for pair, found in enumerate(theirs):
        mine = rows[order[bounds[pair] : bounds[pair + 1]]]
        for transit in found:
            # It tells passes beyond the ends of the interval too.
            begin, end = max(transit.start, span.start), min(transit.end, span.end)
            middle_s = clock.seconds_at(begin + (end - begin) / 2)
            inside = (mine["rise_s"] <= middle_s) & (middle_s <= mine["set_s"])
            length_s = (transit.end - transit.start).total_seconds()
            assert inside.any() or length_s < GRAZING_S, (elements[pair % len(elements)], transit)
        missed += max(0, len(mine) - len(found))
    return quickest_s(all_of_them), missed


def skyfield_s(
    elements: Sequence[ElementSet], places: Sequence[Place], span: Span, part: int
) -> float:
    """Return the time of `find_events` on every `part`th pair, scaled to all."""
    ts = timescale()
    start, end = ts.from_datetime(span.start), ts.from_datetime(span.end)
    pairs = [(one, place) for place in places for one in elements][::part]
    satellites = [
        (EarthSatellite.from_satrec(satellite_record(one), ts), place.skyfield())
        for one, place in pairs
    ]
    begin = time.perf_counter()
    for satellite, topos in satellites:
        satellite.find_events(topos, start, end, MASK_DEG)
    return (time.perf_counter() - begin) * (len(elements) * len(places) / len(pairs))


def compare(
    title: str, elements: Sequence[ElementSet], places: Sequence[Place], start: datetime
) -> None:
    span = Span.from_days(start, 1.0)
    objects = Objects(elements)
    rows = ours(objects, places, span)
    check_against_single_searches(rows, elements, places, span)
    rust = sgp4_predict_s(elements, places, span, rows)
    our_s = quickest_s(lambda: ours(objects, places, span))
    sky_s = skyfield_s(elements, places, span, max(1, len(elements) * len(places) // 300))
    print(f"{title}: {len(rows):,} passes")
    print(f"  {'sattrack':22} {our_s:9.2f} s")
    if rust is None:
        print("  sgp4-predict is not installed")
    else:
        their_s, missed = rust
        print(f"  {'sgp4-predict 0.3':22} {their_s:9.2f} s   {their_s / our_s:6.1f} times ours")
        print(f"    and misses {missed} of the passes")
    print(f"  {'Skyfield find_events':22} {sky_s:9.1f} s   {sky_s / our_s:6.0f} times ours")


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else None
    elements, start = objects_of(path, 10_000)
    compare(f"{len(elements):,} low satellites, 1 place, 24 h", elements, [DAEJEON], start)
    every = elements[:: max(1, len(elements) // 1000)][:1000]
    compare(f"{len(every):,} low satellites, 100 places, 24 h", every, stations(100), start)


if __name__ == "__main__":
    main()
