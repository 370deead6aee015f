"""The contact timeline: a lane for each craft over each place, as inline SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.catalog import Catalog
from sattrack.places import Place
from sattrack.times import Span
from sattrack.views.report.embedded import korean_name, place_name
from sattrack.views.report.markup import element, joined, named
from sattrack.views.report.strings import Language, words

_MINUTE = timedelta(minutes=1)


def timeline(
    answer: PassesAnswer,
    places: Sequence[Place],
    numbers: dict[str, int],
    catalog: Catalog,
    language: Language,
) -> str:
    """Return the lanes, place by place; craft that a place never reaches have none.

    Args:
        answer: the passes.
        places: in the order of the page.
        numbers: of each craft on the page, by id.
        catalog: for names of places.
        language: in which the page is first shown.
    """
    return joined(_blocks(answer, places, numbers, catalog, language))


def _blocks(
    answer: PassesAnswer,
    places: Sequence[Place],
    numbers: dict[str, int],
    catalog: Catalog,
    language: Language,
) -> Iterator[str]:
    for k, place in enumerate(places):
        lanes = [
            _row(result, k, numbers[result.tracked.spacecraft.id], answer.span, language)
            for result in answer.results
            if result.place == place and result.passes
        ]
        heading = named("h3", place_name(place), korean_name(place, catalog))
        yield element("div", heading, *lanes, class_="place")


def _row(result: PassesOf, place: int, craft: int, span: Span, language: Language) -> str:
    spacecraft = result.tracked.spacecraft
    label = named("span", spacecraft.name, spacecraft.name_ko, class_="who")
    bars = "".join(_bar(pass_.first.time, pass_.last.time, span.start) for pass_ in result.passes)
    kind = "bar nominal" if result.tracked.provenance.nominal else "bar"
    count = len(result.passes)
    svg = element(
        "svg",
        f'<path class="{kind}" d="{bars}"/>',
        class_="lane",
        viewBox=f"0 0 {_minutes(span.end, span.start):.2f} 16",
        preserveAspectRatio="none",
        role="img",
        aria_label=words("lane", language, n=count),
        data_t_label="lane",
        data_n=count,
    )
    return element("div", label, svg, class_="row", data_craft=craft, data_place=place)


def _bar(first: datetime, last: datetime, start: datetime) -> str:
    left, wide = _minutes(first, start), _minutes(last, first)
    return f"M{left:.2f} 3h{wide:.2f}v10h-{wide:.2f}z"


def _minutes(instant: datetime, since: datetime) -> float:
    return (instant - since) / _MINUTE
