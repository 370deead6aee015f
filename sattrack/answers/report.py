"""What a page needs to tell where craft are, long after it was made, and when they pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from sattrack.answers.light import with_light
from sattrack.answers.passes import PassesAnswer, first_of, passes_over
from sattrack.answers.paths import DEGREE, lagrange
from sattrack.answers.sky import SkyAnswer, sky_of
from sattrack.catalog import Catalog, Instrument, Mission
from sattrack.elements import ElementSet
from sattrack.orbits import Orbit, OrbitEndsError, Sgp4
from sattrack.passes.visible import Conditions
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import (
    ARCSECOND_RAD,
    Clock,
    FloatArray,
    earth_orientation,
    timescale,
)
from sattrack.tracking import Tracked, cautions

# What Lagrange's polynomial needs; the page's script has the same.
_POINTS = DEGREE + 1
# A fifth of what the page promises; the page's numbers are rounded to a metre besides.
_GOOD_KM = 0.02
_LONGEST_STEP_S, _SHORTEST_STEP_S = 7200.0, 30.0
_SHORTER = 0.75
_BESIDE_KNOT_S = 0.0005
# How old a page may become before it no longer says how good its times are.
_AGES_DAYS = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90)
_ORIENTATION_DAYS = 30
# What a picture can tell apart, and a page need not hold more of.
_MOST_TRACKS, _MOST_SKIES = 8, 8
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Positions in ITRF at even steps, close enough to interpolate.

    Attributes:
        start: the instant of the first, UTC.
        step_s: SI seconds, even.
        position_km: shape `(3, n)`.
        error_km: largest error of interpolation in the middle of the steps, measured.
    """

    start: datetime
    step_s: float
    position_km: FloatArray
    error_km: float


@dataclass(frozen=True, slots=True, eq=False)
class PageOrbit:
    """An orbit as a page holds it.

    Attributes:
        elements: for SGP4 in the page; None where `samples` tell.
        samples: of what is no SGP4, planned orbits and tables, in order of time.
        errors_s: how good times are, as (days after the start of the window, one standard
            deviation); empty for planned orbits.
    """

    tracked: Tracked
    elements: ElementSet | None
    samples: tuple[Samples, ...]
    errors_s: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class EarthTurn:
    """Where the Earth is in its turn on a day: UT1 minus UTC, and the pole."""

    time: datetime
    ut1_minus_utc_s: float
    pole_x_rad: float
    pole_y_rad: float


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """The answer of `sattrack report`.

    Attributes:
        passes: None where no place was given.
        missing: why others that were asked for are not in it, one sentence each.
    """

    span: Span
    orbits: tuple[PageOrbit, ...]
    passes: PassesAnswer | None
    earth: tuple[EarthTurn, ...]
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return self.passes is None or self.passes.complete


def usual_names(catalog: Catalog) -> list[str]:
    """Return what a page tells of unless told otherwise: craft of missions and of instruments."""
    missions = [craft for one in catalog.each(Mission) for craft in catalog.spacecraft_of(one)]
    hosts = [one.host for one in catalog.each(Instrument)]
    return list(dict.fromkeys([*(craft.id for craft in missions), *hosts]))


def report(
    tracked: Sequence[Tracked],
    places: Sequence[Place],
    span: Span,
    min_elevation_deg: float = 10.0,
    missing: Sequence[str] = (),
) -> ReportAnswer:
    """Gather what a page tells.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
        InvalidInputError: the mask is out of range.
    """
    passes, warnings = None, cautions(tracked, span)
    if places:
        found = passes_over(tracked, places, span, min_elevation_deg)
        passes = with_light(found, Conditions())
        warnings = passes.warnings
    orbits = tuple(_page_orbit(item, span) for item in tracked)
    return ReportAnswer(span, orbits, passes, _earth_turns(span), warnings, tuple(missing))


def skies(answer: PassesAnswer, places: Sequence[Place]) -> tuple[SkyAnswer, ...]:
    """Return the sky of each of the first places with its first passes, where it has any.

    Planned craft stand in it only where nothing passes that flies.
    """
    found = []
    for place in places[:_MOST_SKIES]:
        own = [
            result
            for result in answer.results
            if result.place == place and result.search.verdict == "passes"
        ]
        flown = [result for result in own if not result.tracked.provenance.nominal]
        if own:
            first = first_of(replace(answer, results=tuple(flown or own)), _MOST_TRACKS)
            found.append(sky_of(first, place))
    return tuple(found)


