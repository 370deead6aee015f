"""The ephemerides that ship with the catalog: Sun, Moon and Earth, how the Moon turns, Danuri."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from importlib.resources.abc import Traversable

from sattrack.catalog.reading import catalog_root
from sattrack.elements import MOON_NAIF_ID, OsculatingTable

_DANURI_GM_KM3_S2 = 4902.8001184575487
_DANURI_ERROR_KM = 5.0
DANURI_NAIF_ID = -155
DANURI_RETRIEVED_AT = datetime(2026, 10, 7, tzinfo=UTC)


def solar_system_kernel() -> Traversable:
    """Return the SPK file of Sun, Moon and Earth, 2000 to 2050."""
    return _shipped("de440_2000_2050.bsp")


def moon_frame_kernels() -> tuple[Traversable, Traversable]:
    """Return the files that define the Moon's frames: text, and binary from 2000 to 2050."""
    return _shipped("moon_de421.tf"), _shipped("moon_pa_de421_2000_2050.bpc")


def danuri_elements() -> OsculatingTable:
    """Return Danuri's osculating elements of each day from 2026-09-05 to 2027-04-01."""
    import numpy as np

    with _shipped("danuri_daily_elements.csv").open(encoding="ascii") as file:
        header, *rows = csv.reader(file)
    numbers = np.array(rows, dtype=np.float64).T
    columns = dict(zip(header, numbers, strict=True))
    return OsculatingTable(
        object_name="Danuri",
        naif_id=DANURI_NAIF_ID,
        centre_naif_id=MOON_NAIF_ID,
        gm_km3_s2=_DANURI_GM_KM3_S2,
        jd_tdb=columns["jd_tdb"],
        semi_major_axis_km=columns["A_km"],
        eccentricity=columns["EC"],
        inclination_deg=columns["IN_deg"],
        node_deg=columns["OM_deg"],
        argument_of_periapsis_deg=columns["W_deg"],
        mean_anomaly_deg=columns["MA_deg"],
        source="the embedded table of daily elements",
        error_km=_DANURI_ERROR_KM,
        retrieved_at=DANURI_RETRIEVED_AT,
        data_until=datetime(2026, 9, 29, tzinfo=UTC),
    )


def _shipped(name: str) -> Traversable:
    return catalog_root() / "ephemeris" / name
