"""Full disks, wrong clocks, homes that are not there: no traceback, and nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from standin import CelesTrakStandin, at_epoch, csv_text, faults, serving
from standin.server import TLS

from sattrack import updates
from sattrack.cli import update as command
from sattrack.errors import StorageError
from sattrack.store import Fetch, Store

CRON = Path(__file__).with_name("cron.py")
MINUTES = timedelta(minutes=1)
ISS = "gp.php?CATNR=25544"


def process(scene, *arguments: str, environment: dict[str, str] | None = None, **options):
    return subprocess.run(
        [sys.executable, str(CRON), scene.now.isoformat(), *arguments],
        env=os.environ if environment is None else environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        **options,
    )


def test_a_full_disk(filled, sattrack):
    before = filled.kept.sets()
    rows = filled.celestrak.rows
    filled.celestrak.rows = [
        {**rows[n % len(rows)], "NORAD_CAT_ID": str(200_000 + n), "OBJECT_ID": ""}
        for n in range(3000)
    ]
    filled.celestrak.now = filled.now

    def little_room() -> None:
        room = filled.kept.path.stat().st_size + 100_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    run = process(filled, "--group", "active", preexec_fn=little_room)
    assert run.returncode == 9, run.stderr
    assert run.stderr.startswith(f"sattrack: cannot use {filled.kept.path}: ")
    assert run.stderr.count("\n") == 1
    # The old data answer.
    assert sattrack("position", "iss", now=filled.now).status == 0
    assert filled.kept.sets() == before
    assert filled.requests() == ["gp.php?GROUP=active"]
    # What was lost may be asked for once more, but CelesTrak does not give it twice.
    run = filled.update("--group", "active", later=5 * MINUTES)
    assert run.status == 6
    assert "was interrupted, and CelesTrak does not give it twice; its next window" in run.err
    assert len(filled.requests()) == 1
    assert filled.update("--group", "active", later=125 * MINUTES).status == 0
    assert len(filled.kept.sets()) == len(before) + 3000


@pytest.mark.parametrize("name", ["hst", "danuri"])
def test_data_and_their_line_in_the_log_are_kept_together(filled, monkeypatch, name):
    """What cannot be noted is not kept, so that `interrupted` never speaks of what is there."""
    held, tables = filled.kept.sets(), filled.kept.tables()
    plain = Store.log_fetch

    def log_fetch(self: Store, fetch: Fetch) -> None:
        if fetch.outcome == "new":
            raise StorageError("no room for the last line")
        plain(self, fetch)

    monkeypatch.setattr(Store, "log_fetch", log_fetch)
    run = filled.update(name)
    assert (run.status, run.err) == (9, "sattrack: no room for the last line\n")
    assert (filled.kept.sets(), filled.kept.tables()) == (held, tables)
    assert filled.kept.log()[-1][2] == "failed"
    monkeypatch.setattr(Store, "log_fetch", plain)
    filled.celestrak.downloads.clear()  # it gives it again
    run = filled.update(name, later=5 * MINUTES)
    assert (run.status, run.err) == (0, "")
    assert len(filled.kept.sets()) + len(filled.kept.tables()) > len(held) + len(tables)


def test_a_damaged_store_is_set_aside(filled):
    filled.kept.path.write_bytes(b"this is no database" * 100)
    run = filled.update("iss", "danuri")
    assert run.status == 9
    assert "was damaged" in run.err
    assert list(filled.kept.path.parent.glob("store.sqlite.corrupt-*"))
    # Whoever refused us stands in the lost log: nobody is asked before refusals end.
    lost = "who was asked for what was lost with the damaged store; not trying again before"
    for _ in range(5):
        assert f"CelesTrak: {lost} 2026-11-24 06:30 UTC" in run.err
        assert f"Horizons: {lost} 2026-11-24 06:30 UTC" in run.err
        run = filled.update("iss", "danuri", later=20 * MINUTES)
        assert run.status == 9
    assert filled.requests() == []
    assert not filled.horizons.seen
    assert filled.update("iss", "danuri", later=25 * MINUTES).status == 0
    assert filled.requests() == [ISS]
    assert len(filled.kept.sets()) == 1


def test_a_damaged_store_is_told_of_once(filled):
    """Names are looked up in it before it is opened for writing."""
    filled.kept.path.write_bytes(b"this is no database" * 100)
    run = filled.update("iss")
    assert run.err.count("damaged (") == 1
    assert run.err.count("warning:") == 1


def test_a_file_is_read_though_the_store_was_damaged(filled, tmp_path):
    path = tmp_path / "iss.csv"
    path.write_bytes(csv_text([at_epoch(filled.celestrak.rows[1], filled.now)]))
    filled.kept.path.write_bytes(b"this is no database" * 100)
    run = filled.update("--source", str(path))
    assert run.status == 0
    assert "was damaged" in run.err


def test_a_store_set_aside_by_a_clock_that_was_years_ahead_silences_nobody(scene):
    scene.kept.path.parent.mkdir()
    for stamp in ("20360101T000000Z", "20261123T235900Z", "nonsense", "99999999T000000Z"):
        scene.kept.path.with_name(f"store.sqlite.corrupt-{stamp}").touch()
    assert scene.update("iss").status == 0
    assert scene.requests() == [ISS]


def test_a_home_that_cannot_be_written(scene, home, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    below_a_file = tmp_path / "file" / "home"
    monkeypatch.setenv("SATTRACK_HOME", str(below_a_file))
    run = scene.update("iss")
    assert run.status == 9
    assert run.err.startswith("sattrack: cannot write ")
    assert str(below_a_file) in run.err
    assert scene.requests() == []


def test_as_cron_runs_it(scene, tmp_path):
    """No HOME, hardly a PATH, no locale, no terminal."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "SATTRACK_CELESTRAK_URL": scene.celestrak.url,
        "SATTRACK_HORIZONS_URL": scene.horizons.url,
    }
    scene.celestrak.rows[0] = {**scene.celestrak.rows[0], "OBJECT_NAME": "하늘"}
    for language in ({}, {"LANG": "C"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}):
        run = process(scene, environment={**environment, **language})
        assert (run.returncode, run.stderr) == (0, "")
        assert "\x1b" not in run.stdout
        assert "\r" not in run.stdout
    assert (tmp_path / "data" / "sattrack" / "store.sqlite").exists()


