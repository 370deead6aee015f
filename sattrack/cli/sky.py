"""`sattrack sky`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sattrack.cli import options, pictures
from sattrack.cli.command import Command


class East(StrEnum):
    """Where east is when north is up."""

    left = "left"
    right = "right"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "sky",
        cls=Command,
        epilog="Example: sattrack sky iss --at seoul --days 1 --format svg -o sky.svg",
    )(sky)


def sky(
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="PLACE",
            autocompletion=options.complete_place,
            help="A station, a city, or LAT,LON[,HEIGHT].",
        ),
    ],
    names: options.Names = None,
    east: Annotated[
        East,
        typer.Option("--east", help="On the left, as seen looking up; or right, as on a map."),
    ] = East.left,
    start: options.Start = "now",
    end: options.End = None,
    days: options.Days = None,
    min_elevation: options.MinElevation = 10.0,
    visible: options.Visible = False,
    sun_below: options.SunBelow = -6.0,
    limit: options.Limit = None,
    tz: options.Zone = None,
    format_: pictures.PictureFormatOption = None,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Draw how spacecraft pass through the sky of a place."""
    from sattrack.answers.light import with_light
    from sattrack.answers.passes import passes_over
    from sattrack.answers.sky import sky_of
    from sattrack.cli.session import Session, finish
    from sattrack.errors import InvalidInputError, quoted
    from sattrack.passes.visible import Conditions
    from sattrack.views.sky import sky_scene

    form = pictures.form_of(format_, output)
    session = Session.begin()
    span = session.span(start, end, days)
    places = session.tracker.places(at)
    if len(places) > 1:
        raise InvalidInputError(f"{quoted(at)} is {len(places)} places; a sky is that of one")
    zone = session.zone(tz)
    found = session.found(names, span.start, elements, max_age, as_of)
    first = None if visible else limit
    answer = passes_over(found.tracked, places, span, min_elevation, first)
    answer = with_light(answer, Conditions(sun_below), visible, limit if visible else None)
    scene = sky_scene(sky_of(answer, places[0]), zone, east.value)
    pictures.show(session, scene, form, output)
    finish(answer.warnings, found.missing, answer.complete)
