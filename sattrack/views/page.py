"""A scene laid out on paper: where every line, area and text lies, in pixels, y down.

What writes a page, `svg` or `plot`, decides nothing but how.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sattrack.errors import printable
from sattrack.views.scene import Area, Dash, Grid, Label, Line, Point, Room, Scene, Spot
from sattrack.views.tables import Column, cells_wide, column_width, fitting, wrapped

Anchor: TypeAlias = Literal["start", "middle", "end"]

WIDE_PX, NARROW_PX = 900, 660
_MARGIN_PX = 20
_TEXT_PX, _TITLE_PX, _LABEL_PX = 12.0, 16.0, 11.0
_LEADING = 1.5
# Width of a cell of text in parts of its height: wide for most typefaces, so that nothing overlaps.
_CELL = 0.58
_SWATCH_PX = 26.0
_GAP_CELLS = 2
# What lies nearer together is one point.
_VISIBLE_PX = 0.8
_STATION_PX, _CRAFT_PX, _TICK_PX, _SUN_PX = 4.5, 5.0, 2.2, 6.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line, of an ink.

    Attributes:
        name: what it is, or empty.
    """

    points: tuple[Point, ...]
    ink: str
    dash: Dash = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fill:
    """What rings enclose, even or odd; `edge` is the ink of its edge, or empty."""

    rings: tuple[tuple[Point, ...], ...]
    ink: str
    edge: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Disk:
    """A circle; `hollow` ones show the paper inside."""

    centre: Point
    radius: float
    ink: str
    hollow: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `at` is the middle of its height, at its start, middle or end.

    Attributes:
        box: left, top, width and height of what it covers, where the paper shows through.
    """

    at: Point
    text: str
    ink: str = "ink"
    size: float = _TEXT_PX
    anchor: Anchor = "start"
    strong: bool = False
    box: tuple[float, float, float, float] | None = None


Item: TypeAlias = Stroke | Fill | Disk | Text


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page of a width and height."""

    width: float
    height: float
    title: str
    description: str
    kind: str
    items: tuple[Item, ...]


def page_of(scene: Scene) -> Page:
    """Return a scene laid out with its title above, legend and notes below."""
    width = float(WIDE_PX if scene.aspect > 1.5 else NARROW_PX)
    inner = width - 2 * _MARGIN_PX
    items: list[Item] = []
    y = float(_MARGIN_PX)
    for line in wrapped(scene.title, _cells(inner, _TITLE_PX)):
        y += _TITLE_PX * _LEADING
        items.append(Text((_MARGIN_PX, y - _TITLE_PX * 0.75), line, size=_TITLE_PX, strong=True))
    for told in scene.told:
        y = _sentence(items, told, y, inner)
    y += 8.0
    height = inner / scene.aspect
    items += _picture(scene, (_MARGIN_PX, y), inner, height)
    y += height + 8.0
    if scene.legend is not None:
        y = _legend(items, scene, y, inner)
    for note in scene.notes:
        y = _sentence(items, note, y, inner)
    description = scene.description or scene.title
    return Page(
        width, math.ceil(y + _MARGIN_PX), scene.title, description, scene.kind, tuple(items)
    )


def _cells(width: float, size: float) -> int:
    return int(width / (_CELL * size))


def _sentence(items: list[Item], text: str, y: float, inner: float) -> float:
    """Add a sentence below `y`, and return where it ends."""
    for line in wrapped(text, _cells(inner, _TEXT_PX)):
        y += _TEXT_PX * _LEADING
        items.append(Text((_MARGIN_PX, y - _TEXT_PX * 0.75), line, ink="quiet"))
    return y


