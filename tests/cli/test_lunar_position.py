"""`sattrack position danuri`: above the Moon, and as a place receives it."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from itertools import pairwise

import jsonschema
import numpy as np
import pytest
from lunarlike import danuri, frames

from sattrack.orbits.moon import MOON_RADIUS_KM
from sattrack.times.scale import timescale

C_KM_S = 299792.458
TIME = "2026-11-24T05:00:00.000Z"


def position(sattrack, *arguments: str, time: str = TIME) -> dict:
    run = sattrack("position", "danuri", "--time", time, *arguments, "--format", "json")
    assert run.status == 0, run.err
    found = json.loads(run.out)
    jsonschema.Draft202012Validator(json.loads(sattrack("schema", "position").out)).validate(found)
    (result,) = found["results"]
    return result


def test_it_is_told_where_it_is_above_the_moon(sattrack):
    result = position(sattrack)
    assert "signal" not in result
    moon = result["moon"]
    t = timescale().from_datetime(datetime.fromisoformat(TIME))
    about = danuri().at(t).position.km - danuri().bodies.moon(t)[0]
    x, y, z = frames().mean_earth(t) @ about
    latitude_deg = np.degrees(np.arctan2(z, np.hypot(x, y)))
    assert moon["latitude_deg"] == pytest.approx(latitude_deg, abs=1e-6)
    assert moon["longitude_deg"] == pytest.approx(np.degrees(np.arctan2(y, x)), abs=1e-6)
    assert moon["height_km"] == pytest.approx(np.linalg.norm(about) - MOON_RADIUS_KM, abs=1e-5)
    assert moon["earth_distance_km"] == pytest.approx(
        np.linalg.norm(result["position_km"]), abs=1e-5
    )
    # The first full second of the embedded table.
    assert moon["orbit_number_since"] == "2026-09-04T23:58:51.000Z"


def test_orbits_are_counted_at_the_equator_northward(sattrack):
    start = datetime.fromisoformat(TIME)
    found = [
        position(sattrack, time=(start + timedelta(minutes=minutes)).isoformat())["moon"]
        for minutes in range(0, 264, 8)
    ]
    crossings = sum(
        one["latitude_deg"] < 0.0 <= other["latitude_deg"] for one, other in pairwise(found)
    )
    assert found[-1]["orbit_number"] - found[0]["orbit_number"] == crossings == 2
    # Eighty days of 120.8 minutes.
    assert found[0]["orbit_number"] == pytest.approx(80.2 * 1440.0 / 120.8, abs=3.0)
    assert {one["illumination"] for one in found} >= {"sunlit", "moon umbra"}


def test_what_a_place_receives(sattrack):
    signal = position(sattrack, "--at", "kdsa")["signal"]
    result = position(sattrack, "--at", "kdsa")
    assert signal["light_time_s"] == pytest.approx(result["range_km"] / C_KM_S, abs=2e-9)
    # The classical shift, by the light times two seconds before and after.
    start = datetime.fromisoformat(TIME)
    before, after = (
        position(sattrack, "--at", "kdsa", time=(start + timedelta(seconds=s)).isoformat())
        for s in (-2.0, 2.0)
    )
    slope = (after["signal"]["light_time_s"] - before["signal"]["light_time_s"]) / 4.0
    shifts = {link["frequency_mhz"]: link["doppler_hz"] for link in signal["downlinks"]}
    assert shifts.keys() == {2260.8, 8475.0}
    for frequency_mhz, shift_hz in shifts.items():
        # Light times are printed to the nanosecond.
        rounding_hz = 1e-9 / 4.0 * frequency_mhz * 1e6
        assert shift_hz == pytest.approx(-slope * frequency_mhz * 1e6, rel=2e-4, abs=rounding_hz)
    # A low lunar orbit, 1.6 km/s, the Moon and the turning Earth.
    assert abs(shifts[2260.8]) < 2.5 / C_KM_S * 2260.8e6


def test_it_agrees_with_the_contacts(sattrack):
    run = sattrack(
        "passes", "danuri", "--at", "kdsa", "--start", TIME, "--days", "1", "--format", "json"
    )
    (result,) = json.loads(run.out)["results"]
    contact = next(one for one in result["passes"] if one["begins"] == "limb")
    rise = datetime.fromisoformat(contact["rise"]["time"])
    seconds = timedelta(seconds=0.01)
    behind, beside = (
        position(sattrack, "--at", "kdsa", time=(rise + shift).isoformat())
        for shift in (-seconds, seconds)
    )
    assert behind["signal"]["hidden_by_moon"]
    assert not beside["signal"]["hidden_by_moon"]
    assert beside["elevation_deg"] == pytest.approx(contact["rise"]["elevation_deg"], abs=1e-4)
    assert beside["signal"]["moon_centre_deg"] == pytest.approx(0.26, abs=0.02)


def test_the_table_and_csv_tell_the_same(sattrack):
    arguments = ("position", "danuri", "--at", "kdsa", "--time", TIME, "--tz", "UTC")
    text = " ".join(sattrack(*arguments).out.split())
    result = position(sattrack, "--at", "kdsa")
    moon, signal = result["moon"], result["signal"]
    assert f"latitude {moon['latitude_deg']:.4f}°" in text
    assert f"orbit {moon['orbit_number']} since 2026-09-04 23:58:51 UTC" in text
    assert f"light takes {signal['light_time_s']:.3f} s" in text
    assert "X-band science, 8475 MHz: " in text
    (row,) = csv.DictReader(io.StringIO(sattrack(*arguments, "--format", "csv").out))
    assert float(row["moon_height_km"]) == moon["height_km"]
    assert row["moon_illumination"] == moon["illumination"]
    assert float(row["signal_light_time_s"]) == signal["light_time_s"]
    assert row["signal_hidden_by_moon"] == ("true" if signal["hidden_by_moon"] else "false")


def test_other_craft_have_no_moon(sattrack):
    run = sattrack("position", "gems", "--at", "kdsa", "--format", "json")
    (result,) = json.loads(run.out)["results"]
    assert not {"moon", "signal"} & result.keys()
