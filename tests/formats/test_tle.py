"""TLE to the column: what is accepted, and how what is not is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from formats.samples import GK2A_TLE, GP_TLE, ISS_TLE, tle_document, with_checksum
from hypothesis import given
from hypothesis import strategies as st

from sattrack.errors import RejectedDataError
from sattrack.formats import read_element_sets
from sattrack.formats.tle import checksum, from_alpha5, to_alpha5

ONE, TWO = ISS_TLE


def test_tle_is_read_digit_for_digit() -> None:
    reading = read_element_sets(GP_TLE)
    assert (reading.form, len(reading.sets), reading.rejects) == ("tle", 8, ())
    iss = reading.sets[0]
    assert iss.name == "ISS (ZARYA)"
    assert (iss.norad_id, iss.cospar_id, iss.classification) == (25544, "1998-067A", "U")
    # Day 255 of 2025 is 2025-09-12; 0.80472925 day is 69528.6072 s.
    assert iss.epoch == datetime(2025, 9, 12, 19, 18, 48, 607200, UTC)
    assert iss.mean_motion_dot_rev_day2 == 0.00007227
    assert iss.mean_motion_ddot_rev_day3 == 0.0
    assert iss.bstar_per_earth_radius == 0.00013327
    assert (iss.inclination_deg, iss.raan_deg) == (51.6331, 232.7995)
    assert iss.eccentricity == 0.00043
    assert (iss.argument_of_perigee_deg, iss.mean_anomaly_deg) == (332.1645, 27.9114)
    assert iss.mean_motion_rev_day == 15.50259265
    assert (iss.ephemeris_type, iss.element_set_no, iss.rev_at_epoch) == (0, 999, 52875)
    assert reading.sets[2].mean_motion_dot_rev_day2 == -0.00000351


def test_names_are_optional_and_may_carry_a_zero() -> None:
    expected = read_element_sets(tle_document("ISS (ZARYA)".ljust(24), ONE, TWO))
    assert expected.sets[0].name == "ISS (ZARYA)"
    assert read_element_sets(tle_document("0 ISS (ZARYA)", ONE, TWO)) == expected
    spread = read_element_sets(tle_document("# stations", "", "ISS (ZARYA)", "  ", ONE, TWO))
    assert spread.sets == expected.sets
    assert (expected.origins, spread.origins) == (((2, "25544"),), ((5, "25544"),))
    (bracket,) = read_element_sets(tle_document("[{ISS}]", ONE, TWO)).sets
    assert bracket.name == "[{ISS}]"
    (nameless,) = read_element_sets(tle_document(ONE, TWO)).sets
    assert nameless.name == ""
    (digits,) = read_element_sets(tle_document("1 HOPSAT", ONE, TWO)).sets
    assert digits.name == "1 HOPSAT"


def test_blanks_after_the_last_column_are_tolerated() -> None:
    assert read_element_sets(tle_document(ONE + "   ", TWO + " ")) == read_element_sets(
        tle_document(ONE, TWO)
    )


def test_old_ways_of_writing_columns_are_accepted() -> None:
    # Object 11801 of the verification set of AIAA 2006-6753: no designator, no ephemeris type.
    first = "1 11801U          80230.29629788  .01431103  00000-0  14311-1      13"
    second = "2 11801  46.7916 230.4354 7318036  47.4722  10.4117  2.28537848    13"
    (elements,) = read_element_sets(tle_document(first, second)).sets
    assert elements.epoch == datetime(1980, 8, 17, 7, 6, 40, 136832, UTC)
    assert (elements.cospar_id, elements.ephemeris_type, elements.element_set_no) == ("", 0, 1)
    assert (elements.eccentricity, elements.bstar_per_earth_radius) == (0.7318036, 0.014311)
    blanks = (
        with_checksum("1     5U 58002B   00  9.78495062  .00000023 -12345-6 -28098-4 0   475"),
        with_checksum("2     5  34.2682 348.7242   59667 331.7664  19.3264 10.82419157     "),
    )
    (elements,) = read_element_sets(tle_document(*blanks)).sets
    assert (elements.norad_id, elements.cospar_id) == (5, "1958-002B")
    assert elements.epoch.date().isoformat() == "2000-01-09"
    assert elements.mean_motion_ddot_rev_day3 == -0.12345e-6
    assert elements.bstar_per_earth_radius == -0.28098e-4
    assert (elements.eccentricity, elements.rev_at_epoch) == (0.0059667, 0)


def spoiled(line: str, first: int, text: str) -> str:
    """Return the line with other characters from column `first` on, and its checksum right."""
    return with_checksum(line[: first - 1] + text + line[first - 1 + len(text) :])


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ((ONE[:-1] + "3", TWO), "line 1: NORAD 25544: the checksum 3: line 1 adds up to 2"),
        ((ONE, TWO[:-1] + "1"), "line 2: NORAD 25544: the checksum 1: line 2 adds up to 0"),
        (
            (ONE, spoiled(TWO, 3, "25545")),
            "line 2: NORAD 25544: NORAD_CAT_ID 25545: line 1 has 25544",
        ),
        ((ONE + "0", TWO), "line 1: NORAD 25544: TLE line 1: has 70 columns, not 69"),
        ((ONE, TWO + "  0.0"), "line 2: NORAD 25544: TLE line 2: has 74 columns, not 69"),
        ((ONE[:60], TWO), "line 1: NORAD 25544: TLE line 1: has 60 columns, not 69"),
        ((ONE, TWO[:60]), "line 2: NORAD 25544: TLE line 2: has 60 columns, not 69"),
        ((ONE[:-1], TWO), "line 1: NORAD 25544: TLE line 1: has 68 columns, not 69"),
        (
            (ONE.replace("   25255", "\t25255"), TWO),
            "line 1: NORAD 25544: TLE line 1: has a tab in column 16",
        ),
        ((ONE, TWO), ""),
        (
            (spoiled(ONE, 34, " .000O7227"), TWO),
            "line 1: NORAD 25544: MEAN_MOTION_DOT ' .000O7227': cannot stand in columns 34 to 43",
        ),
        (
            (spoiled(ONE, 54, " 1332x-3"), TWO),
            "line 1: NORAD 25544: BSTAR ' 1332x-3': cannot stand in columns 54 to 61",
        ),
        (
            (spoiled(ONE, 45, "  0000+0"), TWO),
            "line 1: NORAD 25544: MEAN_MOTION_DDOT '  0000+0': cannot stand in columns 45 to 52",
        ),
        (
            (spoiled(ONE, 19, "25255,80472925"), TWO),
            "line 1: NORAD 25544: EPOCH '25255,80472925': cannot stand in columns 19 to 32",
        ),
        (
            (spoiled(ONE, 19, "25366.00000000"), TWO),
            "line 1: NORAD 25544: EPOCH 25366.00000000: 2025 has no day 366",
        ),
        (
            (spoiled(ONE, 19, "25000.00000000"), TWO),
            "line 1: NORAD 25544: EPOCH 25000.00000000: 2025 has no day 0",
        ),
        (
            (spoiled(ONE, 10, "98067aB "), TWO),
            "line 1: NORAD 25544: OBJECT_ID '98067aB ': cannot stand in columns 10 to 17",
        ),
        (
            (spoiled(ONE, 8, "u"), TWO),
            "line 1: NORAD 25544: CLASSIFICATION_TYPE 'u': cannot stand in column 8",
        ),
        (
            (spoiled(ONE, 63, "x"), TWO),
            "line 1: NORAD 25544: EPHEMERIS_TYPE 'x': cannot stand in column 63",
        ),
        (
            (spoiled(ONE, 63, "4"), TWO),
            "line 1: NORAD 25544: EPHEMERIS_TYPE 4: must be 0 or 2 (SGP4); "
            "4 is SGP4-XP, which sattrack does not have",
        ),
        (
            (spoiled(ONE, 65, "9 9 "), TWO),
            "line 1: NORAD 25544: ELEMENT_SET_NO '9 9 ': cannot stand in columns 65 to 68",
        ),
        (
            (spoiled(ONE, 33, "5"), TWO),
            "line 1: NORAD 25544: the gap '5': cannot stand in column 33",
        ),
        (
            (ONE[:-1] + "x", TWO),
            "line 1: NORAD 25544: the checksum 'x': cannot stand in column 69",
        ),
        (
            (ONE, spoiled(TWO, 9, " 51.63E1")),
            "line 2: NORAD 25544: INCLINATION ' 51.63E1': cannot stand in columns 9 to 16",
        ),
        (
            (ONE, spoiled(TWO, 9, "400.0000")),
            "line 1: NORAD 25544: INCLINATION 400.0000: must be 0 to 180 deg",
        ),
        (
            (ONE, spoiled(TWO, 27, "000.430")),
            "line 2: NORAD 25544: ECCENTRICITY '000.430': cannot stand in columns 27 to 33",
        ),
        (
            (ONE, spoiled(TWO, 53, " 0.00000000")),
            "line 1: NORAD 25544: MEAN_MOTION 0.00000000: must be 0.0047 "
            "(the edge of the Earth's attraction) to 17.04 rev/day (its surface)",
        ),
        (
            (ONE, spoiled(TWO, 53, "-1.50259265")),
            "line 2: NORAD 25544: MEAN_MOTION '-1.50259265': cannot stand in columns 53 to 63",
        ),
        (
            (spoiled(ONE, 3, "a5544"), spoiled(TWO, 3, "a5544")),
            "line 1: NORAD a5544: NORAD_CAT_ID 'a5544': cannot stand in columns 3 to 7",
        ),
        (
            (spoiled(ONE, 3, "I5544"), spoiled(TWO, 3, "I5544")),
            "line 1: NORAD I5544: NORAD_CAT_ID 'I5544': cannot stand in columns 3 to 7",
        ),
        (
            (spoiled(ONE, 3, "A554 "), spoiled(TWO, 3, "A554 ")),
            "line 1: NORAD A554: NORAD_CAT_ID 'A554 ': cannot stand in columns 3 to 7",
        ),
        (
            (spoiled(ONE, 3, "00000"), spoiled(TWO, 3, "00000")),
            "line 1: NORAD 00000: NORAD_CAT_ID 0: must be 1 to 999999999",
        ),
    ],
)
def test_a_bad_line_costs_its_element_set_and_no_other(
    lines: tuple[str, str], complaint: str
) -> None:
    before = read_element_sets(tle_document(*lines, "GK-2A", *GK2A_TLE))
    after = read_element_sets(tle_document("GK-2A", *GK2A_TLE, *lines))
    for reading, skipped in ((before, 0), (after, 3)):
        numbers = sorted(elements.norad_id for elements in reading.sets)
        complaints = [str(reject) for reject in reading.rejects]
        if not complaint:
            assert (numbers, complaints) == ([25544, 43823], [])
            continue
        line = int(complaint[5]) + skipped
        assert (numbers, complaints) == ([43823], [f"line {line}{complaint[6:]}"])


@pytest.mark.parametrize(
    ("lines", "complaints"),
    [
        ((ONE,), ["line 1: NORAD 25544: line 1 is followed by no line 2"]),
        ((TWO,), ["line 1: NORAD 25544: line 2 follows no line 1"]),
        (
            (TWO, ONE),
            [
                "line 1: NORAD 25544: line 2 follows no line 1",
                "line 2: NORAD 25544: line 1 is followed by no line 2",
            ],
        ),
        (("ISS", ONE, "ISS", ONE, TWO), ["line 2: NORAD 25544: line 1 is followed by no line 2"]),
        ((ONE, ONE, TWO), ["line 1: NORAD 25544: line 1 is followed by no line 2"]),
        ((ONE, TWO, TWO), ["line 3: NORAD 25544: line 2 follows no line 1"]),
        (("lorem", "ISS", ONE, TWO), ["line 1: 'lorem': belongs to no element set"]),
        (("<b>", TWO), ["line 2: NORAD 25544: line 2 follows no line 1"]),
    ],
)
def test_lines_out_of_order_are_named_and_the_next_pair_survives(
    lines: tuple[str, ...], complaints: list[str]
) -> None:
    reading = read_element_sets(tle_document(*lines, *GK2A_TLE))
    assert [str(reject) for reject in reading.rejects] == complaints
    assert 43823 in [elements.norad_id for elements in reading.sets]
    last = read_element_sets(tle_document(*GK2A_TLE, *lines)).rejects
    assert len(last) == len(complaints)


def test_text_after_the_last_element_set_is_named() -> None:
    reading = read_element_sets(tle_document(*GK2A_TLE, "and so on"))
    assert [str(reject) for reject in reading.rejects] == [
        "line 3: 'and so on': belongs to no element set"
    ]


def test_without_any_element_line_it_is_no_tle() -> None:
    with pytest.raises(RejectedDataError, match="not element sets in any known form: 'ISS'"):
        read_element_sets(tle_document("ISS"))


@pytest.mark.parametrize(
    ("columns", "number"),
    [
        # Space-Track, "Alpha-5 help": the first and last of letters around the gaps.
        ("A0000", 100_000),
        ("E8493", 148_493),
        ("H9999", 179_999),
        ("J2931", 182_931),
        ("N9999", 229_999),
        ("P4018", 234_018),
        ("W1928", 301_928),
        ("Z9999", 339_999),
        ("00005", 5),
        ("99999", 99_999),
    ],
)
def test_alpha5_both_ways(columns: str, number: int) -> None:
    assert from_alpha5(columns) == number
    assert to_alpha5(number) == columns
    lines = spoiled(ONE, 3, columns), spoiled(TWO, 3, columns)
    assert read_element_sets(tle_document(*lines)).sets[0].norad_id == number


@given(st.integers(0, 339_999))
def test_every_number_up_to_the_last_fits_five_columns(number: int) -> None:
    assert len(to_alpha5(number)) == 5
    assert from_alpha5(to_alpha5(number)) == number


@pytest.mark.parametrize(
    "columns",
    ["I0000", "O0000", "a0000", "A000", "A00000", "", "5", "1234 ", "A 001", "-0001", "１2345"],
)
def test_what_is_no_catalog_number(columns: str) -> None:
    with pytest.raises(ValueError, match="not five columns of a catalog number"):
        from_alpha5(columns)


@pytest.mark.parametrize("number", [-1, 340_000, 999_999_999])
def test_what_five_columns_cannot_hold(number: int) -> None:
    with pytest.raises(ValueError, match=f"five columns hold 0 to 339999, not {number}"):
        to_alpha5(number)


@given(st.integers(1957, 2056), st.integers(0, 365 * 10**8 - 1))
def test_epochs_of_tle_are_exact(year: int, steps: int) -> None:
    day, fraction = divmod(steps, 10**8)
    first = spoiled(ONE, 19, f"{year % 100:02d}{day + 1:03d}.{fraction:08d}")
    (elements,) = read_element_sets(tle_document(first, TWO)).sets
    exact = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day, microseconds=864 * fraction)
    assert elements.epoch == exact


def test_the_checksum_counts_digits_and_minus_signs() -> None:
    assert checksum("1 2-3.+4AB") == 1
