"""Maps of the Earth and the Moon as scenes: the whole body, or the surroundings of a pole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Literal, TypeAlias

from sattrack.answers.maps import MapAnswer, MapOf
from sattrack.errors import printable
from sattrack.places import Place
from sattrack.views.passes import full_time, origins_told, to_second
from sattrack.views.scene import Area, Label, Legend, Line, Mark, Point, Scene, Side, Spot, series
from sattrack.views.tables import Column, cells_wide

Pole: TypeAlias = Literal["north", "south"]

# What may be drawn of many craft without hiding it all.
_MOST_TRACKS = 12
_MOST_OUTLINED = 4
_MOST_TICKED = 3
_GRID_DEG = 30
# How far from a pole its map reaches: on the Moon around the regions of Artemis.
_REACH_DEG = {"earth": 60.0, "moon": 10.0}
# Lines that are straight in longitude and latitude are curves around a pole.
_CURVE_DEG = 2.0
_SIDES: tuple[Side, ...] = ("right", "left", "above", "below")
# A track that stays within so many degrees has no room for times.
_SMALL_DEG = 15.0
_SHORT_NAME = 16


@dataclass(frozen=True, slots=True)
class Chart:
    """How longitudes and latitudes become points.

    Attributes:
        pole: in the middle; None for the whole body, longitude right and latitude up, degrees.
        reach_deg: from the pole to the rim, which is 1 from the middle.
    """

    pole: Pole | None = None
    reach_deg: float = 90.0

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the map."""
        return (-180.0, -90.0, 180.0, 90.0) if self.pole is None else (-1.14, -1.14, 1.14, 1.14)

    def point(self, longitude_deg: float, latitude_deg: float) -> Point:
        """Return where a place lies.

        Around a pole distances from it are to scale, and longitude 90 east is on the right; 0 is
        up around the south pole and down around the north pole, as seen from above.
        """
        if self.pole is None:
            return longitude_deg, latitude_deg
        up = 1.0 if self.pole == "south" else -1.0
        radius = (90.0 + up * latitude_deg) / self.reach_deg
        longitude = math.radians(longitude_deg)
        return radius * math.sin(longitude), up * radius * math.cos(longitude)

    def lines(self, corners: Sequence[Point]) -> Iterator[tuple[Point, ...]]:
        """Yield the parts of a line of (longitude, latitude) that lie on the map.

        Between two corners it goes the shorter way round.
        """
        if self.pole is None:
            yield from cut_line(corners)
            return
        yield from _inside_rim([self.point(*corner) for corner in corners])

    def ring(self, corners: Sequence[Point]) -> tuple[Point, ...]:
        """Return a ring of (longitude, latitude); what lies beyond the rim lies on it."""
        if self.pole is None:
            return tuple(corners)
        points = []
        for one, other in pairwise((*corners, corners[0])):
            steps = math.ceil(max(abs(other[0] - one[0]), abs(other[1] - one[1])) / _CURVE_DEG)
            for step in range(max(steps, 1)):
                share = step / max(steps, 1)
                x, y = self.point(
                    one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])
                )
                far = max(math.hypot(x, y), 1.0)
                points.append((x / far, y / far))
        return tuple(points)

    def shows(self, longitude_deg: float, latitude_deg: float) -> bool:
        """Whether a place lies on the map."""
        return self.pole is None or math.hypot(*self.point(longitude_deg, latitude_deg)) <= 1.0


def _inside_rim(points: Sequence[Point]) -> Iterator[tuple[Point, ...]]:
    """Yield the parts of a line within the circle of radius 1, cut at it."""
    part: list[Point] = []
    for one, other in pairwise(points):
        shares = _shares_inside(one, other)
        if shares is None:
            continue
        first, last = (
            (one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1]))
            for share in shares
        )
        part = [*(part or [first]), last]
        if shares[1] < 1.0:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def _shares_inside(one: Point, other: Point) -> tuple[float, float] | None:
    """Return between which shares of the way from one point to another the circle is; or None."""
    (x0, y0), (dx, dy) = one, (other[0] - one[0], other[1] - one[1])
    a, b, c = dx * dx + dy * dy, x0 * dx + y0 * dy, x0 * x0 + y0 * y0 - 1.0
    if a == 0.0:
        return (0.0, 1.0) if c <= 0.0 else None
    root = b * b - a * c
    if root <= 0.0:
        return None
    first, last = ((-b + side * math.sqrt(root)) / a for side in (-1.0, 1.0))
    first, last = max(first, 0.0), min(last, 1.0)
    return (first, last) if first < last else None


