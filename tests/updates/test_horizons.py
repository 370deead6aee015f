"""Ephemerides from Horizons: asked once a day, checked, kept; and what can go wrong.

Where something goes wrong a table is held from the day before, and must stay as it is.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from filelock import FileLock
from standin import faults, moons
from standin.horizons import DANURI, Body, two_body
from standin.scene import Scene

from sattrack.sources import web
from sattrack.store import Store

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTES = timedelta(minutes=1)
UPDATE = ("danuri",)


def asked(scene: Scene) -> list[dict[str, str]]:
    """Return the requests that Horizons saw since the last time."""
    found = [
        {key: values[0].strip("'") for key, values in parse_qs(urlsplit(path).query).items()}
        for path in scene.horizons.paths
    ]
    assert all(len(path) < 2000 for path in scene.horizons.paths)
    scene.horizons.seen.clear()
    return found


def windows(scene: Scene) -> list[tuple[str, str]]:
    return [(query["START_TIME"], query["STOP_TIME"]) for query in asked(scene)]


@pytest.fixture
def held(scene: Scene) -> Scene:
    """With a table of Danuri in the store, a day later."""
    run = scene.update(*UPDATE)
    assert (run.status, run.err) == (0, "")
    assert len(asked(scene)) == 1
    scene.now += DAY
    return scene


def test_what_is_asked(scene):
    run = scene.update(*UPDATE)
    assert (run.status, run.err) == (0, "")
    assert run.out == (
        "Horizons: 1 request, 1 table, 1 new\n"
        "  Danuri (-155): 2026-11-22 23:58 to 2026-12-08 23:58 UTC, measured to 2026-11-20\n"
    )
    assert scene.requests() == []
    (query,) = asked(scene)
    assert query == {
        "format": "json",
        "COMMAND": "-155",
        "OBJ_DATA": "YES",
        "MAKE_EPHEM": "YES",
        "EPHEM_TYPE": "VECTORS",
        "CENTER": "500@301",
        "REF_PLANE": "FRAME",
        "REF_SYSTEM": "ICRF",
        "START_TIME": "2026-11-23 00:00",
        "STOP_TIME": "2026-12-09 00:00",
        "STEP_SIZE": "2 m",
        "OUT_UNITS": "KM-S",
        "VEC_TABLE": "2",
        "VEC_CORR": "NONE",
        "CSV_FORMAT": "YES",
    }


def test_what_is_kept_is_what_was_printed(scene):
    scene.update(*UPDATE)
    with Store.open(scene.kept.path, writable=False) as store:
        states = store.states(-155, scene.now)
    table = states.table
    assert (states.source, table.source) == ("horizons", "JPL Horizons, KPLO_merged")
    assert timedelta(0) <= table.retrieved_at - scene.now < 5 * MINUTES
    assert table.data_until == datetime(2026, 11, 20, tzinfo=UTC)
    # 2026-11-23 00:00 is JD 2461367.5, and 9822.5 days after J2000.
    assert table.start_jd_tdb == 2461367.5
    assert len(table.seconds) == 16 * 720 + 1
    expected = two_body(1868.3, 9822.5 * 86400.0 + table.seconds)
    printed = [[float(f"{value:.15E}") for value in row] for row in expected.tolist()]
    assert [*table.position_km.tolist(), *table.velocity_km_s.tolist()] == printed


def test_no_measurements_are_believed_that_are_still_to_come(scene):
    page = DANURI.page.replace("2026-Nov-20", "2031-Nov-20")
    scene.horizons.bodies = [replace(DANURI, page=page)]
    run = scene.update("danuri")
    assert (run.status, run.err) == (0, "")
    assert "2031" not in run.out
    assert "measured to" not in run.out
    assert "data_until=None" in scene.kept.tables()[0]


def test_once_a_day_is_enough(held):
    # The fixture has moved the clock by a day; every five minutes from here.
    run = held.update(*UPDATE)
    assert (run.status, run.err) == (0, "")
    assert windows(held) == [("2026-11-24 00:00", "2026-12-10 00:00")]
    for _ in range(10):
        run = held.update(*UPDATE, later=2 * HOUR)
        assert (run.status, run.err) == (0, "")
        assert run.out == "Horizons: current; nothing asked before 2026-11-26 01:00 UTC\n"
    assert windows(held) == []
    assert held.update(*UPDATE, later=4 * HOUR).status == 0
    assert len(windows(held)) == 1
    with Store.open(held.kept.path, writable=False) as store:
        assert len(store.ephemerides(-155)) == 3


def test_the_whole_catalog_includes_it_and_other_sources_do_not(scene):
    run = scene.update()
    assert (run.status, run.err) == (0, "")
    assert "Horizons: 1 request, 1 table, 1 new" in run.out
    assert [query["COMMAND"] for query in asked(scene)] == ["-155"]
    scene.requests()
    run = scene.update("--source", "celestrak", later=DAY)
    assert run.status == 0
    assert asked(scene) == []
    scene.requests()
    run = scene.update("--source", "horizons", later=DAY)
    assert (run.status, run.err) == (0, "")
    assert scene.requests() == []
    assert len(asked(scene)) == 1


def test_a_new_solution_is_kept_beside_the_old_one(held, sattrack):
    before = json.loads(sattrack("position", "danuri", "--format", "json", now=held.now).out)
    assert before["results"][0]["orbit"]["source"] == "horizons"
    held.horizons.push_km = 3.0
    assert held.update(*UPDATE).status == 0
    now = held.now
    after = json.loads(sattrack("position", "danuri", "--format", "json", now=now).out)
    moved = [
        a - b
        for a, b in zip(
            after["results"][0]["position_km"], before["results"][0]["position_km"], strict=True
        )
    ]
    assert sum(x * x for x in moved) ** 0.5 == pytest.approx(3.0, rel=0.1)
    day = ("--as-of", (now - HOUR).isoformat())
    again = json.loads(sattrack("position", "danuri", "--format", "json", *day, now=now).out)
    assert again["results"] == before["results"]


def test_the_answer_says_where_it_comes_from(held, sattrack):
    run = sattrack("position", "danuri", "--format", "json", now=held.now)
    assert run.err == ""
    (result,) = json.loads(run.out)["results"]
    orbit = result["orbit"]
    assert orbit.pop("error_km") < 0.001
    assert orbit.pop("error_s") == 0.0
    assert orbit.pop("retrieved_at").startswith("2026-11-24T02:00:0")
    assert orbit == {
        "kind": "tabulated",
        "epoch": "2026-11-20T00:00:00.000Z",
        "age_days": 5.083,
        "source": "horizons",
        "nominal": False,
        "solution": "JPL Horizons, KPLO_merged",
        "coverage": {"start": "2026-11-22T23:58:50.817Z", "end": "2026-12-08T23:58:50.817Z"},
        "data_until": "2026-11-20T00:00:00.000Z",
    }
    # Beyond the table the embedded elements answer, with their error.
    far = ("--time", "2027-01-01T00:00Z")
    (result,) = json.loads(sattrack("position", "danuri", *far, "--format", "json").out)["results"]
    assert (result["orbit"]["source"], result["orbit"]["error_km"]) == ("embedded", 5.0)


# Faults


def assert_nothing_kept(held: Scene, before: list[str], requests: int) -> None:
    assert len(asked(held)) == requests
    assert held.kept.tables() == before


def test_busy_once_is_tried_again_after_a_pause(held, monkeypatch):
    pauses = []
    monkeypatch.setattr("sattrack.sources.horizons.time.sleep", pauses.append)
    monkeypatch.setattr("sattrack.sources.horizons._LONGEST_PAUSE_S", 10.0)
    held.horizons.busy = 1
    run = held.update(*UPDATE)
    assert (run.status, run.err) == (0, "")
    assert len(asked(held)) == 2
    assert len(pauses) == 1
    assert 5.0 <= pauses[0] <= 10.0


def test_busy_twice_is_a_failure(held):
    before = held.kept.tables()
    held.horizons.busy = 2
    run = held.update(*UPDATE)
    assert run.status == 6
    assert run.err == "sattrack: Horizons answered 503 twice: it is busy, or down\n"
    assert_nothing_kept(held, before, 2)
    # Half an hour for the publisher, two hours for the spacecraft.
    run = held.update(*UPDATE, later=5 * MINUTES)
    assert run.status == 6
    assert run.err.endswith("not trying again before 2026-11-25 04:00 UTC\n")
    assert_nothing_kept(held, before, 0)
    assert held.update(*UPDATE, later=2 * HOUR).status == 0
    assert len(asked(held)) == 1


def test_programs_wait_for_each_other(scene, home):
    home.mkdir()
    with FileLock(str(home / "horizons.lock")):
        started = threading.Event()
        runs = []

        def update() -> None:
            started.set()
            runs.append(scene.update(*UPDATE))

        thread = threading.Thread(target=update)
        thread.start()
        started.wait()
        thread.join(0.5)
        assert thread.is_alive()
        assert scene.horizons.seen == []
    thread.join(30)
    assert runs[0].status == 0


def test_a_program_that_never_ends_is_not_waited_for_for_ever(held, home, monkeypatch):
    before = held.kept.tables()
    monkeypatch.setattr("sattrack.sources.horizons._WAIT_FOR_OTHERS_S", 0.1)
    with FileLock(str(home / "horizons.lock")):
        run = held.update(*UPDATE)
    assert run.status == 6
    assert "another program has been asking Horizons" in run.err
    assert_nothing_kept(held, before, 0)
    # Nothing was sent, so nothing forbids to try at once.
    assert held.update(*UPDATE).status == 0


NEWS = "*******\n JPL/HORIZONS NEWS  2026-Nov-24\n Expect outages.\n"
MATCHES = '*******\nMultiple major-bodies match string "DANURI*"\n\n  ID#      Name\n'


def cut_row(text: str) -> str:
    lines = text.split("\n")
    del lines[lines.index("$$SOE") + 5000]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: NEWS, "Horizons says 'JPL/HORIZONS NEWS 2026-Nov-24'"),
        (lambda _: MATCHES, "Horizons says 'Multiple major-bodies match string \"DANURI*\"'"),
        (lambda text: text.replace("$$SOE", ""), "has no beginning: there is no $$SOE"),
        (lambda text: text[: text.index("$$SOE")], "has no beginning: there is no $$SOE"),
        (lambda text: text[: text.index("$$EOE")], "cut short: there is no $$EOE"),
        (lambda text: text[: len(text) // 2], "cut short: there is no $$EOE"),
        (cut_row, "11521 states were asked for, 11520 came"),
        (lambda text: text.replace("E+02, ", "E+02, NaN, ", 1), "has 9 columns of 8"),
        (lambda text: text.replace("JDTDB,", "JDUT,"), "no column JDTDB"),
        (lambda text: text.replace("   VX,", "   RR,"), "no column VX"),
        (lambda text: text.replace("(-155)", "(-85)"), "-155 was asked for; the answer is for"),
        (lambda text: text.replace("(301)", "(10)"), "states about body 301 were asked for"),
        (lambda text: text.replace("KM-S", "AU-D"), "KM-S was asked for, 'AU-D' is said"),
        (lambda text: text.replace(": ICRF", ": B1950.0"), "ICRF was asked for, 'B1950.0'"),
    ],
)
def test_what_is_not_what_was_asked_for_is_rejected(held, change, said):
    before = held.kept.tables()
    held.horizons.change = change
    run = held.update(*UPDATE)
    assert run.status == 8
    assert run.err.startswith("sattrack: ")
    assert "Horizons" in run.err
    assert said in run.err
    assert run.err.count("\n") == 1
    assert_nothing_kept(held, before, 1)
    # It is not asked again at once.
    assert held.update(*UPDATE, later=5 * MINUTES).status == 8
    assert_nothing_kept(held, before, 0)


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (faults.text(b'{"error":"Unexpected."}'), 8, "Horizons says 'Unexpected.'"),
        (faults.status(400, b'{"code":"400","message":"bad CENTER"}'), 8, "says 'bad CENTER'"),
        (faults.text(b"<html>Welcome to the airport</html>"), 8, "not JSON, or cut short: '<html>"),
        (faults.text(b""), 8, "not JSON"),
        (faults.status(500), 6, "Horizons answered 500"),
        (
            faults.status(403),
            7,
            "refused by Horizons (403); not trying again before 2026-11-25 04:",
        ),
        (faults.status(429, Retry_After="86400"), 7, "not trying again before 2026-11-26 02:00"),
        (faults.redirect("https://example.org/"), 7, "moved to 'https://example.org/'; update the"),
        (faults.reset, 6, "the connection was reset"),
        (faults.short_body(b"{}"), 6, "cut short"),
        (faults.gzip_bomb, 8, "larger than 20,000,000 bytes"),
    ],
)
def test_one_request_whatever_happens(held, fault, status, said):
    before = held.kept.tables()
    held.horizons.fault = fault
    run = held.update(*UPDATE)
    assert run.status == status
    assert said in run.err
    assert run.err.count("\n") == 1
    assert_nothing_kept(held, before, 1)


def test_a_drip_feed_has_a_deadline(held, monkeypatch):
    before = held.kept.tables()
    monkeypatch.setattr(web, "DEADLINE_S", 0.3)
    held.horizons.fault = faults.drip()
    run = held.update(*UPDATE)
    assert (run.status, "no complete answer within 0.3 s" in run.err) == (6, True)
    assert_nothing_kept(held, before, 1)


def test_a_new_version_is_a_warning_and_another_an_error(held):
    held.horizons.version = "1.7"
    run = held.update(*UPDATE)
    assert run.status == 0
    assert run.err == (
        "sattrack: warning: version 1.7 of Horizons' API is new; sattrack was written for 1.2\n"
    )
    before = held.kept.tables()
    asked(held)
    held.horizons.version = "2.0"
    run = held.update(*UPDATE, later=DAY)
    assert run.status == 8
    assert run.err == "sattrack: Horizons: version 2.0 of the API; sattrack reads version 1\n"
    assert_nothing_kept(held, before, 1)


def test_the_covered_part_is_used_where_it_suffices(scene):
    end = datetime(2026, 12, 1, 15, 13, tzinfo=UTC)
    scene.horizons.bodies = [replace(DANURI, last=end)]
    run = scene.update(*UPDATE)
    assert run.status == 0
    assert run.err == "sattrack: warning: Horizons has Danuri (-155) only to 2026-12-01 15:13 TDB\n"
    assert windows(scene) == [
        ("2026-11-23 00:00", "2026-12-09 00:00"),
        ("2026-11-23 00:00", "2026-12-01 15:12"),
    ]
    assert "to 2026-12-01 15:10 UTC" in run.out
    assert [line[2] for line in scene.kept.log() if line[1] != "*"] == [
        "failed",
        "not offered",
        "failed",
        "new",
    ]


def test_the_beginning_may_be_missing_too(scene):
    begin = datetime(2026, 11, 23, 15, 13, 30, tzinfo=UTC)
    scene.horizons.bodies = [replace(DANURI, first=begin)]
    run = scene.update(*UPDATE)
    assert run.status == 0
    assert windows(scene)[1] == ("2026-11-24 00:00", "2026-12-09 00:00")


def test_outside_coverage_there_is_no_orbit(held):
    before = held.kept.tables()
    held.horizons.bodies = [replace(DANURI, last=datetime(2026, 11, 20, tzinfo=UTC))]
    run = held.update(*UPDATE)
    assert run.status == 4
    assert run.err == "sattrack: Horizons has Danuri (-155) only to 2026-11-20 00:00 TDB\n"
    assert_nothing_kept(held, before, 1)
    run = held.update(*UPDATE, later=HOUR)
    assert run.status == 4
    assert_nothing_kept(held, before, 0)


def test_a_publisher_that_only_names_limits_is_not_asked_for_ever(held):
    before = held.kept.tables()

    def receding(text: str) -> str:
        stop = next(line for line in text.splitlines() if line.startswith("Stop"))
        day = stop.split("A.D. ")[1].split()[0].upper()
        return f'No ephemeris for target "Danuri (spacecraft)" after A.D. {day} 00:00:00.0000 TDB'

    held.horizons.change = receding
    run = held.update(*UPDATE)
    assert run.status == 4
    assert_nothing_kept(held, before, 3)


def test_a_failure_does_not_stop_the_other_publishers(scene):
    scene.horizons.fault = faults.status(403)
    run = scene.update("iss", "danuri")
    assert run.status == 7
    assert "CelesTrak: 1 request, 1 element set, 1 new" in run.out
    assert scene.requests() == ["gp.php?CATNR=25544"]


USER_CATALOG = """
[sources]
naif = { title = "NAIF integer ID codes", url = "https://naif.jpl.nasa.gov/naif/" }

