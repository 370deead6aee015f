"""Rows that are read together say what they say one by one, odd ones among them too."""

from __future__ import annotations

import pytest

from sattrack.formats import omm_csv, read_element_sets
from sattrack.formats.omm import KEYWORDS

ROW = dict(
    zip(
        KEYWORDS,
        [
            "ISS (ZARYA)",
            "1998-067A",
            "2026-07-10T03:41:07.908864",
            "15.48965714",
            ".00066838",
            "51.6302",
            "186.4276",
            "277.889",
            "82.1339",
            "0",
            "U",
            "25544",
            "999",
            "57531",
            ".11035045E-3",
            ".5628E-4",
            "0",
        ],
        strict=True,
    )
)
ODD = [
    ("NORAD_CAT_ID", text) for text in ("25545", "+7", " 7", "7_0", "", "0", "9" * 5000, "٣", "1.0")
]
ODD += [
    ("EPOCH", text)
    for text in (
        "2026-07-10T03:41:07.908864Z", "2026-07-10T24:00:00.000000", "2026-07-10T03:41:60.000000",
        "2026-W28-5T03:41:07.908864", "2026-02-30T00:00:00.000000", "2026-07-10T03:41:07,908864",
        "2026-07-10 03:41:07.908864", "2026-191T03:41:07.908864", "2026-07-10T03:41:07.9088645",
        "", "0000-01-01T00:00:00.000000", "2026-07-10T03:41:07.9",
    )
]  # fmt: skip
ODD += [
    (keyword, text)
    for keyword in ("MEAN_MOTION", "ECCENTRICITY", "BSTAR", "MEAN_MOTION_DOT", "RA_OF_ASC_NODE")
    for text in ("nan", "inf", "-inf", "1_0", "", "1e999", "-1", "360", "1.e", "e", "--1", "0x1")
]
ODD += [("OBJECT_ID", text) for text in ("", "UNKNOWN", " 1998-067A ", "1998-67A", "x")]
ODD += [("OBJECT_NAME", text) for text in ("", "  A  ", '"A, B"', "가", "\t", "A,B")]
ODD += [("CLASSIFICATION_TYPE", text) for text in ("", "C", "u", "UU")]
ODD += [("EPHEMERIS_TYPE", text) for text in ("2", "4", "", "00")]
ODD += [("REV_AT_EPOCH", text) for text in ("-1", "", "1000000000")]


def document(*rows: dict[str, str]) -> bytes:
    lines = [",".join(KEYWORDS), *(",".join(row[keyword] for keyword in KEYWORDS) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def both(monkeypatch, text: bytes):
    together = read_element_sets(text)
    with monkeypatch.context() as patch:
        patch.setattr(omm_csv, "plain_sets", lambda columns: None)
        return together, read_element_sets(text)


@pytest.mark.parametrize(("keyword", "value"), ODD, ids=lambda value: ascii(value)[:30])
def test_an_odd_row_is_read_as_if_it_stood_alone(monkeypatch, keyword, value):
    other = ROW | {"NORAD_CAT_ID": "43823", "OBJECT_ID": "2018-100A"}
    together, alone = both(monkeypatch, document(ROW, ROW | {keyword: value}, other))
    assert together == alone
    together, alone = both(monkeypatch, document(ROW | {keyword: value}))
    assert together == alone


def test_rows_are_read_together_and_lines_are_counted(monkeypatch):
    rows = [ROW | {"NORAD_CAT_ID": str(number), "OBJECT_ID": ""} for number in range(1, 1300)]
    rows[700] |= {"ECCENTRICITY": "2"}
    rows[1200] |= {"EPOCH": "never"}
    text = document(*rows)
    together, alone = both(monkeypatch, text)
    assert together == alone
    assert [reject.line for reject in together.rejects] == [702, 1202]
    assert "ECCENTRICITY 2" in str(together.rejects[0])
    asked = []
    plain = omm_csv.plain_sets
    monkeypatch.setattr(omm_csv, "plain_sets", lambda c: asked.append(plain(c)) or asked[-1])
    read_element_sets(text)
    assert [found is not None for found in asked] == [True, True, False]


def test_digits_are_counted_of_rows_read_together():
    text = document(ROW | {"MEAN_MOTION": "15.48965714000000000000001"})
    assert len(read_element_sets(text).sets) == 1
    (reject,) = read_element_sets(text, exact=True).rejects
    assert "has more digits than a double holds" in str(reject)