def _page_orbit(tracked: Tracked, span: Span) -> PageOrbit:
    orbit = tracked.orbit
    if isinstance(orbit, Sgp4):
        days = np.array(_AGES_DAYS, dtype=np.float64)
        return PageOrbit(tracked, orbit.elements, (), _errors_s(tracked, span.start, days))
    # How good a table is changes where it breaks, and its page ends with the window.
    hours = np.arange(math.ceil((span.end - span.start) / _HOUR) + 1)
    return PageOrbit(
        tracked, None, sampled(tracked, span), _errors_s(tracked, span.start, hours / 24.0)
    )


def _errors_s(
    tracked: Tracked, start: datetime, days: FloatArray
) -> tuple[tuple[float, float], ...]:
    """Return how good times are; of rows between two alike only these two are kept."""
    rows = [
        (day, error_s)
        for day in days.tolist()
        if (error_s := tracked.timing_uncertainty_s(start + timedelta(days=day))) is not None
    ]
    return tuple(
        row
        for k, row in enumerate(rows)
        if not 0 < k < len(rows) - 1 or not rows[k - 1][1] == row[1] == rows[k + 1][1]
    )


def sampled(tracked: Tracked, span: Span) -> tuple[Samples, ...]:
    """Return positions over `span`, one stretch for each on which the orbit moves smoothly.

    Where the orbit ends sooner, so do they; a stretch that no step makes good is left out.

    Raises:
        NoOrbitError: the orbit does not work at the start.
    """
    clock, orbit = Clock(span.start), tracked.orbit
    until_s = clock.seconds_at(span.end)
    try:
        orbit.itrf(clock, np.array([0.0, until_s]))
    except OrbitEndsError as error:
        until_s = error.last_s
    knots_s = orbit.knots(clock)
    knots_s = knots_s[(knots_s > _BESIDE_KNOT_S) & (knots_s < until_s - _BESIDE_KNOT_S)]
    firsts_s = [0.0, *(knots_s + _BESIDE_KNOT_S).tolist()]
    lasts_s = [*(knots_s - _BESIDE_KNOT_S).tolist(), until_s]
    found = [
        _stretch(orbit, clock, *edges_s)
        for edges_s in zip(firsts_s, lasts_s, strict=True)
        if edges_s[1] > edges_s[0]
    ]
    return tuple(item for item in found if item is not None)


def _stretch(orbit: Orbit, clock: Clock, first_s: float, last_s: float) -> Samples | None:
    """Return positions at even steps, shortened until interpolation is good to 20 m."""
    (start,) = clock.datetimes([first_s])
    step_s = _LONGEST_STEP_S
    while step_s >= _SHORTEST_STEP_S:
        count = max(_POINTS, math.ceil((last_s - first_s) / step_s) + 1)
        even_s = (last_s - first_s) / (count - 1)
        since_s: FloatArray = np.arange(count, dtype=np.float64) * even_s
        position_km, _ = orbit.itrf(clock, np.minimum(first_s + since_s, last_s))
        middle_s: FloatArray = since_s[:-1] + even_s / 2.0
        truth_km, _ = orbit.itrf(clock, first_s + middle_s)
        off_km = lagrange(since_s, position_km, middle_s) - truth_km
        error_km = float(np.sqrt((off_km**2).sum(axis=0)).max())
        if error_km <= _GOOD_KM:
            return Samples(start, even_s, position_km, error_km)
        step_s *= _SHORTER
    return None


def _earth_turns(span: Span) -> tuple[EarthTurn, ...]:
    """Return a row for each day of the window, and of the month after it."""
    start = span.start.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (span.end - start) // timedelta(days=1) + _ORIENTATION_DAYS
    eop, found = earth_orientation(), []
    for day in range(days + 1):
        instant = start + timedelta(days=day)
        t = timescale().from_datetime(instant)
        x_rad, y_rad = (
            float(np.interp(t.tt, eop.tt_jd, column)) * ARCSECOND_RAD
            for column in (eop.x_arcsec, eop.y_arcsec)
        )
        found.append(EarthTurn(instant, float(t.dut1), x_rad, y_rad))
    return tuple(found)
