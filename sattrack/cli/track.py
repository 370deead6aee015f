"""`sattrack track`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


class FrameName(StrEnum):
    """Frames of states."""

    gcrf = "gcrf"
    itrf = "itrf"
    teme = "teme"
    moon_icrf = "moon-icrf"
    moon_me = "moon-me"


class TrackFormat(StrEnum):
    """Forms of the answer."""

    table = "table"
    json = "json"
    csv = "csv"
    oem = "oem"
    geojson = "geojson"
    kml = "kml"
    czml = "czml"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "track", cls=Command, epilog="Example: sattrack track danuri --days 1 --format oem -o d.oem"
    )(track)


def track(
    names: options.Names = None,
    start: options.Start = "now",
    end: options.End = None,
    days: options.Days = None,
    step: Annotated[
        float, typer.Option("--step", metavar="SECONDS", help="Time between two states.")
    ] = 60.0,
    frame: Annotated[
        FrameName | None,
        typer.Option(
            "--frame", show_default="gcrf; moon-icrf for lunar orbits", help="Frame of the states."
        ),
    ] = None,
    tz: options.Zone = None,
    format_: Annotated[
        TrackFormat, typer.Option("--format", help="Form of the answer; OEM is that of CCSDS.")
    ] = TrackFormat.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell where spacecraft are over a stretch of time: states, and what lies beneath."""
    from sattrack.cli.session import Session, finish
    from sattrack.errors import InvalidInputError
    from sattrack.exports.tracks import tracks_csv, tracks_document, tracks_oem
    from sattrack.tracking.tracks import FRAMES, tracks
    from sattrack.views.tracks import tracks_text

    session = Session.begin()
    span = session.span(start, end, days)
    screen = session.screen(tz)
    chosen = next((name for name in FRAMES if name == frame), None)
    if format_ is TrackFormat.czml:
        if chosen not in (None, "itrf"):
            raise InvalidInputError("CZML has positions in ITRF; leave --frame out")
        chosen = "itrf"
    found = session.found(names, span.start, elements, max_age, as_of)
    answer = tracks(found.tracked, span, step, chosen)
    notes: list[str] = []

    def geojson() -> str:
        from sattrack.exports.geojson import tracks_geojson
        from sattrack.exports.json import dumps_collection

        return dumps_collection(tracks_geojson(answer, session.now))

    def kml() -> str:
        from sattrack.exports.kml import tracks_kml

        return tracks_kml(answer, session.now)

    def czml() -> str:
        from sattrack.answers.paths import coarse, paths_of_tracks
        from sattrack.exports.czml import tracks_czml

        paths = paths_of_tracks(answer)
        notes.extend(coarse(paths))
        return tracks_czml(paths, answer.span, [*answer.warnings, *notes])

    session.answer(
        format_,
        output,
        table=lambda: tracks_text(answer, screen),
        document=lambda: tracks_document(answer, session.now),
        csv=tracks_csv,
        others={
            "oem": lambda: tracks_oem(answer, session.now),
            "geojson": geojson,
            "kml": kml,
            "czml": czml,
        },
    )
    finish([*answer.warnings, *notes], found.missing, answer.complete)
