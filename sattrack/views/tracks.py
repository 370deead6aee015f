"""Tracks as tables, in local time with its zone."""

from __future__ import annotations

import numpy as np

from sattrack.errors import printable
from sattrack.tracking.tracks import Frame, Track, TracksAnswer
from sattrack.views.passes import Screen, full_time, offset_text, tracked_line
from sattrack.views.tables import Column, table_text, wrapped

_FRAMES: dict[Frame, str] = {
    "gcrf": "GCRF, about the Earth",
    "itrf": "ITRF, turning with the Earth",
    "teme": "TEME, about the Earth",
    "moon-icrf": "ICRF, about the Moon",
    "moon-me": "mean-Earth frame, turning with the Moon",
}
# Three coordinates stand together or not at all.
_WIDE = 120


def tracks_text(answer: TracksAnswer, screen: Screen) -> str:
    """Return a table for each spacecraft."""
    window = f"{full_time(answer.span.start, screen.zone)} to "
    window += f"{full_time(answer.span.end, screen.zone)}, every {answer.step_s:g} s"
    blocks = [_block(track, answer, screen) for track in answer.results]
    return "\n".join(["\n".join(wrapped(window, screen.width)) + "\n", *blocks])


def _block(track: Track, answer: TracksAnswer, screen: Screen) -> str:
    title = f"{tracked_line(track.tracked, answer.span.end)}; {_FRAMES[track.frame]}"
    states = track.states
    # Whole seconds where all are; a shorter step shows its milliseconds.
    whole = all(time.microsecond == 0 for time in track.times)
    clock = "%Y-%m-%d %H:%M:%S" + ("" if whole else ".%f")
    times = [time.astimezone(screen.zone).strftime(clock) for time in track.times]
    times = times if whole else [text[:-3] for text in times]
    speed_km_s = np.sqrt(np.einsum("in,in->n", states.velocity_km_s, states.velocity_km_s))
    columns = [
        Column(f"Time ({offset_text(track.times[0], screen.zone)})", tuple(times)),
        *(_position_columns(track) if screen.width >= _WIDE else ()),
        Column("km/s", tuple(f"{value:.4f}" for value in speed_km_s.tolist()), True, 1),
        Column("Latitude", tuple(f"{v:.4f}°" for v in states.latitude_deg.tolist()), True),
        Column("Longitude", tuple(f"{v:.4f}°" for v in states.longitude_deg.tolist()), True),
        Column("Height", tuple(f"{v:,.2f} km" for v in states.height_km.tolist()), True),
    ]
    head = "\n".join(wrapped(printable(title), screen.width))
    return f"{head}\n\n{table_text(columns, screen.width, screen.bold)}"


def _position_columns(track: Track) -> list[Column]:
    axes = zip("XYZ", track.states.position_km.tolist(), strict=True)
    return [
        Column(f"{axis} km", tuple(f"{value:,.3f}" for value in values), True)
        for axis, values in axes
    ]
