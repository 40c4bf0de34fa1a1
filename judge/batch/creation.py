"""Creating a batch from a stream of items of any length: three chunks are in memory, and nothing runs before the end.

The creation is idempotent by its request id. One that broke left nothing that is seen, and is begun again. For one that
succeeded the stream is only read, and its digest compared: the same content gives the batch that there is.

Items whose work led to a report get that report with their creation; a batch that has nothing else ends with it.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from judge.errors import RequestConflict, SubmissionError
from judge.model.batch import Batch, BatchItem, BatchState, KnownItem
from judge.model.digest import digest_of
from judge.model.program import Program
from judge.ports import BatchStore, Clock, Observer

Named = Callable[[Sequence[BatchItem]], Awaitable[list[KnownItem]]]  # the items that may have been graded before

_CHUNK_ITEMS = 1024
_CHUNK_BYTES = 4 << 20
_ADDING = 2  # chunks on their way to the store


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """A batch before its items."""

    request_id: str
    display_name: str
    priority: int
    item_count: int  # 0: not known


@dataclass(frozen=True, kw_only=True, slots=True)
class NewItem:
    """An item as it comes."""

    item_id: str
    problem: str
    program: Program


class Creations:
    """Creates the batches of a store."""

    def __init__(self, store: BatchStore, clock: Clock, named: Named, observer: Observer) -> None:
        self._store = store
        self._clock = clock
        self._named = named
        self._observer = observer
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by request id

    async def create(self, header: Header, items: AsyncIterator[NewItem]) -> Batch:
        """Returns the batch, which runs or has run. Raises SubmissionError; then there is none."""
        lock = self._locks.setdefault(header.request_id, asyncio.Lock())
        async with lock:
            new = self._batch(header)
            begun = await self._store.begin_batch(new)
            if begun.batch_id != new.batch_id:
                return await _compared(header, begun, items)
            try:
                return await self._filled(header, new.batch_id, items)
            except BaseException:
                await asyncio.shield(self._store.drop_batch(new.batch_id))
                raise

    def _batch(self, header: Header) -> Batch:
        return Batch(
            batch_id=uuid.uuid4().hex,
            request_id=header.request_id,
            display_name=header.display_name,
            priority=header.priority,
            state=BatchState.CREATING,
            content="",
            item_count=0,
            finished_count=0,
            failed_count=0,
            create_unix_ns=self._clock.unix_ns(),
            end_unix_ns=None,
        )

    async def _filled(self, header: Header, batch_id: str, items: AsyncIterator[NewItem]) -> Batch:
        content = _Content(header)
        adding = _Adding(self._store, batch_id, self._named)
        try:
            async for item in items:
                number = content.add(item)
                await adding.add(
                    BatchItem(number=number, item_id=item.item_id, problem=item.problem, program=item.program)
                )
            known = await adding.end()
        finally:
            await adding.stop()
        self._observer.count("judge_cache_requests_total", {"result": "hit"}, known)
        count, digest = content.complete(), content.digest()
        try:
            return await self._store.start_batch(
                batch_id, item_count=count, content=digest, unix_ns=self._clock.unix_ns()
            )
        except KeyError:  # another service was asked, and dropped what it took for a broken creation
            found = f"{header.request_id!r} is being used by another call"
            raise RequestConflict("header.request_id", f"expected one creation at a time, found that {found}") from None


class _Adding:
    """Adds items to a batch in chunks; while the store takes two, the next one comes in."""

    def __init__(self, store: BatchStore, batch_id: str, named: Named) -> None:
        self._store = store
        self._batch_id = batch_id
        self._named = named
        self._chunk: list[BatchItem] = []
        self._size = 0  # bytes of programs in the chunk
        self._tasks: deque[asyncio.Task[int]] = deque()
        self._known = 0  # items that had reports

    async def add(self, item: BatchItem) -> None:
        """Adds an item. Raises SubmissionError, perhaps for an earlier one."""
        self._chunk.append(item)
        self._size += item.program.size_bytes
        if len(self._chunk) == _CHUNK_ITEMS or self._size >= _CHUNK_BYTES:
            await self._send()

    async def end(self) -> int:
        """Adds the last items; returns how many of all had reports."""
        if self._chunk:
            await self._send()
        await self._wait(0)
        return self._known

    async def stop(self) -> None:
        """Adds nothing more; what is being added is waited for."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self) -> None:
        chunk, self._chunk, self._size = self._chunk, [], 0
        known = await self._named(chunk)
        await self._wait(_ADDING - 1)
        self._tasks.append(asyncio.create_task(self._store.add_items(self._batch_id, chunk, known)))

    async def _wait(self, count: int) -> None:
        """Waits until at most so many chunks are being added."""
        while len(self._tasks) > count:
            self._known += await self._tasks.popleft()


class _Content:
    """The digest of a header and of the items that came."""

    def __init__(self, header: Header) -> None:
        self._expected = header.item_count
        self._count = 0
        self._hash = hashlib.sha256(digest_of([header.display_name, header.priority]).encode())

    def add(self, item: NewItem) -> int:
        """Adds an item; returns its number."""
        self._hash.update(digest_of([item.item_id, item.problem, item.program]).encode())
        self._count += 1
        return self._count

    def complete(self) -> int:
        """Returns how many came. Raises SubmissionError when it is another number than the header's, or none."""
        if not self._count:
            raise SubmissionError("item", "expected at least one item, found none")
        if self._expected and self._count != self._expected:
            raise SubmissionError("header.item_count", f"expected {self._expected} items, found {self._count}")
        return self._count

    def digest(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()


async def _compared(header: Header, batch: Batch, items: AsyncIterator[NewItem]) -> Batch:
    content = _Content(header)
    async for item in items:
        content.add(item)
    content.complete()
    if content.digest() != batch.content:
        raise RequestConflict("header.request_id", f"{header.request_id!r} was used before for other content")
    return batch
