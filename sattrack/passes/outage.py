"""Sun outages: the stretches in which the Sun stands in the beam of an antenna that hears a craft.

Seen from the place, the Sun's centre is then closer to the craft than half the 3 dB beamwidth and
the Sun's radius together (ITU-R S.1525-1). Directions are geometric; refraction lifts both alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

import numpy as np

from sattrack.errors import InvalidInputError
from sattrack.events import Stretches, highest_in, stretches_above
from sattrack.orbits.bodies import LIGHT_KM_S, Bodies
from sattrack.orbits.bounds import radian_s
from sattrack.orbits.earth import EARTH_ROTATION_RAD_S
from sattrack.orbits.frames import is_lunar
from sattrack.orbits.orbit import Orbit
from sattrack.orbits.sun import sun_itrf
from sattrack.orbits.tabulated import Tabulated
from sattrack.passes.horizon import Horizon, PassSearch
from sattrack.passes.occultation import ContactMask, ContactScene
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray

Edge: TypeAlias = Literal["beam", "pass", "window"]

# ITU-R S.1525-1 counts with an optical diameter of 0.48 degrees.
SUN_RADIUS_DEG = 0.24
BEAM_LIMITS_DEG = (0.001, 60.0)
SUN_RADIUS_LIMITS_DEG = (0.0, 5.0)

# The apparent Sun goes round by 2e-7 rad/s less than the Earth turns; its parallax, 4e-5 rad,
# and the equation of time change that by a ten-thousandth.
_SUN_TURN_RAD_S = 1.001 * EARTH_ROTATION_RAD_S
# 0.1 mm across the edge: what grazes the beam by less is over in a tenth of a second.
_RESOLUTION_KM = 1e-7
_PEAK_STEP_RAD = 0.15
# As in `sattrack.passes.horizon` and `sattrack.passes.occultation`.
_REACH_RAD = 0.45
_LUNAR_STEP_S = 900.0


def half_power_beamwidth_deg(dish_m: float, frequency_mhz: float) -> float:
    """Return the 3 dB beamwidth of a dish, 70 lambda / D degrees: ITU-R S.1525-1, annex 1."""
    wavelength_m = LIGHT_KM_S / (1000.0 * frequency_mhz)
    return 70.0 * wavelength_m / dish_m


@dataclass(frozen=True, slots=True)
class Closest:
    """Where the craft stands when the Sun is closest to it.

    Attributes:
        separation_deg: from the craft to the Sun's centre, as seen from the place.
        azimuth_deg, elevation_deg, range_km: of the craft.
    """

    time: datetime
    separation_deg: float
    azimuth_deg: float
    elevation_deg: float
    range_km: float


@dataclass(frozen=True, slots=True)
class Outage:
    """A maximal stretch of time with the Sun in the beam, as far as the window shows it.

    Attributes:
        first, last: its first and last instants inside the window.
        begins, ends: whether the Sun enters and leaves the `beam` there, the craft rises or sets
            with the Sun in it (`pass`), or the `window` cuts it.
    """

    first: datetime
    closest: Closest
    last: datetime
    begins: Edge = "beam"
    ends: Edge = "beam"

    @property
    def start(self) -> datetime | None:
        """Where it starts; None where the window cuts it."""
        return None if self.begins == "window" else self.first

    @property
    def end(self) -> datetime | None:
        """Where it ends; None where the window cuts it."""
        return None if self.ends == "window" else self.last

    @property
    def duration_s(self) -> float:
        """Time inside the window."""
        return (self.last - self.first).total_seconds()


class _Cone:
    """The cone of directions around the Sun, as a place sees them.

    With d the vector from the place to the craft, u the direction of the Sun and L the limit, its
    value is d.u - |d| cos L, in km: positive inside, and bending no more than the two motions
    allow.
    """

    def __init__(self, place: Place, clock: Clock, bodies: Bodies, limit_rad: float) -> None:
        self._place_km = place.itrf_km()[:, None]
        self._clock = clock
        self._bodies = bodies
        self._cosine = math.cos(limit_rad)

    def sun(self, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the direction of the Sun in ITRF and its derivative, each of shape `(3, n)`."""
        sun, velocity = sun_itrf(self._bodies, self._clock, seconds)
        offset = sun - self._place_km
        distance = _length(offset)
        unit = offset / distance
        return unit, (velocity - unit * _dot(unit, velocity)) / distance

    def rows(
        self, seconds: FloatArray, offset: FloatArray, velocity: FloatArray, motion: FloatArray
    ) -> FloatArray:
        """Return value and derivative in the first two rows, and `motion` in the others."""
        unit, turning = self.sun(seconds)
        distance = _length(offset)
        value = _dot(offset, unit) - self._cosine * distance
        rate = _dot(velocity, unit) + _dot(offset, turning)
        rate = rate - self._cosine * _dot(offset, velocity) / distance
        return np.concatenate([value[None], rate[None], motion])

    def bend(
        self,
        left: FloatArray,
        right: FloatArray,
        step_s: FloatArray,
        motion: tuple[FloatArray, FloatArray, FloatArray],
    ) -> tuple[FloatArray, FloatArray]:
        """Bound the second derivative inside steps; see `Curve.bend`.

        It is d''.(u - s cos L) + 2 d'.u' + d.u'' - cos L (d'^2 - |d|'^2) / |d|, with s the
        direction of the craft.
        """
        near, speed, acceleration = motion
        far = (left[2] + right[2] + speed * step_s) / 2.0
        turn = _SUN_TURN_RAD_S
        plain = acceleration * (1.0 + self._cosine) + turn * (2.0 * speed + turn * far)
        return plain + self._cosine * speed * speed / near, plain

    def cosine(self, seconds: FloatArray, offset: FloatArray) -> FloatArray:
        """Return the cosine of the separation."""
        unit, _ = self.sun(seconds)
        return np.asarray(_dot(offset, unit) / _length(offset))

    def separation_deg(self, seconds: FloatArray, offset: FloatArray) -> FloatArray:
        unit, _ = self.sun(seconds)
        across = _length(np.cross(offset, unit, axis=0))
        return np.degrees(np.arctan2(across, _dot(offset, unit)))

    def climb(self, seconds: FloatArray, offset: FloatArray, velocity: FloatArray) -> FloatArray:
        """Return the derivative of the cosine of the separation, and roughly its own."""
        unit, turning = self.sun(seconds)
        distance = _length(offset)
        craft = offset / distance
        swing = (velocity - craft * _dot(craft, velocity)) / distance
        relative = swing - turning
        return np.array([_dot(swing, unit) + _dot(craft, turning), -_dot(relative, relative)])


