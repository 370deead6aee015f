"""Cold start: whole processes, beside the bare imports that every such program pays.

    python benchmarks/startup.py

Commands and imports take turns, so that both meet the same machine; the ratio of medians counts.
The index of the catalog is in the cache, as it is from the second command on.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 15
IMPORTS = [sys.executable, "-c", "import typer, skyfield.api"]
BARE = [sys.executable, "-c", "pass"]
PASSES = [
    sys.executable, "-m", "sattrack", "passes", "425 sat-1", "--at", "seoul", "--format", "json",
    "--start", "2026-10-08T00:00Z",
]  # fmt: skip
TABLE = [argument for argument in PASSES if argument not in {"--format", "json"}]
VISIBLE = [*TABLE, "--visible"]
HELP = [sys.executable, "-m", "sattrack", "--help"]


def run_s(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        # A user has compiled bytecode, whatever the developer has asked for.
        environment = {**os.environ, "SATTRACK_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        _, out = run_s(PASSES, environment)
        (result,) = json.loads(out)["results"]
        assert result["verdict"] == "passes"
        assert result["passes"]
        times: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for name, command in (
                ("python alone", BARE),
                ("import typer, skyfield.api", IMPORTS),
                ("sattrack --help", HELP),
                ("sattrack passes …", TABLE),
                ("sattrack passes … --format json", PASSES),
                ("sattrack passes … --visible", VISIBLE),
            ):
                seconds, _ = run_s(command, environment)
                times.setdefault(name, []).append(seconds)
    imports_s = statistics.median(times["import typer, skyfield.api"])
    print(f"{'cold process':34} {'median':>9} {'of the imports':>15}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:34} {median * 1e3:6.0f} ms {median / imports_s:15.2f}")


if __name__ == "__main__":
    main()
