"""What is above the horizon, as a table."""

from __future__ import annotations

from sattrack.answers.overhead import OverheadAnswer
from sattrack.errors import printable
from sattrack.views.language import phrase
from sattrack.views.passes import Screen, compass, full_time, place_text
from sattrack.views.tables import Column, table_text, wrapped

_SHADES = {"sunlit": "sunlit", "penumbra": "penumbra", "umbra": "shadow", None: ""}


def overhead_text(answer: OverheadAnswer, screen: Screen) -> str:
    """Return a table of objects, highest first."""
    results = answer.results
    title = (
        f"{len(results):,} of {answer.searched:,} objects above {answer.min_elevation_deg:g}°"
        f" over {place_text(answer.place)}"
    )
    if answer.place.horizon is not None:
        title += ", and above its own horizon"
    lines = [*wrapped(title, screen.width), full_time(answer.time, screen.zone), ""]
    if answer.failed:
        text = f"{answer.failed:,} objects have no position by their elements: decayed, or too old."
        lines += [*wrapped(text, screen.width), ""]
    if not results:
        return "\n".join([*lines, phrase("Nothing is there."), ""])
    columns = [
        Column("Spacecraft", tuple(printable(one.name, 32) for one in results)),
        Column("Number", tuple(str(one.norad_id) for one in results), True, 2),
        Column("El", tuple(f"{one.elevation_deg:.1f}°" for one in results), True),
        Column("Az", tuple(f"{one.azimuth_deg:.1f}°" for one in results), True),
        Column("", tuple(compass(one.azimuth_deg) for one in results), False, 1),
        Column("Range", tuple(f"{one.range_km:,.0f} km" for one in results), True),
        Column("Height", tuple(f"{one.height_km:,.0f} km" for one in results), True, 4),
        Column("Light", tuple(_SHADES[one.shade] for one in results), False, 3),
        Column("Elements", tuple(_age(one.age_days) for one in results), True, 1),
    ]
    return "\n".join(lines) + "\n" + table_text(columns, screen.width, screen.bold)


def _age(age_days: float) -> str:
    return f"{abs(age_days):.1f} d {'old' if age_days >= 0.0 else 'ahead'}"
