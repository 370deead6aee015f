"""What came of asking one publisher: lines of the fetch log, and failures in one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sattrack.errors import (
    InvalidInputError,
    NetworkError,
    RefusedError,
    RejectedDataError,
    UnknownNameError,
)
from sattrack.sources import Publisher, UnreachableError
from sattrack.sources.web import utc_text
from sattrack.store import Fetch
from sattrack.updates.ledger import Ledger, status_of
from sattrack.updates.report import Failure, SourceReport

# A publisher that refused is left alone for this long at least.
_AFTER_REFUSAL = timedelta(hours=2)
# After any other failure, so are its other data sets.
_AFTER_FAILURE = timedelta(minutes=30)
_FAULTS_SHOWN = 3


class Bookkeeping:
    """The books of one visit to one publisher.

    Attributes:
        next_at: instants at which there may be something new.
    """

    def __init__(self, source: Publisher, ledger: Ledger) -> None:
        self.source = source
        self.next_at: list[datetime] = []
        self._ledger = ledger
        self._fetches: list[Fetch] = []
        self._failures: list[Failure] = []

    def report(self, current: int, noun: str = "element set") -> SourceReport:
        """Return all of it.

        Args:
            current: how many spacecraft were not asked for, since their data are current.
            noun: what the publisher gives.
        """
        return SourceReport(
            self.source.name,
            self.source.title,
            tuple(self._fetches),
            tuple(self._failures),
            current,
            min(self.next_at, default=None),
            noun,
        )

    @contextmanager
    def asking(self, fetch: Fetch) -> Iterator[None]:
        """Ask in the body; an error that belongs to the publisher is noted and goes no further."""
        try:
            yield
        except UnreachableError as error:
            self._unreachable(fetch, error)
        except RefusedError as error:
            self._refused(fetch, str(error), getattr(error, "wait", None))
        except UnknownNameError as error:
            done = replace(fetch, outcome="unknown", message=str(error))
            self.close(done)
            # Others ask for what there is; but what comes of this name counts as an error.
            self._leave_alone(replace(done, outcome="rejected"))
            self.fail(error.exit_status, str(error))
        except InvalidInputError as error:
            self.close(replace(fetch, outcome="failed", message=str(error), next_allowed_at=None))
            self.fail(error.exit_status, str(error))
        except RejectedDataError as error:
            self.rejected(fetch, self.owned(str(error)))

    def stand(self, line: Fetch) -> None:
        """Note that something which happened before still keeps us from asking."""
        until = "" if line.next_allowed_at is None else utc_text(line.next_allowed_at)
        if line.next_allowed_at is not None:
            self.next_at.append(line.next_allowed_at)
        text = f"{self.owned(line.message)}; not trying again before {until}"
        self.fail(status_of(line), text, standing=True)

    def _refused(self, fetch: Fetch, message: str, wait: timedelta | None) -> None:
        until = fetch.asked_at + max(wait or _AFTER_REFUSAL, _AFTER_REFUSAL)
        done = replace(fetch, outcome="refused", message=message, next_allowed_at=until)
        self.close(done)
        self._ledger.shut(done, until)
        self.next_at.append(until)
        text = f"{self.owned(message)}; not trying again before {utc_text(until)}"
        self.fail(RefusedError.exit_status, text)

    def _unreachable(self, fetch: Fetch, error: UnreachableError) -> None:
        message = self.owned(str(error))
        if error.reset and self._ledger.erred_before(fetch):
            # What a firewall does after errors is a refusal, though it has no words.
            self._refused(fetch, f"{message}, after errors: refused", None)
            return
        done = replace(fetch, outcome="failed", message=message)
        if not error.sent:
            done = replace(done, next_allowed_at=None)
        self.close(done)
        if error.sent:
            self._leave_alone(done)
        self.fail(NetworkError.exit_status, message)

    def rejected(self, fetch: Fetch, fault: str) -> None:
        """Note that an answer was not what was asked for."""
        done = replace(fetch, outcome="rejected", message=fault)
        self.close(done)
        self._leave_alone(done)
        self.fail_for([fault])

    def _leave_alone(self, done: Fetch) -> None:
        """Ask nothing of a publisher for a while, after an answer that was no data."""
        if self.source.interval:
            self._ledger.shut(done, done.asked_at + _AFTER_FAILURE)

    def fail_for(self, faults: Sequence[str]) -> None:
        """Name the first records that were rejected, and count the others."""
        shown = list(faults[:_FAULTS_SHOWN])
        if len(faults) > _FAULTS_SHOWN:
            shown.append(f"{len(faults) - _FAULTS_SHOWN} records more were rejected")
        for fault in shown:
            self.fail(RejectedDataError.exit_status, self.owned(fault))

    def close(self, fetch: Fetch) -> None:
        """Note what came of a request."""
        self._ledger.close(fetch)
        self._fetches.append(fetch)
        if fetch.next_allowed_at is not None:
            self.next_at.append(fetch.next_allowed_at)

    def fail(self, status: int, message: str, *, standing: bool = False) -> None:
        """Note a failure, and the exit status that it stands for; each once."""
        failure = Failure(status, message, standing)
        if failure not in self._failures:
            self._failures.append(failure)

    def owned(self, message: str) -> str:
        """Return a message that names the publisher."""
        title = self.source.title
        return message if title in message else f"{title}: {message}"
