"""The batches of a service, as its border uses them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from judge.batch.creation import Creations, Header, NewItem
from judge.batch.runner import Runner
from judge.errors import UnknownBatch
from judge.model.batch import Batch, BatchState, ItemResult
from judge.ports import BatchStore, Clock

_PAUSE_S = 0.2  # between two looks of one who watches, unless a batch ends
_OTHERS_S = 1.0  # until it looks for what other services did
_PAGE = 64  # results that one who watches gets at a time


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """A batch and what only the running service knows of it."""

    batch: Batch
    running_count: int
    items_per_second: float | None

    @property
    def waiting_count(self) -> int:
        """Items that neither run nor have a result."""
        left = self.batch.item_count - self.batch.done_count
        return max(left - self.running_count, 0) if self.batch.state is BatchState.RUNNING else 0

    @property
    def cancelled_count(self) -> int:
        """Items that never get a result."""
        return self.batch.item_count - self.batch.done_count if self.batch.state is BatchState.CANCELLED else 0

    @property
    def remaining_s(self) -> float | None:
        """When the rest would be finished at that rate, in seconds."""
        return (self.waiting_count + self.running_count) / self.items_per_second if self.items_per_second else None


class Batches:
    """Creates, tells of and cancels batches."""

    def __init__(self, store: BatchStore, runner: Runner, creations: Creations, clock: Clock) -> None:
        self._store = store
        self._runner = runner
        self._creations = creations
        self._clock = clock

    async def create(self, header: Header, items: AsyncIterator[NewItem]) -> Progress:
        """Creates a batch, or gives the one that the same request created. Raises SubmissionError."""
        batch = await self._creations.create(header, items)
        self._runner.look()
        return self._progress(batch)

    async def get(self, batch_id: str) -> Progress:
        """A batch. Raises UnknownBatch."""
        batch = await self._store.batch(batch_id)
        if batch is None:
            raise _unknown(batch_id)
        return self._progress(batch)

    async def latest(self, *, limit: int, after: str) -> list[Progress]:
        """Batches, the latest first."""
        return [self._progress(batch) for batch in await self._store.batches(limit=limit, after=after)]

    async def results(self, batch_id: str, *, after: int, limit: int) -> tuple[Batch, list[ItemResult]]:
        """A batch as it was before, and results by position. Raises UnknownBatch."""
        batch = (await self.get(batch_id)).batch
        return batch, await self._store.results(batch_id, after=after, limit=limit)

    async def cancel(self, batch_id: str) -> Progress:
        """Cancels what has no result. Raises UnknownBatch."""
        batch = await self._store.cancel_batch(batch_id, unix_ns=self._clock.unix_ns())
        if batch is None:
            raise _unknown(batch_id)
        self._runner.end(batch)
        return self._progress(batch)

    async def watch(self, batch_id: str, *, with_results: bool, after: int) -> AsyncIterator[Progress | ItemResult]:
        """Yields the batch, then its results and changes as they come, to its end. Raises UnknownBatch."""
        seen: Progress | None = None
        while True:
            changes, ends = self._runner.changes, self._runner.ends
            progress = await self.get(batch_id)
            if seen is None:
                yield progress
            async for result in self._results_until(batch_id, after, progress.batch.done_count if with_results else 0):
                after = result.position
                yield result
            if seen is not None and progress != seen:
                yield progress
            elif seen is None and with_results and progress.batch.state is not BatchState.RUNNING:
                yield progress  # the end comes last
            if progress.batch.state is not BatchState.RUNNING:
                return
            seen = progress
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changes.wait(), _OTHERS_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ends.wait(), _PAUSE_S)

    async def _results_until(self, batch_id: str, after: int, last: int) -> AsyncIterator[ItemResult]:
        while after < last:
            page = await self._store.results(batch_id, after=after, limit=min(_PAGE, last - after))
            if not page:
                return
            for result in page:
                yield result
            after = page[-1].position

    def _progress(self, batch: Batch) -> Progress:
        running = batch.state is BatchState.RUNNING
        return Progress(
            batch=batch,
            running_count=self._runner.running_count(batch.batch_id) if running else 0,
            items_per_second=self._runner.per_second(batch.batch_id) if running else None,
        )


def _unknown(batch_id: str) -> UnknownBatch:
    return UnknownBatch("batch_id", f"there is no batch {batch_id!r}")
