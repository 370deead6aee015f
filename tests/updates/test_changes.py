"""What happens to spacecraft between two updates."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

HOURS = timedelta(hours=1)


def test_a_manoeuvre_is_reported_and_quiet_flight_is_not(scene):
    """Twenty quiet sets of KOMPSAT-5, then a push that makes its period longer."""
    scene.celestrak.updates_every = 12 * HOURS
    for _ in range(20):
        run = scene.update("kompsat-5", later=12 * HOURS)
        assert (run.status, run.err) == (0, "")
        assert run.out == "CelesTrak: 1 request, 1 element set, 1 new\n"
    # Along the track, a revolution a day less by 0.006 takes 7.6 km/s * 0.006 / 15.0 / 3.
    scene.other_rows(lambda row: {**row, "MEAN_MOTION": f"{float(row['MEAN_MOTION']) - 0.006:.8f}"})
    run = scene.update("kompsat-5", "--format", "json", later=12 * HOURS)
    (change,) = json.loads(run.out)["changes"]
    assert (change["kind"], change["norad_id"]) == ("manoeuvre", 39227)
    assert abs(change["manoeuvre"]["tangential_m_s"] - 1.0) < 0.1


@pytest.mark.parametrize("turn", [0.0, 0.3])
def test_a_jump_that_no_push_explains_is_no_manoeuvre(filled, turn):
    """Along the track by 17.2 degrees, with the plane tilted or not, and the same period."""

    def displaced(row):
        anomaly, node = float(row["MEAN_ANOMALY"]) + 17.2, float(row["RA_OF_ASC_NODE"]) + turn
        return {**row, "MEAN_ANOMALY": f"{anomaly:.4f}", "RA_OF_ASC_NODE": f"{node:.4f}"}

    filled.other_rows(displaced)
    run = filled.update("iss", "--format", "json")
    (change,) = json.loads(run.out)["changes"]
    assert change["kind"] == "inconsistent"
    assert re.match(r"26\d s earlier by the element set of 2026-11-24 ", change["text"])
    assert "which no one push explains" in change["text"]
    assert "manoeuvre" not in change


def test_a_new_name_is_reported(filled):
    filled.other_rows(lambda row: {**row, "OBJECT_NAME": "ISS (RETIRED)"})
    run = filled.update("iss")
    assert run.out.splitlines()[1] == "  ISS (RETIRED) (25544) renamed: ISS (ZARYA) → ISS (RETIRED)"
    assert filled.update("iss", later=3 * HOURS).out.count("\n") == 1


def test_a_first_designator_is_reported(scene):
    scene.celestrak.rows[0] |= {"NORAD_CAT_ID": "270001", "OBJECT_ID": ""}
    assert scene.update("270001").status == 0
    scene.celestrak.rows[0] |= {"OBJECT_ID": "2026-200A"}
    run = scene.update("270001", later=3 * HOURS)
    assert "renamed: designator none → 2026-200A" in run.out
