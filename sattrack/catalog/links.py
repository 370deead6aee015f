"""Frequencies as people write them."""

from __future__ import annotations

import math
import re

from sattrack.catalog.entries import Downlink, Source
from sattrack.errors import InvalidInputError, quoted

_FREQUENCY = re.compile(
    r"(?P<size>\d+(?:\.\d*)?|\.\d+) ?(?P<unit>[kmg]?hz)", re.ASCII | re.IGNORECASE
)
_MHZ = {"hz": 1e-6, "khz": 1e-3, "mhz": 1.0, "ghz": 1e3}
_HIGHEST_MHZ = 300_000.0


def read_frequency_mhz(text: str) -> float:
    """Return the frequency that somebody wrote: `437.5MHz`, `8.475 GHz`.

    Raises:
        InvalidInputError: `text` is no radio frequency.
    """
    match = _FREQUENCY.fullmatch(text.strip())
    size = math.nan if match is None else float(match["size"]) * _MHZ[match["unit"].lower()]
    if not 0.0 < size <= _HIGHEST_MHZ:
        raise InvalidInputError(
            f"cannot read the frequency {quoted(text)}: write for instance 437.5MHz, up to 300 GHz"
        )
    return size


def given_link(text: str) -> Downlink:
    """Return the downlink on a frequency that the user gives; see `read_frequency_mhz`."""
    mhz = read_frequency_mhz(text)
    return Downlink(f"{mhz:.10g} MHz", mhz, Source("given on the command line"))
