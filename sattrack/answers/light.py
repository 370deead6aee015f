"""The light on passes, and which of them can be seen."""

from __future__ import annotations

from dataclasses import replace

from sattrack.answers.lunar import about_the_moon
from sattrack.answers.passes import PassesAnswer, PassesOf, first_of
from sattrack.catalog.magnitudes import standard_magnitude
from sattrack.errors import NoOrbitError
from sattrack.orbits.far import is_far
from sattrack.passes.visible import Conditions, find_light
from sattrack.tracking.ephemerides import bodies


def with_light(
    answer: PassesAnswer,
    conditions: Conditions,
    only_visible: bool = False,
    limit: int | None = None,
) -> PassesAnswer:
    """Return the answer with the light on each pass, all passes of a craft searched together.

    Of lunar orbiters and far bodies nothing is said, nor of passes in years for which the Sun is
    not known; those are named in a warning.

    Args:
        answer: what `passes_over` found.
        conditions: what counts as visible.
        only_visible: leave out passes that cannot be seen.
        limit: keep only the first passes of all that are left, this many.

    Raises:
        NoOrbitError: only visible passes were asked for, and the Sun is not known.
    """
    warnings = list(answer.warnings)
    results = []
    for result in answer.results:
        try:
            results.append(_lit(result, conditions))
        except NoOrbitError as error:
            if only_visible:
                raise
            warnings.append(f"{result.tracked.name}: the light on its passes is left out; {error}")
            results.append(result)
    if only_visible:
        results = [_seen(result) for result in results]
    lit = replace(
        answer,
        results=tuple(results),
        warnings=tuple(dict.fromkeys(warnings)),
        conditions=conditions,
        only_visible=only_visible,
    )
    return lit if limit is None else first_of(lit, limit)


def _lit(result: PassesOf, conditions: Conditions) -> PassesOf:
    if about_the_moon(result.tracked) is not None or is_far(result.tracked.orbit):
        return result
    magnitude = standard_magnitude(result.tracked.spacecraft)
    lights = find_light(
        result.tracked.orbit,
        result.place,
        result.passes,
        bodies(),
        conditions,
        None if magnitude is None else magnitude.value,
    )
    return replace(result, lights=lights, magnitude=magnitude)


def _seen(result: PassesOf) -> PassesOf:
    lights = result.lights or ()
    return result.only([k for k, light in enumerate(lights) if light.visible])
