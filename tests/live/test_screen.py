"""The live screen, driven by its keys without a terminal."""

from __future__ import annotations

import functools
import gc
import re
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from screenshots import check

from sattrack.elements import Published
from sattrack.formats import read_element_sets
from sattrack.times.playback import EARLIEST, LATEST
from sattrack.tracking import ElementShelf, Tracker
from sattrack.tracking.following import Followed

SCREENSHOTS = Path(__file__).parent / "screenshots"
GOLDEN = Path(__file__).parents[1] / "golden" / "element_sets.tle"
START = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
SIZES = {"small": (80, 24), "middle": (120, 36), "wide": (180, 50)}
HHMMSS = re.compile(r"\d\d:\d\d:\d\d")


@pytest.mark.parametrize("size", SIZES)
def test_screenshots(drive, size):
    async def steps(live):
        check(live.app.export_screenshot(), SCREENSHOTS / f"{size}.svg")
        first = live.text()
        await live.press("v")
        check(live.app.export_screenshot(), SCREENSHOTS / f"{size}-view.svg")
        # The Moon, an hour later, stopped.
        await live.press("down", "down", "down", "full_stop", "space")
        while live.app.view != live.app._views[0]:
            await live.press("v")
        check(live.app.export_screenshot(), SCREENSHOTS / f"{size}-moon.svg")
        # Through the keys, and back: nothing is left behind.
        await live.press("v", "up", "right", "plus", "n", "minus", "up", "up")
        while live.app.view != live.app._views[0]:
            await live.press("v")
        await live.press("n")
        assert live.text() == first

    drive(steps, SIZES[size])


@pytest.mark.parametrize("size", [*SIZES.values(), (80, 60), (200, 24), (40, 12), (20, 5)])
def test_nothing_is_wider_than_the_screen_and_the_chosen_craft_is_in_sight(drive, size):
    async def steps(live):
        for _ in range(5):
            await live.press("down")
        lines = live.text().splitlines()
        assert len(lines) <= size[1]
        assert all(len(line) <= size[0] for line in lines)
        if size[1] >= 12:
            assert live.row("QZS-2")

    drive(steps, size)


def test_the_table_has_all_columns_on_80_cells(drive):
    async def steps(live):
        titles = live.row("Spacecraft").split()
        assert titles == ["Spacecraft", "Az", "El", "Range", "Rate", "Height", "Sun", "Next", "In"]
        assert live.row("GEO-KOMPSAT-2B").split()[-2:] == ["up", ">16d"]
        # Planned craft are labelled, and the star is explained.
        assert live.row("KPS IGSO-1*")
        await live.press("v")
        while live.app.view != "orbits":
            await live.press("v")
        assert "nominal orbit, illustrative" in live.text()

    drive(steps)


def test_every_key_that_is_shown_does_what_it_says(drive):
    async def steps(live):
        app, machine = live.app, live.machine

        def shown() -> datetime:
            return app.shown.answer.time

        start = machine.now
        assert "live" in live.text()
        await live.wait(5)
        assert shown() == start + timedelta(seconds=5)
        await live.press("right", "right", "left", "full_stop", "right_square_bracket")
        assert shown() == start + timedelta(days=1, hours=1, minutes=1, seconds=5)
        assert "x1, 1d 01h ahead" in live.text()
        await live.press("comma", "left_square_bracket", "left")
        assert shown() == machine.now
        await live.press("left")
        assert "x1, 1:00 back" in live.text()
        await live.press("space")
        await live.wait(100)
        assert shown() == start + timedelta(seconds=-55)
        assert "stopped" in live.text()
        await live.press("space")
        await live.wait(1)
        assert shown() == start + timedelta(seconds=-54)
        for rate in (10, 60, 300, 1000, 1000):
            await live.press("plus")
            assert f"x{rate}" in live.text()
        before = shown()
        await live.wait(2)
        assert shown() == before + timedelta(seconds=2000)
        await live.press("minus")
        assert "x300" in live.text()
        await live.press("n")
        assert shown() == machine.now
        assert "live" in live.text()
        views = [app.view]
        for _ in range(4):
            await live.press("v")
            views.append(app.view)
        assert views[0] in views[1:]
        assert len(set(views)) >= 2
        await live.press("q")
        assert not app.is_running

    drive(steps)


def test_enter_leads_from_event_to_event(drive):
    async def steps(live):
        await live.press("down")
        app = live.app
        for kind in ("rise", "culmination", "set", "rise"):
            coming = app.shown.answer.results[1].next
            assert coming.kind == kind
            await live.press("enter")
            assert app.shown.answer.time == coming.time - timedelta(seconds=10)
            assert live.row("425 SAT-2").split()[-1] == "0:10"
            await live.press("enter")
            assert app.shown.answer.time == coming.time

    drive(steps)


def test_a_click_chooses_a_craft_and_a_wheel_the_next(drive):
    async def steps(live):
        from sattrack.views.live.app import Craft

        await live.pilot.click(Craft, offset=(5, 4))
        assert live.app.shown.chosen == 2
        await live.pilot.click(Craft, offset=(5, 1))
        assert live.app.shown.chosen == 2

    drive(steps)


