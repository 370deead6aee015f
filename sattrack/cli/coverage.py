"""`sattrack coverage`."""

from __future__ import annotations

from typing import Annotated

import typer

from sattrack.cli import imaging, options
from sattrack.cli.command import Command

Over = Annotated[
    list[str] | None,
    typer.Option(
        "--over",
        metavar="PLACE",
        show_default=False,
        autocompletion=options.complete_place,
        help="A station, a city, or LAT,LON; several with commas or --over again.",
    ),
]
Map = Annotated[bool, typer.Option("--map", help="The outlines of fields of regard, as GeoJSON.")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "coverage",
        cls=Command,
        epilog="Example: sattrack coverage air-quality --over seoul,washington,london",
    )(coverage)


def coverage(
    names: options.Names = None,
    over: Over = None,
    map_: Map = False,
    start: options.Start = "now",
    end: options.End = None,
    days: options.Days = None,
    off_nadir: imaging.OffNadir = None,
    incidence: imaging.Incidence = None,
    sun_above: imaging.SunAbove = None,
    side: imaging.LookSide = None,
    limit: options.Limit = None,
    tz: options.Zone = None,
    format_: options.MapFormatOption = options.MapFormat.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell which instruments see a place, and when."""
    from sattrack.cli.session import Session
    from sattrack.errors import InvalidInputError
    from sattrack.tracking.sensors import sensors_of

    session = Session.begin()
    if not names:
        raise InvalidInputError("name at least one instrument or spacecraft, such as gems")
    sensors = sensors_of(names, session.tracker.catalog)
    wishes = imaging.wishes_of(off_nadir, incidence, sun_above, side)
    if sensors.looks == "imaging":
        if map_ or format_ is options.MapFormat.geojson:
            raise InvalidInputError("imaging access has no map; ask for a table, json or csv")
        if not over:
            raise InvalidInputError("name the places to be imaged, such as --over seoul")
        span = session.span(start, end, days)
        craft = dict.fromkeys(sensor.spacecraft.id for sensor in sensors.sensors)
        found = session.found([*craft], span.start, elements, max_age, as_of)
        imaging.answer_imaging(
            session,
            found,
            sensors.sensors,
            session.tracker.places(*over),
            span,
            wishes,
            limit,
            tz,
            options.Format(format_.value),
            output,
        )
        return
    raise InvalidInputError("fields of regard are not answered yet")
