"""`sattrack list`."""

from __future__ import annotations

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("list", cls=Command, epilog="Example: sattrack list korea")(list_)


def list_(
    names: options.Names = None,
    format_: options.FormatOption = options.Format.table,
    output: options.Output = None,
) -> None:
    """List what is in the catalog: missions, spacecraft, instruments, stations, groups."""
    from sattrack.cli.session import Session, terminal_width, wants_bold
    from sattrack.exports.entries import belonging_to, list_csv, list_document
    from sattrack.views.entries import list_text

    session = Session.begin()
    catalog = session.catalog
    named = [catalog.find(name) for name in names or []]
    entries = [item for entry in named for item in belonging_to(entry, catalog)]
    shown = dict.fromkeys(entries) if named else catalog
    session.answer(
        format_,
        output,
        table=lambda: list_text(list_document(shown, session.now), terminal_width(), wants_bold()),
        document=lambda: list_document(shown, session.now),
        csv=list_csv,
    )
