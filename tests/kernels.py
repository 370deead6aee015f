"""Small SPK files of every type that missions publish, for tests; written by CSPICE or by hand."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import spiceypy

GOLDEN = Path(__file__).parent / "golden"
LRO, DANURI, MOON, EARTH, SUN = -85, -155, 301, 399, 10
# TDB seconds since J2000: 2026-12-08T11:06:40.
START_S = 850_000_000.0
STEP_S = 60.0


def nodes() -> np.ndarray:
    """States of the integrated orbit of 60 km about the Moon, a minute apart; shape `(n, 6)`."""
    content = json.loads((GOLDEN / "mascon_orbit.json").read_text())
    assert content["node_step_s"] == STEP_S
    return np.array(content["nodes"])


def epochs(states: np.ndarray, start_s: float = START_S) -> np.ndarray:
    return start_s + np.arange(len(states)) * STEP_S


def write(path: Path, segments) -> bytes:
    """Write a file; each segment is called with its handle."""
    handle = spiceypy.spkopn(str(path), "test", 0)
    for segment in segments:
        segment(handle)
    spiceypy.spkcls(handle)
    return path.read_bytes()


def hermite(
    states, target=DANURI, centre=MOON, frame="J2000", start_s=START_S, data_type=13, name="orbit"
):
    """Return what writes a segment of type 9 or 13, Lagrange or Hermite at any epochs."""
    t = epochs(states, start_s)
    writer = {9: spiceypy.spkw09, 13: spiceypy.spkw13}[data_type]

    def segment(handle):
        writer(
            handle, target, centre, frame, t[0], t[-1], name, 7, len(t), states.tolist(), t.tolist()
        )

    return segment


def lagrange(states, target=DANURI, data_type=8):
    """Return what writes a segment of type 8 or 12, Lagrange or Hermite at even steps."""
    t = epochs(states)
    writer = {8: spiceypy.spkw08, 12: spiceypy.spkw12}[data_type]

    def segment(handle):
        degree, count = 7, len(t)
        writer(
            handle, target, MOON, "J2000", t[0], t[-1], "orbit", degree, count, states.tolist(),
            t[0], STEP_S,
        )  # fmt: skip

    return segment


def chebyshev(states, target=DANURI, data_type=3):
    """Return what writes a segment of type 2 or 3, Chebyshev polynomials over ten minutes each."""
    per_record, degree = 10, 8
    count = (len(states) - 1) // per_record
    x = np.linspace(-1.0, 1.0, per_record + 1)
    wide = {2: 3, 3: 6}[data_type]
    records = [
        np.polynomial.chebyshev.chebfit(
            x, states[k * per_record : (k + 1) * per_record + 1, :wide], degree
        ).T
        for k in range(count)
    ]
    writer = {2: spiceypy.spkw02, 3: spiceypy.spkw03}[data_type]
    span_s = per_record * STEP_S

    def segment(handle):
        last_s = START_S + count * span_s
        coefficients = np.array(records).ravel().tolist()
        writer(
            handle, target, MOON, "J2000", START_S, last_s, "orbit", span_s, count, degree,
            coefficients, START_S,
        )  # fmt: skip

    return segment


def differences(states, data_type: int, target=DANURI, byte_order="<") -> bytes:
    """Return a file with a segment of type 1 or 21, for which CSPICE has no writer.

    Modified divided differences (*SPK Required Reading*), of which each record has the first alone:
    for a minute, a state and its acceleration.
    """
    size = 15 if data_type == 1 else 25
    t = epochs(states)
    acceleration = np.gradient(states[:, 3:], STEP_S, axis=0)
    records = []
    for k in range(len(states)):
        table = np.zeros((3, size))
        table[:, 0] = acceleration[k]
        reference = np.column_stack([states[k, :3], states[k, 3:]]).ravel()
        steps = np.full(size, STEP_S)
        records.append(
            np.concatenate([[t[k]], steps, reference, table.ravel(), [2.0], [1.0, 1.0, 1.0]])
        )
    counts = [len(t)] if data_type == 1 else [size, len(t)]
    data = np.concatenate([*records, t, t[99::100][: len(t) // 100], counts]).astype(float)
    first, last = 385, 384 + len(data)
    head = struct.pack(
        f"{byte_order}8sii60siii8s",
        b"DAF/SPK ", 2, 6, b"by hand".ljust(60), 2, 2, last + 1,
        b"BIG-IEEE" if byte_order == ">" else b"LTL-IEEE",
    )  # fmt: skip
    check = b"FTPSTR:\r:\n:\r\n:\r\x00:\x81:\x10\xce:ENDFTP"
    head = head.ljust(699, b"\0") + check
    summary = struct.pack(
        f"{byte_order}5d6i", 0, 0, 1, t[0], t[-1], target, MOON, 1, data_type, first, last
    )
    body = data.astype(f"{byte_order}f8").tobytes()
    records_of = [head, summary, b"by hand".ljust(1024), body + b"\0" * (-len(body) % 1024)]
    return b"".join(record.ljust(1024, b"\0") for record in records_of)


def truth(path: Path, target: int, centre: int, seconds: np.ndarray) -> np.ndarray:
    """Return what SPICE itself makes of a file, shape `(6, n)`, axes of the ICRF."""
    spiceypy.furnsh(str(path))
    try:
        return np.array([spiceypy.spkgeo(target, s, "J2000", centre)[0] for s in seconds]).T
    finally:
        spiceypy.unload(str(path))
