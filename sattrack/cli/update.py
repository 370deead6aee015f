"""`sattrack update`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command
from sattrack.cli.show import TextFormat

if TYPE_CHECKING:
    from sattrack.catalog import Catalog, Spacecraft
    from sattrack.cli.session import Session
    from sattrack.elements import ElementSet
    from sattrack.places import Place
    from sattrack.sources import EphemerisSource, Publisher, Source
    from sattrack.times import Span
    from sattrack.tracking import Tracker
    from sattrack.updates import UpdateReport
    from sattrack.updates.files import EphemerisFile
    from sattrack.updates.passes import PassChange

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
            metavar="celestrak|spacetrack|horizons|FILE",
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
    report_passes: Annotated[
        list[str] | None,
        typer.Option(
            "--report-passes",
            metavar="PLACE",
            show_default=False,
            autocompletion=options.complete_place,
            help="List the passes there that newer elements add, remove or move by a second.",
        ),
    ] = None,
    days: options.Days = None,
    min_elevation: options.MinElevation = 10.0,
    tz: options.Zone = None,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="Form of the report.")
    ] = TextFormat.table,
) -> None:
    """Fetch the element sets and ephemerides that are due, check them and keep them.

    Safe to run as often as anyone likes: element sets are asked for every two hours at most,
    ephemerides once a day, and a publisher that refuses is left alone. Space-Track needs an
    account, in the environment variables SATTRACK_SPACETRACK_IDENTITY and
    SATTRACK_SPACETRACK_PASSWORD or in the file spacetrack.toml (mode 600) of the configuration
    folder.
    """
    from sattrack import updates
    from sattrack.catalog import Spacecraft
    from sattrack.cli.session import Session, dated_lines
    from sattrack.errors import InvalidInputError
    from sattrack.store import Store

    to_log = quiet and format_ is TextFormat.table and not sys.stdout.isatty()
    with dated_lines(to_log):
        if names and group is not None:
            raise InvalidInputError("name spacecraft or a --group, not both")
        _sleep_up_to(random_delay)
        session = Session.begin(tells_of_store=False)
        if tz is not None:
            session.zone(tz)
        clock = updates.ticking(session.now)
        catalog = session.catalog
        sources, ephemerides, file = _sources(session, catalog, source)
        if group is not None and not sources:
            raise InvalidInputError(f"{source} has no groups; leave --group out")
        asked = (*sources, *ephemerides, *((file,) if file else ()))
        wanted = _wanted(session, names, asked) if group is None else ()
        every = catalog.each(Spacecraft)
        watch = _Watch.over(session, report_passes, wanted or every, days, min_elevation)
        with (
            updates.updating(session.home.data, session.now, wait=wait),
            Store.open(session.home.store) as store,
            _progress() as on_progress,
        ):
            report = updates.update(
                store,
                sources,
                wanted,
                clock,
                group=group or "",
                ephemerides=ephemerides,
                file=file,
                catalog=every,
                on_progress=on_progress,
            )
        if report.is_news or not quiet:
            changed = None if watch is None else watch.changes() if report.new else ()
            if format_ is TextFormat.json:
                from sattrack.exports.json import dumps
                from sattrack.exports.updates import update_document

                session.write(dumps(update_document(report, session.now, changed)), None)
            else:
                _print_table(session, report, changed or (), tz)
            _print_faults(report, quiet)
    if report.status:
        raise typer.Exit(report.status)


def _print_table(
    session: Session, report: UpdateReport, changed: Sequence[PassChange], tz: str | None
) -> None:
    """Print what was done, and which passes are not what they were."""
    from sattrack.views.updates import pass_changes_text, update_text

    text = update_text(report)
    if changed:
        text += pass_changes_text(changed, session.screen(tz))
    if text:
        session.write(text, None)


def _print_faults(report: UpdateReport, quiet: bool) -> None:
    """Say what is odd and what went wrong; quietly, only what had not been said before."""
    from sattrack.cli.session import complain, warn
    from sattrack.errors import printable

    for warning in report.warnings:
        warn(warning)
    for failure in report.every_failure:
        if not (quiet and failure.standing):
            complain(printable(failure.message))


@dataclass(frozen=True)
class _Watch:
    """The passes over some places, as they were expected before the update."""

    session: Session
    craft: tuple[Spacecraft, ...]
    places: tuple[Place, ...]
    span: Span
    min_elevation_deg: float
    before: Mapping[int, ElementSet]

    @classmethod
    def over(
        cls,
        session: Session,
        texts: Sequence[str] | None,
        craft: Sequence[Spacecraft],
        days: float | None,
        min_elevation_deg: float,
    ) -> _Watch | None:
        """Return a watch over places, or None where none is wanted."""
        if not texts:
            return None
        tracker = session.tracker
        places = tracker.places(*texts)
        span = session.span("now", None, days)
        before = _elements(tracker, craft, session)
        return cls(session, tuple(craft), places, span, min_elevation_deg, before)

    def changes(self) -> tuple[PassChange, ...]:
        """Return what is different now."""
        from sattrack.tracking import Tracker
        from sattrack.updates.passes import pass_changes

        # A tracker opened before the first update has no store to look into.
        after = _elements(Tracker.open(os.environ), self.craft, self.session)
        return pass_changes(
            self.before, after, self.craft, self.places, self.span, self.min_elevation_deg
        )


def _elements(
    tracker: Tracker, craft: Sequence[Spacecraft], session: Session
) -> dict[int, ElementSet]:
    """Return the element sets that answer now, by catalog number."""
    held = (item.elements for item in tracker.held(craft, session.now))
    return {elements.norad_id: elements for elements in held if elements is not None}


def _sleep_up_to(seconds: float) -> None:
    if seconds:
        import random
        import time

        time.sleep(random.uniform(0.0, seconds))


def _sources(
    session: Session, catalog: Catalog, chosen: str | None
) -> tuple[tuple[Source, ...], tuple[EphemerisSource, ...], EphemerisFile | None]:
    """Return whom to ask: publishers of element sets and of ephemerides, or the one chosen.

    A file is a publisher of element sets, or, as its content shows, one of ephemerides.
    """
    from sattrack.errors import InvalidInputError, quoted
    from sattrack.sources import (
        ElementFile,
        ephemeris_publishers,
        forbid_core_dumps,
        publishers,
    )
    from sattrack.updates.files import EphemerisFile

    forbid_core_dumps()
    home = session.home
    known = publishers(os.environ, catalog, home.configuration, home.data)
    ephemerides = ephemeris_publishers(os.environ, home.data)
    if chosen is None:
        return tuple(source for source in known if source.ready or source.fault), ephemerides, None
    for source in known:
        if source.name == chosen:
            return (source,), (), None
    for ephemeris in ephemerides:
        if ephemeris.name == chosen:
            return (), (ephemeris,), None
    if chosen == "-" or Path(chosen).is_file():
        text = session.document(chosen)
        given = ElementFile(chosen, BytesIO(text))
        tables = session.given_tables(given.title, text)
        if tables is not None:
            return (), (), EphemerisFile(given.title, tables.objects)
        return (given,), (), None
    if Path(chosen).exists() or os.sep in chosen or "." in chosen:
        return (ElementFile(chosen),), (), None
    names = ", ".join(publisher.name for publisher in (*known, *ephemerides))
    raise InvalidInputError(f"no source or file {quoted(chosen)}; choose {names}, or a file")


def _wanted(
    session: Session, names: Sequence[str] | None, sources: Sequence[Publisher]
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


@contextmanager
def _progress() -> Iterator[_Progress | None]:
    """Show on a terminal how much of a long answer has come, and leave nothing of it there."""
    if not sys.stderr.isatty():
        yield None
        return
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.clear()


class _Progress:
    """One line on stderr that says how much of a long answer has come."""

    def __init__(self) -> None:
        self._width = 0

    def __call__(self, source: Publisher, label: str, size: int) -> None:
        if size > _SHOWN_FROM_BYTES:
            line = f"{source.title}, {label}: {size / 1e6:.1f} MB"
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
