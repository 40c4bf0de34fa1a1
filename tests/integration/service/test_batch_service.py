"""BatchService over a real connection: created, watched, listed, cancelled, and gone on with by the next service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judge.api.v1 import batch_pb2, batch_pb2_grpc, grading_pb2, program_pb2, report_pb2
from judge.errors import EnvironmentFault, InfrastructureError
from judge.model.verdict import Reason, Verdict
from judge.store.sql import open_store

Requests = Callable[..., Any]
Opened = Callable[..., Any]
StatusOf = Callable[[Any], Any]


def stub(h: Any) -> Any:
    return batch_pb2_grpc.BatchServiceStub(h.channel)  # type: ignore[no-untyped-call]


def parts(sources: list[bytes], *, problem: str = "add", **header: Any) -> list[batch_pb2.CreateBatchRequest]:
    fields = {"request_id": "r", "display_name": "Homework 3"} | header
    items = [
        batch_pb2.BatchItem(
            item_id=f"item-{number}",
            problem=problem,
            program=program_pb2.Program(
                language="python3", files=[program_pb2.SourceFile(path="main.py", content=source)]
            ),
        )
        for number, source in enumerate(sources)
    ]
    return [
        batch_pb2.CreateBatchRequest(header=batch_pb2.BatchHeader(**fields)),
        *(batch_pb2.CreateBatchRequest(item=item) for item in items),
    ]


async def create(h: Any, sources: list[bytes], **fields: Any) -> batch_pb2.Batch:
    return (await stub(h).Create(iter(parts(sources, **fields)))).batch


async def ended(h: Any, batch_id: str) -> tuple[batch_pb2.Batch, list[batch_pb2.WatchBatchResponse]]:
    """The batch at its end, and its results in the order in which they came."""
    request = batch_pb2.WatchBatchRequest(batch_id=batch_id, include_results=True)
    answers = [answer async for answer in stub(h).Watch(request)]
    assert answers[0].WhichOneof("event") == answers[-1].WhichOneof("event") == "batch"
    return answers[-1].batch, [answer for answer in answers if answer.WhichOneof("event") == "result"]


async def test_every_item_gets_one_result(house: Opened) -> None:
    async with house() as h:
        batch = await create(h, [b"%d" % number for number in range(30)], item_count=30, priority=7)
        assert (batch.state, batch.display_name, batch.priority) == (batch_pb2.BATCH_STATE_RUNNING, "Homework 3", 7)
        last, results = await ended(h, batch.batch_id)
        assert (last.state, last.progress.finished_count, last.progress.waiting_count) == (2, 30, 0)
        assert [result.position for result in results] == list(range(1, 31))
        assert {result.result.item_id for result in results} == {f"item-{number}" for number in range(30)}
        assert all(result.result.report.verdict == report_pb2.VERDICT_ACCEPTED for result in results)
        assert len(h.engine.requests) == 30
        got = (await stub(h).Get(batch_pb2.GetBatchRequest(batch_id=batch.batch_id))).batch
        assert (got.state, got.HasField("end_time"), got.progress.HasField("remaining_time")) == (2, True, False)


async def test_results_page_by_page_also_while_it_runs(house: Opened) -> None:
    async with house(slots=4) as h:
        h.engine.hold()
        batch = await create(h, [b"%d" % number for number in range(5)])
        request = batch_pb2.ListBatchResultsRequest(batch_id=batch.batch_id, page_size=2)
        first = await stub(h).ListResults(request)
        assert (list(first.results), first.next_page_token) == ([], "0")
        h.engine.release()
        await ended(h, batch.batch_id)
        pages, request.page_token = [], first.next_page_token
        while request.page_token:
            page = await stub(h).ListResults(request)
            pages.append([result.item_id for result in page.results])
            request.page_token = page.next_page_token
        assert [len(page) for page in pages] == [2, 2, 1]
        assert len({item for page in pages for item in page}) == 5


async def test_the_creation_is_idempotent(house: Opened, status_of: StatusOf) -> None:
    async with house() as h:
        first = await create(h, [b"1", b"2"])
        await ended(h, first.batch_id)
        assert (await create(h, [b"1", b"2"])).batch_id == first.batch_id
        for other in (parts([b"1"]), parts([b"1", b"3"]), parts([b"1", b"2"], priority=1)):
            status = await status_of(stub(h).Create(iter(other)))
            assert (status.code, status.reason) == ("ALREADY_EXISTS", "REQUEST_ID_REUSED")
        assert len(h.engine.requests) == 2


@pytest.mark.parametrize(
    ("messages", "field", "found"),
    [
        ([], "header", "found nothing"),
        (parts([b"1"])[1:], "header", "found item"),
        (parts([]), "item", "found none"),
        (parts([b"1"]) * 2, "item", "found header"),
        (parts([b"1"]) + parts([b"1"])[1:], "item.item_id", "found 'item-0' again"),
        (parts([b"1"], item_count=2), "header.item_count", "expected 2 items, found 1"),
        (parts([b"1"], request_id=""), "header.request_id", "found ''"),
        (parts([b"1"], priority=101), "header.priority", "found 101"),
        (parts([b"1"], problem=""), "item.problem", "found nothing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_refused_leaves_nothing(
    house: Opened, status_of: StatusOf, messages: list[Any], field: str, found: str
) -> None:
    async with house() as h:
        status = await status_of(stub(h).Create(iter(messages)))
        assert (status.code, [name for name, _ in status.violations]) == ("INVALID_ARGUMENT", [field])
        assert found in status.message
        assert not (await stub(h).List(batch_pb2.ListBatchesRequest())).batches
        assert (await create(h, [b"1"])).batch_id  # the request id is free


async def test_a_stream_that_breaks_creates_nothing(house: Opened) -> None:
    async with house() as h:
        call = stub(h).Create()
        for part in parts([b"1", b"2"]):
            await call.write(part)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert not (await stub(h).List(batch_pb2.ListBatchesRequest())).batches
        assert (await create(h, [b"1"])).batch_id


async def test_items_that_cannot_be_graded_have_an_error_and_the_others_go_on(house: Opened) -> None:
    async with house(slots=1) as h:
        h.engine.errors.append(InfrastructureError("lost twice"))
        messages = parts([b"1", b"2", b"3", b"4"])
        messages[2].item.problem = "nothing"
        messages[3].item.program.language = "cobol"
        batch = (await stub(h).Create(iter(messages))).batch
        last, results = await ended(h, batch.batch_id)
        assert (last.state, last.progress.finished_count, last.progress.failed_count) == (2, 1, 3)
        errors = {r.result.item_id: r.result.error for r in results if r.result.WhichOneof("outcome") == "error"}
        assert {(error.code, error.reason, error.field) for error in errors.values()} == {
            (13, "INFRASTRUCTURE", ""),
            (5, "UNKNOWN_PROBLEM", "problem"),
            (3, "INVALID_FIELD", "program.language"),
        }


async def test_a_judge_error_is_an_error_and_not_a_report(house: Opened) -> None:
    async with house() as h:
        h.engine.verdict, h.engine.reason = Verdict.JUDGE_ERROR, Reason.CHECKER
        _, (result,) = await ended(h, (await create(h, [b"1"])).batch_id)
        assert (result.result.error.code, result.result.error.reason) == (13, "JUDGE_ERROR")


async def test_interactive_calls_never_wait_behind_a_batch(house: Opened, request_to_grade: Requests) -> None:
    async with house(slots=3, reserved_slots=1) as h:
        h.engine.hold()
        batch = await create(h, [b"batch%d" % number for number in range(100)])
        await h.engine.until(lambda engine: len(engine.requests) == 2)
        person = asyncio.ensure_future(_report(h.gradings.Grade(request_to_grade(b"person"))))
        await h.engine.until(lambda engine: len(engine.requests) == 3)
        assert h.engine.requests[2].program.main.content == b"person"
        assert h.observer.gauge("judge_queue_depth", priority="batch") == 2  # and 96 wait in the store
        running = (await stub(h).Get(batch_pb2.GetBatchRequest(batch_id=batch.batch_id))).batch.progress
        assert (running.running_count, running.waiting_count) == (4, 96)
        h.engine.release()
        await person
        assert (await ended(h, batch.batch_id))[0].progress.finished_count == 100


async def test_a_higher_priority_goes_first(house: Opened) -> None:
    async with house(slots=1) as h:
        h.engine.hold()
        low = await create(h, [b"low%d" % number for number in range(40)], request_id="low")
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        high = await create(h, [b"high%d" % number for number in range(5)], request_id="high", priority=1)
        h.engine.release()
        await ended(h, low.batch_id)
        order = [request.program.main.content[:3] for request in h.engine.requests]
        assert order.index(b"hig") <= 3  # what was in flight came before
        assert order[order.index(b"hig") :][:5] == [b"hig"] * 5
        listed = (await stub(h).List(batch_pb2.ListBatchesRequest(page_size=1))).next_page_token
        assert listed == high.batch_id
        rest = (await stub(h).List(batch_pb2.ListBatchesRequest(page_token=listed))).batches
        assert [batch.batch_id for batch in rest] == [low.batch_id]


async def test_cancelling_kills_what_runs_and_keeps_results(house: Opened) -> None:
    async with house(slots=1) as h:
        h.engine.hold()
        batch = await create(h, [b"%d" % number for number in range(9)])
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        cancelled = (await stub(h).Cancel(batch_pb2.CancelBatchRequest(batch_id=batch.batch_id))).batch
        await h.engine.until(lambda engine: len(engine.killed) == 1)
        assert (cancelled.state, cancelled.progress.cancelled_count) == (batch_pb2.BATCH_STATE_CANCELLED, 9)
        h.engine.release()
        last, results = await ended(h, batch.batch_id)
        assert (last.state, results) == (batch_pb2.BATCH_STATE_CANCELLED, [])
        await ended(h, (await create(h, [b"x"], request_id="next")).batch_id)


async def test_a_batch_that_does_not_exist(house: Opened, status_of: StatusOf) -> None:
    async with house() as h:
        for call in (
            stub(h).Get(batch_pb2.GetBatchRequest(batch_id="x")),
            stub(h).Cancel(batch_pb2.CancelBatchRequest(batch_id="x")),
            stub(h).ListResults(batch_pb2.ListBatchResultsRequest(batch_id="x")),
            stub(h).Watch(batch_pb2.WatchBatchRequest(batch_id="x")).read(),
        ):
            status = await status_of(call)
            assert (status.code, status.reason) == ("NOT_FOUND", "UNKNOWN_BATCH")


async def test_without_a_working_slot_items_wait(house: Opened) -> None:
    async with house(slots=1) as h:
        h.engine.hold()
        batch = await create(h, [b"1", b"2"])
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        h.engine.errors += [EnvironmentFault("no slot works"), EnvironmentFault("no slot works")]
        h.engine.set_working(0)
        h.engine.release()
        await h.engine.until(lambda engine: len(engine.requests) == 2)
        h.engine.set_working(1)
        last, _ = await ended(h, batch.batch_id)
        assert (last.progress.finished_count, last.progress.failed_count) == (2, 0)


async def test_the_next_service_goes_on(house: Opened, tmp_path: Path) -> None:
    store = await open_store(str(tmp_path / "judge.db"))
    async with house(slots=1, drain_timeout_ns=0, with_store=store) as h:
        h.engine.hold()
        batch = await create(h, [b"%d" % number for number in range(6)])
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        await h.server.stop()
        assert len(h.engine.killed) == 1
    await store.close()
    store = await open_store(str(tmp_path / "judge.db"))
    async with house(slots=1, with_store=store) as h:
        last, results = await ended(h, batch.batch_id)
        assert (last.state, len(results)) == (batch_pb2.BATCH_STATE_SUCCEEDED, 6)
        assert len(h.engine.requests) == 6
    await store.close()


async def _report(call: Any) -> grading_pb2.GradeResponse:
    return await call
