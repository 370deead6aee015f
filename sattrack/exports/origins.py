"""Where times and positions come from, in plain words for entries, balloons and boxes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sattrack.times import duration_text
from sattrack.tracking import Tracked


def nominal_mark(nominal: bool) -> str:
    """Return what follows the name of anything that is planned and not measured."""
    return " (nominal)" if nominal else ""


def origin_lines(tracked: Tracked, error_s: float | None, instant: datetime) -> Iterator[str]:
    """Return how good times near `instant` are, and which orbit they follow from.

    Args:
        tracked: the craft with its orbit.
        error_s: one standard deviation of the times; None where nothing is known.
        instant: what is told of.
    """
    origin = tracked.provenance
    if origin.nominal:
        illustrative = "; illustrative, not the operator's design" if origin.illustrative else ""
        yield f"A nominal orbit of a planned craft{illustrative}."
        return
    if error_s is not None:
        yield f"Times ± {duration_text(error_s)} (one standard deviation)."
    if origin.coverage is not None:
        yield f"By {origin.source} ephemeris, {origin.coverage.solution}."
        return
    days = (instant - origin.epoch) / timedelta(days=1)
    way = "before" if days >= 0.0 else "after"
    yield (
        f"By {origin.source} elements of {origin.epoch:%Y-%m-%d %H:%M} UTC, {abs(days):.1f} days "
        f"{way} it."
    )
