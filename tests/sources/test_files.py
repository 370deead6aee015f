"""A file of the user's, or standard input."""

from __future__ import annotations

import io

import pytest
from standin.craft import ISS

from sattrack.errors import InvalidInputError, RejectedDataError, StorageError
from sattrack.sources import ElementFile, Fresh
from sattrack.sources.web import LARGEST_ANSWER


def test_without_names_all_of_it_is_wanted():
    (request,) = ElementFile("sets.csv").plan([])
    assert request.whole
    (request,) = ElementFile("sets.csv").plan([ISS])
    assert not request.whole
    assert request.wanted == {25544}


def test_standard_input():
    source = ElementFile("-", io.BytesIO(b"text"))
    assert source.title == "standard input"
    assert source.fetch(source.plan([])[0]) == Fresh(b"text")


def test_a_file_that_is_not_there(tmp_path):
    source = ElementFile(str(tmp_path / "none.csv"))
    with pytest.raises(StorageError, match=r"none\.csv: No such file"):
        source.fetch(source.plan([])[0])


def test_a_file_too_large_to_be_meant():
    source = ElementFile("-", io.BytesIO(b"0" * (LARGEST_ANSWER + 1)))
    with pytest.raises(RejectedDataError, match="larger than 20,000,000 bytes"):
        source.fetch(source.plan([])[0])


def test_a_file_has_no_groups():
    with pytest.raises(InvalidInputError, match="no groups"):
        ElementFile("sets.csv").plan([], "active")
