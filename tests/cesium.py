"""Cesium in Node, as an independent reader of CZML.

It is looked for in `tests/node/node_modules` (`npm ci --prefix tests/node`), or in the folder
that the environment variable CESIUM_NODE_MODULES names. Nothing is installed by the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent / "node"


def node_modules() -> Path:
    return Path(os.environ.get("CESIUM_NODE_MODULES") or _HERE / "node_modules")


def lacks() -> str:
    """Return why Cesium cannot be asked, or nothing."""
    if shutil.which("node") is None:
        return "there is no node"
    if not (node_modules() / "cesium" / "package.json").is_file():
        return f"there is no cesium in {node_modules()}; run: npm ci --prefix tests/node"
    return ""


def reads(czml: list[dict[str, Any]], at: list[str]) -> dict[str, Any]:
    """Return what Cesium makes of a document; see `cesium_reads.mjs`."""
    run = subprocess.run(
        ["node", str(_HERE / "cesium_reads.mjs")],
        input=json.dumps({"czml": czml, "at": at}).encode(),
        capture_output=True,
        env={**os.environ, "CESIUM_NODE_MODULES": str(node_modules().resolve())},
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr.decode()
    return json.loads(run.stdout)
