"""Element sets that must not be kept, and those that must: as CelesTrak gives them to an update.

The ISS is held, and it is 04:30. A bad record costs one request, which is not repeated; what is
held stays as it is, to the last byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from failures.witness import HOURS, MINUTES, Witness
from standin import Row, SpaceTrackStandin, at_epoch, csv_text, faults, snapshot

from sattrack.store import Store

NOW = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
(ISS,) = (at_epoch(row, NOW) for row in snapshot() if row["NORAD_CAT_ID"] == "25544")
SET = "CelesTrak: NORAD 25544: "
CSV = TLE1 = "CelesTrak: line 2: NORAD 25544: "
TLE2 = "CelesTrak: line 3: NORAD 25544: "
AGAIN = "not trying again before 2026-11-24 06:30 UTC"


Sattrack = Callable[..., Any]


def with_(**changes: str) -> bytes:
    return csv_text([{**ISS, **changes}])


def checked(line: str) -> str:
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68])
    return line[:68] + str(total % 10)


def wrong(line: str) -> str:
    return line[:-1] + str((int(line[-1]) + 1) % 10)


def tle(line1: str, line2: str) -> bytes:
    return f"ISS\r\n{line1}\r\n{line2}\r\n".encode()


LINE1 = checked("1 25544U 98067A   26328.10000000  .00009620  00000+0  18169-3 0  999")
LINE2 = checked("2 25544  51.6314 118.7564 0006921 330.4598  29.5998 15.4912447657743")

ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b"<ndm><omm>&e;</omm></ndm>"
)
DUPLICATE_KEY = json.dumps([ISS]).replace('"INCLINATION"', '"INCLINATION": "1", "INCLINATION"')

NO_SPEED = "must be 0.0047 (the edge of the Earth's attraction) to 17.04 rev/day (its surface)"
NO_ELLIPSE = "must be at least 0 and less than 1"
NO_ANGLE = "must be 0 to 360 deg"
LACKS = "CelesTrak: the answer for 25544 lacks International Space Station (25544)"
DEEP = "CelesTrak: the JSON is nested too deeply for element sets"
NO_END = "line 1 is followed by no line 2"
PAIR = (
    "CelesTrak: line {}: NORAD 25544: EPOCH 2026-11-24T04:24:16.000Z: conflict: line {} has other "
    "elements for it"
)


REJECTED: dict[str, tuple[bytes, str]] = {
    "1 NaN mean motion": (with_(MEAN_MOTION="NaN"), f"{CSV}MEAN_MOTION NaN: {NO_SPEED}"),
    "1 zero mean motion": (with_(MEAN_MOTION="0"), f"{CSV}MEAN_MOTION 0: {NO_SPEED}"),
    "1 negative mean motion": (with_(MEAN_MOTION="-9"), f"{CSV}MEAN_MOTION -9: {NO_SPEED}"),
    "1 negative eccentricity": (
        with_(ECCENTRICITY="-.001"),
        f"{CSV}ECCENTRICITY -.001: {NO_ELLIPSE}",
    ),
    "1 eccentricity of a parabola": (
        with_(ECCENTRICITY="1.0"),
        f"{CSV}ECCENTRICITY 1.0: {NO_ELLIPSE}",
    ),
    "1 infinite drag": (
        with_(BSTAR="inf"),
        f"{CSV}BSTAR inf: must be -100 to 100 per Earth radius",
    ),
    "2 inclination": (with_(INCLINATION="400"), f"{CSV}INCLINATION 400: must be 0 to 180 deg"),
    "2 node": (with_(RA_OF_ASC_NODE="-1"), f"{CSV}RA_OF_ASC_NODE -1: {NO_ANGLE}"),
    "2 perigee": (with_(ARG_OF_PERICENTER="361"), f"{CSV}ARG_OF_PERICENTER 361: {NO_ANGLE}"),
    "2 anomaly": (with_(MEAN_ANOMALY="nan"), f"{CSV}MEAN_ANOMALY nan: {NO_ANGLE}"),
    "3 checksum of line 1": (
        tle(wrong(LINE1), LINE2),
        f"{TLE1}the checksum 7: line 1 adds up to 6",
    ),
    "3 checksum of line 2": (
        tle(LINE1, wrong(LINE2)),
        f"{TLE2}the checksum 6: line 2 adds up to 5",
    ),
    "3 two ids": (
        tle(LINE1, checked(LINE2.replace("25544", "25545"))),
        f"{TLE2}NORAD_CAT_ID 25545: line 1 has 25544",
    ),
    "3 over-long line": (
        tle(LINE1 + "  extra", LINE2),
        f"{TLE1}TLE line 1: has 76 columns, not 69",
    ),
    "3 tab": (
        tle(LINE1.replace("   26328", "\t26328"), LINE2),
        f"{TLE1}TLE line 1: has a tab in column 16",
    ),
    "4 60 columns": (tle(LINE1[:60], LINE2), f"{TLE1}TLE line 1: has 60 columns, not 69"),
    "4 letter in a field": (
        tle(LINE1, checked(LINE2.replace("51.6314", "51.63I4"))),
        f"{TLE2}INCLINATION ' 51.63I4': cannot stand in columns 9 to 16",
    ),
    "4 letter in CSV": (with_(MEAN_MOTION="15.5x"), f"{CSV}MEAN_MOTION 15.5x: is not a number"),
    "5 no line 2": (tle(LINE1, ""), f"{TLE1}{NO_END}"),
    "6 ten digits": (with_(NORAD_CAT_ID="1000025544"), LACKS),
    "8 no such day": (
        with_(EPOCH="2026-11-31T00:00:00"),
        f"{CSV}EPOCH 2026-11-31T00:00:00: is not on the calendar or the clock",
    ),
    "8 no epoch at all": (
        with_(EPOCH="yesterday"),
        f"{CSV}EPOCH yesterday: is not a UTC time like 2026-11-24T02:00:00.000",
    ),
    "9 in the future": (
        with_(EPOCH="2026-11-26T04:31:00"),
        f"{SET}EPOCH 2026-11-26T04:31:00.000Z: lies more than 2 days after "
        "2026-11-24T04:30:00.000Z",
    ),
    "11 another object under our id": (
        with_(OBJECT_ID="1998-067B"),
        f"{SET}OBJECT_ID '1998-067B', but International Space Station is 1998-067A",
    ),
    "11 another orbit under our id": (
        with_(MEAN_MOTION="1.0027"),
        f"{SET}1.0027 revolutions a day with eccentricity 0.0006921 is no orbit for "
        "International Space Station (leo)",
    ),
    "11 another id": (with_(NORAD_CAT_ID="25545"), LACKS),
    "12 1e999": (with_(MEAN_MOTION="1e999"), f"{CSV}MEAN_MOTION 1e999: {NO_SPEED}"),
    "12 1e999 in JSON": (
        b'[{"NORAD_CAT_ID": 25544, "MEAN_MOTION": 1e999}]',
        "CelesTrak: JSON, but not of element sets: "
        '\'[{"NORAD_CAT_ID": 25544, "MEAN_MOTION": 1e999}]\'',
    ),
    "12 deep list": (b"[" * 100_000, DEEP),
    "12 deep object": (b'{"a":' * 100_000, DEEP),
    "12 XML entity": (ENTITY, "CelesTrak: the XML declares a document type, as no OMM does: x"),
    "12 duplicate key": (
        DUPLICATE_KEY.encode(),
        "CelesTrak: line 1: NORAD 25544: INCLINATION: is written twice",
    ),
}


@pytest.mark.parametrize("case", REJECTED)
def test_rejected(iss_held: Witness, case: str) -> None:
    body, said = REJECTED[case]
    iss_held.scene.celestrak.fault = faults.text(body)
    iss_held.sees("iss", status=8, sent=1, said=said)
    iss_held.scene.celestrak.fault = None
    iss_held.sees("iss", status=8, sent=0, said=f"{said}; {AGAIN}", later=5 * MINUTES)


PAIRS: dict[str, tuple[bytes, tuple[str, str]]] = {
    "5 swapped": (
        tle(LINE2, LINE1),
        (f"{TLE1}line 2 follows no line 1", f"{TLE2}{NO_END}"),
    ),
    "10 conflict": (
        csv_text([ISS, {**ISS, "MEAN_ANOMALY": "29.6"}]),
        (PAIR.format(2, 3), PAIR.format(3, 2)),
    ),
}


@pytest.mark.parametrize("case", PAIRS)
def test_rejected_twice(iss_held: Witness, case: str) -> None:
    body, said = PAIRS[case]
    iss_held.scene.celestrak.fault = faults.text(body)
    iss_held.sees("iss", status=8, sent=1, said=said)
    again = f"{said[0]} and 1 more; {AGAIN}"
    iss_held.sees("iss", status=8, sent=0, said=again, later=5 * MINUTES)


def twice(*rows: Row) -> bytes:
    return csv_text([*rows, *rows])


EARLIER = {**ISS, "EPOCH": "2026-11-24T03:00:00.000000"}

ACCEPTED: dict[str, tuple[bytes, int]] = {
    "7 no designator": (with_(OBJECT_ID=""), 1),
    "7 null designator": (json.dumps([{**ISS, "OBJECT_ID": None}]).encode(), 1),
    "8 Z": (with_(EPOCH="2026-11-24T03:00:00.5Z"), 1),
    "8 day of the year": (with_(EPOCH="2026-328T03:00:00"), 1),
    "8 no fraction": (with_(EPOCH="2026-11-24T03:00:00"), 1),
    "9 two days ahead": (with_(EPOCH="2026-11-26T04:29:00"), 1),
    "10 twice the same": (twice(ISS), 1),
    "10 two epochs": (twice(ISS, EARLIER), 2),
    "12 numbers as strings": (json.dumps([ISS]).encode(), 1),
    "12 extra keys": (with_(EXTRA="ignored"), 1),
    "12 another order": (csv_text([dict(reversed(ISS.items()))]), 1),
    "13 TLE": (tle(LINE1, LINE2), 1),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted(iss_held: Witness, case: str) -> None:
    body, new = ACCEPTED[case]
    iss_held.scene.celestrak.fault = faults.text(body)
    iss_held.sees("iss", status=0, sent=1, new=new)
    iss_held.sees("iss", status=0, sent=0, later=5 * MINUTES)


def newest_hour(witness: Witness) -> int:
    with Store.open(witness.scene.kept.path, writable=False) as store:
        held = store.newest(25544)
    assert held is not None
    return held.elements.epoch.hour


@pytest.mark.parametrize("epoch", ["2026-11-20T00:00:00.000000", "2019-01-01T00:00:00.000000"])
def test_9_an_older_set_is_kept_beside_the_newer(iss_held: Witness, epoch: str) -> None:
    hour = newest_hour(iss_held)
    iss_held.scene.celestrak.fault = faults.text(with_(EPOCH=epoch))
    iss_held.sees("iss", status=0, sent=1, new=1)
    assert newest_hour(iss_held) == hour


def test_10_the_newest_of_two_is_the_newest(iss_held: Witness) -> None:
    newest = {**ISS, "EPOCH": "2026-11-24T04:00:00.000000"}
    iss_held.scene.celestrak.fault = faults.text(csv_text([newest, EARLIER]))
    iss_held.sees("iss", status=0, sent=1, new=2)
    assert newest_hour(iss_held) == 4


def test_10_a_conflict_with_what_is_held(iss_held: Witness) -> None:
    iss_held.scene.celestrak.fault = faults.text(csv_text([ISS]))
    iss_held.sees("iss", status=0, sent=1, new=1)
    iss_held.scene.celestrak.fault = faults.text(with_(MEAN_ANOMALY="29.6"))
    said = f"{SET}EPOCH 2026-11-24T04:24:16.000Z: conflict: other elements are held for it"
    iss_held.sees("iss", status=8, sent=1, said=said, later=3 * HOURS)


@pytest.mark.parametrize("number", ["100000", "270000", "799500001", "999999999"])
def test_6_numbers_of_six_and_nine_digits(
    nothing_held: Witness, sattrack: Sattrack, number: str
) -> None:
    body = with_(NORAD_CAT_ID=number, OBJECT_ID="")
    nothing_held.scene.celestrak.fault = faults.text(body)
    nothing_held.sees(number, status=0, sent=1, new=1, later=3 * HOURS)
    answers(sattrack, nothing_held, "position", number)


def answers(
    sattrack: Sattrack, witness: Witness, *arguments: str, said: str = "", status: int = 0
) -> str:
    """Demand the status and all that a command complains of; it asks nobody and stores nothing."""
    before = witness.stored()
    run = sattrack(*arguments, now=witness.scene.now)
    assert (run.status, run.err) == (status, said and f"sattrack: {said}\n")
    assert "nan" not in run.out.lower()
    assert witness.sent() == 0
    assert witness.stored() == before
    return str(run.out)


def test_6_alpha_5(nothing_held: Witness, sattrack: Sattrack) -> None:
    lines = (checked(line.replace("25544", "A0000")) for line in (LINE1, LINE2))
    nothing_held.scene.celestrak.fault = faults.text(tle(*lines))
    nothing_held.sees("100000", status=0, sent=1, new=1, later=3 * HOURS)
    answers(sattrack, nothing_held, "position", "100000")


def test_1_decaying(nothing_held: Witness, sattrack: Sattrack) -> None:
    """It is kept while it flies; at use it is said when it came down."""
    doomed = with_(MEAN_MOTION="16.3", ECCENTRICITY=".0008", BSTAR=".01")
    nothing_held.scene.celestrak.fault = faults.text(doomed)
    nothing_held.sees("iss", status=0, sent=1, new=1, later=3 * HOURS)
    said = (
        "ISS (ZARYA) 25544: decayed at 2026-11-24T14:00:14.406Z by its elements of "
        "2026-11-24T04:24:16.000Z (SGP4 error 1: mean eccentricity is outside the range 0.0 to 1.0)"
    )
    late = ("--time", "2026-12-20T00:00Z")
    answers(sattrack, nothing_held, "position", "iss", *late, said=said, status=4)


def test_9_an_old_set_at_use(iss_held: Witness, sattrack: Sattrack) -> None:
    iss_held.scene.now += 240 * HOURS
    out = answers(sattrack, iss_held, "position", "iss")
    assert "UTC, 10.1 days old, times ± 3.3 s" in out
    said = (
        "International Space Station: the elements of 2026-11-24T01:54:16.000Z are 10.1 days from "
        "2026-12-04T04:30:00.000Z, more than --max-age allows; run: sattrack update iss"
    )
    answers(sattrack, iss_held, "position", "iss", "--max-age", "3d", said=said, status=5)


def test_11_half_the_ids_are_missing(account: Witness, spacetrack: SpaceTrackStandin) -> None:
    names = ("iss", "hst", "css", "gems")
    spacetrack.rows = [r for r in snapshot() if r["NORAD_CAT_ID"] in ("25544", "20580")]
    said = (
        "Space-Track: the answer for 20580, 25544, 45246, 48274 lacks GEO-KOMPSAT-2B (45246), "
        "Chinese Space Station (48274)"
    )
    account.sees(*names, "--source", "spacetrack", status=8, sent=2, said=said)
    again = f"{said}; not trying again before 2026-11-24 03:00 UTC"
    account.sees(*names, "--source", "spacetrack", status=8, sent=0, said=again, later=20 * MINUTES)


def test_13_what_is_asked_for_is_omm(iss_held: Witness) -> None:
    iss_held.scene.update("iss")
    (path,) = iss_held.scene.celestrak.paths
    assert path.endswith("&FORMAT=CSV")
