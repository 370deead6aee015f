"""Cities of the world by name: `seoul`, `서울`, `paris, texas`, `sao paulo`.

The table is `places/cities.tsv` of the catalog, made from GeoNames by the program beside it. It is
searched as bytes, and only rows that were found are read: half a millisecond instead of twenty.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sattrack.errors import StorageError, UnknownNameError, quoted
from sattrack.places import Place

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

# A bare name means the city that has this many times the people of the next one so called.
_OUTSTANDING = 10
_CHOICES_SHOWN = 6
# What Unicode does not take apart, and what is written or left out at will.
_LETTERS = str.maketrans("øłđðı", "olddi", "'’‘`") | str.maketrans({"æ": "ae", "œ": "oe"})
_ACCENTS = {"Mn", "Lm"}  # combining marks, and the modifier letters of transliterations


@dataclass(frozen=True, slots=True)
class _City:
    """A row of the table.

    Attributes:
        names: keys of its names, each between bars; `other_names` likewise.
        region: its state, province or the like; `region_code` the letters people use for that.
        country: ISO 3166-1 alpha-2.
    """

    names: str
    other_names: str
    name: str
    region: str
    region_code: str
    country: str
    latitude_deg: float
    longitude_deg: float
    population: int
    zone: str

    @classmethod
    def at(cls, position: int, table: bytes) -> _City:
        """Read the row around a position of the table."""
        start, end = table.rfind(b"\n", 0, position) + 1, table.find(b"\n", position)
        names, others, name, region, code, country, *numbers, zone = (
            table[start:end].decode().split("\t")
        )
        latitude, longitude, population = map(float, numbers)
        return cls(
            names, others, name, region, code, country, latitude, longitude, int(population), zone
        )

    @property
    def full_name(self) -> str:
        """The name as it may be asked for where others are called alike."""
        return ", ".join(part for part in (self.name, self.region, self.country) if part)

    def lies_in(self, keys: Sequence[str], countries: bytes) -> bool:
        """Whether every key is one of its region or country; `countries` is the table of those."""
        own = {city_key(self.region), city_key(self.region_code), city_key(self.country)}
        names = countries.partition(f"\n{self.country}\t".encode())[2].partition(b"\n")[0]
        return all(key in own or f"|{key}|".encode() in names for key in keys)


def city_key(name: str) -> str:
    """Return what two spellings of a city have in common: `São Paulo` and `sao-paulo`.

    Case, accents, spaces and marks do not count, and Saint is the same as St.
    """
    small = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    spelled = unicodedata.normalize("NFKD", small)
    plain = "".join(sign for sign in spelled if unicodedata.category(sign) not in _ACCENTS)
    # Hangul was taken apart with the accents.
    whole = unicodedata.normalize("NFC", plain)
    words = "".join(sign if sign.isalnum() else " " for sign in whole).split()
    return "".join("st" if word == "saint" else word for word in words)


def find_city(text: str, root: Traversable) -> Place:
    """Return the city that `text` names, on the ellipsoid, since GeoNames has no reliable heights.

    After a comma may follow a state or province, its letters, or a country by name or ISO code:
    `paris, texas`, `paris, tx`, `paris, fr`, `springfield, mo, us`. Where several cities fit, the
    largest is meant if it has ten times the people of the next; otherwise none is chosen. The usual
    name of a city goes before other spellings and former names.

    Args:
        text: the name in any case, with or without accents, in English or Korean.
        root: the folder of the catalog.

    Raises:
        UnknownNameError: no city of the table fits, or several do.
        StorageError: the table cannot be read.
    """
    name, *places = (city_key(part) for part in text.split(","))
    within = [key for key in places if key]
    table = _read(root, "cities.tsv")
    countries = _read(root, "countries.tsv") if within else b""
    namesakes: list[_City] = []
    for column in ("names", "other_names"):
        namesakes += _called(name, column, table)
        fitting = [city for city in namesakes if city.lies_in(within, countries)]
        if _one_stands_out(fitting):
            known_by_name = _one_stands_out(namesakes) and namesakes[0] == fitting[0]
            return _place(fitting[0], fitting[0].name if known_by_name else fitting[0].full_name)
        if fitting:
            raise UnknownNameError(
                f"{quoted(text)} is the name of several cities: {_listed(fitting)}"
            )
    if namesakes:
        raise UnknownNameError(f"there is no {quoted(text)}, but there is {_listed(namesakes)}")
    raise UnknownNameError(f"unknown place {quoted(text)}; {_advice(name, table)}")


def _read(root: Traversable, file: str) -> bytes:
    try:
        return (root / "places" / file).read_bytes()
    except OSError as error:
        raise StorageError(f"cannot read the cities in {root}: {error}; install again") from error


def _called(key: str, column: str, table: bytes) -> list[_City]:
    """Return the cities with that key in that column, the largest first, as the table has them."""
    found = []
    pattern = f"|{key}|".encode()
    position = table.find(pattern) if key else -1
    while position >= 0:
        city = _City.at(position, table)
        if f"|{key}|" in getattr(city, column):
            found.append(city)
        position = table.find(pattern, table.find(b"\n", position))
    return found


def _one_stands_out(cities: Sequence[_City]) -> bool:
    if len(cities) < 2:
        return len(cities) == 1
    return cities[0].population >= _OUTSTANDING * max(1, cities[1].population)


def _place(city: _City, name: str) -> Place:
    return Place(name, city.latitude_deg, city.longitude_deg, zone=city.zone)


def _listed(cities: Sequence[_City]) -> str:
    shown = "; ".join(city.full_name for city in cities[:_CHOICES_SHOWN])
    more = len(cities) - _CHOICES_SHOWN
    return shown + (f"; and {more} smaller ones" if more > 0 else "")


def _advice(key: str, table: bytes) -> str:
    """Name the cities that someone may have meant by `key`."""
    from sattrack.catalog.names import nearest

    # Few slips of the pen change the first letter, and comparing with all names takes long.
    beginning = f"\n|{key[:1]}".encode()
    named: dict[str, str] = {}
    position = table.find(beginning) if key else -1
    while position >= 0:
        city = _City.at(position + 1, table)
        named.setdefault(city_key(city.name), city.name)
        position = table.find(beginning, position + 1)
    if near := [named[similar] for similar in nearest(key, named)]:
        return f"did you mean {', '.join(near)}?"
    return "write coordinates, for instance 37.5665,126.978"
