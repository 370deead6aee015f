"""What is held, how old it is, what is due when, and who refused us until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sattrack.catalog import Spacecraft
from sattrack.elements import Provenance
from sattrack.settings import EMBEDDED_RETRIEVED_AT
from sattrack.sources import EphemerisSource, Publisher, Source
from sattrack.store import Fetch, Store
from sattrack.times.scale import earth_orientation
from sattrack.updates.ledger import Ledger, status_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CraftOverview:
    """What is held of one spacecraft.

    Attributes:
        held: the element set nearest to now, or the table that covers it, from the store or
            embedded; None without one.
        due_at: when it may be fetched again; now for what is due; None for what nobody publishes.
        not_offered: since when which publisher does not have it.
    """

    spacecraft: Spacecraft
    held: Provenance | None
    due_at: datetime | None
    not_offered: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceOverview:
    """How we stand with one publisher.

    Attributes:
        ready: it can be asked: it has the account that it needs.
        fault: what on this machine keeps it from being asked, or empty.
        last: what was asked last.
        last_good: what was answered last, with data or with the word that there is nothing newer.
        shut: why it is not to be asked now, and until when.
    """

    name: str
    title: str
    ready: bool
    last: Fetch | None
    last_good: Fetch | None
    shut: Fetch | None
    fault: str = ""

    @property
    def shut_status(self) -> int:
        """The exit status of an update that would ask it now, or 0."""
        return 0 if self.shut is None else status_of(self.shut)


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of the data on this machine.

    Attributes:
        sets, objects: how many element sets the store holds, and of how many objects.
        tables: how many ephemerides it holds.
        eop_measured_through, eop_predicted_through: the last days of Earth orientation.
        embedded_at: when the embedded element sets were copied.
    """

    now: datetime
    craft: tuple[CraftOverview, ...]
    sources: tuple[SourceOverview, ...]
    path: Path
    sets: int
    objects: int
    tables: int
    eop_measured_through: date
    eop_predicted_through: date
    embedded_at: datetime
    warnings: tuple[str, ...] = ()

    @property
    def eop_age_days(self) -> int:
        """How many days ago Earth orientation was last measured."""
        return (self.now.date() - self.eop_measured_through).days

    @property
    def embedded_age_days(self) -> float:
        """How many days ago the embedded element sets were copied."""
        return (self.now - self.embedded_at) / _DAY


def overview(
    store: Store,
    sources: Sequence[Source],
    ephemerides: Sequence[EphemerisSource],
    craft: Sequence[Spacecraft],
    held: Mapping[str, Provenance],
    now: datetime,
) -> Overview:
    """Look at everything and change nothing.

    Args:
        store: opened for reading.
        sources: the publishers, the one asked first at the front.
        ephemerides: the publishers of ephemerides.
        craft: the spacecraft to tell about.
        held: what answers for each of them now, by id.
        now: what ages are counted to.
    """
    ledger = Ledger.read(store, now)
    eop = earth_orientation()
    marks = store.not_offered()
    entries = []
    for item in craft:
        missing = [
            (place, since)
            for (number, place), since in sorted(marks.items())
            if number == item.norad_id and "/" not in place
        ]
        due_at = _due_at(item, sources, ephemerides, ledger, now)
        entries.append(CraftOverview(item, held.get(item.id), due_at, tuple(missing)))
    return Overview(
        now=now,
        craft=tuple(entries),
        sources=tuple(
            _source_overview(publisher, ledger, now) for publisher in (*sources, *ephemerides)
        ),
        path=store.path,
        sets=store.count(),
        objects=store.objects(),
        tables=store.count_tables(),
        eop_measured_through=eop.measured_through,
        eop_predicted_through=eop.predicted_through,
        embedded_at=EMBEDDED_RETRIEVED_AT,
        warnings=(*store.notices, *filter(None, [ledger.clock_fault])),
    )


def _due_at(
    craft: Spacecraft,
    sources: Sequence[Source],
    ephemerides: Sequence[EphemerisSource],
    ledger: Ledger,
    now: datetime,
) -> datetime | None:
    """Return when the first publisher that has this spacecraft may be asked for it."""
    for publisher in ephemerides:
        if publisher.offers(craft):
            key = publisher.key(craft)
            found = (ledger.binding(publisher, key, now), ledger.shutting(publisher, now))
            return max((each.next_allowed_at or now for each in found if each), default=now)
    for source in sources:
        if not (source.ready and source.offers(craft)):
            continue
        keys = {*source.covering(craft), *(request.key for request in source.plan([craft]))}
        lines = [line for key in keys if (line := ledger.binding(source, key, now)) is not None]
        good = [line for line in lines if line.outcome in ("new", "current")]
        shut = ledger.shutting(source, now)
        lines = [*(good or lines), *([] if shut is None else [shut])]
        return max((line.next_allowed_at or now for line in lines), default=now)
    return None


def _source_overview(source: Publisher, ledger: Ledger, now: datetime) -> SourceOverview:
    lines = [line for line in ledger.store.fetches(source.name) if line.request != "*"]
    good = [line for line in lines if line.outcome in ("new", "current")]
    return SourceOverview(
        source.name,
        source.title,
        source.ready,
        lines[-1] if lines else None,
        good[-1] if good else None,
        ledger.shutting(source, now),
        source.fault,
    )
