"""How passes run through the sky of a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from sattrack.answers.lunar import about_the_moon
from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.passes import Pass, look_angles
from sattrack.passes.visible import PassLight
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

# Points of a track are about so far apart in the sky, less than a dot of any picture.
_APART_DEG = 0.7
_SAMPLES = 720
# Passes end at the window, and the orbit may end there; their ends are rounded to this.
_ROUNDING_S = 1e-6
_TICKS = 6
TICK_STEPS_S = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


@dataclass(frozen=True, slots=True)
class SkyPart:
    """A part of a track with one light.

    Attributes:
        light: `sunlit`, `penumbra` or `umbra`; empty where it is not known.
        azimuth_deg, elevation_deg: of its points, in order of time.
    """

    light: str
    azimuth_deg: tuple[float, ...]
    elevation_deg: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SkyTick:
    """Where the craft is at a round time."""

    time: datetime
    azimuth_deg: float
    elevation_deg: float


@dataclass(frozen=True, slots=True)
class SkyTrack:
    """One pass through the sky.

    Attributes:
        light: None where it is not known.
        parts: in order of time, without gap.
    """

    result: PassesOf
    pass_: Pass
    light: PassLight | None
    parts: tuple[SkyPart, ...]
    ticks: tuple[SkyTick, ...]


@dataclass(frozen=True, slots=True)
class SkyAnswer:
    """The answer of `sattrack sky`.

    Attributes:
        passes: what was found; of one place.
        skyline: what stands around the place, as (azimuth, elevation) at each degree and corner;
            empty where it is not known.
        tracks: in order of time.
    """

    place: Place
    passes: PassesAnswer
    skyline: tuple[tuple[float, float], ...]
    tracks: tuple[SkyTrack, ...]


def sky_of(answer: PassesAnswer, place: Place) -> SkyAnswer:
    """Return the tracks of all passes of an answer for one place, lit where the answer is.

    Raises:
        NoOrbitError: an orbit does not work in one of its passes.
    """
    tracks = []
    for result, pass_ in answer.in_order():
        light = None
        if result.lights is not None:
            light = result.lights[result.passes.index(pass_)]
        tracks.append(_track(result, pass_, light))
    return SkyAnswer(place, answer, _skyline(place), tuple(tracks))


def _skyline(place: Place) -> tuple[tuple[float, float], ...]:
    if place.horizon is None:
        return ()
    azimuths = np.union1d(np.arange(360.0), place.horizon.azimuth_deg)
    return tuple(zip(azimuths.tolist(), place.horizon.at(azimuths).tolist(), strict=True))


def _track(result: PassesOf, pass_: Pass, light: PassLight | None) -> SkyTrack:
    clock = Clock(pass_.first.time)
    last_s = max(clock.seconds_at(pass_.last.time) - _ROUNDING_S, 0.0)
    edges = [("", 0.0, last_s)]
    if light is not None:
        edges = [
            (part.state, clock.seconds_at(part.first), min(clock.seconds_at(part.last), last_s))
            for part in light.craft
        ]
    parts = tuple(
        SkyPart(state, *_run(result, clock, first_s, max(end_s, first_s)))
        for state, first_s, end_s in edges
    )
    instants = round_times(pass_.first.time, pass_.last.time, _TICKS)
    ticks: tuple[SkyTick, ...] = ()
    if instants:
        seconds = np.array([clock.seconds_at(instant) for instant in instants])
        azimuth, elevation = _look(result, clock, np.clip(seconds, 0.0, last_s))
        ticks = tuple(map(SkyTick, instants, (azimuth % 360.0).tolist(), elevation.tolist()))
    return SkyTrack(result, pass_, light, parts, ticks)


def _run(
    result: PassesOf, clock: Clock, first_s: float, last_s: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return azimuths and elevations from one instant to another, about evenly apart."""
    seconds = np.linspace(first_s, last_s, _SAMPLES)
    azimuth, elevation = _look(result, clock, seconds)
    a, e = np.radians(azimuth), np.radians(elevation)
    directions = np.array([np.cos(e) * np.sin(a), np.cos(e) * np.cos(a), np.sin(e)])
    chords = np.linalg.norm(np.diff(directions, axis=1), axis=0)
    passed = np.concatenate([[0.0], np.cumsum(chords)])
    marks = np.floor(passed / math.radians(_APART_DEG))
    kept = np.concatenate([[True], np.diff(marks) > 0.0])
    kept[-1] = True
    return tuple(azimuth[kept].tolist()), tuple(elevation[kept].tolist())


def _look(result: PassesOf, clock: Clock, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return azimuth and elevation, geometric; of lunar orbiters as their light arrives."""
    orbit = about_the_moon(result.tracked)
    if orbit is not None:
        from sattrack.orbits.light import signal

        heard = signal(orbit, result.place, clock, seconds)
        return heard.azimuth_deg, heard.elevation_deg
    look = look_angles(result.tracked.orbit, result.place, clock, seconds)
    return look.azimuth_deg, look.elevation_deg


def round_times(first: datetime, last: datetime, most: int) -> Sequence[datetime]:
    """Return the round times between two instants, no more than `most`; UTC, ascending.

    They are multiples of ten seconds, a minute, an hour or the like since midnight.
    """
    length_s = (last - first).total_seconds()
    step_s = next((step for step in TICK_STEPS_S if length_s / step <= most), None)
    if step_s is None:
        step_s = 86400 * math.ceil(length_s / 86400.0 / most)
    first = first.astimezone(UTC)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    number = math.ceil((first - midnight).total_seconds() / step_s)
    found = []
    while (instant := midnight + timedelta(seconds=number * step_s)) <= last:
        found.append(instant)
        number += 1
    return found
