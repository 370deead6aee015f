"""Screenshots of the live screen compared by what is seen: signs and their looks, cell by cell.

The files are SVG, so that anybody can look at them. Which elements and which class names a version
of Rich puts in them does not matter; what is compared is where each sign stands, in which colour,
bold or not, and what lies behind it.

    SATTRACK_KEEP_SCREENSHOTS=1 python -m pytest tests/live

writes them anew; look at them before they are committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

KEEP = "SATTRACK_KEEP_SCREENSHOTS"
_SVG = "{http://www.w3.org/2000/svg}"
# Rich draws cells this large.
_CELL_PX, _LINE_PX = 12.2, 24.4
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_ID = re.compile(r"terminal-\d+")


def cleaned(svg: str) -> str:
    """Return a screenshot that refers to nothing on the web, with the same ids every time."""
    text = _ID.sub("terminal", _FONTS.sub("", svg))
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def seen(svg: str) -> list[str]:
    """Return what a screenshot shows, a line for each row: its signs, then how they look."""
    root = ElementTree.fromstring(svg)
    looks = _looks(root)
    rows: dict[int, dict[int, tuple[str, str]]] = {}
    behind: dict[int, list[str]] = {}
    for element in root.iter():
        if element.tag == f"{_SVG}text" and "clip-path" in element.attrib:
            row = round((float(element.attrib["y"]) - 20.0) / _LINE_PX)
            column = round(float(element.attrib["x"]) / _CELL_PX)
            look = looks[element.attrib["class"].rpartition("-")[2]]
            text = (element.text or "").rstrip("\n")
            # Wide signs fill two cells, and are followed by none.
            width = round(float(element.attrib["textLength"]) / _CELL_PX)
            step = 2 if text and width == 2 * len(text) else 1
            for place, sign in enumerate(text):
                rows.setdefault(row, {})[column + step * place] = (sign, look)
        elif element.tag == f"{_SVG}rect" and "shape-rendering" in element.attrib:
            row = round((float(element.attrib["y"]) - 1.5) / _LINE_PX)
            first = round(float(element.attrib["x"]) / _CELL_PX)
            last = first + round(float(element.attrib["width"]) / _CELL_PX)
            behind.setdefault(row, []).append(f"{first}-{last} {element.attrib['fill']}")
    lines = []
    for row in range(max(rows, default=-1) + 1):
        cells = rows.get(row, {})
        text = "".join(cells.get(k, (" ", ""))[0] for k in range(max(cells, default=-1) + 1))
        text = text.replace("\xa0", " ").rstrip()
        lines.append(" | ".join([text, *_runs(cells), *sorted(behind.get(row, []))]))
    return lines


def _looks(root: ElementTree.Element) -> dict[str, str]:
    """Return what the classes of text mean."""
    style = "".join(element.text or "" for element in root.iter(f"{_SVG}style"))
    found = re.findall(r"-(r\d+) \{ (.*?) ?\}", style)
    return {
        name: " ".join(sorted(look.replace(" ", "").split(";"))).strip() for name, look in found
    }


def _runs(cells: dict[int, tuple[str, str]]) -> list[str]:
    """Return the looks of a row where there is anything to see, as `first-last look`."""
    runs: list[tuple[int, int, str]] = []
    for column, (sign, look) in sorted(cells.items()):
        if not sign.strip():
            continue
        if runs and runs[-1][2] == look:
            runs[-1] = (runs[-1][0], column, look)
        else:
            runs.append((column, column, look))
    return [f"{first}-{last} {look}" for first, last, look in runs]


def check(svg: str, path: Path) -> None:
    """Compare a screenshot with the one kept, or keep it where that is asked for."""
    svg = cleaned(svg)
    if os.environ.get(KEEP):
        path.parent.mkdir(exist_ok=True)
        path.write_text(svg, encoding="utf-8")
    assert seen(svg) == seen(path.read_text(encoding="utf-8"))
