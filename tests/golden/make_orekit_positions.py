"""Write orekit_positions.json: where Orekit's SGP4 and frames put each spacecraft.

    python make_orekit_positions.py

For requirements, and for the two frames called ITRF, see orekit_scene.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import degrees
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

# From the whole second of the epoch. Fractions of a day that fit no period, and both signs.
DAYS = (-5.0, -2.71828, -1.0, -0.3, 0.0, 0.07, 0.5, 1.41421, 2.0, 3.14159, 5.0)
DECAYING = 46359
SEEN_FROM = ("seoul", "mcmurdo")

COLUMNS = [
    "norad_id",
    "utc",
    *(f"teme_{name}" for name in ("x_km", "y_km", "z_km", "vx_km_s", "vy_km_s", "vz_km_s")),
    *(f"itrf_{name}" for name in ("x_km", "y_km", "z_km", "vx_km_s", "vy_km_s", "vz_km_s")),
    *(f"gcrf_{name}" for name in ("x_km", "y_km", "z_km", "vx_km_s", "vy_km_s", "vz_km_s")),
    *(f"itrf_default_{name}" for name in ("x_km", "y_km", "z_km")),
    *(f"gcrf_default_{name}" for name in ("x_km", "y_km", "z_km")),
    *(
        f"{place}_{name}"
        for place in SEEN_FROM
        for name in ("azimuth_deg", "elevation_deg", "range_km")
    ),
]


def numbers(pv: Any, velocity: bool = True) -> list[float]:
    position = [round(value / 1000.0, 6) for value in pv.getPosition().toArray()]
    if not velocity:
        return position
    return position + [round(value / 1000.0, 9) for value in pv.getVelocity().toArray()]


def main() -> None:
    start_orekit()
    scene = Scene()
    sites = {place: scene.topocentric(place) for place in SEEN_FROM}
    rows = []
    for _, first, second in element_sets():
        number = int(second[2:7])
        orbit = propagator(first, second, scene.teme)
        stock = propagator(first, second)
        epoch = datetime.fromisoformat(scene.iso(orbit.getTLE().getDate())).replace(microsecond=0)
        for days in DAYS:
            # The decaying one would have entered the atmosphere within five days.
            step = days / 5.0 if number == DECAYING else days
            instant = epoch + timedelta(seconds=round(step * 86400.0))
            date = scene.date(instant)
            teme = orbit.getPVCoordinates(date, scene.teme)
            itrf = orbit.getPVCoordinates(date, scene.itrf)
            # The place on the turning Earth is the same; take it to the sky by IERS 2010.
            to_sky = scene.itrf_default.getTransformTo(scene.gcrf, date)
            row = [number, f"{instant:%Y-%m-%dT%H:%M:%SZ}", *numbers(teme), *numbers(itrf)]
            row += numbers(to_sky.transformPVCoordinates(itrf))
            row += numbers(stock.getPVCoordinates(date, scene.itrf_default), velocity=False)
            row += numbers(stock.getPVCoordinates(date, scene.gcrf), velocity=False)
            position = itrf.getPosition()
            for site in sites.values():
                look = site.getTrackingCoordinates(position, scene.itrf, date)
                row += [
                    round(degrees(look.getAzimuth()), 7),
                    round(degrees(look.getElevation()), 7),
                    round(look.getRange() / 1000.0, 6),
                ]
            rows.append(row)
    head = {
        "made_by": made_by("make_orekit_positions.py"),
        "frames": {
            "teme": "true equator, mean equinox: Orekit's SGP4 itself",
            "itrf": "classic: TEME turned by GMST 1982 at UT1, and polar motion",
            "gcrf": "itrf taken to GCRF by IERS 2010 (nutation 2000A_R06, with dX, dY)",
            "itrf_default": "TEME to GCRF by IAU 1976/1980, and from there to ITRF by IERS 2010",
            "gcrf_default": "TEME to GCRF by IAU 1976/1980 without celestial pole offsets",
            "topocentric": "of itrf; geodetic vertical, no refraction, no light time",
        },
        "places": {place: PLACES[place] for place in SEEN_FROM},
        "columns": COLUMNS,
    }
    write_json(HERE / "orekit_positions.json", head, {"rows": rows})
    print(len(rows), "rows")


if __name__ == "__main__":
    main()
