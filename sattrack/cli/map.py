"""`sattrack map`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sattrack.cli import options, pictures
from sattrack.cli.command import Command

# Whose stations are shown where nobody says which.
_STATIONS = "deep-space"


class Pole(StrEnum):
    """What is in the middle of a map."""

    north = "north"
    south = "south"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "map",
        cls=Command,
        epilog="Example: sattrack map iss gems --at seoul --format svg -o map.svg",
    )(map_)


def map_(
    names: options.Names = None,
    time: Annotated[
        str | None,
        typer.Option(
            "--time",
            metavar="TIME",
            show_default="the start of the window, or now",
            help="When craft are where they are shown, and whose night it is.",
        ),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="PLACE",
            show_default="the deep-space stations",
            autocompletion=options.complete_place,
            help="Show these stations, cities, or LAT,LON; several with commas or --at again.",
        ),
    ] = None,
    pole: Annotated[
        Pole | None,
        typer.Option("--pole", show_default=False, help="Show the surroundings of a pole."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start",
            metavar="TIME",
            show_default="that of the map",
            help="Start of the ground tracks.",
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option("--end", metavar="TIME", show_default=False, help="End of the ground tracks."),
    ] = None,
    days: Annotated[
        float | None,
        typer.Option(
            "--days",
            metavar="N",
            show_default="one revolution, at most 1",
            help="Length of the ground tracks.",
        ),
    ] = None,
    tz: options.Zone = None,
    format_: pictures.PictureFormatOption = None,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Draw where spacecraft are: ground tracks, what they see, night and day."""
    from sattrack.answers.maps import map_of
    from sattrack.cli.session import Session, finish, warn
    from sattrack.views.maps import map_scene

    form = pictures.form_of(format_, output)
    session = Session.begin()
    instant = session.time(time or start or "now")
    window = None
    if (start, end, days) != (None, None, None):
        window = session.span(start or time or "now", end, days)
    zone = session.zone(tz)
    found = session.found(names, instant, elements, max_age, as_of)
    tracker = session.tracker
    places = tracker.places(*(at or [_STATIONS]))
    answer = map_of(found.tracked, instant, window, tracker.catalog, names or (), places)
    scene = map_scene(answer, zone, None if pole is None else pole.value)
    if at and answer.body == "moon":
        warn("places are those of the Earth, and are not on a map of the Moon")
    pictures.show(session, scene, form, output)
    finish(answer.warnings, found.missing, answer.complete)
