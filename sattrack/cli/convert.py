"""`sattrack convert`."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sattrack.cli import options
from sattrack.cli.command import Command


class Form(StrEnum):
    """Forms of element sets."""

    omm_csv = "omm-csv"
    omm_json = "omm-json"
    omm_xml = "omm-xml"
    omm_kvn = "omm-kvn"
    tle = "tle"
    two_line = "2le"
    three_line = "3le"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        "convert", cls=Command, epilog="Example: sattrack convert active.csv --to tle -o active.tle"
    )(convert)


def convert(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="Element sets in any OMM or TLE form; - reads standard input.",
        ),
    ],
    to: Annotated[Form, typer.Option("--to", show_default=False, help="Form to write.")],
    exact: Annotated[
        bool, typer.Option("--exact", help="Refuse sets with more digits than can be kept.")
    ] = False,
    output: options.Output = None,
) -> None:
    """Write element sets in another form, value for value; refused ones are named on stderr."""
    from sattrack.cli.session import Session, warn
    from sattrack.errors import RejectedDataError, StorageError, printable
    from sattrack.formats import convert_element_sets

    session = Session.begin()
    shown = "standard input" if source == "-" else source
    try:
        document = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise StorageError(f"cannot read {shown}: {error.strerror or error}") from error
    try:
        writing = convert_element_sets(document, to, session.now, exact=exact)
    except RejectedDataError as error:
        raise RejectedDataError(f"{shown}: {error}") from error
    if writing.written and output is None:
        # As bytes, which no platform gives other ends of lines.
        typer.echo(writing.text.encode(), nl=False)
    elif writing.written:
        session.write(writing.text, output)
    for reject in writing.rejects:
        typer.echo(f"sattrack: {printable(f'{shown}: {reject}')}", err=True)
    if writing.rounded:
        share = f"{writing.rounded:,} of {writing.written:,} sets"
        warn(f"{share} rounded to the digits that a TLE holds (--exact refuses such sets)")
    if writing.rejects:
        raise typer.Exit(RejectedDataError.exit_status)
