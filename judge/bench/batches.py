"""A batch and the same batch again, by a real service: what it costs beside the runs themselves.

A service with real slots is started as a process of its own, with one package whose test adds two numbers, and is sent
so many different submissions of it. The second batch has the same content under another id: nothing is run, so what it
takes is creation, looking up and storing. What the main processes of service and client spend and held at most is read
from ``/proc``; workers and boxes are not in it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from judge.bench.programs import TRIVIAL
from judge.bench.service import SLUG, address_of, serving
from judge.client import BatchStatus, JudgeClient, NewItem, program_of
from judge.config import Settings
from judge.errors import InfrastructureError
from judge.model.report import Report
from judge.model.verdict import Verdict

_WARMING, _SLOTS = 50, 2
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchCost:
    """One batch."""

    created_s: float  # since its first item was sent
    ended_s: float  # until the last item had its result
    fetched_s: float  # until all reports were here
    service_cpu_ms: float  # an item
    service_peak_mib: float  # the most that the main process held so far
    client_cpu_ms: float  # an item
    client_peak_mib: float


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchResult:
    """Both."""

    items: int
    store: str  # "sqlite" or "postgresql"
    slots: int
    first: BatchCost
    second: BatchCost
    second_percent: float  # of the time to the end of the first


@dataclass(frozen=True, kw_only=True, slots=True)
class _Use:
    cpu_s: float
    peak_mib: float

    @classmethod
    def of(cls, pid: int | str) -> _Use:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        status = Path(f"/proc/{pid}/status").read_text()
        peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
        return cls(cpu_s=(int(fields[11]) + int(fields[12])) / _TICKS, peak_mib=int(peak) / 1024)


def measure(settings: Settings, items: int, store: str, tell: Callable[[str], None]) -> BatchResult:
    """Grades ``items`` submissions twice; ``store`` as the setting, empty: SQLite. Raises InfrastructureError."""
    with tempfile.TemporaryDirectory(prefix="judge-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # the jail reads the problem's files
        with serving(settings, directory, _SLOTS, store or str(directory / "judge.db")) as process:
            address = address_of(process)
            tell("warming up")
            _cost(process.pid, address, _WARMING)
            tell(f"{items} submissions")
            first = _cost(process.pid, address, items)
            tell(f"the same {items} submissions again")
            second = _cost(process.pid, address, items)
    return BatchResult(
        items=items,
        store="postgresql" if store.startswith("postgres") else "sqlite",
        slots=_SLOTS,
        first=first,
        second=second,
        second_percent=100 * second.ended_s / first.ended_s,
    )


def _cost(pid: int, address: str, count: int) -> BatchCost:
    service, client = _Use.of(pid), _Use.of("self")
    created_s, ended_s, fetched_s = asyncio.run(_graded(address, count))
    service_now, client_now = _Use.of(pid), _Use.of("self")
    return BatchCost(
        created_s=created_s,
        ended_s=ended_s,
        fetched_s=fetched_s,
        service_cpu_ms=(service_now.cpu_s - service.cpu_s) / count * 1000,
        service_peak_mib=service_now.peak_mib,
        client_cpu_ms=(client_now.cpu_s - client.cpu_s) / count * 1000,
        client_peak_mib=client_now.peak_mib,
    )


async def _graded(address: str, count: int) -> tuple[float, float, float]:
    """Seconds until the batch was created, had ended, and was fetched."""
    async with JudgeClient(address) as client:
        begin = time.monotonic()
        batch = await client.batches.create(_items(count))
        created_s = time.monotonic() - begin
        async for change in client.batches.watch(batch.batch_id, results=False):
            finished = change.progress.finished_count if isinstance(change, BatchStatus) else 0
        ended_s = time.monotonic() - begin
        accepted = 0
        async for result in client.batches.results(batch.batch_id):
            accepted += isinstance(result.outcome, Report) and result.outcome.verdict is Verdict.ACCEPTED
        if (finished, accepted) != (count, count):
            raise InfrastructureError(f"expected {count} accepted submissions, found {accepted} of {finished}")
        return created_s, ended_s, time.monotonic() - begin


def _items(count: int) -> Iterator[NewItem]:
    for number in range(count):
        yield NewItem(item_id=f"item-{number}", problem=SLUG, program=program_of(f"{TRIVIAL}# {number}\n"))
