"""What an update did, `sattrack/update/1`, and how things stand, `sattrack/status/1`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sattrack.elements import Published, PublishedStates
from sattrack.exports.json import Document, held_document, place_document
from sattrack.passes import Pass
from sattrack.store import Fetch
from sattrack.times import iso_utc
from sattrack.updates import Change, Failure, SourceReport, UpdateReport
from sattrack.updates.overview import CraftOverview, Overview, SourceOverview
from sattrack.updates.passes import PassChange

_PUSH_DIGITS = 4
_AGE_DIGITS = 3


def update_document(
    report: UpdateReport,
    generated_at: datetime,
    passes: Sequence[PassChange] | None = None,
) -> Document:
    """Return `sattrack/update/1`; with `pass_changes` where these were asked for."""
    document: Document = {
        "schema": "sattrack/update/1",
        "generated_at": iso_utc(generated_at),
        "status": report.status,
        "sources": [_source(source) for source in report.sources],
        "new": [_new(item) for item in report.new],
        "tables": [_table(states) for states in report.tables],
        "changes": [_change(change) for change in report.changes],
        "failures": [_failure(failure) for failure in report.failures],
        "notes": list(report.notes),
        "warnings": list(report.warnings),
    }
    if passes is not None:
        document["pass_changes"] = [_pass_change(change) for change in passes]
    return document


def _pass_change(change: PassChange) -> Document:
    craft = change.spacecraft
    return {
        "kind": change.kind,
        "moved_s": round(change.moved_s, 3) if change.kind == "moved" else None,
        "spacecraft": {"id": craft.id, "name": craft.name, "norad_id": craft.norad_id},
        "place": place_document(change.place),
        "before": None if change.before is None else pass_document(change.before),
        "after": None if change.after is None else pass_document(change.after),
    }


def pass_document(pass_: Pass) -> Document:
    """Return the times of a pass."""
    return {
        "rise": None if pass_.rise is None else iso_utc(pass_.rise.time),
        "culmination": iso_utc(pass_.culmination.time),
        "culmination_elevation_deg": round(pass_.culmination.elevation_deg, 6),
        "set": None if pass_.set is None else iso_utc(pass_.set.time),
    }


def _source(source: SourceReport) -> Document:
    return {
        "source": source.name,
        "title": source.title,
        "status": source.status,
        "requests": [fetch_document(fetch) for fetch in source.fetches],
        "sets": source.sets,
        "new": source.new,
        "current": source.current,
        "next_at": optional_time(source.next_at),
        "failures": [_failure(failure) for failure in source.failures],
    }


def fetch_document(fetch: Fetch) -> Document:
    """Return one line of the fetch log."""
    return {
        "request": fetch.request,
        "asked_at": iso_utc(fetch.asked_at),
        "outcome": fetch.outcome,
        "message": fetch.message,
        "sets": fetch.sets,
        "new": fetch.new,
        "next_allowed_at": optional_time(fetch.next_allowed_at),
    }


def _new(item: Published) -> Document:
    elements = item.elements
    return {
        "norad_id": elements.norad_id,
        "name": elements.name,
        "epoch": iso_utc(elements.epoch),
        "source": item.source,
    }


def _table(states: PublishedStates) -> Document:
    table = states.table
    first, last = table.coverage
    return {
        "naif_id": table.naif_id,
        "name": table.object_name,
        "source": states.source,
        "solution": table.source,
        "coverage": {"start": iso_utc(first), "end": iso_utc(last)},
        "data_until": optional_time(table.data_until),
    }


def _change(change: Change) -> Document:
    document: Document = {
        "kind": change.kind,
        "norad_id": change.norad_id,
        "name": change.name,
        "text": change.text,
    }
    if change.manoeuvre is not None:
        document["manoeuvre"] = {
            "after": iso_utc(change.manoeuvre.after),
            "before": iso_utc(change.manoeuvre.before),
            "tangential_m_s": round(change.manoeuvre.tangential_m_s, _PUSH_DIGITS),
            "normal_m_s": round(change.manoeuvre.normal_m_s, _PUSH_DIGITS),
        }
    return document


def _failure(failure: Failure) -> Document:
    return {
        "status": failure.status,
        "message": failure.message,
        "standing": failure.standing,
    }


def optional_time(instant: datetime | None) -> str | None:
    """Return an instant as JSON has it, or null."""
    return None if instant is None else iso_utc(instant)


def status_document(state: Overview) -> Document:
    """Return `sattrack/status/1`."""
    return {
        "schema": "sattrack/status/1",
        "generated_at": iso_utc(state.now),
        "store": {
            "path": str(state.path),
            "sets": state.sets,
            "objects": state.objects,
            "ephemerides": state.tables,
        },
        "results": [_craft(item) for item in state.craft],
        "sources": [_standing(source) for source in state.sources],
        "earth_orientation": {
            "measured_through": state.eop_measured_through.isoformat(),
            "predicted_through": state.eop_predicted_through.isoformat(),
            "age_days": state.eop_age_days,
        },
        "embedded": {
            "retrieved_at": iso_utc(state.embedded_at),
            "age_days": round(state.embedded_age_days, _AGE_DIGITS),
        },
        "warnings": list(state.warnings),
    }


def _craft(item: CraftOverview) -> Document:
    craft = item.spacecraft
    return {
        "spacecraft": {"id": craft.id, "name": craft.name, "norad_id": craft.norad_id},
        "orbit_data": craft.orbit_data,
        "held": None if item.held is None else held_document(item.held),
        "due_at": optional_time(item.due_at),
        "not_offered": [
            {"source": source, "since": iso_utc(since)} for source, since in item.not_offered
        ],
    }


def _standing(source: SourceOverview) -> Document:
    return {
        "source": source.name,
        "title": source.title,
        "ready": source.ready,
        "fault": source.fault or None,
        "last": None if source.last is None else fetch_document(source.last),
        "last_good": None if source.last_good is None else fetch_document(source.last_good),
        "shut": None
        if source.shut is None
        else {
            "status": source.shut_status,
            "message": source.shut.message,
            "until": optional_time(source.shut.next_allowed_at),
        },
    }
