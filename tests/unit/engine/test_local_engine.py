"""The engine with real worker processes, whose grader obeys the source: fake_worker.py."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from judge.engine.local import LocalEngine
from judge.engine.slot import Timing
from judge.errors import EnvironmentFault, InfrastructureError, SlotFault, SpecError, SubmissionError
from judge.model.event import Event, EventKind
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.twins import RecordingObserver

WORKER = Path(__file__).with_name("fake_worker.py")
QUICK = Timing(pause_s=0.0, pause_max_s=0.0)


class Workshop:
    """An engine, what it observed, and how many slots it said to work."""

    def __init__(self, mode: str = "ok", *, slots: int = 1, timing: Timing = QUICK) -> None:
        self.observer = RecordingObserver()
        self.working: list[int] = []
        self.engine = LocalEngine(command(mode), slots=slots, observer=self.observer, timing=timing)
        self._news = asyncio.Event()
        self.engine.watch(self._take)

    async def __aenter__(self) -> Workshop:
        await self.engine.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.__aexit__(None, None, None)

    async def grade(self, source: str, **kwargs: int) -> Report:
        return await self.engine.grade(request_of(source, **kwargs), lambda _: None)

    async def until_working(self, slots: int) -> None:
        while self.working[-1] != slots:
            await self._news.wait()
            self._news.clear()

    def _take(self, working: int) -> None:
        self.working.append(working)
        self._news.set()

    def rebuilt(self, reason: str) -> float:
        return self.observer.counted("judge_slot_rebuilds_total", reason=reason)


def command(mode: str) -> tuple[str, ...]:
    return (sys.executable, str(WORKER), mode)


def request_of(source: str, *, deadline_unix_ns: int | None = None) -> GradingRequest:
    program = Program(language="python3", files=(SourceFile(path="main.py", content=source.encode()),))
    return GradingRequest(submission_id="s", problem="p", program=program, deadline_unix_ns=deadline_unix_ns)


def on_first(event: asyncio.Event) -> Callable[[Event], None]:
    return lambda _: event.set()


@pytest.fixture(scope="module")
def shared(runner: asyncio.Runner) -> Iterator[Workshop]:
    """One engine with one worker, for tests that leave the worker alive."""
    shop = Workshop()
    runner.run(shop.__aenter__())
    runner.run(shop.until_working(1))
    yield shop
    runner.run(shop.__aexit__())


async def test_a_grading_and_its_events() -> None:
    async with Workshop() as shop:
        events: list[Event] = []
        report = await shop.engine.grade(request_of("accept"), events.append)
        assert report.verdict is Verdict.ACCEPTED
        assert report.score == 1
        assert [event.kind for event in events] == [EventKind.COMPILING]
        assert shop.working == [0, 1]
        states = {state: shop.observer.gauge("judge_slots", state=state) for state in ("idle", "busy", "starting")}
        assert states == {"idle": 1, "busy": 0, "starting": 0}


async def test_without_a_listener_nothing_is_told(shared: Workshop) -> None:
    events: list[Event] = []
    quiet = replace(request_of("accept"), events=False)
    assert (await shared.engine.grade(quiet, events.append)).verdict is Verdict.ACCEPTED
    assert events == []


async def test_slots_work_side_by_side() -> None:
    async with Workshop(slots=2) as shop:
        begun = asyncio.Event()
        waits = asyncio.create_task(shop.engine.grade(request_of("wait"), on_first(begun)))
        await begun.wait()
        await shop.until_working(2)
        reports = [await shop.grade("accept") for _ in range(3)]
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        assert len({report.slot for report in reports}) == 1
        assert {state: shop.observer.gauge("judge_batch_items", state=state) for state in ("waiting",)}


async def test_a_grading_that_must_be_alone_waits_for_those_that_run_and_holds_back_others() -> None:
    async with Workshop(slots=2) as shop:
        await shop.until_working(2)
        begun, asked = asyncio.Event(), asyncio.Event()
        waits = asyncio.create_task(shop.engine.grade(request_of("wait"), on_first(begun)))
        await begun.wait()
        alone = asyncio.create_task(shop.engine.grade(request_of("alone"), on_first(asked)))
        await asked.wait()
        other = asyncio.create_task(shop.grade("accept"))
        done, _ = await asyncio.wait([alone, other], timeout=0.1)
        assert not done
        waits.cancel()
        assert (await alone).verdict is Verdict.ACCEPTED
        assert (await other).verdict is Verdict.ACCEPTED
        await asyncio.gather(waits, return_exceptions=True)


async def test_gradings_that_must_be_alone_are_so_one_after_the_other() -> None:
    async with Workshop(slots=2) as shop:
        await shop.until_working(2)
        reports = await asyncio.gather(*(shop.grade("alone") for _ in range(6)))
        assert [report.verdict for report in reports] == [Verdict.ACCEPTED] * 6


async def test_a_grading_that_waits_to_be_alone_can_be_cancelled() -> None:
    async with Workshop(slots=2) as shop:
        await shop.until_working(2)
        begun, asked = asyncio.Event(), asyncio.Event()
        waits = asyncio.create_task(shop.engine.grade(request_of("wait"), on_first(begun)))
        await begun.wait()
        alone = asyncio.create_task(shop.engine.grade(request_of("alone"), on_first(asked)))
        await asked.wait()
        alone.cancel()
        await asyncio.gather(alone, return_exceptions=True)
        assert (await shop.grade("accept")).verdict is Verdict.ACCEPTED
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)


async def test_a_worker_that_dies_alone_holds_nobody_back(tmp_path: Path) -> None:
    async with Workshop(slots=2) as shop:
        await shop.until_working(2)
        sign = tmp_path / "alone"
        os.mkfifo(sign)
        alone = asyncio.create_task(shop.grade(f"alone_and_wait:{sign}"))
        await asyncio.to_thread(sign.read_bytes)
        alone.cancel()
        await asyncio.gather(alone, return_exceptions=True)
        assert (await shop.grade("accept")).verdict is Verdict.ACCEPTED


async def test_a_cancelled_task_kills_the_run_and_the_worker_goes_on(shared: Workshop) -> None:
    pid = (await shared.grade("accept")).message
    begun = asyncio.Event()
    task = asyncio.create_task(shared.engine.grade(request_of("wait"), on_first(begun)))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert shared.observer.gauge("judge_slots", state="idle") == 1
    assert (await shared.grade("accept")).message == pid


async def test_cancellations_at_any_moment_never_reach_the_next_grading(shared: Workshop) -> None:
    pid = (await shared.grade("accept")).message
    for steps in range(40):
        task = asyncio.create_task(shared.grade("accept"))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        now = time.time_ns()
        report = await shared.grade("wait", deadline_unix_ns=now)
        assert report.reason is Reason.DEADLINE  # and not CLIENT_CANCELLED
    assert (await shared.grade("accept")).message == pid


async def test_the_deadline_reaches_the_grader(shared: Workshop) -> None:
    report = await shared.grade("wait", deadline_unix_ns=time.time_ns() + 1_000_000)
    assert (report.verdict, report.reason) == (Verdict.CANCELLED, Reason.DEADLINE)


async def test_a_worker_that_does_not_stop_is_killed() -> None:
    async with Workshop(timing=Timing(pause_s=0.0, cancel_s=0.01)) as shop:
        begun = asyncio.Event()
        task = asyncio.create_task(shop.engine.grade(request_of("ignore"), on_first(begun)))
        await begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        assert (await shop.grade("accept")).verdict is Verdict.ACCEPTED
        assert shop.rebuilt("hang") == 1


async def test_a_lost_worker_is_replaced_and_the_grading_repeated(tmp_path: Path) -> None:
    async with Workshop() as shop:
        pid = (await shop.grade("accept")).message
        report = await shop.grade(f"die_once:{tmp_path / 'died'}")
        assert report.verdict is Verdict.ACCEPTED
        assert report.message != pid
        assert shop.rebuilt("crash") == 1
        assert shop.working == [0, 1, 1]  # told again: another worker


async def test_a_second_loss_is_a_fault() -> None:
    async with Workshop() as shop:
        with pytest.raises(InfrastructureError, match=r"lost twice: .* slot 0 ended \(killed by SIGKILL\); .*SIGKILL"):
            await shop.grade("die")
        assert (await shop.grade("accept")).verdict is Verdict.ACCEPTED


async def test_a_slot_in_doubt_is_rebuilt_and_the_grading_repeated(tmp_path: Path) -> None:
    async with Workshop() as shop:
        pid = (await shop.grade("accept")).message
        assert (await shop.grade(f"fault_once:{tmp_path / 'failed'}")).message != pid
        assert shop.rebuilt("fault") == 1
        with pytest.raises(InfrastructureError, match="lost twice: the slot is in doubt; the slot is in doubt"):
            await shop.grade("fault")


async def test_the_errors_of_a_grader_arrive_as_they_were(capfd: pytest.CaptureFixture[str]) -> None:
    async with Workshop() as shop:
        pid = (await shop.grade("accept")).message
        with pytest.raises(SubmissionError) as submission:
            await shop.grade("submission")
        assert (submission.value.field, submission.value.message) == (
            "program.language",
            "expected python3, found cobol",
        )
        with pytest.raises(SpecError) as spec:
            await shop.grade("spec")
        assert (spec.value.file, spec.value.line, spec.value.message) == ("data/1.yaml", 3, "the answer is missing")
        with pytest.raises(EnvironmentFault, match="no cgroup: mount one"):
            await shop.grade("environment")
        assert (await shop.grade("accept")).message == pid
        with pytest.raises(InfrastructureError) as bug:
            await shop.grade("bug")
        assert not isinstance(bug.value, SlotFault)
        with pytest.raises(InfrastructureError, match="type 'object' cannot be told between processes"):
            await shop.grade("unspeakable")
        assert (await shop.grade("accept")).message != pid
    assert "ZeroDivisionError" in capfd.readouterr().err  # the worker's outputs are the service's


async def test_a_worker_that_sends_nonsense_is_replaced() -> None:
    async with Workshop(timing=Timing(pause_s=0.0, stop_s=0.0)) as shop:
        with pytest.raises(InfrastructureError, match="lost twice"):
            await shop.grade("babble")
        assert (await shop.grade("accept")).verdict is Verdict.ACCEPTED


async def test_what_has_no_encoding_is_escaped(shared: Workshop) -> None:
    report = await shared.grade("strange")
    assert report.message == "a\\ud800b"
    assert report.cases[0].evidence == {"n": str(1 << 80)}


async def test_what_a_worker_observes_is_told_to_the_service(shared: Workshop) -> None:
    await shared.grade("observe")
    assert shared.observer.counted("judge_grades_total", verdict="ACCEPTED", language="python3") == 2
    assert shared.observer.observed("judge_stage_seconds", stage="compile") == [0.25]
    assert shared.observer.gauge("judge_batch_items", state="running") == 7


async def test_signals_for_the_service_do_not_end_a_worker_and_are_not_inherited(shared: Workshop) -> None:
    assert (await shared.grade("signals")).message == repr(signal.SIG_DFL)


async def test_programs_of_a_worker_do_not_inherit_the_connection(shared: Workshop) -> None:
    assert (await shared.grade("descriptors")).message == "[]"


async def test_the_standard_streams_of_a_worker(shared: Workshop) -> None:
    assert (await shared.grade("standard_streams")).message == "/dev/null True"


async def test_a_large_program_passes(shared: Workshop) -> None:
    assert (await shared.grade("accept:" + "x" * (16 << 20))).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("mode", "timing", "expected"),
    [
        ("broken", {}, r"no slot works: slot 0: no cgroup: mount one \(exit status 0\)"),
        ("crash", {}, r"slot 0: the worker process ended before it was ready \(exit status 3\)"),
        ("never", {"start_s": 0.01}, r"slot 0: the worker process was not ready within 0\.01 s \(killed by SIGKILL\)"),
        ("babble", {"stop_s": 0.01}, r"slot 0: the worker process ended before it was ready \(killed by SIGKILL\)"),
    ],
)
async def test_when_no_slot_works_gradings_are_refused_with_the_reason(
    mode: str, timing: dict[str, float], expected: str
) -> None:
    async with Workshop(mode, timing=Timing(pause_s=1000.0, **timing)) as shop:
        with pytest.raises(EnvironmentFault, match=expected):
            await shop.grade("accept")
        assert shop.observer.gauge("judge_slots", state="broken") == 1
        assert shop.working == [0]


async def test_a_command_that_does_not_exist_is_a_slot_that_does_not_work() -> None:
    observer = RecordingObserver()
    engine = LocalEngine(("/nowhere",), slots=1, observer=observer, timing=Timing(pause_s=1000.0))
    async with engine:
        with pytest.raises(EnvironmentFault, match="slot 0: cannot start '/nowhere'"):
            await engine.grade(request_of("accept"), lambda _: None)


async def test_a_slot_that_starts_is_not_one_that_failed() -> None:
    failures: list[list[str]] = []

    class Noticing(RecordingObserver):
        """Looks at the engine whenever a gauge is set; the worker sets one before it is ready."""

        def set(self, name: str, labels: Mapping[str, str], value: float) -> None:
            failures.append(engine.failures())

    engine = LocalEngine(command("ok"), slots=1, observer=Noticing(), timing=QUICK)
    async with engine:
        await engine.grade(request_of("accept"), lambda _: None)
    assert failures
    assert not any(failures)


async def test_a_slot_is_tried_again_until_it_works(tmp_path: Path) -> None:
    repaired = tmp_path / "repaired"
    async with Workshop(f"until:{repaired}") as shop:
        with pytest.raises(EnvironmentFault):
            await shop.grade("accept")
        repaired.touch()
        await shop.until_working(1)
        assert (await shop.grade("accept")).verdict is Verdict.ACCEPTED
        assert shop.engine.failures() == []


async def test_ending_the_engine_ends_the_workers_and_what_they_grade() -> None:
    async with Workshop(slots=2) as shop:
        begun = asyncio.Event()
        task = asyncio.create_task(shop.engine.grade(request_of("wait"), on_first(begun)))
        await begun.wait()
    results = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(results[0], InfrastructureError)
    with pytest.raises(InfrastructureError, match="the engine has ended"):
        await shop.grade("accept")


_PARENT = """
import asyncio, sys
sys.path[:0] = {folders!r}
from test_local_engine import Workshop, request_of

async def main():
    async with Workshop() as shop:
        print((await shop.grade("accept")).message, flush=True)
        await shop.engine.grade(request_of("ignore"), lambda _: print("busy", flush=True))

asyncio.run(main())
"""


def test_a_worker_dies_with_its_service() -> None:
    source = _PARENT.format(folders=[str(WORKER.parent), str(WORKER.parents[3])])
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert parent.stdout.readline() == "busy\n"
        descriptor = os.pidfd_open(pid)
        try:
            parent.send_signal(signal.SIGKILL)
            assert select.select([descriptor], [], [], 60)[0], "the worker outlived its service"
        finally:
            os.close(descriptor)
