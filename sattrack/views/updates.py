"""What an update did, and how things stand, in lines and tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sattrack.elements import PublishedStates
from sattrack.errors import printable
from sattrack.passes import Sighting
from sattrack.updates import SourceReport, UpdateReport
from sattrack.updates.overview import CraftOverview, Overview, SourceOverview
from sattrack.updates.passes import PassChange
from sattrack.views.language import phrase
from sattrack.views.passes import Screen, full_time, offset_text
from sattrack.views.tables import Column, table_text, wrapped


def update_text(report: UpdateReport) -> str:
    """Return one line for each source, and one for each thing that changed apart from elements."""
    lines = [_source_line(source) for source in report.sources]
    lines += map(_table_line, report.tables)
    lines += [
        f"  {printable(c.name, 60)} ({c.norad_id}) {c.kind}: {printable(c.text)}"
        for c in report.changes
    ]
    lines += [f"  {printable(note)}" for note in report.notes]
    return "".join(f"{line}\n" for line in lines if line)


def _source_line(source: SourceReport) -> str:
    title = printable(source.title)
    count = len(source.fetches)
    if not count:
        if source.failures or source.next_at is None:
            return f"{title}: nothing asked"
        return f"{title}: current; nothing asked before {source.next_at:%Y-%m-%d %H:%M} UTC"
    if all(fetch.outcome == "current" for fetch in source.fetches):
        said = {fetch.message for fetch in source.fetches}
        return printable(said.pop()) if len(said) == 1 else f"{title} has nothing newer; kept"
    asked = f"{title}: {_some(count, 'request')}"
    if not source.sets:
        return f"{asked}; nothing came that can be kept"
    return f"{asked}, {_some(source.sets, source.noun)}, {source.new:,} new"


def _table_line(states: PublishedStates) -> str:
    table = states.table
    first, last = table.coverage
    measured = ""
    if table.data_until is not None:
        measured = f", measured to {table.data_until:%Y-%m-%d}"
    who = f"{printable(table.object_name, 60)} ({table.naif_id})"
    return f"  {who}: {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC{measured}"


def _some(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def pass_changes_text(changes: Sequence[PassChange], screen: Screen) -> str:
    """Return a table of the passes that are not what they were."""
    zone = screen.zone

    def clock(sighting: Sighting | None) -> str:
        return "cut" if sighting is None else f"{sighting.time.astimezone(zone):%H:%M:%S}"

    shown = [change.shown for change in changes]
    columns = [
        Column("Date", tuple(f"{p.first.time.astimezone(zone):%Y-%m-%d}" for p in shown)),
        Column("Spacecraft", tuple(printable(c.spacecraft.name, 24) for c in changes)),
        Column("Place", tuple(printable(c.place.name, 24) for c in changes), keep=2),
        Column("Change", tuple(_pass_change(change) for change in changes)),
        Column("Rise", tuple(clock(p.rise) for p in shown)),
        Column("Highest", tuple(clock(p.culmination) for p in shown), keep=1),
        Column("El", tuple(f"{p.culmination.elevation_deg:.1f}°" for p in shown), right=True),
        Column("Set", tuple(clock(p.set) for p in shown)),
    ]
    title = phrase(f"Passes that changed, times in {offset_text(shown[0].first.time, zone)}")
    return f"\n{title}\n\n{table_text(columns, screen.width, screen.bold)}"


def _pass_change(change: PassChange) -> str:
    return f"{change.moved_s:+.1f} s" if change.kind == "moved" else change.kind


def status_text(state: Overview, screen: Screen) -> str:
    """Return a table of spacecraft, and a line for everything else that can be old."""
    lines = [
        phrase(f"{full_time(state.now, screen.zone)}: {_stored(state)}"),
        "",
        table_text(_columns(state, screen), screen.width, screen.bold),
    ]
    told = [(printable(source.title), _standing(source, screen)) for source in state.sources]
    told += [
        (
            "Earth orientation",
            f"measured through {state.eop_measured_through} ({state.eop_age_days} days ago), "
            f"predicted through {state.eop_predicted_through}",
        ),
        (
            "Embedded element sets",
            f"copied on {state.embedded_at:%Y-%m-%d} ({state.embedded_age_days:.0f} days ago)",
        ),
    ]
    for title, text in told:
        lines += wrapped(text, screen.width, f"{phrase(title)}: ")
    return "\n".join(lines) + "\n"


def _stored(state: Overview) -> str:
    held = []
    if state.sets:
        held.append(f"{_some(state.sets, 'element set')} of {_some(state.objects, 'object')}")
    if state.tables:
        noun = "ephemeris" if state.tables == 1 else "ephemerides"
        held.append(f"{state.tables:,} {noun}")
    if not held:
        return "nothing stored yet; run: sattrack update"
    return f"{' and '.join(held)} stored"


def _columns(state: Overview, screen: Screen) -> list[Column]:
    craft = state.craft
    zone = offset_text(state.now, screen.zone)
    return [
        Column("Spacecraft", tuple(printable(item.spacecraft.name, 40) for item in craft)),
        Column("NORAD", tuple(str(item.spacecraft.norad_id or "") for item in craft), True, 2),
        Column("Source", tuple(_source_of(item) for item in craft)),
        Column("Age", tuple(_age(item) for item in craft), right=True),
        Column(
            f"Epoch ({zone})",
            tuple(_time(_epoch_of(item), screen) for item in craft),
            keep=3,
        ),
        Column(
            f"Fetched ({zone})",
            tuple(_time(_retrieval_of(item), screen) for item in craft),
            keep=1,
        ),
        Column("Due", tuple(_due(item, state.now, screen) for item in craft)),
    ]


def _epoch_of(item: CraftOverview) -> datetime | None:
    return None if item.held is None else item.held.epoch


def _retrieval_of(item: CraftOverview) -> datetime | None:
    return None if item.held is None else item.held.retrieved_at


def _source_of(item: CraftOverview) -> str:
    if item.held is not None:
        return printable(item.held.source, 40)
    kinds = {"nominal": "planned", "ephemeris": "ephemeris", "unpublished": "unpublished"}
    return kinds.get(item.spacecraft.orbit_data, "nothing")


def _age(item: CraftOverview) -> str:
    return "" if item.held is None else f"{item.held.age_days:.1f} d"


def _due(item: CraftOverview, now: datetime, screen: Screen) -> str:
    if item.not_offered:
        _, since = item.not_offered[-1]
        return f"not offered since {since:%Y-%m-%d}"
    if item.due_at is None:
        return ""
    return "now" if item.due_at <= now else f"{item.due_at.astimezone(screen.zone):%m-%d %H:%M}"


def _time(instant: datetime | None, screen: Screen) -> str:
    return "" if instant is None else f"{instant.astimezone(screen.zone):%Y-%m-%d %H:%M}"


def _standing(source: SourceOverview, screen: Screen) -> str:
    if source.fault:
        return printable(source.fault)
    if not source.ready:
        return "no account; see: sattrack update --help"
    shut = source.shut
    if shut is not None and shut.next_allowed_at is not None:
        until = full_time(shut.next_allowed_at, screen.zone)
        return f"{printable(shut.message)}; not asked before {until}"
    if source.last is None:
        return "never asked"
    line = f"asked {full_time(source.last.asked_at, screen.zone)}"
    if source.last_good is None:
        return f"{line}, never with success"
    if source.last_good.asked_at < source.last.asked_at:
        line += f", with success {full_time(source.last_good.asked_at, screen.zone)}"
    return line