[[spacecraft]]
id = "lro"
name = "Lunar Reconnaissance Orbiter"
aliases = ["LRO"]
summary = "NASA's lunar orbiter."
regime = "lunar"
norad_id = 35315
cospar_id = "2009-031A"
naif_id = -85
orbit_data = "ephemeris"
publishers = ["horizons"]
source = "naif"

[[spacecraft]]
id = "far-one"
name = "Far One"
summary = "A spacecraft that circles the Earth."
naif_id = -999
orbit_data = "ephemeris"
source = "naif"
"""


def test_any_spacecraft_can_be_added_by_its_number(scene, home, sattrack):
    (home / "catalog").mkdir(parents=True)
    (home / "catalog" / "mine.toml").write_text(USER_CATALOG)
    assert sattrack("position", "lro").status == 4
    run = sattrack("position", "lro")
    assert (
        "no ephemeris of Lunar Reconnaissance Orbiter is held; run: sattrack update lro" in run.err
    )
    scene.horizons.bodies.append(Body(-999, "Far One (spacecraft)", "far", semi_major_axis_km=9000))
    run = scene.update("lro", "far-one", "--source", "horizons")
    assert (run.status, run.err) == (0, "")
    queries = asked(scene)
    assert [(q["COMMAND"], q["CENTER"]) for q in queries] == [
        ("-85", "500@301"),
        ("-999", "500@399"),
    ]
    run = sattrack("position", "lro", "--format", "json", now=scene.now)
    (result,) = json.loads(run.out)["results"]
    assert result["orbit"]["solution"] == "JPL Horizons, LRO_merged"
    assert sattrack("position", "far-one", now=scene.now).status == 0


MOONS = """
[sources]
naif = { title = "NAIF integer ID codes", url = "https://naif.jpl.nasa.gov/naif/" }

