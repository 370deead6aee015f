"""Which of thousands of passes can be seen: by far the most are told apart by arrays alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sattrack.catalog import Spacecraft
from sattrack.catalog.magnitudes import standard_magnitude
from sattrack.orbits.earth import teme_to_itrf
from sattrack.orbits.orbit import Orbit
from sattrack.orbits.sgp4 import Sgp4
from sattrack.orbits.shadow import STRETCH, EarthShadow, depth
from sattrack.orbits.sun import sun_itrf
from sattrack.passes.horizon import Pass, Sighting
from sattrack.passes.sky import sun_elevation_deg
from sattrack.passes.visible import Conditions, PassLight, find_light
from sattrack.places import Place
from sattrack.times.scale import Clock
from sattrack.tracking import Tracked
from sattrack.tracking.ephemerides import bodies
from sattrack.tracking.inventory import Listed
from sattrack.tracking.orbits import uncatalogued

# The Sun climbs by at most 15.04 degrees an hour.
_SUN_DEG_S = 0.00419
_SUN_MARGIN_DEG = 0.01
# Steps through a pass: this much of a revolution.
_STEP_RAD = 0.1
_ORBITS_KEPT = 512


class Seeing:
    """Tells the light on passes of objects over places.

    Args:
        clock: counts the seconds of rows.
        listed, others: the objects, in the order of their numbers.
        places: likewise.
        conditions: what counts as visible.
    """

    def __init__(
        self,
        clock: Clock,
        listed: Sequence[Listed],
        others: Sequence[Tracked],
        places: Sequence[Place],
        conditions: Conditions,
    ) -> None:
        self.clock, self.listed, self.others = clock, listed, others
        self.places, self.conditions = places, conditions
        self._orbit: Callable[[int], Orbit] = lru_cache(_ORBITS_KEPT)(self._made)

    def visible(self, rows: NDArray[np.void]) -> tuple[NDArray[np.int64], tuple[PassLight, ...]]:
        """Return which passes can be seen, by index, and the light on each of them.

        Raises:
            NoOrbitError: the ephemeris of the Sun does not reach to one of them.
        """
        which = np.flatnonzero(self._may_be_dark(rows))
        ours = rows["object"][which] < len(self.listed)
        doubtful = which[ours]
        lit = doubtful[~self._stays_in_umbra(rows[doubtful])]
        candidates = np.sort(np.concatenate([lit, which[~ours]]))
        lights: dict[int, PassLight] = {}

        def pair(k: int) -> tuple[int, int]:
            return int(rows["object"][k]), int(rows["place"][k])

        for (number, place), group in groupby(sorted(candidates.tolist(), key=pair), key=pair):
            numbers = [*group]
            lights |= zip(numbers, self._lights(number, place, rows[numbers]), strict=True)
        seen = sorted(k for k, light in lights.items() if light.visible)
        return np.array(seen, dtype=np.int64), tuple(lights[k] for k in seen)

    def _may_be_dark(self, rows: NDArray[np.void]) -> NDArray[np.bool_]:
        """Tell which passes the Sun may be low enough for, some time."""
        found = np.zeros(len(rows), dtype=bool)
        for number, place in enumerate(self.places):
            here = np.flatnonzero(rows["place"] == number)
            start_s, end_s = rows["rise_s"][here], rows["set_s"][here]
            both = np.concatenate([start_s, end_s])
            heights = sun_elevation_deg(place, bodies(), self.clock, both).reshape(2, -1)
            sinks = _SUN_DEG_S * (end_s - start_s) / 2.0 + _SUN_MARGIN_DEG
            found[here] = heights.min(axis=0) - sinks < self.conditions.sun_below_deg
        return found

    def _stays_in_umbra(self, rows: NDArray[np.void]) -> NDArray[np.bool_]:
        """Tell which passes SGP4 proves to be without light from end to end."""
        if len(rows) == 0:
            return np.zeros(0, dtype=bool)
        period_s = np.array([self._orbit(int(k)).period_s for k in rows["object"]])
        length_s = rows["set_s"] - rows["rise_s"]
        steps = np.maximum(1, np.ceil(length_s / (_STEP_RAD * period_s / (2.0 * np.pi))))
        steps = steps.astype(np.int64)
        owner = np.repeat(np.arange(len(rows)), steps + 1)
        first = np.cumsum(steps + 1) - (steps + 1)
        step_s = length_s / steps
        seconds = rows["rise_s"][owner] + (np.arange(len(owner)) - first[owner]) * step_s[owner]
        jd, fraction = self.clock.utc_jd(seconds)
        states = np.empty((6, len(seconds)))
        bounds = [*first.tolist(), len(seconds)]
        for k, number in enumerate(rows["object"].tolist()):
            part = slice(bounds[k], bounds[k + 1])
            record = self._orbit(number).record  # type: ignore[attr-defined]
            _, r, v = record.sgp4_array(jd[part], fraction[part])
            states[:3, part], states[3:, part] = r.T, v.T
        position, velocity = teme_to_itrf(self.clock, seconds, states[:3], states[3:])
        sun = sun_itrf(bodies(), self.clock, seconds)
        model = self.conditions.shadow_model
        deep = depth(position, velocity, *sun, STRETCH[model], -1.0)
        # How it bends does not depend on whose orbit it is.
        shadow = EarthShadow(self._orbit(int(rows["object"][0])), bodies(), self.clock, model=model)
        joined = np.flatnonzero(owner[1:] == owner[:-1])
        left, right, each_s = deep[:, joined], deep[:, joined + 1], step_s[owner[joined]]
        _, upward = shadow.bend(left, right, each_s)
        dark = np.minimum(left[0], right[0]) - upward * each_s * each_s / 8.0 >= 0.0
        return np.asarray(np.bincount(owner[joined][dark], minlength=len(rows)) == steps)

    def _lights(self, number: int, place: int, rows: NDArray[np.void]) -> tuple[PassLight, ...]:
        craft = (
            self._craft(self.listed[number])
            if number < len(self.listed)
            else self.others[number - len(self.listed)].spacecraft
        )
        magnitude = standard_magnitude(craft)
        return find_light(
            self._orbit(number),
            self.places[place],
            [self._pass(rows[k]) for k in range(len(rows))],
            bodies(),
            self.conditions,
            None if magnitude is None else magnitude.value,
        )

    @staticmethod
    def _craft(one: Listed) -> Spacecraft:
        return one.craft or uncatalogued(one.published.elements)

    def _made(self, number: int) -> Orbit:
        if number < len(self.listed):
            return Sgp4(self.listed[number].published.elements)
        return self.others[number - len(self.listed)].orbit

    def _pass(self, row: np.void) -> Pass:
        events = ("rise", "culmination", "set")
        times = self.clock.datetimes([row[f"{event}_s"] for event in events])
        first, top, last = (
            Sighting(
                time,
                float(row[f"{event}_azimuth_deg"]),
                float(row[f"{event}_elevation_deg"]),
                float(row[f"{event}_range_km"]),
                0.0,
            )
            for event, time in zip(events, times, strict=True)
        )
        return Pass(first, top, last, bool(row["open_start"]), bool(row["open_end"]))
