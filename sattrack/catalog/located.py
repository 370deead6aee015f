"""TOML with line numbers: the standard library says what a file holds, this says where."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from itertools import count
from typing import Any, TypeAlias

from sattrack.catalog.faults import CatalogError, Fault, escaped

KeyPath: TypeAlias = tuple[str | int, ...]

_TOKEN = re.compile(
    r'''(?:"""(?:\\.|[^\\])*?"{3,5}|\'{3}.*?\'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')'''
    r"|[\[\]{}=,.\n]"
    r"|[^\s\[\]{}=,.#\"']+"
    r"|#[^\n]*",
    re.DOTALL,
)


class LocatedToml:
    """The tables of one TOML file, and the line on which each of its keys stands.

    Raises:
        CatalogError: the text is not UTF-8, or not TOML.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        try:
            self.text = content.decode("utf-8-sig")
            self.tables: dict[str, Any] = tomllib.loads(self.text)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise CatalogError([Fault(name, line, "the text is not UTF-8")]) from error
        except ValueError as error:  # TOMLDecodeError, and integers too long to read
            raise CatalogError([self._syntax_fault(str(error))]) from error
        except RecursionError as error:
            raise CatalogError([Fault(name, 1, "the values are nested too deeply")]) from error

    def _syntax_fault(self, message: str) -> Fault:
        where = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
        text = escaped(message[: where.start()] if where else message)
        last_line = self.text.rstrip("\n").count("\n") + 1
        line = int(where[1]) if where and where[1] else last_line if where else 1
        return Fault(self.name, line, f"not TOML: {text[:1].lower()}{text[1:]}")

    def line(self, *path: str | int) -> int:
        """Return the line of the value at `path`, or of the nearest table or array around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return _Walk(self.text).lines


class _Walk:
    """One walk through the tokens of a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._lengths: dict[KeyPath, int] = {}  # of the arrays of tables met so far
        self._tokens: list[tuple[str, int]] = []
        line, end = 1, 0
        for match in _TOKEN.finditer(text):
            line += text.count("\n", end, match.start())
            end = match.start()
            if not match[0].startswith("#"):
                self._tokens.append((match[0], line))
        self._tokens.append(("\n", line))
        self._tokens.reverse()
        table: KeyPath = ()
        while self._tokens:
            if self._next == "\n":
                self._take()
            elif self._next == "[":
                table = self._header()
            else:
                self._pair(table)

    @property
    def _next(self) -> str:
        return self._tokens[-1][0]

    def _take(self) -> str:
        return self._tokens.pop()[0]

    def _key(self, end: str) -> list[str]:
        parts = []
        while (token := self._take()) != end:
            if token != ".":
                is_quoted = token[0] in "\"'"
                parts.append(tomllib.loads(f"key = {token}")["key"] if is_quoted else token)
        return parts

    def _header(self) -> KeyPath:
        line = self._tokens[-1][1]
        self._take()
        is_array = self._next == "["
        if is_array:
            self._take()
        path: KeyPath = ()
        *parents, last = self._key("]")
        for part in parents:
            path = self._newest((*path, part))
            self.lines.setdefault(path, line)
        path = (*path, last)
        self.lines.setdefault(path, line)
        if is_array:
            self._take()
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._newest(path)
            self.lines[path] = line
        return path

    def _newest(self, path: KeyPath) -> KeyPath:
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: KeyPath) -> None:
        line = self._tokens[-1][1]
        path = table
        for part in self._key("="):
            path = (*path, part)
            self.lines.setdefault(path, line)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._next == "[":
            self._take()
            for index in count():
                if self._closes("]"):
                    return
                self.lines[(*path, index)] = self._tokens[-1][1]
                self._value((*path, index))
        elif self._next == "{":
            self._take()
            while not self._closes("}"):
                self._pair(path)
        else:
            while self._next not in {",", "]", "}", "\n"}:
                self._take()

    def _closes(self, bracket: str) -> bool:
        while self._next in {",", "\n"}:
            self._take()
        if self._next != bracket:
            return False
        self._take()
        return True
