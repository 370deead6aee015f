"""What a picture shows, in the picture's own coordinates; painters make dots, SVG or pages of it.

A scene knows nothing of pixels, cells or colours: x goes right, y goes up, and each mark says by
its ink what it is. `braille` draws scenes in a terminal; `page` lays them out on paper, `svg` and
`plot` write such pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sattrack.views.tables import Column

Point: TypeAlias = tuple[float, float]
Side: TypeAlias = Literal["right", "left", "above", "below", "centre"]
Sign: TypeAlias = Literal["craft", "tick", "station", "sun"]
Dash: TypeAlias = Literal["", "dashed", "dotted"]

# Each ink with the order in which inks cover each other, the last on top.
INKS = ("water", "land", "night", "mask", "grid", "coast", "frame", "region", "sun", "station")
SERIES = 8


def series(number: int) -> str:
    """Return the ink of the n-th spacecraft or pass, counted from 0; they recur."""
    return f"series{number % SERIES}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points.

    Attributes:
        dash: shadow is dashed, grids are dotted.
        fine: left out where dots are coarse.
        name: what it is, for those who point at it or have it read to them; or empty.
    """

    points: tuple[Point, ...]
    ink: str
    dash: Dash = ""
    name: str = ""
    fine: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """What rings enclose, those inside others cut out of it.

    Attributes:
        shaded: a terminal, too, fills it with dots, and does not draw only its edge.
        edge: the ink of its edge; empty where none is drawn.
    """

    rings: tuple[tuple[Point, ...], ...]
    ink: str
    edge: str = ""
    shaded: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A sign at a point, whose size does not depend on the scale."""

    at: Point
    ink: str
    sign: Sign
    name: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a point.

    Attributes:
        sides: where it may stand, in order of preference; where it would cover another label that
            came before, or leave the picture, it is left out.
        needed: it stands at the first of its sides whatever is there.
        strong: emphasised.
    """

    at: Point
    text: str
    ink: str
    sides: tuple[Side, ...] = ("centre",)
    needed: bool = False
    strong: bool = False


Mark: TypeAlias = Line | Area | Spot | Label


@dataclass(frozen=True, slots=True)
class Legend:
    """A table with a row for each ink."""

    columns: tuple[Column, ...]
    inks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture.

    Attributes:
        kind: a word for it: `sky`, `map`.
        title: one line.
        told: below the title: window, where orbits come from.
        bounds: left, bottom, right and top of what is shown.
        marks: in order of drawing; labels in order of importance.
        legend: below the picture.
        notes: sentences below the legend.
        description: what the picture shows, for those who do not see it.
        framed: the edge of the picture is drawn.
    """

    kind: str
    title: str
    bounds: tuple[float, float, float, float]
    marks: tuple[Mark, ...]
    told: tuple[str, ...] = ()
    legend: Legend | None = None
    notes: tuple[str, ...] = ()
    description: str = ""
    framed: bool = False

    @property
    def aspect(self) -> float:
        """How much wider than high it is."""
        left, bottom, right, top = self.bounds
        return (right - left) / (top - bottom)


@dataclass(frozen=True, slots=True)
class Grid:
    """How plot coordinates lie on dots or pixels, whose y goes down.

    Attributes:
        bounds: as of the scene.
        width, height: in dots or pixels.
    """

    bounds: tuple[float, float, float, float]
    width: float
    height: float

    def at(self, point: Point) -> Point:
        """Return where a point lies."""
        left, bottom, right, top = self.bounds
        x = (point[0] - left) / (right - left) * self.width
        y = (top - point[1]) / (top - bottom) * self.height
        return x, y


@dataclass(slots=True)
class Room:
    """Places taken by labels, as boxes of left, top, right and bottom.

    Attributes:
        apart: how far labels beside each other stand apart.
    """

    width: float
    height: float
    apart: float = 1.0
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def place(
        self, at: Point, size: Point, gap: Point, label: Label
    ) -> tuple[float, float, float, float] | None:
        """Return the box for a label of a size at a point, and take it; None where there is none.

        Args:
            at: in the units of the room, y down.
            size: width and height of the text.
            gap: how far it stands off the point, across and up.
            label: which sides it may take.
        """
        boxes = [_box(at, size, gap, side) for side in label.sides]
        fitting = [box for box in boxes if self._is_free(box)]
        if not fitting and not label.needed:
            return None
        box = (fitting or boxes)[0]
        self.taken.append(box)
        return box

    def block(self, at: Point, reach: Point) -> None:
        """Take the place of a sign, which no label may cover."""
        (x, y), (across, up) = at, reach
        self.taken.append((x - across, y - up, x + across, y + up))

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        inside = left >= 0.0 and top >= 0.0 and right <= self.width and bottom <= self.height
        return inside and not any(
            left < east + self.apart
            and right > west - self.apart
            and top < south
            and bottom > north
            for west, north, east, south in self.taken
        )


def _box(at: Point, size: Point, gap: Point, side: Side) -> tuple[float, float, float, float]:
    (x, y), (width, height), (across, up) = at, size, gap
    left, top = x - width / 2.0, y - height / 2.0
    match side:
        case "right":
            left = x + across
        case "left":
            left = x - across - width
        case "above":
            top = y - up - height
        case "below":
            top = y + up
    return left, top, left + width, top + height
