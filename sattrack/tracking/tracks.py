"""Where spacecraft are over a stretch of time, in a frame of choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import numpy as np

from sattrack.errors import InvalidInputError
from sattrack.orbits import OrbitEndsError
from sattrack.orbits.frames import EarthFrame, MoonFrame, earth_states, is_lunar, moon_states
from sattrack.orbits.states import States
from sattrack.times import Span
from sattrack.times.scale import Clock, FloatArray
from sattrack.tracking.ephemerides import bodies, moon_frames
from sattrack.tracking.orbits import Tracked, cautions

Frame: TypeAlias = EarthFrame | MoonFrame
Centre: TypeAlias = Literal["earth", "moon"]

FRAMES: tuple[Frame, ...] = ("gcrf", "itrf", "teme", "moon-icrf", "moon-me")
# Two years of minutes; more is a slip of the pen.
_MOST_SAMPLES = 1_000_000
_MILLISECONDS = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The states of one spacecraft.

    Attributes:
        times: UTC, of whole milliseconds.
        states: at these times; latitude, longitude and height are of the body in the centre, those
            of the Moon in the mean-Earth frame above 1737.4 km.
        ending: where and why the orbit ends in the window; empty where it does not.
    """

    tracked: Tracked
    frame: Frame
    times: tuple[datetime, ...]
    states: States
    ending: str = ""

    @property
    def centre(self) -> Centre:
        """What positions count from."""
        return "moon" if self.frame.startswith("moon") else "earth"


@dataclass(frozen=True, slots=True, eq=False)
class TracksAnswer:
    """The answer of `sattrack track`.

    Attributes:
        frame: the one asked for; None for that which suits each orbit.
    """

    span: Span
    step_s: float
    frame: Frame | None
    results: tuple[Track, ...]
    warnings: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return not any(result.ending for result in self.results)


def tracks(
    tracked: Sequence[Tracked], span: Span, step_s: float = 60.0, frame: Frame | None = None
) -> TracksAnswer:
    """Return the states of each spacecraft from the start of `span` in steps to its end.

    Args:
        tracked: the spacecraft with their orbits.
        span: the window; its start counts to the millisecond.
        step_s: whole milliseconds.
        frame: by default `gcrf`, and `moon-icrf` for orbits about the Moon.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: the step is none, or the samples are too many.
    """
    milliseconds = round(step_s * _MILLISECONDS)
    if milliseconds < 1 or abs(milliseconds - step_s * _MILLISECONDS) > 1e-6:
        raise InvalidInputError(f"a step of {step_s:g} s is no whole number of milliseconds")
    start = span.start + timedelta(microseconds=500)
    start = start.replace(microsecond=start.microsecond // 1000 * 1000)
    clock = Clock(start)
    count = int(clock.seconds_at(span.end) * _MILLISECONDS + 1e-3) // milliseconds + 1
    if count > _MOST_SAMPLES:
        raise InvalidInputError(f"{count:,} samples are too many; {_MOST_SAMPLES:,} can be had")
    seconds = np.arange(count) * milliseconds / _MILLISECONDS
    results = tuple(_track(item, clock, seconds, frame) for item in tracked)
    endings = dict.fromkeys(result.ending for result in results if result.ending)
    warnings = (*cautions(tracked, span), *endings)
    return TracksAnswer(span, step_s, frame, results, warnings)


def _track(tracked: Tracked, clock: Clock, seconds: FloatArray, frame: Frame | None) -> Track:
    orbit = tracked.orbit
    if frame is None:
        frame = "moon-icrf" if is_lunar(orbit) else "gcrf"
    ending = ""
    try:
        orbit.itrf(clock, seconds)
    except OrbitEndsError as error:
        seconds = seconds[seconds <= error.last_s]
        if not len(seconds):
            raise
        ending = str(error)
    match frame:
        case "moon-icrf" | "moon-me":
            states = moon_states(orbit, clock, seconds, frame, bodies(), moon_frames())
        case _:
            states = earth_states(orbit, clock, seconds, frame)
    return Track(tracked, frame, tuple(clock.datetimes(seconds)), states, ending)
