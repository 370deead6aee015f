"""Fields of regard as tables, in local time with its zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sattrack.answers.regard import SCALED, RegardAnswer, RegardOf
from sattrack.coverage.regard import RegardVerdict
from sattrack.errors import printable
from sattrack.places import Place
from sattrack.views.passes import Screen, full_time, origins, place_text, to_second
from sattrack.views.tables import Column, table_text, wrapped

_HIDDEN: dict[RegardVerdict, str] = {
    "outside": "outside the field of regard of",
    "beyond the limb": "beyond the limb for",
    "behind the Earth": "behind the Earth for",
}


def regard_text(answer: RegardAnswer, screen: Screen) -> str:
    """Return which instruments see which places, when the Sun lights them, scans, and limits."""
    zone = screen.zone
    tracked = {result.instrument.id: result.tracked for result in answer.results}
    places = [place for place, _ in answer.by_place()]
    where = place_text(places[0]) if len(places) == 1 else f"{len(places)} places"
    window = f"{full_time(answer.span.start, zone)} to {full_time(answer.span.end, zone)}"
    lines = [*wrapped(f"What sees {where}", screen.width), *wrapped(window, screen.width), ""]
    lines += origins(list(tracked.values()), answer.span.end, screen.width)
    blocks = ["\n".join(lines) + "\n"]
    inside = [result for result in answer.results if result.regard.verdict == "inside"]
    if inside:
        blocks.append(_inside_table(inside, screen))
    blocks.append(_sentences([_hidden(*item) for item in answer.by_place()], screen.width))
    if any(result.regard.daylight for result in inside):
        blocks.append(_daylight_table(inside, screen))
    if any(result.regard.scans for result in inside):
        blocks.append(_scans_table(inside, screen))
    blocks.append(_sentences(list(_notes(answer)), screen.width, "  "))
    return "\n".join(block for block in blocks if block)


def _sentences(sentences: Sequence[str], width: int, below: str = "") -> str:
    """Return each sentence wrapped, its further lines indented."""
    lines = []
    for sentence in sentences:
        if sentence:
            first, *more = wrapped(sentence, width - len(below))
            lines += [first, *(f"{below}{line}" for line in more)]
    return "\n".join(lines) + "\n" if lines else ""


def _place(place: Place) -> str:
    return printable(place.name, 24)


def _instrument(result: RegardOf) -> str:
    return printable(result.instrument.name, 24)


def _inside_table(inside: Sequence[RegardOf], screen: Screen) -> str:
    def size(result: RegardOf) -> str:
        regard = result.regard
        if regard.north_south_km is None or regard.east_west_km is None:
            return ""
        return f"~{regard.north_south_km:.1f} x {regard.east_west_km:.1f} km"

    def verdict(result: RegardOf) -> str:
        label = "planned craft, " if result.tracked.provenance.nominal else ""
        return label + ("approximately" if result.field.approximate else "inside")

    columns = [
        Column("Place", tuple(_place(r.place) for r in inside)),
        Column("Instrument", tuple(_instrument(r) for r in inside)),
        Column("Inside", tuple(verdict(r) for r in inside)),
        Column("Zenith angle", tuple(f"{r.regard.viewing_zenith_deg:.2f}°" for r in inside), True),
        Column("Pixel N-S x E-W", tuple(size(r) for r in inside), True),
        Column("Range", tuple(f"{r.regard.range_km:.0f} km" for r in inside), True, 1),
    ]
    return table_text(columns, screen.width, screen.bold)


def _hidden(place: Place, results: Sequence[RegardOf]) -> str:
    """Return one sentence: which instruments do not see a place, and why."""
    reasons: dict[RegardVerdict, list[str]] = {}
    for result in results:
        if result.regard.verdict != "inside":
            reasons.setdefault(result.regard.verdict, []).append(_instrument(result))
    if not reasons:
        return ""
    told = "; ".join(f"{_HIDDEN[why]} {', '.join(names)}" for why, names in reasons.items())
    none = "" if any(result.regard.verdict == "inside" for result in results) else "seen by none: "
    return f"{_place(place)}: {none}{told}."


def _clock(instant: datetime, screen: Screen) -> str:
    return f"{to_second(instant, screen.zone):%H:%M}"


def _date(instant: datetime, screen: Screen) -> str:
    return f"{to_second(instant, screen.zone):%Y-%m-%d}"


def _daylight_table(inside: Sequence[RegardOf], screen: Screen) -> str:
    rows = [(r, stretch) for r in inside for stretch in r.regard.daylight]
    counts = {id(r): _count_text(r) for r in inside}
    shown: set[int] = set()

    def count(result: RegardOf) -> str:
        if id(result) in shown:
            return ""
        shown.add(id(result))
        return counts[id(result)]

    columns = [
        Column("Date", tuple(_date(s.highest, screen) for _, s in rows)),
        Column("Place", tuple(_place(r.place) for r, _ in rows)),
        Column("Instrument", tuple(_instrument(r) for r, _ in rows)),
        Column(
            "Sun within",
            tuple(f"{r.scan.solar_zenith_limit_deg:g}°" for r, _ in rows if r.scan),
            True,
        ),
        Column(
            "From", tuple("before" if s.open_start else _clock(s.first, screen) for _, s in rows)
        ),
        Column("To", tuple("after" if s.open_end else _clock(s.last, screen) for _, s in rows)),
        Column("Highest", tuple(_clock(s.highest, screen) for _, s in rows), False, 2),
        Column("At best", tuple(f"{s.solar_zenith_deg:.1f}°" for _, s in rows), True, 2),
        Column("Scans", tuple(count(r) for r, _ in rows), True, 3),
    ]
    title = "Daylight: the Sun within a limit of the zenith; and scans in the window"
    return (
        "\n".join(wrapped(title, screen.width))
        + "\n\n"
        + table_text(columns, screen.width, screen.bold)
    )


def _count_text(result: RegardOf) -> str:
    if result.about_scans is None:
        return ""
    return f"{result.about_scans}" if result.regard.scans is not None else f"~{result.about_scans}"


def _scans_table(inside: Sequence[RegardOf], screen: Screen) -> str:
    rows = [(r, scan) for r in inside for scan in r.regard.scans or ()]
    rows.sort(key=lambda row: row[1].start)
    several = len({(r.instrument.id, r.place) for r, _ in rows}) > 1
    only = "" if several else f" of {_place(rows[0][0].place)} by {_instrument(rows[0][0])}"
    columns = [
        Column("Date", tuple(_date(s.start, screen) for _, s in rows)),
        Column("Starts", tuple(_clock(s.start, screen) for _, s in rows)),
        Column("Place", tuple(_place(r.place) for r, _ in rows) if several else ()),
        Column("Instrument", tuple(_instrument(r) for r, _ in rows) if several else ()),
        Column("Sun", tuple(f"{s.solar_zenith_deg:.1f}°" for _, s in rows), True),
        Column("Zenith angle", tuple(f"{s.viewing_zenith_deg:.2f}°" for _, s in rows), True),
    ]
    title = f"Scans{only}, with zenith angles of Sun and craft as they start"
    return (
        "\n".join(wrapped(title, screen.width))
        + "\n\n"
        + table_text(columns, screen.width, screen.bold)
    )


def _notes(answer: RegardAnswer) -> Iterator[str]:
    """Yield what is approximate, of each instrument once."""
    results = sorted(answer.results, key=lambda result: result.regard.verdict != "inside")
    if any(result.regard.north_south_km is not None for result in results):
        yield f"Sizes of pixels are approximate: {SCALED}."
    # Where an instrument sees one of the places, that result comes first and speaks for it.
    first: dict[str, RegardOf] = {}
    for result in results:
        first.setdefault(result.instrument.id, result)
    for result in first.values():
        name = _instrument(result)
        if result.field.approximate:
            yield f"{name}, field of regard, approximate: {printable(result.field.approximate)}."
        if result.regard.verdict != "inside":
            continue
        if result.sample and result.sample.approximate:
            yield f"{name}, pixel, approximate: {printable(result.sample.approximate)}."
        if result.scan:
            yield f"{name}, scans{_rule(result)}"


def _rule(result: RegardOf) -> str:
    scan = result.scan
    assert scan is not None
    rule = f", every {scan.every_min} min while the Sun is within {scan.solar_zenith_limit_deg:g}°"
    rule += " of the zenith"
    if scan.minute is not None:
        rule += f", at {scan.minute:02d} past the hour"
    if scan.first_utc:
        rule += f", {scan.first_utc} to {scan.last_utc} UTC"
    if scan.approximate:
        rule += f"; approximate: {printable(scan.approximate)}"
    return f"{rule}."
