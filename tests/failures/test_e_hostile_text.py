"""Text from outside on its way to terminals, spreadsheets and disks; and what it costs.

The ISS is held, and it is 04:30.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from failures.witness import MINUTES, Witness
from standin import Fault, faults

Sattrack = Callable[..., Any]
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u2028" + "A" * 100_000
TWO_HOURS = "not trying again before 2026-11-24 06:30 UTC"

# What cannot be seen is left out before the beginning is quoted.
QUOTED = "]0;owned[2Jgnp.exe"

ANSWERS: dict[str, tuple[Fault, int, str]] = {
    "1 a body": (
        faults.text(HOSTILE.encode()),
        8,
        f"CelesTrak: not element sets in any known form: '{QUOTED.ljust(80, 'A')}'",
    ),
    "1 NUL": (
        faults.text(b"ISS\0" + HOSTILE.encode()),
        8,
        "CelesTrak: not text: byte 0x00 at offset 3",
    ),
    "1 cells": (
        faults.text(b"OBJECT_NAME,NORAD_CAT_ID,EPOCH\r\n\x1b[31m,\x1b[2J,\x07"),
        8,
        "CelesTrak: line 1: there is no column MEAN_MOTION",
    ),
    "1 JSON": (
        faults.text(b'[{"EPOCH": "\\u001b[2J", "NORAD_CAT_ID": "\\u202e1"}]'),
        8,
        "CelesTrak: the answer for 25544 lacks International Space Station (25544)",
    ),
    "1 a refusal": (faults.status(403, HOSTILE.encode()), 7, "refused by CelesTrak (403)"),
    "1 an address": (
        faults.redirect("https://x/\x1b[2J"),
        7,
        "CelesTrak moved to 'https://x/\\x1b[2J'; update the base URL, SATTRACK_CELESTRAK_URL",
    ),
    "1 a query": (
        faults.text(b'Invalid query: "\x1b[2J\xe2\x80\xae"'),
        8,
        "CelesTrak: 'Invalid query: \"\\x1b[2J\\u202e\"'",
    ),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_answers_in_messages(iss_held: Witness, case: str) -> None:
    """Quoted, escaped and short; also by the run after, which repeats what the log says."""
    iss_held.scene.celestrak.fault, status, said = ANSWERS[case]
    until = f"{said}; {TWO_HOURS}"
    assert all(c.isprintable() for c in said)
    iss_held.sees("iss", "hst", status=status, sent=1, said=until if status == 7 else said)
    iss_held.sees("iss", status=status, sent=0, said=until, later=5 * MINUTES)


@pytest.fixture
def renamed(iss_held: Witness) -> Witness:
    """The ISS comes under a name that nobody should print."""
    iss_held.scene.other_rows(lambda row: {**row, "OBJECT_NAME": HOSTILE})
    return iss_held


def test_1_a_name_on_a_terminal(renamed: Witness) -> None:
    out = renamed.sees("iss", status=0, sent=1, new=1)
    assert "renamed: ISS (ZARYA) → \\x1b]0;owned\\x07\\x1b[2J\\u202egnp.exe\\u2028AAA" in out
    assert all(c.isprintable() or c == "\n" for c in out)
    assert max(map(len, out.splitlines())) < 1000


def test_1_a_name_in_json_is_the_raw_one(renamed: Witness) -> None:
    out = renamed.sees("iss", "--format", "json", status=0, sent=1, new=1)
    assert all(c.isprintable() or c == "\n" for c in out)
    assert json.loads(out)["new"][0]["name"] == HOSTILE


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-2+3", "@x"])
def test_2_a_cell_is_no_formula(nothing_held: Witness, sattrack: Sattrack, name: str) -> None:
    """The catalog does not know the object, so that it goes by the name that came."""
    scene = nothing_held.scene
    scene.celestrak.rows = [
        {**row, "NORAD_CAT_ID": "270001", "OBJECT_ID": ""}
        for row in scene.celestrak.rows
        if row["NORAD_CAT_ID"] == "25544"
    ]
    scene.other_rows(lambda row: {**row, "OBJECT_NAME": name})
    nothing_held.sees("270001", status=0, sent=1, new=1)
    before = nothing_held.stored()
    run = sattrack("position", "270001", "--format", "csv", now=scene.now)
    (row,) = csv.DictReader(io.StringIO(run.out, newline=""))
    assert (run.status, run.err) == (0, "")
    assert row["name"] == f"'{name}"
    assert (nothing_held.sent(), nothing_held.stored()) == (0, before)


@pytest.mark.parametrize("group", ["../../etc/passwd", "active&FORMAT=TLE", "a b", "\u202eevitca"])
def test_4_a_group_is_a_word(iss_held: Witness, group: str) -> None:
    shown = group.replace("\u202e", "\\u202e")
    said = f"'{shown}' is not the name of a CelesTrak group"
    iss_held.sees("--group", group, status=2, sent=0, said=said)


def files(home: Path) -> set[Path]:
    """Return all files but those that SQLite keeps beside a database in use."""
    return {path for path in home.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


def test_4_a_name_becomes_no_path(renamed: Witness, home: Path) -> None:
    names = files(home)
    renamed.scene.other_rows(lambda row: {**row, "OBJECT_NAME": "../../../tmp/x"})
    renamed.sees("iss", status=0, sent=1, new=1)
    assert files(home) == names


def test_4_links_are_not_written_through(session: Witness, home: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    for name in ("update-owner.json", "spacetrack-login.json", "spacetrack-requests.json"):
        (home / name).unlink(missing_ok=True)
        (home / name).symlink_to(precious)
    session.sees("iss", "--source", "spacetrack", status=0, sent=2, new=1)
    assert precious.read_text() == "keep me"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "precious"]


def test_4_a_link_in_place_of_the_store(iss_held: Witness, home: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"keep me" * 1000)
    path = home / "store.sqlite"
    path.unlink()
    path.symlink_to(precious)
    assert iss_held.scene.update("iss").status == 9
    assert iss_held.sent() == 0
    assert precious.read_bytes() == b"keep me" * 1000
