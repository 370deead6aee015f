"""A small catalog that holds every kind of table, every key and every way to write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sattrack.catalog import Catalog, read_catalog

LOOKOUT = """\
[sources]
report = { title = "Launch report, 2020-02-18", url = "https://example.org/report" }
list = { title = "Satellite list" }

[[mission]]
id = "lookout-mission"
name = "Lookout mission"
name_ko = "전망대 계획"
summary = "Looks out."
source = "report"
status = "active"
operator = "Nobody"
milestones = [
  { date = "2020-02", text = "Launch", source = "report" },
  { date = 2020-03-01, text = "First light", source = "list" },
]

[[spacecraft]]
id = "lookout-1"
name = "Lookout 1"
name_ko = "전망대 1호"
aliases = ["LO-1", "USA 999"]
summary = "The first, geostationary."
source = "report"
mission = "lookout-mission"
regime = "geo"
orbit_data = "gp"
norad_id = 45246
cospar_id = "2020-013B"
publishers = ["celestrak", "spacetrack"]
launch = "lookout-launch"
launched = 2020-02-19T07:18:00+09:00
slot_longitude_deg = 128
cited = { norad_id = "list" }
prn = [{ prn = 13, seen = "2026-07-16", source = "list" }]
downlinks = [{ name = "Beacon", frequency_mhz = 2200.5, source = "list", note = "weak" }]
facts = [
  { name = "Launch mass", value = "3,400 kg", source = "report", note = "3.2 t elsewhere" },
]

[[spacecraft]]
id = "lookout-2"
name = "Lookout 2"
summary = "Planned."
source = "report"
orbit_data = "nominal"
status = "planned"
launched = "2029-09"

[spacecraft.nominal]
epoch = 2026-12-01T09:00:00+09:00
semi_major_axis_km = 42164.2
eccentricity = 0
inclination_deg = 43.0
raan_deg = 100.0
argument_of_perigee_deg = 270.0
mean_anomaly_deg = 10.5
station_kept = true

[[spacecraft.facts]]
name = "Design life"
value = "10 years"
source = "list"

[[spacecraft]]
id = "moonlet"
name = "Moonlet"
summary = "Orbits the Moon."
source = "report"
regime = "lunar"
orbit_data = "ephemeris"
naif_id = -155
publishers = ["horizons"]

[[instrument]]
id = "eye"
name = "EYE"
aliases = ["Earth Yielding Eye"]
summary = "Sees."
source = "report"
host = "lookout-1"
mission = "lookout-mission"

[[station]]
id = "pad"
name = "Pad 39"
summary = "Launches."
source = "report"
kind = "launch site"
latitude_deg = 5.2
longitude_deg = -52.8
height_m = -20
zone = "America/Cayenne"

[[launch]]
id = "lookout-launch"
name = "Flight VA252"
summary = "Carried Lookout 1."
source = "report"
vehicle = "Ariane 5"
launched = "2020-02-18T22:18:00Z"
payloads = ["moonlet"]
site = "pad"

[[region]]
id = "crater"
name = "Crater"
summary = "Dark."
source = "report"
body = "moon"
latitude_deg = -89.5
longitude_deg = 222.0
area_km2 = 12.5
outline_deg = [[0, -89], [120.5, -89], [240, -89.5]]
mission = "lookout-mission"

[[group]]
id = "pair"
name = "The pair"
summary = "Both."
source = "report"
members = ["lookout-2", "eye"]

[[group]]
id = "all"
name = "Everything"
name_ko = "모두"
summary = "All that there is."
source = "report"
members = ["pair", "lookout-1", "moonlet", "pad", "crater"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder that holds the small catalog."""
    (tmp_path / "shipped" / "missions").mkdir(parents=True)
    (tmp_path / "shipped" / "missions" / "lookout.toml").write_text(LOOKOUT, encoding="utf-8")
    return tmp_path / "shipped"


@pytest.fixture
def catalog(root: Path) -> Catalog:
    return read_catalog(root)


@pytest.fixture
def own_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of the user's own."""

    def write(text: str | bytes, name: str = "own.toml") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write
