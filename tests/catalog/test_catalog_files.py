"""The catalog's files: where they lie, who may add some, and when they have changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path

import jsonschema
import pytest

import sattrack
from sattrack.catalog import (
    KINDS,
    Spacecraft,
    catalog_fingerprint,
    catalog_root,
    read_catalog,
)
from sattrack.catalog.schema import (
    ENTRY_TABLES,
    INNER_TABLES,
    SourceTable,
    Table,
    catalog_json_schema,
)
from sattrack.errors import StorageError

OWN = """\
[sources]
own = { title = "Our own notes" }

[[spacecraft]]
id = "cubelet"
name = "Cubelet"
summary = "Ours."
source = "own"
mission = "lookout-mission"
orbit_data = "unpublished"

[[group]]
id = "mine"
name = "Mine"
summary = "What I follow."
source = "own"
members = ["cubelet", "lookout-1"]
"""


def test_the_users_own_files_extend_the_catalog(root: Path, own_file: Callable[..., Path]) -> None:
    catalog = read_catalog(root, [own_file(OWN)])
    assert [craft.id for craft in catalog.spacecraft_of(catalog.find("mine"))] == [
        "cubelet",
        "lookout-1",
    ]
    assert catalog.find("cubelet") in catalog.spacecraft_of(catalog.find("lookout mission"))


def test_the_shipped_catalog_is_found_here() -> None:
    assert (catalog_root() / "missions").is_dir()
    assert (catalog_root() / "stations").is_dir()


def test_a_catalog_in_an_archive_is_the_same(root: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sattrack.zip", "w") as archive:
        archive.write(root / "missions" / "lookout.toml", "data/missions/lookout.toml")
    within = zipfile.Path(tmp_path / "sattrack.zip", "data/")
    assert list(read_catalog(within)) == list(read_catalog(root))
    assert catalog_fingerprint(within) == catalog_fingerprint(within)


def test_only_toml_files_are_read_in_the_order_of_their_names(root: Path) -> None:
    text = OWN.replace("cubelet", "zebra").replace("mine", "ours")
    (root / "missions" / "a.toml").write_text(text)
    (root / "missions" / "README.md").write_text("not TOML")
    (root / "stations").mkdir()
    assert [craft.id for craft in read_catalog(root).each(Spacecraft)][:2] == ["zebra", "lookout-1"]


def test_the_fingerprint_changes_with_the_files(
    root: Path, own_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = root / "missions" / "lookout.toml"
    own = own_file(OWN)
    seen = [catalog_fingerprint(root), catalog_fingerprint(root, [own])]
    assert catalog_fingerprint(root, [own]) == seen[-1]

    state = shipped.stat()
    os.utime(shipped, ns=(state.st_atime_ns, state.st_mtime_ns + 10**9))
    seen.append(catalog_fingerprint(root, [own]))
    own.write_text(OWN + "\n")
    os.utime(own, ns=(state.st_atime_ns, state.st_mtime_ns))
    seen.append(catalog_fingerprint(root, [own]))
    own.write_text(OWN + "\n\n")
    os.utime(own, ns=(state.st_atime_ns, state.st_mtime_ns))
    seen.append(catalog_fingerprint(root, [own]))
    own.rename(own.with_name("renamed.toml"))
    seen.append(catalog_fingerprint(root, [own.with_name("renamed.toml")]))
    (root / "missions" / "more.toml").write_text("")
    seen.append(catalog_fingerprint(root))
    monkeypatch.setattr("sattrack.catalog.reading.__version__", "999")
    seen.append(catalog_fingerprint(root))
    assert len(set(seen)) == len(seen)


def test_the_fingerprint_of_an_archive_is_that_of_its_contents(root: Path, tmp_path: Path) -> None:
    prints = set()
    for text in ("[sources]", "[sources]\n"):
        with zipfile.ZipFile(tmp_path / "sattrack.zip", "w") as archive:
            archive.writestr("missions/lookout.toml", text)
        prints.add(catalog_fingerprint(zipfile.Path(tmp_path / "sattrack.zip")))
    assert len(prints) == 2


def test_a_missing_file_has_no_fingerprint(root: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot read .*gone\.toml: No such file"):
        catalog_fingerprint(root, [tmp_path / "gone.toml"])


def test_tables_hold_the_fields_of_the_entries() -> None:
    assert ENTRY_TABLES.keys() == KINDS.keys()
    for kind, entry_table in ENTRY_TABLES.items():
        assert entry_table.becomes is KINDS[kind]
    tables: list[type[Table]] = [*ENTRY_TABLES.values(), *INNER_TABLES.values(), SourceTable]
    for table in tables:
        stated = {name: info.is_required() for name, info in table.model_fields.items()}
        entry = {field.name: field.default is MISSING for field in fields(table.becomes)}
        assert stated == entry


def test_the_json_schema_accepts_what_the_reader_accepts(root: Path) -> None:
    schema = catalog_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for file in (catalog_root() / "missions").iterdir():
        # JSON has no times: a date of TOML is its text there.
        tables = json.loads(
            json.dumps(
                tomllib.loads(file.read_text("utf-8")), default=lambda time: time.isoformat()
            )
        )
        assert [error.message for error in validator.iter_errors(tables)] == []
    assert not validator.is_valid({"spacecraft": [{"id": "probe"}]})


def test_reading_the_cache_needs_neither_pydantic_nor_toml(root: Path) -> None:
    code = """
import json, sys
from sattrack.catalog import Catalog, catalog_fingerprint, catalog_root
catalog_fingerprint(catalog_root())
Catalog.from_document(json.loads(json.dumps(Catalog([]).to_document())))
print([name for name in ("pydantic", "tomllib", "difflib") if name in sys.modules])
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_a_zipped_sattrack_finds_its_catalog(tmp_path: Path) -> None:
    package = Path(sattrack.__file__).parent
    with zipfile.ZipFile(tmp_path / "sattrack.zip", "w") as archive:
        for file in package.rglob("*.py"):
            archive.write(file, file.relative_to(package.parent))
        for folder in ("missions", "stations"):
            for entry in (catalog_root() / folder).iterdir():
                archive.writestr(f"sattrack/catalog/data/{folder}/{entry.name}", entry.read_bytes())
    code = """
import sattrack.catalog as c
print(c.__file__, len(c.read_catalog(c.catalog_root())), c.catalog_fingerprint(c.catalog_root()))
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "sattrack.zip")},
    )
    where, count, _ = result.stdout.split()
    assert where.startswith(str(tmp_path))
    assert int(count) == len(read_catalog(catalog_root()))
