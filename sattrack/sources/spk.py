"""SPK files: ephemerides as missions publish them, read with NAIF's own toolkit.

CSPICE evaluates the segments. Its Python wrapper, SpiceyPy, is an extra; only files that begin as
one of NAIF's ask for it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sattrack.elements import EARTH_NAIF_ID, MOON_NAIF_ID, StateTable
from sattrack.errors import InvalidInputError, RejectedDataError, printable

if TYPE_CHECKING:
    from sattrack.times.scale import FloatArray

INSTALL = "python -m pip install 'sattrack-missions[spk]'"

_BINARY, _OLD_BINARY, _TRANSFER = b"DAF/", b"NAIF/DAF", b"DAFETF"
_SPK = (b"DAF/SPK ", _OLD_BINARY)
_RECORD_BYTES, _WORD_BYTES = 1024, 8
_INERTIAL_CLASS = 1
_MOST_SUMMARIES = 25  # to a record of 1024 bytes
_J2000_JD, _DAY_S = 2451545.0, 86400.0
_GM_KM3_S2 = {MOON_NAIF_ID: 4902.8001, EARTH_NAIF_ID: 398600.4415}


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a segment of one type.

    Attributes:
        words: of which it consists.
        record: words of each record and its epoch; 0 where the last word but one says it.
        widest: the largest that the last word but one can be; 0 where it is no such number.
    """

    words: int
    record: int = 0
    widest: int = 0

    def fits(self, length: int, data_type: int, width: float, count: float) -> bool:
        """Tell whether a segment of `length` words can end with these two."""
        if self.widest and not (1.0 <= width <= self.widest and width.is_integer()):
            return False
        record = self.record or (4.0 * width + 12.0 if data_type == 21 else width)
        # Where every record has an epoch, that of every hundredth is repeated.
        rest = length - self.words - count * record
        spare = 0.0 if self.words == 4 else count // 100.0
        return count >= 1.0 and count.is_integer() and spare - 1.0 <= rest <= spare


# How segments end, by their type: *SPK Required Reading*. Most say in their last words how many
# records there are, and before that how long these are, or how wide the polynomials.
_ENDS = {
    1: _End(1, 72),
    2: _End(4, widest=198),
    3: _End(4, widest=198),
    5: _End(2, 7),
    8: _End(4, 6, widest=27),
    9: _End(2, 7, widest=27),
    12: _End(4, 6, widest=27),
    13: _End(2, 7, widest=27),
    21: _End(2, widest=25),
}
# Modified divided differences: how many there may be, or 0 where the segment says it.
_DIFFERENCES = {1: 15, 21: 0}
# As far apart as the craft goes in this angle where it is fastest: a minute for a low orbit about
# the Moon, whose mascons ask for it, and five for a geostationary one.
_STEP_RAD = 0.05
_LONGEST_STEP_S, _SHORTEST_STEP_S = 600.0, 1.0
_FEWEST_STATES, _MOST_STATES = 16, 1_000_000
_PROBES = 200
# In km, or km/s: beyond this nothing is a state.
_FARTHEST = 1e12
# A hundred thousand years: kernels of planets go back thirteen.
_EARLIEST_S = -3.2e12
# What is left of a segment when later ones have taken their part, and is shorter, is passed over.
_SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A segment of an SPK file.

    Attributes:
        target, centre: NAIF numbers of what is described, and of what positions count from.
        frame: of the axes, NAIF's name or number.
        data_type: of SPK.
        first_s, last_s: coverage, TDB seconds since J2000.
        inertial: whether the axes stand still among the stars.
        descriptor: as CSPICE packs all of that.
    """

    target: int
    centre: int
    frame: str
    data_type: int
    first_s: float
    last_s: float
    inertial: bool
    descriptor: FloatArray

    @property
    def fault(self) -> str:
        """Why its states cannot be used, or nothing."""
        if self.data_type not in _ENDS:
            known = ", ".join(map(str, _ENDS))
            return f"an SPK segment of type {self.data_type}; {known} are read"
        if self.centre not in _GM_KM3_S2:
            return f"states about body {self.centre}; 301 (Moon) or 399 (Earth) is read"
        if not self.inertial:
            return f"states in the frame {self.frame}, which turns; an inertial one is read"
        return ""


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """An SPK file.

    Attributes:
        document: its bytes.
        segments: in their order; a later one counts more than one before it.
        names: what NAIF calls the targets, where it does.
    """

    document: bytes
    segments: tuple[Segment, ...]
    names: dict[int, str]

    @property
    def targets(self) -> tuple[int, ...]:
        """The NAIF numbers of what it describes, in the order of first appearance."""
        return tuple(dict.fromkeys(segment.target for segment in self.segments))

    def fault(self, target: int) -> str:
        """Return why no state of a target can be used, or nothing."""
        faults = [segment.fault for segment in self.segments if segment.target == target]
        return faults[-1] if all(faults) else ""

    def tables(self, target: int, name: str, source: str) -> tuple[StateTable, ...]:
        """Return the states of one target, a table for each part of a segment that counts.

        Args:
            target: one of `targets`.
            name: what to call it.
            source: as `StateTable.source`.

        Raises:
            RejectedDataError: CSPICE cannot read them, or they are too many.
        """
        import numpy as np

        parts = _parts([segment for segment in self.segments if segment.target == target])
        with _opened(self.document) as handle:
            counts = [_count(handle, *part) for part in parts]
            if sum(counts) > _MOST_STATES:
                raise RejectedDataError(
                    f"{name}: {sum(counts):,} states are needed to follow it through the file; "
                    f"{_MOST_STATES:,} are read; cut it with NAIF's spkmerge"
                )
            return tuple(
                _table(handle, segment, np.linspace(first_s, last_s, count), name, source)
                for (segment, first_s, last_s), count in zip(parts, counts, strict=True)
            )


def is_kernel(document: bytes) -> bool:
    """Tell whether a document begins as a binary file of NAIF's, or its form for transfer."""
    return document.startswith((_BINARY, _OLD_BINARY, _TRANSFER))


