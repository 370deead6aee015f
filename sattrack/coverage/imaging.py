"""Imaging access: when a craft that turns to its targets can see places, by geometry alone.

A camera sees within an angle off its nadir, while the Sun stands high enough; a radar within a band
of incidence, on one side of its track or on both, day and night. Both look ahead and behind as well
as sideways. A radar that passes nearly overhead is blind beneath itself: two accesses.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import numpy as np

from sattrack.coverage.sightlines import (
    Daylight,
    Elevation,
    OffNadir,
    Scene,
    Side,
    beneath,
    stride_s,
)
from sattrack.errors import InvalidInputError
from sattrack.events import Curve, Stretches, crossings_in_steps, highest_in
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.dense import Dense
from sattrack.orbits.earth import EARTH_RADIUS_KM
from sattrack.orbits.orbit import Orbit, OrbitEndsError
from sattrack.orbits.sun import sun_itrf
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray
from sattrack.times.span import Span

Sides: TypeAlias = Literal["both", "left", "right"]

OFF_NADIR_LIMITS_DEG = (0.1, 90.0)
INCIDENCE_LIMITS_DEG = (0.0, 90.0)
SUN_LIMITS_DEG = (-90.0, 90.0)

# The Sun moves in ITRF as the Earth turns; through eight nodes this far apart it is good to 1e-12.
_SUN_STEP_S = 1200.0
_CLOSEST_STEP_RAD = 0.15
# Seconds of all places together are told apart to 1e-7 below this.
_LONGEST_AXIS_S = 2.0**30
# Edges closer than this are one.
_SAME_EDGE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Limits:
    """Within what a sensor can image a place; all of them at once.

    Attributes:
        off_nadir_deg: at most, at the craft, from its geodetic nadir; None without such a limit.
        incidence_deg: from and to, at the place, from the normal of the ellipsoid; up to 90 the
            craft is above the place's horizon, and nothing sees further.
        side: of the ground track, on which the place lies.
        sun_above_deg: least elevation of the Sun's centre at the place, without refraction; None
            where day and night are alike.

    Raises:
        InvalidInputError: a limit is out of range.
    """

    off_nadir_deg: float | None = None
    incidence_deg: tuple[float, float] = INCIDENCE_LIMITS_DEG
    side: Sides = "both"
    sun_above_deg: float | None = None

    def __post_init__(self) -> None:
        _check("an off-nadir angle", self.off_nadir_deg, OFF_NADIR_LIMITS_DEG)
        _check("a Sun elevation", self.sun_above_deg, SUN_LIMITS_DEG)
        least, most = self.incidence_deg
        for angle in (least, most):
            _check("an incidence", angle, INCIDENCE_LIMITS_DEG)
        if not least < most:
            raise InvalidInputError(
                f"an incidence from {least:g} to {most:g} degrees is no band; the smaller is first"
            )


def _check(what: str, angle_deg: float | None, limits_deg: tuple[float, float]) -> None:
    low, high = limits_deg
    if angle_deg is not None and not low <= angle_deg <= high:
        raise InvalidInputError(f"{what} of {angle_deg:g} degrees is outside {low:g} to {high:g}")


@dataclass(frozen=True, slots=True)
class View:
    """How a place lies beneath the craft at an instant.

    Attributes:
        off_nadir_deg: at the craft, between its geodetic nadir and the place.
        incidence_deg: at the place, between the normal of the ellipsoid and the craft.
        range_km: from the craft to the place.
        ground_range_km: from the point beneath the craft to the place, along the ellipsoid, good
            to 0.1 %.
        side: of the track, flying over the turning Earth, on which the place lies.
        sun_elevation_deg: at the place.
    """

    time: datetime
    off_nadir_deg: float
    incidence_deg: float
    range_km: float
    ground_range_km: float
    side: Literal["left", "right"]
    sun_elevation_deg: float


@dataclass(frozen=True, slots=True)
class Access:
    """A maximal stretch of time within all limits, as far as the window shows it.

    Attributes:
        first, last: its first and last instants inside the window.
        closest: where the craft is nearest to the place, inside the stretch.
        open_start, open_end: the window cuts it there.
    """

    first: View
    closest: View
    last: View
    open_start: bool = False
    open_end: bool = False

    @property
    def entry(self) -> View | None:
        """Where the place comes within the limits; None where the window cuts it."""
        return None if self.open_start else self.first

    @property
    def exit(self) -> View | None:
        """Where the place leaves them; None where the window cuts it."""
        return None if self.open_end else self.last

    @property
    def duration_s(self) -> float:
        """Time inside the window."""
        return (self.last.time - self.first.time).total_seconds()


@dataclass(frozen=True, slots=True)
class AccessSearch:
    """What a search found.

    Attributes:
        accesses: of each place, in order of time, disjoint.
        span: what was searched; shorter than asked where the orbit ends.
        ending: why it is shorter, or None.
        error_km: how far interpolated positions may be off.
    """

    accesses: tuple[tuple[Access, ...], ...]
    span: Span
    ending: OrbitEndsError | None = None
    error_km: float = 0.0


def find_accesses(
    orbit: Orbit, places: Sequence[Place], span: Span, limits: Limits, bodies: Bodies
) -> AccessSearch:
    """Find every stretch within `span` in which a sensor on `orbit` can image each place.

    None is lost but those inside a limit by less than 0.1 m, as seen from the edge, or shorter
    than a millisecond. The orbit is asked once, for all places.

    Args:
        orbit: about the Earth.
        places: the targets.
        span: the window; accesses it cuts are open there.
        limits: of the sensor.
        bodies: for the Sun.

    Raises:
        NoOrbitError: the orbit does not work at the start of the window, or the Sun is unknown.
    """
    clock = Clock(span.start)
    end_s, ending = clock.seconds_at(span.end), None
    orbit.itrf(clock, np.zeros(1))
    try:
        path = Dense.of(orbit, clock, end_s)
    except OrbitEndsError as end:
        if not 0.0 < end.last_s < end_s:
            raise
        ending, end_s = end, end.last_s
        span = Span(span.start, end.instant)
        path = Dense.of(orbit, clock, end_s)
    sun = Dense(lambda seconds: sun_itrf(bodies, clock, seconds)[0], end_s, _SUN_STEP_S)
    together = max(1, int(_LONGEST_AXIS_S / stride_s(end_s)))
    found: list[tuple[Access, ...]] = []
    for first in range(0, len(places), together):
        scene = Scene(path, sun, places[first : first + together], end_s)
        found += _of_scene(scene, clock, limits, _CLOSEST_STEP_RAD * orbit.period_s / math.tau)
    return AccessSearch(tuple(found), span, ending, path.error_km)


def _of_scene(
    scene: Scene, clock: Clock, limits: Limits, step_s: float
) -> list[tuple[Access, ...]]:
    """Return the accesses of each place of a scene."""
    stretches = _within(scene, limits)
    closest_s = highest_in(
        lambda seconds: -scene.lines(seconds).range_km,
        lambda seconds: _approach(scene, seconds),
        stretches,
        step_s,
    )
    count = len(closest_s)
    seconds = np.concatenate([stretches.start_s, closest_s, stretches.end_s])
    views = list(_views(scene, clock, seconds))
    owner, start_s = scene.own_s(stretches.start_s)
    _, end_s = scene.own_s(stretches.end_s)
    of: list[list[Access]] = [[] for _ in scene.radii_km]
    for k, place in enumerate(owner.tolist()):
        open_start = bool(start_s[k] < _SAME_EDGE_S)
        open_end = bool(end_s[k] > scene.end_s - _SAME_EDGE_S)
        three = views[k], views[count + k], views[2 * count + k]
        of[place].append(Access(*three, open_start, open_end))
    return [tuple(accesses) for accesses in of]


def _within(scene: Scene, limits: Limits) -> Stretches:
    """Return the stretches of the common axis in which all limits hold."""
    least, most = (math.radians(angle) for angle in limits.incidence_deg)
    off_nadir = (
        math.pi / 2.0 if limits.off_nadir_deg is None else math.radians(limits.off_nadir_deg)
    )
    lowest = math.pi / 2.0 - most
    t_left, t_right = scene.steps_within(scene.farthest_km(lowest, off_nadir))
    if len(t_left) == 0:
        return Stretches(np.empty(0), np.empty(0), False, False)
    curves: list[Curve] = [Elevation(scene, lowest)]
    if least > 0.0:
        curves.append(Elevation(scene, math.pi / 2.0 - least, below=True))
    if limits.off_nadir_deg is not None:
        curves.append(OffNadir(scene, off_nadir))
    if limits.side != "both":
        curves.append(Side(scene, right=limits.side == "right"))
    if limits.sun_above_deg is not None:
        curves.append(Daylight(scene, math.radians(limits.sun_above_deg)))
    edges = [crossings_in_steps(curve, t_left, t_right) for curve in curves]
    # Steps that follow each other are one run; between runs no place is in reach.
    begins = t_left[np.concatenate([[True], t_left[1:] != t_right[:-1]])]
    ends = t_right[np.concatenate([t_left[1:] != t_right[:-1], [True]])]
    cuts = np.unique(np.concatenate([begins, ends, *edges]))
    cuts = cuts[np.concatenate([[True], np.diff(cuts) > _SAME_EDGE_S])]
    # Judge a stretch by its middle: its ends lie on the limits themselves.
    middle = (cuts[:-1] + cuts[1:]) / 2.0
    run = np.searchsorted(begins, middle, side="right") - 1
    holds = middle < ends[run]
    inside = np.flatnonzero(holds)
    for curve in curves:
        inside = inside[curve.sample(middle[inside])[0] >= 0.0]
    holds[:] = False
    holds[inside] = True
    changes = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]])))
    return Stretches(cuts[changes[0::2]], cuts[changes[1::2]], False, False)


def _approach(scene: Scene, seconds: FloatArray) -> FloatArray:
    """Return the derivatives, first and second, of minus the range; shape `(2, n)`."""
    lines = scene.lines(seconds)
    speed2 = np.einsum("in,in->n", lines.velocity_km_s, lines.velocity_km_s)
    pull = np.einsum("in,in->n", lines.offset_km, lines.acceleration_km_s2)
    rate = lines.range_rate_km_s
    return np.array([-rate, -(speed2 - rate * rate + pull) / lines.range_km])


def _views(scene: Scene, clock: Clock, seconds: FloatArray) -> Iterator[View]:
    if len(seconds) == 0:
        return
    lines = scene.lines(seconds)
    normal, _, foot_km = beneath(lines.craft_km, lines.velocity_km_s)
    chord_km = np.linalg.norm(foot_km - scene.feet_km[:, lines.place], axis=0)
    plane = np.cross(lines.craft_km, lines.velocity_km_s, axis=0)
    left = np.einsum("in,in->n", plane, scene.places_km[:, lines.place]) >= 0.0
    rows = (
        clock.datetimes(lines.seconds),
        _angle_deg(normal, lines.offset_km).tolist(),
        _angle_deg(scene.ups[:, lines.place], lines.offset_km).tolist(),
        lines.range_km.tolist(),
        _arc_km(chord_km, scene.ups[2, lines.place]).tolist(),
        np.where(left, "left", "right").tolist(),
        np.degrees(np.arcsin(scene.sun_sines(lines.place, lines.seconds)[0])).tolist(),
    )
    yield from (View(*row) for row in zip(*rows, strict=True))


def _angle_deg(axis: FloatArray, offset: FloatArray) -> FloatArray:
    """Return the angle between vectors, shape `(n,)`, exact for small ones too."""
    across = np.linalg.norm(np.cross(axis, offset, axis=0), axis=0)
    return np.asarray(np.degrees(np.arctan2(across, np.einsum("in,in->n", axis, offset))))


def _arc_km(chord_km: FloatArray, sine: FloatArray) -> FloatArray:
    """Return the way along the ellipsoid over a chord, from the sine of the latitude at one end.

    As on the sphere of its mean curvature there, the root of M N: the difference between arc and
    chord, s^3 / 24 R^2, is off by twice the 0.3 % that R may be off.
    """
    flattening = 1.0 / 298.257223563  # WGS 84
    squared = flattening * (2.0 - flattening)
    radius = EARTH_RADIUS_KM * math.sqrt(1.0 - squared) / (1.0 - squared * sine * sine)
    return np.asarray(2.0 * radius * np.arcsin(np.minimum(1.0, chord_km / (2.0 * radius))))
