"""`sattrack list`."""

from __future__ import annotations

import typer

from sattrack.cli import options
from sattrack.cli.command import Command
from sattrack.cli.passes import Format, FormatOption


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("list", cls=Command, epilog="Example: sattrack list korea")(list_)


def list_(
    names: options.Names = None,
    format_: FormatOption = Format.table,
    output: options.Output = None,
) -> None:
    """List what is in the catalog: missions, spacecraft, instruments, stations, groups."""
    from sattrack.cli.session import Session, terminal_width, wants_bold
    from sattrack.exports.entries import belonging_to, list_csv, list_document

    session = Session.begin()
    catalog = session.catalog
    named = [catalog.find(name) for name in names or []]
    entries = [item for entry in named for item in belonging_to(entry, catalog)]
    document = list_document(dict.fromkeys(entries) if named else catalog, session.now)
    if format_ is Format.json:
        from sattrack.exports.json import dumps

        text = dumps(document)
    elif format_ is Format.csv:
        text = list_csv(document)
    else:
        from sattrack.views.entries import list_text

        text = list_text(document, terminal_width(), wants_bold())
    session.write(text, output)
