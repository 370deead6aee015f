"""Passes of thousands of objects as a table that grows while they are found."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from sattrack.answers.screening import Batch, Screening, Subject
from sattrack.errors import printable
from sattrack.times import duration_text
from sattrack.views.language import cells, phrase
from sattrack.views.passes import Screen, full_time, length_text, place_text, to_second
from sattrack.views.tables import Column, RunningTable, cells_wide, wrapped

if TYPE_CHECKING:
    from sattrack.passes.visible import View

_NAME_CELLS = 24
_PLACE_CELLS = 20
# How many places the heading names.
_NAMED = 3
_WIDEST_TIME = "00:00:00"
_WIDEST_END = "00:00:00 +1d"
_ORBITS = {"tabulated": "by an ephemeris", "nominal": "nominal orbit of a planned craft"}


class ScreeningTable:
    """Writes the table; see `exports.screening.Writer`."""

    def __init__(self, screening: Screening, screen: Screen) -> None:
        self._screening, self._screen = screening, screen
        names = tuple(printable(one.name, _NAME_CELLS) for one in screening.subjects)
        self._names = cells("Spacecraft", names)
        places = screening.question.places
        self._places = cells("Place", tuple(printable(p.name, _PLACE_CELLS) for p in places))
        self._visible = screening.question.conditions is not None
        span = screening.question.span
        offsets = {
            instant.astimezone(screen.zone).utcoffset() for instant in (span.start, span.end)
        }
        # Where a clock change falls into the window, each time says which clock it is read from.
        self._each = len(offsets) > 1
        self._table = RunningTable(self._columns(), screen.width, screen.bold)
        self._date = ""
        self._count = 0
        self._seen: set[int] = set()

    def begin(self) -> bytes:
        """Return the heading."""
        question, screen = self._screening.question, self._screen
        every = [place_text(place) for place in question.places]
        where = ", ".join(every[:_NAMED])
        if len(every) > _NAMED:
            where += f" and {len(every) - _NAMED} places more"
        subjects = self._screening.subjects
        title = f"Passes of {_some(len(subjects), 'object')} over {where}, above "
        title += f"{question.min_elevation_deg:g}°"
        if any(place.horizon is not None for place in question.places):
            title += " and the places' own horizons"
        if question.min_culmination_deg is not None:
            title += f", highest at {question.min_culmination_deg:g}° or more"
        if question.conditions is not None:
            title += f", that can be seen with the Sun below {question.conditions.sun_below_deg:g}°"
        zone = screen.zone
        window = f"{full_time(question.span.start, zone)} to {full_time(question.span.end, zone)}"
        lines = [*wrapped(title, screen.width), *wrapped(window, screen.width), ""]
        for line in _origins(subjects, question.span.start):
            lines += wrapped(line, screen.width, "  ")
        return ("\n".join(lines) + "\n").encode()

    def rows(self, batch: Batch) -> bytes:
        """Return a line for each pass, and one for each day."""
        lines = []
        for k in range(len(batch)):
            row = batch.rows[k]
            first, top, last = batch.clock.datetimes(
                [row["rise_s"], row["culmination_s"], row["set_s"]]
            )
            date = f"{to_second(first, self._screen.zone):%Y-%m-%d}"
            if not self._count:
                lines.append(f"\n{self._table.head()}")
            if date != self._date:
                lines.append(f"{date}\n")
                self._date = date
            self._count += 1
            self._seen.add(int(row["object"]))
            seen = self._seen_cells(batch, k, first) if self._visible else []
            error_s = float(batch.timing_uncertainty_s[k])
            told = seen or [
                "before" if row["open_start"] else self._clock(first, first),
                "" if row["open_start"] else _azimuth(row["rise_azimuth_deg"]),
                self._clock(top, first),
                f"{row['culmination_elevation_deg']:.1f}°",
                _azimuth(row["culmination_azimuth_deg"]),
                "after" if row["open_end"] else self._clock(last, first),
                "" if row["open_end"] else _azimuth(row["set_azimuth_deg"]),
                "" if math.isnan(error_s) else duration_text(error_s),
                length_text(float(batch.duration_s[k])),
                f"{row['culmination_range_km']:,.0f} km",
            ]
            names = [self._names[row["object"]], self._places[row["place"]]]
            lines.append(self._table.row([*names, *told]))
        return "".join(lines).encode()

    def end(self, complete: bool) -> bytes:
        """Return how many passes there are."""
        if not self._count:
            text = "No passes in this window." if complete else "No passes yet."
        else:
            text = f"{_some(self._count, 'pass', 'es')} of {_some(len(self._seen), 'object')}."
            if not complete:
                text = f"Not complete: {text}"
        return f"\n{phrase(text)}\n".encode()

    def _columns(self) -> list[Column]:
        names = Column("Spacecraft", (max(self._names, key=cells_wide, default=""),))
        several = len(self._places) > 1
        places = Column("Place", (max(self._places, key=cells_wide),) if several else ())
        offset = "+0000" if self._each else ""
        time, end = f"{_WIDEST_TIME}{offset}", f"{_WIDEST_END[:8]}{offset}{_WIDEST_END[8:]}"
        if self._visible:
            return [
                names,
                places,
                Column("Seen from", (end,)),
                Column("Highest", (end,), False, 3),
                Column("El", ("90.0°",), True),
                Column("Az", ("360°",), True, 4),
                Column("Until", (end,)),
                Column("Mag", ("-10.0",), True, 5),
            ]
        return [
            names,
            places,
            Column("Rise", (time,)),
            Column("Az", ("360°",), True, 6),
            Column("Highest", (end,), False, 5),
            Column("El", ("90.0°",), True),
            Column("Az", ("360°",), True, 2),
            Column("Set", (end,)),
            Column("Az", ("360°",), True, 6),
            Column("±", ("99 min",), True, 3),
            Column("Length", ("24:00:00",), True, 4),
            Column("Range", ("100,000 km",), True, 1),
        ]

    def _clock(self, instant: datetime, first: datetime) -> str:
        zone = self._screen.zone
        local = to_second(instant, zone)
        later = (local.date() - to_second(first, zone).date()).days
        text = f"{local:%H:%M:%S}" + (f"{local:%z}" if self._each else "")
        return text + (f" +{later}d" if later else "")

    def _seen_cells(self, batch: Batch, k: int, first: datetime) -> list[str]:
        """Return from when to when it can be seen, and where it stands highest then."""
        visible = batch.lights[k].visible if batch.lights is not None else ()
        if not visible:
            return []
        top: View = max((part.culmination for part in visible), key=lambda v: v.elevation_deg)
        bright = [part.brightest.magnitude for part in visible if part.brightest is not None]
        magnitudes = [value for value in bright if value is not None]
        return [
            self._clock(visible[0].first.time, first),
            self._clock(top.time, first),
            f"{top.elevation_deg:.1f}°",
            _azimuth(top.azimuth_deg),
            self._clock(visible[-1].last.time, first),
            f"{min(magnitudes):.1f}" if magnitudes else "",
        ]


def _azimuth(azimuth_deg: float) -> str:
    return f"{azimuth_deg:.0f}°" if azimuth_deg < 359.5 else "0°"


def _some(count: int, noun: str, plural: str = "s") -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else plural)


def _origins(subjects: tuple[Subject, ...], start: datetime) -> list[str]:
    """Return where orbits come from: those of element sets together, each other by its name."""
    by_source: dict[str, list[Subject]] = {}
    lines = []
    for one in subjects:
        if one.kind == "sgp4":
            by_source.setdefault(one.source, []).append(one)
        else:
            lines.append(f"{printable(one.name)}: {_ORBITS.get(one.kind, one.kind)}")
    found = []
    for source, every in by_source.items():
        epochs = sorted(one.epoch for one in every)
        who = printable(every[0].name) if len(every) == 1 else _some(len(every), "object")
        found.append(f"{who}: {source} elements of {_epochs(epochs)}, {_ages(epochs, start)}")
    return [*found, *lines]


def _epochs(epochs: list[datetime]) -> str:
    first, last = (f"{epoch:%Y-%m-%d %H:%M} UTC" for epoch in (epochs[0], epochs[-1]))
    return first if len(epochs) == 1 else f"{first} to {last}"


def _ages(epochs: list[datetime], start: datetime) -> str:
    """Return how old elements are, in words."""
    oldest, newest = (
        (start - epoch).total_seconds() / 86400.0 for epoch in (epochs[0], epochs[-1])
    )
    if len(epochs) == 1:
        return f"{oldest:.1f} days old" if oldest >= 0.0 else f"{-oldest:.1f} days ahead"
    low = f"{newest:.1f}" if newest >= 0.0 else f"{-newest:.1f} days ahead"
    return f"{low} to {oldest:.1f} days old"
