"""Who publishes orbits: each source brings text; reading and keeping it is the work of others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sattrack.catalog import Catalog, Group
from sattrack.errors import StorageError
from sattrack.sources.account import Account, find_account, forbid_core_dumps
from sattrack.sources.celestrak import CELESTRAK_URL, CelesTrak
from sattrack.sources.files import ElementFile
from sattrack.sources.horizons import HORIZONS_URL, Horizons
from sattrack.sources.source import (
    Absent,
    Answer,
    Current,
    EphemerisSource,
    Fresh,
    NotOffered,
    Progress,
    Publisher,
    Request,
    Source,
    TurnedAwayError,
    UnreachableError,
)
from sattrack.sources.spacetrack import SPACETRACK_URL, SpaceTrack
from sattrack.sources.web import base_url

__all__ = [
    "Absent",
    "Account",
    "Answer",
    "CelesTrak",
    "Current",
    "ElementFile",
    "EphemerisSource",
    "Fresh",
    "Horizons",
    "NotOffered",
    "Progress",
    "Publisher",
    "Request",
    "Source",
    "SpaceTrack",
    "TurnedAwayError",
    "UnreachableError",
    "ephemeris_publishers",
    "find_account",
    "forbid_core_dumps",
    "publishers",
]

# CelesTrak's groups whose members the catalog lists, under its own names for them.
_LISTED_GROUPS = {"gps-ops": "gps"}


def publishers(
    environment: Mapping[str, str], catalog: Catalog, configuration: Path, data: Path
) -> tuple[Source, ...]:
    """Return the publishers that can be asked over the network, the one asked first at the front.

    Args:
        environment: `SATTRACK_CELESTRAK_URL` and `SATTRACK_SPACETRACK_URL` replace scheme, host
            and port.
        catalog: knows the members of some groups.
        configuration: the folder where the account may lie.
        data: the folder where logins and counts are kept.

    Raises:
        InvalidInputError: one of the addresses is none.
    """
    celestrak_url = environment.get("SATTRACK_CELESTRAK_URL") or CELESTRAK_URL
    spacetrack_url = environment.get("SATTRACK_SPACETRACK_URL") or SPACETRACK_URL
    groups = {
        name: frozenset(
            craft.norad_id for craft in catalog.spacecraft_of(group) if craft.norad_id is not None
        )
        for name, listed in _LISTED_GROUPS.items()
        if isinstance(group := catalog.get(listed), Group)
    }
    account, fault = None, ""
    try:
        account = find_account(environment, configuration)
    except StorageError as error:
        # The others can do without.
        fault = str(error)
    return (
        CelesTrak(base_url("SATTRACK_CELESTRAK_URL", celestrak_url), groups),
        SpaceTrack(data, account, base_url("SATTRACK_SPACETRACK_URL", spacetrack_url), fault=fault),
    )


def ephemeris_publishers(environment: Mapping[str, str], data: Path) -> tuple[EphemerisSource, ...]:
    """Return the publishers of ephemerides, likewise.

    Args:
        environment: `SATTRACK_HORIZONS_URL` replaces scheme, host and port.
        data: the folder where the lock is kept.

    Raises:
        InvalidInputError: the address is none.
    """
    horizons_url = environment.get("SATTRACK_HORIZONS_URL") or HORIZONS_URL
    return (Horizons(data, base_url("SATTRACK_HORIZONS_URL", horizons_url)),)
