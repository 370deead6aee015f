"""Places on the Earth, and how people write them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A point on or above the WGS 84 ellipsoid.

    Attributes:
        zone: IANA time zone of the place, or empty where it is not known.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    height_m: float = 0.0
    zone: str = ""
