"""Hypothesis strategies for orbits as they are flown, and for places, masks and windows."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from sattrack.elements import ElementSet, NominalOrbit
from sattrack.orbits.earth import EARTH_RADIUS_KM, GM_EARTH_KM3_S2
from sattrack.places import Place

EPOCH = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def mean_motion_rev_day(semi_major_axis_km: float) -> float:
    return math.sqrt(GM_EARTH_KM3_S2 / semi_major_axis_km**3) * 86400.0 / (2.0 * math.pi)


# To a ten-thousandth of a degree, as they are published.
angles = st.integers(0, 3_599_999).map(lambda n: n / 10_000.0)


# At 180 degrees SGP4 divides by the 1.5e-12 that it puts in place of 1 + cos i, and its orbit jumps
# by kilometres; nothing flies beyond 162.
inclinations = st.floats(0.0, 175.0)


@st.composite
def shapes(draw: st.DrawFn) -> tuple[float, float, float]:
    """Semi-major axis, km, eccentricity and inclination, degrees, of a class of orbits."""
    kind = draw(st.sampled_from(["leo", "sso", "meo", "molniya", "gto", "igso", "geo", "any"]))
    perigee_km = EARTH_RADIUS_KM + draw(st.floats(130.0, 1200.0))
    match kind:
        case "leo":
            return perigee_km, draw(st.floats(0.0, 0.005)), draw(inclinations)
        case "sso":
            return perigee_km, draw(st.floats(0.0, 0.002)), draw(st.floats(96.0, 100.0))
        case "meo":
            return draw(st.floats(12000.0, 30000.0)), draw(st.floats(0.0, 0.05)), 55.0
        case "molniya":
            return 26600.0, draw(st.floats(0.6, 0.73)), draw(st.floats(60.0, 65.0))
        case "gto":
            apogee_km = EARTH_RADIUS_KM + draw(st.floats(5000.0, 60000.0))
            a_km = (perigee_km + apogee_km) / 2.0
            return a_km, 1.0 - perigee_km / a_km, draw(st.floats(0.0, 70.0))
        case "igso":
            return 42164.17, draw(st.floats(0.0, 0.3)), draw(st.floats(5.0, 70.0))
        case "geo":
            return 42164.17, draw(st.floats(0.0, 0.0005)), draw(st.floats(0.0, 0.1))
        case _:
            a_km = draw(st.floats(7000.0, 60000.0))
            return a_km, draw(st.floats(0.0, 1.0 - 6650.0 / a_km)), draw(inclinations)


@st.composite
def element_sets(draw: st.DrawFn) -> ElementSet:
    a_km, eccentricity, inclination_deg = draw(shapes())
    inclination_deg = round(inclination_deg, 4)
    return ElementSet(
        norad_id=99999,
        epoch=EPOCH + timedelta(seconds=draw(st.floats(0.0, 86400.0))),
        mean_motion_rev_day=mean_motion_rev_day(a_km),
        eccentricity=eccentricity,
        inclination_deg=inclination_deg,
        raan_deg=draw(angles),
        argument_of_perigee_deg=draw(angles),
        mean_anomaly_deg=draw(angles),
        bstar_per_earth_radius=draw(st.sampled_from([0.0, 1e-5, 3e-4])),
    )


@st.composite
def nominal_orbits(draw: st.DrawFn) -> NominalOrbit:
    a_km, eccentricity, inclination_deg = draw(shapes())
    return NominalOrbit(
        epoch=EPOCH,
        semi_major_axis_km=a_km,
        eccentricity=eccentricity,
        inclination_deg=inclination_deg,
        raan_deg=draw(angles),
        argument_of_perigee_deg=draw(angles),
        mean_anomaly_deg=draw(angles),
    )


latitudes = st.one_of(st.sampled_from([-90.0, 0.0, 90.0]), st.floats(-90.0, 90.0))
longitudes = st.one_of(st.sampled_from([-180.0, 0.0, 179.9999]), st.floats(-180.0, 180.0))
places = st.builds(
    Place,
    st.just("here"),
    latitudes,
    longitudes,
    st.sampled_from([0.0, 0.0, -400.0, 3600.0, 60_000.0]),
)
masks_deg = st.one_of(st.sampled_from([-10.0, 0.0, 5.0, 10.0, 30.0, 89.0]), st.floats(-10.0, 89.0))
window_days = st.sampled_from([1.0 / 1440.0, 0.1, 0.5, 1.0, 2.0])
window_starts = st.floats(-86400.0, 3.0 * 86400.0).map(
    lambda seconds: EPOCH + timedelta(seconds=seconds)
)
