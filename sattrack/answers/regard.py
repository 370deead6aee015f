"""Which instruments see which places, and when: those that look at one part of the Earth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sattrack.catalog import FieldOfRegard, GroundSample, Instrument, Scan, Spacecraft
from sattrack.coverage.outline import Outline
from sattrack.coverage.regard import Regard, off_slot_deg, regard
from sattrack.places import Place
from sattrack.times import Span
from sattrack.tracking import Tracked, cautions
from sattrack.tracking.ephemerides import bodies
from sattrack.tracking.sensors import Sensors

# Why no size of a pixel is better than that, whatever it is derived from.
SCALED = "scaled from the size at a point of reference by range and slant"
# Craft are kept closer to their slots than this.
_OFF_SLOT_DEG = 0.5


@dataclass(frozen=True, slots=True)
class RegardOf:
    """How one instrument sees one place."""

    tracked: Tracked
    instrument: Instrument
    place: Place
    regard: Regard

    @property
    def field(self) -> FieldOfRegard:
        """Its field of regard, as the catalog states it."""
        return _field(self.instrument)

    @property
    def sample(self) -> GroundSample | None:
        """The size of its pixel, as the catalog states it."""
        return self.instrument.ground_sample

    @property
    def scan(self) -> Scan | None:
        """When it scans, as the catalog states it."""
        return self.instrument.scan

    @property
    def sample_approximate(self) -> str:
        """Why the size of the pixel at the place is approximate."""
        stated = "" if self.sample is None else self.sample.approximate
        return f"{SCALED}; {stated}" if stated else SCALED

    @property
    def about_scans(self) -> int | None:
        """How many scans observe the place: counted, or by the length of daylight; None for none.

        Without daylight, and where the catalog does not say how often it scans, there are none.
        """
        if self.regard.scans is not None:
            return len(self.regard.scans)
        if self.scan is None or self.regard.verdict != "inside":
            return None
        every_s = 60.0 * self.scan.every_min
        return sum(int(stretch.duration_s / every_s) for stretch in self.regard.daylight)


@dataclass(frozen=True, slots=True)
class RegardAnswer:
    """The answer of `sattrack coverage` for fields of regard."""

    span: Span
    results: tuple[RegardOf, ...]
    warnings: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every orbit reached to the end of the window."""
        return all(result.regard.ending is None for result in self.results)

    def by_place(self) -> list[tuple[Place, list[RegardOf]]]:
        """Return the results of each place."""
        places: dict[Place, list[RegardOf]] = {}
        for result in self.results:
            places.setdefault(result.place, []).append(result)
        return list(places.items())


@dataclass(frozen=True, slots=True)
class FieldOf:
    """The field of regard of one instrument, to be drawn."""

    spacecraft: Spacecraft
    instrument: Instrument

    @property
    def field(self) -> FieldOfRegard:
        """As the catalog states it."""
        return _field(self.instrument)

    @property
    def outline(self) -> Outline:
        """Its geometry."""
        return Outline(self.field.outline_deg)

    @property
    def nominal(self) -> bool:
        """Whether the craft is planned, and its orbit nominal."""
        return self.spacecraft.orbit_data == "nominal"


def fields_of(sensors: Sensors) -> tuple[FieldOf, ...]:
    """Return the fields of regard of instruments."""
    return tuple(
        FieldOf(sensor.spacecraft, sensor.stated_by)
        for sensor in sensors.sensors
        if isinstance(sensor.stated_by, Instrument)
    )


def regards_of(
    sensors: Sensors, tracked: Sequence[Tracked], places: Sequence[Place], span: Span
) -> RegardAnswer:
    """Tell which instruments see which places, at which angles, and which scans observe them.

    Args:
        sensors: with fields of regard.
        tracked: their spacecraft with their orbits; instruments of others are left out.
        places: on the ground.
        span: the window.

    Raises:
        NoOrbitError: an orbit does not work at the start of the window.
    """
    orbits = {item.spacecraft.id: item for item in tracked}
    results = tuple(
        RegardOf(
            replace(orbits[one.spacecraft.id], via=one.instrument),
            one.instrument,
            place,
            regard(
                orbits[one.spacecraft.id].orbit,
                place,
                span,
                one.field,
                bodies(),
                one.instrument.scan,
                one.instrument.ground_sample,
                one.spacecraft.slot_longitude_deg,
            ),
        )
        for place in places
        for one in fields_of(sensors)
        if one.spacecraft.id in orbits
    )
    endings = [str(one.regard.ending) for one in results if one.regard.ending is not None]
    warnings = (
        *cautions(tracked, span),
        *_off_slots(results),
        *dict.fromkeys(endings),
        *blind_warning(sensors),
    )
    return RegardAnswer(span, results, warnings)


def _off_slots(results: Sequence[RegardOf]) -> tuple[str, ...]:
    """Return a warning for each craft that its elements put away from its slot."""
    warnings: dict[str, str] = {}
    for result in results:
        craft, slot_deg = result.tracked.spacecraft, result.tracked.spacecraft.slot_longitude_deg
        if slot_deg is None or craft.id in warnings:
            continue
        away_deg = off_slot_deg(result.tracked.orbit, result.regard.span, slot_deg)
        if away_deg > _OFF_SLOT_DEG:
            warnings[craft.id] = (
                f"its elements put {craft.name} up to {away_deg:.1f} degrees from its slot; "
                "angles are off by as much unless it moved; run: sattrack update"
            )
    return tuple(warnings.values())


def blind_warning(sensors: Sensors) -> tuple[str, ...]:
    """Return what is to be said of those whose sensors the catalog does not describe."""
    if not sensors.blind:
        return ()
    return (f"the catalog does not say what {', '.join(sensors.blind)} can see",)


def _field(instrument: Instrument) -> FieldOfRegard:
    assert instrument.field_of_regard is not None
    return instrument.field_of_regard
