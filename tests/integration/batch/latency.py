"""What a person waits while a batch keeps every slot busy: ``python tests/integration/batch/latency.py [--calls N]``.

A service with two real slots and a PostgreSQL store of its own has three problems, each of one test that may take a
second. Calls are made one after the other, first alone, then while a batch with items of all three problems,
each some tens of milliseconds of work, has both slots and never ends before they do. Printed are median and 99th
percentile of both, the latter as a part of that second. These are figures, not assertions.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE), str(ROOT)]

from postgres_server import PostgresServer  # noqa: E402

from judge import config  # noqa: E402
from judge.bench.programs import TRIVIAL  # noqa: E402
from judge.bench.service import PACKAGE, SLUG, address_of, serving  # noqa: E402
from judge.client import BatchState, JudgeClient, NewItem, program_of  # noqa: E402
from judge.model.verdict import Verdict  # noqa: E402

SLUGS = (SLUG, "bench-add-2", "bench-add-3")
BUSY = "def add(a, b):\n    for _ in range(1500000):\n        pass\n    return a + b\n"
LIMIT_MS = 1000.0  # of one test of these problems
UID_BASE = 74_000  # users of no other service


def write_packages(root: Path) -> None:
    """Writes the problems that ``serving`` does not write."""
    for number, slug in enumerate(SLUGS[1:], 2):
        for name, text in PACKAGE.items():
            path = root / "bench" / slug / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("0f01\n", f"0f0{number}\n"))


def batch_items(count: int) -> Iterator[NewItem]:
    """Different submissions, of one problem after the other."""
    for number in range(count):
        source = program_of(f"{BUSY}# {number}\n")
        yield NewItem(item_id=f"item-{number}", problem=SLUGS[number % len(SLUGS)], program=source)


async def calls(client: JudgeClient, name: str, count: int) -> list[float]:
    """Milliseconds that each of so many interactive calls took."""
    times = []
    for number in range(count):
        program = program_of(f"{TRIVIAL}# {name} {number}\n")
        begin = time.monotonic()
        report = await client.grade(SLUGS[number % len(SLUGS)], program)
        times.append((time.monotonic() - begin) * 1000)
        assert report.verdict is Verdict.ACCEPTED, report
    return times


def tell(name: str, times: list[float]) -> None:
    p99 = sorted(times)[-(-len(times) * 99 // 100) - 1]
    share = 100 * p99 / LIMIT_MS
    print(f"{name:>10}: p50 {statistics.median(times):.1f} ms, p99 {p99:.1f} ms ({share:.1f} % of a test's limit)")


async def measure(address: str, count: int) -> None:
    """Measures and prints."""
    async with JudgeClient(address) as client:
        await calls(client, "warming", 20)
        tell("alone", await calls(client, "alone", count))
        batch = (await client.batches.create(batch_items(40 * count))).batch_id
        busy = await calls(client, "busy", count)
        progress = await client.batches.get(batch)
        assert progress.state is BatchState.RUNNING, progress  # it had the slots all the time
        await client.batches.cancel(batch)
        tell("in a batch", busy)
        print(f"meanwhile {progress.progress.finished_count} items; load {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Starts what is needed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=300)
    options = parser.parse_args()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judge-")))
        directory.chmod(0o755)  # the jail reads the problem's files
        write_packages(directory / "problems")
        store = stack.enter_context(PostgresServer()).new_database()
        settings = replace(config.load(), uid_base=UID_BASE)
        process = stack.enter_context(serving(settings, directory, 2, store))
        asyncio.run(measure(address_of(process), options.calls))


if __name__ == "__main__":
    main()
