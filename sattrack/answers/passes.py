"""When places can reach spacecraft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sattrack.answers.lunar import about_the_moon
from sattrack.errors import InvalidInputError
from sattrack.passes import Pass, PassSearch, find_passes
from sattrack.passes.network import NetworkContacts, merge
from sattrack.places import Place
from sattrack.times import Span
from sattrack.tracking import Tracked, cautions


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
    orbit = about_the_moon(tracked)
    if orbit is not None:
        from sattrack.passes.occultation import find_contacts

        return find_contacts(orbit, place, span, min_elevation_deg)
    return find_passes(tracked.orbit, place, span, min_elevation_deg)
