"""Element sets held, manoeuvres and staleness as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sattrack.elements import Published
from sattrack.errors import printable
from sattrack.orbits.ageing import Staleness
from sattrack.orbits.manoeuvres import Manoeuvre
from sattrack.tracking.histories import History, HistoryAnswer
from sattrack.views.language import phrase
from sattrack.views.passes import Screen
from sattrack.views.tables import Column, table_text, wrapped

SETS_SHOWN = 10
_NONE = "-"
# From the coarsest; each with half of its last digit.
_PRECISIONS = {
    "seconds": timedelta(milliseconds=500),
    "milliseconds": timedelta(microseconds=500),
    "microseconds": timedelta(0),
}


def history_text(answer: HistoryAnswer, screen: Screen, shown: int = SETS_SHOWN) -> str:
    """Return three tables for each spacecraft: sets, manoeuvres, staleness.

    Args:
        answer: what was found.
        screen: what the text is laid out for.
        shown: how many of the newest sets are listed.
    """
    blocks = [_block(history, screen, shown) for history in answer.results]
    return "\n".join(blocks)


def _block(history: History, screen: Screen, shown: int) -> str:
    craft = history.spacecraft
    number = "" if str(craft.norad_id) in craft.name else f" ({craft.norad_id})"
    count = len(history.sets)
    held = "1 element set held" if count == 1 else f"{count} element sets held"
    head = phrase(f"{printable(craft.name)}{number}: {held}")
    parts = [f"{head}\n", _sets_table(history, screen, shown)]
    if count > shown:
        parts.append(phrase(f"and {count - shown} older ones; --limit shows more") + "\n")
    if count > 1:
        parts.append(f"\n{_manoeuvres_table(history.manoeuvres, screen)}")
        parts.append(f"\n{_staleness_table(history.staleness, screen)}")
    return "".join(parts)


def _sets_table(history: History, screen: Screen, shown: int) -> str:
    newest = history.sets[::-1][:shown]
    return table_text(
        [
            Column("Epoch", _epochs(newest, screen)),
            Column("Source", tuple(printable(item.source) for item in newest)),
            Column(
                "Retrieved", tuple(_instant(item.retrieved_at, screen) for item in newest), keep=1
            ),
        ],
        screen.width,
        screen.bold,
    )


def _epochs(sets: Sequence[Published], screen: Screen) -> tuple[str, ...]:
    """Return their epochs, with the digits that tell the sets of one source apart."""
    texts: tuple[str, ...] = ()
    for precision in _PRECISIONS:
        texts = tuple(_instant(item.elements.epoch, screen, precision) for item in sets)
        if len({(text, item.source) for text, item in zip(texts, sets, strict=True)}) == len(sets):
            break
    return texts


def _instant(instant: datetime | None, screen: Screen, precision: str = "seconds") -> str:
    """Return an instant as tables show it: every line names its zone, for summers change it."""
    if instant is None:
        return ""
    local = (instant + _PRECISIONS[precision]).astimezone(screen.zone)
    return f"{local.replace(tzinfo=None).isoformat(' ', precision)} {local:%Z}"


def _manoeuvres_table(manoeuvres: tuple[Manoeuvre, ...], screen: Screen) -> str:
    if not manoeuvres:
        return phrase("No manoeuvres found between them.") + "\n"
    rows = manoeuvres[::-1]
    return (
        phrase("Manoeuvres, pushes along and across the track")
        + "\n"
        + table_text(
            [
                Column("After", tuple(_instant(item.after, screen) for item in rows), keep=3),
                Column("Before", tuple(_instant(item.before, screen) for item in rows)),
                Column(
                    "Perhaps at",
                    tuple(_instant(item.estimated_at, screen) for item in rows),
                    keep=1,
                ),
                Column("Along", tuple(f"{item.tangential_m_s:+z.2f} m/s" for item in rows), True),
                Column("Across", tuple(f"{item.normal_m_s:.2f} m/s" for item in rows), True),
                Column("Late", tuple(f"{item.late_s:+z.1f} s" for item in rows), True, 2),
            ],
            screen.width,
            screen.bold,
        )
    )


def _staleness_table(rows: tuple[Staleness, ...], screen: Screen) -> str:
    seen = [row for row in rows if row.pairs_in_all]
    if not seen:
        return phrase("Too few sets to see how predictions go stale.") + "\n"
    note = (
        "How far off the predictions of older sets were, seconds early or late. Usual is what 68 % "
        "stay below in this kind of orbit; manoeuvres are left out but in the last column."
    )
    return (
        "\n".join(wrapped(note, screen.width))
        + "\n"
        + table_text(
            [
                Column("Days old", tuple(f"{row.from_days:g} to {row.to_days:g}" for row in seen)),
                Column("Compared", tuple(str(row.pairs) for row in seen), True, 2),
                Column("Half below", tuple(_seconds(row.median_s) for row in seen), True),
                Column("68 % below", tuple(_seconds(row.sigma_s) for row in seen), True),
                Column("Usual", tuple(_seconds(row.stated_s) for row in seen), True, 3),
                Column(
                    "With manoeuvres", tuple(_seconds(row.sigma_in_all_s) for row in seen), True, 1
                ),
            ],
            screen.width,
            screen.bold,
        )
    )


def _seconds(value: float | None) -> str:
    if value is None:
        return _NONE
    digits = 2 if value < 10.0 else 1 if value < 100.0 else 0
    return f"{value:.{digits}f} s"
