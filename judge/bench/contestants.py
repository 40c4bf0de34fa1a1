"""The ways of running a workload that are compared: each runs it once and says what that cost."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any, Protocol

from judge.bench.results import Sample
from judge.bench.workloads import Workload
from judge.errors import InfrastructureError
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.harness import protocol, wire
from judge.model.toolchain import Toolchain
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.sandbox import jail


class Contestant(Protocol):
    """One way of running a workload."""

    name: str

    def run(self) -> Sample:
        """Runs it once. Raises InfrastructureError when the answers are wrong."""
        ...


class Graded:
    """A whole grading, in a box."""

    def __init__(self, name: str, grader: Grader, workload: Workload, slot_cpu_ns: Callable[[], int]) -> None:
        self.name = name
        self._grader = grader
        self._request = GradingRequest(submission_id="bench", problem=workload.plan.slug, program=workload.program)
        self._slot_cpu_ns = slot_cpu_ns

    def run(self) -> Sample:
        """Grades the submission."""
        cpu, begin = own_cpu_ns() + self._slot_cpu_ns(), time.monotonic_ns()
        report = self._grader.grade(self._request, lambda event: None, Uninterrupted())
        wall = time.monotonic_ns() - begin
        if report.verdict is not Verdict.ACCEPTED:
            raise InfrastructureError(f"{self.name}: expected ACCEPTED, found {report.verdict}: {report.message}")
        return Sample(wall_ns=wall, cpu_ns=own_cpu_ns() + self._slot_cpu_ns() - cpu)


class PlainJail:
    """nsjail and a new interpreter, for every test or for all of them."""

    name = "nsjail"

    def __init__(self, workload: Workload, toolchain: Toolchain, user: int) -> None:
        self._workload = workload
        binds = [part for bind in toolchain.binds for part in ("-R", f"{bind.source}:{bind.target}")]
        environment = [part for name, value in toolchain.environment.items() for part in ("-E", f"{name}={value}")]
        ids = ["-u", f"{jail.INSIDE_ID}:{user}:1", "-g", f"{jail.INSIDE_ID}:{user}:1"]
        interpreter = [toolchain.argv[0], "-I", "-S", "-B", "-c", _source_of("jail_program.py"), "/judge"]
        self._command = [
            *(jail.binary(), "-Mo", "-Q", "--iface_no_lo", "--disable_proc", "--rlimit_as", "inf"),
            *(*ids, *binds, *environment, "--", *interpreter),
        ]
        shares = [[call] for call in workload.calls] if workload.forks else [list(workload.calls)]
        self._questions = [protocol.pack(_job(workload, share)) for share in shares]

    def run(self) -> Sample:
        """Starts one jail after the other."""
        cpu, begin = own_cpu_ns(), time.monotonic_ns()
        answers = [answer for question in self._questions for answer in self._answers(question)]
        sample = Sample(wall_ns=time.monotonic_ns() - begin, cpu_ns=own_cpu_ns() - cpu)
        _check(self.name, self._workload, answers)
        return sample

    def _answers(self, question: bytes) -> list[bytes]:
        done = subprocess.run(self._command, input=question, capture_output=True, env={}, check=False)
        if done.returncode != 0:
            raise InfrastructureError(f"nsjail ended with status {done.returncode}: {done.stderr[-500:]!r}")
        answers: Any = wire.decode(done.stdout)
        return list(answers)


class Bare:
    """A warm interpreter without any isolation: it forks for every test (the floor), or just calls (plain)."""

    def __init__(self, workload: Workload, toolchain: Toolchain) -> None:
        self.name = "floor" if workload.forks else "plain"
        self._workload = workload
        runtime, harness = (_source_of_bind(toolchain, target) for target in ("/runtime", "/judge"))
        interpreter = toolchain.argv[0].replace("/runtime", runtime, 1)
        libraries = toolchain.environment["LD_LIBRARY_PATH"].replace("/runtime", runtime)
        self._process = subprocess.Popen(
            [interpreter, "-I", "-S", "-B", "-c", _source_of("floor_program.py"), harness, f"{runtime}/packages"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**toolchain.environment, "LD_LIBRARY_PATH": libraries},
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise InfrastructureError("the bare process has no pipes")
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        protocol.send(self._to, _job(workload, list(workload.calls)) | {"forks": workload.forks})

    def run(self) -> Sample:
        """Has it load the submission and make the calls."""
        protocol.send(self._to, {"kind": "go"})
        told = protocol.receive(self._from)
        if told is None:
            raise InfrastructureError("the bare process ended")
        _check(self.name, self._workload, told["answers"])
        return Sample(wall_ns=told["wall"], cpu_ns=told["cpu"])

    def close(self) -> None:
        """Ends the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


def _job(workload: Workload, arguments: object) -> dict[str, object]:
    return {
        "source": workload.program.main.content,
        "entry": workload.plan.entry_point,
        "arguments": arguments,
    }


def _check(name: str, workload: Workload, answers: Sequence[bytes]) -> None:
    for number, (expected, answer) in enumerate(zip(workload.answers, answers, strict=True), 1):
        if wire.decode(answer) != wire.decode(expected):
            raise InfrastructureError(f"{name}: a wrong answer to call {number} of {workload.plan.slug}")


def _source_of(program: str) -> str:
    return resources.files(__package__).joinpath(program).read_text()


def _source_of_bind(toolchain: Toolchain, target: str) -> str:
    return next(bind.source for bind in toolchain.binds if bind.target == target)


def own_cpu_ns() -> int:
    """CPU time of this process and of its ended children; times come in microseconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(usage.ru_utime + usage.ru_stime for usage in used) * 1e9)
