"""Fuzz the parsers, guided by coverage; docs/fuzzing.md says how to run it.

    python tests/fuzz/fuzz_formats.py CORPUS [options of libFuzzer]

A document may be refused, but only by an error of our own, in one printable line. What is read from
it is an orbit, and is read again from each form that it can be written in.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["sattrack"]):
    from sattrack.elements import ElementSet, check_element_set
    from sattrack.errors import RejectedDataError
    from sattrack.formats import WRITTEN_FORMS, read_element_sets, tle, write_element_sets

EXCERPTS = Path(__file__).parents[1] / "formats" / "data"
CREATED = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def try_document(document: bytes) -> None:
    complaint = ""
    try:
        reading = read_element_sets(document)
    except RejectedDataError as error:
        complaint = str(error)
    if complaint:
        assert complaint.isprintable(), complaint
        return
    assert reading.sets or reading.rejects
    assert all(str(reject).isprintable() for reject in reading.rejects), reading.rejects
    for elements in reading.sets:
        check_element_set(elements)
    # One form for each input: all of them would take seven times as long.
    check_writing(reading.sets, WRITTEN_FORMS[len(document) % len(WRITTEN_FORMS)])


def check_writing(sets: tuple[ElementSet, ...], form: str) -> None:
    writing = write_element_sets(sets, form, CREATED)
    assert writing.written + len(writing.rejects) == len(sets)
    assert all(str(reject).isprintable() for reject in writing.rejects), writing.rejects
    if not writing.written:
        return
    again = read_element_sets(writing.text.encode())
    assert again.form == ("tle" if form in ("2le", "3le") else form)
    assert not again.rejects, again.rejects
    refused = {int(reject.norad_id) for reject in writing.rejects}
    # Sets that rounding makes the same count once.
    expected: dict[tuple[int, datetime], ElementSet] = {}
    for given in sets:
        if given.norad_id not in refused:
            elements = held(given, form)
            expected.setdefault((elements.norad_id, elements.epoch), elements)
    found = [elements for elements in again.sets if elements.norad_id not in refused]
    assert found == list(expected.values())


def held(elements: ElementSet, form: str) -> ElementSet:
    """Return what a form holds of a set that it does not refuse."""
    if form.startswith("omm"):
        return elements
    return tle.nearest(replace(elements, name="") if form == "2le" else elements)


def plant(corpus: Path) -> None:
    """Put the excerpts there, whole and one set at a time, in every form."""
    corpus.mkdir(parents=True, exist_ok=True)
    for path in sorted(EXCERPTS.glob("gp_excerpt.*")):
        document = path.read_bytes()
        (corpus / path.name).write_bytes(document)
        for number, elements in enumerate(read_element_sets(document).sets):
            for form in WRITTEN_FORMS:
                text = write_element_sets([elements], form, CREATED).text
                (corpus / f"{path.suffix[1:]}_{number}.{form}").write_text(text, newline="")


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    plant(Path(sys.argv[1]))
    words = Path(sys.argv[1]).with_suffix(".dict")
    words.write_text("".join(f'"{word}"\n' for word in sorted(vocabulary())))
    atheris.Setup([*sys.argv, f"-dict={words}"], try_document)
    atheris.Fuzz()


def vocabulary() -> set[str]:
    """Return the words of the excerpts in every form, for libFuzzer to put in."""
    from sattrack.formats.omm import UNDERSTOOD, UNITS

    ours = {"CCSDS_OMM_VERS", "COMMENT", "<omm>", "</omm>", "<ndm>", "UNKNOWN", "units=", "360.0"}
    ours |= {"A0000", "Z9999", "+0", "-9", "e-300", "e300", "nan", "inf", "2057", "1956", "T23:59"}
    return ours | UNDERSTOOD | set(UNITS.values())


if __name__ == "__main__":
    main()
