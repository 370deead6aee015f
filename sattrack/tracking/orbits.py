"""From a name to an orbit: where what is known meets what is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sattrack.catalog import Catalog, Entry, Instrument, Region, Source, Spacecraft, Station
from sattrack.catalog.identity import check_identity
from sattrack.catalog.names import catalog_number
from sattrack.elements import ElementSet, NominalOrbit, Provenance, Published
from sattrack.errors import (
    NoOrbitError,
    StaleElementsError,
    UnknownNameError,
    quoted,
)
from sattrack.orbits import Nominal, Orbit, Sgp4
from sattrack.orbits.ageing import timing_growth
from sattrack.times import Span, duration_text, iso_utc
from sattrack.times.scale import earth_orientation
from sattrack.tracking.shelves import ElementShelf, Shelf, nearest_of
from sattrack.tracking.tables import EMBEDDED, TableOrbit, TableShelf, table_orbit

_DAY = timedelta(days=1)


class Timing(Protocol):
    """How good predicted times are."""

    def sigma_at(self, instant: datetime) -> float:
        """Return the error, in seconds, of the time of an event at about `instant`."""
        ...


@dataclass(frozen=True, slots=True)
class Tracked:
    """A spacecraft with the orbit that suits the time asked.

    Attributes:
        via: the instrument the user named, when its host answers for it.
        timing: how the error of predicted times grows with the age of the elements, or what
            interpolating a table makes of it; None for planned orbits, which predict nothing.
    """

    spacecraft: Spacecraft
    orbit: Orbit
    provenance: Provenance
    via: Instrument | None = None
    timing: Timing | None = None

    @property
    def name(self) -> str:
        """The spacecraft's name."""
        return self.spacecraft.name

    def timing_uncertainty_s(self, instant: datetime) -> float | None:
        """Return one standard deviation of a time predicted near `instant`, or None.

        Along its track it cannot be further off than half a revolution.
        """
        if self.timing is None:
            return None
        return min(self.timing.sigma_at(instant), self.orbit.period_s / 2.0)


@dataclass(frozen=True, slots=True)
class Request:
    """A spacecraft somebody asked for, perhaps by the name of an instrument aboard."""

    spacecraft: Spacecraft
    via: Instrument | None = None


def uncatalogued(elements: ElementSet) -> Spacecraft:
    """Return an entry for an object known by its element set alone."""
    name = elements.name or f"NORAD {elements.norad_id}"
    return Spacecraft(
        id=str(elements.norad_id),
        name=name,
        summary="Not in the catalog; known by its element set alone.",
        source=Source("its element set"),
        orbit_data="gp",
        norad_id=elements.norad_id,
        cospar_id=elements.cospar_id,
    )


def requests_of(
    names: Sequence[str],
    catalog: Catalog,
    shelves: Sequence[Shelf],
    given: ElementShelf | None = None,
) -> tuple[Request, ...]:
    """Return the spacecraft that `names` mean, in order, each once.

    A name is looked up in the catalog, then among the names under which element sets are
    published; a bare catalog number is taken as it is. Without names, all that is `given` is meant.

    Raises:
        UnknownNameError: nothing is called that, several things are, or none that flies.
    """
    found: dict[str, Request] = {}

    def add(spacecraft: Spacecraft, via: Instrument | None = None) -> None:
        found.setdefault(spacecraft.id, Request(spacecraft, via))

    if not names and given is not None:
        for item in given.newest():
            add(_numbered(item.elements.norad_id, catalog))
    for name in names:
        entry = catalog.get(name)
        if entry is not None:
            craft = catalog.spacecraft_of(entry)
            if not craft:
                raise UnknownNameError(_does_not_fly(name, entry))
            for spacecraft in craft:
                add(spacecraft, entry if isinstance(entry, Instrument) else None)
        elif (number := catalog_number(name)) is not None:
            add(_numbered(number, catalog))
        else:
            add(_numbered(_number_of(name, catalog, shelves), catalog))
    return tuple(found.values())


def _number_of(name: str, catalog: Catalog, shelves: Sequence[Shelf]) -> int:
    """Return the catalog number of the one object published under a name."""
    numbers = sorted({number for shelf in shelves for number in shelf.named(name)})
    if not numbers:
        catalog.find(name)  # raises, naming the nearest
    if len(numbers) > 1:
        listed = ", ".join(str(number) for number in numbers[:6])
        more = ", …" if len(numbers) > 6 else ""
        raise UnknownNameError(
            f"{quoted(name)} is the name of several objects; choose by number: {listed}{more}"
        )
    return numbers[0]


