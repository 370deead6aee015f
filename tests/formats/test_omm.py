"""OMM as CSV and JSON: what is accepted, and how what is not is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from formats.samples import (
    GK2A,
    GK2A_ROW,
    GP_CSV,
    ISS,
    ISS_ROW,
    KEYWORDS,
    csv_document,
    json_document,
)

from sattrack.errors import RejectedDataError
from sattrack.formats import read_element_sets

MOTION = "must be 0.0047 (the edge of the Earth's attraction) to 17.04 rev/day (its surface)"
EPOCH = "is not a UTC time like 2026-11-24T02:00:00.000"
CLOCK = "is not on the calendar or the clock"


def test_csv_of_celestrak_is_read_digit_for_digit() -> None:
    reading = read_element_sets(GP_CSV)
    assert (reading.form, len(reading.sets), reading.rejects) == ("omm-csv", 29, ())
    rows = [line.split(",") for line in GP_CSV.decode().split("\n")[1:-1]]
    for elements, row in zip(reading.sets, rows, strict=True):
        assert elements.name == row[0]
        assert elements.cospar_id == row[1]
        assert elements.epoch == datetime.fromisoformat(row[2]).replace(tzinfo=UTC)
        published = [float(row[i]) for i in (3, 4, 5, 6, 7, 8, 14, 15, 16)]
        assert published == [
            elements.mean_motion_rev_day,
            elements.eccentricity,
            elements.inclination_deg,
            elements.raan_deg,
            elements.argument_of_perigee_deg,
            elements.mean_anomaly_deg,
            elements.bstar_per_earth_radius,
            elements.mean_motion_dot_rev_day2,
            elements.mean_motion_ddot_rev_day3,
        ]
        assert [int(row[i]) for i in (9, 11, 12, 13)] == [
            elements.ephemeris_type,
            elements.norad_id,
            elements.element_set_no,
            elements.rev_at_epoch,
        ]
        assert elements.classification == row[10]
    assert sum(e.norad_id >= 100_000 for e in reading.sets) == 9
    assert sum(e.cospar_id == "" for e in reading.sets) == 6


def test_json_says_the_same_as_csv() -> None:
    expected = read_element_sets(GP_CSV).sets
    keywords, *rows = (line.split(",") for line in GP_CSV.decode().split("\n")[:-1])
    strings = [dict(zip(keywords, row, strict=True)) for row in rows]
    assert read_element_sets(json_document(*strings)).sets == expected
    words = {"OBJECT_NAME", "OBJECT_ID", "EPOCH", "CLASSIFICATION_TYPE"}
    numbers = [
        {
            k: v
            if k in words
            else json.loads(v.replace("-.", "-0.").replace(".", "0.", v[0] == "."))
            for k, v in record.items()
        }
        for record in strings
    ]
    reading = read_element_sets(json_document(*numbers))
    assert reading.form == "omm-json"
    assert reading.sets == expected
    assert read_element_sets(json.dumps(numbers, indent=4).encode()).sets == expected
    assert read_element_sets(json.dumps(numbers[0]).encode()).sets == expected[:1]


def test_columns_may_be_reordered_quoted_and_more() -> None:
    record = {"CCSDS_OMM_VERS": "2.0"} | dict(reversed(ISS.items())) | {"GP_ID": "1"}
    quoted = {f'"{key}"': f'"{value}"' for key, value in record.items()}
    expected = read_element_sets(csv_document(ISS)).sets
    assert read_element_sets(csv_document(record)).sets == expected
    assert read_element_sets(csv_document(quoted)).sets == expected
    assert read_element_sets(json_document(record)).sets == expected


def test_a_quoted_name_may_hold_a_comma_and_quotes() -> None:
    (elements,) = read_element_sets(csv_document(ISS | {"OBJECT_NAME": '"A, ""B"""'})).sets
    assert elements.name == 'A, "B"'


def test_an_object_without_designator_name_or_counts_is_accepted() -> None:
    optional = {
        "OBJECT_NAME": None,
        "OBJECT_ID": None,
        "ELEMENT_SET_NO": None,
        "REV_AT_EPOCH": None,
        "EPHEMERIS_TYPE": None,
        "CLASSIFICATION_TYPE": None,
        "MEAN_MOTION_DOT": None,
        "MEAN_MOTION_DDOT": None,
    }
    (nulls,) = read_element_sets(json_document(ISS | optional)).sets
    (absent,) = read_element_sets(
        json_document({k: v for k, v in ISS.items() if k not in optional})
    ).sets
    (empty,) = read_element_sets(csv_document(ISS | dict.fromkeys(optional, ""))).sets
    (unknown,) = read_element_sets(
        csv_document(ISS | dict.fromkeys(optional, "") | {"OBJECT_ID": "UNKNOWN"})
    ).sets
    assert nulls == absent == empty == unknown
    assert (nulls.name, nulls.cospar_id, nulls.classification) == ("", "", "U")
    assert (nulls.element_set_no, nulls.rev_at_epoch, nulls.ephemeris_type) == (999, 0, 0)


