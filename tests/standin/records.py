"""Real element sets for the stand-in, and what publishers make of them.

The sets are those embedded in sattrack (CelesTrak GP data, 2026-10), with epochs moved to any
instant: what is tested here is who asks what and when, not where satellites are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

SNAPSHOT = Path(__file__).parents[2] / "catalog" / "snapshot" / "gp.csv"

Row = dict[str, str]


def snapshot() -> list[Row]:
    with SNAPSHOT.open(newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: int(row["NORAD_CAT_ID"]))


def at_epoch(row: Row, epoch: datetime) -> Row:
    """The same orbit with another epoch, spread over the hour before by catalog number."""
    spread = timedelta(seconds=int(row["NORAD_CAT_ID"]) % 3600)
    return {**row, "EPOCH": (epoch - spread).strftime("%Y-%m-%dT%H:%M:%S.%f")}


def csv_text(rows: Iterable[Row]) -> bytes:
    rows = list(rows)
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
