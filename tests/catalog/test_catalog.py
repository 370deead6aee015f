"""Finding entries by their names, and what belongs to them."""

# ruff: noqa: E501 (a message stands in one piece, as it is printed)

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.catalog import (
    KINDS,
    Catalog,
    Downlink,
    Entry,
    Fact,
    Group,
    Instrument,
    Milestone,
    Mission,
    PrnAssignment,
    Source,
    Spacecraft,
    Station,
    catalog_root,
    kind_of,
    read_catalog,
)
from sattrack.elements import NominalOrbit
from sattrack.errors import UnknownNameError

REPORT = Source("Launch report, 2020-02-18", "https://example.org/report")
LIST = Source("Satellite list")


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.id for entry in entries]


def group(id_: str, *members: str) -> Group:
    return Group(id_, id_, "", LIST, members)


def craft(id_: str, *aliases: str) -> Spacecraft:
    return Spacecraft(id_, id_, "", LIST, "unpublished", aliases=aliases)


def test_entries_are_as_the_file_states_them(catalog: Catalog) -> None:
    assert catalog["lookout-1"] == Spacecraft(
        id="lookout-1",
        name="Lookout 1",
        name_ko="전망대 1호",
        aliases=("LO-1", "USA 999"),
        summary="The first, geostationary.",
        source=REPORT,
        mission="lookout-mission",
        regime="geo",
        orbit_data="gp",
        norad_id=45246,
        cospar_id="2020-013B",
        publishers=("celestrak", "spacetrack"),
        launch="lookout-launch",
        launched="2020-02-18T22:18:00Z",
        slot_longitude_deg=128.0,
        prn=(PrnAssignment(13, "2026-07-16", LIST),),
        downlinks=(Downlink("Beacon", 2200.5, LIST, "weak"),),
        facts=(Fact("Launch mass", "3,400 kg", REPORT, "3.2 t elsewhere"),),
        cited=(("norad_id", LIST),),
    )
    planned = catalog["lookout-2"]
    assert isinstance(planned, Spacecraft)
    assert planned.facts == (Fact("Design life", "10 years", LIST),)
    assert planned.nominal == NominalOrbit(
        datetime(2026, 12, 1, tzinfo=UTC), 42164.2, 0.0, 43.0, 100.0, 270.0, 10.5, True, True
    )
    assert planned.nominal.epoch.tzinfo is UTC
    mission = catalog["lookout-mission"]
    assert isinstance(mission, Mission)
    assert mission.milestones == (
        Milestone("2020-02", "Launch", REPORT),
        Milestone("2020-03-01", "First light", LIST),
    )
    assert catalog["crater"].outline_deg == ((0.0, -89.0), (120.5, -89.0), (240.0, -89.5))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("lookout-1", "lookout-1"),
        ("LOOKOUT 1", "lookout-1"),
        ("전망대1호", "lookout-1"),
        ("전망대 1호", "lookout-1"),
        ("lo1", "lookout-1"),
        ("usa_999", "lookout-1"),
        ("45246", "lookout-1"),
        ("2020-013b", "lookout-1"),
        ("-155", "moonlet"),
        ("eye", "eye"),
        ("모두", "all"),
        ("flight va-252", "lookout-launch"),
    ],
)
def test_every_name_finds_its_entry(catalog: Catalog, name: str, id_: str) -> None:
    assert catalog.find(name).id == id_
    assert catalog.get(name) == catalog[id_]


