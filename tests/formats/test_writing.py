"""Writing: what is written is read again, value for value; what does not fit is refused."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from formats.samples import GP_CSV, GP_TLE, KEYWORDS
from hypothesis import given
from hypothesis import strategies as st
from sgp4 import omm
from sgp4.api import Satrec
from sgp4.exporter import export_omm, export_tle

from sattrack.elements import ElementSet, RejectedElementError, check_element_set
from sattrack.errors import InvalidInputError
from sattrack.formats import WRITTEN_FORMS, read_element_sets, write_element_sets
from sattrack.formats.tle import nearest

CREATED = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TLE_FORMS = ("tle", "2le", "3le")
OMM_FORMS = ("omm-csv", "omm-json", "omm-kvn", "omm-xml")
OMMS = read_element_sets(GP_CSV).sets
TLES = read_element_sets(GP_TLE).sets
NOT_NUMBERS = ("OBJECT_NAME", "OBJECT_ID", "EPOCH", "CLASSIFICATION_TYPE")


@pytest.mark.parametrize("form", OMM_FORMS)
def test_every_omm_form_holds_every_published_set(form: str) -> None:
    written = write_element_sets(OMMS + TLES, form, CREATED)
    assert written.rejects == ()
    reading = read_element_sets(written.text.encode())
    assert (reading.form, reading.sets, reading.rejects) == (form, OMMS + TLES, ())


def test_other_readers_find_the_published_decimals_in_every_omm_form() -> None:
    rows = list(csv.DictReader(io.StringIO(GP_CSV.decode())))
    texts = {form: write_element_sets(OMMS, form, CREATED).text for form in OMM_FORMS}
    messages = texts["omm-kvn"].split("\n\n")
    found = {
        "omm-csv": list(csv.DictReader(io.StringIO(texts["omm-csv"]))),
        "omm-json": json.loads(texts["omm-json"], parse_float=str, parse_int=str),
        "omm-kvn": [dict(line.split(" = ") for line in m.split("\n") if line) for m in messages],
        "omm-xml": list(omm.parse_xml(io.StringIO(texts["omm-xml"]))),
    }
    for form, records in found.items():
        for row, record in zip(rows, records, strict=True):
            for keyword, published in row.items():
                written = record[keyword]
                if keyword not in NOT_NUMBERS:
                    assert Decimal(written) == Decimal(published), (form, keyword)
                elif published or form in ("omm-csv", "omm-json"):
                    assert written == published, (form, keyword)
                else:
                    assert (keyword, written) == ("OBJECT_ID", "UNKNOWN")


@pytest.mark.parametrize("form", ["tle", "3le"])
def test_tle_are_written_as_they_were_published(form: str) -> None:
    written = write_element_sets(TLES, form, CREATED)
    assert written.rejects == ()
    zero = "0 " if form == "3le" else ""
    published = GP_TLE.decode().split("\n")[:-1]
    lines = [line.rstrip() for line in written.text.split("\n")[:-1]]
    assert lines[1::3] == published[1::3]
    assert lines[2::3] == published[2::3]
    assert lines[0::3] == [zero + name for name in published[0::3]]
    assert read_element_sets(written.text.encode()).sets == TLES


def test_a_name_fills_24_columns_or_none() -> None:
    lines = write_element_sets(TLES[:1], "tle", CREATED).text.split("\n")
    assert lines[0] == "ISS (ZARYA)             "
    nameless = replace(TLES[0], name="")
    assert write_element_sets([nameless], "tle", CREATED).text.split("\n")[0] == lines[1]
    assert write_element_sets([nameless], "3le", CREATED).text.split("\n")[1:] == lines[1:]


def test_2le_leaves_out_the_name_and_nothing_else() -> None:
    written = write_element_sets(TLES, "2le", CREATED)
    assert written.rejects == ()
    nameless = tuple(replace(elements, name="") for elements in TLES)
    assert read_element_sets(written.text.encode()).sets == nameless


def test_csv_has_the_columns_of_celestrak() -> None:
    text = write_element_sets(OMMS[:1], "omm-csv", CREATED).text
    assert text.split("\n")[0] == KEYWORDS
    assert text.split("\n")[1] == (
        "HST,1990-037B,2026-07-09T08:57:17.717472,15.31019723,0.0002017,28.4735,288.9155,48.5299,"
        "311.547,0,U,20580,999,79197,0.00015120706,4.895e-05,0.0"
    )


def test_json_has_numbers_under_the_same_keys() -> None:
    (record,) = json.loads(write_element_sets(OMMS[:1], "omm-json", CREATED).text)
    assert ",".join(record) == KEYWORDS
    assert (record["NORAD_CAT_ID"], record["MEAN_MOTION"]) == (20580, 15.31019723)


def test_kvn_is_a_whole_message() -> None:
    nameless = replace(OMMS[0], name="", cospar_id="")
    assert write_element_sets([nameless], "omm-kvn", CREATED).text == (
        "CCSDS_OMM_VERS = 3.0\n"
        "CREATION_DATE = 2026-11-24T02:00:00.000Z\n"
        "ORIGINATOR = SATTRACK\n"
        "OBJECT_NAME =\n"
        "OBJECT_ID = UNKNOWN\n"
        "CENTER_NAME = EARTH\n"
        "REF_FRAME = TEME\n"
        "TIME_SYSTEM = UTC\n"
        "MEAN_ELEMENT_THEORY = SGP4\n"
        "EPOCH = 2026-07-09T08:57:17.717472\n"
        "MEAN_MOTION = 15.31019723\n"
        "ECCENTRICITY = 0.0002017\n"
        "INCLINATION = 28.4735\n"
        "RA_OF_ASC_NODE = 288.9155\n"
        "ARG_OF_PERICENTER = 48.5299\n"
        "MEAN_ANOMALY = 311.547\n"
        "EPHEMERIS_TYPE = 0\n"
        "CLASSIFICATION_TYPE = U\n"
        "NORAD_CAT_ID = 20580\n"
        "ELEMENT_SET_NO = 999\n"
        "REV_AT_EPOCH = 79197\n"
        "BSTAR = 0.00015120706\n"
        "MEAN_MOTION_DOT = 4.895e-05\n"
        "MEAN_MOTION_DDOT = 0.0\n"
    )


def test_xml_is_an_ndm_of_whole_messages() -> None:
    text = write_element_sets([replace(OMMS[0], name="A<&>B")], "omm-xml", CREATED).text
    assert text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ndm xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="https://sanaregistry.org/r/ndmxml_unqualified/'
        'ndmxml-3.0.0-master-3.0.xsd">\n'
        '<omm id="CCSDS_OMM_VERS" version="3.0">\n'
        "<header>\n"
        "<CREATION_DATE>2026-11-24T02:00:00.000Z</CREATION_DATE>\n"
        "<ORIGINATOR>SATTRACK</ORIGINATOR>\n"
        "</header>\n"
        "<body>\n<segment>\n"
        "<metadata>\n"
        "<OBJECT_NAME>A&lt;&amp;&gt;B</OBJECT_NAME>\n"
        "<OBJECT_ID>1990-037B</OBJECT_ID>\n"
        "<CENTER_NAME>EARTH</CENTER_NAME>\n"
        "<REF_FRAME>TEME</REF_FRAME>\n"
        "<TIME_SYSTEM>UTC</TIME_SYSTEM>\n"
        "<MEAN_ELEMENT_THEORY>SGP4</MEAN_ELEMENT_THEORY>\n"
        "</metadata>\n"
        "<data>\n"
        "<meanElements>\n"
        "<EPOCH>2026-07-09T08:57:17.717472</EPOCH>\n"
        "<MEAN_MOTION>15.31019723</MEAN_MOTION>\n"
        "<ECCENTRICITY>0.0002017</ECCENTRICITY>\n"
        "<INCLINATION>28.4735</INCLINATION>\n"
        "<RA_OF_ASC_NODE>288.9155</RA_OF_ASC_NODE>\n"
        "<ARG_OF_PERICENTER>48.5299</ARG_OF_PERICENTER>\n"
        "<MEAN_ANOMALY>311.547</MEAN_ANOMALY>\n"
        "</meanElements>\n"
        "<tleParameters>\n"
        "<EPHEMERIS_TYPE>0</EPHEMERIS_TYPE>\n"
        "<CLASSIFICATION_TYPE>U</CLASSIFICATION_TYPE>\n"
        "<NORAD_CAT_ID>20580</NORAD_CAT_ID>\n"
        "<ELEMENT_SET_NO>999</ELEMENT_SET_NO>\n"
        "<REV_AT_EPOCH>79197</REV_AT_EPOCH>\n"
        "<BSTAR>0.00015120706</BSTAR>\n"
        "<MEAN_MOTION_DOT>4.895e-05</MEAN_MOTION_DOT>\n"
        "<MEAN_MOTION_DDOT>0.0</MEAN_MOTION_DDOT>\n"
        "</tleParameters>\n"
        "</data>\n"
        "</segment>\n</body>\n"
        "</omm>\n"
        "</ndm>\n"
    )


ISS = TLES[0]


EXPONENTIAL = "five digits and an exponent of one"
YEARS = "years from 1957 to 2056"


@pytest.mark.parametrize(
    ("change", "value", "capacity"),
    [
        ({"norad_id": 340_000}, "NORAD_CAT_ID 340000", "numbers up to 339999"),
        ({"mean_motion_dot_rev_day2": 1.0}, "MEAN_MOTION_DOT 1.0", "numbers between -1 and 1"),
        (
            {"mean_motion_dot_rev_day2": -0.999999996},
            "MEAN_MOTION_DOT -1.0",
            "numbers between -1 and 1",
        ),
        ({"mean_motion_ddot_rev_day3": 1e9}, "MEAN_MOTION_DDOT 1000000000.0", EXPONENTIAL),
        (
            {"mean_motion_ddot_rev_day3": -0.999996e9},
            "MEAN_MOTION_DDOT -1000000000.0",
            EXPONENTIAL,
        ),
        ({"element_set_no": 10_000}, "ELEMENT_SET_NO 10000", "four digits"),
        ({"rev_at_epoch": 100_000}, "REV_AT_EPOCH 100000", "five digits"),
        ({"cospar_id": "1956-001A"}, "OBJECT_ID 1956-001A", YEARS),
        ({"epoch": datetime(2057, 1, 1, tzinfo=UTC)}, "EPOCH 2057-01-01T00:00:00.000Z", YEARS),
        (
            {"epoch": datetime(2056, 12, 31, 23, 59, 59, 999_568, UTC)},
            "EPOCH 2057-01-01T00:00:00.000Z",
            YEARS,
        ),
    ],
)
def test_a_number_that_a_tle_cannot_hold_is_refused_and_not_bent(
    change: dict[str, Any], value: str, capacity: str
) -> None:
    elements = replace(ISS, **change)
    complaint = f"NORAD {elements.norad_id}: {value}: a TLE holds only {capacity}"
    for form in TLE_FORMS:
        written = write_element_sets([elements, TLES[2]], form, CREATED)
        assert [str(reject) for reject in written.rejects] == [complaint]
        assert (written.written, written.rounded) == (1, 0)
        assert [e.norad_id for e in read_element_sets(written.text.encode()).sets] == [43823]
    for form in OMM_FORMS:
        text = write_element_sets([elements], form, CREATED).text
        assert read_element_sets(text.encode()).sets == (elements,)


DIGITS = [
    ({"eccentricity": 0.00066838}, {"eccentricity": 0.0006684}, "7 decimals"),
    ({"eccentricity": 4e-8}, {"eccentricity": 0.0}, "7 decimals"),
    ({"inclination_deg": 51.63021}, {"inclination_deg": 51.6302}, "4 decimals"),
    ({"inclination_deg": 179.99996}, {"inclination_deg": 180.0}, "4 decimals"),
    ({"raan_deg": 1e-05}, {"raan_deg": 0.0}, "4 decimals"),
    ({"raan_deg": 359.99996}, {"raan_deg": 0.0}, "4 decimals"),
    ({"raan_deg": 359.99994}, {"raan_deg": 359.9999}, "4 decimals"),
    ({"argument_of_perigee_deg": 359.999951}, {"argument_of_perigee_deg": 0.0}, "4 decimals"),
    ({"mean_anomaly_deg": 0.12345}, {"mean_anomaly_deg": 0.1235}, "4 decimals"),
    ({"mean_anomaly_deg": 359.99999}, {"mean_anomaly_deg": 0.0}, "4 decimals"),
    ({"mean_motion_rev_day": 15.489657141}, {"mean_motion_rev_day": 15.48965714}, "8 decimals"),
    ({"mean_motion_dot_rev_day2": 1e-9}, {"mean_motion_dot_rev_day2": 0.0}, "8 decimals"),
    ({"mean_motion_dot_rev_day2": -6e-9}, {"mean_motion_dot_rev_day2": -1e-8}, "8 decimals"),
    ({"bstar_per_earth_radius": 1.1035045e-4}, {"bstar_per_earth_radius": 1.1035e-4}, EXPONENTIAL),
    ({"bstar_per_earth_radius": -0.99999501}, {"bstar_per_earth_radius": -1.0}, EXPONENTIAL),
    ({"bstar_per_earth_radius": 9.99996e-11}, {"bstar_per_earth_radius": 1e-10}, EXPONENTIAL),
    (
        {"mean_motion_ddot_rev_day3": -1.2345678e-11},
        {"mean_motion_ddot_rev_day3": -1.235e-11},
        EXPONENTIAL,
    ),
    ({"mean_motion_ddot_rev_day3": 1e-15}, {"mean_motion_ddot_rev_day3": 0.0}, EXPONENTIAL),
    (
        {"epoch": datetime(2026, 7, 10, 0, 0, 1, tzinfo=UTC)},
        {"epoch": datetime(2026, 7, 10, 0, 0, 0, 999_648, UTC)},
        "multiples of 864 microseconds of the day",
    ),
    (
        {"epoch": datetime(2027, 12, 31, 23, 59, 59, 999_568, UTC)},
        {"epoch": datetime(2028, 1, 1, tzinfo=UTC)},
        "multiples of 864 microseconds of the day",
    ),
    (
        {"epoch": datetime(2027, 12, 31, 23, 59, 59, 999_567, UTC)},
        {"epoch": datetime(2027, 12, 31, 23, 59, 59, 999_136, UTC)},
        "multiples of 864 microseconds of the day",
    ),
]


@pytest.mark.parametrize(("change", "held", "capacity"), DIGITS)
def test_digits_beyond_the_columns_of_a_tle_are_rounded_and_counted(
    change: dict[str, Any], held: dict[str, Any], capacity: str
) -> None:
    elements = replace(ISS, **change)
    for form in TLE_FORMS:
        written = write_element_sets([elements, TLES[2]], form, CREATED)
        assert (written.written, written.rounded, written.rejects) == (2, 1, ())
        first = read_element_sets(written.text.encode()).sets[0]
        assert replace(first, name=ISS.name) == replace(ISS, **held)
        exactly = write_element_sets([elements, TLES[2]], form, CREATED, exact=True)
        assert (exactly.written, exactly.rounded) == (1, 0)
        (reject,) = exactly.rejects
        assert reject.reason == f"a TLE holds only {capacity}"
    for form in OMM_FORMS:
        written = write_element_sets([elements], form, CREATED)
        assert written.rounded == 0
        assert read_element_sets(written.text.encode()).sets == (elements,)


@pytest.mark.parametrize("exact", [False, True])
def test_what_a_tle_holds_is_not_rounded(exact: bool) -> None:
    for form in TLE_FORMS:
        written = write_element_sets(TLES, form, CREATED, exact=exact)
        assert (written.written, written.rounded, written.rejects) == (8, 0, ())


def test_no_orbit_is_rounded_to_one_that_cannot_be() -> None:
    # The mean motion of a circle as large as the Earth is 17.043641719… rev/day.
    edge = replace(ISS, mean_motion_rev_day=17.043641719, eccentricity=0.0)
    check_element_set(edge)
    (reject,) = write_element_sets([edge], "2le", CREATED).rejects
    assert str(reject).startswith("NORAD 25544: MEAN_MOTION 17.04364172: must be 0.0047 ")
    with pytest.raises(RejectedElementError, match=r"a TLE holds only numbers below 0\.99999995"):
        nearest(replace(ISS, eccentricity=0.99999996))


def test_epochs_that_rounding_makes_one_are_not_both_written() -> None:
    # Half a step later: by the same elements, by others.
    later = replace(ISS, epoch=ISS.epoch + timedelta(microseconds=400))
    other = replace(later, mean_anomaly_deg=28.0)
    assert write_element_sets([ISS, other], "omm-csv", CREATED).rejects == ()
    written = write_element_sets([ISS, later, other], "tle", CREATED)
    assert [str(reject) for reject in written.rejects] == [
        "NORAD 25544: EPOCH 2025-09-12T19:18:48.607Z: conflict: other elements are written for it"
    ]
    assert read_element_sets(written.text.encode()).sets == (ISS,)


def test_two_records_that_rounding_makes_one_are_read_as_one() -> None:
    # Found by the fuzzer: docs/fuzzing.md, 2026-11-24.
    rows = (
        b"STARLINK-38016,2026-192C,2026-09-20T14:28:31.412641,15.49333534,0.0001227,53.1594,"
        b"305.6806,87.0891,273.0258,0,U,100406,999,592,0.00052269209,0.00028754,0\n"
        b"STARLINK-38016,2026-192C,2026-09-20T14:28:31.412640,15.49333534,0.0001227,53.1594,"
        b"305.6806,87.0891,273.0258,0,U,100406,999,592,0.00052269209,0.00028754,0\n"
    )
    sets = read_element_sets(KEYWORDS.encode() + b"\n" + rows).sets
    assert len(sets) == 2
    written = write_element_sets(sets, "tle", CREATED)
    assert (written.written, written.rejects) == (2, ())
    assert len(read_element_sets(written.text.encode()).sets) == 1


# Python-sgp4 2.27, sgp4.exporter: an independent parent for what it does right. It writes a second
# derivative of zero with a minus in the exponent, as NORAD did; CelesTrak writes a plus.
def test_python_sgp4_rounds_to_the_same_tle() -> None:
    rows = list(omm.parse_csv(io.StringIO(GP_CSV.decode())))
    text = write_element_sets(OMMS, "2le", CREATED).text
    lines = iter(text.split("\n"))
    for fields in rows:
        record = Satrec()
        omm.initialize(record, fields)
        first, second = (line[:68] for line in export_tle(record))
        assert next(lines)[:68] == first.replace(" 00000-0 ", " 00000+0 ")
        assert next(lines)[:68] == second


def test_python_sgp4_exports_the_same_omm() -> None:
    lines = GP_TLE.decode().split("\n")
    written = json.loads(write_element_sets(TLES, "omm-json", CREATED).text)
    for ours, first, second in zip(written, lines[1::3], lines[2::3], strict=True):
        theirs = export_omm(Satrec.twoline2rv(first, second), ours["OBJECT_NAME"])
        for keyword, value in ours.items():
            if isinstance(value, float):
                # It has been to radians and back.
                assert value == pytest.approx(theirs[keyword], rel=1e-15, abs=0.0)
            elif keyword == "EPOCH":
                # It has been a Julian date, and was cut off.
                off = datetime.fromisoformat(value) - datetime.fromisoformat(theirs[keyword])
                assert abs(off) <= timedelta(microseconds=1)
            else:
                assert value == theirs[keyword]


@pytest.mark.parametrize(
    "change",
    [
        {"norad_id": 339_999},
        {"norad_id": 5, "cospar_id": ""},
        {"eccentricity": 0.9728, "mean_motion_rev_day": 0.04987127},
        {"eccentricity": 0.0, "inclination_deg": 0.0, "raan_deg": 360.0},
        {"mean_motion_dot_rev_day2": -0.99999999, "mean_motion_ddot_rev_day3": 0.99999e9},
        {"mean_motion_ddot_rev_day3": -1e-14, "bstar_per_earth_radius": 1.2345},
        {"bstar_per_earth_radius": 99.999, "mean_motion_dot_rev_day2": -0.0},
        {"element_set_no": 9999, "rev_at_epoch": 99_999, "ephemeris_type": 2},
        {"element_set_no": 0, "rev_at_epoch": 0, "classification": "C"},
        {"epoch": datetime(1957, 10, 4, tzinfo=UTC), "cospar_id": "2056-999ZZZ"},
        {"epoch": datetime(2057, 1, 1, 8, 59, 59, 136000, timezone(timedelta(hours=9)))},
        {"name": "A NAME OF MORE THAN TWENTY-FOUR COLUMNS"},
        {"name": "천리안 2A호"},
        {"name": 'A, "B" <C> & [D] = {E}'},
        {"inclination_deg": -0.0},
        {"name": ""},
    ],
)
def test_the_ends_of_what_a_tle_holds(change: dict[str, Any]) -> None:
    elements = replace(ISS, **change)
    for form in ("tle", "3le", *OMM_FORMS):
        written = write_element_sets([elements], form, CREATED)
        assert written.rejects == ()
        assert read_element_sets(written.text.encode()).sets == (elements,)
        if form not in OMM_FORMS:
            assert [len(line) for line in written.text.split("\n")[-3:]] == [69, 69, 0]


@pytest.mark.parametrize("name", ["0 A", "0", "# A", "1 25544 A", "2 25544 A"])
def test_a_tle_cannot_hold_every_name(name: str) -> None:
    elements = replace(ISS, name=name)
    written = write_element_sets([elements], "tle", CREATED)
    assert [str(reject) for reject in written.rejects] == [
        f"NORAD 25544: OBJECT_NAME '{name}': a TLE would not show it as a name"
    ]
    written = write_element_sets([elements], "3le", CREATED)
    assert read_element_sets(written.text.encode()).sets == (elements,)


@pytest.mark.parametrize(
    "name", ["CCSDS_OMM_VERS = 3.0", "<?xml", "<omm>", "<a:ndm", "NORAD_CAT_ID,EPOCH"]
)
def test_a_tle_does_not_begin_like_another_form(name: str) -> None:
    elements = replace(ISS, name=name)
    written = write_element_sets([elements], "tle", CREATED)
    assert [str(reject) for reject in written.rejects] == [
        f"NORAD 25544: OBJECT_NAME '{name}': "
        "a TLE that begins with it would be taken for another form"
    ]
    for form in ("3le", *OMM_FORMS):
        written = write_element_sets([elements], form, CREATED)
        assert read_element_sets(written.text.encode()).sets == (elements,)


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0",
        '"',
        'A","B',
        "'; --",
        "]]>",
        "</OBJECT_NAME><BSTAR>1</BSTAR>",
        "<!--",
        "&amp;",
        "COMMENT",
        "OBJECT_NAME = B",
        "[km]",
        "\\",
        "\\u0000",
    ],
)
def test_a_name_does_not_break_out_of_its_form(name: str) -> None:
    sets = (replace(ISS, name=name), TLES[2])
    for form in ("tle", "3le", *OMM_FORMS):
        written = write_element_sets(sets, form, CREATED)
        reading = read_element_sets(written.text.encode())
        assert (reading.sets, reading.rejects) == (sets, ())


def test_a_line_of_kvn_has_254_characters() -> None:
    longest = replace(ISS, name="A" * 240)
    written = write_element_sets([longest], "omm-kvn", CREATED)
    assert read_element_sets(written.text.encode()).sets == (longest,)
    (reject,) = write_element_sets([replace(ISS, name="A" * 241)], "omm-kvn", CREATED).rejects
    assert str(reject) == (
        f"NORAD 25544: OBJECT_NAME {'A' * 80}: a line of KVN holds only 254 characters"
    )


@pytest.mark.parametrize("form", WRITTEN_FORMS)
@pytest.mark.parametrize("name", ["A\nB", "A\x1b[31m", " A", "A\t", "\ud800", "\u202eA"])
def test_no_form_takes_a_name_that_is_not_one_line(form: str, name: str) -> None:
    written = write_element_sets([replace(ISS, name=name)], form, CREATED)
    assert [str(reject) for reject in written.rejects] == [
        f"NORAD 25544: OBJECT_NAME {name!r}: "
        "cannot be written: it has control characters, or blanks around it"
    ]


@pytest.mark.parametrize("form", WRITTEN_FORMS)
def test_what_cannot_be_read_is_not_written(form: str) -> None:
    written = write_element_sets([replace(ISS, eccentricity=1.0)], form, CREATED)
    assert [str(reject) for reject in written.rejects] == [
        "NORAD 25544: ECCENTRICITY 1.0: must be at least 0 and less than 1"
    ]


def test_an_unknown_form_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(InvalidInputError) as caught:
        write_element_sets([], "tle2", CREATED)
    assert str(caught.value) == (
        "no such form: tle2; choose from omm-csv, omm-json, omm-kvn, omm-xml, tle, 2le, 3le"
    )


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=30).map(
    lambda name: " ".join(name.split())
)
COSPAR_IDS = st.from_regex(r"(19[6-9]|20[0-4])[0-9]-[0-9]{3}[A-Z]{1,3}", fullmatch=True)


def element_sets(fits_tle: bool) -> st.SearchStrategy[ElementSet]:
    """Return orbits of all sizes; or only such that a TLE can hold."""

    def number(low: float, high: float, digits: int) -> st.SearchStrategy[float]:
        if not fits_tle:
            return st.floats(low, high)
        scale = 10**digits
        return st.integers(int(low * scale), int(high * scale)).map(lambda n: n / scale)

    def exponential() -> st.SearchStrategy[float]:
        if not fits_tle:
            return st.floats(-100.0, 100.0)
        return st.builds(
            lambda digits, exponent: float(f"{digits}e{exponent - 5}"),
            st.integers(-99_999, 99_999),
            st.integers(-9, 2),
        )

    step = timedelta(microseconds=864 if fits_tle else 1)
    midnight = datetime(1957, 1, 1, tzinfo=UTC)
    day_steps = timedelta(days=1) // step
    return st.builds(
        ElementSet,
        norad_id=st.integers(1, 339_999 if fits_tle else 999_999_999),
        epoch=st.builds(
            lambda day, n: midnight + timedelta(days=day) + n * step,
            st.integers(0, 36_000),
            st.integers(0, day_steps - 1),
        ),
        mean_motion_rev_day=number(0.01, 17.0, 8),
        eccentricity=number(0.0, 0.2, 7),
        inclination_deg=number(0.0, 180.0, 4),
        raan_deg=number(0.0, 360.0, 4),
        argument_of_perigee_deg=number(0.0, 360.0, 4),
        mean_anomaly_deg=number(0.0, 360.0, 4),
        bstar_per_earth_radius=exponential(),
        mean_motion_dot_rev_day2=number(-0.99, 0.99, 8),
        mean_motion_ddot_rev_day3=exponential(),
        name=NAMES,
        cospar_id=st.just("")
        | st.from_regex(r"(19[6-9]|20[0-4])[0-9]-[0-9]{3}[A-Z]{1,3}", fullmatch=True),
        classification=st.sampled_from("UCS"),
        ephemeris_type=st.sampled_from([0, 2]),
        element_set_no=st.integers(0, 9999),
        rev_at_epoch=st.integers(0, 99_999),
    ).filter(possible)


def possible(elements: ElementSet) -> bool:
    try:
        check_element_set(elements)
    except RejectedElementError:
        return False
    return True


@given(element_sets(fits_tle=False), st.sampled_from(OMM_FORMS))
def test_reading_undoes_writing_omm(elements: ElementSet, form: str) -> None:
    written = write_element_sets([elements], form, CREATED)
    assert written.rejects == ()
    assert read_element_sets(written.text.encode()).sets == (elements,)


@given(element_sets(fits_tle=True))
def test_reading_undoes_writing_tle(elements: ElementSet) -> None:
    for form, expected in (("3le", elements), ("2le", replace(elements, name=""))):
        written = write_element_sets([elements], form, CREATED)
        if form == "2le" or not elements.name.startswith("0"):
            assert written.rejects == ()
            assert read_element_sets(written.text.encode()).sets == (expected,)


@given(
    element_sets(fits_tle=False) | element_sets(fits_tle=True),
    st.sampled_from(TLE_FORMS),
)
def test_a_tle_is_exact_or_refused(elements: ElementSet, form: str) -> None:
    written = write_element_sets([elements], form, CREATED, exact=True)
    if not written.rejects:
        expected = replace(elements, name="") if form == "2le" else elements
        assert read_element_sets(written.text.encode()).sets == (expected,)


@given(element_sets(fits_tle=False), st.sampled_from(TLE_FORMS))
def test_a_tle_has_the_nearest_digits(elements: ElementSet, form: str) -> None:
    written = write_element_sets([elements], form, CREATED)
    if written.rejects:
        return
    (held,) = read_element_sets(written.text.encode()).sets
    for attribute, step in (
        ("mean_motion_rev_day", 1e-8),
        ("eccentricity", 1e-7),
        ("inclination_deg", 1e-4),
        ("raan_deg", 1e-4),
        ("argument_of_perigee_deg", 1e-4),
        ("mean_anomaly_deg", 1e-4),
        ("mean_motion_dot_rev_day2", 1e-8),
    ):
        off = getattr(held, attribute) - getattr(elements, attribute)
        if step == 1e-4:
            off = math.remainder(off, 360.0)
        assert abs(off) <= 0.5000001 * step
    for attribute in ("bstar_per_earth_radius", "mean_motion_ddot_rev_day3"):
        given_value = getattr(elements, attribute)
        off = getattr(held, attribute) - given_value
        assert abs(off) <= max(0.5000001e-14, 0.50001e-4 * abs(given_value))
    assert abs(held.epoch - elements.epoch) <= timedelta(microseconds=432)
    again = write_element_sets([replace(held, name=elements.name)], form, CREATED, exact=True)
    assert again.text == written.text
