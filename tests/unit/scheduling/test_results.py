"""Reports that outlive the process: a second service over the same store repeats what the first one graded."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

import pytest

from judge.errors import StoreFault
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.ports import GradingRequest, ResultStore
from judge.scheduling.admission import Admission, Priority
from judge.scheduling.gradings import Gradings, Memory
from judge.scheduling.results import Lasting, Results
from judge.store.memory import MemoryStore
from judge.twins import ManualClock, MemoryEngine, RecordingObserver
from judge.units import NANOSECONDS

PROGRAM = Program(language="python3", files=(SourceFile(path="main.py", content=b"1"),))


class House:
    """Gradings over a store, with an engine in hand."""

    def __init__(self, store: ResultStore, *, cached: int = 4) -> None:
        self.engine, self.observer, clock = MemoryEngine(), RecordingObserver(), ManualClock()
        self.results = Results(store, self.observer)
        self.gradings = Gradings(
            self.engine,
            Admission(
                slots=1, reserved_slots=0, memory_bytes=1 << 30, queue_limit=8, clock=clock, observer=self.observer
            ),
            clock=clock,
            observer=self.observer,
            memory=Memory(reports=8, cached=cached, size_bytes=1 << 20),
            timeout_ns=600 * NANOSECONDS,
            results=self.results,
        )

    async def grade(self, work: str = "w", *, toolchain: str = "none", changed: bool = False) -> Report:
        async def unchanged() -> bool:
            return not changed

        lasting = Lasting(work=f"lasting {work}", toolchain=toolchain, package="add@1", unchanged=unchanged)
        request = GradingRequest(submission_id="s", problem="add", program=PROGRAM)
        join = self.gradings.join(request, request_id="", priority=Priority.BATCH, work=work, lasting=lasting)
        with ExitStack() as stack:
            report = await stack.enter_context(join).report()
        await self.results.settle()
        return report

    def looked_up(self) -> tuple[float, float]:
        count = self.observer.counted
        return count("judge_cache_requests_total", result="hit"), count("judge_cache_requests_total", result="miss")


def last(report: Report) -> str:
    return report.phases[-1].name


async def test_what_one_service_graded_another_repeats() -> None:
    store = MemoryStore()
    first, second = House(store), House(store)
    graded, repeated = await first.grade(), await second.grade()
    assert (last(graded), last(repeated)) == ("test", "cached")
    assert (repeated.cases, repeated.grading_digest) == (graded.cases, graded.grading_digest)
    assert (len(first.engine.requests), len(second.engine.requests)) == (1, 0)
    assert (first.looked_up(), second.looked_up()) == ((0, 1), (1, 0))
    assert [phase.name for phase in (await second.grade()).phases].count("cached") == 1  # from memory now
    assert second.looked_up() == (2, 0)


async def test_other_work_is_graded() -> None:
    store = MemoryStore()
    await House(store).grade("w")
    assert last(await House(store).grade("v")) == "test"


@pytest.mark.parametrize("fields", [{"changed": True}, {"toolchain": "another"}], ids=str)
async def test_what_may_be_of_another_package_or_toolchain_is_not_kept(fields: dict[str, object]) -> None:
    store = MemoryStore()
    await House(store).grade(**fields)  # type: ignore[arg-type]
    assert last(await House(store).grade()) == "test"


async def test_judge_errors_are_not_kept() -> None:
    store = MemoryStore()
    house = House(store)
    house.engine.verdict = Verdict.JUDGE_ERROR
    await house.grade()
    assert last(await House(store).grade()) == "test"


async def test_switched_off_with_the_cache() -> None:
    store = MemoryStore()
    await House(store, cached=0).grade()
    assert last(await House(store).grade()) == "test"
    assert last(await House(store, cached=0).grade()) == "test"


class _Full(MemoryStore):
    async def find(self, work: str) -> Report | None:
        raise StoreFault("the disk")

    async def link(self, reports: Mapping[str, Report]) -> None:
        raise StoreFault("the disk")


async def test_a_store_that_fails_stops_no_grading_and_is_counted() -> None:
    house = House(_Full())
    assert (await house.grade()).verdict is Verdict.ACCEPTED
    for operation in ("find", "keep"):
        assert house.observer.counted("judge_store_faults_total", operation=operation) == 1


async def test_a_report_found_while_the_engine_changed_is_given_once() -> None:
    store = MemoryStore()
    await House(store).grade()
    house = House(store)

    class Slow(MemoryStore):
        async def find(self, work: str) -> Report | None:
            house.gradings.renew()
            found = await store.find(work)
            return None if found is None else replace(found, toolchain="none")

    house.results._store = Slow()
    assert last(await house.grade()) == "cached"
    house.results._store = MemoryStore()
    assert last(await house.grade()) == "test"
