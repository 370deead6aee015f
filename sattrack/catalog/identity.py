"""Are these elements those of that spacecraft? Designator and kind of orbit must agree."""

from __future__ import annotations

from collections.abc import Mapping

from sattrack.catalog.entries import Spacecraft
from sattrack.elements import ElementSet
from sattrack.errors import RejectedDataError, quoted

# Least and greatest revolutions a day, and the greatest eccentricity, of each class of orbits:
# those of Space-Track's own classes, widened for craft that drift or climb.
_CLASSES: Mapping[str, tuple[float, float, float]] = {
    "leo": (11.0, 17.0, 0.25),
    "meo": (1.2, 11.5, 0.25),
    "geo": (0.85, 1.15, 0.1),
    "igso": (0.85, 1.15, 0.4),
    "heo": (0.1, 17.0, 1.0),
}


def check_identity(
    elements: ElementSet, craft: Spacecraft | None = None, designator: str = ""
) -> None:
    """Check that elements belong to the object whose catalog number they bear.

    Args:
        elements: as published.
        craft: what the catalog knows of that number, if anything.
        designator: the international designator it was published with before, or empty.

    Raises:
        RejectedDataError: they are another object's.
    """
    known, name = designator, "it"
    if craft is not None:
        known, name = craft.cospar_id or designator, craft.name
        _check_class(elements, craft)
    if elements.cospar_id and known and elements.cospar_id != known:
        raise RejectedDataError(
            f"NORAD {elements.norad_id}: OBJECT_ID {quoted(elements.cospar_id)}, "
            f"but {name} is {known}"
        )


def _check_class(elements: ElementSet, craft: Spacecraft) -> None:
    limits = _CLASSES.get(craft.regime or "")
    if limits is None:
        return
    slowest, fastest, greatest = limits
    motion, eccentricity = elements.mean_motion_rev_day, elements.eccentricity
    if not (slowest <= motion <= fastest and eccentricity <= greatest):
        raise RejectedDataError(
            f"NORAD {elements.norad_id}: {motion:g} revolutions a day with eccentricity "
            f"{eccentricity:g} is no orbit for {craft.name} ({craft.regime})"
        )
