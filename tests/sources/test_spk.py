"""SPK files of every type, against SPICE itself; damaged ones are refused in one line."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from sattrack.errors import InvalidInputError, RejectedDataError
from sattrack.orbits.tabulated import Hermite
from sattrack.sources.spk import INSTALL, is_kernel, read_kernel

pytest.importorskip("spiceypy", reason="reads SPK files; comes with the extra spk")

from kernels import (
    DANURI,
    EARTH,
    LRO,
    MOON,
    START_S,
    STEP_S,
    SUN,
    chebyshev,
    differences,
    epochs,
    hermite,
    lagrange,
    nodes,
    truth,
    write,
)

J2000_JD = 2451545.0
# Read every 54 s from polynomials that are joined every minute, or every ten: how smoothly they are
# joined is what interpolation can make of them. Those of type 2 and 3 jump by centimetres here.
SMOOTH_KM, LAGRANGE_KM, CHEBYSHEV_KM = 5e-5, 3e-4, 2e-3


def evaluated(table, seconds: np.ndarray) -> np.ndarray:
    motion = Hermite(table)
    own = seconds - (table.start_jd_tdb - J2000_JD) * 86400.0
    return np.concatenate(motion.states(own))


@pytest.mark.parametrize(
    ("data_type", "make", "allowed_km"),
    [
        (2, chebyshev, CHEBYSHEV_KM),
        (3, chebyshev, CHEBYSHEV_KM),
        (8, lagrange, LAGRANGE_KM),
        (9, hermite, LAGRANGE_KM),
        (12, lagrange, SMOOTH_KM),
        (13, hermite, SMOOTH_KM),
    ],
)
def test_every_type_is_what_spice_says(tmp_path, data_type, make, allowed_km):
    path = tmp_path / "orbit.bsp"
    document = write(path, [make(nodes(), data_type=data_type)])
    assert is_kernel(document)
    kernel = read_kernel(document)
    assert kernel.targets == (DANURI,)
    assert kernel.segments[0].data_type == data_type
    (table,) = kernel.tables(DANURI, "Danuri", "a file")
    first_s = table.seconds[0] + (table.start_jd_tdb - J2000_JD) * 86400.0
    assert first_s == pytest.approx(START_S, abs=1e-6)
    seconds = np.linspace(START_S, kernel.segments[0].last_s, 5000)
    off = evaluated(table, seconds) - truth(path, DANURI, MOON, seconds)
    assert np.abs(off[:3]).max() < allowed_km
    assert np.abs(off[3:]).max() < allowed_km / 10.0


@pytest.mark.parametrize("data_type", [1, 21])
@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_differences_are_what_spice_says(tmp_path, data_type, byte_order):
    path = tmp_path / "orbit.bsp"
    path.write_bytes(differences(nodes()[:120], data_type, byte_order=byte_order))
    kernel = read_kernel(path.read_bytes())
    assert kernel.segments[0].data_type == data_type
    (table,) = kernel.tables(DANURI, "Danuri", "a file")
    seconds = table.seconds + (table.start_jd_tdb - J2000_JD) * 86400.0
    off = np.concatenate([table.position_km, table.velocity_km_s]) - truth(
        path, DANURI, MOON, seconds
    )
    assert np.abs(off).max() < 1e-9


def test_the_axes_are_turned_to_those_of_the_icrf(tmp_path):
    path = tmp_path / "ecliptic.bsp"
    kernel = read_kernel(write(path, [hermite(nodes(), frame="ECLIPJ2000")]))
    (table,) = kernel.tables(DANURI, "Danuri", "a file")
    seconds = np.linspace(START_S, START_S + 20000.0, 300)
    off = evaluated(table, seconds) - truth(path, DANURI, MOON, seconds)
    assert np.abs(off[:3]).max() < SMOOTH_KM


def test_of_two_segments_the_later_counts(tmp_path):
    path = tmp_path / "two.bsp"
    shifted = nodes()[100:200] + np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    start_s = float(epochs(nodes())[100])
    kernel = read_kernel(write(path, [hermite(nodes()), hermite(shifted, start_s=start_s)]))
    tables = kernel.tables(DANURI, "Danuri", "a file")
    assert len(tables) == 3
    for table in tables:
        first_s = table.seconds[0] + (table.start_jd_tdb - J2000_JD) * 86400.0
        seconds = first_s + np.linspace(0.01, np.ptp(table.seconds) - 0.01, 500)
        off = evaluated(table, seconds) - truth(path, DANURI, MOON, seconds)
        assert np.abs(off[:3]).max() < SMOOTH_KM
    lengths_s = [np.ptp(table.seconds) for table in tables]
    assert lengths_s == pytest.approx([100 * STEP_S, 99 * STEP_S, 161 * STEP_S])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"centre": SUN}, "states about body 10; 301 (Moon) or 399 (Earth) is read"),
        ({"frame": "IAU_MOON"}, "states in the frame IAU_MOON, which turns"),
    ],
)
def test_other_centres_and_turning_frames_are_refused(tmp_path, options, said):
    kernel = read_kernel(write(tmp_path / "odd.bsp", [hermite(nodes(), **options)]))
    assert said in kernel.fault(DANURI)


def test_a_part_about_another_body_hides_no_other(tmp_path):
    cruise = hermite(nodes(), centre=SUN, start_s=START_S - 30000.0)
    kernel = read_kernel(write(tmp_path / "both.bsp", [cruise, hermite(nodes(), LRO, EARTH)]))
    assert kernel.targets == (DANURI, LRO)
    assert kernel.fault(LRO) == ""
    assert kernel.names[LRO] == "LUNAR RECONNAISSANCE ORBITER"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    return write(tmp_path_factory.mktemp("spk") / "whole.bsp", [hermite(nodes())])


@pytest.mark.parametrize("length", [8, 100, 1023, 1024, 3000, -8192])
def test_a_file_cut_short_is_refused(whole, length):
    with pytest.raises(RejectedDataError, match="cut short") as error:
        read_kernel(whole[:length])
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"DAF/CK  " + bytes(2000), "a DAF/CK file, not an SPK"),
        (b"DAF/PCK " + bytes(2000), "a DAF/PCK file, not an SPK"),
        (b"DAFETF NAIF DAF ENCODED TRANSFER FILE\n", "make it binary with NAIF's tobin"),
        (b"DAF/SPK " + bytes(2000), "damaged, or of a kind CSPICE cannot read"),
    ],
)
def test_what_is_no_spk_is_refused(document, said):
    assert is_kernel(document)
    with pytest.raises(RejectedDataError) as error:
        read_kernel(document)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_any_damage_is_one_line(whole):
    random = np.random.default_rng(4)
    refusals = []
    for _ in range(60):
        bent = bytearray(whole)
        for place in random.integers(0, [1024, 2048, len(whole)][random.integers(3)], 4):
            bent[place] = random.integers(256)
        try:
            kernel = read_kernel(bytes(bent)) if is_kernel(bent) else None
            for target in kernel.targets if kernel else ():
                if not kernel.fault(target):
                    kernel.tables(target, "Danuri", "a file")
        except RejectedDataError as error:
            refusals.append(str(error))
    assert len(refusals) > 10
    assert not any("\n" in refusal or "given.bsp" in refusal for refusal in refusals)


def test_states_that_are_too_many_are_counted(tmp_path):
    t = [START_S, START_S + 3e9]
    states = [[1800.0, 0.0, 0.0, 0.0, 1.65, 0.0]] * 2

    def segment(handle):
        import spiceypy

        spiceypy.spkw05(
            handle, DANURI, MOON, "J2000", t[0], t[1], "two bodies", 4902.8, 2, states, t
        )

    kernel = read_kernel(write(tmp_path / "long.bsp", [segment]))
    with pytest.raises(RejectedDataError, match=r"states are needed .* spkmerge"):
        kernel.tables(DANURI, "Danuri", "a file")


def test_without_the_extra_the_command_that_installs_it_is_named(whole, monkeypatch):
    monkeypatch.setitem(sys.modules, "spiceypy", None)
    with pytest.raises(InvalidInputError) as error:
        read_kernel(whole)
    assert str(error.value) == f"SPK files need an extra; run: {INSTALL}"
