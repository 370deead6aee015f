"""What surrounds a craft that is watched: the map beneath it, and the sky with passes in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sattrack.answers.lunar import about_the_moon
from sattrack.answers.maps import MapAnswer, MapOf, map_of
from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.answers.sky import SkyAnswer, SkyTrack, sky_of
from sattrack.answers.watch import WatchAnswer, Watched
from sattrack.catalog import Catalog
from sattrack.errors import NoOrbitError
from sattrack.passes import Pass, PassSearch
from sattrack.times import Span

_MOST_TRACKS = 6


@dataclass(frozen=True, slots=True)
class MapBeneath:
    """A map with the craft that are about the same body as the chosen one.

    Attributes:
        map: with the track and the footprint of the chosen craft alone.
        numbers: which of the results its craft are, counted from 1.
    """

    map: MapAnswer
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SkyAbove:
    """A sky with the pass of the chosen craft, in progress or next, and of those that are up.

    Where so many are up that their tracks would hide each other, that of the chosen one is alone.

    Attributes:
        sky: with those passes.
        numbers: which of the results each track is of, counted from 1.
    """

    sky: SkyAnswer
    numbers: tuple[int, ...]


def map_beneath(
    answer: WatchAnswer, chosen: int, catalog: Catalog, names: Sequence[str] = ()
) -> MapBeneath | None:
    """Return the map around a chosen craft, counted from 0; None where it has no position.

    Args:
        answer, chosen: what is watched, and which of it.
        catalog, names: as for `map_of`.
    """
    if not answer.results or answer.results[chosen].position is None:
        return None
    one = answer.results[chosen]
    on_moon = about_the_moon(one.tracked) is not None
    others = [
        (number, other)
        for number, other in enumerate(answer.results, 1)
        if other is not one
        and other.position is not None
        and (about_the_moon(other.tracked) is not None) == on_moon
    ]
    asked = [one.tracked, *(other.tracked for _, other in others if on_moon)]
    try:
        drawn = map_of(asked, answer.time, None, catalog, names, [answer.place])
    except NoOrbitError:
        return None
    first, *rest = (replace(result, ticks=()) for result in drawn.results)
    if on_moon:
        results = [first, *map(_point, rest)]
    else:
        results = [first, *(_beside(other, first) for _, other in others)]
    numbers = (chosen + 1, *(number for number, _ in others))
    return MapBeneath(replace(drawn, results=tuple(results)), numbers)


def _point(result: MapOf) -> MapOf:
    """Return a craft without track and outline."""
    here = (result.longitude_deg, result.latitude_deg)
    return replace(result, track=(here,), fields=(), footprint=None)


def _beside(other: Watched, chosen: MapOf) -> MapOf:
    position = other.position
    assert position is not None
    here = (position.longitude_deg, position.latitude_deg)
    return MapOf(other.tracked, *here, position.height_km, chosen.span, (here,), ())


@dataclass(slots=True)
class Skies:
    """Draws skies again and again; remembers the tracks of the one before."""

    _tracks: dict[tuple[str, datetime], SkyTrack] = field(default_factory=dict)

    def above(self, answer: WatchAnswer, chosen: int) -> SkyAbove:
        """Return the sky of the place with the passes that matter now."""
        shown = [
            (number, result, pass_)
            for number, result in enumerate(answer.results, 1)
            if (pass_ := result.current) is not None and (result.is_up or number == chosen + 1)
        ]
        if len(shown) > _MOST_TRACKS:
            shown = [item for item in shown if item[0] == chosen + 1]
        tracks = {
            (result.tracked.spacecraft.id, pass_.first.time): track
            for _, result, pass_ in shown
            for track in self._of(answer, result, pass_)
        }
        numbers = tuple(
            number
            for number, result, pass_ in shown
            if (result.tracked.spacecraft.id, pass_.first.time) in tracks
        )
        self._tracks = tracks
        empty = sky_of(_passes(answer, ()), answer.place)
        return SkyAbove(replace(empty, tracks=tuple(tracks.values())), numbers)

    def _of(self, answer: WatchAnswer, result: Watched, pass_: Pass) -> tuple[SkyTrack, ...]:
        known = self._tracks.get((result.tracked.spacecraft.id, pass_.first.time))
        if known is not None and known.pass_ is pass_:
            return (known,)
        search = PassSearch("passes", result.window.passes, result.window.span)
        of = PassesOf(result.tracked, answer.place, search, (pass_,))
        try:
            return sky_of(_passes(answer, (of,)), answer.place).tracks
        except NoOrbitError:
            return ()


def _passes(answer: WatchAnswer, results: Iterable[PassesOf]) -> PassesAnswer:
    moment = Span.from_days(answer.time, 1.0)
    return PassesAnswer(moment, answer.min_elevation_deg, tuple(results))
