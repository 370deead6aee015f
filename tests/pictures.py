"""A picture with something of everything, and how light colours are."""

from __future__ import annotations

from sattrack.views.scene import Area, Label, Legend, Line, Scene, Spot
from sattrack.views.tables import Column

WORLD = (-180.0, -90.0, 180.0, 90.0)


def scene(**changes) -> Scene:
    marks = (
        Area((((-60.0, -30.0), (60.0, -30.0), (60.0, 30.0), (-60.0, 30.0)),), "night", shaded=True),
        Line(((-180.0, -45.0), (0.0, 45.0), (180.0, -45.0)), "series0"),
        Line(((-180.0, 60.0), (180.0, 60.0)), "series1", "dashed"),
        Spot((0.0, 45.0), "series0", "craft", "One"),
        Spot((126.978, 37.5665), "station", "station", "Seoul"),
        Label((0.0, 45.0), "1", "series0", ("above",), strong=True),
        Label((126.978, 37.5665), "서울", "station", ("right", "left")),
        Label((126.978, 37.5665), "never fits beside it, whichever side", "station", ("right",)),
    )
    legend = Legend(
        (Column("", ("1", "2"), True), Column("Spacecraft", ("One", "Two (planned)"))),
        ("series0", "series1"),
    )
    values = {
        "kind": "map",
        "title": "A title",
        "bounds": WORLD,
        "marks": marks,
        "told": ("Where it comes from",),
        "legend": legend,
        "notes": ("A note.",),
        "description": "What is seen.",
        "framed": True,
    }
    return Scene(**(values | changes))


def luminance(red: float, green: float, blue: float) -> float:
    """Return relative luminance, WCAG 2.2."""
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
