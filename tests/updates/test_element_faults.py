"""Element sets that must not be kept, as they reach an update: status 8, and what is held stays."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from standin import Row, at_epoch, csv_text, faults

from sattrack.store import Store

MINUTES = timedelta(minutes=1)


def row_of(scene, number: int) -> Row:
    (row,) = [row for row in scene.celestrak.rows if int(row["NORAD_CAT_ID"]) == number]
    return at_epoch(row, scene.now)


def answered(scene, body: bytes, *names: str):
    scene.celestrak.fault = faults.text(body)
    return scene.update(*(names or ("iss",)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("MEAN_MOTION", "NaN"),
        ("MEAN_MOTION", "0"),
        ("MEAN_MOTION", "-15.5"),
        ("MEAN_MOTION", "1e999"),
        ("MEAN_MOTION", "15.5x"),
        ("MEAN_MOTION", ""),
        ("ECCENTRICITY", "-.001"),
        ("ECCENTRICITY", "1.0"),
        ("INCLINATION", "400"),
        ("RA_OF_ASC_NODE", "-1"),
        ("ARG_OF_PERICENTER", "361"),
        ("MEAN_ANOMALY", "nan"),
        ("BSTAR", "inf"),
        ("EPOCH", "2026-11-31T00:00:00"),
        ("EPOCH", "yesterday"),
        ("EPHEMERIS_TYPE", "4"),
    ],
)
def test_one_value_spoils_a_record(filled, field, value):
    before = filled.kept.sets()
    run = answered(filled, csv_text([{**row_of(filled, 25544), field: value}]))
    assert run.status == 8
    assert run.err.startswith(f"sattrack: CelesTrak: line 2: NORAD 25544: {field}")
    assert filled.kept.sets() == before
    assert filled.kept.log()[-1][2] == "rejected"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"OBJECT_ID": "1998-067B"}, "OBJECT_ID '1998-067B', but International Space Station is"),
        ({"MEAN_MOTION": "1.0027"}, "is no orbit for International Space Station (leo)"),
        ({"ECCENTRICITY": ".31", "MEAN_MOTION": "9"}, "is no orbit for International Space"),
    ],
)
def test_another_object_under_our_number(filled, change, said):
    before = filled.kept.sets()
    run = answered(filled, csv_text([{**row_of(filled, 25544), **change}]))
    assert run.status == 8
    assert said in run.err
    assert filled.kept.sets() == before


def test_another_object_under_a_number_outside_the_catalog(scene):
    row = {**row_of(scene, 25544), "NORAD_CAT_ID": "100000", "OBJECT_ID": "2026-067CY"}
    assert answered(scene, csv_text([row]), "100000").status == 0
    scene.now += timedelta(hours=3)
    other = {**at_epoch(row, scene.now), "OBJECT_ID": "2026-068A"}
    run = answered(scene, csv_text([other]), "100000")
    assert run.status == 8
    assert "OBJECT_ID '2026-068A', but NORAD 100000 is 2026-067CY" in run.err


def test_an_epoch_ahead_of_the_clock(filled):
    before = filled.kept.sets()
    ahead = {**row_of(filled, 25544), "EPOCH": "2026-11-26T04:31:00.000000"}
    run = answered(filled, csv_text([ahead]))
    assert run.status == 8
    assert "EPOCH 2026-11-26T04:31:00.000Z: lies more than 2 days after" in run.err
    assert filled.kept.sets() == before


def test_supplemental_sets_for_days_to_come_are_left_for_then(scene):
    row = {**row_of(scene, 56174), "CLASSIFICATION_TYPE": "C"}
    later = {**row, "EPOCH": "2026-12-01T00:00:00.000000"}
    run = answered(scene, csv_text([row, later]), "tempo")
    assert (run.status, run.err) == (0, "")
    assert len(scene.kept.sets()) == 1
    assert "source='celestrak-sup'" in scene.kept.sets()[0]


def test_supplemental_data_that_end_are_replaced_by_the_others(scene):
    scene.celestrak.path_faults["sup-gp.php"] = faults.status(404, b"No GP data found")
    assert scene.update("tempo").status == 4
    assert scene.requests() == ["sup-gp.php?CATNR=56174"]
    assert scene.update("tempo", later=5 * MINUTES).status == 0
    assert scene.requests() == ["gp.php?CATNR=56174"]
    assert scene.update("tempo", later=5 * MINUTES).status == 0
    assert scene.requests() == []


def test_an_older_set_never_takes_the_place_of_a_newer(filled):
    row = row_of(filled, 25544)
    old = {**row, "EPOCH": "2026-11-20T00:00:00.000000"}
    assert answered(filled, csv_text([old])).status == 0
    with Store.open(filled.kept.path, writable=False) as store:
        assert len(store.history(25544)) == 2
        assert f"{store.newest(25544).elements.epoch:%d}" != "20"


def test_the_newest_of_two_epochs_is_the_newest_and_twice_the_same_is_once(filled):
    row = row_of(filled, 25544)
    other = {**row, "EPOCH": "2026-11-24T03:00:00.000000"}
    newest = {**row, "EPOCH": "2026-11-24T04:00:00.000000"}
    run = answered(filled, csv_text([newest, other, other]))
    assert (run.status, run.err) == (0, "")
    with Store.open(filled.kept.path, writable=False) as store:
        assert len(store.history(25544)) == 3
        assert f"{store.newest(25544).elements.epoch:%H}" == "04"


def test_a_conflicting_pair_is_reported_and_neither_is_kept(filled):
    before = filled.kept.sets()
    row = row_of(filled, 25544)
    run = answered(filled, csv_text([row, {**row, "MEAN_ANOMALY": "29.6"}]))
    assert run.status == 8
    assert "conflict" in run.err
    assert filled.kept.sets() == before


def test_a_set_in_conflict_with_what_is_held(scene):
    row = row_of(scene, 25544)
    assert answered(scene, csv_text([row])).status == 0
    before = scene.kept.sets()
    scene.now += timedelta(hours=3)
    run = answered(scene, csv_text([{**row, "MEAN_ANOMALY": "29.6"}]))
    assert run.status == 8
    assert "conflict: other elements are held for it" in run.err
    assert scene.kept.sets() == before


@pytest.mark.parametrize(
    "change",
    [
        {"OBJECT_ID": ""},
        {"EPOCH": "2026-11-24T03:00:00.5Z"},
        {"EPOCH": "2026-328T03:00:00"},
        {"EPOCH": "2026-11-24T03:00:00"},
        {"EXTRA": "ignored"},
        {"MEAN_MOTION_DOT": "", "MEAN_MOTION_DDOT": ""},
    ],
)
def test_what_the_standard_allows_is_kept(filled, change):
    run = answered(filled, csv_text([{**row_of(filled, 25544), **change}]))
    assert (run.status, run.err) == (0, "")
    assert len(filled.kept.sets()) == 2


def test_json_with_strings_null_and_extras(filled):
    row = {**row_of(filled, 25544), "OBJECT_ID": None, "CREATION_DATE": "x", "GP_ID": 7}
    assert answered(filled, json.dumps([row]).encode()).status == 0
    assert len(filled.kept.sets()) == 2


ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b"<ndm><omm>&e;</omm></ndm>"
)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, ENTITY, b'[{"EPOCH": 1e999}]']
)
def test_documents_made_to_do_harm(filled, body):
    before = filled.kept.sets()
    run = answered(filled, body)
    assert run.status == 8
    assert run.err.count("\n") == 1
    assert "root:" not in run.err
    assert filled.kept.sets() == before


@pytest.mark.parametrize("number", ["100000", "799500001", "999999999"])
def test_numbers_of_six_and_nine_digits(scene, sattrack, number):
    row = {**row_of(scene, 25544), "NORAD_CAT_ID": number, "OBJECT_ID": ""}
    assert answered(scene, csv_text([row]), number).status == 0
    run = sattrack("position", number, now=scene.now)
    assert (run.status, run.err) == (0, "")


TLE = """ISS (ZARYA)             \r
1 25544U 98067A   26328.10000000  .00009620  00000+0  18169-3 0  9997\r
2 25544  51.6314 118.7564 0006921 330.4598  29.5998 15.49124476577433\r
"""


def checked(line: str) -> str:
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68])
    return line[:68] + str(total % 10)


LINE1, LINE2 = (checked(line) for line in TLE.split("\r\n")[1:3])


def wrong(line: str) -> str:
    return line[:-1] + str((int(line[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("line1", "line2"),
    [
        (wrong(LINE1), LINE2),
        (LINE1, wrong(LINE2)),
        (LINE1, checked(LINE2.replace("25544", "25545"))),
        (LINE1[:60], LINE2),
        (LINE1 + "  extra", LINE2),
        (LINE1.replace("   26328", "\t26328"), LINE2),
        (LINE1, checked(LINE2.replace("51.6314", "51.63I4"))),
        (LINE1, ""),
        (LINE2, LINE1),
    ],
)
def test_bad_tles(filled, line1, line2):
    before = filled.kept.sets()
    run = answered(filled, f"ISS\r\n{line1}\r\n{line2}\r\n".encode())
    assert run.status == 8
    assert run.err.startswith("sattrack: CelesTrak: ")
    assert filled.kept.sets() == before


def test_a_good_tle(filled):
    assert answered(filled, f"ISS\r\n{LINE1}\r\n{LINE2}\r\n".encode()).status == 0
    assert len(filled.kept.sets()) == 2


def test_danuris_parking_orbit_is_refused_wherever_it_comes_from(scene, tmp_path):
    row = {**row_of(scene, 25544), "NORAD_CAT_ID": "53365", "OBJECT_ID": "2022-094A"}
    path = tmp_path / "danuri.csv"
    path.write_bytes(csv_text([row]))
    for names in ((), ("danuri",)):
        run = scene.update(*names, "--source", str(path))
        assert run.status == 8
        assert "parking orbit of launch day" in run.err
    run = scene.update("danuri", "--source", "celestrak")
    assert run.status == 4
    assert "parking orbit of launch day" in run.err
    assert scene.requests() == []
    assert scene.kept.sets() == []


def test_a_file_is_kept_with_what_is_good_in_it(scene, tmp_path):
    rows = [row_of(scene, 25544), {**row_of(scene, 20580), "MEAN_MOTION": "0"}]
    path = tmp_path / "sets.csv"
    path.write_bytes(csv_text(rows))
    run = scene.update("--source", str(path))
    assert run.status == 8
    assert f"{path}: line 3: NORAD 20580: MEAN_MOTION 0" in run.err
    assert "1 element set, 1 new" in run.out
    assert scene.requests() == []
    # It may be read again at once.
    assert scene.update("iss", "--source", "-", stdin=csv_text(rows)).status == 0
    run = scene.update("gems", "--source", str(path))
    assert run.status == 8
    assert "lacks GEO-KOMPSAT-2B (45246)" in run.err
