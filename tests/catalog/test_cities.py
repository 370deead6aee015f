"""Cities by name: who is meant, who is not, and that the table agrees with what others know."""

from __future__ import annotations

import math
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sattrack.catalog import catalog_root
from sattrack.catalog.cities import city_key, find_city
from sattrack.errors import StorageError, UnknownNameError
from sattrack.places import Place

ROOT = catalog_root()
ROWS = [
    line.split("\t")
    for line in (ROOT / "places" / "cities.tsv").read_text(encoding="utf-8").splitlines()
]


def full_name(row: list[str]) -> str:
    _, _, name, region, _, country, *_ = row
    return ", ".join(part for part in (name, region, country) if part)


def refusal(text: str) -> str:
    with pytest.raises(UnknownNameError) as raised:
        find_city(text, ROOT)
    assert raised.value.exit_status == 3
    return str(raised.value)


def test_seoul() -> None:
    assert find_city("seoul", ROOT) == Place("Seoul", 37.566, 126.9784, 0.0, "Asia/Seoul")


@pytest.mark.parametrize(
    ("text", "name", "latitude_deg", "longitude_deg", "zone"),
    [
        # Positions: IANA tzdata 2026.6, zone.tab, to its whole minutes.
        ("SEOUL", "Seoul", 37 + 33 / 60, 126 + 58 / 60, "Asia/Seoul"),
        ("서울", "Seoul", 37 + 33 / 60, 126 + 58 / 60, "Asia/Seoul"),
        ("서울특별시", "Seoul", 37 + 33 / 60, 126 + 58 / 60, "Asia/Seoul"),
        ("seoul, korea", "Seoul", 37 + 33 / 60, 126 + 58 / 60, "Asia/Seoul"),
        ("평양", "Pyongyang", 39 + 1 / 60, 125 + 45 / 60, "Asia/Pyongyang"),
        ("tokyo", "Tokyo", 35 + 39 / 60, 139 + 45 / 60, "Asia/Tokyo"),
        ("london", "London", 51 + 30 / 60, -7 / 60, "Europe/London"),
        ("paris", "Paris", 48 + 52 / 60, 2 + 20 / 60, "Europe/Paris"),
        ("Paris, FR", "Paris", 48 + 52 / 60, 2 + 20 / 60, "Europe/Paris"),
        ("sao paulo", "São Paulo", -(23 + 32 / 60), -(46 + 37 / 60), "America/Sao_Paulo"),
        ("SÃO-PAULO", "São Paulo", -(23 + 32 / 60), -(46 + 37 / 60), "America/Sao_Paulo"),
        ("new york", "New York City", 40 + 43 / 60, -(74 + 0 / 60), "America/New_York"),
        ("뉴욕", "New York City", 40 + 43 / 60, -(74 + 0 / 60), "America/New_York"),
        ("chicago", "Chicago", 41 + 51 / 60, -(87 + 39 / 60), "America/Chicago"),
        ("perth", "Perth", -(31 + 57 / 60), 115 + 51 / 60, "Australia/Perth"),
        ("santiago", "Santiago", -(33 + 27 / 60), -(70 + 40 / 60), "America/Santiago"),
        # Official positions of the city halls.
        ("busan", "Busan", 35.18, 129.08, "Asia/Seoul"),
        ("pusan", "Busan", 35.18, 129.08, "Asia/Seoul"),
        ("daejeon", "Daejeon", 36.35, 127.38, "Asia/Seoul"),
        ("대전", "Daejeon", 36.35, 127.38, "Asia/Seoul"),
        ("gwangju", "Gwangju", 35.16, 126.85, "Asia/Seoul"),
        ("yongin", "Yongin", 37.24, 127.18, "Asia/Seoul"),
        ("사천", "Sacheon", 35.00, 128.06, "Asia/Seoul"),
        ("남원", "Namwon", 35.42, 127.39, "Asia/Seoul"),
        ("안양", "Anyang", 37.39, 126.96, "Asia/Seoul"),
        ("washington, us", "Washington", 38.90, -77.04, "America/New_York"),
        ("Washington, D.C.", "Washington", 38.90, -77.04, "America/New_York"),
        ("washington dc", "Washington", 38.90, -77.04, "America/New_York"),
    ],
)
def test_a_city_is_where_others_say_it_is(
    text: str, name: str, latitude_deg: float, longitude_deg: float, zone: str
) -> None:
    city = find_city(text, ROOT)
    assert (city.name, city.zone) == (name, zone)
    assert city.latitude_deg == pytest.approx(latitude_deg, abs=0.1)
    east_deg = (city.longitude_deg - longitude_deg) * math.cos(math.radians(latitude_deg))
    assert east_deg == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("paris, texas", "Paris, Texas, US"),
        ("paris, tx", "Paris, Texas, US"),
        ("Paris, TX, USA", "Paris, Texas, US"),
        ("springfield, mo", "Springfield, Missouri, US"),
        ("london, ontario", "London, Ontario, CA"),
        ("london, on", "London, Ontario, CA"),
        ("vancouver, bc", "Vancouver, British Columbia, CA"),
        ("광주, gyeonggi-do", "Gwangju, Gyeonggi-do, KR"),
        ("saint petersburg, fl", "St. Petersburg, Florida, US"),
        ("st. petersburg", "Saint Petersburg"),
        ("cologne", "Köln"),
        ("houston,", "Houston"),
    ],
)
def test_a_city_that_is_not_the_first_of_its_name_says_where_it_lies(text: str, name: str) -> None:
    assert find_city(text, ROOT).name == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "springfield",
            "'springfield' is the name of several cities: Springfield, Missouri, US; "
            "Springfield, Massachusetts, US; Springfield, Illinois, US; Springfield, Oregon, US; "
            "Springfield, Ohio, US; Springfield, Virginia, US; and 2 smaller ones",
        ),
        (
            "odessa",
            "'odessa' is the name of several cities: Odesa, Odessa, UA; Odessa, Texas, US",
        ),
        (
            "고성",
            "'고성' is the name of several cities: Goseong, Gangwon-do, KR; "
            "Goseong, Gyeongsangnam-do, KR",
        ),
        ("seoul, jp", "there is no 'seoul, jp', but there is Seoul, Seoul, KR"),
        ("seuol", "unknown place 'seuol'; did you mean Seoul, Sentul, Setúbal?"),
        ("", "unknown place ''; write coordinates, for instance 37.5665,126.978"),
        (", us", "unknown place ', us'; write coordinates, for instance 37.5665,126.978"),
        (
            "\x1b[31mxqzw\udc80",
            r"unknown place '\x1b[31mxqzw\udc80'; write coordinates, for instance 37.5665,126.978",
        ),
    ],
)
def test_no_city_is_chosen_in_doubt(text: str, message: str) -> None:
    assert refusal(text) == message


