"""OEM in keyword = value notation: CCSDS 502.0-B-3, section 5.2 and 7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sattrack.errors import RejectedDataError, quoted
from sattrack.formats.oem import FIRST, HEADER, METADATA, VERSION, RawSegment, Segment, metadata_of


def recognises(text: str) -> bool:
    """Tell whether the first line that says anything begins an OEM."""
    first = next(_lines(text), (0, ""))
    return first[1].startswith(FIRST)


def read(text: str) -> tuple[str, list[RawSegment]]:
    """Return the version and the segments.

    Raises:
        RejectedDataError: a line is none of an OEM.
    """
    lines = _lines(text)
    version = next(lines)[1].partition("=")[2].strip()
    segments: list[RawSegment] = []
    inside = ""
    for number, line in lines:
        if inside == "COVARIANCE":
            inside = "" if line == "COVARIANCE_STOP" else inside
        elif line == "META_START" and not inside:
            segments.append(RawSegment(number, {}, []))
            inside = "META"
        elif line == "META_STOP" and inside == "META":
            inside = ""
        elif line == "COVARIANCE_START" and segments and not inside:
            inside = "COVARIANCE"
        elif inside == "META":
            _add_entry(segments[-1].metadata, METADATA, number, line)
        elif segments:
            epoch, *numbers = line.split()
            segments[-1].states.append((number, epoch, numbers))
        else:
            _add_entry({}, HEADER, number, line)
    if inside:
        raise RejectedDataError(f"the OEM is cut short: {inside}_STOP is missing")
    return version, segments


def _add_entry(entries: dict[str, str], known: Sequence[str], number: int, line: str) -> None:
    keyword, equals, value = line.partition("=")
    keyword = keyword.strip()
    if not equals or keyword not in known:
        raise RejectedDataError(f"line {number}: {quoted(line)} does not belong there")
    if keyword in entries:
        raise RejectedDataError(f"line {number}: {keyword} is written twice")
    entries[keyword] = value.strip()


def write(header: Mapping[str, str], segments: Sequence[Segment]) -> str:
    """Return the message."""
    lines = [f"{FIRST} = {VERSION}", *_entries(header)]
    for segment in segments:
        lines += ["", "META_START", *_entries(metadata_of(segment)), "META_STOP", ""]
        states = zip(*segment.position_km.tolist(), *segment.velocity_km_s.tolist(), strict=True)
        for epoch, state in zip(segment.epochs, states, strict=True):
            lines.append(f"{epoch} {' '.join(map(repr, state))}")
    return "\n".join(lines) + "\n"


def _entries(values: Mapping[str, str]) -> Iterator[str]:
    return (f"{keyword} = {value}" for keyword, value in values.items())


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Return number and text of the lines that are neither empty nor comments."""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if line and line.split(maxsplit=1)[0] != "COMMENT":
            yield number, line
