"""The catalog file as pydantic models: what each table may hold, and its JSON Schema.

Only reading the files themselves needs this module; the cached catalog does without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
)

from sattrack.catalog.entries import (
    Downlink,
    Fact,
    FieldOfRegard,
    GroundSample,
    Group,
    ImagingSensor,
    Instrument,
    Launch,
    Milestone,
    Mission,
    OrbitData,
    PrnAssignment,
    Regime,
    Region,
    Scan,
    Source,
    Spacecraft,
    Station,
)
from sattrack.elements import NominalOrbit
from sattrack.errors import InvalidInputError
from sattrack.places import HorizonMask

_ISO_8601 = re.compile(
    r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?)?)?"
)
ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COSPAR_PATTERN = r"^[0-9]{4}-[0-9]{3}[A-Z]{1,3}$"
TIME_OF_DAY_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
URL_PATTERN = r"^https?://[!-~]+$"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise ValueError("is empty")
    if not line.isprintable():
        unprintable = next(character for character in line if not character.isprintable())
        raise ValueError(f"holds the unprintable character U+{ord(unprintable):04X}")
    return line


def _iso_8601(stated: object) -> object:
    """Return a date or time of TOML, or its text, as text; times in UTC."""
    if isinstance(stated, datetime):
        if stated.tzinfo is None:
            raise ValueError("is a time without Z or an offset from UTC")
        return stated.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(stated, date):
        return stated.isoformat()
    if not isinstance(stated, str):
        return stated
    earliest = _earliest(stated)
    return stated if earliest.tzinfo is None or stated.endswith("Z") else _iso_8601(earliest)


def _earliest(stated: str) -> datetime:
    fault = "is not a date or time of ISO 8601, such as 2029-09"
    if not _ISO_8601.fullmatch(stated):
        raise ValueError(fault)
    try:
        return datetime.fromisoformat(stated + "0000-01-01"[len(stated) :])
    except ValueError:
        raise ValueError(fault) from None


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise ValueError("is not a time zone such as Asia/Seoul") from None
    return zone


def _naif_id(number: int) -> int:
    """Check that a number is a spacecraft's or a moon's.

    NAIF Integer ID codes: spacecraft are negative, satellites of planet P are P01 to P98, and from
    the 99th on P0NNN; provisional ones are P5NNN.
    """
    planet, moon = divmod(number, 100) if number < 1000 else divmod(number, 10000)
    few, many = 1 <= moon <= 98, 99 <= moon <= 999 or 5001 <= moon <= 5999
    if number >= 0 and not (3 <= planet <= 9 and (few if number < 1000 else many)):
        raise ValueError("is not the NAIF number of a spacecraft (-85) or a moon (301, 606)")
    return number


def _horizon(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Check a horizon mask by making it."""
    if points:
        try:
            HorizonMask(*zip(*points, strict=True))
        except InvalidInputError as error:
            raise ValueError(f"is no horizon: {error}") from None
    return points


Text = Annotated[str, AfterValidator(_one_line)]
Id = Annotated[str, Field(pattern=ID_PATTERN, examples=["geo-kompsat-2b"])]
SourceKey = Annotated[str, Field(description="A key of the table [sources] of the same file.")]
Date = Annotated[
    str,
    BeforeValidator(_iso_8601),
    Field(description="ISO 8601, as precise as it is known.", examples=["2029-09"]),
]
Epoch = Annotated[AwareDatetime, AfterValidator(lambda epoch: epoch.astimezone(UTC))]
Zone = Annotated[str, AfterValidator(_known_zone), Field(examples=["Asia/Seoul"])]
NaifId = Annotated[int, AfterValidator(_naif_id), Field(examples=[-85, 606])]
Latitude = Annotated[float, Field(ge=-90, le=90)]
EarthLongitude = Annotated[float, Field(ge=-180, le=180)]
# The Moon is mapped both from -180 to 180 and from 0 to 360 degrees.
Longitude = Annotated[float, Field(ge=-180, le=360)]
Angle = Annotated[float, Field(ge=0, le=360)]
ViewAngle = Annotated[float, Field(gt=0, le=180)]
Corner = Annotated[tuple[EarthLongitude, Latitude], Strict(False)]
TimeOfDay = Annotated[str, Field(pattern=TIME_OF_DAY_PATTERN, examples=["23:45"])]
Cited = Annotated[
    dict[str, SourceKey],
    Field(description="Sources of single fields, where they differ from the entry's own."),
]


