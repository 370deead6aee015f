"""Space-Track: one login, one query, and a password that goes nowhere else."""

from __future__ import annotations

import json
import os
import stat
from datetime import timedelta

import pytest
import time_machine
from standin import IDENTITY, PASSWORD, faults
from standin.craft import HST, ISS, craft

from sattrack.errors import InvalidInputError, RefusedError, StorageError
from sattrack.sources import Account, Fresh, SpaceTrack, TurnedAwayError, find_account
from sattrack.sources.limiter import Limiter

RATE_LIMIT = b"You've violated your query rate limit. Please refer to our Acceptable Use guidelines"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def source(spacetrack, folder):
    return SpaceTrack(folder, Account(IDENTITY, PASSWORD), spacetrack.url)


@pytest.fixture
def request_(source):
    (request,) = source.plan([HST, ISS])
    return request


def test_one_query_for_all(source, request_, spacetrack):
    answer = source.fetch(request_)
    assert isinstance(answer, Fresh)
    records = json.loads(answer.text)
    assert [record["NORAD_CAT_ID"] for record in records] == ["20580", "25544"]
    assert spacetrack.paths == [
        "/ajaxauth/login",
        "/basicspacedata/query/class/gp/NORAD_CAT_ID/20580,25544/orderby/NORAD_CAT_ID/format/json",
    ]


def test_the_login_is_kept_for_the_next_process_and_only_for_us(
    source, request_, spacetrack, folder
):
    source.fetch(request_)
    SpaceTrack(folder, Account(IDENTITY, PASSWORD), spacetrack.url).fetch(request_)
    assert spacetrack.logins == 1
    kept = folder / "spacetrack-login.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert PASSWORD not in kept.read_text()
    assert IDENTITY not in kept.read_text()


def test_a_login_is_not_shown_to_another_host(source, request_, spacetrack, folder):
    source.fetch(request_)
    text = (folder / "spacetrack-login.json").read_text()
    (folder / "spacetrack-login.json").write_text(text.replace("127.0.0.1", "127.0.0.2"))
    source.fetch(request_)
    assert spacetrack.logins == 2


def test_an_old_login_is_not_used(source, request_, spacetrack):
    source.fetch(request_)
    with time_machine.travel(timedelta(hours=3)):
        source.fetch(request_)
    assert spacetrack.logins == 2


def test_a_login_that_ends_in_between_is_renewed_once(source, request_, spacetrack):
    source.fetch(request_)
    spacetrack.sessions.clear()
    assert isinstance(source.fetch(request_), Fresh)
    assert len(spacetrack.seen) == 5  # login, query; 401, login, query


@pytest.mark.parametrize("kept", [False, True])
def test_after_a_second_401_it_stops(source, request_, spacetrack, kept):
    if kept:
        source.fetch(request_)
        spacetrack.seen.clear()
    spacetrack.path_faults["/basicspacedata"] = faults.status(401)
    with pytest.raises(TurnedAwayError, match="login refused by Space-Track"):
        source.fetch(request_)
    logins = spacetrack.paths.count("/ajaxauth/login")
    assert logins == (1 if kept else 2)
    assert len(spacetrack.seen) == (3 if kept else 4)


def test_a_wrong_password_is_tried_once(spacetrack, request_, folder):
    source = SpaceTrack(folder, Account(IDENTITY, "wrong-one"), spacetrack.url)
    with pytest.raises(TurnedAwayError, match="login refused by Space-Track") as caught:
        source.fetch(request_)
    assert spacetrack.logins == len(spacetrack.seen) == 1
    assert "wrong-one" not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.text(b"<html>Please log in</html>"), "login refused"),
        (faults.text(b'[{"error":"You must be logged in"}]'), "login refused"),
        (faults.text(b'[{"error":"' + RATE_LIMIT + b'"}]'), "too many requests"),
        (faults.status(500, RATE_LIMIT), "too many requests"),
        (faults.redirect("https://elsewhere.test/"), "moved to 'https://elsewhere.test/'"),
        (faults.status(403), r"refused by Space-Track \(403\)"),
    ],
)
def test_refusals_in_every_dress(source, request_, spacetrack, fault, said):
    spacetrack.path_faults["/basicspacedata"] = fault
    with pytest.raises(TurnedAwayError, match=said) as caught:
        source.fetch(request_)
    assert len(spacetrack.seen) == 2
    if "many" in said:
        assert caught.value.wait == timedelta(hours=2)


