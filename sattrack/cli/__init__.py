"""The command line: parse, call, print. Each command imports only what it needs."""

from sattrack.cli.main import app, main

__all__ = ["app", "main"]