@pytest.mark.parametrize("name", ["lookout", "lookout-", "LO", "155", "25544", "2020-013", ""])
def test_part_of_a_name_is_not_the_name(catalog: Catalog, name: str) -> None:
    assert catalog.get(name) is None
    with pytest.raises(UnknownNameError):
        catalog.find(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lokout 2", "unknown name 'lokout 2'; did you mean lookout-2, lookout-1, lookout-launch? run: sattrack list"),
        ("전망대 2호", "unknown name '전망대 2호'; did you mean 전망대 1호, 전망대 계획? run: sattrack list"),
        ("45247", "unknown name '45247'; run: sattrack list"),
        ("\x1b[2J", "unknown name '\\x1b[2J'; run: sattrack list"),
        ("x" * 100_000, f"unknown name '{'x' * 58}…; run: sattrack list"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_answered_with_the_nearest(
    catalog: Catalog, name: str, message: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        catalog.find(name)
    assert str(caught.value) == message
    assert caught.value.exit_status == 3


def test_a_name_of_several_entries_lists_them_and_an_id_decides() -> None:
    catalog = Catalog([craft("mercury-2", "Mercury", "m"), craft("mercury", "M")])
    with pytest.raises(UnknownNameError) as caught:
        catalog.find("Mercury")
    assert str(caught.value) == (
        "'Mercury' is the name of several entries: mercury-2, mercury; choose one"
    )
    assert catalog.find("mercury").id == "mercury"
    with pytest.raises(UnknownNameError, match="mercury-2, mercury"):
        catalog.get("m")


def test_an_id_is_looked_up_exactly(catalog: Catalog) -> None:
    with pytest.raises(KeyError):
        catalog["LO-1"]


@pytest.mark.parametrize(
    ("id_", "craft"),
    [
        ("lookout-1", ["lookout-1"]),
        ("eye", ["lookout-1"]),
        ("lookout-mission", ["lookout-1"]),
        ("lookout-launch", ["moonlet", "lookout-1"]),
        ("pair", ["lookout-2", "lookout-1"]),
        ("all", ["lookout-2", "lookout-1", "moonlet"]),
        ("pad", []),
        ("crater", []),
    ],
)
def test_spacecraft_of(catalog: Catalog, id_: str, craft: list[str]) -> None:
    assert ids(catalog.spacecraft_of(catalog[id_])) == craft


def test_the_host_of_an_instrument_flies_for_its_mission() -> None:
    catalog = Catalog(
        [
            Mission("m", "M", "", LIST),
            craft("bus"),
            Instrument("i", "I", "", LIST, host="bus", mission="m"),
        ]
    )
    assert ids(catalog.spacecraft_of(catalog["m"])) == ["bus"]


def test_what_else_belongs_to_an_entry(catalog: Catalog) -> None:
    lookout, moonlet, everything = catalog["lookout-1"], catalog["moonlet"], catalog["all"]
    assert isinstance(lookout, Spacecraft)
    assert ids(catalog.instruments_on(lookout)) == ["eye"]
    assert ids(catalog.launches_of(lookout)) == ["lookout-launch"]
    assert ids(catalog.launches_of(moonlet)) == ["lookout-launch"]
    assert ids(catalog.launches_of(catalog["eye"])) == ["lookout-launch"]
    assert ids(catalog.launches_of(catalog["lookout-2"])) == []
    assert ids(catalog.launches_of(everything)) == ["lookout-launch"]
    assert ids(catalog.stations_of(everything)) == ["pad"]
    assert ids(catalog.stations_of(catalog["lookout-launch"])) == ["pad"]
    assert ids(catalog.stations_of(lookout)) == []
    assert ids(catalog.regions_of(catalog["lookout-mission"])) == ["crater"]
    assert ids(catalog.regions_of(everything)) == ["crater"]
    assert ids(catalog.regions_of(lookout)) == []


def test_members_come_in_order_and_once() -> None:
    catalog = Catalog(
        [
            craft("a"),
            craft("b"),
            craft("c"),
            group("inner", "b", "a"),
            group("outer", "c", "inner", "a", "inner"),
        ]
    )
    outer = catalog["outer"]
    assert isinstance(outer, Group)
    assert ids(catalog.members_of(outer)) == ["c", "b", "a"]


def test_groups_may_lie_deep_within_each_other() -> None:
    nested = [group(f"g{depth}", f"g{depth + 1}") for depth in range(5000)]
    catalog = Catalog([*nested, group("g5000", "a"), craft("a")])
    assert ids(catalog.spacecraft_of(catalog["g0"])) == ["a"]


def test_iteration_by_kind_and_names_for_completion(catalog: Catalog) -> None:
    assert len(catalog) == len(list(catalog)) == 10
    assert ids(catalog.each(Station)) == ["pad"]
    assert ids(catalog.each(Spacecraft)) == ["lookout-1", "lookout-2", "moonlet"]
    assert {kind_of(entry) for entry in catalog} == set(KINDS)
    names = catalog.names()
    assert {"lookout-1", "Lookout 1", "전망대 1호", "LO-1", "모두"} <= set(names)
    assert len(names) == len(set(names))
    assert "" not in names


def through_json(catalog: Catalog) -> Any:
    return json.loads(json.dumps(catalog.to_document()))


def test_a_document_holds_the_whole_catalog(catalog: Catalog) -> None:
    document = through_json(catalog)
    loaded = Catalog.from_document(document)
    assert len(loaded) == len(catalog)
    assert loaded.find("전망대 1호") == catalog.find("전망대 1호")
    assert list(loaded) == list(catalog)
    assert loaded.names() == catalog.names()
    assert loaded.to_document() == document
    assert loaded["lookout-1"] is loaded["lookout-1"]
    with pytest.raises(KeyError):
        loaded["nothing"]


def test_a_document_of_the_shipped_catalog_holds_all_of_it() -> None:
    catalog = read_catalog(catalog_root())
    loaded = Catalog.from_document(through_json(catalog))
    assert list(loaded) == list(catalog)
    for name in catalog.names():
        assert loaded.find(name) == catalog.find(name)


@given(st.data())
def test_a_damaged_document_is_refused(data: st.DataObject) -> None:
    entries: list[Entry] = [craft("probe", "p"), group("all", "probe")]
    whole = Catalog(entries).to_document()
    text = json.dumps(whole)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="ascii").filter(lambda other: other != text[place]))
    try:
        document = json.loads(text[:place] + letter + text[place + 1 :])
    except ValueError:
        return
    if document != whole:  # a space may have become another
        with pytest.raises(ValueError, match=r"not a document of|damaged"):
            Catalog.from_document(document)


@pytest.mark.parametrize("document", [None, [], "x", 5, {}, {"schema": "sattrack/catalog-cache/1"}])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"not a document of|damaged"):
        Catalog.from_document(document)


def test_a_document_of_another_version_is_refused(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = catalog.to_document()
    Catalog.from_document(copy.deepcopy(document))
    monkeypatch.setattr("sattrack.catalog.documents._KNOWN_FIELDS", [["Mission", "id"]])
    with pytest.raises(ValueError, match="another version of sattrack"):
        Catalog.from_document(document)


def test_text_of_any_kind_survives_a_document() -> None:
    for text in ("\ud800", "\x00", "…", "한글"):
        entry = replace(craft("probe"), summary=text)
        assert Catalog.from_document(through_json(Catalog([entry])))["probe"] == entry
