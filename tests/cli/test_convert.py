"""`sattrack convert`: any form to any other, refused records by name, and a status to rely on."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from formats.samples import (
    GP_CSV,
    GP_TLE,
    ISS,
    ISS_TLE,
    KEYWORDS,
    csv_document,
    json_document,
    tle_document,
)

from sattrack.cli.convert import Form
from sattrack.formats import WRITTEN_FORMS, read_element_sets

OMM_FORMS = ("omm-csv", "omm-json", "omm-kvn", "omm-xml")
OMMS = read_element_sets(GP_CSV).sets
TLES = read_element_sets(GP_TLE).sets


def test_the_command_names_every_form_there_is() -> None:
    assert sorted(Form) == sorted(WRITTEN_FORMS)


@pytest.mark.parametrize("first", OMM_FORMS)
@pytest.mark.parametrize("second", OMM_FORMS)
def test_omm_goes_through_two_forms_and_back(sattrack, first, second):
    document = sattrack("convert", "-", "--to", "omm-csv", stdin=GP_CSV).out
    there = sattrack("convert", "-", "--to", first, stdin=GP_CSV)
    further = sattrack("convert", "-", "--to", second, stdin=there.out.encode())
    back = sattrack("convert", "-", "--to", "omm-csv", stdin=further.out.encode())
    assert [(run.status, run.err) for run in (there, further, back)] == [(0, "")] * 3
    assert back.out == document
    assert read_element_sets(further.out.encode()).sets == OMMS


@pytest.mark.parametrize("form", [*OMM_FORMS, "3le"])
def test_tle_go_through_every_form_and_back_to_the_byte(sattrack, form):
    there = sattrack("convert", "-", "--to", form, stdin=GP_TLE)
    back = sattrack("convert", "-", "--to", "tle", stdin=there.out.encode())
    assert (there.status, there.err, back.status, back.err) == (0, "", 0, "")
    assert [line.rstrip() for line in back.out.split("\n")] == GP_TLE.decode().split("\n")


@pytest.mark.parametrize("form", ["tle", "2le", "3le"])
def test_digits_beyond_a_tle_are_rounded_and_said_so_once(sattrack, form):
    run = sattrack("convert", "-", "--to", form, stdin=GP_CSV)
    assert run.status == 0
    assert run.err == (
        "sattrack: warning: 24 of 29 sets rounded to the digits that a TLE holds "
        "(--exact refuses such sets)\n"
    )
    numbers = [elements.norad_id for elements in read_element_sets(run.out.encode()).sets]
    assert numbers == [elements.norad_id for elements in OMMS]
    again = sattrack("convert", "-", "--to", form, "--exact", stdin=run.out.encode())
    assert (again.status, again.out, again.err) == (0, run.out, "")


def test_exact_refuses_what_would_be_rounded(sattrack):
    run = sattrack("convert", "-", "--to", "tle", "--exact", stdin=csv_document(ISS))
    assert (run.status, run.out) == (8, "")
    assert run.err == (
        "sattrack: standard input: line 2: NORAD 25544: BSTAR 0.00011035045: "
        "a TLE holds only five digits and an exponent of one\n"
    )
    exact = sattrack("convert", "-", "--to", "omm-json", "--exact", stdin=GP_CSV)
    assert (exact.status, exact.err) == (0, "")


@pytest.mark.parametrize("form", OMM_FORMS)
@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("EPOCH", "2026-07-10T03:41:07.9088641", "has digits beyond microseconds"),
        ("MEAN_MOTION", "15.489657140000000012", "has more digits than a double holds"),
        ("ECCENTRICITY", ".00066838000000000001", "has more digits than a double holds"),
        ("BSTAR", "1e-400", "has more digits than a double holds"),
        ("MEAN_MOTION_DDOT", "1e-99999999999999999999", "has more digits than a double holds"),
    ],
)
def test_exact_refuses_digits_that_would_be_lost_in_reading(sattrack, form, field, value, reason):
    document = csv_document(ISS | {field: value})
    run = sattrack("convert", "-", "--to", form, "--exact", stdin=document)
    assert (run.status, run.out) == (8, "")
    assert run.err == (
        f"sattrack: standard input: line 2: NORAD 25544: {field} {value}: {reason}\n"
    )
    assert sattrack("convert", "-", "--to", form, stdin=document).status == 0


def test_exact_takes_any_way_to_write_the_same_number(sattrack):
    other = {"EPOCH": "2026-07-10T03:41:07.908864000", "BSTAR": "+000.1103504500000000000e-3"}
    plain = sattrack("convert", "-", "--to", "omm-csv", "--exact", stdin=csv_document(ISS))
    run = sattrack("convert", "-", "--to", "omm-csv", "--exact", stdin=csv_document(ISS | other))
    assert (run.status, run.err, run.out) == (0, "", plain.out)


def test_refused_records_are_named_while_the_good_ones_are_written(sattrack, tmp_path):
    records = (
        ISS | {"NORAD_CAT_ID": "0025544"},
        ISS | {"NORAD_CAT_ID": "340000"},
        ISS | {"NORAD_CAT_ID": "25545", "MEAN_MOTION": "-1"},
        ISS | {"NORAD_CAT_ID": "a5544"},
        ISS | {"NORAD_CAT_ID": "-7"},
        ISS | {"NORAD_CAT_ID": "25546", "EPOCH": "2057-01-01T00:00:00"},
    )
    path = tmp_path / "mixed.csv"
    path.write_bytes(csv_document(*records))
    run = sattrack("convert", str(path), "--to", "2le")
    assert run.status == 8
    assert [elements.norad_id for elements in read_element_sets(run.out.encode()).sets] == [25544]
    prefix = f"sattrack: {path}: "
    assert [line.removeprefix(prefix) for line in run.err.split("\n")] == [
        "line 3: NORAD 340000: NORAD_CAT_ID 340000: a TLE holds only numbers up to 339999",
        "line 4: NORAD 25545: MEAN_MOTION -1: must be 0.0047 (the edge of the Earth's attraction) "
        "to 17.04 rev/day (its surface)",
        "line 5: NORAD a5544: NORAD_CAT_ID a5544: is not a whole number",
        "line 6: NORAD -7: NORAD_CAT_ID -7: must be 1 to 999999999",
        "line 7: NORAD 25546: EPOCH 2057-01-01T00:00:00.000Z: "
        "a TLE holds only years from 1957 to 2056",
        "sattrack: warning: 1 of 1 sets rounded to the digits that a TLE holds "
        "(--exact refuses such sets)",
        "",
    ]
    omm = sattrack("convert", str(path), "--to", "omm-json")
    assert omm.status == 8
    assert [record["NORAD_CAT_ID"] for record in json.loads(omm.out)] == [25544, 340000, 25546]


def test_a_refused_number_is_shown_as_it_was_written(sattrack):
    record = ISS | {"NORAD_CAT_ID": "000340000"}
    run = sattrack("convert", "-", "--to", "tle", stdin=csv_document(record))
    assert run.err.startswith("sattrack: standard input: line 2: NORAD 000340000: NORAD_CAT_ID ")


def test_numbers_of_six_and_nine_digits(sattrack):
    document = csv_document(
        ISS | {"NORAD_CAT_ID": "339999"}, ISS | {"NORAD_CAT_ID": "999999999", "OBJECT_ID": ""}
    )
    run = sattrack("convert", "-", "--to", "3le", stdin=document)
    assert run.status == 8
    assert run.out.split("\n")[1].startswith("1 Z9999U 98067A ")
    assert "line 3: NORAD 999999999: " in run.err
    back = sattrack("convert", "-", "--to", "omm-csv", stdin=run.out.encode())
    assert [row["NORAD_CAT_ID"] for row in csv.DictReader(io.StringIO(back.out))] == ["339999"]
    for form in OMM_FORMS:
        run = sattrack("convert", "-", "--to", form, stdin=document)
        numbers = [elements.norad_id for elements in read_element_sets(run.out.encode()).sets]
        assert (run.status, numbers) == (0, [339_999, 999_999_999])


def test_a_bad_pair_of_lines_costs_no_other(sattrack):
    one, two = ISS_TLE
    lines = ("BROKEN", one[:-1] + "0", two, "ALONE", one, "GK2A", *tle_lines(GP_TLE, 43823))
    run = sattrack("convert", "-", "--to", "omm-json", stdin=tle_document(*lines))
    assert run.status == 8
    assert [record["NORAD_CAT_ID"] for record in json.loads(run.out)] == [43823]
    assert run.err == (
        "sattrack: standard input: line 2: NORAD 25544: the checksum 0: line 1 adds up to 2\n"
        "sattrack: standard input: line 5: NORAD 25544: line 1 is followed by no line 2\n"
    )


def tle_lines(document: bytes, norad_id: int) -> list[str]:
    """Return the first pair of lines of an object."""
    return [line for line in document.decode().split("\n") if line[2:7] == str(norad_id)][:2]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("document", [GP_CSV, GP_TLE, json_document(ISS)])
def test_encodings_and_ends_of_lines_make_no_difference(sattrack, document, end):
    plain = sattrack("convert", "-", "--to", "omm-kvn", stdin=document)
    other = b"\xef\xbb\xbf" + document.replace(b"\n", end)
    run = sattrack("convert", "-", "--to", "omm-kvn", stdin=other)
    assert (run.status, run.out, run.err) == (0, plain.out, "")
    assert "\r" not in run.out


def test_json_may_be_a_list_or_one_object(sattrack):
    one = json.dumps(ISS).encode()
    run = sattrack("convert", "-", "--to", "omm-csv", stdin=one)
    assert run.status == 0
    assert run.out == sattrack("convert", "-", "--to", "omm-csv", stdin=json_document(ISS)).out
    assert run.out == (
        f"{KEYWORDS}\nISS (ZARYA),1998-067A,2026-07-10T03:41:07.908864,15.48965714,0.00066838,"
        "51.6302,186.4276,277.889,82.1339,0,U,25544,999,57531,0.00011035045,5.628e-05,0.0\n"
    )


def test_the_clock_shows_in_the_date_of_creation_and_nowhere_else(sattrack):
    for form in WRITTEN_FORMS:
        run = sattrack("convert", "-", "--to", form, stdin=GP_TLE)
        assert run.out == sattrack("convert", "-", "--to", form, stdin=GP_TLE).out
        assert run.out.count("2026-11-24T02:00:00.000Z") == (
            len(TLES) if form in ("omm-kvn", "omm-xml") else 0
        )


def test_output_goes_to_a_file_whole_or_not_at_all(sattrack, tmp_path):
    path = tmp_path / "out.tle"
    run = sattrack("convert", "-", "--to", "tle", "-o", str(path), stdin=GP_TLE)
    assert (run.status, run.out, run.err) == (0, "", "")
    content = path.read_bytes()
    assert read_element_sets(content).sets == TLES
    bad = csv_document(ISS | {"ECCENTRICITY": "1"})
    run = sattrack("convert", "-", "--to", "tle", "-o", str(path), stdin=bad)
    assert (run.status, run.out, run.err.count("\n")) == (8, "", 1)
    assert path.read_bytes() == content
    run = sattrack("convert", "-", "--to", "tle", "-o", str(tmp_path), stdin=GP_TLE)
    assert (run.status, run.out, run.err.count("\n")) == (9, "", 1)


def test_a_file_may_be_converted_in_place(sattrack, tmp_path):
    path = tmp_path / "gp"
    path.write_bytes(GP_CSV)
    assert sattrack("convert", str(path), "--to", "omm-xml", "-o", str(path)).status == 0
    assert read_element_sets(path.read_bytes()).sets == OMMS


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (b"", "no element sets: the document is empty"),
        (b"No GP data found", "not element sets in any known form: 'No GP data found'"),
        (b"\xff\xfe1\x00", "not UTF-8 text: byte 0xFF at offset 0"),
        (f"{KEYWORDS}\n".encode(), f"no element sets in it: '{KEYWORDS[:80]}'"),
        (b"[]", "no element sets in it: '[]'"),
        (b'[{"EPOCH": 1}', "line 1: the JSON is broken or cut short at column 14"),
        (
            b'<!DOCTYPE html>\x1b[2J\x1b]0;x\x07<a href="\xe2\x80\xae">',
            "not element sets in any known form: '<!DOCTYPE html>[2J]0;x<a href=\"\">'",
        ),
    ],
)
def test_what_holds_nothing_is_one_line(sattrack, document, complaint):
    run = sattrack("convert", "-", "--to", "tle", stdin=document)
    assert (run.status, run.out) == (8, "")
    assert run.err == f"sattrack: standard input: {complaint}\n"


def test_files_that_cannot_be_read_are_named(sattrack, tmp_path):
    run = sattrack("convert", str(tmp_path / "none.csv"), "--to", "tle")
    assert (run.status, run.out) == (9, "")
    assert run.err == f"sattrack: cannot read {tmp_path}/none.csv: No such file or directory\n"
    run = sattrack("convert", str(tmp_path), "--to", "tle")
    assert (run.status, run.err) == (9, f"sattrack: cannot read {tmp_path}: Is a directory\n")


def test_an_unknown_form_is_a_mistake_that_lists_the_forms(sattrack):
    run = sattrack("convert", "-", "--to", "tle2", stdin=GP_TLE)
    assert (run.status, run.out, run.err.count("\n")) == (2, "", 1)
    for form in WRITTEN_FORMS:
        assert form in run.err
    assert sattrack("convert", "-", stdin=GP_TLE).status == 2
    assert sattrack("convert", "--to", "tle").status == 2


@pytest.mark.parametrize(
    "name",
    [
        "\x1b[31mRED",
        "\x1b]0;title\x07",
        "\u202eESREVER",
        "A\nB",
        "A\x85B",
        "\u2028",
        "\ud800",
        "\0",
    ],
)
@pytest.mark.parametrize("form", WRITTEN_FORMS)
def test_a_hostile_name_reaches_no_terminal(sattrack, form, name):
    document = json_document(ISS | {"OBJECT_NAME": f"A{name}B"}, ISS | {"NORAD_CAT_ID": 7})
    run = sattrack("convert", "-", "--to", form, stdin=document)
    assert run.status == 8
    assert [elements.norad_id for elements in read_element_sets(run.out.encode()).sets] == [7]
    for text in (run.out, run.err):
        assert all(line.isprintable() for line in text.split("\n"))
    assert run.err.startswith("sattrack: standard input: line 1: NORAD 25544: OBJECT_NAME 'A")


def test_values_that_a_spreadsheet_would_run_stay_what_they_are(sattrack):
    # Other programs read this CSV; a guard would rename the object.
    document = csv_document(ISS | {"OBJECT_NAME": "=1+1"})
    run = sattrack("convert", "-", "--to", "omm-csv", stdin=document)
    assert next(csv.DictReader(io.StringIO(run.out)))["OBJECT_NAME"] == "=1+1"


def test_bytes_leave_a_process_as_they_are(tmp_path: Path) -> None:
    source = tmp_path / "gp.csv"
    source.write_bytes(csv_document(ISS | {"OBJECT_NAME": "천리안 2A호"}))
    command = [sys.executable, "-m", "sattrack", "convert", str(source), "--to", "omm-json"]
    done = subprocess.run(
        command, capture_output=True, check=True, env={"LC_ALL": "C", "SATTRACK_HOME": "/nowhere"}
    )
    assert json.loads(done.stdout)[0]["OBJECT_NAME"] == "천리안 2A호"
    assert b"\r" not in done.stdout
    assert done.stderr == b""
