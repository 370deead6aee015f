"""`sattrack update` in a process of its own, at any hour: python cron.py 2026-11-24T04:00Z …"""

from __future__ import annotations

import sys

import time_machine

from sattrack.cli.main import run

if __name__ == "__main__":
    with time_machine.travel(sys.argv[1], tick=True):
        sys.exit(run(["update", *sys.argv[2:]]))
