"""Where what is known meets what is published: from names to orbits and places."""

from sattrack.tracking.orbits import Request, Tracked, cautions, requests_of, track
from sattrack.tracking.shelves import (
    ElementShelf,
    Shelf,
    embedded_elements,
    published_in,
)
from sattrack.tracking.tables import TableShelf
from sattrack.tracking.tracker import Found, Held, Tracker, place_of, places_of

__all__ = [
    "ElementShelf",
    "Found",
    "Held",
    "Request",
    "Shelf",
    "TableShelf",
    "Tracked",
    "Tracker",
    "cautions",
    "embedded_elements",
    "place_of",
    "places_of",
    "published_in",
    "requests_of",
    "track",
]
