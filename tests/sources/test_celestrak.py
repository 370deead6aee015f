"""CelesTrak: as few requests as possible, and what its answers mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standin import faults

from sattrack.errors import InvalidInputError, RejectedDataError, UnknownNameError
from sattrack.settings import Home, load_catalog
from sattrack.sources import (
    Current,
    Fresh,
    NotOffered,
    Request,
    TurnedAwayError,
    UnreachableError,
    publishers,
)

ISS = Request("gp.php?CATNR=25544", "celestrak", frozenset({25544}))
ACTIVE = Request("gp.php?GROUP=active", "celestrak", group="active", whole=True)


@pytest.fixture
def catalog(home):
    return load_catalog(Home(home, home, home))


@pytest.fixture
def source(celestrak, catalog, home):
    return publishers({"SATTRACK_CELESTRAK_URL": celestrak.url}, catalog, home, home)[0]


def keys(requests) -> list[str]:
    return [request.key for request in requests]


def named(catalog, name):
    return catalog.spacecraft_of(catalog.find(name))


def test_few_are_asked_for_by_number(source, catalog):
    requests = source.plan(named(catalog, "recon"))
    numbers = [58463, 59452, 62377, 63630, 66293]
    assert keys(requests) == [f"gp.php?CATNR={number}" for number in numbers]


def test_many_of_one_group_are_asked_for_by_group(source, catalog):
    (request,) = source.plan(named(catalog, "gps"))
    assert request.key == "gp.php?GROUP=gps-ops"
    assert len(request.wanted) == 32


def test_a_group_and_a_few_others(source, catalog):
    wanted = [*named(catalog, "gps"), *named(catalog, "recon")]
    assert keys(source.plan(wanted))[0] == "gp.php?GROUP=gps-ops"
    assert len(source.plan(wanted)) == 6


def test_the_whole_catalog_takes_two_requests(source, catalog):
    from sattrack.catalog import Spacecraft

    requests = source.plan(catalog.each(Spacecraft))
    assert keys(requests) == ["gp.php?GROUP=active", "sup-gp.php?CATNR=56174"]
    assert 53365 not in requests[0].wanted  # Danuri's only element set is wrong
    assert 56174 not in requests[0].wanted


def test_supplemental_data_where_the_catalog_prefers_them(source, catalog):
    tempo = named(catalog, "tempo")
    (request,) = source.plan(tempo)
    assert (request.key, request.publisher) == ("sup-gp.php?CATNR=56174", "celestrak-sup")
    absent = {(56174, "celestrak-sup")}
    assert keys(source.plan(tempo, absent=absent)) == ["gp.php?CATNR=56174"]
    assert source.plan(tempo, absent={*absent, (56174, "celestrak")}) == ()


def test_who_has_left_a_group_is_asked_for_by_number(source, catalog):
    gps = named(catalog, "gps")
    gone = gps[0].norad_id
    absent = {(gone, "celestrak/gps-ops")}
    requests = source.plan(gps, absent=absent)
    assert keys(requests) == ["gp.php?GROUP=gps-ops", f"gp.php?CATNR={gone}"]
    assert "gp.php?GROUP=gps-ops" in source.covering(gps[0])
    assert "gp.php?GROUP=gps-ops" not in source.covering(gps[0], absent)


def test_a_group_as_a_whole(source):
    assert source.plan((), "active") == (ACTIVE,)
    for name in ("Active", "a b", "active&FORMAT=TLE", "../x", "a--b"):
        with pytest.raises(InvalidInputError):
            source.plan((), name)


def test_the_address_is_as_published(source, celestrak):
    source.fetch(ISS)
    source.fetch(ACTIVE)
    assert celestrak.paths == [
        "/NORAD/elements/gp.php?CATNR=25544&FORMAT=CSV",
        "/NORAD/elements/gp.php?GROUP=active&FORMAT=CSV",
    ]


NOT_UPDATED = (
    "GP data has not updated since your last successful download of GROUP=active at "
    "2026-08-31 15:13:07 UTC. Data is updated once every 2 hours."
)


@pytest.mark.parametrize("code", [200, 403, 404, 500])
@pytest.mark.parametrize("breaks", [" ", "\n", "\r\n", "<br>", " \t <br/>\r\n"])
def test_nothing_newer_is_told_by_its_text(source, celestrak, code, breaks):
    celestrak.fault = faults.status(code, NOT_UPDATED.replace(" ", breaks, 30).encode())
    # Wherever the lines break, the time is read.
    assert source.fetch(ACTIVE) == Current(datetime(2026, 8, 31, 15, 13, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda text: f"<html><head><title>403</title></head>\n<body>{text}</body></html>",
        lambda text: " " * 15_000 + text,
        lambda text: text.replace(" ", "\0"),
        lambda text: text.replace("GROUP=active", "GROUP=active & FORMAT=csv"),
    ],
)
def test_nothing_newer_is_told_however_it_is_dressed(source, celestrak, change):
    celestrak.fault = faults.status(403, change(NOT_UPDATED).encode())
    assert source.fetch(ACTIVE) == Current(datetime(2026, 8, 31, 15, 13, 7, tzinfo=UTC))


def test_nothing_newer_at_an_impossible_time(source, celestrak):
    text = NOT_UPDATED.replace("2026-08-31", "2026-13-77")
    celestrak.fault = faults.status(403, text.encode())
    assert source.fetch(ACTIVE) == Current(None)


def test_no_such_object(source):
    gone = Request("gp.php?CATNR=99", "celestrak", frozenset({99}))
    assert source.fetch(gone) == NotOffered()


def test_no_such_group(source, celestrak):
    (request,) = source.plan((), "nonsense")
    with pytest.raises(UnknownNameError, match="nonsense"):
        source.fetch(request)
    celestrak.fault = faults.status(404, b"No GP data found")
    with pytest.raises(UnknownNameError, match="nonsense"):
        source.fetch(request)


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (faults.status(403), TurnedAwayError, r"refused by CelesTrak \(403\)"),
        (faults.status(429), TurnedAwayError, r"refused by CelesTrak \(429\)"),
        (faults.status(404), TurnedAwayError, r"refused by CelesTrak \(404\)"),
        (faults.redirect("https://x.test/"), TurnedAwayError, "moved to 'https://x.test/'; update"),
        (faults.status(503), UnreachableError, "503"),
        (faults.status(407), UnreachableError, "proxy"),
        (faults.status(206, b"x"), TurnedAwayError, "CelesTrak answered 206 instead of 200"),
        (faults.redirect("", 302), TurnedAwayError, "CelesTrak answered 302 instead of 200"),
        (faults.text(b"Invalid\0query"), RejectedDataError, "'Invalid query'$"),
        (faults.text(b"No GP data found"), RejectedDataError, "No GP data found"),
        (faults.text(b'Invalid query: "x"'), RejectedDataError, "Invalid query"),
    ],
)
def test_other_answers(source, celestrak, fault, error, said):
    celestrak.fault = fault
    with pytest.raises(error, match=said):
        source.fetch(ISS)
    assert len(celestrak.seen) == 1


def test_how_long_to_wait(source, celestrak):
    celestrak.fault = faults.status(429, Retry_After="14400")
    with pytest.raises(TurnedAwayError) as caught:
        source.fetch(ISS)
    assert caught.value.wait == timedelta(hours=4)


def test_text_comes_as_it_is(source, celestrak):
    celestrak.fault = faults.text(b"\xef\xbb\xbfanything\0at all")
    assert source.fetch(ISS) == Fresh(b"\xef\xbb\xbfanything\0at all")
