"""GradeMany over a real connection: outcomes as they finish, errors of single items, flow control, cancellation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import grpc
import pytest

from judge.api.v1 import grading_pb2, problem_pb2, program_pb2, report_pb2

Opened = Callable[..., Any]


def item(item_id: str, source: bytes = b"1", **fields: Any) -> grading_pb2.GradeManyRequest:
    program = program_pb2.Program(
        language=fields.pop("language", "python3"), files=[program_pb2.SourceFile(path="main.py", content=source)]
    )
    return grading_pb2.GradeManyRequest(**{"item_id": item_id, "problem": "add", "program": program} | fields)


def request_of() -> grading_pb2.GradeRequest:
    program = program_pb2.Program(language="python3", files=[program_pb2.SourceFile(path="main.py", content=b"person")])
    return grading_pb2.GradeRequest(problem="add", program=program)


async def outcomes(call: Any) -> dict[str, Any]:
    """Returns every answer by its item; fails when an item is answered twice."""
    answers: dict[str, Any] = {}
    async for answer in call:
        assert answer.item_id not in answers
        answers[answer.item_id] = answer
    return answers


async def send(items: Iterable[grading_pb2.GradeManyRequest]) -> AsyncIterator[grading_pb2.GradeManyRequest]:
    for one in items:
        yield one


async def test_every_item_gets_exactly_one_answer(house: Opened) -> None:
    async with house(slots=2, queue_limit=1) as h:
        answers = await outcomes(h.gradings.GradeMany(send(item(f"i{n}", b"%d" % n) for n in range(50))))
        assert set(answers) == {f"i{n}" for n in range(50)}
        assert {answer.report.verdict for answer in answers.values()} == {report_pb2.VERDICT_ACCEPTED}
        assert len(h.engine.requests) == 50
        assert h.handled("GradeMany", "OK", kind="bidi_stream") == 1


async def test_what_is_wrong_with_one_item_is_its_own_answer(house: Opened) -> None:
    async with house() as h:
        sent = [
            item("good"),
            item("unknown", problem="nothing"),
            item("cobol", language="cobol"),
            item("good"),
            item("broken", problem="broken"),
            item("last"),
        ]
        received = [answer async for answer in h.gradings.GradeMany(send(sent))]
        assert len(received) == len(sent)
        errors = {
            (answer.item_id, answer.error.code, answer.error.reason, answer.error.field)
            for answer in received
            if answer.HasField("error")
        }
        assert errors == {
            ("unknown", 5, "UNKNOWN_PROBLEM", "problem"),
            ("cobol", 3, "INVALID_FIELD", "program.language"),
            ("good", 3, "INVALID_FIELD", "item_id"),
            ("broken", 9, "INVALID_PACKAGE", ""),
        }
        assert [answer.item_id for answer in received if answer.HasField("report")].count("good") == 1
        assert "last" in [answer.item_id for answer in received if answer.HasField("report")]


@pytest.mark.parametrize("item_id", ["", "x" * 129, "a b"])
async def test_an_item_needs_an_id(house: Opened, item_id: str) -> None:
    async with house() as h:
        (answer,) = [answer async for answer in h.gradings.GradeMany(send([item(item_id)]))]
        assert (answer.error.field, answer.error.code) == ("item_id", 3)


async def test_no_more_items_are_in_hand_than_two_for_each_slot(house: Opened) -> None:
    async with house(slots=1) as h:
        h.engine.hold()
        call = h.gradings.GradeMany(send(item(f"i{n}", b"%d" % n) for n in range(20)))
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        direct = h.gradings.Grade(request_of())  # a person's, who comes later and does not wait behind them
        while h.observer.gauge("judge_queue_depth", priority="interactive") != 1:
            await h.problems.List(problem_pb2.ListProblemsRequest())
        assert h.observer.gauge("judge_queue_depth", priority="batch") == 1
        h.engine.release()
        await direct
        assert len(await outcomes(call)) == 20
        assert h.engine.requests[1].program.main.content == b"person"


async def test_cancelling_the_call_kills_what_runs(house: Opened) -> None:
    async with house(slots=2) as h:
        h.engine.hold()
        call = h.gradings.GradeMany()
        await call.write(item("a", b"1"))
        await call.write(item("b", b"2"))
        await h.engine.until(lambda engine: len(engine.requests) == 2)
        call.cancel()
        await h.engine.until(lambda engine: len(engine.killed) == 2)


async def test_a_message_of_another_type_ends_the_call(house: Opened) -> None:
    async with house() as h:
        send_bytes = h.channel.stream_stream("/judge.api.v1.GradingService/GradeMany", request_serializer=None)
        call = send_bytes()
        await call.write(b"\xff\xff\xff")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call.read()
        assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