def _numbered(norad_id: int, catalog: Catalog) -> Spacecraft:
    entry = catalog.get(str(norad_id))
    if isinstance(entry, Spacecraft):
        return entry
    return Spacecraft(
        id=str(norad_id),
        name=f"NORAD {norad_id}",
        summary="Not in the catalog.",
        source=Source("its catalog number"),
        orbit_data="gp",
        norad_id=norad_id,
    )


def _does_not_fly(name: str, entry: Entry) -> str:
    if isinstance(entry, Station):
        return f"{entry.name} is a place on the ground; use it as --at {entry.id}"
    what = "a region" if isinstance(entry, Region) else "without spacecraft of its own"
    return f"{quoted(name)} is {what} and has no orbit; run: sattrack show {entry.id}"


def track(
    request: Request,
    instant: datetime,
    shelves: Sequence[Shelf],
    max_age: timedelta | None = None,
    as_of: datetime | None = None,
    tables: Sequence[TableShelf] | None = (),
) -> Tracked:
    """Return the orbit of a spacecraft that suits `instant`.

    Args:
        request: what was asked for.
        instant: the time asked, UTC.
        shelves: where element sets are; the epoch nearest to `instant` answers, and of two as near
            that of the earlier shelf.
        max_age: refuse elements further from `instant` than this.
        as_of: use only what was known then.
        tables: where tables of states are, for what is published as such; None where element sets
            alone may answer.

    Raises:
        NoOrbitError: nobody publishes its orbit, or nothing is at hand.
        RejectedDataError: the elements at hand belong to another object.
        StaleElementsError: the elements are older than `max_age`.
    """
    craft = request.spacecraft
    if craft.orbit_data == "nominal" and craft.nominal is not None:
        return _planned(request, craft.nominal, instant)
    if craft.orbit_data == "unpublished":
        raise NoOrbitError(
            f"{craft.name}: nobody publishes its orbit; run: sattrack show {craft.id}"
        )
    if craft.orbit_data == "ephemeris" and tables is not None:
        table = table_orbit(craft, instant, tables, as_of)
        return tabulated(request, table, instant, max_age)
    published = _published(craft, instant, shelves, as_of)
    if craft.id == str(craft.norad_id):
        craft = uncatalogued(published.elements)
    epoch = published.elements.epoch
    if max_age is not None and abs(instant - epoch) > max_age:
        raise _stale(craft, "elements", epoch, instant)
    return Tracked(
        spacecraft=craft,
        orbit=Sgp4(published.elements),
        provenance=provenance_of(published, instant),
        via=request.via,
        timing=timing_growth(published.elements, _own_history(craft, shelves, as_of)),
    )


def provenance_of(published: Published, instant: datetime) -> Provenance:
    """Return where an orbit by an element set comes from, for the time asked."""
    return Provenance(
        kind=Sgp4.kind,
        epoch=published.elements.epoch,
        age_days=(instant - published.elements.epoch) / _DAY,
        source=published.source,
        retrieved_at=published.retrieved_at,
    )


def _stale(craft: Spacecraft, what: str, epoch: datetime, instant: datetime) -> StaleElementsError:
    age_days = abs(instant - epoch) / _DAY
    return StaleElementsError(
        f"{craft.name}: the {what} of {iso_utc(epoch)} are {age_days:.1f} days from "
        f"{iso_utc(instant)}, more than --max-age allows; run: sattrack update {craft.id}"
    )


def tabulated(
    request: Request, table: TableOrbit, instant: datetime, max_age: timedelta | None = None
) -> Tracked:
    """Return a spacecraft with an orbit read from a table; see `track`.

    Raises:
        StaleElementsError: the measurements behind it are older than `max_age`.
    """
    craft, epoch = request.spacecraft, table.epoch
    # What was measured does not grow old.
    if max_age is not None and instant - epoch > max_age:
        raise _stale(craft, "measurements", epoch, instant)
    return Tracked(
        spacecraft=craft,
        orbit=table.orbit,
        provenance=Provenance(
            kind=table.orbit.kind,
            epoch=epoch,
            age_days=(instant - epoch) / _DAY,
            source=table.source,
            retrieved_at=table.retrieved_at,
            coverage=table.coverage,
        ),
        via=request.via,
        timing=table,
    )


def _own_history(
    craft: Spacecraft, shelves: Sequence[Shelf], as_of: datetime | None
) -> list[ElementSet]:
    if craft.norad_id is None:
        return []
    return [item.elements for shelf in shelves for item in shelf.history(craft.norad_id, as_of)]


