"""What the store takes and gives, and how that lies in a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from sattrack.elements import ElementSet, Published

Row: TypeAlias = tuple[Any, ...]
Outcome: TypeAlias = Literal[
    "new", "current", "refused", "failed", "rejected", "not offered", "unknown", "forgotten"
]


@dataclass(frozen=True, slots=True)
class Fetch:
    """What was asked of a source, what came of it, and when it may be asked again.

    Attributes:
        request: key of the data set, as `GROUP=gps-ops`; `*` for the source as a whole.
        outcome: `unknown` where the source has no group of that name; `forgotten`, which is never
            logged, where the log itself was lost.
        sets: how many element sets the answer held.
        new: how many of them were not known before.
    """

    source: str
    request: str
    asked_at: datetime
    outcome: Outcome
    message: str = ""
    next_allowed_at: datetime | None = None
    sets: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class Designation:
    """How a source calls an object, from when on.

    Attributes:
        name, cospar_id: as last published; empty when it never was.
    """

    norad_id: int
    source: str
    since: datetime
    name: str
    cospar_id: str


@dataclass(frozen=True, slots=True)
class Rename:
    """A name or international designator that a source has changed, or added."""

    before: Designation
    after: Designation


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding element sets.

    Attributes:
        new: the sets that were kept, in the order given.
        known: how many were held already.
        conflicts: sets that were not kept, since another orbit is held for the same object, epoch
            and source.
        renamed: objects that their source now calls otherwise.
    """

    new: tuple[Published, ...] = ()
    known: int = 0
    conflicts: tuple[Published, ...] = ()
    renamed: tuple[Rename, ...] = ()


_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Return an aware datetime as microseconds of UTC since 1970, exactly."""
    return (instant - _UNIX_EPOCH) // _MICROSECOND


def instant_of(microseconds: int) -> datetime:
    """Return microseconds of UTC since 1970 as a datetime, exactly."""
    return _UNIX_EPOCH + timedelta(microseconds=microseconds)


_ORBIT_FIELDS = (
    "mean_motion_rev_day",
    "eccentricity",
    "inclination_deg",
    "raan_deg",
    "argument_of_perigee_deg",
    "mean_anomaly_deg",
    "bstar_per_earth_radius",
    "mean_motion_dot_rev_day2",
    "mean_motion_ddot_rev_day3",
)
# The fields of an `ElementSet` after its first two, in their order there.
_FIELDS = (
    *_ORBIT_FIELDS,
    "name",
    "cospar_id",
    "classification",
    "ephemeris_type",
    "element_set_no",
    "rev_at_epoch",
)
ORBIT_COLUMNS = ", ".join(_ORBIT_FIELDS)
SET_COLUMNS = f"norad_id, epoch_us, source, retrieved_us, {', '.join(_FIELDS)}"
FETCH_COLUMNS = "source, request, asked_us, outcome, message, next_allowed_us, sets, new"

_fields_of = attrgetter(*_FIELDS)
orbit_of = attrgetter(*_ORBIT_FIELDS)
"""The numbers of an `ElementSet` that were measured: what `ORBIT_COLUMNS` hold."""


def key_of(item: Published) -> tuple[int, int, str]:
    """Return what is held once: object, epoch and source."""
    return item.elements.norad_id, microseconds(item.elements.epoch), item.source


def set_row(item: Published) -> Row:
    """Return the values of `SET_COLUMNS`."""
    return (*key_of(item), microseconds(retrieval_of(item)), *_fields_of(item.elements))


def retrieval_of(item: Published) -> datetime:
    """Return when a set was retrieved.

    Raises:
        ValueError: it does not say, so that nobody could tell later what was known when.
    """
    if item.retrieved_at is None:
        raise ValueError(f"NORAD {item.elements.norad_id}: retrieved_at must be set to be stored")
    return item.retrieved_at


def published_of(row: Row) -> Published:
    """Return what the values of `SET_COLUMNS` say."""
    norad_id, epoch_us, source, retrieved_us, *fields = row
    elements = ElementSet(norad_id, instant_of(epoch_us), *fields)
    return Published(elements, source, instant_of(retrieved_us))


def designation_of(row: Row) -> Designation:
    """Return what catalog number, source, time, name and designator say."""
    norad_id, source, since_us, name, cospar_id = row
    return Designation(norad_id, source, instant_of(since_us), name, cospar_id)


def fetch_row(fetch: Fetch) -> Row:
    """Return the values of `FETCH_COLUMNS`."""
    return (
        fetch.source,
        fetch.request,
        microseconds(fetch.asked_at),
        fetch.outcome,
        fetch.message,
        None if fetch.next_allowed_at is None else microseconds(fetch.next_allowed_at),
        fetch.sets,
        fetch.new,
    )


def fetch_of(row: Row) -> Fetch:
    """Return what the values of `FETCH_COLUMNS` say."""
    source, request, asked_us, outcome, message, next_us, sets, new = row
    next_allowed_at = None if next_us is None else instant_of(next_us)
    return Fetch(
        source, request, instant_of(asked_us), outcome, message, next_allowed_at, sets, new
    )
