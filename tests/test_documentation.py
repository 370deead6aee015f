"""What the documents show is what the program does: their examples are run."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

import sattrack as front_door

README = Path(__file__).parents[1] / "README.md"
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
CONSOLE = [text for kind, text in BLOCKS if kind == "console"]


@pytest.mark.parametrize("block", CONSOLE)
def test_the_readme_shows_real_output(sattrack, block):
    command, expected = block.split("\n", 1)
    assert command.startswith("$ sattrack ")
    run = sattrack(*shlex.split(command)[2:])
    assert run.status == 0
    assert run.out == expected


def test_the_readmes_python_runs(home):
    text = "".join(text for kind, text in BLOCKS if kind == "python")
    test = doctest.DocTestParser().get_doctest(text, {}, "README.md", str(README), 0)
    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test)
    assert results.failed == 0
    assert results.attempted > 8


def test_the_front_doors_example_runs(home):
    results = doctest.testmod(front_door)
    assert results.failed == 0
    assert results.attempted > 4


def test_every_name_of_the_front_door_is_there():
    for name in front_door.__all__:
        assert getattr(front_door, name).__doc__ or name == "__version__"
    assert set(front_door.__all__) <= set(dir(front_door))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        front_door.nonsense  # noqa: B018


def test_the_readmes_own_catalog_is_accepted(sattrack, home):
    (text,) = [text for kind, text in BLOCKS if kind == "toml"]
    home.mkdir()
    (home / "config.toml").write_text(text, encoding="utf-8")
    run = sattrack("passes", "iss", "--at", "roof")
    assert run.status == 0, run.err
    assert "Our CubeSat" in sattrack("list", "ours").out


def test_every_command_is_in_the_readme():
    from sattrack.cli.main import program

    text = README.read_text(encoding="utf-8")
    for command in program().registered_commands:
        assert f"`sattrack {command.name} " in text
