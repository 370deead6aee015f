"""Fetch what is due, check it, keep it; and say what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from time import monotonic

from sattrack.catalog import Spacecraft
from sattrack.elements import Published
from sattrack.errors import NoOrbitError
from sattrack.sources import EphemerisSource, Publisher, Source
from sattrack.sources.web import utc_text
from sattrack.store import Store
from sattrack.updates.ephemerides import EphemerisVisit
from sattrack.updates.files import EphemerisFile, keep_file
from sattrack.updates.ledger import Ledger
from sattrack.updates.report import Failure, UpdateReport
from sattrack.updates.visit import Clock, OnProgress, Scene, Visit

# No publisher's epochs are further ahead of the clock.
_FURTHEST_AHEAD = timedelta(days=2)


def update(
    store: Store,
    sources: Sequence[Source],
    wanted: Sequence[Spacecraft],
    clock: Clock,
    *,
    group: str = "",
    ephemerides: Sequence[EphemerisSource] = (),
    file: EphemerisFile | None = None,
    catalog: Iterable[Spacecraft] = (),
    on_progress: OnProgress | None = None,
) -> UpdateReport:
    """Ask the sources for what is due, and keep what withstands the checks.

    Each source is asked for what those before it could not give. One that gives any answer but the
    data is not asked again in this run, nor, by the fetch log, before a time that is kept there.
    What arrived before stays. Running this too often is harmless: nothing is sent.

    Args:
        store: keeps the element sets and the fetch log.
        sources: in the order of preference.
        wanted: spacecraft to bring up to date; those that nobody publishes are passed over.
        clock: tells the time.
        group: a group of the first source's, kept as a whole, instead of `wanted`.
        ephemerides: publishers of tables of states, for spacecraft that have no element sets.
        file: ephemerides of the user's own, kept instead of asking anybody.
        catalog: what is known of spacecraft, to check identities.
        on_progress: called while an answer comes in.

    Raises:
        StorageError: the store cannot be written; nothing is lost of what it held.
        InvalidInputError: there can be no such group.
    """
    now = clock()
    publishers: tuple[Publisher, ...] = (*sources, *ephemerides)
    unpublished = [craft for craft in wanted if not any(p.offers(craft) for p in publishers)]
    if file is not None:
        unpublished = []
    known = {item.norad_id: item for item in (*catalog, *wanted) if item.norad_id is not None}
    ledger = Ledger.read(store, now)
    scene = Scene(store, ledger, clock, known, on_progress)
    newest = [held for number in known if (held := store.newest(number)) is not None]
    scene.held.update(item.elements.norad_id for item in newest)
    clock_fault = ledger.clock_fault or _early(newest, now)
    reports = []
    pending = list(wanted)
    for source in sources:
        asked = [craft for craft in pending if source.offers(craft)]
        whole = group or not wanted
        if asked or whole or source.fault:
            visit = Visit(scene, source)
            reports.append(visit.run(asked, group, whole=bool(whole)))
            pending = [craft for craft in pending if craft.norad_id not in visit.served]
        if whole:
            break
    for publisher in ephemerides:
        if asked := [craft for craft in wanted if publisher.offers(craft)]:
            reports.append(EphemerisVisit(scene, publisher).run(asked))
    if file is not None:
        reports.append(keep_file(scene, file, wanted))
    absent = [
        Failure(NoOrbitError.exit_status, scene.absent[craft.norad_id], standing=True)
        for craft in pending
        if craft.norad_id in scene.absent
    ]
    reasons = tuple(map(_why_unpublished, unpublished))
    nothing = bool(wanted) and len(unpublished) == len(wanted)
    return UpdateReport(
        tuple(reports),
        (*absent, *(Failure(NoOrbitError.exit_status, reason) for reason in reasons if nothing)),
        new=tuple(scene.new),
        tables=tuple(scene.tables),
        changes=tuple(scene.changes),
        warnings=(*store.notices, *filter(None, [clock_fault]), *scene.warnings),
        notes=() if nothing else reasons,
    )


def ticking(now: datetime) -> Clock:
    """Return a clock that shows `now` and goes on from there, whatever happens to the machine's."""
    started = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - started)


def _why_unpublished(craft: Spacecraft) -> str:
    match craft.orbit_data:
        case "nominal":
            return f"{craft.name} is planned; it keeps the nominal orbit of the catalog"
        case "ephemeris":
            why = craft.gp_refused or "it has no element sets"
            return f"{craft.name} is tracked by ephemeris; run: sattrack update {craft.id}; {why}"
        case "unpublished":
            return f"{craft.name}: nobody publishes its orbit; run: sattrack show {craft.id}"
    return f"{craft.name} is not offered there"


def _early(newest: Iterable[Published], now: datetime) -> str:
    """Say so when newest epochs lie ahead of the clock, where no publisher's can be."""
    last = max((item.elements.epoch for item in newest), default=now)
    if last - now <= _FURTHEST_AHEAD:
        return ""
    return (
        f"system clock looks wrong: it says {utc_text(now)}, and there are elements of "
        f"{utc_text(last)}"
    )
