"""How element sets go stale: the timing error that grows with the distance from their epoch.

An error along the track is an error in time: the object comes late or early, on very nearly the
orbit that was predicted. Its standard deviation at an age of t days is modelled as

    sigma^2 = start^2 + (per_day t)^2 + ((drag_share drag + drift) t^power)^2

that is by what the set was off at its epoch, by what its mean motion was off, and by the forces
nobody foresaw: mostly a share of drag, which alone moves the object by `drag t^2` seconds. The
numbers are fitted to public series of element sets, by kind of orbit, with the program
`benchmarks/fit_ageing.py`; one standard deviation is what 68 % of the differences stayed below. An
element set looks back on the tracking it was fitted to, so that it serves the days before its
epoch several times better than those after, and the two have their own numbers.

All of this holds as long as the object does not manoeuvre. For a geostationary satellite, which
crosses no horizon, the error is what it is for all: the error along the track over the speed along
it; 1 s is 3.1 km there, or 0.004 degrees of longitude.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from sgp4.api import Satrec, SatrecArray

from sattrack.elements import ElementSet
from sattrack.orbits.ageing_table import GROWTHS
from sattrack.orbits.drag import Drag
from sattrack.orbits.manoeuvres import LONGEST_GAP, Manoeuvre, find_manoeuvres
from sattrack.orbits.regimes import decay_per_day, regime_of
from sattrack.orbits.sgp4 import satellite_record
from sattrack.times.scale import FloatArray

IndexArray: TypeAlias = NDArray[np.intp]
Number = TypeVar("Number", float, FloatArray)

LONGEST_LAG_DAYS = 30.0
# Ages are judged together from one of these to the next; below the first, sets share tracking.
LAG_EDGES_DAYS = (0.05, 0.5, 1.5, 2.5, 4.0, 6.0, 8.5, 12.0, 17.0, LONGEST_LAG_DAYS)
FEWEST_SETS = 5
ONE_SIGMA = 0.6827
# A kind of orbit counts as much as this many sets of the object's own.
_REGIME_SETS = 5
# No error is known better than element sets write their epoch: 1e-8 days.
_SMALLEST_S = 0.001
_HISTORY = timedelta(days=60)
_HISTORY_SETS = 100
_DAY = timedelta(days=1)
_HALF_DAY_S = 43200.0
_ORDINAL_TO_JD = 1721424.5
_BLOCK = 50


@dataclass(frozen=True, slots=True)
class Growth:
    """How the timing error of a kind of orbit grows in one direction from the epoch.

    Attributes:
        start_s: at the epoch.
        per_day_s: by an error of the mean motion.
        drag_share: by this part of drag.
        drift_s: by other forces, in the first day.
        power: of the days, for both of these; 2 if they were constant, more since they are not.
    """

    start_s: float
    per_day_s: float
    drag_share: float
    drift_s: float
    power: float

    def sigma_s(self, age_days: Number, drag_s: Number) -> Number:
        """Return one standard deviation of the timing error.

        Args:
            age_days: distance from the epoch, not negative.
            drag_s: by how much drag moves the object in the first day.
        """
        forces = (self.drag_share * drag_s + self.drift_s) * age_days**self.power
        squared = self.start_s**2 + (self.per_day_s * age_days) ** 2 + forces**2
        sigma_s: Number = squared**0.5
        return sigma_s


@dataclass(frozen=True, slots=True)
class TimingGrowth:
    """How the timing error of one element set grows; made once, asked for every pass.

    Attributes:
        epoch: of the element set.
        drag_s: by how much drag moves the object in the first day, by its elements.
        ahead, behind: growth after the epoch and before it, of the kind of orbit.
        ahead_scale, behind_scale: what the object's own history makes of them; 1 without one.
    """

    epoch: datetime
    drag_s: float
    ahead: Growth
    behind: Growth
    ahead_scale: float = 1.0
    behind_scale: float = 1.0

    def sigma_s(self, age_days: float) -> float:
        """Return one standard deviation of the timing error.

        Args:
            age_days: the time asked minus the epoch; negative before it.
        """
        if age_days < 0.0:
            return self.behind_scale * self.behind.sigma_s(-age_days, self.drag_s)
        return self.ahead_scale * self.ahead.sigma_s(age_days, self.drag_s)

    def sigma_at(self, instant: datetime) -> float:
        """Return one standard deviation, in seconds, of the time of an event at about `instant`."""
        return self.sigma_s((instant - self.epoch) / _DAY)


@dataclass(frozen=True, slots=True)
class PredictionErrors:
    """Each element set of an object propagated to the epochs of the others; arrays of shape `(k,)`.

    Attributes:
        predicted: index of the set that predicts, among those given in order of epoch.
        told: index of the set that tells the truth.
        lag_days: from the epoch of the one to that of the other; negative into the past.
        late_s: how much later the object came than predicted.
    """

    predicted: IndexArray
    told: IndexArray
    lag_days: FloatArray
    late_s: FloatArray


@dataclass(frozen=True, slots=True)
class Staleness:
    """How far predictions were off after some days, seconds.

    Attributes:
        from_days, to_days: the ages that are counted here.
        pairs: how many predictions without a manoeuvre in between could be compared.
        median_s, sigma_s: half of their errors were smaller, and 68 % of them; None without any.
        stated_s: the standard deviation that holds for the kind of orbit; None likewise.
        pairs_in_all: with manoeuvres in between, too.
        sigma_in_all_s: what 68 % of all these errors stayed below; None without any.
    """

    from_days: float
    to_days: float
    pairs: int
    median_s: float | None
    sigma_s: float | None
    stated_s: float | None
    pairs_in_all: int
    sigma_in_all_s: float | None


def timing_sigma_s(
    elements: ElementSet, age_days: float, history: Sequence[ElementSet] = ()
) -> float:
    """Return one standard deviation of the timing error; see `timing_growth` for many ages.

    Args:
        elements: the set that predicts.
        age_days: the time asked minus its epoch; negative before it.
        history: sets of the same object.
    """
    return timing_growth(elements, history).sigma_s(age_days)


def timing_growth(elements: ElementSet, history: Sequence[ElementSet] = ()) -> TimingGrowth:
    """Return how the timing error of an element set grows with its age.

    That of its kind of orbit; with at least five sets of its own, scaled to how well these
    predicted each other where no manoeuvre came in between, the more so the more sets there are.

    Args:
        elements: the set that predicts.
        history: sets of the same object in any order, `elements` among them or not; those within
            60 days of its epoch count, the nearest hundred of them.
    """
    growth = prior_growth(elements)
    sets = _near(elements.epoch, history)
    if len(sets) < FEWEST_SETS:
        return growth
    errors = undisturbed(prediction_errors(sets), sets, find_manoeuvres(sets))
    drag_s = drags_s(sets)[errors.predicted]
    told, lag_days, late_s = errors.told, errors.lag_days, errors.late_s
    return replace(
        growth,
        ahead_scale=_own_scale(growth.ahead, told, lag_days, late_s, drag_s),
        behind_scale=_own_scale(growth.behind, told, -lag_days, late_s, drag_s),
    )


def prior_growth(elements: ElementSet) -> TimingGrowth:
    """Return the growth of the timing error that is usual for this kind of orbit."""
    ahead, behind = (Growth(*numbers) for numbers in GROWTHS[regime_of(elements)])
    return TimingGrowth(elements.epoch, float(drags_s([elements])[0]), ahead, behind)


@dataclass(frozen=True, slots=True)
class TimingGrowths:
    """The growth usual for the kinds of orbit of `n` objects; see `prior_growth`.

    Attributes:
        drag_s: shape `(n,)`.
        ahead, behind: fields of `Growth` after the epoch and before it, shape `(5, n)`.
    """

    drag_s: FloatArray
    ahead: FloatArray
    behind: FloatArray

    @classmethod
    def of(cls, sets: Sequence[ElementSet], drag: Drag) -> TimingGrowths:
        """Return the growths of element sets, whose records `drag` has read."""
        fields = np.array([GROWTHS[regime_of(elements)] for elements in sets]).reshape(-1, 2, 5)
        drag_s = np.abs(drag.decay_per_day()) * _HALF_DAY_S
        return cls(drag_s, fields[:, 0].T, fields[:, 1].T)

    def sigma_s(self, which: IndexArray, age_days: FloatArray) -> FloatArray:
        """Return one standard deviation of the timing errors of objects; see `TimingGrowth`.

        Args:
            which: objects, shape `(k,)`.
            age_days: of each, shape `(k,)`; negative before the epoch.
        """
        fields = np.where(age_days < 0.0, self.behind[:, which], self.ahead[:, which])
        start_s, per_day_s, drag_share, drift_s, power = fields
        days = np.abs(age_days)
        forces = (drag_share * self.drag_s[which] + drift_s) * days**power
        return np.asarray(np.sqrt(start_s**2 + (per_day_s * days) ** 2 + forces**2))


def _near(epoch: datetime, history: Iterable[ElementSet]) -> list[ElementSet]:
    """Return the sets that tell how those of an epoch behave, in order, one for each epoch."""
    near = {item.epoch: item for item in history if abs(item.epoch - epoch) <= _HISTORY}
    closest = sorted(near, key=lambda other: abs(other - epoch))[:_HISTORY_SETS]
    return [near[other] for other in sorted(closest)]


def _own_scale(
    growth: Growth, told: IndexArray, age_days: FloatArray, late_s: FloatArray, drag_s: FloatArray
) -> float:
    """Return the object's own growth in units of that of its kind of orbit.

    Args:
        growth: of the kind of orbit.
        told: index of the set that tells the truth, of each prediction, as all shape `(k,)`.
        age_days: those below the first of `LAG_EDGES_DAYS`, and negative ones, do not count.
        late_s: error of the prediction.
        drag_s: by how much drag moves the object in the first day, by the predicting set.
    """
    counted = age_days >= LAG_EDGES_DAYS[0]
    truths = len(np.unique(told[counted]))
    if truths < FEWEST_SETS - 1:
        return 1.0
    age_days = age_days[counted]
    usual_s = growth.sigma_s(age_days, drag_s[counted])
    sizes = np.maximum(np.abs(late_s[counted]), _SMALLEST_S) / usual_s
    own = weighted_quantile(sizes, lag_weights(age_days), ONE_SIGMA)
    return float(own ** (truths / (truths + _REGIME_SETS)))


def drags_s(sets: Iterable[ElementSet]) -> FloatArray:
    """Return by how much drag moves each object along its track in the first day, in seconds.

    A mean motion that grows by the part d in a day has gained d/2 of a day's motion by its end.
    """
    decays = [decay_per_day(satellite_record(elements)) for elements in sets]
    return np.abs(decays) * _HALF_DAY_S


def lag_weights(age_days: FloatArray) -> FloatArray:
    """Return weights, shape `(k,)`, that let all stretches of `LAG_EDGES_DAYS` count alike."""
    stretch = np.digitize(age_days, LAG_EDGES_DAYS)
    return np.asarray(1.0 / np.bincount(stretch)[stretch])


def weighted_quantile(values: FloatArray, weights: FloatArray, share: float) -> float:
    """Return the value below which `share` of the weight lies; arrays of shape `(k,)`, k > 0."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, share * reached[-1])])


