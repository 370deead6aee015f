"""What an element set must be before SGP4 sees it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sattrack.elements import (
    ElementSet,
    RejectedElementError,
    check_element_set,
    check_epoch,
)
from sattrack.errors import RejectedDataError

# CelesTrak GP data, 2026-07-10.
ISS = ElementSet(
    norad_id=25544,
    epoch=datetime(2026, 7, 10, 3, 41, 7, 908864, UTC),
    mean_motion_rev_day=15.48965714,
    eccentricity=0.00066838,
    inclination_deg=51.6302,
    raan_deg=186.4276,
    argument_of_perigee_deg=277.889,
    mean_anomaly_deg=82.1339,
    bstar_per_earth_radius=0.00011035045,
    mean_motion_dot_rev_day2=0.00005628,
    name="ISS (ZARYA)",
    cospar_id="1998-067A",
    rev_at_epoch=57531,
)

CIRCLE = "must be 0 to 360 deg"
MOTION = "must be 0.0047 (the edge of the Earth's attraction) to 17.04 rev/day (its surface)"
FRACTION = "must be at least 0 and less than 1"
COUNT = "must be a count of at most nine digits"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mean_motion_rev_day": math.nan}, f"MEAN_MOTION nan: {MOTION}"),
        ({"mean_motion_rev_day": math.inf}, f"MEAN_MOTION inf: {MOTION}"),
        ({"mean_motion_rev_day": 0.0}, f"MEAN_MOTION 0.0: {MOTION}"),
        ({"mean_motion_rev_day": -15.5}, f"MEAN_MOTION -15.5: {MOTION}"),
        ({"mean_motion_rev_day": 17.05}, f"MEAN_MOTION 17.05: {MOTION}"),
        ({"mean_motion_rev_day": 0.0047}, f"MEAN_MOTION 0.0047: {MOTION}"),
        ({"eccentricity": -0.001}, f"ECCENTRICITY -0.001: {FRACTION}"),
        ({"eccentricity": 1.0}, f"ECCENTRICITY 1.0: {FRACTION}"),
        ({"eccentricity": math.nan}, f"ECCENTRICITY nan: {FRACTION}"),
        ({"eccentricity": 0.5}, "ECCENTRICITY 0.5: puts the perigee 2979 km under ground"),
        ({"inclination_deg": 400.0}, "INCLINATION 400.0: must be 0 to 180 deg"),
        ({"inclination_deg": 180.1}, "INCLINATION 180.1: must be 0 to 180 deg"),
        ({"inclination_deg": -0.1}, "INCLINATION -0.1: must be 0 to 180 deg"),
        ({"raan_deg": 360.0001}, f"RA_OF_ASC_NODE 360.0001: {CIRCLE}"),
        ({"argument_of_perigee_deg": -1.0}, f"ARG_OF_PERICENTER -1.0: {CIRCLE}"),
        ({"mean_anomaly_deg": math.inf}, f"MEAN_ANOMALY inf: {CIRCLE}"),
        ({"bstar_per_earth_radius": math.nan}, "BSTAR nan: must be -100 to 100 per Earth radius"),
        (
            {"bstar_per_earth_radius": 1e9},
            "BSTAR 1000000000.0: must be -100 to 100 per Earth radius",
        ),
        ({"mean_motion_dot_rev_day2": -math.inf}, "MEAN_MOTION_DOT -inf: must be a finite number"),
        ({"mean_motion_ddot_rev_day3": math.nan}, "MEAN_MOTION_DDOT nan: must be a finite number"),
        ({"norad_id": 0}, "NORAD_CAT_ID 0: must be 1 to 999999999"),
        ({"norad_id": -5}, "NORAD_CAT_ID -5: must be 1 to 999999999"),
        ({"norad_id": 10**9}, "NORAD_CAT_ID 1000000000: must be 1 to 999999999"),
        ({"element_set_no": -1}, f"ELEMENT_SET_NO -1: {COUNT}"),
        ({"rev_at_epoch": 10**9}, f"REV_AT_EPOCH 1000000000: {COUNT}"),
        ({"epoch": datetime(2026, 7, 10)}, "EPOCH 2026-07-10 00:00:00: must have a time zone"),
        (
            {"epoch": datetime(1956, 12, 31, tzinfo=UTC)},
            "EPOCH 1956-12-31T00:00:00.000Z: must be 1957 or later",
        ),
        ({"cospar_id": "98067A"}, "OBJECT_ID '98067A': must be empty or like 1998-067A"),
        ({"cospar_id": "1998-067a"}, "OBJECT_ID '1998-067a': must be empty or like 1998-067A"),
        (
            {"cospar_id": "1998-067ABCD"},
            "OBJECT_ID '1998-067ABCD': must be empty or like 1998-067A",
        ),
        (
            {"ephemeris_type": 4},
            "EPHEMERIS_TYPE 4: must be 0 or 2 (SGP4); 4 is SGP4-XP, which sattrack does not have",
        ),
        ({"classification": "UU"}, "CLASSIFICATION_TYPE 'UU': must be one capital letter"),
        ({"classification": ""}, "CLASSIFICATION_TYPE '': must be one capital letter"),
        ({"classification": "é"}, "CLASSIFICATION_TYPE 'é': must be one capital letter"),
    ],
)
def test_what_cannot_be_an_orbit_is_refused_by_field(change: dict[str, Any], message: str) -> None:
    with pytest.raises(RejectedElementError) as caught:
        check_element_set(replace(ISS, **change))
    assert str(caught.value) == message
    assert message.startswith(f"{caught.value.field} {caught.value.value}: {caught.value.reason}")
    assert isinstance(caught.value, RejectedDataError)
    assert caught.value.exit_status == 8


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"norad_id": 1},
        {"norad_id": 999_999_999},
        {"cospar_id": ""},
        {"cospar_id": "2026-067CY"},
        {"eccentricity": 0.0},
        {"inclination_deg": 0.0, "raan_deg": 360.0, "mean_anomaly_deg": 360.0},
        {"inclination_deg": 180.0, "argument_of_perigee_deg": 0.0},
        # The slowest and the most eccentric of AIAA 2006-6753's verification set, object 23333.
        {"mean_motion_rev_day": 0.04987127, "eccentricity": 0.9728},
        # Its object 28872 is published with a perigee under ground, 50 minutes before the end.
        {"mean_motion_rev_day": 16.46015938, "eccentricity": 0.0303955},
        # The strongest B* of CelesTrak's active group on 2026-07-10, QIANFAN-132.
        {"bstar_per_earth_radius": -3.2832714},
        {"ephemeris_type": 2, "classification": "C"},
        {"epoch": datetime(1957, 10, 4, 20, tzinfo=UTC)},
    ],
)
def test_what_is_published_is_accepted(change: dict[str, Any]) -> None:
    check_element_set(replace(ISS, **change))


def test_an_epoch_may_run_two_days_ahead_of_now() -> None:
    check_epoch(ISS, ISS.epoch - timedelta(days=2))
    check_epoch(ISS, ISS.epoch + timedelta(days=20_000))
    now = ISS.epoch - timedelta(days=2, seconds=1)
    with pytest.raises(RejectedElementError) as caught:
        check_epoch(ISS, now)
    assert str(caught.value) == (
        "EPOCH 2026-07-10T03:41:07.909Z: lies more than 2 days after 2026-07-08T03:41:06.909Z"
    )
