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
    format_: options.PassesFormatOption = options.PassesFormat.table,
    output: options.Output = None,
    alarm: options.Alarm = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """List when spacecraft pass over places: rise, culmination, set."""
    from sattrack.answers.passes import passes_over
    from sattrack.catalog.links import given_link
    from sattrack.cli.session import Session, alarm_before, finish
    from sattrack.errors import InvalidInputError
    from sattrack.exports.csv import passes_csv
    from sattrack.exports.json import passes_document
    from sattrack.views.passes import passes_text

    if visible and frequency and format_ is options.PassesFormat.table:
        raise InvalidInputError(
            "the table of --visible has no room for --frequency; ask with --format json, or leave "
            "one of them out"
        )
    session = Session.begin()
    before = alarm_before(alarm, format_)
    links = [given_link(text) for text in frequency or ()]
    span = session.span(start, end, days)
    places = session.tracker.places(*at)
    screen = session.screen(tz)
    found = session.found(names, span.start, elements, max_age, as_of)
    first = None if visible else limit
    answer = passes_over(found.tracked, places, span, min_elevation, first, links)
    # Tables and maps do not tell of light, and do not wait for it.
    if visible or format_ in ("json", "csv", "ics"):
        from sattrack.answers.light import with_light
        from sattrack.passes.visible import Conditions

        conditions = Conditions(sun_below, shadow.value)
        answer = with_light(answer, conditions, visible, limit if visible else None)

    def table() -> str:
        if not visible:
            return passes_text(answer, screen, with_doppler=bool(links))
        from sattrack.views.light import visible_text

        return visible_text(answer, screen)

    notes: list[str] = []

    def ics() -> str:
        from sattrack.exports.calendars import passes_series

        series = passes_series(answer)
        notes.extend(one.note for one in series if one.note)
        return session.calendar(series, output, before)

    def kml() -> str:
        from sattrack.exports.kml import passes_kml

        return passes_kml(answer, session.now)

    def czml() -> str:
        from sattrack.answers.paths import coarse, paths_of_passes
        from sattrack.exports.czml import passes_czml

        paths = paths_of_passes(answer)
        notes.extend(coarse(paths))
        return passes_czml(answer, paths, [*answer.warnings, *notes])

    session.answer(
        format_,
        output,
        table=table,
        document=lambda: passes_document(answer, session.now),
        csv=passes_csv,
        others={"ics": ics, "kml": kml, "czml": czml},
    )
    finish([*answer.warnings, *notes], found.missing, answer.complete)