def read_kernel(document: bytes) -> Kernel:
    """Read what segments an SPK file has.

    Raises:
        RejectedDataError: it is none, is cut short or damaged.
        InvalidInputError: the extra is not installed.
    """
    _check_whole(document)
    with _opened(document):
        segments = tuple(_segments(document))
        if not segments:
            raise RejectedDataError("an SPK file without a segment")
        names = {target: _name(target) for target in {segment.target for segment in segments}}
    return Kernel(document, segments, {number: name for number, name in names.items() if name})


def _check_whole(document: bytes) -> None:
    """Check the file record: CSPICE itself notices a missing end only where it is asked for.

    *DAF Required Reading*: the words in use are counted in the record, from byte 84.
    """
    if not document.startswith(_SPK):
        kind = printable(document[:8].decode("ascii", "replace").strip())
        if document.startswith(_TRANSFER):
            raise RejectedDataError("a transfer file; make it binary with NAIF's tobin")
        raise RejectedDataError(f"a {kind} file, not an SPK")
    if len(document) < _RECORD_BYTES:
        raise RejectedDataError(f"cut short: {len(document)} bytes are no SPK file")
    if struct.unpack_from(f"{_byte_order(document)}2i", document, 8) != (2, 6):
        raise RejectedDataError("damaged, or of a kind CSPICE cannot read: no SPK has such numbers")
    (free,) = struct.unpack_from(f"{_byte_order(document)}i", document, 84)
    whole = (free - 1) * _WORD_BYTES
    if len(document) < whole:
        raise RejectedDataError(f"cut short: {len(document):,} of {whole:,} bytes")


