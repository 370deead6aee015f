"""The page of `sattrack report` in a browser, from disk and without a network.

Chromium is driven by Playwright, and axe-core judges what readers and keyboards meet. With
SATTRACK_SCREENSHOTS naming a folder, pictures of the page are left there.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pages
import pytest

from sattrack.views.report.strings import STRINGS

pytestmark = pytest.mark.skipif(bool(pages.lacks_browser()), reason=pages.lacks_browser())

NOW = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
NAMES = ("danuri", "gems", "425-sat-1", "425-sat-4", "kps-igso-1", "kps-geo-1", "tempo")
HOSTILE = '</script><script>document.title="taken"</script><img src=x onerror=alert(1)>'
# Serious and critical are forbidden by the request of the project; moderate ones there are none of.
FORGIVEN = {"minor"}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # CI is root, for whom Chromium has no sandbox; the page comes from this test alone.
        chromium = playwright.chromium.launch(
            executable_path=pages.chromium(), args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("report") / "site"


@pytest.fixture
def site(sattrack, made) -> Path:
    """One page for all tests of this module; none of them changes it."""
    if not made.exists():
        run = sattrack(
            "report", "-o", str(made), *NAMES, "--at", "seoul,kdsa,dsn", "--tz", "KST", now=NOW
        )
        assert run.status == 0, run.err
    return made


class Visit:
    """A page opened without a network, and all it asked for and complained of."""

    def __init__(self, browser, site: Path, *, scheme: str, now: datetime, **options) -> None:
        self.context = browser.new_context(
            offline=True, color_scheme=scheme, timezone_id="America/New_York", **options
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.clock.install(time=now)
        self.address = (site / "index.html").as_uri()
        self.page.goto(self.address)
        self.page.clock.run_for(2500)

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def faults(self) -> list[str]:
        """Return what axe-core finds."""
        self.page.evaluate((pages.WEB / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
        self.page.clock.resume()
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']} ({one['impact']}): {one['nodes'][0]['html']}"
            for one in found["violations"]
            if one["impact"] not in FORGIVEN
        ]

    def picture(self, name: str, **options) -> None:
        if folder := os.environ.get("SATTRACK_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / name), **options)

    def colours(self, canvas: str) -> int:
        """Return how many colours a canvas shows."""
        return self.page.evaluate(
            """(selector) => {
                const canvas = document.querySelector(selector);
                const { data } = canvas.getContext("2d")
                    .getImageData(0, 0, canvas.width, canvas.height);
                return new Set(new Uint32Array(data.buffer)).size;
            }""",
            canvas,
        )


@pytest.fixture
def visit(browser, site):
    opened: list[Visit] = []

    def open_page(scheme: str = "light", now: datetime = NOW, **options) -> Visit:
        opened.append(Visit(browser, site, scheme=scheme, now=now, **options))
        return opened[-1]

    yield open_page
    for one in opened:
        # Whatever was done with it, nothing left this machine and nothing was complained of.
        assert one.requests == [one.address]
        assert one.complaints == []
        one.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_both_languages_in_both_colours_without_a_serious_fault(visit, scheme, language):
    one = visit(scheme, viewport={"width": 1200, "height": 1400})
    one.page.select_option("#lang", language)
    assert one.page.evaluate("document.documentElement.lang") == language
    column = ("en", "ko").index(language)
    for key in ("where", "passes", "timeline", "sky", "missions", "downloads", "about"):
        heading = one.text(f"#{key}-title" if key != "about" else "#about")
        assert heading == STRINGS[key][column]
    assert ("다누리" in one.text("#where tbody")) == (language == "ko")
    ground = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(16, 22, 28)")
    paper = one.page.evaluate("getComputedStyle(document.querySelector('svg .paper')).fill")
    assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(13, 17, 23)")
    # The sea, night, coast, grid and marks; a blank canvas has one.
    assert one.colours("#globe") > 20
    assert one.colours("#map") > 20
    one.picture(f"report-{scheme}-{language}.png")
    assert one.faults() == []


def test_the_rows_are_the_passes_to_come_in_the_zone_chosen(visit, site):
    one = visit()
    data = pages.data_of(pages.read((site / "index.html").read_text("utf-8")))
    one.page.click("#more")
    rows = one.page.locator("#passes tbody tr")
    assert rows.count() == len(data["passes"])
    one.page.select_option("#zone", "utc")
    for k in (0, 1, len(data["passes"]) // 2):
        craft, place, first, rise_deg, *_ = data["passes"][k]
        cells = rows.nth(k).locator("th,td").all_inner_texts()
        assert cells[0].startswith(data["craft"][craft]["name"])
        assert cells[1] == data["places"][place]["name"]
        at = datetime.fromtimestamp(round((data["start"] + first) / 1000.0 + 1e-9), UTC)
        assert cells[2] == f"{at:%Y-%m-%d}"
        assert cells[3] == (f"{at:%H:%M:%S}" if rise_deg is not None else "before")
    last = rows.count() - 1
    utc = rows.nth(last).locator("td").nth(4).inner_text()
    for zone, hours in (("page", 9), ("device", -4)):
        one.page.select_option("#zone", zone)
        shown = rows.nth(last).locator("td").nth(4).inner_text()
        assert shown[2:] == utc[2:]
        assert (int(shown[:2]) - int(utc[:2])) % 24 == hours % 24
    assert "America/New_York" in one.text("#shown")


def test_filters_hold_for_the_table_and_the_timeline(visit):
    one = visit()
    one.page.select_option("#craft", label="425 SAT-4")
    one.page.select_option("#place", label="Seoul")
    rows = one.page.locator("#passes tbody tr")
    assert rows.count() > 3
    assert set(one.page.locator("#passes tbody th").all_inner_texts()) == {"425 SAT-4"}
    assert one.page.locator("#timeline .row:visible").count() == 1
    assert one.page.locator("#timeline h3:visible").all_inner_texts() == ["Seoul"]
    assert one.page.locator("#always .one:visible").count() == 0


def test_the_table_moves_with_the_time_and_the_globe_with_the_keys(visit):
    one = visit()
    before = one.text("#where tbody tr:nth-child(3)")
    one.page.clock.run_for(60_000)
    assert one.text("#where tbody tr:nth-child(3)") != before
    picture = one.page.evaluate("document.querySelector('#globe').toDataURL()")
    one.page.focus("#globe")
    one.page.keyboard.press("ArrowRight")
    turned = one.page.evaluate("document.querySelector('#globe').toDataURL()")
    assert turned != picture
    one.page.focus("#lag")
    one.page.keyboard.press("Home")
    assert one.text("#instant").startswith("2026-10-07 23:01")
    one.page.click("#live")
    assert one.text("#instant").startswith("2026-10-08 11:01")


def test_the_first_key_leads_past_the_head_and_every_control_is_reached(visit):
    one = visit()
    reached = []
    for _ in range(40):
        one.page.keyboard.press("Tab")
        reached.append(
            one.page.evaluate(
                "document.activeElement.id || document.activeElement.getAttribute('href')"
            )
        )
    assert reached[0] == "#main"
    wanted = ["lang", "scheme", "zone", "globe", "follow", "lag", "live", "west", "east"]
    assert [one_ for one_ in reached if one_ in wanted] == wanted


def test_age_is_told_by_the_clock_of_the_reader(visit):
    fresh = visit()
    # TEMPO's host has elements of July alone.
    assert "days old: Intelsat 40e. Times" in fresh.text("#notices")
    assert "Planned, on nominal orbits, not measured: KPS IGSO-1, KPS GEO-1." in fresh.text(
        "#notices"
    )
    late = visit(now=NOW + timedelta(days=30))
    assert "which is over" in late.text("#notices")
    assert "425 SAT-1" in late.text("#notices")
    row = late.text("#where tbody tr:nth-child(3)")
    assert "425 SAT-1" in row
    assert "30." in row
    assert "stale" in row
    # What the page has samples of alone, it does not know any more.
    assert "not known here" in late.text("#where tbody tr:first-child")
    assert "all of them over" in late.text("#shown")


def test_choices_of_colours_outlast_the_device(visit):
    one = visit("dark")
    one.page.select_option("#scheme", "light")
    ground = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    one.page.select_option("#scheme", "auto")
    one.page.emulate_media(media="print")
    ground = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert not one.page.is_visible("nav")
    assert one.page.is_visible("#passes table")
    assert one.page.pdf()[:4] == b"%PDF"


def test_a_narrow_screen_needs_no_scrolling_sideways(visit):
    one = visit(viewport={"width": 360, "height": 700})
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 360
    one.picture("report-narrow.png")
    assert one.faults() == []


def test_without_scripts_passes_and_missions_are_there(visit, site):
    one = visit(java_script_enabled=False)
    assert one.page.locator("#passes tbody tr").count() >= 60
    assert one.page.is_visible("noscript p")
    assert not one.page.is_visible("#globe")
    assert one.page.locator("article").count() >= 4


def test_a_hostile_name_stays_a_name(browser, sattrack, tmp_path):
    given = tmp_path / "given.json"
    elements = json.loads(ELEMENTS) | {"OBJECT_NAME": HOSTILE}
    given.write_text(json.dumps([elements]), encoding="utf-8")
    folder = tmp_path / "hostile"
    run = sattrack("report", "-o", str(folder), "--elements", str(given), "--at", "seoul", now=NOW)
    assert run.status == 0, run.err
    one = Visit(browser, folder, scheme="light", now=NOW)
    one.page.select_option("#lang", "ko")
    assert one.page.title() == STRINGS["title"][1]
    assert one.page.locator("article h3").inner_text() == HOSTILE
    assert HOSTILE in one.text("#where tbody")
    assert one.page.locator("img").count() == 0
    assert one.requests == [one.address]
    assert one.complaints == []
    one.context.close()


ELEMENTS = """
{"OBJECT_ID": "2020-001A", "EPOCH": "2026-10-07T12:00:00.000000", "MEAN_MOTION": 15.2,
 "ECCENTRICITY": 0.001, "INCLINATION": 51.6, "RA_OF_ASC_NODE": 10.0, "ARG_OF_PERICENTER": 20.0,
 "MEAN_ANOMALY": 30.0, "EPHEMERIS_TYPE": 0, "CLASSIFICATION_TYPE": "U", "NORAD_CAT_ID": 99001,
 "ELEMENT_SET_NO": 999, "REV_AT_EPOCH": 12345, "BSTAR": 0.0001, "MEAN_MOTION_DOT": 0.0}
"""
