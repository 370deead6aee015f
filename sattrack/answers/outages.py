"""When the Sun stands in the beam of an antenna that hears a craft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from sattrack.answers.passes import search_passes
from sattrack.answers.station_keeping import (
    SLOT_ERROR_S,
    SlotChoice,
    SlotUse,
    held_at,
    is_geostationary,
    is_geosynchronous,
    parts_of,
    slot_use,
    slot_warnings,
)
from sattrack.errors import InvalidInputError
from sattrack.orbits.earth import EARTH_RADIUS_KM
from sattrack.orbits.slot import GEOSTATIONARY_RADIUS_KM
from sattrack.passes.horizon import Verdict
from sattrack.passes.outage import (
    BEAM_LIMITS_DEG,
    SUN_RADIUS_DEG,
    SUN_RADIUS_LIMITS_DEG,
    Outage,
    find_outages,
    half_power_beamwidth_deg,
)
from sattrack.places import Place
from sattrack.times import Span
from sattrack.tracking import Tracked

if TYPE_CHECKING:
    from sattrack.orbits.orbit import OrbitEndsError

Origin: TypeAlias = Literal["given", "catalog", "assumed"]

# What receives television and data in C band.
_ASSUMED_DISH_M = 3.0
_ASSUMED_FREQUENCY_MHZ = 4000.0
_DISH_LIMITS_M = (0.05, 500.0)

# Beneath the craft.
_MOST_S = SLOT_ERROR_S * GEOSTATIONARY_RADIUS_KM / (GEOSTATIONARY_RADIUS_KM - EARTH_RADIUS_KM)
_SEASON_GAP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Antenna:
    """What somebody said of the beam: its 3 dB width, or dish and frequency; None for the rest."""

    beamwidth_deg: float | None = None
    dish_m: float | None = None
    frequency_mhz: float | None = None
    sun_radius_deg: float = SUN_RADIUS_DEG

    def __post_init__(self) -> None:
        if self.beamwidth_deg is not None and (self.dish_m or self.frequency_mhz):
            raise InvalidInputError(
                "--beam is the width of the beam itself; leave --dish and --frequency out"
            )
        for value, (low, high), what in (
            (self.beamwidth_deg, BEAM_LIMITS_DEG, "a beam of {:g} degrees"),
            (self.dish_m, _DISH_LIMITS_M, "a dish of {:g} m"),
            (self.sun_radius_deg, SUN_RADIUS_LIMITS_DEG, "a Sun's radius of {:g} degrees"),
        ):
            if value is not None and not low <= value <= high:
                raise InvalidInputError(f"{what.format(value)} is outside {low:g} to {high:g}")


@dataclass(frozen=True, slots=True)
class Beam:
    """The beam of an antenna, and where its numbers come from.

    Attributes:
        width_deg: between its half-power points.
        dish_m, frequency_mhz: what it follows from; None where the width was given.
        dish_from, frequency_from: who says so.
    """

    width_deg: float
    sun_radius_deg: float
    dish_m: float | None = None
    dish_from: Origin | None = None
    frequency_mhz: float | None = None
    frequency_from: Origin | None = None

    @property
    def limit_deg(self) -> float:
        """The separation below which the Sun is in the beam."""
        return self.width_deg / 2.0 + self.sun_radius_deg

    @property
    def assumed(self) -> bool:
        """Whether dish or frequency is nothing but an assumption."""
        return "assumed" in (self.dish_from, self.frequency_from)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An outage.

    Attributes:
        nominal: by a nominal slot or a planned orbit, not by published elements.
        timing_uncertainty_s: one standard deviation of its times, by the elements' age; of a slot,
            for 0.1 degrees of longitude; None for planned orbits.
    """

    outage: Outage
    nominal: bool
    timing_uncertainty_s: float | None


@dataclass(frozen=True, slots=True)
class Season:
    """The outages of a geosynchronous craft around an equinox.

    Attributes:
        first, last: the beginning of the first and the end of the last.
        count: how many; one a day.
        open_start, open_end: the window may cut it.
    """

    first: datetime
    last: datetime
    count: int
    total_s: float
    longest_s: float
    open_start: bool
    open_end: bool


@dataclass(frozen=True, slots=True)
class OutagesOf:
    """The outages of one spacecraft at one place.

    Attributes:
        verdict: whether the place sees the craft `always`, in `passes`, or `never`.
        entries: in order of time; all, or the first where the user set a limit.
        ending: why an orbit ends inside the window, or None.
    """

    tracked: Tracked
    place: Place
    beam: Beam
    verdict: Verdict
    entries: tuple[CalendarEntry, ...]
    seasons: tuple[Season, ...]
    slot: SlotUse | None = None
    ending: OrbitEndsError | None = None


@dataclass(frozen=True, slots=True)
class OutagesAnswer:
    """The answer of `sattrack outages`."""

    span: Span
    min_elevation_deg: float
    results: tuple[OutagesOf, ...]
    warnings: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return all(result.ending is None for result in self.results)

    def in_order(self) -> list[tuple[OutagesOf, CalendarEntry]]:
        """Return all outages with their result, in order of time."""
        every = [(result, entry) for result in self.results for entry in result.entries]
        return sorted(every, key=lambda item: item[1].outage.first)


