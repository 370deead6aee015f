"""How well navigation satellites place a receiver, at places or over a grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sattrack.coverage.dop import (
    LARGEST_PDOP,
    Clocks,
    Dilution,
    Spread,
    Statistics,
    check_mask,
    dilution,
    positions,
    spread,
    statistics,
    sums_over,
)
from sattrack.errors import InvalidInputError, SattrackError, quoted
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock, FloatArray
from sattrack.tracking import Tracked, Tracker, cautions

# The limit of the availability that GPS promises (GPS SPS Performance Standard, 2020, on PDOP).
MAX_PDOP = 6.0

# A year of steps of five minutes is somewhat more than this many instants; more is a slip of the
# pen, and so is more than some minutes of work.
_MOST_INSTANTS = 110_000
_MOST_SIGHTS = 5_000_000_000
_MOST_POINTS = 100_000
_MILLISECONDS = 1000.0
_LONGEST_ACRONYM = 5


@dataclass(frozen=True, slots=True)
class NavigationSystem:
    """A system of navigation satellites, as far as there are orbits for it.

    Attributes:
        id: as in the catalog.
        tracked: its satellites with their orbits; there is at least one.
        missing: why others of it are left out, one sentence each.
    """

    id: str
    name: str
    tracked: tuple[Tracked, ...]
    missing: tuple[str, ...] = ()

    @property
    def short_name(self) -> str:
        """Its acronym where the id is one, else its name."""
        acronym = len(self.id) <= _LONGEST_ACRONYM and not self.id.isdigit()
        return self.id.upper() if acronym else self.name

    @property
    def nominal(self) -> bool:
        """Whether orbits of it are planned and not flown."""
        return any(item.provenance.nominal for item in self.tracked)

    @property
    def illustrative(self) -> bool:
        """Whether orbits of it are an assumption of sattrack."""
        return any(item.provenance.illustrative for item in self.tracked)

    @property
    def note(self) -> str:
        """What must stand beside every number of it; empty for satellites that fly."""
        if self.illustrative:
            return f"{self.short_name}: illustrative; not the {self.short_name} design"
        return f"{self.short_name}: planned, nominal orbits" if self.nominal else ""


@dataclass(frozen=True, slots=True)
class Combination:
    """Systems that a receiver uses together."""

    systems: tuple[NavigationSystem, ...]

    @property
    def id(self) -> str:
        """The ids of its systems: `gps+kps`."""
        return "+".join(system.id for system in self.systems)

    @property
    def name(self) -> str:
        """The short names of its systems: `GPS + KPS`."""
        return " + ".join(system.short_name for system in self.systems)

    @property
    def nominal(self) -> bool:
        """Whether orbits of it are planned and not flown."""
        return any(system.nominal for system in self.systems)

    @property
    def illustrative(self) -> bool:
        """Whether orbits of it are an assumption of sattrack."""
        return any(system.illustrative for system in self.systems)

    @property
    def note(self) -> str:
        """What must stand beside every number of it."""
        return "; ".join(system.note for system in self.systems if system.note)


@dataclass(frozen=True, slots=True)
class Found:
    """The combinations that can be answered for.

    Attributes:
        missing: why satellites are left out, each an error of its own.
        left_out: which combinations cannot be answered for, one sentence each.
    """

    combinations: tuple[Combination, ...]
    missing: tuple[SattrackError, ...] = ()
    left_out: tuple[str, ...] = ()


def combinations_of(
    text: str,
    tracker: Tracker,
    instant: datetime,
    max_age: timedelta | None = None,
    as_of: datetime | None = None,
) -> Found:
    """Return the combinations that `text` means.

    `gps,kps,qzss` is the first alone, then with each of the others. Where a plus sign occurs, each
    part is a combination by itself: `gps,gps+kps+qzss`.

    Args:
        text: groups, missions or spacecraft, separated by commas.
        tracker: the catalog and the orbits at hand.
        instant: the time asked, UTC.
        max_age: refuse elements further from it than this.
        as_of: use only what was known then.

    Raises:
        UnknownNameError: nothing that flies is called that.
        SattrackError: no combination can be answered for.
    """
    known: dict[str, NavigationSystem | None] = {}
    missing: dict[str, SattrackError] = {}
    parts = [[name.strip() for name in part.split("+")] for part in text.split(",")]
    if not all(name for part in parts for name in part):
        raise InvalidInputError(
            "name systems such as gps,kps,qzss, with nothing empty between commas and plus signs"
        )
    if all(len(part) == 1 for part in parts):
        parts = [parts[0], *(parts[0] + part for part in parts[1:])]
    for name in dict.fromkeys(name for part in parts for name in part):
        found = tracker.search(name, at=instant, max_age=max_age, as_of=as_of)
        missing |= {str(error): error for error in found.missing}
        known[name] = _system(name, tracker, found.tracked, found.missing)
    whole: dict[str, Combination] = {}
    left_out = []
    for part in parts:
        lacking = ", ".join(quoted(name) for name in part if known[name] is None)
        # Without one of its systems a combination is another one, and would not say so.
        if not lacking:
            systems = {one.id: one for name in part if (one := known[name]) is not None}
            combination = _checked(Combination(tuple(systems.values())))
            whole.setdefault(combination.id, combination)
        else:
            left_out.append(f"{'+'.join(part)} is left out: there is no orbit of {lacking}")
    if not whole:
        raise next(iter(missing.values()))
    return Found(tuple(whole.values()), tuple(missing.values()), tuple(left_out))


def _system(
    name: str, tracker: Tracker, tracked: tuple[Tracked, ...], missing: tuple[SattrackError, ...]
) -> NavigationSystem | None:
    if not tracked:
        return None
    entry = tracker.catalog.get(name)
    reasons = tuple(str(error) for error in missing)
    if entry is None:
        return NavigationSystem(tracked[0].spacecraft.id, tracked[0].name, tracked, reasons)
    return NavigationSystem(entry.id, entry.name, tracked, reasons)


def _checked(combination: Combination) -> Combination:
    seen: dict[str, NavigationSystem] = {}
    for system in combination.systems:
        for item in system.tracked:
            other = seen.setdefault(item.spacecraft.id, system)
            if other is not system:
                raise InvalidInputError(
                    f"{item.name} belongs to {other.id} and to {system.id}, and can count only "
                    "once; leave one of them out"
                )
    return combination


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of the geometry.

    Attributes:
        span: the window.
        step_s: time between two instants.
        min_elevation_deg: a satellite at or above it is in view.
        clocks: one clock for all systems, or an unknown for each.
        max_pdop: up to which a position counts as good.
    """

    span: Span
    step_s: float = 300.0
    min_elevation_deg: float = 10.0
    clocks: Clocks = "one"
    max_pdop: float = MAX_PDOP

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the numbers rest on, one sentence each."""
        clocks = (
            "One receiver clock for all systems: the offsets between their times are known."
            if self.clocks == "one"
            else "The offset between the times of two systems is an unknown of its own; TDOP and "
            "GDOP are of the receiver's clock against the first system in view."
        )
        return (
            f"In view from {self.min_elevation_deg:g}° above the plane of the WGS 84 ellipsoid, "
            "geometric; no terrain or buildings.",
            clocks,
            "Every satellite with an orbit counts as healthy, and all ranges as equally good.",
            f"Good is a PDOP up to {self.max_pdop:g}. Too few satellites, or a PDOP beyond "
            f"{LARGEST_PDOP:,.0f}, which is as good as singular, is no position, and counts as "
            "worse than any number.",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """What one combination gives at one place.

    Attributes:
        dilution: arrays of shape `(t,)`.
        in_view: satellites of each system, shape `(t,)` each.
        statistics: arrays of shape `()`.
    """

    combination: Combination
    dilution: Dilution
    in_view: tuple[FloatArray, ...]
    statistics: Statistics


@dataclass(frozen=True, slots=True, eq=False)
class DopOf:
    """What the combinations give at one place."""

    place: Place
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DopAnswer:
    """The answer of `sattrack dop` for places.

    Attributes:
        times: the instants, UTC.
        complete: whether every orbit reached to the end of the window.
    """

    request: Request
    systems: tuple[NavigationSystem, ...]
    times: tuple[datetime, ...]
    results: tuple[DopOf, ...]
    warnings: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Points at equal steps of latitude and longitude, on the ellipsoid.

    Attributes:
        south_deg, west_deg, north_deg, east_deg: bounds; west of 180° may stand east of it, such as
            170 to -170.
    """

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float
    spacing_deg: float

    def __post_init__(self) -> None:
        if not -90.0 <= self.south_deg <= self.north_deg <= 90.0:
            raise InvalidInputError(
                f"bounds from latitude {self.south_deg:g} to {self.north_deg:g}: give south, west, "
                "north, east in degrees, such as 20,100,50,150"
            )
        for longitude_deg in (self.west_deg, self.east_deg):
            if not -180.0 <= longitude_deg <= 360.0:
                raise InvalidInputError(
                    f"bounds: longitude {longitude_deg:g} is outside -180 to 360"
                )
        if not self.spacing_deg > 0.0:
            raise InvalidInputError(f"a spacing of {self.spacing_deg:g} degrees is none")
        size = self.rows * self.columns
        if size > _MOST_POINTS:
            raise InvalidInputError(
                f"{size:,} grid points are too many; {_MOST_POINTS:,} can be had: widen --spacing"
            )

    @property
    def width_deg(self) -> float:
        """From west to east, up to 360."""
        width = self.east_deg - self.west_deg
        return width if 0.0 <= width <= 360.0 else width % 360.0

    @property
    def rows(self) -> int:
        """Points from south to north."""
        return self._steps(self.north_deg - self.south_deg) + 1

    @property
    def columns(self) -> int:
        """Points from west to east; a full circle does not repeat its first."""
        count = self._steps(self.width_deg) + 1
        closes = self.width_deg == 360.0 and (count - 1) * self.spacing_deg >= 360.0 - 1e-9
        return count - 1 if closes else count

    def _steps(self, width_deg: float) -> int:
        return math.floor(width_deg / self.spacing_deg + 1e-9)

    def places(self) -> tuple[Place, ...]:
        """Return the points, from south to north, each row from west to east."""
        latitudes = [
            min(90.0, round(self.south_deg + row * self.spacing_deg, 9)) for row in range(self.rows)
        ]
        longitudes = [
            (self.west_deg + column * self.spacing_deg + 180.0) % 360.0 - 180.0
            for column in range(self.columns)
        ]
        return tuple(
            Place("", latitude_deg, round(longitude_deg, 9))
            for latitude_deg in latitudes
            for longitude_deg in longitudes
        )


