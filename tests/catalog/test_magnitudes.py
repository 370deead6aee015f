"""Standard magnitudes: whose, and none guessed."""

from __future__ import annotations

import csv
import dataclasses

import pytest

from sattrack.catalog import Spacecraft, catalog_root
from sattrack.catalog.magnitudes import HEAVENS_ABOVE, standard_magnitude
from sattrack.settings import Home, load_catalog

with (catalog_root() / "magnitudes" / "half_phase.csv").open(encoding="ascii") as file:
    ROWS = list(csv.DictReader(file))


@pytest.fixture(scope="module")
def craft(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Spacecraft]:
    home = Home.of({"SATTRACK_HOME": str(tmp_path_factory.mktemp("home"))})
    return {one.id: one for one in load_catalog(home).each(Spacecraft)}


def test_the_table_is_read_by_number(craft: dict[str, Spacecraft]) -> None:
    assert len(ROWS) == 137
    for row in ROWS:
        other = dataclasses.replace(
            craft["kompsat-5"], norad_id=int(row["norad_id"]), standard_magnitude=None
        )
        found = standard_magnitude(other)
        assert found is not None
        assert found.value == float(row["magnitude_1000km_half_phase"])
        assert found.source == HEAVENS_ABOVE


def test_what_an_entry_states_comes_first_with_its_own_source(craft: dict[str, Spacecraft]) -> None:
    found = standard_magnitude(craft["iss"])
    assert found is not None
    assert found.value == -1.8
    assert "Heavens-Above" in found.source.title
    ours = dataclasses.replace(craft["iss"], standard_magnitude=-1.3, cited=())
    other = standard_magnitude(ours)
    assert (other.value, other.source) == (-1.3, craft["iss"].source)


def test_the_catalog_agrees_with_the_table(craft: dict[str, Spacecraft]) -> None:
    table = {int(row["norad_id"]): float(row["magnitude_1000km_half_phase"]) for row in ROWS}
    stated = [one for one in craft.values() if one.standard_magnitude is not None]
    assert {one.id for one in stated} == {"iss", "css", "hst"}
    assert all(table[one.norad_id] == one.standard_magnitude for one in stated)


def test_nobody_has_published_one_of_these(craft: dict[str, Spacecraft]) -> None:
    for id_ in ("425-sat-1", "kompsat-5", "geo-kompsat-2b", "danuri"):
        assert standard_magnitude(craft[id_]) is None
