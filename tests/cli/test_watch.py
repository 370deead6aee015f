"""`sattrack watch` before its screen is drawn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sattrack.cli.watch import screen_of

GOLDEN = Path(__file__).parents[1] / "golden" / "element_sets.tle"


def test_without_the_extra_it_names_the_command(sattrack, monkeypatch):
    monkeypatch.setitem(sys.modules, "textual.app", None)
    monkeypatch.delitem(sys.modules, "sattrack.views.live.app", raising=False)
    run = sattrack("watch", "iss", "--at", "seoul")
    assert run.status == 2
    assert run.err == (
        "sattrack: watch needs an extra; run: python -m pip install 'sattrack-missions[tui]'\n"
    )


def test_without_a_terminal_it_names_another_command(sattrack):
    run = sattrack("watch", "iss", "--at", "seoul")
    assert run.status == 2
    assert "sattrack position" in run.err
    assert not run.out


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["iss", "--at", "dsn"], 2, "one place"),
        (["iss", "--at", "nowhere-at-all"], 3, "nowhere-at-all"),
        (["no-such-craft", "--at", "seoul"], 3, "no-such-craft"),
        (["iss", "--at", "seoul", "--elements", "-"], 2, "give --elements a file"),
        (["iss", "--at", "seoul", "--elements", "absent.tle"], 9, "absent.tle"),
        (["iss", "--at", "seoul", "--start", "1900-01-01"], 2, "1957"),
        (["iss", "--at", "seoul", "--tz", "CST"], 2, "CST"),
        (["iss", "--at", "seoul", "--min-elevation", "95"], 2, "95"),
        (["iss", "--at", "seoul", "--max-age", "1h"], 5, "--max-age"),
        (["danuri", "--at", "seoul", "--start", "2040-01-01"], 4, "Danuri"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_line(sattrack, arguments, status, says):
    run = sattrack("watch", *arguments)
    assert (run.status, run.err.count("\n")) == (status, 1)
    assert says in run.err


def test_the_options_reach_the_screen(home):
    screen = screen_of(["seoul"], ["gems"], "2026-10-08T02:00Z", 20.0, "UTC")
    assert screen.shown.answer.time.isoformat() == "2026-10-08T02:00:00+00:00"
    assert screen.shown.answer.min_elevation_deg == 20.0
    assert str(screen.shown.zone) == "UTC"
    screen = screen_of(["seoul"], elements=str(GOLDEN), start="2026-10-08T02:00Z")
    assert len(screen.shown.answer.results) == 14
    screen = screen_of(["seoul"], start="2026-10-08T02:00Z", as_of="2026-10-09T00:00Z")
    assert {r.tracked.spacecraft.id for r in screen.shown.answer.results} >= {
        "danuri",
        "geo-kompsat-2b",
        "intelsat-40e",
        "425-sat-1",
    }


def test_no_other_command_imports_textual(home):
    code = (
        "import sys; from sattrack.cli.main import run; import sattrack.cli.watch\n"
        "for command in (['--help'], ['watch', '--help'], ['position', 'iss', '--at', 'kdsa'],\n"
        "                ['passes', 'iss', '--at', 'kdsa'], ['list', 'kps'], ['status']):\n"
        "    run(command)\n"
        "heavy = {'textual', 'rich'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
