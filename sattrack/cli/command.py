"""Commands that read their options without pydantic.

Typer reads every option through pydantic, whose import alone takes a quarter of a cold start. Our
options are texts, numbers, files and choices, which need no such help. Typer keeps the reader of an
option in one attribute and makes it when it is first wanted; here it is put there before that. An
option of any other kind is left to Typer.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from sattrack.views.language import Language, language


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a number")
    return value


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a whole number") from None


def _choice(kind: type[Enum]) -> Callable[[str], Enum]:
    def read(text: str) -> Enum:
        try:
            return kind(text)
        except ValueError:
            choices = ", ".join(str(member.value) for member in kind)
            raise ValueError(f"{text!r} is not one of {choices}") from None

    return read


def _reader_of(annotation: Any) -> Callable[[Any], Any] | None:
    if annotation in (str, Path, bool):  # flags arrive as what they are
        return annotation  # type: ignore[no-any-return]
    if annotation is float:
        return _number
    if annotation is int:
        return _whole_number
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice(annotation)
    return None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one option; called by Typer as its own readers are."""

    read: Callable[[Any], Any]
    several: bool
    lowest: float | None
    highest: float | None

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if self.several else None
        try:
            return [self._one(item) for item in value] if self.several else self._one(value)
        except ValueError as error:
            raise typer.BadParameter(str(error), ctx=ctx, param=param) from None

    def _one(self, text: Any) -> Any:
        value = self.read(text)
        if self.lowest is not None and value < self.lowest:
            raise ValueError(f"{value} is less than {self.lowest:g}")
        if self.highest is not None and value > self.highest:
            raise ValueError(f"{value} is more than {self.highest:g}")
        return value


def _read_directly(params: list[Any]) -> list[Any]:
    """Give each option that can do with it a reader of ours; return them all."""
    for param in params:
        descriptor = getattr(param, "type_descriptor", None)
        if descriptor is None:
            continue
        several = get_origin(descriptor.annotation) is list
        annotation = get_args(descriptor.annotation)[0] if several else descriptor.annotation
        read = _reader_of(annotation)
        if read is not None:
            info = descriptor.parameter_info
            lowest, highest = getattr(info, "min", None), getattr(info, "max", None)
            param._runtime_param = _Reader(read, several, lowest, highest)
    return params


def _in_a_language(
    _lang: Annotated[
        Language | None,
        typer.Option(
            "--lang",
            show_default="the machine's, or en",
            expose_value=False,
            help="Language of tables, messages and help; JSON and CSV are the same in both.",
        ),
    ] = None,
) -> None:
    """Have the option that all commands share; `cli.main` has read it before they are."""


@cache
def _language_option() -> Any:
    app = typer.Typer(add_completion=False)
    app.command()(_in_a_language)
    return get_command(app).params[0]


def _with_language(params: list[Any]) -> list[Any]:
    """Return the options, `--lang` among them and `--help` last."""
    if any("--lang" in param.opts for param in params):
        return params
    return [*params[:-1], _language_option(), *params[-1:]]


class Command(TyperCommand):
    """A command whose texts, numbers, files and choices are read directly."""

    def get_params(self, ctx: Any) -> Any:
        """Return the options, those of Typer itself included, each with its reader."""
        return _read_directly(_with_language(super().get_params(ctx)))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language of the command."""
        if language() is Language.en:
            return super().format_help(ctx, formatter)
        from sattrack.cli.help import write_help

        return write_help(self, ctx, formatter)


class Commands(TyperGroup):
    """The commands together; their own options are read directly too."""

    def get_params(self, ctx: Any) -> Any:
        """Return the options, those of Typer itself included, each with its reader."""
        return _read_directly(_with_language(super().get_params(ctx)))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help in the language of the command."""
        if language() is Language.en:
            return super().format_help(ctx, formatter)
        from sattrack.cli.help import write_help

        return write_help(self, ctx, formatter)