def test_nine_digits_are_a_catalog_number() -> None:
    (elements,) = read_element_sets(csv_document(ISS | {"NORAD_CAT_ID": "799500123"})).sets
    assert elements.norad_id == 799_500_123


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-07-10T03:41:07.908864", datetime(2026, 7, 10, 3, 41, 7, 908864, UTC)),
        ("2026-07-10T03:41:07.908864Z", datetime(2026, 7, 10, 3, 41, 7, 908864, UTC)),
        ("2026-07-10T03:41:07", datetime(2026, 7, 10, 3, 41, 7, 0, UTC)),
        ("2026-07-10T03:41:07Z", datetime(2026, 7, 10, 3, 41, 7, 0, UTC)),
        ("2026-07-10T03:41:07.9", datetime(2026, 7, 10, 3, 41, 7, 900000, UTC)),
        ("2026-191T03:41:07.908", datetime(2026, 7, 10, 3, 41, 7, 908000, UTC)),
        ("2024-366T00:00:00Z", datetime(2024, 12, 31, tzinfo=UTC)),
        ("2026-07-10T03:41:07.90886449", datetime(2026, 7, 10, 3, 41, 7, 908864, UTC)),
        ("2026-07-10T03:41:07.9088645", datetime(2026, 7, 10, 3, 41, 7, 908865, UTC)),
        ("2026-12-31T23:59:59.9999999", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2024-366T23:59:59.9999999", datetime(2025, 1, 1, tzinfo=UTC)),
    ],
)
def test_epochs_of_both_ccsds_time_codes(written: str, meant: datetime) -> None:
    for document in (
        csv_document(ISS | {"EPOCH": written}),
        json_document(ISS | {"EPOCH": written}),
    ):
        (elements,) = read_element_sets(document).sets
        assert elements.epoch == meant
        assert elements.epoch.tzinfo is UTC


