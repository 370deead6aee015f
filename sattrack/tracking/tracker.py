"""The catalog and the element sets of this machine, ready to answer."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sattrack.catalog import Catalog, Entry, Spacecraft, Station, catalog_root
from sattrack.catalog.cities import find_city
from sattrack.catalog.names import catalog_number
from sattrack.elements import ElementSet, Provenance, Published
from sattrack.errors import (
    InvalidInputError,
    NoOrbitError,
    SattrackError,
    StorageError,
    UnknownNameError,
)
from sattrack.places import HorizonMask, Place, read_coordinates
from sattrack.settings import Home, load_catalog
from sattrack.tracking.files import GivenTables
from sattrack.tracking.orbits import (
    Request,
    Tracked,
    provenance_of,
    requests_of,
    tabulated,
    track,
    uncatalogued,
)
from sattrack.tracking.shelves import ElementShelf, Shelf, embedded_elements, nearest_of
from sattrack.tracking.tables import TableShelf


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of that which was asked for.

    Attributes:
        tracked: what can be answered for.
        missing: why the others cannot, each an error of its own.
    """

    tracked: tuple[Tracked, ...]
    missing: tuple[SattrackError, ...]


@dataclass(frozen=True)
class Tracker:
    """The catalog joined with the element sets at hand.

    Attributes:
        catalog: what is known.
        shelves: what is published; see `track`.
        given: element sets of the user's own, which answer instead of the shelves.
        given_tables: ephemerides of the user's own, which answer instead of all.
        notices: what the user should know of the state of the machine, one line each.
        tables: tables of states at hand, beside the embedded default.
    """

    catalog: Catalog
    shelves: tuple[Shelf, ...]
    given: ElementShelf | None = None
    notices: tuple[str, ...] = ()
    tables: tuple[TableShelf, ...] = ()
    given_tables: GivenTables | None = None

    @classmethod
    def open(cls, environment: Mapping[str, str] = os.environ) -> Tracker:
        """Return a tracker with the catalog and element sets of this machine.

        The store is only read. One that cannot be read is no reason not to answer: the embedded
        element sets do, and a notice says why.

        Raises:
            RejectedDataError: a file of the user's catalog breaks the rules.
        """
        home = Home.of(environment)
        embedded = ElementShelf(embedded_elements())
        notices: tuple[str, ...] = ()
        shelves: tuple[Shelf, ...] = (embedded,)
        tables: tuple[TableShelf, ...] = ()
        try:
            if home.store.exists():
                from sattrack.store import Store

                store = Store.open(home.store, writable=False)
                shelves, notices = (store, embedded), store.notices
                tables = (store,)
        except (StorageError, OSError) as error:
            notices = (f"{error}; the embedded element sets answer",)
        return cls(load_catalog(home), shelves, notices=notices, tables=tables)

    def close(self) -> None:
        """Close the files that the shelves read, if any; what was found stays good."""
        for shelf in (*self.shelves, *self.tables):
            close = getattr(shelf, "close", None)
            if close is not None:
                close()

    def orbits(
        self,
        *names: str,
        at: datetime | None = None,
        max_age: timedelta | None = None,
        as_of: datetime | None = None,
    ) -> tuple[Tracked, ...]:
        """Return the orbits of what is named, from the elements that suit the time asked.

        Members of a group that have no orbit are left out, unless all are; `search` tells why.

        Args:
            names: spacecraft, instruments, missions, groups or catalog numbers; without any, all
                element sets `given`.
            at: the time asked, aware; now by default.
            max_age: refuse elements further from it than this.
            as_of: use only what was known then, so that an old answer can be repeated.

        Raises:
            UnknownNameError: nothing that flies is called that.
            NoOrbitError: nobody publishes its orbit, or nothing is at hand.
            StaleElementsError: the elements are older than `max_age`.
        """
        found = self.search(*names, at=at, max_age=max_age, as_of=as_of)
        if not found.tracked:
            raise found.missing[0]
        return found.tracked

    def search(
        self,
        *names: str,
        at: datetime | None = None,
        max_age: timedelta | None = None,
        as_of: datetime | None = None,
    ) -> Found:
        """Return the orbits of what is named, and why some of them are missing; see `orbits`.

        Raises:
            UnknownNameError: nothing that flies is called that.
        """
        if not names and self.given is None and self.given_tables is None:
            raise InvalidInputError("name at least one spacecraft")
        if at is not None and at.tzinfo is None:
            raise InvalidInputError("the time asked needs a time zone")
        instant = datetime.now(UTC) if at is None else at.astimezone(UTC)
        shelves = self.shelves if self.given is None else (self.given,)
        tables = self.tables if self.given is None else None
        tracked: list[Tracked] = []
        missing: list[SattrackError] = []
        if self.given_tables is not None:
            for request, item in self.given_tables.requested(names, self.catalog):
                try:
                    tracked.append(tabulated(request, item.orbit_at(instant), instant, max_age))
                except SattrackError as error:
                    missing.append(error)
            return Found(tuple(tracked), tuple(missing))
        for request in requests_of(names, self.catalog, shelves, self.given):
            try:
                tracked.append(track(request, instant, shelves, max_age, as_of, tables))
            except SattrackError as error:
                missing.append(error)
        return Found(tuple(tracked), tuple(missing))

    def places(self, *texts: str) -> tuple[Place, ...]:
        """Return the places that each text means, in order, each once; see `places_of`."""
        found = [place for text in texts for place in places_of(text, self.catalog)]
        return tuple(dict.fromkeys(found))

    def entry(self, name: str, now: datetime) -> Entry:
        """Return the entry of a name, or what the elements at hand say of a catalog number.

        Raises:
            UnknownNameError: neither the catalog nor the elements know it.
        """
        number = catalog_number(name)
        if number is not None and self.catalog.get(name) is None:
            published = self.nearest(number, now)
            if published is not None:
                return uncatalogued(published.elements)
        return self.catalog.find(name)

    def nearest(self, norad_id: int, now: datetime) -> Published | None:
        """Return the element set at hand whose epoch is nearest to `now`, or None."""
        found = (shelf.nearest(norad_id, now) for shelf in self.shelves)
        return nearest_of((item for item in found if item is not None), now)

    def held(self, craft: Iterable[Spacecraft], now: datetime) -> tuple[Held, ...]:
        """Return the orbit data nearest to `now` of those craft that have any."""
        found = (self._held(item, now) for item in craft)
        return tuple(item for item in found if item is not None)

    def _held(self, craft: Spacecraft, now: datetime) -> Held | None:
        if craft.orbit_data == "ephemeris":
            with contextlib.suppress(NoOrbitError):
                table = track(Request(craft), now, (), tables=self.tables)
                return Held(craft, table.provenance)
            return None
        if craft.norad_id is None or craft.gp_refused:
            return None
        published = self.nearest(craft.norad_id, now)
        return (
            None
            if published is None
            else Held(craft, provenance_of(published, now), published.elements)
        )


