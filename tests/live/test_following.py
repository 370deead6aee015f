"""The store changes under those who watch."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sattrack.answers.watch import Question, Watch
from sattrack.elements import Published
from sattrack.errors import BusyError, SattrackError
from sattrack.formats import read_element_sets
from sattrack.places import Place
from sattrack.store import Store
from sattrack.tracking.following import Followed

GOLDEN = Path(__file__).parents[1] / "golden" / "element_sets.tle"
START = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
SEOUL = Place("Seoul", 37.5665, 126.978, 38.0)
SECOND = timedelta(seconds=1)


@pytest.fixture
def published():
    """Return a function that gives the elements of a craft, hours later and a little further on."""
    sets = {item.norad_id: item for item in read_element_sets(GOLDEN.read_bytes()).sets}

    def make(norad_id: int, hours: float = 0.0) -> Published:
        old = sets[norad_id]
        new = replace(
            old,
            epoch=old.epoch + timedelta(hours=hours),
            mean_anomaly_deg=(old.mean_anomaly_deg + 3.0 * hours) % 360.0,
        )
        return Published(new, "celestrak", START)

    return make


@pytest.fixture
def path(home) -> Path:
    return home / "store.sqlite"


@pytest.fixture
def keep(path):
    """Return a function that puts element sets into the store, as an update of cron would."""

    def add(*sets: Published) -> None:
        with Store.open(path) as store:
            store.add(sets)

    return add


@pytest.fixture
def followed(home, keep, published) -> Followed:
    keep(published(59452), published(45246))
    return Followed.of({"SATTRACK_HOME": str(home)})


@pytest.fixture
def watch(followed) -> Watch:
    watch = Watch(Question(("425-sat-2", "geo-kompsat-2b"), SEOUL), followed)
    watch.begin(START)
    watch.at(START)
    yield watch
    followed.tracker.close()


def test_nothing_is_read_while_nothing_changes(watch):
    tracker = watch.followed.tracker
    for second in range(100):
        assert watch.reread(START + second * SECOND, START) == ""
        watch.at(START + second * SECOND)
    assert watch.followed.tracker is tracker


def test_newer_elements_answer_at_once_and_it_is_said(watch, keep, published):
    before = watch.at(START).results
    keep(published(59452, 2.0))
    assert watch.reread(START, START) == "newer orbit data: 425 SAT-2"
    after = watch.at(START).results
    assert after[0].tracked.provenance.epoch - before[0].tracked.provenance.epoch == timedelta(
        hours=2
    )
    assert after[0].position.sighting != before[0].position.sighting
    assert after[0].window is not before[0].window
    # What did not change is not searched again.
    assert after[1].window is before[1].window


def test_an_update_of_others_is_said_too(watch, keep, published):
    window = watch.at(START).results[0].window
    keep(published(40536))
    assert watch.reread(START, START) == "the store has changed; nothing new of these craft"
    assert watch.at(START).results[0].window is window


def test_a_store_that_appears_later_is_seen(home, keep, published):
    watch = Watch(Question(("425-sat-2",), SEOUL), Followed.of({"SATTRACK_HOME": str(home)}))
    watch.begin(START)
    assert watch.at(START).results[0].tracked.provenance.source == "embedded"
    keep(published(59452, 2.0))
    assert watch.reread(START, START) == "newer orbit data: 425 SAT-2"
    assert watch.at(START).results[0].tracked.provenance.source == "celestrak"
    watch.followed.tracker.close()


def test_a_damaged_store_is_an_error_and_what_was_known_stays(watch, path, keep, published):
    before = watch.at(START).results[0]
    good = path.read_bytes()
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(SattrackError, match="damaged"):
        watch.reread(START, START)
    assert watch.at(START + SECOND).results[0].tracked is before.tracked
    # Not again at every look.
    assert watch.reread(START + SECOND, START) == ""
    # Elements are chosen anew from what is there, and may fail; what was chosen goes on.
    later = START + timedelta(hours=7)
    with contextlib.suppress(SattrackError):
        watch.at(later)
    assert watch.at(later).results[0].tracked.provenance.source == "celestrak"
    # It is mended, and seen.
    path.write_bytes(good)
    os.utime(path, ns=(1, 1))
    keep(published(59452, 2.0))
    assert watch.reread(START + 60 * SECOND, START) == "newer orbit data: 425 SAT-2"


def test_a_store_that_stays_the_same_but_could_not_be_read_is_tried_again(watch):
    followed, opened = watch.followed, watch.followed.reopen
    now = START

    def busy():
        raise BusyError("written to by others")

    followed.reopen = busy
    followed.state = lambda: (7,)
    with pytest.raises(BusyError):
        watch.reread(now, START)
    assert watch.reread(now + 29 * SECOND, START) == ""
    with pytest.raises(BusyError):
        watch.reread(now + 31 * SECOND, START)
    followed.reopen = opened
    assert watch.reread(now + 62 * SECOND, START)
    assert watch.reread(now + 200 * SECOND, START) == ""


def test_the_old_file_is_closed(watch, keep, published):
    """Days of updates leave no file open."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("this system does not list open files")

    def open_files() -> int:
        return len(list(folder.iterdir()))

    keep(published(59452, 0.1))
    watch.reread(START, START)
    before = open_files()
    for number in range(20):
        keep(published(59452, 0.2 + 0.1 * number))
        assert watch.reread(START, START)
        watch.at(START)
    assert open_files() <= before


def test_the_screen_tells_of_it_and_of_errors(drive, watch, keep, published, path):
    async def steps(live):
        await live.wait(3)
        assert "newer orbit data" not in live.text()
        keep(published(59452, 2.0))
        await live.wait(1)
        await live.wait(1)
        assert "11:00:05 newer orbit data: 425 SAT-2" in live.text()
        path.write_bytes(b"not a database" * 1000)
        await live.wait(2)
        assert "damaged" in live.text()
        row = live.row("425 SAT-2")
        await live.wait(8 * 3600)
        assert live.row("425 SAT-2") != row
        path.unlink()
        await live.wait(2)
        assert live.row("425 SAT-2")

    drive(steps, size=(120, 36), watch=watch)
