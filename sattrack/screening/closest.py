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
from sattrack.screening.states import Rotation
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
    """Mean elements of objects through a block of time; arrays of shape `(n,)` or `(4, n)`."""

    objects: Population
    since_epoch_s: FloatArray
    correction: FloatArray

    @classmethod
    def over(cls, objects: Population, clock: Clock, end_s: float) -> Motion:
        """Fit the correction along track to the positions at four instants of the block."""
        seconds = np.linspace(0.0, end_s, 4)
        jd, fraction = clock.utc_jd(seconds)
        since_epoch_s = (
            (jd[0] - objects.epoch_jd) + (fraction[0] - objects.epoch_fraction)
        ) * DAY_S
        plain = cls(objects, since_epoch_s, np.zeros((4, len(objects))))
        if len(objects) == 0:
            return plain
        _, r, _ = SatrecArray(list(objects.records)).sgp4(jd, fraction)
        x, y, z = np.moveaxis(r, -1, 0)
        node = plain.node_rad(seconds)
        cos, sin = np.cos(node), np.sin(node)
        along = cos * x + sin * y
        cos_i, sin_i = np.cos(objects.inclination_rad), np.sin(objects.inclination_rad)
        ahead = (cos * y - sin * x) * cos_i[:, None] + z * sin_i[:, None]
        error = np.arctan2(ahead, along) - plain.latitude_argument(seconds[None, :])
        error = np.unwrap(np.remainder(error + TURN / 2.0, TURN) - TURN / 2.0, axis=1)
        error = np.where(np.isfinite(error), error, 0.0)
        powers = np.vander(seconds / end_s, 4, increasing=True)
        correction = np.linalg.solve(powers, error.T) / (end_s ** np.arange(4))[:, None]
        return cls(objects, since_epoch_s, correction)

    def node_rad(self, seconds: FloatArray) -> FloatArray:
        """Return the right ascension of the node, shape `(n, m)`."""
        since = self.since_epoch_s[:, None] + seconds
        return np.asarray(
            self.objects.node_rad[:, None] + self.objects.node_rate_rad_s[:, None] * since
        )

    def latitude_argument(self, seconds: FloatArray) -> FloatArray:
        """Return the argument of latitude, rad, at `seconds` of shape `(n or 1, m)`."""
        objects = self.objects
        since = self.since_epoch_s[:, None] + seconds
        anomaly = objects.anomaly_rad[:, None] + objects.anomaly_rate_rad_s[:, None] * since
        perigee = objects.perigee_rad[:, None] + objects.perigee_rate_rad_s[:, None] * since
        e = objects.eccentricity[:, None]
        # The equation of the centre, to e^2: what is left, e^3, is 0.001 rad.
        sin = np.sin(anomaly)
        centre = e * sin * (2.0 + 2.5 * e * np.cos(anomaly))
        c0, c1, c2, c3 = self.correction[:, :, None]
        return np.asarray(
            anomaly + perigee + centre + c0 + seconds * (c1 + seconds * (c2 + seconds * c3))
        )


@dataclass(frozen=True)
class Windows:
    """When objects may be above the mask of a place; arrays of shape `(k,)`, by object and time.

    Attributes:
        owner: index of the object.
        start_s, end_s: of the window, may reach beyond the block.
    """

    owner: NDArray[np.int64]
    start_s: FloatArray
    end_s: FloatArray


def windows(
    motion: Motion, place_km: FloatArray, mask_rad: float, rotation: Rotation, end_s: float
) -> Windows:
    """Return the windows of all objects over one place.

    Args:
        motion: of near-circular orbits.
        place_km: in PEF, shape `(3,)`.
        mask_rad: elevation of the mask.
        rotation: of the Earth, over the block.
        end_s: the end of the block.
    """
    objects = motion.objects
    radius_km = float(np.sqrt(place_km @ place_km))
    latitude, longitude = np.arcsin(place_km[2] / radius_km), np.arctan2(place_km[1], place_km[0])
    cos_lat, sin_lat = np.cos(latitude), np.sin(latitude)
    low = mask_rad - _DEFLECTION_RAD
    ratio = radius_km / (objects.apogee_km + _HEIGHT_MARGIN_KM) * np.cos(low)
    within = np.arccos(np.minimum(1.0, ratio)) - low
    rate = objects.nodal_rate_rad_s
    turn = rotation.rate_rad_s - objects.node_rate_rad_s
    # Closest in angle, the object is closer than at the foot of the perpendicular.
    reach = within * (1.0 + 0.55 * (turn / rate) ** 2) + _ANGLE_MARGIN_RAD
    cos_i, sin_i = np.cos(objects.inclination_rad), np.sin(objects.inclination_rad)
    period = TURN / rate
    count = int(np.ceil(end_s / (_START_SPACING * period.min()))) + 3
    t = (np.arange(count) - 1.0) * (_START_SPACING * period)[:, None]
    a, b = (cos_lat * cos_i)[:, None], (sin_lat * sin_i)[:, None]
    angle0 = rotation.angle_rad(np.zeros(1))[0] + longitude - motion.node_rad(np.zeros(1))
    turn_, rate_ = turn[:, None], rate[:, None]
    for look in range(3):
        right = angle0 + turn_ * t
        cos, sin = np.cos(right), np.sin(right)
        along, ahead = cos_lat * cos, a * sin + b
        # In the plane: how far out the place's projection lies, and how fast it goes round.
        out2 = along * along + ahead * ahead
        if look == 2:
            break
        sweep = turn_ * cos_lat * (along * (cos_i[:, None] * cos) + sin * ahead) / out2
        behind = np.arctan2(ahead, along) - motion.latitude_argument(t)
        behind = np.remainder(behind + TURN / 2.0, TURN) - TURN / 2.0
        t = t + behind / np.clip(rate_ - sweep, 0.5 * rate_, 1.5 * rate_)
    height = sin_lat * cos_i[:, None] - cos_lat * sin_i[:, None] * sin
    off_plane = np.abs(np.arcsin(np.clip(height, -1.0, 1.0)))
    near = off_plane < reach[:, None]
    near[:, 1:] &= (t[:, 1:] - t[:, :-1]) > _SAME_APPROACH * period[:, None]
    near &= (t > -0.5 * period[:, None]) & (t < end_s + 0.5 * period[:, None])
    owner, k = np.nonzero(near)
    t, off_plane = t[owner, k], off_plane[owner, k]
    # The place moves towards the plane, or away from it, while the object is near.
    reach, rate = reach[owner], rate[owner]
    drift = turn[owner] * cos_lat * sin_i[owner] * reach / rate
    off_plane = np.maximum(0.0, off_plane - drift)
    half = np.arccos(np.clip(np.cos(reach) / np.cos(off_plane), -1.0, 1.0))
    half_s = (half + _ANGLE_MARGIN_RAD) / (rate * (1.0 - 1.1 * turn[owner] / rate))
    return Windows(owner, t - half_s, t + half_s)
