"""Answers: the orbits of what was asked for, joined with the mathematics of the question.

Exports and views turn these values into text and compute nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sattrack.errors import InvalidInputError
from sattrack.orbits.states import states
from sattrack.passes import Pass, PassSearch, Sighting, find_passes, look_angles
from sattrack.passes.network import NetworkContacts, merge
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking import Tracked, cautions

if TYPE_CHECKING:
    from sattrack.catalog import Downlink
    from sattrack.orbits.moon import Illumination
    from sattrack.orbits.tabulated import Tabulated
    from sattrack.passes.overflight import Overflight, OverflightSearch, Target


@dataclass(frozen=True, slots=True)
class PassesOf:
    """The passes of one spacecraft over one place.

    Attributes:
        passes: those of `search`, or the first of them where the user set a limit.
    """

    tracked: Tracked
    place: Place
    search: PassSearch
    passes: tuple[Pass, ...]

    def timing_uncertainty_s(self, pass_: Pass) -> float | None:
        """Return one standard deviation of the times of a pass; None for planned orbits."""
        return self.tracked.timing_uncertainty_s(pass_.culmination.time)


@dataclass(frozen=True, slots=True)
class PassesAnswer:
    """The answer of `sattrack passes`.

    Attributes:
        limit: how many passes of all were asked for, or None.
    """

    span: Span
    min_elevation_deg: float
    results: tuple[PassesOf, ...]
    warnings: tuple[str, ...] = ()
    limit: int | None = None

    def networks(self) -> list[tuple[Tracked, NetworkContacts]]:
        """Return what all places together hear of each craft, where there are several places."""
        of: dict[str, list[PassesOf]] = {}
        for result in self.results:
            of.setdefault(result.tracked.spacecraft.id, []).append(result)
        found = []
        for results in of.values():
            if len(results) > 1:
                every = [(result.place.name, result.search.passes) for result in results]
                # Where the orbit ends sooner, it does so for all of them.
                span = min((result.search.span for result in results), key=lambda span: span.end)
                found.append((results[0].tracked, merge(every, span)))
        return found

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return all(result.search.ending is None for result in self.results)

    def in_order(self) -> list[tuple[PassesOf, Pass]]:
        """Return all passes with their result, in order of time."""
        every = [(result, pass_) for result in self.results for pass_ in result.passes]
        return sorted(every, key=lambda item: item[1].first.time)


def passes_over(
    tracked: Sequence[Tracked],
    places: Sequence[Place],
    span: Span,
    min_elevation_deg: float = 10.0,
    limit: int | None = None,
) -> PassesAnswer:
    """Find the passes of each spacecraft over each place.

    Args:
        tracked: the spacecraft with their orbits.
        places: observers or antennas.
        span: the window.
        min_elevation_deg: the mask, from -10 to 89.
        limit: keep only the first passes of all, this many.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: the mask or the limit is out of range.
    """
    if limit is not None and limit < 1:
        raise InvalidInputError(f"a limit of {limit} passes leaves nothing; give 1 or more")
    results = tuple(
        PassesOf(item, place, search, search.passes)
        for place in places
        for item in tracked
        for search in (_search(item, place, span, min_elevation_deg),)
    )
    endings = [str(r.search.ending) for r in results if r.search.ending is not None]
    warnings = (*cautions(tracked, span), *dict.fromkeys(endings))
    answer = PassesAnswer(span, min_elevation_deg, results, warnings, limit)
    if limit is None:
        return answer
    kept = {id(pass_) for _, pass_ in answer.in_order()[:limit]}
    first = tuple(
        replace(result, passes=tuple(p for p in result.passes if id(p) in kept))
        for result in results
    )
    return replace(answer, results=first)


def _search(tracked: Tracked, place: Place, span: Span, min_elevation_deg: float) -> PassSearch:
    """Find when a place can reach a craft: what orbits the Moon must not be behind it either."""
    orbit = _about_the_moon(tracked)
    if orbit is not None:
        from sattrack.passes.occultation import find_contacts

        return find_contacts(orbit, place, span, min_elevation_deg)
    return find_passes(tracked.orbit, place, span, min_elevation_deg)


def _about_the_moon(tracked: Tracked) -> Tabulated | None:
    """Return the orbit of a lunar orbiter, or None."""
    if tracked.provenance.coverage is None:
        return None
    from sattrack.elements import MOON_NAIF_ID
    from sattrack.orbits.tabulated import Tabulated

    orbit = tracked.orbit
    if isinstance(orbit, Tabulated) and orbit.motion.centre_naif_id == MOON_NAIF_ID:
        return orbit
    return None


@dataclass(frozen=True, slots=True)
class AtTheMoon:
    """Where a lunar orbiter is above the Moon.

    Attributes:
        latitude_deg, longitude_deg: of the point beneath it, mean-Earth frame, east positive.
        height_km: above a sphere of 1737.4 km.
        orbit_number: how often it has crossed the Moon's equator northward since
            `orbit_number_since`, the first full second of its table.
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
    results = tuple(_position(item, place, clock) for item in tracked)
    return PositionAnswer(instant, results, cautions(tracked, moment))


