"""From a name to what looks at the Earth, and from which spacecraft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sattrack.catalog import Catalog, Entry, Group, Instrument, Mission, Spacecraft
from sattrack.errors import InvalidInputError

Looks: TypeAlias = Literal["regard", "imaging"]

# What the catalog states of a sensor, and which question that answers.
_TABLES: dict[str, Looks] = {"field_of_regard": "regard", "sensor": "imaging"}


@dataclass(frozen=True, slots=True)
class Sensor:
    """What looks at the Earth.

    Attributes:
        stated_by: the instrument, or the spacecraft itself, whose entry describes it.
        looks: `regard`, over a field that the catalog outlines; `imaging`, by turning to a target
            as the craft passes.
    """

    spacecraft: Spacecraft
    stated_by: Instrument | Spacecraft
    looks: Looks

    @property
    def name(self) -> str:
        """The instrument's name, or the spacecraft's."""
        return self.stated_by.name


@dataclass(frozen=True, slots=True)
class Sensors:
    """What was found of that which was asked for, all of it looking in the same way.

    Attributes:
        sensors: in the order of the names, each once.
        blind: names of those of which the catalog does not say what they see.
    """

    sensors: tuple[Sensor, ...]
    blind: tuple[str, ...] = ()

    @property
    def looks(self) -> Looks:
        """How they look."""
        return self.sensors[0].looks


def sensors_of(names: Sequence[str], catalog: Catalog) -> Sensors:
    """Return the sensors that `names` mean: instruments, or all aboard a spacecraft, or of several.

    Raises:
        UnknownNameError: nothing is called that.
        InvalidInputError: the catalog describes the sensors of none of them, or of two kinds.
    """
    found: dict[str, Sensor] = {}
    blind: list[str] = []
    for name in names:
        for entry in _members(catalog.find(name), catalog):
            sensors = [*_sensors(entry, catalog)]
            found |= {sensor.stated_by.id: sensor for sensor in sensors}
            if not sensors:
                blind.append(entry.name)
    if not found:
        names_of_blind = list(dict.fromkeys(blind))
        more = f" and {len(names_of_blind) - 1} more" if len(names_of_blind) > 1 else ""
        raise InvalidInputError(
            f"{names_of_blind[0]}{more}: the catalog states neither a field of regard nor "
            "a sensor; add an instrument with a table field_of_regard or sensor to your own "
            "catalog, as the README shows"
        )
    every = tuple(found.values())
    other = next((sensor for sensor in every if sensor.looks != every[0].looks), None)
    if other is not None:
        first, second = sorted((every[0], other), key=lambda sensor: sensor.looks, reverse=True)
        raise InvalidInputError(
            f"{first.name} has a field of regard and {second.name} turns to its targets: these are "
            "two questions, ask for them one by one"
        )
    return Sensors(every, tuple(dict.fromkeys(blind)))


def sensors_on(craft: Sequence[Spacecraft], catalog: Catalog) -> Sensors:
    """Return the sensors of given spacecraft; see `sensors_of`."""
    return sensors_of([item.id for item in craft], catalog)


def _members(entry: Entry, catalog: Catalog) -> Sequence[Entry]:
    """Return what a group or mission consists of: its instruments speak for their hosts."""
    if isinstance(entry, Group):
        members = catalog.members_of(entry)
        return [part for member in members for part in _members(member, catalog)]
    if isinstance(entry, Mission):
        own = [one for one in catalog.each(Instrument) if one.mission == entry.id]
        hosts = {one.host for one in own}
        craft = [one for one in catalog.spacecraft_of(entry) if one.id not in hosts]
        return [*craft, *own]
    return [entry]


def _sensors(entry: Entry, catalog: Catalog) -> Iterator[Sensor]:
    match entry:
        case Instrument():
            (craft,) = catalog.spacecraft_of(entry)
            yield from _stated(craft, entry)
        case Spacecraft():
            yield from _stated(entry, entry)
            for instrument in catalog.instruments_on(entry):
                yield from _stated(entry, instrument)


def _stated(craft: Spacecraft, entry: Instrument | Spacecraft) -> Iterator[Sensor]:
    for field, looks in _TABLES.items():
        if getattr(entry, field, None) is not None:
            yield Sensor(craft, entry, looks)
