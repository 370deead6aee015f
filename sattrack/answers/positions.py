"""Where spacecraft are at an instant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sattrack.answers.lunar import about_the_moon
from sattrack.errors import InvalidInputError
from sattrack.orbits.states import states
from sattrack.passes import Sighting, look_angles
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking import Tracked, cautions

if TYPE_CHECKING:
    from sattrack.catalog import Downlink
    from sattrack.orbits.moon import Illumination
    from sattrack.orbits.tabulated import Tabulated


@dataclass(frozen=True, slots=True)
class AtTheMoon:
    """Where a lunar orbiter is above the Moon.

    Attributes:
        latitude_deg, longitude_deg: of the point beneath it, mean-Earth frame, east positive.
        height_km: above a sphere of 1737.4 km.
        orbit_number: how often it has crossed the Moon's equator northward since
            `orbit_number_since`: of a craft with an embedded ephemeris, where that begins, so that
            a newer table does not begin anew; of others, the first full second of their table.
        illumination: in whose light or shadow it is.
        earth_distance_km: from the Earth's centre.
    """

    latitude_deg: float
    longitude_deg: float
    height_km: float
    orbit_number: int
    orbit_number_since: datetime
    illumination: Illumination
    earth_distance_km: float


@dataclass(frozen=True, slots=True)
class Reception:
    """What a place receives of a lunar orbiter.

    Attributes:
        light_time_s: one way.
        hidden_by_moon: whether the Moon stands in between.
        moon_centre_deg: between the craft and the Moon's centre, as the place sees them.
        doppler_hz: by how much each downlink of the catalog arrives shifted.
    """

    light_time_s: float
    hidden_by_moon: bool
    moon_centre_deg: float
    doppler_hz: tuple[tuple[Downlink, float], ...]


@dataclass(frozen=True, slots=True)
class PositionOf:
    """Where one spacecraft is, and where it stands in the sky of a place, if one was given.

    Attributes:
        position_km, velocity_km_s: in GCRF, three numbers each.
        latitude_deg, longitude_deg, height_km: geodetic, WGS 84, east positive.
        sighting: geometric; of a lunar orbiter, as its light arrives, which takes over a second.
        moon, reception: of lunar orbiters.
    """

    tracked: Tracked
    position_km: tuple[float, float, float]
    velocity_km_s: tuple[float, float, float]
    latitude_deg: float
    longitude_deg: float
    height_km: float
    place: Place | None = None
    sighting: Sighting | None = None
    moon: AtTheMoon | None = None
    reception: Reception | None = None

    @property
    def speed_km_s(self) -> float:
        """Speed in GCRF."""
        return math.hypot(*self.velocity_km_s)


@dataclass(frozen=True, slots=True)
class PositionAnswer:
    """The answer of `sattrack position`."""

    time: datetime
    results: tuple[PositionOf, ...]
    warnings: tuple[str, ...] = ()


def positions_at(
    tracked: Sequence[Tracked], instant: datetime, place: Place | None = None
) -> PositionAnswer:
    """Find where each spacecraft is at `instant`, and where it stands in the sky of `place`.

    Raises:
        NoOrbitError: an orbit does not work at the instant.
    """
    if instant.tzinfo is None:
        raise InvalidInputError("the time asked needs a time zone")
    clock = Clock(instant)
    moment = Span(instant, instant + timedelta(seconds=1))
    results = tuple(position_of(item, place, clock) for item in tracked)
    return PositionAnswer(instant, results, cautions(tracked, moment))


def position_of(
    tracked: Tracked, place: Place | None, clock: Clock, above_moon: bool = True
) -> PositionOf:
    """Find where one spacecraft is when `clock` starts, and where it stands in the sky of a place.

    Args:
        tracked, place, clock: who, from where, when.
        above_moon: tell where a lunar orbiter is above the Moon; counting its orbits takes a
            hundred times longer than all the rest.

    Raises:
        NoOrbitError: the orbit does not work then.
    """
    state = states(tracked.orbit, clock, np.zeros(1))
    x_km, y_km, z_km = state.position_km[:, 0].tolist()
    vx_km_s, vy_km_s, vz_km_s = state.velocity_km_s[:, 0].tolist()
    found = PositionOf(
        tracked,
        (x_km, y_km, z_km),
        (vx_km_s, vy_km_s, vz_km_s),
        float(state.latitude_deg[0]),
        float(state.longitude_deg[0]),
        float(state.height_km[0]),
        place,
    )
    orbit = about_the_moon(tracked)
    if orbit is not None:
        if above_moon:
            found = replace(found, moon=_at_the_moon(orbit, clock))
        if place is not None:
            sighting, reception = _received(orbit, tracked.spacecraft.downlinks, place, clock)
            found = replace(found, sighting=sighting, reception=reception)
    elif place is not None:
        found = replace(found, sighting=_sighting(tracked, place, clock))
    return found


def _at_the_moon(orbit: Tabulated, clock: Clock) -> AtTheMoon:
    from sattrack.orbits.moon import illumination, sub_points
    from sattrack.tracking.ephemerides import moon_frames

    now = np.zeros(1)
    t = clock.time(now)
    number, since = _orbit_number(orbit, clock)
    beneath = sub_points(orbit, moon_frames(), t)
    (light,) = illumination(orbit, t)
    position, _ = orbit.geocentric(t)
    return AtTheMoon(
        float(beneath.latitude_deg[0]),
        float(beneath.longitude_deg[0]),
        float(beneath.height_km[0]),
        number,
        since,
        light,
        float(np.linalg.norm(position)),
    )


def _orbit_number(orbit: Tabulated, clock: Clock) -> tuple[int, datetime]:
    """Return the number of the orbit at the start of `clock`, and since when it is counted.

    How often a craft went round before its table begins the embedded ephemeris tells, good to a
    small part of a turn; where exactly it is in its turn, the table.
    """
    from sattrack.orbits.moon import orbit_numbers, turns_since
    from sattrack.tracking.ephemerides import moon_frames
    from sattrack.tracking.tables import embedded_orbit

    frames, now = moon_frames(), np.zeros(1)
    embedded = embedded_orbit(orbit.motion.naif_id)
    known = orbit if embedded is None else embedded.orbit
    first_s, last_s = np.array([orbit.reach(clock), known.reach(clock)]).T
    if first_s.max() >= last_s.min():
        known = orbit
        first_s, last_s = np.array([orbit.reach(clock)]).T
    since = known.coverage[0].replace(microsecond=0) + timedelta(seconds=1)
    shared_s = np.clip(now, first_s.max(), last_s.min())
    (shared,) = clock.datetimes(shared_s)
    turns = turns_since(known, frames, since, clock, shared_s)
    within = turns_since(orbit, frames, shared, clock, shared_s)
    before = int(np.round(turns - within)[0])
    return before + int(orbit_numbers(orbit, frames, shared, clock, now)[0]), since


def _received(
    orbit: Tabulated, downlinks: Sequence[Downlink], place: Place, clock: Clock
) -> tuple[Sighting, Reception]:
    from sattrack.orbits.light import signal

    heard = signal(orbit, place, clock, np.zeros(1))
    sighting = Sighting(
        clock.start,
        float(heard.azimuth_deg[0]),
        float(heard.elevation_deg[0]),
        float(heard.range_km[0]),
        float(heard.range_rate_km_s[0]),
    )
    reception = Reception(
        float(heard.light_time_s[0]),
        bool(heard.hidden[0]),
        float(heard.moon_centre_deg[0]),
        tuple((link, float(heard.doppler_hz(link.frequency_mhz * 1e6)[0])) for link in downlinks),
    )
    return sighting, reception


def _sighting(tracked: Tracked, place: Place, clock: Clock) -> Sighting:
    look = look_angles(tracked.orbit, place, clock, np.zeros(1))
    return Sighting(
        clock.start,
        float(look.azimuth_deg[0]),
        float(look.elevation_deg[0]),
        float(look.range_km[0]),
        float(look.range_rate_km_s[0]),
    )
