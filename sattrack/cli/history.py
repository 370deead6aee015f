"""`sattrack history`."""

from __future__ import annotations

from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("history", cls=Command, epilog="Example: sattrack history iss")(history)


def history(
    names: options.Names = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            min=1,
            show_default="10 in tables",
            help="Only the newest N element sets.",
        ),
    ] = None,
    tz: options.Zone = None,
    format_: options.FormatOption = options.Format.table,
    output: options.Output = None,
    elements: options.Elements = None,
    as_of: options.AsOf = None,
) -> None:
    """Show the element sets held, manoeuvres found, and how fast predictions go stale."""
    from sattrack.cli.session import Session, warn
    from sattrack.exports.history import history_csv, history_document
    from sattrack.tracking.histories import histories
    from sattrack.views.history import SETS_SHOWN, history_text

    session = Session.begin()
    tracker, known = session.asked(elements, as_of)
    answer = histories(tracker, names or [], known)
    session.answer(
        format_,
        output,
        table=lambda: history_text(answer, session.screen(tz), limit or SETS_SHOWN),
        document=lambda: history_document(answer, session.now, limit),
        csv=history_csv,
    )
    for warning in answer.warnings:
        warn(warning)
