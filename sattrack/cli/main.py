"""The program around the commands: errors become one line and an exit status."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from sattrack.cli.command import Commands
from sattrack.errors import SattrackError, printable
from sattrack.version import __version__
from sattrack.views.language import phrase, spoken, wanted

_BUG = 1
_USAGE = 2
_STORAGE = 9
_INTERRUPTED = 130
_LONGEST_LINE = 1000

# Each stands in a module of its name, but for `list`; in this order they are listed.
_COMMANDS = (
    "list",
    "show",
    "position",
    "passes",
    "screen",
    "overhead",
    "outages",
    "slot",
    "overflights",
    "coverage",
    "dop",
    "track",
    "sky",
    "map",
    "watch",
    "history",
    "report",
    "update",
    "schedule",
    "status",
    "convert",
    "schema",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sattrack {__version__}")
        raise typer.Exit


def sattrack(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Satellites and missions: where they are, when they pass, and what is known of them."""


def program(commands: Sequence[str] = _COMMANDS) -> typer.Typer:
    """Return the program with its commands, or with some of them: each takes time to read."""
    app = typer.Typer(
        name="sattrack",
        cls=Commands,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(epilog="Example: sattrack passes recon --at seoul --days 2")(sattrack)
    for name in commands:
        module = import_module(f"sattrack.cli.{'listing' if name == 'list' else name}")
        module.add_to(app)
    return app


def _asked(arguments: Sequence[str]) -> Sequence[str]:
    """Return the command that is asked for; all where help or a shell wants to know of them."""
    if arguments[:1] == ["--lang"]:
        arguments = arguments[2:]
    return arguments[:1] if arguments and arguments[0] in _COMMANDS else _COMMANDS


def main() -> NoReturn:
    """Run the command line and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status; errors are printed as one line on stderr."""
    with spoken(wanted(arguments, os.environ)):
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    _prepare_streams()
    if not arguments:
        arguments = ["--help"]
    try:
        status = program(_asked(arguments))(arguments, prog_name="sattrack", standalone_mode=False)
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
        # The reader has had enough (`| head`), and that is no fault.
        _forget_output()
        return 0
    except OSError as error:
        # Files of ours say so themselves; what is left is the stream the answer goes to.
        _forget_output()
        return _fail(f"cannot write the answer: {error.strerror or error}", _STORAGE)
    return status if isinstance(status, int) else 0


def _prepare_streams() -> None:
    """Make sure that there are streams, and that they take UTF-8 whatever the locale says."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _forget_output() -> None:
    """Give Python somewhere to flush to at exit, or it would complain once more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str, status: int) -> int:
    # A catalog with several faults has a line for each.
    for line in message.split("\n"):
        typer.echo(f"sattrack: {phrase(printable(line, _LONGEST_LINE))}", err=True)
    return status


def _fail_usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "sattrack"
    format_message = getattr(error, "format_message", None)
    message = format_message() if format_message is not None else str(error)
    message = " ".join(message.split())
    message = message[0].lower() + message[1:].rstrip(".")
    return _fail(f"{message}; see: {command} --help", _USAGE)
