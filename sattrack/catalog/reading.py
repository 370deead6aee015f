"""Where the catalog's files are, and the way from them to a catalog."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sattrack.catalog.catalog import Catalog
from sattrack.catalog.faults import escaped
from sattrack.errors import StorageError
from sattrack.version import __version__

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_FOLDERS = ("missions", "stations")


def catalog_root() -> Traversable:
    """Return the catalog shipped in the wheel, or the checkout's own when run from one."""
    shipped = files("sattrack.catalog") / "data"
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / "catalog"


def read_catalog(root: Traversable, user_files: Iterable[Path] = ()) -> Catalog:
    """Read and check the files of a catalog and those that extend it.

    Args:
        root: holds the folders `missions` and `stations`.
        user_files: the user's own; their entries may refer to those of `root`, not replace them.

    Raises:
        CatalogError: something is wrong in the files; all of it is told at once.
        StorageError: a file cannot be read, or `root` holds none.
    """
    # Only the cache of the catalog is read on most days, and it needs neither pydantic nor TOML.
    from sattrack.catalog.validation import checked_entries

    return Catalog(
        checked_entries((str(file), _content(file)) for file in _catalog_files(root, user_files))
    )


def catalog_fingerprint(root: Traversable, user_files: Iterable[Path] = ()) -> str:
    """Return a text that changes whenever `read_catalog` could give something else.

    It is made from the names, sizes and times of the files, or from their contents where they lie
    in an archive, and from the version of sattrack, since installers may set times of their own.

    Raises:
        StorageError: a file cannot be read, or `root` holds none.
    """
    digest = hashlib.sha256(__version__.encode())
    for file in _catalog_files(root, user_files):
        digest.update(f"\n{file}\n".encode(errors="surrogateescape"))
        digest.update(_state(file) if isinstance(file, Path) else _content(file))
    return digest.hexdigest()


def _catalog_files(root: Traversable, user_files: Iterable[Path]) -> Iterator[Traversable]:
    shipped = [file for folder in _FOLDERS for file in _toml_files(root / folder)]
    if not shipped:
        raise StorageError(f"no catalog in {root}; install sattrack again")
    yield from shipped
    yield from user_files


def _toml_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        return []
    found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return sorted(found, key=lambda file: file.name)


def _content(file: Traversable) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise StorageError(f"cannot read {escaped(str(file))}: {error.strerror}") from error


def _state(file: Path) -> bytes:
    try:
        state = file.stat()
    except OSError as error:
        raise StorageError(f"cannot read {escaped(str(file))}: {error.strerror}") from error
    return f"{state.st_size} {state.st_mtime_ns}".encode()
