"""`sattrack position`."""

from __future__ import annotations

from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


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
    format_: options.FormatOption = options.Format.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell where spacecraft are, and where they stand in the sky of a place."""
    from sattrack.answers.positions import positions_at
    from sattrack.cli.session import Session, finish
    from sattrack.errors import InvalidInputError
    from sattrack.exports.csv import position_csv
    from sattrack.exports.json import position_document
    from sattrack.views.passes import position_text

    session = Session.begin()
    instant = session.time(time)
    places = session.tracker.places(at) if at is not None else ()
    if len(places) > 1:
        raise InvalidInputError("--at takes one place here; run the command once for each")
    screen = session.screen(tz)
    found = session.found(names, instant, elements, max_age, as_of)
    answer = positions_at(found.tracked, instant, places[0] if places else None)
    session.answer(
        format_,
        output,
        table=lambda: position_text(answer, screen),
        document=lambda: position_document(answer, session.now),
        csv=position_csv,
    )
    finish(answer.warnings, found.missing, complete=True)
