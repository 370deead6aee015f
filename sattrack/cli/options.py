"""Options that mean the same in every command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Format(StrEnum):
    """Forms of an answer."""

    table = "table"
    json = "json"
    csv = "csv"


class CalendarFormat(StrEnum):
    """Forms of an answer that says when."""

    table = "table"
    json = "json"
    csv = "csv"
    ics = "ics"


class PassesFormat(StrEnum):
    """Forms of an answer that says when, and where in the sky."""

    table = "table"
    json = "json"
    csv = "csv"
    ics = "ics"
    kml = "kml"
    czml = "czml"


class CoverageFormat(StrEnum):
    """Forms of an answer that lies on a map, or says when."""

    table = "table"
    json = "json"
    csv = "csv"
    geojson = "geojson"
    ics = "ics"


class MapFormat(StrEnum):
    """Forms of an answer that lies on a map."""

    table = "table"
    json = "json"
    csv = "csv"
    geojson = "geojson"


def a_year(end: str | None, days: float | None) -> float | None:
    """Return `--days` as given, or those of a year where neither end nor days are given."""
    return 366.0 if end is None and days is None else days


def complete_name(incomplete: str) -> list[str]:
    """Return what a name that begins like this may become; for the shell."""
    from sattrack.cli.session import names_like

    return names_like(incomplete)


def complete_place(incomplete: str) -> list[str]:
    """Return what a place that begins like this may become; for the shell."""
    from sattrack.cli.session import places_like

    return places_like(incomplete)


Names: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        show_default=False,
        autocompletion=complete_name,
        help="Spacecraft, instruments, missions or groups; or catalog numbers.",
    ),
]
Places: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--at",
        metavar="PLACE",
        autocompletion=complete_place,
        help="A station, a city, or LAT,LON[,HEIGHT]; several with commas or --at again.",
    ),
]
Place: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="PLACE",
        show_default=False,
        autocompletion=complete_place,
        help="A station, a city, or LAT,LON[,HEIGHT].",
    ),
]
Start: TypeAlias = Annotated[
    str, typer.Option("--start", metavar="TIME", help="Start of the window.")
]
End: TypeAlias = Annotated[
    str | None,
    typer.Option("--end", metavar="TIME", show_default=False, help="End of the window."),
]
Days: TypeAlias = Annotated[
    float | None,
    typer.Option("--days", metavar="N", show_default="1", help="Length of the window."),
]
YearDays: TypeAlias = Annotated[
    float | None,
    typer.Option("--days", metavar="N", show_default="366", help="Length of the window."),
]
Slot: TypeAlias = Annotated[
    str,
    typer.Option(
        "--slot",
        metavar="WHEN",
        help="When a geostationary craft is taken to stand at its nominal slot: auto (more than 14 "
        "days from its elements), always, never; or the LONGITUDE of one, e.g. 91W.",
    ),
]
MinElevation: TypeAlias = Annotated[
    float,
    typer.Option("--min-elevation", metavar="DEG", help="Mask above the horizon, -10 to 89."),
]
FormatOption: TypeAlias = Annotated[Format, typer.Option("--format", help="Form of the answer.")]
CalendarFormatOption: TypeAlias = Annotated[
    CalendarFormat,
    typer.Option(
        "--format", help="Form of the answer; with ics, a calendar at -o is brought up to date."
    ),
]
PassesFormatOption: TypeAlias = Annotated[
    PassesFormat,
    typer.Option(
        "--format", help="Form of the answer; with ics, a calendar at -o is brought up to date."
    ),
]
Alarm: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--alarm",
        metavar="DURATION",
        show_default=False,
        help="With --format ics: ring so long before each entry, e.g. 10m.",
    ),
]
CoverageFormatOption: TypeAlias = Annotated[
    CoverageFormat,
    typer.Option("--format", help="Form of the answer; geojson of fields, ics of imaging access."),
]
MapFormatOption: TypeAlias = Annotated[
    MapFormat, typer.Option("--format", help="Form of the answer.")
]
Limit: TypeAlias = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=1, show_default=False, help="Only the first N."),
]
Frequencies: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--frequency",
        metavar="FREQ",
        show_default=False,
        help="Show the Doppler shift of this frequency, e.g. 437.5MHz; may be given again.",
    ),
]


class EarthShape(StrEnum):
    """What throws the Earth's shadow."""

    oblate = "oblate"
    spherical = "spherical"


Visible: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--visible",
        show_default=False,
        help="Only what can be seen: the craft lit, the Sun down; brightness where it is known.",
    ),
]
SunBelow: TypeAlias = Annotated[
    float,
    typer.Option("--sun-below", metavar="DEG", help="Dark enough when the Sun is below this."),
]
Shadow: TypeAlias = Annotated[
    EarthShape, typer.Option("--shadow", help="Shape of the Earth that throws the shadow.")
]
Zone: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        show_default="the machine's",
        help="Time zone of the tables: Asia/Seoul, KST, UTC.",
    ),
]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", show_default=False, help="Write to a file."),
]
Elements: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--elements",
        metavar="FILE",
        show_default=False,
        help="Use this file of element sets (OMM, TLE) or ephemerides (OEM, SPK); - is stdin.",
    ),
]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="TIME", show_default=False, help="Use only what was known then."
    ),
]
MaxAge: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--max-age",
        metavar="DURATION",
        show_default=False,
        help="Refuse elements older than this, e.g. 3d.",
    ),
]
