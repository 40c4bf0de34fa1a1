"""BatchService: streams of items in, batches, their progress and their results out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from typing import Any, NoReturn

from google.protobuf import timestamp_pb2

from judge.api.v1 import batch_pb2, batch_pb2_grpc
from judge.batch.batches import Batches, Progress
from judge.batch.creation import Header, NewItem
from judge.errors import SubmissionError
from judge.model.batch import BatchItem, BatchState, ItemResult
from judge.model.report import Report
from judge.rpc import convert, validate
from judge.rpc.acceptance import Acceptance
from judge.rpc.interceptors import Context
from judge.rpc.status import Unimplemented, item_error
from judge.scheduling.admission import Priority
from judge.scheduling.gradings import Gradings
from judge.units import NANOSECONDS

_DEFAULT_PAGE = 100
_STATES = {
    BatchState.RUNNING: batch_pb2.BATCH_STATE_RUNNING,
    BatchState.SUCCEEDED: batch_pb2.BATCH_STATE_SUCCEEDED,
    BatchState.CANCELLED: batch_pb2.BATCH_STATE_CANCELLED,
}


class ItemGrading:
    """Grades the items of batches, behind everybody who waits."""

    def __init__(self, acceptance: Acceptance, gradings: Gradings) -> None:
        self._acceptance = acceptance
        self._gradings = gradings

    async def __call__(self, item: BatchItem, /) -> Report:
        """Returns the report. Raises JudgeError."""
        accepted = await self._acceptance.accept(item.problem, item.program, deadline_unix_ns=None, events=False)
        with self._gradings.join(
            accepted.request,
            request_id="",
            priority=Priority.BATCH,
            work=accepted.work,
            lasting=accepted.lasting,
            memory_bytes=accepted.memory_bytes,
        ) as grading:
            return await grading.report()


def _later(name: str) -> Callable[[Any, Any, Context], Coroutine[Any, Any, NoReturn]]:
    async def refuse(_self: Any, _request: Any, _context: Context) -> NoReturn:
        raise Unimplemented(f"BatchService.{name} is not implemented yet")

    return refuse


class BatchServicer(batch_pb2_grpc.BatchServiceServicer):
    """Batches over gRPC."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    async def Create(
        self, request_iterator: AsyncIterator[batch_pb2.CreateBatchRequest], context: Context
    ) -> batch_pb2.CreateBatchResponse:
        """Creates a batch from a header and its items."""
        first = await anext(request_iterator, None)
        if first is None or first.WhichOneof("part") != "header":
            found = "nothing" if first is None else first.WhichOneof("part") or "neither"
            raise SubmissionError("header", f"expected a header as the first message, found {found}")
        validate.check_batch_header(first.header)
        header = Header(
            request_id=first.header.request_id,
            display_name=first.header.display_name,
            priority=first.header.priority,
            item_count=first.header.item_count,
        )
        progress = await self._batches.create(header, _items(request_iterator))
        return batch_pb2.CreateBatchResponse(batch=_batch(progress))

    async def List(self, request: batch_pb2.ListBatchesRequest, context: Context) -> batch_pb2.ListBatchesResponse:
        """A page of batches."""
        validate.check_batch_request(request)
        limit = request.page_size or _DEFAULT_PAGE
        found = await self._batches.latest(limit=limit + 1, after=request.page_token)
        more = len(found) > limit
        return batch_pb2.ListBatchesResponse(
            batches=map(_batch, found[:limit]), next_page_token=found[limit - 1].batch.batch_id if more else ""
        )

    async def Get(self, request: batch_pb2.GetBatchRequest, context: Context) -> batch_pb2.GetBatchResponse:
        """A batch's state."""
        validate.check_batch_request(request)
        return batch_pb2.GetBatchResponse(batch=_batch(await self._batches.get(request.batch_id)))

    async def Watch(self, request: batch_pb2.WatchBatchRequest, context: Context) -> None:
        """A batch's changes, to its end."""
        validate.check_batch_request(request)
        if request.after_position < 0:
            raise SubmissionError("after_position", f"expected 0 or more, found {request.after_position}")
        changes = self._batches.watch(
            request.batch_id, with_results=request.include_results, after=request.after_position
        )
        async with aclosing(changes):  # type: ignore[type-var]
            async for change in changes:
                await context.write(_change(change))

    async def ListResults(
        self, request: batch_pb2.ListBatchResultsRequest, context: Context
    ) -> batch_pb2.ListBatchResultsResponse:
        """A page of results."""
        validate.check_batch_request(request)
        limit = request.page_size or _DEFAULT_PAGE
        after = validate.check_position("page_token", request.page_token)
        batch, found = await self._batches.results(request.batch_id, after=after, limit=limit)
        last = found[-1].position if found else after
        more = batch.state is BatchState.RUNNING or last < batch.done_count
        return batch_pb2.ListBatchResultsResponse(
            results=[_result(result, request.view) for result in found], next_page_token=str(last) if more else ""
        )

    async def Cancel(self, request: batch_pb2.CancelBatchRequest, context: Context) -> batch_pb2.CancelBatchResponse:
        """Cancels what has no result."""
        validate.check_batch_request(request)
        return batch_pb2.CancelBatchResponse(batch=_batch(await self._batches.cancel(request.batch_id)))

    Rejudge = _later("Rejudge")
    Diff = _later("Diff")
    Apply = _later("Apply")
    Drop = _later("Drop")


async def _items(requests: AsyncIterator[batch_pb2.CreateBatchRequest]) -> AsyncIterator[NewItem]:
    async for request in requests:
        if request.WhichOneof("part") != "item":
            raise SubmissionError("item", f"expected an item, found {request.WhichOneof('part') or 'neither'}")
        item = request.item
        validate.check_batch_item(item)
        yield NewItem(item_id=item.item_id, problem=item.problem, program=convert.program_from_proto(item.program))


def _change(change: Progress | ItemResult) -> batch_pb2.WatchBatchResponse:
    if isinstance(change, Progress):
        return batch_pb2.WatchBatchResponse(batch=_batch(change))
    return batch_pb2.WatchBatchResponse(result=_result(change, convert.FULL), position=change.position)


def _result(result: ItemResult, view: int) -> batch_pb2.BatchResult:
    if isinstance(result.outcome, Report):
        report = convert.report_to_proto(result.outcome, view)
        return batch_pb2.BatchResult(item_id=result.item_id, report=report)
    return batch_pb2.BatchResult(item_id=result.item_id, error=item_error(result.outcome))


def _batch(progress: Progress) -> batch_pb2.Batch:
    batch = progress.batch
    return batch_pb2.Batch(
        batch_id=batch.batch_id,
        display_name=batch.display_name,
        state=_STATES[batch.state],
        create_time=_time(batch.create_unix_ns),
        end_time=None if batch.end_unix_ns is None else _time(batch.end_unix_ns),
        progress=_progress(progress),
        priority=batch.priority,
    )


def _progress(progress: Progress) -> batch_pb2.BatchProgress:
    remaining_s = progress.remaining_s
    return batch_pb2.BatchProgress(
        waiting_count=progress.waiting_count,
        running_count=progress.running_count,
        finished_count=progress.batch.finished_count,
        failed_count=progress.batch.failed_count,
        cancelled_count=progress.cancelled_count,
        items_per_second=progress.items_per_second,
        remaining_time=None if remaining_s is None else convert.duration_of(int(remaining_s * NANOSECONDS)),
    )


def _time(unix_ns: int) -> timestamp_pb2.Timestamp:
    return timestamp_pb2.Timestamp(seconds=unix_ns // NANOSECONDS, nanos=unix_ns % NANOSECONDS)
