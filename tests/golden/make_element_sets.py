"""Write element_sets.tle from CelesTrak GP data in CSV: the orbits that the golden files share.

    python make_element_sets.py GP.csv [MORE.csv ...] > element_sets.tle

A two-line set is the carrier because every program reads it alike. Its columns hold fewer digits
than a CSV may (eccentricity 7, B* 5): what the CSV holds beyond them is dropped here, once, and
told on standard error. Needs sgp4 2.27.
"""

from __future__ import annotations

import csv
import sys

from sgp4 import omm
from sgp4.api import Satrec
from sgp4.exporter import export_tle

# The first file that holds the object, in the order named, supplies it.
WANTED = {
    25544: "space station, 51.6 deg",
    40536: "sun-synchronous, low, drag",
    69869: "sun-synchronous, high",
    59452: "45 deg",
    46359: "decaying, 16.35 rev/day",
    67433: "retrograde, 142 deg",
    8820: "LAGEOS: period just over 225 min, so deep-space SGP4, yet near-circular",
    26407: "GPS, 12 h resonance",
    40296: "Molniya type, 12 h resonance",
    47719: "Molniya type, e 0.73",
    41896: "transfer-like, e 0.70, 31 deg",
    25867: "63.5 h, e 0.78",
    42738: "inclined geosynchronous, e 0.076",
    45246: "geostationary, 128.2 E",
}


def main(paths: list[str]) -> None:
    rows: dict[int, dict[str, str]] = {}
    for path in paths:
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                rows.setdefault(int(row["NORAD_CAT_ID"]), row)
    for number in WANTED:
        row = rows[number]
        satellite = Satrec()
        omm.initialize(satellite, row)
        first, second = export_tle(satellite)
        for field, text in (
            ("ECCENTRICITY", f"0.{second[26:33]}"),
            ("MEAN_MOTION", second[52:63]),
            ("INCLINATION", second[8:16]),
            ("RA_OF_ASC_NODE", second[17:25]),
            ("ARG_OF_PERICENTER", second[34:42]),
            ("MEAN_ANOMALY", second[43:51]),
            ("BSTAR", f"{first[53]}0.{first[54:59]}e{first[59:61]}"),
            ("MEAN_MOTION_DOT", first[33:43].replace(" ", "")),
        ):
            if float(row[field]) != float(text):
                print(f"{number} {field}: {row[field]} written as {text}", file=sys.stderr)
        epoch = Satrec.twoline2rv(first, second)
        error_s = (epoch.jdsatepochF - satellite.jdsatepochF) * 86400.0
        if epoch.jdsatepoch != satellite.jdsatepoch or abs(error_s) > 1e-6:
            print(f"{number} epoch moved {error_s:.6f} s", file=sys.stderr)
        print(row["OBJECT_NAME"], first, second, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