def prediction_errors(
    sets: Sequence[ElementSet], longest_days: float = LONGEST_LAG_DAYS
) -> PredictionErrors:
    """Propagate each element set to the epochs of the others, and compare.

    The error is the angle in the plane of the predicted orbit over its rate there. Predictions that
    SGP4 cannot make are left out.

    Args:
        sets: of one object, in order of epoch.
        longest_days: between the epochs.
    """
    if not sets:
        nothing, none = np.empty(0), np.empty(0, dtype=np.intp)
        return PredictionErrors(none, none, nothing, nothing)
    days = np.array([(item.epoch - sets[0].epoch) / _DAY for item in sets])
    records = [satellite_record(item) for item in sets]
    truth_km = np.array([record.sgp4_tsince(0.0)[1] for record in records])
    columns: list[tuple[IndexArray, IndexArray, FloatArray, FloatArray]] = []
    for first in range(0, len(sets), _BLOCK):
        last = min(first + _BLOCK, len(sets))
        # Only what lies near enough to some set of the block is computed.
        low = int(np.searchsorted(days, days[first] - longest_days))
        high = int(np.searchsorted(days, days[last - 1] + longest_days, side="right"))
        late_s = _late_s(records[first:last], sets[0].epoch, days[low:high], truth_km[low:high])
        lag_days = days[low:high] - days[first:last, None]
        wanted = (np.abs(lag_days) <= longest_days) & (lag_days != 0.0) & np.isfinite(late_s)
        predicted, told = np.nonzero(wanted)
        columns.append((predicted + first, told + low, lag_days[wanted], late_s[wanted]))
    return PredictionErrors(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def _late_s(
    records: Sequence[Satrec], start: datetime, days: FloatArray, truth_km: FloatArray
) -> FloatArray:
    """Return how much later than predicted the object came, shape `(records, n)`; NaN on failure.

    Args:
        records: of the sets that predict.
        start: from which the days are counted.
        days: instants, shape `(n,)`.
        truth_km: where it was, TEME, shape `(n, 3)`.
    """
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    jd = np.full_like(days, start.toordinal() + _ORDINAL_TO_JD)
    codes, position, velocity = SatrecArray(list(records)).sgp4(
        jd, days + (start - midnight) / _DAY
    )
    radius = np.linalg.norm(position, axis=2, keepdims=True)
    momentum = np.cross(position, velocity)
    moment = np.linalg.norm(momentum, axis=2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        radial, across = position / radius, momentum / moment
        along = np.cross(across, radial)
        angle = np.arctan2(
            np.einsum("stk,tk->st", along, truth_km), np.einsum("stk,tk->st", radial, truth_km)
        )
        late_s = -angle * (radius**2 / moment)[..., 0]
    return np.where(codes == 0, late_s, np.nan)


def undisturbed(
    errors: PredictionErrors, sets: Sequence[ElementSet], manoeuvres: Sequence[Manoeuvre]
) -> PredictionErrors:
    """Return the errors that no manoeuvre, and none that may hide in a long gap, explains.

    Args:
        errors: of `sets`.
        sets: in order of epoch.
        manoeuvres: found in `sets`, in order of time.
    """
    gaps = [(a, b) for a, b in pairwise(item.epoch for item in sets) if b - a > LONGEST_GAP]
    stretches = sorted([*((item.after, item.before) for item in manoeuvres), *gaps])
    epochs = [item.epoch for item in sets]
    # Stretches are disjoint: as many must have begun before the later set as ended by the earlier.
    ends, starts = [end for _, end in stretches], [start for start, _ in stretches]
    ended = np.array([bisect_right(ends, epoch) for epoch in epochs])
    begun = np.array([bisect_left(starts, epoch) for epoch in epochs])
    earlier = np.minimum(errors.predicted, errors.told)
    later = np.maximum(errors.predicted, errors.told)
    calm = begun[later] <= ended[earlier]
    return PredictionErrors(
        errors.predicted[calm], errors.told[calm], errors.lag_days[calm], errors.late_s[calm]
    )


def staleness(
    sets: Iterable[ElementSet], manoeuvres: Sequence[Manoeuvre] | None = None
) -> tuple[Staleness, ...]:
    """Return how far off the predictions of an object's sets were, for each stretch of ages.

    Each set is propagated to the epochs of all newer ones, up to thirty days.

    Args:
        sets: of one object, in any order.
        manoeuvres: found among them; searched for when None.
    """
    of = {item.epoch: item for item in sets}
    ordered = [of[epoch] for epoch in sorted(of)]
    if manoeuvres is None:
        manoeuvres = find_manoeuvres(ordered)
    every = prediction_errors(ordered)
    calm = undisturbed(every, ordered, manoeuvres)
    priors = [prior_growth(item) for item in ordered]
    rows = []
    for low, high in pairwise(LAG_EDGES_DAYS):
        in_all = np.abs(every.late_s[(every.lag_days >= low) & (every.lag_days < high)])
        here = (calm.lag_days >= low) & (calm.lag_days < high)
        sizes, ages = np.abs(calm.late_s[here]), calm.lag_days[here]
        stated = [
            priors[k].sigma_s(age)
            for k, age in zip(calm.predicted[here].tolist(), ages.tolist(), strict=True)
        ]
        rows.append(
            Staleness(
                from_days=low,
                to_days=high,
                pairs=len(sizes),
                median_s=_quantile(sizes, 0.5),
                sigma_s=_quantile(sizes, ONE_SIGMA),
                stated_s=_quantile(np.array(stated), 0.5),
                pairs_in_all=len(in_all),
                sigma_in_all_s=_quantile(in_all, ONE_SIGMA),
            )
        )
    return tuple(rows)


def _quantile(values: FloatArray, share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None
