"""What the store knows of element sets, by brute force and by example."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.samples import HOUR, ISS, MORNING, iss, rows_of, store_in_memory

from sattrack.elements import ElementSet, Published
from sattrack.store import Store
from sattrack.store.records import ORBIT_COLUMNS, SET_COLUMNS

HOURS = range(7)
OBJECTS = (25544, 43823, 900_000_001)
SOURCES = ("celestrak", "file", "spacetrack")

# A small world, so that epochs, retrievals and orbits coincide often.
published = st.builds(
    iss,
    epoch_h=st.sampled_from(HOURS),
    source=st.sampled_from(SOURCES),
    retrieved_h=st.sampled_from(HOURS),
    norad_id=st.sampled_from(OBJECTS),
    mean_anomaly_deg=st.sampled_from((82.1339, 82.134)),
)
instants = st.integers(-2, 16).map(lambda n: ISS.epoch + n * HOUR / 2)


def key(item: Published) -> tuple[int, datetime, str]:
    return item.elements.norad_id, item.elements.epoch, item.source


worlds = st.lists(published, max_size=12)
distinct = st.lists(published, max_size=12, unique_by=key)


def answers(store: Store, as_of: datetime | None = None) -> list[object]:
    """Return all that can be asked."""
    found: list[object] = [list(store.latest_of_all(as_of))]
    for norad_id in OBJECTS:
        found += [store.history(norad_id, as_of), store.newest(norad_id, as_of)]
        found += [store.nearest(norad_id, ISS.epoch + n * HOUR / 2, as_of) for n in range(-2, 16)]
    return found


def in_order_of_preference(sets: Iterable[Published]) -> list[Published]:
    return sorted(sets, key=lambda item: (item.retrieved_at, item.source))


@given(distinct, st.randoms(use_true_random=False))
def test_the_order_of_adding_does_not_matter(sets: list[Published], random) -> None:
    shuffled = random.sample(sets, len(sets))
    with store_in_memory(*sets) as one, store_in_memory() as other:
        other.add(shuffled)
        assert answers(one) == answers(other)


@given(distinct, instants, st.none() | instants)
def test_answers_are_those_of_brute_force(
    sets: list[Published], instant: datetime, as_of: datetime | None
) -> None:
    known = in_order_of_preference(
        item for item in sets if as_of is None or item.retrieved_at <= as_of
    )
    with store_in_memory(*sets) as store:
        newest, found = [], []
        for norad_id in OBJECTS:
            own = [item for item in known if item.elements.norad_id == norad_id]
            nearest = min(
                own,
                key=lambda item: (
                    abs(item.elements.epoch - instant),
                    instant - item.elements.epoch,
                ),
                default=None,
            )
            assert store.nearest(norad_id, instant, as_of) == nearest
            found += [nearest] if nearest is not None else []
            last = max(own, key=lambda item: item.elements.epoch, default=None)
            assert store.newest(norad_id, as_of) == last
            newest += [last] if last else []
            by_epoch = sorted(own, key=lambda item: item.elements.epoch)
            assert store.history(norad_id, as_of) == tuple(by_epoch)
        assert list(store.latest_of_all(as_of)) == newest
        assert list(store.nearest_of_all(instant, as_of)) == found
        assert store.count() == len(sets)
        assert store.objects() == len({item.elements.norad_id for item in sets})


@given(worlds, st.sampled_from(HOURS))
def test_as_of_a_day_answers_as_on_that_day(sets: list[Published], hour: int) -> None:
    as_of = MORNING + hour * HOUR
    as_it_came = sorted(sets, key=lambda item: item.retrieved_at)
    until_then = [item for item in as_it_came if item.retrieved_at <= as_of]
    with store_in_memory(*as_it_came) as now, store_in_memory(*until_then) as then:
        assert answers(now, as_of) == answers(then)


@given(worlds, worlds)
def test_nothing_is_stored_twice_or_changed(
    first: list[Published], second: list[Published]
) -> None:
    with store_in_memory() as store:
        added = store.add(first)
        held = [item for norad_id in OBJECTS for item in store.history(norad_id)]
        assert sorted(held, key=key) == sorted(added.new, key=key)
        again = store.add([*second, *first])
        both = [item for norad_id in OBJECTS for item in store.history(norad_id)]
        assert len({key(item) for item in both}) == len(both) == store.count()
        assert sorted(both, key=key) == sorted([*added.new, *again.new], key=key)
        told = len(again.new) + again.known + len(again.conflicts)
        assert told == len(first) + len(second)
        assert again.known >= len(added.new)


numbers = st.floats(allow_nan=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
zones = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
times = st.datetimes(datetime(1957, 1, 1), datetime(2199, 1, 1), timezones=zones)
integers = st.integers(0, 999_999_999)
anything = st.builds(
    Published,
    st.builds(
        ElementSet,
        *(integers, times, *[numbers] * 9, *[texts] * 3, *[integers] * 3),
    ),
    texts,
    times,
)


@given(anything)
def test_every_value_comes_back_exactly(item: Published) -> None:
    with store_in_memory(item) as store:
        found = store.newest(item.elements.norad_id)
    assert found == item
    assert found.elements.epoch.tzinfo is UTC


def test_every_field_of_an_element_set_is_stored() -> None:
    names = [field.name for field in fields(ElementSet)]
    columns = SET_COLUMNS.split(", ")
    assert ["norad_id", "epoch_us", "source", "retrieved_us", *names[2:]] == columns
    assert ORBIT_COLUMNS.split(", ") == names[2:11]


@pytest.mark.parametrize(
    "change",
    [
        {"mean_anomaly_deg": math.nextafter(ISS.mean_anomaly_deg, 90.0)},
        {"mean_motion_dot_rev_day2": 0.0000562},
        {"mean_motion_ddot_rev_day3": -3.8e-5},
    ],
)
def test_an_orbit_that_differs_is_a_conflict_and_the_first_one_stays(change) -> None:
    first, other = iss(), iss(**change)
    with store_in_memory(first) as store:
        added = store.add([other, first])
        assert (added.new, added.known, added.conflicts) == ((), 1, (other,))
        assert store.history(25544) == (first,)


def test_an_orbit_that_is_repeated_under_another_heading_is_known() -> None:
    repeated = iss(retrieved_h=2, element_set_no=998, rev_at_epoch=1, classification="C")
    with store_in_memory(iss()) as store:
        assert store.add([repeated]).known == 1
        assert store.history(25544) == (iss(),)


def test_a_set_that_another_source_repeats_changes_no_answer() -> None:
    first = iss(source="spacetrack", retrieved_h=1)
    repeated = iss(source="celestrak", retrieved_h=2)
    with store_in_memory(first, repeated) as store:
        assert store.newest(25544) == first
        assert store.history(25544) == (first, repeated)
        assert list(store.latest_of_all()) == [first]


def test_a_set_must_say_when_it_was_retrieved() -> None:
    with store_in_memory() as store:
        with pytest.raises(ValueError, match="NORAD 25544: retrieved_at must be set"):
            store.add([iss(1), Published(ISS, "file")])
        assert store.count() == 0


def test_a_source_that_fails_halfway_leaves_nothing() -> None:
    def breaking():
        yield iss()
        raise ConnectionResetError

    with store_in_memory() as store:
        with pytest.raises(ConnectionResetError):
            store.add(breaking(), b"half a document")
        assert store.count() == 0
        assert store.add([iss()]).new == (iss(),)


def test_nothing_added_is_nothing_changed() -> None:
    with store_in_memory() as store:
        added = store.add([], b"no element set in it")
        assert (added.new, added.known, added.conflicts, added.renamed) == ((), 0, (), ())


def test_an_empty_store_answers_nothing() -> None:
    with store_in_memory() as store:
        assert store.nearest(25544, MORNING) is None
        assert store.newest(25544) is None
        assert store.history(25544) == ()
        assert list(store.latest_of_all()) == []
        assert (store.count(), store.objects()) == (0, 0)
        assert store.document_of(iss()) is None


def test_a_document_is_kept_once_and_only_with_sets_that_are_new(path: Path) -> None:
    text = b"OBJECT_NAME,OBJECT_ID\r\n" * 1000
    with Store.open(path) as store:
        store.add([iss(1), iss(2)], text)
        store.add([iss(3)], text)
        store.add([iss(1)], b"the same set in another document")
        store.add([iss(4)])
        assert [store.document_of(iss(n)) for n in (1, 2, 3, 4)] == [text, text, text, None]
        kept = rows_of(store, "SELECT sha256, length(deflated) FROM document")
    ((digest, size),) = kept
    assert digest == hashlib.sha256(text).digest()
    assert size < len(text) / 50


def test_what_was_stored_is_there_after_closing(path: Path) -> None:
    with closing(Store.open(path)) as store:
        store.add([iss(1)])
    with Store.open(path) as store:
        assert store.newest(25544) == iss(1)
        assert store.notices == ()
    with Store.open(path, writable=False) as store:
        assert store.newest(25544) == iss(1)
        assert store.notices == ()


@pytest.mark.parametrize("table", ["document", "element_set", "designation", "offer", "fetch"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {}_id = 7"])
def test_the_file_itself_refuses_to_forget(path: Path, table: str, change: str) -> None:
    import sqlite3

    with Store.open(path) as store:
        store.add([iss()], b"text")
        store.mark_not_offered(1, "celestrak", MORNING)
        store._connection.execute(
            "INSERT INTO fetch VALUES (1, 'celestrak', '*', 0, 'new', '', NULL, 0, 0)"
        )
        column = {"element_set": "norad", "designation": "norad"}.get(table, table)
        statement = change.format(table, column)
        with pytest.raises(sqlite3.IntegrityError, match="rows are only added"):
            store._connection.execute(statement)


# Renames, and objects no longer offered


def test_a_rename_is_noticed_once() -> None:
    with store_in_memory(iss(name="OBJECT A", cospar_id="")) as store:
        added = store.add([iss(1, retrieved_h=1, name="KOREASAT 6")])
        (rename,) = added.renamed
        assert (rename.before.name, rename.before.cospar_id) == ("OBJECT A", "")
        assert (rename.after.name, rename.after.cospar_id) == ("KOREASAT 6", "1998-067A")
        assert rename.after.since == MORNING + HOUR
        assert store.designations() == {(25544, "celestrak"): rename.after}
        assert store.add([iss(2, retrieved_h=2, name="KOREASAT 6")]).renamed == ()


def test_a_rename_is_noticed_even_if_the_orbit_is_known() -> None:
    with store_in_memory(iss()) as store:
        added = store.add([iss(retrieved_h=1, name="ISS")])
        assert added.known == 1
        assert [rename.after.name for rename in added.renamed] == ["ISS"]
        assert store.newest(25544) == iss()


def test_a_name_left_out_or_from_an_older_document_is_no_rename() -> None:
    with store_in_memory(iss(retrieved_h=5)) as store:
        assert store.add([iss(1, retrieved_h=6, name="", cospar_id="")]).renamed == ()
        assert store.add([iss(2, retrieved_h=4, name="OBJECT A")]).renamed == ()
        assert store.add([iss(3, "file", retrieved_h=7, name="ZARYA")]).renamed == ()
        assert {item.name for item in store.designations().values()} == {"ISS (ZARYA)", "ZARYA"}


def test_the_name_of_a_conflicting_set_is_not_believed() -> None:
    with store_in_memory(iss()) as store:
        added = store.add([iss(retrieved_h=1, raan_deg=1.0, name="ANOTHER")])
        assert added.renamed == ()
        assert len(added.conflicts) == 1


def test_what_is_no_longer_offered_is_marked_until_it_is_offered_again() -> None:
    with store_in_memory(iss(), iss(source="spacetrack")) as store:
        store.mark_not_offered(25544, "celestrak", MORNING + HOUR)
        store.mark_not_offered(25544, "celestrak", MORNING + 2 * HOUR)
        store.mark_not_offered(1, "celestrak", MORNING + 2 * HOUR)
        both = {(25544, "celestrak"): MORNING + HOUR, (1, "celestrak"): MORNING + 2 * HOUR}
        assert store.not_offered() == both
        store.add([iss(3, "spacetrack", 3)])
        assert store.not_offered() == both
        store.add([iss(retrieved_h=3)])  # a set that is known
        assert store.not_offered() == {(1, "celestrak"): MORNING + 2 * HOUR}
        store.mark_not_offered(25544, "celestrak", MORNING + 4 * HOUR)
        assert store.not_offered()[25544, "celestrak"] == MORNING + 4 * HOUR


def test_who_is_in_a_group_is_noted_when_it_changes() -> None:
    with store_in_memory() as store:
        assert store.offered("celestrak/active") == frozenset()
        store.mark_offers("celestrak/active", MORNING, offered=[1, 2, 3], missing=[4])
        store.mark_offers("celestrak/active", MORNING + HOUR, offered=[1, 2], missing=[3, 4])
        assert store.offered("celestrak/active") == {1, 2}
        assert store.offered("celestrak/gps-ops") == frozenset()
        away = {(3, "celestrak/active"): MORNING + HOUR, (4, "celestrak/active"): MORNING}
        assert store.not_offered() == away
        store.mark_offers("celestrak/active", MORNING + 2 * HOUR, offered=[3])
        assert store.offered("celestrak/active") == {1, 2, 3}
        assert rows_of(store, "SELECT count(*) FROM offer") == [(6,)]
