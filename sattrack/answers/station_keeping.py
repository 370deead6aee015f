"""When a geostationary craft is taken to stand at its slot, instead of where its elements lead.

Element sets do not foresee station keeping: left alone, a craft drifts by degrees within weeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sattrack.elements import Provenance
from sattrack.errors import InvalidInputError
from sattrack.orbits import Nominal, Sgp4
from sattrack.orbits.slot import Slot
from sattrack.places import read_longitude_deg
from sattrack.times import Span
from sattrack.tracking import Tracked, cautions

# By then the usual error of a geostationary craft's longitude has grown to that of its slot.
SLOT_AFTER = timedelta(days=14)
# The box that geostationary craft are usually kept in.
SLOT_BOX_DEG = 0.1
# The Earth turns a degree in 240 seconds.
SLOT_ERROR_S = SLOT_BOX_DEG * 240.0
# Craft without fuel for north-south station keeping reach 15 degrees; they stand at no point.
_STEEPEST_SLOT_DEG = 5.0
_GEOSYNCHRONOUS_S = (0.9 * 86400.0, 1.1 * 86400.0)


@dataclass(frozen=True, slots=True)
class SlotUse:
    """Where a craft is taken to stand instead of where its elements put it.

    Attributes:
        longitude_deg: east positive.
        origin: whether the user gave it or the catalog.
        spans: the parts of the window in which it is used.
    """

    longitude_deg: float
    origin: Literal["given", "catalog"]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """When a craft is taken to stand at its nominal slot.

    Attributes:
        when: `auto`, beyond 14 days from the epoch of its elements; `always`; or `never`.
        longitude_deg: instead of the catalog's, east positive; then for the whole window.
    """

    when: Literal["auto", "always", "never"] = "auto"
    longitude_deg: float | None = None


def slot_choice(text: str) -> SlotChoice:
    """Return the choice that somebody wrote: `auto`, `always`, `never`, or a longitude.

    Raises:
        InvalidInputError: `text` is none of these.
    """
    match text.casefold():
        case "auto" | "always" | "never" as when:
            return SlotChoice(when)
        case _:
            return SlotChoice("always", read_longitude_deg(text))


def is_geosynchronous(tracked: Tracked) -> bool:
    """Tell whether a craft goes round about once a day."""
    shortest_s, longest_s = _GEOSYNCHRONOUS_S
    return shortest_s <= tracked.orbit.period_s <= longest_s


def is_geostationary(tracked: Tracked) -> bool:
    """Tell whether a craft may be taken to stand still over the equator."""
    orbit = tracked.orbit
    if isinstance(orbit, Slot):
        return True
    flat = (
        orbit.elements.inclination_deg <= _STEEPEST_SLOT_DEG
        if isinstance(orbit, (Sgp4, Nominal))
        else tracked.spacecraft.regime == "geo"
    )
    return flat and is_geosynchronous(tracked)


def slot_use(tracked: Tracked, span: Span, choice: SlotChoice) -> SlotUse | None:
    """Return where and when a craft is taken to stand at its slot, or None."""
    craft, provenance = tracked.spacecraft, tracked.provenance
    if (choice.longitude_deg is not None or choice.when == "always") and not is_geostationary(
        tracked
    ):
        raise InvalidInputError(f"{craft.name} is not geostationary, and stands at no slot")
    if choice.longitude_deg is not None:
        return SlotUse(choice.longitude_deg, "given", (span,))
    longitude_deg = craft.slot_longitude_deg
    if choice.when == "never":
        return None
    if choice.when == "always":
        if longitude_deg is None:
            raise InvalidInputError(
                f"{craft.name}: the catalog knows no slot of it; give --slot LONGITUDE"
            )
        return SlotUse(longitude_deg, "catalog", (span,))
    if longitude_deg is None or provenance.kind != "sgp4" or not is_geostationary(tracked):
        return None
    beyond = _beyond(span, provenance, longitude_deg)
    return SlotUse(longitude_deg, "catalog", beyond) if beyond else None


def _beyond(span: Span, provenance: Provenance, longitude_deg: float) -> tuple[Span, ...]:
    """Return the parts of a window too far from the epoch of elements to trust their longitude.

    Both change over at six in the evening beneath the craft, when the Sun stands neither in a beam
    that points at it nor behind the Earth.
    """
    before = _evening_after(provenance.epoch - SLOT_AFTER, longitude_deg)
    after = _evening_after(provenance.epoch + SLOT_AFTER, longitude_deg)
    parts = []
    if span.start < before:
        parts.append(Span(span.start, min(before, span.end)))
    if span.end > after:
        parts.append(Span(max(after, span.start), span.end))
    return tuple(parts)


def _evening_after(instant: datetime, longitude_deg: float) -> datetime:
    mean_time = timedelta(days=longitude_deg / 360.0 + 0.25)
    day = (instant + mean_time).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=1) - mean_time


def parts_of(span: Span, use: SlotUse | None) -> Iterator[tuple[Span, SlotUse | None]]:
    """Return the window in parts, in order of time, each with the slot if it is used there."""
    at = span.start
    for held in () if use is None else use.spans:
        if at < held.start:
            yield Span(at, held.start), None
        yield held, use
        at = held.end
    if at < span.end:
        yield Span(at, span.end), None


def held_at(tracked: Tracked, use: SlotUse) -> Tracked:
    """Return the craft at its slot."""
    orbit = Slot(use.longitude_deg, tracked.name)
    provenance = replace(tracked.provenance, kind=orbit.kind, nominal=True, coverage=None)
    return replace(tracked, orbit=orbit, provenance=provenance, timing=None)


def slot_warnings(
    used: Sequence[tuple[Tracked, SlotUse | None]], span: Span, what: str
) -> tuple[str, ...]:
    """Return what a user should know of slots and of the elements used, one sentence each.

    Args:
        used: craft, each with the slot it is taken to stand at.
        span: the window.
        what: what an error of the slot moves, and by how much.
    """
    held = {item.spacecraft.id: (item, use) for item, use in used if use is not None}
    free = {item.spacecraft.id: item for item, use in used if use is None}
    said = [f"{item.name}: {_slot_text(use, span, what)}" for item, use in held.values()]
    drifting = [
        item.name
        for item in free.values()
        if item.provenance.kind == Sgp4.kind
        and item.spacecraft.slot_longitude_deg is None
        and is_geostationary(item)
        and span.end - item.provenance.epoch > SLOT_AFTER
    ]
    if drifting:
        said.append(
            f"elements do not foresee station keeping, and {' and '.join(drifting)} may not be "
            "where they lead; give --slot LONGITUDE for a craft that is kept there"
        )
    return (*said, *cautions(list(free.values()), span))


def _slot_text(use: SlotUse, span: Span, what: str) -> str:
    side = "east" if use.longitude_deg >= 0.0 else "west"
    where = f"its nominal slot, {abs(use.longitude_deg):g} degrees {side}"
    error = f"{SLOT_BOX_DEG:g} degrees of station keeping move {what}"
    if use.spans == (span,):
        return f"taken to stand at {where}; {error}"
    return (
        f"more than {SLOT_AFTER.days} days from its elements it is taken to stand at {where}; "
        f"{error}"
    )
