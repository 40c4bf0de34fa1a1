"""Identical work: done once while it runs, repeated once there is a report."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from judge.errors import Cancelled, InfrastructureError
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.scheduling.admission import Admission, Draining, Priority
from judge.scheduling.grading import Grading
from judge.scheduling.gradings import Gradings, Memory
from judge.twins import ManualClock, MemoryEngine, RecordingObserver
from judge.units import NANOSECONDS

PROGRAM = Program(language="python3", files=(SourceFile(path="main.py", content=b"1"),))
_numbers = iter(range(10_000))


class House:
    """Gradings with an engine in hand."""

    def __init__(self, *, slots: int = 2, cached: int = 4) -> None:
        self.clock = ManualClock()
        self.engine = MemoryEngine()
        self.observer = RecordingObserver()
        self.admission = Admission(
            slots=slots, reserved_slots=0, memory_bytes=1 << 30, queue_limit=8, clock=self.clock, observer=self.observer
        )
        self.gradings = Gradings(
            self.engine,
            self.admission,
            clock=self.clock,
            observer=self.observer,
            memory=Memory(reports=8, cached=cached, size_bytes=1 << 20),
            timeout_ns=600 * NANOSECONDS,
        )

    def join(
        self,
        stack: ExitStack,
        work: str = "w",
        *,
        request_id: str = "",
        priority: Priority = Priority.INTERACTIVE,
        events: bool = True,
    ) -> Grading:
        number = next(_numbers)
        request = GradingRequest(submission_id=f"s{number}", problem="add", program=PROGRAM, events=events)
        return stack.enter_context(self.gradings.join(request, request_id=request_id, priority=priority, work=work))

    async def grade(self, work: str = "w", **fields: str) -> Report:
        with ExitStack() as stack:
            return await self.join(stack, work, **fields).report()  # type: ignore[arg-type]

    def looked_up(self) -> tuple[float, float]:
        count = self.observer.counted
        return count("judge_cache_requests_total", result="hit"), count("judge_cache_requests_total", result="miss")


def names(report: Report) -> list[str]:
    return [phase.name for phase in report.phases]


async def kinds(grading: Grading) -> list[str]:
    return [event.kind.value async for _, event in grading.follow()]


async def test_a_report_is_repeated_under_a_new_submission_id() -> None:
    house = House()
    first, second = await house.grade(), await house.grade()
    assert len(house.engine.requests) == 1
    assert (names(first), names(second)) == (["queued", "test"], ["queued", "test", "cached"])
    assert first.submission_id != second.submission_id
    assert (first.verdict, first.cases, first.grading_digest) == (second.verdict, second.cases, second.grading_digest)
    assert house.looked_up() == (1, 1)
    assert names(await house.grade()) == ["queued", "test", "cached"]  # of the first, not of the second


async def test_a_repeated_report_has_events_and_a_request_id_of_its_own() -> None:
    house = House()
    await house.grade()
    with ExitStack() as stack:
        assert await kinds(house.join(stack, request_id="a")) == ["queued", "finished"]
    again = await house.grade("other", request_id="a")
    assert names(again)[-1] == "cached"
    assert len(house.engine.requests) == 1


async def test_other_work_and_work_without_a_name_run() -> None:
    house = House()
    for work in ("w", "v", "", ""):
        await house.grade(work)
    assert len(house.engine.requests) == 4
    assert house.looked_up() == (0, 2)


async def test_switched_off() -> None:
    house = House(cached=0)
    house.engine.hold()
    with ExitStack() as stack:
        gradings = [house.join(stack), house.join(stack)]
        house.engine.release()
        for grading in gradings:
            await grading.report()
    await house.grade()
    assert len(house.engine.requests) == 3
    assert house.looked_up() == (0, 0)


async def test_identical_work_in_flight_runs_once() -> None:
    house = House(slots=1)
    house.engine.hold()
    with ExitStack() as stack:
        gradings = [house.join(stack, request_id=request_id) for request_id in ("", "a", "b", "")]
        await house.engine.until(lambda engine: bool(engine.requests))
        house.engine.release()
        reports = [await grading.report() for grading in gradings]
    assert len(house.engine.requests) == 1
    assert [names(report)[-1] for report in reports] == ["test", "shared", "shared", "shared"]
    assert len({report.submission_id for report in reports}) == 4
    assert (await house.grade(request_id="a")).submission_id == reports[1].submission_id
    assert house.looked_up() == (3, 1)


async def test_one_who_shares_hears_the_events() -> None:
    house = House()
    house.engine.hold()
    with ExitStack() as stack:
        streams = [asyncio.create_task(kinds(house.join(stack))) for _ in range(2)]
        await house.engine.until(lambda engine: bool(engine.requests))
        house.engine.release()
        first, second = await asyncio.gather(*streams)
    assert first == second
    assert len(first) == 8


async def test_the_run_goes_on_while_anybody_who_shares_it_waits() -> None:
    house = House()
    house.engine.hold()
    first, second = ExitStack(), ExitStack()
    house.join(first)
    await house.engine.until(lambda engine: bool(engine.requests))
    shares = house.join(second)
    first.close()
    await asyncio.sleep(0)
    assert not house.engine.killed
    house.engine.release()
    assert (await shares.report()).verdict is Verdict.ACCEPTED
    second.close()


async def test_the_run_is_killed_when_the_last_has_left() -> None:
    house = House()
    house.engine.hold()
    stacks = [ExitStack() for _ in range(3)]
    for stack in stacks:
        house.join(stack)
    await house.engine.until(lambda engine: bool(engine.requests))
    for stack in stacks:
        stack.close()
    await house.engine.until(lambda engine: bool(engine.killed))
    house.engine.release()
    assert names(await house.grade())[-1] == "test"  # what was cancelled is not repeated


async def test_one_who_leaves_before_he_began_leaves_the_run() -> None:
    house = House()
    house.engine.hold()
    stays, leaves = ExitStack(), ExitStack()
    house.join(stays)
    await house.engine.until(lambda engine: bool(engine.requests))
    gone = house.join(leaves)
    leaves.close()
    with pytest.raises(Cancelled):
        await gone.report()
    stays.close()
    await house.engine.until(lambda engine: bool(engine.killed))


async def test_all_who_share_get_the_failure_and_the_next_runs() -> None:
    house = House()
    house.engine.hold()
    house.engine.errors.append(InfrastructureError("a fault"))
    with ExitStack() as stack:
        gradings = [house.join(stack) for _ in range(3)]
        house.engine.release()
        for grading in gradings:
            with pytest.raises(InfrastructureError, match="a fault"):
                await grading.report()
    assert house.observer.counted("judge_grades_total", verdict="JUDGE_ERROR", language="python3") == 1
    assert (await house.grade()).verdict is Verdict.ACCEPTED
    assert len(house.engine.requests) == 2


async def test_a_judge_error_is_not_repeated() -> None:
    house = House()
    house.engine.verdict = Verdict.JUDGE_ERROR
    await house.grade()
    await house.grade()
    assert len(house.engine.requests) == 2


async def test_a_person_does_not_wait_in_the_batches_queue() -> None:
    house = House(slots=1)
    house.engine.hold()
    with ExitStack() as stack:
        gradings = [house.join(stack, "x", priority=Priority.BATCH), house.join(stack, priority=Priority.BATCH)]
        await house.engine.until(lambda engine: bool(engine.requests))
        person = house.join(stack)
        house.engine.release()
        assert names(await person.report())[-1] == "test"
        for grading in gradings:
            await grading.report()
    assert len(house.engine.requests) == 3


async def test_after_a_new_worker_nothing_is_repeated() -> None:
    house = House()
    await house.grade()
    house.gradings.renew()
    await house.grade()
    assert len(house.engine.requests) == 2
    house.engine.hold()
    with ExitStack() as stack:
        before = house.join(stack, "v")
        await house.engine.until(lambda engine: len(engine.requests) == 3)
        house.gradings.renew()
        after = house.join(stack, "v")  # does not share what began before
        house.engine.release()
        assert names(await before.report())[-1] == names(await after.report())[-1] == "test"
    assert names(await house.grade("v"))[-1] == "cached"
    assert len(house.engine.requests) == 4


async def test_a_drain_waits_for_those_who_share_and_then_cancels_them() -> None:
    house = House()
    house.engine.hold()
    with ExitStack() as stack:
        gradings = [house.join(stack) for _ in range(3)]
        await house.engine.until(lambda engine: bool(engine.requests))
        await house.gradings.drain(0.0)
        for grading in gradings:
            with pytest.raises(Draining):
                await grading.report()


async def test_stored_reports_are_bounded() -> None:
    house = House(cached=2)
    for work in ("a", "b", "c", "a"):
        await house.grade(work)
    assert len(house.engine.requests) == 4
    await house.grade("c")
    assert len(house.engine.requests) == 4


async def test_a_storm_of_visitors_ends_with_nothing_running() -> None:
    house = House()

    async def visit(number: int) -> None:
        with ExitStack() as stack:
            grading = house.join(stack, f"w{number % 3}", request_id=f"id{number % 7}x{number % 3}")
            if number % 3:
                await grading.report()
            else:
                for _ in range(number % 7):
                    await asyncio.sleep(0)

    await asyncio.gather(*(visit(number) for number in range(200)))
    await house.gradings.drain(1000.0)
    assert 3 <= len(house.engine.requests) < 200
    assert house.observer.gauge("judge_queue_depth", priority="interactive") == 0
