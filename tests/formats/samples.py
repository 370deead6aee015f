"""Documents to read: real excerpts, and one record to spoil."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
GP_CSV = (DATA / "gp_excerpt.csv").read_bytes()
GP_TLE = (DATA / "gp_excerpt.tle").read_bytes()

KEYWORDS = (
    "OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION,ECCENTRICITY,INCLINATION,RA_OF_ASC_NODE,"
    "ARG_OF_PERICENTER,MEAN_ANOMALY,EPHEMERIS_TYPE,CLASSIFICATION_TYPE,NORAD_CAT_ID,"
    "ELEMENT_SET_NO,REV_AT_EPOCH,BSTAR,MEAN_MOTION_DOT,MEAN_MOTION_DDOT"
)

# CelesTrak GP data, 2026-07-10.
ISS_ROW = (
    "ISS (ZARYA),1998-067A,2026-07-10T03:41:07.908864,15.48965714,.00066838,51.6302,186.4276,"
    "277.8890,82.1339,0,U,25544,999,57531,.11035045E-3,.5628E-4,0"
)
GK2A_ROW = (
    "GEO-KOMPSAT-2A,2018-100A,2026-07-10T07:22:20.783136,1.00272278,.00020036,0.0246,125.7009,"
    "334.7747,66.6073,0,U,43823,999,2786,0,-.333E-5,0"
)
ISS = dict(zip(KEYWORDS.split(","), ISS_ROW.split(","), strict=True))
GK2A = dict(zip(KEYWORDS.split(","), GK2A_ROW.split(","), strict=True))

# CelesTrak GP data, 2025-09-12.
ISS_TLE = (
    "1 25544U 98067A   25255.80472925  .00007227  00000+0  13327-3 0  9992",
    "2 25544  51.6331 232.7995 0004300 332.1645  27.9114 15.50259265528750",
)
GK2A_TLE = (
    "1 43823U 18100A   25255.89801281 -.00000351  00000+0  00000+0 0  9994",
    "2 43823   0.0429 359.2683 0001704 127.2812 317.1265  1.00273572 24848",
)


def csv_document(*records: dict[str, str]) -> bytes:
    """Return OMM as CSV with the columns of the first record."""
    lines = [",".join(records[0]), *(",".join(record.values()) for record in records)]
    return "\n".join(lines).encode() + b"\n"


def json_document(*records: dict[str, Any]) -> bytes:
    """Return OMM as JSON, one object a line, values as given."""
    return ("[" + ",\n".join(json.dumps(record) for record in records) + "]").encode()


def tle_document(*lines: str) -> bytes:
    """Return lines as CelesTrak ends them."""
    return "".join(f"{line}\r\n" for line in lines).encode()


def with_checksum(line: str) -> str:
    """Return a TLE line whose last column agrees with the others."""
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68])
    return f"{line[:68]}{total % 10}"
