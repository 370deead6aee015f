"""The contacts of a network are those of its stations, no more and no less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sattrack.passes import Pass, Sighting
from sattrack.passes.network import merge
from sattrack.times import Span

START = datetime(2026, 11, 24, tzinfo=UTC)
SPAN = Span(START, START + timedelta(days=2))
LENGTH_S = 2 * 86400


def contact(start_s: float, end_s: float) -> Pass:
    first, last = (
        Sighting(START + timedelta(seconds=s), 0.0, 10.0, 4e5, 0.0) for s in (start_s, end_s)
    )
    return Pass(first, first, last)


@st.composite
def stations(draw: st.DrawFn) -> list[tuple[str, list[Pass]]]:
    found = []
    for name in "abcd":
        edges = sorted(draw(st.lists(st.integers(0, LENGTH_S), max_size=8, unique=True)))
        passes = [contact(a, b) for a, b in zip(edges[0::2], edges[1::2], strict=False)]
        found.append((name, passes))
    return found


def seconds(instant: datetime) -> int:
    return round((instant - START).total_seconds())


@given(stations())
def test_the_merged_timeline_is_the_union_of_the_single_ones(every):
    network = merge(every, SPAN)
    # By hand, second by second, on the edges alone.
    edges = sorted({seconds(t) for _, ps in every for p in ps for t in (p.first.time, p.last.time)})
    truth = 0
    for left, right in pairwise(edges):
        inside = any(
            seconds(p.first.time) <= left and right <= seconds(p.last.time)
            for _, ps in every
            for p in ps
        )
        truth += (right - left) * inside
    assert network.heard_s == truth
    for before, after in pairwise(network.heard):
        assert before.end < after.start
    gaps_s = sum((gap.end - gap.start).total_seconds() for gap in network.gaps)
    assert network.heard_s + gaps_s == LENGTH_S
    assert sum(network.heard_s_by_day().values()) == network.heard_s


@given(stations())
def test_watches_cover_what_is_heard_and_each_is_a_contact_of_its_station(every):
    network = merge(every, SPAN)
    assert sum((w.end - w.start).total_seconds() for w in network.watches) == network.heard_s
    passes = dict(every)
    for watch in network.watches:
        assert any(
            p.first.time <= watch.start and watch.end == p.last.time for p in passes[watch.station]
        )
    assert len(network.handovers) == len(network.watches) - len(network.heard)
    for handover in network.handovers:
        assert handover.before != handover.after
        assert handover.overlap_s >= 0.0


def test_a_handover_tells_who_and_when():
    network = merge([("kdsa", [contact(0, 100)]), ("madrid", [contact(60, 300)])], SPAN)
    (handover,) = network.handovers
    assert (handover.before, handover.after, handover.overlap_s) == ("kdsa", "madrid", 40.0)
    assert seconds(handover.time) == 100
    assert [w.station for w in network.watches] == ["kdsa", "madrid"]
    assert merge([("kdsa", [])], SPAN).gaps == (SPAN,)
