"""`sattrack coverage` of what turns to its targets: imaging access."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from sattrack.answers.imaging import Wishes
    from sattrack.cli.session import Session
    from sattrack.places import Place
    from sattrack.times import Span
    from sattrack.tracking import Found
    from sattrack.tracking.sensors import Sensor

OffNadir: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--off-nadir",
        metavar="DEG",
        show_default="the catalog's",
        help="Imaging: how far off nadir optical sensors look.",
    ),
]
Incidence: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--incidence",
        metavar="FROM-TO",
        show_default="the catalog's",
        help="Imaging: the band of incidence of radars, e.g. 20-45.",
    ),
]
SunAbove: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--sun-above",
        metavar="DEG",
        show_default="the catalog's",
        help="Imaging: least elevation of the Sun for optical sensors; -90 for day and night.",
    ),
]
LookSide: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--side",
        metavar="SIDE",
        show_default="the catalog's",
        help="Imaging: the side on which radars look: left, right, both.",
    ),
]


def wishes_of(
    off_nadir: float | None, incidence: str | None, sun_above: float | None, side: str | None
) -> Wishes:
    """Return the limits that the options set.

    Raises:
        InvalidInputError: one cannot be read.
    """
    from sattrack.answers.imaging import Wishes, read_band_deg, read_side

    return Wishes(
        off_nadir,
        None if incidence is None else read_band_deg(incidence),
        sun_above,
        None if side is None else read_side(side),
    )


def answer_imaging(
    session: Session,
    found: Found,
    sensors: Sequence[Sensor],
    places: Sequence[Place],
    span: Span,
    wishes: Wishes,
    limit: int | None,
    tz: str | None,
    form: str,
    output: Path | None,
    alarm: timedelta | None,
) -> None:
    """Print when sensors can image places."""
    from sattrack.answers.imaging import imaging_of
    from sattrack.cli.session import finish
    from sattrack.exports.imaging import imaging_csv, imaging_document
    from sattrack.views.imaging import imaging_text

    screen = session.screen(tz)
    answer = imaging_of(found.tracked, sensors, places, span, wishes, limit)

    def ics() -> str:
        from sattrack.exports.calendars import imaging_series

        return session.calendar(imaging_series(answer), output, alarm)

    session.answer(
        form,
        output,
        table=lambda: imaging_text(answer, screen),
        document=lambda: imaging_document(answer, session.now),
        csv=imaging_csv,
        others={"ics": ics},
    )
    finish(answer.warnings, found.missing, answer.complete)
