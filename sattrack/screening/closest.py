"""When a near-circular orbit comes closest to a place: once in a revolution, by mean elements.

The mean argument of latitude, corrected along track by a cubic through four positions of SGP4,
meets that of the place's own projection on the orbital plane. Whether the object can be seen then,
and for how long, follows from how far the place is from the plane. Margins cover what mean elements
leave out, so that a window may be empty, but none is missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sgp4.api import SatrecArray

from sattrack.screening.population import TURN, Population
from sattrack.screening.states import Indices, Rotation
from sattrack.times.scale import DAY_S, Clock, FloatArray

# Starting points lie this part of a revolution apart, so that each closest approach is the nearest
# to one of them at least.
_START_SPACING = 0.8
_SAME_APPROACH = 0.3
# The vertical deviates from the geocentric direction by 0.0034 rad at most, at 45 degrees.
_DEFLECTION_RAD = 0.0034
# Short-period terms of the flattening: 10 km along and across the track, 15 km in height.
_ANGLE_MARGIN_RAD = 0.006
_HEIGHT_MARGIN_KM = 30.0


@dataclass(frozen=True)
class Motion:
    """Mean elements of objects through a block of time; arrays of shape `(n,)` or `(4, n)`.

    Attributes:
        objects: near-circular orbits.
        since_epoch_s: the start of the block.
        correction: along track, rad, coefficients of a cubic in seconds of the block.
        steady: whether mean elements describe the object, within the margins of the windows: far
            from their epoch, those of low orbits may not.
    """

    objects: Population
    since_epoch_s: FloatArray
    correction: FloatArray
    steady: NDArray[np.bool_]

    @classmethod
    def over(cls, objects: Population, clock: Clock, end_s: float) -> Motion:
        """Fit the correction to four states of the block, and see whether it tells a fifth."""
        seconds = np.linspace(0.0, end_s, 4)
        seconds = np.insert(seconds, 2, end_s / 2.0)
        jd, fraction = clock.utc_jd(seconds)
        since_epoch_s = (
            (jd[0] - objects.epoch_jd) + (fraction[0] - objects.epoch_fraction)
        ) * DAY_S
        nothing = np.zeros((4, len(objects)))
        plain = cls(objects, since_epoch_s, nothing, np.ones(len(objects), dtype=bool))
        if len(objects) == 0:
            return plain
        _, r, _ = SatrecArray(list(objects.records)).sgp4(jd, fraction)
        x, y, z = np.moveaxis(r, -1, 0)
        node = plain.node_rad(seconds)
        cos, sin = np.cos(node), np.sin(node)
        along, across = cos * x + sin * y, cos * y - sin * x
        cos_i = np.cos(objects.inclination_rad)[:, None]
        sin_i = np.sin(objects.inclination_rad)[:, None]
        ahead, aside = across * cos_i + z * sin_i, z * cos_i - across * sin_i
        every = np.broadcast_to(seconds, along.shape)
        error = np.arctan2(ahead, along) - plain.latitude_argument(every)
        error = np.unwrap(np.remainder(error + TURN / 2.0, TURN) - TURN / 2.0, axis=1)
        powers = np.vander(seconds / end_s, 4, increasing=True)
        fitted = [0, 1, 3, 4]
        c = np.linalg.solve(powers[fitted], np.nan_to_num(error[:, fitted]).T)
        radius_km = np.sqrt(x * x + y * y + z * z)
        with np.errstate(invalid="ignore"):
            steady = np.abs(powers[2] @ c - error[:, 2]) < 0.8 * _ANGLE_MARGIN_RAD
            steady &= (np.abs(aside) < 0.3 * _ANGLE_MARGIN_RAD * radius_km).all(axis=1)
            highest_km = objects.apogee_km + 0.6 * _HEIGHT_MARGIN_KM
            steady &= (radius_km < highest_km[:, None]).all(axis=1)
        correction = c / (end_s ** np.arange(4))[:, None]
        return cls(objects, since_epoch_s, correction, steady)

    def node_rad(self, seconds: FloatArray) -> FloatArray:
        """Return the right ascension of the node, shape `(n, m)`."""
        since = self.since_epoch_s[:, None] + seconds
        return np.asarray(
            self.objects.node_rad[:, None] + self.objects.node_rate_rad_s[:, None] * since
        )

    def latitude_argument(
        self, seconds: FloatArray, which: Indices | slice = slice(None)
    ) -> FloatArray:
        """Return the argument of latitude, rad, of some objects.

        Args:
            seconds: of shape `(m,)`, one for each object, or `(m, k)`.
            which: the objects; all of them at first.
        """
        objects = self.objects

        def each(values: FloatArray) -> FloatArray:
            chosen = values[which]
            return chosen[:, None] if seconds.ndim == 2 else chosen

        since = each(self.since_epoch_s) + seconds
        anomaly = each(objects.anomaly_rad) + each(objects.anomaly_rate_rad_s) * since
        perigee = each(objects.perigee_rad) + each(objects.perigee_rate_rad_s) * since
        e = each(objects.eccentricity)
        # The equation of the centre, to e^2: what is left, e^3, is 0.001 rad.
        centre = e * np.sin(anomaly) * (2.0 + 2.5 * e * np.cos(anomaly))
        c0, c1, c2, c3 = (each(c) for c in self.correction)
        along = c0 + seconds * (c1 + seconds * (c2 + seconds * c3))
        return np.asarray(anomaly + perigee + centre + along)


@dataclass(frozen=True)
class Windows:
    """When objects may be above the mask of places; arrays of shape `(k,)`.

    In order of object, place and time.

    Attributes:
        owner, station: indices of object and place.
        start_s, end_s: of the window, may reach beyond the block.
    """

    owner: Indices
    station: Indices
    start_s: FloatArray
    end_s: FloatArray


@dataclass(frozen=True)
class _Feet:
    """The projections of places on the planes of orbits; objects as rows, places as columns.

    Attributes:
        right: right ascension of the place from the node at the start, rad, shape `(n, s)`.
        turn: how fast that grows, rad/s, shape `(n,)`.
        level: cosine of the place's geocentric latitude, shape `(s,)`.
        swing, lift: how far ahead of the node the place is: `swing sin(right) + lift`, `(n, s)`.
    """

    right: FloatArray
    turn: FloatArray
    level: FloatArray
    swing: FloatArray
    lift: FloatArray

    @classmethod
    def of(cls, motion: Motion, places_km: FloatArray, rotation: Rotation) -> _Feet:
        """Project places, in PEF, shape `(3, s)`."""
        objects = motion.objects
        x, y, z = places_km
        latitude = np.arctan2(z, np.hypot(x, y))
        node = objects.node_rad + objects.node_rate_rad_s * motion.since_epoch_s
        cos_i, sin_i = np.cos(objects.inclination_rad), np.sin(objects.inclination_rad)
        return cls(
            rotation.angle_rad(np.zeros(1)) + np.arctan2(y, x) - node[:, None],
            rotation.rate_rad_s - objects.node_rate_rad_s,
            np.cos(latitude),
            np.cos(latitude) * cos_i[:, None],
            np.sin(latitude) * sin_i[:, None],
        )


def windows(
    motion: Motion, places_km: FloatArray, mask_rad: float, rotation: Rotation, end_s: float
) -> Windows:
    """Return the windows of all objects over all places.

    Args:
        motion: of near-circular orbits.
        places_km: in PEF, shape `(3, s)`.
        mask_rad: elevation of the mask.
        rotation: of the Earth, over the block.
        end_s: the end of the block.
    """
    objects = motion.objects
    radius_km = np.sqrt((places_km**2).sum(axis=0))
    low = mask_rad - _DEFLECTION_RAD
    ratio = radius_km / (objects.apogee_km + _HEIGHT_MARGIN_KM)[:, None] * np.cos(low)
    within = np.arccos(np.minimum(1.0, ratio)) - low
    feet = _Feet.of(motion, places_km, rotation)
    rate, period = objects.nodal_rate_rad_s, TURN / objects.nodal_rate_rad_s
    share = feet.turn / rate
    # Closest in angle, the object is closer than at the foot of the perpendicular.
    reach = within * (1.0 + 0.55 * share[:, None] ** 2) + _ANGLE_MARGIN_RAD

    # The foot from even starting points: far from the plane, no approach is near.
    count = int(np.ceil(end_s / (_START_SPACING * period.min()))) + 3
    starts_s = (np.arange(count) - 1.0) * (_START_SPACING * period)[:, None]
    right = feet.right[:, :, None] + (feet.turn[:, None] * starts_s)[:, None, :]
    cos, sin = np.cos(right), np.sin(right)
    along = feet.level[:, None] * cos
    ahead = feet.swing[:, :, None] * sin + feet.lift[:, :, None]
    # Until the approach the Earth turns by half a revolution's worth at most.
    widest = np.minimum(reach + 1.1 * np.pi * share[:, None] + 0.02, np.pi / 2.0)
    owner, station, k = np.nonzero(along * along + ahead * ahead > np.cos(widest)[:, :, None] ** 2)
    t = starts_s[owner, k]
    rate, turn, reach = rate[owner], feet.turn[owner], reach[owner, station]
    level, swing, lift = feet.level[station], feet.swing[owner, station], feet.lift[owner, station]
    at_start = feet.right[owner, station]
    for _ in range(2):
        right = at_start + turn * t
        cos, sin = np.cos(right), np.sin(right)
        along, ahead = level * cos, swing * sin + lift
        sweep = turn * (along * (swing * cos) + ahead * level * sin)
        sweep /= along * along + ahead * ahead
        behind = np.arctan2(ahead, along) - motion.latitude_argument(t, owner)
        behind = np.remainder(behind + TURN / 2.0, TURN) - TURN / 2.0
        t = t + behind / np.clip(rate - sweep, 0.5 * rate, 1.5 * rate)
    right = at_start + turn * t
    along, ahead = level * np.cos(right), swing * np.sin(right) + lift
    off_plane = np.arccos(np.minimum(1.0, np.hypot(along, ahead)))

    near = off_plane < reach
    period = TURN / rate
    again = (np.diff(owner) == 0) & (np.diff(station) == 0)
    again &= np.diff(t) < _SAME_APPROACH * period[1:]
    near[1:] &= ~again
    near &= (t > -0.5 * period) & (t < end_s + 0.5 * period)
    owner, station, t, off_plane = owner[near], station[near], t[near], off_plane[near]
    rate, share, reach = rate[near], turn[near] / rate[near], reach[near]
    # The place moves towards the plane, or away from it, while the object is near.
    drift = share * level[near] * np.sin(objects.inclination_rad)[owner] * reach
    off_plane = np.maximum(0.0, off_plane - drift)
    half = np.arccos(np.clip(np.cos(reach) / np.cos(off_plane), -1.0, 1.0))
    half_s = (half + _ANGLE_MARGIN_RAD) / (rate * (1.0 - 1.1 * share))
    return Windows(owner, station, t - half_s, t + half_s)
