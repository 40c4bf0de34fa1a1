"""The whole benchmark: workloads times contestants, in rounds; then phases and limits."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from judge.app.graders import build_grader, plan_store
from judge.app.slots import open_sandbox
from judge.bench import compiled, humaneval, phases, service
from judge.bench.contestants import Bare, Contestant, Graded, PlainJail
from judge.bench.neighbour import neighbour
from judge.bench.results import (
    Benchmark,
    LatencyResult,
    Sample,
    SoakResult,
    ThroughputResult,
    WorkloadResult,
    ratio,
    row,
)
from judge.bench.workloads import Workload, workloads
from judge.config import Settings
from judge.languages import cpp20, load_toolchains
from judge.metrics import PrometheusObserver
from judge.model.plan import TestPlan
from judge.model.run import Isolation
from judge.model.toolchain import DEFAULT_RUNTIME, Toolchain
from judge.ports import Sandbox
from judge.sandbox.cgroup import find_tree
from judge.spec.catalogue import Catalogue

PATHS = ("cold", "warm")
PAIRS = (("cold", "nsjail"), ("warm", "nsjail"), ("cold", "bare"), ("warm", "bare"), ("nsjail", "bare"))

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How much is measured."""

    rounds: int
    boxes: int
    kills: int
    neighbours: int  # runs of each kind
    calls: int  # over gRPC, idle and saturated
    soak: int  # gradings
    only: tuple[str, ...] = ()  # workloads, by name; empty: all
    human_eval: Path | None = None  # the data set of W5; None: there is no W5
    official: bool = False  # whether W5's evaluator is installed for it


THOROUGH = Effort(rounds=15, boxes=30, kills=10, neighbours=20, calls=300, soak=10_000)
QUICK = Effort(rounds=3, boxes=5, kills=3, neighbours=5, calls=50, soak=500)


def run(settings: Settings, effort: Effort, tell: Tell) -> Benchmark:
    """Measures everything; ``tell`` hears what is being measured. Raises InfrastructureError."""
    toolchains = load_toolchains(settings.runtime_root, settings.state_dir).usable
    toolchain = toolchains["python3", DEFAULT_RUNTIME]
    with _sandboxes(settings) as sandboxes:
        store = plan_store(settings, sandboxes[0])
        found = workloads(Catalogue(settings.problems_dir), store.plan_of, sandboxes[0])
        if (cpp20.LANGUAGE, cpp20.LANGUAGE) in toolchains:
            found.append(compiled.summing())
        chosen = [workload for workload in found if not effort.only or workload.name in effort.only]
        measured: list[WorkloadResult] = [
            _measure(settings, workload, sandboxes, toolchain, effort.rounds, tell) for workload in chosen
        ]
        if effort.human_eval is not None:
            rounds, official = effort.rounds, effort.official
            measured.append(humaneval.measure(settings, effort.human_eval, official=official, rounds=rounds, tell=tell))
        tell("the life of a box")
        lives = [phases.phases(sandbox, effort.boxes) for sandbox in sandboxes]
        tell("limits")
        kills = [result for sandbox in sandboxes for result in phases.overshoots(sandbox, effort.kills)]
        tell("a busy neighbour")
        beside = [neighbour(sandbox, effort.neighbours) for sandbox in sandboxes]
    latency, flows, held = asyncio.run(_service(settings, effort, tell))
    return Benchmark(
        machine=_machine(toolchain),
        workloads=tuple(measured),
        phases=tuple(lives),
        overshoots=tuple(kills),
        neighbours=tuple(beside),
        latency=latency,
        throughput=flows,
        soak=held,
    )


async def _service(
    settings: Settings, effort: Effort, tell: Tell
) -> tuple[LatencyResult, tuple[ThroughputResult, ...], SoakResult]:
    tell("throughput of one slot")
    async with service.running(settings, 1) as one:
        flow = await service.throughput(one, 4 * effort.calls)
    async with service.running(settings, 2) as two:
        tell("latency over gRPC")
        latency = await service.latencies(two, effort.calls)
        tell("throughput of two slots")
        flows = (flow, await service.throughput(two, 4 * effort.calls))
        tell(f"{effort.soak} gradings")
        return latency, flows, await service.soak(two, settings, effort.soak)


@contextmanager
def _sandboxes(settings: Settings) -> Iterator[list[Sandbox]]:
    with ExitStack() as stack:
        yield [stack.enter_context(open_sandbox(settings, PrometheusObserver(), path)) for path in PATHS]


def _measure(
    settings: Settings, workload: Workload, sandboxes: list[Sandbox], toolchain: Toolchain, rounds: int, tell: Tell
) -> WorkloadResult:
    with _contestants(settings, workload, sandboxes, toolchain) as contestants:
        for contestant in contestants:
            contestant.run()  # caches and zygotes are warm before anything counts
        samples: dict[str, list[Sample]] = {contestant.name: [] for contestant in contestants}
        for number in range(rounds):
            tell(f"{workload.name}, {workload.title}: round {number + 1} of {rounds}")
            turn = number % len(contestants)
            for contestant in contestants[turn:] + contestants[:turn]:
                samples[contestant.name].append(contestant.run())
    return WorkloadResult(
        name=workload.name,
        title=workload.title,
        tests=len(workload.plan.cases),
        rounds=rounds,
        rows=tuple(row(name, values) for name, values in samples.items()),
        ratios=tuple(ratio(of, to, samples, len(workload.plan.cases)) for of, to in _pairs(workload)),
    )


@contextmanager
def _contestants(
    settings: Settings, workload: Workload, sandboxes: list[Sandbox], toolchain: Toolchain
) -> Iterator[list[Contestant]]:
    tree = find_tree(settings.cgroup_root)
    graded: list[Contestant] = []
    for sandbox in sandboxes:
        grader = build_grader(settings, sandbox, _OnePlan(workload.plan), PrometheusObserver())
        graded.append(Graded(sandbox.path, grader, workload, tree.slot(sandbox.slot).cpu_ns))
    if workload.plan.isolation is Isolation.PROCESS:
        with compiled.built(workload) as binary:
            yield [*graded, *compiled.started(workload, binary, settings.uid_base)]
        return
    bare = Bare(workload, toolchain)
    try:
        yield [*graded, PlainJail(workload, toolchain, settings.uid_base), bare]
    finally:
        bare.close()


def _pairs(workload: Workload) -> Iterator[tuple[str, str]]:
    bare = "floor" if workload.forks else "plain"
    bare = "exec" if workload.plan.isolation is Isolation.PROCESS else bare
    return ((of, bare if to == "bare" else to) for of, to in PAIRS)


class _OnePlan:
    """A PlanSource of one plan."""

    def __init__(self, plan: TestPlan) -> None:
        self._plan = plan

    def plan(self, _slug: str) -> TestPlan:
        return self._plan


def _machine(toolchain: Toolchain) -> dict[str, str]:
    system = os.uname()
    return {
        "kernel": f"{system.sysname} {system.release} {system.machine}",
        "cores": str(len(os.sched_getaffinity(0))),
        "judge": f"CPython {platform.python_version()}",
        "runtime": toolchain.versions,
    }
