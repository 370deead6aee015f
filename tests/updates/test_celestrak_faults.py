"""What CelesTrak and the network can do to an update: message, status, requests, and what is kept.

In every test the ISS is held from an earlier download, and must stay exactly as it is.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from standin import csv_text, faults, snapshot

from sattrack.sources import web

HOUR = timedelta(hours=1)
MINUTES = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ISS = ["gp.php?CATNR=25544"]

ISS_ROW = (
    b"OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,"
    b"ARG_OF_PERICENTER,MEAN_ANOMALY,EPHEMERIS_TYPE,CLASSIFICATION_TYPE,NORAD_CAT_ID,"
    b"ELEMENT_SET_NO,REV_AT_EPOCH,BSTAR,MEAN_MOTION_DOT,MEAN_MOTION_DDOT\r\n"
    b"ISS (ZARYA),1998-067A,2026-11-24T03:30:00.000000,15.49124476,.0006921,51.6314,118.7564,"
    b"330.4598,29.5998,0,U,25544,999,57743,.18169E-3,.962E-4,0\r\n"
)


def test_the_row_of_these_tests_is_a_good_one(filled):
    filled.celestrak.fault = faults.text(ISS_ROW)
    run = filled.update("iss")
    assert (run.status, run.err) == (0, "")
    assert "1 new" in run.out
    assert len(filled.kept.sets()) == 2


def test_not_updated_is_no_error(filled):
    before = filled.kept.sets()
    filled.celestrak.updates_every = timedelta(hours=8)
    run = filled.update("iss")
    assert (run.status, run.err) == (0, "")
    assert run.out == "CelesTrak has nothing newer than 2026-11-24 02:00 UTC; kept\n"
    assert filled.requests() == ISS
    assert filled.kept.sets() == before
    # That answer counts for two hours, like any other.
    assert filled.update("iss", later=HOUR).status == 0
    assert filled.requests() == []


def test_not_updated_though_nothing_is_held_here(scene):
    scene.update("iss")
    scene.kept.path.unlink()
    run = scene.update("iss", later=30 * MINUTES)
    assert run.status == 4
    assert run.err == (
        "sattrack: nothing is held of International Space Station (25544), and CelesTrak gives "
        "nothing before its next window opens at 2026-11-24 04:00 UTC\n"
    )
    assert scene.requests() == ISS * 2
    # No retry before the window opens, and then the data.
    assert scene.update("iss", later=30 * MINUTES).status == 4
    assert scene.requests() == []
    assert scene.update("iss", later=61 * MINUTES).status == 0
    assert scene.requests() == ISS


@pytest.mark.parametrize("code", [403, 429, 404, 410, 451])
def test_a_refusal_is_remembered(filled, code):
    before = filled.kept.sets()
    filled.celestrak.fault = faults.status(code)
    run = filled.update("iss", "hst", "css")
    until = "2026-11-24 06:30 UTC"
    assert run.status == 7
    assert run.err == f"sattrack: refused by CelesTrak ({code}); not trying again before {until}\n"
    assert len(filled.requests()) == 1
    assert filled.kept.sets() == before
    # The publisher has forgiven, but the next runs cannot know; they send nothing.
    filled.celestrak.fault = None
    for _ in range(22):
        again = filled.update("iss", later=5 * MINUTES)
        assert again.status == 7
        assert again.err == run.err
    assert filled.requests() == []
    assert filled.update("iss", later=11 * MINUTES).status == 0
    assert filled.requests() == ISS


def test_retry_after_is_honoured(filled):
    filled.celestrak.fault = faults.status(429, Retry_After="36000")
    run = filled.update("iss")
    assert run.err.endswith("not trying again before 2026-11-24 14:30 UTC\n")
    filled.requests()
    assert filled.update("iss", later=9 * HOUR).status == 7
    assert filled.requests() == []


def test_a_reset_after_errors_is_a_refusal(filled):
    filled.celestrak.fault = faults.status(503)
    assert filled.update("iss").status == 6
    filled.celestrak.fault = faults.reset
    run = filled.update("hst", later=31 * MINUTES)
    assert run.status == 7
    assert "the connection was reset, after errors: refused" in run.err
    assert len(filled.requests()) == 2
    assert filled.update("css", later=110 * MINUTES).status == 7
    assert filled.requests() == []


def test_a_reset_alone_is_a_failure(filled):
    filled.celestrak.fault = faults.reset
    run = filled.update("iss")
    assert run.status == 6
    assert "127.0.0.1: the connection was reset" in run.err
    assert filled.requests() == ISS


def test_one_object_is_not_offered(scene):
    scene.update("gems", "hst")
    before = scene.kept.sets()
    scene.requests()
    scene.celestrak.rows = [r for r in scene.celestrak.rows if r["NORAD_CAT_ID"] != "45246"]
    run = scene.update("gems", later=150 * MINUTES)
    assert run.status == 4
    assert run.err == "sattrack: no GP data for 45246 (decayed? renumbered? classified?)\n"
    assert "GEO-KOMPSAT-2B (45246) no longer offered: since 2026-11-24 04:30 UTC" in run.out
    assert scene.requests() == ["gp.php?CATNR=45246"]
    assert scene.kept.sets() == before


def test_what_is_not_offered_is_asked_for_ever_less_often_and_never_called_current(scene):
    """Each 404 counts: after two hours, a day, and then every week."""
    scene.update("gems", "hst")
    scene.celestrak.rows = [r for r in scene.celestrak.rows if r["NORAD_CAT_ID"] != "45246"]
    scene.update("gems", later=150 * MINUTES)
    scene.requests()
    run = scene.update("gems", later=5 * MINUTES)
    assert run.status == 4
    assert run.out == "CelesTrak: nothing asked\n"
    assert run.err == (
        "sattrack: GEO-KOMPSAT-2B (45246): not offered by CelesTrak since 2026-11-24 04:30 UTC; "
        "asked again after 2026-11-24 06:30 UTC\n"
    )
    run = scene.update("gems", "--quiet", later=5 * MINUTES)
    assert (run.status, run.out, run.err) == (4, "", "")
    asked = []
    for hour in range(0, 24 * 24, 3):
        scene.update("gems", "--quiet", later=3 * HOUR)
        asked += [hour for _ in scene.requests()]
    assert [round((later - hour) / 24) for hour, later in pairwise(asked)] == [1, 7, 7, 7]
    # Where it is offered again, that is all forgotten.
    scene.celestrak.rows = snapshot()
    assert scene.update("gems", later=168 * HOUR).status == 0


def test_what_is_not_offered_here_may_be_offered_elsewhere(scene, spacetrack):
    scene.celestrak.rows = [r for r in scene.celestrak.rows if r["NORAD_CAT_ID"] != "45246"]
    run = scene.update("gems")
    assert run.status == 4
    assert "Space-Track: 1 request, 1 element set, 1 new" in run.out
    spacetrack.now = scene.now + 65 * MINUTES
    run = scene.update("gems", later=65 * MINUTES)
    assert (run.status, run.err) == (0, "")
    assert len(scene.requests()) == 1


def test_one_object_has_decayed(scene):
    def doomed(row):
        return {**row, "MEAN_MOTION": "16.3", "ECCENTRICITY": ".0008", "BSTAR": ".01"}

    scene.other_rows(doomed)
    assert scene.update("iss").status == 0
    scene.celestrak.rows = []
    run = scene.update("iss", later=240 * HOUR)
    assert run.status == 4
    assert "International Space Station (25544) decayed: " in run.out
    assert "decayed at 2026-11-2" in run.err


HTML = b"<!DOCTYPE html><html><body>Welcome to the airport \x1b[31mWLAN</body></html>"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"No GP data found", "No GP data found"),
        (HTML, "<!DOCTYPE html><html><body>Welcome to the airport"),
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (ISS_ROW.split(b"\r\n")[0], "no element sets"),
        (ISS_ROW.split(b"\r\n")[0] + b"\r\n", "no element sets"),
        (b"OBJECT_NAME,OBJECT_ID,EPOCH", "OBJECT_NAME,OBJECT_ID,EPOCH"),
        (ISS_ROW.replace(b"MEAN_MOTION,", b""), "MEAN_MOTION"),
        (b"[]", "no element sets"),
        (b'{"error": "sorry"}', "sorry"),
        (ISS_ROW.decode().encode("utf-16"), "not UTF-8 text: byte 0xFF at offset 0"),
        (ISS_ROW.replace(b"ZARYA", b"ZARY\xc4"), "not UTF-8 text: byte 0xC4 at offset"),
        (ISS_ROW.replace(b"25544", b"25545"), "lacks International Space Station (25544)"),
    ],
)
def test_the_content_decides(filled, body, said):
    before = filled.kept.sets()
    filled.celestrak.fault = faults.text(body)
    run = filled.update("iss", "hst")
    assert run.status == 8
    assert said in run.err
    assert run.err.count("\n") == 1
    assert "\x1b" not in run.err + run.out
    assert filled.requests() == ISS
    assert filled.kept.sets() == before
    filled.celestrak.fault = None
    assert filled.update("iss", "hst", later=5 * MINUTES).status == 8
    assert filled.requests() == []


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + ISS_ROW,
        ISS_ROW.replace(b"\r\n", b"\n"),
        ISS_ROW.replace(b"\r\n", b"\r"),
        ISS_ROW[:-1],
    ],
)
def test_any_ends_of_lines_and_a_byte_order_mark_are_fine(filled, body):
    filled.celestrak.fault = faults.text(body)
    run = filled.update("iss")
    assert (run.status, run.err) == (0, "")
    assert len(filled.kept.sets()) == 2


@pytest.mark.parametrize("cut", range(2, 10))
def test_an_answer_that_ends_within_a_line_is_not_kept(filled, cut):
    """The last number may have lost digits, its exponent, or nothing: nobody can tell."""
    before = filled.kept.sets()
    row = ISS_ROW.replace(b",.962E-4,0\r", b",.962E-4,.123456E-7\r")
    filled.celestrak.fault = faults.text(row[:-cut])
    run = filled.update("iss", "hst")
    assert run.status == 8
    assert run.err == "sattrack: CelesTrak: the answer for 25544 ends within a line; not kept\n"
    assert filled.requests() == ISS
    assert filled.kept.sets() == before


def test_what_ends_within_a_line_is_not_believed_when_it_comes_twice(scene):
    scene.celestrak.fault = faults.text(csv_text(scene.celestrak.rows)[:-3])
    for _ in range(3):
        run = scene.update("--group", "active", later=150 * MINUTES)
        assert run.status == 8
        assert "the answer for group active ends within a line; not kept" in run.err
    assert scene.kept.sets() == []


def test_a_file_need_not_end_its_last_line(scene, tmp_path):
    path = tmp_path / "gp.csv"
    path.write_bytes(ISS_ROW.rstrip())
    assert scene.update("--source", str(path)).status == 0
    assert len(scene.kept.sets()) == 1


@pytest.mark.parametrize("code", [202, 204, 206, 304])
def test_a_status_that_brings_no_data_is_called_by_its_number(filled, code):
    before = filled.kept.sets()
    body = b"" if code in (204, 304) else ISS_ROW
    filled.celestrak.fault = faults.status(code, body)
    run = filled.update("iss", "hst")
    assert run.status == 7
    assert run.err == (
        f"sattrack: CelesTrak answered {code} instead of 200 with data; not trying again before "
        "2026-11-24 06:30 UTC\n"
    )
    assert filled.requests() == ISS
    assert filled.kept.sets() == before


def test_an_answer_that_ends_with_a_line_is_whole_though_nobody_said_how_long_it_is(filled):
    filled.celestrak.fault = faults.until_it_closes(ISS_ROW)
    assert filled.update("iss").status == 0
    assert len(filled.kept.sets()) == 2


def test_a_date_ahead_of_the_clock_is_not_repeated(filled):
    text = b"GP data has not updated since your last successful download at 2030-11-24 01:00:00 UTC"
    filled.celestrak.fault = faults.status(403, text)
    run = filled.update("iss")
    assert (run.status, run.err) == (0, "")
    assert run.out == "CelesTrak has nothing newer; kept\n"


def test_content_counts_and_not_its_label(filled):
    filled.celestrak.fault = faults.text(ISS_ROW, "text/html", Date="Sat, 01 Jan 2000 00:00:00 GMT")
    assert filled.update("iss").status == 0
    assert "2000" not in "".join(filled.kept.sets())


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (faults.short_body(ISS_ROW), 6, "cut short"),
        (faults.cut_chunk(ISS_ROW), 6, "cut short"),
        (faults.until_it_closes(ISS_ROW[:-4]), 6, "CelesTrak: the answer was cut short"),
        (faults.until_it_closes(ISS_ROW[:-2]), 6, "CelesTrak: the answer was cut short"),
        (faults.hang_up, 6, "closed without an answer"),
        (faults.status(500), 6, "CelesTrak answered 500"),
        (faults.status(503, Retry_After="1"), 6, "CelesTrak answered 503"),
        (faults.status(407), 6, "the proxy wants a login (407)"),
        (faults.not_gzip, 8, "cannot be unpacked"),
        (faults.corrupt_gzip(ISS_ROW), 8, "cannot be unpacked"),
        (faults.gzip_bomb, 8, "larger than 20,000,000 bytes"),
        (faults.flood, 8, "larger than 20,000,000 bytes"),
        (faults.redirect("https://celestrak.com/"), 7, "moved to 'https://celestrak.com/'; update"),
        (faults.redirect("http://celestrak.org/", 302), 7, "update the base URL"),
        (faults.redirect_to_itself, 7, "update the base URL"),
    ],
)
def test_one_request_whatever_happens(filled, fault, status, said):
    before = filled.kept.sets()
    filled.celestrak.fault = fault
    run = filled.update("iss", "hst", "css")
    assert run.status == status
    assert said in run.err
    assert run.err.startswith("sattrack: ")
    assert run.err.count("\n") == 1
    assert filled.requests() == ISS
    assert filled.kept.sets() == before


@pytest.mark.parametrize("headers", [False, True])
def test_a_drip_feed_has_a_deadline(filled, monkeypatch, headers):
    monkeypatch.setattr(web, "DEADLINE_S", 0.3)
    before = filled.kept.sets()
    filled.celestrak.fault = faults.drip(headers)
    run = filled.update("iss")
    assert run.status == 6
    assert "no complete answer within 0.3 s" in run.err
    assert filled.requests() == ISS
    assert filled.kept.sets() == before


def test_after_a_failure_others_wait_half_an_hour_and_the_same_two_hours(filled):
    filled.celestrak.fault = faults.status(503)
    filled.update("iss")
    assert filled.requests() == ISS
    filled.celestrak.fault = None
    run = filled.update("hst", later=10 * MINUTES)
    assert run.status == 6
    assert "not trying again before 2026-11-24 05:00 UTC" in run.err
    assert filled.requests() == []
    assert filled.update("hst", "iss", later=21 * MINUTES).status == 6
    assert filled.requests() == ["gp.php?CATNR=20580"]
    assert filled.update("hst", "iss", later=95 * MINUTES).status == 0
    assert filled.requests() == ISS


def test_no_network_costs_no_waiting(filled, monkeypatch):
    before = filled.kept.sets()
    url = filled.celestrak.url
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", "http://127.0.0.1:9")
    run = filled.update("iss")
    assert run.status == 6
    assert "no connection: Connection refused" in run.err
    assert filled.kept.sets() == before
    monkeypatch.setenv("SATTRACK_CELESTRAK_URL", url)
    assert filled.update("iss", later=5 * MINUTES).status == 0
    assert filled.requests() == ISS


def half(rows):
    return rows[: (len(rows) + 1) // 2]


def test_a_group_cut_at_the_end_of_a_line_is_not_kept(scene):
    scene.update("gps")
    before = scene.kept.sets()
    assert scene.requests() == ["gp.php?GROUP=gps-ops"]
    scene.celestrak.change = half
    run = scene.update("gps", later=150 * MINUTES)
    assert run.status == 8
    assert "the answer for group gps-ops lacks " in run.err
    assert "and 13 more" in run.err
    assert scene.requests() == ["gp.php?GROUP=gps-ops"]
    assert scene.kept.sets() == before


def test_what_lacks_the_same_twice_is_believed(scene):
    scene.update("gps")
    scene.celestrak.change = half
    scene.update("gps", later=150 * MINUTES)
    scene.requests()
    count = len(scene.kept.sets())
    run = scene.update("gps", later=150 * MINUTES)
    assert run.status == 0
    # The others are asked for by number, now and from now on.
    requests = scene.requests()
    assert requests[0] == "gp.php?GROUP=gps-ops"
    assert len(requests) == 17
    assert len(scene.kept.sets()) == count + 32


def test_a_whole_group_cut_at_the_end_of_a_line_is_not_kept(scene):
    assert scene.update("--group", "active").status == 0
    before = scene.kept.sets()
    scene.celestrak.change = half
    run = scene.update("--group", "active", later=150 * MINUTES)
    assert run.status == 8
    assert run.err == (
        "sattrack: CelesTrak: the answer for group active lacks 50% of the 66 objects that were "
        "in it before\n"
    )
    assert scene.kept.sets() == before
    # Nothing newer than what was not kept: that is not current.
    scene.celestrak.updates_every = 24 * HOUR
    scene.celestrak.downloads = dict.fromkeys(scene.celestrak.downloads, scene.now)
    run = scene.update("--group", "active", later=125 * MINUTES)
    assert run.status == 8
    assert "before this one was not kept, and CelesTrak does not give it twice" in run.err
    # The same once more is no accident.
    scene.celestrak.updates_every = 2 * HOUR
    run = scene.update("--group", "active", later=125 * MINUTES)
    assert run.status == 0
    assert len(scene.kept.sets()) == len(before) + 33
    assert run.out.count(" no longer offered: in group active, since 2026-11-24 08:40 UTC") == 33


def test_who_left_a_whole_group_is_not_current_with_it(scene):
    assert scene.update("--group", "active").status == 0
    everybody = scene.celestrak.rows
    without_iss = [row for row in everybody if row["NORAD_CAT_ID"] != "25544"]
    scene.requests()
    scene.celestrak.rows = without_iss
    run = scene.update("--group", "active", later=150 * MINUTES)
    assert run.status == 0
    assert (
        "International Space Station (25544) no longer offered: in group active, since "
        "2026-11-24 04:30 UTC" in run.out
    )
    scene.celestrak.rows = everybody
    assert scene.update("hst", later=5 * MINUTES).status == 0
    assert scene.requests() == ["gp.php?GROUP=active"]
    assert scene.update("iss").status == 0
    assert scene.requests() == ISS
    # It has come back.
    assert scene.update("--group", "active", later=150 * MINUTES).status == 0
    scene.requests()
    assert scene.update("iss", later=5 * MINUTES).status == 0
    assert scene.requests() == []


def test_who_never_was_in_a_whole_group_is_not_current_with_it(scene):
    assert scene.update("26032").status == 0
    assert scene.update("--group", "active", later=119 * MINUTES).status == 0
    scene.requests()
    assert scene.update("26032", later=2 * MINUTES).status == 0
    assert scene.requests() == ["gp.php?CATNR=26032"]


def test_who_left_a_group_is_asked_for_by_number(scene):
    run = scene.update()
    assert (run.status, run.err) == (0, "")
    # KOMPSAT-1 is dead, and not in the group of active objects.
    first = ["gp.php?GROUP=active", "sup-gp.php?CATNR=56174", "gp.php?CATNR=26032"]
    assert scene.requests() == first
    assert scene.update(later=150 * MINUTES).status == 0
    assert sorted(scene.requests()) == sorted(first)
    with_all = scene.kept.sets()
    assert len(with_all) == 2 * 67


def test_no_such_group_is_an_unknown_name(scene):
    run = scene.update("--group", "nonsense")
    assert run.status == 3
    assert run.err == "sattrack: CelesTrak has no group 'nonsense'\n"
    assert len(scene.requests()) == 1
    for _ in range(7):
        run = scene.update("--group", "nonsense", later=17 * MINUTES)
        assert run.status == 3
        assert run.err.startswith("sattrack: CelesTrak has no group 'nonsense'; not trying again")
    assert scene.requests() == []
    assert scene.update("--group", "nonsense", later=2 * MINUTES).status == 3
    assert len(scene.requests()) == 1


@pytest.mark.parametrize("fault", [None, faults.status(404, b"No GP data found")])
def test_sixty_unknown_groups_in_a_minute_are_one_request(scene, fault):
    scene.celestrak.fault = fault
    statuses = [scene.update("--group", f"typo{n}", later=SECOND).status for n in range(60)]
    assert statuses == [3] + [8] * 59
    assert len(scene.requests()) == 1
    run = scene.update("iss")
    assert run.status == 8
    assert run.err.endswith("not trying again before 2026-11-24 02:30 UTC\n")
    scene.celestrak.fault = None
    assert scene.update("iss", later=30 * MINUTES).status == 0


def test_unknown_groups_count_as_errors(scene):
    """One every half an hour, and then spacecraft that nobody knows."""
    for n in range(3):
        scene.update("--group", f"typo{n}", later=31 * MINUTES)
    scene.now += 30 * MINUTES
    numbers = [str(300_000 + n) for n in range(20)]
    statuses = [scene.update(number, later=SECOND).status for number in numbers]
    assert statuses == [4] * 17 + [7] * 3


def test_bad_records_spoil_no_others(scene):
    scene.celestrak.change = lambda rows: [
        {**row, "MEAN_MOTION": "0"} if row["NORAD_CAT_ID"] == "55268" else row for row in rows
    ]
    run = scene.update("gps")
    assert run.status == 8
    assert "NORAD 55268: MEAN_MOTION 0: must be" in run.err
    assert len(scene.kept.sets()) == 31


def test_a_text_of_many_is_kept_without_the_others(scene):
    from sattrack.store import Store

    scene.celestrak.rows += [
        {**scene.celestrak.rows[0], "NORAD_CAT_ID": str(270000000 + n), "OBJECT_ID": ""}
        for n in range(50)
    ]
    scene.update()
    with Store.open(scene.kept.path, writable=False) as store:
        item = store.newest(25544)
        text = store.document_of(item)
    assert b",270000000," not in text
    assert b",25544," in text
    assert text.startswith(csv_text(scene.celestrak.rows).splitlines(keepends=True)[0])


def test_a_budget_of_errors(scene):
    """Spacecraft vanish one after the other: twenty 404 in two hours are enough."""
    numbers = [str(300_000 + n) for n in range(23)]
    statuses = [scene.update(number, later=5 * MINUTES).status for number in numbers]
    assert statuses == [4] * 20 + [7] * 3
    assert len(scene.requests()) == 20
    run = scene.update("iss")
    assert run.status == 7
    assert "20 answers in two hours may count as errors there; not trying again before" in run.err
    assert scene.requests() == []


def test_the_budget_holds_within_a_visit(filled):
    """Nothing is newer of any of forty spacecraft: each such answer may count."""
    text = b"GP data has not updated since your last successful download of CATNR=1"
    filled.celestrak.path_faults["CATNR"] = faults.status(403, text)
    filled.celestrak.path_faults["GROUP"] = faults.text(ISS_ROW)
    run = filled.update("iss", *(str(300_000 + n) for n in range(40)))
    assert run.status == 8
    run = filled.update("iss", *(str(300_000 + n) for n in range(40)), later=121 * MINUTES)
    assert run.status == 7
    assert "20 answers in two hours may count as errors there" in run.err
    assert len(filled.requests()) == 1 + 1 + 20


def test_a_group_of_which_only_a_part_was_kept(scene):
    assert scene.update().status == 0
    scene.requests()
    run = scene.update("--group", "active", later=5 * MINUTES)
    assert run.status == 4
    assert "but only what was wanted of it is kept; CelesTrak gives it again after" in run.err
    assert scene.requests() == []
    assert scene.update("--group", "active", later=120 * MINUTES).status == 0
    assert scene.requests() == ["gp.php?GROUP=active"]
    assert scene.update("--group", "active", later=5 * MINUTES).status == 0
