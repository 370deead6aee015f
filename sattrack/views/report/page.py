"""The page itself: one file with its style, its script and all it tells."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from importlib.resources import files
from typing import Any

from sattrack.answers.passes import PassesAnswer, PassesOf
from sattrack.answers.report import ReportAnswer, skies
from sattrack.answers.sky import SkyAnswer
from sattrack.catalog import Catalog, Mission, Spacecraft
from sattrack.passes import Pass
from sattrack.places import Place
from sattrack.times import duration_text
from sattrack.version import __version__
from sattrack.views.passes import length_text, to_second
from sattrack.views.report.cards import cards
from sattrack.views.report.embedded import korean_name, page_data, place_name
from sattrack.views.report.markup import (
    element,
    embedded,
    escaped,
    joined,
    link,
    moment,
    named,
    said,
    verbatim,
)
from sattrack.views.report.strings import Language, table, words
from sattrack.views.report.timeline import timeline
from sattrack.views.sky import sky_scene
from sattrack.views.svg import dark_rules, inline_svg

# Shown without the script; with it the rest follows on demand.
_ROWS = 60
_HEADINGS = (
    "craft",
    "place",
    "date",
    "rise",
    "azimuth",
    "highest",
    "elevation",
    "set",
    "azimuth",
    "length",
    "good",
)
_WHERE = ("craft", "latitude", "longitude", "height", "orbit_data", "good")
_SATELLITE_JS = "https://github.com/shashwatak/satellite-js"


@dataclass(frozen=True, slots=True)
class Download:
    """A file that lies beside the page; its name is the key of what the page calls it."""

    name: str
    size: int


@dataclass(frozen=True)
class Page:
    """All that a page is made of.

    Attributes:
        missions: shown though no craft of theirs is on the page.
        zone: in which times are first shown.
        language: in which the page is first shown.
    """

    answer: ReportAnswer
    places: Sequence[Place]
    catalog: Catalog
    generated_at: datetime
    zone: tzinfo
    language: Language = "en"
    missions: Sequence[Mission] = ()
    downloads: Sequence[Download] = ()

    def html(self) -> str:
        """Return the whole file."""
        style, script = _style(), _shipped("page.js")
        policy = (
            f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
            "img-src data:; base-uri 'none'; form-action 'none'"
        )
        head = [
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f'<meta name="generator" content="sattrack {__version__}">',
            element("title", escaped(words("title", self.language))),
            # Browsers would ask the server for an icon.
            '<link rel="icon" href="data:,">',
            f"<style>{style}</style>",
        ]
        body = [*self._header(), *self._main(), self._footer(), *self._scripts(script)]
        return joined(
            (
                "<!doctype html>",
                f'<html lang="{self.language}">',
                element("head", joined(head)),
                element("body", joined(body)),
                "</html>",
                "",
            )
        )

    @cached_property
    def _craft(self) -> list[Spacecraft]:
        return [orbit.tracked.spacecraft for orbit in self.answer.orbits]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {craft.id: k for k, craft in enumerate(self._craft)}

    def _say(
        self,
        tag: str,
        key: str,
        fill: Mapping[str, str | int] | None = None,
        **values: str | int | None,
    ) -> str:
        return said(tag, key, self.language, fill, **values)

    def _label(self, key: str) -> dict[str, str]:
        """Return the attributes that name an element for those who do not see it."""
        return {"aria_label": words(key, self.language), "data_t_label": key}

    # The frame ------------------------------------------------------------------------------

    def _header(self) -> Iterator[str]:
        yield self._say("a", "skip", class_="skip", href="#main")
        span = self.answer.span
        made = [
            self._say("span", "made"),
            " ",
            moment(self.generated_at),
            ". ",
            self._say("span", "covers"),
            " ",
            moment(span.start),
            " – ",
            moment(span.end),
            ".",
        ]
        contents = element("ul", *(element("li", self._linked(key)) for key in self._sections()))
        yield element(
            "header",
            self._say("h1", "title"),
            element("p", *made, class_="made"),
            element("noscript", self._say("p", "noscript")),
            self._settings(),
            element(
                "nav",
                contents,
                **self._label("contents"),
            ),
        )

    def _linked(self, key: str) -> str:
        return self._say("a", key, href=f"#{key}")

    def _sections(self) -> list[str]:
        found = ["where", "passes"]
        if self.answer.passes is not None:
            found.append("timeline")
        if self._skies:
            found.append("sky")
        found.append("missions")
        if self.downloads:
            found.append("downloads")
        return [*found, "about"]

    def _settings(self) -> str:
        schemes = [
            ("auto", None, "scheme_auto"),
            ("light", None, "scheme_light"),
            ("dark", None, "scheme_dark"),
        ]
        zones = [
            ("page", self._zone_name, None),
            ("device", None, "zone_device"),
            ("utc", "UTC", None),
        ]
        boxes = [
            self._select("lang", "language", [("en", "English", None), ("ko", "한국어", None)]),
            self._select("scheme", "scheme", schemes),
            self._select("zone", "zone", zones),
        ]
        return element(
            "div",
            *boxes,
            class_="controls needs-script",
            role="group",
            **self._label("settings"),
        )

    @property
    def _zone_name(self) -> str:
        return str(self._data["zone"]["name"])

    @cached_property
    def _data(self) -> dict[str, Any]:
        return page_data(
            self.answer, self.places, self.catalog, self.generated_at, self.zone, self.language
        )

    def _select(
        self, id_: str, key: str, values: Sequence[tuple[str, str | None, str | None]]
    ) -> str:
        """Return a labelled choice of (value, text, key of a text of the page's own)."""
        options = []
        for value, text, own in values:
            chosen = "" if value == self.language and id_ == "lang" else None
            label = escaped(words(own, self.language) if own else text or "")
            options.append(element("option", label, value=value, selected=chosen, data_t=own))
        return element("label", self._say("span", key), element("select", *options, id=id_))

    def _section(self, key: str, *content: str) -> str:
        heading = self._say("h2", key, id=f"{key}-title")
        return element("section", heading, *content, id=key, aria_labelledby=f"{key}-title")

    def _main(self) -> Iterator[str]:
        sections = [self._notices(), self._where(), self._passes()]
        if self.answer.passes is not None:
            sections.append(self._timeline(self.answer.passes))
        if self._skies:
            sections.append(self._sky())
        sections.append(self._missions())
        if self.downloads:
            sections.append(self._downloads())
        yield element("main", joined(sections), id="main", tabindex=-1)

    def _notices(self) -> str:
        """Return what the script says of age, and what was known when the page was made."""
        content = [element("div", id="notices", role="status")]
        for key, lines in (("missing", self.answer.missing), ("warnings", self.answer.warnings)):
            if lines:
                items = [element("li", escaped(line), lang="en") for line in lines]
                summary = self._say("summary", key)
                content.append(element("details", summary, element("ul", *items), class_="box"))
        return element("section", *content, **self._label("notices"))

    # Where they are -------------------------------------------------------------------------

    def _where(self) -> str:
        canvases = element(
            "div",
            element("canvas", id="globe", tabindex=0, role="img", **self._label("globe")),
            element("canvas", id="map", role="img", **self._label("map")),
            class_="views needs-script",
        )
        follow = element(
            "select",
            *(named("option", c.name, c.name_ko, value=k) for k, c in enumerate(self._craft)),
            id="follow",
        )
        slider = '<input type="range" id="lag" min="-720" max="2880" step="1" value="0">'
        controls = element(
            "div",
            element("label", self._say("span", "follow"), follow),
            element("label", self._say("span", "lag"), slider),
            self._button("live", "live"),
            self._button("west", "turn_west"),
            self._button("east", "turn_east"),
            class_="controls needs-script",
        )
        instant = element(
            "p",
            self._say("span", "instant"),
            ": ",
            element("span", id="instant"),
            class_="needs-script",
        )
        head = element("tr", *(self._heading(key) for key in _WHERE))
        rows = [
            element(
                "tr",
                named("th", craft.name, craft.name_ko, scope="row"),
                *(element("td", "–") for _ in _WHERE[1:]),
            )
            for craft in self._craft
        ]
        where = element(
            "table",
            self._say("caption", "where_caption"),
            element("thead", head),
            element("tbody", *rows),
        )
        return self._section(
            "where",
            canvases,
            self._say("p", "drawn", class_="note needs-script"),
            controls,
            instant,
            self._scrolled(where, "where_caption"),
        )

    def _button(self, id_: str, key: str) -> str:
        return self._say("button", key, type="button", id=id_)

    def _heading(self, key: str) -> str:
        return self._say("th", key, scope="col")

    def _scrolled(self, content: str, key: str) -> str:
        """Return a box in which a wide table scrolls, by the keyboard too."""
        return element(
            "div",
            content,
            class_="scroll",
            tabindex=0,
            role="region",
            **self._label(key),
        )

    # Passes ---------------------------------------------------------------------------------

    def _passes(self) -> str:
        answer = self.answer.passes
        if answer is None:
            return self._section("passes", self._say("p", "no_places"))
        rows = [
            (result, pass_)
            for result, pass_ in answer.in_order()
            if result.search.verdict == "passes"
        ]
        caption = self._say("caption", "passes_caption", {"mask": f"{answer.min_elevation_deg:g}"})
        head = element("tr", *(self._heading(key) for key in _HEADINGS))
        body = [self._row(result, pass_) for result, pass_ in rows[:_ROWS]]
        found = element("table", caption, element("thead", head), element("tbody", *body))
        zone = element("p", escaped(self._zone_name), id="shown", role="status", class_="note")
        more = self._say("button", "more", type="button", id="more", hidden="")
        return self._section(
            "passes",
            self._filters(),
            zone,
            self._scrolled(found, "passes_table"),
            more,
            self._unmoving(answer),
        )

    def _filters(self) -> str:
        every = self._say("option", "every", value="")
        craft = [
            named("option", item.name, item.name_ko, value=k) for k, item in enumerate(self._craft)
        ]
        places = [
            named("option", place_name(place), korean_name(place, self.catalog), value=k)
            for k, place in enumerate(self.places)
        ]
        boxes = [
            element("label", self._say("span", key), element("select", every, *options, id=id_))
            for id_, key, options in (
                ("craft", "filter_craft", craft),
                ("place", "filter_place", places),
            )
        ]
        return element("div", *boxes, class_="controls needs-script")

    def _row(self, result: PassesOf, pass_: Pass) -> str:
        tracked = result.tracked
        who = escaped(tracked.name)
        if tracked.provenance.nominal:
            who += " " + element(
                "span", escaped(words("nominal_short", self.language)), class_="badge"
            )
        rise, set_ = pass_.rise, pass_.set
        error_s = result.timing_uncertainty_s(pass_)
        cells = [
            place_name(result.place),
            f"{to_second(pass_.first.time, self.zone):%Y-%m-%d}",
            words("before", self.language) if rise is None else self._clock(rise.time),
            "" if rise is None else f"{rise.azimuth_deg:.0f}°",
            self._clock(pass_.culmination.time),
            f"{pass_.culmination.elevation_deg:.1f}°",
            words("after", self.language) if set_ is None else self._clock(set_.time),
            "" if set_ is None else f"{set_.azimuth_deg:.0f}°",
            length_text(pass_.duration_s),
            "–" if error_s is None else f"± {duration_text(error_s)}",
        ]
        return element(
            "tr", element("th", who, scope="row"), *(element("td", escaped(cell)) for cell in cells)
        )

    def _clock(self, instant: datetime) -> str:
        return f"{to_second(instant, self.zone):%H:%M:%S}"

    def _unmoving(self, answer: PassesAnswer) -> str:
        """Return which craft are always or never above the mask, place by place."""
        found: dict[Place, dict[str, list[PassesOf]]] = {}
        for result in answer.results:
            if result.search.verdict != "passes":
                verdicts = found.setdefault(result.place, {})
                verdicts.setdefault(result.search.verdict, []).append(result)
        if not found:
            return ""
        lines = [
            element(
                "p",
                named("strong", place_name(place), korean_name(place, self.catalog)), ", ",
                self._say("span", verdict), ": ",
                " ".join(self._resting(result, self.places.index(place)) for result in results),
                class_="verdict",
            )
            for place, verdicts in found.items()
            for verdict, results in verdicts.items()
        ]  # fmt: skip
        return self._say("h3", "always_title") + element("div", *lines, id="always")

    def _resting(self, result: PassesOf, place: int) -> str:
        """Return a craft without rise and set, and where it stands highest."""
        craft = result.tracked.spacecraft
        content = [named("span", craft.name, craft.name_ko)]
        if result.tracked.provenance.nominal:
            content += [" ", self._say("span", "nominal_short", class_="badge")]
        if result.passes:
            top = result.passes[0].culmination
            content.append(f" {top.elevation_deg:.1f}°")
        number = self._numbers[craft.id]
        return element("span", *content, class_="one", data_craft=number, data_place=place)

    def _timeline(self, answer: PassesAnswer) -> str:
        ranges = [("24", None, "range_24"), ("6", None, "range_6"), ("0", None, "range_all")]
        axis = (
            '<svg class="axis" aria-hidden="true"><g id="axis"></g>'
            '<line id="nowline" x1="0" x2="0" y1="0" y2="100%" visibility="hidden"/></svg>'
        )
        lanes = timeline(answer, self.places, self._numbers, self.catalog, self.language)
        return self._section(
            "timeline",
            self._say("p", "timeline_note", class_="note"),
            element("div", self._select("range", "range", ranges), class_="controls needs-script"),
            element("div", lanes, axis, class_="lanes"),
        )

    @cached_property
    def _skies(self) -> tuple[SkyAnswer, ...]:
        passes = self.answer.passes
        return () if passes is None else skies(passes, self.places)

    def _sky(self) -> str:
        figures = [
            element(
                "figure",
                inline_svg(sky_scene(sky, self.zone), str(number)),
                element(
                    "figcaption",
                    named("strong", place_name(sky.place), korean_name(sky.place, self.catalog)),
                ),
                lang="en",
            )
            for number, sky in enumerate(self._skies)
        ]
        note = self._say("p", "sky_note", class_="note")
        return self._section("sky", note, element("div", *figures, class_="sky"))

    # Missions and the end -------------------------------------------------------------------

    def _missions(self) -> str:
        found = cards(self.answer, self.catalog, self.missions, self.language)
        note = self._say("p", "in_english", class_="note")
        return self._section("missions", note, element("div", found, class_="cards"))

    def _downloads(self) -> str:
        items = [
            element(
                "li",
                self._say("a", item.name, href=item.name, download=item.name),
                f" ({max(1, round(item.size / 1000))} kB)",
            )
            for item in self.downloads
        ]
        return self._section("downloads", element("ul", *items))

    def _footer(self) -> str:
        licence = _shipped("page.js").split("*/", 1)[0].removeprefix("/*!").strip()
        return element(
            "footer",
            self._say("h2", "about", id="about"),
            self._say("p", "about_text"),
            element(
                "details",
                self._say("summary", "licences"),
                element("p", link(_SATELLITE_JS, "satellite.js")),
                element("pre", verbatim(licence), lang="en"),
            ),
        )

    def _scripts(self, script: str) -> Iterator[str]:
        yield embedded("data", self._data)
        yield embedded("words", table())
        yield f"<script>{script}</script>"


def _shipped(name: str) -> str:
    return (files("sattrack.views.report") / name).read_text("utf-8")


def _style() -> str:
    """Return the style sheet, and the colours of pictures on dark paper; print is on white."""
    by_device = dark_rules(':root:not([data-scheme="light"])')
    by_choice = dark_rules(':root[data-scheme="dark"]')
    pictures = f"@media screen and (prefers-color-scheme: dark) {{{by_device}}}\n"
    return _shipped("style.css") + pictures + f"@media screen {{{by_choice}}}\n"


def _digest(text: str) -> str:
    """Return what a policy calls the one script, or style, that may run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
