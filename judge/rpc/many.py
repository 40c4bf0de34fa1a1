"""Many gradings over one call: items in, outcomes out in the order in which gradings finish.

At most ``window`` items of a call are in hand at a time; the next one is read when one of them is answered, so that
gRPC's flow control stops a client that sends faster than slots grade. Items wait in the batches' queue; where that is
full they are admitted later, never refused. What is wrong with one item is its own answer and disturbs no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from judge.api.v1 import grading_pb2, report_pb2
from judge.errors import InfrastructureError, JudgeError, Overloaded, SubmissionError
from judge.rpc import validate
from judge.rpc.interceptors import Context
from judge.rpc.status import failure_of, item_error
from judge.scheduling.admission import Draining

log = structlog.get_logger()

REMEMBERED = 65_536  # item ids of a call, the latest ones: a call may last for ever

Grade = Callable[[grading_pb2.GradeRequest], Awaitable[report_pb2.Report]]
Item = grading_pb2.GradeManyRequest


class ManyGradings:
    """One call."""

    def __init__(self, grade: Grade, context: Context, window: int) -> None:
        self._grade = grade
        self._context = context
        self._places = asyncio.Semaphore(window)
        self._writing = asyncio.Lock()
        self._seen: dict[str, None] = {}  # item ids, the oldest first

    async def run(self, items: AsyncIterator[Item]) -> None:
        """Answers every item; returns when the client has sent its last one and all are answered."""
        try:
            await self._run(items)
        except ExceptionGroup as errors:  # what ended the call, and perhaps what was cancelled for it
            raise errors.exceptions[0] from None

    async def _run(self, items: AsyncIterator[Item]) -> None:
        async with asyncio.TaskGroup() as group:
            await self._places.acquire()
            async for item in items:
                group.create_task(self._answer(item))
                await self._places.acquire()

    async def _answer(self, item: Item) -> None:
        try:
            answer = await self._outcome(item)
            async with self._writing:
                await self._context.write(answer)
        finally:
            self._places.release()

    async def _outcome(self, item: Item) -> grading_pb2.GradeManyResponse:
        try:
            self._check(item)
            report = await self._admitted(_request_of(item))
        except JudgeError as error:
            if isinstance(error, InfrastructureError):
                log.error("an item failed", item=item.item_id, exc_info=error)
            return grading_pb2.GradeManyResponse(item_id=item.item_id, error=item_error(failure_of(error)))
        return grading_pb2.GradeManyResponse(item_id=item.item_id, report=report)

    def _check(self, item: Item) -> None:
        validate.check_item(item)
        if item.item_id in self._seen:
            raise SubmissionError("item_id", f"expected every id once in a call, found {item.item_id!r} again")
        self._seen[item.item_id] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    async def _admitted(self, request: grading_pb2.GradeRequest) -> report_pb2.Report:
        while True:
            try:
                return await self._grade(request)
            except Draining:
                raise
            except Overloaded as full:
                await asyncio.sleep(full.retry_after_s)


def _request_of(item: Item) -> grading_pb2.GradeRequest:
    return grading_pb2.GradeRequest(
        problem=item.problem,
        program=item.program,
        request_id=item.request_id,
        priority=grading_pb2.PRIORITY_BATCH,
        view=item.view,
    )
