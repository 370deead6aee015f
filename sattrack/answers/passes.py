"""When places can reach spacecraft."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sattrack.answers.lunar import about_the_moon
from sattrack.catalog import Downlink
from sattrack.errors import InvalidInputError, NoOrbitError
from sattrack.passes import Pass, PassSearch, Sighting, find_passes
from sattrack.passes.network import NetworkContacts, merge
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking import Tracked, cautions

if TYPE_CHECKING:
    from sattrack.catalog.magnitudes import StandardMagnitude
    from sattrack.passes.visible import Conditions, PassLight


@dataclass(frozen=True, slots=True)
class Doppler:
    """How far a signal arrives from the frequency on which it was sent, during one pass.

    Attributes:
        rise_hz, set_hz: None where the window cuts the pass, or the orbit ends there.
    """

    link: Downlink
    rise_hz: float | None
    culmination_hz: float | None
    set_hz: float | None


@dataclass(frozen=True, slots=True)
class PassesOf:
    """The passes of one spacecraft over one place.

    Attributes:
        passes: those of `search`, or the first of them where the user set a limit.
        links: what to tell the Doppler shift of.
        lights: the light on each of `passes`; None where it was not asked, or is not known.
        magnitude: by which brightness was computed; None where nobody has published it.
    """

    tracked: Tracked
    place: Place
    search: PassSearch
    passes: tuple[Pass, ...]
    links: tuple[Downlink, ...] = ()
    lights: tuple[PassLight, ...] | None = None
    magnitude: StandardMagnitude | None = None

    def only(self, kept: Collection[int]) -> PassesOf:
        """Return those passes alone whose places among all of them are `kept`."""
        passes = tuple(pass_ for k, pass_ in enumerate(self.passes) if k in kept)
        lights = self.lights
        if lights is not None:
            lights = tuple(light for k, light in enumerate(lights) if k in kept)
        return replace(self, passes=passes, lights=lights)

    def doppler(self, pass_: Pass) -> tuple[Doppler, ...]:
        """Return the Doppler shift of each link at rise, culmination and set, light time included.

        Of every orbit alike; see `sattrack.orbits.doppler`.
        """
        if not self.links:
            return ()
        from sattrack.orbits.bodies import LIGHT_KM_S
        from sattrack.orbits.doppler import light_range_rate_km_s

        clock = Clock(pass_.first.time)

        def share(sighting: Sighting | None) -> float | None:
            if sighting is None:
                return None
            seconds = np.array([clock.seconds_at(sighting.time)])
            try:
                rate = light_range_rate_km_s(self.tracked.orbit, self.place, clock, seconds)
            except NoOrbitError:
                return None
            return float(-rate[0] / LIGHT_KM_S)

        shares = [share(sighting) for sighting in (pass_.rise, pass_.culmination, pass_.set)]
        return tuple(
            Doppler(link, *(None if s is None else s * link.frequency_mhz * 1e6 for s in shares))
            for link in self.links
        )

    def timing_uncertainty_s(self, pass_: Pass) -> float | None:
        """Return one standard deviation of the times of a pass; None for planned orbits."""
        return self.tracked.timing_uncertainty_s(pass_.culmination.time)


@dataclass(frozen=True, slots=True)
class PassesAnswer:
    """The answer of `sattrack passes`.

    Attributes:
        limit: how many passes of all were asked for, or None.
        conditions: what counts as visible, where the light was asked for.
        only_visible: whether passes that cannot be seen were left out.
    """

    span: Span
    min_elevation_deg: float
    results: tuple[PassesOf, ...]
    warnings: tuple[str, ...] = ()
    limit: int | None = None
    conditions: Conditions | None = None
    only_visible: bool = False

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
    links: Sequence[Downlink] = (),
) -> PassesAnswer:
    """Find the passes of each spacecraft over each place.

    Args:
        tracked: the spacecraft with their orbits.
        places: observers or antennas.
        span: the window.
        min_elevation_deg: the mask, from -10 to 89.
        limit: keep only the first passes of all, this many.
        links: tell the Doppler shift of these, instead of the catalog's downlinks of each craft.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: the mask or the limit is out of range.
    """
    if limit is not None and limit < 1:
        raise InvalidInputError(f"a limit of {limit} passes leaves nothing; give 1 or more")
    results = tuple(
        PassesOf(item, place, search, search.passes, tuple(links) or item.spacecraft.downlinks)
        for place in places
        for item in tracked
        for search in (search_passes(item, place, span, min_elevation_deg),)
    )
    endings = [str(r.search.ending) for r in results if r.search.ending is not None]
    warnings = (*cautions(tracked, span), *dict.fromkeys(endings))
    answer = PassesAnswer(span, min_elevation_deg, results, warnings, limit)
    return answer if limit is None else first_of(answer, limit)


def first_of(answer: PassesAnswer, limit: int) -> PassesAnswer:
    """Return the answer with the first passes of all, at most `limit`."""
    every = [
        (pass_.first.time, j, k)
        for j, result in enumerate(answer.results)
        for k, pass_ in enumerate(result.passes)
    ]
    kept: list[set[int]] = [set() for _ in answer.results]
    for _, j, k in sorted(every)[:limit]:
        kept[j].add(k)
    results = [result.only(places) for result, places in zip(answer.results, kept, strict=True)]
    return replace(answer, results=tuple(results), limit=limit)


def search_passes(
    tracked: Tracked, place: Place, span: Span, min_elevation_deg: float
) -> PassSearch:
    """Find when a place can reach a craft: what orbits the Moon must not be behind it either."""
    orbit = about_the_moon(tracked)
    if orbit is not None:
        from sattrack.passes.occultation import find_contacts

        return find_contacts(orbit, place, span, min_elevation_deg)
    return find_passes(tracked.orbit, place, span, min_elevation_deg)
