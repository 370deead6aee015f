"""`sattrack outages`."""

from __future__ import annotations

from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "outages",
        cls=Command,
        epilog="Example: sattrack outages gk-2b --at daejeon --dish 3m --frequency 4GHz",
    )(outages)


def outages(
    at: options.Places,
    names: options.Names = None,
    beam: Annotated[
        float | None,
        typer.Option(
            "--beam", metavar="DEG", show_default=False, help="3 dB width of the antenna's beam."
        ),
    ] = None,
    dish: Annotated[
        str | None,
        typer.Option(
            "--dish",
            metavar="DIAMETER",
            show_default="the station's, or 3m",
            help="Diameter of the antenna; with the frequency it gives the beam, 70 λ/D degrees.",
        ),
    ] = None,
    frequency: Annotated[
        str | None,
        typer.Option(
            "--frequency",
            metavar="FREQ",
            show_default="the craft's lowest, or 4GHz",
            help="What the antenna receives, e.g. 12GHz.",
        ),
    ] = None,
    sun_radius: Annotated[
        float, typer.Option("--sun-radius", metavar="DEG", help="Of the radio Sun.")
    ] = 0.24,
    slot: options.Slot = "auto",
    start: options.Start = "now",
    end: options.End = None,
    days: options.YearDays = None,
    min_elevation: options.MinElevation = 0.0,
    limit: options.Limit = None,
    tz: options.Zone = None,
    format_: options.CalendarFormatOption = options.CalendarFormat.table,
    output: options.Output = None,
    alarm: options.Alarm = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """List when the Sun stands behind spacecraft and blinds the antenna that hears them."""
    from sattrack.answers.outages import Antenna, outages_of
    from sattrack.answers.station_keeping import slot_choice
    from sattrack.catalog.links import read_frequency_mhz
    from sattrack.cli.session import Session, alarm_before, finish
    from sattrack.exports.outages import outages_csv, outages_document
    from sattrack.places import read_diameter_m
    from sattrack.views.outages import outages_text

    session = Session.begin()
    before = alarm_before(alarm, format_)
    antenna = Antenna(
        beam,
        None if dish is None else read_diameter_m(dish),
        None if frequency is None else read_frequency_mhz(frequency),
        sun_radius,
    )
    choice = slot_choice(slot)
    span = session.span(start, end, options.a_year(end, days))
    places = session.tracker.places(*at)
    screen = session.screen(tz)
    found = session.found(names, span.start, elements, max_age, as_of)
    answer = outages_of(found.tracked, places, span, antenna, min_elevation, choice, limit)

    def ics() -> str:
        from sattrack.exports.calendars import outages_series

        return session.calendar(outages_series(answer), output, before)

    session.answer(
        format_,
        output,
        table=lambda: outages_text(answer, screen),
        document=lambda: outages_document(answer, session.now),
        csv=outages_csv,
        others={"ics": ics},
    )
    finish(answer.warnings, found.missing, answer.complete)
