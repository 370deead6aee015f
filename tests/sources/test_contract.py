"""What every source promises, asked of each in the same words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from standin import IDENTITY, PASSWORD, csv_text, faults
from standin.craft import HST, ISS, craft

from sattrack.errors import SattrackError
from sattrack.sources import (
    Account,
    CelesTrak,
    ElementFile,
    Fresh,
    Source,
    SpaceTrack,
    UnreachableError,
)


class TestEverySource:
    @pytest.fixture(params=["celestrak", "spacetrack", "file"])
    def source(self, request, celestrak, spacetrack, tmp_path) -> Source:
        if request.param == "celestrak":
            return CelesTrak(celestrak.url)
        if request.param == "spacetrack":
            return SpaceTrack(tmp_path / "data", Account(IDENTITY, PASSWORD), spacetrack.url)
        path = tmp_path / "sets.csv"
        path.write_bytes(csv_text(celestrak.published()))
        return ElementFile(str(path))

    def test_says_who_it_is_and_how_often_it_may_be_asked(self, source):
        assert source.name.isidentifier()
        assert source.title
        assert source.interval >= timedelta(0)
        assert source.ready

    def test_offers_only_what_has_a_catalog_number(self, source):
        assert source.offers(ISS)
        assert not source.offers(craft(None))

    @pytest.mark.parametrize("count", [1, 2, 9, 11, 60])
    def test_plans_every_spacecraft_in_exactly_one_request(self, source, count):
        wanted = [craft(40000 + index) for index in range(count)]
        requests = source.plan(wanted)
        numbers = [number for request in requests for number in request.wanted]
        assert sorted(numbers) == [item.norad_id for item in wanted]
        assert len({request.key for request in requests}) == len(requests) <= 10
        assert all(request.key and request.publisher and request.label for request in requests)

    def test_the_same_wish_is_the_same_request_again(self, source):
        assert source.plan([ISS, HST]) == source.plan([ISS, HST])

    def test_brings_text_that_it_has_not_touched(self, source):
        (request,) = source.plan([ISS])
        answer = source.fetch(request)
        assert isinstance(answer, Fresh)
        assert b"25544" in answer.text

    def test_shows_how_much_has_come(self, source):
        (request,) = source.plan([ISS])
        sizes: list[int] = []
        answer = source.fetch(request, sizes.append)
        assert isinstance(answer, Fresh)
        assert sizes == sorted(sizes)
        assert source.name == "file" or sizes[-1] == len(answer.text)

    def test_fails_in_one_line_without_secrets(self, source, celestrak, spacetrack, tmp_path):
        celestrak.fault = spacetrack.fault = faults.reset
        (tmp_path / "sets.csv").unlink(missing_ok=True)
        (request,) = source.plan([ISS])
        with pytest.raises(SattrackError) as caught:
            source.fetch(request)
        message = str(caught.value)
        assert "\n" not in message
        assert PASSWORD not in message
        assert isinstance(caught.value, UnreachableError) or source.name == "file"

    def test_shows_no_secret_in_its_repr(self, source):
        assert PASSWORD not in repr(source)
        assert IDENTITY not in repr(source)
