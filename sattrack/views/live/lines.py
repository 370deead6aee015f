"""The text on the live screen, each part laid out for a width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from rich.style import Style
from rich.text import Text

from sattrack.answers.watch import WatchAnswer, Watched
from sattrack.errors import printable
from sattrack.passes import Pass
from sattrack.times import duration_text
from sattrack.times.playback import Playback
from sattrack.views.passes import (
    clock_form,
    full_time,
    length_text,
    origins,
    place_text,
    to_second,
)
from sattrack.views.tables import Column, cells_wide, table_text, wrapped

# A table this wide has room for whole names and for where the times come from.
WIDE = 110
_SHORT_NAME, _LONG_NAME = 16, 30
_BOLD, _QUIET, _CHOSEN = Style(bold=True), Style(dim=True), Style(reverse=True)
_LIT = {"sunlit": "lit", "penumbra": "part", "umbra": "dark"}
# What comes out from behind the Moon, or goes behind it, does so at the limb.
_WORDS = {"rise": "rise", "culmination": "top", "set": "set"}
_DAY = timedelta(days=1)

KEYS = (
    ("Space", "stop/go"),
    ("n", "now"),
    ("← →", "1 min"),
    (", .", "1 h"),
    ("[ ]", "1 d"),
    ("- +", "speed"),
    ("↑ ↓", "craft"),
    ("Enter", "to its next event"),
    ("v", "view"),
    ("q", "quit"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the screen shows at a moment.

    Attributes:
        clock: which time is shown, and how it goes on.
        now: the time by the clock of the machine.
        chosen: which of the results is chosen, counted from 0.
        message: what happened last to the data, or empty.
    """

    answer: WatchAnswer
    clock: Playback
    now: datetime
    zone: tzinfo
    chosen: int = 0
    message: str = ""


def countdown(left: timedelta) -> str:
    """Return a time to go as `m:ss`, `h:mm:ss`, or days and hours."""
    if left >= _DAY:
        hours = round(left / timedelta(hours=1))
        return f"{hours // 24}d {hours % 24:02d}h"
    return length_text(left.total_seconds())


def heading(shown: Shown, width: int) -> Text:
    """Return two lines: from where and in which light; which time, and how it goes on."""
    answer = shown.answer
    mask = f"above {answer.min_elevation_deg:g}°"
    if answer.place.horizon is not None:
        mask += " and its horizon"
    sun = "" if answer.sun_deg is None else f"{answer.sky}, Sun {answer.sun_deg:.0f}°"
    first = _apart(f"{place_text(answer.place)}, {mask}", sun, width)
    second = _apart(full_time(answer.time, shown.zone), going(shown), width)
    return Text.assemble((first, _BOLD), "\n", (second, _BOLD))


def _apart(left: str, right: str, width: int) -> str:
    """Return two texts at both ends of a line; where it is too short for both, the left one."""
    gap = width - cells_wide(left) - cells_wide(right)
    return f"{left}{' ' * gap}{right}" if right and gap >= 2 else left


def going(shown: Shown) -> str:
    """Return how the time goes on, and how far it is from that of the machine."""
    clock = shown.clock
    if clock.is_live:
        return "live"
    how = "stopped" if clock.paused else f"x{clock.rate}"
    away = shown.answer.time - shown.now
    if abs(away) < timedelta(seconds=1):
        return how
    return f"{how}, {countdown(abs(away))} {'ahead' if away > timedelta() else 'back'}"


