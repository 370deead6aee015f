"""Horizons' answers: real headers, exact digits, and everything that is no table of what was asked.

The header is that of real replies: JWST, 2026-05-27, and Voyager 1, 2026-07-05, as quoted in public
issues; the numbers of the rows are those of -155 on 2026-02-15 and made up from there.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import numpy as np
import pytest
from standin.horizons import HorizonsStandin, two_body

from sattrack.errors import NoOrbitError, RejectedDataError
from sattrack.formats.horizons import CoverageError, StatesAsked, read_states

ASKED = StatesAsked(-155, 301, 2461086.5, 120, 5)
STARS = "*" * 79
HEAD = f"""{STARS}
Ephemeris / API_USER Sun Feb 15 08:53:25 2026 Pasadena, USA      / Horizons
{STARS}
Target body name: Danuri (spacecraft) (-155)      {{source: KPLO_merged}}
Center body name: Moon (301)                      {{source: DE441}}
Center-site name: BODY CENTER
{STARS}
Start time      : A.D. 2026-Feb-15 00:00:00.0000 TDB
Stop  time      : A.D. 2026-Feb-15 00:08:00.0000 TDB
Step-size       : 2 minutes
{STARS}
Center geodetic : 0.0, 0.0, 0.0                   {{E-lon(deg),Lat(deg),Alt(km)}}
Center cylindric: 0.0, 0.0, 0.0                   {{E-lon(deg),Dxy(km),Dz(km)}}
Center radii    : (undefined)
Output units    : KM-S
Output type     : GEOMETRIC cartesian states
Output format   : 2 (position and velocity)
Reference frame : ICRF
{STARS}
            JDTDB,            Calendar Date (TDB),                      X,                      \
Y,                      Z,                     VX,                     VY,                     VZ,
{"*" * 120}
"""
STATES = two_body(1868.3, np.arange(5) * 120.0)
ROWS = [
    f"{2461086.5 + 120.0 * k / 86400.0:.9f}, A.D. 2026-Feb-15 00:0{2 * k}:00.0000,"
    + "".join(f" {value: .15E}," for value in STATES[:, k])
    for k in range(5)
]
RESULT = f"{HEAD}$$SOE\n" + "\n".join(ROWS) + f"\n$$EOE\n{STARS}\n"


def answer(result: str, version: str = "1.2", **more: object) -> bytes:
    signature = {"source": "NASA/JPL Horizons API", "version": version}
    return json.dumps({"signature": signature, "result": result, **more}).encode()


def test_a_table_is_read_digit_for_digit() -> None:
    found = read_states(answer(RESULT), ASKED)
    table = found.table
    assert found.warnings == ()
    assert (table.object_name, table.naif_id, table.centre_naif_id) == ("Danuri", -155, 301)
    assert table.source == "JPL Horizons, KPLO_merged"
    assert table.start_jd_tdb == 2461086.5
    assert table.seconds.tolist() == [0.0, 120.0, 240.0, 360.0, 480.0]
    printed = [[float(cell) for cell in row.split(",")[2:8]] for row in ROWS]
    assert table.position_km.T.tolist() == [row[:3] for row in printed]
    assert table.velocity_km_s.T.tolist() == [row[3:] for row in printed]
    assert (table.retrieved_at, table.data_until) == (None, None)


def test_the_page_of_the_object_says_where_measurements_end() -> None:
    page = f"{STARS}\n Revised: Sep 30, 2026    Danuri    -155\n Data through 2026-Sep-29 00:00, "
    found = read_states(answer(f"{page}prediction after\n{RESULT}"), ASKED)
    assert found.table.data_until == datetime(2026, 9, 29, tzinfo=UTC)


def test_columns_go_by_their_names() -> None:
    # With VEC_TABLE 3 there are three more; the order is nowhere promised.
    turned = [",".join([*row.split(",")[5:8], "1.0", *row.split(",")[:5], ""]) for row in ROWS]
    head = HEAD.replace(
        "            JDTDB,            Calendar Date (TDB),                      X,",
        " VX, VY, VZ, LT, JDTDB, Calendar Date (TDB), X,",
    )
    head = head.replace(
        "                      Y,                      Z,                     VX,"
        "                     VY,                     VZ,",
        " Y, Z,",
    )
    result = f"{head}$$SOE\n" + "\n".join(turned) + "\n$$EOE\n"
    table, plain = (read_states(answer(text), ASKED).table for text in (result, RESULT))
    assert table.velocity_km_s.tolist() == plain.velocity_km_s.tolist()
    assert table.position_km.tolist() == plain.position_km.tolist()


@pytest.mark.parametrize("version", ["1.0", "1.2", "1.3", "1.17"])
def test_a_new_minor_version_is_a_warning(version) -> None:
    found = read_states(answer(RESULT, version), ASKED)
    assert len(found.warnings) == (float(version.replace("1.17", "1.9")) > 1.2)
    assert all(version in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("(-155)", "(-156)", "-155 was asked for; the answer is for 'Danuri (spacecraft) (-156)"),
        ("(-155)", "", "-155 was asked for"),
        ("Danuri (spacecraft) (-155)", "1 Griffin (A909 GA)", "-155 was asked for"),
        ("Moon (301)", "Earth (399)", "about body 301 were asked for, not about 'Earth (399)"),
        ("BODY CENTER", "Apollo-11", "center-site name: BODY CENTER was asked for, 'Apollo-11'"),
        (": ICRF", ": Ecliptic of J2000.0", "ICRF was asked for, 'Ecliptic of J2000.0' is said"),
        ("Reference frame : ICRF\n", "", "ICRF was asked for, nothing is said"),
        ("KM-S", "AU-D", "KM-S was asked for, 'AU-D' is said"),
        ("GEOMETRIC cartesian", "LT+S cartesian", "geometric states were asked for, 'LT+S"),
        (" JDTDB,", " JDUT,", "no column JDTDB"),
        ("VZ,", "RR,", "no column VZ"),
        ("$$EOE", "", "the table is cut short: there is no $$EOE"),
        (ROWS[2] + "\n", "", "5 states were asked for, 4 came"),
        (ROWS[2], ROWS[2] + "\n" + ROWS[2], "5 states were asked for, 6 came"),
        (ROWS[2], ROWS[1], "state 3 is for JD"),
        (ROWS[2], ROWS[2].rstrip(",").rpartition(",")[0], "state 3 has 7 columns of 8"),
        (ROWS[2].split(",")[4], "NaN", "state 3: Z 'NaN' is not a number"),
        (ROWS[2].split(",")[4], "n.a.", "state 3: Z 'n.a.' is not a number"),
        (ROWS[2].split(",")[4], "1e999", "state 3: Z '1e999' is not a number"),
        (ROWS[2].split(",")[4], "1_0", "state 3: Z '1_0' is not a number"),
        (ROWS[2].split(",")[4], "0.0", "Danuri: the velocities do not lead from state"),
    ],
)
def test_a_table_of_anything_else_is_refused(old, new, said) -> None:
    assert old in RESULT
    with pytest.raises(RejectedDataError) as caught:
        read_states(answer(RESULT.replace(old, new)), ASKED)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


MATCHES = f"""{STARS}
Multiple major-bodies match string "GRIFFIN*"

  ID#      Name                               Designation  IAU/aliases/other
  -------  ---------------------------------- -----------  -------------------
     -179  Griffin Mission 1 (spacecraft)
