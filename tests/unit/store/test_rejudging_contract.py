"""What every store keeps of rejudgings: one suite over the twin, SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from judge.model.batch import Batch, BatchItem, BatchState, ItemFailure, Mark, Transition
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.store.database import Statement
from judge.store.sql import open_store
from judge.twins import report_of

Opened = Callable[[], Any]
FAILURE = ItemFailure(reason="JUDGE_ERROR", message="a worker was lost twice")
ACCEPTED = Mark(verdict=Verdict.ACCEPTED, score=Fraction(1))
HALF = Mark(verdict=Verdict.WRONG_ANSWER, score=Fraction(1, 2))
WRONG = Mark(verdict=Verdict.WRONG_ANSWER)
FAILED = Mark(verdict=None)


def item(number: int, before: Mark | None = None) -> BatchItem:
    program = Program(language="python3", files=(SourceFile(path="main.py", content=b"%d" % number),))
    return BatchItem(number=number, item_id=f"item-{number}", problem="add", program=program, before=before)


def report(mark: Mark, digest: str) -> Report:
    request = GradingRequest(submission_id=f"s-{digest}", problem="add", program=item(1).program)
    assert mark.verdict is not None
    return replace(report_of(request), verdict=mark.verdict, score=mark.score, grading_digest=digest)


def batch(name: str, **fields: Any) -> Batch:
    return Batch(
        batch_id=name,
        request_id=f"request-{name}",
        display_name="",
        priority=0,
        state=BatchState.CREATING,
        content="",
        item_count=0,
        finished_count=0,
        failed_count=0,
        create_unix_ns=1,
        end_unix_ns=None,
        **fields,
    )


async def filled(store: Any, new: Batch, items: list[BatchItem], marks: list[Mark]) -> None:
    """Creates a batch whose first items get the results of ``marks``."""
    await store.begin_batch(new)
    await store.add_items(new.batch_id, items)
    await store.start_batch(new.batch_id, item_count=len(items), content="", unix_ns=1)
    for each, mark in zip(items, marks, strict=False):
        outcome = report(mark, f"{new.batch_id}-{each.number}") if mark.verdict else FAILURE
        await store.finish_items(new.batch_id, {each.number: outcome}, unix_ns=2)


async def rejudged(store: Any, marks: list[Mark], name: str = "new") -> None:
    """A batch with four results, and a rejudging of them that gave ``marks``."""
    before = [ACCEPTED, HALF, WRONG, FAILED]
    if await store.batch("old") is None:
        await filled(store, batch("old"), [item(number) for number in range(1, 5)], before)
    items = [item(number, mark) for number, mark in enumerate(before, 1)]
    await filled(store, batch(name, base_id="old"), items, marks)


async def marks_of(store: Any, name: str) -> list[Mark]:
    return [mark for _, mark in await store.graded_items(name, after=0, limit=9)]


async def test_items_come_with_their_results_in_short(opened: Opened) -> None:
    store = await opened()
    await filled(store, batch("old"), [item(number) for number in range(1, 5)], [ACCEPTED, HALF, FAILED])
    found = await store.graded_items("old", after=1, limit=9)
    assert found == [(item(2), HALF), (item(3), FAILED)]
    assert await store.graded_items("old", after=0, limit=1) == [(item(1), ACCEPTED)]
    await store.close()


async def test_changes_and_transitions(opened: Opened) -> None:
    store = await opened()
    await rejudged(store, [ACCEPTED, WRONG, FAILED, ACCEPTED])
    changes = await store.changes("new", after=0, limit=9)
    assert [(c.number, c.item_id, c.before, c.after) for c in changes] == [
        (2, "item-2", HALF, WRONG),  # another score is a change
        (4, "item-4", FAILED, ACCEPTED),  # item 3 failed: that changes nothing
    ]
    assert await store.changes("new", after=2, limit=9) == changes[1:]
    assert await store.changes("new", after=0, limit=1) == changes[:1]
    wrong = Verdict.WRONG_ANSWER
    assert set(await store.transitions("new")) == {
        Transition(before=Verdict.ACCEPTED, after=Verdict.ACCEPTED, count=1, changed_count=0),
        Transition(before=wrong, after=wrong, count=1, changed_count=1),
        Transition(before=wrong, after=None, count=1, changed_count=0),
        Transition(before=None, after=Verdict.ACCEPTED, count=1, changed_count=1),
    }
    await store.close()


async def test_applied_results_are_the_batch_s_but_for_failures(opened: Opened) -> None:
    store = await opened()
    await rejudged(store, [HALF, HALF, FAILED, ACCEPTED])
    changes = await store.changes("new", after=0, limit=9)
    applied = await store.apply_rejudging("new")
    assert applied.state is BatchState.APPLIED
    assert await marks_of(store, "old") == [HALF, HALF, WRONG, ACCEPTED]
    results = {result.item_id: result for result in await store.results("old", after=0, limit=9)}
    assert [results[f"item-{n}"].position for n in range(1, 5)] == [1, 2, 3, 4]  # where readers left off stays true
    assert results["item-1"].outcome == report(HALF, "new-1")
    assert results["item-3"].outcome == report(WRONG, "old-3")
    old = await store.batch("old")
    assert (old.state, old.finished_count, old.failed_count, old.generation) == (BatchState.SUCCEEDED, 4, 0, 1)
    assert await store.apply_rejudging("new") == applied  # once
    assert (await store.batch("old")).generation == 1
    assert await store.changes("new", after=0, limit=9) == changes  # the history of what happened
    assert await store.drop_rejudging("new") == applied == await store.batch("new")
    await store.close()


async def test_a_rejudging_is_applied_to_what_it_was_compared_with(opened: Opened) -> None:
    store = await opened()
    await rejudged(store, [WRONG] * 4, "first")
    await rejudged(store, [HALF] * 4, "second")
    states = await asyncio.gather(store.apply_rejudging("first"), store.apply_rejudging("second"))
    assert sorted(state.state for state in states) == [BatchState.APPLIED, BatchState.SUCCEEDED]
    marks = await marks_of(store, "old")
    assert len(set(marks)) == 1  # all of one, none of the other
    await store.close()


async def test_what_runs_or_has_no_batch_is_not_applied(opened: Opened) -> None:
    store = await opened()
    await rejudged(store, [ACCEPTED] * 3)
    assert (await store.apply_rejudging("new")).state is BatchState.RUNNING
    assert (await store.apply_rejudging("old")).state is BatchState.SUCCEEDED  # it is no rejudging
    await filled(store, batch("orphan", base_id="nowhere"), [item(1, WRONG)], [ACCEPTED])
    assert (await store.apply_rejudging("orphan")).state is BatchState.SUCCEEDED
    assert await store.apply_rejudging("nowhere") is None
    assert await marks_of(store, "old") == [ACCEPTED, HALF, WRONG, FAILED]
    assert (await store.batch("old")).generation == 0
    await store.close()


async def test_a_dropped_rejudging_is_forgotten_also_while_it_runs(opened: Opened) -> None:
    store = await opened()
    await rejudged(store, [ACCEPTED] * 3)
    assert (await store.drop_rejudging("new")).state is BatchState.RUNNING
    assert (await store.batch("new"), await store.drop_rejudging("new")) == (None, None)
    assert await store.waiting_items("new", after=0, limit=9) == []
    await store.drop_rejudging("old")  # no rejudging
    assert await marks_of(store, "old") == [ACCEPTED, HALF, WRONG, FAILED]
    await store.close()


async def test_results_of_an_earlier_version_get_their_marks(tmp_path: Any) -> None:
    store = await open_store(str(tmp_path / "judge.db"))
    await filled(store, batch("old"), [item(number) for number in range(1, 4)], [ACCEPTED, FAILED])
    await store._database.run(Statement("UPDATE reports SET verdict = NULL, score = NULL"))
    await store.close()
    store = await open_store(str(tmp_path / "judge.db"))
    assert await marks_of(store, "old") == [ACCEPTED, FAILED]
    await store.close()
