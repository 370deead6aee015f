"""Space-Track: the class `gp`, as JSON, for users with an account.

Its rules: fewer than 30 requests a minute and 300 an hour, `gp` at most hourly, one query for many
objects, one login for many queries. What comes from there may not be passed on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sattrack.catalog import Spacecraft
from sattrack.errors import InvalidInputError, quoted
from sattrack.sources.account import Account, LoginFile
from sattrack.sources.limiter import Limiter
from sattrack.sources.source import (
    Absent,
    Answer,
    Fresh,
    Progress,
    Request,
    TurnedAwayError,
)
from sattrack.sources.web import Reply, ask, check_moved, check_server, check_success, is_loopback

SPACETRACK_URL = "https://www.space-track.org"

_VARIABLE = "SATTRACK_SPACETRACK_URL"
_LOGIN = "/ajaxauth/login"
_QUERY = "/basicspacedata/query/class/gp/NORAD_CAT_ID/{}/orderby/NORAD_CAT_ID/format/json"
# Well below 30 a minute and 300 an hour.
_LIMITS = ((20, 60.0), (200, 3600.0))
_AFTER_TOO_MANY = timedelta(hours=2)
_RATE_LIMIT = "violated your query rate limit"
_GP = "class/gp"


@dataclass(frozen=True)
class SpaceTrack:
    """Space-Track's newest element sets.

    Attributes:
        folder: where the login and the count of requests are kept.
        account: without one, nothing is ever asked.
        base_url: scheme, host and port.
        fault: why the account cannot be read, though there is one.
    """

    folder: Path
    account: Account | None = field(default=None, repr=False)
    base_url: str = SPACETRACK_URL
    name: str = "spacetrack"
    title: str = "Space-Track"
    interval: timedelta = timedelta(hours=1)
    fault: str = ""

    @property
    def ready(self) -> bool:
        """Whether there is an account."""
        return self.account is not None

    def offers(self, craft: Spacecraft) -> bool:
        """Tell whether element sets of this spacecraft are expected here."""
        published = not craft.publishers or self.name in craft.publishers
        return craft.norad_id is not None and craft.orbit_data == "gp" and published

    def plan(
        self, wanted: Sequence[Spacecraft], group: str = "", absent: Absent = ()
    ) -> tuple[Request, ...]:
        """Return the one query that brings all that is wanted; see `Source.plan`."""
        if group:
            raise InvalidInputError(f"{self.title} has no groups; leave --group out")
        numbers = frozenset(
            craft.norad_id
            for craft in wanted
            if craft.norad_id is not None
            and self.offers(craft)
            and (craft.norad_id, self.name) not in absent
        )
        # The hour between two queries counts for the class, whatever objects they name.
        return (Request(_GP, self.name, numbers),) if numbers else ()

    def covering(self, craft: Spacecraft, absent: Absent = ()) -> tuple[str, ...]:
        """Return no key: asking for others does not bring this one; see `Source.covering`."""
        return ()

    def fetch(self, request: Request, progress: Progress | None = None) -> Answer:
        """Ask once, logging in where that is needed, at most twice; see `Source.fetch`.

        Raises:
            InvalidInputError: the address is not safe for a password.
        """
        if self.account is None:
            raise TurnedAwayError(
                f"no account for {self.title}; set SATTRACK_SPACETRACK_IDENTITY and _PASSWORD"
            )
        self._check_safe()
        limiter = Limiter(self.folder / "spacetrack-requests.json", _LIMITS)
        login = LoginFile(self.folder / "spacetrack-login.json")
        numbers = ",".join(map(str, sorted(request.wanted)))
        address = self.base_url + _QUERY.format(numbers)
        cookies = login.read(self.base_url)
        logins_left = 1 if cookies else 2
        if not cookies:
            cookies, logins_left = self._log_in(limiter, login), 1
        while True:
            limiter.take()
            reply = ask(address, cookies=cookies, progress=progress)
            if reply.status != 401 or not logins_left:
                break
            cookies, logins_left = self._log_in(limiter, login), logins_left - 1
        return self._understood(reply, login)

    def _check_safe(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise InvalidInputError(
                f"{_VARIABLE}: a password is sent by https only, not to {self.base_url}"
            )

    def _log_in(self, limiter: Limiter, login: LoginFile) -> dict[str, str]:
        """Return the cookies of a new login.

        Raises:
            TurnedAwayError: the account is not accepted, or the login is elsewhere.
        """
        login.forget()
        limiter.take()
        account = self.account
        form = {"identity": account.identity, "password": account.password} if account else {}
        reply = ask(self.base_url + _LOGIN, form=form)
        self._check_rate(reply)
        check_server(reply, self.title)
        check_moved(reply, self.title, _VARIABLE)
        if reply.status != 200 or not reply.cookies or _is_failure(reply):
            raise TurnedAwayError(f"login refused by {self.title}; check the account", reply.wait)
        login.write(self.base_url, reply.cookies)
        return dict(reply.cookies)

    def _understood(self, reply: Reply, login: LoginFile) -> Answer:
        """Return the data of an answer, or raise for what else it says."""
        self._check_rate(reply)
        check_server(reply, self.title)
        if reply.status == 401 or (reply.status == 200 and _is_failure(reply)):
            login.forget()
            raise TurnedAwayError(
                f"login refused by {self.title}: {quoted(reply.text)}", reply.wait
            )
        check_success(reply, self.title, _VARIABLE)
        return Fresh(reply.body)

    def _check_rate(self, reply: Reply) -> None:
        if _RATE_LIMIT in reply.text.lower():
            wait = max(reply.wait or _AFTER_TOO_MANY, _AFTER_TOO_MANY)
            raise TurnedAwayError(f"refused by {self.title}: too many requests", wait)


def _is_failure(reply: Reply) -> bool:
    """Tell whether an answer with status 200 says that the login failed, or an error."""
    if reply.body.lstrip()[:1] == b"<":
        return True
    try:
        document: Any = json.loads(reply.body)
    except (ValueError, RecursionError):
        return False
    records = document if isinstance(document, list) else [document]
    return any(
        isinstance(record, dict)
        and (record.get("Login") == "Failed" or "error" in map(str.lower, record))
        for record in records
    )
