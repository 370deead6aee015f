"""Dots land where they should, labels cover nothing, colours stand out on any paper."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from pictures import WORLD, luminance, scene

from sattrack.views.braille import (
    COLOURS_16,
    COLOURS_256,
    Canvas,
    Palette,
    picture_size,
    scene_text,
)
from sattrack.views.scene import Area, Label, Line, Scene
from sattrack.views.tables import cells_wide

SNAPSHOT = Path(__file__).parent / "snapshots" / "scene.txt"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def dots(lines: list[str]) -> set[tuple[int, int]]:
    """Return the dots set, as (column, row), by the names that Unicode gives the patterns."""
    places = {"1": (0, 0), "2": (0, 1), "3": (0, 2), "7": (0, 3)}
    places |= {"4": (1, 0), "5": (1, 1), "6": (1, 2), "8": (1, 3)}
    found = set()
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            if character != " ":
                for number in unicodedata.name(character).partition("DOTS-")[2]:
                    x, y = places[number]
                    found.add((2 * column + x, 4 * row + y))
    return found


def drawn(*marks, bounds=WORLD, columns=80, rows=20) -> set[tuple[int, int]]:
    canvas = Canvas(columns, rows, bounds)
    canvas.draw(Scene("map", "", bounds, marks))
    return dots(canvas.lines())


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [(126.978, 37.5665), (-180.0, 90.0), (180.0, -90.0), (0.0, 0.0), (-0.01, 0.01), (179.9, 12.0)],
)
def test_a_place_is_the_dot_in_which_it_lies(longitude, latitude):
    # 160 by 80 dots of 2.25 degrees; the right and the lower edge belong to the last ones.
    column = min(int((longitude + 180.0) // 2.25), 159)
    row = min(int((90.0 - latitude) // 2.25), 79)
    point = (longitude, latitude)
    assert drawn(Line((point, point), "series0")) == {(column, row)}


def test_lines_have_no_gaps_and_dashes_do():
    whole = drawn(Line(((-180.0, 0.0), (180.0, 0.0)), "series0"))
    assert whole == {(column, 40) for column in range(160)}
    dashed = drawn(Line(((-180.0, 0.0), (180.0, 0.0)), "series0", "dashed"))
    assert dashed < whole
    assert 0.35 < len(dashed) / len(whole) < 0.65


def test_what_lies_outside_is_not_drawn():
    inside = drawn(Line(((0.0, 0.0), (400.0, 0.0)), "series0"))
    assert {row for _, row in inside} == {40}
    assert max(column for column, _ in inside) == 159
    assert not drawn(Line(((190.0, 0.0), (400.0, 0.0)), "series0"))


def test_shades_keep_to_their_area():
    ring = ((0.0, 0.0), (90.0, 0.0), (90.0, 45.0), (0.0, 45.0))
    hole = ((30.0, 15.0), (60.0, 15.0), (60.0, 30.0), (30.0, 30.0))
    shaded = drawn(Area((ring, hole), "night", shaded=True))
    assert shaded
    for column, row in shaded:
        x, y = -180.0 + 2.25 * (column + 0.5), 90.0 - 2.25 * (row + 0.5)
        assert 0.0 <= x <= 90.0
        assert 0.0 <= y <= 45.0
        assert not (30.0 < x < 60.0 and 15.0 < y < 30.0)


def test_fine_lines_are_for_paper():
    assert not drawn(Line(((0.0, 0.0), (90.0, 0.0)), "grid", fine=True))


def test_colours_stand_out_on_white_and_on_black():
    steps = (0, 95, 135, 175, 215, 255)  # of xterm's cube, from colour 16 on
    for ink, colour in COLOURS_256.items():
        red, rest = divmod(colour - 16, 36)
        green, blue = divmod(rest, 6)
        light = luminance(*(steps[part] / 255.0 for part in (red, green, blue)))
        assert 1.05 / (light + 0.05) >= 3.0, ink
        assert (light + 0.05) / 0.05 >= 3.0, ink
    assert set(COLOURS_16.values()) <= set(range(31, 37))


def test_the_picture_is_that_of_the_snapshot():
    assert scene_text(scene(), 48) == SNAPSHOT.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 120, 300])
def test_no_line_is_wider_than_the_terminal(width):
    for colours in (0, 8, 256):
        for line in scene_text(scene(), width, Palette(colours)).splitlines():
            assert cells_wide(ESCAPE.sub("", line)) <= width


def test_colour_changes_nothing_but_colour():
    plain = scene_text(scene(), 80)
    assert "\x1b" not in plain
    for colours in (8, 256):
        coloured = scene_text(scene(), 80, Palette(colours))
        assert "\x1b[" in coloured
        assert [line.rstrip() for line in ESCAPE.sub("", coloured).splitlines()] == [
            line.rstrip() for line in plain.splitlines()
        ]


def test_wide_letters_move_nothing():
    (line,) = [line for line in scene_text(scene(), 80).splitlines() if "서울" in line]
    assert line.index("+") == 68  # Seoul's column of 80: (126.978 + 180) / 4.5
    assert cells_wide(line) == 80
    assert line[-1] == "⢸" or line[-1] == "⢺"


def test_labels_do_not_cover_each_other():
    marks = [Label((0.0, 0.0), f"label {k}", "frame", ("right", "left", "above")) for k in range(9)]
    canvas = Canvas(80, 20, WORLD)
    canvas.draw(Scene("map", "", WORLD, tuple(marks)))
    text = "\n".join(canvas.lines())
    assert [f"label {k}" in text for k in range(9)] == [True] * 3 + [False] * 6


def test_hostile_text_moves_no_cursor():
    name = "\x1b[31mred\x07\u202eturned\nnext"
    text = scene_text(scene(marks=(Label((0.0, 0.0), name, "frame"),)), 80)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text


def test_maps_fill_the_width_and_round_pictures_fit_the_height():
    assert picture_size(scene(), 80) == (80, 20)
    assert picture_size(scene(), 120) == (120, 30)
    assert picture_size(scene(), 500) == (160, 40)
    round_one = scene(bounds=(-1.0, -1.0, 1.0, 1.0))
    assert picture_size(round_one, 80) == (60, 30)
    assert picture_size(round_one, 200) == (72, 36)
