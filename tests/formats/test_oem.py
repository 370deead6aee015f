"""Orbit Ephemeris Messages: what is written is read, others' are too, and nothing else is.

The oracle is the independent library ccsds-ndm (PyPI: ccsds-ndm-py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import ccsds_ndm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skyfield.api import load

from sattrack.errors import RejectedDataError
from sattrack.formats.oem import Segment, is_oem, read_epoch, read_oem, write_oem
from sattrack.times.scale import timescale

CREATED = datetime(2026, 11, 24, 2, tzinfo=UTC)

# After the example of CCSDS 502.0-B-3, annex G (figure G-9 ff.), with a centre we know.
EXAMPLE = """CCSDS_OEM_VERS = 2.0

COMMENT  This file is for the Moon.
CREATION_DATE = 2000-11-04T17:22:31
ORIGINATOR = NASA/JPL

META_START
OBJECT_NAME          = MARS GLOBAL SURVEYOR
OBJECT_ID            = 1996-062A
CENTER_NAME          = Moon
REF_FRAME            = EME2000
TIME_SYSTEM          = UTC
START_TIME           = 1996-12-18T12:00:00.331
USEABLE_START_TIME   = 1996-12-18T12:10:00.331
USEABLE_STOP_TIME    = 1996-12-28T21:23:00.331
STOP_TIME            = 1996-12-28T21:28:00.331
INTERPOLATION        = HERMITE
INTERPOLATION_DEGREE = 7
META_STOP
COMMENT  This block begins after trajectory correction maneuver TCM-3.
1996-12-18T12:00:00.331 2789.619 -280.045 -1746.755 4.73372 -2.49586 -1.04195
1996-12-18T12:01:00.331 2783.419 -308.143 -1877.071 5.18604 -2.42124 -1.99608
1996-12-18T12:02:00.331 2776.033 -336.859 -2008.682 5.63678 -2.33951 -1.94687 0.008 0.001 -0.159

COVARIANCE_START
EPOCH = 1996-12-28T21:29:07.267
COV_REF_FRAME = EME2000
 3.3313494e-04
 4.6189273e-04 6.7824216e-04
COVARIANCE_STOP

