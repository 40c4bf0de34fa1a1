"""What a batch costs beside its runs: ``python tests/integration/batch/measure.py [--items N] [--postgres] [--real]``.

A service in a process of its own grades a batch of different submissions twice. Printed are, for both times: how long
it took to create it, to its end, and to fetch the reports after that; the CPU time of the service an item (without its
workers), that of the client, and the most memory that both ever had; then the second time as a part of the first.

Workers answer at once, so that nothing but the overhead is left; with ``--real`` they are those of ``judge serve``, and
the submissions add two numbers. With ``--postgres`` the store is a PostgreSQL server of its own instead of a file.
These are figures, not assertions: a machine that is shared gives others each time.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT)]

from postgres_server import PostgresServer  # noqa: E402

from judge import config  # noqa: E402
from judge.bench.programs import TRIVIAL  # noqa: E402
from judge.bench.service import PACKAGE, SLUG  # noqa: E402
from judge.client import BatchStatus, JudgeClient, NewItem, program_of  # noqa: E402
from judge.model.report import Report  # noqa: E402
from judge.model.verdict import Verdict  # noqa: E402

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What a process has used so far."""

    cpu_s: float  # its own, without children
    peak_mib: float

    @classmethod
    def of(cls, pid: int | str) -> Usage:
        """Reads it from /proc."""
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        status = Path(f"/proc/{pid}/status").read_text()
        peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        return cls(cpu_s=(int(fields[11]) + int(fields[12])) / _TICKS, peak_mib=int(peak) / 1024)


@contextmanager
def service(directory: Path, store: str, real: bool) -> Iterator[tuple[int, str]]:
    """A running service: its process and its address."""
    address = f"unix:{directory}/s"
    command = [sys.executable, str(HERE / "served.py"), address, store, "2"]
    if real:
        write_package(directory / "problems" / "bench" / SLUG)
        settings = {
            "listen_address": address,
            "metrics_address": "",
            "store": store,
            "slots": "2",
            "log_level": "error",
            "problems_dir": str(directory / "problems"),
            "state_dir": str(config.load().state_dir),  # the runtimes are there, and jails can enter it
        }
        sets = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
        command = [sys.executable, "-m", "judge.cli.main", "serve", *sets]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()  # it listens
            yield process.pid, address
        finally:
            process.terminate()
            process.wait(60)


def write_package(root: Path) -> None:
    """Writes the problem that ``--real`` grades."""
    for name, text in PACKAGE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def items(count: int, real: bool) -> Iterator[NewItem]:
    """Different submissions."""
    for number in range(count):
        text = f"{TRIVIAL}# {number}\n" if real else f"accept:{number}"
        yield NewItem(item_id=f"item-{number}", problem=SLUG if real else "add", program=program_of(text))


async def run(address: str, count: int, real: bool) -> tuple[float, float, float]:
    """Grades a batch; returns how long it took to create it, until it had ended, and until all reports were here."""
    async with JudgeClient(address) as client:
        begin = time.monotonic()
        batch = await client.batches.create(items(count, real))
        created_s = time.monotonic() - begin
        last: BatchStatus | None = None
        async for change in client.batches.watch(batch.batch_id, results=False):
            last = change if isinstance(change, BatchStatus) else last
        ended_s = time.monotonic() - begin
        reports = [
            r.outcome.verdict async for r in client.batches.results(batch.batch_id) if isinstance(r.outcome, Report)
        ]
        assert last is not None
        assert last.progress.finished_count == len(reports) == count, last
        assert set(reports) == {Verdict.ACCEPTED}
        return created_s, ended_s, time.monotonic() - begin


def measure(label: str, pid: int, address: str, count: int, real: bool) -> float:
    """Prints what one batch cost; returns how long it took to its end, in seconds."""
    service_before, client_before = Usage.of(pid), Usage.of("self")
    created_s, ended_s, total_s = asyncio.run(run(address, count, real))
    service_after, client_after = Usage.of(pid), Usage.of("self")
    service_ms = (service_after.cpu_s - service_before.cpu_s) / count * 1000
    client_ms = (client_after.cpu_s - client_before.cpu_s) / count * 1000
    print(
        f"{label:>7}: created after {created_s:.2f} s, ended after {ended_s:.2f} s, all reports here after "
        f"{total_s:.2f} s; service {service_ms:.3f} ms CPU an item, "
        f"peak {service_after.peak_mib:.0f} MiB; client {client_ms:.3f} ms, peak {client_after.peak_mib:.0f} MiB",
        flush=True,
    )
    return ended_s


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--real", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judge-")))
        store = str(directory / "judge.db")
        if options.postgres:
            store = stack.enter_context(PostgresServer()).new_database()
        pid, address = stack.enter_context(service(directory, store, options.real))
        measure("warm-up", pid, address, 50, options.real)
        first = measure("first", pid, address, options.items, options.real)
        second = measure("second", pid, address, options.items, options.real)
        print(f"the second time took {100 * second / first:.2f} % of the first to the end of the batch")


if __name__ == "__main__":
    main()
