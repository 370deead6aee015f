"""Pictures in a terminal: eight dots to a cell, colours where there are any.

Dots carry the picture and colours only help: what has no colour is told apart by number and by
dashes. Braille patterns are one cell wide everywhere, which other signs are not in a Korean
terminal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sattrack.errors import printable
from sattrack.views.scene import (
    INKS,
    SERIES,
    Area,
    Dash,
    Grid,
    Label,
    Line,
    Point,
    Room,
    Scene,
    Spot,
)
from sattrack.views.tables import cells_wide, table_text, wrapped

_BLANK = 0x2800
# Unicode 16.0, block Braille Patterns: dots 1, 2, 3, 7 are the left column, 4, 5, 6, 8 the right.
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint16)
# Dots that are set and left out along a line.
_DASHES = {"dashed": (2, 3), "dotted": (1, 3)}
# A frame this wide is as much as eyes and scrollback want.
_WIDEST = 160
_MARKS = {"station": "+", "sun": "*"}
_ORDER = {ink: order for order, ink in enumerate(INKS)} | {
    f"series{k}": len(INKS) + k for k in range(SERIES)
}
# Of the 256 colours of xterm those that stand out 3:1 both on white and on black; of the sixteen
# those that themes keep legible on their own background.
COLOURS_256 = {f"series{k}": c for k, c in enumerate((33, 166, 29, 133, 130, 31, 161, 97))} | {
    "station": 161,
    "region": 133,
    "sun": 136,
    "mask": 137,
    "coast": 65,
    "frame": 102,
    "grid": 102,
    "night": 102,
}
COLOURS_16 = {f"series{k}": c for k, c in enumerate((34, 31, 32, 35, 36, 34, 31, 35))} | {
    "station": 31,
    "region": 35,
    "sun": 33,
    "mask": 33,
    "coast": 32,
}


@dataclass(frozen=True, slots=True)
class Palette:
    """How many colours a terminal has: 0, 8 or 256; with 0 nothing is emphasised either."""

    colours: int = 0

    def paint(self, text: str, ink: str, strong: bool = False) -> str:
        """Return text in the colour of an ink."""
        if not self.colours:
            return text
        codes = ["1"] if strong else []
        if self.colours >= 256 and ink in COLOURS_256:
            codes.append(f"38;5;{COLOURS_256[ink]}")
        elif ink in COLOURS_16:
            codes.append(str(COLOURS_16[ink]))
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if codes else text


class Canvas:
    """Cells of two by four dots.

    Attributes:
        dots: the bits of each cell, shape `(rows, columns)`.
    """

    def __init__(self, columns: int, rows: int, bounds: tuple[float, float, float, float]) -> None:
        self.columns, self.rows = columns, rows
        self.dots: NDArray[np.uint16] = np.zeros((rows, columns), dtype=np.uint16)
        self._ink: NDArray[np.int64] = np.full((rows, columns), -1)
        self._inks: list[str] = [*_ORDER]
        self._text: dict[tuple[int, int], tuple[str, str, bool]] = {}
        self._room = Room(columns, rows)
        self._grid = Grid(bounds, 2.0 * columns, 4.0 * rows)

    def draw(self, scene: Scene) -> None:
        """Draw a scene: what covers others last, labels on top."""
        if scene.framed:
            left, bottom, right, top = scene.bounds
            corners = ((left, bottom), (left, top), (right, top), (right, bottom), (left, bottom))
            self._line(corners, "frame")
        marks = sorted(scene.marks, key=lambda mark: _ORDER.get(mark.ink, -1))
        for mark in marks:
            if isinstance(mark, Area):
                self._area(mark)
            elif isinstance(mark, Line) and not mark.fine:
                self._line(mark.points, mark.ink, mark.dash)
        for mark in scene.marks:
            if isinstance(mark, Spot):
                self._spot(mark)
                if mark.sign in _MARKS:
                    row, column = self.cell(mark.at)
                    # Labels keep a cell from each other, but may touch the sign that they name.
                    self._room.block((column + 0.5, row + 0.5), (-0.5, 0.5))
        for mark in scene.marks:
            if isinstance(mark, Label):
                self._label(mark)

    def cell(self, point: Point) -> tuple[int, int]:
        """Return row and column of the cell in which a point lies, edges counted inside."""
        x, y = self._grid.at(point)
        return _inside(y / 4.0, self.rows), _inside(x / 2.0, self.columns)

    def is_dotted(self, point: Point) -> bool:
        """Whether the dot at a point is set."""
        x, y = self._grid.at(point)
        row, column = _inside(y, 4 * self.rows), _inside(x, 2 * self.columns)
        return bool(self.dots[row // 4, column // 2] & _BITS[row % 4, column % 2])

    def _set(self, rows: NDArray[np.int64], columns: NDArray[np.int64], ink: str) -> None:
        np.bitwise_or.at(self.dots, (rows // 4, columns // 2), _BITS[rows % 4, columns % 2])
        self._ink[rows // 4, columns // 2] = _ORDER.get(ink, -1)

    def _line(self, points: Sequence[Point], ink: str, dash: Dash = "") -> None:
        """Set the dots along a line; what lies outside is not drawn."""
        if len(points) < 2:
            return
        height, width = 4 * self.rows, 2 * self.columns
        corners = np.array([self._grid.at(point) for point in points])
        steps = np.abs(np.diff(corners, axis=0)).max(axis=1)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        places = np.linspace(0.0, along[-1], 2 * math.ceil(along[-1]) + 1)
        x, y = (np.interp(places, along, corners[:, axis]) for axis in (0, 1))
        if dash:
            length, space = _DASHES[dash]
            drawn = places % (length + space) < length
            x, y = x[drawn], y[drawn]
        # The right and the bottom edge belong to the last dots.
        inside = (x >= 0.0) & (x <= width) & (y >= 0.0) & (y <= height)
        columns = np.minimum(np.floor(x[inside]), width - 1).astype(np.int64)
        rows = np.minimum(np.floor(y[inside]), height - 1).astype(np.int64)
        self._set(rows, columns, ink)

    def _area(self, area: Area) -> None:
        if area.edge:
            for ring in area.rings:
                self._line((*ring, ring[0]), area.edge)
        if not area.shaded:
            return
        # One dot of sixteen, staggered.
        rows, columns = np.mgrid[1 : 4 * self.rows : 4, 0 : 2 * self.columns : 4]
        columns = columns + np.where(rows % 8 == 1, 0, 2)
        x, y = columns.ravel() + 0.5, rows.ravel() + 0.5
        inside = np.zeros(len(x), dtype=bool)
        for ring in area.rings:
            inside ^= _holds(np.array([self._grid.at(point) for point in ring]), x, y)
        self._set(rows.ravel()[inside], columns.ravel()[inside], area.ink)

    def _spot(self, spot: Spot) -> None:
        row, column = self.cell(spot.at)
        if spot.sign in _MARKS:
            self._write(row, column, _MARKS[spot.sign], spot.ink, strong=True)
        elif spot.sign == "craft":
            # The number beside it tells which; two by two dots show where.
            x, y = self._grid.at(spot.at)
            rows, columns = np.mgrid[0:2, 0:2]
            rows = np.clip(rows + math.floor(y - 0.5), 0, 4 * self.rows - 1)
            columns = np.clip(columns + math.floor(x - 0.5), 0, 2 * self.columns - 1)
            self._set(rows.ravel(), columns.ravel(), spot.ink)

    def _label(self, label: Label) -> None:
        text = printable(label.text, 40)
        width = cells_wide(text)
        row, column = self.cell(label.at)
        box = self._room.place((column + 0.5, row + 0.5), (float(width), 1.0), (0.5, 0.5), label)
        if box is None:
            return
        left = min(max(math.floor(box[0]), 0), max(self.columns - width, 0))
        top = _inside(box[1], self.rows)
        self._write(top, left, text, label.ink, label.strong)

    def _write(self, row: int, column: int, text: str, ink: str, strong: bool) -> None:
        for character in text:
            width = cells_wide(character)
            if column + width > self.columns:
                return
            self._text[row, column] = (character, ink, strong)
            if width == 2:
                self._text[row, column + 1] = ("", ink, strong)
            column += width

    def lines(self, palette: Palette = Palette()) -> list[str]:
        """Return the rows as text, without blanks at their ends."""
        return [self._row(row, palette) for row in range(self.rows)]

    def _row(self, row: int, palette: Palette) -> str:
        runs: list[tuple[str, bool, list[str]]] = []
        for column in range(self.columns):
            if (row, column) in self._text:
                character, ink, strong = self._text[row, column]
            elif self.dots[row, column]:
                character, strong = chr(_BLANK + int(self.dots[row, column])), False
                ink = self._inks[self._ink[row, column]]
            else:
                character, ink, strong = " ", "", False
            if not runs or runs[-1][:2] != (ink, strong):
                runs.append((ink, strong, []))
            runs[-1][2].append(character)
        while runs and not runs[-1][0]:
            runs.pop()
        return "".join(palette.paint("".join(text), ink, strong) for ink, strong, text in runs)


def scene_text(scene: Scene, width: int, palette: Palette = Palette()) -> str:
    """Return a scene for a terminal `width` cells wide: title, picture, legend and notes."""
    columns, rows = picture_size(scene, width)
    canvas = Canvas(columns, rows, scene.bounds)
    canvas.draw(scene)
    indent = " " * ((min(width, _WIDEST) - columns) // 2)
    lines = wrapped(scene.title, width)
    for told in scene.told:
        first, *more = wrapped(told, width - 2) or [""]
        lines += [first, *(f"  {line}" for line in more)]
    lines += ["", *((indent + line).rstrip() for line in canvas.lines(palette)), ""]
    if scene.legend is not None:
        heading, *rows_text = table_text(
            scene.legend.columns, width, palette.colours > 0
        ).splitlines()
        painted = [
            palette.paint(line, ink) for line, ink in zip(rows_text, scene.legend.inks, strict=True)
        ]
        lines += [heading, *painted]
        lines.append("")
    for note in scene.notes:
        lines += wrapped(note, width)
    while not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def picture_size(scene: Scene, width: int) -> tuple[int, int]:
    """Return columns and rows of a picture: a cell is twice as high as wide.

    A map fills the width; a picture as high as wide would not fit on a screen, and fills three
    quarters of it, up to 72 cells.
    """
    widest = min(width, _WIDEST) if scene.aspect > 1.5 else min(3 * width // 4, 72)
    rows = round(widest / scene.aspect / 2.0)
    return widest, max(rows, 1)


def _inside(value: float, count: int) -> int:
    return min(max(math.floor(value), 0), count - 1)


def _holds(
    ring: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell which points lie inside a ring, by crossings, even or odd; shape as `x`."""
    inside = np.zeros(len(x), dtype=bool)
    for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        between = (y0 > y) != (y1 > y)
        inside ^= between & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside
