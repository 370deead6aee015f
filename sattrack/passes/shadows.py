"""Shadows: the stretches of time in which the Earth hides the Sun from a craft, wholly or in part.

What counts as the Earth, and where the Sun stands, says `sattrack.orbits.shadow`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sattrack.events import Stretches, stretches_above
from sattrack.orbits.bodies import Bodies
from sattrack.orbits.orbit import Orbit, OrbitEndsError
from sattrack.orbits.shadow import EarthShadow, Shade, ShadowModel, search_step_s
from sattrack.times.scale import Clock
from sattrack.times.span import Span


@dataclass(frozen=True, slots=True)
class Umbra:
    """A maximal stretch of time in which the Sun's disk is wholly hidden.

    Attributes:
        first, last: its first and last instants inside the window.
        open_start, open_end: the window cuts it there.
    """

    first: datetime
    last: datetime
    open_start: bool = False
    open_end: bool = False

    @property
    def entry(self) -> datetime | None:
        """Where the craft goes in; None where the window cuts it."""
        return None if self.open_start else self.first

    @property
    def exit(self) -> datetime | None:
        """Where the craft comes out; None where the window cuts it."""
        return None if self.open_end else self.last

    @property
    def duration_s(self) -> float:
        """Time inside the window."""
        return (self.last - self.first).total_seconds()


@dataclass(frozen=True, slots=True)
class Shadow(Umbra):
    """A maximal stretch of time in which a part of the Sun's disk is hidden, or all of it.

    Entry and exit are those of the penumbra.

    Attributes:
        umbras: in order of time; none where the disk is never wholly hidden, one as a rule.
    """

    umbras: tuple[Umbra, ...] = ()

    @property
    def umbra_entry(self) -> datetime | None:
        """Where the last of the Sun goes; None without umbra, or where the window cuts it."""
        return self.umbras[0].entry if self.umbras else None

    @property
    def umbra_exit(self) -> datetime | None:
        """Where the Sun comes back; None without umbra, or where the window cuts it."""
        return self.umbras[-1].exit if self.umbras else None


@dataclass(frozen=True, slots=True)
class ShadowSearch:
    """What a search found.

    Attributes:
        shadows: in order of time, disjoint.
        model: the shape of the Earth.
        span: what was searched; shorter than asked where the orbit ends.
        ending: why it is shorter, or None.
    """

    shadows: tuple[Shadow, ...]
    model: ShadowModel
    span: Span
    ending: OrbitEndsError | None = None


def find_shadows(
    orbit: Orbit,
    bodies: Bodies,
    span: Span,
    model: ShadowModel = "oblate",
    light_time: bool = True,
) -> ShadowSearch:
    """Find every stretch within `span` in which the Earth's shadow falls on `orbit`.

    None is lost but those in which the craft dips into the shadow by less than 0.1 m along the ray,
    or for less than a millisecond.

    Args:
        orbit: any model about the Earth: low, eccentric, geostationary.
        bodies: Sun, Moon and Earth.
        span: the window; shadows it cuts are open there.
        model: the shape of the Earth.
        light_time: without it the geometric Sun, 20 arcseconds away from where it is seen.

    Raises:
        NoOrbitError: the orbit does not work at the start of the window.
        InvalidInputError: the orbit is about the Moon.
    """
    clock = Clock(span.start)
    end_s, ending = clock.seconds_at(span.end), None
    step_s, knots_s = search_step_s(orbit), orbit.knots(clock)

    def inside(shade: Shade) -> Stretches:
        curve = EarthShadow(orbit, bodies, clock, shade, model, light_time)
        return stretches_above(curve, 0.0, end_s, step_s, knots_s)

    while True:
        try:
            penumbras, umbras = inside("penumbra"), inside("umbra")
            break
        except OrbitEndsError as end:
            if end.last_s <= 0.0 or end.last_s >= end_s:
                raise
            ending, end_s = end, end.last_s
    if ending is not None:
        span = Span(span.start, ending.instant)
    return ShadowSearch(_joined(clock, penumbras, umbras), model, span, ending)


def _joined(clock: Clock, penumbras: Stretches, umbras: Stretches) -> tuple[Shadow, ...]:
    """Return the penumbras, each with the umbras that begin inside it."""
    dark = _described(clock, umbras)
    owner = np.searchsorted(penumbras.start_s, umbras.start_s, side="right") - 1
    return tuple(
        Shadow(
            part.first,
            part.last,
            part.open_start,
            part.open_end,
            tuple(umbra for umbra, of in zip(dark, owner.tolist(), strict=True) if of == k),
        )
        for k, part in enumerate(_described(clock, penumbras))
    )


def _described(clock: Clock, stretches: Stretches) -> list[Umbra]:
    last = len(stretches.start_s) - 1
    return [
        Umbra(first, end, stretches.open_start and k == 0, stretches.open_end and k == last)
        for k, (first, end) in enumerate(
            zip(clock.datetimes(stretches.start_s), clock.datetimes(stretches.end_s), strict=True)
        )
    ]
