"""What flies, and what listens: missions, spacecraft, instruments, stations, planned ones too."""

from sattrack.catalog.catalog import Catalog
from sattrack.catalog.entries import (
    KINDS,
    Downlink,
    Entry,
    Fact,
    FieldOfRegard,
    GroundSample,
    Group,
    Instrument,
    Launch,
    Milestone,
    Mission,
    OrbitData,
    PrnAssignment,
    Regime,
    Region,
    Scan,
    Source,
    Spacecraft,
    Station,
    kind_of,
)
from sattrack.catalog.faults import CatalogError, Fault
from sattrack.catalog.names import catalog_number
from sattrack.catalog.reading import catalog_fingerprint, catalog_root, read_catalog

__all__ = [
    "KINDS",
    "Catalog",
    "CatalogError",
    "Downlink",
    "Entry",
    "Fact",
    "Fault",
    "FieldOfRegard",
    "GroundSample",
    "Group",
    "Instrument",
    "Launch",
    "Milestone",
    "Mission",
    "OrbitData",
    "PrnAssignment",
    "Regime",
    "Region",
    "Scan",
    "Source",
    "Spacecraft",
    "Station",
    "catalog_fingerprint",
    "catalog_number",
    "catalog_root",
    "kind_of",
    "read_catalog",
]
