"""Light on passes: when a craft is lit, how dark the sky is, and whether the eye can see it.

A craft can be seen while it stands in a pass, is not in the Earth's umbra, and the Sun is below a
limit in the observer's sky. Clouds, and whether it is bright enough, are not asked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sattrack.errors import InvalidInputError
from sattrack.events import Stretches, crossings_inside, highest_in
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.gcrf import gcrf_to_itrf
from sattrack.orbits.orbit import Orbit
from sattrack.orbits.shadow import (
    SHADES,
    EarthShadow,
    Shade,
    ShadowModel,
    illumination,
    search_step_s,
)
from sattrack.orbits.sun import sun_itrf
from sattrack.passes.horizon import Pass, culminations_s
from sattrack.passes.magnitude import PhaseLaw, apparent_magnitude
from sattrack.passes.sky import (
    SKIES,
    SKY_LIMITS_DEG,
    sky_kinds,
    sun_crossings_s,
    sun_elevation_deg,
)
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

SUN_LIMITS_DEG = (-90.0, 90.0)

Cut: TypeAlias = Literal["horizon", "shadow", "sky", "window"]

_UMBRA = SHADES.index("umbra")
_SUNLIT = SHADES.index("sunlit")
_MOONLIGHT_S = 1.28
_BRIGHTEST_STEP_RAD = 0.05
# Magnitudes are differentiated numerically, over this part of a step either way.
_DIFFERENCE = 0.01
# Where the window cuts a pass, its end is rounded to the microsecond, and the orbit may end there.
_ROUNDING_S = 1e-6
# Edges are found to 1e-7 s.
_EDGE_S = 1e-5


@dataclass(frozen=True, slots=True)
class Conditions:
    """What counts as visible.

    Attributes:
        sun_below_deg: the Sun's elevation must be below this; geometric, of its centre.
        shadow_model: the shape of the Earth that throws the shadow.
        phase_law: by which magnitudes are computed.
    """

    sun_below_deg: float = -6.0
    shadow_model: ShadowModel = "oblate"
    phase_law: PhaseLaw = "lambert"

    def __post_init__(self) -> None:
        low, high = SUN_LIMITS_DEG
        if not low <= self.sun_below_deg <= high:
            raise InvalidInputError(
                f"a limit of {self.sun_below_deg:g} degrees for the Sun is outside "
                f"{low:g} to {high:g}"
            )


@dataclass(frozen=True, slots=True)
class View:
    """A craft in the sky of a place at an instant (UTC), and the lights around it.

    Attributes:
        craft: `sunlit`, `penumbra` or `umbra`.
        sky: one of `SKIES`.
        sun_elevation_deg, moon_elevation_deg: of their centres, without refraction.
        sun_separation_deg, moon_separation_deg: between the craft and them, as the place sees them.
        phase_deg: at the craft, between the Sun and the place; 0 is full.
        magnitude: outside the umbra, where a standard magnitude is known; in the penumbra that of
            full sunlight. Air is not counted.
    """

    time: datetime
    azimuth_deg: float
    elevation_deg: float
    range_km: float
    craft: str
    sky: str
    sun_elevation_deg: float
    sun_separation_deg: float
    moon_elevation_deg: float
    moon_separation_deg: float
    phase_deg: float
    magnitude: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A maximal stretch of a pass with one state: of the craft (`SHADES`), or of the sky."""

    state: str
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Visible:
    """A maximal stretch of a pass in which the craft can be seen.

    Attributes:
        first, last: its first and last instants; the light is that just inside.
        begins, ends: what it comes out of and goes into: the mask (`horizon`), the Earth's
            `shadow`, a bright `sky`, or nothing but the `window` asked for.
        culmination: its highest point.
        brightest: where it is in full sunlight and its standard magnitude is known; else None.
    """

    first: View
    culmination: View
    last: View
    begins: Cut
    ends: Cut
    brightest: View | None = None

    @property
    def duration_s(self) -> float:
        """Time inside the window."""
        return (self.last.time - self.first.time).total_seconds()


