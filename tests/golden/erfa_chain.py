"""From TEME to the turning Earth and a place on it, by ERFA and plain vectors: a second opinion.

Nothing here is shared with sattrack: numpy, pyerfa, sgp4, and the file finals2000A.all as
astropy-iers-data ships it. Slow and simple on purpose. `python erfa_chain.py` compares it with
orekit_positions.json and orekit_passes.json and prints the largest differences.

`itrf_from_teme` is the definition (AIAA 2006-6753, appendix C): Greenwich mean sidereal time 1982
at UT1, then polar motion. `itrf_from_teme_by_gcrs` goes out to the stars instead and comes back by
IAU 2006/2000A; how far from the definition it lands depends on how it leaves TEME:

- `pole_offsets=True`: nutation 1980 corrected to the pole of IAU 2006/2000A. The two agree to
  2 mm at 7,000 km, 9 mm at 42,164 km, 13 mm at 140,000 km in 2026. This checks both.
- `pole_offsets=False`: nutation 1980 as it was published, and the bias of J2000 (Orekit's stock
  TEME does so): 35 mas in 2026, 1.2 m at 7,000 km, 7.6 m at 42,164 km. No error in either program:
  TEME is not defined any closer.

Lengths in km, velocities in km/s, vectors of shape `(n, 3)`, UTC as a two-part Julian date.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import erfa
import numpy as np
from numpy.typing import ArrayLike, NDArray
from sgp4.api import Satrec

Array = NDArray[np.float64]

HERE = Path(__file__).parent
MJD_0 = 2400000.5
DAY_S = 86400.0
ARCSECOND = np.pi / 648000.0
# rad/s: AIAA 2006-6753, appendix C. The length of day, neglected, moves it by 1e-8 of itself.
EARTH_ROTATION = 7.29211514670698e-05


class Place(NamedTuple):
    latitude_deg: float
    longitude_deg: float
    height_m: float = 0.0


# Time and the Earth's orientation


@lru_cache(maxsize=1)
def _leap_seconds() -> tuple[Array, Array]:
    table = erfa.leap_seconds.get()
    days = np.array([sum(erfa.cal2jd(row["year"], row["month"], 1)) for row in table])
    return days - MJD_0, table["tai_utc"].astype(float)


def tai_minus_utc_s(mjd: ArrayLike) -> Array:
    days, offsets = _leap_seconds()
    return offsets[np.searchsorted(days, np.asarray(mjd), side="right") - 1]


@lru_cache(maxsize=1)
def _finals2000a() -> tuple[Array, Array, Array, Array]:
    """Return MJD, UT1-TAI (s) and the pole's x, y (rad) of Bulletin A, one row a day."""
    from astropy_iers_data import IERS_A_FILE

    with open(IERS_A_FILE, encoding="ascii") as file:
        rows = [
            (float(line[7:15]), float(line[58:68]), float(line[18:27]), float(line[37:46]))
            for line in file
            if line[58:68].strip()
        ]
    mjd, dut1, x, y = np.array(rows).T
    return mjd, dut1 - tai_minus_utc_s(mjd), x * ARCSECOND, y * ARCSECOND


class Instant(NamedTuple):
    """Two-part Julian dates, and the pole."""

    tt: tuple[Array, Array]
    ut1: tuple[Array, Array]
    x_pole: Array
    y_pole: Array


def instant(utc_jd1: ArrayLike, utc_jd2: ArrayLike) -> Instant:
    jd1, jd2 = np.broadcast_arrays(np.atleast_1d(utc_jd1), np.atleast_1d(utc_jd2))
    mjd = (jd1 - MJD_0) + jd2
    table_mjd, ut1_minus_tai, x, y = _finals2000a()
    leap = tai_minus_utc_s(mjd)
    return Instant(
        tt=(jd1, jd2 + (leap + 32.184) / DAY_S),
        ut1=(jd1, jd2 + (leap + np.interp(mjd, table_mjd, ut1_minus_tai)) / DAY_S),
        x_pole=np.interp(mjd, table_mjd, x),
        y_pole=np.interp(mjd, table_mjd, y),
    )


