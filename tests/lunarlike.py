"""Lunar orbits for tests: the shipped kernels, Danuri, the integrated orbit, and invented ones."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from sattrack.elements import OsculatingTable, StateTable
from sattrack.orbits.osculating import Osculating
from sattrack.orbits.tabulated import GM_MOON_KM3_S2, Hermite, Tabulated
from sattrack.places import Place
from sattrack.tracking.ephemerides import bodies, embedded_danuri, moon_frames

GOLDEN = Path(__file__).parent / "golden"
J2000_JD = 2451545.0
DAY_S = 86400.0
# Korea Deep Space Antenna, Yeoju.
KDSA = Place("KDSA", 37.20723347, 127.62181206, 144.95)


danuri, frames = embedded_danuri, moon_frames


@lru_cache(maxsize=1)
def _mascon_nodes() -> tuple[np.ndarray, float]:
    content = json.loads((GOLDEN / "mascon_orbit.json").read_text())
    return np.array(content["nodes"]).T, content["node_step_s"]


def mascon_orbit(start_tdb_s: float) -> Tabulated:
    """The integrated orbit of 60 km, taken to start at an instant, TDB seconds past J2000."""
    nodes, step_s = _mascon_nodes()
    days, rest_s = divmod(start_tdb_s, DAY_S)
    table = StateTable(
        object_name="Probe",
        naif_id=-999,
        centre_naif_id=301,
        start_jd_tdb=J2000_JD + days,
        seconds=rest_s + np.arange(nodes.shape[1]) * step_s,
        position_km=nodes[:3],
        velocity_km_s=nodes[3:],
        source="an integration",
    )
    return Tabulated(Hermite(table), bodies())


def kepler_orbit(
    axis_km: float,
    eccentricity: float,
    inclination_deg: float,
    node_deg: float,
    argument_deg: float,
    anomaly_deg: float,
    start_jd_tdb: float = 2461367.5,
    days: int = 4,
) -> Tabulated:
    """An orbit of two bodies about the Moon; its elements are those of each midnight."""
    jd_tdb = start_jd_tdb + np.arange(days + 1)
    rate_deg_day = np.degrees(np.sqrt(GM_MOON_KM3_S2 / axis_km**3)) * DAY_S

    def constant(value: float) -> np.ndarray:
        return np.full(days + 1, value)

    table = OsculatingTable(
        object_name="Probe",
        naif_id=-998,
        centre_naif_id=301,
        gm_km3_s2=GM_MOON_KM3_S2,
        jd_tdb=jd_tdb,
        semi_major_axis_km=constant(axis_km),
        eccentricity=constant(eccentricity),
        inclination_deg=constant(inclination_deg),
        node_deg=constant(node_deg),
        argument_of_periapsis_deg=constant(argument_deg),
        mean_anomaly_deg=(anomaly_deg + rate_deg_day * np.arange(days + 1)) % 360.0,
        source="two bodies",
        error_km=1.0,
    )
    return Tabulated(Osculating(table), bodies())


@st.composite
def lunar_orbits(draw: st.DrawFn) -> Tabulated:
    perilune_km = 1737.4 + draw(st.sampled_from([15.0, 50.0, 100.0, 300.0, 2000.0]))
    eccentricity = draw(st.sampled_from([0.0, 0.01, 0.04, 0.3, 0.6]))
    angles = [draw(st.floats(0.0, 360.0)) for _ in range(3)]
    inclination_deg = draw(st.floats(0.0, 179.0))
    return kepler_orbit(perilune_km / (1.0 - eccentricity), eccentricity, inclination_deg, *angles)
