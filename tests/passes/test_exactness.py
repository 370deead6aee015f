"""Rise, set and culmination against Orekit, which shares no line of code or table with us."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from bruteforce import elevation_deg

from sattrack.formats import read_element_sets
from sattrack.orbits import Sgp4
from sattrack.passes import PassSearch, find_passes
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/orekit_passes.json").read_text())

# Rise and set, as the elevation that the difference in time amounts to.
EDGE_DEG = 0.003
CULMINATION_DEG = 0.001
# A pass this close to its mask may exist in one chain and not in the other.
GRAZING_DEG = 0.003
RANGE_KM = 0.05
# Of our own crossing, by the model's own elevation.
OWN_EDGE_DEG = 0.0005


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


class _Scene:
    def __init__(self, entry: dict) -> None:
        (elements,) = read_element_sets("\n".join(entry["tle"]).encode()).sets
        self.orbit = Sgp4(elements)
        self.span = Span(_instant(entry["start"]), _instant(entry["stop"]))
        self.clock = Clock(self.span.start)


SCENES = {entry["norad_id"]: _Scene(entry) for entry in GOLDEN["objects"]}
PLACES = {name: Place(name, *numbers) for name, numbers in GOLDEN["places"].items()}


def _events(search: PassSearch) -> list[tuple[str, datetime, float, float]]:
    return [
        (kind, sighting.time, sighting.azimuth_deg, sighting.range_km)
        for pass_ in search.passes
        for kind, sighting in (("rise", pass_.rise), ("set", pass_.set))
        if sighting is not None
    ]


@pytest.mark.parametrize("norad_id", sorted(SCENES))
def test_rise_and_set_against_orekit(norad_id: int) -> None:
    scene = SCENES[norad_id]
    compared = 0
    for number, name, mask_deg, above_at_start, events in GOLDEN["searches"]:
        if number != norad_id:
            continue
        search = find_passes(scene.orbit, PLACES[name], scene.span, mask_deg)
        mine = _events(search)
        assert bool(search.passes and search.passes[0].open_start) == above_at_start
        theirs = [(kind, _instant(utc), *rest) for kind, utc, *rest in events]
        if len(mine) != len(theirs):
            # Only a pass that grazes the mask may be in one list alone.
            for pass_ in search.passes:
                near = timedelta(seconds=1)
                if not any(abs(t[1] - pass_.first.time) < near for t in theirs):
                    assert pass_.culmination.elevation_deg - mask_deg < GRAZING_DEG
            continue
        for (kind, time, azimuth_deg, range_km), (their_kind, their_time, *rest) in zip(
            mine, theirs, strict=True
        ):
            their_azimuth_deg, their_range_km, rate_deg_s = rest
            assert kind == their_kind
            late_s = (time - their_time) / timedelta(seconds=1)
            assert abs(late_s * rate_deg_s) < EDGE_DEG, (name, mask_deg, late_s)
            if abs(late_s) < 0.01:
                turn = (azimuth_deg - their_azimuth_deg + 180.0) % 360.0 - 180.0
                assert abs(turn * np.cos(np.radians(mask_deg))) < EDGE_DEG
                assert abs(range_km - their_range_km) < RANGE_KM + 10.0 * abs(late_s)
            compared += 1
    assert compared > 0 or norad_id in _ALWAYS_OR_NEVER


# Geostationary: above or below each mask from every place, all the time.
_ALWAYS_OR_NEVER = {45246}


@pytest.mark.parametrize("norad_id", sorted(SCENES))
def test_culminations_against_orekit(norad_id: int) -> None:
    """Each of our culminations is one of Orekit's, and the highest of its pass."""
    scene = SCENES[norad_id]
    for name, place in PLACES.items():
        theirs = [
            (_instant(utc), elevation_deg)
            for number, at, utc, _, elevation_deg, *_ in GOLDEN["culminations"]
            if number == norad_id and at == name
        ]
        for pass_ in find_passes(scene.orbit, place, scene.span, 0.0).passes:
            inside = [e for t, e in theirs if pass_.first.time <= t <= pass_.last.time]
            ends = [pass_.first.elevation_deg, pass_.last.elevation_deg]
            highest = max([*inside, *ends])
            assert abs(pass_.culmination.elevation_deg - highest) < CULMINATION_DEG


@pytest.mark.parametrize("norad_id", sorted(SCENES))
def test_rise_and_set_lie_on_the_models_own_crossing(norad_id: int) -> None:
    scene = SCENES[norad_id]
    for mask_deg in (-5.0, 0.0, 10.0, 60.0):
        for place in PLACES.values():
            search = find_passes(scene.orbit, place, scene.span, mask_deg)
            instants = [
                sighting.time
                for pass_ in search.passes
                for sighting in (pass_.rise, pass_.set)
                if sighting is not None
            ]
            if instants:
                seconds = np.array([scene.clock.seconds_at(instant) for instant in instants])
                heights = elevation_deg(scene.orbit, place, scene.clock, seconds)
                assert np.abs(heights - mask_deg).max() < OWN_EDGE_DEG
