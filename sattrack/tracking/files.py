"""Ephemerides of a file of the user's, which answer instead of everything else at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sattrack.catalog import Catalog, Source, Spacecraft
from sattrack.catalog.names import name_key
from sattrack.elements import (
    EARTH_NAIF_ID,
    MOON_NAIF_ID,
    PublishedStates,
    StateTable,
    check_state_table,
)
from sattrack.errors import NoOrbitError, UnknownNameError, quoted
from sattrack.times import iso_utc
from sattrack.tracking.orbits import Request
from sattrack.tracking.tables import TableOrbit, orbit_of

if TYPE_CHECKING:
    from sattrack.formats.oem import Segment
    from sattrack.times.scale import FloatArray

_FILE = "file"
_SOURCE = "the ephemeris file"
_CENTRES = {"MOON": MOON_NAIF_ID, "EARTH": EARTH_NAIF_ID}
# As Skyfield numbers what has a catalog number and nothing else.
_NUMBERED = -100_000


@dataclass(frozen=True, slots=True, eq=False)
class GivenObject:
    """An object of the file, with its tables in order of time.

    Attributes:
        spacecraft: of the catalog, if it knows the object.
        names: what the file calls it.
    """

    spacecraft: Spacecraft
    names: tuple[str, ...]
    tables: tuple[StateTable, ...]

    def orbit_at(self, instant: datetime) -> TableOrbit:
        """Return the orbit by the table that covers `instant`.

        Raises:
            NoOrbitError: none does.
        """
        for table in self.tables:
            first, last = table.coverage
            if first <= instant <= last:
                return orbit_of(PublishedStates(table, _FILE))
        covered = ", ".join(
            f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
            for first, last in (table.coverage for table in self.tables)
        )
        raise NoOrbitError(
            f"{self.spacecraft.name}: no orbit at {iso_utc(instant)}; the file covers {covered}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class GivenTables:
    """What a file of ephemerides holds."""

    objects: tuple[GivenObject, ...]

    def requested(
        self, names: Sequence[str], catalog: Catalog
    ) -> list[tuple[Request, GivenObject]]:
        """Return the objects that `names` mean, by the catalog or the file; without names, all.

        Raises:
            UnknownNameError: the file has nothing of that name.
        """
        if not names:
            return [(Request(item.spacecraft), item) for item in self.objects]
        found = [pair for name in names for pair in self._named(name, catalog)]
        return list({id(item): (request, item) for request, item in found}.values())

    def _named(self, name: str, catalog: Catalog) -> list[tuple[Request, GivenObject]]:
        key = name_key(name)
        for item in self.objects:
            if key in map(name_key, item.names):
                return [(Request(item.spacecraft), item)]
        entry = catalog.get(name)
        ids = set() if entry is None else {craft.id for craft in catalog.spacecraft_of(entry)}
        found = [item for item in self.objects if item.spacecraft.id in ids]
        if not found:
            held = ", ".join(item.spacecraft.name for item in self.objects[:6])
            raise UnknownNameError(f"{quoted(name)} is not in the file; it holds: {held}")
        return [(Request(item.spacecraft), item) for item in found]


def given_tables(segments: Sequence[Segment], catalog: Catalog) -> GivenTables:
    """Return the objects of an Orbit Ephemeris Message.

    Raises:
        RejectedDataError: the states of a segment cannot be interpolated.
    """
    found: dict[tuple[str, str], list[Segment]] = {}
    for segment in segments:
        found.setdefault((segment.object_name, segment.object_id), []).append(segment)
    objects = []
    for (name, object_id), parts in found.items():
        craft = _craft(name, object_id, catalog)
        tables = tuple(_table(part, craft) for part in parts)
        objects.append(GivenObject(craft, (name, object_id), tables))
    return GivenTables(tuple(objects))


def _craft(name: str, object_id: str, catalog: Catalog) -> Spacecraft:
    """Return the entry of an object, or one made of what the file says."""
    for known in (object_id, name):
        try:
            entry = catalog.get(known)
        except UnknownNameError:
            continue  # several are called so
        if isinstance(entry, Spacecraft):
            return entry
    return Spacecraft(
        id=object_id,
        name=name,
        summary="Not in the catalog; known by an ephemeris file alone.",
        source=Source("its ephemeris file"),
        orbit_data="ephemeris",
    )


def _table(segment: Segment, craft: Spacecraft) -> StateTable:
    """Return the useable states of a segment, with axes of the ICRF."""
    start_jd_tdb, seconds = segment.tdb()
    first_s, last_s = segment.useable_tdb(start_jd_tdb)
    useable = (seconds >= first_s) & (seconds <= last_s)
    position, velocity = _icrf(segment, start_jd_tdb, seconds)
    number = 0 if craft.norad_id is None else _NUMBERED - craft.norad_id
    table = StateTable(
        object_name=segment.object_name,
        naif_id=number if craft.naif_id is None else craft.naif_id,
        centre_naif_id=_CENTRES[segment.centre],
        start_jd_tdb=start_jd_tdb,
        seconds=seconds[useable],
        position_km=position[:, useable],
        velocity_km_s=velocity[:, useable],
        source=_SOURCE,
    )
    check_state_table(table)
    return table


def _icrf(
    segment: Segment, start_jd_tdb: float, seconds: FloatArray
) -> tuple[FloatArray, FloatArray]:
    from sattrack.orbits.frames import from_mean_earth, to_gcrf
    from sattrack.times.scale import DAY_S, timescale

    t = timescale().tdb_jd(start_jd_tdb, seconds / DAY_S)
    if segment.frame == "MOON_ME":
        from sattrack.tracking.ephemerides import moon_frames

        return from_mean_earth(moon_frames(), t, segment.position_km, segment.velocity_km_s)
    return to_gcrf(segment.frame, t, segment.position_km, segment.velocity_km_s)
