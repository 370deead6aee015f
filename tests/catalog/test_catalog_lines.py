"""Every value of a TOML file is found on its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.catalog import catalog_root
from sattrack.catalog.located import KeyPath, LocatedToml

# Each value that is a number is the number of its line.
HARD = r'''
top = 2            # a comment with = [ { " and '
"quoted key" = 3
'lit.eral'.inner = 4
dotted . "k\u0065y".deeper = 5
text = """
not = 0
[[table]] "" \""" # """
after_text = 9
closing = ["""one quote at the end: """", """two: """""]
literal = \'\'\'
key = 0 \\\'\'\'
after_literal = 13
empty = ["", '', [], {}]
after_empty = 15
nested = [ [16, 16], # comment ]
  [17,
   18 , ], { a = 18, b = [18], "c,}" = 18 },
]
time = 1979-05-27 07:32:00  # with a space
after_time = 21
float = [22, 1.5e-7, -inf, 0x16, 22]
[table]
a = 24
[table.inner]
a = 26
[[array]]
a = 28
[[array.inner]]
a = 30
[[array.inner]]
a = 32
[array.inner.deep]
a = 34
[[array]]
a = 36
[[array.inner]]
a.b = 38
[[array.inner]]
inline = { a = 40, b.c = 40, d = [
  41, { e = 41 },
  42] }
["odd # header"."x]"]
a = 44
last = 45'''.replace(r"\'", "'")


def leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_hard_places(line_end: str) -> None:
    file = LocatedToml("hard.toml", HARD.replace("\n", line_end).encode())
    numbered = [(path, value) for path, value in leaves(file.tables) if type(value) is int]
    assert len(numbered) == 33
    for path, value in numbered:
        assert (path, file.line(*path)) == (path, value)


def test_headers_and_what_is_not_there() -> None:
    file = LocatedToml("hard.toml", HARD.encode())
    assert file.line("array") == 27
    assert file.line("array", 1) == 35
    assert file.line("array", 1, "inner", 0) == 37
    assert file.line("array", 1, "missing", 3) == 35
    assert file.line("nowhere") == 1
    assert file.line() == 1


def shipped_files() -> list[Path]:
    root = catalog_root()
    assert isinstance(root, Path)
    return sorted(root.glob("*/*.toml"))


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_every_text_of_the_shipped_catalog_stands_on_its_line(path: Path) -> None:
    content = path.read_bytes()
    file = LocatedToml(path.name, content)
    lines = content.decode().splitlines()
    found = [(file.line(*where), value) for where, value in leaves(file.tables)]
    for number, value in found:
        if isinstance(value, str) and "\n" not in value:
            assert value in lines[number - 1].replace('\\"', '"')


keys = st.text("ab-_0", min_size=1, max_size=3)
scalars = st.sampled_from(["1", "'#'", '"\\"]"', "1979-05-27T07:32:00Z", '"""\n"""', "[\n]", "{}"])


@given(st.lists(st.tuples(keys, scalars, st.integers(0, 2)), unique_by=lambda pair: pair[0]))
def test_keys_are_found_whatever_their_values_hold(
    pairs: list[tuple[str, str, int]],
) -> None:
    text, expected = "", {}
    for key, value, blank_lines in pairs:
        text += "\n" * blank_lines
        expected[key] = text.count("\n") + 1
        text += f"{key} = {value} # {key} = 0\n"
    assert tomllib.loads(text).keys() == expected.keys()
    file = LocatedToml("x.toml", text.encode())
    assert {key: file.line(key) for key in expected} == expected
