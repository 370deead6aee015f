"""Manoeuvres: pushes of known size are found and measured, and calm series stay calm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pushes import pushed

from sattrack.elements import ElementSet
from sattrack.formats import read_element_sets
from sattrack.orbits.manoeuvres import (
    UsualJump,
    find_manoeuvre,
    find_manoeuvres,
    jump_between,
    usual_jump,
    usual_jump_of,
)
from sattrack.orbits.regimes import Regime, regime_of

SERIES = Path(__file__).parent / "data/series"
QUIET = (
    "NEONSAT-1",
    "CSS-TIANHE",
    "KOMPSAT-2",
    "KOMPSAT-7",
    "CAS500-3",
    "GPS-BIIR-13",
    "GPS-BIII-6",
)

# Found by `benchmarks/measure_manoeuvres.py` on the whole series, less what a few dozen pushes may
# miss by chance: recall of pushes from 0.05, 0.1, 0.2, 0.5, 1 and 2 m/s up to the next.
FLOORS = {
    (Regime.low, "tangential"): (0.80, 0.90, 0.95, 1.0, 1.0, 1.0),
    (Regime.low, "normal"): (0.0, 0.3, 0.4, 0.9, 1.0, 1.0),
    (Regime.middle, "tangential"): (0.95, 1.0, 1.0, 1.0, 1.0, 1.0),
    (Regime.middle, "normal"): (0.0, 0.2, 0.4, 0.8, 1.0, 1.0),
    (Regime.medium, "tangential"): (1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    (Regime.medium, "normal"): (0.5, 0.8, 1.0, 1.0, 1.0, 1.0),
    (Regime.geosynchronous, "tangential"): (1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    (Regime.geosynchronous, "normal"): (0.0, 0.0, 0.1, 0.7, 0.95, 1.0),
}
SIZES_M_S = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


def series(name: str) -> list[ElementSet]:
    (path,) = SERIES.glob(f"*_{name}.tle")
    return sorted(read_element_sets(path.read_bytes()).sets, key=lambda item: item.epoch)


def names() -> list[str]:
    return sorted(path.stem.partition("_")[2] for path in SERIES.glob("*.tle"))


@pytest.mark.parametrize(
    ("name", "size_m_s"),
    [("KORSAT-1", 0.1), ("KORSAT-1", -3.0), ("ISS", 5.0), ("GPS-BIII-6", 0.5), ("GK-2B", -0.2)],
)
def test_a_push_added_to_the_velocity_is_measured(name, size_m_s):
    # The reference is python-sgp4 solved for the pushed state; Gauss's equations are the method.
    old, new = series(name)[3:5]
    at = old.epoch + (new.epoch - old.epoch) / 3
    before = jump_between(old, new)
    along = jump_between(old, pushed(new, at, tangential_m_s=size_m_s))
    # Squares of e and of dv / v, and what J2 does to both, are left out of the equations.
    assert along.tangential_m_s - before.tangential_m_s == pytest.approx(size_m_s, rel=0.005)
    drift_s = along.late_s - before.late_s
    drifting_s = drift_s / (3.0 * size_m_s / along.speed_m_s)
    assert drifting_s == pytest.approx((new.epoch - at).total_seconds(), rel=0.1, abs=600.0)
    across = jump_between(old, pushed(new, at, normal_m_s=size_m_s))
    # Tilts add as vectors: what was there before may point anywhere.
    assert abs(across.normal_m_s - abs(size_m_s)) <= 1.05 * before.normal_m_s + 0.05 * abs(size_m_s)
    assert abs(across.tangential_m_s - before.tangential_m_s) < 0.01 * abs(size_m_s)


def test_when_it_was_pushed_is_told():
    old, new = series("CAS500-3")[10:12]
    at = old.epoch + 0.6 * (new.epoch - old.epoch)
    found = find_manoeuvre(old, pushed(new, at, tangential_m_s=1.0), usual_jump(series("CAS500-3")))
    assert found is not None
    assert (found.after, found.before) == (old.epoch, new.epoch)
    assert abs(found.estimated_at - at) < timedelta(minutes=20)
    assert found.late_s > 0.0  # a higher orbit is a slower one
    assert found.norad_id == new.norad_id


def test_known_manoeuvres_are_found_and_nothing_else():
    iss = find_manoeuvres(series("ISS"))
    assert [f"{item.before:%Y-%m-%d}" for item in iss] == ["2025-09-25", "2025-09-26"]
    assert [item.tangential_m_s for item in iss] == pytest.approx([0.549, 1.631], abs=0.01)
    assert all(item.after < item.estimated_at < item.before for item in iss)
    cas = find_manoeuvres(item for item in series("CAS500-1") if item.epoch.year == 2026)
    assert [f"{item.before:%m-%d}" for item in cas] == ["07-07", "07-14", "07-21"]
    assert all(0.08 < item.tangential_m_s < 0.16 for item in cas)
    launched = find_manoeuvres(series("CAS500-2"))
    assert [round(item.tangential_m_s, 1) for item in launched] == [2.0, -0.7]
    lifted = find_manoeuvres(series("KORSAT-1"))
    assert [round(item.tangential_m_s, 2) for item in lifted] == [0.24, 0.16]
    for name in QUIET:
        assert find_manoeuvres(series(name)) == (), name


def test_geostationary_satellites_are_kept_in_place_every_few_days():
    for name in ("GK-2A", "GK-2B"):
        sets = [item for item in series(name) if item.epoch.month == 7]
        found = find_manoeuvres(sets)
        days = (sets[-1].epoch - sets[0].epoch) / timedelta(days=1)
        assert 2.0 < days / len(found) < 7.0
        # Inclination costs some 50 m/s a year, a burn a week or two.
        assert max(item.normal_m_s for item in found) > 1.0


def test_recall_on_pushes_added_to_the_real_series():
    random = np.random.default_rng(20261124)
    hits: dict[tuple[Regime, str], list[list[bool]]] = {
        key: [[] for _ in SIZES_M_S[1:]] for key in FLOORS
    }
    for name in names():
        sets = series(name)
        flagged, usual = find_manoeuvres(sets), usual_jump(sets)
        for old, new in list(pairwise(sets))[::6]:
            if not timedelta(hours=1) <= new.epoch - old.epoch <= timedelta(days=3):
                continue
            if any(old.epoch < item.before and item.after < new.epoch for item in flagged):
                continue
            for k, (least, most) in enumerate(pairwise(SIZES_M_S)):
                for way in ("tangential", "normal"):
                    size = random.uniform(least, most) * random.choice((-1.0, 1.0))
                    at = old.epoch + random.uniform() * (new.epoch - old.epoch)
                    try:
                        after = pushed(new, at, **{f"{way}_m_s": size})
                    except ArithmeticError:
                        continue  # SGP4 has no elements for some states near the equator
                    hit = find_manoeuvre(old, after, usual)
                    hits[regime_of(new), way][k].append(hit is not None)
    for key, floors in FLOORS.items():
        for floor, found in zip(floors, hits[key], strict=True):
            assert len(found) >= 8
            assert np.mean(found) >= floor, (key, [np.mean(one) for one in hits[key]])


def test_a_bad_set_is_no_manoeuvre():
    sets = series("CAS500-3")
    # There and back within half a day: no spacecraft does that.
    k = next(k for k in range(5, 50) if sets[k + 1].epoch - sets[k - 1].epoch < timedelta(days=1.4))
    bad = replace(sets[k], mean_motion_rev_day=sets[k].mean_motion_rev_day * 1.0001)
    assert find_manoeuvre(sets[k - 1], bad) is not None
    assert find_manoeuvres([*sets[:k], bad, *sets[k + 1 :]]) == ()


def test_a_burn_seen_in_two_steps_is_one_manoeuvre():
    sets = series("CAS500-3")
    k = next(k for k in range(5, 50) if sets[k + 1].epoch - sets[k - 1].epoch < timedelta(days=1.4))
    at = sets[k - 1].epoch + timedelta(minutes=30)
    halves = pushed(sets[k], at, tangential_m_s=0.4)
    later = [pushed(item, at, tangential_m_s=1.0) for item in sets[k + 1 :]]
    (found,) = find_manoeuvres([*sets[:k], halves, *later])
    assert found.tangential_m_s == pytest.approx(1.0, abs=0.02)
    assert (found.after, found.before) == (sets[k - 1].epoch, sets[k + 1].epoch)


def test_order_and_repetition_of_the_sets_do_not_matter():
    sets = series("ISS")
    again = [replace(item, epoch=item.epoch + timedelta(milliseconds=1)) for item in sets[::7]]
    found = find_manoeuvres(sets)
    assert find_manoeuvres(reversed(sets)) == found
    assert [round(item.tangential_m_s, 2) for item in find_manoeuvres([*sets, *again])] == [
        round(item.tangential_m_s, 2) for item in found
    ]


def test_without_enough_sets_the_kind_of_orbit_decides():
    sets = series("CAS500-3")
    assert usual_jump(sets[:3]) == usual_jump_of(Regime.middle)
    assert usual_jump([]) == usual_jump_of(Regime.middle)
    own = usual_jump(sets)
    assert own.normal_m_s < usual_jump_of(Regime.middle).normal_m_s
    assert own.daily_drag_m_s > 0.0


def test_what_cannot_be_compared_is_no_manoeuvre():
    sets = series("ISS")
    old, new = sets[0], sets[1]
    assert jump_between(new, old) is None
    assert jump_between(old, old) is None
    far = replace(pushed(new, old.epoch, 5.0), epoch=old.epoch + timedelta(days=11))
    assert find_manoeuvre(old, far) is None
    broken = replace(new, eccentricity=0.9)
    assert jump_between(old, broken) is None
    assert find_manoeuvre(old, broken) is None
    falling = replace(old, bstar_per_earth_radius=0.5)
    assert jump_between(falling, sets[20]) is None
    assert find_manoeuvres([]) == ()
    assert find_manoeuvres([old]) == ()


def test_significance_is_told_in_units_of_what_passes_for_an_accident():
    old, new = series("CAS500-3")[10:12]
    at = old.epoch + 0.5 * (new.epoch - old.epoch)
    usual = UsualJump(0.1, 0.0, 1000.0)
    found = find_manoeuvre(old, pushed(new, at, tangential_m_s=4.0), usual)
    assert found.significance == pytest.approx(4.0 / 0.1 / 8.0, rel=0.01)
    assert find_manoeuvre(old, pushed(new, at, tangential_m_s=0.75), usual) is None
    # Too small to speak of, however quiet the object.
    quiet = UsualJump(1e-5, 0.0, 1000.0)
    assert find_manoeuvre(old, pushed(new, at, tangential_m_s=0.015), quiet) is None
    assert find_manoeuvre(old, pushed(new, at, tangential_m_s=0.025), quiet) is not None
