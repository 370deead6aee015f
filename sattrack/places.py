"""Places on the Earth, and how people write their coordinates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from sattrack.errors import InvalidInputError, quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from skyfield.toposlib import GeographicPosition

    FloatArray: TypeAlias = NDArray[np.float64]

# WGS 84, NGA.STND.0036_1.0.0 (2014), table 3.1.
_SEMI_MAJOR_AXIS_KM = 6378.137
_FLATTENING = 1.0 / 298.257223563
_ECCENTRICITY_SQUARED = _FLATTENING * (2.0 - _FLATTENING)

# From below the shore of the Dead Sea up to balloons; a height beyond is most often in feet, or
# kilometres, or not a height.
_LOWEST_M = -500.0
_HIGHEST_M = 100_000.0


@dataclass(frozen=True, slots=True)
class HorizonMask:
    """The horizon that hills and houses make, as elevations by azimuth, linear in between.

    Attributes:
        azimuth_deg: from north by east, ascending, from 0 to below 360, at least two.
        elevation_deg: of the same number, from -10 to 89.

    Raises:
        InvalidInputError: the numbers do not describe a horizon.
    """

    azimuth_deg: tuple[float, ...]
    elevation_deg: tuple[float, ...]

    def __post_init__(self) -> None:
        azimuths, elevations = self.azimuth_deg, self.elevation_deg
        if len(azimuths) < 2 or len(azimuths) != len(elevations):
            raise InvalidInputError("a horizon mask needs two points or more, each of two numbers")
        if not azimuths[0] >= 0.0 or not azimuths[-1] < 360.0:
            raise InvalidInputError("the azimuths of a horizon mask lie from 0 to below 360")
        if not all(first < second for first, second in pairwise(azimuths)):
            raise InvalidInputError("the azimuths of a horizon mask ascend, none of them twice")
        if not all(-10.0 <= elevation <= 89.0 for elevation in elevations):
            raise InvalidInputError("the elevations of a horizon mask lie from -10 to 89")

    def raised_to(self, elevation_deg: float) -> HorizonMask:
        """Return the mask whose elevation is everywhere the greater of this one's and another."""
        azimuths, elevations = [], []
        ring = [*zip(self.azimuth_deg, self.elevation_deg, strict=True)]
        ring.append((ring[0][0] + 360.0, ring[0][1]))
        for (left, low), (right, high) in pairwise(ring):
            azimuths.append(left)
            elevations.append(max(low, elevation_deg))
            if (low - elevation_deg) * (high - elevation_deg) < 0.0:
                azimuths.append(left + (right - left) * (elevation_deg - low) / (high - low))
                elevations.append(elevation_deg)
        points = sorted({a % 360.0: e for a, e in zip(azimuths, elevations, strict=True)}.items())
        return HorizonMask(tuple(a for a, _ in points), tuple(e for _, e in points))

    def at(self, azimuth_deg: FloatArray) -> FloatArray:
        """Return its elevation in degrees, shape as given."""
        import numpy as np

        return np.interp(azimuth_deg, self.azimuth_deg, self.elevation_deg, period=360.0)


