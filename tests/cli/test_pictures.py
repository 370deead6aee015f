"""`sattrack sky` and `sattrack map`, from an empty home and without a network."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sattrack.views.tables import cells_wide

WHEN = ("--start", "2026-07-24T00:00Z", "--tz", "UTC")
SKY = ("sky", "iss", "--at", "seoul", "--days", "0.6", *WHEN)
MAP = ("map", "iss", "gems", *WHEN)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("command", [SKY, MAP])
@pytest.mark.parametrize("width", ["80", "120"])
def test_pictures_fit_the_terminal(sattrack, monkeypatch, command, width):
    monkeypatch.setenv("COLUMNS", width)
    run = sattrack(*command)
    assert run.status == 0, run.err
    assert "\x1b" not in run.out
    assert max(map(cells_wide, run.out.splitlines())) <= int(width)
    assert len(re.findall("[\u2801-\u28ff]", run.out)) > 200


@pytest.mark.parametrize("command", [SKY, ("map", "danuri", "--pole", "south")])
def test_the_name_of_the_file_says_which_form(sattrack, tmp_path, command):
    pytest.importorskip("matplotlib")
    begins = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}
    begins["txt"] = command[0].title().encode()
    for suffix, begin in begins.items():
        file = tmp_path / f"picture.{suffix}"
        run = sattrack(*command, "-o", str(file))
        assert run.status == 0, run.err
        assert run.out == ""
        assert file.read_bytes().startswith(begin)
    run = sattrack(*command, "--format", "svg")
    assert run.out.encode() == (tmp_path / "picture.svg").read_bytes()
    assert ET.fromstring(run.out.encode()).tag == f"{SVG}svg"


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_what_is_no_text_needs_a_file(sattrack, form):
    run = sattrack(*SKY, "--format", form)
    assert run.status == 2
    assert run.err == f"sattrack: --format {form} needs a file; give -o FILE.{form}\n"


def test_a_form_that_is_none_is_refused(sattrack, tmp_path):
    run = sattrack(*SKY, "-o", str(tmp_path / "sky.jpg"))
    assert run.status == 2
    assert "there are no pictures of the form 'jpg'" in run.err
    assert list(tmp_path.glob("*.jpg")) == []


@pytest.mark.parametrize("command", [SKY, MAP])
def test_without_the_extra_its_command_is_told(sattrack, monkeypatch, tmp_path, command):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    run = sattrack(*command, "-o", str(tmp_path / "picture.png"))
    assert run.status == 2
    assert "python -m pip install 'sattrack-missions[plot]'" in run.err
    assert list(tmp_path.glob("*.png")) == []


def test_svg_needs_no_extra_and_others_load_no_picture():
    code = (
        "import sys; from sattrack.cli.main import run; status = run(sys.argv[1:]); "
        "print(status, 'matplotlib' in sys.modules, 'sattrack.views.scene' in sys.modules, "
        "file=sys.stderr)"
    )

    def loaded(*arguments: str) -> str:
        found = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        return found.stderr.splitlines()[-1]

    assert loaded(*SKY, "--format", "svg") == "0 False True"
    assert loaded("passes", "iss", "--at", "seoul", *WHEN) == "0 False False"


def test_the_pictures_of_the_readme_are_what_its_commands_draw(sattrack):
    root = Path(__file__).parents[2]
    commands = re.findall(r"^sattrack (.*) -o (docs/\S+)$", (root / "README.md").read_text(), re.M)
    assert len(commands) == 2
    for command, file in commands:
        run = sattrack(*command.split(), "--format", "svg")
        # Whoever changes the pictures draws them anew, by the README's commands, and looks at them.
        assert run.out == (root / file).read_text(encoding="utf-8"), f"{file} is not up to date"


HOSTILE = "</title><script>&]]> 서울"
OWN = f"""
[sources]
own = {{ title = "Ours" }}
[[station]]
id = "roof"
name = "{HOSTILE}"
summary = "Roof"
kind = "antenna"
latitude_deg = 36.37
longitude_deg = 127.36
horizon_deg = [[0, 2], [90, 31], [100, 31], [105, 3]]
source = "own"
[[spacecraft]]
id = "ours"
name = "{HOSTILE} 2"
summary = "Ours"
orbit_data = "gp"
norad_id = 99227
source = "own"
"""
TLE = """OURS
1 99227U 13042A   26204.50000000  .00000500  00000-0  50000-4 0  9990
2 99227  97.5000 180.0000 0010000  90.0000 270.0000 15.10000000 10000
"""


def test_hostile_names_are_text(sattrack, home, tmp_path):
    from sattrack.formats.tle import checksum

    home.mkdir()
    (home / "config.toml").write_text(OWN, encoding="utf-8")
    name, *lines = TLE.splitlines()
    file = tmp_path / "ours.tle"
    file.write_text("\n".join([name, *(f"{line[:68]}{checksum(line)}" for line in lines)]) + "\n")
    for command in (
        ("sky", "ours", "--elements", str(file), "--at", "roof", "--min-elevation", "0", *WHEN),
        ("map", "ours", "--elements", str(file), "--at", "roof", *WHEN),
    ):
        run = sattrack(*command)
        assert run.status == 0, run.err
        assert HOSTILE in run.out
        run = sattrack(*command, "--format", "svg")
        assert "<script>" not in run.out
        root = ET.fromstring(run.out.encode())
        texts = [element.text or "" for element in root.iter()]
        assert len([text for text in texts if HOSTILE in text]) >= 3


def test_colour_where_there_is_colour(monkeypatch):
    from sattrack.cli.pictures import colours_wanted

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    for term, expected in (("xterm-256color", 256), ("xterm", 8), ("dumb", 0)):
        monkeypatch.setenv("TERM", term)
        monkeypatch.delenv("COLORTERM", raising=False)
        assert colours_wanted() == expected
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    assert colours_wanted() == 0


def test_a_sky_is_that_of_one_place(sattrack):
    run = sattrack("sky", "iss", "--at", "dsn", *WHEN)
    assert run.status == 2
    assert "is 3 places; a sky is that of one" in run.err


def test_east_is_where_it_is_asked_for(sattrack):
    left = sattrack(*SKY)
    right = sattrack(*SKY, "--east", "right")
    assert "east on the left (looking up)" in left.out
    assert "east on the right (as on a map)" in right.out
    row = next(line for line in right.out.splitlines() if "W " in line and line.endswith(" E"))
    assert row.index("W") < row.index("E")


def test_limits_and_visible_passes(sattrack):
    assert sattrack(*SKY, "--limit", "2").out.count("2026-07-24  ") == 2
    run = sattrack(*SKY, "--visible")
    assert run.status == 0
    assert run.out.count("2026-07-24  ") == 2  # in the evening, before it enters the shadow
    run = sattrack("sky", "gems", *SKY[2:], "--visible", "--sun-below", "-80")
    assert "Not shown, since they cannot be seen: GEO-KOMPSAT-2B." in run.out


def test_the_time_of_the_map_and_the_window_of_the_tracks(sattrack):
    run = sattrack("map", "iss", "--time", "2026-07-24T03:00Z", "--tz", "KST")
    assert run.out.startswith("Map of the Earth, 2026-07-24 12:00:00 KST, UTC+09:00\n")
    assert "12:00 to 13:32" in run.out
    run = sattrack(
        "map", "iss", "--time", "2026-07-24T03:00Z", "--start", "2026-07-23T23:00Z",
        "--end", "2026-07-24T04:30Z", "--tz", "UTC",
    )  # fmt: skip
    assert "23:00 -1d to 04:30" in run.out
    assert sattrack("map", "iss", "--end", "+1h", "--days", "1").status == 2


def test_the_moon_has_a_map_and_a_pole(sattrack):
    when = ("--time", "2026-11-24T03:00Z", "--tz", "UTC")
    run = sattrack("map", "danuri", *when)
    assert run.status == 0, run.err
    assert "Map of the Moon" in run.out
    assert "see --pole south" in run.out
    run = sattrack("map", "danuri", "--pole", "south", *when)
    assert "Haworth" in run.out
    run = sattrack("map", "danuri", "iss", *when)
    assert run.status == 2
    assert "one map shows one body" in run.err
    assert sattrack("map", "danuri", "--time", "2027-06-01T00:00Z").status == 4


def test_where_the_sun_is_not_known_there_is_no_night(sattrack):
    when = ("--start", "2060-01-01T00:00Z", "--tz", "UTC")
    run = sattrack("map", "kps-geo-2", *when)
    assert run.status == 0, run.err
    assert "night is left out of the map; Sun and Moon are known from 2000" in run.err
    assert "Shaded: night" not in run.out
    run = sattrack("sky", "kps-igso-1", "--at", "seoul", *when)
    assert run.status == 0, run.err
    assert "Light is not told of: KPS IGSO-1." in run.out


def test_each_time_says_its_clock_where_the_clock_changes(sattrack):
    run = sattrack(
        "sky", "iss", "--at", "london, gb", "--start", "2026-10-24T00:00Z", "--days", "2",
        "--tz", "Europe/London",
    )  # fmt: skip
    assert "+0100" in run.out
    assert "+0000" in run.out


def test_places_are_not_on_the_moon(sattrack):
    run = sattrack("map", "danuri", "--at", "seoul", "--time", "2026-11-24T03:00Z")
    assert run.status == 0
    assert "places are those of the Earth" in run.err


def test_unknown_names_and_places(sattrack):
    assert sattrack("sky", "nonsense", "--at", "seoul").status == 3
    assert sattrack("map", "iss", "--at", "nowhere-at-all").status == 3
    assert sattrack("map", "iss", "--pole", "east").status == 2
    assert sattrack("map").status == 2
