"""`sattrack report`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command

if TYPE_CHECKING:
    from sattrack.answers.report import ReportAnswer
    from sattrack.cli.session import Session

_DEFAULT_DAYS = 3.0


class PageLanguage(StrEnum):
    """Languages in which the page can be shown first; it holds both."""

    en = "en"
    ko = "ko"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "report", cls=Command, epilog="Example: sattrack report -o site/ --at seoul,kdsa --days 3"
    )(report)


def report(
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="FOLDER", help="Where the page goes; made where missing."
        ),
    ],
    names: options.Names = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="PLACE",
            show_default=False,
            autocompletion=options.complete_place,
            help="Tell the passes over a station, a city, or LAT,LON[,HEIGHT]; may be several.",
        ),
    ] = None,
    start: options.Start = "now",
    end: options.End = None,
    days: Annotated[
        float | None,
        typer.Option("--days", metavar="N", show_default="3", help="Length of the window."),
    ] = None,
    min_elevation: options.MinElevation = 10.0,
    tz: options.Zone = None,
    lang: Annotated[
        PageLanguage | None,
        typer.Option(
            "--lang",
            show_default="the machine's, or en",
            help="Language in which the page opens; it holds both.",
        ),
    ] = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Write a web page of positions, passes and missions that needs no server and no network."""
    from sattrack.answers.report import report as gathered
    from sattrack.answers.report import usual_names
    from sattrack.catalog import Mission
    from sattrack.cli.session import Session, finish
    from sattrack.views.report.page import Download, Page

    session = Session.begin()
    span = session.span(start, end, _DEFAULT_DAYS if end is None and days is None else days)
    catalog, zone = session.tracker.catalog, session.zone(tz)
    places = session.tracker.places(*at or ())
    usual = not names and elements is None
    asked = usual_names(catalog) if usual else names
    found = session.found(asked, span.start, elements, max_age, as_of)
    missing = [str(error) for error in found.missing]
    answer = gathered(found.tracked, places, span, min_elevation, missing)
    beside = _beside(answer, session, output)
    page = Page(
        answer,
        places,
        catalog,
        session.now,
        zone,
        (_machine_language() if lang is None else lang).value,
        missions=catalog.each(Mission) if usual else (),
        downloads=[Download(name, len(content)) for name, content in beside.items()],
    )
    # The page last: what it names is there already.
    _write(output, beside | {"index.html": page.html().encode()})
    finish(answer.warnings, found.missing, answer.complete)


def _machine_language() -> PageLanguage:
    """Return the language that the environment asks programs to speak, as POSIX has it."""
    asked = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first = next((value for value in asked if value), "")
    return PageLanguage.ko if first.partition("_")[0] == "ko" else PageLanguage.en


def _beside(answer: ReportAnswer, session: Session, folder: Path) -> dict[str, bytes]:
    """Return the files that lie beside the page, by name; a calendar there is brought up to date.

    Raises:
        RejectedDataError: what lies there under the calendar's name is none.
    """
    from sattrack.answers.paths import paths_of_passes
    from sattrack.exports.calendars import passes_series
    from sattrack.exports.csv import passes_csv
    from sattrack.exports.czml import passes_czml
    from sattrack.exports.json import dumps, passes_document
    from sattrack.formats.omm_json import join, write

    found = {}
    if answer.passes is not None:
        passes = answer.passes
        document = passes_document(passes, session.now)
        found["passes.ics"] = session.calendar(passes_series(passes), folder / "passes.ics", None)
        found["passes.csv"] = passes_csv(document)
        found["passes.json"] = dumps(document, indent=None)
        found["passes.czml"] = passes_czml(passes, paths_of_passes(passes), passes.warnings)
    published = [orbit.elements for orbit in answer.orbits if orbit.elements is not None]
    if published:
        found["elements.json"] = join([write(one, session.now) for one in published])
    return {name: text.encode() for name, text in found.items()}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, each at once and whole, in this order.

    Raises:
        StorageError: the folder or a file cannot be written.
    """
    from sattrack.errors import StorageError
    from sattrack.settings import write_answer

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot make the folder {folder}: {error.strerror or error}") from error
    for name, content in files.items():
        write_answer(folder / name, content)
