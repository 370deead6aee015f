"""`sattrack status`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command
from sattrack.cli.show import TextFormat


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("status", cls=Command, epilog="Example: sattrack status recon gems")(status)


def status(
    names: options.Names = None,
    tz: options.Zone = None,
    format_: Annotated[
        TextFormat, typer.Option("--format", help="Form of the answer.")
    ] = TextFormat.table,
    output: options.Output = None,
) -> None:
    """Tell what is stored, how old it is, what is due, who refused us, and how old the rest is.

    Nothing is asked of anybody, and nothing is changed.
    """
    from sattrack.catalog import Spacecraft
    from sattrack.cli.session import Session, warn
    from sattrack.sources import ephemeris_publishers, publishers
    from sattrack.store import Store
    from sattrack.tracking import requests_of
    from sattrack.updates.overview import overview

    session = Session.begin()
    home, tracker = session.home, session.tracker
    if names:
        requests = requests_of(names, tracker.catalog, tracker.shelves)
        craft = tuple(request.spacecraft for request in requests)
    else:
        craft = tracker.catalog.each(Spacecraft)
    held = {item.spacecraft.id: item.provenance for item in tracker.held(craft, session.now)}
    sources = publishers(os.environ, tracker.catalog, home.configuration, home.data)
    ephemerides = ephemeris_publishers(os.environ, home.data)
    with Store.open(home.store, writable=False) as store:
        state = overview(store, sources, ephemerides, craft, held, session.now)
    if format_ is TextFormat.json:
        from sattrack.exports.json import dumps
        from sattrack.exports.updates import status_document

        text = dumps(status_document(state))
    else:
        from sattrack.views.updates import status_text

        text = status_text(state, session.screen(tz))
    session.write(text, output)
    for warning in state.warnings:
        # The tracker has looked into the store, too, and said what is wrong with it.
        if warning not in tracker.notices:
            warn(warning)
