"""Reports that are repeated or shared, over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from judge.api.v1 import grading_pb2
from judge.client import JudgeClient, program_of

Requests = Callable[..., Any]
Opened = Callable[..., Any]


def names(report: Any) -> list[str]:
    return [phase.name for phase in report.phases]


async def test_a_report_is_repeated(house: Opened, request_to_grade: Requests) -> None:
    async with house(cached_reports=8) as h:
        first = (await h.gradings.Grade(request_to_grade())).report
        second = (await h.gradings.Grade(request_to_grade())).report
        assert (names(first), names(second)) == (["queued", "test"], ["queued", "test", "cached"])
        assert first.submission_id != second.submission_id
        assert first.cases == second.cases
        assert len(h.engine.requests) == 1
        assert h.observer.counted("judge_cache_requests_total", result="hit") == 1
        assert h.observer.counted("judge_cache_requests_total", result="miss") == 1


async def test_another_program_problem_language_or_entry_point_runs(house: Opened, request_to_grade: Requests) -> None:
    async with house(cached_reports=8) as h:
        requests = [request_to_grade(b"1"), request_to_grade(b"2"), request_to_grade(problem="subtract")]
        renamed, called = request_to_grade(), request_to_grade()
        renamed.program.files[0].path = "other.py"
        called.program.entry_point = "other"
        for request in (*requests, renamed, called):
            assert names((await h.gradings.Grade(request)).report)[-1] == "test"
        assert len(h.engine.requests) == 5


async def test_a_call_may_demand_a_grading_of_its_own(house: Opened, request_to_grade: Requests) -> None:
    async with house(cached_reports=8) as h:
        await h.gradings.Grade(request_to_grade(no_cache=True))
        await h.gradings.Grade(request_to_grade())  # what went before was not stored
        await h.gradings.Grade(request_to_grade(no_cache=True))
        assert len(h.engine.requests) == 3
        assert h.observer.counted("judge_cache_requests_total", result="hit") == 0


async def test_many_identical_calls_run_once(house: Opened, request_to_grade: Requests) -> None:
    async with house(cached_reports=8, slots=1, queue_limit=0) as h:
        h.engine.hold()
        calls = [h.gradings.Grade(request_to_grade(request_id=f"id{number}")) for number in range(20)]
        tasks = [asyncio.ensure_future(_report(call)) for call in calls]
        await h.engine.until(lambda engine: bool(engine.requests))
        h.engine.release()
        reports = await asyncio.gather(*tasks)
        assert len(h.engine.requests) == 1
        assert len({report.submission_id for report in reports}) == 20


async def test_a_stream_of_a_repeated_report(house: Opened, request_to_grade: Requests) -> None:
    async with house(cached_reports=8) as h:
        request = request_to_grade()
        await h.gradings.Grade(request)
        stream = h.gradings.GradeStream(grading_pb2.GradeStreamRequest.FromString(request.SerializeToString()))
        events = [event async for event in stream]
        assert [event.WhichOneof("event") for event in events] == ["queued", "finished"]
        assert names(events[-1].finished.report)[-1] == "cached"


async def test_an_engine_that_changed_repeats_nothing(house: Opened, request_to_grade: Requests) -> None:
    async with house(cached_reports=8) as h:
        await h.gradings.Grade(request_to_grade())
        h.engine.set_working(3)
        await h.gradings.Grade(request_to_grade())
        assert len(h.engine.requests) == 2


async def test_the_client(house: Opened) -> None:
    async with house(cached_reports=8) as h, JudgeClient(h.address) as client:
        fields: dict[str, Any]
        for fields, last in (({}, "test"), ({}, "cached"), ({"no_cache": True}, "test"), ({}, "cached")):
            report = await client.grade("add", program_of("1"), **fields)
            assert report.phases[-1].name == last
        events = [event async for event in client.grade_stream("add", program_of("1"), no_cache=True)]
        assert len(events) == 8


async def test_batches_use_all_but_the_reserved_slots_and_people_all(
    house: Opened, stream_request: Requests, request_to_grade: Requests
) -> None:
    async with house(slots=3, reserved_slots=1) as h:
        h.engine.hold()
        batch = {"priority": grading_pb2.PRIORITY_BATCH}
        streams = [h.gradings.GradeStream(stream_request(b"batch%d" % number, **batch)) for number in range(4)]
        for stream in streams:
            assert (await stream.read()).WhichOneof("event") == "queued"
        await h.engine.until(lambda engine: len(engine.requests) == 2)
        person = asyncio.ensure_future(_report(h.gradings.Grade(request_to_grade(b"person"))))
        await h.engine.until(lambda engine: len(engine.requests) == 3)
        assert h.engine.requests[2].program.main.content == b"person"
        assert h.observer.gauge("judge_queue_depth", priority="batch") == 2
        h.engine.release()
        await person
        for stream in streams:
            while (await stream.read()).WhichOneof("event") != "finished":
                pass


async def _report(call: Any) -> Any:
    return (await call).report
