"""What errors say of hostile text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.errors import quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("gems", "'gems'"),
        ("서울", "'서울'"),
        ("\x1b[31mred\x07", r"'\x1b[31mred\x07'"),
        ("a\nb\u202ec\u200b", r"'a\nb\u202ec\u200b'"),
        ("\udc80", r"'\udc80'"),
    ],
)
def test_quoted_text_is_printable(text: str, shown: str) -> None:
    assert quoted(text) == shown


@given(st.text(), st.integers(1, 100))
def test_quoted_text_fits_its_width(text: str, width: int) -> None:
    shown = quoted(text, width)
    assert shown.isprintable()
    assert len(shown) <= width + 2
    assert quoted("x" * width, width) == "'" + "x" * width + "'"
    assert quoted("x" * (width + 1), width) == "'" + "x" * (width - 1) + "…'"
