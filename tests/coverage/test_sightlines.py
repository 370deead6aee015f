"""The curves of imaging access: their derivatives, their bends, and what their search finds."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orbitlike import EPOCH, element_sets, places

from sattrack.coverage.imaging import Limits, find_accesses
from sattrack.coverage.sightlines import Daylight, Elevation, OffNadir, Scene, Side
from sattrack.elements import ElementSet
from sattrack.errors import NoOrbitError
from sattrack.orbits import Sgp4
from sattrack.orbits.dense import Dense
from sattrack.orbits.sun import sun_itrf
from sattrack.passes import find_passes
from sattrack.places import Place
from sattrack.times import Span
from sattrack.times.scale import Clock
from sattrack.tracking.ephemerides import bodies

WINDOW_S = 40_000.0
# Differences of values good to 1e-9 km, over a second.
NOISE = 1e-7

curves = st.sampled_from(
    [
        lambda scene: Elevation(scene, math.radians(45.0)),
        lambda scene: Elevation(scene, math.radians(70.0), below=True),
        lambda scene: Elevation(scene, 0.0),
        lambda scene: OffNadir(scene, math.radians(30.0)),
        lambda scene: OffNadir(scene, math.radians(2.0)),
        lambda scene: Side(scene, right=True),
        lambda scene: Daylight(scene, math.radians(10.0)),
    ]
)


def scene_of(elements: ElementSet, place: Place) -> Scene | None:
    clock = Clock(EPOCH)
    try:
        path = Dense.of(Sgp4(elements), clock, WINDOW_S)
    except NoOrbitError:
        return None
    sun = Dense(lambda seconds: sun_itrf(bodies(), clock, seconds)[0], WINDOW_S, 1200.0)
    return Scene(path, sun, [place], WINDOW_S)


@settings(max_examples=60)
@given(elements=element_sets(), place=places, curve=curves, share=st.floats(0.05, 1.0))
def test_no_curve_bends_more_than_it_says(elements, place, curve, share) -> None:
    scene = scene_of(elements, place)
    if scene is None:
        return
    found = curve(scene)
    step_s = share * scene.path.step_s
    left_s = np.linspace(5.0, WINDOW_S - step_s - 5.0, 400)
    downward, upward = found.bend(
        found.sample(left_s), found.sample(left_s + step_s), np.full(400, step_s)
    )
    for part in np.linspace(0.0, 1.0, 9):
        middle = left_s + part * step_s
        h = min(1.0, step_s / 50.0)
        before, here, after = (found.sample(middle + s)[0] for s in (-h, 0.0, h))
        bend = (before - 2.0 * here + after) / (h * h)
        noise = NOISE / (h * h) if not isinstance(found, Daylight) else 1e-13 / (h * h)
        assert (bend <= upward + noise).all()
        assert (-bend <= downward + noise).all()


@settings(max_examples=60)
@given(elements=element_sets(), place=places, curve=curves)
def test_slopes_are_derivatives(elements, place, curve) -> None:
    scene = scene_of(elements, place)
    if scene is None:
        return
    found = curve(scene)
    seconds = np.linspace(1.0, WINDOW_S - 1.0, 300)
    h = 0.05
    earlier, later = found.sample(seconds - h)[0], found.sample(seconds + h)[0]
    slope = found.sample(seconds)[1]
    scale = 1e-9 if isinstance(found, Daylight) else 2e-6
    assert slope == pytest.approx((later - earlier) / (2.0 * h), abs=scale, rel=1e-4)


@settings(max_examples=60)
@given(
    elements=element_sets(),
    place=places,
    most_deg=st.sampled_from([20.0, 45.0, 60.0, 85.0, 90.0]),
    days=st.sampled_from([0.01, 0.5, 2.0]),
)
def test_incidence_alone_is_a_pass_for_every_orbit(elements, place, most_deg, days) -> None:
    # The pass search proves its bends by other bounds, step by step, and interpolates nothing.
    span = Span.from_days(EPOCH, days)
    try:
        orbit = Sgp4(elements)
        passes = find_passes(orbit, place, span, 90.0 - most_deg)
        search = find_accesses(
            orbit, [place], span, Limits(incidence_deg=(0.0, most_deg)), bodies()
        )
    except NoOrbitError:
        return
    (accesses,) = search.accesses
    assert (search.ending is None) == (passes.ending is None)
    # Where one grazes the cone within 0.1 m, or for a millisecond, the other may leave it out.
    blink = timedelta(seconds=2.0)
    mine = [a for a in accesses if a.last.time - a.first.time > blink]
    theirs = [p for p in passes.passes if p.last.time - p.first.time > blink]
    assert len(mine) == len(theirs)
    for access, pass_ in zip(mine, theirs, strict=True):
        assert access.open_start == pass_.open_start
        assert access.open_end == pass_.open_end
        for one, other in ((access.first, pass_.first), (access.last, pass_.last)):
            assert abs(one.time - other.time) < timedelta(milliseconds=10)
