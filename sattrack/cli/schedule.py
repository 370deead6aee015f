"""`sattrack schedule`."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sattrack.cli.command import Command

_LOG = "update.log"


class Scheduler(StrEnum):
    """What runs programs at certain times."""

    cron = "cron"
    systemd = "systemd"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("schedule", cls=Command, epilog="Example: sattrack schedule cron")(schedule)


def schedule(
    scheduler: Annotated[
        Scheduler, typer.Argument(metavar="cron|systemd", help="What runs it.", show_default=False)
    ],
) -> None:
    """Print a crontab line or systemd units for the update, ready to paste.

    The minute is random, and always the same on one machine. Nothing is written or installed.
    """
    import platform

    from sattrack.settings import Home
    from sattrack.updates.schedules import (
        Schedule,
        crontab_text,
        stable_minute,
        systemd_text,
        variables_lost,
    )

    home = Home.of(os.environ)
    chosen = os.environ.get("SATTRACK_HOME", "")
    plan = Schedule(
        command=_command(),
        home=str(Path(chosen).expanduser().absolute()) if chosen else "",
        log=home.data.absolute() / _LOG,
        minute=stable_minute(f"{platform.node()} {home.data.absolute()}"),
        lost=variables_lost(os.environ),
    )
    text = crontab_text(plan) if scheduler is Scheduler.cron else systemd_text(plan)
    typer.echo(text, nl=False)


def _command() -> tuple[str, ...]:
    """Return the absolute path of this program, or of the Python that can run it."""
    import shutil

    beside = Path(sys.executable).with_name("sattrack")
    if beside.is_file():
        return (str(beside),)
    found = shutil.which(sys.argv[0])
    if found and Path(found).name.startswith("sattrack"):
        return (str(Path(found).absolute()),)
    return (sys.executable, "-m", "sattrack")
