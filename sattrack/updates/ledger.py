"""What may be asked now: the fetch log, read as a promise to the publishers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sattrack.errors import (
    NetworkError,
    NoOrbitError,
    RefusedError,
    RejectedDataError,
    StorageError,
    UnknownNameError,
)
from sattrack.sources import Publisher
from sattrack.sources.web import utc_text
from sattrack.store import Fetch, Store

WHOLE_SOURCE = "*"

# CelesTrak firewalls an address after 50 errors in two hours; nobody should come near that. To say
# that there is nothing newer counts as an error there, too.
_ERRORS_ALLOWED = 20
ERROR_WINDOW = timedelta(hours=2)
# No promise is longer than this: a publisher that names a later day has a wrong clock, or we had.
_LONGEST = timedelta(days=7)
# Clocks are set back by a little; an entry further ahead was written by a clock that was wrong.
_AHEAD = timedelta(days=1)
_NOTICEABLY_AHEAD = timedelta(hours=1)
_ERRORS = ("failed", "refused", "rejected", "not offered", "unknown", "current")
INTERRUPTED = "interrupted before its answer was kept"

_STATUSES = {
    "refused": RefusedError.exit_status,
    "rejected": RejectedDataError.exit_status,
    "not offered": NoOrbitError.exit_status,
    "unknown": UnknownNameError.exit_status,
    "failed": NetworkError.exit_status,
    "forgotten": StorageError.exit_status,
}


def status_of(fetch: Fetch) -> int:
    """Return the exit status that an outcome stands for."""
    return _STATUSES.get(fetch.outcome, 0)


@dataclass
class Ledger:
    """The last line of the fetch log for every request, kept up to date while asking.

    Lines from the future bind us only where the clock may have been set back: a clock that was
    years ahead once must not silence the program until that day comes.

    Attributes:
        store: holds the log.
        last: the last line of each source and request.
        downloads: the last line of each that brought data.
        answers: the last line of each that brought data, be it such as must not be kept.
        errors: the answers that may count as errors at their source.
        clock_fault: what is wrong with the clock, or empty.
        forgotten_at: when a log that was damaged was set aside, and who refused us with it.
    """

    store: Store
    last: dict[tuple[str, str], Fetch] = field(default_factory=dict)
    downloads: dict[tuple[str, str], Fetch] = field(default_factory=dict)
    answers: dict[tuple[str, str], Fetch] = field(default_factory=dict)
    errors: dict[tuple[str, str, datetime], Fetch] = field(default_factory=dict)
    clock_fault: str = ""
    forgotten_at: datetime | None = None

    @classmethod
    def read(cls, store: Store, now: datetime) -> Ledger:
        """Read as much of the log as can still bind us."""
        ledger = cls(store)
        lines = store.fetches(since=now - _LONGEST)
        ledger._note(line for line in lines if line.asked_at <= now + _AHEAD)
        lost = [at for at in store.times_forgotten() if at <= now + _AHEAD]
        ledger.forgotten_at = max(lost, default=None)
        # The line written last, and no other: one run by a wrong clock is no reason to doubt the
        # clock of all runs after it.
        last = store.latest_fetch()
        if last is not None and last.asked_at > now + _NOTICEABLY_AHEAD:
            ledger.clock_fault = (
                f"system clock looks wrong: it says {utc_text(now)}, and the last update was "
                f"at {utc_text(last.asked_at)}"
            )
        return ledger

    def _note(self, lines: Iterable[Fetch]) -> None:
        for line in lines:
            self.last[line.source, line.request] = line
            if line.outcome == "new":
                self.downloads[line.source, line.request] = line
            if line.outcome in ("new", "rejected"):
                self.answers[line.source, line.request] = line
            key = (line.source, line.request, line.asked_at)
            # A failure that may be repeated at once never reached the publisher.
            if line.outcome in _ERRORS and line.next_allowed_at:
                self.errors[key] = line
            else:
                self.errors.pop(key, None)

    def open(self, source: Publisher, key: str, now: datetime) -> None:
        """Note that a request is about to be sent, so that even a killed program has sent it.

        It may be repeated at once, for whoever pressed Ctrl-C or ran out of disk; but a program
        that is killed every time must not ask every time.
        """
        last = self.last.get((source.name, key))
        repeated = (
            last is not None and last.message == INTERRUPTED and last.asked_at > now - ERROR_WINDOW
        )
        until = now + source.interval if repeated else None
        self._log(Fetch(source.name, key, now, "failed", INTERRUPTED, until))

    def close(self, fetch: Fetch) -> None:
        """Note what came of a request."""
        self._log(fetch)

    def shut(self, fetch: Fetch, until: datetime) -> None:
        """Note that the whole source is not to be asked before `until`."""
        self._log(replace(fetch, request=WHOLE_SOURCE, next_allowed_at=until, sets=0, new=0))

    def _log(self, fetch: Fetch) -> None:
        self.store.log_fetch(fetch)
        self._note([fetch])

    def binding(self, source: Publisher, key: str, now: datetime) -> Fetch | None:
        """Return the line that forbids to send this request now, or None."""
        line = self.last.get((source.name, key))
        if line is None or line.next_allowed_at is None:
            return None
        until = min(line.next_allowed_at, line.asked_at + _LONGEST)
        return replace(line, next_allowed_at=until) if until > now else None

    def shutting(self, source: Publisher, now: datetime) -> Fetch | None:
        """Return the line that forbids to ask this source for anything now, or None."""
        line = self.binding(source, WHOLE_SOURCE, now)
        if line is not None:
            return line
        if self.forgotten_at is not None and source.interval:
            until = self.forgotten_at + ERROR_WINDOW
            if until > now:
                message = "who was asked for what was lost with the damaged store"
                return Fetch(source.name, WHOLE_SOURCE, now, "forgotten", message, until)
        recent = self.recent_errors(source, now)
        if len(recent) < _ERRORS_ALLOWED:
            return None
        until = recent[-_ERRORS_ALLOWED].asked_at + ERROR_WINDOW
        message = f"{source.title}: {len(recent)} answers in two hours may count as errors there"
        return Fetch(source.name, WHOLE_SOURCE, now, "refused", message, until)

    def recent_errors(self, source: Publisher, now: datetime) -> list[Fetch]:
        """Return the answers of the last two hours that the publisher may count against us."""
        found = [
            line
            for (name, request, _), line in self.errors.items()
            if name == source.name
            and request != WHOLE_SOURCE
            and line.asked_at > now - ERROR_WINDOW
        ]
        return sorted(found, key=lambda line: line.asked_at)

    def erred_before(self, fetch: Fetch) -> bool:
        """Tell whether a source has failed or refused in the two hours before."""
        return any(
            line.source == fetch.source
            and line.outcome != "current"
            and line.asked_at != fetch.asked_at
            and line.asked_at > fetch.asked_at - ERROR_WINDOW
            for line in self.errors.values()
        )

    def is_current(self, source: Publisher, keys: Iterable[str], now: datetime) -> Fetch | None:
        """Return the line of one of these requests that brought all there is, or None."""
        for key in keys:
            line = self.binding(source, key, now)
            if line is not None and line.outcome in ("new", "current"):
                return line
        return None
