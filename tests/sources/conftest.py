"""The stand-ins of the publishers."""

from standin.fixtures import celestrak, spacetrack

__all__ = ["celestrak", "spacetrack"]
