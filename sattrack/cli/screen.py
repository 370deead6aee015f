"""`sattrack screen`."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command

if TYPE_CHECKING:
    from sattrack.answers.screening import Question, Screening
    from sattrack.cli.session import Session
    from sattrack.cli.streaming import Destination, Interrupts
    from sattrack.cli.workers import Workers
    from sattrack.exports.screening import Writer
    from sattrack.tracking.inventory import Lack, Listed
    from sattrack.tracking.orbits import Tracked

_EVERYTHING = "active"
# How many objects are named that cannot be answered for; of the others only their number is told.
_LACKS_NAMED = 10


class ScreenFormat(StrEnum):
    """Forms of an answer that is written while it is found."""

    table = "table"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"
    parquet = "parquet"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "screen",
        cls=Command,
        epilog="Example: sattrack screen --group active --at seoul --min-culmination 60 -o all.csv "
        "--format csv",
    )(screen)


def screen(
    at: options.Places,
    names: options.Names = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="GROUP",
            show_default=False,
            help="active: every object of which element sets are at hand; or a group by its name.",
        ),
    ] = None,
    elements: options.Elements = None,
    start: options.Start = "now",
    end: options.End = None,
    days: options.Days = None,
    min_elevation: options.MinElevation = 10.0,
    min_culmination: Annotated[
        float | None,
        typer.Option(
            "--min-culmination",
            metavar="DEG",
            show_default=False,
            help="Only passes that reach this elevation.",
        ),
    ] = None,
    visible: options.Visible = False,
    sun_below: options.SunBelow = -6.0,
    shadow: options.Shadow = options.EarthShape.oblate,
    limit: options.Limit = None,
    tz: options.Zone = None,
    format_: Annotated[
        ScreenFormat, typer.Option("--format", help="Form of the answer.")
    ] = ScreenFormat.table,
    output: options.Output = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", min=1, help="Share the work among N processes.")
    ] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            show_default=False,
            help="Send the work to a Dask cluster, e.g. tcp://host:8786.",
        ),
    ] = None,
) -> None:
    """List the passes of thousands of objects over places, all in order of time."""
    from sattrack.answers.screening import Question, Screening
    from sattrack.cli.session import Session
    from sattrack.cli.streaming import Destination
    from sattrack.cli.workers import workers
    from sattrack.errors import InvalidInputError

    if format_ is ScreenFormat.parquet and output is None and sys.stdout.isatty():
        raise InvalidInputError("Parquet is not for reading on a terminal; give -o FILE")
    session = Session.begin()
    span = session.span(start, end, days)
    places = session.tracker.places(*at)
    conditions = None
    if visible:
        from sattrack.passes.visible import Conditions

        conditions = Conditions(sun_below, shadow.value)
    question = Question(span, places, min_elevation, min_culmination, conditions, limit)
    found = _Asked.of(session, names, group, elements, question, max_age, as_of)
    screening = Screening.of(question, found.listed, found.others, found.lacks)
    writer = _writer(format_, screening, session, tz)
    with workers(jobs, scheduler) as at_work:
        stopped = _written(screening, writer, Destination(output), at_work)
    _finish(screening, found, stopped)


class _Asked:
    """What was asked for, and what counts as a failure.

    Attributes:
        status: of what was named and cannot be answered for.
        named: whether each of the objects was asked for by name.
    """

    def __init__(
        self,
        listed: tuple[Listed, ...],
        others: tuple[Tracked, ...],
        lacks: tuple[Lack, ...],
        status: int,
        named: bool,
    ) -> None:
        self.listed, self.others, self.lacks = listed, others, lacks
        self.status, self.named = status, named

    @classmethod
    def of(
        cls,
        session: Session,
        names: list[str] | None,
        group: str | None,
        elements: str | None,
        question: Question,
        max_age: str | None,
        as_of: str | None,
    ) -> _Asked:
        from sattrack.errors import InvalidInputError, NoOrbitError
        from sattrack.times.reading import read_duration
        from sattrack.tracking.inventory import Lack, inventory, listed_of

        instant = question.span.start
        if group is not None and group != _EVERYTHING:
            names = [*(names or []), group]
        if not names and group is None and elements is None:
            raise InvalidInputError(
                "name spacecraft, or give a file with --elements, or ask for everything at hand "
                "with --group active"
            )
        if not names:
            tracker, known = session.asked(elements, as_of)
            if tracker.given_tables is None:
                oldest = None if max_age is None else read_duration(max_age)
                held = inventory(tracker, instant, oldest, known)
                if not held.listed:
                    raise NoOrbitError("no element set at hand can be used; run: sattrack update")
                return cls(held.listed, (), held.lacks, 0, False)
        found = session.found(names, instant, elements, max_age, as_of)
        listed, others = listed_of(found.tracked)
        status = max((error.exit_status for error in found.missing), default=0)
        lacks = tuple(Lack("", "", None, str(error)) for error in found.missing)
        return cls(listed, others, lacks, status, True)


def _writer(form: ScreenFormat, screening: Screening, session: Session, zone: str | None) -> Writer:
    if form is ScreenFormat.table:
        from sattrack.views.screening import ScreeningTable

        return ScreeningTable(screening, session.screen(zone))
    if form is ScreenFormat.parquet:
        from sattrack.exports.parquet import ParquetWriter

        return ParquetWriter(screening)
    from sattrack.exports.screening import CsvWriter, JsonLinesWriter, JsonWriter

    if form is ScreenFormat.csv:
        return CsvWriter(screening)
    if form is ScreenFormat.jsonl:
        return JsonLinesWriter(screening)
    return JsonWriter(screening, session.now)


def _written(
    screening: Screening, writer: Writer, destination: Destination, at_work: Workers
) -> Interrupts | None:
    """Search, and write what is found; return what stopped it, if anything did."""
    from sattrack.cli.streaming import Interrupts, Progress

    progress = Progress()
    interrupts = Interrupts()
    complete = False
    try:
        with interrupts.watched():
            try:
                destination.write(writer.begin())
                batches = screening.batches(at_work.executor, at_work.tasks_ahead, progress)
                with closing(batches):
                    for batch in batches:
                        progress.count += len(batch)
                        progress.clear()
                        with interrupts.held():
                            destination.write(writer.rows(batch))
                complete = True
            except KeyboardInterrupt:
                interrupts.part = destination.part
            progress.clear()
            destination.write(writer.end(complete))
            destination.finish(complete)
    except BaseException:
        destination.discard()
        raise
    return None if complete else interrupts


def _finish(screening: Screening, asked: _Asked, interrupts: Interrupts | None) -> None:
    """Say what the answer lacks.

    Raises:
        Exit: it was interrupted, or something named could not be answered for.
    """
    from sattrack.cli.session import complain, warn
    from sattrack.errors import NoOrbitError

    for warning in screening.warnings:
        warn(warning)
    _tell_lacks(screening.lacks)
    if interrupts is not None:
        where = "" if interrupts.part is None else f"; what there is lies in {interrupts.part}"
        complain(f"interrupted: the answer is not complete{where}")
        raise typer.Exit(interrupts.status)
    status = asked.status
    if asked.named and len(screening.lacks) > len(asked.lacks):
        status = max(status, NoOrbitError.exit_status)
    if status:
        raise typer.Exit(status)


def _tell_lacks(lacks: list[Lack]) -> None:
    """Name objects that cannot be answered for, or how many they are."""
    from sattrack.cli.session import warn

    for lack in lacks[:_LACKS_NAMED]:
        known = not lack.name or lack.name in lack.reason
        warn(lack.reason if known else f"{lack.name} ({lack.id}): {lack.reason}")
    if len(lacks) > _LACKS_NAMED:
        kinds = Counter(_kind(lack.reason) for lack in lacks[_LACKS_NAMED:])
        told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
        warn(f"and {len(lacks) - _LACKS_NAMED:,} objects more: {told}")


def _kind(reason: str) -> str:
    if "decayed" in reason:
        return "decayed"
    return "too old" if "--max-age" in reason else "refused"
