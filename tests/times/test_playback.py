from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.times.playback import EARLIEST, LATEST, RATES, Playback

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_live_shows_the_time_that_it_is():
    clock = Playback.live(NOW)
    assert clock.is_live
    assert clock.at(NOW + 5 * SECOND) == NOW + 5 * SECOND
    # A machine that slept, or whose clock was set, too.
    assert clock.at(NOW - timedelta(days=3)) == NOW - timedelta(days=3)


def test_stopped_it_stands_and_goes_on_from_there():
    clock = Playback.live(NOW).toggled(NOW + SECOND)
    assert clock.at(NOW + 100 * SECOND) == NOW + SECOND
    going = clock.toggled(NOW + 100 * SECOND)
    assert going.at(NOW + 101 * SECOND) == NOW + 2 * SECOND
    assert not going.is_live


def test_rates_go_up_and_down_and_stay_at_their_ends():
    clock = Playback.live(NOW)
    rates = []
    for _ in range(len(RATES) + 1):
        rates.append(clock.rate)
        clock = clock.faster(NOW, 1)
    assert rates == [*RATES, RATES[-1]]
    assert RATES[0] == 1
    assert RATES[-1] == 1000
    assert clock.at(NOW + SECOND) == NOW + 1000 * SECOND
    for _ in RATES:
        clock = clock.faster(NOW, -1)
    assert clock.is_live


moves = st.one_of(
    st.tuples(st.just("moved"), st.integers(-(10**7), 10**7).map(lambda s: s * SECOND)),
    st.tuples(st.just("faster"), st.integers(-2, 2)),
    st.just(("toggled",)),
)


@given(st.lists(st.tuples(st.integers(0, 10**5), moves)))
def test_no_key_makes_time_jump_but_those_that_move_it(steps):
    """The time shown is a sum: what passes at each rate, and what was moved."""
    now, clock = NOW, Playback.live(NOW)
    shown, rate, paused = NOW, 0, False
    for wait_s, (method, *arguments) in steps:
        now += wait_s * SECOND
        shown += timedelta() if paused else wait_s * RATES[rate] * SECOND
        shown = min(max(shown, EARLIEST), LATEST)
        clock = getattr(clock, method)(now, *arguments)
        if method == "moved":
            shown = min(max(shown + arguments[0], EARLIEST), LATEST)
        elif method == "faster":
            rate = min(max(rate + arguments[0], 0), len(RATES) - 1)
        else:
            paused = not paused
        assert clock.at(now) == shown


@pytest.mark.parametrize("years", [-3000, 3000])
def test_it_stays_within_what_has_a_meaning(years):
    clock = Playback.live(NOW).faster(NOW, 9)
    far = clock.moved(NOW, timedelta(days=200 * years))
    assert far.at(NOW) in (EARLIEST, LATEST)
    assert EARLIEST <= far.at(NOW + timedelta(days=10_000)) <= LATEST
