"""What a map of the Earth or the Moon shows: craft, their tracks, what they see, night, places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import numpy as np

from sattrack.answers.lunar import about_the_moon
from sattrack.answers.regard import FieldOf, fields_of
from sattrack.answers.sky import round_times
from sattrack.catalog import Catalog, Region, Spacecraft
from sattrack.catalog.coastline import Ring, coast, land
from sattrack.coverage.footprint import circle_of_visibility
from sattrack.coverage.outline import Outline
from sattrack.errors import InvalidInputError, NoOrbitError, SattrackError
from sattrack.orbits import OrbitEndsError
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.frames import earth_states, moon_states
from sattrack.orbits.moon import MOON_RADIUS_KM, MoonFrames
from sattrack.orbits.sun import sun_itrf
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock, FloatArray
from sattrack.tracking import Tracked, cautions
from sattrack.tracking.ephemerides import bodies, moon_frames
from sattrack.tracking.sensors import sensors_of

Body: TypeAlias = Literal["earth", "moon"]
Corner: TypeAlias = tuple[float, float]

# In low orbit, two degrees of the way round.
_STEPS_A_REVOLUTION = 180
_MOST_SAMPLES = 20_000
_TICKS = 8
_LONGEST_DEFAULT_S = 86400.0
# Where a pole is in the twilight all day long, the terminator would run along a meridian.
_LEAST_DECLINATION_DEG = 1e-3


@dataclass(frozen=True, slots=True)
class MapTick:
    """Where the track is at a round time."""

    time: datetime
    longitude_deg: float
    latitude_deg: float


@dataclass(frozen=True, slots=True)
class MapOf:
    """What the map shows of one craft.

    Attributes:
        longitude_deg, latitude_deg, height_km: at the time of the map.
        track: (longitude, latitude) of the points beneath it during `span`, in order of time.
        fields: where instruments that were named look; then there is no footprint.
        footprint: from where it stands above the horizon; None where it is not above ground.
        ending: why the track is shorter than asked; empty where it is not.
    """

    tracked: Tracked
    longitude_deg: float
    latitude_deg: float
    height_km: float
    span: Span
    track: tuple[Corner, ...]
    ticks: tuple[MapTick, ...]
    fields: tuple[FieldOf, ...] = ()
    footprint: Outline | None = None
    ending: str = ""

    @property
    def outlines(self) -> tuple[Outline, ...]:
        """The fields of regard, or else the footprint."""
        if self.fields:
            return tuple(field.outline for field in self.fields)
        return () if self.footprint is None else (self.footprint,)


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """The answer of `sattrack map`.

    Attributes:
        body: whose map it is; coordinates on the Moon are of the mean-Earth frame.
        time: of craft, outlines and night.
        subsolar: (longitude, latitude) of where the Sun stands in the zenith; None, and no night,
            in years for which the Sun is not known.
        night: (longitude, latitude) of the ring around where the Sun is below the horizon, from
            -180 to 180 degrees and along a pole; not closed.
        land, coast: of the Earth.
        places: on the Earth; `regions`: of the Moon.
    """

    body: Body
    time: datetime
    results: tuple[MapOf, ...]
    subsolar: Corner | None
    night: tuple[Corner, ...]
    land: tuple[Ring, ...] = ()
    coast: tuple[Ring, ...] = ()
    places: tuple[Place, ...] = ()
    regions: tuple[Region, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return not any(result.ending for result in self.results)


def map_of(
    tracked: Sequence[Tracked],
    instant: datetime,
    window: Span | None,
    catalog: Catalog,
    names: Sequence[str] = (),
    places: Sequence[Place] = (),
) -> MapAnswer:
    """Return what a map shows.

    Args:
        tracked: the craft with their orbits, all about one body.
        instant: where they are, and whose night it is.
        window: of the ground tracks; by default a revolution from `instant`, at most a day.
        catalog: for instruments and regions.
        names: as the craft were asked for; of instruments fields of regard are shown.
        places: to be shown on the Earth.

    Raises:
        NoOrbitError: an orbit does not work at the instant, or at the start of the window.
        InvalidInputError: craft of two bodies.
    """
    lunar = {about_the_moon(item) is not None for item in tracked}
    if len(lunar) > 1:
        raise InvalidInputError("one map shows one body; ask for craft at the Moon by themselves")
    body: Body = "moon" if lunar == {True} else "earth"
    fields = _fields_named(names, catalog)
    results = tuple(
        _map_of(item, body, instant, window, fields.get(item.spacecraft.id, ())) for item in tracked
    )
    latest = max((result.span for result in results), key=lambda span: span.end)
    endings = [result.ending for result in results if result.ending]
    subsolar, unknown = None, []
    try:
        subsolar = _subsolar(body, instant)
    except NoOrbitError as error:
        unknown = [f"night is left out of the map; {error}"]
    on_earth = body == "earth"
    return MapAnswer(
        body,
        instant,
        results,
        subsolar,
        () if subsolar is None else night_ring(*subsolar),
        land() if on_earth else (),
        coast() if on_earth else (),
        tuple(places) if on_earth else (),
        () if on_earth else _regions(catalog),
        (*cautions(tracked, latest), *dict.fromkeys(endings), *unknown),
    )


def _regions(catalog: Catalog) -> tuple[Region, ...]:
    return tuple(r for r in catalog.each(Region) if r.body.casefold() == "moon")


def _fields_named(names: Iterable[str], catalog: Catalog) -> dict[str, tuple[FieldOf, ...]]:
    """Return by spacecraft the fields of regard of named instruments, missions and groups."""
    found: dict[str, tuple[FieldOf, ...]] = {}
    for name in names:
        entry = catalog.get(name)
        if entry is None or isinstance(entry, Spacecraft):
            continue
        try:
            sensors = sensors_of([name], catalog)
        except SattrackError:
            continue  # it has none, and the footprint is shown
        for field in fields_of(sensors):
            found[field.spacecraft.id] = (*found.get(field.spacecraft.id, ()), field)
    return found


def _map_of(
    tracked: Tracked,
    body: Body,
    instant: datetime,
    window: Span | None,
    fields: tuple[FieldOf, ...],
) -> MapOf:
    longitude, latitude, height = _beneath(tracked, body, Clock(instant), np.zeros(1))
    place = (float(latitude[0]), float(longitude[0]), float(height[0]))
    footprint = None
    if not fields:
        corners = circle_of_visibility(*place, radius_km=MOON_RADIUS_KM if body == "moon" else None)
        footprint = Outline(corners) if corners else None
    if window is None:
        length_s = min(tracked.orbit.period_s, _LONGEST_DEFAULT_S)
        window = Span(instant, instant + timedelta(seconds=length_s))
    clock = Clock(window.start)
    end_s, ending = clock.seconds_at(window.end), ""
    while True:
        step_s = max(tracked.orbit.period_s / _STEPS_A_REVOLUTION, end_s / _MOST_SAMPLES)
        seconds = np.linspace(0.0, end_s, math.ceil(end_s / step_s) + 1)
        try:
            longitudes, latitudes, _ = _beneath(tracked, body, clock, seconds)
            break
        except OrbitEndsError as end:
            if not 0.0 < end.last_s < end_s:
                raise
            end_s, ending = end.last_s, str(end)
    if ending:
        window = Span(window.start, clock.datetimes([end_s])[0])
    track = tuple(zip(longitudes.tolist(), latitudes.tolist(), strict=True))
    return MapOf(
        tracked,
        place[1],
        place[0],
        place[2],
        window,
        track,
        _ticks(tracked, body, clock, window),
        fields,
        footprint,
        ending,
    )


def _ticks(tracked: Tracked, body: Body, clock: Clock, window: Span) -> tuple[MapTick, ...]:
    instants = round_times(window.start, window.end, _TICKS)
    if not instants:
        return ()
    seconds = np.array([clock.seconds_at(instant) for instant in instants])
    longitudes, latitudes, _ = _beneath(tracked, body, clock, seconds)
    return tuple(map(MapTick, instants, longitudes.tolist(), latitudes.tolist()))


def _beneath(
    tracked: Tracked, body: Body, clock: Clock, seconds: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return longitude, latitude and height at instants."""
    if body == "moon":
        states = moon_states(tracked.orbit, clock, seconds, "moon-me", bodies(), moon_frames())
    else:
        states = earth_states(tracked.orbit, clock, seconds, "itrf")
    return states.longitude_deg, states.latitude_deg, states.height_km


