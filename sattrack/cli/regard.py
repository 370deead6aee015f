"""`sattrack coverage` of what looks at one part of the Earth: fields of regard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sattrack.cli.options import Format

if TYPE_CHECKING:
    from sattrack.cli.session import Session
    from sattrack.places import Place
    from sattrack.times import Span
    from sattrack.tracking import Found
    from sattrack.tracking.sensors import Sensors


def answer_regard(
    session: Session,
    sensors: Sensors,
    found: Found,
    places: Sequence[Place],
    span: Span,
    tz: str | None,
    form: Format,
    output: Path | None,
) -> None:
    """Print which instruments see places, and when."""
    from sattrack.answers.regard import regards_of
    from sattrack.cli.session import finish
    from sattrack.exports.regard import regard_csv, regard_document
    from sattrack.views.regard import regard_text

    screen = session.screen(tz)
    answer = regards_of(sensors, found.tracked, places, span)
    session.answer(
        form,
        output,
        table=lambda: regard_text(answer, screen),
        document=lambda: regard_document(answer, session.now),
        csv=regard_csv,
    )
    finish(answer.warnings, found.missing, answer.complete)


def draw_fields(
    session: Session,
    sensors: Sensors,
    found: Found | None,
    places: Sequence[Place],
    span: Span,
    output: Path | None,
) -> None:
    """Print the outlines as GeoJSON, with the places and what sees them where any were named."""
    from sattrack.answers.regard import blind_warning, fields_of, regards_of
    from sattrack.cli.session import finish
    from sattrack.exports.json import dumps
    from sattrack.exports.regard import map_document

    fields = fields_of(sensors)
    if found is None or not places:
        session.write(dumps(map_document(fields, None, session.now)), output)
        finish(blind_warning(sensors), (), complete=True)
        return
    answer = regards_of(sensors, found.tracked, places, span)
    session.write(dumps(map_document(fields, answer, session.now)), output)
    finish(answer.warnings, found.missing, answer.complete)