def craft_rows(shown: Shown, width: int) -> list[Text]:
    """Return the table: a line of titles, one of units, and one for each craft."""
    results = shown.answer.results
    wide = width >= WIDE
    starred = any(result.tracked.provenance.nominal for result in results)
    places = [result.position for result in results]
    sights = [None if place is None else place.sighting for place in places]
    columns = [
        Column("Spacecraft", _with_unit(_names(results, wide), "* planned" if starred else "")),
        Column("Az", _with_unit(f"{s.azimuth_deg:.1f}°" if s else "" for s in sights), True),
        Column("El", _with_unit(f"{s.elevation_deg:.1f}°" if s else "" for s in sights), True),
        Column(
            "Range", _with_unit((f"{s.range_km:,.0f}" if s else "" for s in sights), "km"), True
        ),
        Column(
            "Rate",
            _with_unit((f"{s.range_rate_km_s:+z.3f}" if s else "" for s in sights), "km/s"),
            True,
            4,
        ),
        Column(
            "Height",
            _with_unit((f"{p.height_km:,.0f}" if p else "" for p in places), "km"),
            True,
            5,
        ),
        Column("Sun", _with_unit(_LIT.get(r.light, _lunar(r.light)) for r in results), False, 6),
        Column("Next", _with_unit(map(_next, results))),
        Column("In", _with_unit(map(_left, results)), True),
    ]
    if wide:
        columns += [
            Column("At", _with_unit(_clock(r, shown.zone) for r in results), True, 3),
            Column("±", _with_unit(map(_uncertainty, results)), True, 2),
            Column("Orbit data", _with_unit(map(_age, results)), False, 1),
        ]
    titles, units, *rows = table_text(columns, width).splitlines()
    lines = [Text(titles, _BOLD), Text(units, _QUIET)]
    for number, (line, result) in enumerate(zip(rows, results, strict=True)):
        style = _BOLD if result.is_up else Style.null()
        if number == shown.chosen:
            lines.append(Text(_filled(line, width), style + _CHOSEN))
        else:
            lines.append(Text(line, style))
    return lines


def _filled(line: str, width: int) -> str:
    return line + " " * (width - cells_wide(line))


def _with_unit(cells: Iterable[str], unit: str = "") -> tuple[str, ...]:
    return (unit, *cells)


def _names(results: Sequence[Watched], wide: bool) -> Iterator[str]:
    """Yield names with their number; planned craft have a star."""
    for number, result in enumerate(results, 1):
        yield _numbered(number, result, wide)


def _numbered(number: int, result: Watched, wide: bool) -> str:
    star = "*" if result.tracked.provenance.nominal else ""
    room = (_LONG_NAME if wide else _SHORT_NAME) - len(f"{number} {star}")
    return f"{number} {printable(result.tracked.name, room)}{star}"


def _lunar(light: str) -> str:
    """Return the light on a lunar orbiter, whoever throws the shadow."""
    return _LIT.get(light.rpartition(" ")[2], "")


def _next(result: Watched) -> str:
    coming = result.next
    if coming is not None:
        return "limb" if coming.limb else _WORDS[coming.kind]
    if result.window.error or result.position is None:
        return "lost"
    return "up" if result.is_up else "none"


def _left(result: Watched) -> str:
    coming = result.next
    if coming is not None:
        return countdown(coming.time - result.time)
    if result.window.error or result.position is None:
        return ""
    return f">{(result.until - result.time).days}d"


def _clock(result: Watched, zone: tzinfo) -> str:
    coming = result.next
    return "" if coming is None else _short_time(coming.time, result.time, zone)


def _short_time(instant: datetime, since: datetime, zone: tzinfo) -> str:
    """Return a time of day; with the day where it is another, and the offset where the clock is."""
    local, now = to_second(instant, zone), to_second(since, zone)
    day = "" if local.date() == now.date() else f"{local:%m-%d} "
    return f"{day}{local.strftime(clock_form([instant, since], zone))}"


def _uncertainty(result: Watched) -> str:
    error_s = result.timing_uncertainty_s
    return "" if error_s is None else duration_text(error_s)


def _age(result: Watched) -> str:
    origin = result.tracked.provenance
    if origin.nominal:
        return "nominal"
    age_days = (result.time - origin.epoch) / _DAY
    if origin.coverage is not None:
        return f"{origin.source} ephemeris"
    return f"{origin.source}, {age_days:.1f} d"


