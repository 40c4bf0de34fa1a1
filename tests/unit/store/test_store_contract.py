"""What every store keeps: one suite over the twin, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from judge.errors import SubmissionError
from judge.model.batch import Batch, BatchItem, BatchState, ItemFailure, KnownItem
from judge.model.program import Program, SourceFile
from judge.model.report import Phase, Report, skipped_case
from judge.model.run import Captured
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.twins import case_of, report_of

Opened = Callable[[], Any]
FAILURE = ItemFailure(reason="UNKNOWN_PROBLEM", message="there is no problem 'ad'", field="problem")


def program(source: bytes = b"1") -> Program:
    return Program(language="python3", files=(SourceFile(path="main.py", content=source),))


def report(digest: str = "d", submission_id: str = "s", end_ns: int = 5) -> Report:
    base = report_of(GradingRequest(submission_id=submission_id, problem="add", program=program()))
    return replace(base, grading_digest=digest, phases=(Phase(name="test", start_unix_ns=1, end_unix_ns=end_ns),))


def batch(name: str = "b", *, priority: int = 0, created_ns: int = 1) -> Batch:
    return Batch(
        batch_id=name,
        request_id=f"request-{name}",
        display_name="Homework 3",
        priority=priority,
        state=BatchState.CREATING,
        content="",
        item_count=0,
        finished_count=0,
        failed_count=0,
        create_unix_ns=created_ns,
        end_unix_ns=None,
    )


def items(count: int, first: int = 1) -> list[BatchItem]:
    return [
        BatchItem(number=n, item_id=f"item-{n}", problem="add", program=program(b"%d" % n))
        for n in range(first, first + count)
    ]


async def created(store: Any, count: int = 3, name: str = "b", **fields: int) -> Batch:
    await store.begin_batch(batch(name, **fields))
    await store.add_items(name, items(count))
    return await store.start_batch(name, item_count=count, content=f"content-{name}", unix_ns=1)  # type: ignore[no-any-return]


# --- reports ---


async def test_a_report_comes_back_as_it_was_also_from_a_store_that_is_opened_again(opened: Opened) -> None:
    odd = replace(
        report(),
        cases=(
            skipped_case("secret/00", False),
            replace(case_of("secret/01", sample=False), stdout=Captured(data=b"\xff\0", total_bytes=9)),
            skipped_case("secret/02", True),
        ),
    )
    store = await opened()
    await store.put(odd)
    assert await store.get("d") == odd
    assert await store.get("other") is None
    await store.close()
    store = await opened()
    assert await store.get("d") == odd
    await store.close()


async def test_the_first_report_of_a_digest_stays(opened: Opened) -> None:
    store = await opened()
    await store.put(report(submission_id="first"))
    await store.put(report(submission_id="second"))
    assert (await store.get("d")).submission_id == "first"
    await store.close()


@pytest.mark.parametrize("verdict", [Verdict.JUDGE_ERROR, Verdict.CANCELLED])
async def test_faults_and_cancelled_gradings_are_never_kept(opened: Opened, verdict: Verdict) -> None:
    store = await opened()
    bad = replace(report(), verdict=verdict, reason=Reason.INFRASTRUCTURE)
    await created(store)
    for keep in (store.put(bad), store.link({"w": bad}), store.finish_items("b", {1: bad}, unix_ns=1)):
        with pytest.raises(ValueError, match="never kept"):
            await keep
    assert await store.get("d") is None
    assert len(await store.waiting_items("b", after=0, limit=9)) == 3
    await store.close()


async def test_a_link_leads_to_the_report_and_the_first_one_stays(opened: Opened) -> None:
    store = await opened()
    await store.link({"w": report("a")})
    await store.link({"w": report("b")})
    assert (await store.find("w")).grading_digest == "a"
    assert await store.find("v") is None
    await store.close()


# --- batches ---


async def test_a_batch_is_seen_when_it_has_been_created(opened: Opened) -> None:
    store = await opened()
    begun = await store.begin_batch(batch())
    await store.add_items("b", items(2))
    assert (begun.state, await store.batch("b"), await store.running_batches()) == (BatchState.CREATING, None, [])
    assert await store.batches(limit=9) == []
    started = await store.start_batch("b", item_count=2, content="c", unix_ns=1)
    assert started == replace(batch(), state=BatchState.RUNNING, item_count=2, content="c")
    assert await store.batch("b") == started
    assert await store.batches(limit=9) == await store.running_batches() == [started]
    assert await store.waiting_items("b", after=0, limit=9) == items(2)
    await store.close()


async def test_a_creation_that_broke_is_begun_again_and_one_that_ended_is_found(opened: Opened) -> None:
    store = await opened()
    await store.begin_batch(batch())
    await store.add_items("b", items(3))
    again = replace(batch("c"), request_id="request-b")
    assert await store.begin_batch(again) == again
    await store.add_items("c", items(1))
    started = await store.start_batch("c", item_count=1, content="c", unix_ns=1)
    assert await store.begin_batch(batch()) == started
    await store.drop_batch("c")  # only what is being created is dropped
    assert await store.waiting_items("c", after=0, limit=9) == items(1)
    await store.close()


async def test_an_item_id_is_there_once(opened: Opened) -> None:
    store = await opened()
    await store.begin_batch(batch())
    await store.add_items("b", items(2))
    with pytest.raises(SubmissionError, match="item-1"):
        await store.add_items("b", [replace(items(1)[0], number=3)])
    await store.close()


async def test_items_finish_once_and_the_last_one_ends_the_batch(opened: Opened) -> None:
    store = await opened()
    await created(store)
    first, taken = await store.finish_items("b", {2: report("a", "s2")}, unix_ns=7)
    assert (first.finished_count, first.failed_count, first.state, taken) == (1, 0, BatchState.RUNNING, {2})
    again, taken = await store.finish_items("b", {2: FAILURE}, unix_ns=8)
    assert (again, taken) == (first, set())
    await store.finish_items("b", {1: FAILURE}, unix_ns=8)
    assert [item.number for item in await store.waiting_items("b", after=0, limit=9)] == [3]
    last, taken = await store.finish_items("b", {3: report("a", "s3")}, unix_ns=9)
    assert (last.finished_count, last.failed_count, last.state, last.end_unix_ns) == (2, 1, BatchState.SUCCEEDED, 9)
    found = await store.results("b", after=0, limit=9)
    assert [(result.item_id, result.position) for result in found] == [("item-2", 1), ("item-1", 2), ("item-3", 3)]
    assert found[0].outcome == report("a", "s2")
    assert found[1].outcome == FAILURE
    assert found[2].outcome == report("a", "s3")  # the report of the same grading under its own name
    assert [result.position for result in await store.results("b", after=1, limit=1)] == [2]
    await store.close()


async def test_a_page_of_results_is_taken_in_its_order_and_each_once(opened: Opened) -> None:
    store = await opened()
    await created(store, 6)
    await store.finish_items("b", {2: report("a", "s2")}, unix_ns=1)
    page = {5: report("a", "s5"), 2: FAILURE, 4: FAILURE, 9: FAILURE, 1: report("b", "s1"), 3: report("b", "s3")}
    half, taken = await store.finish_items("b", page, unix_ns=7)
    assert (half.finished_count, half.failed_count, half.state, taken) == (4, 1, BatchState.RUNNING, {5, 4, 1, 3})
    assert await store.finish_items("b", page, unix_ns=8) == (half, set())
    last, taken = await store.finish_items("b", {6: FAILURE}, unix_ns=9)
    assert (last.finished_count, last.failed_count, last.state, taken) == (4, 2, BatchState.SUCCEEDED, {6})
    found = await store.results("b", after=0, limit=9)
    assert [result.item_id for result in found] == [f"item-{number}" for number in (2, 5, 4, 1, 3, 6)]
    outcomes = [report("a", "s2"), report("a", "s5"), FAILURE, report("b", "s1"), report("b", "s3"), FAILURE]
    assert [result.outcome for result in found] == outcomes
    await store.close()


async def test_links_are_kept_together_or_not_at_all(opened: Opened) -> None:
    store = await opened()
    await store.link({"w2": report("b"), "w1": report("a"), "w3": report("b")})
    assert [(await store.find(f"w{n}")).grading_digest for n in (1, 2, 3)] == ["a", "b", "b"]
    with pytest.raises(ValueError, match="never kept"):
        await store.link({"w4": report("c"), "w5": replace(report("d"), verdict=Verdict.CANCELLED)})
    assert [await store.find("w4"), await store.get("c")] == [None, None]
    await store.close()


async def test_what_is_known_has_its_report_from_the_start(opened: Opened) -> None:
    store = await opened()
    await store.link({"w2": report("a"), "w3": report("b")})
    known = [KnownItem(number=n, work=f"w{n}", submission_id=f"s{n}") for n in (3, 1, 2)]
    await store.begin_batch(batch())
    assert await store.add_items("b", items(3), known) == 2
    more = [replace(item, item_id=f"more-{item.number}", number=item.number + 3) for item in items(2)]
    again = [KnownItem(number=n, work="w2", submission_id=f"s{n}") for n in (4, 5)]
    assert await store.add_items("b", more, again) == 2
    started = await store.start_batch("b", item_count=5, content="c", unix_ns=7)
    assert (started.state, started.finished_count, started.end_unix_ns) == (BatchState.RUNNING, 4, None)
    found = await store.results("b", after=0, limit=9)
    first = [("item-2", 1), ("item-3", 2)]
    assert sorted((result.item_id, result.position) for result in found[:2]) in (first, [("item-2", 2), ("item-3", 1)])
    assert [(result.item_id, result.position) for result in found[2:]] == [("more-1", 3), ("more-2", 4)]
    outcomes = {result.item_id: result.outcome for result in found}
    assert (outcomes["item-2"], outcomes["item-3"]) == (report("a", "s2"), report("b", "s3"))
    assert [item.number for item in await store.waiting_items("b", after=0, limit=9)] == [1]
    ended, taken = await store.finish_items("b", {1: FAILURE, 2: FAILURE}, unix_ns=9)
    assert (ended.state, ended.done_count, taken) == (BatchState.SUCCEEDED, 5, {1})
    await store.close()


async def test_chunks_that_are_added_at_once_share_no_position(opened: Opened) -> None:
    store = await opened()
    await store.link({"w": report("a")})
    await store.begin_batch(batch())
    chunks = [items(50, first) for first in range(1, 401, 50)]
    known = [[KnownItem(number=each.number, work="w", submission_id="s") for each in chunk] for chunk in chunks]
    added = await asyncio.gather(*(store.add_items("b", *both) for both in zip(chunks, known, strict=True)))
    assert sum(added) == 400
    started = await store.start_batch("b", item_count=400, content="c", unix_ns=7)
    assert (started.state, started.finished_count) == (BatchState.SUCCEEDED, 400)
    assert [each.position for each in await store.results("b", after=0, limit=999)] == list(range(1, 401))
    await store.close()


async def test_a_batch_of_which_everything_is_known_ends_when_it_starts(opened: Opened) -> None:
    store = await opened()
    await store.link({"w": report("a")})
    await store.begin_batch(batch())
    await store.add_items("b", items(2), [KnownItem(number=n, work="w", submission_id=f"s{n}") for n in (1, 2)])
    started = await store.start_batch("b", item_count=2, content="c", unix_ns=7)
    assert (started.state, started.finished_count, started.end_unix_ns) == (BatchState.SUCCEEDED, 2, 7)
    assert await store.running_batches() == []
    await store.close()


async def test_known_items_finish_together(opened: Opened) -> None:
    store = await opened()
    await created(store, 5)
    await store.link({"w2": report("a")})
    await store.link({"w3": report("b")})
    await store.finish_items("b", {3: FAILURE}, unix_ns=1)
    known = [KnownItem(number=n, work=f"w{n}", submission_id=f"s{n}") for n in (4, 3, 2)]
    half, taken = await store.finish_known("b", known, unix_ns=7)
    assert (half.finished_count, half.failed_count, half.state, taken) == (1, 1, BatchState.RUNNING, {2})
    assert await store.finish_known("b", known, unix_ns=7) == (half, set())
    rest = [KnownItem(number=n, work="w3", submission_id=f"s{n}") for n in (1, 4, 5)]
    last, taken = await store.finish_known("b", rest, unix_ns=9)
    assert (last.state, last.end_unix_ns, last.finished_count, taken) == (BatchState.SUCCEEDED, 9, 4, {1, 4, 5})
    found = await store.results("b", after=0, limit=9)
    assert [(result.item_id, result.position) for result in found[:2]] == [("item-3", 1), ("item-2", 2)]
    assert [result.position for result in found] == [1, 2, 3, 4, 5]
    assert found[1].outcome == report("a", "s2")
    assert await store.finish_known("x", rest, unix_ns=9) == (None, set())
    await created(store, 5, "c")
    await store.cancel_batch("c", unix_ns=3)
    assert (await store.finish_known("c", known, unix_ns=9))[1] == set()
    await store.close()


async def test_many_finish_at_once_with_positions_without_gaps(opened: Opened) -> None:
    store = await opened()
    await created(store, 40)
    numbers = [*range(1, 41), *range(1, 41)]
    answers = await asyncio.gather(
        *(store.finish_items("b", {n: report(f"d{n}", f"s{i}")}, unix_ns=1) for i, n in enumerate(numbers))
    )
    assert sum(len(taken) for _, taken in answers) == 40
    found = await store.results("b", after=0, limit=99)
    assert [result.position for result in found] == list(range(1, 41))
    assert {result.item_id for result in found} == {f"item-{n}" for n in range(1, 41)}
    assert (await store.batch("b")).state is BatchState.SUCCEEDED
    await store.close()


async def test_a_cancelled_batch_takes_no_result(opened: Opened) -> None:
    store = await opened()
    await created(store)
    await store.finish_items("b", {1: report()}, unix_ns=2)
    ended = await store.cancel_batch("b", unix_ns=3)
    assert (ended.state, ended.finished_count, ended.end_unix_ns) == (BatchState.CANCELLED, 1, 3)
    assert (await store.finish_items("b", {2: report()}, unix_ns=4)) == (ended, set())
    assert await store.cancel_batch("b", unix_ns=5) == ended
    assert await store.cancel_batch("x", unix_ns=5) is None
    assert len(await store.results("b", after=0, limit=9)) == 1
    await store.close()


async def test_batches_by_age_and_by_priority(opened: Opened) -> None:
    store = await opened()
    for name, created_ns, priority in (("a", 1, 0), ("b", 2, 5), ("c", 2, 0), ("d", 3, 5)):
        await created(store, name=name, created_ns=created_ns, priority=priority)
    assert [b.batch_id for b in await store.running_batches()] == ["b", "d", "a", "c"]
    assert [b.batch_id for b in await store.batches(limit=3)] == ["d", "c", "b"]
    assert [b.batch_id for b in await store.batches(limit=3, after="b")] == ["a"]
    assert await store.batches(limit=3, after="unknown") == []
    await store.close()


async def test_what_does_not_exist(opened: Opened) -> None:
    store = await opened()
    with pytest.raises(KeyError):
        await store.start_batch("x", item_count=1, content="", unix_ns=1)
    with pytest.raises(KeyError):
        await store.finish_items("x", {1: FAILURE}, unix_ns=1)
    assert await store.batch("x") is None
    await store.close()


async def test_what_is_old_goes_and_what_a_batch_has_stays_with_it(opened: Opened) -> None:
    store = await opened()
    await created(store, 1, "kept", created_ns=1)
    await store.finish_items("kept", {1: report("used", end_ns=1)}, unix_ns=50)
    await store.begin_batch(batch("broken", created_ns=1))
    await store.link({"old-work": report("old", end_ns=4)})
    await store.link({"new-work": report("new", end_ns=40)})
    assert await store.expire(before_unix_ns=20, size_bytes=None) == 1
    assert [await store.get(name) is not None for name in ("used", "old", "new")] == [True, False, True]
    assert (await store.find("old-work"), (await store.find("new-work")).grading_digest) == (None, "new")
    assert await store.expire(before_unix_ns=20, size_bytes=0) == 1
    assert [await store.get(name) is not None for name in ("used", "new")] == [True, False]
    assert await store.expire(before_unix_ns=60, size_bytes=None) == 1
    assert (await store.batch("kept"), await store.get("used")) == (None, None)
    await store.close()
