"""`sattrack schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from sattrack.cli.command import Command


def complete_kind(incomplete: str) -> list[str]:
    """Return the kinds of document that begin like this; for the shell."""
    from sattrack.exports.json import schema_names

    return [name for name in schema_names() if name.startswith(incomplete)]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("schema", cls=Command, epilog="Example: sattrack schema passes")(schema)


def schema(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            show_default=False,
            autocompletion=complete_kind,
            help="Kind of document; without one, the kinds are listed.",
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of document."""
    from sattrack.exports.json import schema_names, schema_text

    typer.echo("\n".join(schema_names()) if kind is None else schema_text(kind).rstrip("\n"))