def _position(tracked: Tracked, place: Place | None, clock: Clock) -> PositionOf:
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
    orbit = _about_the_moon(tracked)
    if orbit is not None:
        found = replace(found, moon=_at_the_moon(orbit, clock))
        if place is not None:
            sighting, reception = _received(orbit, tracked.spacecraft.downlinks, place, clock)
            found = replace(found, sighting=sighting, reception=reception)
    elif place is not None:
        found = replace(found, sighting=_sighting(tracked, place, clock))
    return found


def _at_the_moon(orbit: Tabulated, clock: Clock) -> AtTheMoon:
    from sattrack.orbits.moon import illumination, orbit_numbers, sub_points
    from sattrack.tracking.ephemerides import moon_frames

    now = np.zeros(1)
    t = clock.time(now)
    first, _ = orbit.coverage
    since = first.replace(microsecond=0) + timedelta(seconds=1)
    beneath = sub_points(orbit, moon_frames(), t)
    (light,) = illumination(orbit, t)
    position, _ = orbit.geocentric(t)
    return AtTheMoon(
        float(beneath.latitude_deg[0]),
        float(beneath.longitude_deg[0]),
        float(beneath.height_km[0]),
        int(orbit_numbers(orbit, moon_frames(), since, clock, now)[0]),
        since,
        light,
        float(np.linalg.norm(position)),
    )


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


@dataclass(frozen=True, slots=True)
class OverflightsOf:
    """The overflights of one target by one spacecraft.

    Attributes:
        overflights: those of `search`, or the first of them where the user set a limit.
    """

    tracked: Tracked
    target: Target
    search: OverflightSearch
    overflights: tuple[Overflight, ...]

    def timing_uncertainty_s(self, overflight: Overflight) -> float | None:
        """Return one standard deviation of its times: how early or late the craft may be."""
        return self.tracked.timing_uncertainty_s(overflight.closest.time)


@dataclass(frozen=True, slots=True)
class OverflightsAnswer:
    """The answer of `sattrack overflights`.

    Attributes:
        limit: how many overflights of all were asked for, or None.
    """

    span: Span
    within_km: float
    results: tuple[OverflightsOf, ...]
    warnings: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return all(result.search.ending is None for result in self.results)

    def in_order(self) -> list[tuple[OverflightsOf, Overflight]]:
        """Return all overflights with their result, in order of time."""
        every = [(result, one) for result in self.results for one in result.overflights]
        return sorted(every, key=lambda item: item[1].first)


def overflights_of(
    tracked: Sequence[Tracked],
    targets: Sequence[Target],
    span: Span,
    within_km: float = 50.0,
    limit: int | None = None,
) -> OverflightsAnswer:
    """Find when the ground track of each lunar orbiter is near each target.

    Args:
        tracked: the spacecraft with their orbits.
        targets: places and regions of the Moon.
        span: the window.
        within_km: of a target's centre; inside its outline counts too.
        limit: keep only the first overflights of all, this many.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: a craft is not at the Moon, or the distance or the limit out of range.
    """
    from sattrack.passes.overflight import find_overflights
    from sattrack.tracking.ephemerides import moon_frames

    if limit is not None and limit < 1:
        raise InvalidInputError(f"a limit of {limit} overflights leaves nothing; give 1 or more")
    results = []
    for item in tracked:
        orbit = _about_the_moon(item)
        if orbit is None:
            raise InvalidInputError(
                f"{item.name} does not orbit the Moon, and flies over none of its regions"
            )
        for target in targets:
            search = find_overflights(orbit, moon_frames(), target, span, within_km)
            results.append(OverflightsOf(item, target, search, search.overflights))
    endings = [str(r.search.ending) for r in results if r.search.ending is not None]
    warnings = (*cautions(tracked, span), *dict.fromkeys(endings))
    answer = OverflightsAnswer(span, within_km, tuple(results), warnings, limit)
    if limit is None:
        return answer
    kept = {id(one) for _, one in answer.in_order()[:limit]}
    first = tuple(
        replace(result, overflights=tuple(one for one in result.overflights if id(one) in kept))
        for result in results
    )
    return replace(answer, results=first)
