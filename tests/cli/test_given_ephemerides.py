"""Files of ephemerides: windows over the borders of OEM segments, and SPK files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from sattrack.formats.oem import read_oem, write_oem

START = datetime(2026, 11, 24, tzinfo=UTC)
WINDOW = ("--start", "2026-11-24T00:00Z", "--days", "0.5")


def answer(sattrack, *arguments: str, name: str = "", stdin: bytes = b"") -> list:
    run = sattrack(*arguments, "--format", "json", *(["--", name] if name else []), stdin=stdin)
    assert run.status == 0, run.err
    return json.loads(run.out)["results"]


@pytest.fixture
def segment(sattrack):
    (whole,) = read_oem(sattrack("track", "danuri", *WINDOW, "--format", "oem").out.encode())
    return whole


def cut(segment, first: int, last: int, useable: tuple[str, ...] = (), shift_km: float = 0.0):
    """Rows `first` to `last` of a segment, both included, perhaps a little beside."""
    rows = slice(first, last + 1)
    return replace(
        segment,
        epochs=segment.epochs[rows],
        position_km=segment.position_km[:, rows] + np.array([[shift_km], [0.0], [0.0]]),
        velocity_km_s=segment.velocity_km_s[:, rows],
        useable=useable,
    )


def at(minutes: float) -> str:
    instant = START + timedelta(minutes=minutes)
    return instant.replace(tzinfo=None).isoformat(timespec="milliseconds")


def as_oem(*segments) -> bytes:
    return write_oem(segments, START).encode()


@pytest.mark.parametrize(
    "halves",
    [
        ((0, 300, ()), (300, 720, ())),
        ((0, 310, (at(0), at(300))), (290, 720, (at(300), at(720)))),
        ((0, 310, (at(0), at(300.4))), (290, 720, (at(300.4), at(720)))),
        ((290, 720, (at(300), at(720))), (0, 310, (at(0), at(300)))),
        ((0, 310, ()), (300, 720, ())),
    ],
    ids=["abutting", "useable", "useable between states", "out of order", "overlapping"],
)
def test_a_window_over_the_border_of_two_segments(sattrack, segment, halves):
    document = as_oem(*(cut(segment, *half) for half in halves))
    search = ("passes", "danuri", "--at", "dsn", *WINDOW, "--elements", "-")
    whole = answer(sattrack, *search, stdin=as_oem(segment))
    parts = answer(sattrack, *search, stdin=document)
    assert len(whole) == len(parts)
    assert sum(len(result["passes"]) for result in whole) > 3
    for one, other in zip(whole, parts, strict=True):
        assert len(one["passes"]) == len(other["passes"])
        for this, that in zip(one["passes"], other["passes"], strict=True):
            for edge in ("rise", "culmination", "set"):
                assert (this[edge] is None) == (that[edge] is None)
                if this[edge] is not None:
                    # Next to a border, interpolation reaches to one side alone: some metres.
                    times = [datetime.fromisoformat(p[edge]["time"]) for p in (this, that)]
                    assert abs(times[0] - times[1]) < timedelta(milliseconds=50)


def test_each_segment_answers_for_its_useable_span(sattrack, segment):
    document = as_oem(
        cut(segment, 0, 310, (at(0), at(300.25))),
        cut(segment, 290, 720, (at(300.25), at(720)), shift_km=5.0),
    )
    moments = ("--start", f"{at(300)}Z", "--days", "0.0005", "--step", "10", "--elements", "-")
    (own,) = answer(sattrack, "track", "danuri", *moments, stdin=as_oem(segment))
    (given,) = answer(sattrack, "track", "danuri", *moments, stdin=document)
    off_km = [
        other["position_km"][0] - one["position_km"][0]
        for one, other in zip(own["samples"], given["samples"], strict=True)
    ]
    assert off_km == pytest.approx([0.0, 0.0, 5.0, 5.0, 5.0], abs=0.01)


def test_a_gap_between_segments_ends_the_answer(sattrack, segment):
    document = as_oem(cut(segment, 0, 300), cut(segment, 302, 720))
    run = sattrack("track", "danuri", *WINDOW, "--elements", "-", stdin=document)
    assert run.status == 4
    assert "the table ends" in run.err
    in_gap = ("position", "danuri", "--time", f"{at(301)}Z", "--elements", "-")
    run = sattrack(*in_gap, stdin=document)
    assert run.status == 4
    assert (
        "the file covers 2026-11-24 00:00 to 2026-11-24 05:00 UTC, "
        "2026-11-24 05:02 to 2026-11-24 12:00 UTC" in run.err
    )


def test_segments_that_contradict_each_other_are_refused(sattrack, segment):
    document = as_oem(segment, cut(segment, 100, 200))
    run = sattrack("track", "danuri", *WINDOW, "--elements", "-", stdin=document)
    assert (run.status, run.out) == (8, "")
    assert "two segments cover 2026-11-24T01:40:00.000Z to 2026-11-24T03:20:00.000Z" in run.err


def test_of_a_few_states_the_error_is_a_number(sattrack, segment):
    few = as_oem(cut(segment, 0, 4))
    moment = ("position", "danuri", "--time", f"{at(1.5)}Z", "--elements", "-")
    (given,) = answer(sattrack, *moment, stdin=few)
    assert 0.0 < given["orbit"]["error_km"] < 1.0


def test_a_segment_without_useable_states_is_refused(sattrack, segment):
    document = as_oem(replace(segment, useable=(at(800), at(900))))
    run = sattrack("track", "danuri", *WINDOW, "--elements", "-", stdin=document)
    assert (run.status, run.out) == (8, "")
    assert run.err.count("\n") == 1
    assert "no useable states" in run.err


def test_the_orbit_number_goes_on_from_one_table_to_the_next(sattrack, segment):
    late = cut(segment, 5, 720, shift_km=3.0)
    for minutes in range(5, 240, 9):
        moment = ("position", "danuri", "--time", f"{at(minutes)}Z")
        (own,) = answer(sattrack, *moment)
        (given,) = answer(sattrack, *moment, "--elements", "-", stdin=as_oem(late))
        assert given["moon"]["orbit_number"] == own["moon"]["orbit_number"] > 900
        assert given["moon"]["orbit_number_since"] == own["moon"]["orbit_number_since"]


def test_the_orbit_number_of_a_table_before_the_embedded_one(sattrack, segment):
    early = replace(
        segment,
        epochs=tuple(text.replace("2026-11-24", "2026-08-01") for text in segment.epochs),
    )
    moment = ("position", "danuri", "--time", "2026-08-01T04:00Z", "--elements", "-")
    (given,) = answer(sattrack, *moment, stdin=as_oem(early))
    assert given["moon"]["orbit_number"] == 2
    assert given["moon"]["orbit_number_since"] == "2026-08-01T00:00:01.000Z"


# SPK files

REASON = "writes and reads SPK files; comes with the extra spk"
# TDB 2026-12-08T11:06:40 is 69.184 s earlier in UTC.
SPK_WINDOW = ("--start", "2026-12-08T11:06:00Z", "--days", "0.2")


@pytest.fixture
def kernels():
    pytest.importorskip("spiceypy", reason=REASON)
    import kernels

    return kernels


@pytest.fixture
def danuri_bsp(kernels, tmp_path):
    path = tmp_path / "orbit.dat"
    kernels.write(path, [kernels.hermite(kernels.nodes())])
    return path


def test_states_from_an_spk_file_are_what_spice_says(sattrack, kernels, danuri_bsp):
    (result,) = answer(sattrack, "track", "danuri", *SPK_WINDOW, "--elements", str(danuri_bsp))
    assert result["spacecraft"]["id"] == "danuri"
    assert result["frame"] == "moon-icrf"
    assert result["orbit"]["source"] == "file"
    first = datetime(2026, 12, 8, 11, 6, 40, tzinfo=UTC) - timedelta(seconds=69.184)
    times = [datetime.fromisoformat(sample["time"]) for sample in result["samples"]]
    seconds = np.array([kernels.START_S + (time - first).total_seconds() for time in times])
    truth = kernels.truth(danuri_bsp, kernels.DANURI, kernels.MOON, seconds)
    found = np.array([sample["position_km"] for sample in result["samples"]]).T
    # TDB breathes by 2 ms against UTC: 3 m along the orbit.
    assert np.abs(found - truth[:3]).max() < 0.004


def test_it_comes_from_standard_input_too_and_needs_no_name(sattrack, danuri_bsp):
    document = danuri_bsp.read_bytes()
    (one,) = answer(sattrack, "track", *SPK_WINDOW, "--elements", "-", stdin=document)
    (other,) = answer(sattrack, "track", *SPK_WINDOW, "--elements", str(danuri_bsp), name="-155")
    assert one == other


def test_contacts_and_positions_from_an_spk_file(sattrack, danuri_bsp):
    file = ("--elements", str(danuri_bsp))
    (contacts,) = answer(sattrack, "passes", "danuri", "--at", "37.2,127.6", *SPK_WINDOW, *file)
    assert contacts["orbit"]["kind"] == "tabulated"
    time = ("--time", "2026-12-08T12:00Z")
    (position,) = answer(sattrack, "position", "danuri", *time, *file)
    assert 50.0 < position["moon"]["height_km"] < 70.0


def test_the_target_is_chosen_by_its_number(sattrack, kernels, tmp_path):
    path = tmp_path / "two.bsp"
    kernels.write(
        path,
        [
            kernels.hermite(kernels.nodes()),
            kernels.hermite(kernels.nodes(), kernels.LRO),
            kernels.hermite(kernels.nodes(), -100_000 - 25544),
        ],
    )
    results = answer(sattrack, "track", *SPK_WINDOW, "--elements", str(path))
    assert [result["spacecraft"]["id"] for result in results] == ["danuri", "-85", "iss"]
    for name in ("lunar reconnaissance orbiter", "-85"):
        (result,) = answer(sattrack, "track", *SPK_WINDOW, "--elements", str(path), name=name)
        assert result["spacecraft"]["name"] == "Lunar Reconnaissance Orbiter"
    run = sattrack("track", "hst", *SPK_WINDOW, "--elements", str(path))
    assert run.status == 3
    assert "it holds: Danuri, Lunar Reconnaissance Orbiter, International Space Station" in run.err


def test_outside_its_coverage_there_is_no_orbit(sattrack, danuri_bsp):
    early = ("position", "danuri", "--time", "2026-12-08T10:00Z", "--elements", str(danuri_bsp))
    run = sattrack(*early)
    assert (run.status, run.out) == (4, "")
    assert "the file covers 2026-12-08 11:05 to 2026-12-08 17:05 UTC" in run.err
    over = ("track", "danuri", *SPK_WINDOW[:2], "--days", "1", "--elements", str(danuri_bsp))
    run = sattrack(*over)
    assert run.status == 4
    assert "the table ends" in run.err


@pytest.mark.parametrize("length", [20, 1500, 9000])
def test_a_file_cut_short_is_named_in_one_line(sattrack, danuri_bsp, length):
    danuri_bsp.write_bytes(danuri_bsp.read_bytes()[:length])
    run = sattrack("track", "danuri", *SPK_WINDOW, "--elements", str(danuri_bsp))
    assert (run.status, run.out) == (8, "")
    assert run.err.startswith(f"sattrack: {danuri_bsp}: cut short")
    assert run.err.count("\n") == 1


def test_the_shipped_kernel_of_the_planets_has_no_object_for_us(sattrack):
    pytest.importorskip("spiceypy", reason=REASON)
    from sattrack.catalog import catalog_root

    path = catalog_root() / "ephemeris" / "de440_2000_2050.bsp"
    run = sattrack("track", "--elements", str(path))
    assert (run.status, run.out) == (8, "")
    assert "no object in it can be used" in run.err
    assert "states about body" in run.err


def test_without_the_extra_its_installation_is_named(sattrack, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "spiceypy", None)
    from sattrack.catalog import catalog_root

    path = catalog_root() / "ephemeris" / "de440_2000_2050.bsp"
    run = sattrack("track", "--elements", str(path))
    assert (run.status, run.out) == (2, "")
    assert "run: python -m pip install 'sattrack-missions[spk]'" in run.err


# Kept by sattrack update


def kept(sattrack, *arguments: str, status: int = 0, stdin: bytes = b"") -> dict:
    run = sattrack("update", *arguments, "--format", "json", stdin=stdin)
    assert run.status == status, run.err
    return json.loads(run.out)


def test_an_oem_is_kept_and_answers_from_then_on(sattrack, segment, tmp_path):
    path = tmp_path / "danuri.oem"
    halves = (0, 310, (at(0), at(300))), (290, 720, (at(300), at(720)))
    path.write_bytes(as_oem(*(cut(segment, *half, shift_km=1.0) for half in halves)))
    report = kept(sattrack, "--source", str(path))
    assert [table["naif_id"] for table in report["tables"]] == [-155, -155]
    search = ("track", "danuri", *WINDOW)
    (stored,) = answer(sattrack, *search)
    (given,) = answer(sattrack, *search, "--elements", str(path))
    assert stored["orbit"]["source"] == given["orbit"]["source"] == "file"
    for one, other in zip(stored["samples"], given["samples"], strict=True):
        assert one["position_km"] == pytest.approx(other["position_km"], abs=2e-6)
    # Outside of it, the embedded elements go on answering.
    (late,) = answer(sattrack, "position", "danuri", "--time", "2026-11-25T00:00Z")
    assert late["orbit"]["source"] == "embedded"
    again = kept(sattrack, "danuri", "--source", "-", stdin=path.read_bytes())
    assert (again["tables"], again["sources"][0]["sets"]) == ([], 2)


def test_an_spk_file_is_kept_and_answers_from_then_on(sattrack, danuri_bsp):
    report = kept(sattrack, "danuri", "--source", str(danuri_bsp))
    assert report["tables"][0]["name"] == "Danuri"
    (stored,) = answer(sattrack, "track", "danuri", *SPK_WINDOW)
    (given,) = answer(sattrack, "track", "danuri", *SPK_WINDOW, "--elements", str(danuri_bsp))
    assert stored["samples"] == given["samples"]
    assert "file ephemeris" in sattrack("passes", "danuri", "--at", "dsn", *SPK_WINDOW).out


def test_the_readmes_lunar_reconnaissance_orbiter(sattrack, kernels, home, tmp_path):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (catalog,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    home.mkdir()
    (home / "config.toml").write_text(catalog, encoding="utf-8")
    search = ("passes", "lro", "--at", "dsn", *SPK_WINDOW)
    run = sattrack(*search)
    assert run.status == 4
    assert (
        "no ephemeris of Lunar Reconnaissance Orbiter is held; run: sattrack update lro" in run.err
    )
    path = tmp_path / "lro.bsp"
    kernels.write(path, [kernels.hermite(kernels.nodes(), kernels.LRO)])
    (given, *_) = answer(sattrack, *search, "--elements", str(path))
    assert kept(sattrack, "lro", "--source", str(path))["tables"][0]["naif_id"] == -85
    (stored, *_) = answer(sattrack, *search)
    assert given["spacecraft"]["id"] == stored["spacecraft"]["id"] == "lro"
    assert given["passes"] == stored["passes"]


def test_what_no_answer_would_look_for_is_not_kept(sattrack, segment):
    text = sattrack("track", "iss", *WINDOW, "--format", "oem").out.encode()
    run = sattrack("update", "--source", "-", stdin=text)
    assert run.status == 8
    assert "International Space Station is not tracked by ephemeris" in run.err
    unknown = text.replace(b"1998-067A", b"2030-001A").replace(
        b"International Space Station", b"NEW ONE"
    )
    run = sattrack("update", "--source", "-", stdin=unknown)
    assert run.status == 8
    assert "NEW ONE has no NAIF number" in run.err
    run = sattrack("update", "danuri", "--source", "-", stdin=text)
    assert run.status == 3
    assert "Danuri is not in standard input" in run.err
    assert sattrack("update", "--group", "active", "--source", "-", stdin=text).status == 2


def test_a_damaged_file_keeps_nothing(sattrack, segment, tmp_path):
    path = tmp_path / "danuri.oem"
    path.write_bytes(as_oem(segment)[:5000])
    run = sattrack("update", "--source", str(path))
    assert (run.status, run.out) == (8, "")
    assert run.err.count("\n") == 1
