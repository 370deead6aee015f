"""Contacts: the stretches in which a place can hear a lunar orbiter.

It must stand above the place's mask, and not behind the Moon, a sphere of 1737.4 km whose mountains
move the edge by seconds. Light time is included, as `sattrack.orbits.light` has it. Elevation is
geometric, without refraction, as in `sattrack.passes.horizon`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from sattrack.errors import InvalidInputError
from sattrack.events import Stretches, highest_in, stretches_above
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S
from sattrack.orbits.light import Sight, arrivals_s, clearance_km, sight, signal
from sattrack.orbits.moon import MOON_RADIUS_KM
from sattrack.orbits.orbit import OrbitEndsError
from sattrack.orbits.tabulated import GM_MOON_KM3_S2, Tabulated
from sattrack.passes.horizon import MASK_LIMITS_DEG, Pass, PassSearch, Sighting
from sattrack.passes.lunar import GRAVITY_MARGIN, REACH_RAD, TIDE_S2, reach
from sattrack.passes.skyline import (
    RESOLUTION_RAD,
    SLOPE_ERROR_RAD_S,
    Skyline,
    above_skyline,
)
from sattrack.places import HorizonMask, Place
from sattrack.times.scale import Clock, FloatArray
from sattrack.times.span import Span

Edge: TypeAlias = Literal["horizon", "limb", "window"]

_STRONGEST_KM_S2 = GRAVITY_MARGIN * GM_MOON_KM3_S2 / MOON_RADIUS_KM**2
# The Moon at perigee moves 1.09 km/s, a place on the equator 0.47 km/s; they fall towards the Earth
# and towards its axis with these accelerations.
_OTHERS_KM_S = 1.6
_MOON_FALL_KM_S2 = 3.3e-6
_OTHERS_KM_S2 = 4e-5
# Light time stretches the seconds of departure by this part at most.
_STRETCH_MARGIN = 1.0001

_LONGEST_LIGHT_S = 2.0
_MASK_STEP_S = 900.0
# 0.1 m on the tangent from the craft to the limb; or of height at the craft's distance.
_RESOLUTION_KM = 1e-4
# Precession and nutation, which the velocities leave out, at the Moon's distance: 3 mm/s.
_SLOPE_ERROR_KM_S = 1e-5
_CULMINATION_STEP_RAD = 0.15


@dataclass(frozen=True, slots=True)
class Contact(Pass):
    """A maximal stretch of time in which the place can hear the craft.

    Attributes:
        begins, ends: what the craft comes out of and goes into: the place's mask (`horizon`), the
            Moon (`limb`), or nothing but the window asked for.
        begins_error_s, ends_error_s: by how much these instants may be off for what the orbit says
            of its own error; None at the window's edge, and where the orbit cannot say.
    """

    begins: Edge = "horizon"
    ends: Edge = "horizon"
    begins_error_s: float | None = None
    ends_error_s: float | None = None


@dataclass(frozen=True, slots=True)
class ContactSearch(PassSearch):
    """What a search for contacts found; see `PassSearch`."""

    passes: tuple[Contact, ...]


class ContactScene:
    """An orbit as seen from a place, with or without light time."""

    def __init__(
        self, orbit: Tabulated, place: Place, clock: Clock, mask_deg: float, light_time: bool
    ) -> None:
        self.orbit = orbit
        self.place = place
        self.clock = clock
        self.sine = math.sin(math.radians(mask_deg))
        self.up = place.east_north_up()[2]
        self.light_time = light_time

    def at(self, seconds: FloatArray) -> Sight:
        """Return what reaches the place at `seconds`, shape `(n,)`."""
        return sight(self.orbit, self.place, self.clock, seconds, self.light_time)

    def start_s(self) -> float:
        """Return when to begin: at once, or when light arrives from where the orbit begins.

        Whoever asks from the first instant of a table on wants no more than that.
        """
        first_s, _ = self.orbit.reach(self.clock)
        if not (self.light_time and -_LONGEST_LIGHT_S < first_s < _LONGEST_LIGHT_S):
            return 0.0
        (arrival_s,) = arrivals_s(self.orbit, self.clock, np.array([first_s]))
        return max(0.0, float(arrival_s))

    def knots_s(self, end_s: float) -> FloatArray:
        """Return where the orbit may jump, as it is seen before `end_s`."""
        knots = self.orbit.knots(self.clock)
        knots = knots[(knots > -_LONGEST_LIGHT_S) & (knots < end_s)]
        return arrivals_s(self.orbit, self.clock, knots) if self.light_time else knots


class ContactMask:
    """Height above the cone of the mask, km, as a `Curve`; see `sattrack.passes.horizon`.

    Rows of `sample` are value, derivative, distance from the place, speed against the turning Earth
    and distance from its centre.
    """

    resolution = _RESOLUTION_KM
    slope_error = _SLOPE_ERROR_KM_S

    def __init__(self, scene: ContactScene) -> None:
        self.scene = scene

    def sample(self, seconds: FloatArray) -> FloatArray:
        """Return the rows; see `Curve.sample`."""
        return self.rows(self.scene.at(seconds))

    def rows(self, seen: Sight) -> FloatArray:
        """Return the rows of `sample` that go with a sight, shape `(5, n)`."""
        up, sine = self.scene.up, self.scene.sine
        offset = seen.craft_km - seen.place_km
        distance = _length(offset)
        rows = np.empty((5, len(distance)))
        rows[0] = up @ offset - sine * distance
        rows[1] = up @ seen.craft_km_s - sine * _dot(offset, seen.craft_km_s) / distance
        rows[2] = distance
        rows[3] = _length(seen.craft_km_s)
        rows[4] = _length(seen.craft_km)
        return rows

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Bound its second derivative inside steps; see `Curve.bend`."""
        near, speed, acceleration = self.motion(left, right, step_s)
        sine = self.scene.sine
        plain = acceleration * (1.0 + abs(sine))
        # |d|'' = (v^2 - |d|'^2) / |d| + d.a / |d| lies between -a and v^2 / |d| + a.
        sweep = abs(sine) * speed * speed / near
        return (plain + sweep, plain) if sine > 0.0 else (plain, plain + sweep)

    def motion(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return bounds inside steps: the least distance, the greatest speed and acceleration."""
        # The craft falls towards the Moon, and with it towards the Earth; the turning Earth adds
        # its two fictitious accelerations, one of which grows with the speed that it bounds.
        omega, half_s = EARTH_ROTATION_RAD_S, step_s / 2.0
        among_stars = _STRETCH_MARGIN * (_STRONGEST_KM_S2 + _MOON_FALL_KM_S2)
        end_speed = np.maximum(left[3], right[3])
        farthest = np.maximum(left[4], right[4])
        share = 1.0 - omega * step_s
        too_long = share < 0.5
        acceleration = among_stars + 2.0 * omega * end_speed + omega * omega * farthest
        acceleration = acceleration / np.where(too_long, 1.0, share)
        speed = end_speed + acceleration * half_s
        near = np.maximum(np.minimum(left[2], right[2]) - speed * half_s, 1.0)
        return near, speed, np.where(too_long, np.inf, acceleration)

    def climb(self, seconds: FloatArray) -> FloatArray:
        """Return `|d| d(sin elevation)/dt`, km/s, and roughly its derivative; shape `(2, n)`."""
        seen, up, omega = self.scene.at(seconds), self.scene.up, EARTH_ROTATION_RAD_S
        offset, velocity = seen.craft_km - seen.place_km, seen.craft_km_s
        distance = _length(offset)
        rate = _dot(offset, velocity) / distance
        sine = up @ offset / distance
        about = seen.craft_km - seen.moon_km
        acceleration = about * (-GM_MOON_KM3_S2 / _length(about) ** 3)
        acceleration[0] += omega * (omega * seen.craft_km[0] + 2.0 * velocity[1])
        acceleration[1] += omega * (omega * seen.craft_km[1] - 2.0 * velocity[0])
        rate_change = (
            _dot(velocity, velocity) - rate * rate + _dot(offset, acceleration)
        ) / distance
        rows = np.empty((2, len(seconds)))
        rows[0] = up @ velocity - sine * rate
        rows[1] = up @ acceleration - sine * rate_change - rate * rows[0] / distance
        return rows

    def sine_of_elevation(self, seconds: FloatArray) -> FloatArray:
        """Return the sine of the elevation, shape `(n,)`."""
        seen = self.scene.at(seconds)
        offset = seen.craft_km - seen.place_km
        return np.asarray(self.scene.up @ offset / _length(offset))


class _SkylineMask(ContactMask):
    """Angular height above a horizon mask, rad, as a `Curve`.

    Rows of `sample` are value, derivative, the rows 2 to 4 of `ContactMask`, elevation and azimuth.
    """

    resolution = RESOLUTION_RAD
    slope_error = SLOPE_ERROR_RAD_S

    def __init__(self, scene: ContactScene, mask: HorizonMask) -> None:
        super().__init__(scene)
        self._skyline = Skyline(mask)

    def sample(self, seconds: FloatArray) -> FloatArray:
        seen, local = self.scene.at(seconds), self.scene.place.east_north_up()
        height = self._skyline.height(
            local @ (seen.craft_km - seen.place_km), local @ seen.craft_km_s
        )
        return np.concatenate([height[:2], self.rows(seen)[2:], height[2:]])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        motion = self.motion(left, right, step_s)
        bend = self._skyline.bend(left[5:], right[5:], step_s, motion)
        return bend, bend


class _Limb:
    """How far the craft is from being hidden by the Moon, km, as a `Curve`.

    The value is `clearance_km`, h - s: h the tangent from the craft to the sphere, s how far ahead
    of it the line to the place comes closest to the Moon's centre. Rows of `sample` are value,
    derivative, square r^2 of the distance from the Moon's centre and half its derivative, speed
    about the Moon, and distance from the place.
    """

    resolution = _RESOLUTION_KM
    slope_error = _SLOPE_ERROR_KM_S

    def __init__(self, scene: ContactScene) -> None:
        self.scene = scene

    def sample(self, seconds: FloatArray) -> FloatArray:
        seen = self.scene.at(seconds)
        about, velocity = seen.craft_km - seen.moon_km, seen.craft_km_s - seen.moon_km_s
        line = seen.place_km - seen.craft_km
        distance = _length(line)
        rows = np.empty((6, len(seconds)))
        rows[0] = clearance_km(seen)
        rows[2] = _dot(about, about)
        rows[3] = _dot(about, velocity)
        rows[4] = seen.speed_km_s
        rows[5] = distance
        # Of the unit vector towards the place, times the distance.
        swing = -seen.craft_km_s + line * (_dot(line, seen.craft_km_s) / distance**2)
        tangent = np.sqrt(np.maximum(rows[2] - MOON_RADIUS_KM**2, _RESOLUTION_KM**2))
        rows[1] = (_dot(swing, about) + _dot(line, velocity)) / distance + rows[3] / tangent
        return rows

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        half_s = step_s / 2.0
        radius = np.sqrt(np.array([left[2], right[2]]))
        within = reach(
            radius, np.array([left[3], right[3]]) / radius, np.array([left[4], right[4]]), step_s
        )
        low, high = within.low_km, within.high_km
        # Half of (r^2)'' is v^2 + r.a.
        tide = TIDE_S2 * high**2
        most = within.fastest2 - (2.0 - GRAVITY_MARGIN) * GM_MOON_KM3_S2 / high + tide
        least = within.slowest2 - GRAVITY_MARGIN * GM_MOON_KM3_S2 / low - tide
        # The tangent: h^2 = r^2 - R^2, so that h'' = ((r^2)'' / 2 - h'^2) / h.
        lowest2 = np.minimum(left[2], right[2]) - np.maximum(most, 0.0) * step_s**2 / 4.0
        tangent2 = lowest2 - MOON_RADIUS_KM**2
        unknown = within.too_long | (tangent2 <= 0.0)
        tangent = np.sqrt(np.where(unknown, 1.0, tangent2))
        turn = np.maximum(np.abs(left[3]), np.abs(right[3]))
        turn = turn + np.maximum(np.abs(most), np.abs(least)) * half_s
        lifts = np.maximum(most, 0.0) / tangent
        sinks = np.maximum(-least, 0.0) / tangent + (turn / tangent) ** 2 / tangent
        # The way ahead: s = -u.r, u the unit vector towards the place, which swings slowly.
        speed = np.sqrt(within.fastest2)
        relative = speed + _OTHERS_KM_S
        acceleration = within.pull_km_s2
        near = np.maximum(np.minimum(left[5], right[5]) - relative * half_s, 1.0)
        swing = relative / near
        swings = (acceleration + _OTHERS_KM_S2) / near + 3.0 * swing**2
        ahead = acceleration + 2.0 * swing * speed + swings * high
        downward = np.where(unknown, np.inf, _STRETCH_MARGIN * (sinks + ahead))
        upward = np.where(unknown, np.inf, _STRETCH_MARGIN * (lifts + ahead))
        return downward, upward


def find_contacts(
    orbit: Tabulated,
    place: Place,
    span: Span,
    min_elevation_deg: float = 10.0,
    light_time: bool = True,
) -> ContactSearch:
    """Find every stretch within `span` in which `place` can hear `orbit`.

    None is lost but those in which the craft comes out by less than 0.1 m or a millisecond.

    Args:
        orbit: about the Moon.
        place: where the antenna is.
        span: the window, by the time of reception; contacts it cuts are open there.
        min_elevation_deg: of the antenna, from -10 to 89; a horizon of the place's own counts too.
        light_time: without it, light takes no time.

    Raises:
        NoOrbitError: the orbit does not reach to the start of the window.
        InvalidInputError: the mask is out of range.
    """
    low, high = MASK_LIMITS_DEG
    if not low <= min_elevation_deg <= high:
        raise InvalidInputError(
            f"a minimum elevation of {min_elevation_deg:g} degrees is outside {low:g} to {high:g}"
        )
    clock = Clock(span.start)
    mask = None if place.horizon is None else place.horizon.raised_to(min_elevation_deg)
    lowest_deg = min_elevation_deg if mask is None else min(mask.elevation_deg)
    scene = ContactScene(orbit, place, clock, lowest_deg, light_time)
    start_s = scene.start_s()
    end_s, ending = clock.seconds_at(span.end), None
    scene.at(np.array([start_s]))
    try:
        scene.at(np.array([end_s]))
    except OrbitEndsError as end:
        ending, end_s = end, end.last_s
        span = Span(span.start, end.instant)
    knots_s = scene.knots_s(end_s)
    if mask is None:
        above = stretches_above(ContactMask(scene), start_s, end_s, _MASK_STEP_S, knots_s)
    else:
        curve = _SkylineMask(scene, mask)
        above = above_skyline(ContactMask(scene), curve, start_s, end_s, _MASK_STEP_S, knots_s)
    reach_s = REACH_RAD * orbit.period_s / (2.0 * math.pi)
    clear = stretches_above(_Limb(scene), start_s, end_s, reach_s, knots_s)
    contacts = tuple(_described(scene, list(_both(above, clear))))
    return ContactSearch(_verdict(contacts), contacts, span, ending)


def _verdict(contacts: tuple[Contact, ...]) -> Literal["passes", "always", "never"]:
    if not contacts:
        return "never"
    if len(contacts) == 1 and contacts[0].open_start and contacts[0].open_end:
        return "always"
    return "passes"


@dataclass(frozen=True, slots=True)
class _Stretch:
    start_s: float
    end_s: float
    begins: Edge
    ends: Edge


def _both(above: Stretches, clear: Stretches) -> Iterator[_Stretch]:
    """Return the stretches that lie in both, and which of the two cuts them."""

    def edges(stretches: Stretches, name: Edge) -> list[_Stretch]:
        last = len(stretches.start_s) - 1
        return [
            _Stretch(
                start_s,
                end_s,
                "window" if stretches.open_start and k == 0 else name,
                "window" if stretches.open_end and k == last else name,
            )
            for k, (start_s, end_s) in enumerate(
                zip(stretches.start_s.tolist(), stretches.end_s.tolist(), strict=True)
            )
        ]

    horizon, limb = edges(above, "horizon"), edges(clear, "limb")
    i = j = 0
    while i < len(horizon) and j < len(limb):
        one, other = horizon[i], limb[j]
        later = one if one.start_s > other.start_s else other
        sooner = one if one.end_s < other.end_s else other
        if later.start_s < sooner.end_s:
            yield _Stretch(later.start_s, sooner.end_s, later.begins, sooner.ends)
        if sooner is one:
            i += 1
        else:
            j += 1


def _described(scene: ContactScene, stretches: list[_Stretch]) -> Iterator[Contact]:
    count = len(stretches)
    if count == 0:
        return
    start_s = np.array([stretch.start_s for stretch in stretches])
    end_s = np.array([stretch.end_s for stretch in stretches])
    mask = ContactMask(scene)
    top_s = highest_in(
        mask.sine_of_elevation,
        mask.climb,
        Stretches(start_s, end_s, False, False),
        _CULMINATION_STEP_RAD * scene.orbit.period_s / (2.0 * math.pi),
    )
    seconds = np.concatenate([start_s, top_s, end_s])
    heard = signal(scene.orbit, scene.place, scene.clock, seconds, scene.light_time)
    sightings = [
        Sighting(*row)
        for row in zip(
            scene.clock.datetimes(seconds),
            heard.azimuth_deg.tolist(),
            heard.elevation_deg.tolist(),
            heard.range_km.tolist(),
            heard.range_rate_km_s.tolist(),
            strict=True,
        )
    ]
    edges = [stretch.begins for stretch in stretches] + [stretch.ends for stretch in stretches]
    errors = _errors_s(scene, np.concatenate([start_s, end_s]), edges)
    for k, stretch in enumerate(stretches):
        yield Contact(
            sightings[k],
            sightings[count + k],
            sightings[2 * count + k],
            open_start=stretch.begins == "window",
            open_end=stretch.ends == "window",
            begins=stretch.begins,
            ends=stretch.ends,
            begins_error_s=errors[k],
            ends_error_s=errors[count + k],
        )


def _errors_s(scene: ContactScene, seconds: FloatArray, edges: list[Edge]) -> list[float | None]:
    """Return what the orbit's own error makes of each edge, in seconds.

    The error may point anywhere, so it counts in full across the edge; at a limb that is the
    distance of the ray from the Moon's centre, which changes by h / R of the curve's value. Where
    the craft grazes, the edge moves as far as gravity needs to bend its way through the error. A
    craft that is late on its way reaches the limb as late, and hardly moves the horizon.
    """
    motion, orbit = scene.orbit.motion, scene.orbit
    departure = scene.clock.time(seconds - scene.at(seconds).light_time_s)
    lag_s = motion.lag_s(orbit.motion_seconds(departure))
    limb, mask = _Limb(scene).sample(seconds), ContactMask(scene).sample(seconds)
    tangent = np.sqrt(np.maximum(limb[2] - MOON_RADIUS_KM**2, 0.0))
    across_limb = np.abs(limb[1]) * tangent / MOON_RADIUS_KM
    grazing_s = np.sqrt(2.0 * motion.error_km * limb[2] / GM_MOON_KM3_S2)
    with np.errstate(divide="ignore"):
        at_limb = np.minimum(motion.error_km / across_limb, grazing_s) + lag_s
        at_horizon = (motion.error_km + limb[4] * lag_s) / np.abs(mask[1])
    values = np.where([edge == "limb" for edge in edges], at_limb, at_horizon).tolist()
    return [None if edge == "window" else value for edge, value in zip(edges, values, strict=True)]


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("in,in->n", left, right))


def _length(vectors: FloatArray) -> FloatArray:
    return np.sqrt(_dot(vectors, vectors))
