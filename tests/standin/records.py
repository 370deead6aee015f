"""Real element sets for the stand-in, and what publishers make of them.

The sets are those embedded in sattrack (CelesTrak GP data, 2026-10), with epochs moved to any
instant: what is tested here is who asks what and when, not where satellites are.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

SNAPSHOT = Path(__file__).parents[2] / "catalog" / "snapshot" / "gp.csv"

# WGS 72, as SGP4 has it.
GM_KM3_S2 = 398600.8
EARTH_RADIUS_KM = 6378.135
J2 = 0.001082616

Row = dict[str, str]


def snapshot() -> list[Row]:
    with SNAPSHOT.open(newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: int(row["NORAD_CAT_ID"]))


def at_epoch(row: Row, epoch: datetime) -> Row:
    """The same orbit at another epoch, spread over the hour before by catalog number.

    It turns as J2 turns it (Vallado, Fundamentals of Astrodynamics and Applications, 9.6), so that
    one set follows from another; there is no drag. What J2 does to the mean anomaly is part of
    the mean motion of an element set, which is Kozai's.
    """
    epoch -= timedelta(seconds=int(row["NORAD_CAT_ID"]) % 3600)
    days = (epoch - datetime.fromisoformat(row["EPOCH"]).replace(tzinfo=UTC)) / timedelta(days=1)
    motion, e = float(row["MEAN_MOTION"]), float(row["ECCENTRICITY"])
    cosine = math.cos(math.radians(float(row["INCLINATION"])))
    rate = motion * math.tau / 86400.0
    axis = (GM_KM3_S2 / rate**2) ** (1.0 / 3.0)
    turn = 1.5 * J2 * (EARTH_RADIUS_KM / (axis * (1.0 - e * e))) ** 2 * motion * 360.0 * days
    moved = {
        "RA_OF_ASC_NODE": -turn * cosine,
        "ARG_OF_PERICENTER": turn * (2.0 - 2.5 * (1.0 - cosine * cosine)),
        "MEAN_ANOMALY": motion * 360.0 * days,
    }
    angles = {key: f"{(float(row[key]) + by) % 360.0:.4f}" for key, by in moved.items()}
    still = {"MEAN_MOTION_DOT": "0", "MEAN_MOTION_DDOT": "0", "BSTAR": "0"}
    return {**row, **still, **angles, "EPOCH": epoch.strftime("%Y-%m-%dT%H:%M:%S.%f")}


def csv_text(rows: Iterable[Row]) -> bytes:
    rows = list(rows)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
