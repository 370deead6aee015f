"""`sattrack slot`."""

from __future__ import annotations

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("slot", cls=Command, epilog="Example: sattrack slot gk-2b gk-2a --days 180")(slot)


def slot(
    names: options.Names = None,
    slot: options.Slot = "auto",
    start: options.Start = "now",
    end: options.End = None,
    days: options.YearDays = None,
    limit: options.Limit = None,
    tz: options.Zone = None,
    format_: options.FormatOption = options.Format.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell how geosynchronous craft keep to their slots, and when they are eclipsed."""
    from sattrack.answers.slot import slots_of
    from sattrack.answers.station_keeping import slot_choice
    from sattrack.cli.session import Session, finish
    from sattrack.exports.slot import slot_answer_document, slot_csv
    from sattrack.views.slot import slot_text

    session = Session.begin()
    choice = slot_choice(slot)
    span = session.span(start, end, options.a_year(end, days))
    screen = session.screen(tz)
    found = session.found(names, span.start, elements, max_age, as_of)
    answer = slots_of(found.tracked, span, choice, limit=limit)
    session.answer(
        format_,
        output,
        table=lambda: slot_text(answer, screen),
        document=lambda: slot_answer_document(answer, session.now),
        csv=slot_csv,
    )
    finish(answer.warnings, found.missing, answer.complete)
