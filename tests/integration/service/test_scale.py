"""Several servers behind one name, connections that grow old, and servers that stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from judge.client import BatchState, BatchStatus, JudgeClient, NewItem, program_of
from judge.model.verdict import Verdict
from judge.store.memory import MemoryStore

Opened = Callable[..., Any]
ANY_PORT = "127.0.0.1:0"


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
