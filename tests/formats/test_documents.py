"""What every form has in common: encodings, recognition, repetitions, and python-sgp4's opinion."""

from __future__ import annotations

import contextlib
import io
import math
from datetime import UTC, datetime, timedelta

import pytest
from formats.samples import (
    GK2A,
    GP_CSV,
    GP_TLE,
    ISS,
    ISS_TLE,
    csv_document,
    json_document,
    tle_document,
)
from hypothesis import given
from hypothesis import strategies as st
from sgp4 import omm
from sgp4.api import Satrec

from sattrack.elements import ElementSet, check_element_set
from sattrack.errors import RejectedDataError
from sattrack.formats import WRITTEN_FORMS, read_element_sets, write_element_sets


@pytest.mark.parametrize("document", [GP_CSV, GP_TLE, json_document(ISS, GK2A)])
def test_any_ends_of_lines_and_a_byte_order_mark_are_accepted(document: bytes) -> None:
    expected = read_element_sets(document)
    for end in (b"\r\n", b"\r", b"\n"):
        assert read_element_sets(document.replace(b"\n", end)) == expected
    assert read_element_sets(b"\xef\xbb\xbf" + document) == expected


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (b"", "no element sets: the document is empty"),
        (b" \r\n\t\n", "no element sets: the document is empty"),
        (b"No GP data found", "not element sets in any known form: 'No GP data found'"),
        (
            b"<!DOCTYPE html>\n<html><head><title>Log in\x1b[31m to the hotel</title></head>"
            b"<body>Room number?</body></html>",
            "not element sets in any known form: "
            "'<!DOCTYPE html><html><head><title>Log in[31m to the hotel</title></head><body>Ro'",
        ),
        (
            b'Invalid query: "GROUP=actve&FORMAT=csv"',
            "not element sets in any known form: 'Invalid query: \"GROUP=actve&FORMAT=csv\"'",
        ),
        (GP_CSV.decode().encode("utf-16"), "not UTF-8 text: byte 0xFF at offset 0"),
        (GP_CSV.decode().encode("utf-16-le"), "not text: byte 0x00 at offset 1"),
        ("가".encode("utf-16-be"), "not UTF-8 text: byte 0xAC at offset 0"),
        (
            csv_document(ISS) + b"CAF\xc9",
            f"not UTF-8 text: byte 0xC9 at offset {len(csv_document(ISS)) + 3}",
        ),
        (b"\x1f\x8b\x08\x00", "not UTF-8 text: byte 0x8B at offset 1"),
    ],
)
def test_what_is_no_document_of_ours_is_quoted(document: bytes, complaint: str) -> None:
    with pytest.raises(RejectedDataError) as caught:
        read_element_sets(document)
    assert str(caught.value) == complaint


def test_a_name_in_another_script_is_a_name() -> None:
    (elements,) = read_element_sets(csv_document(ISS | {"OBJECT_NAME": "천리안 2A호"})).sets
    assert elements.name == "천리안 2A호"


@pytest.mark.parametrize("write", [csv_document, json_document])
def test_the_same_set_twice_counts_once(write: object) -> None:
    document = csv_document if write is csv_document else json_document
    reading = read_element_sets(document(ISS, GK2A, ISS, ISS | {"OBJECT_NAME": "ISS"}))
    assert [elements.name for elements in reading.sets] == ["ISS (ZARYA)", "GEO-KOMPSAT-2A"]
    assert reading.rejects == ()


def test_different_sets_for_one_epoch_are_all_rejected() -> None:
    other = ISS | {"MEAN_ANOMALY": "82.1340"}
    reading = read_element_sets(csv_document(ISS, GK2A, other, ISS))
    assert [elements.norad_id for elements in reading.sets] == [43823]
    assert [str(reject) for reject in reading.rejects] == [
        "line 2: NORAD 25544: EPOCH 2026-07-10T03:41:07.909Z: conflict: "
        "line 4 has other elements for it",
        "line 4: NORAD 25544: EPOCH 2026-07-10T03:41:07.909Z: conflict: "
        "line 2 has other elements for it",
    ]
    third = ISS | {"MEAN_ANOMALY": "82.1341"}
    assert [
        reject.line for reject in read_element_sets(csv_document(ISS, other, third)).rejects
    ] == [2, 3, 4]


def test_rejects_come_in_the_order_of_the_document() -> None:
    bad = GK2A | {"BSTAR": ""}
    other = ISS | {"MEAN_ANOMALY": "82.1340"}
    rejects = read_element_sets(csv_document(ISS, bad, other)).rejects
    assert [reject.line for reject in rejects] == [2, 3, 4]


def test_several_epochs_of_one_object_are_all_kept() -> None:
    later = ISS | {"EPOCH": "2026-07-11T03:41:07.908864"}
    assert len(read_element_sets(csv_document(ISS, later)).sets) == 2


