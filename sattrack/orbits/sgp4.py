"""Published element sets, moved by SGP4."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from sgp4.api import SGP4_ERRORS, WGS72, Satrec
from skyfield.constants import AU_KM, DAY_S
from skyfield.functions import mxv
from skyfield.sgp4lib import TEME
from skyfield.timelib import Time
from skyfield.vectorlib import VectorFunction

from sattrack.elements import ElementSet
from sattrack.errors import NoOrbitError
from sattrack.orbits.earth import teme_to_itrf
from sattrack.orbits.orbit import OrbitEndsError
from sattrack.times.scale import Clock, FloatArray
from sattrack.times.span import iso_utc

_MINUTES_PER_DAY = 1440.0
_SGP4_EPOCH = datetime(1949, 12, 31, tzinfo=UTC)
_DAYS_1949_TO_1970 = 7306.0
# The wheel of sgp4 refuses catalog numbers above 339999; the number plays no part in the theory.
_SURROGATE_NUMBER = 1
_END_TOLERANCE_S = 0.001
_DECAYED = 6
_NOT_A_NUMBER = 99
_DEEP_SPACE_PERIOD_S = 225.0 * 60.0


def satellite_record(elements: ElementSet) -> Satrec:
    """Return the python-sgp4 record of an element set, initialised with WGS 72.

    Published element sets are fitted with the constants of WGS 72, so nothing else fits them
    (AIAA 2006-6753, section "Constants"); the old AFSPC mode is not used.
    """
    rev_per_day = 2.0 * math.pi / _MINUTES_PER_DAY
    since_1949 = elements.epoch - _SGP4_EPOCH
    record = Satrec()
    record.sgp4init(
        WGS72,
        "i",
        _SURROGATE_NUMBER,
        since_1949 / timedelta(days=1),
        elements.bstar_per_earth_radius,
        elements.mean_motion_dot_rev_day2 * rev_per_day / _MINUTES_PER_DAY,
        elements.mean_motion_ddot_rev_day3 * rev_per_day / _MINUTES_PER_DAY**2,
        elements.eccentricity,
        math.radians(elements.argument_of_perigee_deg),
        math.radians(elements.inclination_deg),
        math.radians(elements.mean_anomaly_deg),
        elements.mean_motion_rev_day * rev_per_day,
        math.radians(elements.raan_deg),
    )
    return record


def _checked(codes: Any, r: Any, v: Any) -> tuple[Any, Any, Any]:
    """Return what SGP4 returned; a state that is not a number gets an error code."""
    # SGP4 divides by the sine of an inclination of 1e-300 degrees without a word.
    if not np.isfinite(r).all():
        silent = (codes == 0) & ~np.isfinite(r).all(axis=1)
        codes = np.where(silent, _NOT_A_NUMBER, codes)
    return codes, r, v


def teme_positions(
    epoch_us: NDArray[np.int64], numbers: FloatArray, jd: float, fraction: float
) -> tuple[NDArray[np.int64], FloatArray, FloatArray]:
    """Move `n` objects to one instant, and forget them: SGP4 is asked once for each.

    Args:
        epoch_us: of their element sets, microseconds of UTC since 1970, shape `(n,)`.
        numbers: B*, both derivatives of the mean motion, eccentricity, argument of perigee,
            inclination, mean anomaly, mean motion and node in the units of `ElementSet`, shape
            `(9, n)`.
        jd, fraction: the instant, UTC.

    Returns:
        Error codes, shape `(n,)`; positions, km, and velocities, km/s, in TEME, shape `(3, n)`.
    """
    rev_per_day = 2.0 * math.pi / _MINUTES_PER_DAY
    days = epoch_us / (DAY_S * 1e6) + _DAYS_1949_TO_1970
    bstar, dot, ddot, e, perigee, inclination, anomaly, motion, node = numbers
    columns = (
        days,
        bstar,
        dot * rev_per_day / _MINUTES_PER_DAY,
        ddot * rev_per_day / _MINUTES_PER_DAY**2,
        e,
        np.radians(perigee),
        np.radians(inclination),
        np.radians(anomaly),
        motion * rev_per_day,
        np.radians(node),
    )
    states = np.empty((len(days), 7))
    for k, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        record = Satrec()
        record.sgp4init(WGS72, "i", _SURROGATE_NUMBER, *row)
        code, r, v = record.sgp4(jd, fraction)
        states[k] = (record.error or code, *r, *v)
    found = states.T
    codes = np.where(np.isfinite(found).all(axis=0), found[0], _NOT_A_NUMBER)
    return codes.astype(np.int64), found[1:4], found[4:7]


class Sgp4(VectorFunction):  # type: ignore[misc]
    """An orbit from one element set; a Skyfield vector function like `EarthSatellite`.

    Raises:
        NoOrbitError: SGP4 cannot be initialised with these elements.
    """

    kind = "sgp4"
    center = 399

    def __init__(self, elements: ElementSet) -> None:
        self.elements = elements
        self._record = satellite_record(elements)
        self.target = -100000 - elements.norad_id
        if self._record.error:
            raise NoOrbitError(f"{self._label}: SGP4 refuses the elements: {self._reason()}")

    @property
    def target_name(self) -> str:
        """Name, catalog number and epoch, as Skyfield prints targets."""
        return f"{self._label}, elements of {iso_utc(self.elements.epoch)}"

    @property
    def period_s(self) -> float:
        """Time of one revolution, from the mean motion as published."""
        return float(DAY_S / self.elements.mean_motion_rev_day)

    @property
    def velocity_error_km_s(self) -> float:
        """How far SGP4's velocity may be from the derivative of its position.

        It leaves out how the long-period terms and drag change the elements meanwhile. Measured
        for 16,807 objects of the public catalog, to ten days from their epochs, against differences
        of position: at most 0.2 m/s in circular deep-space orbits (but 1.0 m/s in one), 2.2 m/s at
        an eccentricity of 0.45, 10.3 m/s at 0.83; near the Earth 0.7 m/s for 99 % of all, 6.3 m/s
        at 0.11, and 35 m/s under the strongest drag. Not exceeded by these; two thirds are reached.
        """
        e = self.elements.eccentricity
        if self.period_s >= _DEEP_SPACE_PERIOD_S:
            return 0.0015 + 0.015 * e
        drag = abs(self.elements.bstar_per_earth_radius)
        return 0.001 + 0.08 * e + min(12.0 * drag, 0.05)

    @property
    def record(self) -> Satrec:
        """The record of python-sgp4."""
        return self._record

    @cached_property
    def _label(self) -> str:
        return f"{self.elements.name or 'NORAD'} {self.elements.norad_id}".strip()

    def _reason(self, code: int | None = None) -> str:
        code = self._record.error if code is None else code
        if code == _NOT_A_NUMBER:
            return "SGP4 yields no number"
        return f"SGP4 error {code}: {SGP4_ERRORS.get(code, 'unknown')}"

    def _at(self, t: Time) -> tuple[Any, Any, None, None]:
        days, fraction = np.atleast_1d(t.whole), np.atleast_1d(t.tai_fraction)
        fraction = fraction - np.atleast_1d(t._leap_seconds()) / DAY_S
        codes, r, v = _checked(*self._record.sgp4_array(days + 0.0, fraction))
        if codes.any():
            instants = t.utc_datetime() if t.shape else [t.utc_datetime()]
            clock = Clock(instants[0])
            seconds = np.array([clock.seconds_at(instant) for instant in instants])
            self._explain_end(clock, seconds, codes)
        shape = (3, *t.shape)
        rotation = np.swapaxes(TEME.rotation_at(t), 0, 1)
        position, velocity = r.T.reshape(shape), v.T.reshape(shape)
        return (
            mxv(rotation, position / AU_KM),
            mxv(rotation, velocity * (DAY_S / AU_KM)),
            None,
            None,
        )

    def itrf(self, clock: Clock, seconds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return position, km, and Earth-relative velocity, km/s, in ITRF; see `Orbit.itrf`."""
        codes, r, v = self._propagated(clock, seconds)
        if codes.any():
            self._explain_end(clock, seconds, codes)
        return teme_to_itrf(clock, seconds, r.T, v.T)

    def _propagated(self, clock: Clock, seconds: FloatArray) -> tuple[Any, Any, Any]:
        """Return SGP4's error codes and TEME states; not a number counts as an error."""
        return _checked(*self._record.sgp4_array(*clock.utc_jd(seconds)))

    def _explain_end(self, clock: Clock, seconds: FloatArray, codes: Any) -> NoReturn:
        """Raise `OrbitEndsError` with the last instant that works, found by bisection."""
        order = np.argsort(seconds, kind="stable")
        first = int(np.flatnonzero(codes[order])[0])
        bad_s = float(seconds[order[first]])
        code = int(codes[order[first]])
        # At its epoch an element set works, or it would not have been accepted.
        epoch_s = clock.seconds_at(self.elements.epoch)
        good_s = float(seconds[order[first - 1]]) if first else epoch_s
        epoch_text = iso_utc(self.elements.epoch)
        if good_s > bad_s:
            (instant,) = clock.datetimes([bad_s])
            reason = f"the elements of {epoch_text} do not reach back to {iso_utc(instant)}"
            raise OrbitEndsError(f"{self._label}: {reason} ({self._reason(code)})", bad_s, instant)
        while bad_s - good_s > _END_TOLERANCE_S:
            middle_s = (good_s + bad_s) / 2.0
            fails, _, _ = self._propagated(clock, np.array([middle_s]))
            if fails[0]:
                bad_s, code = middle_s, int(fails[0])
            else:
                good_s = middle_s
        (instant,) = clock.datetimes([good_s])
        # Drag drives the mean eccentricity out of its range (error 1) before the radius is so low.
        falling = self.elements.bstar_per_earth_radius > 0.0 and instant > self.elements.epoch
        low = self.period_s < _DEEP_SPACE_PERIOD_S
        decayed = code == _DECAYED or (falling and low)
        what = "decayed" if decayed else "the elements stop working"
        raise OrbitEndsError(
            f"{self._label}: {what} at {iso_utc(instant)} by its elements of {epoch_text} "
            f"({self._reason(code)})",
            good_s,
            instant,
        )

    def knots(self, clock: Clock) -> FloatArray:
        """Return nothing: the model is smooth."""
        return np.empty(0)
