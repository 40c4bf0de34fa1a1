"""The life of a box, step by step, and how soon a limit ends a run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from judge.bench.programs import TRIVIAL
from judge.bench.results import MILLISECOND, OvershootResult, PhaseResult, spread_ms
from judge.errors import InfrastructureError
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.ports import BoxSpec, Call, Sandbox

_CALLS = 10  # of each box
_LIMITS = Limits(cpu_ns=10**10, wall_ns=3 * 10**10, memory_bytes=1 << 28, output_bytes=1 << 20)
_LIMIT_NS = 200 * MILLISECOND
_SPINS = "def f():\n    while True:\n        pass\n"
_SLEEPS = "import time\ndef f():\n    time.sleep(1e6)\n"


def phases(sandbox: Sandbox, boxes: int) -> PhaseResult:
    """Opens, loads, calls and closes ``boxes`` boxes."""
    opened: list[int] = []
    loaded: list[int] = []
    called: list[int] = []
    closed: list[int] = []
    call = Call(arguments=wire.encode({"a": 40, "b": 2}), limits=_LIMITS)
    for _ in range(boxes):
        begin = time.monotonic_ns()
        with sandbox.open(_spec(TRIVIAL, "add")) as box:
            opened.append(time.monotonic_ns() - begin)
            loaded.append(_timed(box.load))
            called.extend(_timed(partial(box.call, call)) for _ in range(_CALLS))
            begin = time.monotonic_ns()
        closed.append(time.monotonic_ns() - begin)
    return PhaseResult(
        path=sandbox.path,
        boxes=boxes,
        open_ms=spread_ms(opened),
        load_ms=spread_ms(loaded),
        call_ms=spread_ms(called),
        close_ms=spread_ms(closed),
    )


def overshoots(sandbox: Sandbox, runs: int) -> list[OvershootResult]:
    """Runs what spins against a limit on CPU time, and what sleeps against one on wall time."""
    return [_overshoot(sandbox, Killer.CPU, runs), _overshoot(sandbox, Killer.WALL, runs)]


def _overshoot(sandbox: Sandbox, kind: Killer, runs: int) -> OvershootResult:
    beyond = [_beyond(sandbox, kind) for _ in range(runs)]
    return OvershootResult(
        path=sandbox.path,
        kind=kind.value,
        limit_ms=_LIMIT_NS / MILLISECOND,
        runs=runs,
        median_ms=statistics.median(beyond) / MILLISECOND,
        longest_ms=max(beyond) / MILLISECOND,
    )


def _beyond(sandbox: Sandbox, kind: Killer) -> int:
    """Returns by how much one run exceeded its limit, in nanoseconds, when it was stopped."""
    spins = kind is Killer.CPU
    limits = replace(_LIMITS, **{"cpu_ns" if spins else "wall_ns": _LIMIT_NS})
    with sandbox.open(_spec(_SPINS if spins else _SLEEPS, "f")) as box:
        box.load()
        outcome = box.call(Call(arguments=wire.encode({}), limits=limits))
    if outcome.killer is not kind:
        raise InfrastructureError(f"expected the limit on {kind} to end the run, found {outcome}")
    return (outcome.cpu_ns if spins else outcome.wall_ns) - _LIMIT_NS


def _timed(step: Callable[[], RunOutcome]) -> int:
    begin = time.monotonic_ns()
    step()
    return time.monotonic_ns() - begin


def _spec(source: str, entry_point: str) -> BoxSpec:
    program = Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))
    return BoxSpec(program=program, entry_point=entry_point, isolation=Isolation.TEST, load_limits=_LIMITS)
