"""Manoeuvres, recognised from the jump between an old element set propagated and a new one.

Two sets of one object describe one orbit; where they disagree by more than such sets usually do,
the spacecraft was pushed in between. Compared are SGP4's mean elements, so that the periodic terms,
kilometres of them, cannot hide metres. A push along the track changes the mean motion, a push
across it tilts the plane (Gauss's equations on a circle: da = 2 a dv / v, di = dv / v; Vallado,
Fundamentals of Astrodynamics and Applications, 4th ed., section 9.3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sgp4.api import Satrec

from sattrack.elements import ElementSet
from sattrack.orbits.ageing_table import JUMPS
from sattrack.orbits.regimes import (
    MeanElements,
    Regime,
    decay_per_day,
    mean_elements,
    regime_of,
)
from sattrack.orbits.sgp4 import satellite_record

# Jumps of so many standard deviations are manoeuvres. Along the track the usual ones have long
# tails: a magnetic storm, as that of 2025-09-15, doubles the drag for a day.
SIGNIFICANT_ALONG = 8.0
SIGNIFICANT_ACROSS = 6.0
# Sets of quiet objects agree to a millimetre a second, and then miss by ten of them for no reason.
SMALLEST_M_S = 0.02
# Over longer gaps the forces that no element set knows add up to as much as a manoeuvre does.
LONGEST_GAP = timedelta(days=10)
# The first set after a burn still leans on tracking from before it, and the second finishes the
# jump; what follows this closely is one manoeuvre.
_SETTLED = timedelta(days=1.5)
# Publishers issue a set again for an epoch a millisecond later; it tells nothing new.
_SAME_SET = timedelta(minutes=10)
_FEWEST_JUMPS = 4
# The regime counts as much as this many jumps of the object's own.
_REGIME_JUMPS = 5
# No object is this quiet; sets that agree to the last digit come of one computation.
_SMALLEST_SCALE = 0.01
# Half of a normal distribution lies within so many standard deviations, and two thirds of a plane
# one: the square root of 2 ln 3.
MEDIAN_OF_NORMAL = 0.67449
TWO_THIRDS_OF_PLANE = 1.48230
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# How far apart sets may be in time beyond twice what the push between them made of the gap. Of the
# 922 pairs of real sets that the tests have, manoeuvres among them, the furthest is 3.7 s beyond.
_UNEXPLAINED_S = 10.0


@dataclass(frozen=True, slots=True)
class Jump:
    """What a new element set says beyond the old one, propagated to its epoch.

    Attributes:
        gap_days: between the epochs.
        tangential_m_s: the push along the track that explains the change of energy; positive
            raises the orbit. On an eccentric orbit, what it would take on a circle of this period.
        normal_m_s: the push across the track that explains the tilt of the plane.
        late_s: how much later the object comes than the old set said.
        drag_m_s: how much drag slowed it in the gap, by the elements.
        speed_m_s: on a circle of this period.
    """

    gap_days: float
    tangential_m_s: float
    normal_m_s: float
    late_s: float
    drag_m_s: float
    speed_m_s: float

    @property
    def drifting(self) -> timedelta | None:
        """How long it has drifted by `late_s`, if one push along the track is the cause of it.

        After it the period is longer by the part 3 dv / v. None without a push.
        """
        late_per_s = 3.0 * self.tangential_m_s / self.speed_m_s
        return timedelta(seconds=self.late_s / late_per_s) if late_per_s else None

    @property
    def is_explained(self) -> bool:
        """Whether one push in the gap can be why the object comes earlier or later."""
        # As much as if it had come at the beginning of the gap.
        drift_s = 3.0 * abs(self.tangential_m_s) / self.speed_m_s * self.gap_days * 86400.0
        return abs(self.late_s) <= 2.0 * drift_s + _UNEXPLAINED_S


@dataclass(frozen=True, slots=True)
class UsualJump:
    """How much successive element sets differ without a manoeuvre: one standard deviation.

    Attributes:
        tangential_m_s: in the push along the track.
        drag_share: more of it, by this part of what drag took in the gap.
        normal_m_s: in each of the two components of the tilt, and as much again in a day's gap.
        daily_drag_m_s: what drag takes in a day at least, whatever the two sets say of it.
    """

    tangential_m_s: float
    drag_share: float
    normal_m_s: float
    daily_drag_m_s: float = 0.0

    def tangential(self, jump: Jump) -> float:
        """Return the jump along the track in standard deviations, signed."""
        drag_m_s = max(jump.drag_m_s, self.daily_drag_m_s * jump.gap_days)
        return jump.tangential_m_s / math.hypot(self.tangential_m_s, self.drag_share * drag_m_s)

    def normal(self, jump: Jump) -> float:
        """Return the jump across the track in standard deviations."""
        return jump.normal_m_s / (self.normal_m_s * math.hypot(1.0, jump.gap_days))

    def significance(self, jump: Jump) -> float:
        """Return the jump over the largest that passes for an accident: 1 and more is a manoeuvre.

        Of the two directions the one that says more. Too small a push says nothing.
        """
        along = abs(self.tangential(jump)) / SIGNIFICANT_ALONG
        across = self.normal(jump) / SIGNIFICANT_ACROSS
        return max(
            along if abs(jump.tangential_m_s) >= SMALLEST_M_S else 0.0,
            across if jump.normal_m_s >= SMALLEST_M_S else 0.0,
        )


@dataclass(frozen=True, slots=True)
class Manoeuvre:
    """A change of orbit that nature does not make.

    Attributes:
        after, before: the epochs between which it happened.
        estimated_at: when, if it was one push along the track: the instant from which the new mean
            motion explains how far the object has drifted; None where that lies outside the gap.
        tangential_m_s: along the track, positive where it raised the orbit.
        normal_m_s: across the track; of either sign.
        late_s: how much later the object came than the last set before had said.
        significance: the jump over the largest that passes for an accident; 1 or more.
    """

    norad_id: int
    after: datetime
    before: datetime
    estimated_at: datetime | None
    tangential_m_s: float
    normal_m_s: float
    late_s: float
    significance: float


@dataclass(frozen=True, slots=True)
class Break:
    """Two element sets of one object, at most ten days apart, that no one push explains.

    Attributes:
        after, before: their epochs.
        late_s: how much later the object comes by the second than the first said.
    """

    after: datetime
    before: datetime
    late_s: float

    def spoils(self, manoeuvre: Manoeuvre) -> bool:
        """Tell whether a manoeuvre was made up of this."""
        return manoeuvre.after < self.before <= manoeuvre.before

    def __str__(self) -> str:
        word = "later" if self.late_s > 0.0 else "earlier"
        after, before = (f"{each:%Y-%m-%d %H:%M} UTC" for each in (self.after, self.before))
        return (
            f"{abs(self.late_s):.0f} s {word} by the element set of {before} than by that of "
            f"{after}, which no one push explains; one of the two may be wrong"
        )


@dataclass(frozen=True, slots=True)
class _Set:
    """An element set, ready for comparing."""

    elements: ElementSet
    record: Satrec
    mean: MeanElements
    decay_per_day: float

    @classmethod
    def of(cls, elements: ElementSet) -> _Set | None:
        record = satellite_record(elements)
        mean = mean_elements(record, 0.0)
        return None if mean is None else cls(elements, record, mean, decay_per_day(record))


def usual_jump_of(regime: Regime) -> UsualJump:
    """Return how much successive sets differ in a kind of orbit; measured, see `ageing_table`."""
    return UsualJump(*JUMPS[regime])


def jump_between(old: ElementSet, new: ElementSet) -> Jump | None:
    """Return what `new` says beyond `old`; None where SGP4 fails, or `new` is not the newer."""
    before, after = _Set.of(old), _Set.of(new)
    return None if before is None or after is None else _jump(before, after)


def _jump(old: _Set, new: _Set) -> Jump | None:
    gap = new.elements.epoch - old.elements.epoch
    if gap <= timedelta(0):
        return None
    expected, found = mean_elements(old.record, gap / _MINUTE), new.mean
    if expected is None:
        return None
    turn = _wrapped(found.anomaly + found.perigee - expected.anomaly - expected.perigee) + math.cos(
        found.inclination
    ) * _wrapped(found.node - expected.node)
    gap_days = gap / _DAY
    decay = max(abs(old.decay_per_day), abs(new.decay_per_day))
    speed_m_s = expected.speed_m_s
    return Jump(
        gap_days=gap_days,
        tangential_m_s=-speed_m_s / 3.0 * (found.mean_motion / expected.mean_motion - 1.0),
        normal_m_s=speed_m_s * math.dist(_pole(expected), _pole(found)),
        late_s=-60.0 * _wrapped(turn) / found.mean_motion,
        drag_m_s=speed_m_s / 3.0 * decay * gap_days,
        speed_m_s=speed_m_s,
    )


def _wrapped(angle: float) -> float:
    return math.remainder(angle, 2.0 * math.pi)


def _pole(mean: MeanElements) -> tuple[float, float, float]:
    sine = math.sin(mean.inclination)
    return sine * math.sin(mean.node), -sine * math.cos(mean.node), math.cos(mean.inclination)


def find_manoeuvre(
    old: ElementSet, new: ElementSet, usual: UsualJump | None = None
) -> Manoeuvre | None:
    """Return the manoeuvre between two element sets of one object, if the jump betrays one.

    Args:
        old, new: in the order of their epochs, at most ten days apart; otherwise None.
        usual: how much sets of this object differ without one, as `usual_jump` measures it from
            its history; without, that of its kind of orbit.
    """
    before, after = _Set.of(old), _Set.of(new)
    if before is None or after is None:
        return None
    return _found(before, after, usual or usual_jump_of(regime_of(new)))


def _found(old: _Set, new: _Set, usual: UsualJump) -> Manoeuvre | None:
    jump = _jump(old, new)
    if jump is None or jump.gap_days > LONGEST_GAP / _DAY:
        return None
    significance = usual.significance(jump)
    if significance < 1.0:
        return None
    epoch = new.elements.epoch
    drifting = jump.drifting if abs(usual.tangential(jump)) >= SIGNIFICANT_ALONG else None
    within = drifting is not None and timedelta(0) <= drifting <= epoch - old.elements.epoch
    return Manoeuvre(
        norad_id=new.elements.norad_id,
        after=old.elements.epoch,
        before=epoch,
        estimated_at=epoch - drifting if drifting is not None and within else None,
        tangential_m_s=jump.tangential_m_s,
        normal_m_s=jump.normal_m_s,
        late_s=jump.late_s,
        significance=significance,
    )


def jumps_in(sets: Iterable[ElementSet]) -> list[Jump]:
    """Return the jumps between successive sets of one object at most ten days apart."""
    return _jumps(_prepared(sets))


def _jumps(sets: Sequence[_Set]) -> list[Jump]:
    jumps = [jump for old, new in pairwise(sets) if (jump := _jump(old, new))]
    return [jump for jump in jumps if jump.gap_days <= LONGEST_GAP / _DAY]


def usual_jump(sets: Iterable[ElementSet]) -> UsualJump:
    """Return how much successive sets of an object differ without a manoeuvre.

    The median jump, which a few manoeuvres do not move, of the object in proportion to that of its
    kind of orbit; with few sets rather the latter.

    Args:
        sets: of one object, in any order.
    """
    return _usual(_prepared(sets))


def _usual(sets: Sequence[_Set]) -> UsualJump:
    if not sets:
        return usual_jump_of(Regime.middle)
    regime = usual_jump_of(regime_of(sets[-1].elements))
    jumps = _jumps(sets)
    if len(jumps) < _FEWEST_JUMPS:
        return regime
    regime = replace(regime, daily_drag_m_s=median(jump.drag_m_s / jump.gap_days for jump in jumps))
    along = median(abs(regime.tangential(jump)) for jump in jumps) / MEDIAN_OF_NORMAL
    across = two_thirds(regime.normal(jump) for jump in jumps) / TWO_THIRDS_OF_PLANE
    weight = len(jumps) / (len(jumps) + _REGIME_JUMPS)
    along, across = (max(scale, _SMALLEST_SCALE) ** weight for scale in (along, across))
    return replace(
        regime,
        tangential_m_s=regime.tangential_m_s * along,
        drag_share=regime.drag_share * along,
        normal_m_s=regime.normal_m_s * across,
    )


def two_thirds(values: Iterable[float]) -> float:
    """Return what two thirds of some values do not exceed."""
    ordered = sorted(values)
    return ordered[(2 * len(ordered) - 1) // 3]


def _prepared(sets: Iterable[ElementSet]) -> list[_Set]:
    """Return what SGP4 accepts, in order of epoch; of sets issued twice the later."""
    found: list[_Set] = []
    for elements in sorted(sets, key=lambda item: item.epoch):
        item = _Set.of(elements)
        if item is None:
            continue
        if found and elements.epoch - found[-1].elements.epoch < _SAME_SET:
            found.pop()
        found.append(item)
    return found


def find_breaks(sets: Iterable[ElementSet]) -> tuple[Break, ...]:
    """Return where successive sets of an object differ by more than one push explains."""
    return tuple(
        Break(old.elements.epoch, new.elements.epoch, jump.late_s)
        for old, new in pairwise(_prepared(sets))
        if (jump := _jump(old, new))
        and jump.gap_days <= LONGEST_GAP / _DAY
        and not jump.is_explained
    )


def find_manoeuvres(sets: Iterable[ElementSet]) -> tuple[Manoeuvre, ...]:
    """Return the manoeuvres of an object, in order of time.

    What follows within a day and a half is one manoeuvre, measured from before the first jump to
    after the last. Where that is no jump, one set was bad, and nothing happened.

    Args:
        sets: of one object, in any order.
    """
    prepared = _prepared(sets)
    usual = _usual(prepared)
    runs: list[tuple[int, int]] = []
    for k in range(len(prepared) - 1):
        if _found(prepared[k], prepared[k + 1], usual) is None:
            continue
        if runs and runs[-1][1] == k:
            first = runs[-1][0]
            if prepared[k + 1].elements.epoch - prepared[first].elements.epoch <= _SETTLED:
                runs[-1] = (first, k + 1)
                continue
        runs.append((k, k + 1))
    found = (_found(prepared[first], prepared[last], usual) for first, last in runs)
    return tuple(item for item in found if item is not None)