@contextmanager
def _opened(document: bytes) -> Iterator[int]:
    """Open a file in CSPICE, which wants a path, and a short one; return its handle."""
    try:
        import spiceypy
        from spiceypy.utils.exceptions import SpiceyError
    except ImportError:
        raise InvalidInputError(f"SPK files need an extra; run: {INSTALL}") from None
    with TemporaryDirectory(prefix="sattrack-") as folder:
        path = Path(folder) / "given.bsp"
        path.write_bytes(document)
        try:
            handle = spiceypy.dafopr(str(path))
            try:
                yield handle
            finally:
                spiceypy.dafcls(handle)
        except SpiceyError as error:
            said = getattr(error, "long", "") or getattr(error, "short", "") or type(error).__name__
            said = " ".join(said.replace(str(path), "of the user").split())
            raise RejectedDataError(f"damaged, or of a kind CSPICE cannot read: {said}") from None


def _segments(document: bytes) -> Iterator[Segment]:
    """Return the segments that the summary records tell of.

    They are read here: CSPICE trusts their links and counts, and damaged ones crash it or make it
    go round for ever (*DAF Required Reading*).
    """
    import numpy as np
    import spiceypy

    order, seen = _byte_order(document), set[int]()
    (record,) = struct.unpack_from(f"{order}i", document, 76)
    while record:
        start = (record - 1) * _RECORD_BYTES
        if record in seen or not 0 < start <= len(document) - _RECORD_BYTES:
            raise RejectedDataError("damaged: its list of segments has no end")
        seen.add(record)
        following, _, count = struct.unpack_from(f"{order}3d", document, start)
        if not (0.0 <= count <= _MOST_SUMMARIES and 0.0 <= following < len(document)):
            raise RejectedDataError("damaged: its list of segments has no end")
        for k in range(int(count)):
            summary = struct.unpack_from(f"{order}2d6i", document, start + 24 + k * 40)
            first_s, last_s, target, centre, frame, data_type, _, _ = summary
            if not (_EARLIEST_S < first_s <= last_s < -_EARLIEST_S):
                raise RejectedDataError("damaged: a segment ends before it begins")
            _check_end(document, summary)
            descriptor = np.frombuffer(struct.pack("=2d6i", *summary)).copy()
            name = spiceypy.frmnam(frame) or str(frame)
            yield Segment(
                target, centre, name, data_type, first_s, last_s, _stands(frame), descriptor
            )
        record = int(following)


def _stands(frame: int) -> bool:
    """Tell whether the axes of a frame stand still among the stars."""
    import spiceypy

    with spiceypy.no_found_check():
        _, frame_class, _, found = spiceypy.frinfo(frame)
    return bool(found) and frame_class == _INERTIAL_CLASS


def _check_end(document: bytes, summary: tuple[Any, ...]) -> None:
    """Check that a segment is as long as it says: CSPICE takes that for granted, and can crash."""
    import numpy as np

    _, last_s, _, _, _, data_type, first_word, last_word = summary
    inside = 0 < first_word < last_word <= len(document) // _WORD_BYTES
    end = _ENDS.get(data_type)
    if inside and end is not None:
        place = (last_word - 2) * _WORD_BYTES
        width, count = struct.unpack_from(f"{_byte_order(document)}2d", document, place)
        inside = end.fits(last_word - first_word + 1, data_type, width, count)
    if not inside:
        raise RejectedDataError("damaged: a segment is not as long as it says")
    if data_type in _DIFFERENCES:
        widest = _DIFFERENCES[data_type] or int(width)
        words = np.frombuffer(
            document,
            f"{_byte_order(document)}f8",
            last_word - first_word + 1,
            (first_word - 1) * _WORD_BYTES,
        )
        _check_differences(words, int(count), 4 * widest + 11, widest, last_s)


def _check_differences(
    words: FloatArray, count: int, length: int, widest: int, last_s: float
) -> None:
    """Check what CSPICE takes for subscripts: out of range they end the program.

    Each record ends with the orders of its differences: the largest, plus 1, and all three. Records
    are followed by the epochs at which they end, and every hundredth of these.
    """
    import numpy as np

    orders = words[: count * length].reshape(count, length)[:, -4:]
    epochs = words[count * length : count * (length + 1)]
    listed = epochs[99::100]
    directory = words[count * (length + 1) :][: len(listed)]
    largest = orders[:, 1:].max(axis=1)
    sound = (
        (orders >= 1.0).all()
        and (orders == np.floor(orders)).all()
        and (largest + 1.0 == orders[:, 0]).all()
        and (largest < widest).all()
        and (np.diff(epochs) > 0.0).all()
        and epochs[-1] >= last_s
        and np.array_equal(directory, listed)
    )
    if not sound:
        raise RejectedDataError("damaged: its records do not follow each other")


