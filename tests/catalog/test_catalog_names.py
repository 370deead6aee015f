"""Which spellings are one name, and which are not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.catalog import catalog_number
from sattrack.catalog.names import name_key, nearest


@pytest.mark.parametrize(
    "spellings",
    [
        ["GK-2B", "gk 2b", "Gk_2B", "gk2b", "  GK - 2B ", "ＧＫ－２Ｂ", "G.K. 2B", "GK\u00a02B"],
        ["천리안 2B호", "천리안2b호", unicodedata.normalize("NFD", "천리안 2B호")],
        ["CAS500-1", "cas500 1", "CAS500_1", "cas500.1", "CAS500 - 1"],
        ["2020-013B", "2020-013b", "2020 013B"],
        ["45246", " 45246 ", "045246", "４５２４６"],
        ["-155", "−155", "–155", " -0155 "],
        ["Chang'e 6", "CHANGE-6", "chang’e6"],
        ["Straße", "STRASSE"],
    ],
)
def test_spellings_of_one_name(spellings: list[str]) -> None:
    assert len({name_key(spelling) for spelling in spellings}) == 1
    assert name_key(spellings[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CAS500-1", "CAS5001"),
        ("425-1", "4251"),
        ("-155", "155"),
        ("−155", "155"),
        ("KOMPSAT-3", "KOMPSAT-3A"),
        ("천리안 2A호", "천리안 2B호"),
        ("Sentinel-4", "Sentinel 4A"),
    ],
)
def test_names_that_are_not_the_same(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["", "   ", "---", "·", "\x00\x1b"])
def test_nothing_is_no_name(name: str) -> None:
    assert not name_key(name)


@given(st.text())
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(st.text())
def test_normal_forms_and_case_do_not_matter(name: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert name_key(unicodedata.normalize(form, name)) == name_key(name)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("25544", 25544),
        ("00005", 5),
        ("999999999", 999_999_999),
        ("1000000000", None),
        ("9" * 5000, None),
        ("0", None),
        ("-155", None),
        ("2020-013B", None),
        ("gems", None),
        ("", None),
    ],
)
def test_catalog_numbers(name: str, number: int | None) -> None:
    assert catalog_number(name) == number


def test_a_long_word_is_compared_quickly() -> None:
    assert nearest("gems" * 100_000, ["gems", "tempo"]) == []