def test_quiet_says_nothing_when_nothing_changed(filled):
    run = filled.update("iss", "--quiet")
    assert run.out == "2026-11-24T04:30:00Z CelesTrak: 1 request, 1 element set, 1 new\n"
    run = filled.update("iss", "--quiet", later=5 * MINUTES)
    assert (run.status, run.out, run.err) == (0, "", "")
    filled.celestrak.fault = faults.status(403)
    run = filled.update("iss", "--quiet", later=150 * MINUTES)
    assert run.status == 7
    assert run.err.startswith("2026-11-24T07:05:00Z sattrack: refused by CelesTrak (403); ")
    assert run.err.count("\n") == 1
    # Told once; the status stays.
    run = filled.update("iss", "--quiet", later=5 * MINUTES)
    assert (run.status, run.out, run.err) == (7, "", "")


def test_every_line_of_a_log_begins_with_the_time(filled, monkeypatch, tmp_path):
    filled.other_rows(lambda row: {**row, "OBJECT_NAME": "ISS (RETIRED)", "MEAN_ANOMALY": "7"})
    filled.kept.path.with_name("spacetrack.toml").write_text("[")
    run = filled.update("iss", "--quiet", "--report-passes", "seoul")
    assert run.status == 9
    assert run.out.count("\n") > 4
    for line in (run.out + run.err).splitlines():
        assert line.startswith("2026-11-24T04:30:00Z ")
    # So do errors that end everything, but not a document.
    run = filled.update("iss", "--quiet", "--group", "active")
    assert run.err == "2026-11-24T04:30:00Z sattrack: name spacecraft or a --group, not both\n"
    run = filled.update("iss", "--quiet", "--format", "json", later=150 * MINUTES)
    assert run.out.startswith("{")
    assert run.err.startswith("sattrack: ")


def test_one_run_by_a_wrong_clock_is_not_held_against_all_later_runs(scene):
    days = timedelta(days=1)
    row = at_epoch(scene.celestrak.rows[1], scene.now)
    scene.celestrak.fault = faults.text(csv_text([row]))
    assert scene.update("iss", later=1000 * days).status == 0
    scene.celestrak.fault = None
    assert "system clock looks wrong" in scene.update("iss", later=-1000 * days).err
    for later in (1, 29, 370):
        run = scene.update("iss", later=later * days)
        assert (run.status, run.err) == (0, "")


def test_a_clock_that_goes_back_in_autumn_is_no_wrong_clock(filled):
    filled.update("iss")
    assert filled.update("iss", later=-59 * MINUTES).err == ""
    assert "system clock looks wrong" in filled.update("iss", later=-2 * MINUTES).err


def test_a_clock_that_was_years_ahead_does_not_silence_us_for_years(scene):
    year = timedelta(days=365)
    assert scene.update("iss", later=10 * year).status == 0
    scene.requests()
    scene.celestrak.downloads.clear()
    run = scene.update("iss", later=-10 * year)
    assert run.err.startswith(
        "sattrack: warning: system clock looks wrong: it says 2026-11-24 02:00 UTC, and the last "
        "update was at 2036-"
    )
    assert scene.requests() == [ISS]
    # By this clock it was asked now, and is not asked again.
    run = scene.update("iss", later=5 * MINUTES)
    assert run.status == 0
    assert scene.requests() == []


