"""A visit to one publisher: ask for what is due, check it, keep it, and note what came of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from sattrack.catalog import Spacecraft
from sattrack.elements import Published, PublishedStates
from sattrack.errors import (
    NetworkError,
    NoOrbitError,
    RefusedError,
    RejectedDataError,
    StorageError,
)
from sattrack.formats import read_element_sets
from sattrack.sources import (
    Absent,
    Answer,
    Current,
    Fresh,
    NotOffered,
    Progress,
    Publisher,
    Request,
    Source,
)
from sattrack.sources.web import utc_text
from sattrack.store import Fetch, Store
from sattrack.times import iso_utc
from sattrack.updates.bookkeeping import Bookkeeping
from sattrack.updates.changes import decay_of, disappearance, manoeuvres_shown_by, renaming
from sattrack.updates.inspection import Inspection, inspect
from sattrack.updates.ledger import INTERRUPTED, Ledger
from sattrack.updates.report import Change, SourceReport

# Tells the time, UTC, by a clock that never goes back.
Clock: TypeAlias = Callable[[], datetime]
# Called with a source, what is asked of it, and the number of bytes that have come so far.
OnProgress: TypeAlias = Callable[[Publisher, str, int], None]

# An object that is not offered may be found again, or be offered after all: it is asked for again
# soon, and ever less often. Each time may count as an error.
_SOON, _DAY, _WEEK = timedelta(hours=2), timedelta(days=1), timedelta(days=7)
# A group that loses more of its members than every twentieth at once was cut short.
_USUAL_LOSS = 20
_PARTLY = "only what was wanted of it is kept"


@dataclass
class Scene:
    """What every visit to a source shares, and where it leaves what it found.

    Attributes:
        craft: what is known of spacecraft, by catalog number.
        held: catalog numbers with an element set in the store.
        new: the element sets that were not held before.
        tables: the tables of states that were not.
        warnings: what is odd about an answer, but no reason to reject it.
        absent: why spacecraft are not asked for that a source did not have, by catalog number.
    """

    store: Store
    ledger: Ledger
    clock: Clock
    craft: Mapping[int, Spacecraft]
    on_progress: OnProgress | None
    held: set[int] = field(default_factory=set)
    new: list[Published] = field(default_factory=list)
    tables: list[PublishedStates] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    absent: dict[int, str] = field(default_factory=dict)

    def name_of(self, number: int) -> str:
        """Return the name of an object with its catalog number."""
        craft = self.craft.get(number)
        return f"NORAD {number}" if craft is None else f"{craft.name} ({number})"


class Visit:
    """One visit to one source: it ends with the first answer that is no data.

    Attributes:
        served: catalog numbers that need no other source.
    """

    def __init__(self, scene: Scene, source: Source) -> None:
        self.scene = scene
        self.source = source
        self.served: set[int] = set()
        self._books = Bookkeeping(source, scene.ledger)
        self._asked: set[str] = set()
        self._queue: deque[Request] = deque()
        self._current: set[int] = set()

    def run(self, wanted: Sequence[Spacecraft], group: str, *, whole: bool) -> SourceReport:
        """Ask for what is due of `wanted`, or for the whole of a group."""
        if self.source.fault:
            self._books.fail(StorageError.exit_status, self._books.owned(self.source.fault))
            return self._report()
        if not self.source.ready:
            message = f"{self.source.title} needs an account; see: sattrack update --help"
            self._books.fail(RefusedError.exit_status, message)
            return self._report()
        now = self.scene.clock()
        absent = self._absent()
        due = wanted if whole else [c for c in wanted if not self._is_current(c, absent, now)]
        self._queue.extend(self._plan(due, group, now) if due or whole else ())
        while self._queue:
            if not self._ask(self._queue.popleft()):
                break
        return self._report()

    def _report(self) -> SourceReport:
        return self._books.report(len(self._current))

    def _is_current(self, craft: Spacecraft, absent: Absent, now: datetime) -> bool:
        keys = self.source.covering(craft, absent)
        line = self.scene.ledger.is_current(self.source, keys, now)
        if line is None or craft.norad_id is None or craft.norad_id not in self.scene.held:
            return False
        self._note_current([craft.norad_id], line)
        return True

    def _note_current(self, numbers: Iterable[int], line: Fetch) -> None:
        self._current.update(numbers)
        self.served.update(numbers)
        if line.next_allowed_at is not None:
            self._books.next_at.append(line.next_allowed_at)

    def _absent(self) -> set[tuple[int, str]]:
        """Return who is missing from which group, by the last answer of each."""
        return {mark for mark in self.scene.store.not_offered() if "/" in mark[1]}

    def _plan(self, craft: Sequence[Spacecraft], group: str, now: datetime) -> tuple[Request, ...]:
        """Return the requests for what is not known to be missing here."""
        absent = self._absent()
        while True:
            requests = self.source.plan(craft, group, absent)
            found = {
                (number, request.place): line
                for request in requests
                for number in request.wanted
                if (line := self.scene.ledger.binding(self.source, request.key, now))
                and line.outcome == "not offered"
            }
            if absent.issuperset(found):
                return requests
            absent.update(found)
            for (number, place), line in found.items():
                self._note_absent(number, place, line)

    def _note_absent(self, number: int, publisher: str, line: Fetch) -> None:
        """Note since when a spacecraft is not offered here, and when it is asked for again."""
        since = self.scene.store.not_offered().get((number, publisher), line.asked_at)
        again = "" if line.next_allowed_at is None else utc_text(line.next_allowed_at)
        self.scene.absent[number] = (
            f"{self.scene.name_of(number)}: not offered by {self.source.title} since "
            f"{utc_text(since)}; asked again after {again}"
        )

    def _ask(self, request: Request) -> bool:
        """Send one request, unless it is too early; return whether the visit may go on."""
        scene, source = self.scene, self.source
        now = scene.clock()
        self._asked.add(request.key)
        line = scene.ledger.binding(source, request.key, now)
        if line is not None:
            self._wait(request, line)
            return True
        # Before each request, since what came of those before it in this visit counts, too.
        shut = scene.ledger.shutting(source, now)
        if shut is not None:
            self._books.stand(shut)
            return False
        last = scene.ledger.last.get((source.name, request.key))
        if source.interval:
            scene.ledger.open(source, request.key, now)
        next_at = now + source.interval if source.interval else None
        fetch = Fetch(source.name, request.key, now, "new", next_allowed_at=next_at)
        with self._books.asking(fetch):
            answer = source.fetch(request, self._progress(request))
            return self._take(request, fetch, answer, last)
        return False

    def _progress(self, request: Request) -> Progress | None:
        on_progress = self.scene.on_progress
        if on_progress is None:
            return None
        return lambda size: on_progress(self.source, request.label, size)

    # What can come of a request

    def _take(self, request: Request, fetch: Fetch, answer: Answer, last: Fetch | None) -> bool:
        match answer:
            case Fresh(text):
                return self._keep(request, fetch, text)
            case Current(since):
                self._nothing_newer(request, fetch, since, last)
                return True
            case NotOffered():
                (number,) = request.wanted
                marks = self.scene.store.not_offered()
                since = marks.get((number, request.publisher), fetch.asked_at)
                self._books.close(
                    replace(
                        fetch,
                        outcome="not offered",
                        message=f"no GP data for {number}",
                        next_allowed_at=fetch.asked_at + _patience(fetch.asked_at - since),
                    )
                )
                self._not_offered(number, request.publisher, fetch.asked_at)
                return False

    def _keep(self, request: Request, fetch: Fetch, text: bytes) -> bool:
        scene = self.scene
        reading = read_element_sets(text)
        designators = {
            number: called.cospar_id
            for (number, source), called in scene.store.designations().items()
            if source == request.publisher
        }
        found = inspect(reading, request, scene.craft, designators, scene.clock())
        if short := self._cut(request, reading.form, text) or self._shortness(request, found):
            self._books.rejected(fetch, short)
            return False
        kept = text if request.whole else excerpt(text, request.wanted)
        # Sets and their line are kept together: what the log calls interrupted is not there.
        with scene.store.whole_or_nothing():
            added = scene.store.add(
                (Published(item, request.publisher, fetch.asked_at) for item in found.sets), kept
            )
            faults = [*found.faults, *map(_conflict, added.conflicts)]
            message = _some(faults) or (_PARTLY if request.group and not request.whole else "")
            done = replace(fetch, message=message, sets=len(found.sets), new=len(added.new))
            self._books.close(done if found.sets else replace(done, outcome="rejected"))
        scene.new += added.new
        scene.held.update(item.norad_id for item in found.sets)
        scene.changes += map(renaming, added.renamed)
        scene.changes += manoeuvres_shown_by(added.new, scene.store, scene.craft)
        self.served.update(item.norad_id for item in found.sets)
        self._books.fail_for(faults)
        self._note_members(request, fetch, found)
        self._follow_up(request, fetch, found)
        return True

    def _cut(self, request: Request, form: str, text: bytes) -> str:
        """Return that the last number may have lost digits, and would still be one; or nothing.

        Publishers end every line of CSV, and other forms show by themselves where they end. What
        people keep in files need not end its last line.
        """
        if form != "omm-csv" or not self.source.interval or text.endswith((b"\n", b"\r")):
            return ""
        return self._books.owned(f"the answer for {request.label} ends within a line; not kept")

    def _shortness(self, request: Request, found: Inspection) -> str:
        """Return why an answer must have been cut short, or nothing.

        A cut at the end of a line leaves no other trace than that what was asked for is missing,
        or of a whole group what it held before. But spacecraft do leave groups, one by one; and an
        answer that lacks the same twice, hours apart, is believed.
        """
        lack = self._loss(request, found) if request.whole else self._lack(request, found)
        if not lack:
            return ""
        short = self._books.owned(f"the answer for {request.label} lacks {lack}")
        before = self.scene.ledger.answers.get((self.source.name, request.key))
        repeated = before is not None and before.message == short
        return "" if repeated and request.group else short

    def _lack(self, request: Request, found: Inspection) -> str:
        """Name who is missing of those that were asked for, if too many are."""
        marks = self.scene.store.not_offered()
        missing = [n for n in found.missing if (n, request.place) not in marks]
        asked = len(request.wanted)
        if not missing or (asked > 1 and len(missing) <= max(1, asked // 10)):
            return ""
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        return ", ".join(map(self.scene.name_of, missing[:3])) + more

    def _loss(self, request: Request, found: Inspection) -> str:
        """Tell what part is missing of those that the whole group held before, if too many are."""
        before = self.scene.store.offered(request.place)
        lost = len(before - found.present)
        if lost <= max(1, len(before) // _USUAL_LOSS):
            return ""
        return f"{lost / len(before):.0%} of the {len(before):,} objects that were in it before"

    def _note_members(self, request: Request, fetch: Fetch, found: Inspection) -> None:
        """Note who is in a group: that is current with it, and what has left it is not.

        Of an answer that is not kept as a whole it is only noted who has come back.
        """
        if not request.group:
            return
        scene, store, place = self.scene, self.scene.store, request.place
        if not request.whole:
            gone = {number for number, where in store.not_offered() if where == place}
            store.mark_offers(place, fetch.asked_at, offered=gone & found.present)
            return
        before = store.offered(place)
        lacking = (before | store.numbers()) - found.present
        store.mark_offers(place, fetch.asked_at, offered=found.present, missing=lacking)
        for number in sorted(before - found.present):
            if held := store.newest(number):
                craft = scene.craft.get(number)
                name = held.elements.name if craft is None else craft.name
                scene.changes.append(
                    disappearance(held.elements, name, fetch.asked_at, request.label)
                )

    def _follow_up(self, request: Request, fetch: Fetch, found: Inspection) -> None:
        """Ask by number for what has left a group; what was asked for so already is not offered."""
        scene = self.scene
        for number in found.missing:
            if not request.group:
                self._not_offered(number, request.publisher, fetch.asked_at)
                continue
            scene.store.mark_not_offered(number, request.place, fetch.asked_at)
            again = self._plan([scene.craft[number]], "", fetch.asked_at)
            self._queue.extend(item for item in again if item.key not in self._asked)

    def _nothing_newer(
        self, request: Request, fetch: Fetch, since: datetime | None, last: Fetch | None
    ) -> None:
        """What is held is current; where nothing is, or it got lost, say when to come again."""
        source = self.source
        opens = fetch.asked_at + source.interval
        if since is not None and since > fetch.asked_at:
            since = None  # one of the two clocks is wrong
        if since is not None and fetch.asked_at < since + source.interval < opens:
            opens = since + source.interval
        than = "" if since is None else f" than {utc_text(since)}"
        message = f"{source.title} has nothing newer{than}; kept"
        done = replace(fetch, outcome="current", message=message, next_allowed_at=opens)
        self._books.close(done)
        answer = self.scene.ledger.answers.get((source.name, request.key))
        again = f"{source.title} does not give it twice; its next window opens at {utc_text(opens)}"
        if last is not None and last.message == INTERRUPTED:
            message = f"the download of {request.label} before this one was interrupted"
            self._books.fail(NetworkError.exit_status, f"{message}, and {again}")
        elif answer is not None and answer.outcome == "rejected":
            message = f"the answer for {request.label} before this one was not kept"
            self._books.fail(RejectedDataError.exit_status, f"{message}, and {again}")
        self._demand_held(request, done)

    def _demand_held(self, request: Request, line: Fetch) -> None:
        """Note that what is asked for is current, or fail where nothing is held of it."""
        scene, title = self.scene, self.source.title
        lacking = sorted(request.wanted - scene.held)
        self._note_current(request.wanted.difference(lacking), line)
        again = "" if line.next_allowed_at is None else utc_text(line.next_allowed_at)
        if lacking or (request.whole and not scene.store.objects()):
            what = ", ".join(map(scene.name_of, lacking[:3])) or request.label
            more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""
            message = (
                f"nothing is held of {what}{more}, and {title} gives nothing before its next "
                f"window opens at {again}"
            )
            self._books.fail(NoOrbitError.exit_status, message)
            return
        download = scene.ledger.downloads.get((self.source.name, request.key))
        if request.whole and download is not None and download.message == _PARTLY:
            message = (
                f"{request.label} came at {utc_text(download.asked_at)}, but {_PARTLY}; {title} "
                f"gives it again after {again}"
            )
            self._books.fail(NoOrbitError.exit_status, message)

    def _not_offered(self, number: int, publisher: str, since: datetime) -> None:
        scene = self.scene
        newly = (number, publisher) not in scene.store.not_offered()
        scene.store.mark_not_offered(number, publisher, since)
        held = scene.store.newest(number)
        if newly and held is not None:
            scene.changes.append(disappearance(held.elements, scene.craft[number].name, since))
        decayed = "" if held is None else decay_of(held.elements, since)
        why = decayed or "decayed? renumbered? classified?"
        self._books.fail(NoOrbitError.exit_status, f"no GP data for {number} ({why})")

    def _wait(self, request: Request, line: Fetch) -> None:
        """Say why a request is not sent yet."""
        interrupted = line.message == INTERRUPTED and request.wanted <= self.scene.held
        if line.outcome in ("new", "current") or interrupted:
            self._demand_held(request, line)
        elif line.outcome != "not offered":
            self._books.stand(line)


def excerpt(text: bytes, numbers: Iterable[int]) -> bytes:
    """Return the lines of a CSV document that matter: its header, and those with these numbers.

    The whole public catalog, kept every two hours for the sake of fifty objects, would be a
    gigabyte a year. Other forms are returned whole.
    """
    header, *lines = text.splitlines(keepends=True)
    if b"NORAD_CAT_ID," not in header:
        return text
    wanted = {str(number).encode() for number in numbers}
    return header + b"".join(line for line in lines if not wanted.isdisjoint(line.split(b",")))


def _patience(absence: timedelta) -> timedelta:
    """Return how long to wait before asking again for what has been missing for so long."""
    if not absence:
        return _SOON
    return _DAY if absence < _DAY else _WEEK


def _some(faults: Sequence[str]) -> str:
    more = len(faults) - 1
    return "" if not faults else faults[0] + (f" and {more} more" if more else "")


def _conflict(item: Published) -> str:
    epoch = iso_utc(item.elements.epoch)
    number = item.elements.norad_id
    return f"NORAD {number}: EPOCH {epoch}: conflict: other elements are held for it"
