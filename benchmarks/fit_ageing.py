"""How element sets go stale and jump, fitted to series of them: writes `ageing_table.py`.

    python benchmarks/fit_ageing.py FOLDER [--write]

FOLDER holds files of successive element sets of one object each, in any form that sattrack reads.
Every object counts alike, and every stretch of ages. Printed is the share of differences within the
stated standard deviation, for every object by a fit to the others of its kind (68 % were perfect,
55 to 80 % are promised for a kind as a whole), and the share when the object's own sets up to the
one that predicts are taken as its history, as `sattrack passes` does.

Growths are fitted by quantile regression: the sum of `|log(error / sigma)|`, weighted 0.68 above
and 0.32 below, is least where 68 % of the errors are smaller than sigma, at all ages alike.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np

from sattrack.elements import ElementSet
from sattrack.formats import read_element_sets
from sattrack.orbits import ageing, ageing_table
from sattrack.orbits.ageing import (
    LAG_EDGES_DAYS,
    ONE_SIGMA,
    Growth,
    drags_s,
    lag_weights,
    prediction_errors,
    timing_growth,
    undisturbed,
)
from sattrack.orbits.manoeuvres import (
    MEDIAN_OF_NORMAL,
    TWO_THIRDS_OF_PLANE,
    UsualJump,
    find_manoeuvres,
    jumps_in,
    two_thirds,
)
from sattrack.orbits.regimes import Regime, regime_of
from sattrack.times.scale import FloatArray

TABLE = Path(ageing_table.__file__)
START = Growth(0.01, 0.03, 0.2, 0.002, 2.2)
DIGITS = 3
FIRST_DAY = 0.05
DAY_S = 86400.0
SMALLEST_S = 1e-4


@dataclass(frozen=True)
class Predictions:
    """One object's undisturbed predictions in one direction; arrays of shape `(k,)`."""

    name: str
    ages: FloatArray
    sizes_s: FloatArray
    drag_s: FloatArray

    def within(self, growth: Growth) -> FloatArray:
        return np.asarray(self.sizes_s < growth.sigma_s(self.ages, self.drag_s))


def series_in(folder: Path) -> dict[str, list[ElementSet]]:
    """Return the element sets of each file in order of epoch, by the file's name."""
    found = {}
    for path in sorted(folder.glob("*.tle")):
        sets = {item.epoch: item for item in read_element_sets(path.read_bytes()).sets}
        found[path.stem.partition("_")[2] or path.stem] = [sets[epoch] for epoch in sorted(sets)]
    return found


def of_regime(series: dict[str, list[ElementSet]], regime: Regime) -> dict[str, list[ElementSet]]:
    return {name: sets for name, sets in series.items() if regime_of(sets[-1]) == regime}


def fit_jumps(series: Sequence[list[ElementSet]], drag: bool) -> UsualJump:
    """Return the usual jump of a kind of orbit: that of the object whose sets scatter most.

    The shape by least absolute deviations of the logarithm. The worst object sets the scale, so
    that one of which nothing else is known raises no alarm at every new set.
    """
    tables = [jumps_in(sets) for sets in series]
    sizes = [np.array([abs(jump.tangential_m_s) for jump in jumps]) for jumps in tables]
    drags = [np.array([jump.drag_m_s for jump in jumps]) for jumps in tables]

    def ratios(usual: UsualJump) -> list[FloatArray]:
        scales = [np.hypot(usual.tangential_m_s, usual.drag_share * one) for one in drags]
        return [np.maximum(size, 1e-6) / scale for size, scale in zip(sizes, scales, strict=True)]

    def loss(usual: UsualJump) -> float:
        logs = (np.log(ratio / MEDIAN_OF_NORMAL) for ratio in ratios(usual))
        return sum(float(np.mean(np.abs(one))) for one in logs)

    grid = [
        UsualJump(floor, share, 1.0)
        for floor in np.geomspace(1e-4, 1e-2, 41).tolist()
        for share in (np.geomspace(0.02, 2.0, 41).tolist() if drag else [0.0])
    ]
    best = min(grid, key=loss)
    worst = max(float(np.median(ratio)) / MEDIAN_OF_NORMAL for ratio in ratios(best))
    unit = UsualJump(1.0, 0.0, 1.0)
    tilts = [two_thirds(unit.normal(jump) for jump in jumps) for jumps in tables]
    return UsualJump(
        rounded(best.tangential_m_s * worst),
        rounded(best.drag_share * worst),
        rounded(max(tilts) / TWO_THIRDS_OF_PLANE),
    )


def predictions(name: str, sets: list[ElementSet], sign: int) -> Predictions:
    """Return what the sets predicted of each other, after their epochs (1) or before (-1)."""
    errors = undisturbed(prediction_errors(sets), sets, find_manoeuvres(sets))
    ages = errors.lag_days * sign
    counted = ages >= LAG_EDGES_DAYS[0]
    drag_s = drags_s(sets)[errors.predicted]
    return Predictions(name, ages[counted], np.abs(errors.late_s[counted]), drag_s[counted])


