"""One satellite, ten days: our search beside Skyfield's `find_events`, in one run.

    python benchmarks/passes.py

Both search the same orbit over the same place and must agree on what they find before a time is
printed. Times wander with the machine; the ratio is what counts.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from skyfield.api import EarthSatellite

from sattrack.orbits import Sgp4
from sattrack.passes import find_passes
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import timescale
from sattrack.tracking import ElementShelf, embedded_elements

SEOUL = Place("Seoul", 37.5665, 126.978, 38.0)
SPAN = Span.from_days(datetime(2026, 10, 8, tzinfo=UTC), 10.0)
MASK_DEG = 10.0
ROUNDS = 15
# find_events stops its own search half a second from the event.
AGREEMENT_S = 0.6
OBJECTS = {
    25544: "ISS, low",
    58463: "425 SAT-1, Sun-synchronous",
    59452: "425 SAT-2, 45 degrees",
    62339: "GPS III SV07, 12 hours",
    42738: "QZS-2, inclined geosynchronous",
    45246: "GEO-KOMPSAT-2B, geostationary",
}


def median_s(function: Callable[[], object]) -> float:
    function()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def satellite(orbit: Sgp4) -> EarthSatellite:
    return EarthSatellite.from_satrec(orbit._record, timescale())


def check_agreement(orbit: Sgp4) -> int:
    """Return how many rises both found; they must be the same."""
    ts = timescale()
    times, events = satellite(orbit).find_events(
        SEOUL.skyfield(), ts.from_datetime(SPAN.start), ts.from_datetime(SPAN.end), MASK_DEG
    )
    theirs = [t.utc_datetime() for t, event in zip(times, events, strict=True) if event == 0]
    passes = find_passes(orbit, SEOUL, SPAN, MASK_DEG).passes
    ours = [p.rise.time for p in passes if p.rise is not None]
    assert len(ours) == len(theirs), (len(ours), len(theirs))
    for mine, other in zip(ours, theirs, strict=True):
        assert abs((mine - other).total_seconds()) < AGREEMENT_S, (mine, other)
    return len(ours)


def main() -> None:
    ts = timescale()
    start, end = ts.from_datetime(SPAN.start), ts.from_datetime(SPAN.end)
    shelf = ElementShelf(embedded_elements())
    print(f"{'ten days over Seoul':34} {'rises':>5} {'ours':>9} {'find_events':>12} {'ratio':>6}")
    for norad_id, name in OBJECTS.items():
        published = shelf.nearest(norad_id, SPAN.start)
        assert published is not None
        orbit = Sgp4(published.elements)
        rises = check_agreement(orbit)
        theirs = satellite(orbit)
        ours_s = median_s(lambda orbit=orbit: find_passes(orbit, SEOUL, SPAN, MASK_DEG))
        theirs_s = median_s(
            lambda theirs=theirs: theirs.find_events(SEOUL.skyfield(), start, end, MASK_DEG)
        )
        print(
            f"{name:34} {rises:5} {ours_s * 1e3:6.2f} ms {theirs_s * 1e3:9.2f} ms "
            f"{theirs_s / ours_s:6.1f}"
        )


if __name__ == "__main__":
    main()