def outages_of(
    tracked: Sequence[Tracked],
    places: Sequence[Place],
    span: Span,
    antenna: Antenna | None = None,
    min_elevation_deg: float = 0.0,
    slot: SlotChoice | None = None,
    limit: int | None = None,
) -> OutagesAnswer:
    """Find when the Sun blinds each place that listens to each spacecraft.

    Args:
        tracked: the spacecraft with their orbits.
        places: where the antennas are.
        span: the window.
        antenna: what is known of the beam. What is missing comes from the catalog: the dish of a
            station, the lowest downlink of a craft, whose beam is the widest; or else a dish of
            3 m at 4 GHz is assumed.
        min_elevation_deg: below it nobody listens.
        slot: when geostationary craft stand at their nominal slot: elements do not foresee station
            keeping, and drift away within weeks.
        limit: keep only the first outages of all, this many.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: a number is out of range, or a craft has no slot.
    """
    if limit is not None and limit < 1:
        raise InvalidInputError(f"a limit of {limit} outages leaves nothing; give 1 or more")
    antenna, slot = antenna or Antenna(), slot or SlotChoice()
    results = [
        _outages(item, place, span, beam_of(antenna, place, item), min_elevation_deg, slot)
        for place in places
        for item in tracked
    ]
    if limit is not None:
        every = OutagesAnswer(span, min_elevation_deg, tuple(results)).in_order()
        kept = {id(entry) for _, entry in every[:limit]}
        results = [
            replace(r, entries=tuple(entry for entry in r.entries if id(entry) in kept))
            for r in results
        ]
    warnings = slot_warnings(
        [(r.tracked, r.slot) for r in results], span, f"an outage by {_MOST_S:.0f} s"
    )
    endings = dict.fromkeys(str(r.ending) for r in results if r.ending is not None)
    return OutagesAnswer(span, min_elevation_deg, tuple(results), (*warnings, *endings), limit)


def beam_of(antenna: Antenna, place: Place, tracked: Tracked) -> Beam:
    """Return the beam with which a place hears a craft; see `outages_of`."""
    if antenna.beamwidth_deg is not None:
        return Beam(antenna.beamwidth_deg, antenna.sun_radius_deg)
    downlinks = tracked.spacecraft.downlinks
    dish_m, dish_from = _first_known(antenna.dish_m, place.dish_m, _ASSUMED_DISH_M)
    frequency_mhz, frequency_from = _first_known(
        antenna.frequency_mhz,
        min((link.frequency_mhz for link in downlinks), default=None),
        _ASSUMED_FREQUENCY_MHZ,
    )
    width_deg = half_power_beamwidth_deg(dish_m, frequency_mhz)
    low, high = BEAM_LIMITS_DEG
    if not low <= width_deg <= high:
        raise InvalidInputError(
            f"a dish of {dish_m:g} m at {frequency_mhz:g} MHz has a beam of {width_deg:.3g} "
            f"degrees, outside {low:g} to {high:g}; give --beam"
        )
    return Beam(width_deg, antenna.sun_radius_deg, dish_m, dish_from, frequency_mhz, frequency_from)


def _first_known(given: float | None, known: float | None, assumed: float) -> tuple[float, Origin]:
    if given is not None:
        return given, "given"
    return (assumed, "assumed") if known is None else (known, "catalog")


def _outages(
    tracked: Tracked,
    place: Place,
    span: Span,
    beam: Beam,
    min_elevation_deg: float,
    choice: SlotChoice,
) -> OutagesOf:
    from sattrack.tracking.ephemerides import bodies

    use = slot_use(tracked, span, choice)
    entries: list[CalendarEntry] = []
    verdicts: list[Verdict] = []
    ending = None
    for part, held in parts_of(span, use):
        mover = tracked if held is None else held_at(tracked, held)
        search = search_passes(mover, place, part, min_elevation_deg)
        verdicts.append(search.verdict)
        ending = ending or search.ending
        found = find_outages(mover.orbit, place, bodies(), search, beam.limit_deg)
        entries += [_entry(one, mover, held is not None) for one in found]
    verdict = verdicts[0] if len(set(verdicts)) == 1 else "passes"
    seasons: tuple[Season, ...] = ()
    if is_geosynchronous(tracked):
        seasons = tuple(_seasons([entry.outage for entry in entries], span))
    return OutagesOf(tracked, place, beam, verdict, tuple(entries), seasons, use, ending)


def _entry(outage: Outage, mover: Tracked, at_slot: bool) -> CalendarEntry:
    instant, nominal = outage.closest.time, at_slot or mover.provenance.nominal
    error_s = SLOT_ERROR_S if at_slot else mover.timing_uncertainty_s(instant)
    if error_s is not None and is_geostationary(mover):
        # Seen from nearby, an error of longitude looks larger than from the Earth's centre.
        error_s *= GEOSTATIONARY_RADIUS_KM / outage.closest.range_km
    return CalendarEntry(outage, nominal, error_s)


def _seasons(outages: Sequence[Outage], span: Span) -> Iterator[Season]:
    """Return the seasons: outages with less than a month between one and the next."""
    season: list[Outage] = []
    for k, outage in enumerate(outages):
        season.append(outage)
        following = outages[k + 1] if k + 1 < len(outages) else None
        if following is not None and following.first - outage.last < _SEASON_GAP:
            continue
        lengths_s = [one.duration_s for one in season]
        day = timedelta(days=1.1)
        yield Season(
            first=season[0].first,
            last=season[-1].last,
            count=len(season),
            total_s=sum(lengths_s),
            longest_s=max(lengths_s),
            open_start=season[0].first - span.start < day,
            open_end=span.end - season[-1].last < day,
        )
        season = []
