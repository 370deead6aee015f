"""Columns of bytes against what Python writes, one value after another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.exports.columns import choices, decimals, instants, joined, texts, where
from sattrack.times import iso_utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Below this, Python changes to exponents.
SMALLEST = 1e-4


def lines(column) -> list[str]:
    return joined([column, b"\n"], len(column)).decode().splitlines()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.integers(1, 6))
def test_numbers_are_the_shortest_decimals(values, digits):
    written = lines(decimals(np.array(values), digits))
    for text, value in zip(written, values, strict=True):
        assert float(text) == pytest.approx(value, abs=0.5001 * 10.0**-digits)
        # Halves may go either way.
        if abs(float(text)) >= SMALLEST or float(text) == 0.0:
            assert repr(float(text)) == text


def test_what_is_no_number_is_nothing():
    assert lines(decimals(np.array([1.5, np.nan, -0.25, 1234567.0]), 3)) == [
        "1.5", "", "-0.25", "1234567.0",
    ]  # fmt: skip


@given(st.lists(st.integers(-(10**15), 4 * 10**15), min_size=1))
def test_times_are_those_of_iso_utc(microseconds):
    written = lines(instants(np.array(microseconds)))
    assert written == [iso_utc(EPOCH + timedelta(microseconds=us)) for us in microseconds]


def test_texts_of_any_length_stand_side_by_side():
    column = texts(["가".encode(), b"", b"abcdef"])
    yes = np.array([True, False, True])
    joined_ = joined([column, b",", choices(yes, b"true", b"no"), b";"], 3).decode()
    assert joined_ == "가,true;,no;abcdef,true;"
    assert lines(where(yes, column, b"null")) == ["가", "null", "abcdef"]
    assert lines(where(yes, column)) == ["가", "", "abcdef"]
    assert texts([b"", b""]).shape == (2, 1)
    assert texts([]).shape[0] == 0
