"""Sun, Moon and Earth, from a JPL ephemeris."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from io import BytesIO
from typing import TypeAlias

import numpy as np
from jplephem.daf import DAF  # type: ignore[import-untyped]
from jplephem.spk import SPK  # type: ignore[import-untyped]
from skyfield.constants import DAY_S, C
from skyfield.timelib import Time

from sattrack.errors import NoOrbitError
from sattrack.times.scale import FloatArray, timescale

State: TypeAlias = tuple[FloatArray, FloatArray]

LIGHT_KM_S: float = C / 1000.0
SUN_RADIUS_KM = 695_700.0  # IAU 2015 resolution B3, nominal

EARTH_MOON_BARYCENTRE, SUN, MOON, EARTH = 3, 10, 301, 399


class Bodies:
    """Sun and Moon as seen from the Earth's centre, geometric: without light time or aberration.

    All vectors have ICRF axes, which are those of the GCRF, and the shape of the Julian date asked
    for behind their three components. Reading the kernel takes 3 ms; it is held in memory.

    Args:
        kernel: an SPK file of type 2 segments for the Earth-Moon barycentre and the Sun from that
            of the solar system, and for the Earth and the Moon from their own.
    """

    def __init__(self, kernel: Traversable) -> None:
        segments = SPK(DAF(BytesIO(kernel.read_bytes()))).segments
        self._segments = {segment.target: segment for segment in segments}
        self._first_jd = max(segment.start_jd for segment in segments)
        self._last_jd = min(segment.end_jd for segment in segments)

    def _segment(self, body: int, t: Time) -> State:
        whole, fraction = t.whole, t.tdb_fraction
        days = np.asarray(whole + fraction)
        if (days < self._first_jd).any() or (days > self._last_jd).any():
            first, last = (
                timescale().tdb_jd(jd).tdb_strftime("%Y-%m-%d")
                for jd in (self._first_jd, self._last_jd)
            )
            raise NoOrbitError(f"Sun and Moon are known from {first} to {last} only")
        position, velocity = self._segments[body].compute_and_differentiate(whole, fraction)
        return position, velocity / DAY_S

    def moon(self, t: Time) -> State:
        """Return position, km, and velocity, km/s, of the Moon from the Earth.

        Raises:
            NoOrbitError: the kernel does not reach to `t`.
        """
        moon, moon_rate = self._segment(MOON, t)
        earth, earth_rate = self._segment(EARTH, t)
        return moon - earth, moon_rate - earth_rate

    def sun(self, t: Time) -> State:
        """Return position, km, and velocity, km/s, of the Sun from the Earth; as `moon`."""
        sun, sun_rate = self._segment(SUN, t)
        earth, earth_rate = self.earth(t)
        return sun - earth, sun_rate - earth_rate

    def earth(self, t: Time) -> State:
        """Return position, km, and velocity, km/s, of the Earth among the stars.

        They count from the barycentre of the solar system; as `moon`.
        """
        pair, pair_rate = self._segment(EARTH_MOON_BARYCENTRE, t)
        earth, earth_rate = self._segment(EARTH, t)
        return pair + earth, pair_rate + earth_rate
