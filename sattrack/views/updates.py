"""What an update did, in lines for people."""

from __future__ import annotations

from sattrack.errors import printable
from sattrack.updates import SourceReport, UpdateReport


def update_text(report: UpdateReport) -> str:
    """Return one line for each source, and one for each thing that changed apart from elements."""
    lines = [_source_line(source) for source in report.sources]
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
        if source.failures:
            return f"{title}: nothing asked"
        until = "" if source.next_at is None else f" before {source.next_at:%Y-%m-%d %H:%M} UTC"
        return f"{title}: current; nothing asked{until}"
    if all(fetch.outcome == "current" for fetch in source.fetches):
        said = {fetch.message for fetch in source.fetches}
        return printable(said.pop()) if len(said) == 1 else f"{title} has nothing newer; kept"
    return (
        f"{title}: {_some(count, 'request')}, {_some(source.sets, 'element set')}, {source.new} new"
    )


def _some(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
