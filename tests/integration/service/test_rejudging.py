"""Rejudging over a real connection, with the typed client: begun, compared, applied, dropped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from judge.client import (
    BatchCalls,
    BatchResult,
    BatchState,
    BatchStatus,
    ClientError,
    ItemFailure,
    JudgeClient,
    NewItem,
    NotFound,
    Transition,
    program_of,
)
from judge.errors import InfrastructureError
from judge.model.verdict import Verdict

Opened = Callable[..., Any]
ACCEPTED, WRONG = Verdict.ACCEPTED, Verdict.WRONG_ANSWER


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A service and the batches of a client."""

    engine: Any
    batches: BatchCalls
    batch_id: str  # of three accepted items, two of them of "add"


@asynccontextmanager
async def opening(house: Opened, **settings: Any) -> AsyncIterator[Opening]:
    async with house(**settings) as h, JudgeClient(h.address) as client:
        items = [
            NewItem(item_id=f"item-{number}", problem=problem, program=program_of(str(number)))
            for number, problem in enumerate(("add", "add", "subtract"))
        ]
        batch = await client.batches.create(items, display_name="Homework 3", item_count=3)
        await watched(client.batches, batch.batch_id)
        h.engine.verdict, h.engine.revision = WRONG, "2"  # the problems are others now
        yield Opening(engine=h.engine, batches=client.batches, batch_id=batch.batch_id)


async def watched(batches: BatchCalls, batch_id: str) -> BatchStatus:
    """A batch at its end."""
    last = None
    async for change in batches.watch(batch_id):
        last = change if isinstance(change, BatchStatus) else last
    assert last is not None
    assert last.state is not BatchState.RUNNING
    return last


async def verdicts(batches: BatchCalls, batch_id: str) -> dict[str, Verdict | str]:
    found: list[BatchResult] = [result async for result in batches.results(batch_id)]
    return {
        result.item_id: result.outcome.reason if isinstance(result.outcome, ItemFailure) else result.outcome.verdict
        for result in found
    }


async def test_compared_and_applied(house: Opened) -> None:
    async with opening(house) as o:
        begun = await o.batches.rejudge(o.batch_id, request_id="r")
        assert (begun.batch_id, begun.progress.item_count) == (o.batch_id, 3)
        last = await watched(o.batches, begun.rejudging_id)
        assert (last.rejudged_batch_id, last.priority, last.display_name) == (o.batch_id, -101, "Homework 3")
        diff = await o.batches.diff(begun.rejudging_id)
        assert (diff.rejudging.state, diff.rejudging.changed_count) == (BatchState.SUCCEEDED, 3)
        assert diff.transitions == (Transition(before=ACCEPTED, after=WRONG, count=3),)
        assert [(c.item_id, c.before.verdict, c.after.verdict) for c in diff.changes] == [
            (f"item-{number}", ACCEPTED, WRONG) for number in range(3)
        ]
        assert diff.changes[0].before.score == Fraction(1)
        assert set((await verdicts(o.batches, o.batch_id)).values()) == {ACCEPTED}
        applied = await o.batches.apply(begun.rejudging_id)
        assert (applied.batch_id, applied.generation, applied.progress.finished_count) == (o.batch_id, 1, 3)
        assert set((await verdicts(o.batches, o.batch_id)).values()) == {WRONG}
        assert (await o.batches.get(begun.rejudging_id)).state is BatchState.APPLIED
        await o.batches.apply(begun.rejudging_id)
        assert (await o.batches.get(o.batch_id)).generation == 1
        with pytest.raises(ClientError, match="not applied"):
            await o.batches.drop(begun.rejudging_id)


