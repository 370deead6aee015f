"""Make land.txt from Natural Earth's land at 1:110m, as the npm package world-atlas carries it.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python catalog/coastline/build.py package/land-110m.json

with sattrack installed, which cuts the land at 180 degrees. Neither sattrack nor its tests need the
package.
"""

from __future__ import annotations

import json
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any

from sattrack.coverage.outline import Corner, Outline

HERE = Path(__file__).parent
# A kilometre, where the map was drawn for scales at which that is a hundredth of a millimetre.
DIGITS = 2


def arcs(topology: dict[str, Any]) -> list[list[Corner]]:
    """Return the arcs: each position counts from the one before (TopoJSON, section 2.1.4)."""
    (scale_x, scale_y), (x0, y0) = (topology["transform"][key] for key in ("scale", "translate"))
    found = []
    for arc in topology["arcs"]:
        xs, ys = (list(accumulate(steps)) for steps in zip(*arc, strict=True))
        found.append([(x * scale_x + x0, y * scale_y + y0) for x, y in zip(xs, ys, strict=True)])
    return found


def ring(indices: list[int], every: list[list[Corner]]) -> list[Corner]:
    """Return the corners of a ring, not closed; an arc with a negative index runs backwards."""
    corners: list[Corner] = []
    for index in indices:
        arc = every[index] if index >= 0 else every[~index][::-1]
        corners += arc[1:] if corners else arc
    return corners[:-1]


def main() -> None:
    """Write each ring as a line: longitude and latitude by a comma, corners by a space."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    every = arcs(topology)
    polygons = [p for g in topology["objects"]["land"]["geometries"] for p in g["arcs"]]
    rings = [ring(indices, every) for polygon in polygons for indices in polygon]
    parts = [part for corners in rings for part in Outline(corners).polygons()]
    lines = []
    for corners in sorted(parts, key=len, reverse=True):
        rounded = dict.fromkeys(
            (round(x, DIGITS) + 0.0, round(y, DIGITS) + 0.0) for x, y in corners
        )
        if len(rounded) > 2:
            lines.append(" ".join(f"{x:g},{y:g}" for x, y in rounded))
    (HERE / "land.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