def test_a_hostile_value_is_quoted_without_its_sting() -> None:
    record = ISS | {"NORAD_CAT_ID": "\x1b]0;x\x07", "MEAN_MOTION": "\x1b[2J\u202e" + "9" * 10_000}
    (reject,) = read_element_sets(csv_document(record)).rejects
    assert str(reject) == "line 2: NORAD ]0;x: NORAD_CAT_ID ]0;x: is not a whole number"
    (reject,) = read_element_sets(csv_document(record | {"NORAD_CAT_ID": "1"})).rejects
    assert str(reject) == f"line 2: NORAD 1: MEAN_MOTION [2J{'9' * 77}: is not a number"


@pytest.mark.parametrize(
    "document",
    [
        (",".join(["EPOCH,NORAD_CAT_ID", *map(str, range(200_000))]) + "\n" + "," * 200_000),
        "[{" + "".join(f'"{n}":0,' for n in range(200_000)) + '"EPOCH":0,"EPOCH":0}]',
        '[{"EPOCH":0,"X":' + "[" * 900 + "]" * 900 + "}]",
        f"CCSDS_OMM_VERS = 3.0\nBSTAR = 1{' ' * 200_000}[{' ' * 200_000}]x\n",
        "<omm>" + "<BSTAR>1</BSTAR>" * 100_000 + "</omm>",
        "1 25544U\n" * 100_000,
        "NORAD_CAT_ID,EPOCH" + "\n" * 1_000_000,
    ],
    ids=["columns", "keys", "depth", "blanks", "elements", "lines", "empty"],
)
def test_a_long_document_is_no_trap(document: str) -> None:
    with contextlib.suppress(RejectedDataError):
        assert read_element_sets(document.encode()).sets == ()


CREATED = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SOUND = [
    write_element_sets(read_element_sets(tle_document(*ISS_TLE)).sets, form, CREATED).text.encode()
    for form in WRITTEN_FORMS
]


def spoil(document: bytes, at: int, junk: bytes) -> bytes:
    """Return the document with some bytes of it replaced."""
    at %= len(document)
    return document[:at] + junk + document[at + len(junk) :]


SPOILED = st.builds(
    spoil,
    st.sampled_from(SOUND),
    st.integers(0, 2000),
    st.binary(max_size=8) | st.sampled_from([b"\n", b'"', b",", b"9", b" ", b"-", b"<", b"\r\r"]),
)


@given(st.binary() | st.text().map(str.encode) | SPOILED)
def test_no_bytes_raise_anything_but_ours(document: bytes) -> None:
    try:
        reading = read_element_sets(document)
    except RejectedDataError as error:
        complaint = str(error)
    else:
        complaint = "".join(map(str, reading.rejects))
        assert reading.sets or reading.rejects
        for elements in reading.sets:
            check_element_set(elements)
    assert complaint.isprintable()


def same_in_radians(elements: ElementSet, record: Satrec) -> None:
    """Assert that python-sgp4 read the same elements from the same text."""
    rev_day = 2.0 * math.pi / 1440.0
    pairs = [
        (elements.eccentricity, record.ecco),
        (math.radians(elements.inclination_deg), record.inclo),
        (math.radians(elements.raan_deg), record.nodeo),
        (math.radians(elements.argument_of_perigee_deg), record.argpo),
        (math.radians(elements.mean_anomaly_deg), record.mo),
        (elements.bstar_per_earth_radius, record.bstar),
        (elements.mean_motion_rev_day * rev_day, record.no_kozai),
        (elements.mean_motion_dot_rev_day2 * rev_day / 1440.0, record.ndot),
        (elements.mean_motion_ddot_rev_day3 * rev_day / 1440.0**2, record.nddot),
    ]
    for ours, theirs in pairs:
        # Both multiply by constants rounded once or twice.
        assert abs(ours - theirs) <= 2.0 * math.ulp(theirs)
    days = (elements.epoch - datetime(1949, 12, 31, tzinfo=UTC)) / timedelta(days=1)
    since_1949 = record.jdsatepoch - 2433281.5 + record.jdsatepochF
    # python-sgp4 keeps the fraction of a day to 1e-8.
    assert abs(days - since_1949) <= 1e-8
    assert elements.rev_at_epoch == record.revnum
    assert elements.element_set_no == record.elnum


def test_python_sgp4_reads_the_same_from_csv() -> None:
    sets = read_element_sets(GP_CSV).sets
    rows = list(omm.parse_csv(io.StringIO(GP_CSV.decode())))
    for elements, fields in zip(sets, rows, strict=True):
        record = Satrec()
        omm.initialize(record, fields)
        same_in_radians(elements, record)
        assert elements.norad_id == record.satnum


def test_python_sgp4_reads_the_same_from_tle() -> None:
    lines = GP_TLE.decode().split("\n")
    for elements, first, second in zip(
        read_element_sets(GP_TLE).sets, lines[1::3], lines[2::3], strict=True
    ):
        record = Satrec.twoline2rv(first, second)
        same_in_radians(elements, record)
        assert elements.norad_id == record.satnum
