"""Results on their way to the store: those of a moment are written together, and again until the store has them.

A grading's slot is free as soon as its outcome is here; what has not been written when the process dies is graded again
by whoever claims the chunk. When the store refuses results, the first of them is tried alone and goes to the end of the
line if that fails too. If the store takes it, what it refuses is among the others, which are tried by halves. So a
result that it could never take holds up the others for a second, not for ever.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from judge.model.batch import Batch, ItemFailure
from judge.model.report import Report
from judge.ports import BatchStore, Clock
from judge.scheduling.gathering import Gathering

_MOMENT_S = 0.05
_MOST = 64  # results written together
_ROOM = 256  # results that may wait
_STORE_PAUSE_S = 1.0  # before what the store could not do is tried again


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """An item that was graded."""

    batch_id: str
    number: int
    outcome: Report | ItemFailure


class Outbox:
    """Writes results. Used from one event loop."""

    def __init__(
        self,
        store: BatchStore,
        clock: Clock,
        written: Callable[[Batch | None, str, list[int]], Awaitable[None]],
        complain: Callable[[Exception], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._written = written  # is told the batch, None when it is gone, its id and the numbers of the items
        self._complain = complain
        self._counts: Counter[str] = Counter()  # results that wait, by batch
        self._stopping = False
        self._gathering = Gathering(self._write, moment_s=_MOMENT_S, most=_MOST)

    def add(self, ended: Ended) -> None:
        """Takes a result."""
        self._counts[ended.batch_id] += 1
        self._gathering.add(ended)

    def count(self, batch_id: str) -> int:
        """How many results of a batch wait."""
        return self._counts[batch_id]

    @property
    def has_room(self) -> bool:
        """Whether more items may be graded, by the number of results that wait."""
        return len(self._gathering) < _ROOM

    def hurry(self) -> None:
        """Says that what waits is to be written now."""
        self._gathering.hurry()

    async def stop(self) -> None:
        """Writes what waits, if the store takes it at once."""
        self._stopping = True
        await self._gathering.settle()

    async def _write(self, ended: list[Ended]) -> None:
        left = await self._unwritten(ended)
        if not left or self._stopping:
            return
        await asyncio.sleep(_STORE_PAUSE_S)
        first, rest = left[:1], left[1:]
        refused = await self._unwritten(first)
        for each in (*(rest if refused else await self._sifted(rest)), *refused):
            self._gathering.add(each)

    async def _sifted(self, ended: list[Ended]) -> list[Ended]:
        """Writes results, by halves where need be; returns those that the store does not take alone."""
        left = await self._unwritten(ended)
        if len(left) < 2:
            return left
        half = len(left) // 2
        return [*await self._sifted(left[:half]), *await self._sifted(left[half:])]

    async def _unwritten(self, ended: list[Ended]) -> list[Ended]:
        """Writes results; returns those that the store did not take."""
        left: list[Ended] = []
        for batch_id in dict.fromkeys(each.batch_id for each in ended):
            own = [each for each in ended if each.batch_id == batch_id]
            try:
                batch = await self._finished(batch_id, {each.number: each.outcome for each in own})
            except Exception as error:  # the leases are renewed: nobody else would ever take the items
                self._complain(error)
                left += own
                continue
            self._counts[batch_id] -= len(own)
            await self._written(batch, batch_id, [each.number for each in own])
        self._counts = +self._counts  # without batches of which nothing waits
        return left

    async def _finished(self, batch_id: str, outcomes: dict[int, Report | ItemFailure]) -> Batch | None:
        try:
            return (await self._store.finish_items(batch_id, outcomes, unix_ns=self._clock.unix_ns()))[0]
        except KeyError:  # a rejudging that was dropped
            return None
