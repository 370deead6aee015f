"""Pictures on the terminal and in files, for the commands that draw."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sattrack.cli.session import Session, terminal_width, wants_bold, warn
from sattrack.errors import InvalidInputError, quoted
from sattrack.settings import write_answer

if TYPE_CHECKING:
    from sattrack.views.scene import Scene


_TEXT_SUFFIXES = ("", "txt", "ans")


class PictureFormat(StrEnum):
    """Forms of a picture."""

    terminal = "terminal"
    svg = "svg"
    png = "png"
    pdf = "pdf"


PictureFormatOption: TypeAlias = Annotated[
    PictureFormat | None,
    typer.Option(
        "--format",
        show_default="terminal, or what the name of the file says",
        help="Form of the picture; png and pdf need the extra sattrack-missions[plot].",
    ),
]


def form_of(form: PictureFormat | None, output: Path | None) -> PictureFormat:
    """Return the form that is asked for, or that the name of a file says.

    Raises:
        InvalidInputError: a form that is no text was asked for without a file, or the name of the
            file says another form than these.
    """
    if form is None:
        suffix = "" if output is None else output.suffix[1:].lower()
        form = next((each for each in PictureFormat if each == suffix), PictureFormat.terminal)
        if form is PictureFormat.terminal and suffix not in _TEXT_SUFFIXES:
            raise InvalidInputError(
                f"there are no pictures of the form {quoted(suffix)}; name the file .svg, .png, "
                ".pdf or .txt, or give --format"
            )
    if form in (PictureFormat.png, PictureFormat.pdf) and output is None:
        raise InvalidInputError(f"--format {form} needs a file; give -o FILE.{form}")
    return form


def show(session: Session, scene: Scene, form: PictureFormat, output: Path | None) -> None:
    """Draw a scene on the terminal, or write it to a file; only that painter is loaded."""
    if form is PictureFormat.terminal:
        from sattrack.views.braille import Palette, scene_text

        colours = colours_wanted() if output is None else 0
        session.write(scene_text(scene, terminal_width(), Palette(colours)), output)
    elif form is PictureFormat.svg:
        from sattrack.views.svg import scene_svg

        session.write(scene_svg(scene), output)
    else:
        from sattrack.views.plot import scene_file

        assert output is not None
        content, note = scene_file(scene, "png" if form is PictureFormat.png else "pdf")
        write_answer(output, content)
        if note:
            warn(note)


def colours_wanted() -> int:
    """Return how many colours the terminal has and its user wants: 0, 8 or 256."""
    if not wants_bold():
        return 0
    many = "256color" in os.environ.get("TERM", "") or bool(os.environ.get("COLORTERM"))
    return 256 if many else 8
