"""The calls of BatchService, as ``JudgeClient.batches``.

A creation is idempotent by its request id: after ``Unavailable`` the same call may be made again. ``watch`` goes on by
itself after the connection was lost, from the result after the last one, so each result comes once, also when the
service was started again meanwhile.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from itertools import count
from typing import Any

import grpc

from judge.api.v1 import batch_pb2
from judge.client.batches import (
    BatchResult,
    BatchStatus,
    Diff,
    NewItem,
    Rejudging,
    change_of,
    items_to_proto,
    rejudging_of,
    result_of,
    status_of,
    transition_of,
)
from judge.client.errors import ClientError, Unavailable, error_of
from judge.model.verdict import Verdict
from judge.rpc import convert

Call = Callable[[Callable[[float | None], Awaitable[Any]], float | None], Awaitable[Any]]

_CHUNK_ITEMS = 128
_CHUNK_BYTES = 1 << 20  # of programs in one message
_PAGE = 1000
_PAUSE_S, _PAUSE_MAX_S = 0.1, 2.0  # before a lost stream is begun again


class BatchCalls:
    """Batches of a service; ``JudgeClient`` makes it."""

    def __init__(self, stub: Any, call: Call, attempts: int) -> None:
        self._stub = stub
        self._call = call
        self._attempts = attempts

    async def create(
        self,
        items: Iterable[NewItem] | AsyncIterable[NewItem],
        *,
        request_id: str | None = None,
        display_name: str = "",
        priority: int = 0,
        item_count: int = 0,
        timeout_s: float | None = None,
    ) -> BatchStatus:
        """Creates a batch; ``request_id`` is by default a new one. Raises ClientError, then nothing was created."""
        header = batch_pb2.BatchHeader(
            request_id=request_id or uuid.uuid4().hex,
            display_name=display_name,
            priority=priority,
            item_count=item_count,
        )
        parts = _Parts(header, items)
        try:
            response = await self._stub.Create(parts.messages(), timeout=timeout_s)
        except grpc.aio.AioRpcError as failure:
            raise error_of(failure) from failure
        except asyncio.CancelledError:
            if parts.error is not None:  # gRPC cancels the call for it
                raise parts.error from None
            raise
        return status_of(response.batch)

    async def get(self, batch_id: str, *, timeout_s: float | None = None) -> BatchStatus:
        """Returns a batch. Raises NotFound."""
        request = batch_pb2.GetBatchRequest(batch_id=batch_id)
        return status_of((await self._unary(self._stub.Get, request, timeout_s)).batch)

    async def list(self, *, limit: int = 100, timeout_s: float | None = None) -> list[BatchStatus]:
        """Returns the latest batches, rejudgings among them, the latest first."""
        found: list[BatchStatus] = []
        token = ""
        while len(found) < limit:
            request = batch_pb2.ListBatchesRequest(page_size=min(_PAGE, limit - len(found)), page_token=token)
            response = await self._unary(self._stub.List, request, timeout_s)
            found += map(status_of, response.batches)
            token = response.next_page_token
            if not token:
                break
        return found

    async def watch(
        self, batch_id: str, *, results: bool = True, after_position: int = 0
    ) -> AsyncGenerator[BatchStatus | BatchResult]:
        """Yields the batch, then its results, if they are wanted, and its changes as they come, to its end."""
        failures = 0
        while True:
            request = batch_pb2.WatchBatchRequest(
                batch_id=batch_id, include_results=results, after_position=after_position
            )
            stream = self._stub.Watch(request)
            try:
                async for answer in stream:
                    failures = 0
                    after_position = answer.position or after_position
                    yield result_of(answer.result) if answer.position else status_of(answer.batch)
                return
            except grpc.aio.AioRpcError as failure:
                failures += 1
                _raise_unless_lost(error_of(failure), failures < self._attempts)
            finally:
                stream.cancel()
            await asyncio.sleep(min(_PAUSE_S * 2**failures, _PAUSE_MAX_S))

    async def results(
        self, batch_id: str, *, view: int = convert.FULL, timeout_s: float | None = None
    ) -> AsyncGenerator[BatchResult]:
        """Yields the results that there are, in the order in which they finished."""
        token = ""
        while True:
            request = batch_pb2.ListBatchResultsRequest(batch_id=batch_id, page_token=token, view=view)  # type: ignore[arg-type]
            response = await self._unary(self._stub.ListResults, request, timeout_s)
            for result in response.results:
                yield result_of(result)
            token = response.next_page_token
            if not token or not response.results:
                return

    async def cancel(self, batch_id: str, *, timeout_s: float | None = None) -> BatchStatus:
        """Cancels what has no result."""
        request = batch_pb2.CancelBatchRequest(batch_id=batch_id)
        return status_of((await self._unary(self._stub.Cancel, request, timeout_s)).batch)

    async def rejudge(
        self,
        batch_id: str,
        *,
        request_id: str | None = None,
        problems: Iterable[str] = (),
        verdicts: Iterable[Verdict | None] = (),
        item_ids: Iterable[str] = (),
        timeout_s: float | None = None,
    ) -> Rejudging:
        """Begins to grade a batch's items again: those that all three admit, where an empty one admits all."""
        request = batch_pb2.RejudgeBatchRequest(
            batch_id=batch_id,
            request_id=request_id or uuid.uuid4().hex,
            problems=problems,
            verdicts=[convert.verdict_to_proto(v) if v else "VERDICT_UNSPECIFIED" for v in verdicts],
            item_ids=item_ids,
        )
        return rejudging_of((await self._unary(self._stub.Rejudge, request, timeout_s)).rejudging)

    async def diff(self, rejudging_id: str, *, timeout_s: float | None = None) -> Diff:
        """Returns what a rejudging changes."""
        numbers = count(1)
        request = batch_pb2.DiffRejudgeRequest(rejudging_id=rejudging_id, page_size=_PAGE)
        first = answer = await self._unary(self._stub.Diff, request, timeout_s)
        changes = [change_of(next(numbers), change) for change in answer.changes]
        while answer.next_page_token:
            request.page_token = answer.next_page_token
            answer = await self._unary(self._stub.Diff, request, timeout_s)
            changes += [change_of(next(numbers), change) for change in answer.changes]
        return Diff(
            rejudging=rejudging_of(first.rejudging),
            transitions=tuple(map(transition_of, first.transitions)),
            changes=tuple(changes),
        )

    async def apply(self, rejudging_id: str, *, timeout_s: float | None = None) -> BatchStatus:
        """Makes a rejudging's results the batch's; returns the batch."""
        request = batch_pb2.ApplyRejudgeRequest(rejudging_id=rejudging_id)
        return status_of((await self._unary(self._stub.Apply, request, timeout_s)).batch)

    async def drop(self, rejudging_id: str, *, timeout_s: float | None = None) -> None:
        """Forgets a rejudging that is not applied."""
        await self._unary(self._stub.Drop, batch_pb2.DropRejudgeRequest(rejudging_id=rejudging_id), timeout_s)

    async def _unary(self, method: Any, request: Any, timeout_s: float | None) -> Any:
        async def call(left_s: float | None) -> Any:
            return await method(request, timeout=left_s)

        return await self._call(call, timeout_s)


class _Parts:
    """The messages of a creation."""

    def __init__(self, header: batch_pb2.BatchHeader, items: Iterable[NewItem] | AsyncIterable[NewItem]) -> None:
        self.error: Exception | None = None  # that ``items`` raised
        self._header = header
        self._items = items

    async def messages(self) -> AsyncGenerator[batch_pb2.CreateBatchRequest]:
        """Yields the header, then the items, several together."""
        yield batch_pb2.CreateBatchRequest(header=self._header)
        chunk: list[NewItem] = []
        size = 0
        try:
            async for item in _each(self._items):
                if chunk and (len(chunk) == _CHUNK_ITEMS or size + item.program.size_bytes > _CHUNK_BYTES):
                    yield items_to_proto(chunk)
                    chunk, size = [], 0
                chunk.append(item)
                size += item.program.size_bytes
        except Exception as error:
            self.error = error
            raise
        if chunk:
            yield items_to_proto(chunk)


async def _each(items: Iterable[NewItem] | AsyncIterable[NewItem]) -> AsyncGenerator[NewItem]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


def _raise_unless_lost(error: ClientError, again: bool) -> None:
    if not isinstance(error, Unavailable) or not again:
        raise error
