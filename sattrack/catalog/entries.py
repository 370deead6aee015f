"""What the catalog knows: missions, spacecraft, instruments, stations, launches, regions, groups.

Every entry is frozen, can be printed and compared, and says where each of its facts comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sattrack.elements import NominalOrbit

OrbitData: TypeAlias = Literal["gp", "ephemeris", "nominal", "unpublished"]
Regime: TypeAlias = Literal["leo", "meo", "geo", "igso", "heo", "lunar"]


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that facts are taken from."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement, with the publication it is taken from and what contradicts or limits it."""

    name: str
    value: str
    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened, or is planned, on a date (ISO 8601, as precise as it is known)."""

    date: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class PrnAssignment:
    """A GPS pseudo-random noise number held by a spacecraft: a slot, not an identity.

    Attributes:
        seen: the date (ISO 8601) on which the source showed this assignment.
    """

    prn: int
    seen: str
    source: Source


@dataclass(frozen=True, slots=True)
class Downlink:
    """A frequency on which a spacecraft sends, and what limits or explains it."""

    name: str
    frequency_mhz: float
    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class FieldOfRegard:
    """Where on the Earth an instrument can look.

    Attributes:
        outline_deg: corners as (longitude, latitude), east positive; an edge is straight in
            longitude and latitude, as GeoJSON has it, and goes the shorter way round. Where the
            edges go round a pole, the nearer one is inside.
        view_deg: its size as the spacecraft sees it, north-south and east-west.
        approximate: why the outline is not that of the operator; empty where it is.
    """

    outline_deg: tuple[tuple[float, float], ...]
    source: Source
    view_deg: tuple[float, float] | None = None
    approximate: str = ""
    note: str = ""
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class GroundSample:
    """The size of a pixel on the ground, at a point of reference.

    Attributes:
        approximate: what about it is assumed; empty where nothing is.
    """

    north_south_km: float
    east_west_km: float
    latitude_deg: float
    longitude_deg: float
    source: Source
    approximate: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImagingSensor:
    """What turns to targets on the ground, and within which limits.

    Attributes:
        kind: an `optical` sensor is limited off its nadir, a `radar` by incidence.
        off_nadir_deg: at most, at the craft; in every direction.
        incidence_deg: from and to, at the target.
        side: of its track, on which it can look.
        sun_above_deg: least elevation of the Sun at the target; None where it needs no Sun.
        swath_km: how wide it sees at once.
        assumed: what of this is not published, and after what it is assumed; empty where all is.
    """

    kind: Literal["optical", "radar"]
    source: Source
    off_nadir_deg: float | None = None
    incidence_deg: tuple[float, float] | None = None
    side: Literal["both", "left", "right"] = "both"
    sun_above_deg: float | None = None
    swath_km: float | None = None
    assumed: str = ""
    note: str = ""

    def of_limits(self) -> set[str]:
        """Return the names of the limits that it states."""
        stated = {"off_nadir_deg", "incidence_deg", "sun_above_deg"}
        found = {name for name in stated if getattr(self, name) is not None}
        return found | ({"side"} if self.kind == "radar" else set())


@dataclass(frozen=True, slots=True)
class Scan:
    """When an instrument scans its field of regard.

    Attributes:
        every_min: from one start to the next.
        solar_zenith_limit_deg: a place is observed while the Sun's centre is no further than this
            from its zenith.
        minute: of the hour, UTC, at which scans start; None where nobody publishes it.
        first_utc, last_utc: the first and the last start of a day's scans, `HH:MM`; empty where
            daylight alone decides.
        approximate: what about it is assumed; empty where nothing is.
    """

    every_min: int
    solar_zenith_limit_deg: float
    source: Source
    minute: int | None = None
    duration_min: int | None = None
    first_utc: str = ""
    last_utc: str = ""
    approximate: str = ""
    note: str = ""
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Mission:
    """A programme with a purpose: its spacecraft, instruments and regions refer to it."""

    id: str
    name: str
    summary: str
    source: Source
    name_ko: str = ""
    aliases: tuple[str, ...] = ()
    status: str = ""
    operator: str = ""
    milestones: tuple[Milestone, ...] = ()
    facts: tuple[Fact, ...] = ()
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Spacecraft:
    """Something that flies, or will.

    Attributes:
        orbit_data: what orbit data exists in public: `gp` element sets, an `ephemeris`, a `nominal`
            orbit of a planned craft, or none (`unpublished`).
        publishers: who publishes it, in the order preferred (`celestrak`, `celestrak-sup`,
            `spacetrack`, `horizons`).
        launched: ISO 8601 UTC, as precise as it is known; planned when `status` is `planned`.
        slot_longitude_deg: nominal geostationary longitude, east positive.
        standard_magnitude: how bright it is at 1000 km and half phase.
        gp_refused: why a published element set of this craft must never be used, or empty.
        cited: the source of a single field where it is not the entry's own `source`.
    """

    id: str
    name: str
    summary: str
    source: Source
    orbit_data: OrbitData
    name_ko: str = ""
    aliases: tuple[str, ...] = ()
    mission: str = ""
    status: str = ""
    operator: str = ""
    regime: Regime | None = None
    norad_id: int | None = None
    cospar_id: str = ""
    naif_id: int | None = None
    publishers: tuple[str, ...] = ()
    launch: str = ""
    launched: str = ""
    slot_longitude_deg: float | None = None
    standard_magnitude: float | None = None
    gp_refused: str = ""
    nominal: NominalOrbit | None = None
    prn: tuple[PrnAssignment, ...] = ()
    downlinks: tuple[Downlink, ...] = ()
    sensor: ImagingSensor | None = None
    facts: tuple[Fact, ...] = ()
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """A sensor or payload; it is where its host spacecraft is."""

    id: str
    name: str
    summary: str
    source: Source
    host: str
    name_ko: str = ""
    aliases: tuple[str, ...] = ()
    mission: str = ""
    status: str = ""
    operator: str = ""
    field_of_regard: FieldOfRegard | None = None
    ground_sample: GroundSample | None = None
    scan: Scan | None = None
    sensor: ImagingSensor | None = None
    facts: tuple[Fact, ...] = ()
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Station:
    """A place on the ground that listens, launches, commands or observes.

    Attributes:
        height_m: above the WGS 84 ellipsoid; None where no source gives one, meaning zero.
        kind: for instance `antenna`, `launch site`, `operations centre`, `air base`, `observatory`.
        horizon_deg: what stands in the way around it, as (azimuth, elevation), linear in between.
        dish_m: diameter of its antenna.
    """

    id: str
    name: str
    summary: str
    source: Source
    kind: str
    latitude_deg: float
    longitude_deg: float
    height_m: float | None = None
    horizon_deg: tuple[tuple[float, float], ...] = ()
    zone: str = ""
    dish_m: float | None = None
    name_ko: str = ""
    aliases: tuple[str, ...] = ()
    status: str = ""
    operator: str = ""
    facts: tuple[Fact, ...] = ()
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch, flown or planned, with the spacecraft it carried that the catalog knows."""

    id: str
    name: str
    summary: str
    source: Source
    vehicle: str
    launched: str
    payloads: tuple[str, ...] = ()
    site: str = ""
    name_ko: str = ""
    aliases: tuple[str, ...] = ()
    status: str = ""
    facts: tuple[Fact, ...] = ()
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A region of another body; longitudes east positive, its outline as (longitude, latitude)."""

    id: str
    name: str
    summary: str
    source: Source
    body: str
    latitude_deg: float
    longitude_deg: float
    area_km2: float | None = None
    outline_deg: tuple[tuple[float, float], ...] = ()
    mission: str = ""
    name_ko: str = ""
    aliases: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    cited: tuple[tuple[str, Source], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Several entries under one name; members are ids of any kind, groups included."""

    id: str
    name: str
    summary: str
    source: Source
    members: tuple[str, ...]
    name_ko: str = ""
    aliases: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    cited: tuple[tuple[str, Source], ...] = ()


Entry: TypeAlias = Mission | Spacecraft | Instrument | Station | Launch | Region | Group

KINDS: dict[str, type[Entry]] = {
    "mission": Mission,
    "spacecraft": Spacecraft,
    "instrument": Instrument,
    "station": Station,
    "launch": Launch,
    "region": Region,
    "group": Group,
}


def kind_of(entry: Entry) -> str:
    """Return the word for what `entry` is: a key of `KINDS`, and of a catalog file."""
    return type(entry).__name__.lower()
