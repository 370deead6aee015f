"""From what somebody wrote to places and regions of the Moon."""

from __future__ import annotations

from sattrack.catalog import Catalog, Region
from sattrack.errors import InvalidInputError, UnknownNameError, quoted
from sattrack.passes.overflight import Target
from sattrack.places import read_coordinates


def targets_of(text: str, catalog: Catalog) -> tuple[Target, ...]:
    """Return the targets that `text` means: coordinates, a region, or those of a mission or group.

    Coordinates are written as on the Earth: latitude first, north and east positive. Commas
    separate several names.

    Raises:
        UnknownNameError: no region is called that.
        InvalidInputError: coordinates out of range, or a region of another body.
    """
    point = read_coordinates(text)
    if point is not None:
        if point.height_m:
            raise InvalidInputError(f"region {quoted(text)}: give latitude and longitude alone")
        return (Target(point.coordinates, point.latitude_deg, point.longitude_deg),)
    names = [text] if catalog.get(text) is not None else [name.strip() for name in text.split(",")]
    found = [target_of(region) for name in names for region in _regions(name, catalog)]
    return tuple(dict.fromkeys(found))


def _regions(name: str, catalog: Catalog) -> tuple[Region, ...]:
    entry = catalog.find(name)
    regions = catalog.regions_of(entry)
    if not regions:
        raise UnknownNameError(
            f"{entry.name} has no regions; name one, such as nobile-rim-1, or give LAT,LON"
        )
    return regions


def target_of(region: Region) -> Target:
    """Return where a region is.

    Raises:
        InvalidInputError: it is not of the Moon.
    """
    if region.body.casefold() != "moon":
        raise InvalidInputError(f"{region.name} is a region of {region.body}, not of the Moon")
    return Target(
        region.name, region.latitude_deg, region.longitude_deg, region.outline_deg, region.id
    )
