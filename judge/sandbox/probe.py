"""The self-test of a slot: attacks are really made from inside, limits are really reached; a slot that is weaker than
configured refuses to start.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from importlib import resources
from typing import Any

from judge.errors import EnvironmentFault
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits, RunOutcome
from judge.ports import BoxSpec, Call, Sandbox
from judge.sandbox.jail import INSIDE_ID

_LANGUAGE = "python3"
_MIB = 1 << 20
_LIMITS = Limits(cpu_ns=10**10, wall_ns=2 * 10**10, memory_bytes=128 * _MIB, output_bytes=_MIB, processes=16)
_ROOT = {"box", "dev", "judge", "runtime", "tmp"}


def probe(sandbox: Sandbox) -> None:
    """Raises EnvironmentFault naming every control of the slot that is missing or weak."""
    facts = _answer(sandbox, "probe")
    weak = [*_weak(facts), *_weak_limits(sandbox)]
    if weak:
        raise EnvironmentFault(f"the sandbox is weaker than configured: {'; '.join(weak)}: see `judge doctor`")


def _weak(facts: dict[str, Any]) -> Iterator[str]:
    expected = {
        "uid": [INSIDE_ID] * 3,
        "gid": [INSIDE_ID] * 3,
        "no_new_privs": 1,
        "seccomp_mode": 2,
        "capabilities": {"effective": 0, "permitted": 0, "bounding": 0},
        "nice": 0,
        "core_size": 0,
        "root_writable": False,
        "runtime_writable": False,
        "box_writable": True,
        "socket": 97,
    }
    for name, value in expected.items():
        if facts[name] != value:
            yield f"{name} is {facts[name]}, expected {value}"
    if set(facts["groups"]) - {INSIDE_ID, 65534}:
        yield f"supplementary groups {facts['groups']}"
    if not set(facts["descriptors"]) <= {0, 1, 2, 3}:
        yield f"descriptors {facts['descriptors']} are open, expected 0 to 3"
    extra = [name for name in facts["root"] if name not in _ROOT and not name.startswith("lib")]
    if extra:
        yield f"the root holds {', '.join(extra)}"
    if os.uname().machine == "x86_64":
        survived = [name for name, number in facts["killed"].items() if number != signal.SIGSYS]
        if survived:
            yield f"system calls {', '.join(survived)} are not stopped by seccomp"


def _weak_limits(sandbox: Sandbox) -> Iterator[str]:
    made = _answer(sandbox, "fork_until_refused")
    if not 0 < made <= _LIMITS.processes:
        yield f"{made} processes could be made, expected at most {_LIMITS.processes}"
    outcome = _run(sandbox, "fill", 2 * _LIMITS.memory_bytes)
    if outcome.oom_kills == 0:
        yield "the counter of processes killed for memory did not move"


def _answer(sandbox: Sandbox, function: str) -> Any:
    outcome = _run(sandbox, function)
    if outcome.answer is None:
        raise EnvironmentFault(f"the self-test {function!r} of the sandbox failed: {outcome}: see `judge doctor`")
    return wire.decode(outcome.answer)


def _run(sandbox: Sandbox, function: str, *arguments: int) -> RunOutcome:
    content = resources.files(__package__).joinpath("probe_program.py").read_bytes()
    program = Program(language=_LANGUAGE, files=(SourceFile(path="probe_program.py", content=content),))
    spec = BoxSpec(program=program, entry_point=function, isolation=Isolation.SUBMISSION, load_limits=_LIMITS)
    with sandbox.open(spec) as box:
        loaded = box.load()
        if not box.alive:
            return loaded
        named = {f"argument{index}": value for index, value in enumerate(arguments)}
        return box.call(Call(arguments=wire.encode(named), limits=_LIMITS))
