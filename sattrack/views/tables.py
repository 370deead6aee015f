"""Tables for people: columns are dropped where the terminal is narrow, digits never."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sattrack.views.language import cells as said
from sattrack.views.language import phrase, title

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        keep: columns with the lowest number are dropped first when the table is too wide; zero is
            never dropped.
    """

    title: str
    cells: tuple[str, ...]
    right: bool = False
    keep: int = 0


def cells_wide(text: str) -> int:
    """Return how many terminal cells a text fills: Hangul fills two each."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def wrapped(text: str, width: int, lead: str = "") -> list[str]:
    """Return lines of at most `width` cells; the first begins with `lead`, the others below it.

    A word longer than a line stays whole. What is a phrase of the program's is told in the language
    of the command.
    """
    lines, line = [], lead
    empty = True
    for word in phrase(text).split():
        if not empty and cells_wide(line) + 1 + cells_wide(word) > width:
            lines.append(line)
            line, empty = " " * cells_wide(lead), True
        line += word if empty else f" {word}"
        empty = False
    return [*lines, line] if not empty else lines


def padded(text: str, width: int, right: bool = False) -> str:
    """Return `text` with blanks that make it `width` cells wide, before it if it stands right."""
    space = " " * (width - cells_wide(text))
    return space + text if right else text + space


def column_width(column: Column) -> int:
    """Return how many cells wide a column is."""
    return max(map(cells_wide, (column.title, *column.cells)))


def table_width(columns: Sequence[Column]) -> int:
    """Return how many cells wide a table of all these columns is."""
    return sum(map(column_width, columns)) + len(_GAP) * (len(columns) - 1)


def fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """Return the columns with any text that a table of at most `width` cells has room for."""
    shown = [column for column in columns if any(column.cells)]
    while table_width(shown) > width and any(column.keep for column in shown):
        shown.remove(min((c for c in shown if c.keep), key=lambda c: c.keep))
    return shown


def translated(columns: Sequence[Column]) -> list[Column]:
    """Return the columns in the language of the command."""
    return [replace(c, title=title(c.title), cells=said(c.title, c.cells)) for c in columns]


def table_text(columns: Sequence[Column], width: int, bold: bool = False) -> str:
    """Return the table in at most `width` cells, if dropping columns can achieve that.

    Args:
        columns: all of the same length; columns without any text are left out.
        width: of the terminal.
        bold: emphasise the titles (ANSI), for terminals that want it.
    """
    shown = fitting(translated(columns), width)
    widths = {id(c): column_width(c) for c in shown}
    lines = [
        _GAP.join(padded(text, widths[id(c)], c.right) for c, text in zip(shown, row, strict=True))
        for row in zip(*([c.title, *c.cells] for c in shown), strict=True)
    ]
    lines = [line.rstrip() for line in lines]
    if bold:
        lines[0] = f"\x1b[1m{lines[0]}\x1b[0m"
    return "\n".join(lines) + "\n"


class RunningTable:
    """A table whose rows come one after another, in columns laid out before.

    Args:
        columns: their cells are the widest there may be.
        width: of the terminal; columns are dropped as in `table_text`.
        bold: as in `table_text`.
    """

    def __init__(self, columns: Sequence[Column], width: int, bold: bool = False) -> None:
        self._titles = [column.title for column in columns]
        columns = translated(columns)
        shown = [column for column in columns if any(column.cells)]
        while table_width(shown) > width and any(column.keep for column in shown):
            shown.remove(min((c for c in shown if c.keep), key=lambda c: c.keep))
        self._bold = bold
        self._shown = [
            (
                next(k for k, other in enumerate(columns) if other is column),
                max(map(cells_wide, (column.title, *column.cells))),
                column,
            )
            for column in shown
        ]

    def head(self) -> str:
        """Return the line of titles."""
        line = self._line([column.title for _, _, column in self._shown])
        return f"\x1b[1m{line}\x1b[0m\n" if self._bold else f"{line}\n"

    def row(self, cells: Sequence[str]) -> str:
        """Return one line; `cells` are those of all columns, the dropped ones too."""
        told = [said(self._titles[k], (cells[k],))[0] for k, _, _ in self._shown]
        return self._line(told) + "\n"

    def _line(self, cells: Sequence[str]) -> str:
        return _GAP.join(
            padded(text, width, column.right)
            for text, (_, width, column) in zip(cells, self._shown, strict=True)
        ).rstrip()
