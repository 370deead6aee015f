"""Entries of the catalog for people: lists, and everything known of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sattrack.errors import printable
from sattrack.exports.json import Document
from sattrack.views.language import Language, language, phrase
from sattrack.views.language import cells as said
from sattrack.views.tables import Column, cells_wide, padded, table_text, wrapped

_KIND_TITLES = {
    "mission": "Missions",
    "spacecraft": "Spacecraft",
    "instrument": "Instruments",
    "station": "Stations",
    "launch": "Launches",
    "region": "Regions",
    "group": "Groups",
}
_ORBIT_DATA = {
    "gp": "element sets (GP)",
    "ephemeris": "ephemeris",
    "nominal": "nominal orbit: planned, not flown",
    "unpublished": "nobody publishes it",
}
# In the order in which they are shown; what stands in neither is told elsewhere on the page.
_FIELDS = {
    "status": "status",
    "operator": "operator",
    "station_kind": "kind",
    "vehicle": "vehicle",
    "launched": "launched",
    "slot_longitude_deg": "slot",
    "standard_magnitude": "magnitude",
    "place": "place",
    "body": "body",
    "area_km2": "area",
    "zone": "time zone",
    "dish_m": "antenna",
    "orbit_data": "orbit data",
    "gp_refused": "element sets",
}
_LABEL_WIDTH = 16


def list_text(document: Document, width: int, bold: bool = False) -> str:
    """Return a `sattrack/list/1` document as one table for each kind of entry."""
    blocks = []
    for kind, title in _KIND_TITLES.items():
        rows = [row for row in document["results"] if row["kind"] == kind]
        if not rows:
            continue

        def cells(key: str, rows: list[Document] = rows, limit: int = 44) -> tuple[str, ...]:
            return tuple(
                "" if row[key] is None else printable(str(row[key]), limit) for row in rows
            )

        columns = [
            Column("ID", cells("id")),
            *_names(cells("name"), cells("name_ko")),
            Column("Number", cells("norad_id"), right=True, keep=8),
            Column("Orbit data", cells("orbit_data"), keep=6),
            *_other_names(cells("name"), cells("name_ko")),
            Column("Status", cells("status"), keep=3),
        ]
        heading = _strong(phrase(f"{title} ({len(rows)})"), bold)
        blocks.append(f"{heading}\n{table_text(columns, width, bold)}")
    return "\n".join(blocks) if blocks else phrase("Nothing of that name.") + "\n"


def _names(names: tuple[str, ...], korean: tuple[str, ...]) -> Iterator[Column]:
    """Yield the names in the language of the command, as far as there are any."""
    if language() is Language.ko:
        names = tuple(ko or name for name, ko in zip(names, korean, strict=True))
    yield Column("Name", names, keep=9)


def _other_names(names: tuple[str, ...], korean: tuple[str, ...]) -> Iterator[Column]:
    """Yield the names in the other language."""
    if language() is Language.ko:
        yield Column("English", names, keep=4)
    else:
        yield Column("Korean", korean, keep=4)


def _strong(text: str, bold: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if bold else text


def show_text(document: Document, width: int, bold: bool = False) -> str:
    """Return a `sattrack/show/1` document as text, each statement with the number of its source."""
    pages = ["\n".join(_Page(result, width, bold).lines()) for result in document["results"]]
    return "\n\n".join(pages) + "\n"


class _Page:
    """One entry; sources are numbered in the order in which they are met."""

    def __init__(self, entry: Document, width: int, bold: bool) -> None:
        self._entry = entry
        self._width = min(width, 100)
        self._bold = bold
        self._sources: dict[tuple[str, str | None], int] = {}

    def lines(self) -> Iterator[str]:
        entry = self._entry
        keys = ("name", "name_ko")
        if language() is Language.ko:
            keys = ("name_ko", "name")
        title = " · ".join(printable(entry[key]) for key in keys if entry.get(key))
        kind = phrase(str(entry["kind"]))
        room = self._width - cells_wide(title) - cells_wide(kind)
        yield _strong(title, self._bold) + " " * max(2, room) + kind
        yield from self._wrapped(f"{entry['summary']} {self._mark(entry['source'])}", "")
        yield ""
        yield from self._labelled("id", entry["id"])
        if entry.get("aliases"):
            yield from self._labelled("also called", ", ".join(entry["aliases"]))
        yield from self._identity()
        for key, label in _FIELDS.items():
            if text := self._field(key):
                yield from self._labelled(label, text)
        yield from self._held()
        if entry.get("nominal"):
            yield from self._nominal(entry["nominal"])
        yield from self._sight()
        yield from self._facts()
        yield from self._milestones()
        yield from self._related()
        yield ""
        yield _strong(phrase("Sources"), self._bold)
        for (source, url), number in self._sources.items():
            yield from self._wrapped(printable(source), f"  [{number}] ")
            if url:
                yield f"      {printable(url)}"

    def _mark(self, source: Document) -> str:
        key = (source["title"], source["url"])
        return f"[{self._sources.setdefault(key, len(self._sources) + 1)}]"

    def _cited(self, key: str) -> str:
        cited = self._entry.get("cited", {})
        return self._mark(cited.get(key, self._entry["source"]))

    def _wrapped(self, text: str, lead: str) -> list[str]:
        return wrapped(printable(text, 2000), self._width, lead)

    def _labelled(self, label: str, text: str) -> list[str]:
        label = printable(phrase(label))
        if cells_wide(label) >= _LABEL_WIDTH:
            return [f"  {label}", *self._wrapped(text, " " * (_LABEL_WIDTH + 2))]
        return self._wrapped(text, f"  {padded(label, _LABEL_WIDTH)}")

    def _identity(self) -> Iterator[str]:
        entry = self._entry
        for key, label in (
            ("norad_id", "catalog number"),
            ("cospar_id", "designator"),
            ("naif_id", "NAIF number"),
        ):
            if key in entry:
                yield from self._labelled(label, f"{entry[key]} {self._cited(key)}")
        for prn in entry.get("prn", ()):
            text = f"PRN {prn['prn']} on {prn['seen']} {self._mark(prn['source'])}"
            yield from self._labelled("signal", text)
        for link in entry.get("downlinks", ()):
            text = f"{link['name']}, {link['frequency_mhz']:.10g} MHz"
            text += f", {link['note']}" if link["note"] else ""
            yield from self._labelled("downlink", f"{text} {self._mark(link['source'])}")

    def _field(self, key: str) -> str:
        entry = self._entry
        value: Any = entry.get(key)
        if key == "place" and "latitude_deg" in entry:
            value = f"{entry['latitude_deg']:.6g}°, {entry['longitude_deg']:.6g}° east"
            if "height_m" in entry:
                value += f", {entry['height_m']:g} m above the ellipsoid"
            return f"{value} {self._cited('latitude_deg')}"
        if value is None:
            return ""
        if key == "orbit_data":
            publishers = ", ".join(entry.get("publishers", ()))
            value = phrase(_ORBIT_DATA[value]) + (f", from {publishers}" if publishers else "")
        elif key == "slot_longitude_deg":
            value = f"{abs(value):g}° {'east' if value >= 0 else 'west'}"
        elif key == "standard_magnitude":
            value = f"{value:.1f} at 1000 km and half phase"
        elif key == "dish_m":
            value = f"{value:g} m dish"
        elif key == "area_km2":
            value = f"{value:g} km²"
        elif key == "launched":
            value = str(value).replace("T", " ").replace("Z", " UTC").removesuffix(":00 UTC")
            value = value if "UTC" in value or len(value) <= 10 else f"{value} UTC"
        return f"{value} {self._cited(key)}"

    def _held(self) -> Iterator[str]:
        held = self._entry["held"]
        several = len(held) > 1
        for item in held:
            age = f"{item['age_days']:.1f} days old"
            who = f"{item['spacecraft_id']}: " if several else ""
            epoch = item["epoch"][:16].replace("T", " ")
            yield from self._labelled("held", f"{who}{item['source']}, {epoch} UTC, {age}")

    def _nominal(self, orbit: Document) -> Iterator[str]:
        text = (
            f"a {orbit['semi_major_axis_km']:.2f} km, e {orbit['eccentricity']:g}, "
            f"i {orbit['inclination_deg']:g}°, node {orbit['raan_deg']:.3f}°, "
            f"perigee {orbit['argument_of_perigee_deg']:.3f}°, "
            f"anomaly {orbit['mean_anomaly_deg']:.3f}° at {orbit['epoch'][:16]}Z"
        )
        if orbit["illustrative"]:
            text += "; illustrative, not the operator's design"
        yield from self._labelled("nominal orbit", f"{text} {self._cited('nominal')}")

    def _sight(self) -> Iterator[str]:
        """Yield what an instrument sees, at which size, and when."""
        entry = self._entry
        if field := entry.get("field_of_regard"):
            text = f"{_bounds_text(field['bounds_deg'])} {self._mark(field['source'])}"
            if "view_deg" in field:
                north, east = field["view_deg"]
                text += f"; {north:g}° north-south by {east:g}° east-west as the craft sees it "
                text += self._mark(field.get("cited", {}).get("view_deg", field["source"]))
            yield from self._stated("field of regard", text, field)
        if sample := entry.get("ground_sample"):
            text = (
                f"{sample['north_south_km']:g} km north-south by {sample['east_west_km']:g} km "
                f"east-west at {_point_text(sample['latitude_deg'], sample['longitude_deg'])} "
                f"{self._mark(sample['source'])}"
            )
            yield from self._stated("ground sample", text, sample)
        if scan := entry.get("scan"):
            yield from self._stated("scan", "; ".join(self._scan(scan)), scan)
        if sensor := entry.get("sensor"):
            text = f"{', '.join(self._sensor(sensor))} {self._mark(sensor['source'])}"
            yield from self._stated("sensor", text, sensor)

    def _sensor(self, sensor: Document) -> Iterator[str]:
        yield sensor["kind"]
        if "off_nadir_deg" in sensor:
            yield f"up to {sensor['off_nadir_deg']:g}° off nadir"
        if "incidence_deg" in sensor:
            least, most = sensor["incidence_deg"]
            yield f"incidence {least:g}° to {most:g}°"
        yield {"both": "on both sides"}.get(sensor["side"], f"on the {sensor['side']} side")
        if "sun_above_deg" in sensor:
            yield f"the Sun above {sensor['sun_above_deg']:g}°"
        if "swath_km" in sensor:
            yield f"swath {sensor['swath_km']:g} km"

    def _scan(self, scan: Document) -> Iterator[str]:
        def cited(key: str) -> str:
            return self._mark(scan.get("cited", {}).get(key, scan["source"]))

        yield f"every {scan['every_min']} min {cited('every_min')}"
        if "duration_min" in scan:
            yield f"it takes {scan['duration_min']} min {cited('duration_min')}"
        if "minute" in scan:
            yield f"starts at {scan['minute']:02d} minutes past the hour {cited('minute')}"
        if "first_utc" in scan:
            days = f"first {scan['first_utc']}, last {scan['last_utc']} UTC"
            yield f"{days} {cited('first_utc')}"
        limit = f"the Sun within {scan['solar_zenith_limit_deg']:g}° of the zenith"
        yield f"{limit} {cited('solar_zenith_limit_deg')}"

    def _stated(self, label: str, text: str, table: Document) -> Iterator[str]:
        """Yield a statement, what is approximate about it, and what else is to be said."""
        yield from self._labelled(label, text)
        for line in (
            f"approximate: {table['approximate']}" if "approximate" in table else "",
            f"assumed: {table['assumed']}" if "assumed" in table else "",
            table.get("note", ""),
        ):
            if line:
                yield from self._wrapped(line, " " * (_LABEL_WIDTH + 2))

    def _facts(self) -> Iterator[str]:
        facts = self._entry.get("facts", ())
        if facts:
            yield ""
        for fact in facts:
            yield from self._labelled(fact["name"], f"{fact['value']} {self._mark(fact['source'])}")
            if fact["note"]:
                yield from self._wrapped(fact["note"], " " * (_LABEL_WIDTH + 2))

    def _milestones(self) -> Iterator[str]:
        milestones = self._entry.get("milestones", ())
        if milestones:
            yield ""
            yield _strong(phrase("Milestones"), self._bold)
        for stone in milestones:
            date = stone["date"][:16].replace("T", " ")
            yield from self._labelled(date, f"{stone['text']} {self._mark(stone['source'])}")

    def _related(self) -> Iterator[str]:
        for key, items in self._entry["related"].items():
            yield ""
            yield _strong(phrase(key.capitalize()), self._bold)
            names = said("Name", tuple(printable(item["name"], 40) for item in items))
            columns = [
                Column("", tuple(f"  {item['id']}" for item in items)),
                Column("", names, keep=3),
                Column("", tuple(str(item["norad_id"] or "") for item in items), True, 2),
                Column("", tuple(item["orbit_data"] or "" for item in items), keep=1),
            ]
            yield from table_text(columns, self._width).rstrip("\n").split("\n")[1:]


def _bounds_text(bounds_deg: Sequence[float]) -> str:
    """Return bounds as `5° S to 45° N, 75° E to 145° E`."""
    west, south, east, north = bounds_deg
    return (
        f"{_side_text(south, 'N', 'S')} to {_side_text(north, 'N', 'S')}, "
        f"{_side_text(west, 'E', 'W')} to {_side_text(east, 'E', 'W')}"
    )


def _side_text(angle_deg: float, positive: str, negative: str) -> str:
    return f"{abs(angle_deg):.6g}° {positive if angle_deg >= 0.0 else negative}"


def _point_text(latitude_deg: float, longitude_deg: float) -> str:
    return f"{_side_text(latitude_deg, 'N', 'S')} {_side_text(longitude_deg, 'E', 'W')}"
