"""The catalog in memory: find an entry by any of its names, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

from sattrack.catalog import documents
from sattrack.catalog.entries import (
    KINDS,
    Entry,
    Group,
    Instrument,
    Launch,
    Mission,
    Region,
    Spacecraft,
    Station,
    kind_of,
)
from sattrack.catalog.faults import quoted
from sattrack.catalog.names import naif_name, name_key, nearest
from sattrack.errors import UnknownNameError

EntryT = TypeVar("EntryT", bound=Entry)


class Catalog:
    """Entries by their names, and the relations between them.

    `catalog["gems"]` is the entry of exactly that id, or a KeyError: for references between
    entries. What a person typed goes through `find` or `get`, which know every name and spelling.

    Args:
        entries: with unique ids, and references that lead to each other.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        by_kind: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
        self._entries: Mapping[str, Mapping[str, Entry]] = by_kind
        self._ids: dict[str, list[str]] = {}  # that the key of a name leads to
        for entry in entries:
            by_kind[kind_of(entry)][entry.id] = entry
            for name in (*_names(entry), *_numbers(entry)):
                ids = self._ids.setdefault(name_key(name), [])
                if entry.id not in ids:
                    ids.append(entry.id)

    @classmethod
    def from_document(cls, document: Any) -> Catalog:
        """Return the catalog that `to_document` wrote; entries are parsed when asked for.

        Raises:
            ValueError: the document is damaged, or of another version of sattrack.
        """
        catalog = cls()
        catalog._entries, catalog._ids = documents.read(document)
        return catalog

    def to_document(self) -> dict[str, Any]:
        """Return the whole catalog as values that JSON can hold."""
        return documents.written(self, self._ids)

    def __iter__(self) -> Iterator[Entry]:
        return (entry for entries in self._entries.values() for entry in entries.values())

    def __len__(self) -> int:
        return sum(map(len, self._entries.values()))

    def __getitem__(self, id_: str) -> Entry:
        for entries in self._entries.values():
            if id_ in entries:
                return entries[id_]
        raise KeyError(id_)

    def each(self, kind: type[EntryT]) -> tuple[EntryT, ...]:
        """Return all entries of one kind, in the order of the files."""
        return cast(tuple[EntryT, ...], tuple(self._entries[kind.__name__.lower()].values()))

    def names(self) -> tuple[str, ...]:
        """Return every id, name and alias as it is spelled in the catalog, English and Korean."""
        return tuple(dict.fromkeys(name for entry in self for name in _names(entry)))

    def korean_names(self) -> dict[str, str]:
        """Return the Korean names of those entries that have one, by their English names."""
        return {entry.name: entry.name_ko for entry in self if entry.name_ko}

    def get(self, name: str) -> Entry | None:
        """Return the entry known by `name`, or None.

        None for a catalog number says only that the catalog has no entry for it; the satellite may
        well exist.

        Raises:
            UnknownNameError: several entries are known by that name, and none has it as its id.
        """
        ids = self._ids.get(name_key(name), [])
        if len(ids) > 1 and name not in ids:
            raise UnknownNameError(
                f"{quoted(name)} is the name of several entries: {', '.join(ids)}; choose one"
            )
        return self[name if name in ids else ids[0]] if ids else None

    def find(self, name: str) -> Entry:
        """Return the entry known by `name`.

        The name is an id, a name or alias in English or Korean, a catalog number, an international
        designator such as 2020-013B, or an identifier of NAIF such as -155.

        Raises:
            UnknownNameError: no entry is known by that name, or several are.
        """
        entry = self.get(name)
        if entry is None:
            raise UnknownNameError(f"unknown name {quoted(name)}{self._suggestion(name)}")
        return entry

    def _suggestion(self, name: str) -> str:
        # Of several spellings the first is kept, the id before all others.
        names = {name_key(known): known for known in reversed(self.names())}
        similar = [names[key] for key in nearest(name_key(name), names)]
        meant = f"did you mean {', '.join(similar)}? " if similar else ""
        return f"; {meant}run: sattrack list"

    def members_of(self, group: Group) -> tuple[Entry, ...]:
        """Return what a group holds, through all groups within it, in order and without repeats."""
        members: dict[str, Entry] = {}
        waiting = [*reversed(group.members)]
        while waiting:
            member = self[waiting.pop()]
            if isinstance(member, Group):
                waiting += reversed(member.members)
            else:
                members.setdefault(member.id, member)
        return tuple(members.values())

    def spacecraft_of(self, entry: Entry) -> tuple[Spacecraft, ...]:
        """Return what flies: an instrument's host, a launch's payloads, all craft of a mission."""
        return self._gathered(entry, self._own_spacecraft)

    def instruments_on(self, spacecraft: Spacecraft) -> tuple[Instrument, ...]:
        """Return the instruments that a spacecraft carries."""
        return tuple(one for one in self.each(Instrument) if one.host == spacecraft.id)

    def launches_of(self, entry: Entry) -> tuple[Launch, ...]:
        """Return the launches that carried, or will carry, the spacecraft of an entry."""
        return self._gathered(entry, self._own_launches)

    def stations_of(self, entry: Entry) -> tuple[Station, ...]:
        """Return the places on the ground: a station itself, the site of a launch."""
        return self._gathered(entry, self._own_stations)

    def regions_of(self, entry: Entry) -> tuple[Region, ...]:
        """Return the regions of other bodies that a mission is concerned with."""
        return self._gathered(entry, self._own_regions)

    def _gathered(
        self, entry: Entry, own: Callable[[Entry], Iterable[EntryT]]
    ) -> tuple[EntryT, ...]:
        """Return what is `own` to an entry or to the members of a group, each once."""
        members = self.members_of(entry) if isinstance(entry, Group) else (entry,)
        return tuple({found.id: found for member in members for found in own(member)}.values())

    def _own_spacecraft(self, entry: Entry) -> Iterable[Spacecraft]:
        match entry:
            case Spacecraft():
                yield entry
            case Instrument():
                yield self._spacecraft(entry.host)
            case Mission():
                yield from (craft for craft in self.each(Spacecraft) if craft.mission == entry.id)
                for instrument in self.each(Instrument):
                    if instrument.mission == entry.id:
                        yield self._spacecraft(instrument.host)
            case Launch():
                yield from map(self._spacecraft, entry.payloads)
                yield from (craft for craft in self.each(Spacecraft) if craft.launch == entry.id)

    def _own_launches(self, entry: Entry) -> Iterable[Launch]:
        if isinstance(entry, Launch):
            yield entry
        else:
            for craft in self._own_spacecraft(entry):
                for launch in self.each(Launch):
                    if launch.id == craft.launch or craft.id in launch.payloads:
                        yield launch

    def _own_stations(self, entry: Entry) -> Iterable[Station]:
        match entry:
            case Station():
                yield entry
            case Launch() if entry.site:
                yield cast(Station, self[entry.site])

    def _own_regions(self, entry: Entry) -> Iterable[Region]:
        match entry:
            case Region():
                yield entry
            case Mission():
                yield from (region for region in self.each(Region) if region.mission == entry.id)

    def _spacecraft(self, id_: str) -> Spacecraft:
        return cast(Spacecraft, self._entries["spacecraft"][id_])


def _names(entry: Entry) -> Iterator[str]:
    yield from filter(None, (entry.id, entry.name, entry.name_ko, *entry.aliases))


def _numbers(entry: Entry) -> Iterator[str]:
    if isinstance(entry, Spacecraft):
        numbers = (entry.norad_id, entry.cospar_id, naif_name(entry.naif_id))
        yield from (str(number) for number in numbers if number)