def loss_of(growth: Growth, objects: Sequence[Predictions]) -> float:
    total = 0.0
    for item in objects:
        over = np.log(np.maximum(item.sizes_s, SMALLEST_S) / growth.sigma_s(item.ages, item.drag_s))
        weights = lag_weights(item.ages)
        cost = np.where(over > 0.0, ONE_SIGMA * over, (ONE_SIGMA - 1.0) * over)
        total += float(weights @ cost / weights.sum())
    return total


def fit_growth(objects: Sequence[Predictions], drag: bool) -> Growth:
    """Return the growth of least loss: pattern search in the logarithms of its numbers."""
    names = ("start_s", "per_day_s", "drift_s") + (("drag_share", "power") if drag else ())
    best = START if drag else replace(START, drag_share=0.0, power=2.0)
    least, step = loss_of(best, objects), 1.0
    while step > 0.005:
        moved = False
        for name, sign in itertools.product(names, (1.0, -1.0)):
            factor = float(np.exp(sign * step * (0.1 if name == "power" else 1.0)))
            trial = replace(best, **{name: getattr(best, name) * factor})
            if (loss := loss_of(trial, objects)) < least - 1e-9:
                best, least, moved = trial, loss, True
        step = step if moved else step / 2.0
    return Growth(*(rounded(value) for value in astuple(best)))


def rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}") if value > 1e-5 else 0.0


def coverage(objects: Sequence[Predictions], drag: bool) -> dict[str, FloatArray]:
    """Return which differences a fit to the other objects covers, by object."""
    return {
        item.name: item.within(fit_growth([other for other in objects if other is not item], drag))
        for item in objects
    }


def own_coverage(sets: list[ElementSet]) -> list[bool]:
    """Return which differences the growth from the sets up to the predicting one covers."""
    errors = undisturbed(prediction_errors(sets), sets, find_manoeuvres(sets))
    found: list[bool] = []
    for k in range(ageing.FEWEST_SETS, len(sets)):
        growth = timing_growth(sets[k], sets[: k + 1])
        mine = (errors.predicted == k) & (errors.lag_days >= LAG_EDGES_DAYS[0])
        found += [
            abs(late) < growth.sigma_s(age)
            for late, age in zip(errors.late_s[mine], errors.lag_days[mine], strict=True)
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    arguments = parser.parse_args()
    series = series_in(arguments.folder)
    growths: dict[Regime, tuple[Growth, Growth]] = {}
    for regime in Regime:
        members = of_regime(series, regime)
        drag = regime in (Regime.low, Regime.middle)
        usual = fit_jumps(list(members.values()), drag)
        ageing_table.JUMPS[regime] = (usual.tangential_m_s, usual.drag_share, usual.normal_m_s)
        sides = []
        for sign, side in ((1, "after"), (-1, "before")):
            objects = [predictions(name, sets, sign) for name, sets in members.items()]
            objects = [item for item in objects if len(item.ages)]
            growth = fit_growth(objects, drag)
            sides.append(growth)
            covered = coverage(objects, drag)
            every = np.concatenate(list(covered.values()))
            print(f"{regime}, {side} the epoch: {growth}")
            print(f"  left out: {every.mean():.0%} of {len(every)} within one sigma; ", end="")
            print(", ".join(f"{name} {one.mean():.0%}" for name, one in covered.items()))
        growths[regime] = (sides[0], sides[1])
        ageing_table.GROWTHS[regime] = (astuple(sides[0]), astuple(sides[1]))
    for regime in Regime:
        own = {name: own_coverage(sets) for name, sets in of_regime(series, regime).items()}
        every = np.concatenate(list(own.values()))
        print(f"{regime}, with its own history: {every.mean():.0%} of {len(every)}; ", end="")
        print(", ".join(f"{name} {np.mean(one):.0%}" for name, one in own.items() if one))
    text = table_text()
    if arguments.write:
        TABLE.write_text(text)
    else:
        print(text)


def table_text() -> str:
    lines = [
        '"""How element sets scatter and go stale, by kind of orbit.',
        "",
        "Written by `benchmarks/fit_ageing.py` from CelesTrak GP data of 24 objects, of September",
        "2025 and May, July and October 2026; change it by running that again.",
        '"""',
        "",
        "from sattrack.orbits.regimes import Regime",
        "",
        "# The fields of UsualJump, m/s but for the second; of the object whose sets scatter most.",
        "JUMPS: dict[Regime, tuple[float, float, float]] = {",
        *(f"    Regime.{regime}: {ageing_table.JUMPS[regime]}," for regime in Regime),
        "}",
        "",
        "# The fields of Growth, after the epoch and before it.",
        "GROWTHS: dict[Regime, tuple[tuple[float, ...], tuple[float, ...]]] = {",
    ]
    for regime in Regime:
        lines += [f"    Regime.{regime}: ("]
        lines += [f"        {numbers}," for numbers in ageing_table.GROWTHS[regime]]
        lines += ["    ),"]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    main()
