"""What an update did, as `sattrack/update/1`."""

from __future__ import annotations

from datetime import datetime

from sattrack.elements import Published
from sattrack.exports.json import Document
from sattrack.store import Fetch
from sattrack.times import iso_utc
from sattrack.updates import Change, Failure, SourceReport, UpdateReport

_PUSH_DIGITS = 4


def update_document(report: UpdateReport, generated_at: datetime) -> Document:
    """Return `sattrack/update/1`."""
    return {
        "schema": "sattrack/update/1",
        "generated_at": iso_utc(generated_at),
        "status": report.status,
        "sources": [_source(source) for source in report.sources],
        "new": [_new(item) for item in report.new],
        "changes": [_change(change) for change in report.changes],
        "failures": [_failure(failure) for failure in report.failures],
        "notes": list(report.notes),
        "warnings": list(report.warnings),
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
