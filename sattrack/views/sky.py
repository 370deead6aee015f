"""The sky of a place with passes in it, as a scene: zenith in the middle, horizon around."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Literal, TypeAlias

from sattrack.answers.sky import SkyAnswer, SkyTrack
from sattrack.errors import printable
from sattrack.passes.visible import PassLight
from sattrack.views.passes import (
    clock_form,
    compass,
    full_time,
    origins_told,
    place_text,
    to_second,
)
from sattrack.views.scene import (
    Area,
    Label,
    Legend,
    Line,
    Mark,
    Point,
    Scene,
    Side,
    Spot,
    series,
)
from sattrack.views.tables import Column

East: TypeAlias = Literal["left", "right"]

_RINGS_DEG = (30.0, 60.0)
_WINDS = {0: "N", 90: "E", 180: "S", 270: "W"}
# More would write over each other.
_MOST_TICKED = 12
# What moves less than this, in radii of the horizon, is a point.
_POINT = 0.02
_SHADOW = "umbra"


def sky_point(azimuth_deg: float, elevation_deg: float, east: East = "left") -> Point:
    """Return where a direction lies: the zenith at (0, 0), north on the horizon at (0, 1).

    The distance from the zenith is to scale. Whoever looks up with north ahead has east on the
    left, and not on the right, as maps do.
    """
    radius = (90.0 - elevation_deg) / 90.0
    azimuth = math.radians(azimuth_deg)
    side = -1.0 if east == "left" else 1.0
    return side * radius * math.sin(azimuth), radius * math.cos(azimuth)


def sky_scene(answer: SkyAnswer, zone: tzinfo, east: East = "left") -> Scene:
    """Return the picture of the passes of an answer, times in a zone."""
    passes, place = answer.passes, answer.place
    mask_deg = passes.min_elevation_deg
    reach = max(1.0, (90.0 - min(mask_deg, 0.0)) / 90.0)
    ticked = len(answer.tracks) <= _MOST_TICKED
    edge = reach + 0.16
    marks = (*dome(answer, east, reach), *_tracks(answer, east, zone, ticked))
    view = "east on the left (looking up)"
    if east == "right":
        view = "east on the right (as on a map)"
    name = printable(place.name or place.coordinates, 60)
    until = passes.span.end
    window = f"{full_time(passes.span.start, zone)} to {full_time(until, zone)}"
    return Scene(
        "sky",
        f"Sky over {name}: north up, {view}",
        (-edge, -edge, edge, edge),
        marks,
        (
            place_text(place),
            window,
            *origins_told([result.tracked for result in passes.results], until),
        ),
        _legend(answer.tracks, zone),
        tuple(_notes(answer, ticked)),
        _description(answer, zone, view),
    )


def dome(answer: SkyAnswer, east: East = "left", reach: float = 1.0) -> Iterator[Mark]:
    """Yield what is there without any craft: horizon, rings, winds, skyline, mask."""

    def ring(elevation_deg: float) -> tuple[Point, ...]:
        return tuple(sky_point(azimuth, elevation_deg, east) for azimuth in range(0, 362, 2))

    mask_deg = answer.passes.min_elevation_deg
    yield Area((ring(0.0),), "water")
    if answer.skyline:
        skyline = tuple(sky_point(a, e, east) for a, e in answer.skyline)
        yield Area((ring(0.0), skyline), "mask", shaded=True)
        yield Line((*skyline, skyline[0]), "mask", name="What stands in the way")
    for elevation_deg in _RINGS_DEG:
        yield Line(ring(elevation_deg), "grid", "dotted")
    for azimuth in (0, 90):
        yield Line(
            (sky_point(azimuth, 0.0, east), sky_point(azimuth + 180.0, 0.0, east)), "grid", "dotted"
        )
    yield Line(ring(0.0), "frame", name="Horizon")
    if mask_deg != 0.0:
        yield Line(ring(mask_deg), "frame", "dotted", name=f"Mask of {mask_deg:g}°")
    for azimuth in range(0, 360, 30):
        wind = _WINDS.get(azimuth)
        x, y = sky_point(azimuth, 0.0, east)
        at = (x * (reach + 0.09), y * (reach + 0.09))
        yield Label(at, wind or f"{azimuth}°", "frame", needed=True, strong=wind is not None)


def track_points(track: SkyTrack, part: int, east: East = "left") -> tuple[Point, ...]:
    """Return the points of a part of a track."""
    piece = track.parts[part]
    return tuple(
        sky_point(a, e, east) for a, e in zip(piece.azimuth_deg, piece.elevation_deg, strict=True)
    )


def _tracks(answer: SkyAnswer, east: East, zone: tzinfo, ticked: bool) -> Iterator[Mark]:
    times: list[Mark] = []
    for number, track in enumerate(answer.tracks):
        ink = series(number)
        name = f"{number + 1}: {_name(track)}, {_span(track, zone)}"
        parts = [track_points(track, part, east) for part in range(len(track.parts))]
        top = track.pass_.culmination
        highest = sky_point(top.azimuth_deg, top.elevation_deg, east)
        still = _extent(point for part in parts for point in part) < _POINT
        if still:
            yield Spot(highest, ink, "craft", name)
        else:
            for part, points in zip(track.parts, parts, strict=True):
                yield Line(points, ink, "dashed" if part.light == _SHADOW else "", name)
            for tick in track.ticks if ticked else ():
                at = sky_point(tick.azimuth_deg, tick.elevation_deg, east)
                yield Spot(at, ink, "tick")
                sides: tuple[Side, ...] = ("right", "left", "above", "below")
                times.append(Label(at, _clock(tick.time, zone), ink, sides))
        sides = ("above", "right", "left", "below")
        yield Label(highest, str(number + 1), ink, sides, strong=True)
    yield from times
    mask_deg = answer.passes.min_elevation_deg
    for elevation_deg in (*_RINGS_DEG, *([mask_deg] if mask_deg else [])):
        at = sky_point(180.0, elevation_deg, east)
        yield Label(at, f"{elevation_deg:g}°", "frame", ("above", "right", "left", "below"))


def _extent(points: Iterable[Point]) -> float:
    every = list(points)
    return max(
        max(point[axis] for point in every) - min(point[axis] for point in every) for axis in (0, 1)
    )


def _clock(instant: datetime, zone: tzinfo) -> str:
    local = to_second(instant, zone)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _name(track: SkyTrack) -> str:
    tracked = track.result.tracked
    planned = " (planned)" if tracked.provenance.nominal else ""
    return f"{printable(tracked.name, 28)}{planned}"


def _span(track: SkyTrack, zone: tzinfo) -> str:
    first, last = (to_second(s.time, zone) for s in (track.pass_.first, track.pass_.last))
    return f"{first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S}"


def _light(track: SkyTrack, zone: tzinfo) -> str:
    """Return whether it is lit, or when that changes."""
    if track.light is None:
        return ""
    parts = track.light.craft
    dark = [part.state == _SHADOW for part in parts]
    if all(dark):
        return "in shadow"
    if not any(dark):
        return "sunlit"
    changes = [k for k in range(1, len(dark)) if dark[k] != dark[k - 1]]
    if len(changes) > 1:
        return "partly in shadow"
    (change,) = changes
    into = "into" if dark[change] else "out of"
    return f"{into} shadow {to_second(parts[change].first, zone):%H:%M:%S}"


def _seen(light: PassLight | None, zone: tzinfo) -> str:
    if light is None:
        return ""
    stretches = [
        (to_second(v.first.time, zone), to_second(v.last.time, zone)) for v in light.visible
    ]
    return ", ".join(f"{first:%H:%M:%S}-{last:%H:%M:%S}" for first, last in stretches[:2])


def _legend(tracks: tuple[SkyTrack, ...], zone: tzinfo) -> Legend | None:
    if not tracks:
        return None
    passes = [track.pass_ for track in tracks]
    several = len({track.result.tracked.spacecraft.id for track in tracks}) > 1
    form = clock_form((s.time for p in passes for s in (p.first, p.last)), zone)

    def time(instant: datetime, first: datetime) -> str:
        local, since = to_second(instant, zone), to_second(first, zone)
        later = (local.date() - since.date()).days
        return local.strftime(form) + (f" +{later}d" if later else "")

    def azimuth(azimuth_deg: float) -> str:
        return f"{round(azimuth_deg) % 360}°"

    columns = (
        Column("", tuple(str(k + 1) for k in range(len(tracks))), True),
        Column("Spacecraft", tuple(map(_name, tracks)) if several else ()),
        Column("Date", tuple(f"{to_second(p.first.time, zone):%Y-%m-%d}" for p in passes)),
        Column(
            "Rise", tuple(time(p.first.time, p.first.time) if p.rise else "before" for p in passes)
        ),
        Column(
            "Az", tuple(azimuth(p.first.azimuth_deg) if p.rise else "" for p in passes), True, 2
        ),
        Column("Highest", tuple(time(p.culmination.time, p.first.time) for p in passes), False, 1),
        Column("El", tuple(f"{p.culmination.elevation_deg:.1f}°" for p in passes), True),
        Column("Set", tuple(time(p.last.time, p.first.time) if p.set else "after" for p in passes)),
        Column("Az", tuple(azimuth(p.last.azimuth_deg) if p.set else "" for p in passes), True, 2),
        Column("Light", tuple(_light(track, zone) for track in tracks), False, 4),
        Column("Can be seen", tuple(_seen(track.light, zone) for track in tracks), False, 3),
    )
    return Legend(columns, tuple(series(number) for number in range(len(tracks))))


def _notes(answer: SkyAnswer, ticked: bool) -> Iterator[str]:
    passes = answer.passes
    mask = f"{passes.min_elevation_deg:g}°"
    for verdict in ("always", "never"):
        names = [r.tracked.name for r in passes.results if r.search.verdict == verdict]
        if names:
            yield f"{verdict.capitalize()} above {mask} in this window: {_listed(names)}."
    unseen = [
        r.tracked.name for r in passes.results if r.search.verdict != "never" and not r.passes
    ]
    if unseen:
        why = "cannot be seen" if passes.only_visible else "come after the first passes"
        yield f"Not shown, since they {why}: {_listed(unseen)}."
    if any(part.light == _SHADOW for track in answer.tracks for part in track.parts):
        yield "Dashed tracks: the craft is in the Earth's shadow (umbra)."
    unlit = [track.result.tracked.name for track in answer.tracks if track.light is None]
    if unlit:
        yield f"Light is not told of: {_listed(unlit)}."
    if passes.min_elevation_deg != 0.0:
        yield f"The ring at {passes.min_elevation_deg:g}° is the mask."
    if answer.skyline:
        yield "Shaded: below the place's own horizon."
    if not ticked:
        yield "Times along the tracks are left out; ask for fewer passes with --limit or --days."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(printable(name, 60) for name in dict.fromkeys(names))


def _description(answer: SkyAnswer, zone: tzinfo, view: str) -> str:
    place = printable(answer.place.name or answer.place.coordinates)
    sentences = [f"Polar plot of the sky over {place}, north up, {view}."]
    for number, track in enumerate(answer.tracks):
        top, light = track.pass_.culmination, _light(track, zone)
        sentences.append(
            f"{number + 1}: {_name(track)}, {_span(track, zone)}, highest "
            f"{top.elevation_deg:.0f}° in the {compass(top.azimuth_deg)}"
            + (f", {light}." if light else ".")
        )
    if not answer.tracks:
        sentences.append("No pass.")
    return " ".join(sentences)
