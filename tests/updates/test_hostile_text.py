"""Text from outside, on its way to a terminal, a document and a disk."""

from __future__ import annotations

import json
from datetime import timedelta

import jsonschema
import pytest
from standin import faults

HOURS = timedelta(hours=1)
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u2028" + "A" * 100_000


def schema(sattrack) -> dict:
    return json.loads(sattrack("schema", "update").out)


@pytest.fixture
def renamed(filled):
    """The ISS under a name that nobody should print."""
    filled.other_rows(lambda row: {**row, "OBJECT_NAME": HOSTILE})
    return filled


def assert_harmless(text: str) -> None:
    assert len(text) < 3000
    assert all(c.isprintable() or c == "\n" for c in text)


def test_names_on_a_terminal(renamed):
    run = renamed.update("iss")
    assert run.status == 0
    assert "renamed: ISS (ZARYA) → \\x1b]0;owned" in run.out
    assert_harmless(run.out)
    assert_harmless(run.err)


def test_names_in_json(renamed, sattrack):
    run = renamed.update("iss", "--format", "json")
    document = json.loads(run.out)
    jsonschema.Draft202012Validator(schema(sattrack)).validate(document)
    assert "\x1b" not in run.out
    assert document["new"][0]["name"] == HOSTILE
    assert document["changes"][0]["kind"] == "renamed"


@pytest.mark.parametrize(
    "fault",
    [
        faults.text(HOSTILE.encode()),
        faults.text(b"OBJECT_NAME,NORAD_CAT_ID,EPOCH\r\n\x1b[31m,\x1b[2J,\x07"),
        faults.text(b'[{"EPOCH": "\\u001b[2J", "NORAD_CAT_ID": "\\u202e1"}]'),
        faults.redirect("https://x/\x1b[2J"),
        faults.status(403, HOSTILE.encode()),
        faults.status(200, b'Invalid query: "\x1b[2J"'),
    ],
)
def test_answers_in_messages(filled, fault):
    filled.celestrak.fault = fault
    run = filled.update("iss")
    assert run.status in (7, 8)
    assert_harmless(run.err)
    # The fetch log repeats what it was told.
    again = filled.update("iss", later=HOURS)
    assert again.status in (7, 8)
    assert_harmless(again.err)


def test_names_that_the_user_mistypes(scene):
    for arguments in (("--group", HOSTILE), ("--source", HOSTILE), (HOSTILE,)):
        run = scene.update(*arguments)
        assert run.status in (2, 3, 9)
        assert_harmless(run.err)


def test_every_kind_of_report_fits_its_schema(scene, sattrack):
    validator = jsonschema.Draft202012Validator(
        schema(sattrack), format_checker=jsonschema.FormatChecker()
    )
    runs = [scene.update("--format", "json")]
    runs.append(scene.update("--format", "json", later=HOURS))
    scene.celestrak.rows = scene.celestrak.rows[5:]
    runs.append(scene.update("--format", "json", later=2 * HOURS))
    scene.celestrak.fault = faults.status(403)
    runs.append(scene.update("korea", "--format", "json", later=3 * HOURS))
    everywhere_else = ("danuri", "--source", "celestrak")
    runs.append(scene.update(*everywhere_else, "--format", "json", later=HOURS))
    for run in runs:
        document = json.loads(run.out)
        validator.validate(document)
        assert document["status"] == run.status
    assert [run.status for run in runs] == [0, 0, 4, 7, 4]


def test_links_in_the_home_are_not_written_through(scene, spacetrack, home, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    home.mkdir()
    for name in ("update-owner.json", "spacetrack-login.json", "spacetrack-requests.json"):
        (home / name).symlink_to(precious)
    scene.update("iss", "--source", "spacetrack")
    assert len(spacetrack.seen) == 2
    assert precious.read_text() == "keep me"
