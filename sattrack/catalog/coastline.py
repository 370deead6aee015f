"""Where land is, coarsely: for maps of the whole Earth.

The file is `coastline/land.txt` of the catalog, made from Natural Earth by the program beside it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from sattrack.catalog.reading import catalog_root
from sattrack.errors import StorageError

Ring: TypeAlias = tuple[tuple[float, float], ...]


@lru_cache(maxsize=1)
def land() -> tuple[Ring, ...]:
    """Return polygons of (longitude, latitude), degrees, between -180 and 180; not closed.

    Raises:
        StorageError: the file cannot be read.
    """
    file = catalog_root() / "coastline" / "land.txt"
    try:
        text = file.read_text(encoding="ascii")
    except OSError as error:
        raise StorageError(f"cannot read the coastline: {error}; install again") from error
    return tuple(tuple(map(_corner, line.split())) for line in text.splitlines())


def _corner(text: str) -> tuple[float, float]:
    longitude, _, latitude = text.partition(",")
    return float(longitude), float(latitude)


def coast() -> tuple[Ring, ...]:
    """Return the edges of land as open lines, without those where only the map is cut."""
    return tuple(line for ring in land() for line in _shores(ring))


def _shores(ring: Ring) -> list[Ring]:
    """Return the parts of a polygon's edge that are coast."""
    count = len(ring)
    seams = [k for k in range(count) if _is_seam(ring[k - 1], ring[k])]
    if not seams:
        return [(*ring, ring[0])]
    around = [*seams, seams[0] + count]
    lines = [tuple(ring[k % count] for k in range(first, last)) for first, last in pairwise(around)]
    return [line for line in lines if len(line) > 1]


def _is_seam(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether an edge runs along 180 degrees, or along a pole."""
    along_meridian = one[0] == other[0] and abs(one[0]) == 180.0
    return along_meridian or (one[1] == other[1] and abs(one[1]) == 90.0)
