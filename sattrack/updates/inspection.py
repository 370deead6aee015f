"""Is this what was asked for? What every answer must withstand before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sattrack.catalog import Spacecraft
from sattrack.elements import ElementSet, RejectedElementError, check_epoch
from sattrack.errors import RejectedDataError, quoted
from sattrack.formats import Reading
from sattrack.sources import Request

# Least and greatest revolutions a day, and the greatest eccentricity, of each class of orbits:
# those of Space-Track's own classes, widened for craft that drift or climb.
_CLASSES: Mapping[str, tuple[float, float, float]] = {
    "leo": (11.0, 17.0, 0.25),
    "meo": (1.2, 11.5, 0.25),
    "geo": (0.85, 1.15, 0.1),
    "igso": (0.85, 1.15, 0.4),
    "heo": (0.1, 17.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an answer holds of what was asked for.

    Attributes:
        sets: the element sets that can be kept.
        faults: the records that cannot, one line each.
        missing: catalog numbers that were asked for and are not in it at all.
    """

    sets: tuple[ElementSet, ...]
    faults: tuple[str, ...]
    missing: tuple[int, ...]


def inspect(
    reading: Reading,
    request: Request,
    craft: Mapping[int, Spacecraft],
    designators: Mapping[int, str],
    now: datetime,
) -> Inspection:
    """Check the records of an answer, each by itself.

    Args:
        reading: what the answer's text says.
        request: what was asked for; other objects are passed over.
        craft: what the catalog knows, by catalog number.
        designators: what objects were called before, for those not in the catalog.
        now: epochs may lie at most two days after it.
    """
    kept: list[ElementSet] = []
    faults: list[str] = []
    seen: set[int] = set()
    early: dict[int, str] = {}
    for reject in reading.rejects:
        number = int(reject.norad_id) if reject.norad_id.isdecimal() else None
        if request.whole or number in request.wanted or (number is None and not request.group):
            faults.append(str(reject))
        if number is not None:
            seen.add(number)
    for elements in reading.sets:
        number = elements.norad_id
        if not (request.whole or number in request.wanted):
            continue
        seen.add(number)
        try:
            check_identity(elements, craft.get(number), designators.get(number, ""))
        except RejectedDataError as error:
            faults.append(str(error))
            continue
        try:
            check_epoch(elements, now)
        except RejectedElementError as error:
            early[number] = f"NORAD {number}: {error}"
            continue
        kept.append(elements)
    if request.ahead:
        # Sets for days to come are this publisher's habit, as long as today's is there too.
        for elements in kept:
            early.pop(elements.norad_id, None)
    missing = tuple(sorted(request.wanted - seen))
    return Inspection(tuple(kept), (*faults, *early.values()), missing)


def check_identity(elements: ElementSet, craft: Spacecraft | None, designator: str) -> None:
    """Check that elements belong to the spacecraft: designator, class of orbit, and use at all.

    Args:
        elements: with the catalog number of the craft.
        craft: what the catalog knows of it, if anything.
        designator: its international designator as it was published before, or empty.

    Raises:
        RejectedDataError: they are another object's, or must not be used.
    """
    number = elements.norad_id
    known, name = designator, "it"
    if craft is not None:
        if craft.gp_refused:
            raise RejectedDataError(f"NORAD {number}: {craft.gp_refused}")
        known, name = craft.cospar_id or designator, craft.name
        _check_class(elements, craft)
    if elements.cospar_id and known and elements.cospar_id != known:
        raise RejectedDataError(
            f"NORAD {number}: OBJECT_ID {quoted(elements.cospar_id)}, but {name} is {known}"
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
