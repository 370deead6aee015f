"""The newest element set of every object at hand, as columns, ready before anybody asks.

Reading thousands of rows from the store takes longer than moving all objects to an instant. So the
columns are kept in the cache, and made again when the store, the catalog or sattrack has changed.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sattrack.catalog import catalog_root
from sattrack.catalog.reading import catalog_fingerprint
from sattrack.elements import ElementSet
from sattrack.errors import StorageError
from sattrack.settings import Home, write_whole
from sattrack.times.scale import FloatArray
from sattrack.tracking.inventory import Inventory, Lack, inventory
from sattrack.tracking.tracker import Tracker
from sattrack.version import __version__

_FILE = "newest.npz"
# Raised whenever what is kept changes its meaning.
_FORM = 1
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
# Beyond so many objects whose newest set lies ahead of the time asked, all are looked up.
_FEW = 1000
_NUMBERS = (
    "bstar_per_earth_radius",
    "mean_motion_dot_rev_day2",
    "mean_motion_ddot_rev_day3",
    "eccentricity",
    "argument_of_perigee_deg",
    "inclination_deg",
    "mean_anomaly_deg",
    "mean_motion_rev_day",
    "raan_deg",
)


@dataclass(frozen=True)
class ElementColumns:
    """Element sets of `n` objects.

    Attributes:
        ids, names, sources: as in `Listed`, arrays of texts.
        norad_id: shape `(n,)`.
        epoch_us: microseconds of UTC since 1970.
        numbers: what SGP4 takes, in its order and in the units of `ElementSet`, shape `(9, n)`.
        lacks: objects whose sets must not be used.
    """

    ids: NDArray[np.str_]
    names: NDArray[np.str_]
    sources: NDArray[np.str_]
    norad_id: NDArray[np.int64]
    epoch_us: NDArray[np.int64]
    numbers: FloatArray
    lacks: tuple[Lack, ...] = ()

    @classmethod
    def of(cls, held: Inventory) -> ElementColumns:
        """Return the columns of an inventory."""
        sets = [one.published.elements for one in held.listed]
        numbers = [[getattr(item, name) for name in _NUMBERS] for item in sets]
        return cls(
            np.array([one.id for one in held.listed], dtype=np.str_),
            np.array([one.name for one in held.listed], dtype=np.str_),
            np.array([one.published.source for one in held.listed], dtype=np.str_),
            np.array([one.norad_id for one in held.listed], dtype=np.int64),
            np.array([_microseconds(item) for item in sets], dtype=np.int64),
            np.array(numbers, dtype=np.float64).reshape(-1, len(_NUMBERS)).T,
            held.lacks,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def epoch(self, index: int) -> datetime:
        """Return the epoch of one object's set."""
        return _UNIX_EPOCH + int(self.epoch_us[index]) * _MICROSECOND


def _microseconds(elements: ElementSet) -> int:
    return (elements.epoch - _UNIX_EPOCH) // _MICROSECOND


def newest_columns(environment: Mapping[str, str], instant: datetime) -> ElementColumns:
    """Return of each object at hand the element set that suits `instant`.

    Raises:
        RejectedDataError: a file of the user's catalog breaks the rules.
    """
    home = Home.of(environment)
    key = _key(home)
    columns = _kept(home, key)
    if columns is None:
        columns = ElementColumns.of(inventory(Tracker.open(environment), _END_OF_TIME))
        with contextlib.suppress(StorageError):
            write_whole(home.cache / _FILE, _packed(columns, key))
    ahead = np.flatnonzero(columns.epoch_us > (instant - _UNIX_EPOCH) // _MICROSECOND)
    if len(ahead) == 0:
        return columns
    # The newest set of these may not be the nearest.
    tracker = Tracker.open(environment)
    if len(ahead) > _FEW:
        return ElementColumns.of(inventory(tracker, instant))
    return _nearer(columns, ahead, tracker, instant)


def _nearer(
    columns: ElementColumns, which: NDArray[np.intp], tracker: Tracker, instant: datetime
) -> ElementColumns:
    """Return the columns with what is nearest to `instant` of some objects."""
    epoch_us, numbers, sources = (
        columns.epoch_us.copy(),
        columns.numbers.copy(),
        columns.sources.tolist(),
    )
    for k in which.tolist():
        found = tracker.nearest(int(columns.norad_id[k]), instant)
        if found is not None:
            epoch_us[k] = _microseconds(found.elements)
            numbers[:, k] = [getattr(found.elements, name) for name in _NUMBERS]
            sources[k] = found.source
    return replace(
        columns, epoch_us=epoch_us, numbers=numbers, sources=np.array(sources, dtype=np.str_)
    )


def _key(home: Home) -> str:
    """Return what changes when the columns must be made again."""
    states: list[Any] = [_FORM, __version__, catalog_fingerprint(catalog_root(), home.user_catalog)]
    for path in (home.store, home.store.with_name(f"{home.store.name}-wal")):
        try:
            state = path.stat()
            states.append([state.st_mtime_ns, state.st_size])
        except OSError:
            states.append(None)
    return json.dumps(states)


def _kept(home: Home, key: str) -> ElementColumns | None:
    try:
        with np.load(home.cache / _FILE, allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            lacks = tuple(Lack(*row) for row in json.loads(str(kept["lacks"])))
            return ElementColumns(
                kept["ids"],
                kept["names"],
                kept["sources"],
                kept["norad_id"],
                kept["epoch_us"],
                kept["numbers"],
                lacks,
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def _packed(columns: ElementColumns, key: str) -> bytes:
    stream = io.BytesIO()
    np.savez(
        stream,
        key=np.array(key),
        ids=columns.ids,
        names=columns.names,
        sources=columns.sources,
        norad_id=columns.norad_id,
        epoch_us=columns.epoch_us,
        numbers=columns.numbers,
        lacks=np.array(json.dumps(columns.lacks)),
    )
    return stream.getvalue()
