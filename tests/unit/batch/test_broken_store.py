"""A store that breaks in a way that it does not say itself loses no item: what it could not do is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from judge.batch.creation import Creations, Header, NewItem
from judge.batch.runner import Runner
from judge.model.batch import BatchItem, BatchState, KnownItem
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.ports import GradingRequest
from judge.rpc.status import failure_of
from judge.scheduling.clock import SystemClock
from judge.store.memory import MemoryStore
from judge.twins import RecordingObserver, report_of

ITEMS = 5


class BreakingStore(MemoryStore):
    """Each of these operations breaks once: before it has done anything, or after it has done it."""

    def __init__(self) -> None:
        super().__init__()
        self.left = {"claim", "finish_items", "finish_items, done", "complete"}

    def _break(self, operation: str) -> None:
        if operation in self.left:
            self.left.remove(operation)
            raise RuntimeError(f"cannot switch to another state during {operation}")

    async def claim(self, *arguments: Any, **named: Any) -> Any:
        self._break("claim")
        return await super().claim(*arguments, **named)

    async def finish_items(self, *arguments: Any, **named: Any) -> Any:
        self._break("finish_items")
        finished = await super().finish_items(*arguments, **named)
        self._break("finish_items, done")
        return finished

    async def complete(self, token: str) -> None:
        self._break("complete")
        await super().complete(token)


class Grading:
    """Accepts everything."""

    async def __call__(self, item: BatchItem, /) -> Report:
        return report_of(GradingRequest(submission_id=item.item_id, problem=item.problem, program=item.program))

    async def recall(self, items: Sequence[BatchItem]) -> list[KnownItem]:
        return []


async def test_every_item_has_one_report() -> None:
    store, observer = BreakingStore(), RecordingObserver()

    async def items() -> Any:
        for number in range(ITEMS):
            program = Program(language="python3", files=(SourceFile(path="main.py", content=b"%d" % number),))
            yield NewItem(item_id=f"item-{number}", problem="add", program=program)

    header = Header(request_id="r", display_name="", priority=0, item_count=0)
    batch = await Creations(store, SystemClock(), Grading().recall, RecordingObserver()).create(header, items())
    runner = Runner(store, Grading(), failure_of, SystemClock(), observer, reserved_slots=0)
    await runner.start()
    runner.set_working(1)
    while True:
        changes = runner.changes
        found = await store.batch(batch.batch_id)
        assert found is not None
        if found.state is not BatchState.RUNNING:
            break
        await asyncio.wait_for(changes.wait(), 50)
    await runner.stop()
    assert store.left <= {"complete"}  # it may come after the end
    assert found.state is BatchState.SUCCEEDED
    results = await store.results(batch.batch_id, after=0, limit=99)
    assert sorted(result.item_id for result in results) == [f"item-{number}" for number in range(ITEMS)]
    assert all(isinstance(result.outcome, Report) for result in results)
