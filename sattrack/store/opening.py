"""Opening the file of the store: for writing, for reading, and when it is damaged or missing.

The file is in write-ahead-log mode with `synchronous=FULL`: what was committed survives a killed
process and a power cut, and neither needs a repair. Readers never wait for a writer.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sattrack.errors import BusyError, SattrackError, StorageError
from sattrack.store.migrations import APPLICATION_ID, MIGRATIONS, migrate, version_of

# Long against any transaction here, short against the patience of a user.
_WAIT_FOR_OTHERS_S = 10.0
_MEMORY = "file::memory:"


# How the name of a file that was set aside goes on, with the time when that was.
_ASIDE, _ASIDE_AT = ".corrupt-", "%Y%m%dT%H%M%SZ"


class _DamagedError(Exception):
    """The file is not a database, not one of ours, or a broken one."""


@contextlib.contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn what SQLite says about a file into one line that names it.

    Raises:
        BusyError: others kept writing for ten seconds.
        StorageError: everything else that is no mistake of the caller's.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise _said_of(path, error) from error


def _said_of(path: Path, error: Exception) -> SattrackError:
    if _is_busy(error):
        return BusyError(f"{path} has been written to by others for {_WAIT_FOR_OTHERS_S:.0f} s")
    if _is_damage(error):
        return damaged(path, error)
    return StorageError(f"cannot use {path}: {error}")


def damaged(path: Path, error: Exception) -> StorageError:
    """Return what to say of damage that shows only when the file is in use."""
    return StorageError(f"{path} is damaged ({error}); `sattrack update` will set it aside")


def _is_busy(error: BaseException) -> bool:
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_damage(error: BaseException) -> bool:
    # Python decodes the text of rows and of SQLite's own complaints, and may be the one to fail.
    return isinstance(error, UnicodeDecodeError) or _code(error) in (
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    )


def _code(error: BaseException) -> int:
    """Return SQLite's primary result code, 0 when there is none; see sqlite.org/rescode.html."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def open_for_writing(path: Path) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """Open or create the file, of the newest schema; and say what was done to it, a line each.

    The whole file is checked, in about 2 ms per megabyte; a damaged one is renamed to
    `<name>.corrupt-<UTC time>`, with its log, and a new one is begun.

    Raises:
        StorageError: the file cannot be written, or a newer sattrack wrote it.
        BusyError: others kept writing for ten seconds.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror or error}") from error
    with reported(path):
        try:
            return _opened_for_writing(path), ()
        except _DamagedError as damage:
            aside = _set_aside(path)
            notice = f"{path} was damaged ({damage}); set aside as {aside.name}, and begun anew"
            return _opened_for_writing(path), (notice,)


def _opened_for_writing(path: Path) -> sqlite3.Connection:
    with _connected(_uri(path, "mode=rwc")) as connection:
        # Whoever may not write learns it here.
        connection.execute("BEGIN IMMEDIATE")
        _check_identity(connection, path)
        connection.execute("ROLLBACK")
        for (fault,) in connection.execute("PRAGMA quick_check(1)"):
            if fault != "ok":
                raise _DamagedError(" ".join(fault.split()))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection)
        return connection


def open_for_reading(path: Path) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """Open the file as it lies there, or nothing in its place; and say which, a line each.

    A missing file is an empty store. So is an unreadable or damaged one, with a notice. In a
    folder that cannot be written, where SQLite can keep no log, the file is read as if it never
    changed. A file of an older schema is brought up to date in memory.

    Raises:
        StorageError: a newer sattrack wrote the file.
        BusyError: others kept it locked for ten seconds.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _empty(), ()
    except OSError as error:
        return _empty(), (f"cannot read {path}: {error.strerror or error}",)
    if not stat.S_ISREG(mode):
        return _empty(), (f"cannot read {path}: not a file",)
    with reported(path):
        try:
            return _opened_for_reading(path)
        except _DamagedError as damage:
            notice = f"{path} is damaged ({damage}) and not used; `sattrack update` sets it aside"
            return _empty(), (notice,)
        except sqlite3.OperationalError as error:
            if _is_busy(error):
                raise
            return _empty(), (f"cannot read {path}: {error}",)


def _opened_for_reading(path: Path) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    try:
        return _read_only(path, "mode=ro"), ()
    except sqlite3.OperationalError as error:
        if _is_busy(error):
            raise
        connection = _read_only(path, "mode=ro&immutable=1")
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            return connection, (f"cannot read {log}: what was stored last may be missing",)
        return connection, ()


def _read_only(path: Path, mode: str) -> sqlite3.Connection:
    with _connected(_uri(path, mode)) as connection:
        # One moment of the file, which another program may just be creating.
        connection.execute("BEGIN")
        version = _check_identity(connection, path)
        connection.execute("COMMIT")
        if version == len(MIGRATIONS):
            return _closed_to_writing(connection)
        with _connected(_MEMORY) as copy:
            connection.backup(copy)
            connection.close()
            migrate(copy)
            return _closed_to_writing(copy)


def _empty() -> sqlite3.Connection:
    with _connected(_MEMORY) as connection:
        migrate(connection)
        return _closed_to_writing(connection)


def _closed_to_writing(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA query_only = ON")
    return connection


def _uri(path: Path, mode: str) -> str:
    return f"{path.absolute().as_uri()}?{mode}"


@contextlib.contextmanager
def _connected(uri: str) -> Iterator[sqlite3.Connection]:
    """Connect, and close again should the body fail; tell damage from other errors."""
    connection = sqlite3.connect(uri, uri=True, timeout=_WAIT_FOR_OTHERS_S, isolation_level=None)
    try:
        yield connection
    except BaseException as error:
        connection.close()
        if _is_damage(error):
            raise _DamagedError(str(error)) from error
        raise


def _check_identity(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema's number; nothing is written before this has passed.

    Raises:
        StorageError: a newer sattrack wrote the file.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (things,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    version = version_of(connection)
    # What a program killed at its very first write leaves is as good as no file.
    blank = (application, version, things) == (0, 0, 0)
    if application != APPLICATION_ID and not blank:
        raise _DamagedError("it is not a store of sattrack")
    if version > len(MIGRATIONS):
        raise StorageError(
            f"{path} was written by a newer sattrack (schema {version},"
            f" this one knows {len(MIGRATIONS)}); upgrade sattrack"
        )
    return version


def times_set_aside(path: Path) -> list[datetime]:
    """Return when damaged files were set aside, by the names of those that still lie there."""
    found = set()
    with contextlib.suppress(OSError):
        for aside in path.parent.glob(f"{path.name}{_ASIDE}*Z*"):
            stamp = aside.name.removeprefix(f"{path.name}{_ASIDE}").partition("Z")[0]
            with contextlib.suppress(ValueError):
                found.add(datetime.strptime(f"{stamp}Z", _ASIDE_AT).replace(tzinfo=UTC))
    return sorted(found)


def _set_aside(path: Path) -> Path:
    """Rename a damaged file and its log, which may help to recover it; return the new name."""
    stem = f"{path.name}{_ASIDE}{datetime.now(UTC):{_ASIDE_AT}}"
    names = (path.with_name(stem if n == 1 else f"{stem}-{n}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    try:
        path.rename(aside)
        with contextlib.suppress(FileNotFoundError):
            path.with_name(f"{path.name}-wal").rename(aside.with_name(f"{aside.name}-wal"))
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"{path} is damaged, and cannot be set aside: {reason}") from error
    return aside
