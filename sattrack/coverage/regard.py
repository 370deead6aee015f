"""Fields of regard: which places an instrument that looks at one part of the Earth can observe.

Such instruments fly in geostationary orbit and scan their field at fixed hours while the Sun lights
it. Angles are geometric, without refraction, from the normal of the WGS 84 ellipsoid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sattrack.catalog.entries import FieldOfRegard, GroundSample, Scan
from sattrack.coverage.daylight import Daylight, find_daylight, solar_zenith_deg
from sattrack.coverage.outline import Outline
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.orbit import Orbit, OrbitEndsError
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray
from sattrack.times.span import Span

RegardVerdict: TypeAlias = Literal["inside", "outside", "beyond the limb", "behind the Earth"]

# The radius at which a revolution takes a sidereal day: (GM / omega^2)^(1/3).
GEOSTATIONARY_RADIUS_KM = 42164.17
# What is never in sight at such steps is not in sight; a geostationary craft does not move.
_STEP_S = 600.0
_MINUTES_PER_DAY = 1440


@dataclass(frozen=True, slots=True)
class Views:
    """How a place sees a craft, or would through the Earth; arrays of shape `(n,)`.

    Attributes:
        zenith_deg: of the craft at the place; beyond 90 the Earth is in between.
        central_deg: between both, at the Earth's centre.
    """

    zenith_deg: FloatArray
    range_km: FloatArray
    central_deg: FloatArray

    @property
    def in_sight(self) -> NDArray[np.bool_]:
        """Whether nothing is in between."""
        return np.asarray(self.zenith_deg < 90.0)


@dataclass(frozen=True, slots=True)
class ScanOver:
    """A scan that can observe a place: its start, and the angles at the place then."""

    start: datetime
    viewing_zenith_deg: float
    solar_zenith_deg: float


@dataclass(frozen=True, slots=True)
class Regard:
    """How an instrument sees a place within a window.

    Attributes:
        verdict: `inside` the field of regard and in sight, `outside` the field; or hidden, by the
            limb or by the whole of the Earth, wherever the field lies.
        time: the first instant, at steps of ten minutes, at which the craft is in sight; the start
            of the window where it always is. None where it never is, and then no angle is given.
        viewing_zenith_deg, range_km: of the craft at the place, at that time.
        north_south_km, east_west_km: about the size of a pixel there; None where it is not known.
        daylight: when the Sun is within the limit of the scans; empty unless `inside`.
        scans: those that can observe the place; None where nobody publishes when they start.
        span: what was searched; shorter than asked where the orbit ends.
        ending: why it is shorter, or None.
    """

    verdict: RegardVerdict
    span: Span
    time: datetime | None = None
    viewing_zenith_deg: float | None = None
    range_km: float | None = None
    north_south_km: float | None = None
    east_west_km: float | None = None
    daylight: tuple[Daylight, ...] = ()
    scans: tuple[ScanOver, ...] | None = None
    ending: OrbitEndsError | None = None


def views(position_km: FloatArray, place: Place) -> Views:
    """Return how `place` sees a craft at positions in ITRF, shape `(3, n)`."""
    place_km = place.itrf_km()
    offset = position_km - place_km[:, None]
    east, north, up = place.east_north_up() @ offset
    return Views(
        zenith_deg=np.degrees(np.arctan2(np.hypot(east, north), up)),
        range_km=np.sqrt(np.einsum("in,in->n", offset, offset)),
        central_deg=_angle_deg(place_km[:, None], position_km),
    )


def regard(
    orbit: Orbit,
    place: Place,
    span: Span,
    field: FieldOfRegard,
    bodies: Bodies,
    scan: Scan | None = None,
    sample: GroundSample | None = None,
    slot_longitude_deg: float | None = None,
) -> Regard:
    """Tell whether an instrument sees a place, at which angles, and which scans observe it.

    Args:
        orbit: of the craft that carries the instrument.
        place: on the ground.
        span: the window.
        field: the field of regard.
        bodies: for the Sun.
        scan: when it scans; without it neither daylight nor scans are told.
        sample: the size of a pixel somewhere.
        slot_longitude_deg: where the craft stands above the equator when `sample` holds; without
            it, where it is.

    Raises:
        NoOrbitError: the orbit does not work at the start of the window, or the Sun's place is
            not known.
    """
    clock = Clock(span.start)
    end_s, ending = clock.seconds_at(span.end), None
    try:
        orbit.itrf(clock, np.array([0.0, end_s]))
    except OrbitEndsError as end:
        if end.last_s <= 0.0:
            raise
        ending, end_s = end, end.last_s
        span = Span(span.start, end.instant)
    seconds = np.append(np.arange(0.0, end_s, _STEP_S), end_s)
    position_km, _ = orbit.itrf(clock, seconds)
    view = views(position_km, place)
    (seen,) = np.nonzero(view.in_sight)
    if len(seen) == 0:
        behind = bool((view.central_deg > 90.0).all())
        return Regard("behind the Earth" if behind else "beyond the limb", span, ending=ending)
    at = int(seen[0])
    (instant,) = clock.datetimes(seconds[at : at + 1])
    north_south_km, east_west_km = None, None
    inside = Outline(field.outline_deg).holds(place.latitude_deg, place.longitude_deg)
    if inside and sample is not None:
        north_south_km, east_west_km = ground_sample_km(
            position_km[:, at], place, sample, slot_longitude_deg
        )
    return Regard(
        "inside" if inside else "outside",
        span,
        instant,
        float(view.zenith_deg[at]),
        float(view.range_km[at]),
        north_south_km,
        east_west_km,
        daylight=_daylight(place, bodies, clock, end_s, scan) if inside else (),
        scans=_scans(orbit, place, bodies, clock, span, scan) if inside else None,
        ending=ending,
    )


def _daylight(
    place: Place, bodies: Bodies, clock: Clock, end_s: float, scan: Scan | None
) -> tuple[Daylight, ...]:
    if scan is None:
        return ()
    return find_daylight(place, bodies, clock, end_s, scan.solar_zenith_limit_deg)


def _scans(
    orbit: Orbit, place: Place, bodies: Bodies, clock: Clock, span: Span, scan: Scan | None
) -> tuple[ScanOver, ...] | None:
    """Return the scans that begin in the window with the Sun within the limit, craft in sight."""
    if scan is None or scan.minute is None:
        return None
    starts = list(scan_starts(scan, span))
    if not starts:
        return ()
    seconds = np.array([clock.seconds_at(start) for start in starts])
    position_km, _ = orbit.itrf(clock, seconds)
    view = views(position_km, place)
    sun_deg = solar_zenith_deg(place, bodies, clock, seconds)
    observed = view.in_sight & (sun_deg <= scan.solar_zenith_limit_deg)
    return tuple(
        ScanOver(starts[k], float(view.zenith_deg[k]), float(sun_deg[k]))
        for k in np.flatnonzero(observed).tolist()
    )


def off_slot_deg(orbit: Orbit, span: Span, slot_longitude_deg: float) -> float:
    """Return how far from its slot a geostationary craft stands in a window, in longitude.

    Operators keep it to 0.1 degrees or so: more means a craft on the move, or old elements.

    Raises:
        NoOrbitError: the orbit does not work in all of the window.
    """
    clock = Clock(span.start)
    (x, y, _), _ = orbit.itrf(clock, np.array([0.0, clock.seconds_at(span.end)]))
    away = np.degrees(np.arctan2(y, x)) - slot_longitude_deg
    return float(np.abs((away + 180.0) % 360.0 - 180.0).max())


def scan_starts(scan: Scan, span: Span) -> Iterator[datetime]:
    """Yield when the scans of a window start, by the rule of the catalog, whatever the daylight."""
    if scan.minute is None:
        return
    minutes = range(scan.minute % scan.every_min, _MINUTES_PER_DAY, scan.every_min)
    allowed = [minute for minute in minutes if _is_between(minute, scan)]
    day = span.start.date()
    while day <= span.end.date():
        midnight = datetime.combine(day, time(), UTC)
        for minute in allowed:
            start = midnight + timedelta(minutes=minute)
            if span.start <= start < span.end:
                yield start
        day += timedelta(days=1)


def _is_between(minute: int, scan: Scan) -> bool:
    """Whether a minute of the day lies from the first start to the last, across midnight too."""
    if not scan.first_utc:
        return True
    first, last = _minute(scan.first_utc), _minute(scan.last_utc)
    return (minute - first) % _MINUTES_PER_DAY <= (last - first) % _MINUTES_PER_DAY


def _minute(time_of_day: str) -> int:
    hour, minute = time_of_day.split(":")
    return 60 * int(hour) + int(minute)


def ground_sample_km(
    craft_km: FloatArray,
    place: Place,
    sample: GroundSample,
    slot_longitude_deg: float | None = None,
) -> tuple[float, float] | tuple[None, None]:
    """Return about how large a pixel is at a place, north-south and east-west.

    A pixel is as wide as seen from the craft everywhere; on the ground it grows with range, and
    along the line of sight with the slant.

    Args:
        craft_km: ITRF, shape `(3,)`.
        place: in sight of the craft.
        sample: how large it is somewhere.
        slot_longitude_deg: where the craft stood then above the equator; None for `craft_km`.

    Returns:
        Kilometres, or nothing where the craft could not see the place of `sample`.
    """
    origin_km = craft_km
    if slot_longitude_deg is not None:
        longitude = math.radians(slot_longitude_deg)
        origin_km = GEOSTATIONARY_RADIUS_KM * np.array(
            [math.cos(longitude), math.sin(longitude), 0.0]
        )
    reference = Place("", sample.latitude_deg, sample.longitude_deg)
    if not views(origin_km[:, None], reference).in_sight[0]:
        return None, None
    there = _stretch_km(origin_km, reference)
    here = _stretch_km(craft_km, place)
    return sample.north_south_km * here[0] / there[0], sample.east_west_km * here[1] / there[1]


def _stretch_km(craft_km: FloatArray, place: Place) -> tuple[float, float]:
    """Return how far the line of sight moves on the ground, km per radian it turns at the craft.

    North-south, in the plane of the line and the Earth's axis, and across that. Turned by v, at
    right angles to the line of direction d and length r, it meets the plane with the normal u at
    r (v - d (v.u) / (d.u)).
    """
    offset = place.itrf_km() - craft_km
    distance = math.sqrt(float(offset @ offset))
    sight = offset / distance
    east = np.cross(sight, [0.0, 0.0, 1.0])
    east = east / math.sqrt(float(east @ east))
    up = place.east_north_up()[2]
    slant = float(sight @ up)
    north_south, east_west = (
        distance * math.hypot(1.0, float(turn @ up) / slant)
        for turn in (np.cross(east, sight), east)
    )
    return north_south, east_west


def _angle_deg(one: FloatArray, other: FloatArray) -> FloatArray:
    across = np.cross(one, other, axis=0)
    along = np.einsum("in,in->n", np.broadcast_to(one, other.shape), other)
    return np.asarray(np.degrees(np.arctan2(np.sqrt(np.einsum("in,in->n", across, across)), along)))
