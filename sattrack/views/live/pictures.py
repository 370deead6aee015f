"""The map and the sky of the live screen, in braille dots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo

from rich.text import Text

from sattrack.answers.surroundings import MapBeneath, SkyAbove
from sattrack.answers.watch import WatchAnswer
from sattrack.views.braille import Canvas, Palette
from sattrack.views.maps import map_scene
from sattrack.views.scene import Label, Line, Mark, Scene, Side, Spot, series
from sattrack.views.sky import dome, sky_point, track_points

# Textual takes colours away where the terminal has fewer, or where none are wanted.
_PALETTE = Palette(256)
_EDGE = 1.16
# Cells are twice as high as wide: a map is twice as wide as high, a sky as wide as high.
MAP_CELLS, SKY_CELLS, GAP_CELLS = 4, 2, 2


def picture_rows(width: int, height: int) -> int:
    """Return how high map and sky may be, beside each other in a room of cells."""
    return max(min(height, (width - GAP_CELLS) // (MAP_CELLS + SKY_CELLS)), 0)


def map_rows(beneath: MapBeneath, zone: tzinfo, width: int, height: int) -> list[Text]:
    """Return a map of that many cells; that of the Moon says so."""
    scene = map_scene(beneath.map, zone, numbers=beneath.numbers)
    if beneath.map.body == "moon":
        left, _, _, top = scene.bounds
        name = Label((left, top), "Moon", "frame", ("right",), needed=True, strong=True)
        scene = replace(scene, marks=(name, *scene.marks))
    return _drawn(scene, width, height)


def sky_rows(above: SkyAbove, answer: WatchAnswer, width: int, height: int) -> list[Text]:
    """Return a sky of that many cells, with the craft above the horizon where they are now."""
    bounds = (-_EDGE, -_EDGE, _EDGE, _EDGE)
    marks = (*dome(above.sky), *_tracks(above), *_craft(answer))
    return _drawn(Scene("sky", "", bounds, marks), width, height)


def _tracks(above: SkyAbove) -> Iterator[Mark]:
    for number, track in zip(above.numbers, above.sky.tracks, strict=True):
        for part in range(len(track.parts)):
            yield Line(track_points(track, part), series(number - 1))


def _craft(answer: WatchAnswer) -> Iterator[Mark]:
    for number, result in enumerate(answer.results, 1):
        position = result.position
        sighting = None if position is None else position.sighting
        if sighting is not None and sighting.elevation_deg >= 0.0:
            at = sky_point(sighting.azimuth_deg, sighting.elevation_deg)
            yield Spot(at, series(number - 1), "craft")
            sides: tuple[Side, ...] = ("above", "right", "left", "below")
            yield Label(at, str(number), series(number - 1), sides, strong=True)


def _drawn(scene: Scene, width: int, height: int) -> list[Text]:
    if width < 1 or height < 1:
        return []
    canvas = Canvas(width, height, scene.bounds)
    canvas.draw(scene)
    return [Text.from_ansi(line) for line in canvas.lines(_PALETTE)]
