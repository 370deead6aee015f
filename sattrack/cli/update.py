"""`sattrack update`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command
from sattrack.cli.show import TextFormat

if TYPE_CHECKING:
    from sattrack.catalog import Catalog, Spacecraft
    from sattrack.cli.session import Session
    from sattrack.sources import Request, Source

_SHOWN_FROM_BYTES = 100_000


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("update", cls=Command, epilog="Example: sattrack update gps tempo --quiet")(update)


def update(
    names: options.Names = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="G",
            show_default=False,
            help="Keep a whole group of CelesTrak's, such as active.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="celestrak|spacetrack|FILE",
            show_default=False,
            help="Ask only this publisher, or read this file; - is standard input.",
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing when nothing changed.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for another update to end.")] = False,
    random_delay: Annotated[
        float,
        typer.Option(
            "--random-delay",
            "--jitter",
            metavar="SECONDS",
            min=0.0,
            help="Sleep up to so long first.",
        ),
    ] = 0.0,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="Form of the report.")
    ] = TextFormat.table,
) -> None:
    """Fetch the element sets that are due, check them and keep them.

    Safe to run as often as anyone likes: a data set is asked for every two hours at most, and a
    publisher that refuses is left alone. Space-Track needs an account, in the environment
    variables SATTRACK_SPACETRACK_IDENTITY and SATTRACK_SPACETRACK_PASSWORD or in the file
    spacetrack.toml (mode 600) of the configuration folder.
    """
    from sattrack import updates
    from sattrack.catalog import Spacecraft
    from sattrack.cli.session import Session, warn
    from sattrack.errors import InvalidInputError, printable
    from sattrack.store import Store

    if names and group is not None:
        raise InvalidInputError("name spacecraft or a --group, not both")
    _sleep_up_to(random_delay)
    session = Session.begin()
    clock = updates.ticking(session.now)
    catalog = session.catalog
    sources = _sources(session, catalog, source)
    wanted = _wanted(session, names, sources) if group is None else ()
    progress = _Progress() if sys.stderr.isatty() else None
    with (
        updates.updating(session.home.data, session.now, wait=wait),
        Store.open(session.home.store) as store,
    ):
        report = updates.update(
            store,
            sources,
            wanted,
            clock,
            group=group or "",
            catalog=catalog.each(Spacecraft),
            on_progress=progress,
        )
    if progress is not None:
        progress.clear()
    if report.is_news or not quiet:
        if format_ is TextFormat.json:
            from sattrack.exports.json import dumps
            from sattrack.exports.updates import update_document

            text = dumps(update_document(report, session.now))
        else:
            from sattrack.views.updates import update_text

            text = update_text(report)
        if text:
            session.write(text, None)
        for warning in report.warnings:
            warn(warning)
        for failure in report.every_failure:
            if not (quiet and failure.standing):
                typer.echo(f"sattrack: {printable(failure.message)}", err=True)
    if report.status:
        raise typer.Exit(report.status)


def _sleep_up_to(seconds: float) -> None:
    if seconds:
        import random
        import time

        time.sleep(random.uniform(0.0, seconds))


def _sources(session: Session, catalog: Catalog, chosen: str | None) -> tuple[Source, ...]:
    """Return the sources to ask: those that can be, or the one chosen."""
    from sattrack.errors import InvalidInputError, quoted
    from sattrack.sources import ElementFile, publishers

    home = session.home
    known = publishers(os.environ, catalog, home.configuration, home.data)
    if chosen is None:
        return tuple(source for source in known if source.ready)
    for source in known:
        if source.name == chosen:
            return (source,)
    if chosen == "horizons":
        raise InvalidInputError(
            "ephemerides of JPL Horizons cannot be fetched yet; choose celestrak, spacetrack or "
            "a file"
        )
    if chosen == "-":
        return (ElementFile(chosen, sys.stdin.buffer),)
    if Path(chosen).exists() or os.sep in chosen or "." in chosen:
        return (ElementFile(chosen),)
    names = ", ".join(source.name for source in known)
    raise InvalidInputError(f"no source or file {quoted(chosen)}; choose {names}, or a file")


def _wanted(
    session: Session, names: Sequence[str] | None, sources: Sequence[Source]
) -> tuple[Spacecraft, ...]:
    """Return what was named, or all of the catalog that is published."""
    from sattrack.catalog import Spacecraft

    if names:
        from sattrack.tracking import requests_of

        tracker = session.tracker
        requests = requests_of(names, tracker.catalog, tracker.shelves)
        return tuple(request.spacecraft for request in requests)
    if any(source.name == "file" for source in sources):
        return ()
    every = session.catalog.each(Spacecraft)
    return tuple(craft for craft in every if any(source.offers(craft) for source in sources))


class _Progress:
    """One line on stderr that says how much of a long answer has come."""

    def __init__(self) -> None:
        self._width = 0

    def __call__(self, source: Source, request: Request, size: int) -> None:
        if size > _SHOWN_FROM_BYTES:
            line = f"{source.title}, {request.label}: {size / 1e6:.1f} MB"
            self._write(line)

    def clear(self) -> None:
        """Leave nothing of it on the screen."""
        if self._width:
            self._write("")
            self._width = 0

    def _write(self, line: str) -> None:
        sys.stderr.write("\r" + line.ljust(self._width) + "\r" * (not line))
        sys.stderr.flush()
        self._width = max(self._width, len(line))