@dataclass(frozen=True, slots=True)
class GridSummary:
    """What a combination gives over all points.

    Attributes:
        pdop: spread over the points of their median PDOP, numbers.
        worst: the first point with the greatest.
        good_share: the least share of the time with a good PDOP.
        four_share: the least share of the time with four satellites in view.
    """

    combination: Combination
    pdop: Spread
    worst: Place
    good_share: float
    four_share: float


@dataclass(frozen=True, slots=True, eq=False)
class GridAnswer:
    """The answer of `sattrack dop --grid`.

    Attributes:
        count: instants in the window.
        places: the points.
        statistics: of each combination, arrays of shape `(points,)`.
    """

    request: Request
    grid: Grid
    systems: tuple[NavigationSystem, ...]
    count: int
    places: tuple[Place, ...]
    statistics: tuple[tuple[Combination, Statistics], ...]
    warnings: tuple[str, ...]
    complete: bool

    def summaries(self) -> tuple[GridSummary, ...]:
        """Return what each combination gives over all points."""
        return tuple(
            GridSummary(
                combination,
                spread(amounts.dops["pdop"].median),
                self.places[int(np.argmax(amounts.dops["pdop"].median))],
                float(amounts.good_share.min()),
                float(amounts.four_share.min()),
            )
            for combination, amounts in self.statistics
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Sky:
    """Where the satellites of all systems are at the instants of the window.

    Attributes:
        satellites_km: of each system, shape `(3, s, t)`.
    """

    systems: tuple[NavigationSystem, ...]
    times: tuple[datetime, ...]
    satellites_km: tuple[FloatArray, ...]
    warnings: tuple[str, ...]
    complete: bool


def _sky(asked: Found, request: Request, places: int) -> _Sky:
    check_mask(request.min_elevation_deg)
    if not request.step_s >= 1.0 / _MILLISECONDS:
        raise InvalidInputError(f"a step of {request.step_s:g} s is none")
    clock = Clock(request.span.start)
    # An instant that falls upon the end belongs to the window.
    count = math.floor(clock.seconds_at(request.span.end) / request.step_s + 1e-9) + 1
    if count > _MOST_INSTANTS:
        raise InvalidInputError(
            f"{count:,} instants are too many; {_MOST_INSTANTS:,} can be had: lengthen --step"
        )
    systems = {system.id: system for one in asked.combinations for system in one.systems}
    sights = count * places * sum(len(system.tracked) for system in systems.values())
    if sights > _MOST_SIGHTS:
        raise InvalidInputError(
            f"{places:,} places at {count:,} instants are too many; lengthen --step, or take fewer "
            "of them"
        )
    seconds = np.arange(count, dtype=np.float64) * request.step_s
    satellites_km, endings = [], []
    for system in systems.values():
        found = [positions(item.orbit, clock, seconds) for item in system.tracked]
        satellites_km.append(np.stack([position for position, _ in found], axis=1))
        endings += [str(end) for _, end in found if end is not None]
    tracked = [item for system in systems.values() for item in system.tracked]
    return _Sky(
        tuple(systems.values()),
        tuple(clock.datetimes(seconds)),
        tuple(satellites_km),
        (*asked.left_out, *cautions(tracked, request.span), *dict.fromkeys(endings)),
        not endings,
    )


def dop_at(found: Found, places: Sequence[Place], request: Request) -> DopAnswer:
    """Return how well each combination places a receiver at each place, over time.

    Raises:
        InvalidInputError: mask or step out of range, or more instants than can be had.
    """
    combinations = found.combinations
    sky = _sky(found, request, len(places))
    order = {system.id: index for index, system in enumerate(sky.systems)}
    results = []
    for some, sums in sums_over(sky.satellites_km, places, request.min_elevation_deg):
        every = []
        for combination in combinations:
            chosen = [sums[order[system.id]] for system in combination.systems]
            dops = dilution(chosen, request.clocks)
            every.append((combination, chosen, dops, statistics(dops, request.max_pdop)))
        for index, place in enumerate(places[some]):
            series = tuple(
                Series(
                    combination,
                    dops.at_place(index),
                    tuple(one.count[index] for one in chosen),
                    amounts.at_place(index),
                )
                for combination, chosen, dops, amounts in every
            )
            results.append(DopOf(place, series))
    return DopAnswer(request, sky.systems, sky.times, tuple(results), sky.warnings, sky.complete)


def dop_over(
    found: Found,
    grid: Grid,
    request: Request,
    on_progress: Callable[[int], None] = lambda done: None,
) -> GridAnswer:
    """Return the statistics that each combination gives at each point of a grid.

    What is held beside the answer does not grow with the number of points.

    Args:
        found: the combinations.
        grid: the points.
        request: what was asked.
        on_progress: is told from time to time how many points are done.

    Raises:
        InvalidInputError: mask or step out of range, or more points or instants than can be had.
    """
    combinations = found.combinations
    sky = _sky(found, request, grid.rows * grid.columns)
    places = grid.places()
    order = {system.id: index for index, system in enumerate(sky.systems)}
    parts: list[list[Statistics]] = [[] for _ in combinations]
    for some, sums in sums_over(sky.satellites_km, places, request.min_elevation_deg):
        on_progress(some.start)
        for part, combination in zip(parts, combinations, strict=True):
            chosen = [sums[order[system.id]] for system in combination.systems]
            part.append(statistics(dilution(chosen, request.clocks), request.max_pdop))
    joined = tuple(
        (combination, Statistics.joined(part))
        for combination, part in zip(combinations, parts, strict=True)
    )
    return GridAnswer(
        request, grid, sky.systems, len(sky.times), places, joined, sky.warnings, sky.complete
    )
