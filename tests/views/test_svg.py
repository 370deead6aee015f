"""SVG and pages: coordinates, snapshots, hostile text, dark paper, other painters."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
from pictures import luminance, scene

from sattrack.views.page import WIDE_PX, page_of
from sattrack.views.paints import PAINTS, PAPER
from sattrack.views.scene import Label, Line, Spot
from sattrack.views.svg import scene_svg

SNAPSHOT = Path(__file__).parent / "snapshots" / "scene.svg"
SVG = "{http://www.w3.org/2000/svg}"


def points(path: str) -> list[tuple[float, float]]:
    """Return the points of a path as this program writes them: M, then steps after l."""
    start, _, steps = path.rstrip("z").removeprefix("M").partition("l")
    pairs = [tuple(map(float, pair.split(","))) for pair in (start, *steps.split())]
    xs, ys = (accumulate(values) for values in zip(*pairs, strict=True))
    return list(zip(xs, ys, strict=True))


def test_a_place_has_its_coordinates():
    # 900 pixels less margins of 20 for 360 degrees; the title is above.
    root = ET.fromstring(scene_svg(scene()))
    (frame,) = root.findall(f"{SVG}g[@class='frame']/{SVG}path")
    (left, bottom), (_, top), (right, _) = points(frame.get("d"))[:3]
    assert (left, right) == (20.0, WIDE_PX - 20.0)
    assert bottom - top == pytest.approx((right - left) / 2.0, abs=0.11)
    (craft,) = root.findall(f"{SVG}g[@class='series0-fill']/{SVG}circle")
    assert float(craft.get("cx")) == pytest.approx(WIDE_PX / 2.0, abs=0.051)
    assert float(craft.get("cy")) == pytest.approx(top + (bottom - top) / 4.0, abs=0.151)
    (station,) = root.findall(f"{SVG}g[@class='station-fill']/{SVG}path")
    x = sum(x for x, _ in points(station.get("d"))[:3]) / 3.0
    assert x == pytest.approx(20.0 + (126.978 + 180.0) / 360.0 * (WIDE_PX - 40.0), abs=0.1)


def test_steps_add_up():
    ring = tuple((0.1 * k, (k * 37 % 1000) / 12.0 - 45.0) for k in range(1, 1500))
    path = ET.fromstring(scene_svg(scene(marks=(Line(ring, "series3"),)))).find(
        f"{SVG}g[@class='series3']/{SVG}path"
    )
    placed = page_of(scene(marks=(Line(ring, "series3"),))).items
    (line,) = [item for item in placed if item.ink == "series3"]
    for (x, y), (wanted_x, wanted_y) in zip(points(path.get("d")), line.points, strict=True):
        assert abs(x - wanted_x) < 0.0501
        assert abs(y - wanted_y) < 0.0501


def test_the_document_is_that_of_the_snapshot():
    assert scene_svg(scene()) == SNAPSHOT.read_text(encoding="utf-8")


def test_who_hears_it_is_told():
    root = ET.fromstring(scene_svg(scene()))
    assert root.get("role") == "img"
    told = [root.find(f"*[@id='{id_}']").text for id_ in root.get("aria-labelledby").split()]
    assert told == ["A title", "What is seen."]
    (craft,) = root.findall(f"{SVG}g/{SVG}circle/{SVG}title")
    assert craft.text == "One"


def test_hostile_names_are_text_and_nothing_else():
    name = "</title><script>alert('&')</script>\"\x00\x1b\ufffe\u202e<!-- ]]>"
    hostile = scene(
        title=name,
        told=(name,),
        notes=(name,),
        description=name,
        marks=(
            Label((0.0, 0.0), name, "frame"),
            Line(((0.0, 0.0), (9.0, 9.0)), "series0", name=name),
            Spot((0.0, 0.0), "series0", "craft", name),
        ),
        legend=None,
    )
    text = scene_svg(hostile)
    root = ET.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "g", "path", "circle", "text",
    }  # fmt: skip
    assert "\u202e" not in text
    assert "<script>" not in text
    assert root.find(f"{SVG}title").text.startswith("</title><script>alert('&')</script>\"\ufffd")


def test_nothing_is_fetched():
    addresses = re.findall(r"https?://[^\"' ]+", scene_svg(scene()))
    assert set(addresses) == {"http://www.w3.org/2000/svg"}


def test_dark_paper_has_colours_of_its_own():
    (style,) = re.findall(
        r"<style>@media \(prefers-color-scheme:dark\)(.*?)</style>", scene_svg(scene())
    )
    assert PAINTS["series0"].dark in style
    assert PAINTS["series7"].dark not in style  # only what is used
    assert PAPER.dark in style


def contrast(one: str, other: str) -> float:
    lights = sorted(
        luminance(*(int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)))
        for colour in (one, other)
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_lines_and_text_stand_out_from_both_papers():
    for ink, paint in PAINTS.items():
        # WCAG 2.2: text 4.5:1, what is drawn 3:1; what only decorates, less.
        least = {"ink": 4.5, "quiet": 4.5, "water": 1, "land": 1, "coast": 1, "night": 1}.get(
            ink, 3
        )
        assert contrast(paint.light, PAPER.light) >= least, ink
        assert contrast(paint.dark, PAPER.dark) >= least, ink


def test_png_and_pdf_are_the_same_page_every_time():
    from sattrack.views.plot import scene_file

    pytest.importorskip("matplotlib")
    plain = scene(marks=(*scene().marks[:6], Label((0.0, 0.0), "$no_{math}$", "frame")))
    png, note = scene_file(plain, "png")
    assert png.startswith(b"\x89PNG\r\n")
    assert note == ""
    assert scene_file(plain, "png")[0] == png
    pdf, _ = scene_file(plain, "pdf")
    assert pdf.startswith(b"%PDF")
    assert scene_file(plain, "pdf")[0] == pdf


def test_a_hole_in_an_area_stays_open_in_a_png():
    import io

    pytest.importorskip("matplotlib")
    from matplotlib.image import imread

    from sattrack.views.plot import scene_file
    from sattrack.views.scene import Area

    ring = ((-120.0, -60.0), (120.0, -60.0), (120.0, 60.0), (-120.0, 60.0))
    for hole in (ring, ring[::-1]):
        small = tuple((x / 2.0, y / 2.0) for x, y in hole)
        area = Area((ring, small), "station")
        bare = replace(scene(), marks=(area,), title="", told=(), notes=(), legend=None)
        picture = imread(io.BytesIO(scene_file(bare, "png")[0]))
        height, width, _ = picture.shape
        assert tuple(picture[height // 2, width // 2, :3]) == (1.0, 1.0, 1.0)
        assert picture[height // 2, width // 4, 1] < 0.5
