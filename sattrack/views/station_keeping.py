"""Where geostationary craft are taken to stand, in words."""

from __future__ import annotations

from sattrack.answers.station_keeping import SLOT_AFTER, SLOT_BOX_DEG, SlotUse
from sattrack.errors import printable
from sattrack.times import Span
from sattrack.tracking import Tracked
from sattrack.views.passes import tracked_line


def slot_origins(tracked: Tracked, slot: SlotUse | None, span: Span) -> list[str]:
    """Return where the orbit comes from; how good elements are, only where they are used."""
    if slot is None:
        return [tracked_line(tracked, span.end)]
    where = nominal_text(slot)
    if slot.spans != (span,):
        line = tracked_line(tracked, tracked.provenance.epoch + SLOT_AFTER)
        return [line, f"more than {SLOT_AFTER.days} days from these {where}"]
    craft, origin = tracked.spacecraft, tracked.provenance
    number = "" if craft.norad_id is None else f" ({craft.norad_id})"
    unused = f"the elements of {origin.epoch:%Y-%m-%d} at hand are not used"
    return [f"{printable(craft.name)}{number}: {where}; {unused}"]


def longitude_text(longitude_deg: float) -> str:
    """Return a longitude as `128.2°E`."""
    return f"{abs(longitude_deg):g}°{'E' if longitude_deg >= 0.0 else 'W'}"


def nominal_text(slot: SlotUse) -> str:
    """Return where a craft is taken to stand, and how well."""
    where = longitude_text(slot.longitude_deg)
    return f"taken to stand at its nominal slot {where}, ± {SLOT_BOX_DEG:g}° assumed"