"""
NEWS = "API VERSION: 1.2\nAPI SOURCE: NASA/JPL Horizons API\n\n JPL/HORIZONS NEWS\n October 1:"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (answer(MATCHES), "Horizons says 'Multiple major-bodies match string \"GRIFFIN*\"'"),
        (answer(NEWS), "Horizons says 'JPL/HORIZONS NEWS'"),
        (answer('No matches found for "-156".'), "No matches found"),
        (answer("Cannot interpret date.\x1b[31m"), r"Cannot interpret date.\x1b[31m"),
        (answer(f"{STARS}\n\n"), "the answer is empty"),
        (answer("x", error="Unexpected problem."), "Horizons says 'Unexpected problem.'"),
        (b'{"message":"one or more keywords is invalid","code":"400"}', "one or more keywords"),
        (b"", "not JSON, or cut short"),
        (answer(RESULT)[:2000], "not JSON, or cut short"),
        (b"<html>503</html>", "not JSON, or cut short: '<html>503</html>'"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "JSON, but not an answer"),
        (b"{}", "without the signature"),
        (b'{"signature": 1, "result": ""}', "without the signature"),
        (answer(RESULT, "2.0"), "version 2.0 of the API; sattrack reads version 1"),
        (answer(RESULT, "0.2"), "version 0.2 of the API"),
        (b'{"signature": {"version": "1.2"}}', "without a result"),
    ],
)
def test_what_is_no_table_is_quoted(document, said) -> None:
    with pytest.raises(RejectedDataError) as caught:
        read_states(document, ASKED)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()
    assert caught.value.exit_status == 8


def test_outside_coverage_is_no_orbit() -> None:
    said = 'No ephemeris for target "Danuri (spacecraft)" {} A.D. {} TDB\n'
    with pytest.raises(CoverageError) as after:
        read_states(answer(said.format("after", "2027-APR-01 15:13:50.8160")), ASKED)
    assert str(after.value) == "Horizons has Danuri (-155) only to 2027-04-01 15:13 TDB"
    assert isinstance(after.value, NoOrbitError)
    assert after.value.exit_status == 4
    # 2027-04-01 is JD 2461496.5.
    assert after.value.last_jd_tdb == pytest.approx(2461496.5 + 913 / 1440, abs=1e-9)
    assert after.value.first_jd_tdb == -math.inf
    with pytest.raises(CoverageError) as before:
        read_states(answer(said.format("prior to", "2022-AUG-04 23:19:05.1")), ASKED)
    assert str(before.value) == "Horizons has Danuri (-155) only from 2022-08-04 23:19 TDB"
    assert before.value.first_jd_tdb == pytest.approx(2459795.5 + 1400 / 1440, abs=1e-9)


def test_the_stand_in_speaks_the_same_language() -> None:
    query = {
        "START_TIME": "2026-02-15 00:00",
        "STOP_TIME": "2026-02-15 00:08",
        "STEP_SIZE": "2 m",
        "CENTER": "500@301",
        "OBJ_DATA": "YES",
        "OUT_UNITS": "KM-S",
        "REF_SYSTEM": "ICRF",
    }
    standin = HorizonsStandin()
    text = standin._result(standin.bodies[0], query)
    table = read_states(standin.envelope(text), ASKED).table
    assert table.data_until == datetime(2026, 11, 20, tzinfo=UTC)
    assert text.splitlines()[-1].startswith('  Barycentric Dynamical Time ("TDB"')