@pytest.mark.parametrize(
    ("keyword", "value", "complaint"),
    [
        ("MEAN_MOTION", "NaN", f"MEAN_MOTION NaN: {MOTION}"),
        ("MEAN_MOTION", "0", f"MEAN_MOTION 0: {MOTION}"),
        ("MEAN_MOTION", "-15.5", f"MEAN_MOTION -15.5: {MOTION}"),
        ("MEAN_MOTION", "1e999", f"MEAN_MOTION 1e999: {MOTION}"),
        ("MEAN_MOTION", "", "MEAN_MOTION: missing"),
        ("MEAN_MOTION", "15.4x", "MEAN_MOTION 15.4x: is not a number"),
        ("MEAN_MOTION", "1_5.4", "MEAN_MOTION 1_5.4: is not a number"),
        ("MEAN_MOTION", "１5.4", "MEAN_MOTION １5.4: is not a number"),
        ("ECCENTRICITY", "-.1", "ECCENTRICITY -.1: must be at least 0 and less than 1"),
        ("ECCENTRICITY", "1.0", "ECCENTRICITY 1.0: must be at least 0 and less than 1"),
        ("ECCENTRICITY", ".5", "ECCENTRICITY .5: puts the perigee 2979 km under ground"),
        ("INCLINATION", "400", "INCLINATION 400: must be 0 to 180 deg"),
        ("BSTAR", "", "BSTAR: missing"),
        ("BSTAR", "inf", "BSTAR inf: must be -100 to 100 per Earth radius"),
        ("NORAD_CAT_ID", "-1", "NORAD_CAT_ID -1: must be 1 to 999999999"),
        ("NORAD_CAT_ID", "A0001", "NORAD_CAT_ID A0001: is not a whole number"),
        ("NORAD_CAT_ID", "25544.0", "NORAD_CAT_ID 25544.0: is not a whole number"),
        ("NORAD_CAT_ID", "1" * 5000, f"NORAD_CAT_ID {'1' * 80}: is not a whole number"),
        ("REV_AT_EPOCH", "many", "REV_AT_EPOCH many: is not a whole number"),
        ("OBJECT_ID", "98067A", "OBJECT_ID 98067A: must be empty or like 1998-067A"),
        (
            "EPHEMERIS_TYPE",
            "4",
            "EPHEMERIS_TYPE 4: must be 0 or 2 (SGP4); 4 is SGP4-XP, which sattrack does not have",
        ),
        ("EPOCH", "", "EPOCH: missing"),
        ("EPOCH", "2026-07-10", f"EPOCH 2026-07-10: {EPOCH}"),
        ("EPOCH", "2026-07-10 03:41:07", f"EPOCH 2026-07-10 03:41:07: {EPOCH}"),
        ("EPOCH", "2026-07-10T03:41:07+09:00", f"EPOCH 2026-07-10T03:41:07+09:00: {EPOCH}"),
        ("EPOCH", "2026-07-10T03:41:07.Z", f"EPOCH 2026-07-10T03:41:07.Z: {EPOCH}"),
        ("EPOCH", "2026-02-30T00:00:00", f"EPOCH 2026-02-30T00:00:00: {CLOCK}"),
        ("EPOCH", "2026-07-10T24:00:00", f"EPOCH 2026-07-10T24:00:00: {CLOCK}"),
        ("EPOCH", "2026-07-10T03:41:60", f"EPOCH 2026-07-10T03:41:60: {CLOCK}"),
        ("EPOCH", "2026-000T00:00:00", f"EPOCH 2026-000T00:00:00: {CLOCK}"),
        ("EPOCH", "2026-366T00:00:00", f"EPOCH 2026-366T00:00:00: {CLOCK}"),
        ("EPOCH", "0000-01-01T00:00:00", f"EPOCH 0000-01-01T00:00:00: {CLOCK}"),
        ("EPOCH", "9999-12-31T23:59:59.9999999", f"EPOCH 9999-12-31T23:59:59.9999999: {CLOCK}"),
        ("EPOCH", "1956-01-01T00:00:00", "EPOCH 1956-01-01T00:00:00: must be 1957 or later"),
        ("CENTER_NAME", "MOON", "CENTER_NAME MOON: must be EARTH"),
        ("REF_FRAME", "EME2000", "REF_FRAME EME2000: must be TEME"),
        ("TIME_SYSTEM", "TAI", "TIME_SYSTEM TAI: must be UTC"),
        ("MEAN_ELEMENT_THEORY", "SGP4-XP", "MEAN_ELEMENT_THEORY SGP4-XP: must be SGP4"),
        ("MEAN_ELEMENT_THEORY", "DSST", "MEAN_ELEMENT_THEORY DSST: must be SGP4"),
    ],
)
def test_a_bad_value_costs_its_record_and_no_other(
    keyword: str, value: str, complaint: str
) -> None:
    good, bad = GK2A | {keyword: GK2A.get(keyword, "")}, ISS | {keyword: value}
    number = bad["NORAD_CAT_ID"][:80]
    for document in (csv_document(good, bad), json_document(good, bad)):
        reading = read_element_sets(document)
        assert [elements.norad_id for elements in reading.sets] == [43823]
        line = 3 if reading.form == "omm-csv" else 2
        (reject,) = reading.rejects
        assert str(reject) == f"line {line}: NORAD {number}: {complaint}"
        assert (reject.line, reject.norad_id, reject.field) == (line, bad["NORAD_CAT_ID"], keyword)


def test_what_sgp4_presumes_may_be_written_out() -> None:
    premises = {"CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC"}
    expected = read_element_sets(csv_document(ISS)).sets
    for theory in ("SGP4", "SGP/SGP4"):
        record = ISS | premises | {"MEAN_ELEMENT_THEORY": theory}
        assert read_element_sets(csv_document(record)).sets == expected


