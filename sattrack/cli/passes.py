"""`sattrack passes`."""

from __future__ import annotations

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "passes",
        cls=Command,
        epilog="Example: sattrack passes recon --at seoul --days 2 --min-elevation 20",
    )(passes)


def passes(
    at: options.Places,
    names: options.Names = None,
    start: options.Start = "now",
    end: options.End = None,
    days: options.Days = None,
    min_elevation: options.MinElevation = 10.0,
    frequency: options.Frequencies = None,
    visible: options.Visible = False,
    sun_below: options.SunBelow = -6.0,
    shadow: options.Shadow = options.EarthShape.oblate,
    limit: options.Limit = None,
    tz: options.Zone = None,
    format_: options.FormatOption = options.Format.table,
    output: options.Output = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """List when spacecraft pass over places: rise, culmination, set."""
    from sattrack.answers.passes import passes_over
    from sattrack.catalog.links import given_link
    from sattrack.cli.session import Session, finish
    from sattrack.errors import InvalidInputError
    from sattrack.exports.csv import passes_csv
    from sattrack.exports.json import passes_document
    from sattrack.views.passes import passes_text

    if visible and frequency and format_ is options.Format.table:
        raise InvalidInputError(
            "the table of --visible has no room for --frequency; ask with --format json, or leave "
            "one of them out"
        )
    session = Session.begin()
    links = [given_link(text) for text in frequency or ()]
    span = session.span(start, end, days)
    places = session.tracker.places(*at)
    screen = session.screen(tz)
    found = session.found(names, span.start, elements, max_age, as_of)
    first = None if visible else limit
    answer = passes_over(found.tracked, places, span, min_elevation, first, links)
    # A plain table does not tell of light, and does not wait for it.
    if visible or format_ is not options.Format.table:
        from sattrack.answers.light import with_light
        from sattrack.passes.visible import Conditions

        conditions = Conditions(sun_below, shadow.value)
        answer = with_light(answer, conditions, visible, limit if visible else None)

    def table() -> str:
        if not visible:
            return passes_text(answer, screen, with_doppler=bool(links))
        from sattrack.views.light import visible_text

        return visible_text(answer, screen)

    session.answer(
        format_,
        output,
        table=table,
        document=lambda: passes_document(answer, session.now),
        csv=passes_csv,
    )
    finish(answer.warnings, found.missing, answer.complete)
