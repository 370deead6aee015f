"""Daily figures of geosynchronous craft against means of Skyfield's own positions."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from skyfield.api import wgs84

from sattrack.elements import NominalOrbit
from sattrack.orbits import Nominal
from sattrack.orbits.figure import SIDEREAL_DAY_S, daily_figure
from sattrack.orbits.slot import Slot
from sattrack.times.scale import Clock, timescale
from sattrack.tracking import Tracker

# Means over one turn and least squares over two differ by how the drift itself changes.
DRIFT_DEG_DAY = 3e-4


def craft(name: str):
    (tracked,) = Tracker.open().orbits(name, at=datetime(2026, 10, 1, tzinfo=UTC))
    return tracked.orbit


@pytest.mark.parametrize("name", ["gk-2b", "gk-2a", "is-40e", "mtg-s1", "qzs-2", "qzs-3"])
def test_longitude_drift_and_figure_against_skyfield(name):
    orbit = craft(name)
    start = orbit.elements.epoch + timedelta(hours=3)
    found = daily_figure(orbit, Clock(start), 0.0)
    # An independent way: each turn's mean of Skyfield's sub-points, evenly sampled.
    steps = 600
    t0 = timescale().from_datetime(start)
    seconds = (np.arange(2 * steps) + 0.5) * (SIDEREAL_DAY_S / steps)
    t = timescale().tt_jd(t0.whole, t0.tt_fraction + seconds / 86400.0)
    place = orbit.at(t)
    beneath = wgs84.geographic_position_of(place)
    longitude = np.unwrap(beneath.longitude.radians)
    first, second = np.degrees([longitude[:steps].mean(), longitude[steps:].mean()])
    drift = (second - first) * 86400.0 / SIDEREAL_DAY_S
    assert found.drift_deg_day == pytest.approx(drift, abs=DRIFT_DEG_DAY)
    apart = (found.longitude_deg - (first + second) / 2.0 + 180.0) % 360.0 - 180.0
    assert abs(apart) < DRIFT_DEG_DAY
    radius = place.distance().km
    assert found.eccentricity == pytest.approx(np.ptp(radius) / (radius.max() + radius.min()), 1e-3)
    # Within its mean plane, to what Sun and Moon move it in two days, and polar motion.
    equatorial = np.cross(place.position.km, place.velocity.km_per_s, axis=0)
    pole = np.array([m @ [0.0, 0.0, 1.0] for m in np.moveaxis(t.M.transpose(1, 0, 2), -1, 0)]).T
    cosine = (equatorial * pole).sum(axis=0) / np.linalg.norm(equatorial, axis=0)
    assert found.inclination_deg == pytest.approx(np.degrees(np.arccos(cosine)).mean(), abs=2e-3)
    # It swings as far north as its plane is inclined, and as far east as 2e, at least.
    assert found.north_south_deg == pytest.approx(found.inclination_deg, abs=0.01)
    if found.inclination_deg < 1.0:
        assert found.east_west_deg == pytest.approx(np.degrees(2.0 * found.eccentricity), abs=2e-3)


def test_a_slot_neither_drifts_nor_swings():
    found = daily_figure(Slot(-91.0), Clock(datetime(2027, 3, 1, tzinfo=UTC)), 5000.0)
    assert found.longitude_deg == pytest.approx(-91.0, abs=1e-9)
    assert abs(found.drift_deg_day) < 1e-9
    assert max(found.east_west_deg, found.north_south_deg, found.eccentricity) < 1e-9


def test_a_kept_track_does_not_drift_and_crosses_the_date_line():
    elements = NominalOrbit(
        datetime(2027, 3, 1, tzinfo=UTC), 42164.17, 0.075, 41.0, 100.0, 270.0, 0.0,
        station_kept=True,
    )  # fmt: skip
    orbit = Nominal(elements)
    clock = Clock(elements.epoch)
    found = daily_figure(orbit, clock, 0.0)
    assert abs(found.drift_deg_day) < 1e-3
    assert found.inclination_deg == pytest.approx(41.0, abs=0.02)
    assert found.north_south_deg == pytest.approx(41.0, abs=0.05)
    assert found.eccentricity == pytest.approx(0.075, abs=1e-5)
