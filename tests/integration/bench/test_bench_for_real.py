"""``judge bench`` with one round of everything, on the trivial workload."""

from __future__ import annotations

import os

import pytest

from judge.bench import humaneval
from judge.bench.suite import Effort, run
from judge.config import Settings
from judge.errors import SubmissionError
from tests.unit.author.tasks import RAISING, SCALED, task, write

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="real boxes need root"),
    pytest.mark.skipif(
        not (Settings().runtime_root / "python3" / "runtime.json").exists(),
        reason="the Python runtime is not built (make runtime)",
    ),
]


def test_every_contestant_is_measured(tmp_path):
    told: list[str] = []
    settings = Settings(salt="tests", uid_base=64_000, problems_dir=tmp_path, remembered_reports=4, cached_reports=4)
    result = run(
        settings, Effort(rounds=2, boxes=1, kills=1, neighbours=2, calls=3, soak=20, only=("W4", "W2/1")), told.append
    )
    assert [workload.name for workload in result.workloads] == ["W4", "W2/1"]
    for workload in result.workloads:
        bare = "plain" if workload.name.endswith("/1") else "floor"
        assert [row.contestant for row in workload.rows] == ["cold", "warm", "nsjail", bare]
        assert all(row.wall_ms.median > 0 and row.cpu_ms.median > 0 for row in workload.rows)
        assert len(workload.ratios) == 5
    assert [phase.path for phase in result.phases] == ["cold", "warm"]
    assert {(kill.path, kill.kind) for kill in result.overshoots} == {
        (path, kind) for path in ("cold", "warm") for kind in ("cpu", "wall")
    }
    assert all(kill.median_ms >= 0 for kill in result.overshoots)
    assert [near.path for near in result.neighbours] == ["cold", "warm"]
    assert 0 < result.latency.idle_p50_ms <= result.latency.idle_p99_ms
    assert 0 < result.latency.saturated_p50_ms <= result.latency.saturated_p99_ms
    assert [flow.slots for flow in result.throughput] == [1, 2]
    assert result.soak.descriptors_after == result.soak.descriptors_before
    assert told


def test_w5_measures_both_on_the_same_solutions(tmp_path):
    settings = Settings(salt="tests", uid_base=64_000, problems_dir=tmp_path)
    dataset = write(tmp_path / "tasks.jsonl", SCALED, RAISING)
    result = humaneval.measure(settings, dataset, official=False, rounds=2, tell=lambda text: None)
    assert (result.name, result.tests, result.rounds) == ("W5", 2, 2)
    assert [row.contestant for row in result.rows] == ["judge", "stand-in"]
    assert all(row.wall_ms.median > 0 and row.cpu_ms.median > 0 for row in result.rows)
    (ratio,) = result.ratios
    assert (ratio.of, ratio.to) == ("judge", "stand-in")
    empty = write(tmp_path / "none.jsonl", task(canonical_solution=None))
    with pytest.raises(SubmissionError, match="expected tasks with canonical solutions"):
        humaneval.measure(settings, empty, official=False, rounds=1, tell=lambda text: None)
