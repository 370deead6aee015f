"""Is this what was asked for? What every answer must withstand before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sattrack.catalog import Spacecraft
from sattrack.catalog.identity import check_identity
from sattrack.elements import ElementSet, RejectedElementError, check_epoch
from sattrack.errors import RejectedDataError
from sattrack.formats import Reading
from sattrack.sources import Request


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an answer holds of what was asked for.

    Attributes:
        sets: the element sets that can be kept.
        faults: the records that cannot, one line each.
        missing: catalog numbers that were asked for and are not in it at all.
        present: catalog numbers of all that is in it, asked for or not, good or not.
    """

    sets: tuple[ElementSet, ...]
    faults: tuple[str, ...]
    missing: tuple[int, ...]
    present: frozenset[int]


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
    present = {elements.norad_id for elements in reading.sets}
    early: dict[int, str] = {}
    for reject in reading.rejects:
        number = int(reject.norad_id) if reject.norad_id.isdecimal() else None
        if request.whole or number in request.wanted or (number is None and not request.group):
            faults.append(str(reject))
        if number is not None:
            present.add(number)
    for elements in reading.sets:
        number = elements.norad_id
        if not (request.whole or number in request.wanted):
            continue
        try:
            _check(elements, craft.get(number), designators.get(number, ""))
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
    missing = tuple(sorted(request.wanted - present))
    return Inspection(tuple(kept), (*faults, *early.values()), missing, frozenset(present))


def _check(elements: ElementSet, craft: Spacecraft | None, designator: str) -> None:
    if craft is not None and craft.gp_refused:
        raise RejectedDataError(f"NORAD {elements.norad_id}: {craft.gp_refused}")
    check_identity(elements, craft, designator)