async def test_dropped_while_it_runs(house: Opened) -> None:
    async with opening(house, slots=1) as o:
        o.engine.hold()
        begun = await o.batches.rejudge(o.batch_id)
        await o.engine.until(lambda engine: len(engine.requests) == 4)
        with pytest.raises(ClientError, match="expected a rejudging that has succeeded, found it running"):
            await o.batches.apply(begun.rejudging_id)
        await o.batches.drop(begun.rejudging_id)
        await o.engine.until(lambda engine: len(engine.killed) == 1)
        with pytest.raises(NotFound):
            await o.batches.diff(begun.rejudging_id)
        assert [batch.batch_id for batch in await o.batches.list()] == [o.batch_id]
        o.engine.release()
        again = await o.batches.rejudge(o.batch_id)  # the service goes on
        assert (await watched(o.batches, again.rejudging_id)).state is BatchState.SUCCEEDED


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        ({"problems": ["add"]}, ["item-0", "item-1"]),
        ({"problems": ["add"], "item_ids": ["item-1", "item-2"]}, ["item-1"]),
        ({"verdicts": [ACCEPTED]}, ["item-0", "item-1", "item-2"]),
    ],
)
async def test_some_items(house: Opened, selection: dict[str, Any], ids: list[str]) -> None:
    async with opening(house) as o:
        begun = await o.batches.rejudge(o.batch_id, **selection)
        last = await watched(o.batches, begun.rejudging_id)
        assert last.priority == (101 if len(ids) == 1 else -101)
        assert [c.item_id for c in (await o.batches.diff(begun.rejudging_id)).changes] == ids
        await o.batches.apply(begun.rejudging_id)
        now = await verdicts(o.batches, o.batch_id)
        assert {name for name, verdict in now.items() if verdict is WRONG} == set(ids)


async def test_what_cannot_be_graded_keeps_its_result(house: Opened) -> None:
    async with opening(house, slots=1) as o:
        o.engine.errors.append(InfrastructureError("lost twice"))
        begun = await o.batches.rejudge(o.batch_id)
        await watched(o.batches, begun.rejudging_id)
        diff = await o.batches.diff(begun.rejudging_id)
        assert (diff.rejudging.changed_count, diff.rejudging.progress.failed_count) == (2, 1)
        assert Transition(before=ACCEPTED, after=None, count=1) in diff.transitions
        await o.batches.apply(begun.rejudging_id)
        assert sorted((await verdicts(o.batches, o.batch_id)).values()) == [ACCEPTED, WRONG, WRONG]
        failed = await o.batches.rejudge(begun.batch_id, verdicts=[None, ACCEPTED])
        assert failed.progress.item_count == 1


async def test_what_is_refused(house: Opened) -> None:
    async with opening(house, slots=1) as o:
        first = await o.batches.rejudge(o.batch_id, request_id="r")
        assert (await o.batches.rejudge(o.batch_id, request_id="r")).rejudging_id == first.rejudging_id
        second = await o.batches.rejudge(o.batch_id, request_id="s", problems=["add"])
        for rejudging in (first, second):
            await watched(o.batches, rejudging.rejudging_id)
        await o.batches.apply(first.rejudging_id)
        refused = {
            "ALREADY_EXISTS": lambda: o.batches.rejudge(o.batch_id, request_id="r", problems=["add"]),
            "FAILED_PRECONDITION": lambda: o.batches.apply(second.rejudging_id),  # of results that are gone
            "INVALID_ARGUMENT": lambda: o.batches.rejudge(o.batch_id, problems=["nothing"]),
            "NOT_FOUND": lambda: o.batches.diff(o.batch_id),
        }
        for code, call in refused.items():
            with pytest.raises(ClientError) as caught:
                await call()
            assert caught.value.code.name == code, code
        with pytest.raises(ClientError, match="found the rejudging"):
            await o.batches.rejudge(first.rejudging_id)
        o.engine.hold()
        running = await o.batches.create([NewItem(item_id="1", problem="add", program=program_of("x"))])
        with pytest.raises(ClientError, match="expected a batch that has ended"):
            await o.batches.rejudge(running.batch_id)
        o.engine.release()
