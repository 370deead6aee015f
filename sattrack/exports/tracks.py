"""Tracks for other programs: `sattrack/track/1`, CSV, and CCSDS Orbit Ephemeris Messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sattrack.exports.csv import rows_text
from sattrack.exports.json import Document, tracked_document
from sattrack.formats.oem import Segment, write_oem
from sattrack.times import iso_utc
from sattrack.tracking.tracks import Frame, Track, TracksAnswer

TRACK_COLUMNS = (
    "spacecraft_id",
    "norad_id",
    "name",
    "frame",
    "center",
    "time",
    "position_x_km",
    "position_y_km",
    "position_z_km",
    "velocity_x_km_s",
    "velocity_y_km_s",
    "velocity_z_km_s",
    "latitude_deg",
    "longitude_deg",
    "height_km",
    "orbit_kind",
    "orbit_source",
    "orbit_epoch",
    "nominal",
)
# Digits as in other documents: a millimetre, a micrometre a second, 0.1 m on the ground.
_DISTANCE_DIGITS, _SPEED_DIGITS, _ANGLE_DIGITS = 6, 9, 6
# The realisation of the ITRF that finals2000A refers to.
_OEM_FRAMES: dict[Frame, str] = {
    "gcrf": "GCRF",
    "itrf": "ITRF2020",
    "teme": "TEME",
    "moon-icrf": "ICRF",
    "moon-me": "MOON_ME",
}


def tracks_document(answer: TracksAnswer, generated_at: datetime) -> Document:
    """Return `sattrack/track/1`."""
    return {
        "schema": "sattrack/track/1",
        "generated_at": iso_utc(generated_at),
        "request": {
            "start": iso_utc(answer.span.start),
            "end": iso_utc(answer.span.end),
            "step_s": answer.step_s,
            "frame": answer.frame,
        },
        "results": [
            {
                **tracked_document(track.tracked),
                "frame": track.frame,
                "center": track.centre,
                "samples": list(_samples(track)),
            }
            for track in answer.results
        ],
        "warnings": list(answer.warnings),
    }


def _samples(track: Track) -> Iterator[Document]:
    states = track.states
    rows = zip(
        track.times,
        states.position_km.T.round(_DISTANCE_DIGITS).tolist(),
        states.velocity_km_s.T.round(_SPEED_DIGITS).tolist(),
        states.latitude_deg.round(_ANGLE_DIGITS).tolist(),
        states.longitude_deg.round(_ANGLE_DIGITS).tolist(),
        states.height_km.round(_DISTANCE_DIGITS).tolist(),
        strict=True,
    )
    for time, position_km, velocity_km_s, latitude_deg, longitude_deg, height_km in rows:
        yield {
            "time": iso_utc(time),
            "position_km": position_km,
            "velocity_km_s": velocity_km_s,
            "latitude_deg": latitude_deg,
            "longitude_deg": longitude_deg,
            "height_km": height_km,
        }


def tracks_csv(document: Document) -> str:
    """Return the samples of a `sattrack/track/1` document, a row each."""
    return rows_text(TRACK_COLUMNS, _rows(document))


def _rows(document: Document) -> Iterator[Document]:
    for result in document["results"]:
        craft, orbit = result["spacecraft"], result["orbit"]
        same = {
            "spacecraft_id": craft["id"],
            "norad_id": craft["norad_id"],
            "name": craft["name"],
            "frame": result["frame"],
            "center": result["center"],
            "orbit_kind": orbit["kind"],
            "orbit_source": orbit["source"],
            "orbit_epoch": orbit["epoch"],
            "nominal": orbit["nominal"],
        }
        for sample in result["samples"]:
            row = {**same, **sample}
            for name, unit in (("position", "km"), ("velocity", "km_s")):
                for axis, value in zip("xyz", sample[f"{name}_{unit}"], strict=True):
                    row[f"{name}_{axis}_{unit}"] = value
            yield row


def tracks_oem(answer: TracksAnswer, generated_at: datetime) -> str:
    """Return one message with a segment for each spacecraft, in UTC and without rounding."""
    return write_oem([_segment(track) for track in answer.results], generated_at)


def _segment(track: Track) -> Segment:
    craft = track.tracked.spacecraft
    numbers = (craft.cospar_id, craft.norad_id, craft.naif_id)
    return Segment(
        object_name="".join(c if c.isprintable() else " " for c in craft.name),
        object_id=next((str(number) for number in numbers if number), "UNKNOWN"),
        centre=track.centre.upper(),
        frame=_OEM_FRAMES[track.frame],
        time_system="UTC",
        epochs=tuple(_epoch(time) for time in track.times),
        position_km=track.states.position_km,
        velocity_km_s=track.states.velocity_km_s,
    )


def _epoch(time: datetime) -> str:
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
