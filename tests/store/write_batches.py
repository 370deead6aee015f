"""Add batches of sets to a store and say so after each: run by the tests, which may kill it.

Usage: write_batches.py PATH SOURCE FIRST COUNT SIZE
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from store.samples import MORNING, batch

from sattrack.store import Fetch, Store


def main() -> None:
    path, source = Path(sys.argv[1]), sys.argv[2]
    first, count, size = map(int, sys.argv[3:])
    print("ready", flush=True)
    sys.stdin.readline()
    with Store.open(path) as store:
        for number in range(first, first + count):
            added = store.add(batch(number, source, size), b"%d " % number * 10_000)
            store.log_fetch(Fetch(source, "*", MORNING, "new", new=len(added.new)))
            print(number, *store.notices, flush=True)


if __name__ == "__main__":
    main()
