"""The batches of a service: items go from the store to the gradings, results go back.

Never more items are in flight than slots that batches may use, and two: those keep the slots busy while a result is
being stored, and wait in the batches' own queue. Everybody else's queue is untouched by a batch of any length. Batches
are served one after the other, by priority and age; the next one fills what the one before leaves free at its end.

That an item runs is known in memory alone. When the process dies, its items wait again in the store and are graded
again by the next one; a result is taken once, whoever brings it. A fault of one item is that item's failure; a service
without a slot that works, or that is full or stopping, is nobody's: the item waits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import structlog

from judge.batch.rate import Rate
from judge.errors import EnvironmentFault, InfrastructureError, JudgeError, Overloaded, StoreFault
from judge.model.batch import Batch, BatchItem, BatchState, ItemFailure, KnownItem
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.ports import BatchStore, Clock, Observer
from judge.scheduling.admission import Draining

log = structlog.get_logger()

_SPARE = 2  # items in flight above the slots
_AHEAD = 128  # items read from the store at a time
_STORE_PAUSE_S = 1.0  # before what the store could not do is tried again
_BORROWED = ("cached", "shared")  # phases of a report that repeats another one


class Grade(Protocol):
    """Grades items at the batches' priority."""

    def __call__(self, item: BatchItem, /) -> Awaitable[Report]:
        """Returns the report. Raises JudgeError."""
        ...

    async def recall(self, items: Sequence[BatchItem]) -> list[KnownItem]:
        """Returns those that may have been graded before, for the store to say which were."""
        ...


@dataclass(slots=True)
class _Served:
    """A batch that runs."""

    batch: Batch
    waiting: deque[BatchItem] = field(default_factory=deque)  # read from the store
    last_number: int = 0  # of the items that were read
    tasks: set[asyncio.Task[None]] = field(default_factory=set)  # of items in flight
    rate: Rate = field(default_factory=Rate)
    exhausted: bool = False  # whether the store has no more items that wait


