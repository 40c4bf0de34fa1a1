"""The service as its clients see it: latency, throughput, what it spends itself, and what stays after many gradings.

A real service is started as a process of its own, on a Unix socket, with one package whose test adds two numbers. What
its main process spends (``/proc``) is the price of gRPC, admission and queue; the worker's and the boxes' are not in
it.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from judge.bench.programs import TRIVIAL
from judge.bench.results import MILLISECOND, LatencyResult, SoakResult, ThroughputResult
from judge.client.aio import JudgeClient
from judge.config import Settings
from judge.errors import InfrastructureError
from judge.model.program import Program, SourceFile
from judge.model.verdict import Verdict
from judge.scheduling.admission import Priority

SLUG = "bench-add"
_LIMIT_S = 1  # of one test
_BUSY = "def add(a, b):\n    for _ in range(1500000):\n        pass\n    return a + b\n"  # some tens of milliseconds
PACKAGE = {
    "problem.yaml": "problem_format_version: 2025-09\nname: Add\nuuid: 2f0e63e2-3f0b-4d9a-9f12-1d0d5a5a0f01\n"
    f"license: public domain\nlimits: {{time_limit: {_LIMIT_S}, memory: 256}}\n",
    "judge.yaml": "judge: 1\nkind: function\nentry_point: add\nsignature:\n  parameters: {a: int, b: int}\n"
    "  returns: int\nchecker: exact\n",
    "statement/problem.en.md": "# Add\n\nAdd two numbers.\n",
    "data/secret/1.in": '{"a": 1, "b": 2}\n',
    "data/secret/1.ans": "3\n",
    "submissions/accepted/add.py": TRIVIAL,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """What a process holds."""

    memory_bytes: int
    descriptors: int


class Service:
    """A running service and a client of it."""

    def __init__(self, pid: int, client: JudgeClient, slots: int) -> None:
        self.slots = slots
        self._pid = pid
        self._client = client
        self._number = 0

    async def grade(self, source: str = TRIVIAL, priority: Priority = Priority.INTERACTIVE) -> int:
        """Grades a source that nobody has sent before; returns the time that it took, in nanoseconds."""
        self._number += 1
        content = f"{source}# {self._number}\n".encode()
        program = Program(language="python3", files=(SourceFile(path="solution.py", content=content),))
        begin = time.monotonic_ns()
        report = await self._client.grade(SLUG, program, priority=priority, no_cache=True)
        if report.verdict is not Verdict.ACCEPTED:
            raise InfrastructureError(f"expected ACCEPTED, found {report.verdict}: {report.message}")
        return time.monotonic_ns() - begin

    async def many(self, count: int, at_once: int) -> None:
        """Grades ``count`` times, so many at once."""
        left = iter(range(count))

        async def work() -> None:
            for _ in left:
                await self.grade()

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(work())

    @asynccontextmanager
    async def saturated(self, at_once: int) -> AsyncIterator[None]:
        """While the context lasts, so many gradings of the batch priority run or wait."""

        async def work() -> None:
            while True:
                await self.grade(_BUSY, Priority.BATCH)

        tasks = [asyncio.create_task(work()) for _ in range(at_once)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def cpu_ns(self) -> int:
        """CPU time of the service's main process so far."""
        tasks = Path(f"/proc/{self._pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)

    def use(self) -> Use:
        """What its main process holds now."""
        status = Path(f"/proc/{self._pid}/status").read_text()
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
        return Use(memory_bytes=resident * 1024, descriptors=len(os.listdir(f"/proc/{self._pid}/fd")))


@asynccontextmanager
async def running(settings: Settings, slots: int) -> AsyncIterator[Service]:
    """A warm service with so many slots, stopped and gone afterwards."""
    with tempfile.TemporaryDirectory() as directory, serving(settings, Path(directory), slots) as process:
        address = await asyncio.to_thread(address_of, process)
        async with JudgeClient(address) as client:
            service = Service(process.pid, client, slots)
            await service.many(20 * slots, 2 * slots)
            yield service


async def latencies(service: Service, calls: int) -> LatencyResult:
    """One interactive call after the other, alone and while a batch keeps every slot busy."""
    cpu = service.cpu_ns()
    idle = [await service.grade() for _ in range(calls)]
    spent = (service.cpu_ns() - cpu) / calls
    async with service.saturated(4 * service.slots):
        busy = [await service.grade() for _ in range(calls)]
    return LatencyResult(
        calls=calls,
        slots=service.slots,
        test_limit_ms=_LIMIT_S * 1000.0,
        idle_p50_ms=statistics.median(idle) / MILLISECOND,
        idle_p99_ms=_percentile_ms(idle),
        saturated_p50_ms=statistics.median(busy) / MILLISECOND,
        saturated_p99_ms=_percentile_ms(busy),
        service_cpu_ms=spent / MILLISECOND,
    )


async def throughput(service: Service, count: int) -> ThroughputResult:
    """As many gradings at once as keep its slots busy."""
    cpu, begin = service.cpu_ns(), time.monotonic_ns()
    await service.many(count, 4 * service.slots)
    wall, spent = time.monotonic_ns() - begin, service.cpu_ns() - cpu
    return ThroughputResult(
        slots=service.slots,
        gradings=count,
        per_second=count * 1e9 / wall,
        service_cpu_ms=spent / count / MILLISECOND,
    )


async def soak(service: Service, settings: Settings, count: int) -> SoakResult:
    """What the service holds before and after many gradings, once its memory of reports is full."""
    await service.many(settings.remembered_reports + settings.cached_reports, 4 * service.slots)
    before = service.use()
    await service.many(count, 4 * service.slots)
    after = service.use()
    return SoakResult(
        gradings=count,
        memory_before_bytes=before.memory_bytes,
        memory_after_bytes=after.memory_bytes,
        descriptors_before=before.descriptors,
        descriptors_after=after.descriptors,
    )


def _percentile_ms(durations: list[int]) -> float:
    """The 99th percentile, by the nearest rank."""
    ordered = sorted(durations)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * 99 // 100) - 1)] / MILLISECOND


@contextmanager
def serving(settings: Settings, directory: Path, slots: int, store: str = "") -> Iterator[subprocess.Popen[str]]:
    """``judge serve`` with one problem, on a socket in ``directory``; it is stopped at the end of the context."""
    for name, content in PACKAGE.items():
        path = directory / "problems" / "bench" / SLUG / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    command = [sys.executable, "-m", "judge.cli.main", "serve"]
    command += ["--listen", f"unix:{directory}/socket", "--metrics", "", "--store", store, "--slots", str(slots)]
    command += ["--problems", str(directory / "problems"), "--set", f"uid_base={settings.uid_base}"]
    for key in ("state_dir", "runtime_root", "remembered_reports", "cached_reports"):
        command += ["--set", f"{key}={getattr(settings, key)}"]
    with (
        open(directory / "log", "wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, stdin=subprocess.DEVNULL) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()


def address_of(process: subprocess.Popen[str]) -> str:
    """Waits until it listens; returns where. Raises InfrastructureError."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise InfrastructureError("the service did not start: run `judge serve` to see why")
    return str(json.loads(line)["address"])
