"""How far a neighbour moves the CPU time of one program: alone, and while another process keeps a core busy."""

from __future__ import annotations

import subprocess
import sys

from judge.bench.results import MILLISECOND, NeighbourResult, spread_ms
from judge.errors import InfrastructureError
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.ports import BoxSpec, Call, Sandbox

_SOURCE = "def add(a, b):\n    x = 0\n    for i in range(1000000):\n        x += i & b\n    return x\n"
_NEIGHBOUR = "x = bytearray(1 << 24)\nwhile True:\n    x[::64] = x[::64]\n"  # busy, and in the shared cache
_LIMITS = Limits(cpu_ns=10**10, wall_ns=10**11, memory_bytes=1 << 28, output_bytes=1 << 20)


def neighbour(sandbox: Sandbox, runs: int) -> NeighbourResult:
    """Runs one program alone and beside a busy neighbour, in turns."""
    alone: list[int] = []
    beside: list[int] = []
    program = Program(language="python3", files=(SourceFile(path="solution.py", content=_SOURCE.encode()),))
    spec = BoxSpec(program=program, entry_point="add", isolation=Isolation.TEST, load_limits=_LIMITS)
    call = Call(arguments=wire.encode({"a": 0, "b": 7}), limits=_LIMITS)
    with sandbox.open(spec) as box:
        box.load()
        for _ in range(runs):
            alone.append(box.call(call).cpu_ns)
            with subprocess.Popen([sys.executable, "-IS", "-c", _NEIGHBOUR]) as process:
                try:
                    beside.append(box.call(call).cpu_ns)
                finally:
                    process.kill()
    if 0 in (*alone, *beside):
        raise InfrastructureError("a run used no CPU time")
    return NeighbourResult(
        path=sandbox.path,
        runs=runs,
        alone_ms=spread_ms(alone),
        beside_ms=spread_ms(beside),
        longest_ms=max(beside) / MILLISECOND,
    )