class Runner:
    """Runs the batches of a store. Used from one event loop."""

    def __init__(
        self,
        store: BatchStore,
        grade: Grade,
        describe: Callable[[JudgeError], ItemFailure],
        clock: Clock,
        observer: Observer,
        *,
        reserved_slots: int,
    ) -> None:
        self._store = store
        self._grade = grade
        self._describe = describe
        self._clock = clock
        self._observer = observer
        self._reserved = reserved_slots
        self._working = 0
        self._epoch = 0  # how often ``_working`` was told
        self._alive = asyncio.Event()  # set while a slot works
        self._stopping = False
        self._unread = True  # whether the store may have batches that are not served yet
        self._served: dict[str, _Served] = {}  # by batch id, in the order in which they are served
        self._news = asyncio.Event()  # for the feeder
        self._changes = asyncio.Event()  # for those who watch; replaced when set
        self._feeder: asyncio.Task[None] | None = None

    # --- life ---

    async def start(self) -> None:
        """Goes on with the batches that run, and begins those that come."""
        self._feeder = asyncio.create_task(self._feed(), name="batches")

    def drain(self) -> None:
        """Begins no more items."""
        self._stopping = True

    async def stop(self) -> None:
        """Stops; items in flight are killed and wait again."""
        tasks = [task for served in self._served.values() for task in served.tasks]
        for task in [*tasks, *([self._feeder] if self._feeder else [])]:
            task.cancel()
        await asyncio.gather(*tasks, *([self._feeder] if self._feeder else []), return_exceptions=True)

    def set_working(self, slots: int) -> None:
        """Says how many slots work."""
        self._working = slots
        self._epoch += 1
        self._alive.set() if slots else self._alive.clear()
        self._news.set()

    def look(self) -> None:
        """Says that a batch was created."""
        self._unread = True
        self._news.set()

    def end(self, batch: Batch) -> None:
        """Says that a batch was cancelled: kills its items in flight."""
        served = self._served.pop(batch.batch_id, None)
        for task in served.tasks if served else ():
            task.cancel()
        self._tell()

    # --- what watchers ask ---

    def running_count(self, batch_id: str) -> int:
        """How many items of a batch are in flight."""
        served = self._served.get(batch_id)
        return len(served.tasks) if served else 0

    def per_second(self, batch_id: str) -> float | None:
        """Results per second of a batch that runs; None when not known."""
        served = self._served.get(batch_id)
        return served.rate.per_second(self._clock.monotonic_ns()) if served else None

    @property
    def changes(self) -> asyncio.Event:
        """Set at the next result or end of any batch."""
        return self._changes

    # --- feeding ---

    async def _feed(self) -> None:
        while True:
            self._news.clear()
            try:
                await self._fill()
            except StoreFault as error:
                self._complain(error)
                await asyncio.sleep(_STORE_PAUSE_S)
                continue
            await self._news.wait()

    async def _fill(self) -> None:
        """Begins items until as many are in flight as may be."""
        while self._flying() < self._limit():
            if self._unread:
                await self._read_batches()
            found = await self._next()
            if found is None:
                return
            served, item = found
            task = asyncio.create_task(self._run(served, item))
            served.tasks.add(task)
            task.add_done_callback(partial(self._landed, served))
            self._tell_gauges()

    def _flying(self) -> int:
        return sum(len(served.tasks) for served in self._served.values())

    def _limit(self) -> int:
        return max(self._working - self._reserved, 1) + _SPARE if self._working and not self._stopping else 0

    async def _read_batches(self) -> None:
        self._unread = False
        batches = await self._store.running_batches()
        known = self._served
        self._served = {batch.batch_id: known.get(batch.batch_id) or _Served(batch) for batch in batches}

    async def _next(self) -> tuple[_Served, BatchItem] | None:
        for batch_id, served in list(self._served.items()):
            while not served.waiting and not served.exhausted and not self._stopping:
                await self._read_items(served)
            if served.waiting and batch_id in self._served:
                return served, served.waiting.popleft()
        return None

    async def _read_items(self, served: _Served) -> None:
        """Reads the next items; those whose work is known get their reports at once, and only the others wait."""
        batch_id = served.batch.batch_id
        page = await self._store.waiting_items(batch_id, after=served.last_number, limit=_AHEAD)
        taken: set[int] = set()
        if known := await self._grade.recall(page):
            now_ns = self._clock.unix_ns()
            batch, taken = await self._store.finish_known(batch_id, known, unix_ns=now_ns)
            self._observer.count("judge_cache_requests_total", {"result": "hit"}, len(taken))
            if taken and batch is not None:
                self._finished(served, batch)
        served.waiting.extend(item for item in page if item.number not in taken)
        served.last_number = page[-1].number if page else served.last_number
        served.exhausted = not page

    def _landed(self, served: _Served, task: asyncio.Task[None]) -> None:
        served.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an item was lost until the next start", batch=served.batch.batch_id, exc_info=error)
        self._news.set()
        self._tell_gauges()

    # --- one item ---

    async def _run(self, served: _Served, item: BatchItem) -> None:
        outcome = await self._outcome(item)
        if outcome is None:
            served.waiting.appendleft(item)  # the service is stopping
            return
        batch_id = served.batch.batch_id
        while True:
            try:
                now_ns = self._clock.unix_ns()
                batch, _ = await self._store.finish_item(batch_id, item.number, outcome, unix_ns=now_ns)
                break
            except StoreFault as error:
                self._complain(error)
                await asyncio.sleep(_STORE_PAUSE_S)
            except KeyError:  # a rejudging that was dropped
                self._served.pop(batch_id, None)
                return
        self._finished(served, batch)

    def _finished(self, served: _Served, batch: Batch) -> None:
        """Takes note that items have results."""
        served.batch = batch
        served.rate.add(self._clock.monotonic_ns())
        if batch.state is not BatchState.RUNNING:
            self._served.pop(batch.batch_id, None)
            log.info("batch ended", batch=batch.batch_id, finished=batch.finished_count, failed=batch.failed_count)
        self._tell()

    async def _outcome(self, item: BatchItem) -> Report | ItemFailure | None:
        """What becomes of an item; None when the service is stopping."""
        while True:
            epoch = self._epoch
            try:
                return _kept(await self._grade(item))
            except Draining:
                self.drain()
                return None
            except Overloaded as error:
                await asyncio.sleep(error.retry_after_s)
            except EnvironmentFault as error:
                if self._working and epoch == self._epoch:  # it is the item's: no slot was lost or won meanwhile
                    return self._describe(error)
                await self._alive.wait()
            except JudgeError as error:
                return self._describe(error)
            except Exception as error:
                log.error("an item could not be graded", item=item.item_id, exc_info=error)
                return self._describe(InfrastructureError("internal error"))

    # --- telling ---

    def _complain(self, error: StoreFault) -> None:
        self._observer.count("judge_store_faults_total", {"operation": "batch"})
        log.error("the store failed", operation="batch", reason=str(error))

    def _tell(self) -> None:
        self._changes.set()
        self._changes = asyncio.Event()
        self._tell_gauges()

    def _tell_gauges(self) -> None:
        batches = [served.batch for served in self._served.values()]
        running = self._flying()
        left = sum(batch.item_count - batch.done_count for batch in batches)
        counts = {
            "waiting": max(left - running, 0),
            "running": running,
            "finished": sum(batch.finished_count for batch in batches),
            "failed": sum(batch.failed_count for batch in batches),
        }
        for state, count in counts.items():
            self._observer.set("judge_batch_items", {"state": state}, count)


def _kept(report: Report) -> Report | ItemFailure:
    """Returns what is kept of a report: one that repeats another is that one, and a fault of ours is a failure."""
    if report.verdict is Verdict.JUDGE_ERROR:
        return ItemFailure(reason="JUDGE_ERROR", message=report.message)
    own = tuple(phase for phase in report.phases if phase.name not in _BORROWED)
    return report if len(own) == len(report.phases) else replace(report, phases=own)
