"""The batches of a service: items go from the queue to the gradings, results go to the store.

Never more items are in flight than slots that batches may use, and two: those keep the slots busy while a result is
being stored, and wait in the batches' own queue. Everybody else's queue is untouched by a batch of any length. Items
come in chunks, those of the first batch by priority and age; the next batch fills what that one leaves free at its end.

Items come from the intake (``judge.batch.intake``) and results go to the outbox (``judge.batch.outbox``). That an item
runs is known in memory alone, that its chunk is leased in the store. When the process dies the lease ends, and the
items without a result are graded by whoever claims the chunk; a result is taken once, whoever brings it. A fault of one
item is that item's failure; a service without a slot that works, or that is full or stopping, is nobody's: the item
waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog

from judge.batch.chunks import RENEW_S, Chunks
from judge.batch.intake import Intake, RunnerStore, Taken
from judge.batch.outbox import Ended, Outbox
from judge.batch.outcomes import Grade, Outcomes
from judge.batch.rate import RECENT, Rate
from judge.errors import JudgeError, StoreFault
from judge.model.batch import Batch, BatchItem, BatchState, Chunk, ItemFailure
from judge.ports import Clock, Observer

log = structlog.get_logger()

_SPARE = 2  # items in flight above the slots
_IDLE_S = 1.0  # between two looks whether other services created batches, or died
_STORE_PAUSE_S = 1.0  # before what the store could not do is tried again


@dataclass(slots=True)
class _Served:
    """A batch that runs."""

    batch: Batch
    waiting: deque[BatchItem] = field(default_factory=deque)  # of chunks that are leased
    tasks: set[asyncio.Task[None]] = field(default_factory=set)  # of items in flight
    rate: Rate = field(default_factory=Rate)


class Runner:
    """Runs the batches of a store. Used from one event loop."""

    def __init__(
        self,
        store: RunnerStore,
        grade: Grade,
        describe: Callable[[JudgeError], ItemFailure],
        clock: Clock,
        observer: Observer,
        *,
        reserved_slots: int,
    ) -> None:
        self._store = store
        self._outcomes = Outcomes(grade, describe)
        self._outbox = Outbox(store, clock, self._written, self._complain)
        self._clock = clock
        self._observer = observer
        self._reserved = reserved_slots
        self._working = 0
        self._stopping = False
        self._chunks = Chunks(store, clock)
        self._intake = Intake(store, self._chunks, grade, describe, clock, observer)
        self._served: dict[str, _Served] = {}  # by batch id: those of which this service has a chunk
        self._news = asyncio.Event()  # for the feeder
        self._changes = asyncio.Event()  # for those who watch; replaced when set
        self._ends = asyncio.Event()  # the same, of the ends of batches alone
        self._pace = Rate()  # of items that were graded
        self._tasks: list[asyncio.Task[None]] = []  # that feed and renew

    # --- life ---

    async def start(self) -> None:
        """Goes on with the batches that run, and begins those that come."""
        await self._chunks.reopen()
        self._tasks = [asyncio.create_task(self._feed()), asyncio.create_task(self._renew())]

    def drain(self) -> None:
        """Begins no more items."""
        self._stopping = True

    async def stop(self) -> None:
        """Stops; items in flight are killed, and others may claim what this service leaves."""
        tasks = [*self._tasks, *(task for served in self._served.values() for task in served.tasks)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._outbox.stop()
        try:
            await self._chunks.release()
        except StoreFault as error:
            self._complain(error)

    def set_working(self, slots: int) -> None:
        """Says how many slots work."""
        self._working = slots
        self._outcomes.set_working(slots)
        self._news.set()

    def look(self) -> None:
        """Says that a batch was created."""
        self._news.set()

    def end(self, batch: Batch) -> None:
        """Says that a batch was cancelled: kills its items in flight."""
        self._end(batch.batch_id)

    def _end(self, batch_id: str) -> None:
        served = self._served.pop(batch_id, None)
        for task in served.tasks if served else ():
            task.cancel()
        self._tell(ended=True)

    # --- what watchers ask ---

    def running_count(self, batch_id: str) -> int:
        """How many items of a batch are in flight."""
        served = self._served.get(batch_id)
        return (len(served.tasks) if served else 0) + self._outbox.count(batch_id)

    def per_second(self, batch_id: str) -> float | None:
        """Results per second of a batch that runs; None when not known."""
        served = self._served.get(batch_id)
        return served.rate.per_second(self._clock.monotonic_ns()) if served else None

    @property
    def changes(self) -> asyncio.Event:
        """Set at the next result or end of any batch."""
        return self._changes

    @property
    def ends(self) -> asyncio.Event:
        """Set at the next end of any batch."""
        return self._ends

    # --- feeding ---

    async def _feed(self) -> None:
        while True:
            self._news.clear()
            try:
                await self._fill()
            except Exception as error:  # the feeder never ends
                self._complain(error)
                await asyncio.sleep(_STORE_PAUSE_S)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), _IDLE_S)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                for chunk in await self._chunks.renew():
                    await self._lose(chunk)
                await self._forget_ended()
            except Exception as error:  # without renewals all leases end
                self._complain(error)

    async def _lose(self, chunk: Chunk) -> None:
        """Goes on without a chunk that another service has claimed, or whose batch has ended."""
        batch = await self._store.batch(chunk.batch_id)
        served = self._served.get(chunk.batch_id)
        if batch is None or batch.state is not BatchState.RUNNING:
            self._end(chunk.batch_id)
        elif served is not None:
            lost = range(chunk.first_number, chunk.last_number + 1)
            served.waiting = deque(item for item in served.waiting if item.number not in lost)
        log.warning("a chunk was lost", batch=chunk.batch_id, first=chunk.first_number, last=chunk.last_number)

    async def _fill(self) -> None:
        """Begins items until as many are in flight as may be."""
        while self._flying() < self._limit() and self._outbox.has_room:
            found = await self._next()
            if found is None:
                break
            served, item = found
            task = asyncio.create_task(self._run(served, item))
            served.tasks.add(task)
            task.add_done_callback(partial(self._landed, served))
        if not self._flying():
            self._outbox.hurry()
        self._tell_gauges()

    async def _forget_ended(self) -> None:
        """Forgets batches that other services have finished."""
        idle = [name for name, served in self._served.items() if not served.tasks and not served.waiting]
        for name in idle:
            batch = await self._store.batch(name)
            if batch is None or batch.state is not BatchState.RUNNING:
                self._end(name)

    def _flying(self) -> int:
        return sum(len(served.tasks) for served in self._served.values())

    def _limit(self) -> int:
        return max(self._working - self._reserved, 1) + _SPARE if self._working and not self._stopping else 0

    async def _next(self) -> tuple[_Served, BatchItem] | None:
        """The next item, and the batch that it is of; None when no chunk can be claimed now."""
        while not self._stopping:
            for served in self._served.values():
                if served.waiting:
                    return served, served.waiting.popleft()
            per_second = self._pace.per_second(self._clock.monotonic_ns()) or 0.0
            taken = await self._intake.take(least=self._limit(), per_second=per_second)
            if taken is None:
                return None
            self._take(taken)
        return None

    def _take(self, taken: Taken) -> None:
        batch = taken.batch
        if batch is None:
            return
        if batch.state is BatchState.RUNNING:
            self._served.setdefault(batch.batch_id, _Served(batch)).waiting.extend(taken.waiting)
        if taken.finished_count:
            self._finished(batch, taken.finished_count)

    def _landed(self, served: _Served, task: asyncio.Task[None]) -> None:
        served.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an item was lost until the next start", batch=served.batch.batch_id, exc_info=error)
        self._news.set()

    # --- one item ---

    async def _run(self, served: _Served, item: BatchItem) -> None:
        outcome = await self._outcomes.of(item)
        if outcome is None:
            self.drain()
            served.waiting.appendleft(item)  # the service is stopping
            return
        self._pace.add(self._clock.monotonic_ns())
        self._outbox.add(Ended(batch_id=served.batch.batch_id, number=item.number, outcome=outcome))
        if self._chunks.suspect:
            self._outbox.hurry()

    async def _written(self, batch: Batch | None, batch_id: str, numbers: list[int]) -> None:
        """Takes note that results are in the store, or that their batch is gone."""
        self._news.set()
        try:
            await self._chunks.done(batch_id, numbers)
        except Exception as error:  # the chunk's lease ends, and whoever claims it finds nothing to do
            self._complain(error)
        if batch is None:
            self._served.pop(batch_id, None)
        else:
            self._finished(batch, len(numbers))

    def _finished(self, batch: Batch, count: int) -> None:
        """Takes note that items have results."""
        served = self._served.get(batch.batch_id)
        if served is not None:
            served.batch = batch
            for _ in range(min(count, RECENT)):
                served.rate.add(self._clock.monotonic_ns())
        if batch.state is not BatchState.RUNNING:
            self._served.pop(batch.batch_id, None)
            log.info("batch ended", batch=batch.batch_id, finished=batch.finished_count, failed=batch.failed_count)
        self._tell(ended=batch.state is not BatchState.RUNNING)

    # --- telling ---

    def _complain(self, error: Exception) -> None:
        """Tells of a fault of the store; of one that it does not say is its own, where it was as well."""
        self._observer.count("judge_store_faults_total", {"operation": "batch"})
        where = None if isinstance(error, StoreFault) else error
        log.error("the store failed", operation="batch", reason=str(error), exc_info=where)

    def _tell(self, *, ended: bool) -> None:
        self._changes.set()
        self._changes = asyncio.Event()
        if ended:
            self._ends.set()
            self._ends = asyncio.Event()
        self._tell_gauges()

    def _tell_gauges(self) -> None:
        batches = [served.batch for served in self._served.values()]
        running = self._flying() + sum(map(self._outbox.count, self._served))
        left = sum(batch.item_count - batch.done_count for batch in batches)
        counts = {
            "waiting": max(left - running, 0),
            "running": running,
            "finished": sum(batch.finished_count for batch in batches),
            "failed": sum(batch.failed_count for batch in batches),
        }
        for state, count in counts.items():
            self._observer.set("judge_batch_items", {"state": state}, count)
