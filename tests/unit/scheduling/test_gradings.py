"""Gradings: sharing by request id, leaving, remembering, forgetting, draining."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest

from judge.errors import Cancelled, InfrastructureError, Overloaded, RequestConflict
from judge.model.event import EventKind
from judge.model.program import Program, SourceFile
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.scheduling.admission import Admission, Draining, Priority
from judge.scheduling.grading import Grading
from judge.scheduling.gradings import DeadlinePassed, Gradings, Memory
from judge.scheduling.memory import weigh
from judge.twins import ManualClock, MemoryEngine, RecordingObserver, report_of
from judge.units import NANOSECONDS


class House:
    """Gradings with an engine and a clock in hand."""

    def __init__(
        self, *, slots: int = 4, queue_limit: int = 4, reports: int = 8, weights: float = 8, cached: int = 8
    ) -> None:
        self.clock = ManualClock()
        self.engine = MemoryEngine()
        self.observer = RecordingObserver()
        admission = Admission(
            slots=slots,
            reserved_slots=0,
            memory_bytes=1 << 30,
            queue_limit=queue_limit,
            clock=self.clock,
            observer=self.observer,
        )
        self.gradings = Gradings(
            self.engine,
            admission,
            clock=self.clock,
            observer=self.observer,
            memory=Memory(reports=reports, cached=cached, size_bytes=int(weights * weigh(report_of(request_of(b"1"))))),
            timeout_ns=600 * NANOSECONDS,
        )

    def join(self, stack: ExitStack, request_id: str = "", source: bytes = b"1", **kwargs: object) -> Grading:
        request = request_of(source, **kwargs)
        return stack.enter_context(self.gradings.join(request, request_id=request_id, priority=Priority.INTERACTIVE))

    async def grade(self, request_id: str = "", source: bytes = b"1") -> str:
        """Grades to the end; returns the submission id of the report."""
        with ExitStack() as stack:
            return (await self.join(stack, request_id, source).report()).submission_id


_numbers = iter(range(10_000))


def request_of(source: bytes, *, problem: str = "add", deadline_unix_ns: int | None = None) -> GradingRequest:
    return GradingRequest(
        submission_id=f"s{next(_numbers)}",
        problem=problem,
        program=Program(language="python3", files=(SourceFile(path="main.py", content=source),)),
        deadline_unix_ns=deadline_unix_ns,
    )


async def kinds(grading: Grading) -> list[tuple[int, str]]:
    return [(number, event.kind.value) async for number, event in grading.follow()]


ALL = [
    "queued",
    "compiling",
    "compiled",
    "test_started",
    "test_finished",
    "test_started",
    "test_finished",
    "finished",
]


async def test_the_events_of_a_grading() -> None:
    house = House()
    with ExitStack() as stack:
        grading = house.join(stack)
        assert await kinds(grading) == list(enumerate(ALL, 1))
        report = await grading.report()
    assert [phase.name for phase in report.phases] == ["queued", "test"]


async def test_the_same_id_and_content_share_one_run() -> None:
    house = House()
    house.engine.hold()
    with ExitStack() as stack:
        first = house.join(stack, "a")
        second = house.join(stack, "a")
        await house.engine.until(lambda engine: bool(engine.requests))
        third = house.join(stack, "a")
        house.engine.release()
        reports = await asyncio.gather(first.report(), second.report(), third.report())
    assert len({report.submission_id for report in reports}) == 1
    assert len(house.engine.requests) == 1


async def test_a_finished_grading_is_remembered() -> None:
    house = House()
    assert await house.grade("a") == await house.grade("a")
    assert len(house.engine.requests) == 1


async def test_one_who_joins_late_gets_all_events() -> None:
    house = House()
    house.engine.hold()
    with ExitStack() as stack:
        early = asyncio.create_task(kinds(house.join(stack, "a")))
        await house.engine.until(lambda engine: bool(engine.requests))
        late = asyncio.create_task(kinds(house.join(stack, "a")))
        house.engine.release()
        assert await early == await late == list(enumerate(ALL, 1))


async def test_one_who_comes_after_the_end_gets_the_last_event_with_its_number() -> None:
    house = House()
    await house.grade("a")
    with ExitStack() as stack:
        assert await kinds(house.join(stack, "a")) == [(8, "finished")]


async def test_other_content_conflicts() -> None:
    house = House()
    house.engine.hold()
    with ExitStack() as stack:
        first = house.join(stack, "a", b"1")
        with pytest.raises(RequestConflict, match="'a' was used before for other content"):
            house.join(stack, "a", b"2")
        with pytest.raises(RequestConflict):
            house.join(stack, "a", b"1", problem="other")
        house.engine.release()
        await first.report()
    with pytest.raises(RequestConflict):
        await house.grade("a", b"2")


async def test_without_an_id_nothing_is_shared() -> None:
    house = House()
    assert await house.grade() != await house.grade()


async def test_a_shared_grading_is_cancelled_when_the_last_has_left() -> None:
    house = House()
    house.engine.hold()
    first, second = ExitStack(), ExitStack()
    house.join(first, "a")
    house.join(second, "a")
    await house.engine.until(lambda engine: bool(engine.requests))
    first.close()
    await asyncio.sleep(0)
    assert not house.engine.killed
    second.close()
    await house.engine.until(lambda engine: bool(engine.killed))


async def test_leaving_one_does_not_disturb_the_other() -> None:
    house = House()
    house.engine.hold()
    with ExitStack() as stack:
        stays = house.join(stack, "a")
        leaves = asyncio.create_task(house.grade("a"))
        await house.engine.until(lambda engine: bool(engine.requests))
        leaves.cancel()
        await asyncio.gather(leaves, return_exceptions=True)
        house.engine.release()
        assert (await stays.report()).verdict is Verdict.ACCEPTED


async def test_after_a_cancellation_the_id_runs_again_at_once() -> None:
    house = House()
    house.engine.hold()
    with ExitStack() as stack:
        house.join(stack, "a")
        await house.engine.until(lambda engine: bool(engine.requests))
    house.engine.release()
    await house.grade("a", b"2")
    assert len(house.engine.requests) == 2


async def test_a_grading_left_before_it_began_never_runs() -> None:
    house = House()
    with ExitStack() as stack:
        house.join(stack, "a")
    await house.grade("b")
    assert len(house.engine.requests) == 1


@pytest.mark.parametrize("error", [InfrastructureError("a fault"), ValueError("unforeseen")])
async def test_a_failure_is_forgotten(error: Exception) -> None:
    house = House()
    house.engine.errors.append(error)
    with pytest.raises(type(error)):
        await house.grade("a")
    await house.grade("a")
    assert len(house.engine.requests) == 2


async def test_a_fault_is_counted_as_a_judge_error() -> None:
    house = House()
    house.engine.errors.append(InfrastructureError("a fault"))
    with pytest.raises(InfrastructureError):
        await house.grade()
    await house.grade()
    counted = house.observer.counted("judge_grades_total", verdict="JUDGE_ERROR", language="python3")
    assert counted == 1


async def test_all_who_wait_get_the_failure() -> None:
    house = House()
    house.engine.hold()
    house.engine.errors.append(InfrastructureError("a fault"))
    with ExitStack() as stack:
        waiting = [house.join(stack, "a") for _ in range(3)]
        house.engine.release()
        results = await asyncio.gather(*(grading.report() for grading in waiting), return_exceptions=True)
    assert [str(result) for result in results] == ["a fault"] * 3


async def test_a_judge_error_is_reported_and_forgotten() -> None:
    house = House()
    house.engine.verdict, house.engine.reason = Verdict.JUDGE_ERROR, Reason.CHECKER
    assert await house.grade("a") != await house.grade("a")


@pytest.mark.parametrize(("reason", "kind"), [(Reason.DEADLINE, DeadlinePassed), (Reason.CLIENT_CANCELLED, Cancelled)])
async def test_a_cancelled_report_is_an_error_and_forgotten(reason: Reason, kind: type[Exception]) -> None:
    house = House()
    house.engine.verdict, house.engine.reason = Verdict.CANCELLED, reason
    with pytest.raises(kind) as caught:
        await house.grade("a")
    assert type(caught.value) is kind
    house.engine.verdict, house.engine.reason = Verdict.ACCEPTED, None
    await house.grade("a")


async def test_the_memory_is_bounded_in_number_and_the_least_used_goes_first() -> None:
    house = House(reports=2)
    ids = {name: await house.grade(name) for name in ("a", "b")}
    assert await house.grade("a") == ids["a"]
    await house.grade("c")
    assert await house.grade("a") == ids["a"]
    assert await house.grade("b") != ids["b"]


async def test_the_memory_is_bounded_in_bytes() -> None:
    house = House(weights=2.5)
    ids = {name: await house.grade(name) for name in ("a", "b", "c")}
    assert await house.grade("c") == ids["c"]
    assert await house.grade("b") == ids["b"]
    assert await house.grade("a") != ids["a"]


async def test_a_report_larger_than_the_memory_is_not_remembered() -> None:
    house = House(weights=0.99)
    assert await house.grade("a") != await house.grade("a")
    house = House(reports=0)
    assert await house.grade("a") != await house.grade("a")


async def test_a_refusal_reaches_who_waits_and_is_forgotten() -> None:
    house = House(slots=1, queue_limit=0)
    house.engine.hold()
    with ExitStack() as stack:
        first = house.join(stack)
        await house.engine.until(lambda engine: bool(engine.requests))
        with pytest.raises(Overloaded):
            await house.grade("a")
        house.engine.release()
        await first.report()
    await house.grade("a")


async def test_the_stream_of_a_refused_grading_raises() -> None:
    house = House(slots=1, queue_limit=0)
    house.engine.hold()
    with ExitStack() as stack:
        house.join(stack)
        await house.engine.until(lambda engine: bool(engine.requests))
        with pytest.raises(Overloaded):
            await kinds(house.join(stack, "a"))


async def test_the_deadline_that_an_engine_gets() -> None:
    house = House()
    now = house.clock.unix_ns()
    limit = now + 600 * NANOSECONDS
    deadlines = {"": [(None, limit), (now + 5, now + 5), (limit + 5, limit)], "a": [(now + 5, limit)]}
    for request_id, pairs in deadlines.items():
        for own, expected in pairs:
            with ExitStack() as stack:
                await house.join(stack, request_id, deadline_unix_ns=own).report()
            assert house.engine.requests[-1].deadline_unix_ns == expected


async def test_a_drain_waits_for_those_admitted_and_refuses_others() -> None:
    house = House(slots=1)
    house.engine.hold()
    with ExitStack() as stack:
        running, queued = house.join(stack), house.join(stack)
        await house.engine.until(lambda engine: bool(engine.requests))
        drain = asyncio.create_task(house.gradings.drain(1000.0))
        await asyncio.sleep(0)
        with pytest.raises(Draining):
            await house.grade()
        assert not drain.done()
        house.engine.release()
        await drain
        for grading in (running, queued):
            assert (await grading.report()).verdict is Verdict.ACCEPTED


async def test_a_drain_cancels_what_takes_too_long() -> None:
    house = House(slots=1)
    house.engine.hold()
    with ExitStack() as stack:
        running, queued = house.join(stack, "a"), house.join(stack, "b")
        await house.engine.until(lambda engine: bool(engine.requests))
        await house.gradings.drain(0.0)
        for grading in (running, queued):
            with pytest.raises(Draining, match="cancelled"):
                await grading.report()
            with pytest.raises(Draining):
                await kinds(grading)
    assert len(house.engine.killed) == 1


async def test_a_drain_of_nothing_ends_at_once() -> None:
    await House().gradings.drain(1000.0)


async def test_events_are_not_told_twice_when_an_engine_tells_its_own() -> None:
    house = House()
    with ExitStack() as stack:
        told = [kind for _, kind in await kinds(house.join(stack))]
    assert told.count(EventKind.QUEUED) == told.count(EventKind.FINISHED) == 1


async def test_a_storm_of_joins_and_leaves_ends_with_nothing_running() -> None:
    house = House(slots=2, queue_limit=100)

    async def visit(number: int) -> None:
        with ExitStack() as stack:
            grading = house.join(stack, f"id{number % 5}", b"%d" % (number % 5))
            if number % 3:
                await grading.report()
            else:
                for _ in range(number % 7):
                    await asyncio.sleep(0)

    await asyncio.gather(*(visit(number) for number in range(200)))
    await house.gradings.drain(1000.0)
    assert len(house.engine.requests) >= 5
    assert house.observer.gauge("judge_queue_depth", priority="interactive") == 0