def _planned(request: Request, nominal: NominalOrbit, instant: datetime) -> Tracked:
    craft = request.spacecraft
    return Tracked(
        spacecraft=craft,
        orbit=Nominal(nominal, craft.name),
        provenance=Provenance(
            kind=Nominal.kind,
            epoch=nominal.epoch,
            age_days=(instant - nominal.epoch) / _DAY,
            source="catalog",
            nominal=True,
            illustrative=nominal.illustrative,
        ),
        via=request.via,
    )


def _published(
    craft: Spacecraft, instant: datetime, shelves: Sequence[Shelf], as_of: datetime | None
) -> Published:
    if craft.norad_id is None:
        raise NoOrbitError(f"{craft.name} has no catalog number to look elements up by")
    found = [shelf.nearest(craft.norad_id, instant, as_of) for shelf in shelves]
    published = nearest_of([item for item in found if item is not None], instant)
    if published is None:
        known = "" if as_of is None else f" known on {iso_utc(as_of)}"
        number = f" (NORAD {craft.norad_id})" if str(craft.norad_id) not in craft.name else ""
        raise NoOrbitError(
            f"no elements for {craft.name}{number}{known}; run: sattrack update {craft.norad_id}, "
            "or give a file with --elements"
        )
    if craft.gp_refused:
        raise NoOrbitError(f"{craft.name}: {craft.gp_refused}")
    check_identity(published.elements, craft)
    return published


# What a user would want to know before setting an alarm clock, or an antenna, by it.
WORTH_SAYING_S = 10.0
_USELESS_SHARE = 0.1


def cautions(tracked: Sequence[Tracked], span: Span) -> tuple[str, ...]:
    """Return what a user should know before trusting an answer for `span`, one sentence each."""
    found = [
        f"{item.name}: {coverage.solution} is good to {coverage.error_km:g} km, "
        f"{duration_text(coverage.error_s)} of a contact's time; run: sattrack update "
        f"{item.spacecraft.id}"
        for item in tracked
        if item.provenance.source == EMBEDDED and (coverage := item.provenance.coverage) is not None
    ]
    doubtful = [
        (_worst_s(item, span), item) for item in tracked if item.provenance.coverage is None
    ]
    doubtful = [(error_s, item) for error_s, item in doubtful if error_s > WORTH_SAYING_S]
    if doubtful:
        error_s, worst = max(doubtful, key=lambda pair: pair[0])
        who = _first_of(worst, [item for _, item in doubtful])
        epoch, period_s = worst.provenance.epoch, worst.orbit.period_s
        found.append(age_caution(who, epoch, span, error_s, period_s))
    assumed = [item for item in tracked if item.provenance.illustrative]
    if assumed:
        found.append(
            "nominal orbits of planned spacecraft, illustrative; not the operator's design: "
            f"{_first_of(assumed[0], assumed)}"
        )
    found += orientation_cautions(span)
    return tuple(found)


def age_caution(who: str, epoch: datetime, span: Span, error_s: float, period_s: float) -> str:
    """Return how far off times may be by elements that are the oldest of some.

    Args:
        who: whose they are.
        epoch: of the elements.
        span: the time asked.
        error_s: of times at its worse end.
        period_s: of the orbit.
    """
    age_days = max(abs(span.start - epoch), abs(span.end - epoch)) / _DAY
    says = f"the elements of {who} are up to {age_days:.0f} days from the time asked: "
    if error_s > _USELESS_SHARE * period_s:
        says += "times mean nothing any more"
    else:
        says += f"times are good to about {duration_text(error_s)}"
    return f"{says}; run: sattrack update"


def orientation_cautions(span: Span) -> list[str]:
    """Return a line where the Earth's rotation is not predicted to the end of `span`."""
    eop = earth_orientation()
    if span.end.date() <= eop.predicted_through:
        return []
    return [
        f"Earth orientation is predicted only to {eop.predicted_through}; later times of this "
        "answer may be off by a second; upgrade astropy-iers-data"
    ]


def _worst_s(tracked: Tracked, span: Span) -> float:
    errors_s = [tracked.timing_uncertainty_s(instant) for instant in (span.start, span.end)]
    return max((error_s for error_s in errors_s if error_s is not None), default=0.0)


def _first_of(first: Tracked, every: Sequence[Tracked]) -> str:
    return f"{first.name} and {len(every) - 1} more" if len(every) > 1 else first.name
