"""W3: a C++ program on standard streams, one process for each test; and the same without a judge.

The program sums up to 100,000 integers. ``exec`` starts the same binary, made with the toolchain's own flags, once for
each test and nothing else; ``nsjail`` puts a plain jail around each start.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from judge.bench.contestants import own_cpu_ns
from judge.bench.results import Sample
from judge.bench.workloads import LIMITS, Workload
from judge.errors import InfrastructureError
from judge.harness import wire
from judge.languages import cpp20
from judge.model.plan import CheckerSpec, TestCase, TestPlan
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation
from judge.model.type_expr import parse_type
from judge.sandbox import jail
from judge.spec.kattis.package import SIGNATURE

TESTS, LARGEST = 20, 100_000
_SOURCE = """\
#include <cstdio>

int main() {
    long long sum = 0, number;
    while (std::scanf("%lld", &number) == 1) sum += number;
    std::printf("%lld\\n", sum);
}
"""


def summing() -> Workload:
    """W3: tests of 5,000 to 100,000 integers of up to ten digits."""
    rng = random.Random(3)
    sizes = range(LARGEST // TESTS, LARGEST + 1, LARGEST // TESTS)
    numbers = [[rng.randrange(-(10**9), 10**9) for _ in range(size)] for size in sizes]
    inputs = ["\n".join(map(str, row)).encode() + b"\n" for row in numbers]
    answers = [b"%d\n" % sum(row) for row in numbers]
    cases = tuple(
        TestCase(
            name=f"secret/{number:02d}",
            sample=False,
            arguments=wire.encode({"stdin": stdin, "arguments": [], "files": {}}),
            expected=wire.encode((answer, [])),
        )
        for number, (stdin, answer) in enumerate(zip(inputs, answers, strict=True), 1)
    )
    plan = TestPlan(
        slug="bench-w3",
        family="bench",
        name="W3",
        kind="stdio",
        entry_point="",
        signature=SIGNATURE,
        expected_type=parse_type("tuple[bytes, list[str]]"),
        isolation=Isolation.PROCESS,
        limits=LIMITS,
        load_limits=LIMITS,
        code_bytes=1 << 16,
        languages=(cpp20.LANGUAGE,),
        checker=CheckerSpec(name="output", parameters={}),
        cases=cases,
    )
    program = Program(language=cpp20.LANGUAGE, files=(SourceFile(path="solution.cpp", content=_SOURCE.encode()),))
    return Workload(
        name="W3",
        title=f"C++, {TESTS} tests of up to {LARGEST:,} integers on standard input, a process each",
        plan=plan,
        program=program,
        calls=tuple(inputs),
        answers=tuple(answers),
    )


@contextmanager
def built(workload: Workload) -> Iterator[Path]:
    """The workload's program as a file, while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="judge-bench-") as directory:
        os.chmod(directory, 0o755)
        source, binary = Path(directory) / "solution.cpp", Path(directory) / "solution"
        source.write_bytes(workload.program.main.content)
        command = [cpp20.COMMAND, *cpp20.STANDARD, str(source), "-o", str(binary)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode != 0:
            raise InfrastructureError(f"{command[0]} ended with status {done.returncode}: {done.stderr[-500:]!r}")
        yield binary


class Started:
    """Starts a command for every test, with the test's input, and compares what it writes."""

    def __init__(self, name: str, workload: Workload, command: list[str]) -> None:
        self.name = name
        self._workload = workload
        self._command = command

    def run(self) -> Sample:
        """Runs all tests, one after the other."""
        cpu, begin = own_cpu_ns(), time.monotonic_ns()
        found = [self._output(stdin) for stdin in self._workload.calls]
        sample = Sample(wall_ns=time.monotonic_ns() - begin, cpu_ns=own_cpu_ns() - cpu)
        if tuple(found) != self._workload.answers:
            raise InfrastructureError(f"{self.name}: a wrong answer to a test of {self._workload.plan.slug}")
        return sample

    def _output(self, stdin: bytes) -> bytes:
        descriptor = os.memfd_create("input", os.MFD_CLOEXEC)
        try:
            os.write(descriptor, stdin)
            os.lseek(descriptor, 0, os.SEEK_SET)
            done = subprocess.run(
                self._command, stdin=descriptor, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, check=False
            )
        finally:
            os.close(descriptor)
        return done.stdout


def started(workload: Workload, binary: Path, user: int) -> list[Started]:
    """Both contestants: the binary in a plain jail, and by itself."""
    ids = ["-u", f"{jail.INSIDE_ID}:{user}:1", "-g", f"{jail.INSIDE_ID}:{user}:1"]
    options = ["-Mo", "-Q", "--iface_no_lo", "--disable_proc", "--rlimit_as", "inf"]
    around = [jail.binary(), *options, *ids, "-R", f"{binary}:/solution", "--", "/solution"]
    return [Started("nsjail", workload, around), Started("exec", workload, [str(binary)])]
