"""Element sets held, manoeuvres and staleness, as a JSON document and as CSV."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document
from sattrack.orbits.ageing import Staleness
from sattrack.orbits.manoeuvres import Manoeuvre
from sattrack.times import iso_utc
from sattrack.tracking.histories import History, HistoryAnswer

HISTORY_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "kind",
    "epoch",
    "source",
    "retrieved_at",
    "after",
    "before",
    "estimated_at",
    "tangential_m_s",
    "normal_m_s",
    "late_s",
    "significance",
    "from_days",
    "to_days",
    "pairs",
    "median_s",
    "sigma_s",
    "stated_s",
    "pairs_in_all",
    "sigma_in_all_s",
)
_SECONDS_DIGITS = 4
_PUSH_DIGITS = 4


def history_document(
    answer: HistoryAnswer, generated_at: datetime, limit: int | None = None
) -> Document:
    """Return `sattrack/history/1`, with the newest `limit` element sets of each or all."""
    return {
        "schema": "sattrack/history/1",
        "generated_at": iso_utc(generated_at),
        "request": {"as_of": _time(answer.as_of)},
        "results": [_history(history, limit) for history in answer.results],
        "warnings": list(answer.warnings),
    }


def _history(history: History, limit: int | None) -> Document:
    craft = history.spacecraft
    first = 0 if limit is None else max(0, len(history.sets) - limit)
    return {
        "spacecraft": {"id": craft.id, "name": craft.name, "norad_id": craft.norad_id},
        "sets": [
            {
                "epoch": iso_utc(item.elements.epoch),
                "source": item.source,
                "retrieved_at": _time(item.retrieved_at),
            }
            for item in history.sets[first:]
        ],
        "manoeuvres": [_manoeuvre(item) for item in history.manoeuvres],
        "staleness": [_staleness(row) for row in history.staleness],
    }


def _manoeuvre(manoeuvre: Manoeuvre) -> Document:
    return {
        "after": iso_utc(manoeuvre.after),
        "before": iso_utc(manoeuvre.before),
        "estimated_at": _time(manoeuvre.estimated_at),
        "tangential_m_s": round(manoeuvre.tangential_m_s, _PUSH_DIGITS),
        "normal_m_s": round(manoeuvre.normal_m_s, _PUSH_DIGITS),
        "late_s": round(manoeuvre.late_s, _SECONDS_DIGITS),
        "significance": round(manoeuvre.significance, 2),
    }


def _staleness(row: Staleness) -> Document:
    return {
        "from_days": row.from_days,
        "to_days": row.to_days,
        "pairs": row.pairs,
        "median_s": _seconds(row.median_s),
        "sigma_s": _seconds(row.sigma_s),
        "stated_s": _seconds(row.stated_s),
        "pairs_in_all": row.pairs_in_all,
        "sigma_in_all_s": _seconds(row.sigma_in_all_s),
    }


def _time(instant: datetime | None) -> str | None:
    return None if instant is None else iso_utc(instant)


def _seconds(value: float | None) -> float | None:
    return None if value is None else round(value, _SECONDS_DIGITS)


def history_csv(document: Document) -> str:
    """Return a `sattrack/history/1` document as CSV; `kind` is set, manoeuvre or staleness."""
    rows: list[dict[str, Any]] = []
    for result in document["results"]:
        craft = result["spacecraft"]
        whose = {"spacecraft_id": craft["id"], "norad_id": craft["norad_id"], "name": craft["name"]}
        for key, kind in (
            ("sets", "set"),
            ("manoeuvres", "manoeuvre"),
            ("staleness", "staleness"),
        ):
            rows += [{**whose, "kind": kind, **item} for item in result[key]]
    return rows_text(HISTORY_COLUMNS, rows)