def coming_rows(shown: Shown, width: int) -> list[Text]:
    """Return the pass in progress, or the next, of each craft, in order of time."""
    zone, now = shown.zone, shown.answer.time
    every = shown.answer.coming()
    numbers = {r.tracked.spacecraft.id: k + 1 for k, r in enumerate(shown.answer.results)}

    def who(result: Watched) -> str:
        return _numbered(numbers[result.tracked.spacecraft.id], result, width >= WIDE)

    def wait(pass_: Pass) -> str:
        return "up" if pass_.first.time <= now else countdown(pass_.first.time - now)

    passes = [pass_ for _, pass_ in every]
    if not passes:
        return [Text("No pass of these craft is in sight.", _QUIET)]
    columns = [
        Column("Next passes", tuple(who(result) for result, _ in every)),
        Column("In", tuple(map(wait, passes)), True),
        Column(
            "Rise",
            tuple(_short_time(p.first.time, now, zone) if p.rise else "before" for p in passes),
            True,
        ),
        Column(
            "Az", tuple(f"{p.rise.azimuth_deg:.0f}°" if p.rise else "" for p in passes), True, 2
        ),
        Column(
            "Highest",
            tuple(_short_time(p.culmination.time, now, zone) for p in passes),
            True,
            1,
        ),
        Column("El", tuple(f"{p.culmination.elevation_deg:.1f}°" for p in passes), True),
        Column(
            "Set",
            tuple(_short_time(p.last.time, now, zone) if p.set else "after" for p in passes),
            True,
        ),
        Column("Az", tuple(f"{p.set.azimuth_deg:.0f}°" if p.set else "" for p in passes), True, 2),
    ]
    titles, *rows = table_text(columns, width).splitlines()
    lines = [Text(titles, _BOLD)]
    for line, (_, pass_) in zip(rows, every, strict=True):
        lines.append(Text(line, _BOLD if pass_.first.time <= now else Style.null()))
    return lines


def orbit_rows(shown: Shown, width: int) -> list[Text]:
    """Return where the orbits come from, and what there is to know before trusting them."""
    answer = shown.answer
    lines = [
        Text(line)
        for text in (*_faults(answer), *answer.missing, *answer.warnings)
        for line in wrapped(printable(text), width)
    ]
    tracked = [result.tracked for result in answer.results]
    lines.append(Text("Orbit data, as it was chosen", _BOLD))
    return [*lines, *map(Text, origins(tracked, answer.time, width))]


def _faults(answer: WatchAnswer) -> list[str]:
    return [result.error for result in answer.results if result.error]


def status_rows(shown: Shown, width: int, most: int = 2) -> list[Text]:
    """Return the last message, or else what there is to know, in at most so many lines."""
    answer = shown.answer
    said = [*filter(None, [shown.message]), *_faults(answer), *answer.missing, *answer.warnings]
    if any(result.tracked.provenance.nominal for result in answer.results):
        said.append("* planned; nominal orbit, not the operator's design")
    lines = [line for text in said for line in wrapped(printable(text), width)]
    if len(lines) > most:
        hint = f"… v: all {len(said)}"
        lines = [line for text in said for line in wrapped(printable(text), width - len(hint) - 1)]
        lines = lines[:most]
        lines[-1] = f"{lines[-1]} {hint}"
    return [Text(line, _QUIET) for line in lines]


def key_rows(width: int) -> list[Text]:
    """Return which keys do what."""
    lines = [Text()]
    for key, does in KEYS:
        piece = Text.assemble((key, _BOLD), f" {does}")
        if lines[-1].cell_len and lines[-1].cell_len + 2 + piece.cell_len > width:
            lines.append(Text())
        if lines[-1].cell_len:
            lines[-1].append("  ")
        lines[-1].append_text(piece)
    return lines