@dataclass(frozen=True, slots=True)
class PassLight:
    """The light on a pass.

    Attributes:
        craft, sky: its parts by the light on the craft and by the sky, without gap.
        visible: in order of time; often none, sometimes several.
        culmination: of the whole pass.
    """

    craft: tuple[Part, ...]
    sky: tuple[Part, ...]
    visible: tuple[Visible, ...]
    culmination: View

    @property
    def brightest(self) -> View | None:
        """Where the craft can be seen and is brightest; None where no magnitude is known."""
        return _brightest([part.brightest for part in self.visible])


def find_light(
    orbit: Orbit,
    place: Place,
    passes: Sequence[Pass],
    bodies: Bodies,
    conditions: Conditions = Conditions(),
    standard_magnitude: float | None = None,
) -> tuple[PassLight, ...]:
    """Return the light on each of `passes`, all of them searched together.

    No visible stretch is lost but what lasts less than a millisecond, or is lit by less than 0.1 m
    along the ray to the Sun.

    Args:
        orbit: any model about the Earth.
        place: where the observer is.
        passes: of this orbit over this place, in order of time.
        bodies: Sun, Moon and Earth.
        conditions: what counts as visible.
        standard_magnitude: of the craft at 1000 km and half phase, where somebody has published it.

    Raises:
        NoOrbitError: the ephemeris of the Sun does not reach to the passes.
        InvalidInputError: the orbit is about the Moon.
    """
    if not passes:
        return ()
    return _Scene(orbit, place, passes, bodies, conditions, standard_magnitude).lights()


