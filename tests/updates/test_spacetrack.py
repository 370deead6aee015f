"""Space-Track in an update: after CelesTrak, or alone; refusals remembered, and no secret kept."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from standin import IDENTITY, PASSWORD, faults

MINUTES = timedelta(minutes=1)
QUERY = "/basicspacedata/query/class/gp/NORAD_CAT_ID/{}/orderby/NORAD_CAT_ID/format/json"
RATE = b"You've violated your query rate limit. Please refer to our Acceptable Use guidelines"


@pytest.fixture
def both(scene, spacetrack):
    """With an account: the stand-ins share the clock."""
    plain = scene.update

    def update(*arguments, later=timedelta(0), **options):
        spacetrack.now = scene.now + later
        return plain(*arguments, later=later, **options)

    scene.update = update
    return scene


def test_one_query_for_all_that_is_wanted(both, spacetrack):
    run = both.update("iss", "hst", "css", "--source", "spacetrack")
    assert (run.status, run.err) == (0, "")
    assert "Space-Track: 1 request, 3 element sets, 3 new" in run.out
    assert spacetrack.paths == ["/ajaxauth/login", QUERY.format("20580,25544,48274")]
    assert both.requests() == []
    assert all("source='spacetrack'" in item for item in both.kept.sets())


def test_hourly_and_with_one_login(both, spacetrack):
    both.update("iss", "--source", "spacetrack")
    for _ in range(11):
        assert both.update("iss", "--source", "spacetrack", later=5 * MINUTES).status == 0
    assert len(spacetrack.seen) == 2
    assert both.update("iss", "--source", "spacetrack", later=6 * MINUTES).status == 0
    assert len(spacetrack.seen) == 3


def test_another_spacecraft_within_the_hour_has_to_wait(both, spacetrack):
    both.update("iss", "--source", "spacetrack")
    run = both.update("hst", "--source", "spacetrack", later=10 * MINUTES)
    assert run.status == 4
    assert "nothing is held of Hubble Space Telescope (20580)" in run.err
    assert "opens at 2026-11-24 03:00 UTC" in run.err
    assert len(spacetrack.seen) == 2


def test_it_is_asked_for_what_celestrak_refuses(both, spacetrack):
    both.celestrak.fault = faults.status(403)
    run = both.update("iss", "hst")
    assert run.status == 7
    assert "Space-Track: 1 request, 2 element sets, 2 new" in run.out
    assert len(both.requests()) == 1
    assert spacetrack.paths[-1] == QUERY.format("20580,25544")
    assert len(both.kept.sets()) == 2


def test_it_is_not_asked_for_what_celestrak_has(both, spacetrack):
    assert both.update().status == 0
    assert not spacetrack.seen


def test_without_an_account_it_is_left_out_or_asks_for_one(scene):
    assert scene.update("iss").out.count("\n") == 1
    run = scene.update("iss", "--source", "spacetrack")
    assert run.status == 7
    assert run.err == "sattrack: Space-Track needs an account; see: sattrack update --help\n"


def test_a_wrong_password_is_tried_once_in_two_hours(both, spacetrack, monkeypatch):
    monkeypatch.setenv("SATTRACK_SPACETRACK_PASSWORD", "wrong-one")
    run = both.update("iss", "--source", "spacetrack")
    assert run.status == 7
    assert run.err == (
        "sattrack: login refused by Space-Track; check the account; not trying again before "
        "2026-11-24 04:00 UTC\n"
    )
    for _ in range(20):
        assert both.update("iss", "--source", "spacetrack", later=5 * MINUTES).status == 7
    assert spacetrack.logins == len(spacetrack.seen) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.status(500, RATE), "too many requests"),
        (faults.text(b'[{"error": "' + RATE + b'"}]'), "too many requests"),
        (faults.text(b'[{"Error": "' + RATE.upper() + b'"}]'), "too many requests"),
        (faults.status(500, RATE.upper()), "too many requests"),
        (faults.text(b'[{"Error": "sorry"}]'), "login refused by Space-Track"),
        (faults.text(b"<html>Login</html>"), "login refused by Space-Track"),
        (faults.text(b'[{"error": "You must be logged in"}]'), "login refused by Space-Track"),
        (faults.text(b'{"Login":"Failed"}'), "login refused by Space-Track"),
        (faults.status(401), "login refused by Space-Track"),
    ],
)
def test_refusals_are_never_data_and_are_remembered(both, spacetrack, fault, said):
    both.update("iss", "--source", "spacetrack")
    before = both.kept.sets()
    spacetrack.path_faults["/basicspacedata"] = fault
    run = both.update("iss", "--source", "spacetrack", later=90 * MINUTES)
    assert run.status == 7
    assert said in run.err
    assert "not trying again before 2026-11-24 05:30 UTC" in run.err
    assert both.kept.sets() == before
    spacetrack.seen.clear()
    spacetrack.path_faults.clear()
    assert both.update("iss", "--source", "spacetrack", later=100 * MINUTES).status == 7
    assert not spacetrack.seen
    assert both.update("iss", "--source", "spacetrack", later=25 * MINUTES).status == 0


def test_an_empty_list_is_no_answer(both, spacetrack):
    spacetrack.path_faults["/basicspacedata"] = faults.text(b"[]")
    run = both.update("iss", "--source", "spacetrack")
    assert run.status == 8
    assert "no element sets" in run.err


def test_one_that_it_does_not_have(both, spacetrack):
    spacetrack.rows = [row for row in spacetrack.rows if row["NORAD_CAT_ID"] != "45246"]
    run = both.update("gems", "iss", "--source", "spacetrack")
    assert run.status == 4
    assert "no GP data for 45246" in run.err
    assert len(both.kept.sets()) == 1


def test_never_in_the_clear(both, spacetrack, monkeypatch):
    monkeypatch.setenv("SATTRACK_SPACETRACK_URL", "http://www.space-track.org")
    run = both.update("iss", "--source", "spacetrack")
    assert run.status == 2
    assert "https only" in run.err
    assert not spacetrack.seen


def test_the_account_may_lie_in_a_file_for_its_owner_only(both, spacetrack, monkeypatch, home):
    monkeypatch.delenv("SATTRACK_SPACETRACK_IDENTITY")
    monkeypatch.delenv("SATTRACK_SPACETRACK_PASSWORD")
    home.mkdir()
    path = home / "spacetrack.toml"
    path.write_text(f'identity = "{IDENTITY}"\npassword = "{PASSWORD}"\n')
    path.chmod(0o644)
    run = both.update("iss", "--source", "spacetrack")
    assert run.status == 9
    assert f"{path} can be read by others; run: chmod 600 {path}" in run.err
    path.chmod(0o600)
    assert both.update("iss", "--source", "spacetrack").status == 0


@pytest.fixture
def broken_account(both, monkeypatch, home):
    monkeypatch.delenv("SATTRACK_SPACETRACK_IDENTITY")
    monkeypatch.delenv("SATTRACK_SPACETRACK_PASSWORD")
    home.mkdir()
    path = home / "spacetrack.toml"
    path.write_text(f'identity = "{IDENTITY}"\npassword = "{PASSWORD}\n')
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_bad_account_is_a_fault_of_space_track_alone(
    both, spacetrack, sattrack, broken_account, mode
):
    broken_account.chmod(mode)
    run = both.update("iss")
    assert run.status == 9
    assert run.out == "CelesTrak: 1 request, 1 element set, 1 new\nSpace-Track: nothing asked\n"
    assert run.err.startswith(f"sattrack: Space-Track: {broken_account} ")
    assert run.err.count("\n") == 1
    assert both.requests() == ["gp.php?CATNR=25544"]
    assert both.update("iss", "--source", "celestrak").status == 0
    assert both.update("iss", "--source", "spacetrack").status == 9
    assert not spacetrack.seen
    run = sattrack("status", "iss", now=both.now)
    assert run.status == 0
    said = " ".join(run.out.split())
    assert f"Space-Track: {broken_account} " in said
    assert PASSWORD not in run.out + run.err


def test_no_secret_is_printed_logged_or_kept(both, spacetrack, home, caplog):
    caplog.set_level(logging.DEBUG)
    said = ""
    for fault in (None, faults.status(401), faults.status(500), faults.reset):
        spacetrack.fault = fault
        run = both.update("iss", "--source", "spacetrack", later=180 * MINUTES)
        said += run.out + run.err
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for secret in (PASSWORD, IDENTITY):
        assert secret not in said
        assert secret not in caplog.text
        assert secret.encode() not in kept
    assert all(PASSWORD not in path for path in spacetrack.paths)