def test_a_clock_that_is_years_behind(filled):
    before = filled.kept.sets()
    row = at_epoch(filled.celestrak.rows[1], filled.now)
    filled.celestrak.fault = faults.text(csv_text([row]))
    run = filled.update("iss", later=timedelta(days=-700))
    assert run.status == 8
    assert "system clock looks wrong" in run.err
    assert "lies more than 2 days after 2024-12-" in run.err
    assert filled.kept.sets() == before
    for _ in range(3):
        assert filled.update("iss", later=5 * MINUTES).status == 8
    assert filled.requests() == [ISS]


def test_elements_from_the_future_betray_a_wrong_clock(filled, kept):
    with Store.open(kept.path) as store:
        (item,) = store.history(25544)
    kept.path.unlink()
    with Store.open(kept.path) as store:
        store.add([item])
    run = filled.update("iss", later=timedelta(days=-30))
    assert "system clock looks wrong: it says 2026-10-25 " in run.err
    assert "there are elements of 2026-11-24 " in run.err


def test_a_clock_set_back_a_little_sends_nothing_twice(filled):
    filled.update("iss")
    filled.requests()
    assert filled.update("iss", later=timedelta(hours=-1)).status == 0
    assert filled.requests() == []


def test_a_clock_set_back_meanwhile():
    with time_machine.travel("2026-11-24T02:00Z", tick=False) as machine:
        clock = updates.ticking(updates_now := _now())
        machine.move_to("2020-01-01T00:00Z")
        assert timedelta(0) <= clock() - updates_now < timedelta(seconds=10)


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_a_certificate_of_another(scene, monkeypatch):
    with serving(CelesTrakStandin(), "expired.pem") as server:
        monkeypatch.setenv("SATTRACK_CELESTRAK_URL", server.url)
        run = scene.update("iss")
        assert run.status == 6
        assert "self-signed certificate" in run.err.replace("self signed", "self-signed")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(TLS / "expired.pem"))
        run = scene.update("iss")
        assert run.status == 6
        assert "certificate of 127.0.0.1 is not accepted: it expired 2021-01-01" in run.err
        assert not server.seen


def test_a_proxy_that_wants_a_login(scene, monkeypatch):
    scene.celestrak.fault = faults.status(407)
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", "http://celestrak.test")
    monkeypatch.setenv("http_proxy", scene.celestrak.url)
    run = scene.update("iss")
    assert run.status == 6
    assert "the proxy wants a login (407)" in run.err


def test_a_random_delay_spreads_the_herd(scene, monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    for option in ("--random-delay", "--jitter"):
        assert scene.update("iss", option, "90").status == 0
    assert len(slept) == 2
    assert all(0.0 <= seconds <= 90.0 for seconds in slept)
    scene.update("iss")
    assert len(slept) == 2


def test_a_crash_writes_no_memory_to_a_disk(scene):
    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        scene.update("iss")
        assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_no_progress_but_on_a_terminal(scene, monkeypatch, capsys):
    run = scene.update()
    assert run.err == ""
    progress = command._Progress()
    source = type("", (), {"title": "CelesTrak"})()
    progress(source, "group active", 10)
    assert capsys.readouterr().err == ""
    progress(source, "group active", 2_400_000)
    assert capsys.readouterr().err == "\rCelesTrak, group active: 2.4 MB"
    progress.clear()
    assert capsys.readouterr().err.strip(" \r") == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("iss", "--group", "active"), "not both"),
        (("iss", "--tz", "Nowhere/City"), "unknown time zone 'Nowhere/City'"),
        (("--group", "a b"), "not the name of a CelesTrak group"),
        (("--group", "active", "--source", "spacetrack"), "no groups"),
        (("--group", "active", "--source", "-"), "no groups"),
        (("--source", "celestrack"), "choose celestrak, spacetrack, horizons, or a file"),
        (("--group", "active", "--source", "horizons"), "horizons has no groups"),
    ],
)
def test_usage(scene, spacetrack, arguments, said):
    run = scene.update(*arguments)
    assert run.status == 2
    assert said in run.err
    assert scene.requests() == []


def test_unknown_names_and_what_nobody_publishes(scene):
    assert scene.update("nonsense").status == 3
    run = scene.update("kps")
    assert run.status == 4
    assert "is planned" in run.err
    run = scene.update("korea")
    assert run.status == 0
    run = scene.update("korea", "--source", "celestrak", later=timedelta(hours=3))
    assert run.status == 0
    assert "Danuri is tracked by ephemeris; run: sattrack update danuri; the only" in run.out
