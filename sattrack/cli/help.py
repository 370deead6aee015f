"""Help in another language than English, which Typer writes itself; columns are cells wide."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from sattrack.views.language import phrase
from sattrack.views.tables import cells_wide, padded, wrapped

# As wide as Typer lets the names of options be before what they mean moves to a line of its own.
_NAMES = 30


def write_help(command: Any, ctx: Any, formatter: Any) -> None:
    """Write what a command does and its options, all in the language of the command."""
    width = formatter.width
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, phrase("Usage: "))
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        formatter.write("\n" + _lines(wrapped(" ".join(paragraph.split()), width, "  ")))
    records = [(p.param_type_name, p.get_help_record(ctx)) for p in command.get_params(ctx)]
    for kind, heading in (("argument", "Arguments"), ("option", "Options")):
        rows = [record for found, record in records if record is not None and found == kind]
        _write_section(heading, [(name, _meaning(text)) for name, text in rows], formatter)
    commands = getattr(command, "commands", {})
    summaries = [(name, _summary(each.help or "")) for name, each in commands.items()]
    _write_section("Commands", summaries, formatter)
    if command.epilog:
        formatter.write("\n" + _lines(wrapped(command.epilog, width, "  ")))


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _summary(text: str) -> str:
    first, _, _ = inspect.cleandoc(text).partition("\n\n")
    return phrase(" ".join(first.split()))


def _meaning(text: str) -> str:
    """Return what an option means, and behind it its default or that it must be given."""
    meaning, gap, extra = text.partition("  [")
    return phrase(meaning) + (f"  {phrase('[' + extra)}" if gap else "")


def _write_section(heading: str, rows: Sequence[tuple[str, str]], formatter: Any) -> None:
    if not rows:
        return
    formatter.write(f"\n{phrase(heading)}:\n")
    room = min(max(cells_wide(name) for name, _ in rows), _NAMES) + 2
    for name, text in rows:
        lead = f"  {padded(name, room)}"
        if cells_wide(name) > room - 2:
            formatter.write(f"  {name}\n")
            lead = " " * (room + 2)
        formatter.write(_lines(wrapped(text, formatter.width, lead)) or f"{lead.rstrip()}\n")
