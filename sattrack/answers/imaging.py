"""When spacecraft can image places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sattrack.answers.lunar import about_the_moon
from sattrack.catalog import ImagingSensor
from sattrack.errors import InvalidInputError, quoted
from sattrack.places import Place
from sattrack.times import Span
from sattrack.tracking import Tracked, cautions
from sattrack.tracking.sensors import Sensor

if TYPE_CHECKING:
    from sattrack.coverage.imaging import Access, AccessSearch, Limits, Sides
    from sattrack.coverage.revisit import Revisit

_BAND = re.compile(r" *(\d+(?:\.\d*)?) *(?:-|–|:|\.\.|,|to) *(\d+(?:\.\d*)?) *", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Limits that the user sets in place of the catalog's; None where the catalog decides.

    Attributes:
        off_nadir_deg, sun_above_deg: of optical sensors.
        incidence_deg, side: of radars.
    """

    off_nadir_deg: float | None = None
    incidence_deg: tuple[float, float] | None = None
    sun_above_deg: float | None = None
    side: Sides | None = None

    def of_kind(self, kind: str) -> dict[str, object]:
        """Return what is set for sensors of a kind."""
        optical = {"off_nadir_deg": self.off_nadir_deg, "sun_above_deg": self.sun_above_deg}
        radar = {"incidence_deg": self.incidence_deg, "side": self.side}
        stated = optical if kind == "optical" else radar
        return {name: value for name, value in stated.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Imager:
    """One sensor on its orbit, and the limits it is held to.

    Attributes:
        stated: what the catalog says of it.
        given: names of the limits that the user set.
    """

    tracked: Tracked
    sensor: Sensor
    stated: ImagingSensor
    limits: Limits
    given: tuple[str, ...] = ()

    @property
    def assumed(self) -> str:
        """What of the limits is not published; empty where all is, or the user set all of them."""
        stated = self.stated.of_limits()
        return "" if stated <= set(self.given) else self.stated.assumed


@dataclass(frozen=True, slots=True)
class ImagingOf:
    """When one sensor can image one place.

    Attributes:
        every: all accesses within `span`.
        accesses: the same, or the first of them where the user set a limit.
        span: what was searched; shorter than asked where the orbit ends.
    """

    imager: Imager
    place: Place
    search: AccessSearch
    every: tuple[Access, ...]
    accesses: tuple[Access, ...]

    def timing_uncertainty_s(self, access: Access) -> float | None:
        """Return one standard deviation of the times of an access; None for planned orbits."""
        return self.imager.tracked.timing_uncertainty_s(access.closest.time)


@dataclass(frozen=True, slots=True)
class RevisitOf:
    """How often one place is seen, by one sensor or by all together.

    Attributes:
        imager: None for all together.
    """

    place: Place
    imager: Imager | None
    revisit: Revisit


@dataclass(frozen=True, slots=True)
class ImagingAnswer:
    """The answer of `sattrack coverage` for what turns to its targets.

    Attributes:
        revisits: of all accesses, whatever `limit` says; for each place, each sensor, and all of
            them together where there are several.
        limit: how many accesses of all were asked for, or None.
    """

    span: Span
    imagers: tuple[Imager, ...]
    results: tuple[ImagingOf, ...]
    revisits: tuple[RevisitOf, ...]
    warnings: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return all(result.search.ending is None for result in self.results)

    def in_order(self) -> list[tuple[ImagingOf, Access]]:
        """Return all accesses with their result, in order of time."""
        every = [(result, one) for result in self.results for one in result.accesses]
        return sorted(every, key=lambda item: item[1].first.time)


def read_band_deg(text: str) -> tuple[float, float]:
    """Return the band of angles that somebody wrote: `20-45`, `20:45`, `20 to 45`.

    Raises:
        InvalidInputError: `text` is no band.
    """
    match = _BAND.fullmatch(text)
    if match is None:
        raise InvalidInputError(f"cannot read the band {quoted(text)}: write for instance 20-45")
    return float(match[1]), float(match[2])


def read_side(text: str) -> Sides:
    """Return the side that somebody wrote.

    Raises:
        InvalidInputError: `text` is none of left, right and both.
    """
    match text.strip().casefold():
        case "left" | "right" | "both" as side:
            return side
        case _:
            raise InvalidInputError(f"no side {quoted(text)}: write left, right or both")


def imaging_of(
    tracked: Sequence[Tracked],
    sensors: Sequence[Sensor],
    places: Sequence[Place],
    span: Span,
    wishes: Wishes | None = None,
    limit: int | None = None,
) -> ImagingAnswer:
    """Find when each sensor can image each place, and how often all of them do.

    Args:
        tracked: the spacecraft with their orbits; sensors on others are left out.
        sensors: what looks, all of it by turning to its targets.
        places: the targets.
        span: the window.
        wishes: limits in place of the catalog's.
        limit: keep only the first accesses of all, this many.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: a limit is out of range or for no sensor that was asked for, or a craft
            orbits the Moon.
    """
    from sattrack.coverage.imaging import find_accesses
    from sattrack.tracking.ephemerides import bodies

    if limit is not None and limit < 1:
        raise InvalidInputError(f"a limit of {limit} accesses leaves nothing; give 1 or more")
    imagers = tuple(_imagers(tracked, sensors, wishes or Wishes()))
    results = []
    for imager in imagers:
        search = find_accesses(imager.tracked.orbit, places, span, imager.limits, bodies())
        results += [
            ImagingOf(imager, place, search, found, found)
            for place, found in zip(places, search.accesses, strict=True)
        ]
    endings = [str(r.search.ending) for r in results if r.search.ending is not None]
    warnings = (*cautions(tracked, span), *dict.fromkeys(endings))
    revisits = tuple(_revisits(results, places))
    answer = ImagingAnswer(span, imagers, tuple(results), revisits, warnings, limit)
    if limit is None:
        return answer
    kept = {id(one) for _, one in answer.in_order()[:limit]}
    first = tuple(
        replace(result, accesses=tuple(one for one in result.every if id(one) in kept))
        for result in results
    )
    return replace(answer, results=first)


def _imagers(
    tracked: Sequence[Tracked], sensors: Sequence[Sensor], wishes: Wishes
) -> Iterable[Imager]:
    from sattrack.coverage.imaging import INCIDENCE_LIMITS_DEG, Limits

    _check_wishes(sensors, wishes)
    of = {item.spacecraft.id: item for item in tracked}
    for sensor in sensors:
        stated, item = sensor.stated_by.sensor, of.get(sensor.spacecraft.id)
        if stated is None or item is None:
            continue
        if about_the_moon(item) is not None:
            raise InvalidInputError(
                f"{item.name} orbits the Moon, and images no place on the Earth"
            )
        limits = Limits(
            stated.off_nadir_deg,
            stated.incidence_deg or INCIDENCE_LIMITS_DEG,
            stated.side,
            stated.sun_above_deg,
        )
        given = wishes.of_kind(stated.kind)
        yield Imager(item, sensor, stated, replace(limits, **given), tuple(given))  # type: ignore[arg-type]


def _check_wishes(sensors: Sequence[Sensor], wishes: Wishes) -> None:
    """Refuse limits that concern none of the sensors: silence would pass for an effect."""
    kinds = {sensor.stated_by.sensor.kind for sensor in sensors if sensor.stated_by.sensor}
    for kind, other in (("optical", "radar"), ("radar", "optical")):
        given = wishes.of_kind(kind)
        if given and kind not in kinds:
            name = next(iter(given)).removesuffix("_deg").replace("_", "-")
            raise InvalidInputError(f"--{name} is for {kind} sensors; those asked for are {other}")


def _revisits(results: Sequence[ImagingOf], places: Sequence[Place]) -> Iterable[RevisitOf]:
    from sattrack.coverage.revisit import revisit

    for place in places:
        here = [result for result in results if result.place is place]
        for result in here:
            yield RevisitOf(place, result.imager, revisit([result.every], result.search.span))
        if len(here) > 1:
            # Where an orbit ends sooner, nothing is known of all together afterwards.
            span = min((result.search.span for result in here), key=lambda span: span.end)
            every = [[one for one in r.every if one.first.time < span.end] for r in here]
            yield RevisitOf(place, None, revisit(every, span))
