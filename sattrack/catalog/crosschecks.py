"""What no table can know by itself: names taken twice, references to nothing, missing sources."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import combinations, pairwise
from typing import TypeAlias

from sattrack.catalog.faults import Fault, did_you_mean, quoted
from sattrack.catalog.located import KeyPath
from sattrack.catalog.names import catalog_number, naif_name, name_key
from sattrack.catalog.schema import (
    GroupTable,
    InstrumentTable,
    LaunchTable,
    ScanTable,
    SensorTable,
    SpacecraftTable,
    Table,
)
from sattrack.catalog.tables import CatalogTables, Stated

_REFERENCES = {
    "spacecraft": {"mission": "mission", "launch": "launch"},
    "instrument": {"mission": "mission", "host": "spacecraft"},
    "launch": {"payloads": "spacecraft", "site": "station"},
    "region": {"mission": "mission"},
    "group": {"members": ""},  # of any kind
}
_EARTH_RADIUS_KM = 6378.137  # WGS 84, equatorial
Edge: TypeAlias = tuple[tuple[float, float], tuple[float, float]]  # longitude, latitude of each end


def faults_between(files: Sequence[CatalogTables]) -> Iterator[Fault]:
    """Yield the faults of entries that follow the schema but not each other."""
    entries = [stated for tables in files for stated in tables.entries]
    yield from _names_taken_twice(entries)
    yield from _dangling_references(entries)
    yield from _contradicting_launches(entries)
    yield from _groups_within_themselves(entries)
    for tables in files:
        yield from _source_faults(tables)
    for stated in entries:
        if isinstance(stated.table, SpacecraftTable):
            yield from _orbit_faults(stated, stated.table)
        if isinstance(stated.table, InstrumentTable):
            yield from _scan_faults(stated, stated.table)
            if stated.table.field_of_regard is not None:
                yield from _outline_faults(stated, stated.table.field_of_regard.outline_deg)
        if isinstance(stated.table, SpacecraftTable | InstrumentTable) and stated.table.sensor:
            yield from _sensor_faults(stated, stated.table.sensor)


def _names_taken_twice(entries: Sequence[Stated]) -> Iterator[Fault]:
    holders: dict[str, tuple[Stated, KeyPath]] = {}
    for stated in entries:
        for path, label, name in _names(stated):
            key = name_key(name)
            if not key:
                yield stated.fault(f"{label} has no letter or digit", *path)
                continue
            holder, where = holders.setdefault(key, (stated, path))
            if holder is not stated:
                place = f"{holder.file.name}:{holder.line(*where)}"
                yield stated.fault(f"{label} is taken by {holder} ({place})", *path)
                if path == ("id",):
                    break  # the same entry twice; its other names say no more
            elif path[0] not in {"norad_id", "naif_id"} and catalog_number(name):
                yield stated.fault(f"{label} would hide the catalog number", *path)


def _names(stated: Stated) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield everything that finds an entry: where it stands, how to call it, and the name."""
    if stated.id:
        yield ("id",), f"id {quoted(stated.id)}", stated.id
    if table := stated.table:
        for field in ("name", "name_ko", "norad_id", "cospar_id", "naif_id"):
            if value := getattr(table, field, None):
                name = naif_name(value) if field == "naif_id" else str(value)
                yield (field,), f"{field} {quoted(value)}", name
        for index, alias in enumerate(table.aliases):
            yield ("aliases", index), f"alias {quoted(alias)}", alias


def _dangling_references(entries: Sequence[Stated]) -> Iterator[Fault]:
    kinds = {stated.id: stated.kind for stated in entries}
    for stated in entries:
        for field, wanted in _REFERENCES.get(stated.kind, {}).items():
            for path, id_ in _references(stated, field):
                kind = kinds.get(id_)
                if kind is None:
                    same_kind = [other for other in kinds if wanted in {"", kinds[other]}]
                    text = f"is not in the catalog{did_you_mean(id_, same_kind)}"
                elif wanted and kind != wanted:
                    text = f"should name a {wanted}, but is of kind {kind}"
                else:
                    continue
                yield stated.fault(f"{field} {quoted(id_)} {text}", *path)


def _references(stated: Stated, field: str) -> Iterator[tuple[KeyPath, str]]:
    value = getattr(stated.table, field, None)
    if isinstance(value, list):
        yield from (((field, index), id_) for index, id_ in enumerate(value))
    elif value:
        yield (field,), value


def _contradicting_launches(entries: Sequence[Stated]) -> Iterator[Fault]:
    launches = {
        stated.id: stated.table.launch
        for stated in entries
        if isinstance(stated.table, SpacecraftTable)
    }
    for stated in entries:
        if isinstance(stated.table, LaunchTable):
            for index, payload in enumerate(stated.table.payloads):
                launch = launches.get(payload)
                if launch and launch != stated.id:
                    text = f"payload {quoted(payload)} names another launch, {quoted(launch)}"
                    yield stated.fault(text, "payloads", index)


def _groups_within_themselves(entries: Sequence[Stated]) -> Iterator[Fault]:
    groups = {
        stated.id: (stated, stated.table.members)
        for stated in entries
        if isinstance(stated.table, GroupTable)
    }
    graph = {
        id_: [member for member in members if member in groups]
        for id_, (_, members) in groups.items()
    }
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            cycle = error.args[1][::-1]
            first, _ = groups[cycle[0]]
            yield first.fault(f"the group contains itself: {' > '.join(cycle)}", "members")
            for id_ in cycle:
                graph.pop(id_, None)
        else:
            return


