"""How well manoeuvres are recognised: pushes of known size added to real series of element sets.

    python benchmarks/measure_manoeuvres.py FOLDER

Every pair of successive sets, at most three days apart and without a manoeuvre of its own, is
pushed once for each size: at a random instant of the gap, along or across the track, either way.
The newer set is solved anew with python-sgp4 so that its orbit passes that instant with the changed
velocity (`tests/pushes.py`); its own errors stay in it. What publishers add is not imitated: their
first set after a burn often leans on tracking from before it.

Recall is the share of pushes found. Doubtful are the flags of the untouched series that weather may
explain, those of less than 5 cm/s along the track; the larger ones were reviewed one by one and are
burns. Geostationary satellites are kept in place every few days, so that none of their flags can be
called false. Precision counts the doubtful as false, for an object that manoeuvres once in the time
of `PAIRS_PER_PUSH` sets, two weeks or so.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from fit_ageing import of_regime, series_in

from sattrack.elements import ElementSet
from sattrack.orbits.manoeuvres import Manoeuvre, find_manoeuvre, find_manoeuvres, usual_jump
from sattrack.orbits.regimes import Regime

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from pushes import pushed

BINS_M_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
PAIRS_PER_PUSH = 30
GAPS = (timedelta(hours=1), timedelta(days=3))
SEED = 20261124


def calm_pairs(
    sets: list[ElementSet], flagged: tuple[Manoeuvre, ...]
) -> list[tuple[ElementSet, ElementSet]]:
    shortest, longest = GAPS
    return [
        (old, new)
        for old, new in pairwise(sets)
        if shortest <= new.epoch - old.epoch <= longest
        and not any(old.epoch < item.before and item.after < new.epoch for item in flagged)
    ]


def is_doubtful(manoeuvre: Manoeuvre) -> bool:
    return abs(manoeuvre.tangential_m_s) < 0.05


def main() -> None:
    series = series_in(Path(sys.argv[1]))
    random = np.random.default_rng(SEED)
    for regime in Regime:
        found: dict[tuple[str, int, str], list[bool]] = defaultdict(list)
        errors: list[float] = []
        flags = doubtful = pairs = unsolved = 0
        for sets in of_regime(series, regime).values():
            flagged = find_manoeuvres(sets)
            usual = usual_jump(sets)
            calm = calm_pairs(sets, flagged)
            flags += len(flagged)
            doubtful += sum(map(is_doubtful, flagged))
            pairs += len(calm)
            for old, new in calm:
                for k, (least, most) in enumerate(pairwise(BINS_M_S)):
                    for way in ("tangential", "normal"):
                        size = random.uniform(least, most) * random.choice((-1.0, 1.0))
                        at = old.epoch + random.uniform() * (new.epoch - old.epoch)
                        try:
                            after = pushed(new, at, **{f"{way}_m_s": size})
                        except ArithmeticError:
                            unsolved += 1
                            continue
                        hit = find_manoeuvre(old, after, usual)
                        found[way, k, "own"].append(hit is not None)
                        alone = find_manoeuvre(old, after)
                        found[way, k, "alone"].append(alone is not None)
                        if hit is not None and way == "tangential":
                            errors.append(abs(hit.tangential_m_s - size))
        false = doubtful / (pairs + flags)
        print(
            f"{regime}: {pairs} calm pairs; {flags} flags untouched, {doubtful} doubtful;", end=""
        )
        print(f" {unsolved} pushes unsolved;", end="")
        print(f" median error of the tangential push found {np.median(errors):.4f} m/s")
        for way in ("tangential", "normal"):
            for k, (least, most) in enumerate(pairwise(BINS_M_S)):
                recall = float(np.mean(found[way, k, "own"]))
                alone = float(np.mean(found[way, k, "alone"]))
                line = f"  {way:10} {least:4.2f} to {most:4.2f} m/s: recall {recall:4.0%}"
                line += f", without its history {alone:4.0%}"
                if regime != Regime.geosynchronous:
                    line += f", precision {recall / (recall + PAIRS_PER_PUSH * false):4.0%}"
                print(line)


if __name__ == "__main__":
    main()