def utc_jd(iso: str) -> tuple[float, float]:
    """Return the two-part Julian date of `2026-07-23T19:55:54.431040Z`."""
    moment = datetime.fromisoformat(iso).astimezone(UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.toordinal() + 1721424.5, (moment - midnight).total_seconds() / DAY_S


# Frames


def _turn(matrix: Array, vector: Array) -> Array:
    return np.einsum("...ij,...j->...i", matrix, vector)


def _turn_back(matrix: Array, vector: Array) -> Array:
    return np.einsum("...ji,...j->...i", matrix, vector)


def _about_z(angle: Array) -> Array:
    return erfa.rz(angle, np.eye(3))


def _polar_motion(at: Instant) -> Array:
    return erfa.pom00(at.x_pole, at.y_pole, erfa.sp00(*at.tt))


def _as_seen_turning(position: Array, velocity: Array) -> Array:
    return velocity - np.cross([0.0, 0.0, EARTH_ROTATION], position)


def itrf_from_teme(
    r_km: Array, v_km_s: Array, utc_jd1: ArrayLike, utc_jd2: ArrayLike
) -> tuple[Array, Array]:
    """Return position and Earth-relative velocity in the ITRF: the definition."""
    at = instant(utc_jd1, utc_jd2)
    sidereal = _about_z(erfa.gmst82(*at.ut1))
    position, velocity = _turn(sidereal, r_km), _turn(sidereal, v_km_s)
    velocity = _as_seen_turning(position, velocity)
    pole = _polar_motion(at)
    return _turn(pole, position), _turn(pole, velocity)


def gcrs_from_itrf(r_km: Array, utc_jd1: ArrayLike, utc_jd2: ArrayLike) -> Array:
    """Return the position among the stars: IAU 2006/2000A, without observed dX and dY."""
    at = instant(utc_jd1, utc_jd2)
    return _turn_back(erfa.c2t06a(*at.tt, *at.ut1, at.x_pole, at.y_pole), r_km)


def _pole_offsets(at: Instant) -> tuple[Array, Array]:
    """Return what to add to the nutation of 1980, GCRS for J2000, for the pole of 2006/2000A."""
    pole = erfa.pnm06a(*at.tt)[..., 2, :]
    psi, eps = erfa.nut80(*at.tt)
    obliquity = erfa.obl80(*at.tt)
    precession = erfa.pmat76(*at.tt)
    d_psi, d_eps = np.zeros_like(psi), np.zeros_like(eps)
    for _ in range(3):
        # The wanted pole as the frame so far has it: (-d_psi sin(obliquity), -d_eps) away, nearly.
        matrix = erfa.numat(obliquity, psi + d_psi, eps + d_eps) @ precession
        off = _turn(matrix, pole)
        d_psi = d_psi + off[..., 0] / np.sin(obliquity)
        d_eps = d_eps + off[..., 1]
    return d_psi, d_eps


def gcrs_from_teme(
    r_km: Array, utc_jd1: ArrayLike, utc_jd2: ArrayLike, *, pole_offsets: bool
) -> Array:
    """Return the position among the stars by nutation 1980 and precession 1976."""
    at = instant(utc_jd1, utc_jd2)
    psi, eps = erfa.nut80(*at.tt)
    obliquity = erfa.obl80(*at.tt)
    equinoxes = erfa.eqeq94(*at.tt)
    frame_bias = erfa.bp06(*at.tt)[0]
    if pole_offsets:
        # The offsets were counted from the GCRS, and hold the bias of the pole themselves; UT1
        # was so defined that the bias of the equinox, 14.6 mas, is not to be applied with them.
        frame_bias = np.eye(3)
        d_psi, d_eps = _pole_offsets(at)
        psi, eps = psi + d_psi, eps + d_eps
        equinoxes = equinoxes + d_psi * np.cos(obliquity)
    true_of_date = _turn(_about_z(-equinoxes), r_km)
    matrix = erfa.numat(obliquity, psi, eps) @ erfa.pmat76(*at.tt) @ frame_bias
    return _turn_back(matrix, true_of_date)


def itrf_from_teme_by_gcrs(
    r_km: Array, utc_jd1: ArrayLike, utc_jd2: ArrayLike, *, pole_offsets: bool
) -> Array:
    """Return the position in the ITRF by way of the stars: see the head of this file."""
    at = instant(utc_jd1, utc_jd2)
    stars = gcrs_from_teme(r_km, utc_jd1, utc_jd2, pole_offsets=pole_offsets)
    return _turn(erfa.c2t06a(*at.tt, *at.ut1, at.x_pole, at.y_pole), stars)


# What a place sees


def altaz(place: Place, itrf_km: Array) -> tuple[Array, Array, Array]:
    """Return azimuth (deg, from north by east), elevation (deg) and range (km)."""
    latitude, longitude = np.radians(place.latitude_deg), np.radians(place.longitude_deg)
    site = erfa.gd2gc(1, longitude, latitude, place.height_m) / 1000.0
    sight = itrf_km - site
    up = np.array(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    north = np.cross(up, east)
    x, y, z = sight @ east, sight @ north, sight @ up
    azimuth = np.degrees(np.arctan2(x, y)) % 360.0
    return azimuth, np.degrees(np.arctan2(z, np.hypot(x, y))), np.linalg.norm(sight, axis=-1)


def look(
    satellite: Satrec, place: Place, start: str, seconds: ArrayLike
) -> tuple[Array, Array, Array]:
    """Return what `altaz` does, at UTC seconds since `start`; no leap second may lie between."""
    jd1, jd2 = utc_jd(start)
    fraction = jd2 + np.atleast_1d(np.asarray(seconds, dtype=float)) / DAY_S
    whole = np.full_like(fraction, jd1)
    error, r_km, v_km_s = satellite.sgp4_array(whole, fraction)
    if error.any():
        raise ValueError(f"SGP4 error {error[error != 0][0]}")
    itrf, _ = itrf_from_teme(r_km, v_km_s, whole, fraction)
    return altaz(place, itrf)


def elevation_of(satellite: Satrec, place: Place, start: str) -> Callable[[Array], Array]:
    """Return elevation (deg) as a function of UTC seconds since `start`."""
    return lambda seconds: look(satellite, place, start, seconds)[1]


def element_sets() -> list[tuple[str, str, str]]:
    lines = (HERE / "element_sets.tle").read_text(encoding="ascii").splitlines()
    return list(zip(lines[::3], lines[1::3], lines[2::3], strict=True))


# Events, by looking everywhere


def brute_force_crossings(
    function: Callable[[Array], Array], seconds: Array, level: float, tolerance_s: float = 1e-7
) -> tuple[Array, Array]:
    """Return when `function` goes up through `level`, and when down, by bisection.

    Two crossings within one step of `seconds` are missed: see `brute_force_passes`.
    """
    above = function(seconds) > level
    found = np.flatnonzero(above[1:] != above[:-1])
    low, high, rising = seconds[found].copy(), seconds[found + 1].copy(), above[found + 1]
    while len(found) and np.max(high - low) > tolerance_s:
        middle = 0.5 * (low + high)
        before = (function(middle) > level) != rising
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    times = 0.5 * (low + high)
    return times[rising], times[~rising]


def brute_force_maxima(
    function: Callable[[Array], Array], seconds: Array, tolerance_s: float = 1e-4
) -> Array:
    """Return when `function` peaks inside `seconds`, by golden section from each highest sample."""
    value = function(seconds)
    found = np.flatnonzero((value[1:-1] > value[:-2]) & (value[1:-1] >= value[2:])) + 1
    low, high = seconds[found - 1].copy(), seconds[found + 1].copy()
    ratio = (5.0**0.5 - 1.0) / 2.0
    while len(found) and np.max(high - low) > tolerance_s:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        peak_is_left = function(left) > function(right)
        low, high = np.where(peak_is_left, low, left), np.where(peak_is_left, right, high)
    return 0.5 * (low + high)


def brute_force_passes(
    function: Callable[[Array], Array], duration_s: float, level: float, step_s: float = 10.0
) -> list[tuple[float, float]]:
    """Return (rise, set) of every stretch above `level`; 0 and `duration_s` where cut.

    All extrema are refined and made samples, so none is lost unless two lie within a step.
    """
    grid = np.linspace(0.0, duration_s, round(duration_s / step_s) + 1)
    tops = brute_force_maxima(function, grid)
    bottoms = brute_force_maxima(lambda seconds: -function(seconds), grid)
    seconds = np.unique(np.concatenate([grid, tops, bottoms]))
    rises, sets = brute_force_crossings(function, seconds, level)
    if function(seconds[:1])[0] > level:
        rises = np.insert(rises, 0, 0.0)
    if function(seconds[-1:])[0] > level:
        sets = np.append(sets, duration_s)
    return list(zip(rises.tolist(), sets.tolist(), strict=True))


# Comparison with Orekit


def _worst(difference: Array) -> float:
    return float(np.max(np.linalg.norm(difference, axis=-1)))


def compare_positions() -> None:
    data = json.loads((HERE / "orekit_positions.json").read_text(encoding="utf-8"))
    column = {name: index for index, name in enumerate(data["columns"])}

    def take(rows: list[list[float]], *names: str) -> Array:
        return np.array([[row[column[name]] for name in names] for row in rows])

    def vectors(rows: list[list[float]], frame: str) -> Array:
        return take(rows, *(f"{frame}_{axis}_km" for axis in "xyz"))

    print("""Largest differences in position, m; of velocity, mm/s; of place in the sky, 1e-6 deg.
SGP4: Orekit's from Vallado's. Stars: by GCRS from the definition, the pole put in or left out.
The rest: Orekit from ERFA, both fed their own SGP4.
                          SGP4    ITRF velocity    GCRF default    sky |  stars: in      out""")
    for name, first, second in element_sets():
        satellite = Satrec.twoline2rv(first, second)
        rows = [row for row in data["rows"] if row[0] == satellite.satnum]
        days = np.array([utc_jd(row[column["utc"]]) for row in rows])
        utc = days[:, 0].copy(), days[:, 1].copy()
        _, r, v = satellite.sgp4_array(*utc)
        itrf, velocity = itrf_from_teme(r, v, *utc)
        with_pole = itrf_from_teme_by_gcrs(r, *utc, pole_offsets=True)
        without = itrf_from_teme_by_gcrs(r, *utc, pole_offsets=False)
        speeds = take(rows, "itrf_vx_km_s", "itrf_vy_km_s", "itrf_vz_km_s")
        sky = 0.0
        for place, where in data["places"].items():
            azimuth, elevation, distance = altaz(Place(*where), itrf)
            wanted = take(
                rows, f"{place}_azimuth_deg", f"{place}_elevation_deg", f"{place}_range_km"
            )
            turn = (azimuth - wanted[:, 0] + 180.0) % 360.0 - 180.0
            up = elevation - wanted[:, 1]
            sky = max(sky, np.max(np.hypot(turn * np.cos(np.radians(elevation)), up)))
            assert np.max(np.abs(distance - wanted[:, 2])) < 1e-3, (name, place)
        print(
            f"{name:22s}"
            f"{1e3 * _worst(vectors(rows, 'teme') - r):8.4f}"
            f"{1e3 * _worst(vectors(rows, 'itrf') - itrf):8.4f}"
            f"{1e6 * _worst(speeds - velocity):9.4f}"
            f"{1e3 * _worst(vectors(rows, 'gcrf') - gcrs_from_itrf(itrf, *utc)):8.4f}"
            f"{1e3 * _worst(vectors(rows, 'itrf_default') - without):8.4f}"
            f"{1e6 * sky:7.2f} |"
            f"{1e3 * _worst(with_pole - itrf):11.4f}{1e3 * _worst(without - itrf):9.4f}"
        )


def compare_passes() -> None:
    data = json.loads((HERE / "orekit_passes.json").read_text(encoding="utf-8"))
    print("""
Crossings and culminations, brute force by ERFA against Orekit's detectors: largest differences in
time, ms (of crossings, also times the rate of elevation, 1e-6 deg), and in elevation, 1e-6 deg.
                       crossings     ms  1e-6 deg | culminations     ms  1e-6 deg""")
    for item in data["objects"]:
        satellite = Satrec.twoline2rv(*item["tle"])
        first_jd, last_jd = utc_jd(item["start"]), utc_jd(item["stop"])
        duration_s = round((last_jd[0] - first_jd[0] + last_jd[1] - first_jd[1]) * DAY_S, 3)

        def since_start_s(utc: str, start: tuple[float, float] = first_jd) -> float:
            day, fraction = utc_jd(utc)
            return (day - start[0] + (fraction - start[1])) * DAY_S

        crossings, worst_s, worst_deg = 0, 0.0, 0.0
        peaks, peak_s, peak_deg = 0, 0.0, 0.0
        for place, where in data["places"].items():
            function = elevation_of(satellite, Place(*where), item["start"])
            wanted = [
                (since_start_s(utc), elevation)
                for number, name, utc, _, elevation, *_ in data["culminations"]
                if (number, name) == (satellite.satnum, place)
            ]
            tops = brute_force_maxima(function, np.arange(0.0, duration_s + 1.0, 10.0))
            tops = tops[function(tops) > -5.0]
            assert len(tops) == len(wanted), (item["name"], place)
            peaks += len(tops)
            for top, (when_s, elevation) in zip(tops, wanted, strict=True):
                peak_s = max(peak_s, abs(top - when_s))
                peak_deg = max(peak_deg, abs(function(np.array([top]))[0] - elevation))
            for number, name, mask, above, events in data["searches"]:
                if (number, name) != (satellite.satnum, place):
                    continue
                passes = brute_force_passes(function, duration_s, mask)
                assert above == (bool(passes) and passes[0][0] == 0.0), (item["name"], place, mask)
                ours = [time for both in passes for time in both if 0.0 < time < duration_s]
                assert len(ours) == len(events), (item["name"], place, mask)
                crossings += len(ours)
                for time, (_, utc, _, _, rate) in zip(ours, events, strict=True):
                    error_s = abs(time - since_start_s(utc))
                    worst_s = max(worst_s, error_s)
                    worst_deg = max(worst_deg, error_s * abs(rate))
        print(
            f"{item['name']:22s}{crossings:10d}{1e3 * worst_s:7.2f}{1e6 * worst_deg:10.2f} |"
            f"{peaks:13d}{1e3 * peak_s:7.1f}{1e6 * peak_deg:10.2f}"
        )


if __name__ == "__main__":
    compare_positions()
    compare_passes()
