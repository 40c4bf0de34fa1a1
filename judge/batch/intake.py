"""Chunks of the queue become items that wait for a slot; what is known, or stands in everybody's way, does not.

An item whose work led to a report gets that report without being graded. A chunk that was claimed too often has ended
its services: it is split, down to the one item that is to blame, which gets a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from judge.batch.chunks import ATTEMPTS, Chunks
from judge.batch.outcomes import Grade
from judge.errors import InfrastructureError, JudgeError
from judge.model.batch import Batch, BatchItem, Chunk, ItemFailure
from judge.ports import BatchStore, Clock, JobQueue, Observer

log = structlog.get_logger()

_CHUNK_MAX = 512  # items
_CHUNK_S = 1.0  # of work in a chunk, by the latest results
_KNOWN_MAX = 128  # items of a chunk that follows one of which all were known


class RunnerStore(BatchStore, JobQueue, Protocol):
    """Where items come from and results go to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a chunk."""

    batch: Batch | None  # None when it is gone
    waiting: list[BatchItem]
    finished_count: int  # items that have got results


class Intake:
    """Claims chunks. Used from one event loop."""

    def __init__(
        self,
        store: RunnerStore,
        chunks: Chunks,
        grade: Grade,
        describe: Callable[[JudgeError], ItemFailure],
        clock: Clock,
        observer: Observer,
    ) -> None:
        self._store = store
        self._chunks = chunks
        self._grade = grade
        self._describe = describe
        self._clock = clock
        self._observer = observer
        self._known = 0  # items of the latest chunk, when all of them were known

    async def take(self, *, least: int, per_second: float) -> Taken | None:
        """Claims a chunk of about a second of work, at least so many items; None when there is none."""
        if not await self._store.running_batches():
            return None
        known = min(2 * self._known, _KNOWN_MAX)
        chunk = await self._chunks.claim(min(max(int(per_second * _CHUNK_S), least, known), _CHUNK_MAX))
        return None if chunk is None else await self._opened(chunk)

    async def _opened(self, chunk: Chunk) -> Taken:
        items = await self._items_of(chunk)
        if chunk.attempt > ATTEMPTS and items:
            log.error("a chunk was claimed too often", batch=chunk.batch_id, items=len(items), attempt=chunk.attempt)
            return await (self._split(chunk, items) if len(items) > 1 else self._given_up(chunk, items[0]))
        batch, known = await self._recalled(chunk, items)
        left = [item for item in items if item.number not in known]
        self._known = 0 if left else len(items)
        new = await self._chunks.hold(chunk, {item.number for item in left})
        waiting = [item for item in left if item.number in new]
        return Taken(batch=batch, waiting=waiting, finished_count=len(known))

    async def _recalled(self, chunk: Chunk, items: list[BatchItem]) -> tuple[Batch | None, set[int]]:
        """Gives the items whose work is known their reports; returns their numbers."""
        known = await self._grade.recall(items)
        if not known:
            return await self._store.batch(chunk.batch_id), set()
        batch, taken = await self._store.finish_known(chunk.batch_id, known, unix_ns=self._clock.unix_ns())
        self._observer.count("judge_cache_requests_total", {"result": "hit"}, len(taken))
        return batch, taken

    async def _items_of(self, chunk: Chunk) -> list[BatchItem]:
        items: list[BatchItem] = []
        after = chunk.first_number - 1
        while after < chunk.last_number:
            limit = chunk.last_number - after
            page = await self._store.waiting_items(chunk.batch_id, after=after, limit=limit)
            items += [item for item in page if item.number <= chunk.last_number]
            after = page[-1].number if page else chunk.last_number
        return items

    async def _split(self, chunk: Chunk, items: list[BatchItem]) -> Taken:
        await self._chunks.split(chunk, items[len(items) // 2].number)
        return Taken(batch=await self._store.batch(chunk.batch_id), waiting=[], finished_count=0)

    async def _given_up(self, chunk: Chunk, item: BatchItem) -> Taken:
        message = f"{chunk.attempt - 1} times the service ended while it graded this item"
        failure = self._describe(InfrastructureError(message))
        batch, _ = await self._store.finish_items(chunk.batch_id, {item.number: failure}, unix_ns=self._clock.unix_ns())
        await self._chunks.hold(chunk, set())
        return Taken(batch=batch, waiting=[], finished_count=1)
