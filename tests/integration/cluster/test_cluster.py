"""A batch on three Ray nodes of this machine: how busy they are, and what SIGKILL in mid-batch changes: nothing.

CLUSTER_ROUNDS says how often an actor, the driver and a node are killed. Without it nothing is run here: Ray gives a
node 30 s to start, which two busy cores exceed now and then. `make test-cluster` runs it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).parent / "scenario.py"
ROOT = Path(__file__).parents[3]
ITEMS = 480
ROUNDS = int(os.environ.get("CLUSTER_ROUNDS", "0"))
NAMESPACES = ["unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child"]


def isolated() -> bool:
    return subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.skipif(ROUNDS == 0, reason="three Ray nodes are started by `make test-cluster` (CLUSTER_ROUNDS)"),
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed (the extra judge[ray])"),
    pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root"),
]


@pytest.fixture(scope="module")
def told() -> Iterator[list[dict[str, Any]]]:
    """What the scenario tells: the start, the undisturbed run, the poisoned one, the rounds."""
    if not isolated():
        pytest.skip("unshare cannot make namespaces here")
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp", ignore_cleanup_errors=True) as name:  # sockets need short
        (Path(name) / "ray").mkdir()
        environment = {**os.environ, "RAY_TMPDIR": name, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(ROOT)}
        command = [*NAMESPACES, sys.executable, str(SCENARIO), name, str(ROUNDS)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        yield [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_three_nodes_are_busy(told: list[dict[str, Any]]) -> None:
    run = told[1]
    assert (run["actors"], run["lines"], run["ids"], run["accepted"], run["faults"]) == (3, ITEMS, ITEMS, ITEMS, 0)
    assert run["efficiency"] >= 0.85, run


def test_a_submission_that_kills_its_actors_is_a_fault_and_no_other_is(told: list[dict[str, Any]]) -> None:
    run = told[2]
    assert (run["lines"], run["ids"], run["accepted"], run["faults"]) == (ITEMS, ITEMS, ITEMS, 1), run


def test_each_submission_has_one_report_whatever_is_killed(told: list[dict[str, Any]]) -> None:
    assert len(told) == 3 + ROUNDS
    for run in told[3:]:
        assert (run["lines"], run["ids"], run["accepted"], run["faults"]) == (ITEMS, ITEMS, ITEMS, 0), run
        assert run["driver_killed_at"] < run["node_killed_at"] < ITEMS, run
