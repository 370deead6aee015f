"""`sattrack position`."""

from __future__ import annotations

from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command
from sattrack.cli.passes import Format, FormatOption


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("position", cls=Command, epilog="Example: sattrack position gems iss --at seoul")(
        position
    )


def position(
    names: options.Names = None,
    at: options.Place = None,
    time: Annotated[str, typer.Option("--time", metavar="TIME", help="When.")] = "now",
    tz: options.Zone = None,
    format_: FormatOption = Format.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell where spacecraft are, and where they stand in the sky of a place."""
    from sattrack.answers import positions_at
    from sattrack.cli.session import Session, warn
    from sattrack.errors import InvalidInputError

    session = Session.begin()
    instant = session.time(time)
    places = session.tracker.places(at) if at is not None else ()
    if len(places) > 1:
        raise InvalidInputError("--at takes one place here; run the command once for each")
    tracked = session.tracked(names, instant, elements, max_age, as_of)
    answer = positions_at(tracked, instant, places[0] if places else None)
    if format_ is Format.table:
        from sattrack.views.passes import position_text

        text = position_text(answer, session.screen(tz))
    else:
        from sattrack.exports.json import dumps, position_document

        document = position_document(answer, session.now)
        if format_ is Format.json:
            text = dumps(document)
        else:
            from sattrack.exports.csv import position_csv

            text = position_csv(document)
    session.write(text, output)
    for warning in answer.warnings:
        warn(warning)