def cut_line(corners: Sequence[Point]) -> Iterator[tuple[Point, ...]]:
    """Yield the parts of a line of (longitude, latitude) between -180 and 180 degrees.

    Between two corners it goes the shorter way round; where it crosses 180 degrees, both parts end
    there.
    """
    part: list[Point] = []
    for corner in corners:
        if part and abs(corner[0] - part[-1][0]) > 180.0:
            (x0, y0), (x1, y1) = part[-1], corner
            edge = math.copysign(180.0, x0)
            way = x1 + 2.0 * edge - x0
            y = y0 + (y1 - y0) * ((edge - x0) / way if way else 0.0)
            part.append((edge, y))
            yield tuple(part)
            part = [(-edge, y)]
        part.append(corner)
    if part:
        yield tuple(part)


def map_scene(
    answer: MapAnswer, zone: tzinfo, pole: Pole | None = None, numbers: Sequence[int] = ()
) -> Scene:
    """Return the picture of an answer, times in a zone.

    Args:
        answer, zone: what, and in which times.
        pole: show its surroundings.
        numbers: by which the craft are called; 1, 2, … where none are given.
    """
    chart = Chart(pole, _REACH_DEG[answer.body])
    moon = answer.body == "moon"
    whose = "the Moon" if moon else "the Earth"
    around = "" if pole is None else f" around the {pole} pole"
    frame = "; mean-Earth frame" if moon else ""
    until = max(result.span.end for result in answer.results)
    return Scene(
        "map",
        f"Map of {whose}{around}, {full_time(answer.time, zone)}",
        chart.bounds,
        tuple(_marks(answer, chart, zone, numbers or range(1, len(answer.results) + 1))),
        tuple(
            line + frame
            for line in origins_told([result.tracked for result in answer.results], until)
        ),
        _legend(answer, zone),
        tuple(_notes(answer, chart)),
        _description(answer, whose + around, zone),
        framed=pole is None,
    )


def _marks(answer: MapAnswer, chart: Chart, zone: tzinfo, numbers: Sequence[int]) -> Iterator[Mark]:
    numbered = list(zip(numbers, answer.results, strict=True))
    yield from _ground(answer, chart)
    if sum(1 for result in answer.results if result.outlines) <= _MOST_OUTLINED:
        for number, result in numbered:
            yield from _seen(result, series(number - 1), chart)
    if sum(1 for result in answer.results if len(result.track) > 1) <= _MOST_TRACKS:
        for number, result in numbered:
            name = f"Ground track of {_name(result)}"
            for points in chart.lines(result.track):
                yield Line(points, series(number - 1), name=name)
    yield from _places(answer, chart)
    times: list[Mark] = []
    if len(answer.results) <= _MOST_TICKED:
        for number, result in numbered:
            for at, text in _ticks(result, chart, zone):
                yield Spot(at, series(number - 1), "tick")
                times.append(Label(at, text, series(number - 1), _SIDES))
    for number, result in numbered:
        place = (result.longitude_deg, result.latitude_deg)
        if chart.shows(*place):
            at = chart.point(*place)
            yield Spot(at, series(number - 1), "craft", _name(result))
            sides: tuple[Side, ...] = ("above", "right", "left", "below")
            yield Label(at, str(number), series(number - 1), sides, strong=True)
    yield from _names(answer, chart)
    yield from times
    yield from _graticule_labels(chart)


def _ground(answer: MapAnswer, chart: Chart) -> Iterator[Mark]:
    yield Area((_rim(chart),), "water" if answer.land else "land")
    # Where the map is cut, land has an edge that is no coast; around a pole that would show.
    whole = chart.pole is None
    if answer.land:
        rings = tuple(chart.ring(ring) for ring in answer.land)
        yield Area(rings, "land", "coast" if whole else "")
    if answer.night:
        yield Area((chart.ring(answer.night),), "night", shaded=True, name="Night")
    for shore in () if whole else answer.coast:
        for points in chart.lines(shore):
            yield Line(points, "coast")
    yield from _graticule(chart)
    if chart.pole is not None:
        yield Line((*_rim(chart), _rim(chart)[0]), "frame")


def _rim(chart: Chart) -> tuple[Point, ...]:
    if chart.pole is None:
        left, bottom, right, top = chart.bounds
        return ((left, bottom), (left, top), (right, top), (right, bottom))
    return tuple(
        (math.sin(math.radians(turn)), math.cos(math.radians(turn))) for turn in range(0, 360, 2)
    )


