"""`sattrack show`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


class TextFormat(StrEnum):
    """Forms of an answer that is not a table."""

    table = "table"
    json = "json"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("show", cls=Command, epilog='Example: sattrack show danuri "425 SAT-1" kdsa')(show)


def show(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME",
            show_default=False,
            autocompletion=options.complete_name,
            help="Anything in the catalog, in English or Korean, or a catalog number.",
        ),
    ],
    format_: Annotated[
        TextFormat, typer.Option("--format", help="Form of the answer.")
    ] = TextFormat.table,
    output: options.Output = None,
) -> None:
    """Tell everything known of something, each fact with its source."""
    from sattrack.cli.session import Session, terminal_width, wants_bold
    from sattrack.exports.entries import show_document

    session = Session.begin()
    tracker = session.tracker
    entries = [tracker.entry(name, session.now) for name in names]
    shown = [
        (entry, tracker.held(tracker.catalog.spacecraft_of(entry), session.now))
        for entry in entries
    ]
    document = show_document(shown, tracker.catalog, session.now)
    if format_ is TextFormat.json:
        from sattrack.exports.json import dumps

        text = dumps(document)
    else:
        from sattrack.views.entries import show_text

        session.learn_names()
        text = show_text(document, terminal_width(), wants_bold())
    session.write(text, output)