class _Scene:
    """Passes cut into pieces, in each of which nothing changes but the place of the craft.

    Attributes:
        cuts_s: where pieces begin and end, ascending, shape `(n + 1,)`.
        owner: which pass a piece belongs to, shape `(n,)`; -1 between passes.
        shade, sky: of each piece, as indices of `SHADES` and `SKIES`.
        seen: whether the craft can be seen.
    """

    def __init__(
        self,
        orbit: Orbit,
        place: Place,
        passes: Sequence[Pass],
        bodies: Bodies,
        conditions: Conditions,
        standard_magnitude: float | None,
    ) -> None:
        self.orbit, self.place, self.passes, self.bodies = orbit, place, passes, bodies
        self.conditions, self.standard = conditions, standard_magnitude
        self.clock = clock = Clock(passes[0].first.time)
        self.start_s = np.array([clock.seconds_at(p.first.time) for p in passes])
        margin_s = np.array([_ROUNDING_S if p.open_end else 0.0 for p in passes])
        self.end_s = np.array([clock.seconds_at(p.last.time) for p in passes]) - margin_s
        self._cut()

    def _cut(self) -> None:
        start_s, end_s, limit = self.start_s, self.end_s, self.conditions.sun_below_deg
        edges = [
            sun_crossings_s(self.place, self.bodies, self.clock, level, start_s, end_s)
            for level in sorted({*SKY_LIMITS_DEG, limit})
        ]
        edges += [self._shadow_edges("penumbra"), self._shadow_edges("umbra")]
        cuts_s = np.sort(np.concatenate([start_s, *edges, end_s]))
        self.cuts_s = cuts_s[np.append(True, np.diff(cuts_s) > 0.0)]
        # Judge a piece by its middle: its ends lie on the edges themselves.
        middle_s = (self.cuts_s[:-1] + self.cuts_s[1:]) / 2.0
        owner = np.searchsorted(start_s, middle_s, side="right") - 1
        self.owner = np.where(middle_s <= end_s[owner], owner, -1)
        inside = np.flatnonzero(self.owner >= 0)
        middle_s = middle_s[inside]
        sun_deg = sun_elevation_deg(self.place, self.bodies, self.clock, middle_s)
        self.shade, self.sky = np.full(len(owner), -1), np.full(len(owner), -1)
        self.shade[inside] = illumination(
            self.orbit, self.bodies, self.clock, middle_s, self.conditions.shadow_model
        )
        self.sky[inside] = sky_kinds(sun_deg)
        self.dark = np.zeros(len(owner), dtype=bool)
        self.dark[inside] = sun_deg < limit
        self.seen = self.dark & (self.shade != _UMBRA)

    def _shadow_edges(self, shade: Shade) -> FloatArray:
        model = self.conditions.shadow_model
        curve = EarthShadow(self.orbit, self.bodies, self.clock, shade, model)
        step_s, knots_s = search_step_s(self.orbit), self.orbit.knots(self.clock)
        return crossings_inside(curve, self.start_s, self.end_s, step_s, knots_s)

    def _runs(self, key: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Return runs of pieces of one pass with the same key, as ranges; -1 is no key."""
        key = np.where(self.owner >= 0, key, -1)
        both = np.stack([self.owner, key])
        changes = np.flatnonzero((both[:, 1:] != both[:, :-1]).any(axis=0)) + 1
        bounds = [0, *changes.tolist(), len(key)]
        return [(first, last) for first, last in pairwise(bounds) if key[first] >= 0]

    def _stretches(self, runs: Sequence[tuple[int, int]]) -> Stretches:
        bounds = np.array(runs, dtype=np.int64).reshape(-1, 2)
        return Stretches(self.cuts_s[bounds[:, 0]], self.cuts_s[bounds[:, 1]], False, False)

    def _interiors(self, runs: Sequence[tuple[int, int]]) -> Stretches:
        """Return runs without their edges, on which the light is neither one nor the other."""
        whole = self._stretches(runs)
        margin_s = np.minimum(_EDGE_S, (whole.end_s - whole.start_s) / 4.0)
        return Stretches(whole.start_s + margin_s, whole.end_s - margin_s, False, False)

    def lights(self) -> tuple[PassLight, ...]:
        """Return the light on each pass."""
        seen = self._runs(np.where(self.seen, 0, -1))
        bright = self._runs(np.where(self.seen & (self.shade == _SUNLIT), 0, -1))
        if self.standard is None:
            bright = []
        inner = self._interiors(seen)
        top_s = culminations_s(self.orbit, self.place, self.clock, inner)
        tops_s = np.array([self.clock.seconds_at(p.culmination.time) for p in self.passes])
        tops_s = np.clip(tops_s, self.start_s, self.end_s)
        instants = (tops_s, inner.start_s, top_s, inner.end_s, self._brightest_s(bright))
        views = iter(self._views(np.concatenate(instants)))
        tops, first, highest, last, lit = (list(islice(views, len(s))) for s in instants)
        best: list[View | None] = [None] * len(seen)
        owner = np.searchsorted([run[0] for run in seen], [run[0] for run in bright], "right") - 1
        for k, view in zip(owner.tolist(), lit, strict=True):
            best[k] = _brightest([view, best[k]])
        visible: list[list[Visible]] = [[] for _ in self.passes]
        exact = self._stretches(seen)
        times = (self.clock.datetimes(exact.start_s), self.clock.datetimes(exact.end_s))
        for k, (begin, end) in enumerate(seen):
            part = Visible(
                replace(first[k], time=times[0][k]),
                highest[k],
                replace(last[k], time=times[1][k]),
                self._cut_by(begin - 1, begin),
                self._cut_by(end, end - 1),
                best[k],
            )
            visible[int(self.owner[begin])].append(part)
        craft, sky = self._parts(self.shade, SHADES), self._parts(self.sky, SKIES)
        return tuple(
            PassLight(tuple(craft[k]), tuple(sky[k]), tuple(visible[k]), top)
            for k, top in enumerate(tops)
        )

    def _cut_by(self, outside: int, inside: int) -> Cut:
        """Return what lies between two neighbouring pieces, of which the craft is seen in one."""
        pass_ = self.passes[int(self.owner[inside])]
        if 0 <= outside < len(self.owner) and self.owner[outside] == self.owner[inside]:
            return "shadow" if self.shade[outside] == _UMBRA else "sky"
        cut = pass_.open_start if outside < inside else pass_.open_end
        return "window" if cut else "horizon"

    def _parts(self, states: NDArray[np.int64], names: Sequence[str]) -> list[list[Part]]:
        runs = self._runs(states)
        parts: list[list[Part]] = [[] for _ in self.passes]
        stretches = self._stretches(runs)
        times = zip(
            self.clock.datetimes(stretches.start_s),
            self.clock.datetimes(stretches.end_s),
            strict=True,
        )
        for (first, _), (start, end) in zip(runs, times, strict=True):
            parts[int(self.owner[first])].append(Part(names[int(states[first])], start, end))
        return parts

    def _brightest_s(self, runs: Sequence[tuple[int, int]]) -> FloatArray:
        """Return when the craft is brightest inside each run."""
        stretches = self._interiors(runs)
        step_s = _BRIGHTEST_STEP_RAD * self.orbit.period_s / (2.0 * math.pi)
        reach_s = _DIFFERENCE * step_s

        def brightness(seconds: FloatArray) -> FloatArray:
            return -self._geometry(seconds).magnitude

        def climb(seconds: FloatArray) -> FloatArray:
            # Near an end of all passes the orbit may not reach further.
            middle = np.clip(seconds, self.start_s[0] + reach_s, self.end_s[-1] - reach_s)
            three = brightness(np.concatenate([middle - reach_s, middle, middle + reach_s]))
            before, here, after = three.reshape(3, -1)
            return np.array(
                [(after - before) / (2.0 * reach_s), (after - 2.0 * here + before) / reach_s**2]
            )

        return highest_in(brightness, climb, stretches, step_s)

    def _geometry(self, seconds: FloatArray) -> _Geometry:
        craft, _ = self.orbit.itrf(self.clock, seconds)
        sun, _ = sun_itrf(self.bodies, self.clock, seconds)
        offset = craft - self.place.itrf_km()[:, None]
        distance = _length(offset)
        phase = _angle(sun - craft, -offset)
        standard = math.nan if self.standard is None else self.standard
        magnitude = apparent_magnitude(standard, distance, phase, self.conditions.phase_law)
        return _Geometry(offset, distance, sun, phase, magnitude)

    def _views(self, seconds: FloatArray) -> list[View]:
        clock, up = self.clock, self.place.east_north_up()
        here = self.place.itrf_km()[:, None]
        seen = self._geometry(seconds)
        moon = gcrf_to_itrf(clock, seconds, *self.bodies.moon(clock.time(seconds - _MOONLIGHT_S)))
        to_sun, to_moon = seen.sun_km - here, moon[0] - here
        east, north, height = up @ seen.offset_km
        shade = illumination(
            self.orbit, self.bodies, clock, seconds, self.conditions.shadow_model
        ).tolist()
        sun_deg = _elevation_deg(up[2], to_sun)
        known = self.standard is not None
        columns = (
            (np.degrees(np.arctan2(east, north)) % 360.0).tolist(),
            np.degrees(np.arctan2(height, np.hypot(east, north))).tolist(),
            seen.range_km.tolist(),
            [SHADES[k] for k in shade],
            [SKIES[k] for k in sky_kinds(sun_deg).tolist()],
            sun_deg.tolist(),
            np.degrees(_angle(seen.offset_km, to_sun)).tolist(),
            _elevation_deg(up[2], to_moon).tolist(),
            np.degrees(_angle(seen.offset_km, to_moon)).tolist(),
            np.degrees(seen.phase_rad).tolist(),
            [
                value if known and k != _UMBRA else None
                for value, k in zip(seen.magnitude.tolist(), shade, strict=True)
            ],
        )
        return [View(*row) for row in zip(clock.datetimes(seconds), *columns, strict=True)]


def _brightest(views: Sequence[View | None]) -> View | None:
    known = [(v.magnitude, k) for k, v in enumerate(views) if v and v.magnitude is not None]
    return views[min(known)[1]] if known else None


@dataclass(frozen=True, slots=True)
class _Geometry:
    """Arrays of shape `(3, n)` and `(n,)`; magnitudes are not numbers where none is known."""

    offset_km: FloatArray
    range_km: FloatArray
    sun_km: FloatArray
    phase_rad: FloatArray
    magnitude: FloatArray


def _elevation_deg(up: FloatArray, offset_km: FloatArray) -> FloatArray:
    return np.asarray(np.degrees(np.arcsin(up @ offset_km / _length(offset_km))))


def _angle(one: FloatArray, other: FloatArray) -> FloatArray:
    cross = np.cross(one, other, axis=0)
    return np.asarray(np.arctan2(_length(cross), np.einsum("in,in->n", one, other)))


def _length(vectors: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(np.einsum("in,in->n", vectors, vectors)))