def _graticule(chart: Chart) -> Iterator[Mark]:
    if chart.pole is None:
        for longitude in range(-180 + _GRID_DEG, 180, _GRID_DEG):
            yield Line(((longitude, -90.0), (longitude, 90.0)), "grid", "dotted", fine=True)
        for latitude in range(-90 + _GRID_DEG, 90, _GRID_DEG):
            yield Line(((-180.0, latitude), (180.0, latitude)), "grid", "dotted", fine=True)
        return
    for longitude in range(0, 360, _GRID_DEG):
        x, y = math.sin(math.radians(longitude)), math.cos(math.radians(longitude))
        yield Line(((x / 6.0, y / 6.0), (x, y)), "grid", "dotted", fine=True)
    half = tuple((0.5 * x, 0.5 * y) for x, y in (*_rim(chart), _rim(chart)[0]))
    yield Line(half, "grid", "dotted", fine=True)


def _graticule_labels(chart: Chart) -> Iterator[Mark]:
    if chart.pole is None:
        for longitude in range(-120, 180, 60):
            side = "" if longitude == 0 else "W" if longitude < 0 else "E"
            yield Label((longitude, -90.0), f"{abs(longitude)}°{side}", "frame", ("above",))
        for latitude in (60, 30, 0, -30, -60):
            side = "" if latitude == 0 else "S" if latitude < 0 else "N"
            yield Label((-180.0, latitude), f"{abs(latitude)}°{side}", "frame", ("right",))
        return
    up = 1.0 if chart.pole == "south" else -1.0
    for turn in range(0, 360, _GRID_DEG):
        longitude = turn if turn <= 180 else turn - 360
        side = "" if longitude in (0, 180) else "W" if longitude < 0 else "E"
        x, y = math.sin(math.radians(turn)), up * math.cos(math.radians(turn))
        yield Label((1.09 * x, 1.09 * y), f"{abs(longitude)}°{side}", "frame", needed=True)
    half = 90.0 - chart.reach_deg / 2.0
    letter = "S" if chart.pole == "south" else "N"
    yield Label((0.5 * math.sin(0.785), -0.5 * math.cos(0.785)), f"{half:g}°{letter}", "frame")


def _seen(result: MapOf, ink: str, chart: Chart) -> Iterator[Mark]:
    """Yield what a craft sees, or from where it is seen."""
    names = [f"Field of regard of {printable(f.instrument.name, 40)}" for f in result.fields]
    names = names or [f"Footprint of {_name(result)}"]
    for outline, name in zip(result.outlines, names, strict=False):
        rings = tuple(chart.ring(ring[:-1]) for ring in outline.polygons())
        yield Area(rings, ink, name=name)
        for ring in outline.polygons():
            for shore in _without_seams(ring):
                for points in chart.lines(shore):
                    yield Line(points, ink, "dashed", name)


def _without_seams(ring: Sequence[Point]) -> Iterator[tuple[Point, ...]]:
    """Yield the parts of a closed ring that do not run along 180 degrees or a pole."""
    part: list[Point] = []
    for one, other in pairwise(ring):
        seam = (one[0] == other[0] and abs(one[0]) == 180.0) or (
            one[1] == other[1] and abs(one[1]) == 90.0
        )
        if seam:
            if len(part) > 1:
                yield tuple(part)
            part = []
        else:
            part = [*(part or [one]), other]
    if len(part) > 1:
        yield tuple(part)


def _places(answer: MapAnswer, chart: Chart) -> Iterator[Mark]:
    for place in answer.places:
        at = (place.longitude_deg, place.latitude_deg)
        if chart.shows(*at):
            yield Spot(chart.point(*at), "station", "station", printable(place.name, 60))
    for region in answer.regions:
        if region.outline_deg and chart.shows(region.longitude_deg, region.latitude_deg):
            ring = tuple(chart.point(*corner) for corner in region.outline_deg)
            yield Area((ring,), "region", "region", name=printable(region.name, 60))
    if answer.subsolar is not None and chart.shows(*answer.subsolar):
        yield Spot(chart.point(*answer.subsolar), "sun", "sun", "The Sun stands in the zenith")


