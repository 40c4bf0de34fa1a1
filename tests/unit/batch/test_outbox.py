"""Results on their way to the store: one that it never takes holds up no others."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from judge.batch.outbox import Ended, Outbox
from judge.model.batch import Batch, ItemFailure
from judge.scheduling.clock import SystemClock
from judge.store.memory import MemoryStore

RESULTS = 40


class Picky(MemoryStore):
    """Never takes the result of one item."""

    def __init__(self, poison: int) -> None:
        super().__init__()
        self.poison = poison
        self.taken: list[int] = []

    async def finish_items(self, batch_id: str, outcomes: Mapping[int, Any], *, unix_ns: int) -> Any:
        if self.poison in outcomes:
            raise RuntimeError("a value out of range")
        self.taken += outcomes
        raise KeyError(batch_id)  # the batch is gone, which is as good as written


@pytest.mark.parametrize("poison", [0, 1, RESULTS // 2, RESULTS - 1])
async def test_with_a_result_that_the_store_never_takes_one_other_was_written_a_second(poison: int) -> None:
    store, all_there = Picky(poison), asyncio.Event()
    complaints: list[Exception] = []

    async def written(batch: Batch | None, batch_id: str, numbers: list[int]) -> None:
        if len(store.taken) == RESULTS - 1:
            all_there.set()

    outbox = Outbox(store, SystemClock(), written, complaints.append)
    for number in range(RESULTS):
        outbox.add(Ended(batch_id="b", number=number, outcome=ItemFailure(reason="R", message="m")))
    await asyncio.wait_for(all_there.wait(), 50)
    assert len(complaints) <= 4 + RESULTS.bit_length()  # twice together, once alone, then by halves
    assert sorted(store.taken) == [number for number in range(RESULTS) if number != poison]
    await outbox.stop()
    assert outbox.count("b") == 1
