"""BatchService: streams of items in, batches, their progress and their results out."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from judge.api.v1 import batch_pb2, batch_pb2_grpc
from judge.batch.batches import Batches, Progress
from judge.batch.creation import Header, NewItem
from judge.batch.rejudgings import Rejudgings
from judge.errors import Cancelled, JudgeError, SubmissionError
from judge.model.batch import BatchItem, BatchState, ItemResult, KnownItem
from judge.model.program import Program
from judge.model.report import Report
from judge.rpc import convert, validate
from judge.rpc.acceptance import Acceptance
from judge.rpc.convert_batch import batch_to_proto, result_to_proto
from judge.rpc.interceptors import Context
from judge.rpc.rejudgings import RejudgingMethods
from judge.scheduling.admission import Priority
from judge.scheduling.gradings import Gradings

_DEFAULT_PAGE = 100
_ID_BYTES = 16  # of a submission
Namer = Callable[[Program], str]


class ItemGrading:
    """Grades the items of batches, behind everybody who waits; ``repeat``: what was graded before is not run again."""

    def __init__(self, acceptance: Acceptance, gradings: Gradings, *, repeat: bool) -> None:
        self._acceptance = acceptance
        self._gradings = gradings
        self._repeat = repeat
        self._asked: set[str] = set()  # works of the latest items that were recalled: the store need not be asked again

    async def __call__(self, item: BatchItem, /) -> Report:
        """Returns the report. Raises JudgeError."""
        accepted = await self._acceptance.accept(item.problem, item.program, deadline_unix_ns=None, events=False)
        lasting = accepted.lasting
        if lasting is not None and lasting.work in self._asked:
            lasting = replace(lasting, asked=True)
        with self._gradings.join(
            accepted.request,
            request_id="",
            priority=Priority.BATCH,
            work=accepted.work,
            lasting=lasting,
            memory_bytes=accepted.memory_bytes,
        ) as grading:
            return await grading.report()

    async def recall(self, items: Sequence[BatchItem]) -> list[KnownItem]:
        """Those that may have been graded before; of the others the store is not asked again."""
        known = await self.named(items)
        self._asked = {item.work for item in known}
        return known

    async def named(self, items: Sequence[BatchItem]) -> list[KnownItem]:
        """Those that may have been graded before."""
        known: list[KnownItem] = []
        ids = secrets.token_hex(_ID_BYTES * len(items))  # one call of the system for all
        namers: dict[tuple[str, str], Namer | None] = {}  # a page has few problems
        for at, item in enumerate(items if self._repeat else ()):
            key = item.problem, item.program.language
            if key not in namers:
                namers[key] = await self._namer(*key)
            if (namer := namers[key]) is not None:
                submission_id = ids[2 * _ID_BYTES * at :][: 2 * _ID_BYTES]
                known.append(KnownItem(number=item.number, work=namer(item.program), submission_id=submission_id))
        return known

    async def _namer(self, slug: str, language: str) -> Namer | None:
        try:
            return await self._acceptance.namer(slug, language)
        except JudgeError:
            return None  # the gradings will say what is wrong


class BatchServicer(RejudgingMethods, batch_pb2_grpc.BatchServiceServicer):
    """Batches over gRPC."""

    def __init__(self, batches: Batches, rejudgings: Rejudgings) -> None:
        super().__init__(rejudgings)
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
        progress = await self._batches.create(header, _items(request_iterator, context))
        return batch_pb2.CreateBatchResponse(batch=batch_to_proto(progress))

    async def List(self, request: batch_pb2.ListBatchesRequest, context: Context) -> batch_pb2.ListBatchesResponse:
        """A page of batches."""
        validate.check_batch_request(request)
        limit = request.page_size or _DEFAULT_PAGE
        found = await self._batches.latest(limit=limit + 1, after=request.page_token)
        more = len(found) > limit
        return batch_pb2.ListBatchesResponse(
            batches=map(batch_to_proto, found[:limit]), next_page_token=found[limit - 1].batch.batch_id if more else ""
        )

    async def Get(self, request: batch_pb2.GetBatchRequest, context: Context) -> batch_pb2.GetBatchResponse:
        """A batch's state."""
        validate.check_batch_request(request)
        return batch_pb2.GetBatchResponse(batch=batch_to_proto(await self._batches.get(request.batch_id)))

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
            results=[result_to_proto(result, request.view) for result in found],
            next_page_token=str(last) if more else "",
        )

    async def Cancel(self, request: batch_pb2.CancelBatchRequest, context: Context) -> batch_pb2.CancelBatchResponse:
        """Cancels what has no result."""
        validate.check_batch_request(request)
        return batch_pb2.CancelBatchResponse(batch=batch_to_proto(await self._batches.cancel(request.batch_id)))


async def _items(requests: AsyncIterator[batch_pb2.CreateBatchRequest], context: Context) -> AsyncIterator[NewItem]:
    """Yields the items of a stream; raises when the stream broke, which the iterator alone does not tell."""
    async for request in requests:
        part = request.WhichOneof("part")
        if part == "items":
            known = validate.has_only_known(request)
            for item in request.items.items:
                yield _item(item, known=known)
        elif part == "item":
            yield _item(request.item)
        else:
            raise SubmissionError("item", f"expected an item, found {part or 'neither'}")
    try:
        await context.send_initial_metadata(())  # fails on a call that was cancelled
    except Exception:
        raise Cancelled("the stream broke") from None


def _item(item: batch_pb2.BatchItem, *, known: bool = False) -> NewItem:
    validate.check_batch_item(item, known=known)
    return NewItem(item_id=item.item_id, problem=item.problem, program=convert.program_from_proto(item.program))


def _change(change: Progress | ItemResult) -> batch_pb2.WatchBatchResponse:
    if isinstance(change, Progress):
        return batch_pb2.WatchBatchResponse(batch=batch_to_proto(change))
    return batch_pb2.WatchBatchResponse(result=result_to_proto(change), position=change.position)
