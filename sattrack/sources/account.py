"""The account of a publisher that wants one, and the login it gave us: never shown, never sent on.

Nothing here is ever part of a message, a `repr`, an address or a command line.
"""

from __future__ import annotations

import json
import os
import stat
import time
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sattrack.errors import StorageError

ACCOUNT_FILE = "spacetrack.toml"
_IDENTITY, _PASSWORD = "SATTRACK_SPACETRACK_IDENTITY", "SATTRACK_SPACETRACK_PASSWORD"
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks, and the proof."""

    identity: str = field(repr=False)
    password: str = field(repr=False)


def find_account(environment: Mapping[str, str], configuration: Path) -> Account | None:
    """Return the account of the environment, else of `spacetrack.toml`, else None.

    The file holds `identity = "…"` and `password = "…"` and is for its owner's eyes only.

    Raises:
        StorageError: the file can be read by others, or not by us, or is not what it should be.
    """
    identity, password = environment.get(_IDENTITY), environment.get(_PASSWORD)
    if identity and password:
        return Account(identity, password)
    path = configuration / ACCOUNT_FILE
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and stat.S_IMODE(mode) & ~_OWNER_ONLY:
                raise StorageError(f"{path} can be read by others; run: chmod 600 {path}")
            content = tomllib.load(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # What the parser says may quote the password.
        raise StorageError(f'{path} is not TOML; write identity = "…" and password = "…"') from None
    identity, password = content.get("identity"), content.get("password")
    if isinstance(identity, str) and isinstance(password, str) and identity and password:
        return Account(identity, password)
    raise StorageError(f'{path} needs two lines: identity = "…" and password = "…"')


def forbid_core_dumps() -> None:
    """Let no crash of this process write its memory, and the password in it, to a disk."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no such thing
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


@dataclass(frozen=True, slots=True)
class LoginFile:
    """The cookies of a login, kept between runs in a file for its owner's eyes only.

    A file that is missing, damaged, too old or for another address is no login; that costs one
    request.
    """

    path: Path
    lifetime_s: float = 7200.0

    def read(self, address: str) -> dict[str, str]:
        """Return the cookies that `address` gave us, while they last."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept = json.loads(self.path.read_bytes())
            if kept["address"] == address and 0.0 <= time.time() - kept["since"] < self.lifetime_s:
                return {str(name): str(value) for name, value in kept["cookies"].items()}
        return {}

    def write(self, address: str, cookies: Mapping[str, str]) -> None:
        """Keep the cookies; where that fails the next run logs in again."""
        kept = {"address": address, "since": time.time(), "cookies": dict(cookies)}
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(temporary, flags, _OWNER_ONLY), "w") as file:
                json.dump(kept, file)
            temporary.replace(self.path)

    def forget(self) -> None:
        """Remove the login."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
