"""`sattrack coverage`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sattrack.cli import imaging, options, regard
from sattrack.cli.command import Command

if TYPE_CHECKING:
    from sattrack.answers.imaging import Wishes
    from sattrack.tracking import Found

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
    format_: options.CoverageFormatOption = options.CoverageFormat.table,
    output: options.Output = None,
    alarm: options.Alarm = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Tell which instruments see a place, at which angles, and when."""
    from sattrack.cli.session import Session, alarm_before
    from sattrack.errors import InvalidInputError
    from sattrack.tracking.sensors import sensors_of, sensors_on

    session = Session.begin()
    before = alarm_before(alarm, format_)
    span = session.span(start, end, days)
    catalog = session.tracker.catalog
    found: Found | None = None
    if names:
        sensors = sensors_of(names, catalog)
    elif elements is not None:
        found = session.found(None, span.start, elements, max_age, as_of)
        sensors = sensors_on([item.spacecraft for item in found.tracked], catalog)
    else:
        raise InvalidInputError("name at least one instrument or spacecraft, such as gems")
    wishes = imaging.wishes_of(off_nadir, incidence, sun_above, side)
    drawn = map_ or format_ is options.CoverageFormat.geojson
    if sensors.looks == "imaging" and drawn:
        raise InvalidInputError("imaging access has no map; ask for a table, json, csv or ics")
    if sensors.looks == "imaging" and not over:
        raise InvalidInputError("name the places to be imaged, such as --over seoul")
    if over and found is None:
        craft = dict.fromkeys(sensor.spacecraft.id for sensor in sensors.sensors)
        found = session.found([*craft], span.start, elements, max_age, as_of)
    places = session.tracker.places(*over or ())
    if sensors.looks == "imaging" and found is not None:
        imaging.answer_imaging(
            session,
            found,
            sensors.sensors,
            places,
            span,
            wishes,
            limit,
            tz,
            format_,
            output,
            before,
        )
        return
    _refuse_for_fields(sensors.sensors[0].name, map_, limit, wishes, format_)
    if drawn:
        regard.draw_fields(session, sensors, found, places, span, output)
    elif found is None or not places:
        raise InvalidInputError("say --over which PLACE, or ask for the outlines with --map")
    else:
        form = options.Format(format_.value)
        regard.answer_regard(session, sensors, found, places, span, tz, form, output)


def _refuse_for_fields(
    name: str,
    map_: bool,
    limit: int | None,
    wishes: Wishes,
    format_: options.CoverageFormat,
) -> None:
    """Refuse what has no sense for an instrument that always looks at one part of the Earth."""
    from sattrack.errors import InvalidInputError

    if format_ is options.CoverageFormat.ics:
        raise InvalidInputError(
            f"{name} has a field of regard, which makes no calendar; ask for a "
            "table, json, csv or geojson"
        )
    if limit is not None or wishes != imaging.wishes_of(None, None, None, None):
        raise InvalidInputError(
            "--off-nadir, --incidence, --sun-above, --side and --limit are for imaging; "
            f"{name} has a field of regard"
        )
    if map_ and format_ in (options.CoverageFormat.json, options.CoverageFormat.csv):
        raise InvalidInputError(f"--map is GeoJSON; leave out --map or --format {format_.value}")
