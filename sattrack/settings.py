"""Where this machine keeps things: configuration, store and cache; and what its user added.

`SATTRACK_HOME`, when set, holds everything; otherwise the platform's own folders do.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sattrack.catalog import Catalog, catalog_fingerprint, catalog_root, read_catalog
from sattrack.errors import StorageError, quoted

_CATALOG_INDEX = "catalog.json"
# The day on which the embedded element sets were copied from CelesTrak's files.
EMBEDDED_RETRIEVED_AT = datetime(2026, 10, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of sattrack on this machine; none need exist.

    Attributes:
        configuration: `config.toml` and `catalog/*.toml`, written by the user.
        data: what was fetched.
        cache: what can be made again.
    """

    configuration: Path
    data: Path
    cache: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Home:
        """Return the folders that the environment asks for."""
        if chosen := environment.get("SATTRACK_HOME"):
            try:
                folder = Path(chosen).expanduser()
            except RuntimeError as error:
                raise StorageError(f"SATTRACK_HOME {quoted(chosen)}: {error}") from error
            return cls(folder, folder, folder / "cache")
        from platformdirs import PlatformDirs

        folders = PlatformDirs("sattrack", appauthor=False)
        return cls(folders.user_config_path, folders.user_data_path, folders.user_cache_path)

    @property
    def store(self) -> Path:
        """The database of everything that was fetched."""
        return self.data / "store.sqlite"

    @property
    def user_catalog(self) -> tuple[Path, ...]:
        """The user's own catalog files: `config.toml`, then `catalog/*.toml` by name."""
        try:
            found = sorted((self.configuration / "catalog").glob("*.toml"))
            own = [path for path in found if path.is_file()]
            config = self.configuration / "config.toml"
            return (config, *own) if config.is_file() else tuple(own)
        except OSError as error:
            raise StorageError(
                f"cannot read {self.configuration}: {error.strerror or error}"
            ) from error


def load_catalog(home: Home) -> Catalog:
    """Return the shipped catalog with the user's own files.

    An index of it is kept in the cache, since reading and checking the files takes longer than
    finding passes. A cache that cannot be read or written costs only time.

    Raises:
        RejectedDataError: one of the files breaks the rules; the message names file and line.
        StorageError: one of the user's files cannot be read.
    """
    root, own = catalog_root(), home.user_catalog
    fingerprint = catalog_fingerprint(root, own)
    index = home.cache / _CATALOG_INDEX
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(index.read_bytes())
        if kept["fingerprint"] == fingerprint:
            return Catalog.from_document(kept["catalog"])
    catalog = read_catalog(root, own)
    document = {"fingerprint": fingerprint, "catalog": catalog.to_document()}
    with contextlib.suppress(StorageError):
        write_whole(index, json.dumps(document, ensure_ascii=False).encode())
    return catalog


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file so that any instant leaves the old one or the new, never a mix.

    Raises:
        StorageError: the file cannot be written; the old one is untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_strays(path)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error


# Long against any write: what is older was left behind by a process that was killed.
_STRAY_AGE_S = 3600.0


def _clear_strays(path: Path) -> None:
    """Remove what killed processes left of earlier writes to the same file."""
    for stray in path.parent.glob(f".{path.name}.*"):
        with contextlib.suppress(OSError):
            if time.time() - stray.stat().st_mtime > _STRAY_AGE_S:
                stray.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name of a file last through a power cut, where folders can be told to."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_answer(path: Path, content: bytes) -> None:
    """Write an answer where the user wants it, as other programs do.

    A regular file is replaced whole and keeps its mode; a link is followed; a pipe or a device is
    written to. Folders are not made.

    Raises:
        StorageError: it cannot be written.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise StorageError(f"cannot write {path}: it is a folder")
            with target.open("wb") as stream:
                stream.write(content)
            return
        if not target.parent.is_dir():
            raise StorageError(f"cannot write {path}: there is no folder {target.parent}")
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error
    write_whole(target, content, mode)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
