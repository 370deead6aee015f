"""The program around the commands: errors become one line and an exit status."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from sattrack.cli import history, listing, passes, position, schema, show, update
from sattrack.cli.command import Commands
from sattrack.errors import SattrackError
from sattrack.version import __version__

_BUG = 1
_USAGE = 2
_INTERRUPTED = 130

app = typer.Typer(
    name="sattrack",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sattrack {__version__}")
        raise typer.Exit


@app.callback(epilog="Example: sattrack passes recon --at seoul --days 2")
def sattrack(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Satellites and missions: where they are, when they pass, and what is known of them."""


for register in (listing, show, position, passes, history, update, schema):
    register.add_to(app)


def main() -> NoReturn:
    """Run the command line and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status; errors are printed as one line on stderr."""
    # Text goes out as UTF-8 whatever the locale says: names in the catalog are Korean too.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = app(arguments, prog_name="sattrack", standalone_mode=False)
        sys.stdout.flush()
    except SattrackError as error:
        return _fail(str(error), error.exit_status)
    except typer.Abort:
        return _INTERRUPTED
    except typer.TyperException as error:
        return _fail_usage(error)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader has had enough (`| head`); that is no fault. Python would complain once more
        # when it flushes at exit, so give it somewhere to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0


def _fail(message: str, status: int) -> int:
    typer.echo(f"sattrack: {message}", err=True)
    return status


def _fail_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "sattrack"
    format_message = getattr(error, "format_message", None)
    message = format_message() if format_message is not None else str(error)
    if not message:
        # `no_args_is_help` arrives here after printing the help.
        return _USAGE
    message = " ".join(message.split())
    message = message[0].lower() + message[1:].rstrip(".")
    return _fail(f"{message}; see: {command} --help", _USAGE)