def test_it_can_begin_at_another_time(drive):
    async def steps(live):
        assert "2027-01-01 09:00:00 KST" in live.text()
        await live.wait(3)
        assert "2027-01-01 09:00:03 KST" in live.text()

    drive(steps, start=datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("start", [EARLIEST, LATEST])
def test_where_no_orbit_reaches_it_says_so_and_goes_on(drive, watch_of, start):
    async def steps(live):
        await live.press("left_square_bracket", "right_square_bracket")
        await live.wait(1e9)
        await live.press("left_square_bracket")
        await live.press("v")
        while live.app.view != "orbits":
            await live.press("v")
        assert "Danuri: no orbit at" in live.text()
        await live.press("v")
        if start is LATEST:
            assert "decayed at 2055" in live.text()
            assert live.row("425 SAT-2").split()[-1] == "lost"
        await live.press("n")
        live.machine.now = START
        await live.press("n")
        assert live.row("Danuri").split()[-2] == "limb"

    drive(steps, start=start, watch=watch_of("danuri", "425-sat-2"))


def test_times_beyond_a_clock_change_say_which_clock(watch_of):
    from zoneinfo import ZoneInfo

    from sattrack.times.playback import Playback
    from sattrack.views.live.lines import Shown, coming_rows, craft_rows

    # Clocks went back in Vienna on 2026-10-25 at 01:00 UTC.
    eve = datetime(2026, 10, 24, 22, tzinfo=UTC)
    answer = watch_of("425-sat-2", at=eve).at(eve)
    shown = Shown(answer, Playback.live(eve), eve, ZoneInfo("Europe/Vienna"))
    assert answer.results[0].next.time > datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert "+0100" in craft_rows(shown, 180)[2].plain
    assert "+0100" in coming_rows(shown, 180)[1].plain


def test_resizing_lays_it_out_anew(drive):
    async def steps(live):
        small = live.text()
        await live.pilot.resize_terminal(*SIZES["wide"])
        await live.pilot.pause()
        assert "Orbit data" in live.row("Spacecraft")
        await live.pilot.resize_terminal(*SIZES["small"])
        await live.pilot.pause()
        assert live.text() == small

    drive(steps)


def test_no_color_leaves_bold_and_reverse_only(drive, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def steps(live):
        svg = live.app.export_screenshot()
        # Those of the default text, dimmed text and reversed text, which are not colours.
        fills = set(re.findall(r"-r\d+ \{ fill: (#\w+)", svg))
        assert fills <= {"#c5c8c6", "#868887", "#292929"}

    drive(steps)


def contrast(colour, other: float) -> float:
    """WCAG 2.2, contrast ratio of a colour with a grey of that relative luminance."""
    parts = [part / 255.0 for part in colour.get_truecolor()]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    own = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return (max(own, other) + 0.05) / (min(own, other) + 0.05)


def test_it_can_be_read_on_light_and_dark_terminals(drive):
    """No background is painted; text is the terminal's own, pictures stand out 3:1 on both."""

    async def steps(live):
        from sattrack.views.live.app import Panel

        colours = set()
        for panel in live.app.query(Panel):
            for strip in panel.render_lines(panel.size.region):
                for segment in strip:
                    if segment.style is not None:
                        background, colour = segment.style.bgcolor, segment.style.color
                        assert background is None or background.is_default
                        if colour is not None and not colour.is_default:
                            colours.add(colour)
        assert len(colours) > 5
        for colour in colours:
            assert contrast(colour, 0.0) >= 3.0
            assert contrast(colour, 1.0) >= 3.0

    drive(steps, SIZES["wide"])


def test_names_from_outside_cannot_write_on_the_screen(drive, watch_of, catalog):
    reading = read_element_sets(GOLDEN.read_bytes())
    name = "\x1b[2J[bold]\u202e위성\n"
    hostile = replace(reading.sets[0], norad_id=99999, name=name)
    tracker = Tracker(catalog, (ElementShelf([Published(hostile, "\x07evil")]),))
    watch = watch_of("99999", followed=Followed.fixed(tracker))

    async def steps(live):
        text = live.text()
        assert not {"\x1b", "\u202e", "\x07"} & set(text)
        # Nor is it taken for markup.
        assert r"1 \x1b[2J[bold]" in text
        await live.press("v", "v")
        assert "\x07" not in live.text()

    drive(steps, watch=watch)


def forget_bounded_caches() -> None:
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper) and thing.__module__:
            ours = thing.__module__.partition(".")[0] not in ("rich", "textual")
            if not ours and thing.cache_parameters()["maxsize"] is not None:
                thing.cache_clear()


def test_an_hour_leaves_nothing_behind(drive, watch_of):
    """What the second half of an hour keeps is a small part of what its ticks make.

    An answer alone, of five craft, takes some 4 kB beside what it shares with the one before. Had
    each of 20 ticks left its own behind, that would be 80 kB (98 measured); a map and a sky take
    several times more. What Rich and Textual remember of strings is bounded, and forgotten before
    each look; caches without bound are not spared.
    """
    watch = watch_of("geo-kompsat-2b", "425-sat-2", "kompsat-3a", "qzs-2", "gps-biir-5")

    async def steps(live):
        kept = []
        tracemalloc.start()
        try:
            for _ in range(2):
                for _ in range(20):
                    await live.wait(90)
                forget_bounded_caches()
                gc.collect()
                kept.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
        assert kept[1] - kept[0] < 50_000
        assert len(watch._windows) == 5

    drive(steps, watch=watch)
