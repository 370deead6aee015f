"""The stand-ins of the publishers."""

from standin.fixtures import celestrak, horizons, spacetrack

__all__ = ["celestrak", "horizons", "spacetrack"]
