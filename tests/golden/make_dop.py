"""Write dop.json: what gnss_lib_py calls the dilutions of precision of satellites over places.

    python make_dop.py

Needs gnss-lib-py 1.1.0 and numpy, and nothing of sattrack; no test imports it. The satellites are
made up: 4 to 20 at heights from 600 to 36,000 km, above 5 degrees. From their places in ECEF
gnss_lib_py itself finds elevation and azimuth, and from these the dilutions.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from gnss_lib_py.navdata.navdata import NavData
from gnss_lib_py.utils.coordinates import ecef_to_el_az, geodetic_to_ecef
from gnss_lib_py.utils.dop import calculate_dop

PLACES = [
    (37.5665, 126.978, 38.0),
    (0.0, 0.0, 0.0),
    (-17.0, 179.99, 10.0),
    (-77.839, 166.667, 183.0),
    (64.1, -21.9, 4000.0),
    (-16.4897, -68.1193, 3640.0),
]
CASES_PER_PLACE = 12
NAMES = ("GDOP", "PDOP", "HDOP", "VDOP", "TDOP")


def satellites_m(chance: np.random.Generator, place_m: np.ndarray, count: int) -> np.ndarray:
    found: list[np.ndarray] = []
    while len(found) < count:
        direction = chance.normal(size=3)
        height_m = chance.choice([600e3, 20_180e3, 35_786e3])
        position = direction / np.linalg.norm(direction) * (6_378_137.0 + height_m)
        position = np.round(position)
        if ecef_to_el_az(place_m, position[:, None])[0, 0] > 5.0:
            found.append(position)
    return np.array(found).T


def case(chance: np.random.Generator, place: tuple[float, float, float]) -> dict[str, object]:
    place_m = geodetic_to_ecef(np.array([place]))[0]
    satellites = satellites_m(chance, place_m, int(chance.integers(4, 21)))
    elevation_deg, azimuth_deg = ecef_to_el_az(place_m, satellites)
    sky = NavData()
    sky["el_sv_deg"], sky["az_sv_deg"] = elevation_deg, azimuth_deg
    found = calculate_dop(sky)
    return {
        "place": place,
        "satellites_km": (satellites / 1000.0).T.tolist(),
        **{name.lower(): float(found[name]) for name in NAMES},
    }


def main() -> None:
    chance = np.random.default_rng(20261125)
    document = {
        "program": "gnss_lib_py",
        "version": version("gnss-lib-py"),
        "place": "latitude and longitude, degrees, height, m; WGS 84",
        "satellites_km": "ECEF, a row each",
        "cases": [case(chance, place) for place in PLACES for _ in range(CASES_PER_PLACE)],
    }
    head = {key: value for key, value in document.items() if key != "cases"}
    lines = ",\n".join(json.dumps(one) for one in document["cases"])
    text = json.dumps(head, indent=1)[:-2] + f',\n "cases": [\n{lines}\n ]\n}}\n'
    Path(__file__).with_name("dop.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
