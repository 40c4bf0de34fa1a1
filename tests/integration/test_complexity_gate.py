"""The complexity gate of the shipped window problem, in real boxes, while another process keeps a core busy.

``GATE_RUNS`` in the environment says how often each submission goes through it (1, which takes half a minute of CPU).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from judge.app.slots import open_sandbox
from judge.authoring.certify import Row, certify
from judge.config import Settings
from judge.model.verdict import Reason
from judge.spec.catalogue import Catalogue
from judge.spec.compiler import compile_plan
from judge.twins import RecordingObserver

PROBLEMS = Path(__file__).parents[2] / "problems"
SETTINGS = Settings(problems_dir=PROBLEMS, salt="tests", uid_base=64_000)
RUNS = int(os.environ.get("GATE_RUNS", "1"))

pytestmark = [pytest.mark.sandbox, pytest.mark.alone]


@pytest.fixture(scope="module")
def neighbour() -> Iterator[None]:
    """A process that never rests."""
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield
    busy.kill()
    busy.wait()


@pytest.fixture(scope="module")
def rows(neighbour: None) -> list[Row]:
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (SETTINGS.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)")
    problem = Catalogue(PROBLEMS).get("shortest-cover-all-distinct")
    kept = tuple(group for group in problem.generated if group.name == "tiny")
    problem = replace(problem, generated=kept)  # the tests at the bounds have no part in it
    with open_sandbox(SETTINGS, RecordingObserver(), "warm") as sandbox:
        plan = compile_plan(problem, sandbox, lock=False)
        assert plan.complexity is not None
        return list(certify(problem, plan, plan.complexity, sandbox, RUNS, lambda what: None).rows)


def test_every_accepted_solution_passes_every_time(rows: list[Row]) -> None:
    found = {(row.path, row.family): row.accepted for row in rows if row.expected is None}
    assert len(found) >= 6
    assert set(found.values()) == {RUNS}, found


def test_every_slow_solution_is_found_out_every_time(rows: list[Row]) -> None:
    """But for Java's, which the tests' time limit rejects: at these sizes its machine's own work hides the growth."""
    slow = [row for row in rows if row.expected is not None and not row.path.endswith(".java")]
    exceeded = {row.path: max(other.exceeded for other in slow if other.path == row.path) for row in slow}
    assert len(exceeded) >= 4
    assert set(exceeded.values()) == {RUNS}, exceeded


def test_where_the_slow_ones_take_few_steps_they_are_let_through(rows: list[Row]) -> None:
    """What is done at each better stretch costs nothing where few are better: the family matters."""
    found = {
        row.path: row.accepted for row in rows if row.expected is Reason.COMPLEXITY_EXCEEDED and row.family == "uniform"
    }
    assert set(found.values()) == {RUNS}, found
