"""What the warm interpreters of each runtime cost: ``python -m judge.bench.runtimes``.

A row for each group of modules that is preloaded, of each runtime that is built, and for a bare interpreter: the
memory by which a slot grows when such a zygote is made, and the CPU time of a box (open, load, close) and of a test (a
fork of the loaded program that answers at once). The kinds take turns within each round, so that a busy machine is
unkind to all; what is shown is the median of the ratios to NumPy in the default runtime.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from judge import config
from judge.harness import wire
from judge.languages import load_toolchains
from judge.metrics import PrometheusObserver
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.model.toolchain import DEFAULT_RUNTIME, Toolchains
from judge.ports import Box, BoxSpec, Call, Sandbox
from judge.sandbox.cgroup import Cgroup, find_tree
from judge.sandbox.slot import Slot
from judge.sandbox.warm import SlotLife, WarmSandbox

_ROUNDS = 15
_CALLS = 10
_LIMITS = Limits(cpu_ns=10**10, wall_ns=3 * 10**10, memory_bytes=1 << 28, output_bytes=1 << 20)
_CALL = Call(arguments=wire.encode({}), limits=_LIMITS)
_UNIT = (DEFAULT_RUNTIME, "numpy")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of warm interpreter and what was measured of it."""

    runtime: str
    name: str  # that a program imports; "" for a program without imports
    memory_bytes: list[int] = field(default_factory=list)  # by which the slot grew
    box_ns: list[int] = field(default_factory=list)  # CPU time, in each round
    test_ns: list[int] = field(default_factory=list)

    @property
    def spec(self) -> BoxSpec:
        """A box for a program that imports it."""
        source = f"import {self.name}\n" * bool(self.name) + "def f():\n    return 42\n"
        program = Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))
        return BoxSpec(
            program=program,
            entry_point="f",
            isolation=Isolation.TEST,
            load_limits=_LIMITS,
            runtime=self.runtime,
        )


def kinds(toolchains: Toolchains) -> Iterator[Kind]:
    """Every kind of this machine, the common modules of the standard library as ``heapq``."""
    for (_, runtime), toolchain in toolchains.usable.items():
        yield Kind(runtime=runtime, name="")
        for group in toolchain.preload:
            yield Kind(runtime=runtime, name="heapq" if "heapq" in group.names else group.names[0])


def measure(slot: Slot, sandbox: Sandbox, measured: list[Kind]) -> None:
    """Makes each zygote, then its boxes in rounds."""
    cgroup = slot.cgroup
    assert slot.launcher.pid, "it runs now: its memory is not a zygote's"
    for kind in measured:
        before = cgroup.memory_bytes()
        _run(sandbox, cgroup, kind)
        kind.memory_bytes.append(cgroup.memory_bytes() - before)
    for number in range(_ROUNDS):
        turn = number % len(measured)
        for kind in measured[turn:] + measured[:turn]:
            box, tests = _run(sandbox, cgroup, kind)
            kind.box_ns.append(box)
            kind.test_ns.append(tests)


def _run(sandbox: Sandbox, cgroup: Cgroup, kind: Kind) -> tuple[int, int]:
    """Returns the CPU time of a box without its tests, and of all of them."""
    begin = cgroup.cpu_ns()
    with sandbox.open(kind.spec) as box:
        box.load()
        tests = _tests(box, cgroup)
    return cgroup.cpu_ns() - begin - tests, tests


def _tests(box: Box, cgroup: Cgroup) -> int:
    begin = cgroup.cpu_ns()
    for _ in range(_CALLS):
        box.call(_CALL)
    return cgroup.cpu_ns() - begin


def rows(measured: list[Kind]) -> Iterator[str]:
    """A table in Markdown."""
    unit = next(kind for kind in measured if (kind.runtime, kind.name) == _UNIT)
    yield "| Runtime | Program imports | Memory of the zygote, MiB | A box, × NumPy | A test, × NumPy |"
    yield "|---|---|---|---|---|"
    for kind in measured:
        memory = kind.memory_bytes[0] / (1 << 20)
        box, test = _ratio(kind.box_ns, unit.box_ns), _ratio(kind.test_ns, unit.test_ns)
        yield f"| {kind.runtime} | {kind.name or 'nothing'} | {memory:.0f} | {box:.2f} | {test:.2f} |"


def _ratio(of: list[int], to: list[int]) -> float:
    return statistics.median(a / b for a, b in zip(of, to, strict=True))


def main() -> None:
    """Measures and prints."""
    settings = config.load()
    toolchains = load_toolchains(settings.runtime_root, settings.state_dir)
    measured = list(kinds(toolchains))
    slot = Slot(find_tree(settings.cgroup_root), settings.run_dir, settings.uid_base, cpu_of=lambda number: None)
    life = SlotLife(max_zygotes=len(measured), max_runs=sys.maxsize, max_age_ns=sys.maxsize, probe_every=sys.maxsize)
    sandbox = WarmSandbox(slot, toolchains, PrometheusObserver(), life)
    try:
        measure(slot, sandbox, measured)
    finally:
        sandbox.close()
    sys.stdout.write("\n".join(rows(measured)) + "\n")


if __name__ == "__main__":
    main()
