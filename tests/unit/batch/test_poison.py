"""An item that ends every service that grades it is found, given up, and stands in nobody's way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from judge.batch.creation import Creations, Header, NewItem
from judge.batch.runner import Runner
from judge.model.batch import BatchItem, BatchState, ItemFailure, ItemResult, KnownItem
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.ports import GradingRequest
from judge.rpc.status import failure_of
from judge.scheduling.clock import SystemClock
from judge.store.memory import MemoryStore
from judge.twins import RecordingObserver, report_of

ITEMS = 7


class Deadly:
    """Grades; one item is the end of the service."""

    def __init__(self, poison: str) -> None:
        self._poison = poison
        self.died = asyncio.Event()

    async def __call__(self, item: BatchItem, /) -> Report:
        if item.item_id == self._poison:
            self.died.set()
            await asyncio.Event().wait()
        return report_of(GradingRequest(submission_id=item.item_id, problem=item.problem, program=item.program))

    async def recall(self, items: Sequence[BatchItem]) -> list[KnownItem]:
        return []


async def lived(store: MemoryStore, batch_id: str, poison: str) -> bool:
    """A service's life, to the end of the batch or to its own; whether it survived."""
    grade = Deadly(poison)
    runner = Runner(store, grade, failure_of, SystemClock(), RecordingObserver(), reserved_slots=0)
    before = asyncio.all_tasks()
    await runner.start()
    runner.set_working(1)
    death = asyncio.create_task(grade.died.wait())
    while not death.done():
        changed = asyncio.create_task(runner.changes.wait())
        if (batch := await store.batch(batch_id)) is None or batch.state is not BatchState.RUNNING:
            break
        await asyncio.wait([changed, death], return_when=asyncio.FIRST_COMPLETED)
    for task in asyncio.all_tasks() - before:  # nothing is given back, as when a process is killed
        task.cancel()
    await asyncio.wait(asyncio.all_tasks() - before) if asyncio.all_tasks() - before else None
    return not grade.died.is_set()


async def outlived(poison: str) -> tuple[int, list[ItemResult]]:
    """How many services it took, and the results."""
    store = MemoryStore()

    async def items() -> object:
        for number in range(ITEMS):
            program = Program(language="python3", files=(SourceFile(path="main.py", content=b"%d" % number),))
            yield NewItem(item_id=f"item-{number}", problem="add", program=program)

    header = Header(request_id="r", display_name="", priority=0, item_count=0)
    batch = await Creations(store, SystemClock(), Deadly(poison).recall, RecordingObserver()).create(header, items())  # type: ignore[arg-type]
    services = 1
    while not await lived(store, batch.batch_id, poison):
        services += 1
        assert services < 20
    return services, await store.results(batch.batch_id, after=0, limit=99)


@pytest.mark.parametrize("poison", ["item-0", "item-2", "item-6"])
def test_it_is_given_up(poison: str) -> None:
    services, results = asyncio.run(asyncio.wait_for(outlived(poison), 60))
    assert len(results) == ITEMS
    outcomes = {result.item_id: result.outcome for result in results}
    failure = outcomes.pop(poison)
    assert isinstance(failure, ItemFailure)
    assert "times the service ended while it graded this item" in failure.message
    assert len(outcomes) == ITEMS - 1
    assert all(isinstance(outcome, Report) for outcome in outcomes.values())
    assert services > 3  # it had its chances


def test_a_service_that_nothing_ends_grades_all() -> None:
    services, results = asyncio.run(asyncio.wait_for(outlived("none"), 60))
    assert services == 1
    assert all(isinstance(result.outcome, Report) for result in results)
