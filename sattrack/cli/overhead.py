"""`sattrack overhead`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "overhead", cls=Command, epilog="Example: sattrack overhead --at seoul --min-elevation 30"
    )(overhead)


def overhead(
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="PLACE",
            autocompletion=options.complete_place,
            help="A station, a city, or LAT,LON[,HEIGHT].",
        ),
    ],
    time: Annotated[str, typer.Option("--time", metavar="TIME", help="When.")] = "now",
    min_elevation: Annotated[
        float,
        typer.Option("--min-elevation", metavar="DEG", help="Mask above the horizon, -10 to 89."),
    ] = 0.0,
    tz: options.Zone = None,
    format_: options.FormatOption = options.Format.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell what is above the horizon, of all objects of which element sets are at hand."""
    from sattrack.answers.overhead import overhead_at
    from sattrack.cli.session import Session, finish
    from sattrack.errors import InvalidInputError
    from sattrack.exports.overhead import overhead_csv, overhead_document
    from sattrack.tracking.newest import ElementColumns, newest_columns
    from sattrack.tracking.tracker import places_of
    from sattrack.views.overhead import overhead_text

    session = Session.begin()
    instant = session.time(time)
    places = places_of(at, session.catalog)
    if len(places) > 1:
        raise InvalidInputError("--at takes one place here; run the command once for each")
    screen = session.screen(tz)
    if elements is None and max_age is None and as_of is None:
        columns = newest_columns(os.environ, instant)
    else:
        from sattrack.times.reading import read_duration
        from sattrack.tracking.inventory import inventory

        tracker, known = session.asked(elements, as_of)
        oldest = None if max_age is None else read_duration(max_age)
        columns = ElementColumns.of(inventory(tracker, instant, oldest, known))
    answer = overhead_at(columns, places[0], instant, min_elevation)
    session.answer(
        format_,
        output,
        table=lambda: overhead_text(answer, screen),
        document=lambda: overhead_document(answer, session.now),
        csv=overhead_csv,
    )
    finish(answer.warnings, (), complete=True)
