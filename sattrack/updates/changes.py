"""What happened to spacecraft: renamed, manoeuvred, come down, or simply gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import numpy as np

from sattrack.catalog import Spacecraft
from sattrack.elements import ElementSet, Published
from sattrack.errors import NoOrbitError
from sattrack.orbits import Sgp4
from sattrack.orbits.manoeuvres import Manoeuvre, find_breaks, find_manoeuvres
from sattrack.sources.web import utc_text
from sattrack.store import Rename, Store
from sattrack.times.scale import Clock
from sattrack.updates.report import Change

# How much successive sets of an object usually differ is measured on its last two months.
_HISTORY = timedelta(days=60)


def renaming(rename: Rename) -> Change:
    """Return what a publisher now calls an object that it called otherwise before."""
    old, new = rename.before, rename.after
    text = f"{old.name or 'no name'} → {new.name}"
    if old.name == new.name:
        text = f"designator {old.cospar_id or 'none'} → {new.cospar_id}"
    return Change("renamed", new.norad_id, new.name, text)


def manoeuvres_shown_by(
    new: Iterable[Published], store: Store, craft: Mapping[int, Spacecraft]
) -> list[Change]:
    """Return the manoeuvres of known spacecraft that end at one of the `new` element sets.

    Where a set does not fit the one before by more than one push explains, that is said instead.
    """
    epochs: dict[tuple[int, str], set[datetime]] = {}
    for item in new:
        if item.elements.norad_id in craft:
            key = (item.elements.norad_id, item.source)
            epochs.setdefault(key, set()).add(item.elements.epoch)
    found = []
    for (number, source), ends in epochs.items():
        since = min(ends) - _HISTORY
        sets = [
            held.elements
            for held in store.history(number)
            # Two publishers fit their sets to different measurements; a difference is no push.
            if held.source == source and held.elements.epoch >= since
        ]
        breaks = find_breaks(sets)
        name = craft[number].name
        found += [
            Change("inconsistent", number, name, str(item))
            for item in breaks
            if item.before in ends
        ]
        found += [
            Change("manoeuvre", number, name, _pushes(manoeuvre), manoeuvre)
            for manoeuvre in find_manoeuvres(sets)
            if manoeuvre.before in ends and not any(item.spoils(manoeuvre) for item in breaks)
        ]
    return found


def _pushes(manoeuvre: Manoeuvre) -> str:
    return (
        f"{manoeuvre.tangential_m_s:+.2f} m/s along and {manoeuvre.normal_m_s:.2f} m/s across the "
        f"track, between {utc_text(manoeuvre.after)} and {utc_text(manoeuvre.before)}"
    )


def disappearance(elements: ElementSet, name: str, now: datetime, group: str = "") -> Change:
    """Return what became of an object that its publisher no longer offers, or not in a group."""
    decay = decay_of(elements, now)
    if decay:
        return Change("decayed", elements.norad_id, name, decay)
    where = f"in {group}, " if group else ""
    return Change("no longer offered", elements.norad_id, name, f"{where}since {utc_text(now)}")


def decay_of(elements: ElementSet, now: datetime) -> str:
    """Return how the object came down by these elements, or nothing when it still flies by them."""
    seconds = np.array([(now - elements.epoch).total_seconds()])
    try:
        Sgp4(elements).itrf(Clock(elements.epoch), seconds)
    except NoOrbitError as error:
        return str(error)
    return ""
