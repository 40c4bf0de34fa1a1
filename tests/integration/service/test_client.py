"""The client, against the service and against servers that refuse."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import grpc
import pytest

from judge.api.v1 import grading_pb2, grading_pb2_grpc
from judge.client import (
    CallFailed,
    FieldViolation,
    InvalidRequest,
    JudgeClient,
    NotFound,
    Refused,
    SyncJudgeClient,
    Unavailable,
    program_of,
)
from judge.errors import Overloaded
from judge.model.verdict import Verdict
from judge.rpc import convert
from judge.rpc.status import refusal_of
from judge.scheduling.admission import Priority
from judge.twins import report_of

Opened = Callable[..., Any]
PROGRAM = program_of("def add(a, b):\n    return a + b\n")


async def test_a_report(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        report = await client.grade("add", PROGRAM)
        expected = report_of(h.engine.requests[0])
        assert report == replace(expected, phases=report.phases)
        assert h.engine.requests[0].program == PROGRAM


async def test_every_call_has_an_id_of_its_own(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        await client.grade("add", PROGRAM)
        await client.grade("add", PROGRAM)
        assert len(h.engine.requests) == 2
        first = await client.grade("add", PROGRAM, request_id="a")
        assert await client.grade("add", PROGRAM, request_id="a") == first
        assert len(h.engine.requests) == 3


async def test_options(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        report = await client.grade("add", PROGRAM, priority=Priority.BATCH, candidate_view=True, timeout_s=1000)
        assert [case.stdout.data for case in report.cases] == [b"hello\n", b""]


async def test_events(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        events = [event async for event in client.grade_stream("add", PROGRAM)]
        assert [event.kind.value for event in events][:3] == ["queued", "compiling", "compiled"]
        assert events[-1].report is not None
        assert events[-1].report.verdict is Verdict.ACCEPTED


async def test_leaving_a_stream_kills_the_run(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        h.engine.hold()
        async with aclosing(client.grade_stream("add", PROGRAM)) as events:
            async for _ in events:
                break
        await h.engine.until(lambda engine: bool(engine.killed))


async def test_cancelling_a_call_kills_the_run(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        h.engine.hold()
        task = asyncio.create_task(client.grade("add", PROGRAM))
        await h.engine.until(lambda engine: bool(engine.requests))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await h.engine.until(lambda engine: bool(engine.killed))


async def test_problems(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        assert [problem.slug for problem in await client.list_problems()] == ["add", "broken", "subtract", "walk"]
        assert [problem.slug for problem in await client.list_problems("graphs")] == ["walk"]
        problem = await client.get_problem("add")
        assert problem.parameters == (("a", "int"), ("b", "int"))
        assert problem.samples[0].arguments == {"a": 1, "b": 2}
        assert (problem.samples[0].has_answer, problem.samples[0].answer) == (True, 3)
        assert problem.limits.cpu_ns == 10**9


async def test_errors(house: Opened) -> None:
    async with house() as h, JudgeClient(h.address) as client:
        with pytest.raises(NotFound) as missing:
            await client.get_problem("none")
        assert missing.value.reason == "UNKNOWN_PROBLEM"
        with pytest.raises(InvalidRequest) as invalid:
            await client.grade("add", program_of("x", language="cobol"))
        assert invalid.value.violations == (
            FieldViolation(field="program.language", description="expected python3, found 'cobol'"),
        )
        with pytest.raises(InvalidRequest):
            _ = [event async for event in client.grade_stream("add", program_of("x", path="../x"))]
        h.engine.errors.append(RuntimeError("x"))
        with pytest.raises(CallFailed, match="INTERNAL: internal error"):
            await client.grade("add", PROGRAM)
        h.engine.hold()
        with pytest.raises(CallFailed) as late:
            await client.grade("add", PROGRAM, timeout_s=0.05)
        assert late.value.code is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_no_server() -> None:
    with tempfile.TemporaryDirectory(prefix="judge-") as directory:
        async with JudgeClient(f"unix:{directory}/none") as client:
            with pytest.raises(Unavailable):
                await client.list_problems(timeout_s=60)


class Moody(grading_pb2_grpc.GradingServiceServicer):
    """Refuses as often as it is told to, then grades."""

    def __init__(self, refusals: int, retry_after_s: float) -> None:
        self.ids: list[str] = []
        self._refusals = refusals
        self._retry_after_s = retry_after_s

    async def Grade(self, request: grading_pb2.GradeRequest, context: Any) -> grading_pb2.GradeResponse:
        self.ids.append(request.request_id)
        if len(self.ids) <= self._refusals:
            refusal = refusal_of(Overloaded("full", retry_after_s=self._retry_after_s))
            await context.abort(refusal.code, refusal.message, refusal.trailers)
        report = report_of_message(request)
        return grading_pb2.GradeResponse(report=report)

    async def GradeStream(self, request: Any, context: Any) -> AsyncIterator[grading_pb2.GradeEvent]:
        response = await self.Grade(request, context)
        event = grading_pb2.GradeEvent(sequence_number=1)
        event.finished.report.CopyFrom(response.report)
        yield event


def report_of_message(request: grading_pb2.GradeRequest) -> Any:
    from judge.ports import GradingRequest

    program = convert.program_from_proto(request.program)
    return convert.report_to_proto(
        report_of(GradingRequest(submission_id="s", problem=request.problem, program=program))
    )


@asynccontextmanager
async def moody(refusals: int, retry_after_s: float) -> AsyncIterator[tuple[Moody, str]]:
    with tempfile.TemporaryDirectory(prefix="judge-") as directory:
        server, servicer = grpc.aio.server(), Moody(refusals, retry_after_s)
        grading_pb2_grpc.add_GradingServiceServicer_to_server(servicer, server)  # type: ignore[no-untyped-call]
        server.add_insecure_port(f"unix:{directory}/s")
        await server.start()
        yield servicer, f"unix:{directory}/s"
        await server.stop(None)


async def test_a_full_service_is_asked_again_under_the_same_id() -> None:
    async with moody(3, 0.001) as (servicer, address), JudgeClient(address) as client:
        assert (await client.grade("add", PROGRAM)).verdict is Verdict.ACCEPTED
        assert len(servicer.ids) == 4
        assert len(set(servicer.ids)) == 1


async def test_a_stream_is_asked_for_again() -> None:
    async with moody(2, 0.001) as (servicer, address), JudgeClient(address) as client:
        assert len([event async for event in client.grade_stream("add", PROGRAM)]) == 1
        assert len(servicer.ids) == 3


async def test_attempts_are_bounded() -> None:
    async with moody(10, 0.001) as (servicer, address), JudgeClient(address, attempts=2) as client:
        with pytest.raises(Refused) as caught:
            await client.grade("add", PROGRAM)
        assert caught.value.retry_after_s == 0.001
        assert len(servicer.ids) == 2


async def test_no_attempt_that_the_deadline_makes_hopeless() -> None:
    async with moody(1, 1000.0) as (servicer, address), JudgeClient(address) as client:
        with pytest.raises(Refused):
            await client.grade("add", PROGRAM, timeout_s=900)
        assert len(servicer.ids) == 1


async def test_the_blocking_client(house: Opened) -> None:
    def use(address: str) -> None:
        with SyncJudgeClient(address) as client:
            assert client.grade("add", PROGRAM, timeout_s=60).verdict is Verdict.ACCEPTED
            assert [event.kind.value for event in client.grade_stream("add", PROGRAM)][-1] == "finished"
            assert [problem.slug for problem in client.list_problems("graphs")] == ["walk"]
            assert client.get_problem("add").entry_point == "add"
            with pytest.raises(NotFound):
                client.get_problem("none")

    async with house() as h:
        await asyncio.to_thread(use, h.address)
