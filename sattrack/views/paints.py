"""Colours of pictures on paper, light and dark, and how thick lines are.

The eight series are told apart by people who confuse red and green, too: Okabe & Ito, *Color
Universal Design* (2008), darkened or lightened until each stands out 3:1 on its paper.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paint:
    """Of an ink.

    Attributes:
        light, dark: colours on light and on dark paper.
        width: of its lines, pixels.
        cover: how much an area hides of what is below, 0 to 1; `dark_cover` on dark paper.
    """

    light: str
    dark: str
    width: float = 1.0
    cover: float = 1.0
    dark_cover: float | None = None


PAPER = Paint("#ffffff", "#0d1117")

PAINTS = {
    "ink": Paint("#1f2328", "#e6edf3"),
    "quiet": Paint("#59636e", "#9198a1"),
    "water": Paint("#f3f7fb", "#17253a"),
    "land": Paint("#dfe3dc", "#33403a"),
    "coast": Paint("#8b958b", "#66726a", 0.7),
    "night": Paint("#1c2540", "#000000", 1.0, 0.22, 0.5),
    "mask": Paint("#9a7b4f", "#b08d57", 1.0, 0.35),
    "grid": Paint("#8c959f", "#6e7681", 0.5),
    "frame": Paint("#59636e", "#9198a1", 1.0),
    "station": Paint("#b3261e", "#ff8a80", 1.0),
    "region": Paint("#8a4b9c", "#d2a8ff", 1.2, 0.3),
    "sun": Paint("#b7791f", "#f2cc60", 1.0),
    "series0": Paint("#0072b2", "#56b4e9", 1.8, 0.12),
    "series1": Paint("#c2410c", "#ff9b57", 1.8, 0.12),
    "series2": Paint("#00785a", "#2fd0a0", 1.8, 0.12),
    "series3": Paint("#a2468b", "#e79fd0", 1.8, 0.12),
    "series4": Paint("#8a6100", "#f0e442", 1.8, 0.12),
    "series5": Paint("#4b53c4", "#a5b4fc", 1.8, 0.12),
    "series6": Paint("#b3123f", "#ff7a9c", 1.8, 0.12),
    "series7": Paint("#4d5b66", "#c3ccd4", 1.8, 0.12),
}
# Pixels drawn and left out along a line.
DASHES_PX = {"dashed": (3.0, 3.0), "dotted": (1.0, 3.0)}