def test_a_login_that_moved_is_no_fault_of_the_account(source, request_, spacetrack):
    spacetrack.path_faults["/ajaxauth"] = faults.redirect("https://elsewhere.test/login")
    moved = "moved to 'https://elsewhere.test/login'; update the base URL, SATTRACK_SPACETRACK_URL"
    with pytest.raises(TurnedAwayError, match=moved):
        source.fetch(request_)
    assert spacetrack.paths == ["/ajaxauth/login"]


@pytest.mark.parametrize("url", ["http://www.space-track.org", "http://10.0.0.1:8080"])
def test_a_password_never_leaves_the_machine_in_the_clear(request_, folder, url):
    with pytest.raises(InvalidInputError, match="https only"):
        SpaceTrack(folder, Account(IDENTITY, PASSWORD), url).fetch(request_)


def test_a_password_does_not_follow_a_redirect(source, request_, spacetrack):
    spacetrack.fault = faults.redirect("http://127.0.0.1:1/steal")
    with pytest.raises(TurnedAwayError):
        source.fetch(request_)
    assert len(spacetrack.seen) == 1


def test_without_an_account_nothing_is_sent(spacetrack, request_, folder):
    source = SpaceTrack(folder, None, spacetrack.url)
    assert not source.ready
    with pytest.raises(RefusedError, match="no account"):
        source.fetch(request_)
    assert not spacetrack.seen


def test_spacecraft_of_other_publishers_are_not_asked_for(source):
    assert source.plan([craft(1, "celestrak"), craft(2, "horizons", data="ephemeris")]) == ()
    with pytest.raises(InvalidInputError, match="no groups"):
        source.plan([], "active")


class TestAccount:
    def test_from_the_environment(self, tmp_path):
        environment = {
            "SATTRACK_SPACETRACK_IDENTITY": "me",
            "SATTRACK_SPACETRACK_PASSWORD": "secret",
        }
        assert find_account(environment, tmp_path) == Account("me", "secret")
        assert "secret" not in repr(find_account(environment, tmp_path))

    def test_from_a_file_of_our_own(self, tmp_path):
        path = tmp_path / "spacetrack.toml"
        path.write_text('identity = "me"\npassword = "secret"\n')
        path.chmod(0o600)
        assert find_account({}, tmp_path) == Account("me", "secret")
        for mode in (0o640, 0o604, 0o644, 0o700):
            path.chmod(mode)
            with pytest.raises(StorageError, match="chmod 600"):
                find_account({}, tmp_path)

    @pytest.mark.parametrize("text", ['identity = "me', 'identity = "me"', "password = secret-x"])
    def test_a_file_that_says_something_else(self, tmp_path, text):
        path = tmp_path / "spacetrack.toml"
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(StorageError) as caught:
            find_account({}, tmp_path)
        assert "secret-x" not in str(caught.value)

    def test_nowhere(self, tmp_path):
        assert find_account({}, tmp_path) is None


class TestLimiter:
    def test_counts_across_processes(self, tmp_path):
        path = tmp_path / "data" / "count.json"
        limits = ((2, 60.0), (3, 3600.0))
        with time_machine.travel("2026-11-24T02:00Z", tick=False) as clock:
            for _ in range(2):
                Limiter(path, limits).take()
            with pytest.raises(TurnedAwayError, match="2 requests in 60 s") as caught:
                Limiter(path, limits).take()
            assert caught.value.wait == timedelta(seconds=60)
            clock.shift(61.0)
            Limiter(path, limits).take()
            clock.shift(61.0)
            with pytest.raises(TurnedAwayError, match="3 requests in 3600 s"):
                Limiter(path, limits).take()
            clock.shift(3600.0)
            Limiter(path, limits).take()

    def test_damage_and_a_clock_that_was_ahead_do_no_harm(self, tmp_path):
        path = tmp_path / "count.json"
        for text in ("[4102444800.0, 4102444800.0]", "nonsense", "{}", "[null]"):
            path.write_text(text)
            Limiter(path, ((2, 60.0),)).take()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_without_a_place_to_count_nothing_is_sent(self, tmp_path):
        tmp_path.chmod(0o500)
        with pytest.raises(StorageError, match="cannot write"):
            Limiter(tmp_path / "count.json", ((2, 60.0),)).take()
