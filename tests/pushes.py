"""Element sets as they would read after a push: SGP4 itself, solved for the pushed state.

Nothing here knows of Gauss's equations, by which sattrack recognises a push.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from sattrack.elements import ElementSet
from sattrack.orbits.sgp4 import satellite_record

_MINUTE = timedelta(minutes=1)
# Equinoctial elements do not mind circles and equators: mean motion, e cos, e sin, tan(i/2) cos,
# tan(i/2) sin, mean longitude.
_STEPS = np.array([1e-7, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6])


def pushed(
    elements: ElementSet,
    at: datetime,
    tangential_m_s: float = 0.0,
    normal_m_s: float = 0.0,
    radial_m_s: float = 0.0,
) -> ElementSet:
    """Return the set of the same epoch and B* whose orbit passes `at` with the velocity changed.

    Newton's method on python-sgp4, to a millimetre and a micrometre a second at the push.
    """
    since_min = (at - elements.epoch) / _MINUTE
    state = _state(elements, since_min)
    position, velocity = state[:3], state[3:]
    radial = position / np.linalg.norm(position)
    across = np.cross(position, velocity)
    across /= np.linalg.norm(across)
    push_m_s = (
        tangential_m_s * velocity / np.linalg.norm(velocity)
        + normal_m_s * across
        + radial_m_s * radial
    )
    target = np.concatenate([position, velocity + push_m_s / 1000.0])
    scale = np.repeat([1e-6, 1e-9], 3)
    unknown = _unknowns(elements)
    for _ in range(30):
        miss = target - _state(_with(elements, unknown), since_min)
        if np.all(np.abs(miss) < scale):
            return _with(elements, unknown)
        slopes = np.empty((6, 6))
        for k, step in enumerate(_STEPS):
            sides = []
            for sign in (1.0, -1.0):
                moved = unknown.copy()
                moved[k] += sign * step
                sides.append(_state(_with(elements, moved), since_min))
            slopes[:, k] = (sides[0] - sides[1]) / (2.0 * step)
        unknown = unknown + np.linalg.solve(slopes, miss)
    raise ArithmeticError(f"no element set reproduces the push: {miss}")


def _state(elements: ElementSet, since_min: float) -> np.ndarray:
    code, position, velocity = satellite_record(elements).sgp4_tsince(since_min)
    if code:
        raise ArithmeticError(f"SGP4 error {code}")
    return np.array([*position, *velocity])


def _unknowns(elements: ElementSet) -> np.ndarray:
    node, perigee, anomaly = np.radians(
        [elements.raan_deg, elements.argument_of_perigee_deg, elements.mean_anomaly_deg]
    )
    tilt = math.tan(math.radians(elements.inclination_deg) / 2.0)
    return np.array(
        [
            elements.mean_motion_rev_day,
            elements.eccentricity * math.cos(perigee + node),
            elements.eccentricity * math.sin(perigee + node),
            tilt * math.cos(node),
            tilt * math.sin(node),
            node + perigee + anomaly,
        ]
    )


def _with(elements: ElementSet, unknown: np.ndarray) -> ElementSet:
    mean_motion, e_cos, e_sin, tilt_cos, tilt_sin, longitude = unknown.tolist()
    node = math.atan2(tilt_sin, tilt_cos)
    line_of_apsides = math.atan2(e_sin, e_cos)
    return replace(
        elements,
        mean_motion_rev_day=mean_motion,
        eccentricity=math.hypot(e_cos, e_sin),
        inclination_deg=math.degrees(2.0 * math.atan(math.hypot(tilt_cos, tilt_sin))),
        raan_deg=math.degrees(node) % 360.0,
        argument_of_perigee_deg=math.degrees(line_of_apsides - node) % 360.0,
        mean_anomaly_deg=math.degrees(longitude - line_of_apsides) % 360.0,
    )
