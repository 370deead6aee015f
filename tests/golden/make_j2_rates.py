"""Write j2_rates.json: how fast node, perigee and anomaly drift when only J2 disturbs, integrated.

    python make_j2_rates.py

Cowell's equations with the J2 term of the geopotential, DOP853 of scipy at a tolerance of 1e-13;
no theory of secular rates enters. Osculating elements are averaged over revolutions, and lines
fitted to the averages. The state at the epoch is adjusted until the averages *at the epoch* are
the nominal elements, so "mean" means: averaged over a revolution, as Brouwer's a'' is to first
order. Needs numpy and scipy (made with 2.2.6 and 1.17.1).

First-order theory must differ from this by its neglected square of J2: relatively some
(3/2 J2 (R/p)^2), which is 4e-5 at the geostationary altitude and 1.4e-3 in low orbit.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Array = NDArray[np.float64]

GM_KM3_S2 = 398600.4418
RADIUS_KM = 6378.137
J2 = 1.0826359e-3
DAY_S = 86400.0
SAMPLES_A_REVOLUTION = 1000
ADJUSTMENTS = 6

# a km, e, i, node, perigee, mean anomaly deg; days; is the perigee well defined?
ORBITS: dict[str, tuple[tuple[float, ...], float, bool]] = {
    "kps-like": ((42164.17, 0.075, 43.0, 110.0, 270.0, 30.0), 30.0, True),
    "geostationary": ((42164.17, 0.0002, 0.05, 80.0, 40.0, 200.0), 30.0, False),
    "molniya": ((26560.0, 0.72, 63.4349, 50.0, 280.0, 10.0), 30.0, True),
    "elliptic-retrograde": ((9000.0, 0.2, 120.0, 200.0, 60.0, 300.0), 30.0, True),
    "sun-synchronous": ((7078.137, 0.001, 98.19, 10.0, 90.0, 0.0), 30.0, False),
}


def acceleration(_: float, state: Array) -> Array:
    x, y, z = state[:3]
    r2 = x * x + y * y + z * z
    pull = -GM_KM3_S2 / r2**1.5
    flat = 1.5 * J2 * RADIUS_KM**2 / r2
    lean = 5.0 * z * z / r2
    across = pull * (1.0 + flat * (1.0 - lean))
    return np.array([*state[3:], across * x, across * y, pull * (1.0 + flat * (3.0 - lean)) * z])


def state_of(a: float, e: float, i: float, node: float, perigee: float, anomaly: float) -> Array:
    """Return position and velocity; angles in radians."""
    eccentric = anomaly
    for _ in range(200):
        eccentric = anomaly + e * np.sin(eccentric)
    p = np.array(
        [
            np.cos(node) * np.cos(perigee) - np.sin(node) * np.sin(perigee) * np.cos(i),
            np.sin(node) * np.cos(perigee) + np.cos(node) * np.sin(perigee) * np.cos(i),
            np.sin(perigee) * np.sin(i),
        ]
    )
    q = np.array(
        [
            -np.cos(node) * np.sin(perigee) - np.sin(node) * np.cos(perigee) * np.cos(i),
            -np.sin(node) * np.sin(perigee) + np.cos(node) * np.cos(perigee) * np.cos(i),
            np.cos(perigee) * np.sin(i),
        ]
    )
    root = np.sqrt(1.0 - e * e)
    speed = np.sqrt(GM_KM3_S2 / a) / (1.0 - e * np.cos(eccentric))
    position = a * ((np.cos(eccentric) - e) * p + root * np.sin(eccentric) * q)
    velocity = speed * (-np.sin(eccentric) * p + root * np.cos(eccentric) * q)
    return np.concatenate([position, velocity])


def elements_of(states: Array) -> Array:
    """Return a, e cos w, e sin w, i, node, mean argument of latitude (w + M); shape `(6, n)`."""
    r, v = states[:3], states[3:]
    distance = np.linalg.norm(r, axis=0)
    h = np.cross(r, v, axis=0)
    inclination = np.arctan2(np.hypot(h[0], h[1]), h[2])
    node = np.unwrap(np.arctan2(h[0], -h[1]))
    a = 1.0 / (2.0 / distance - np.sum(v * v, axis=0) / GM_KM3_S2)
    toward_node = np.array([np.cos(node), np.sin(node), np.zeros_like(node)])
    beside = np.cross(h / np.linalg.norm(h, axis=0), toward_node, axis=0)
    vector = np.cross(v, h, axis=0) / GM_KM3_S2 - r / distance
    ex, ey = np.sum(vector * toward_node, axis=0), np.sum(vector * beside, axis=0)
    # Eccentric longitude from the node: Broucke and Cefola (1972), on equinoctial elements.
    x, y = np.sum(r * toward_node, axis=0), np.sum(r * beside, axis=0)
    root = np.sqrt(1.0 - ex**2 - ey**2)
    beta = 1.0 / (1.0 + root)
    cos_f = ex + ((1.0 - ex**2 * beta) * x - ex * ey * beta * y) / (a * root)
    sin_f = ey + ((1.0 - ey**2 * beta) * y - ex * ey * beta * x) / (a * root)
    latitude = np.arctan2(sin_f, cos_f) + ey * cos_f - ex * sin_f
    return np.array([a, ex, ey, inclination, node, np.unwrap(latitude)])


def fly(state: Array, times: Array) -> Array:
    """Return the states at `times`, s from the epoch and of both signs; shape `(6, n)`."""
    parts = []
    for side in (times[times < 0.0][::-1], times[times >= 0.0]):
        flight = solve_ivp(
            acceleration, (0.0, side[-1]), state, "DOP853", side, rtol=1e-13, atol=1e-11
        )
        parts.append(flight.y)
    return np.concatenate([parts[0][:, ::-1], parts[1]], axis=1)


def averaged(values: Array, width: int) -> Array:
    """Average over two revolutions with triangular weights: twice the mean over one."""
    box = np.full(width, 1.0 / width)
    kernel = np.convolve(box, box)
    return np.array([np.convolve(row, kernel, mode="valid") for row in values])


def mean_elements(states: Array, times: Array) -> tuple[Array, Array]:
    """Return the times and the averages: a, e, perigee, i, node, argument of latitude."""
    values = elements_of(states)
    # Perigee before averaging: that of the averaged vector would lag behind in the ellipse.
    perigee = np.unwrap(np.arctan2(values[2], values[1]))
    values = np.array([values[0], np.hypot(values[1], values[2]), perigee, *values[3:]])
    width = SAMPLES_A_REVOLUTION
    return times[width - 1 : len(times) - width + 1], averaged(values, width)


def fit(times: Array, values: Array) -> tuple[float, float, float]:
    """Return the value at the epoch, the rate per second, and how far the line strays."""
    rate, start = np.polyfit(times, values, 1)
    return start, rate, float(np.max(np.abs(values - start - rate * times)))


def period_s(states: Array, times: Array) -> float:
    """Return the time of a revolution from node to node."""
    latitude = elements_of(states)[5]
    return float(2.0 * np.pi / np.polyfit(times, latitude, 1)[0])


def study(name: str) -> dict[str, Any]:
    (a, e, *degrees), days, has_perigee = ORBITS[name]
    wanted = np.array([a, e, *np.radians(degrees)])
    osculating = wanted.copy()
    revolution_s = 2.0 * np.pi * np.sqrt(a**3 / GM_KM3_S2)
    for adjustment in range(ADJUSTMENTS):
        step_s = revolution_s / SAMPLES_A_REVOLUTION
        # The averages need a revolution before the epoch and one after the end.
        span = days * DAY_S if adjustment == ADJUSTMENTS - 1 else 10.0 * revolution_s
        count = int(np.ceil(span / step_s)) + SAMPLES_A_REVOLUTION
        times = np.arange(-SAMPLES_A_REVOLUTION, count + 1) * step_s
        states = fly(state_of(*osculating), times)
        when, means = mean_elements(states, times)
        fits = [fit(when, row) for row in means]
        if adjustment == ADJUSTMENTS - 1:
            break
        at_epoch = np.array([start for start, _, _ in fits])
        if has_perigee:
            found = at_epoch[[0, 1, 3, 4, 2, 5]]
            found[5] -= found[4]
        else:
            # Only the sum of perigee and anomaly means anything: leave e and perigee osculating.
            found = np.array([at_epoch[0], osculating[1], at_epoch[3], at_epoch[4], 0.0, 0.0])
            found[4], found[5] = osculating[4], at_epoch[5] - osculating[4]
        off = wanted - found
        off[3:] = (off[3:] + np.pi) % (2.0 * np.pi) - np.pi
        osculating = osculating + off
        revolution_s = period_s(states, times)

    per_day = np.degrees(DAY_S)
    rates = {"raan": fits[4], "argument_of_latitude": fits[5]}
    if has_perigee:
        rates["argument_of_perigee"] = fits[2]
        rates["mean_anomaly"] = fit(when, means[5] - means[2])
    whole_days = np.arange(0.0, days + 0.5) * DAY_S
    daily = fly(state_of(*osculating), np.concatenate([[-1.0], whole_days]))[:, 1:]
    energy = 0.5 * np.sum(daily[3:] ** 2, axis=0) + potential(daily[:3])
    drift = float(np.ptp(energy) / abs(energy[0]))
    return {
        "name": name,
        "semi_major_axis_km": a,
        "eccentricity": e,
        "inclination_deg": degrees[0],
        "raan_deg": degrees[1],
        "argument_of_perigee_deg": degrees[2],
        "mean_anomaly_deg": degrees[3],
        "days": days,
        "mean_semi_major_axis_km": round(float(np.mean(means[0])), 6),
        "mean_eccentricity": round(float(np.mean(means[1])), 9) if has_perigee else None,
        "mean_inclination_deg": round(float(np.degrees(np.mean(means[3]))), 8),
        "rates_deg_day": {key: round(rate * per_day, 12) for key, (_, rate, _) in rates.items()},
        "strays_deg": {key: float(f"{np.degrees(far):.2g}") for key, (_, _, far) in rates.items()},
        "relative_energy_drift": float(f"{drift:.1e}"),
        "daily_positions_km": [[round(float(x), 4) for x in row] for row in daily[:3].T],
    }


def potential(r: Array) -> Array:
    distance = np.linalg.norm(r, axis=0)
    sine2 = (r[2] / distance) ** 2
    flat = J2 * (RADIUS_KM / distance) ** 2 * (1.5 * sine2 - 0.5)
    return -GM_KM3_S2 / distance * (1.0 - flat)


def compare(item: dict[str, Any]) -> dict[str, float]:
    """Return what first-order secular theory (Vallado, section 9.6) leaves over."""
    a, e = item["semi_major_axis_km"], item["eccentricity"]
    c = np.cos(np.radians(item["inclination_deg"]))
    n = np.sqrt(GM_KM3_S2 / a**3) * np.degrees(DAY_S)
    k = 1.5 * J2 * (RADIUS_KM / (a * (1.0 - e * e))) ** 2 * n
    theory = {
        "raan": -k * c,
        "argument_of_perigee": k * (2.0 - 2.5 * (1.0 - c * c)),
        "mean_anomaly": n + k * np.sqrt(1.0 - e * e) * (1.0 - 1.5 * (1.0 - c * c)),
    }
    theory["argument_of_latitude"] = theory["argument_of_perigee"] + theory["mean_anomaly"]
    fitted = item["rates_deg_day"]
    moved = []
    for day, position in enumerate(item["daily_positions_km"]):
        node = np.radians(item["raan_deg"] + theory["raan"] * day)
        perigee = np.radians(item["argument_of_perigee_deg"] + theory["argument_of_perigee"] * day)
        anomaly = np.radians(item["mean_anomaly_deg"] + theory["mean_anomaly"] * day)
        model = state_of(a, e, np.radians(item["inclination_deg"]), node, perigee, anomaly)
        moved.append(np.linalg.norm(model[:3] - np.array(position)))
    out = {f"{key} deg/day": fitted[key] - theory[key] for key in fitted}
    out["largest distance km"] = float(max(moved))
    return out


def main() -> None:
    items = []
    for name in ORBITS:
        item = study(name)
        items.append(item)
        print(name, item["rates_deg_day"], item["strays_deg"], item["relative_energy_drift"])
        print("  less first-order theory:", {k: f"{v:.3g}" for k, v in compare(item).items()})
    head = {
        "made_by": {
            "program": "make_j2_rates.py",
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "versions": {"numpy": version("numpy"), "scipy": version("scipy")},
        },
        "gm_km3_s2": GM_KM3_S2,
        "radius_km": RADIUS_KM,
        "j2": J2,
    }
    lines = [f' "{key}": {json.dumps(value)}' for key, value in head.items()]
    rows = ",\n".join(json.dumps(item) for item in items)
    text = "{\n" + ",\n".join(lines) + f',\n "orbits": [\n{rows}\n ]\n}}\n'
    (Path(__file__).parent / "j2_rates.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