class _Beam(Horizon):
    """The Sun's cone against a craft about the Earth, as a `Curve`; see `_Cone`.

    Rows of `sample` are value, derivative, and the rows 2 to 5 of `Horizon`.
    """

    def __init__(self, orbit: Orbit, place: Place, clock: Clock, cone: _Cone) -> None:
        super().__init__(orbit, place, clock, 0.0)
        self._cone = cone
        self.resolution = _RESOLUTION_KM

    def sample(self, seconds: FloatArray) -> FloatArray:
        geometry = self.geometry(seconds)
        _, velocity, offset, _, _ = geometry
        return self._cone.rows(seconds, offset, velocity, self.rows(geometry)[2:])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        return self._cone.bend(left, right, step_s, self.motion(left, right, step_s))

    def seen(self, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the vector from the place to the craft, ITRF, and its derivative."""
        _, velocity, offset, _, _ = self.geometry(seconds)
        return offset, velocity


class _LunarBeam(ContactMask):
    """The same against a craft about the Moon, as its light arrives.

    Rows of `sample` are value, derivative, and the rows 2 to 4 of `ContactMask`.
    """

    resolution = _RESOLUTION_KM

    def __init__(self, scene: ContactScene, cone: _Cone) -> None:
        super().__init__(scene)
        self._cone = cone

    def sample(self, seconds: FloatArray) -> FloatArray:
        sight = self.scene.at(seconds)
        offset = sight.craft_km - sight.place_km
        return self._cone.rows(seconds, offset, sight.craft_km_s, self.rows(sight)[2:])

    def bend(
        self, left: FloatArray, right: FloatArray, step_s: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        return self._cone.bend(left, right, step_s, self.motion(left, right, step_s))

    def seen(self, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the vector from the place to the craft, ITRF, and its derivative."""
        sight = self.scene.at(seconds)
        return sight.craft_km - sight.place_km, sight.craft_km_s


def find_outages(
    orbit: Orbit, place: Place, bodies: Bodies, search: PassSearch, limit_deg: float
) -> tuple[Outage, ...]:
    """Find every stretch in which the Sun is closer to a craft than `limit_deg` during its passes.

    None is lost but those in which the Sun grazes the beam for less than a tenth of a second.

    Args:
        orbit: any model.
        place: where the antenna is.
        bodies: Sun, Moon and Earth.
        search: the passes of `orbit` over `place`, and the span they were searched in.
        limit_deg: half the 3 dB beamwidth and the Sun's radius together.

    Raises:
        NoOrbitError: the ephemeris of the Sun does not reach to one of the instants.
        InvalidInputError: the limit is out of range.
    """
    if not 0.0 < limit_deg < 90.0:
        raise InvalidInputError(f"a separation of {limit_deg:g} degrees is outside 0 to 90")
    if not search.passes:
        return ()
    clock = Clock(search.span.start)
    end_s = clock.seconds_at(search.span.end)
    cone = _Cone(place, clock, bodies, math.radians(limit_deg))
    beam: _Beam | _LunarBeam
    if isinstance(orbit, Tabulated) and is_lunar(orbit):
        scene = ContactScene(orbit, place, clock, 0.0, light_time=True)
        beam, knots_s = _LunarBeam(scene, cone), scene.knots_s(end_s)
        step_s, peak_step_s = _LUNAR_STEP_S, _LUNAR_STEP_S
    else:
        beam, knots_s = _Beam(orbit, place, clock, cone), orbit.knots(clock)
        turn_s = radian_s(orbit)
        step_s, peak_step_s = _REACH_RAD * turn_s, _PEAK_STEP_RAD * turn_s
    inside = stretches_above(beam, 0.0, end_s, step_s, knots_s)
    pieces = list(_within_passes(inside, search, clock))
    stretches = Stretches(
        np.array([piece[0] for piece in pieces]),
        np.array([piece[1] for piece in pieces]),
        open_start=False,
        open_end=False,
    )
    peak_s = highest_in(
        lambda seconds: cone.cosine(seconds, beam.seen(seconds)[0]),
        lambda seconds: cone.climb(seconds, *beam.seen(seconds)),
        stretches,
        peak_step_s,
    )
    return tuple(
        Outage(first, closest, last, begins, ends)
        for first, closest, last, (_, _, begins, ends) in zip(
            clock.datetimes(stretches.start_s),
            _closest(beam, cone, place, clock, peak_s),
            clock.datetimes(stretches.end_s),
            pieces,
            strict=True,
        )
    )


def _within_passes(
    inside: Stretches, search: PassSearch, clock: Clock
) -> Iterator[tuple[float, float, Edge, Edge]]:
    """Return the parts of stretches in the beam that lie inside a pass, and what ends each."""
    passes = [
        (
            clock.seconds_at(one.first.time),
            clock.seconds_at(one.last.time),
            one.open_start,
            one.open_end,
        )
        for one in search.passes
    ]
    k, last = 0, len(inside.start_s) - 1
    for j, (enters_s, leaves_s) in enumerate(
        zip(inside.start_s.tolist(), inside.end_s.tolist(), strict=True)
    ):
        while k < len(passes) and passes[k][1] <= enters_s:
            k += 1
        i = k
        while i < len(passes) and passes[i][0] < leaves_s:
            rise_s, set_s, open_start, open_end = passes[i]
            begins: Edge = "beam" if enters_s >= rise_s else "pass"
            ends: Edge = "beam" if leaves_s <= set_s else "pass"
            if (inside.open_start and j == 0) and (open_start and i == 0):
                begins = "window"
            if (inside.open_end and j == last) and (open_end and i == len(passes) - 1):
                ends = "window"
            yield max(enters_s, rise_s), min(leaves_s, set_s), begins, ends
            i += 1


def _closest(
    beam: _Beam | _LunarBeam, cone: _Cone, place: Place, clock: Clock, seconds: FloatArray
) -> list[Closest]:
    if len(seconds) == 0:
        return []
    offset, _ = beam.seen(seconds)
    east, north, up = place.east_north_up() @ offset
    values = (
        cone.separation_deg(seconds, offset),
        np.degrees(np.arctan2(east, north)) % 360.0,
        np.degrees(np.arctan2(up, np.hypot(east, north))),
        _length(offset),
    )
    rows = zip(clock.datetimes(seconds), *(value.tolist() for value in values), strict=True)
    return [Closest(*row) for row in rows]


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("in,in->n", left, right))


def _length(vectors: FloatArray) -> FloatArray:
    return np.sqrt(_dot(vectors, vectors))
