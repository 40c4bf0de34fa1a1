"""Ray Data grades a data set: every row has its score, and the one that is a fault of the judge has none."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.integration.cluster.dataset import FAULT, ROWS
from tests.integration.cluster.test_cluster import NAMESPACES, ROOT, ROUNDS, isolated

SCENARIO = Path(__file__).parent / "dataset.py"
NEEDED = ("ray", "pandas", "pyarrow")

pytestmark = [
    pytest.mark.skipif(ROUNDS == 0, reason="Ray nodes are started by `make test-cluster` (CLUSTER_ROUNDS)"),
    pytest.mark.skipif(not all(map(importlib.util.find_spec, NEEDED)), reason="Ray Data is not installed (ray[data])"),
    pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root"),
]


def test_rows_get_their_scores_and_a_fault_gets_none() -> None:
    if not isolated():
        pytest.skip("unshare cannot make namespaces here")
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp", ignore_cleanup_errors=True) as name:  # sockets need short
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "RAY_TMPDIR": name, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": path}
        command = [*NAMESPACES, sys.executable, str(SCENARIO), name]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    rows = {row["number"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert sorted(rows) == list(range(ROWS))
    fault = rows.pop(FAULT)
    assert math.isnan(fault["score"])
    assert fault["refused"] == "a worker was lost twice"
    assert {(row["score"], row["refused"]) for row in rows.values()} == {(1.0, "")}
