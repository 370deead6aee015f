"""When lunar orbiters fly over places of the Moon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sattrack.answers.lunar import about_the_moon
from sattrack.errors import InvalidInputError
from sattrack.times import Span
from sattrack.tracking import Tracked, cautions

if TYPE_CHECKING:
    from sattrack.passes.overflight import Overflight, OverflightSearch, Target


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
        orbit = about_the_moon(item)
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