META_START
OBJECT_NAME          = MARS GLOBAL SURVEYOR
OBJECT_ID            = 1996-062A
CENTER_NAME          = MOON
REF_FRAME            = EME2000
TIME_SYSTEM          = TDB
START_TIME           = 1996-355T21:29:07.267
STOP_TIME            = 1996-365T01:28:02.267
META_STOP
1996-355T21:29:07.267 -2432.166 -063.042 1742.754 7.33702 -3.495867 -1.041945
1996-355T21:59:02.267 -2445.234 -878.141 1873.073 1.86043 -3.421256 -0.996366
"""


def segment(count: int = 5, **changes: object) -> Segment:
    numbers = np.random.default_rng(7).normal(size=(6, count)) * 1e3
    plain = Segment(
        object_name="DANURI",
        object_id="2022-094A",
        centre="MOON",
        frame="GCRF",
        time_system="UTC",
        epochs=tuple(f"2026-11-24T02:{minute:02d}:00.000" for minute in range(count)),
        position_km=numbers[:3],
        velocity_km_s=numbers[3:],
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def assert_same(one: Segment, other: Segment) -> None:
    for name in Segment.__slots__:
        first, second = getattr(one, name), getattr(other, name)
        if isinstance(first, np.ndarray):
            assert first.tolist() == second.tolist()
        else:
            assert first == second


def test_the_example_of_the_standard() -> None:
    first, second = read_oem(EXAMPLE.encode())
    assert (first.object_name, first.object_id) == ("MARS GLOBAL SURVEYOR", "1996-062A")
    assert (first.centre, first.frame, first.time_system) == ("MOON", "EME2000", "UTC")
    assert first.position_km[:, 2].tolist() == [2776.033, -336.859, -2008.682]
    assert first.velocity_km_s[:, 2].tolist() == [5.63678, -2.33951, -1.94687]
    assert first.useable == ("1996-12-18T12:10:00.331", "1996-12-28T21:23:00.331")
    assert second.epochs == ("1996-355T21:29:07.267", "1996-355T21:59:02.267")
    start, seconds = second.tdb()
    # Day 355 of 1996 is December 20.
    assert start == 2450437.5
    assert seconds.tolist() == [77347.267, 77347.267 + 1795.0]


@pytest.mark.parametrize("form", ["kvn", "xml"])
def test_what_is_written_is_read(form: str) -> None:
    segments = (
        segment(),
        segment(3, centre="EARTH", frame="ITRF2000", time_system="TDB", object_name="A & <B>"),
        segment(useable=("2026-11-24T02:01:00.000", "2026-11-24T02:03:00.000")),
    )
    text = write_oem(segments, CREATED, form)
    assert is_oem(text.encode())
    for found, expected in zip(read_oem(text.encode()), segments, strict=True):
        assert_same(found, expected)
    again = read_oem(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert len(again) == 3


@given(st.lists(st.floats(-1e9, 1e9), min_size=6, max_size=6), st.sampled_from(["kvn", "xml"]))
def test_whatever_the_numbers(numbers: list[float], form: str) -> None:
    values = np.array(numbers)[:, None]
    one = segment(1, position_km=values[:3], velocity_km_s=values[3:])
    (found,) = read_oem(write_oem([one], CREATED, form).encode())
    assert_same(found, one)


@pytest.mark.parametrize("form", ["kvn", "xml"])
def test_an_independent_library_reads_what_we_write(form: str) -> None:
    one = segment(useable=("2026-11-24T02:01:00.000", "2026-11-24T02:03:00.000"))
    message = ccsds_ndm.Oem.from_str(write_oem([one, one], CREATED, form))
    assert len(message.segments) == 2
    for found in message.segments:
        found.validate()
        metadata = found.metadata
        assert (metadata.object_name, metadata.object_id) == ("DANURI", "2022-094A")
        assert (metadata.center_name, metadata.ref_frame, metadata.time_system) == (
            "MOON",
            "GCRF",
            "UTC",
        )
        states = found.data.state_vector
        assert [state.epoch for state in states] == list(one.epochs)
        assert [[s.x, s.y, s.z] for s in states] == one.position_km.T.tolist()
        assert [[s.x_dot, s.y_dot, s.z_dot] for s in states] == one.velocity_km_s.T.tolist()


@pytest.mark.parametrize("form", ["kvn", "xml"])
def test_we_read_what_an_independent_library_writes(form: str) -> None:
    one = segment()
    message = ccsds_ndm.Oem.from_str(write_oem([one], CREATED, "kvn"))
    (found,) = read_oem(message.to_str(form, validate=True).encode())
    assert found.object_name == one.object_name
    assert np.allclose(found.position_km, one.position_km, rtol=1e-12)
    assert np.allclose(found.velocity_km_s, one.velocity_km_s, rtol=1e-12)
    assert np.allclose(found.tdb()[1], one.tdb()[1], atol=1e-9)


def test_time_systems_against_skyfield() -> None:
    ts = load.timescale(builtin=True)
    text = "2026-11-24T02:00:00.000"
    instants = {
        "UTC": ts.utc(2026, 11, 24, 2),
        "TT": ts.tt(2026, 11, 24, 2),
        "TAI": ts.tai(2026, 11, 24, 2),
        "TDB": ts.tdb(2026, 11, 24, 2),
        "GPS": ts.tai(2026, 11, 24, 2, 0, 19),
    }
    for time_system, instant in instants.items():
        start, seconds = segment(1, epochs=(text,), time_system=time_system).tdb()
        assert start == 2461368.5
        assert seconds[0] == pytest.approx((instant.tdb - start) * 86400.0, abs=5e-5)


def test_leap_seconds_are_counted() -> None:
    epochs = tuple(
        f"2016-12-31T23:59:{second}" if second < 61 else "2017-01-01T00:00:00"
        for second in (58, 59, 60, 61)
    )
    _, seconds = segment(4, epochs=epochs).tdb()
    assert np.diff(seconds) == pytest.approx([1.0, 1.0, 1.0], abs=1e-9)
    with pytest.raises(RejectedDataError, match="not on the calendar or the clock"):
        read_epoch("2016-12-31T23:59:60", "TT")
    with pytest.raises(RejectedDataError, match="begins in 1972"):
        read_epoch("1969-07-20T20:17:40", "UTC")
    assert timescale() is not None


def kvn(old: str = "", new: str = "") -> bytes:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (kvn("OEM_VERS = 2.0", "OEM_VERS = 9.0"), "version '9.0' of the OEM is not known"),
        (kvn("= Moon", "= MARS BARYCENTER"), "CENTER_NAME 'MARS BARYCENTER': must be one of EARTH"),
        (kvn("= EME2000", "= TDR"), "line 7: REF_FRAME 'TDR': must be one of ICRF"),
        (kvn("= UTC", "= MET"), "TIME_SYSTEM 'MET': must be one of TT"),
        (kvn("OBJECT_ID            = 1996-062A\n"), "line 7: the segment lacks OBJECT_ID"),
        (kvn("TIME_SYSTEM ", "TIMESYSTEM "), "'TIMESYSTEM          = UTC' does not belong there"),
        (
            kvn("INTERPOLATION_DEGREE = 7", "INTERPOLATION = LAGRANGE"),
            "INTERPOLATION is written tw",
        ),
        (
            kvn("12:01:00.331", "12:00:00.331"),
            "line 22: '1996-12-18T12:00:00.331' is not later than",
        ),
        (kvn("18T12:01:00.331", "17T12:01:00.331"), "is not later than the one before"),
        (kvn("18T12:02:00.331", "29T12:02:00.331"), "is not within START and STOP_TIME"),
        (
            kvn("12:01:00.331", "25:01:00.331"),
            "line 22: '1996-12-18T25:01:00.331' is not on the cal",
        ),
        (kvn("12-18T12:01:00.331", "13-18T12:01:00.331"), "is not on the calendar"),
        (kvn("2783.419 ", ""), "line 22: 5 numbers after '1996-12-18T12:01:00.331', not 6"),
        (kvn("2783.419", "nan"), "line 22: 'nan' is not a number"),
        (kvn("2783.419", "2_783.419"), "line 22: '2_783.419' is not a number"),
        (kvn("META_STOP\nCOMMENT", "COMMENT"), "'1996-12-18T12:00:00.331 2789.619"),
        (kvn("COVARIANCE_STOP"), "the OEM is cut short: COVARIANCE_STOP is missing"),
        (EXAMPLE[: EXAMPLE.index("META_START")].encode(), "an OEM without a segment"),
        (EXAMPLE[: EXAMPLE.index("COMMENT  This block")].encode(), "the segment has no states"),
        (b"CCSDS_OEM_VERS = 2.0\n1 2 3 4", "line 2: '1 2 3 4' does not belong there"),
        (b"", "not an ephemeris (OEM): ''"),
        (b"CCSDS_OMM_VERS = 2.0\n", "not an ephemeris (OEM): 'CCSDS_OMM_VERS = 2.0'"),
        (b"<oem/>", "version 'none' of the OEM is not known"),
        (b"<oem version='2.0'><body>", "the XML is broken or cut short"),
        (b"<?xml version='1.0'?><oem><oem version='2.0'/></oem>", "a second OEM in one document"),
        (b"<oem version='2.0'>" + b"<a>" * 40, "nested too deeply"),
        (b"<oem version='2.0'><metadata><X>1</X></metadata></oem>", "<'X'> does not belong there"),
        (b"<oem version='2.0'><metadata><OBJECT_ID/></metadata></oem>", "does not belong there"),
        (b"\xff\xfe<", "not UTF-8 text: byte 0xFF at offset 0"),
    ],
)
def test_anything_else_is_refused(document: bytes, said: str) -> None:
    with pytest.raises(RejectedDataError) as caught:
        read_oem(document)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


def test_xml_declares_no_entities_and_keeps_its_units() -> None:
    text = write_oem([segment()], CREATED, "xml")
    evil = text.replace("<oem ", '<!DOCTYPE oem [<!ENTITY a "aaaa">]>\n<oem ')
    with pytest.raises(RejectedDataError, match=r"document type|not an ephemeris"):
        read_oem(evil.encode())
    with_units = text.replace("<X>", '<X units="km">').replace("<X_DOT>", '<X_DOT units="km/s">')
    assert len(read_oem(with_units.encode())) == 1
    with pytest.raises(RejectedDataError, match="X must be in km, not 'm'"):
        read_oem(text.replace("<X>", '<X units="m">').encode())
