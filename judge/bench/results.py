"""What is measured, as plain values; times are in milliseconds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

MILLISECOND = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One run of one contestant."""

    wall_ns: int
    cpu_ns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """The middle of many values and its quartiles."""

    median: float
    low: float  # a quarter of the values is below
    high: float  # a quarter is above


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One contestant on one workload."""

    contestant: str
    wall_ms: Spread  # of one submission, all its tests
    cpu_ms: Spread
    per_second: float  # submissions one after the other, in one slot
    per_cpu_second: float  # submissions


@dataclass(frozen=True, kw_only=True, slots=True)
class Ratio:
    """One contestant's cost over another's, within a round."""

    of: str
    to: str
    wall: Spread
    cpu: Spread
    more_ms: Spread  # wall time of one test, of the one beyond the other


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkloadResult:
    """All contestants on one workload."""

    name: str
    title: str
    tests: int
    rounds: int
    rows: tuple[Row, ...]
    ratios: tuple[Ratio, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseResult:
    """The life of a box with a trivial program."""

    path: str
    boxes: int
    open_ms: Spread
    load_ms: Spread
    call_ms: Spread  # a fresh process each
    close_ms: Spread


@dataclass(frozen=True, kw_only=True, slots=True)
class OvershootResult:
    """How far beyond a limit a run got."""

    path: str
    kind: str  # cpu: it spins; wall: it sleeps
    limit_ms: float
    runs: int
    median_ms: float
    longest_ms: float


@dataclass(frozen=True, kw_only=True, slots=True)
class NeighbourResult:
    """CPU time of one program alone, and beside a process that keeps a core busy."""

    path: str
    runs: int
    alone_ms: Spread
    beside_ms: Spread
    longest_ms: float  # beside


@dataclass(frozen=True, kw_only=True, slots=True)
class LatencyResult:
    """A call over gRPC, alone and under a batch that keeps every slot busy."""

    calls: int
    slots: int
    test_limit_ms: float
    idle_p50_ms: float
    idle_p99_ms: float
    saturated_p50_ms: float
    saturated_p99_ms: float
    service_cpu_ms: float  # of the service's main process, for each of the idle calls


@dataclass(frozen=True, kw_only=True, slots=True)
class ThroughputResult:
    """Trivial gradings over gRPC, as many at once as keep the slots busy."""

    slots: int
    gradings: int
    per_second: float
    service_cpu_ms: float  # of the service's main process, for each grading


@dataclass(frozen=True, kw_only=True, slots=True)
class SoakResult:
    """What the service's main process holds before and after many gradings."""

    gradings: int
    memory_before_bytes: int
    memory_after_bytes: int
    descriptors_before: int
    descriptors_after: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Benchmark:
    """Everything that one run measured."""

    machine: dict[str, str]
    workloads: tuple[WorkloadResult, ...]
    phases: tuple[PhaseResult, ...]
    overshoots: tuple[OvershootResult, ...]
    neighbours: tuple[NeighbourResult, ...]
    latency: LatencyResult
    throughput: tuple[ThroughputResult, ...]
    soak: SoakResult


def spread(values: Sequence[float]) -> Spread:
    """Returns the median and the quartiles of at least one value."""
    if len(values) == 1:
        return Spread(median=values[0], low=values[0], high=values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median=median, low=low, high=high)


def spread_ms(nanoseconds: Sequence[float]) -> Spread:
    """Returns the spread of durations, in milliseconds."""
    return spread([value / MILLISECOND for value in nanoseconds])


def row(contestant: str, samples: Sequence[Sample]) -> Row:
    """Returns the row of a contestant."""
    wall = spread_ms([sample.wall_ns for sample in samples])
    cpu = spread_ms([sample.cpu_ns for sample in samples])
    return Row(
        contestant=contestant, wall_ms=wall, cpu_ms=cpu, per_second=1000 / wall.median, per_cpu_second=1000 / cpu.median
    )


def ratio(of: str, to: str, samples: dict[str, list[Sample]], tests: int = 1) -> Ratio:
    """Returns the ratio of two contestants, round by round, and their difference for each of so many tests."""
    pairs = list(zip(samples[of], samples[to], strict=True))
    return Ratio(
        of=of,
        to=to,
        wall=spread([a.wall_ns / b.wall_ns for a, b in pairs]),
        cpu=spread([a.cpu_ns / b.cpu_ns for a, b in pairs]),
        more_ms=spread_ms([(a.wall_ns - b.wall_ns) / tests for a, b in pairs]),
    )
