"""The client for asyncio."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Self

import grpc

from judge.api.v1 import batch_pb2_grpc, grading_pb2, grading_pb2_grpc, problem_pb2, problem_pb2_grpc, report_pb2
from judge.client.batch_calls import BatchCalls
from judge.client.channel import OPTIONS
from judge.client.errors import ClientError, Refused, error_of
from judge.client.problem_calls import ProblemCalls
from judge.client.problems import ProblemSummary, PublicProblem, VerificationSummary, problem_of, summary_of, told_of
from judge.model.event import Event
from judge.model.finding import Finding, Step
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.rpc import convert
from judge.rpc.convert_finding import LEVEL_NUMBERS
from judge.scheduling.admission import Priority

_PRIORITIES = {
    Priority.INTERACTIVE: grading_pb2.PRIORITY_INTERACTIVE,
    Priority.BATCH: grading_pb2.PRIORITY_BATCH,
}


class JudgeClient:
    """Calls the judge at ``address`` (``host:port`` or ``unix:/path``); ``async with`` opens and closes the connection.

    A call that is refused because the service is full is repeated after the time that the service names, ``attempts``
    times in all, as far as the call's ``timeout_s`` allows. Every failure raises a ``ClientError``.
    """

    def __init__(self, address: str, *, attempts: int = 5) -> None:
        self._address = address
        self._attempts = attempts

    async def __aenter__(self) -> Self:
        """Opens the channel; a connection is made with the first call."""
        self._channel = grpc.aio.insecure_channel(self._address, options=OPTIONS)
        gradings: Any = grading_pb2_grpc.GradingServiceStub
        problems: Any = problem_pb2_grpc.ProblemServiceStub
        self._gradings = gradings(self._channel)
        self._problems = problems(self._channel)
        batches: Any = batch_pb2_grpc.BatchServiceStub
        self.problems = ProblemCalls(self._problems, self._call)
        self.batches = BatchCalls(batches(self._channel), self._call, self._attempts)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes the channel; calls that run are cancelled."""
        await self._channel.close()

    async def grade(
        self,
        problem: str,
        program: Program,
        *,
        request_id: str | None = None,
        priority: Priority = Priority.INTERACTIVE,
        candidate_view: bool = False,
        no_cache: bool = False,
        timeout_s: float | None = None,
    ) -> Report:
        """Grades; returns the report. ``request_id`` is by default a new one.

        ``no_cache`` demands a grading of its own; otherwise the report may be that of an earlier one of the same work.
        """
        fields = _fields(problem, program, request_id, priority, candidate_view, no_cache)
        request = grading_pb2.GradeRequest(**fields)
        response = await self._call(lambda left_s: self._gradings.Grade(request, timeout=left_s), timeout_s)
        return convert.report_from_proto(response.report)

    async def grade_stream(
        self,
        problem: str,
        program: Program,
        *,
        request_id: str | None = None,
        priority: Priority = Priority.INTERACTIVE,
        candidate_view: bool = False,
        no_cache: bool = False,
        timeout_s: float | None = None,
    ) -> AsyncGenerator[Event]:
        """Grades; yields the events, the last of which holds the report."""
        fields = _fields(problem, program, request_id, priority, candidate_view, no_cache)
        request = grading_pb2.GradeStreamRequest(**fields)
        first, stream = await self._call(
            lambda left_s: _begin(self._gradings.GradeStream(request, timeout=left_s)), timeout_s
        )
        try:
            yield convert.event_from_proto(first)
            async for message in stream:
                yield convert.event_from_proto(message)
        except grpc.aio.AioRpcError as failure:
            raise error_of(failure) from failure
        finally:
            stream.cancel()

    async def list_problems(self, family: str = "", *, timeout_s: float | None = None) -> list[ProblemSummary]:
        """Returns all problems, or those of one family, by slug."""
        summaries: list[ProblemSummary] = []
        token = ""
        while True:
            request = problem_pb2.ListProblemsRequest(family=family, page_token=token)
            response = await self._call(partial(_list, self._problems, request), timeout_s)
            summaries += map(summary_of, response.problems)
            token = response.next_page_token
            if not token:
                return summaries

    async def get_problem(self, slug: str, *, timeout_s: float | None = None) -> PublicProblem:
        """Returns one problem. Raises NotFound."""
        request = problem_pb2.GetProblemRequest(slug=slug)
        response = await self._call(lambda left_s: self._problems.Get(request, timeout=left_s), timeout_s)
        return problem_of(response.problem)

    async def verify_problem(
        self,
        slug: str,
        *,
        level: str = "quick",
        rules: Iterable[str] = (),
        timeout_s: float | None = None,
    ) -> AsyncGenerator[Finding | Step | VerificationSummary]:
        """Verifies a problem; yields what is going on and what is found, and last the summary.

        ``level`` is quick, full or exhaustive; ``rules`` are names of rules, all by default. Closing it ends the work.
        """
        if level not in LEVEL_NUMBERS:
            raise ValueError(f"level: expected {', '.join(LEVEL_NUMBERS)}, found {level!r}")
        request = problem_pb2.VerifyProblemRequest(slug=slug, level=LEVEL_NUMBERS[level], rules=rules)
        first, stream = await self._call(
            lambda left_s: _begin(self._problems.Verify(request, timeout=left_s)), timeout_s
        )
        try:
            yield told_of(first)
            async for message in stream:
                yield told_of(message)
        except grpc.aio.AioRpcError as failure:
            raise error_of(failure) from failure
        finally:
            stream.cancel()

    async def _call(self, call: Callable[[float | None], Awaitable[Any]], timeout_s: float | None) -> Any:
        """Makes a call, again while the service is full; ``call`` gets the seconds that are left."""
        end_s = None if timeout_s is None else time.monotonic() + timeout_s
        for attempt in range(1, self._attempts + 1):
            try:
                return await call(None if end_s is None else max(0.0, end_s - time.monotonic()))
            except grpc.aio.AioRpcError as failure:
                error = error_of(failure)
                pause_s = _pause_s(error)
                too_late = end_s is not None and pause_s is not None and time.monotonic() + pause_s >= end_s
                if pause_s is None or too_late or attempt == self._attempts:
                    raise error from failure
            await asyncio.sleep(pause_s)
        raise AssertionError("unreachable")


def program_of(source: str | bytes, *, language: str = "python3", path: str = "main.py") -> Program:
    """Returns a program of one file."""
    content = source.encode() if isinstance(source, str) else source
    return Program(language=language, files=(SourceFile(path=path, content=content),))


def _fields(
    problem: str,
    program: Program,
    request_id: str | None,
    priority: Priority,
    candidate_view: bool,
    no_cache: bool,
) -> dict[str, Any]:
    return {
        "problem": problem,
        "program": convert.program_to_proto(program),
        "request_id": uuid.uuid4().hex if request_id is None else request_id,
        "priority": _PRIORITIES[priority],
        "view": report_pb2.REPORT_VIEW_CANDIDATE if candidate_view else report_pb2.REPORT_VIEW_FULL,
        "no_cache": no_cache,
    }


def _pause_s(error: ClientError) -> float | None:
    """Returns how long to wait before the next attempt; None when there must be none."""
    return error.retry_after_s if isinstance(error, Refused) else None


async def _list(stub: Any, request: problem_pb2.ListProblemsRequest, left_s: float | None) -> Any:
    return await stub.List(request, timeout=left_s)


async def _begin(stream: Any) -> tuple[grading_pb2.GradeEvent, Any]:
    """Returns the first message of a stream, which a refused call does not have, and the stream."""
    return await anext(aiter(stream)), stream
