"""Outlines on the Earth: what lies inside, and how a map draws them.

An edge is straight in longitude and latitude, as GeoJSON has it (RFC 7946, section 3.1.1), and goes
the shorter way round the Earth, across 180 degrees too. Of an outline that goes round a pole, the
nearer pole is inside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

Corner: TypeAlias = tuple[float, float]
Ring: TypeAlias = tuple[Corner, ...]

# A thousandth of a millimetre: what is so near an edge lies on it, and what lies on it is inside.
_EDGE_DEG = 1e-11


class Outline:
    """A polygon of (longitude, latitude), degrees, that does not cross itself.

    Attributes:
        ring: its corners with longitudes that do not jump at 180 degrees; not closed. Round a
            pole, the ring begins at 180 degrees, where maps are cut anyway, and goes on to the pole
            and back along it.
        pole_deg: the latitude of the pole that it goes round, or None.
    """

    def __init__(self, corners_deg: Sequence[Corner]) -> None:
        corners = list(corners_deg)
        if corners[0] == corners[-1]:
            corners.pop()
        ring = _unwound(corners)
        self.pole_deg: float | None = None
        if abs(ring[-1][0] - ring[0][0]) > 180.0:
            self.pole_deg = math.copysign(90.0, math.fsum(latitude for _, latitude in corners))
            ring = _from_180(ring)
            (first, _), (last, _) = ring[0], ring[-1]
            ring += [(last, self.pole_deg), (first, self.pole_deg)]
        else:
            ring.pop()
        self.ring: Ring = tuple(ring)

    @property
    def bounds_deg(self) -> tuple[float, float, float, float]:
        """West, south, east and north; west is greater than east across 180 degrees.

        All longitudes are -180 to 180 (RFC 7946, section 5).
        """
        longitudes, latitudes = zip(*self.ring, strict=True)
        west, east = min(longitudes), max(longitudes)
        if east - west >= 360.0:
            west, east = -180.0, 180.0
        west, east = (
            edge if -180.0 <= edge <= 180.0 else math.remainder(edge, 360.0)
            for edge in (west, east)
        )
        return west, min(latitudes), east, max(latitudes)

    def holds(self, latitude_deg: float, longitude_deg: float) -> bool:
        """Whether a point lies inside, or on the edge."""
        if abs(latitude_deg) == 90.0:
            return any(latitude == latitude_deg for _, latitude in self.ring)
        west = min(longitude for longitude, _ in self.ring)
        turns = math.ceil((west - _EDGE_DEG - longitude_deg) / 360.0)
        nearest = longitude_deg + 360.0 * turns
        return any(
            _holds(self.ring, nearest + 360.0 * turn, latitude_deg)
            for turn in range(_turns(self.ring))
        )

    def polygons(self) -> tuple[Ring, ...]:
        """Return the outline as closed rings between -180 and 180 degrees, counterclockwise.

        It is cut at 180 degrees, and follows the right-hand rule (RFC 7946, sections 3.1.6 and
        3.1.9).
        """
        west = min(longitude for longitude, _ in self.ring)
        turn = math.floor((west + 180.0) / 360.0)
        rings = [tuple((longitude - 360.0 * turn, latitude) for longitude, latitude in self.ring)]
        found: list[Ring] = []
        while rings:
            inside = [part for ring in rings for part in _cut(ring, 180.0, beyond=False)]
            beyond = [part for ring in rings for part in _cut(ring, 180.0, beyond=True)]
            found += inside
            rings = [tuple((x - 360.0, y) for x, y in ring) for ring in beyond]
        return tuple(_closed(ring) for ring in found)


def _unwound(corners: Sequence[Corner]) -> list[Corner]:
    """Return corners, and the first once more, with longitudes that do not jump."""
    ring = [corners[0]]
    for longitude, latitude in [*corners[1:], corners[0]]:
        before = ring[-1][0]
        ring.append((before + math.remainder(longitude - before, 360.0), latitude))
    return ring


def _from_180(ring: list[Corner]) -> list[Corner]:
    """Return a ring round a pole so that it begins and ends at 180 degrees."""
    for k, (one, other) in enumerate(pairwise(ring)):
        low, high = sorted((one[0], other[0]))
        meridian = 360.0 * math.floor((high + 180.0) / 360.0) - 180.0
        if low < meridian <= high:
            start = _crossing(one, other, meridian)
            corners = [start, *ring[k + 1 :], *ring[1 : k + 1]]
            return _unwound([c for n, c in enumerate(corners) if n == 0 or c != start])
    raise AssertionError("a ring round a pole crosses every meridian")


def _turns(ring: Ring) -> int:
    """Return how often a ring may lie above the same longitude."""
    longitudes = [longitude for longitude, _ in ring]
    return 1 + math.ceil((max(longitudes) - min(longitudes)) / 360.0)


def _holds(ring: Ring, x: float, y: float) -> bool:
    """Whether a point of the plane lies inside a ring, by crossings, even or odd; or on it."""
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        width, height = x1 - x0, y1 - y0
        length2 = width * width + height * height
        along = ((x - x0) * width + (y - y0) * height) / length2 if length2 else 0.0
        along = min(1.0, max(0.0, along))
        if math.hypot(x - x0 - along * width, y - y0 - along * height) <= _EDGE_DEG:
            return True
        inside ^= (y0 > y) != (y1 > y) and x < x0 + (y - y0) * width / height
    return inside


def _cut(ring: Ring, meridian: float, beyond: bool) -> list[Ring]:
    """Return the parts of a ring on one side of a meridian.

    Where the ring crosses it, neighbouring crossings bound what is inside; each part follows the
    ring to a crossing and goes on from the neighbour.
    """
    # A corner on the meridian counts as beyond it, and makes a part without area elsewhere.
    sides = [longitude >= meridian for longitude, _ in ring]
    if all(side == sides[0] for side in sides):
        return [ring] if sides[0] == beyond else []
    start = next(k for k in range(len(ring)) if sides[k - 1] != beyond and sides[k] == beyond)
    chains: list[list[Corner]] = []
    for step in range(len(ring)):
        k = (start + step) % len(ring)
        if sides[k] != beyond:
            continue
        if sides[k - 1] != beyond:
            chains.append([_crossing(ring[k - 1], ring[k], meridian)])
        chains[-1].append(ring[k])
        following = (k + 1) % len(ring)
        if sides[following] != beyond:
            chains[-1].append(_crossing(ring[k], ring[following], meridian))
    ends = [(chain[end][1], index, end) for index, chain in enumerate(chains) for end in (0, -1)]
    ends.sort()
    neighbour = {}
    for (_, one, one_end), (_, other, other_end) in zip(ends[0::2], ends[1::2], strict=True):
        neighbour[one, one_end] = other
        neighbour[other, other_end] = one
    parts: list[Ring] = []
    waiting = set(range(len(chains)))
    while waiting:
        first = index = min(waiting)
        part: list[Corner] = []
        while index in waiting:
            waiting.remove(index)
            part += chains[index]
            index = neighbour[index, -1]
        assert index == first
        if abs(_area(part)) > 0.0:
            parts.append(tuple(part))
    return parts


def _crossing(one: Corner, other: Corner, meridian: float) -> Corner:
    share = (meridian - one[0]) / (other[0] - one[0])
    return meridian, one[1] + share * (other[1] - one[1])


def _area(ring: Sequence[Corner]) -> float:
    """Return the area of a ring in the plane, positive when it runs counterclockwise."""
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return math.fsum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2.0


def _closed(ring: Ring) -> Ring:
    """Return a ring without repeated corners, counterclockwise, its first corner once more."""
    corners = [corner for k, corner in enumerate(ring) if corner != ring[k - 1]]
    if _area(corners) < 0.0:
        corners.reverse()
    return (*corners, corners[0])