def test_a_long_text_is_refused_soon_and_in_short() -> None:
    start = time.perf_counter()
    assert len(refusal("서" * 100_000)) < 200
    assert time.perf_counter() - start < 2.0


def test_a_missing_table_is_a_fault_of_storage(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot read the cities in"):
        find_city("seoul", tmp_path)


def test_looking_up_a_city_takes_no_time() -> None:
    spent_s = []
    for _ in range(20):
        start = time.perf_counter()
        find_city("seoul", ROOT)
        spent_s.append(time.perf_counter() - start)
    assert min(spent_s) < 3e-3  # without any cache; 0.6 ms on a quiet machine


def test_the_table_is_in_order() -> None:
    populations = [int(row[8]) for row in ROWS]
    assert populations == sorted(populations, reverse=True)
    assert len({full_name(row) for row in ROWS}) == len(ROWS)
    for names, others, name, *_, latitude, longitude, _, zone in ROWS:
        keys = names.strip("|").split("|") + [key for key in others.split("|") if key]
        assert keys[0] == city_key(name)
        assert [city_key(key) for key in keys] == keys
        assert len(set(keys)) == len(keys)
        assert Place(name, float(latitude), float(longitude)).height_m == 0.0
        assert ZoneInfo(zone).key == zone


def test_all_large_cities_of_korea_are_known_in_both_scripts() -> None:
    korean = [row for row in ROWS if row[5] == "KR" and int(row[8]) >= 100_000]
    assert len(korean) > 55
    without_hangul = [row[2] for row in korean if all(key.isascii() for key in row[0].split("|"))]
    assert without_hangul == []


@pytest.mark.parametrize("row", ROWS[::50], ids=full_name)
def test_a_full_name_is_read_back(row: list[str]) -> None:
    city = find_city(full_name(row), ROOT)
    assert (city.latitude_deg, city.longitude_deg) == (float(row[6]), float(row[7]))
    assert city.name in (row[2], full_name(row))


@pytest.mark.thorough
def test_every_full_name_is_read_back() -> None:
    for row in ROWS:
        city = find_city(full_name(row), ROOT)
        assert (city.latitude_deg, city.longitude_deg) == (float(row[6]), float(row[7]))


@given(st.text())
def test_a_key_has_nothing_more_to_lose(name: str) -> None:
    key = city_key(name)
    assert city_key(key) == ("st" if key == "saint" else key)
    assert "|" not in key
    assert "\t" not in key


@given(st.text(max_size=30))
def test_any_text_is_found_or_refused(text: str) -> None:
    try:
        place = find_city(text, ROOT)
    except UnknownNameError as error:
        shown = str(error)
    else:
        shown = place.name
    assert shown.isprintable()
