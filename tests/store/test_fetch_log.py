"""What was asked of whom, when, and when it may be asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from store.samples import HOUR, MORNING, store_in_memory

from sattrack.store import Fetch, Outcome, Store

GPS = Fetch("celestrak", "GROUP=gps-ops", MORNING, "new", "", MORNING + 2 * HOUR, 32, 31)
CURRENT = replace(GPS, asked_at=MORNING + 2 * HOUR, outcome="current", sets=0, new=0)
FAILED = replace(GPS, asked_at=MORNING + 4 * HOUR, outcome="failed", next_allowed_at=None)
OTHER = replace(GPS, source="spacetrack", asked_at=MORNING + 5 * HOUR)


def refusal(hours: float, request: str = "*", outcome: Outcome = "refused") -> Fetch:
    return Fetch("celestrak", request, MORNING, outcome, "403", MORNING + hours * HOUR)


def test_an_empty_log_says_nothing() -> None:
    with store_in_memory() as store:
        assert store.last_fetch("celestrak", "*") is None
        assert store.last_good_fetch("celestrak", "*") is None
        assert store.refused_until("celestrak") is None
        assert store.fetches() == ()


def test_the_log_is_kept_whole_and_in_order(path: Path) -> None:
    with Store.open(path) as store:
        for fetch in (GPS, CURRENT, FAILED, OTHER):
            store.log_fetch(fetch)
    with Store.open(path, writable=False) as store:
        assert store.fetches() == (GPS, CURRENT, FAILED, OTHER)
        assert store.fetches("celestrak") == (GPS, CURRENT, FAILED)
        assert store.fetches("celestrak", since=CURRENT.asked_at) == (CURRENT, FAILED)
        assert store.fetches(since=FAILED.asked_at) == (FAILED, OTHER)


def test_the_last_and_the_last_good_fetch_are_of_that_request() -> None:
    with store_in_memory() as store:
        for fetch in (GPS, CURRENT, FAILED, OTHER):
            store.log_fetch(fetch)
        assert store.last_fetch("celestrak", "GROUP=gps-ops") == FAILED
        assert store.last_good_fetch("celestrak", "GROUP=gps-ops") == CURRENT
        assert store.last_fetch("celestrak", "GROUP=active") is None


def test_a_clock_that_was_years_ahead_once_does_not_matter_for_long() -> None:
    years_ahead = replace(GPS, asked_at=MORNING + timedelta(days=3650))
    with store_in_memory() as store:
        store.log_fetch(years_ahead)
        store.log_fetch(GPS)
        assert store.last_fetch("celestrak", "GROUP=gps-ops") == GPS


def test_a_refusal_holds_for_the_source_and_until_the_latest_time_named() -> None:
    with store_in_memory() as store:
        store.log_fetch(refusal(99, request="GROUP=active"))
        store.log_fetch(refusal(99, outcome="failed"))
        assert store.refused_until("celestrak") is None
        store.log_fetch(refusal(24))
        store.log_fetch(refusal(2))
        assert store.refused_until("celestrak") == MORNING + 24 * HOUR
        assert store.refused_until("spacetrack") is None


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
zones = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
times = st.datetimes(datetime(1957, 1, 1), datetime(2199, 1, 1), timezones=zones)
counts = st.integers(0, 10**9)


@given(
    st.builds(Fetch, texts, texts, times, st.just("new"), texts, st.none() | times, counts, counts)
)
def test_every_value_comes_back_exactly(fetch: Fetch) -> None:
    with store_in_memory() as store:
        store.log_fetch(fetch)
        assert store.last_fetch(fetch.source, fetch.request) == fetch
