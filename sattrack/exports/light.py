"""The light on passes, as parts of `sattrack/passes/1` and as columns of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.passes.magnitude import CONVENTION
from sattrack.times import iso_utc

if TYPE_CHECKING:
    from sattrack.passes.visible import Part, PassLight, View, Visible

_ANGLE_DIGITS = 6
_DISTANCE_DIGITS = 6
_MAGNITUDE_DIGITS = 3

LIGHT_COLUMNS = (
    "culmination_craft",
    "culmination_sky",
    "culmination_sun_elevation_deg",
    "culmination_sun_separation_deg",
    "culmination_moon_separation_deg",
    "visible_start",
    "visible_end",
    "visible_s",
    "visible_culmination_time",
    "visible_culmination_elevation_deg",
    "brightest_time",
    "magnitude",
)


def request_document(answer: PassesAnswer) -> dict[str, Any]:
    """Return what counts as visible, and by which models; nothing where nobody asked."""
    conditions = answer.conditions
    if conditions is None:
        return {}
    return {
        "only_visible": answer.only_visible,
        "sun_below_deg": conditions.sun_below_deg,
        "shadow_model": conditions.shadow_model,
        "phase_law": conditions.phase_law,
    }


def magnitude_document(result: PassesOf) -> dict[str, Any]:
    """Return the standard magnitude; nothing where nobody has published it."""
    magnitude = result.magnitude
    if magnitude is None:
        return {}
    source = magnitude.source
    return {
        "standard_magnitude": {
            "value": magnitude.value,
            "convention": CONVENTION,
            "source": {"title": source.title, "url": source.url},
        }
    }


def light_document(light: PassLight) -> dict[str, Any]:
    """Return the light on a pass."""
    return {
        "craft": _parts(light.craft),
        "sky": _parts(light.sky),
        "culmination": _view(light.culmination),
        "visible": [_visible(part) for part in light.visible],
    }


def _parts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [
        {"state": part.state, "start": iso_utc(part.first), "end": iso_utc(part.last)}
        for part in parts
    ]


def _visible(part: Visible) -> dict[str, Any]:
    return {
        "start": _view(part.first),
        "culmination": _view(part.culmination),
        "end": _view(part.last),
        "begins": part.begins,
        "ends": part.ends,
        "duration_s": round(part.duration_s, 3),
        "brightest": None if part.brightest is None else _view(part.brightest),
    }


def _view(view: View) -> dict[str, Any]:
    document = {
        "time": iso_utc(view.time),
        "azimuth_deg": round(view.azimuth_deg, _ANGLE_DIGITS) % 360.0,
        "elevation_deg": round(view.elevation_deg, _ANGLE_DIGITS),
        "range_km": round(view.range_km, _DISTANCE_DIGITS),
        "craft": view.craft,
        "sky": view.sky,
        "sun_elevation_deg": round(view.sun_elevation_deg, _ANGLE_DIGITS),
        "sun_separation_deg": round(view.sun_separation_deg, _ANGLE_DIGITS),
        "moon_elevation_deg": round(view.moon_elevation_deg, _ANGLE_DIGITS),
        "moon_separation_deg": round(view.moon_separation_deg, _ANGLE_DIGITS),
        "phase_deg": round(view.phase_deg, _ANGLE_DIGITS),
    }
    if view.magnitude is not None:
        document["magnitude"] = round(view.magnitude, _MAGNITUDE_DIGITS)
    return document


def light_row(light: dict[str, Any] | None) -> dict[str, Any]:
    """Return the cells of `LIGHT_COLUMNS` from what `light_document` wrote.

    Light on the craft, sky, Sun and Moon are those at the culmination of the pass; a pass that is
    visible more than once has one row still, from the first start to the last end.
    """
    if light is None:
        return {}
    top, visible = light["culmination"], light["visible"]
    shared = ("craft", "sky", "sun_elevation_deg", "sun_separation_deg", "moon_separation_deg")
    row = {f"culmination_{key}": top[key] for key in shared}
    row["visible_s"] = round(sum((part["duration_s"] for part in visible), 0.0), 3)
    if visible:
        row["visible_start"] = visible[0]["start"]["time"]
        row["visible_end"] = visible[-1]["end"]["time"]
        highest = max((part["culmination"] for part in visible), key=lambda v: v["elevation_deg"])
        row["visible_culmination_time"] = highest["time"]
        row["visible_culmination_elevation_deg"] = highest["elevation_deg"]
    bright = [part["brightest"] for part in visible if part["brightest"] is not None]
    if bright:
        best = min(bright, key=lambda view: view["magnitude"])
        row["brightest_time"], row["magnitude"] = best["time"], best["magnitude"]
    return row
