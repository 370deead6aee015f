"""The one Timescale, the Earth orientation behind it, and seconds since an instant.

Earth orientation comes from IERS finals2000A.all (Bulletin A: measured to a few weeks ago,
predicted a year ahead), as the package `astropy-iers-data` ships it. Skyfield's own table is a
prediction: by 2026-11 its UT1 was 168 ms off, which is 78 m at the equator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from skyfield.constants import T0
from skyfield.data.iers import build_timescale_arrays
from skyfield.sgp4lib import theta_GMST1982
from skyfield.timelib import Time, Timescale

FloatArray: TypeAlias = NDArray[np.float64]

DAY_S = 86400.0
TT_MINUS_TAI_S = 32.184
ARCSECOND_RAD = np.pi / 648000.0
_MJD_EPOCH = date(1858, 11, 17)
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_JD_OF_MJD_0 = 2400000.5
_JD_OF_ORDINAL_0 = 1721424.5


@dataclass(frozen=True)
class EarthOrientation:
    """Daily UT1 and polar motion; arrays of shape `(days,)`.

    Attributes:
        tt_jd: instants of the table, Julian dates in TT.
        delta_t_s: TT minus UT1.
        x_arcsec, y_arcsec: coordinates of the pole in the ITRF.
        measured_through: last day that was measured; later ones are predicted.
        predicted_through: last day of the table; later instants repeat its pole and drift in UT1.
    """

    tt_jd: FloatArray
    delta_t_s: FloatArray
    x_arcsec: FloatArray
    y_arcsec: FloatArray
    leap_dates_jd: FloatArray
    leap_offsets_s: FloatArray
    measured_through: date
    predicted_through: date


def _fixed_point(columns: NDArray[np.uint8]) -> FloatArray:
    """Return the numbers written in fixed-point columns, shape `(rows, width)`; all rows alike.

    Ten times faster than asking Python for each of 80,000 numbers, and start-up waits for it.
    """
    point = int(np.flatnonzero(columns[0] == ord("."))[0])
    width = columns.shape[1]
    weights = 10.0 ** np.concatenate(
        [np.arange(width - 2, width - 2 - point, -1), [0], np.arange(width - point - 2, -1, -1)]
    )
    weights[point] = 0.0
    columns = np.ascontiguousarray(columns)
    # Blanks, signs and the point stand below the digits.
    digits = np.maximum(columns, ord("0")) - np.float64(ord("0"))
    # Whole numbers below 2^53, divided once: the nearest float, as reading the text would give.
    size = (digits @ weights) / 10.0 ** (width - point - 1)
    return np.asarray(np.where((columns == ord("-")).any(axis=1), -size, size))


def read_finals2000a(text: bytes) -> EarthOrientation:
    """Read IERS finals2000A.all; columns as in its readme.finals2000A.

    Raises:
        ValueError: the text is not a table of equal records, one a day.
    """
    record = text.index(b"\n") + 1
    rows = np.frombuffer(text, dtype=np.uint8)
    rows = rows[: len(rows) // record * record].reshape(-1, record)
    # Days beyond the prediction are listed at the end, with their date and nothing else.
    rows = rows[: np.count_nonzero(rows[:, 62] != ord(" "))]
    mjd = _fixed_point(rows[:, 7:15])
    if len(mjd) < 2 or not np.array_equal(np.diff(mjd), np.ones(len(mjd) - 1)):
        raise ValueError("finals2000A.all does not hold one record a day")
    dut1_s = _fixed_point(rows[:, 58:68])
    tt_jd, delta_t_s, leap_dates_jd, leap_offsets_s = build_timescale_arrays(mjd, dut1_s)
    measured = mjd[rows[:, 57] == ord("I")]
    return EarthOrientation(
        tt_jd=tt_jd,
        delta_t_s=delta_t_s,
        x_arcsec=_fixed_point(rows[:, 18:27]),
        y_arcsec=_fixed_point(rows[:, 37:46]),
        leap_dates_jd=leap_dates_jd,
        leap_offsets_s=leap_offsets_s,
        measured_through=_MJD_EPOCH + timedelta(days=float(measured[-1])),
        predicted_through=_MJD_EPOCH + timedelta(days=float(mjd[-1])),
    )


@lru_cache(maxsize=1)
def earth_orientation() -> EarthOrientation:
    """Return the Earth orientation that `astropy-iers-data` ships."""
    from astropy_iers_data import IERS_A_FILE

    return read_finals2000a(Path(IERS_A_FILE).read_bytes())


@lru_cache(maxsize=1)
def timescale() -> Timescale:
    """Return the Skyfield Timescale that all of sattrack uses: measured UT1 and polar motion."""
    eop = earth_orientation()
    scale = Timescale((eop.tt_jd, eop.delta_t_s), eop.leap_dates_jd, eop.leap_offsets_s)
    scale.polar_motion_table = (eop.tt_jd, eop.x_arcsec, eop.y_arcsec)
    return scale


class Clock:
    """Seconds since an instant, and the scales in which orbit models want them.

    All methods take SI seconds since `start`, shape `(n,)`, negative ones too, and are exact to ten
    nanoseconds within a year of it. Leap seconds are counted.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a Clock starts at an aware datetime")
        self.start = start.astimezone(UTC)
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        self._utc_second = (self.start - midnight) / timedelta(seconds=1)
        self._jd = self.start.toordinal() + _JD_OF_ORDINAL_0
        eop = earth_orientation()
        # Leap seconds take effect at the start of their date.
        passed = int(np.searchsorted(eop.leap_dates_jd, self._jd, side="right"))
        self._tai_minus_utc_s = 10.0 + passed
        leaps = (eop.leap_dates_jd - self._jd) * DAY_S - self._utc_second
        later = leaps[passed:]
        self._leaps_s = later + np.arange(len(later)) + 0.0

    def _utc_fraction(self, seconds: FloatArray) -> FloatArray:
        if len(self._leaps_s) == 0:
            return (self._utc_second + seconds) / DAY_S
        count = np.searchsorted(self._leaps_s, seconds, side="right")
        return (self._utc_second + (seconds - count)) / DAY_S

    def _tt_fraction(self, seconds: FloatArray) -> FloatArray:
        at_start = self._utc_second + self._tai_minus_utc_s + TT_MINUS_TAI_S
        return (at_start + seconds) / DAY_S

    def utc_jd(self, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return UTC as Julian date and fraction, each of shape `(n,)`, as SGP4 counts time."""
        fraction = self._utc_fraction(seconds)
        return np.full_like(fraction, self._jd), fraction

    def time(self, seconds: FloatArray | float) -> Time:
        """Return the Skyfield `Time`."""
        fraction = self._tt_fraction(np.asarray(seconds, dtype=np.float64))
        whole = np.floor(fraction)
        return Time(timescale(), self._jd + whole, fraction - whole)

    def sidereal_angle_rad(self, seconds: FloatArray) -> FloatArray:
        """Return Greenwich mean sidereal time 1982 at UT1: the angle from TEME to PEF.

        AIAA 2006-6753, appendix C.
        """
        tt_fraction = self._tt_fraction(seconds)
        delta_t_s = timescale().delta_t_function(self._jd + tt_fraction)
        theta, _ = theta_GMST1982(self._jd, tt_fraction - delta_t_s / DAY_S)
        return np.asarray(theta)

    def polar_motion_rad(self, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the pole's coordinates x and y."""
        eop = earth_orientation()
        tt_jd = self._jd + self._tt_fraction(seconds)
        x = np.interp(tt_jd, eop.tt_jd, eop.x_arcsec) * ARCSECOND_RAD
        y = np.interp(tt_jd, eop.tt_jd, eop.y_arcsec) * ARCSECOND_RAD
        return x, y

    def tio_locator_rad(self, seconds: FloatArray) -> FloatArray:
        """Return s', which places the origin of longitudes: IERS Conventions (2010), eq. 5.13."""
        centuries = (self._jd - T0 + self._tt_fraction(seconds)) / 36525.0
        return np.asarray(-47.0e-6 * ARCSECOND_RAD * centuries)

    def seconds_at(self, instant: datetime) -> float:
        """Return the SI seconds from `start` to `instant`."""
        elapsed = (instant.astimezone(UTC) - self.start) / timedelta(seconds=1)
        other = Clock(instant)
        return elapsed + other._tai_minus_utc_s - self._tai_minus_utc_s

    def microseconds(self, seconds: FloatArray) -> NDArray[np.int64]:
        """Return whole microseconds of UTC since 1970, shape as given, as `datetimes` counts."""
        utc = self._utc_fraction(seconds) * DAY_S - self._utc_second
        since_1970 = (self.start - _UNIX_EPOCH) // timedelta(microseconds=1)
        return since_1970 + np.rint(utc * 1e6).astype(np.int64)

    def datetimes(self, seconds: FloatArray | Sequence[float]) -> list[datetime]:
        """Return UTC datetimes, rounded to the microsecond; a leap second reads as :59."""
        values = np.asarray(seconds, dtype=np.float64)
        utc = self._utc_fraction(values) * DAY_S - self._utc_second
        return [self.start + timedelta(seconds=value) for value in utc.tolist()]
