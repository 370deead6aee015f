"""Make mascon_orbit.json: a polar orbit 60 km above a Moon with mascons, integrated numerically.

    python -m venv scratch && scratch/bin/pip install numpy scipy
    scratch/bin/python tests/golden/make_mascon_orbit.py

Inertial axes, the Moon turning about z. To a point mass come the field's degree 2 (J2, C22 of
GRAIL's GL0660B, Konopliv et al. 2013, rounded) and eight point masses 30 km below the centres
of basins, each pulling 400 mGal at the height of the orbit: a rough field.

DOP853 at relative tolerance 1e-13 and a longest step of 5 s; with 20 s nothing moves by 1e-6 km.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import scipy
from scipy.integrate import solve_ivp

GM = 4902.8001184575487
RADIUS = 1738.0
J2, C22 = 2.032e-4, 2.24e-5
RATE = 2.0 * np.pi / (27.321661 * 86400.0)
DEPTH, HEIGHT = 30.0, 60.0
PULL = 400e-8  # 400 mGal in km/s^2
MASCONS = {  # latitude, longitude, degrees
    "Imbrium": (37.0, -18.5),
    "Serenitatis": (27.3, 18.4),
    "Crisium": (17.5, 58.5),
    "Nectaris": (-15.6, 35.1),
    "Humorum": (-24.0, -39.5),
    "Humboldtianum": (57.2, 82.0),
    "Smythii": (-2.5, 86.9),
    "Orientale": (-20.1, -94.7),
}
NODE_S, HOURS = 60.0, 6.0


def _places() -> np.ndarray:
    latitude, longitude = np.radians(np.array(list(MASCONS.values()))).T
    return (1737.4 - DEPTH) * np.array(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )


PLACES = _places()
GM_EACH = PULL * (DEPTH + HEIGHT) ** 2


def motion(t: float, state: np.ndarray) -> np.ndarray:
    cos, sin = np.cos(RATE * t), np.sin(RATE * t)
    turn = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
    r = turn @ state[:3]
    x, y, z = r
    r2 = r @ r
    radius = np.sqrt(r2)
    pull = -GM * r / (r2 * radius)
    scale = 1.5 * J2 * GM * RADIUS**2 / r2**2.5
    pull += scale * r * (5.0 * z * z / r2 - np.array([1.0, 1.0, 3.0]))
    scale = 3.0 * C22 * GM * RADIUS**2 / r2**2.5
    pull += scale * (np.array([2.0 * x, -2.0 * y, 0.0]) - 5.0 * (x * x - y * y) / r2 * r)
    offset = r[:, None] - PLACES
    distance = np.sqrt((offset**2).sum(axis=0))
    pull -= (GM_EACH * offset / distance**3).sum(axis=1)
    return np.concatenate([state[3:], turn.T @ pull])


def main() -> None:
    radius = 1737.4 + HEIGHT
    speed = np.sqrt(GM / radius)
    # Northward over the equator at 18 W, on towards Imbrium, nearly over the pole.
    node, tilt = np.radians(-17.0), np.radians(89.0)
    east = np.array([-np.sin(node), np.cos(node), 0.0])
    start = np.concatenate(
        [
            radius * np.array([np.cos(node), np.sin(node), 0.0]),
            speed * (np.cos(tilt) * east + np.sin(tilt) * np.array([0.0, 0.0, 1.0])),
        ]
    )
    end_s = HOURS * 3600.0
    seconds = np.arange(0.0, end_s + 1.0, NODE_S / 4.0)
    solution = solve_ivp(
        motion,
        (0.0, end_s),
        start,
        method="DOP853",
        t_eval=seconds,
        rtol=1e-13,
        atol=1e-12,
        max_step=5.0,
    )
    states = solution.y.T
    height = np.sqrt((states[:, :3] ** 2).sum(axis=1)) - 1737.4
    print(f"height {height.min():.1f} to {height.max():.1f} km")
    content = {
        "program": f"make_mascon_orbit.py, scipy {scipy.__version__}, numpy {np.__version__}",
        "made": "2026-11-24",
        "columns": "x_km y_km z_km vx_km_s vy_km_s vz_km_s",
        "node_step_s": NODE_S,
        "nodes": [
            [round(v, 8) for v in s[:3]] + [round(v, 11) for v in s[3:]]
            for s in states[::4].tolist()
        ],
        "between_step_s": NODE_S / 4.0,
        "between": "positions alone, at each quarter of a step; every fourth is a node",
        "between_km": [[round(v, 7) for v in s[:3]] for s in states.tolist()],
    }
    path = Path(__file__).parent / "mascon_orbit.json"
    text = json.dumps(content, indent=None, separators=(",", ":"))
    path.write_text(text.replace("],[", "],\n[").replace(',"', ',\n"') + "\n", encoding="ascii")
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
