"""Satellites and missions: where they are, when they pass, and what is known of them."""

__version__ = "0.1.0"
