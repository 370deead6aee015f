"""Where spacecraft are, for programs that draw them and interpolate between the states given."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.coverage.footprint import circle_of_visibility
from sattrack.coverage.outline import Outline
from sattrack.errors import InvalidInputError
from sattrack.orbits.frames import geodetic
from sattrack.orbits.moon import MOON_RADIUS_KM
from sattrack.passes import Pass
from sattrack.times import Span
from sattrack.times.scale import Clock, FloatArray
from sattrack.tracking import Tracked
from sattrack.tracking.tracks import Centre, Track, TracksAnswer

# Lagrange's polynomial of degree 7 through the states around the instant: see `lagrange`.
DEGREE = 7
# A path whose states are chosen here is this good between them; a path of the user's steps that
# is worse than the other says so.
_WANTED_ERROR_M = 1.0
TOLERATED_ERROR_M = 10.0
_STEPS_S = (900.0, 600.0, 300.0, 120.0, 60.0, 30.0, 20.0, 10.0, 5.0, 2.0, 1.0)
_STEPS_A_REVOLUTION = 60.0
_MOST_STATES = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Where one craft is over a stretch of time, in the turning frame of the Earth.

    Attributes:
        start: UTC.
        seconds: SI seconds since then, ascending, shape `(n,)`.
        position_km: ITRF, shape `(3, n)`.
        latitude_deg, longitude_deg, height_km: on and above WGS 84, each of shape `(n,)`.
        error_m: the greatest error of interpolation half-way between states.
    """

    tracked: Tracked
    start: datetime
    seconds: FloatArray
    position_km: FloatArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    height_km: FloatArray
    error_m: float

    @property
    def times(self) -> list[datetime]:
        """The instants of the states, UTC."""
        return Clock(self.start).datetimes(self.seconds)

    @property
    def end(self) -> datetime:
        """The instant of the last state, UTC."""
        return Clock(self.start).datetimes(self.seconds[-1:])[0]


def lagrange(seconds: FloatArray, values: FloatArray, at: FloatArray) -> FloatArray:
    """Interpolate as Cesium does: through four states before an instant and four after it.

    At either end, through the eight states there; through all where there are fewer.

    Args:
        seconds: ascending, shape `(n,)`.
        values: shape `(m, n)`.
        at: instants between the first and the last, shape `(k,)`.

    Returns:
        Shape `(m, k)`.
    """
    count = min(DEGREE + 1, len(seconds))
    first = np.searchsorted(seconds, at, side="right") - (DEGREE // 2 + 1)
    rows = np.clip(first, 0, len(seconds) - count) + np.arange(count)[:, None]
    knots = seconds[rows]
    result = np.zeros((len(values), len(at)))
    for one in range(count):
        others = [other for other in range(count) if other != one]
        weight = np.prod((at - knots[others]) / (knots[one] - knots[others]), axis=0)
        result += weight * values[:, rows[one]]
    return result


def path_of(tracked: Tracked, span: Span) -> Path:
    """Return the path of a craft over a window, with as many states as interpolation needs.

    Raises:
        OrbitEndsError: the orbit ends in the window.
        InvalidInputError: the window would need more than 200,000 states.
    """
    clock = Clock(span.start)
    duration_s = clock.seconds_at(span.end)
    longest_s = tracked.orbit.period_s / _STEPS_A_REVOLUTION
    steps_s = [step_s for step_s in _STEPS_S if step_s <= longest_s] or [_STEPS_S[-1]]
    best: Path | None = None
    for step_s in steps_s:
        # Two points are no path that could be bent.
        count = max(math.ceil(duration_s / step_s), DEGREE) + 1
        if count > _MOST_STATES:
            break
        # Milliseconds, which the times of all formats have.
        seconds = np.unique(np.round(np.linspace(0.0, duration_s, count), 3))
        seconds = np.minimum(seconds, duration_s)
        path = _path(tracked, clock, seconds, tracked.orbit.itrf(clock, seconds)[0])
        # Where the orbit itself has corners, shorter steps do not help.
        if best is not None and path.error_m > best.error_m / 2.0:
            return best
        best = path
        if path.error_m <= _WANTED_ERROR_M:
            return path
    if best is None:
        raise InvalidInputError(
            f"{duration_s / 86400.0:.0f} days of {tracked.name} are too long for a path; "
            f"{_MOST_STATES:,} states can be had"
        )
    return best


def _path(tracked: Tracked, clock: Clock, seconds: FloatArray, position_km: FloatArray) -> Path:
    between = (seconds[1:] + seconds[:-1]) / 2.0
    true_km, _ = tracked.orbit.itrf(clock, between)
    off_km = np.linalg.norm(lagrange(seconds, position_km, between) - true_km, axis=0)
    return Path(
        tracked, clock.start, seconds, position_km, *geodetic(position_km), 1e3 * off_km.max()
    )


def paths_of_tracks(answer: TracksAnswer) -> tuple[Path, ...]:
    """Return the paths through the states of tracks in the frame `itrf`.

    Raises:
        InvalidInputError: a track has a single state.
    """
    paths = []
    for track in answer.results:
        if len(track.times) < 2:
            raise InvalidInputError("a single state makes no path; give a shorter --step")
        clock = Clock(track.times[0])
        seconds = np.arange(len(track.times), dtype=np.float64) * answer.step_s
        paths.append(_path(track.tracked, clock, seconds, track.states.position_km))
    return tuple(paths)


def coarse(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return a warning for each path between whose states interpolation is not good to 10 m."""
    return tuple(
        f"{path.tracked.name}: between two states of this file, interpolation is off by up to "
        + (f"{path.error_m:.0f} m" if path.error_m < 1e3 else f"{path.error_m / 1e3:.1f} km")
        for path in paths
        if path.error_m > TOLERATED_ERROR_M
    )


def paths_of_passes(answer: PassesAnswer) -> tuple[Path, ...]:
    """Return the path of each craft of an answer over the window that was searched, once each."""
    spans: dict[str, tuple[Tracked, Span]] = {}
    for result in answer.results:
        spans.setdefault(result.tracked.spacecraft.id, (result.tracked, result.search.span))
    return tuple(path_of(tracked, span) for tracked, span in spans.values())


def path_during(result: PassesOf, pass_: Pass) -> Path:
    """Return the path of a craft during a pass."""
    first, last = pass_.first.time, pass_.last.time
    return path_of(result.tracked, Span(first, max(last, first + timedelta(seconds=1.0))))


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """From where a craft stands above the horizon, at one instant.

    Attributes:
        outline: on the body in the centre of its track; None where the craft is under ground.
    """

    track: Track
    time: datetime
    outline: Outline | None


def footprint(track: Track) -> Footprint:
    """Return the footprint at the first state of a track."""
    states = track.states
    corners = circle_of_visibility(
        float(states.latitude_deg[0]),
        float(states.longitude_deg[0]),
        float(states.height_km[0]),
        radius_km=MOON_RADIUS_KM if track.centre == "moon" else None,
    )
    return Footprint(track, track.times[0], Outline(corners) if corners else None)


def one_body(answer: TracksAnswer) -> Centre:
    """Return the body whose map the tracks lie on.

    Raises:
        InvalidInputError: there are two.
    """
    bodies = {track.centre for track in answer.results}
    if len(bodies) > 1:
        raise InvalidInputError(
            "one map shows one body: ask for craft at the Moon by themselves, or with --frame itrf"
        )
    return bodies.pop()
