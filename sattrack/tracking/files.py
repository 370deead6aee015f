"""Ephemerides of a file of the user's, which answer instead of everything else at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
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
from sattrack.errors import NoOrbitError, RejectedDataError, UnknownNameError, quoted
from sattrack.times import iso_utc
from sattrack.tracking.orbits import Request
from sattrack.tracking.tables import ABUTTING, TableOrbit, orbit_of

if TYPE_CHECKING:
    from sattrack.formats.oem import Segment
    from sattrack.sources.spk import Kernel
    from sattrack.times.scale import FloatArray

_FILE = "file"
_SOURCE = "the ephemeris file"
_CENTRES = {"MOON": MOON_NAIF_ID, "EARTH": EARTH_NAIF_ID}
# As Skyfield numbers what has a catalog number and nothing else.
_NUMBERED = -100_000
# How binary files of NAIF's begin, and their form for transfer.
_KERNELS = (b"DAF/", b"NAIF/DAF", b"DAFETF")


@dataclass(frozen=True, eq=False)
class GivenObject:
    """An object of the file.

    Attributes:
        spacecraft: of the catalog, if it knows the object.
        names: what the file calls it.
        file: what the file is called.
        read: reads its tables.
    """

    spacecraft: Spacecraft
    names: tuple[str, ...]
    file: str
    read: Callable[[], tuple[StateTable, ...]] = field(repr=False)

    @cached_property
    def tables(self) -> tuple[StateTable, ...]:
        """Its tables, in order of time.

        Raises:
            RejectedDataError: they cannot be read or interpolated, or contradict each other.
        """
        try:
            tables = self.read()
            for table in tables:
                check_state_table(table)
        except RejectedDataError as error:
            raise RejectedDataError(f"{self.file}: {error}") from error
        return tuple(sorted(tables, key=lambda table: table.coverage))

    @cached_property
    def _chains(self) -> list[list[StateTable]]:
        """The tables that go on from each other: without a gap, about the same centre.

        Of two that overlap, the one that begins later counts. By CCSDS 502.0-B-3, 5.2.4, useable
        spans share no more than an end, and nothing is interpolated across it.
        """
        chains: list[list[StateTable]] = []
        for table in self.tables:
            first, last = table.coverage
            before = chains[-1][-1] if chains else None
            if (
                before is None
                or before.centre_naif_id != table.centre_naif_id
                or first > before.coverage[1] + ABUTTING
            ):
                chains.append([table])
                continue
            if last <= before.coverage[1] or first == before.coverage[0]:
                raise RejectedDataError(
                    f"{self.file}: {self.spacecraft.name}: two segments cover {iso_utc(first)} to "
                    f"{iso_utc(min(last, before.coverage[1]))}"
                )
            chains[-1].append(table)
        return chains

    def orbit_at(self, instant: datetime) -> TableOrbit:
        """Return the orbit by the tables that cover `instant`, and go on from there.

        Raises:
            NoOrbitError: none does.
            RejectedDataError: see `tables`.
        """
        covered = [(chain[0].coverage[0], chain[-1].coverage[1]) for chain in self._chains]
        for chain, (first, last) in zip(self._chains, covered, strict=True):
            if first <= instant <= last:
                return orbit_of(*(PublishedStates(table, _FILE) for table in chain))
        said = ", ".join(
            f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC" for first, last in covered
        )
        raise NoOrbitError(
            f"{self.spacecraft.name}: no orbit at {iso_utc(instant)}; the file covers {said}"
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


def given_tables(document: bytes, file: str, catalog: Catalog) -> GivenTables | None:
    """Return the ephemerides of a file: OEM or SPK, told by its content; None if it is neither.

    Args:
        document: its bytes.
        file: what to call it.
        catalog: knows the objects.

    Raises:
        RejectedDataError: the file is not as it should be.
        InvalidInputError: reading it needs an extra; says how to install it.
    """
    from sattrack.formats.oem import is_oem, read_oem

    try:
        # Most files are element sets, which need not wait for what reads kernels.
        if document.startswith(_KERNELS):
            from sattrack.sources.spk import read_kernel

            return _of_kernel(read_kernel(document), file, catalog)
        if is_oem(document):
            return _of_segments(read_oem(document), file, catalog)
    except RejectedDataError as error:
        raise RejectedDataError(f"{file}: {error}") from error
    return None


def _of_segments(segments: Sequence[Segment], file: str, catalog: Catalog) -> GivenTables:
    """Return the objects of an Orbit Ephemeris Message."""
    found: dict[tuple[str, str], list[Segment]] = {}
    for segment in segments:
        found.setdefault((segment.object_name, segment.object_id), []).append(segment)
    objects = []
    for (name, object_id), parts in found.items():
        craft = _craft(name, object_id, catalog)
        read = partial(_tables, parts, craft)
        objects.append(GivenObject(craft, (name, object_id), file, read))
    return GivenTables(tuple(objects))


def _tables(segments: Sequence[Segment], craft: Spacecraft) -> tuple[StateTable, ...]:
    return tuple(_table(segment, craft) for segment in segments)


def _of_kernel(kernel: Kernel, file: str, catalog: Catalog) -> GivenTables:
    """Return the objects of an SPK file that can be used.

    Raises:
        RejectedDataError: there is none; says why.
    """
    objects = []
    for target in kernel.targets:
        if kernel.fault(target):
            continue
        name = kernel.names.get(target, f"NAIF {target}")
        craft = _craft_of_target(target, name, catalog)
        read = partial(kernel.tables, target, craft.name, _SOURCE)
        objects.append(GivenObject(craft, (name, str(target)), file, read))
    if not objects:
        target = kernel.targets[0]
        more = f" (and {len(kernel.targets) - 1} more)" if len(kernel.targets) > 1 else ""
        name = kernel.names.get(target, "").title()
        raise RejectedDataError(
            f"no object in it can be used: {name} ({target}){more}: {kernel.fault(target)}"
        )
    return GivenTables(tuple(objects))


def _craft_of_target(target: int, name: str, catalog: Catalog) -> Spacecraft:
    """Return the entry with a NAIF number, or one made of it."""
    norad_id = _NUMBERED - target if target < _NUMBERED else None
    for craft in catalog.each(Spacecraft):
        if craft.naif_id == target or (norad_id is not None and craft.norad_id == norad_id):
            return craft
    return Spacecraft(
        id=str(target),
        name=name.title() if name.isupper() and " " in name else name,
        summary="Not in the catalog; known by an ephemeris file alone.",
        source=Source("its ephemeris file"),
        orbit_data="ephemeris",
        norad_id=norad_id,
        naif_id=target,
    )


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
    from sattrack.orbits.tabulated import within

    start_jd_tdb, seconds = segment.tdb()
    first_s, last_s = segment.useable_tdb(start_jd_tdb)
    position, velocity = _icrf(segment, start_jd_tdb, seconds)
    number = 0 if craft.norad_id is None else _NUMBERED - craft.norad_id
    table = StateTable(
        object_name=segment.object_name,
        naif_id=number if craft.naif_id is None else craft.naif_id,
        centre_naif_id=_CENTRES[segment.centre],
        start_jd_tdb=start_jd_tdb,
        seconds=seconds,
        position_km=position,
        velocity_km_s=velocity,
        source=_SOURCE,
    )
    if not segment.useable:
        return table
    check_state_table(table)
    if max(first_s, seconds[0]) >= min(last_s, seconds[-1]):
        raise RejectedDataError(f"{craft.name}: a segment has no useable states")
    return within(table, first_s, last_s)


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
