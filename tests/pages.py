"""What tests of `sattrack report` share: the page taken apart, Node, and a browser.

Nothing is installed by the tests: each `lacks` says what is missing, and how it is had.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WEB = ROOT / "web"
PACKAGE = ROOT / "sattrack" / "views" / "report"
_HERE = Path(__file__).parent / "node"
_VOID = {"meta", "link", "input", "br"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    content: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.content)

    def all(self, tag: str, **wanted: str) -> list[Element]:
        found = []
        for one in self.content:
            if isinstance(one, Element):
                named = {name.replace("_", "-"): value for name, value in wanted.items()}
                if one.tag == tag and named.items() <= one.attributes.items():
                    found.append(one)
                found += one.all(tag, **wanted)
        return found

    def one(self, tag: str, **wanted: str) -> Element:
        (found,) = self.all(tag, **wanted)
        return found

    def every(self) -> list[Element]:
        """All elements inside, in the order of the text."""
        found = []
        for one in self.content:
            if isinstance(one, Element):
                found += [one, *one.every()]
        return found


class _Reader(HTMLParser):
    """Reads a page strictly: each element is closed by its own tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len(dict(attributes)) == len(attributes), f"an attribute twice in {tag}"
        one = Element(tag, dict(attributes))
        self.open[-1].content.append(one)
        if tag not in _VOID:
            self.open.append(one)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.open[-1].content.append(Element(tag, dict(attributes)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> where {self.open[-1].tag} is open"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def read(html: str) -> Element:
    """Return the page as elements."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


def data_of(page: Element) -> dict[str, Any]:
    """Return what the page's script reads."""
    return json.loads(page.one("script", id="data").text)


def lacks_node() -> str:
    """Return why no script can be run, or nothing."""
    return "" if shutil.which("node") else "there is no node"


def lacks_packages() -> str:
    """Return why the script cannot be built again, or nothing."""
    if lacks_node():
        return lacks_node()
    if not (WEB / "node_modules" / "esbuild").is_dir():
        return "there is no esbuild in web/node_modules; run: npm ci --ignore-scripts --prefix web"
    return ""


def chromium() -> str:
    """Return the path of a Chromium, or nothing."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *names) if name)
    return next((path for path in found if path), "")


def lacks_browser() -> str:
    """Return why no page can be opened, or nothing."""
    if find_spec("playwright") is None:
        return "there is no playwright; run: pip install playwright"
    if not chromium():
        return "there is no chromium; install one, or name it in CHROMIUM"
    if not (WEB / "node_modules" / "axe-core" / "axe.min.js").is_file():
        return "there is no axe-core in web/node_modules; run: npm ci --ignore-scripts --prefix web"
    return ""


def positions(script: Path, data: dict[str, Any], at: list[float]) -> dict[str, Any]:
    """Return what the page's script computes; see `page_positions.mjs`."""
    run = subprocess.run(
        ["node", str(_HERE / "page_positions.mjs")],
        input=json.dumps({"script": str(script), "data": data, "at": at}).encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)