def _source_faults(tables: CatalogTables) -> Iterator[Fault]:
    used = set()
    for stated in tables.entries:
        if table := stated.table:
            for path, key in _source_keys(table):
                used.add(key)
                if key not in tables.source_keys:
                    suggestion = did_you_mean(key, tables.source_keys)
                    yield stated.fault(f"unknown source {quoted(key)}{suggestion}", *path)
            yield from _cited_faults(stated, table)
    if all(stated.table for stated in tables.entries):
        for key in tables.source_keys:
            if key not in used:
                text = f"source {quoted(key)} is never cited"
                yield Fault(tables.file.name, tables.file.line("sources", key), text)


def _cited_faults(stated: Stated, table: Table, *around: str) -> Iterator[Fault]:
    """Yield the faults of sources for fields that `table`, or a table within it, does not state."""
    for name, value in table:
        if name == "cited":
            for field in value:
                if field not in table.model_fields_set:
                    suggestion = did_you_mean(field, table.model_fields_set)
                    text = f"cited: the entry has no {quoted(field)}{suggestion}"
                    yield stated.fault(text, *around, "cited", field)
        elif isinstance(value, Table):
            yield from _cited_faults(stated, value, *around, name)


def _source_keys(table: Table, *around: str | int) -> Iterator[tuple[KeyPath, str]]:
    """Yield every key into the sources that `table` holds, and where it stands."""
    for name, value in table:
        if name == "source":
            yield (*around, name), value
        elif name == "cited":
            yield from (((*around, name, field), key) for field, key in value.items())
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Table):
                    yield from _source_keys(item, *around, name, index)
        elif isinstance(value, Table):
            yield from _source_keys(value, *around, name)


def _orbit_faults(stated: Stated, craft: SpacecraftTable) -> Iterator[Fault]:
    needed = {"gp": "norad_id", "ephemeris": "naif_id", "nominal": "nominal"}.get(craft.orbit_data)
    if needed and getattr(craft, needed) is None:
        text = f"orbit_data {quoted(craft.orbit_data)} needs {quoted(needed)}"
        yield stated.fault(text, "orbit_data")
    if orbit := craft.nominal:
        if craft.orbit_data != "nominal":
            yield stated.fault("nominal is for orbit_data 'nominal' only", "nominal")
        if orbit.semi_major_axis_km * (1.0 - orbit.eccentricity) <= _EARTH_RADIUS_KM:
            yield stated.fault("the perigee of the nominal orbit lies within the Earth", "nominal")


def _outline_faults(stated: Stated, corners: Sequence[tuple[float, float]]) -> Iterator[Fault]:
    """Yield what keeps an outline from having an inside: no area, or edges that cross."""
    x, y = corners[0]
    line = [(x, y)]
    for longitude, latitude in (*corners[1:], corners[0]):
        if (longitude, latitude) != (x, y):
            # The shorter way round the Earth, as maps draw it.
            line.append((line[-1][0] + math.remainder(longitude - x, 360.0), latitude))
            x, y = longitude, latitude
    edges = list(pairwise(line))
    round_a_pole = abs(line[-1][0] - line[0][0]) > 180.0
    area = math.fsum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in edges) / 2.0
    fault = ""
    if area == 0.0 and not round_a_pole:
        fault = "encloses nothing"
    for one, other in combinations(edges, 2):
        if _cross(one, other):
            fault = f"crosses itself: {_edge_text(one)} and {_edge_text(other)}"
            break
    if fault:
        text = f"field_of_regard: the outline {fault}"
        yield stated.fault(text, "field_of_regard", "outline_deg")


def _edge_text(edge: Edge) -> str:
    corners = ((math.remainder(x, 360.0), y) for x, y in edge)
    return " to ".join(f"[{x:g}, {y:g}]" for x, y in corners)


def _cross(one: Edge, other: Edge) -> bool:
    """Whether two edges meet within both; corners of each lie on either side of the other."""
    return all(
        _turn(a, b, c) * _turn(a, b, d) < 0.0 for (a, b), (c, d) in ((one, other), (other, one))
    )


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Return on which side of the line from `a` to `b` lies `c`."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _scan_faults(stated: Stated, instrument: InstrumentTable) -> Iterator[Fault]:
    if instrument.field_of_regard is None:
        for field in ("ground_sample", "scan"):
            if getattr(instrument, field) is not None:
                yield stated.fault(f"{field} needs 'field_of_regard'", field)
    scan = instrument.scan
    if scan is None:
        return
    if bool(scan.first_utc) != bool(scan.last_utc):
        yield stated.fault("scan: first_utc and last_utc go together", "scan")
    for key in ("first_utc", "last_utc"):
        stated_time = getattr(scan, key)
        if stated_time and (scan.minute is None or not _is_start(scan, stated_time)):
            yield stated.fault(f"scan: no scan starts at {key} {quoted(stated_time)}", "scan", key)


def _is_start(scan: ScanTable, time_of_day: str) -> bool:
    hour, minute = map(int, time_of_day.split(":"))
    return (60 * hour + minute - (scan.minute or 0)) % scan.every_min == 0


def _sensor_faults(stated: Stated, sensor: SensorTable) -> Iterator[Fault]:
    needed = {"optical": "off_nadir_deg", "radar": "incidence_deg"}[sensor.kind]
    if getattr(sensor, needed) is None:
        yield stated.fault(
            f"a sensor of kind {quoted(sensor.kind)} needs {quoted(needed)}", "sensor"
        )
    if sensor.incidence_deg is not None and sensor.incidence_deg[0] >= sensor.incidence_deg[1]:
        text = "sensor: 'incidence_deg' should name the smaller angle first"
        yield stated.fault(text, "sensor", "incidence_deg")