def _subsolar(body: Body, instant: datetime) -> Corner:
    """Return where the Sun is in the zenith: longitude and latitude, which is its declination.

    Of the Earth the apparent Sun's, in ITRF; the normal of the ellipsoid there points to it. Of the
    Moon the geometric Sun's, mean-Earth frame.
    """
    clock = Clock(instant)
    if body == "moon":
        x, y, z = _sun_of_moon(bodies(), moon_frames(), clock)
    else:
        x, y, z = sun_itrf(bodies(), clock, np.zeros(1))[0][:, 0].tolist()
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def _sun_of_moon(bodies: Bodies, frames: MoonFrames, clock: Clock) -> tuple[float, float, float]:
    t = clock.time(0.0)
    towards = bodies.sun(t)[0] - bodies.moon(t)[0]
    x, y, z = (frames.mean_earth(t) @ towards).tolist()
    return x, y, z


def night_ring(longitude_deg: float, latitude_deg: float) -> tuple[Corner, ...]:
    """Return the ring around where the Sun is below the horizon, geometric, of its centre.

    With declination d and hour angle h the Sun is on the horizon of the latitude atan(-cos h /
    tan d): Meeus, *Astronomical Algorithms* (1998), eq. 13.6, for an altitude of zero.

    Args:
        longitude_deg, latitude_deg: of the point beneath the Sun.
    """
    declination = latitude_deg
    if abs(declination) < _LEAST_DECLINATION_DEG:
        declination = math.copysign(_LEAST_DECLINATION_DEG, declination)
    slope = math.tan(math.radians(declination))
    # Evenly along the circle, which is steep where the Sun is near the equator.
    around = np.radians(np.arange(0.0, 360.0))
    hours = np.arctan2(np.sin(around), np.cos(around) * math.sin(math.radians(declination)))
    longitudes = (np.degrees(hours) + longitude_deg + 180.0) % 360.0 - 180.0
    longitudes = np.concatenate([[-180.0], np.sort(longitudes), [180.0]])
    latitudes = np.degrees(np.arctan(-np.cos(np.radians(longitudes - longitude_deg)) / slope))
    pole = -math.copysign(90.0, declination)
    edge = zip(longitudes.tolist(), latitudes.tolist(), strict=True)
    return (*edge, (180.0, pole), (-180.0, pole))