@dataclass(frozen=True, slots=True)
class Place:
    """A point on or above the WGS 84 ellipsoid.

    Longitudes may be given from -180 to 360 degrees, and are kept above -180 up to 180.

    Attributes:
        zone: IANA time zone of the place, or empty where it is not known.
        horizon: what stands in the way around it, or None where that is not known.
        dish_m: diameter of the antenna that stands there, or None where it is not known.

    Raises:
        InvalidInputError: a number is not finite or out of range.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    height_m: float = 0.0
    zone: str = ""
    horizon: HorizonMask | None = None
    dish_m: float | None = None

    def __post_init__(self) -> None:
        latitude, longitude = self.latitude_deg, self.longitude_deg
        for value in (latitude, longitude, self.height_m):
            if not math.isfinite(value):
                raise InvalidInputError(f"place {quoted(self.name)}: {value} is no coordinate")
        if abs(latitude) > 90.0:
            swapped = abs(longitude) <= 90.0 and -180.0 <= latitude <= 360.0
            advice = f"; did you mean {longitude},{latitude}?" if swapped else ""
            raise InvalidInputError(
                f"place {quoted(self.name)}: latitude {latitude:g} is beyond 90 degrees{advice}"
            )
        if not -180.0 <= longitude <= 360.0:
            raise InvalidInputError(
                f"place {quoted(self.name)}: longitude {longitude:g} is outside -180 to 360"
            )
        if not _LOWEST_M <= self.height_m <= _HIGHEST_M:
            raise InvalidInputError(
                f"place {quoted(self.name)}: height {self.height_m:g} m is outside "
                f"{_LOWEST_M:.0f} to {_HIGHEST_M:.0f} m"
            )
        if longitude > 180.0:
            object.__setattr__(self, "longitude_deg", longitude - 360.0)
        elif longitude == -180.0:
            object.__setattr__(self, "longitude_deg", 180.0)

    @property
    def coordinates(self) -> str:
        """Latitude and longitude as text to a millionth of a degree, 0.1 m: `37.5665N 126.978E`."""
        latitude, longitude = round(self.latitude_deg, 6), round(self.longitude_deg, 6)
        south, west = latitude < 0.0, longitude < 0.0
        return (
            f"{_shortest(abs(latitude))}{'S' if south else 'N'} "
            f"{_shortest(abs(longitude))}{'W' if west else 'E'}"
        )

    def itrf_km(self) -> FloatArray:
        """Return the position in the ITRF, shape `(3,)`.

        Hofmann-Wellenhof, Lichtenegger & Wasle, *GNSS* (2008), eq. 8.6.
        """
        import numpy as np

        latitude, longitude = math.radians(self.latitude_deg), math.radians(self.longitude_deg)
        height_km = self.height_m / 1000.0
        # Radius of curvature in the prime vertical.
        radius_km = _SEMI_MAJOR_AXIS_KM / math.sqrt(
            1.0 - _ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
        )
        from_axis_km = (radius_km + height_km) * math.cos(latitude)
        return np.array(
            [
                from_axis_km * math.cos(longitude),
                from_axis_km * math.sin(longitude),
                (radius_km * (1.0 - _ECCENTRICITY_SQUARED) + height_km) * math.sin(latitude),
            ]
        )

    def east_north_up(self) -> FloatArray:
        """Return the unit vectors east, north and up in the ITRF, as rows, shape `(3, 3)`.

        Up is the normal of the ellipsoid. Multiplying an ITRF vector by this matrix gives its
        components east, north and up.
        """
        import numpy as np

        latitude, longitude = math.radians(self.latitude_deg), math.radians(self.longitude_deg)
        sin_lat, cos_lat = math.sin(latitude), math.cos(latitude)
        sin_lon, cos_lon = math.sin(longitude), math.cos(longitude)
        return np.array(
            [
                [-sin_lon, cos_lon, 0.0],
                [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
                [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
            ]
        )

    def skyfield(self) -> GeographicPosition:
        """Return the place as Skyfield knows it."""
        from skyfield.toposlib import wgs84

        return wgs84.latlon(self.latitude_deg, self.longitude_deg, elevation_m=self.height_m)


def _shortest(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")


_FLAGS = re.ASCII | re.IGNORECASE
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+|nan|inf)"


def _angle(name: str) -> str:
    """Return the pattern of an angle; a letter stands before it or after it, but not both."""
    return (
        rf"(?:(?P<{name}_before>[NSEW]) ?)?(?P<{name}_sign>[+-])?(?P<{name}_degrees>{_NUMBER})"
        rf"(?: ?° ?(?:(?P<{name}_minutes>{_NUMBER}) ?' ?(?:(?P<{name}_seconds>{_NUMBER}) ?\")?)?)?"
        rf"(?({name}_before)|(?: ?(?P<{name}_after>[NSEW]))?)"
    )


_SEPARATOR = r"(?: ?[,;] ?| )"
_HEIGHT = rf"(?:{_SEPARATOR}(?P<height>[+-]?{_NUMBER}) ?m?)?"
_COORDINATES = re.compile(_angle("first") + _SEPARATOR + _angle("second") + _HEIGHT, _FLAGS)
# Two numbers, and only what may stand around them: a station may be called S7, and a city Nan.
_LOOKS_LIKE_COORDINATES = re.compile(r"(?:[\d.NSEWM ,;+°'\"-]|nan|inf)+", _FLAGS)
_PLAIN_MARKS = str.maketrans("º˚′’″”−", "°°''\"\"-")
_KIND = {"N": "latitude", "S": "latitude", "E": "longitude", "W": "longitude"}


def read_coordinates(text: str) -> Place | None:
    """Return the place at the coordinates in `text`, named by them; None if they are none.

    Decimal degrees `37.5665,126.978`, latitude first, north and east positive; or letters in any
    order, `126.978E 37.5665N`, `N37.5665 E126.978`; or degrees, minutes and seconds,
    `37°33'59"N 126°58'41"E`. A height in metres above the ellipsoid may follow: `,38` or ` 38m`.

    Raises:
        InvalidInputError: `text` is numbers, but not of one place on the Earth.
    """
    plain = " ".join(text.translate(_PLAIN_MARKS).split())
    numbers = re.findall(_NUMBER, plain, _FLAGS)
    if len(numbers) < 2 or not _LOOKS_LIKE_COORDINATES.fullmatch(plain):
        return None
    match = _COORDINATES.fullmatch(plain)
    if match is None:
        raise InvalidInputError(
            f"cannot read the coordinates {quoted(text)}: write for instance 37.5665,126.978 "
            "or 37.5665N 126.978E"
        )
    try:
        (latitude, kind), (longitude, other_kind) = (
            _degrees(match, "first"),
            _degrees(match, "second"),
        )
    except InvalidInputError as error:
        raise InvalidInputError(f"coordinates {quoted(text)}: {error}") from None
    if kind and kind == other_kind:
        raise InvalidInputError(f"coordinates {quoted(text)}: {kind} is given twice")
    if kind == "longitude" or other_kind == "latitude":
        latitude, longitude = longitude, latitude
    place = Place(plain, latitude, longitude, float(match["height"] or 0.0))
    return replace(place, name=place.coordinates)


def _degrees(match: re.Match[str], name: str) -> tuple[float, str]:
    """Return an angle, north and east positive, and its kind where a letter tells it."""
    parts = ("before", "after", "sign", "degrees", "minutes", "seconds")
    before, after, sign, degrees, minutes, seconds = (match[f"{name}_{part}"] for part in parts)
    letter = (before or after or "").upper()
    if letter and sign:
        raise InvalidInputError(f"{letter} and {sign} both give the side; leave one out")
    if minutes and ("." in degrees or float(minutes) >= 60.0 or float(seconds or 0.0) >= 60.0):
        raise InvalidInputError("minutes and seconds are below 60 and follow whole degrees")
    size = float(degrees) + float(minutes or 0.0) / 60.0 + float(seconds or 0.0) / 3600.0
    return (-size if sign == "-" or letter in {"S", "W"} else size), _KIND.get(letter, "")


_DISTANCE = re.compile(rf"(?P<size>{_NUMBER}) ?(?P<unit>km|m|)", _FLAGS)


def read_distance_km(text: str) -> float:
    """Return the distance that somebody wrote, in kilometres: `50km`, `800 m`, or just `50`.

    Raises:
        InvalidInputError: `text` is no distance.
    """
    match = _DISTANCE.fullmatch(text.strip())
    size = math.nan if match is None else float(match["size"])
    if match is None or not math.isfinite(size):
        raise InvalidInputError(f"cannot read the distance {quoted(text)}: write for instance 50km")
    return size / 1000.0 if match["unit"].lower() == "m" else size


_DIAMETER = re.compile(rf"(?P<size>{_NUMBER}) ?(?P<unit>cm|m|)", _FLAGS)


def read_diameter_m(text: str) -> float:
    """Return the diameter that somebody wrote, in metres: `3m`, `60 cm`, or just `3`.

    Raises:
        InvalidInputError: `text` is no diameter.
    """
    match = _DIAMETER.fullmatch(text.strip())
    size = math.nan if match is None else float(match["size"])
    if match is None or not math.isfinite(size):
        raise InvalidInputError(f"cannot read the diameter {quoted(text)}: write for instance 3m")
    return size / 100.0 if match["unit"].lower() == "cm" else size


_LONGITUDE = re.compile(rf"(?P<sign>[+-])?(?P<size>{_NUMBER}) ?°? ?(?P<side>[EW])?", _FLAGS)


def read_longitude_deg(text: str) -> float:
    """Return the longitude that somebody wrote, east positive: `128.2`, `91W`, `-91`.

    Raises:
        InvalidInputError: `text` is no longitude.
    """
    match = _LONGITUDE.fullmatch(text.strip())
    size = math.nan if match is None else float(match["size"])
    if match is None or not size <= 360.0 or (match["sign"] and match["side"]):
        raise InvalidInputError(
            f"cannot read the longitude {quoted(text)}: write for instance 128.2E or 91W"
        )
    west = match["sign"] == "-" or (match["side"] or "").upper() == "W"
    return ((-size if west else size) + 180.0) % 360.0 - 180.0
