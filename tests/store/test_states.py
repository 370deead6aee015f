"""Tables of states: exact digits, kept once, and what was known on which day."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standin.horizons import two_body
from store.samples import HOUR, MORNING, rows_of, store_in_memory

from sattrack.elements import PublishedStates, StateTable
from sattrack.errors import StorageError
from sattrack.store import Store

# 2026-07-10 00:00 TDB, the midnight before MORNING.
MIDNIGHT_JD = 2461231.5
DAY = timedelta(days=1)


def table(
    days: float = 2.0, day: float = 0.0, retrieved_h: float = 0.0, push_km: float = 0.0
) -> StateTable:
    """Return states of Danuri every ten minutes, from `day` days after that midnight on."""
    seconds = np.arange(round(days * 144) + 1) * 600.0
    states = two_body(1868.3, seconds + day * 86400.0, push_km)
    return StateTable(
        object_name="Danuri",
        naif_id=-155,
        centre_naif_id=301,
        start_jd_tdb=MIDNIGHT_JD + day,
        seconds=seconds,
        position_km=states[:3],
        velocity_km_s=states[3:],
        source="JPL Horizons, KPLO_merged",
        retrieved_at=MORNING + retrieved_h * HOUR,
        data_until=MORNING - DAY,
    )


def store_of(*tables: StateTable) -> Store:
    store = store_in_memory()
    for item in tables:
        assert store.add_states(PublishedStates(item, "horizons"))
    return store


def assert_same(one: StateTable, other: StateTable) -> None:
    for name in StateTable.__slots__:
        first, second = getattr(one, name), getattr(other, name)
        if isinstance(first, np.ndarray):
            assert first.shape == second.shape
            assert first.tobytes() == second.tobytes()
        else:
            assert first == second


def test_a_table_comes_back_digit_for_digit() -> None:
    given_ = table()
    found = store_of(given_).states(-155, MORNING)
    assert found is not None
    assert found.source == "horizons"
    assert_same(found.table, given_)


@given(
    st.lists(st.floats(1e-6, 1e5), min_size=1, max_size=40, unique=True),
    st.floats(-1e6, 1e6),
)
def test_whatever_the_instants(steps: list[float], first_s: float) -> None:
    seconds = first_s + np.cumsum(np.array(steps))
    states = np.random.default_rng(1).normal(size=(6, len(seconds)))
    odd = replace(table(), seconds=seconds, position_km=states[:3], velocity_km_s=states[3:])
    store = store_of(odd)
    first, last = odd.coverage
    found = store.states(-155, first + (last - first) / 2)
    assert found is not None
    assert_same(found.table, odd)
    store.close()


def test_only_what_covers_the_instant_answers() -> None:
    store = store_of(table())
    # Midnight of TDB is 69.2 s earlier than that of UTC.
    first = MORNING - 6 * HOUR - timedelta(seconds=69.184)
    assert store.states(-155, first - timedelta(milliseconds=3)) is None
    assert store.states(-155, first + timedelta(milliseconds=3)) is not None
    assert store.states(-155, first + 2 * DAY - timedelta(milliseconds=3)) is not None
    assert store.states(-155, first + 2 * DAY + timedelta(milliseconds=3)) is None
    assert store.states(-85, MORNING) is None


def test_what_was_retrieved_last_answers_and_the_older_stays() -> None:
    old, new = table(), table(day=1.0, retrieved_h=24, push_km=1.0)
    store = store_of(old, new)
    tomorrow = MORNING + DAY
    for instant, as_of, expected in (
        (MORNING, None, old),
        (tomorrow, None, new),
        (tomorrow, MORNING, old),
        (tomorrow, MORNING + 25 * HOUR, new),
        (tomorrow, MORNING - HOUR, None),
    ):
        found = store.states(-155, instant, as_of)
        if expected is None:
            assert found is None
        else:
            assert found is not None
            assert_same(found.table, expected)
    held = store.ephemerides(-155)
    assert [item.retrieved_at for item in held] == [MORNING, MORNING + 24 * HOUR]
    assert [(item.first, item.last) for item in held] == [old.coverage, new.coverage]
    assert {(item.source, item.solution, item.data_until) for item in held} == {
        ("horizons", "JPL Horizons, KPLO_merged", MORNING - DAY)
    }
    assert len(store.ephemerides(-155, MORNING)) == 1


def test_what_is_said_twice_is_kept_once() -> None:
    store = store_of(table())
    assert not store.add_states(PublishedStates(table(retrieved_h=5), "horizons"))
    (held,) = store.ephemerides(-155)
    assert held.retrieved_at == MORNING
    # Where measurements end is news too.
    more = replace(table(retrieved_h=5), data_until=MORNING)
    assert store.add_states(PublishedStates(more, "horizons"))
    assert rows_of(store, "SELECT count(*) FROM state_block") == [(4,)]


def test_the_days_that_two_tables_share_are_kept_once() -> None:
    store = store_of(table(16.0))
    # The instants, sixteen days, and the midnight at the end.
    assert rows_of(store, "SELECT count(*) FROM state_block") == [(18,)]
    assert store.add_states(PublishedStates(table(16.0, 1.0, 24), "horizons"))
    # One day more, and another last state.
    ((count,),) = rows_of(store, "SELECT count(*) FROM state_block")
    assert count == 20


def test_rows_are_only_added() -> None:
    store = store_of(table())
    for name in ("state_table", "state_block", "state_table_block"):
        with pytest.raises(sqlite3.IntegrityError, match="rows are only added"):
            store._connection.execute(f"DELETE FROM {name}")


def test_a_table_without_its_day_is_refused() -> None:
    store = store_in_memory()
    with pytest.raises(ValueError, match="retrieved_at must be set"):
        store.add_states(PublishedStates(replace(table(), retrieved_at=None), "horizons"))
    assert store.ephemerides(-155) == ()


@pytest.mark.parametrize("damage", ["zeroblob(40)", "substr(deflated, 1, 100)"])
def test_a_damaged_array_is_damage_to_the_file(path: Path, damage: str) -> None:
    with Store.open(path) as store:
        store.add_states(PublishedStates(table(), "horizons"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER state_block_refuses_update")
        connection.execute(f"UPDATE state_block SET deflated = {damage} WHERE block_id = 2")
        connection.commit()
    with Store.open(path, writable=False) as store:
        assert len(store.ephemerides(-155)) == 1
        with pytest.raises(StorageError, match=r"store\.sqlite is damaged"):
            store.states(-155, MORNING)
