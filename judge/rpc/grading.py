"""GradingService: requests in, gradings joined, reports and events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from judge.api.v1 import grading_pb2, grading_pb2_grpc, report_pb2
from judge.ports import Clock
from judge.rpc import convert, validate
from judge.rpc.acceptance import Acceptance, Accepted
from judge.rpc.interceptors import Context, time_remaining_s
from judge.rpc.many import ManyGradings
from judge.scheduling.admission import Priority
from judge.scheduling.grading import Grading
from judge.scheduling.gradings import DeadlinePassed, Gradings
from judge.units import NANOSECONDS

_PRIORITIES = {
    grading_pb2.PRIORITY_UNSPECIFIED: Priority.INTERACTIVE,
    grading_pb2.PRIORITY_INTERACTIVE: Priority.INTERACTIVE,
    grading_pb2.PRIORITY_BATCH: Priority.BATCH,
}


class GradingServicer(grading_pb2_grpc.GradingServiceServicer):
    """Grades submissions."""

    def __init__(self, gradings: Gradings, acceptance: Acceptance, clock: Clock, window: int) -> None:
        self._window = window  # how many items of one call of GradeMany are in hand at a time
        self._gradings = gradings
        self._acceptance = acceptance
        self._clock = clock

    async def Grade(self, request: grading_pb2.GradeRequest, context: Context) -> grading_pb2.GradeResponse:
        """One submission, to its report."""
        async with self._joined(request, context, events=False) as grading:
            report = await grading.report()
        return grading_pb2.GradeResponse(report=convert.report_to_proto(report, request.view))

    async def GradeStream(self, request: grading_pb2.GradeStreamRequest, context: Context) -> None:
        """One submission, event by event."""
        async with self._joined(request, context, events=True) as grading:
            async for number, event in grading.follow():
                await context.write(convert.event_to_proto(number, event, request.view))

    async def GradeMany(self, request_iterator: AsyncIterator[grading_pb2.GradeManyRequest], context: Context) -> None:
        """Many submissions, answered as they finish."""

        async def grade(request: grading_pb2.GradeRequest) -> report_pb2.Report:
            async with self._joined(request, context, events=False) as grading:
                return convert.report_to_proto(await grading.report(), request.view)

        await ManyGradings(grade, context, self._window).run(request_iterator)

    @asynccontextmanager
    async def _joined(
        self, request: validate.GradeMessage, context: Context, *, events: bool
    ) -> AsyncIterator[Grading]:
        """The grading that answers ``request``, until the call's deadline."""
        try:
            async with asyncio.timeout(time_remaining_s(context)) as deadline:
                accepted = await self._accept(request, context, events)
                join = self._gradings.join(
                    accepted.request,
                    request_id=request.request_id,
                    priority=_PRIORITIES[request.priority],
                    work=accepted.work,
                    lasting=accepted.lasting,
                    memory_bytes=accepted.memory_bytes,
                )
                with join as grading:
                    yield grading
        except TimeoutError:
            if deadline.expired():
                raise DeadlinePassed("the call's deadline passed") from None
            raise

    async def _accept(self, request: validate.GradeMessage, context: Context, events: bool) -> Accepted:
        """Checks a request; returns what to ask for. Raises SubmissionError or SpecError."""
        validate.check_grade(request)
        accepted = await self._acceptance.accept(
            request.problem,
            convert.program_from_proto(request.program),
            deadline_unix_ns=self._deadline_unix_ns(context),
            events=events,
            alone=request.no_cache,
        )
        submission_id = accepted.request.submission_id
        structlog.contextvars.bind_contextvars(submission=submission_id, request_id=request.request_id)
        return accepted

    def _deadline_unix_ns(self, context: Context) -> int | None:
        remaining_s = time_remaining_s(context)
        return None if remaining_s is None else self._clock.unix_ns() + int(remaining_s * NANOSECONDS)
