"""The arithmetic and the tables of ``judge bench``."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from judge.bench.results import (
    Benchmark,
    LatencyResult,
    NeighbourResult,
    OvershootResult,
    PhaseResult,
    Sample,
    SoakResult,
    Spread,
    ThroughputResult,
    WorkloadResult,
    ratio,
    row,
    spread,
    spread_ms,
)
from judge.bench.workloads import workloads
from judge.cli.bench import print_benchmark
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.spec.catalogue import Catalogue
from judge.testing import InProcessSandbox
from judge.twins import ManualClock, RecordingObserver


def samples(*walls: int, cpu: int = 1_000_000) -> list[Sample]:
    return [Sample(wall_ns=wall * 1_000_000, cpu_ns=cpu) for wall in walls]


def test_a_spread_has_the_median_and_both_quartiles():
    assert spread([4.0, 1.0, 2.0, 3.0, 5.0]) == Spread(median=3.0, low=2.0, high=4.0)
    assert spread([7.0]) == Spread(median=7.0, low=7.0, high=7.0)
    assert spread_ms([2_000_000]) == Spread(median=2.0, low=2.0, high=2.0)


def test_a_row_says_how_many_submissions_a_second():
    assert row("cold", samples(40, 50, 60)).per_second == 20.0


def test_a_ratio_is_taken_within_each_round():
    """A minute in which everything is slow does not move it."""
    measured = {"a": samples(10, 100, 10), "b": samples(5, 50, 5)}
    assert ratio("a", "b", measured).wall == Spread(median=2.0, low=2.0, high=2.0)
    assert ratio("a", "b", measured).cpu.median == 1.0


WORKLOADS = workloads(Catalogue(Path("no such directory")), pytest.fail, InProcessSandbox())


def test_the_package_s_workload_is_left_out_where_there_is_none():
    assert [workload.name for workload in WORKLOADS] == ["W4", "W1", "W1/1", "W2", "W2/1"]


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_every_workload_is_accepted(workload):
    class Plans:
        def plan(self, slug):
            return workload.plan

    grader = Grader(InProcessSandbox(), Plans(), ManualClock(), RecordingObserver(), "")
    request = GradingRequest(submission_id="1", problem=workload.plan.slug, program=workload.program)
    report = grader.grade(request, lambda event: None, Uninterrupted())
    assert report.verdict is Verdict.ACCEPTED
    assert sum(case.calls for case in report.cases) == len(workload.calls)


def test_text_and_json_have_every_figure():
    one = Spread(median=1234.5, low=0.5, high=99.95)
    measured = {"cold": samples(40), "floor": samples(1)}
    workload = WorkloadResult(
        name="W4",
        title="a trivial program",
        tests=1,
        rounds=1,
        rows=(row("cold", measured["cold"]),),
        ratios=(ratio("cold", "floor", measured),),
    )
    phase = PhaseResult(path="cold", boxes=1, open_ms=one, load_ms=one, call_ms=one, close_ms=one)
    kill = OvershootResult(path="cold", kind="cpu", limit_ms=200.0, runs=10, median_ms=2.5, longest_ms=4.0)
    result = Benchmark(
        machine={"cores": "2"},
        workloads=(workload,),
        phases=(phase,),
        overshoots=(kill,),
        neighbours=(NeighbourResult(path="warm", runs=3, alone_ms=one, beside_ms=one, longest_ms=77.7),),
        latency=LatencyResult(
            calls=9,
            slots=2,
            test_limit_ms=1000.0,
            idle_p50_ms=5.25,
            idle_p99_ms=6.25,
            saturated_p50_ms=7.25,
            saturated_p99_ms=8.25,
            service_cpu_ms=1.125,
        ),
        throughput=(ThroughputResult(slots=1, gradings=36, per_second=111.0, service_cpu_ms=1.375),),
        soak=SoakResult(
            gradings=44,
            memory_before_bytes=1 << 20,
            memory_after_bytes=3 << 20,
            descriptors_before=21,
            descriptors_after=22,
        ),
    )
    output = io.StringIO()
    print_benchmark(result, Console(file=output, width=120))
    text = output.getvalue()
    workload_figures = ("cores: 2", "W4", "cold / floor", "40 (40–40)", "1234 (0.5–100)", "cold, cpu", "200", "2.5")
    service_figures = ("77.7", "6.25", "8.25", "111", "1 slot", "44 gradings", "3.0 MiB", "22")
    for words in (*workload_figures, *service_figures):
        assert words in text
    assert json.loads(json.dumps(dataclasses.asdict(result)))["overshoots"][0]["longest_ms"] == 4.0
