"""The stand-ins of the publishers, and a home for each test."""

from standin.fixtures import celestrak, filled, horizons, kept, scene, spacetrack

__all__ = ["celestrak", "filled", "horizons", "kept", "scene", "spacetrack"]