def _names(answer: MapAnswer, chart: Chart) -> Iterator[Mark]:
    for place in answer.places:
        at = (place.longitude_deg, place.latitude_deg)
        if place.name and chart.shows(*at):
            yield Label(chart.point(*at), _short(place), "station", _SIDES)
    # On a map of the whole Moon they would lie one upon the other.
    for region in answer.regions if chart.pole is not None else ():
        if region.outline_deg and chart.shows(region.longitude_deg, region.latitude_deg):
            x, _ = chart.point(region.longitude_deg, region.latitude_deg)
            top = max(chart.point(*corner)[1] for corner in region.outline_deg)
            name = printable(region.name, 24)
            yield Label((x, top), name, "region", ("above", "right", "left", "below"))
    if answer.subsolar is not None and chart.shows(*answer.subsolar):
        yield Label(chart.point(*answer.subsolar), "Sun", "sun", _SIDES)


def _ticks(result: MapOf, chart: Chart, zone: tzinfo) -> Iterator[tuple[Point, str]]:
    if _extent_deg(result) < _SMALL_DEG:
        return
    for tick in result.ticks:
        # There the craft itself is shown.
        at = (tick.longitude_deg, tick.latitude_deg)
        if chart.shows(*at) and at != (result.longitude_deg, result.latitude_deg):
            local = to_second(tick.time, zone)
            text = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
            yield chart.point(*at), text


def _extent_deg(result: MapOf) -> float:
    return max(
        max(corner[axis] for corner in result.track) - min(corner[axis] for corner in result.track)
        for axis in (0, 1)
    )


def _short(place: Place) -> str:
    """Return a name as a map has room for it: long ones by their first word."""
    name = printable(place.name, 60)
    return name if cells_wide(name) <= _SHORT_NAME else name.split()[0]


def _name(result: MapOf) -> str:
    planned = " (planned)" if result.tracked.provenance.nominal else ""
    return f"{printable(result.tracked.name, 28)}{planned}"


def _degrees(value: float, letters: str) -> str:
    return f"{abs(value):.2f}°{letters[value < 0.0]}"


def _legend(answer: MapAnswer, zone: tzinfo) -> Legend:
    results = answer.results

    today = to_second(answer.time, zone).date()

    def clock(instant: datetime) -> str:
        local = to_second(instant, zone)
        later = (local.date() - today).days
        return f"{local:%H:%M}" + (f" {later:+d}d" if later else "")

    columns = (
        Column("", tuple(str(k + 1) for k in range(len(results))), True),
        Column("Spacecraft", tuple(map(_name, results))),
        Column("Latitude", tuple(_degrees(r.latitude_deg, "NS") for r in results), True),
        Column("Longitude", tuple(_degrees(r.longitude_deg, "EW") for r in results), True),
        Column("Height", tuple(f"{r.height_km:,.0f} km" for r in results), True, 3),
        Column("Track", tuple(f"{clock(r.span.start)} to {clock(r.span.end)}" for r in results)),
    )
    return Legend(columns, tuple(series(number) for number in range(len(results))))


def _notes(answer: MapAnswer, chart: Chart) -> Iterator[str]:
    results = answer.results
    if len(results) > _MOST_TRACKS:
        yield f"Tracks and outlines are left out: there are more than {_MOST_TRACKS} craft."
    elif len(results) > _MOST_OUTLINED:
        yield f"Outlines are left out: there are more than {_MOST_OUTLINED} craft."
    else:
        numbers = [
            str(k + 1)
            for k, result in enumerate(results)
            if result.footprint is not None
            and any(chart.shows(*corner) for corner in result.footprint.ring)
        ]
        if numbers:
            yield (
                f"Outline of {', '.join(numbers)}: from inside it the craft stands above the "
                "horizon."
            )
        for number, result in enumerate(results):
            for field in result.fields:
                about = f"; {field.field.approximate}" if field.field.approximate else ""
                name = printable(field.instrument.name)
                yield f"Outline of {number + 1}: the field of regard of {name}{about}."
    if answer.night:
        yield "Shaded: night, the Sun's centre below the horizon."
    if answer.regions and chart.pole != "north":
        shown = "" if chart.pole else "; they lie at the south pole, see --pole south"
        yield f"{len(answer.regions)} regions of Artemis are outlined{shown}."


def _description(answer: MapAnswer, whose: str, zone: tzinfo) -> str:
    sentences = [f"Map of {whose} at {full_time(answer.time, zone)}."]
    sentences += [
        f"{k + 1}: {_name(r)} above {_degrees(r.latitude_deg, 'NS')} "
        f"{_degrees(r.longitude_deg, 'EW')}, {r.height_km:,.0f} km high."
        for k, r in enumerate(answer.results)
    ]
    if answer.subsolar is not None:
        longitude, latitude = answer.subsolar
        sentences.append(
            f"The Sun is in the zenith at {_degrees(latitude, 'NS')} {_degrees(longitude, 'EW')}."
        )
    return " ".join(sentences)