@dataclass(frozen=True, slots=True)
class Held:
    """Orbit data at hand of a spacecraft, however old.

    Attributes:
        elements: None where it is a table.
    """

    spacecraft: Spacecraft
    provenance: Provenance
    elements: ElementSet | None = None


def places_of(text: str, catalog: Catalog) -> tuple[Place, ...]:
    """Return the places that `text` means: coordinates, stations, a group of them, or a city.

    Commas separate several places where the whole is not one (`washington, us` is).

    Raises:
        UnknownNameError: nothing is called that, or several cities are.
        InvalidInputError: coordinates out of range.
    """
    try:
        return _one_place(text, catalog)
    except UnknownNameError:
        parts = text.split(",")
        if len(parts) == 1:
            raise
        found: list[Place] = []
        while parts:
            taken, places = _longest_place(parts, catalog)
            if not places and not found and not _names_a_place(parts[1:], catalog):
                raise
            if not places:
                _one_place(parts[0].strip(), catalog)  # raises, naming the part
            found += places
            parts = parts[taken:]
        return tuple(found)


def _names_a_place(parts: Sequence[str], catalog: Catalog) -> bool:
    """Whether any of several parts begins a place of its own: then they are several."""
    return any(_longest_place(parts[k:], catalog)[0] for k in range(len(parts)))


_LONGEST_NAME_PARTS = 3  # latitude, longitude, height; or city, state, country


def _longest_place(parts: Sequence[str], catalog: Catalog) -> tuple[int, tuple[Place, ...]]:
    """Return how many of the first parts make a place together, and the place; none and nothing."""
    for count in range(min(_LONGEST_NAME_PARTS, len(parts)), 0, -1):
        with contextlib.suppress(UnknownNameError, InvalidInputError):
            return count, _one_place(",".join(parts[:count]).strip(), catalog)
    return 0, ()


def _one_place(text: str, catalog: Catalog) -> tuple[Place, ...]:
    coordinates = read_coordinates(text)
    if coordinates is not None:
        return (coordinates,)
    entry = catalog.get(text)
    stations = () if entry is None else catalog.stations_of(entry)
    if stations:
        return tuple(place_of(station) for station in stations)
    return (find_city(text, catalog_root()),)


def place_of(station: Station) -> Place:
    """Return where a station is; without a published height, on the ellipsoid."""
    points = station.horizon_deg
    horizon = HorizonMask(*zip(*points, strict=True)) if points else None
    return Place(
        station.name,
        station.latitude_deg,
        station.longitude_deg,
        station.height_m or 0.0,
        station.zone,
        horizon,
        dish_m=station.dish_m,
    )
