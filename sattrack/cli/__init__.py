"""The command line: parse, call, print. Each command imports only what it needs."""

from sattrack.cli.main import main, program

__all__ = ["main", "program"]