def _picture(scene: Scene, origin: Point, width: float, height: float) -> Iterator[Item]:
    grid = Grid(scene.bounds, width, height)

    def at(point: Point) -> Point:
        x, y = grid.at(point)
        return origin[0] + x, origin[1] + y

    for mark in scene.marks:
        match mark:
            case Area(rings, ink):
                placed = tuple(_thinned(tuple(map(at, ring))) for ring in rings)
                yield Fill(placed, ink, mark.edge, mark.name)
            case Line(points, ink):
                yield Stroke(_thinned(tuple(map(at, points))), ink, mark.dash, mark.name)
    if scene.framed:
        left, bottom, right, top = scene.bounds
        corners = ((left, bottom), (left, top), (right, top), (right, bottom), (left, bottom))
        yield Stroke(tuple(map(at, corners)), "frame")
    for mark in scene.marks:
        if isinstance(mark, Spot):
            yield _sign(mark, at(mark.at))
    room = Room(width, height, 2.0)
    for mark in scene.marks:
        if isinstance(mark, Spot) and mark.sign != "tick":
            room.block(grid.at(mark.at), (_CRAFT_PX - 1.0, _CRAFT_PX - 1.0))
    for mark in scene.marks:
        if isinstance(mark, Label):
            label = _label(mark, grid.at(mark.at), room, origin)
            if label is not None:
                yield label


def _thinned(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return a line without points that are nearer to the one before than anybody can see."""
    kept = [points[0]]
    for point in points[1:-1]:
        if math.dist(point, kept[-1]) >= _VISIBLE_PX:
            kept.append(point)
    return (*kept, *points[1:][-1:])


def _sign(spot: Spot, at: Point) -> Item:
    match spot.sign:
        case "craft":
            return Disk(at, _CRAFT_PX, spot.ink, name=spot.name)
        case "tick":
            return Disk(at, _TICK_PX, spot.ink, hollow=True, name=spot.name)
        case "sun":
            return Disk(at, _SUN_PX, spot.ink, name=spot.name)
        case "station":
            (x, y), r = at, _STATION_PX
            triangle = ((x, y - r), (x + r, y + 0.8 * r), (x - r, y + 0.8 * r))
            return Fill((triangle,), spot.ink, name=spot.name)


def _label(label: Label, at: Point, room: Room, origin: Point) -> Text | None:
    text = printable(label.text, 40)
    size = (cells_wide(text) * _CELL * _LABEL_PX, 1.2 * _LABEL_PX)
    box = room.place(at, size, (7.0, 6.0), label)
    if box is None:
        return None
    left, top, right, bottom = box
    middle = (origin[0] + (left + right) / 2.0, origin[1] + (top + bottom) / 2.0)
    place = (origin[0] + left, origin[1] + top, right - left, bottom - top)
    return Text(middle, text, label.ink, _LABEL_PX, "middle", label.strong, place)


def _legend(items: list[Item], scene: Scene, y: float, inner: float) -> float:
    """Add the legend below `y`, and return where it ends."""
    legend = scene.legend
    assert legend is not None
    shown = fitting(legend.columns, _cells(inner - _SWATCH_PX, _TEXT_PX))
    cell = _CELL * _TEXT_PX
    x = _MARGIN_PX + _SWATCH_PX
    y += _TEXT_PX * _LEADING
    for column in shown:
        wide = column_width(column) * cell
        edge = x + wide if column.right else x
        items.append(_entry(column, column.title, edge, y, "quiet"))
        for row, text in enumerate(column.cells):
            below = y + (row + 1) * _TEXT_PX * _LEADING
            items.append(_entry(column, text, edge, below, "ink"))
        x += wide + _GAP_CELLS * cell
    for row, ink in enumerate(legend.inks):
        middle = y + (row + 1) * _TEXT_PX * _LEADING - _TEXT_PX * 0.75 + 2.0
        items.append(Stroke(((_MARGIN_PX, middle), (_MARGIN_PX + 18.0, middle)), ink))
    return y + len(legend.inks) * _TEXT_PX * _LEADING + 6.0


def _entry(column: Column, text: str, x: float, y: float, ink: str) -> Text:
    middle = y - _TEXT_PX * 0.75 + 2.0
    return Text((x, middle), text, ink, anchor="end" if column.right else "start")
