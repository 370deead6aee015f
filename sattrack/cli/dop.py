"""`sattrack dop`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

    from sattrack.answers.dop import Grid, GridAnswer
    from sattrack.cli.session import Session

_SHOWN_AFTER_S = 1.0
_EAST_ASIA = "20,100,50,150"


class DopFormat(StrEnum):
    """Forms of the answer."""

    table = "table"
    json = "json"
    csv = "csv"
    geojson = "geojson"


class ClocksName(StrEnum):
    """What is known of the offsets between the times of systems."""

    one = "one"
    per_system = "per-system"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("dop", cls=Command, epilog="Example: sattrack dop --at seoul --systems gps,kps")(
        dop
    )


def dop(
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="PLACE",
            show_default=False,
            autocompletion=options.complete_place,
            help="A station, a city, or LAT,LON[,HEIGHT]; several with commas or --at again.",
        ),
    ] = None,
    systems: Annotated[
        str,
        typer.Option(
            "--systems",
            metavar="NAMES",
            help="The first alone, then with each of the others; gps+kps+qzss for a combination "
            "of your own.",
        ),
    ] = "gps,kps,qzss",
    start: options.Start = "now",
    end: options.End = None,
    days: options.Days = None,
    step: Annotated[
        str, typer.Option("--step", metavar="DURATION", help="Time between two instants.")
    ] = "5m",
    min_elevation: options.MinElevation = 10.0,
    clocks: Annotated[
        ClocksName,
        typer.Option(
            "--clocks", help="One receiver clock for all systems, or an unknown for each of them."
        ),
    ] = ClocksName.one,
    grid: Annotated[
        bool, typer.Option("--grid", help="Over a grid of points in place of --at.")
    ] = False,
    bounds: Annotated[
        str | None,
        typer.Option(
            "--bounds",
            metavar="S,W,N,E",
            show_default="20,100,50,150",
            help="Of the grid, degrees; the default is East Asia.",
        ),
    ] = None,
    spacing: Annotated[
        float | None,
        typer.Option("--spacing", metavar="DEG", show_default="2.0", help="Of the grid's points."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            metavar="N",
            min=1,
            show_default="one an hour",
            help="Tables: the first N instants.",
        ),
    ] = None,
    tz: options.Zone = None,
    format_: Annotated[
        DopFormat, typer.Option("--format", help="Form of the answer.")
    ] = DopFormat.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell how well navigation satellites place a receiver: dilution of precision."""
    from sattrack.answers.dop import Request, combinations_of, dop_at, dop_over
    from sattrack.cli.session import Session, finish
    from sattrack.errors import InvalidInputError
    from sattrack.exports.dop import dop_csv, dop_document, dop_geojson
    from sattrack.times.reading import read_duration
    from sattrack.views.dop import dop_text

    if grid == bool(at):
        raise InvalidInputError("give a place with --at, or --grid for a grid of points")
    if not grid and (bounds, spacing) != (None, None):
        raise InvalidInputError(
            "--bounds and --spacing are of a grid; give --grid in place of --at"
        )
    session = Session.begin()
    request = Request(
        session.span(start, end, days),
        read_duration(step).total_seconds(),
        min_elevation,
        "one" if clocks is ClocksName.one else "per-system",
    )
    points = _grid(bounds or _EAST_ASIA, 2.0 if spacing is None else spacing) if grid else None
    if points is not None and format_ is DopFormat.json:
        raise InvalidInputError("a grid is written as geojson or csv; choose one with --format")
    places = session.tracker.places(*at or [])
    screen = session.screen(tz)
    oldest = None if max_age is None else read_duration(max_age)
    tracker, known = session.asked(elements, as_of)
    found = combinations_of(systems, tracker, request.span.start, oldest, known)
    if points is not None:
        with _progress(points.rows * points.columns) as on_progress:
            over = dop_over(found, points, request, on_progress)
        _write_grid(session, over, format_, output, tz)
        finish(over.warnings, found.missing, over.complete)
        return
    answer = dop_at(found, places, request)
    if format_ is DopFormat.geojson:
        session.write(dop_geojson(answer, session.now), output)
    else:
        session.answer(
            options.Format(format_.value),
            output,
            table=lambda: dop_text(answer, screen, limit),
            document=lambda: dop_document(answer, session.now),
            csv=dop_csv,
        )
    finish(answer.warnings, found.missing, answer.complete)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how much of a long answer is done, and leave nothing of it there."""
    begun = time.monotonic()
    shown = ""

    def show(done: int) -> None:
        nonlocal shown
        if sys.stderr.isatty() and time.monotonic() - begun > _SHOWN_AFTER_S:
            shown = f"{done:,} of {total:,} points"
            sys.stderr.write(f"\r{shown}")
            sys.stderr.flush()

    try:
        yield show
    finally:
        if shown:
            sys.stderr.write("\r" + " " * len(shown) + "\r")
            sys.stderr.flush()


def _write_grid(
    session: Session, answer: GridAnswer, form: DopFormat, output: Path | None, tz: str | None
) -> None:
    from sattrack.exports.dop import dop_geojson, statistics_csv
    from sattrack.views.dop import grid_text

    if form is DopFormat.geojson:
        text = dop_geojson(answer, session.now)
    elif form is DopFormat.csv:
        text = statistics_csv(answer)
    else:
        text = grid_text(answer, session.screen(tz))
    session.write(text, output)


def _grid(bounds: str, spacing_deg: float) -> Grid:
    """Return the grid that `--bounds` and `--spacing` describe."""
    from sattrack.answers.dop import Grid
    from sattrack.errors import InvalidInputError, quoted

    try:
        south, west, north, east = (float(part) for part in bounds.split(","))
    except ValueError:
        raise InvalidInputError(
            f"cannot read the bounds {quoted(bounds)}: write south, west, north, east in degrees, "
            "for instance 20,100,50,150"
        ) from None
    return Grid(south, west, north, east, spacing_deg)
