"""The observer's sky: day, the three twilights, night, by where the Sun stands.

Elevations are those of the Sun's centre, apparent, without refraction, above the plane at right
angles to the ellipsoid. By convention the Sun rises and sets at -0.833 degrees, 34 minutes of arc
for refraction and 16 for its radius (Explanatory Supplement, 3rd ed., section 12.4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sattrack.events import crossings_inside
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.sun import SunHeight, elevation_deg, sun_itrf
from sattrack.places import Place
from sattrack.times.scale import Clock, FloatArray
from sattrack.times.span import Span

# A sky is the first of these whose limit the Sun is not below; degrees.
SKY_LIMITS_DEG = (-0.833, -6.0, -12.0, -18.0)
SKIES = ("day", "civil twilight", "nautical twilight", "astronomical twilight", "night")

_STEP_S = 3600.0


@dataclass(frozen=True, slots=True)
class Sky:
    """A maximal stretch of time with one kind of sky; one of `SKIES`.

    Attributes:
        first, last: its first and last instants inside the window.
    """

    state: str
    first: datetime
    last: datetime


def sun_crossings_s(
    place: Place,
    bodies: Bodies,
    clock: Clock,
    limit_deg: float,
    start_s: FloatArray,
    end_s: FloatArray,
) -> FloatArray:
    """Return when the Sun passes an elevation inside windows; see `crossings_inside`."""
    return crossings_inside(SunHeight(place, bodies, clock, limit_deg), start_s, end_s, _STEP_S)


def sun_elevation_deg(
    place: Place, bodies: Bodies, clock: Clock, seconds: FloatArray
) -> FloatArray:
    """Return the elevation of the Sun's centre at instants of shape `(n,)`."""
    sun, _ = sun_itrf(bodies, clock, seconds)
    return elevation_deg(place.itrf_km(), place.east_north_up()[2], sun)


def sky_kinds(sun_elevation_deg: FloatArray) -> NDArray[np.int64]:
    """Return which of `SKIES` goes with elevations of the Sun, in degrees; any shape."""
    return np.asarray(sum((sun_elevation_deg < limit).astype(np.int64) for limit in SKY_LIMITS_DEG))


def find_sky(place: Place, bodies: Bodies, span: Span) -> tuple[Sky, ...]:
    """Return the skies of `place` within `span`, one after the other without gap.

    Raises:
        NoOrbitError: the ephemeris does not reach so far.
    """
    clock = Clock(span.start)
    start_s, end_s = np.zeros(1), np.array([clock.seconds_at(span.end)])
    edges = [
        sun_crossings_s(place, bodies, clock, limit, start_s, end_s) for limit in SKY_LIMITS_DEG
    ]
    cuts = np.unique(np.concatenate([start_s, *edges, end_s]))
    # Judge a stretch by its middle: its ends lie on the limits themselves.
    middles = (cuts[:-1] + cuts[1:]) / 2.0
    kinds = sky_kinds(sun_elevation_deg(place, bodies, clock, middles))
    times = clock.datetimes(cuts)
    return tuple(
        Sky(SKIES[kind], first, last)
        for kind, first, last in zip(kinds.tolist(), times[:-1], times[1:], strict=True)
    )
