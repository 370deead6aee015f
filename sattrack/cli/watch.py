"""`sattrack watch`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import typer

from sattrack.cli import options
from sattrack.cli.command import Command
from sattrack.views.language import Language, spoken

if TYPE_CHECKING:
    from sattrack.views.live.app import LiveScreen


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("watch", cls=Command, epilog="Example: sattrack watch recon danuri --at kdsa")(
        watch
    )


def watch(
    at: options.Places,
    names: options.Names = None,
    start: options.Start = "now",
    min_elevation: options.MinElevation = 10.0,
    tz: options.Zone = None,
    elements: options.Elements = None,
    max_age: options.MaxAge = None,
    as_of: options.AsOf = None,
) -> None:
    """Watch spacecraft live: where they stand, what comes next, on a map and in the sky.

    Without NAME: the group called watch of your own catalog, or else GEMS, TEMPO, Danuri and the
    reconnaissance satellites. Time can be stopped, moved and sped up; q ends.
    """
    screen = screen_of(at, names, start, min_elevation, tz, elements, max_age, as_of)
    # Textual draws on standard error, so that standard output may be a pipe; we ask for all three.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        from sattrack.errors import InvalidInputError

        raise InvalidInputError(
            "watch draws on a terminal; where there is none, run: sattrack position"
        )
    # Its own words are English, and a screen in two languages helps nobody.
    with spoken(Language.en):
        screen.run()
    if screen.return_code:
        raise typer.Exit(screen.return_code)


def screen_of(
    at: list[str],
    names: list[str] | None = None,
    start: str = "now",
    min_elevation: float = 10.0,
    tz: str | None = None,
    elements: str | None = None,
    max_age: str | None = None,
    as_of: str | None = None,
) -> LiveScreen:
    """Return the screen that the options describe, ready to run.

    Raises:
        InvalidInputError: the extra is not installed, or an option cannot be read.
        SattrackError: none of what was asked for can be answered for.
    """
    from sattrack.answers.watch import Question, Watch, names_to_watch
    from sattrack.cli.session import Session
    from sattrack.errors import InvalidInputError
    from sattrack.times.playback import EARLIEST, LATEST
    from sattrack.times.reading import read_duration
    from sattrack.tracking.following import Followed
    from sattrack.views.live import INSTALL

    try:
        from sattrack.views.live.app import LiveScreen
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "textual":
            raise
        raise InvalidInputError(f"watch needs an extra; run: {INSTALL}") from None
    if elements == "-":
        raise InvalidInputError("watch reads keys from standard input; give --elements a file")
    session = Session.begin()
    zone = session.zone(tz)
    begin = None if start == "now" else session.time(start)
    if begin is not None and not EARLIEST <= begin <= LATEST:
        raise InvalidInputError(f"--start {start}: watch shows times from 1957 to 2100")
    if elements is None:
        followed = Followed.of(os.environ)
        known = None if as_of is None else session.time(as_of)
    else:
        tracker, known = session.asked(elements, as_of)
        followed = Followed.fixed(tracker)
    places = followed.tracker.places(*at)
    if len(places) != 1:
        raise InvalidInputError("--at takes one place here; run the command once for each")
    wanted = tuple(names or ())
    if elements is None:
        wanted = names_to_watch(wanted, followed.tracker.catalog)
    oldest = None if max_age is None else read_duration(max_age)
    question = Question(wanted, places[0], min_elevation, oldest, known)
    watching = Watch(question, followed)
    watching.begin(session.now if begin is None else begin)
    return LiveScreen(watching, zone, begin)
