"""CSV: one row per pass or position, the names of the JSON keys flattened.

Numbers are those of the JSON document, digit for digit. A cell of text that a spreadsheet would run
as a formula begins with an apostrophe instead; cells are empty where JSON has null.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sattrack.exports.json import Document
from sattrack.exports.light import LIGHT_COLUMNS, light_row

PASSES_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "place",
    "rise_time",
    "rise_azimuth_deg",
    "rise_range_km",
    "culmination_time",
    "culmination_azimuth_deg",
    "culmination_elevation_deg",
    "culmination_range_km",
    "set_time",
    "set_azimuth_deg",
    "set_range_km",
    "duration_s",
    "open_start",
    "open_end",
    "timing_uncertainty_s",
    "begins",
    "ends",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "nominal",
    "frequency_mhz",
    "rise_doppler_hz",
    "culmination_doppler_hz",
    "set_doppler_hz",
    *LIGHT_COLUMNS,
)
POSITION_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "place",
    "time",
    "latitude_deg",
    "longitude_deg",
    "height_km",
    "position_x_km",
    "position_y_km",
    "position_z_km",
    "velocity_x_km_s",
    "velocity_y_km_s",
    "velocity_z_km_s",
    "azimuth_deg",
    "elevation_deg",
    "range_km",
    "range_rate_km_s",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "nominal",
    "moon_latitude_deg",
    "moon_longitude_deg",
    "moon_height_km",
    "moon_orbit_number",
    "moon_orbit_number_since",
    "moon_illumination",
    "moon_earth_distance_km",
    "signal_light_time_s",
    "signal_hidden_by_moon",
    "signal_moon_centre_deg",
)

# What spreadsheets take for the start of a formula (OWASP, CSV Injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Return text that no spreadsheet will run; control characters become spaces."""
    if text.startswith(_FORMULA_STARTS):
        text = "'" + text
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def rows_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows as CSV with a header, lines ending in CRLF (RFC 4180)."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return stream.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return guarded(value)
    return repr(value)


def passes_csv(document: Document) -> str:
    """Return the passes of a `sattrack/passes/1` document, in order of time."""
    rows = [
        {**_whose(result), **_pass_row(pass_)}
        for result in document["results"]
        for pass_ in result["passes"]
    ]
    start = document["request"]["start"]
    rows.sort(key=lambda row: row.get("rise_time") or start)
    return rows_text(PASSES_COLUMNS, rows)


_PLAIN_KEYS = ("duration_s", "open_start", "open_end", "timing_uncertainty_s", "begins", "ends")


def _pass_row(pass_: Document) -> Document:
    row: Document = {key: pass_.get(key) for key in _PLAIN_KEYS} | light_row(pass_.get("light"))
    for event in ("rise", "culmination", "set"):
        for key, value in (pass_[event] or {}).items():
            row[f"{event}_{key}"] = value
    # A row has room for one frequency: the first.
    for shift in pass_.get("doppler", ())[:1]:
        row["frequency_mhz"] = shift["frequency_mhz"]
        for event in ("rise", "culmination", "set"):
            row[f"{event}_doppler_hz"] = shift[f"{event}_hz"]
    return row


def position_csv(document: Document) -> str:
    """Return the positions of a `sattrack/position/1` document."""
    return rows_text(
        POSITION_COLUMNS,
        [{**_whose(result), **_position_row(result)} for result in document["results"]],
    )


def _position_row(result: Document) -> Document:
    row = {
        key: value for key, value in result.items() if key in POSITION_COLUMNS and key != "place"
    }
    for axis, position_km, velocity_km_s in zip(
        "xyz", result["position_km"], result["velocity_km_s"], strict=True
    ):
        row[f"position_{axis}_km"] = position_km
        row[f"velocity_{axis}_km_s"] = velocity_km_s
    for part in ("moon", "signal"):
        row |= {f"{part}_{key}": value for key, value in result.get(part, {}).items()}
    return row


def _whose(result: Document) -> Document:
    orbit = result["orbit"]
    return {
        "spacecraft_id": result["spacecraft"]["id"],
        "norad_id": result["spacecraft"]["norad_id"],
        "name": result["spacecraft"]["name"],
        "place": result["place"]["name"] if "place" in result else None,
        "orbit_kind": orbit["kind"],
        "orbit_source": orbit["source"],
        "orbit_epoch": orbit["epoch"],
        "nominal": orbit["nominal"],
    }
