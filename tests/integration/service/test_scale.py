"""Several servers behind one name, connections that grow old, and servers that stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from judge.client import BatchState, BatchStatus, JudgeClient, NewItem, program_of
from judge.model.program import Program
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.store.memory import MemoryStore

Opened = Callable[..., Any]
ANY_PORT = "127.0.0.1:0"
ROOT = Path(__file__).parents[3]
SERVED = ROOT / "tests" / "integration" / "batch" / "served.py"
AT_ONCE = 8


def program(number: int) -> Program:
    return program_of(f"accept:{number}")


async def graded(client: JudgeClient, number: int) -> Report:
    return await client.grade("add", program(number))


async def grade(client: JudgeClient, number: int) -> Verdict:
    return (await client.grade("add", program_of(str(number)))).verdict


async def test_calls_are_spread_over_servers_and_survive_one_of_them(house: Opened) -> None:
    async with AsyncExitStack() as stack:
        houses = [await stack.enter_async_context(house(listen_address=ANY_PORT)) for _ in range(2)]
        name = "ipv4:" + ",".join(h.server.address for h in houses)
        client = await stack.enter_async_context(JudgeClient(name))
        number = 0
        while not all(h.engine.requests for h in houses):
            assert await grade(client, number) is Verdict.ACCEPTED
            number += 1
        seen = len(houses[1].engine.requests)
        await houses[0].server.stop()  # it drains: what comes is refused with UNAVAILABLE, and asked for elsewhere
        for more in range(20):
            assert await grade(client, number + more) is Verdict.ACCEPTED
        assert len(houses[1].engine.requests) >= seen + 20


@asynccontextmanager
async def process(store: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A service in a process of its own, and where it listens."""
    command = [sys.executable, str(SERVED), ANY_PORT, str(store), "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
    try:
        assert started.stdout is not None
        assert await started.stdout.readline() == b"ready\n"
        yield started, (await started.stdout.readline()).decode().strip()
    finally:
        if started.returncode is None:
            started.terminate()
        await started.communicate()


async def test_one_of_two_services_is_killed_under_its_calls(tmp_path: Path) -> None:
    async with (
        process(tmp_path / "a") as (killed, first),
        process(tmp_path / "b") as (_, second),
        JudgeClient(f"ipv4:{first},{second}") as client,
    ):
        graders: set[str] = set()  # the processes that graded, one worker of each service
        number = 0
        while len(graders) < 2:
            graders.add((await graded(client, number)).message)
            number += 1
        calls = [asyncio.create_task(graded(client, number + more)) for more in range(30 * AT_ONCE)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        killed.send_signal(signal.SIGKILL)
        reports = await asyncio.gather(*calls)
        await killed.wait()
        later = [await graded(client, number + 1000 + more) for more in range(2 * AT_ONCE)]
    assert {report.verdict for report in [*reports, *later]} == {Verdict.ACCEPTED}
    assert len({report.message for report in later}) == 1
    assert [report.program_digest for report in reports] == [program(number + n).digest for n in range(len(reports))]


async def test_an_old_connection_is_replaced_and_what_runs_on_it_goes_on(house: Opened) -> None:
    async with house(listen_address=ANY_PORT, connection_age_ns=10**9) as h, JudgeClient(h.server.address) as client:
        h.engine.hold()
        long = asyncio.create_task(grade(client, 0))
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        with capture_logs(processors=[merge_contextvars]) as lines:
            while len({line["peer"] for line in lines if line["event"] == "call finished" and "peer" in line}) < 2:
                await client.list_problems()
        h.engine.release()
        assert await long is Verdict.ACCEPTED
        assert not h.engine.killed


async def test_a_batch_is_watched_through_the_end_of_a_server(house: Opened) -> None:
    store = MemoryStore()
    async with AsyncExitStack() as stack:
        houses = [
            await stack.enter_async_context(house(listen_address=ANY_PORT, with_store=store, drain_timeout_ns=0))
            for _ in range(2)
        ]
        for h in houses:
            h.engine.hold()
        name = "ipv4:" + ",".join(h.server.address for h in houses)
        client = await stack.enter_async_context(JudgeClient(name, attempts=100))
        items = [NewItem(item_id=str(n), problem="add", program=program_of(str(n))) for n in range(12)]
        batch = await client.batches.create(items)
        watch = asyncio.create_task(_ended(client, batch.batch_id))
        await houses[0].server.stop()
        for h in houses:
            h.engine.release()
        assert await watch == (BatchState.SUCCEEDED, 12)


async def _ended(client: JudgeClient, batch_id: str) -> tuple[BatchState, int]:
    last, results = None, 0
    async for change in client.batches.watch(batch_id):
        if isinstance(change, BatchStatus):
            last = change
        else:
            results += 1
    assert last is not None
    return last.state, results
