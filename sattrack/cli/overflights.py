"""`sattrack overflights`."""

from __future__ import annotations

from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


def complete_region(incomplete: str) -> list[str]:
    """Return the regions that begin like this; for the shell."""
    from sattrack.catalog import Region
    from sattrack.cli.session import Session

    wanted = incomplete.casefold()
    regions = Session.begin().catalog.each(Region)
    return [region.id for region in regions if region.id.startswith(wanted)]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "overflights",
        cls=Command,
        epilog="Example: sattrack overflights danuri --region nobile-rim-1 --within 50km --days 7",
    )(overflights)


def overflights(
    region: Annotated[
        list[str],
        typer.Option(
            "--region",
            metavar="REGION",
            autocompletion=complete_region,
            help="A region of the Moon, a mission for all of its (artemis), or LAT,LON; several "
            "with commas or --region again.",
        ),
    ],
    names: options.Names = None,
    within: Annotated[
        str,
        typer.Option(
            "--within",
            metavar="DISTANCE",
            help="From a region's centre; inside its outline counts too.",
        ),
    ] = "50km",
    start: options.Start = "now",
    end: options.End = None,
    days: options.Days = None,
    limit: options.Limit = None,
    tz: options.Zone = None,
    format_: options.CalendarFormatOption = options.CalendarFormat.table,
    output: options.Output = None,
    alarm: options.Alarm = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """List when lunar orbiters fly over regions of the Moon."""
    from sattrack.answers.overflights import overflights_of
    from sattrack.cli.session import Session, alarm_before, finish
    from sattrack.exports.overflights import overflights_csv, overflights_document
    from sattrack.places import read_distance_km
    from sattrack.tracking.targets import targets_of
    from sattrack.views.overflights import overflights_text

    session = Session.begin()
    before = alarm_before(alarm, format_)
    span = session.span(start, end, days)
    within_km = read_distance_km(within)
    catalog = session.tracker.catalog
    targets = dict.fromkeys(target for text in region for target in targets_of(text, catalog))
    screen = session.screen(tz)
    found = session.found(names, span.start, elements, max_age, as_of)
    answer = overflights_of(found.tracked, list(targets), span, within_km, limit)

    def ics() -> str:
        from sattrack.exports.calendars import overflights_series

        return session.calendar(overflights_series(answer), output, before)

    session.answer(
        format_,
        output,
        table=lambda: overflights_text(answer, screen),
        document=lambda: overflights_document(answer, session.now),
        csv=overflights_csv,
        others={"ics": ics},
    )
    finish(answer.warnings, found.missing, answer.complete)