def test_a_semi_major_axis_is_no_mean_motion() -> None:
    record = {k: v for k, v in ISS.items() if k != "MEAN_MOTION"} | {"SEMI_MAJOR_AXIS": "6796.7"}
    (reject,) = read_element_sets(json_document(record)).rejects
    assert str(reject) == (
        "line 1: NORAD 25544: MEAN_MOTION: missing; SGP4 cannot use SEMI_MAJOR_AXIS instead"
    )


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (ISS_ROW[:-2], "line 3: NORAD 25544: the row: 16 values for 17 columns"),
        (ISS_ROW[:50], "line 3: the row: 4 values for 17 columns"),
        (ISS_ROW + ",0", "line 3: NORAD 25544: the row: 18 values for 17 columns"),
        (
            '"' + ISS_ROW,
            f'line 3: the row "{ISS_ROW[:79]}: is not CSV (unexpected end of data)',
        ),
    ],
)
def test_a_bad_row_costs_itself_and_no_other(row: str, complaint: str) -> None:
    document = "\n".join([KEYWORDS, "", row, GK2A_ROW, ""])
    reading = read_element_sets(document.encode())
    assert [elements.norad_id for elements in reading.sets] == [43823]
    assert [str(reject) for reject in reading.rejects] == [complaint]


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (
            csv_document({k: v for k, v in ISS.items() if k != "MEAN_MOTION"}),
            "line 1: there is no column MEAN_MOTION",
        ),
        (
            (KEYWORDS + ",BSTAR\n" + ISS_ROW + ",0\n").encode(),
            "line 1: there are 2 columns 'BSTAR'",
        ),
        (b'"EPOCH,NORAD_CAT_ID\n1,2\n', "line 1 is not CSV: unexpected end of data"),
        (KEYWORDS.encode(), f"no element sets in it: '{KEYWORDS[:80]}'"),
        (b"[]", "no element sets in it: '[]'"),
        (b"[\n", "line 2: the JSON is broken or cut short at column 1"),
        (
            json_document(ISS)[:-1],
            "line 1: the JSON is broken or cut short at column 479",
        ),
        (
            json_document(GK2A, ISS)[:500],
            "line 2: the JSON is broken or cut short at column 32",
        ),
        (
            json_document(ISS)[:-1] + b",]",
            "line 1: the JSON is broken or cut short at column 480",
        ),
        (json_document(ISS) + b"\nx", "after the JSON there is more: 'x'"),
        (
            json_document(ISS)[:-2] + b', "COMMENT": ' + b"[" * 100_000,
            "the JSON is nested too deeply for element sets",
        ),
        (b"[" * 100_000, "the JSON is nested too deeply for element sets"),
        (b'{"EPOCH":' * 100_000, "the JSON is nested too deeply for element sets"),
        (b"[1]", "JSON, but not of element sets: '[1]'"),
        (b'{"Login":"Failed"}', """JSON, but not of element sets: '{"Login":"Failed"}'"""),
        (
            b"""[{"error": "You've violated your query rate limit. Please refer to our docs"}]""",
            """JSON, but not of element sets: '[{"error": "You've violated your query rate limit"""
            """. Please refer to our docs"}]'""",
        ),
    ],
)
def test_a_document_that_is_broken_as_a_whole_is_refused(document: bytes, complaint: str) -> None:
    with pytest.raises(RejectedDataError) as caught:
        read_element_sets(document)
    assert str(caught.value) == complaint


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ('"BSTAR": "0.1", "BSTAR": "0.1"', "BSTAR: is written twice"),
        ('"X": 1, "X": 1', "X: is written twice"),
        ('"MEAN_MOTION": NaN', f"MEAN_MOTION NaN: {MOTION}"),
        ('"MEAN_MOTION": 1e999', f"MEAN_MOTION 1e999: {MOTION}"),
        ('"MEAN_MOTION": -Infinity', f"MEAN_MOTION -Infinity: {MOTION}"),
        ('"MEAN_MOTION": true', "MEAN_MOTION: is neither a number nor text"),
        ('"OBJECT_NAME": ["A"]', "OBJECT_NAME: is neither a number nor text"),
        ('"OBJECT_NAME": {}', "OBJECT_NAME: is neither a number nor text"),
    ],
)
def test_what_json_adds_to_the_ways_of_being_wrong(changed: str, complaint: str) -> None:
    key = json.loads(f'["{changed.split(chr(34))[1]}"]')[0]
    rest = json.dumps({k: v for k, v in ISS.items() if k != key})
    document = f"[{json.dumps(GK2A)},\n\n{rest[:-1]}, {changed}}}]"
    reading = read_element_sets(document.encode())
    assert [elements.norad_id for elements in reading.sets] == [43823]
    assert [str(reject) for reject in reading.rejects] == [f"line 3: NORAD 25544: {complaint}"]


def test_nested_values_of_unknown_keys_do_no_harm() -> None:
    record: dict[str, Any] = ISS | {"COMMENTS": ["a", {"b": None}], "FLAG": True}
    assert (
        read_element_sets(json_document(record)).sets == read_element_sets(csv_document(ISS)).sets
    )
