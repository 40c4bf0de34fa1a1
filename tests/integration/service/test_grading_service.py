"""GradingService over a real connection: reports, events, statuses, cancellation, request ids, admission."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc
import pytest
import structlog

from judge.api.v1 import grading_pb2, report_pb2
from judge.errors import EnvironmentFault, InfrastructureError, SubmissionError
from judge.model.verdict import Reason, Verdict

Requests = Callable[..., Any]
Opened = Callable[..., Any]


async def rest(stream: Any) -> list[grading_pb2.GradeEvent]:
    """Returns the events that a stream has not given yet."""
    events = []
    while (event := await stream.read()) is not grpc.aio.EOF:
        events.append(event)
    return events


# --- reports and events ---------------------------------------------------------------------------------------------


async def test_a_report(house: Opened, request_to_grade: Requests) -> None:
    async with house() as h:
        response = await h.gradings.Grade(request_to_grade())
        report = response.report
        assert report.verdict == report_pb2.VERDICT_ACCEPTED
        assert (report.score.numerator, report.score.denominator) == (1, 1)
        assert [case.name for case in report.cases] == ["sample/01", "secret/01"]
        assert [phase.name for phase in report.phases] == ["queued", "test"]
        assert report.submission_id == h.engine.requests[0].submission_id
        assert h.engine.requests[0].program.main.content == b"1"
        assert h.handled("Grade", "OK") == 1
        labels = {"grpc_type": "unary", "grpc_service": "judge.api.v1.GradingService", "grpc_method": "Grade"}
        assert len(h.observer.observed("grpc_server_handling_seconds", **labels)) == 1


async def test_the_candidate_s_view(house: Opened, request_to_grade: Requests) -> None:
    async with house() as h:
        view = report_pb2.REPORT_VIEW_CANDIDATE
        sample, secret = (await h.gradings.Grade(request_to_grade(view=view))).report.cases
        assert sample.stdout.data == b"hello\n"
        assert not secret.HasField("stdout")


async def test_a_failure_of_a_run_is_data(house: Opened, request_to_grade: Requests) -> None:
    async with house() as h:
        h.engine.verdict, h.engine.reason = Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME
        report = (await h.gradings.Grade(request_to_grade())).report
        assert (report.verdict, report.reason) == (report_pb2.VERDICT_TIME_LIMIT_EXCEEDED, "cpu_time")


async def test_events_come_while_the_grading_runs(house: Opened, stream_request: Requests) -> None:
    async with house() as h:
        h.engine.hold()
        stream = h.gradings.GradeStream(stream_request())
        early = [await stream.read() for _ in range(3)]
        assert [event.WhichOneof("event") for event in early] == ["queued", "compiling", "compiled"]
        h.engine.release()
        late = await rest(stream)
        assert [event.sequence_number for event in early + late] == list(range(1, 9))
        assert [event.WhichOneof("event") for event in late] == [
            "test_started",
            "test_finished",
            "test_started",
            "test_finished",
            "finished",
        ]
        assert late[1].test_finished.case_report.name == "sample/01"
        assert late[-1].finished.report.verdict == report_pb2.VERDICT_ACCEPTED
        assert h.handled("GradeStream", "OK", "server_stream") == 1


async def test_a_stream_that_fails_ends_with_a_status(
    house: Opened, stream_request: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house() as h:
        h.engine.errors.append(InfrastructureError("the slot is gone"))
        stream = h.gradings.GradeStream(stream_request())
        seen = [(await stream.read()).WhichOneof("event") for _ in range(3)]
        assert seen == ["queued", "compiling", "compiled"]
        status = await status_of(stream.read())
        assert (status.code, status.message) == ("INTERNAL", "the slot is gone")


# --- statuses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("streaming", [False, True])
@pytest.mark.parametrize(
    ("fields", "code", "reason", "violation"),
    [
        ({"problem": ""}, "INVALID_ARGUMENT", "INVALID_FIELD", ("problem", "expected a name, found nothing")),
        ({"problem": "none"}, "NOT_FOUND", "UNKNOWN_PROBLEM", ("problem", "there is no problem 'none'")),
        (
            {"language": "cobol"},
            "INVALID_ARGUMENT",
            "INVALID_FIELD",
            ("program.language", "expected python3, found 'cobol'"),
        ),
        (
            {"program": None},
            "INVALID_ARGUMENT",
            "INVALID_FIELD",
            ("program.files", "expected at least one file, found none"),
        ),
        (
            {"source": b"x" * ((16 << 20) + 1)},
            "INVALID_ARGUMENT",
            "INVALID_FIELD",
            ("program.files", "expected at most 16777216 bytes together, found 16777217"),
        ),
        ({"problem": "broken"}, "FAILED_PRECONDITION", "INVALID_PACKAGE", None),
    ],
)
async def test_refusals(
    house: Opened,
    request_to_grade: Requests,
    stream_request: Requests,
    status_of: Callable[[Any], Any],
    fields: dict[str, Any],
    code: str,
    reason: str,
    violation: tuple[str, str] | None,
    streaming: bool,
) -> None:
    async with house() as h:
        if streaming:
            status = await status_of(h.gradings.GradeStream(stream_request(**fields)).read())
        else:
            status = await status_of(h.gradings.Grade(request_to_grade(**fields)))
        assert (status.code, status.reason) == (code, reason)
        assert status.violations == ((violation,) if violation else ())
        assert not h.engine.requests


async def test_a_refusal_by_the_grader(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house() as h:
        h.engine.errors.append(SubmissionError("program.entry_point", "expected a name"))
        status = await status_of(h.gradings.Grade(request_to_grade()))
        assert (status.code, status.violations) == (
            "INVALID_ARGUMENT",
            (("program.entry_point", "expected a name"),),
        )


async def test_bytes_that_are_no_message(house: Opened, status_of: Callable[[Any], Any]) -> None:
    async with house() as h:
        for method, call in (("Grade", h.channel.unary_unary), ("GradeStream", h.channel.unary_stream)):
            send = call(f"/judge.api.v1.GradingService/{method}", request_serializer=None, response_deserializer=None)
            answer = send(b"\xff\xff")
            status = await status_of(answer if method == "Grade" else answer.read())
            assert (status.code, status.reason) == ("INVALID_ARGUMENT", "INVALID_FIELD")
            assert status.violations[0][0] == "request"


async def test_unknown_fields(house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]) -> None:
    async with house() as h:
        send = h.channel.unary_unary("/judge.api.v1.GradingService/Grade", request_serializer=None)
        status = await status_of(send(request_to_grade().SerializeToString() + b"\x78\x01"))
        assert status.violations == (("GradeRequest", "expected only known fields, found number 15"),)


async def test_a_message_that_is_too_large(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house(max_message_bytes=17 << 20) as h:
        status = await status_of(h.gradings.Grade(request_to_grade(b"x" * (18 << 20))))
        assert status.code == "RESOURCE_EXHAUSTED"
        assert (await h.gradings.Grade(request_to_grade())).report.verdict == report_pb2.VERDICT_ACCEPTED


async def test_no_slot_works(house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]) -> None:
    async with house() as h:
        h.engine.errors.append(EnvironmentFault("no slot works: slot 0: no cgroup"))
        status = await status_of(h.gradings.Grade(request_to_grade()))
        assert (status.code, status.reason) == ("UNAVAILABLE", "ENVIRONMENT_FAULT")
        assert status.message == "no slot works: slot 0: no cgroup"


async def test_what_nobody_foresaw_is_blank_outside_and_whole_in_the_log(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house() as h:
        error = RuntimeError("the secret is 4711")
        h.engine.errors.append(error)
        with structlog.testing.capture_logs() as lines:
            status = await status_of(h.gradings.Grade(request_to_grade()))
        assert (status.code, status.message, status.reason) == ("INTERNAL", "internal error", "INTERNAL")
        assert "4711" not in str(status)
        (failure,) = (line for line in lines if line["event"] == "a call failed")
        assert failure["exc_info"] is error
        assert failure["log_level"] == "error"


async def test_a_method_that_does_not_exist(house: Opened, status_of: Callable[[Any], Any]) -> None:
    async with house() as h:
        send = h.channel.unary_unary("/judge.api.v1.GradingService/Guess", request_serializer=None)
        assert (await status_of(send(b""))).code == "UNIMPLEMENTED"
        assert h.handled("Guess", "UNIMPLEMENTED") == 0


# --- cancellation and deadlines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_cancelled_call_kills_the_run(
    house: Opened, request_to_grade: Requests, stream_request: Requests, streaming: bool
) -> None:
    async with house() as h:
        h.engine.hold()
        call = h.gradings.GradeStream(stream_request()) if streaming else h.gradings.Grade(request_to_grade())
        await h.engine.until(lambda engine: bool(engine.requests))
        call.cancel()
        await h.engine.until(lambda engine: bool(engine.killed))


async def test_a_lost_connection_kills_the_run(house: Opened, request_to_grade: Requests) -> None:
    async with house() as h:
        h.engine.hold()
        call = h.gradings.Grade(request_to_grade())
        await h.engine.until(lambda engine: bool(engine.requests))
        await h.channel.close()
        await h.engine.until(lambda engine: bool(engine.killed))
        assert call.done()


@pytest.mark.parametrize("request_id", ["", "a"])
async def test_a_deadline_kills_the_run(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any], request_id: str
) -> None:
    async with house() as h:
        h.engine.hold()
        status = await status_of(h.gradings.Grade(request_to_grade(request_id=request_id), timeout=0.05))
        assert status.code == "DEADLINE_EXCEEDED"
        if h.engine.requests:  # the machine may be so slow that nothing began
            await h.engine.until(lambda engine: bool(engine.killed))


async def test_the_call_s_deadline_is_the_engine_s(house: Opened, request_to_grade: Requests) -> None:
    async with house(grading_timeout_ns=10**15) as h:
        await h.gradings.Grade(request_to_grade(), timeout=1000)
        await h.gradings.Grade(request_to_grade())
        bounded, unbounded = (request.deadline_unix_ns for request in h.engine.requests)
        assert bounded < unbounded - 10**14


async def test_the_service_s_own_limit_is_a_deadline(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house() as h:
        h.engine.verdict, h.engine.reason = Verdict.CANCELLED, Reason.DEADLINE
        status = await status_of(h.gradings.Grade(request_to_grade()))
        assert (status.code, status.reason) == ("DEADLINE_EXCEEDED", "DEADLINE_PASSED")


async def test_a_cancelled_call_that_waits_gives_up_its_place(
    house: Opened, request_to_grade: Requests, stream_request: Requests
) -> None:
    async with house(slots=1, queue_limit=1) as h:
        h.engine.hold()
        running = h.gradings.Grade(request_to_grade(b"1"))
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        leaves = h.gradings.GradeStream(stream_request(b"2"))
        assert (await leaves.read()).WhichOneof("event") == "queued"
        leaves.cancel()
        stays = await _admitted(lambda: h.gradings.GradeStream(stream_request(b"3")))
        h.engine.release()
        await running
        assert (await rest(stays))[-1].WhichOneof("event") == "finished"
        assert [request.program.main.content for request in h.engine.requests] == [b"1", b"3"]


async def _admitted(open_stream: Callable[[], Any]) -> Any:
    """Opens streams until one is admitted: until the place that was given up is free."""
    while True:
        stream = open_stream()
        try:
            await stream.read()
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                raise
        else:
            return stream


# --- request ids ----------------------------------------------------------------------------------------------------


async def test_many_calls_with_one_id_are_one_grading(house: Opened, request_to_grade: Requests) -> None:
    async with house(slots=1, queue_limit=0) as h:
        calls = [h.gradings.Grade(request_to_grade(request_id="a")) for _ in range(20)]
        reports = [(await call).report for call in calls]
        again = (await h.gradings.Grade(request_to_grade(request_id="a"))).report
        assert all(report == again for report in reports)
        assert len(h.engine.requests) == 1


async def test_one_id_for_other_content_conflicts(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house() as h:
        h.engine.hold()
        first = h.gradings.Grade(request_to_grade(b"1", request_id="a"))
        await h.engine.until(lambda engine: bool(engine.requests))
        for _ in range(2):  # while it runs, and afterwards
            status = await status_of(h.gradings.Grade(request_to_grade(b"2", request_id="a")))
            assert (status.code, status.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")
            assert status.violations == (("request_id", "'a' was used before for other content"),)
            h.engine.release()
            await first


async def test_a_shared_grading_goes_on_until_the_last_has_left(
    house: Opened, request_to_grade: Requests, stream_request: Requests
) -> None:
    async with house() as h:
        h.engine.hold()
        calls = [h.gradings.Grade(request_to_grade(request_id="a")) for _ in range(3)]
        stays = h.gradings.GradeStream(stream_request(request_id="a"))
        await stays.read()
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert not h.engine.killed
        stays.cancel()
        await h.engine.until(lambda engine: bool(engine.killed))
        h.engine.release()
        await h.gradings.Grade(request_to_grade(request_id="a"))
        assert len(h.engine.requests) == 2


async def test_a_failure_is_not_remembered(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house() as h:
        h.engine.errors.append(InfrastructureError("a fault"))
        assert (await status_of(h.gradings.Grade(request_to_grade(request_id="a")))).code == "INTERNAL"
        assert (await h.gradings.Grade(request_to_grade(request_id="a"))).report.verdict


async def test_a_stream_after_the_end_gets_the_last_event(
    house: Opened, request_to_grade: Requests, stream_request: Requests
) -> None:
    async with house() as h:
        report = (await h.gradings.Grade(request_to_grade(request_id="a"))).report
        (event,) = [event async for event in h.gradings.GradeStream(stream_request(request_id="a"))]
        assert event.sequence_number == 8
        assert event.finished.report == report


# --- admission ------------------------------------------------------------------------------------------------------


async def test_a_full_service_refuses_and_says_when_to_come_back(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house(slots=1, queue_limit=1) as h:
        h.engine.hold()
        calls = [h.gradings.Grade(request_to_grade()) for _ in range(4)]
        done, waiting = await _first(calls, 2)
        for call in done:
            status = await status_of(call)
            assert (status.code, status.reason) == ("RESOURCE_EXHAUSTED", "OVERLOADED")
            assert status.retry_after_s == 2.0  # nothing is known yet: one second for each of two
            assert status.trailers["grpc-retry-pushback-ms"] == "2000"
        h.engine.release()
        assert len([await call for call in waiting]) == 2
        assert h.observer.counted("judge_rejected_total", reason="queue_full") == 2


async def _first(calls: list[Any], count: int) -> tuple[list[Any], list[Any]]:
    """Waits until ``count`` of the calls are done; returns those, and the others."""
    tasks = {asyncio.ensure_future(call.code()): call for call in calls}
    pending = set(tasks)
    while len(tasks) - len(pending) < count:
        _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return [call for task, call in tasks.items() if task not in pending], [tasks[task] for task in pending]


async def test_interactive_calls_overtake_batches(
    house: Opened, request_to_grade: Requests, stream_request: Requests
) -> None:
    async with house(slots=1) as h:
        h.engine.hold()
        running = h.gradings.Grade(request_to_grade(b"running"))
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        waiting = []
        for name, priority in ((b"batch", grading_pb2.PRIORITY_BATCH), (b"person", grading_pb2.PRIORITY_UNSPECIFIED)):
            waiting.append(h.gradings.GradeStream(stream_request(name, priority=priority)))
            assert (await waiting[-1].read()).WhichOneof("event") == "queued"
        h.engine.release()
        await running
        for stream in waiting:
            assert await rest(stream)
        assert [request.program.main.content for request in h.engine.requests] == [b"running", b"person", b"batch"]


async def test_calls_are_counted_by_their_status(
    house: Opened, request_to_grade: Requests, status_of: Callable[[Any], Any]
) -> None:
    async with house() as h:
        await status_of(h.gradings.Grade(request_to_grade(problem="none")))
        assert h.handled("Grade", "NOT_FOUND") == 1
        h.engine.errors.append(RuntimeError("x"))
        await status_of(h.gradings.Grade(request_to_grade()))
        assert h.handled("Grade", "INTERNAL") == 1


async def test_a_grpc_status_is_not_the_only_thing_a_plain_client_sees(house: Opened) -> None:
    async with house() as h:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await h.gradings.Grade(grading_pb2.GradeRequest())
        assert caught.value.details() == "problem: expected a name, found nothing"