[[spacecraft]]
id = "titan"
name = "Titan"
summary = "Saturn's largest moon."
naif_id = 606
orbit_data = "ephemeris"
publishers = ["horizons"]
source = "naif"

[[spacecraft]]
id = "phobos"
name = "Phobos"
summary = "The nearer moon of Mars."
regime = "lunar"
naif_id = 401
orbit_data = "ephemeris"
source = "naif"
"""


def test_any_moon_can_be_added_by_its_number(scene, home, sattrack):
    (home / "catalog").mkdir(parents=True)
    (home / "catalog" / "moons.toml").write_text(MOONS)
    run = scene.update("titan", "phobos", "--source", "horizons")
    assert (run.status, run.err) == (0, "")
    queries = asked(scene)
    # About the Earth, whatever the entry says of a regime, and at steps fit for a moon.
    assert [(q["COMMAND"], q["CENTER"], q["STEP_SIZE"]) for q in queries] == [
        ("606", "500@399", "20 m"),
        ("401", "500@399", "20 m"),
    ]

    def answer(*arguments: str) -> dict:
        run = sattrack(*arguments, "--format", "json", now=scene.now)
        assert (run.status, run.err) == (0, "")
        return json.loads(run.out)

    (found,) = answer("passes", "NAIF 606", "--at", "kdsa", "--days", "3")["results"]
    assert len(found["passes"]) == 3
    assert all("light" not in one for one in found["passes"])
    assert found["passes"][1]["timing_uncertainty_s"] == 0.03
    (place,) = answer("position", "phobos", "--at", "kdsa")["results"]
    expected = moons.phobos(9823.5 * 86400.0 + 7200.0 + np.array([69.184]))[:3, 0]
    assert place["position_km"] == pytest.approx(expected.tolist(), abs=5.0)
    # Interpolation hardly shows, though a step is a twenty-third of its way round Mars.
    assert place["orbit"]["error_km"] < 1e-2
    track = answer("track", "titan", "--step", "21600", "--days", "1")
    assert len(track["results"][0]["samples"]) == 5
    # Its number alone is the catalog number of something else.
    assert sattrack("position", "606", now=scene.now).status in (3, 4)
    text = sattrack("passes", "titan", "--at", "kdsa", "--visible", now=scene.now).out
    assert "Titan is far from the Earth; whether it can be seen is not judged." in text


def test_two_months_are_asked_for_in_parts_and_joined(scene, monkeypatch):
    monkeypatch.setattr("sattrack.sources.horizons._MOST_DAYS", 6)
    run = scene.update(*UPDATE)
    assert (run.status, run.err) == (0, "")
    assert windows(scene) == [
        ("2026-11-23 00:00", "2026-11-29 00:00"),
        ("2026-11-29 00:00", "2026-12-05 00:00"),
        ("2026-12-05 00:00", "2026-12-09 00:00"),
    ]
    parts = scene.kept.tables()
    monkeypatch.undo()
    with Store.open(scene.kept.path, writable=False) as store:
        table = store.states(-155, scene.now).table
    assert len(table.seconds) == 16 * 720 + 1
    assert set(table.seconds[1:] - table.seconds[:-1]) == {120.0}
    assert len(parts) == 1 + 18


def test_parts_of_two_solutions_are_not_joined(held, monkeypatch):
    before = held.kept.tables()
    monkeypatch.setattr("sattrack.sources.horizons._MOST_DAYS", 6)
    seen = []

    def changed(text: str) -> str:
        seen.append(1)
        return text.replace("KPLO_merged", f"KPLO_{len(seen)}")

    held.horizons.change = changed
    run = held.update(*UPDATE)
    assert run.status == 8
    assert "Danuri: the solution changed between two answers" in run.err
    assert_nothing_kept(held, before, 3)
