"""Danuri heard by four complexes: our contacts beside a plain Skyfield loop, in one run.

    python benchmarks/contacts.py [DAYS]

The loop asks every 10 s whether the craft stands above the mask and not behind the Moon, one
instant after the other, as one would write it first; beside it the same with an array of all
instants at once, Skyfield at its best. Both must find our contacts before a time is printed. They
know each edge to 10 s only, and leave light time out; ours are exact and count it. Only the ratios
within one run count. For the loop, DAYS may be fewer than for the rest: its cost per day is the
same every day.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import numpy as np
from skyfield.jpllib import SpiceKernel
from skyfield.timelib import Time

from sattrack.catalog import catalog_root
from sattrack.orbits.moon import MOON_RADIUS_KM
from sattrack.passes.occultation import find_contacts
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import timescale
from sattrack.tracking import Tracker
from sattrack.tracking.ephemerides import embedded_danuri

START = datetime(2026, 11, 24, tzinfo=UTC)
LOOP_DAYS = 2.0
MASK_DEG = 10.0
STEP_S = 10.0
# A step, light time at the limb, and light time at the horizon, where the sky turns meanwhile.
AGREEMENT_S = STEP_S + 1.5

Result = TypeVar("Result")
Edges = list[tuple[float, float]]


class Plain:
    """Skyfield, without anything of ours but the orbit."""

    def __init__(self) -> None:
        kernel = SpiceKernel(str(catalog_root() / "ephemeris" / "de440_2000_2050.bsp"))
        self.craft = embedded_danuri()
        self.moon = kernel["moon"] - kernel["earth"]

    def hears(self, place: Place, t: Time) -> np.ndarray:
        """Say whether a place hears the craft, at one instant or at each of many."""
        topos = place.skyfield()
        craft, moon = (self.craft - topos).at(t), (self.moon - topos).at(t)
        altitude, _, distance = craft.altaz()
        away = craft.separation_from(moon).radians
        disk = np.arcsin(MOON_RADIUS_KM / moon.distance().km)
        behind = (away < disk) & (distance.km > moon.distance().km * np.cos(away))
        return (altitude.degrees >= MASK_DEG) & ~behind


def edges_of(heard: np.ndarray) -> Edges:
    """Return the first and last sample, in seconds, of each stretch heard."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], heard, [False]])))
    pairs = zip(changes[0::2], changes[1::2], strict=True)
    return [(float(first * STEP_S), float((last - 1) * STEP_S)) for first, last in pairs]


def instants(days: float) -> list[datetime]:
    count = round(days * 86400.0 / STEP_S) + 1
    return [START + timedelta(seconds=STEP_S * k) for k in range(count)]


def by_loop(plain: Plain, places: list[Place], days: float) -> list[Edges]:
    ts = timescale()
    times = [ts.from_datetime(instant) for instant in instants(days)]
    return [
        edges_of(np.array([bool(plain.hears(place, t)) for t in times], dtype=bool))
        for place in places
    ]


def by_array(plain: Plain, places: list[Place], days: float) -> list[Edges]:
    t = timescale().from_datetimes(instants(days))
    return [edges_of(plain.hears(place, t)) for place in places]


def by_us(places: list[Place], days: float) -> list[Edges]:
    found = []
    for place in places:
        contacts = find_contacts(embedded_danuri(), place, Span.from_days(START, days), MASK_DEG)
        found.append(
            [
                ((c.first.time - START).total_seconds(), (c.last.time - START).total_seconds())
                for c in contacts.passes
            ]
        )
    return found


def check_agreement(ours: list[Edges], theirs: list[Edges]) -> int:
    """Return how many contacts both found; but for those too brief to sample, they are the same."""
    count = 0
    for mine, other in zip(ours, theirs, strict=True):
        lasting = [pair for pair in mine if pair[1] - pair[0] > 2.0 * STEP_S]
        seen = [pair for pair in other if pair[1] - pair[0] > STEP_S]
        assert len(lasting) == len(seen), (len(lasting), len(seen))
        for one, another in zip(lasting, seen, strict=True):
            assert abs(one[0] - another[0]) <= AGREEMENT_S, (one, another)
            assert abs(one[1] - another[1]) <= AGREEMENT_S, (one, another)
        count += len(seen)
    return count


def timed(function: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = function()
    return result, time.perf_counter() - start


def main() -> None:
    days = float(sys.argv[1]) if len(sys.argv) > 1 else LOOP_DAYS
    loop_days = min(days, LOOP_DAYS)
    places = list(Tracker.open({}).places("dsn,kdsa"))
    plain = Plain()
    by_us(places, 0.1)  # whatever is read once
    ours, ours_s = min((timed(lambda: by_us(places, days)) for _ in range(5)), key=lambda r: r[1])
    array, array_s = timed(lambda: by_array(plain, places, days))
    count = check_agreement(ours, array)
    print(f"{days:g} days, {len(places)} complexes, {count} contacts found by both")
    print(f"{'contacts':34} {ours_s:9.3f} s")
    print(f"{'Skyfield, array at 10 s':34} {array_s:9.3f} s {array_s / ours_s:8.0f} times")
    loop, loop_s = timed(lambda: by_loop(plain, places, loop_days))
    check_agreement(by_us(places, loop_days), loop)
    said = "" if loop_days == days else f" ({loop_days:g} days measured, the rest in proportion)"
    loop_s *= days / loop_days
    print(f"{'Skyfield, loop at 10 s':34} {loop_s:9.3f} s {loop_s / ours_s:8.0f} times{said}")


if __name__ == "__main__":
    main()
