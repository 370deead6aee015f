"""`sattrack status` and `sattrack schedule`: how things stand, and how they stay so."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import subprocess
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from standin import faults
from standin.fixtures import celestrak, filled, horizons, kept, scene, spacetrack

from sattrack.updates.schedules import (
    Schedule,
    crontab_text,
    stable_minute,
    systemd_text,
)
from sattrack.views.tables import cells_wide

__all__ = ["celestrak", "filled", "horizons", "kept", "scene", "spacetrack"]

HOURS = timedelta(hours=1)


@pytest.fixture
def status(scene, sattrack):
    """The document of `sattrack status`, checked against its schema."""
    schema = json.loads(sattrack("schema", "status").out)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    def ask(*names: str) -> dict:
        run = sattrack("status", *names, "--format", "json", now=scene.now)
        assert run.status == 0, run.err
        document = json.loads(run.out)
        validator.validate(document)
        return document

    return ask


def by_id(document: dict) -> dict[str, dict]:
    return {item["spacecraft"]["id"]: item for item in document["results"]}


def test_before_the_first_update(status, scene, home):
    document = status()
    assert document["store"]["sets"] == 0
    found = by_id(document)
    assert len(found) > 70
    assert found["iss"]["held"]["source"] == "embedded"
    assert found["iss"]["due_at"] == "2026-11-24T02:00:00.000Z"
    assert found["kps-geo-1"]["held"] is found["kps-geo-1"]["due_at"] is None
    assert found["danuri"]["due_at"] == "2026-11-24T02:00:00.000Z"
    assert found["danuri"]["held"]["source"] == "embedded"
    assert found["danuri"]["held"]["error_km"] == 5.0
    assert document["embedded"] == {"retrieved_at": "2026-10-08T00:00:00.000Z", "age_days": 47.083}
    assert document["earth_orientation"]["age_days"] > 0
    assert scene.requests() == []
    assert not (home / "store.sqlite").exists()


def test_what_is_held_and_due(status, scene):
    scene.update()
    scene.now += HOURS
    found = by_id(status())
    assert found["iss"]["held"]["source"] == "celestrak"
    assert found["iss"]["held"]["retrieved_at"].startswith("2026-11-24T02:00:0")
    assert found["iss"]["due_at"].startswith("2026-11-24T04:00:0")
    assert found["intelsat-40e"]["held"]["source"] == "celestrak-sup"
    danuri = found["danuri"]
    assert danuri["due_at"].startswith("2026-11-25T01:00:0")
    assert danuri["held"]["source"] == "horizons"
    assert danuri["held"]["epoch"] == danuri["held"]["data_until"] == "2026-11-20T00:00:00.000Z"
    assert danuri["held"]["coverage"]["end"] == "2026-12-08T23:58:50.817Z"
    scene.now += 2 * HOURS
    assert by_id(status("iss"))["iss"]["due_at"] == "2026-11-24T05:00:00.000Z"


def test_who_refused_us_until_when(status, filled, sattrack):
    filled.celestrak.fault = faults.status(403)
    filled.update("iss")
    document = status("iss")
    celestrak, spacetrack, horizons_ = document["sources"]
    assert horizons_["ready"]
    assert celestrak["shut"]["status"] == 7
    assert celestrak["shut"]["message"] == "refused by CelesTrak (403)"
    assert celestrak["shut"]["until"].startswith("2026-11-24T06:30:0")
    assert celestrak["last"]["outcome"] == "refused"
    assert celestrak["last_good"]["outcome"] == "new"
    assert (spacetrack["ready"], spacetrack["fault"]) == (False, None)
    assert by_id(document)["iss"]["due_at"] == celestrak["shut"]["until"]
    text = sattrack("status", "iss", "--tz", "KST", now=filled.now).out
    assert "CelesTrak: refused by CelesTrak (403); not asked before 2026-11-24 15:30:00 KST" in text
    assert "Space-Track: no account" in text


def test_what_is_not_offered(status, filled, sattrack):
    filled.celestrak.rows = []
    filled.update("iss")
    (item,) = status("iss")["results"]
    assert [mark["source"] for mark in item["not_offered"]] == ["celestrak"]
    assert item["due_at"].startswith("2026-11-24T06:30")
    assert "not offered since 2026-11-24" in sattrack("status", "iss").out


def test_no_line_is_wider_than_the_screen(scene, sattrack):
    scene.celestrak.rows = [r for r in scene.celestrak.rows if r["NORAD_CAT_ID"] != "25544"]
    scene.update("hst")
    scene.update("iss")
    scene.celestrak.fault = faults.redirect("https://celestrak.example.org/somewhere/else", 302)
    scene.update("css", later=HOURS)
    text = sattrack("status", now=scene.now).out
    assert "not offered since" in text
    assert "moved to" in text
    assert max(map(cells_wide, text.splitlines())) <= 80


def test_a_damaged_store_is_told_of_once(filled, sattrack):
    filled.kept.path.write_bytes(b"this is no database" * 100)
    run = sattrack("status", "iss", now=filled.now)
    assert run.status == 0
    assert run.err.count("is damaged") == run.err.count("\n") == 1


def test_a_table_for_people(scene, sattrack):
    text = sattrack("status", "gems", "kps-geo-1").out
    assert "nothing stored yet; run: sattrack update" in text
    scene.update("gems", "intelsat-40e")
    text = sattrack("status", "gems", "kps-geo-1", "tempo", "--tz", "UTC", now=scene.now).out
    assert "2 element sets of 2 objects stored" in text
    assert re.search(
        r"GEO-KOMPSAT-2B +45246 +celestrak +0\.\d d +2026-11-24 01:\d\d +11-24 04:00", text
    )
    assert re.search(r"KPS GEO-1 +planned", text)
    assert "CelesTrak: asked 2026-11-24 02:00:00 UTC" in text
    assert "Earth orientation: measured through 20" in text
    assert "Embedded element sets: copied on 2026-10-08 (47 days ago)" in text


def test_ephemerides_alone_are_something(status, scene, sattrack):
    scene.update("danuri")
    assert status("danuri")["store"] | {"path": ""} == {
        "path": "",
        "sets": 0,
        "objects": 0,
        "ephemerides": 1,
    }
    text = sattrack("status", "danuri", now=scene.now).out
    assert text.partition("\n")[0].endswith(": 1 ephemeris stored")
    scene.update("danuri", "gems", later=25 * HOURS)
    text = sattrack("status", "danuri", now=scene.now).out
    assert "1 element set of 1 object and 2 ephemerides stored" in text


def test_unknown_names(sattrack):
    assert sattrack("status", "nonsense").status == 3


# Schedules


def plan(**changes) -> Schedule:
    values = {
        "command": ("/opt/my tools/100%/sattrack",),
        "home": "/data/100% $sat",
        "log": Path("/data/100% $sat/update.log"),
        "minute": 7,
    }
    return Schedule(**{**values, **changes})


def test_the_minute_is_random_and_stays():
    minutes = {stable_minute(f"machine {n}") for n in range(500)}
    assert minutes == set(range(2, 28))  # and the half hour later; never :00 or :30
    assert stable_minute("machine") == stable_minute("machine")


def test_a_crontab_line_runs_as_cron_runs_it(tmp_path):
    """With /bin/sh, hardly any environment, and % as crontab(5) reads it."""
    tool = tmp_path / "my tools" / "100%" / "sattrack"
    tool.parent.mkdir(parents=True)
    tool.write_text('#!/bin/sh\necho "$SATTRACK_HOME" "$@"\n')
    tool.chmod(0o755)
    home = tmp_path / "100% $sat"
    text = crontab_text(plan(command=(str(tool),), home=str(home), log=home / "update.log"))
    (line,) = [line for line in text.splitlines() if not line.startswith("#")]
    minutes, *rest, command = line.split(" ", 5)
    assert (minutes, rest) == ("7,37", ["*"] * 4)
    assert not re.search(r"(?<!\\)%", command)
    command = command.replace(r"\%", "%")
    subprocess.run(["/bin/sh", "-c", command], env={"PATH": "/usr/bin:/bin"}, check=True)
    said = (home / "update.log").read_text()
    assert said == f"{home} update --quiet --random-delay 60\n"


def test_systemd_units():
    text = systemd_text(plan())
    service, timer = text.split("# ~/.config/systemd/user/sattrack-update.timer\n")
    units = []
    for unit in (service, timer):
        parser = configparser.ConfigParser(interpolation=None, strict=True)
        parser.optionxform = str  # type: ignore[assignment]
        parser.read_string(unit)
        units.append(parser)
    assert units[1]["Timer"]["OnCalendar"] == "*-*-* *:07,37:00"
    run = units[0]["Service"]
    assert run["Type"] == "oneshot"
    assert run["ExecStart"] == (
        '"/opt/my tools/100%%/sattrack" "update" "--quiet" "--random-delay" "60"'
    )
    assert run["Environment"] == '"SATTRACK_HOME=/data/100%% $sat"'
    assert run["StandardOutput"] == "append:/data/100%% $sat/update.log"


@pytest.mark.parametrize("kind", ["cron", "systemd"])
def test_the_command_is_absolute_and_exists(sattrack, home, kind):
    run = sattrack("schedule", kind)
    assert (run.status, run.err) == (0, "")
    assert run.out == sattrack("schedule", kind).out
    assert f"SATTRACK_HOME={home}" in run.out
    assert str(home / "update.log") in run.out
    words = shlex.split(run.out.replace("ExecStart=", ""), comments=True)
    command = next(word for word in words if word.endswith(("/sattrack", "/python")))
    assert os.path.isabs(command)
    assert Path(command).exists()
    assert not home.exists()


@pytest.mark.parametrize("kind", ["cron", "systemd"])
def test_what_a_schedule_does_not_know_is_said_in_a_comment(sattrack, monkeypatch, kind):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    before = sattrack("schedule", kind).out
    assert "Set in this shell" not in before
    monkeypatch.setenv("SATTRACK_SPACETRACK_PASSWORD", "s3cret")
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", "https://mirror.test")
    monkeypatch.setenv("https_proxy", "http://me:s3cret@proxy.test")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ca.pem")
    after = sattrack("schedule", kind).out
    (comment,) = set(after.splitlines()) - set(before.splitlines())
    assert comment == (
        "# Set in this shell, but not when this runs: REQUESTS_CA_BUNDLE, "
        "SATTRACK_CELESTRAK_URL, SATTRACK_SPACETRACK_PASSWORD, https_proxy"
    )


@pytest.mark.parametrize("kind", ["cron", "systemd"])
@pytest.mark.parametrize("name", ["/data/a\n* * * * * rm -r /", "/data/a\rb", "/data/\x1b[31m"])
def test_a_name_with_a_line_break_goes_into_no_schedule(sattrack, monkeypatch, kind, name):
    monkeypatch.setenv("SATTRACK_HOME", name)
    run = sattrack("schedule", kind)
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("sattrack: a schedule cannot hold '/data/")
    assert run.err.count("\n") == 1


def test_a_scheduler_must_be_named(sattrack):
    assert sattrack("schedule").status == 2
    assert sattrack("schedule", "at").status == 2