def _byte_order(document: bytes) -> str:
    return ">" if document[88:96] == b"BIG-IEEE" else "<"


def _name(target: int) -> str:
    import spiceypy

    with spiceypy.no_found_check():
        name, found = spiceypy.bodc2n(target)
    return name if found else ""


def _parts(segments: Sequence[Segment]) -> list[tuple[Segment, float, float]]:
    """Return which segment counts from when to when, in order of time: the later of two."""
    parts: list[tuple[Segment, float, float]] = []
    for segment in reversed(segments):
        if segment.fault:
            continue
        free_from = segment.first_s
        for _, first_s, last_s in sorted(parts, key=lambda part: part[1]):
            if first_s - free_from > 0.0 and free_from < segment.last_s:
                parts.append((segment, free_from, min(first_s, segment.last_s)))
            free_from = max(free_from, last_s)
        if free_from < segment.last_s:
            parts.append((segment, free_from, segment.last_s))
    kept = [part for part in parts if part[2] - part[1] >= _SHORTEST_S]
    return sorted(kept, key=lambda part: part[1])


def _states(handle: int, segment: Segment, seconds: FloatArray) -> FloatArray:
    """Return position, km, and velocity, km/s, with ICRF axes, shape `(6, n)`."""
    import numpy as np
    import spiceypy
    from spiceypy import cyice

    _, states, _ = cyice.spkpvn_v(handle, segment.descriptor, seconds)
    if not (np.abs(states) < _FARTHEST).all():
        raise RejectedDataError(f"damaged: a state of body {segment.target} is not a number")
    # What NAIF calls J2000 are the axes of the ICRF (*Frames Required Reading*).
    turn: Any = spiceypy.pxform(segment.frame, "J2000", 0.0)
    position, velocity = turn @ states[:, :3].T, turn @ states[:, 3:].T
    return np.concatenate([position, velocity])


def _count(handle: int, segment: Segment, first_s: float, last_s: float) -> int:
    """Return how many states, evenly apart, a part of a segment is read by."""
    import numpy as np

    probes = _states(handle, segment, np.linspace(first_s, last_s, _PROBES))
    gm = _GM_KM3_S2[segment.centre]
    # Of the ellipse or hyperbola at each: e^2 = 1 + 2 E h^2 / gm^2, and at its nearest, h / r^2.
    position, velocity = probes[:3], probes[3:]
    radius = np.linalg.norm(position, axis=0)
    swing = np.linalg.norm(np.cross(position, velocity, axis=0), axis=0)
    energy = (velocity**2).sum(axis=0) / 2.0 - gm / radius
    eccentricity = np.sqrt(np.maximum(0.0, 1.0 + 2.0 * energy * (swing / gm) ** 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        fastest = float((gm**2 * (1.0 + eccentricity) ** 2 / swing**3).max())
    # Nothing turns about the centre of a body, and what seems to is refused as a table.
    fastest = fastest if math.isfinite(fastest) else 0.0
    step_s = min(max(_STEP_RAD / max(fastest, 1e-9), _SHORTEST_STEP_S), _LONGEST_STEP_S)
    return max(math.ceil((last_s - first_s) / step_s) + 1, _FEWEST_STATES)


def _table(
    handle: int, segment: Segment, seconds: FloatArray, name: str, source: str
) -> StateTable:
    states = _states(handle, segment, seconds)
    days = math.floor(seconds[0] / _DAY_S)
    return StateTable(
        object_name=name,
        naif_id=segment.target,
        centre_naif_id=segment.centre,
        start_jd_tdb=_J2000_JD + days,
        seconds=seconds - days * _DAY_S,
        position_km=states[:3],
        velocity_km_s=states[3:],
        source=source,
    )
