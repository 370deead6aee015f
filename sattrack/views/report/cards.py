"""Cards of missions and spacecraft: what the catalog knows, each fact with its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sattrack.answers.report import ReportAnswer
from sattrack.catalog import Catalog, Fact, Instrument, Milestone, Mission, Source, Spacecraft
from sattrack.tracking import Tracked
from sattrack.views.report.markup import element, escaped, joined, link, moment, named, said
from sattrack.views.report.strings import Language


def cards(
    answer: ReportAnswer, catalog: Catalog, others: Iterable[Mission], language: Language
) -> str:
    """Return a card for each mission of the craft on the page, and for craft without one.

    Args:
        answer: what the page tells of.
        catalog: what is known.
        others: missions that are shown though no craft of theirs is on the page.
        language: in which the page is first shown.
    """
    tracked = {orbit.tracked.spacecraft.id: orbit.tracked for orbit in answer.orbits}
    missions = {mission.id: mission for mission in others}
    alone: list[Spacecraft] = []
    for item in tracked.values():
        mission = catalog.get(item.spacecraft.mission) if item.spacecraft.mission else None
        if isinstance(mission, Mission):
            missions.setdefault(mission.id, mission)
        else:
            alone.append(item.spacecraft)
    of = {
        id_: [t.spacecraft for t in tracked.values() if t.spacecraft.mission == id_]
        for id_ in missions
    }
    found = [
        _Card(mission, of[mission.id], tracked, catalog, language) for mission in missions.values()
    ]
    found += [_Card(craft, [craft], tracked, catalog, language) for craft in alone]
    return joined(card.markup() for card in found)


class _Card:
    """One mission, or a craft without one; sources are numbered as they are met."""

    def __init__(
        self,
        entry: Mission | Spacecraft,
        craft: Sequence[Spacecraft],
        tracked: dict[str, Tracked],
        catalog: Catalog,
        language: Language,
    ) -> None:
        self._entry = entry
        self._craft = craft
        self._tracked = tracked
        self._catalog = catalog
        self._language = language
        self._sources: dict[Source, int] = {}
        self._id = f"card-{entry.id}"

    def markup(self) -> str:
        entry = self._entry
        title = f"{self._id}-title"
        content = [
            named("h3", entry.name, entry.name_ko, id=title),
            self._paragraph(entry.summary, self._cited(entry, "summary")),
            self._about(entry),
        ]
        if isinstance(entry, Mission):
            if self._craft:
                content.append(said("h4", "spacecraft", self._language))
            content += [self._member(craft) for craft in self._craft]
            content += [self._folded("milestones", map(self._milestone, entry.milestones))]
            facts = [*entry.facts, *(fact for craft in self._craft for fact in craft.facts)]
        else:
            content += [self._orbit(entry), self._instruments([entry])]
            facts = [*entry.facts]
        if isinstance(entry, Mission):
            content.append(self._instruments(self._craft))
        content.append(self._folded("facts", map(self._fact, facts)))
        content.append(self._listed_sources())
        return element("article", *content, class_="card", id=self._id, aria_labelledby=title)

    def _cited(self, entry: Mission | Spacecraft | Instrument, field: str) -> Source:
        return dict(entry.cited).get(field, entry.source)

    def _mark(self, source: Source) -> str:
        number = self._sources.setdefault(source, len(self._sources) + 1)
        return element("a", f"[{number}]", href=f"#{self._id}-s{number}", class_="mark")

    def _paragraph(self, text: str, source: Source) -> str:
        return element("p", element("span", escaped(text), lang="en"), " ", self._mark(source))

    def _about(self, entry: Mission | Spacecraft) -> str:
        pairs = [(key, getattr(entry, key)) for key in ("status", "operator")]
        if isinstance(entry, Spacecraft):
            pairs.append(("launched", entry.launched))
        rows = [
            said("dt", key, self._language)
            + element(
                "dd",
                element("span", escaped(text), lang="en"),
                " ",
                self._mark(self._cited(entry, key)),
            )
            for key, text in pairs
            if text
        ]
        return element("dl", *rows) if rows else ""

    def _member(self, craft: Spacecraft) -> str:
        number = "" if craft.norad_id is None else f" ({craft.norad_id})"
        title = element("h5", named("span", craft.name, craft.name_ko), escaped(number))
        summary = self._paragraph(craft.summary, self._cited(craft, "summary"))
        return element(
            "div", title, summary, self._about(craft), self._orbit(craft), class_="member"
        )

    def _orbit(self, craft: Spacecraft) -> str:
        tracked = self._tracked.get(craft.id)
        label = said("span", "orbit", self._language) + ": "
        if tracked is None:
            return element("p", label, said("span", "no_orbit", self._language))
        origin = tracked.provenance
        if origin.nominal:
            key = "illustrative" if origin.illustrative else "by_plan"
            return element("p", label, said("span", key, self._language), class_="planned")
        publisher = f" ({escaped(origin.source)})"
        if origin.coverage is not None:
            told, instant = "by_table", origin.coverage.end
        else:
            told, instant = "by_elements", origin.epoch
        return element(
            "p", label, said("span", told, self._language), " ", moment(instant), publisher
        )

    def _instruments(self, craft: Sequence[Spacecraft]) -> str:
        found = [item for one in craft for item in self._catalog.instruments_on(one)]
        if not found:
            return ""
        rows = [
            element(
                "li", named("strong", item.name, item.name_ko), ": ",
                element("span", escaped(item.summary), lang="en"), " ",
                self._mark(self._cited(item, "summary")),
            )
            for item in found
        ]  # fmt: skip
        return said("h4", "instruments", self._language) + element("ul", *rows)

    def _folded(self, key: str, rows: Iterable[str]) -> str:
        found = list(rows)
        if not found:
            return ""
        summary = said("summary", key, self._language, {"n": len(found)})
        return element("details", summary, element("ul", *found))

    def _fact(self, fact: Fact) -> str:
        note = f" ({escaped(fact.note)})" if fact.note else ""
        text = f"{escaped(fact.name)}: {escaped(fact.value)}{note}"
        return element("li", element("span", text, lang="en"), " ", self._mark(fact.source))

    def _milestone(self, milestone: Milestone) -> str:
        text = f"{escaped(milestone.date)}: {escaped(milestone.text)}"
        return element("li", element("span", text, lang="en"), " ", self._mark(milestone.source))

    def _listed_sources(self) -> str:
        return element("details", *self._source_rows(), class_="sources")

    def _source_rows(self) -> Iterator[str]:
        yield said("summary", "sources", self._language, {"n": len(self._sources)})
        rows = [
            element("li", link(source.url, source.title), id=f"{self._id}-s{number}")
            for source, number in self._sources.items()
        ]
        yield element("ol", *rows)