class Table(BaseModel):
    """A table of a catalog file, and the dataclass that it becomes."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    becomes: ClassVar[type[Any]]

    def entry(self, sources: Mapping[str, Source]) -> Any:
        """Return the dataclass, with each key into `sources` replaced by the source itself."""
        return self.becomes(**{name: _value(name, value, sources) for name, value in self})


def _value(name: str, stated: Any, sources: Mapping[str, Source]) -> Any:
    if name == "source":
        return sources[stated]
    if name == "cited":
        return tuple((field, sources[key]) for field, key in stated.items())
    if isinstance(stated, Table):
        return stated.entry(sources)
    if isinstance(stated, list):
        return tuple(_value("", item, sources) for item in stated)
    return stated


class SourceTable(Table):
    """A publication that facts are taken from."""

    becomes = Source
    title: Text
    url: Annotated[str, Field(pattern=URL_PATTERN)] = ""


class FactTable(Table):
    """One statement, with its source and what contradicts or limits it."""

    becomes = Fact
    name: Text
    value: Text
    source: SourceKey
    note: Text = ""


class MilestoneTable(Table):
    """Something that happened, or is planned."""

    becomes = Milestone
    date: Date
    text: Text
    source: SourceKey


class PrnTable(Table):
    """A pseudo-random noise number that a spacecraft held on the date seen."""

    becomes = PrnAssignment
    prn: Annotated[int, Field(ge=1, le=63)]
    seen: Date
    source: SourceKey


class DownlinkTable(Table):
    """A frequency on which a spacecraft sends."""

    becomes = Downlink
    name: Text
    frequency_mhz: Annotated[float, Field(gt=0, le=300_000)]
    source: SourceKey
    note: Text = ""


class NominalTable(Table):
    """A planned orbit: Keplerian elements at an epoch, true equator and mean equinox of it."""

    becomes = NominalOrbit
    epoch: Epoch
    semi_major_axis_km: Annotated[float, Field(gt=6378.137, le=500_000)]
    eccentricity: Annotated[float, Field(ge=0, lt=1)]
    inclination_deg: Annotated[float, Field(ge=0, le=180)]
    raan_deg: Angle
    argument_of_perigee_deg: Angle
    mean_anomaly_deg: Angle
    station_kept: bool = False
    illustrative: bool = True


class FieldOfRegardTable(Table):
    """Where on the Earth an instrument can look.

    The outline as [longitude, latitude], its edges straight in both, as in GeoJSON.
    """

    becomes = FieldOfRegard
    outline_deg: Annotated[list[Corner], Field(min_length=3)]
    source: SourceKey
    view_deg: Annotated[tuple[ViewAngle, ViewAngle], Strict(False)] | None = None
    approximate: Text = ""
    note: Text = ""
    cited: Cited = {}


class GroundSampleTable(Table):
    """The size of a pixel on the ground, at a point of reference."""

    becomes = GroundSample
    north_south_km: Annotated[float, Field(gt=0, le=1000)]
    east_west_km: Annotated[float, Field(gt=0, le=1000)]
    latitude_deg: Latitude
    longitude_deg: EarthLongitude
    source: SourceKey
    approximate: Text = ""
    note: Text = ""


class ScanTable(Table):
    """When an instrument scans its field of regard; times are UTC."""

    becomes = Scan
    every_min: Annotated[int, Field(ge=1, le=1440)]
    solar_zenith_limit_deg: Annotated[float, Field(gt=0, le=180)]
    source: SourceKey
    minute: Annotated[int, Field(ge=0, le=59)] | None = None
    duration_min: Annotated[int, Field(ge=1, le=1440)] | None = None
    first_utc: TimeOfDay = ""
    last_utc: TimeOfDay = ""
    approximate: Text = ""
    note: Text = ""
    cited: Cited = {}


class SensorTable(Table):
    """What turns to targets on the ground: an optical one off its nadir, a radar by incidence."""

    becomes = ImagingSensor
    kind: Literal["optical", "radar"]
    source: SourceKey
    off_nadir_deg: Annotated[float, Field(gt=0, le=90)] | None = None
    incidence_deg: (
        Annotated[
            tuple[Annotated[float, Field(ge=0, le=90)], Annotated[float, Field(ge=0, le=90)]],
            Strict(False),
        ]
        | None
    ) = None
    side: Literal["both", "left", "right"] = "both"
    sun_above_deg: Annotated[float, Field(ge=-90, le=90)] | None = None
    swath_km: Annotated[float, Field(gt=0)] | None = None
    assumed: Annotated[
        Text, Field(description="What is not published, and after what it is assumed.")
    ] = ""
    note: Text = ""


class EntryTable(Table):
    """What every entry states, of whatever kind."""

    id: Id
    name: Text
    summary: Text
    source: SourceKey
    name_ko: Text = ""
    aliases: list[Text] = []
    facts: list[FactTable] = []
    cited: Cited = {}


class MissionTable(EntryTable):
    """A programme with a purpose."""

    becomes = Mission
    status: Text = ""
    operator: Text = ""
    milestones: list[MilestoneTable] = []


class SpacecraftTable(EntryTable):
    """Something that flies, or will."""

    becomes = Spacecraft
    orbit_data: OrbitData
    mission: Id = ""
    status: Text = ""
    operator: Text = ""
    regime: Regime | None = None
    norad_id: Annotated[int, Field(ge=1, le=999_999_999)] | None = None
    cospar_id: Annotated[str, Field(pattern=COSPAR_PATTERN, examples=["2020-013B"])] = ""
    naif_id: NaifId | None = None
    publishers: list[Literal["celestrak", "celestrak-sup", "spacetrack", "horizons"]] = []
    launch: Id = ""
    launched: Date = ""
    slot_longitude_deg: EarthLongitude | None = None
    standard_magnitude: Annotated[float, Field(ge=-10, le=25)] | None = None
    gp_refused: Text = ""
    nominal: NominalTable | None = None
    prn: list[PrnTable] = []
    downlinks: list[DownlinkTable] = []
    sensor: SensorTable | None = None


class InstrumentTable(EntryTable):
    """A sensor or payload; it is where its host spacecraft is."""

    becomes = Instrument
    host: Id
    mission: Id = ""
    status: Text = ""
    operator: Text = ""
    field_of_regard: FieldOfRegardTable | None = None
    ground_sample: GroundSampleTable | None = None
    scan: ScanTable | None = None
    sensor: SensorTable | None = None


class StationTable(EntryTable):
    """A place on the ground; height above the WGS 84 ellipsoid."""

    becomes = Station
    kind: Text
    latitude_deg: Latitude
    longitude_deg: EarthLongitude
    height_m: Annotated[float, Field(ge=-500, le=9000)] | None = None
    horizon_deg: Annotated[
        list[Annotated[tuple[float, float], Strict(False)]],
        AfterValidator(_horizon),
        Field(
            description="What stands in the way: [azimuth, elevation], linear in between.",
            examples=[[[0, 5.0], [120, 12.5], [240, 3.0]]],
        ),
    ] = []
    zone: Zone = ""
    dish_m: Annotated[float, Field(gt=0, le=500)] | None = None
    status: Text = ""
    operator: Text = ""


class LaunchTable(EntryTable):
    """A launch, flown or planned."""

    becomes = Launch
    vehicle: Text
    launched: Date
    payloads: list[Id] = []
    site: Id = ""
    status: Text = ""


class RegionTable(EntryTable):
    """A region of another body; longitudes east positive, outline as [longitude, latitude]."""

    becomes = Region
    body: Text
    latitude_deg: Latitude
    longitude_deg: Longitude
    area_km2: Annotated[float, Field(gt=0)] | None = None
    outline_deg: list[Annotated[tuple[Longitude, Latitude], Strict(False)]] = []
    mission: Id = ""


class GroupTable(EntryTable):
    """Several entries under one name; members of any kind, groups included."""

    becomes = Group
    members: Annotated[list[Id], Field(min_length=1)]


class CatalogFile(BaseModel):
    """A file of the catalog of sattrack, shipped or the user's own."""

    model_config = ConfigDict(extra="forbid")
    sources: dict[str, SourceTable] = {}
    mission: list[MissionTable] = []
    spacecraft: list[SpacecraftTable] = []
    instrument: list[InstrumentTable] = []
    station: list[StationTable] = []
    launch: list[LaunchTable] = []
    region: list[RegionTable] = []
    group: list[GroupTable] = []


ENTRY_TABLES: dict[str, type[EntryTable]] = {
    "mission": MissionTable,
    "spacecraft": SpacecraftTable,
    "instrument": InstrumentTable,
    "station": StationTable,
    "launch": LaunchTable,
    "region": RegionTable,
    "group": GroupTable,
}
INNER_TABLES: dict[str, type[Table]] = {
    "downlinks": DownlinkTable,
    "facts": FactTable,
    "field_of_regard": FieldOfRegardTable,
    "ground_sample": GroundSampleTable,
    "milestones": MilestoneTable,
    "nominal": NominalTable,
    "prn": PrnTable,
    "scan": ScanTable,
    "sensor": SensorTable,
}


def catalog_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that a catalog file, read as JSON, must follow."""
    schema = CatalogFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
