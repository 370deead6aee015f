"""Write orekit_passes.json: rise, set and culmination found by Orekit's event detectors.

    python make_orekit_passes.py

For requirements see orekit_scene.py. Takes a minute.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import atan2, ceil, degrees, radians
from typing import Any

from orekit_scene import (
    HERE,
    PLACES,
    Scene,
    element_sets,
    made_by,
    propagator,
    start_orekit,
    write_json,
)

MASKS_DEG = (-5.0, 0.0, 5.0, 10.0, 30.0, 60.0)
THRESHOLD_S = 1e-6
# An angle below this is rounding, whichever way it points.
ANGLE_NOISE_DEG = 1e-7

LOWEST_SUMMIT_DEG = min(MASKS_DEG) - 1.0

# Catalog number: days searched from the first full hour after the epoch; check interval, s. A pair
# of crossings closer than the interval could be missed; `verify` below shows that none was.
SEARCHES = {
    25544: (2.0, 10.0),
    40536: (1.0, 10.0),
    69869: (1.0, 10.0),
    59452: (1.0, 10.0),
    46359: (1.0, 10.0),
    67433: (1.0, 10.0),
    8820: (1.0, 10.0),
    26407: (2.0, 20.0),
    40296: (2.0, 20.0),
    47719: (2.0, 20.0),
    41896: (2.0, 10.0),
    25867: (5.0, 20.0),
    42738: (3.0, 20.0),
    45246: (2.0, 20.0),
}


def look(scene: Scene, site: Any, itrf: Any, date: Any) -> tuple[float, float, float, float]:
    """Return azimuth, elevation (deg), range (km) and the rate of elevation (deg/s)."""
    from org.hipparchus.geometry.euclidean.threed import Vector3D

    pv = scene.itrf.getTransformTo(site, date).transformPVCoordinates(itrf)
    position, velocity = pv.getPosition(), pv.getVelocity()
    distance = position.getNorm()
    elevation = position.getDelta()
    up_rate = velocity.getZ() / distance
    range_rate = Vector3D.dotProduct(position, velocity) / distance
    rate = (up_rate - position.getZ() * range_rate / distance**2) / (
        1.0 - (position.getZ() / distance) ** 2
    ) ** 0.5
    east, north = position.getX(), position.getY()
    azimuth = degrees(atan2(east, north)) % 360.0
    return azimuth, degrees(elevation), distance / 1000.0, degrees(rate)


def summit(scene: Scene, orbit: Any, site: Any, date: Any) -> Any:
    """Return when the elevation itself is highest, near the zero of Orekit's rate of elevation.

    That rate comes of the velocity of SGP4, which is not quite the derivative of its position: up
    to 0.4 m/s in a transfer orbit. The zero lies milliseconds from the summit in low orbit, seconds
    in high ones, half an hour at the geostationary one, and no lower than 1e-4 deg under it.
    """

    def elevation_deg(offset_s: float) -> float:
        when = date.shiftedBy(offset_s)
        position = orbit.getPVCoordinates(when, scene.itrf).getPosition()
        return degrees(site.getElevation(position, scene.itrf, when))

    at_s, step_s = 0.0, 5.0
    for _ in range(8):
        low, here, high = (elevation_deg(at_s + k * step_s) for k in (-1, 0, 1))
        bend = (low - 2.0 * here + high) / step_s**2
        assert bend < 0.0
        at_s -= (high - low) / (2.0 * step_s * bend)
        assert abs(at_s) < 3600.0
        # Long enough to feel the bend, short enough to be a parabola.
        step_s = (1e-6 / -bend) ** 0.5
    return date.shiftedBy(at_s)


def verify(
    events: list[list[Any]], above_at_start: bool, maxima: list[list[Any]], mask: float
) -> None:
    """Rises and sets alternate; between them, and nowhere else, lie maxima above the mask."""
    above = above_at_start
    stretches: list[tuple[str, str]] = []
    opened = ""
    for kind, utc, *_ in events:
        assert (kind == "set") == above, (kind, utc)
        if above:
            stretches.append((opened, utc))
        opened = utc
        above = not above
    for start, end in stretches:
        # Open where the window cut the pass, which may then lack its maximum.
        assert not start or any(start < utc < end for utc, *_ in maxima), (start, end)
    if above:
        stretches.append((opened, "9999"))
    for utc, _, elevation, *_ in maxima:
        if abs(elevation - mask) > ANGLE_NOISE_DEG:
            inside = any(start < utc < end for start, end in stretches)
            assert inside == (elevation > mask), (utc, elevation, mask)


def search(scene: Scene, name: str, first: str, second: str) -> tuple[Any, Any, Any]:
    from org.orekit.propagation.events import (
        ElevationDetector,
        ElevationExtremumDetector,
        EventsLogger,
    )
    from org.orekit.propagation.events.handlers import ContinueOnEvent

    number = int(second[2:7])
    days, check_s = SEARCHES[number]
    orbit = propagator(first, second, scene.teme)
    # Another, free of detectors: asking the first for a position would set them off.
    quiet = propagator(first, second, scene.teme)
    epoch = datetime.fromisoformat(scene.iso(orbit.getTLE().getDate()))
    midnight = epoch.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight + timedelta(hours=ceil((epoch - midnight) / timedelta(hours=1)))
    stop = start + timedelta(days=days)
    first_date, last_date = scene.date(start), scene.date(stop)

    sites, tops, crossings = {}, {}, {}
    for place in PLACES:
        site = sites[place] = scene.topocentric(place)
        tops[place] = EventsLogger()
        peak = ElevationExtremumDetector(check_s, THRESHOLD_S, site).withHandler(ContinueOnEvent())
        orbit.addEventDetector(tops[place].monitorDetector(peak))
        for mask in MASKS_DEG:
            logger = crossings[place, mask] = EventsLogger()
            detector = (
                ElevationDetector(check_s, THRESHOLD_S, site)
                .withConstantElevation(radians(mask))
                .withHandler(ContinueOnEvent())
            )
            orbit.addEventDetector(logger.monitorDetector(detector))
    orbit.propagate(first_date, last_date)

    maxima: dict[str, list[list[Any]]] = {place: [] for place in PLACES}
    for place, logger in tops.items():
        for event in logger.getLoggedEvents():
            if not event.isIncreasing():
                state = event.getState()
                if degrees(state.getPosition(sites[place]).getDelta()) < LOWEST_SUMMIT_DEG:
                    continue
                top = summit(scene, quiet, sites[place], state.getDate())
                assert first_date.durationFrom(top) < 0.0 < last_date.durationFrom(top)
                azimuth, elevation, distance, _ = look(
                    scene, sites[place], quiet.getPVCoordinates(top, scene.itrf), top
                )
                zero = scene.iso(state.getDate())
                maxima[place].append([scene.iso(top), azimuth, elevation, distance, zero])
    rows = []
    for (place, mask), logger in crossings.items():
        at_start = quiet.getPVCoordinates(first_date, scene.itrf)
        above_at_start = look(scene, sites[place], at_start, first_date)[1] > mask
        events = []
        for event in logger.getLoggedEvents():
            state = event.getState()
            azimuth, elevation, distance, rate = look(
                scene, sites[place], state.getPVCoordinates(scene.itrf), state.getDate()
            )
            assert abs(elevation - mask) < ANGLE_NOISE_DEG + 2.0 * THRESHOLD_S * abs(rate), (
                place,
                mask,
                elevation,
            )
            kind = "rise" if event.isIncreasing() else "set"
            events.append(
                [
                    kind,
                    scene.iso(state.getDate()),
                    round(azimuth, 4),
                    round(distance, 3),
                    float(f"{rate:.4g}"),
                ]
            )
        verify(events, above_at_start, maxima[place], mask)
        rows.append([number, place, mask, above_at_start, events])
    tops_out = [
        [number, place, utc, round(azimuth, 4), round(elevation, 6), round(distance, 3), zero]
        for place, found in maxima.items()
        for utc, azimuth, elevation, distance, zero in found
        if elevation > min(MASKS_DEG)
    ]
    window = {
        "norad_id": number,
        "name": name,
        "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "stop": f"{stop:%Y-%m-%dT%H:%M:%SZ}",
        "check_s": check_s,
        "tle": [first, second],
    }
    print(f"{name}: {sum(len(row[4]) for row in rows)} crossings, {len(tops_out)} culminations")
    return window, rows, tops_out


def main() -> None:
    start_orekit()
    scene = Scene()
    windows, searches, culminations = [], [], []
    for name, first, second in element_sets():
        window, rows, tops = search(scene, name, first, second)
        windows.append(window)
        searches += rows
        culminations += tops
    head = {
        "made_by": made_by("make_orekit_passes.py"),
        "frame": "classic (see orekit_scene.py), geodetic vertical, no refraction",
        "threshold_s": THRESHOLD_S,
        "places": {name: list(place) for name, place in PLACES.items()},
        "objects": windows,
        "columns": {
            "culminations": [
                "norad_id",
                "place",
                "utc",
                "azimuth_deg",
                "elevation_deg",
                "range_km",
                "rate_zero_utc",
            ],
            "searches": ["norad_id", "place", "mask_deg", "above_at_start", "events"],
            "events": ["kind", "utc", "azimuth_deg", "range_km", "elevation_rate_deg_s"],
        },
    }
    write_json(
        HERE / "orekit_passes.json", head, {"culminations": culminations, "searches": searches}
    )


if __name__ == "__main__":
    main()
