"""Write `data/m001.sql`, the file of the first release as text: `python make_first_release.py`.

Made once, with the program of that release, and never again: later migrations start from it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from samples import HOUR, MORNING, iss

from sattrack.store import Fetch, Store

FIRST_RELEASE = Path(__file__).parent / "data" / "m001.sql"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        with Store.open(path) as store:
            store.add([iss(0, name="OBJECT A"), iss(0, norad_id=900_000_001)], b"first document")
            store.add([iss(1, retrieved_h=1), iss(1, "file", 2)], b"second document")
            store.mark_not_offered(43823, "celestrak", MORNING)
            store.log_fetch(Fetch("celestrak", "*", MORNING, "refused", "403", MORNING + 2 * HOUR))
        connection = sqlite3.connect(path)
        numbers = [
            f"PRAGMA {name} = {connection.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        FIRST_RELEASE.write_text("\n".join([*numbers, *connection.iterdump(), ""]))
        connection.close()


if __name__ == "__main__":
    main()
