"""CelesTrak: GP data and supplemental GP data, as CSV.

Its usage policy (2026-05-22) asks that a data set is downloaded once per update, at most every two
hours, and that a program stops at the first answer that is not 200 and tells a human. Addresses
that go on are firewalled after 50 errors in two hours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sattrack.catalog import Spacecraft
from sattrack.errors import InvalidInputError, RejectedDataError, UnknownNameError, quoted
from sattrack.sources.source import (
    Absent,
    Answer,
    Current,
    Fresh,
    NotOffered,
    Progress,
    Request,
    UnreachableError,
)
from sattrack.sources.web import ask, check_server, check_success

CELESTRAK_URL = "https://celestrak.org"

_FOLDER = "/NORAD/elements/"
_GP, _SUPPLEMENTAL = "celestrak", "celestrak-sup"
# The group of everything that works, 16,000 objects in 2.5 MB. One large answer costs the
# publisher less than many small ones, and each of those could become an error.
_ACTIVE = "active"
_FEW = 10
_GROUP_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NO_DATA = re.compile(r"No (?:SUP-?)?GP data found", re.IGNORECASE)
# The beginning of the answer may be dressed up as a page, and its lines break anywhere.
_BEGINNING = 20_000
_TAG = re.compile(r"<[^<>]*>")
_NOT_UPDATED = re.compile(
    r"has not (?:been )?updated since your last successful download\b"
    r"(?:.{0,80}? at (\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) ?UTC)?",
    re.IGNORECASE,
)
_INVALID_QUERY = re.compile(r"Invalid query", re.IGNORECASE)


@dataclass(frozen=True)
class CelesTrak:
    """CelesTrak's GP queries.

    Attributes:
        base_url: scheme, host and port.
        groups: groups other than `active` whose members are known, by catalog number.
    """

    base_url: str = CELESTRAK_URL
    groups: Mapping[str, frozenset[int]] = field(default_factory=dict)
    name: str = "celestrak"
    title: str = "CelesTrak"
    interval: timedelta = timedelta(hours=2)
    ready: bool = True
    fault: str = ""

    def offers(self, craft: Spacecraft) -> bool:
        """Tell whether element sets of this spacecraft are expected here."""
        return (
            craft.norad_id is not None
            and craft.orbit_data == "gp"
            and (not craft.publishers or not {_GP, _SUPPLEMENTAL}.isdisjoint(craft.publishers))
        )

    def plan(
        self, wanted: Sequence[Spacecraft], group: str = "", absent: Absent = ()
    ) -> tuple[Request, ...]:
        """Return the fewest requests that bring what is wanted; see `Source.plan`.

        A group is asked for where more than a few of its members are wanted, spacecraft by their
        numbers otherwise, and supplemental data always by number.
        """
        if group:
            if not _GROUP_NAME.fullmatch(group):
                raise InvalidInputError(f"{quoted(group)} is not the name of a CelesTrak group")
            return (_group_request(group, frozenset(), whole=True),)
        supplemental: list[Request] = []
        single: list[int] = []
        for craft in filter(self.offers, wanted):
            number = craft.norad_id or 0
            publisher = _publisher(craft, absent)
            if publisher == _SUPPLEMENTAL:
                supplemental.append(_number_request(number, _SUPPLEMENTAL))
            elif publisher:
                single.append(number)
        requests = []
        rest = set(single)
        for name, members in self._groups_for(rest):
            found = frozenset(n for n in members & rest if not _is_absent(n, name, absent))
            if len(found) > _FEW:
                requests.append(_group_request(name, found))
                rest -= found
        alone = (_number_request(number, _GP) for number in single if number in rest)
        return (*requests, *supplemental, *alone)

    def covering(self, craft: Spacecraft, absent: Absent = ()) -> tuple[str, ...]:
        """Return the keys of all requests that bring this spacecraft; see `Source.covering`."""
        number = craft.norad_id or 0
        if _publisher(craft, absent) == _SUPPLEMENTAL:
            return (_number_request(number, _SUPPLEMENTAL).key,)
        groups = [name for name, members in self.groups.items() if number in members]
        return (
            _number_request(number, _GP).key,
            *(
                _group_request(name).key
                for name in (*groups, _ACTIVE)
                if not _is_absent(number, name, absent)
            ),
        )

    def fetch(self, request: Request, progress: Progress | None = None) -> Answer:
        """Ask once; see `Source.fetch`. What an answer means shows in its text before its status.

        Raises:
            UnknownNameError: CelesTrak has no group of that name.
        """
        reply = ask(f"{self.base_url}{_FOLDER}{request.key}&FORMAT=CSV", progress=progress)
        text = reply.text
        if match := _NOT_UPDATED.search(_words(reply.body[:_BEGINNING])):
            return Current(_instant(match[1]))
        if _INVALID_QUERY.match(text):
            if request.group:
                raise UnknownNameError(f"{self.title} has no group {quoted(request.group)}")
            raise RejectedDataError(f"{self.title}: {quoted(text)}")
        if reply.status == 404 and _NO_DATA.match(text):
            if request.group:
                raise UnknownNameError(
                    f"{self.title} has no data for a group {quoted(request.group)}"
                )
            return NotOffered()
        check_server(reply, self.title)
        check_success(reply, self.title, "SATTRACK_CELESTRAK_URL")
        if _NO_DATA.match(text):
            # With 200 this is no word of CelesTrak's own.
            raise RejectedDataError(f"not element sets: {quoted(text)}")
        if not (reply.is_delimited or reply.body.endswith((b"\n", b"\r"))):
            # The last number may have lost digits, and would still be one.
            raise UnreachableError(f"{self.title}: the answer was cut short")
        return Fresh(reply.body)

    def _groups_for(self, wanted: set[int]) -> list[tuple[str, frozenset[int]]]:
        """Return the groups from the smallest, unless the largest is needed anyway."""
        small = sorted(self.groups.items(), key=lambda item: len(item[1]))
        active = (_ACTIVE, frozenset(wanted))
        others = wanted.difference(*self.groups.values())
        return [active, *small] if len(others) > _FEW else [*small, active]


def _publisher(craft: Spacecraft, absent: Absent) -> str:
    """Return the publisher preferred for this spacecraft, or nothing when none here has it."""
    choices = craft.publishers or (_GP,)
    for publisher in choices:
        if publisher in (_GP, _SUPPLEMENTAL) and (craft.norad_id or 0, publisher) not in absent:
            return publisher
    return ""


def _is_absent(number: int, group: str, absent: Absent) -> bool:
    return (number, _group_request(group).place) in absent


def _number_request(number: int, publisher: str) -> Request:
    ahead = publisher == _SUPPLEMENTAL
    page = "sup-gp.php" if ahead else "gp.php"
    return Request(f"{page}?CATNR={number}", publisher, frozenset({number}), ahead=ahead)


def _group_request(
    group: str, wanted: frozenset[int] = frozenset(), whole: bool = False
) -> Request:
    return Request(f"gp.php?GROUP={group}", _GP, wanted, group, whole)


def _words(page: bytes) -> str:
    """Return what a page says, in one line."""
    text = page.decode("utf-8", "replace").replace("\0", " ")
    return " ".join(_TAG.sub(" ", text).split())


def _instant(text: str | None) -> datetime | None:
    with suppress(TypeError, ValueError):
        return datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return None
