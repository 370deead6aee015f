"""Dilution of precision as tables, in local time with its zone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sattrack.answers.dop import DopAnswer, DopOf, GridAnswer, NavigationSystem, Request, Series
from sattrack.coverage.dop import DOP_NAMES
from sattrack.errors import printable
from sattrack.views.language import phrase
from sattrack.views.passes import Screen, full_time, offset_text, place_text
from sattrack.views.tables import Column, table_text, table_width, wrapped

_HOUR_S = 3600.0


def dop_text(answer: DopAnswer, screen: Screen, limit: int | None = None) -> str:
    """Return the statistics of each combination and a table over time, for each place.

    Args:
        answer: what to show.
        screen: what it is laid out for.
        limit: show this many instants from the start; without it, one an hour.
    """
    blocks = [_block(result, answer, screen, limit) for result in answer.results]
    return "\n".join(blocks)


def _head(title: str, answer: DopAnswer | GridAnswer, count: int, screen: Screen) -> list[str]:
    request, width = answer.request, screen.width
    window = (
        f"{full_time(request.span.start, screen.zone)} to "
        f"{full_time(request.span.end, screen.zone)}, "
        + ("1 instant" if count == 1 else f"{count:,} instants every {_step_text(request.step_s)}")
    )
    lines = [*wrapped(title, width), *wrapped(window, width), ""]
    for system in answer.systems:
        lines += wrapped(printable(_system_text(system)), width, "  ")
    lines.append("")
    for sentence in request.assumptions:
        lines += wrapped(sentence, width)
    return [*lines, ""]


def _step_text(step_s: float) -> str:
    return f"{step_s / 60.0:g} min" if step_s % 60.0 == 0.0 else f"{step_s:g} s"


def _system_text(system: NavigationSystem) -> str:
    many = f"{len(system.tracked)} spacecraft"
    if system.missing:
        many += f" of {len(system.tracked) + len(system.missing)}, the others without orbit"
    if system.illustrative:
        return (
            f"{system.short_name}: {many}, planned; nominal orbits, illustrative; not the "
            f"{system.short_name} design"
        )
    if system.nominal:
        return f"{system.short_name}: {many}, planned; nominal orbits"
    origins = [item.provenance for item in system.tracked]
    ages = sorted(origin.age_days for origin in origins)
    sources = ", ".join(sorted({origin.source for origin in origins}))
    first, last = (f"{day(origin.epoch for origin in origins):%Y-%m-%d}" for day in (min, max))
    epochs = first if first == last else f"{first} to {last}"
    return f"{system.short_name}: {many}, {sources} orbits of {epochs}, {_age_text(ages)}"


def _age_text(ages_days: Sequence[float]) -> str:
    """Return how old orbits are, or how far ahead of the time asked; ages ascend."""
    youngest, oldest = ages_days[0], ages_days[-1]
    if youngest < 0.0 <= oldest:
        return f"{-youngest:.1f} days ahead to {oldest:.1f} days old"
    near, far = sorted((f"{abs(youngest):.1f}", f"{abs(oldest):.1f}"), key=float)
    return f"{near if near == far else f'{near} to {far}'} days {'old' if oldest >= 0 else 'ahead'}"


def _block(result: DopOf, answer: DopAnswer, screen: Screen, limit: int | None) -> str:
    title = f"Positioning at {place_text(result.place)}"
    text = "\n".join(_head(title, answer, len(answer.times), screen)) + "\n"
    text += _statistics_table(result.series, answer.request, screen)
    text += _legend(result.series, screen)
    return text + "\n" + _time_tables(result, answer, screen, limit)


def _name(series: Series) -> str:
    return printable(series.combination.name, 40) + ("*" if series.combination.note else "")


def _legend(every: Sequence[Series], screen: Screen) -> str:
    notes = dict.fromkeys(note for series in every if (note := series.combination.note))
    lines = [line for note in notes for line in wrapped(printable(note), screen.width, "* ")]
    return "".join(f"{line}\n" for line in lines)


def _statistics_table(every: Sequence[Series], request: Request, screen: Screen) -> str:
    rows: list[tuple[str, ...]] = []
    for series in every:
        found = series.statistics
        counts = found.in_view
        values = (counts.greatest, counts.median, counts.p95, counts.least)
        shares = (_share(float(found.four_share)), _share(float(found.good_share)))
        rows.append((_name(series), "in view", *(f"{int(value)}" for value in values), *shares))
        for name in DOP_NAMES:
            dop = found.dops[name]
            values = (dop.least, dop.median, dop.p95, dop.greatest)
            rows.append(("", name.upper(), *(_dop(float(value)) for value in values), "", ""))
    titles = (
        "Systems",
        "",
        "Best",
        "Median",
        "95 %",
        "Worst",
        "≥ 4 in view",
        f"PDOP ≤ {request.max_pdop:g}",
    )
    columns = [
        Column(title, cells, index > 1)
        for index, (title, cells) in enumerate(zip(titles, zip(*rows, strict=True), strict=True))
    ]
    return table_text(columns, screen.width, screen.bold)


def _dop(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "none"


def _share(value: float) -> str:
    # All but one of 100,000 is not all.
    return f"{math.floor(value * 1000.0) / 10.0:.1f} %"


def _time_tables(result: DopOf, answer: DopAnswer, screen: Screen, limit: int | None) -> str:
    count = len(answer.times)
    stride = 1 if limit is not None else max(1, round(_HOUR_S / answer.request.step_s))
    shown = range(0, count, stride)[:limit]
    offsets = {answer.times[index].astimezone(screen.zone).utcoffset() for index in shown}
    form = "%Y-%m-%d %H:%M"
    if any(answer.times[index].second for index in shown):
        form += ":%S"
    if len(offsets) > 1:
        form += "%z"
    times = tuple(answer.times[index].astimezone(screen.zone).strftime(form) for index in shown)
    time = Column(f"Time ({offset_text(answer.times[0], screen.zone)})", times)
    series = result.series
    if len(series) == 1:
        text = table_text(_one_over_time(series[0], time, shown), screen.width, screen.bold)
    else:
        columns = [
            Column(_name(one), tuple(_cell(one, index) for index in shown), True) for one in series
        ]
        text = phrase("PDOP, and in brackets the satellites in view:") + "\n\n"
        blocks = _side_by_side(time, columns, screen.width)
        text += "\n".join(table_text(some, screen.width, screen.bold) for some in blocks)
        text += _legend(series, screen)
    return text


def _side_by_side(
    time: Column, columns: Sequence[Column], width: int
) -> Iterator[Sequence[Column]]:
    """Yield the columns beside the time, as many at once as fit."""
    some = [time]
    for column in columns:
        if len(some) > 1 and table_width([*some, column]) > width:
            yield some
            some = [time]
        some.append(column)
    yield some


def _cell(series: Series, index: int) -> str:
    found = series.dilution
    return f"{_dop(float(found.pdop[index]))} ({found.in_view[index]})"


def _one_over_time(series: Series, time: Column, shown: range) -> list[Column]:
    found = series.dilution
    return [
        time,
        Column("In view", tuple(f"{found.in_view[index]}" for index in shown), True),
        *(
            Column(
                name.upper(),
                tuple(_dop(float(found.values(name)[index])) for index in shown),
                True,
            )
            for name in DOP_NAMES
        ),
    ]


def grid_text(answer: GridAnswer, screen: Screen) -> str:
    """Return a row for each combination: how it does over all points."""
    grid = answer.grid
    title = (
        f"Positioning at {len(answer.places):,} points, latitude {grid.south_deg:g}° to "
        f"{grid.north_deg:g}°, longitude {grid.west_deg:g}° to {grid.east_deg:g}°, every "
        f"{grid.spacing_deg:g}°"
    )
    text = "\n".join(_head(title, answer, answer.count, screen)) + "\n"
    found = answer.summaries()
    stars = ["*" if one.combination.note else "" for one in found]
    columns = [
        Column(
            "Systems",
            tuple(
                printable(one.combination.name, 40) + star
                for one, star in zip(found, stars, strict=True)
            ),
        ),
        Column("Best", tuple(_dop(float(one.pdop.least)) for one in found), True),
        Column("Median", tuple(_dop(float(one.pdop.median)) for one in found), True),
        Column("Worst", tuple(_dop(float(one.pdop.greatest)) for one in found), True),
        Column("at", tuple(one.worst.coordinates for one in found)),
        Column("≥ 4 in view", tuple(_share(one.four_share) for one in found), True, 1),
        Column(
            f"PDOP ≤ {answer.request.max_pdop:g}",
            tuple(_share(one.good_share) for one in found),
            True,
        ),
    ]
    lines = wrapped(
        "Median PDOP of the points, and the least share of the time at any of them:", screen.width
    )
    text += "\n".join([*lines, "", table_text(columns, screen.width, screen.bold)])
    notes = dict.fromkeys(one.combination.note for one in found if one.combination.note)
    lines = [line for note in notes for line in wrapped(printable(note), screen.width, "* ")]
    lines += wrapped("--format geojson or csv gives every point.", screen.width)
    return text + "".join(f"{line}\n" for line in lines)
