"""What stands above the horizon of a place at an instant, of all objects at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sattrack.errors import NoOrbitError
from sattrack.orbits.earth import teme_to_itrf
from sattrack.orbits.frames import geodetic
from sattrack.orbits.sgp4 import teme_positions
from sattrack.passes.horizon import check_mask
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray
from sattrack.tracking.newest import ElementColumns

_DAY = timedelta(days=1)
# A low satellite may stand elsewhere in the sky by then.
_OLD_DAYS = 14.0


@dataclass(frozen=True, slots=True)
class Overhead:
    """An object above the horizon.

    Attributes:
        height_km: above the WGS 84 ellipsoid.
        shade: one of `orbits.shadow.SHADES`; None in years for which the Sun is not known.
        source, epoch, age_days: of its element set.
    """

    id: str
    name: str
    norad_id: int
    azimuth_deg: float
    elevation_deg: float
    range_km: float
    height_km: float
    shade: str | None
    source: str
    epoch: datetime
    age_days: float


@dataclass(frozen=True, slots=True)
class OverheadAnswer:
    """The answer of `sattrack overhead`.

    Attributes:
        results: highest first.
        searched: how many objects were looked at.
        failed: how many of them SGP4 gave no position of: decayed, most of them.
        warnings: what to know before trusting it.
    """

    time: datetime
    place: Place
    min_elevation_deg: float
    results: tuple[Overhead, ...]
    searched: int
    failed: int
    warnings: tuple[str, ...] = ()


def overhead_at(
    columns: ElementColumns, place: Place, time: datetime, min_elevation_deg: float = 0.0
) -> OverheadAnswer:
    """Return what stands above a mask, and above the place's own horizon where it is known.

    Args:
        columns: element sets of all objects.
        place: where the observer is.
        time: when.
        min_elevation_deg: the mask, from -10 to 89.

    Raises:
        InvalidInputError: the mask is out of range.
    """
    check_mask(min_elevation_deg)
    clock = Clock(time)
    jd, fraction = (float(part[0]) for part in clock.utc_jd(np.zeros(1)))
    codes, position, velocity = teme_positions(columns.epoch_us, columns.numbers, jd, fraction)
    good = np.flatnonzero(codes == 0)
    seconds = np.zeros(len(good))
    position, velocity = teme_to_itrf(clock, seconds, position[:, good], velocity[:, good])
    offset = position - place.itrf_km()[:, None]
    east, north, up = place.east_north_up() @ offset
    azimuth = np.degrees(np.arctan2(east, north)) % 360.0
    elevation = np.degrees(np.arctan2(up, np.hypot(east, north)))
    mask: float | FloatArray = min_elevation_deg
    if place.horizon is not None:
        mask = place.horizon.raised_to(min_elevation_deg).at(azimuth)
    above = np.flatnonzero(elevation >= mask)
    above = above[np.argsort(-elevation[above], kind="stable")]
    shades = _shades(clock, position[:, above], velocity[:, above])
    _, _, height = geodetic(position[:, above])
    distance = np.sqrt((offset[:, above] ** 2).sum(axis=0))
    results = [
        Overhead(
            id=str(columns.ids[k]),
            name=str(columns.names[k]),
            norad_id=int(columns.norad_id[k]),
            azimuth_deg=float(azimuth[j]),
            elevation_deg=float(elevation[j]),
            range_km=float(distance[row]),
            height_km=float(height[row]),
            shade=shades[row],
            source=str(columns.sources[k]),
            epoch=columns.epoch(k),
            age_days=(time - columns.epoch(k)) / _DAY,
        )
        for row, (j, k) in enumerate(zip(above.tolist(), good[above].tolist(), strict=True))
    ]
    failed = len(columns) - len(good)
    return OverheadAnswer(
        time, place, min_elevation_deg, tuple(results), len(columns), failed, _warnings(results)
    )


def _warnings(results: list[Overhead]) -> tuple[str, ...]:
    old = [one for one in results if abs(one.age_days) > _OLD_DAYS]
    if not old:
        return ()
    oldest = max(old, key=lambda one: abs(one.age_days))
    who = oldest.name if len(old) == 1 else f"{oldest.name} and {len(old) - 1:,} more"
    return (
        f"the elements of {who} are up to {abs(oldest.age_days):.0f} days from the time asked: "
        "where they are said to stand may mean nothing any more; run: sattrack update",
    )


def _shades(clock: Clock, position: FloatArray, velocity: FloatArray) -> list[str | None]:
    """Return in which light objects are, by the oblate Earth."""
    from sattrack.orbits.shadow import SHADES, STRETCH, depth
    from sattrack.orbits.sun import sun_itrf
    from sattrack.tracking.ephemerides import bodies

    count = position.shape[1]
    try:
        sun, rate = sun_itrf(bodies(), clock, np.zeros(1))
    except NoOrbitError:
        return [None] * count
    states = position, velocity, np.repeat(sun, count, axis=1), np.repeat(rate, count, axis=1)
    inside = [depth(*states, STRETCH["oblate"], side)[0] >= 0.0 for side in (1.0, -1.0)]
    return [SHADES[k] for k in (inside[0].astype(np.int64) + inside[1]).tolist()]
