"""A test that ends close to a time limit is run again, alone, and that run decides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from judge.grading.close_calls import is_close
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.event import Event
from judge.model.report import Measurement, Report
from judge.model.run import Killer, RunOutcome
from judge.model.verdict import Reason, Verdict
from judge.ports import Call
from judge.twins import ManualClock
from tests.unit.grading.scripted import (
    LIMITS,
    BoxScript,
    NotingObserver,
    OnePlan,
    ScriptedSandbox,
    TickingClock,
    answered,
    failed,
    plan,
    request,
    returns,
)

LIMIT = LIMITS.cpu_ns
SLOW = 1002  # the argument whose run is slow


def slow(cpu_ns: int, value: int = 2 * SLOW) -> BoxScript:
    """A box in which the test with the argument SLOW takes so much CPU time, and beyond the limit is killed."""

    def run(n: int) -> Any:
        if n != SLOW:
            return 2 * n
        if cpu_ns > LIMIT:
            return failed(killer=Killer.CPU, cpu_ns=cpu_ns, wall_ns=cpu_ns)
        return answered(value, cpu_ns=cpu_ns, wall_ns=cpu_ns)

    return BoxScript(call=returns(run))


class Desk:
    """Grades with a margin of 5 % and notes when it was alone."""

    def __init__(self, *scripts: BoxScript, percent: int = 5) -> None:
        self.sandbox = ScriptedSandbox(*scripts)
        self.events: list[Event] = []
        grader = Grader(
            self.sandbox,
            OnePlan(plan()),
            TickingClock(),
            NotingObserver(),
            "s",
            close_percent=percent,
            alone=self._alone,
        )
        self.report: Report = grader.grade(request(), self.events.append, Uninterrupted())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.sandbox.journal.append(("alone", None))
        yield
        self.sandbox.journal.append(("together", None))

    @property
    def slow_case(self) -> Any:
        return next(case for case in self.report.cases if case.name == "secret/c")


def test_a_run_just_over_the_limit_is_saved_by_a_second_one_just_below() -> None:
    desk = Desk(slow(LIMIT + 1_000_000), slow(LIMIT * 9 // 10), BoxScript())
    assert desk.report.verdict is Verdict.ACCEPTED
    assert desk.slow_case.cpu_ns == LIMIT * 9 // 10
    first = Measurement(
        verdict=Verdict.TIME_LIMIT_EXCEEDED,
        reason=Reason.CPU_TIME,
        cpu_ns=LIMIT + 1_000_000,
        wall_ns=LIMIT + 1_000_000,
    )
    assert desk.slow_case.earlier == (first,)
    assert [case.calls for case in desk.report.cases] == [1] * 7
    assert desk.report.total_cpu_ns >= LIMIT + LIMIT * 9 // 10
    steps = desk.sandbox.steps
    again = steps[steps.index("alone") : steps.index("together") + 1]
    assert again == ["alone", "open", "load", "call", "close", "together"]
    assert [event.kind.value for event in desk.events].count("test_started") == 7


def test_a_run_just_below_the_limit_is_made_again_and_the_second_one_decides() -> None:
    desk = Desk(slow(LIMIT - 1_000_000), slow(LIMIT + 1_000_000), BoxScript())
    assert desk.report.verdict is Verdict.TIME_LIMIT_EXCEEDED
    assert [run.verdict for run in desk.slow_case.earlier] == [Verdict.ACCEPTED]


def test_it_is_made_again_once_only() -> None:
    desk = Desk(*[slow(LIMIT + 1_000_000)] * 3)
    assert desk.report.verdict is Verdict.TIME_LIMIT_EXCEEDED
    assert desk.sandbox.steps.count("alone") == 1


@pytest.mark.parametrize("cpu_ns", [LIMIT * 94 // 100, LIMIT * 106 // 100])
def test_a_run_far_from_the_limit_is_not_made_again(cpu_ns: int) -> None:
    desk = Desk(slow(cpu_ns))
    assert desk.slow_case.earlier == ()
    assert "alone" not in desk.sandbox.steps


def test_a_wrong_answer_close_to_the_limit_is_wrong_at_once() -> None:
    desk = Desk(slow(LIMIT - 1, value=0))
    assert desk.report.verdict is Verdict.WRONG_ANSWER
    assert "alone" not in desk.sandbox.steps


def test_without_a_margin_nothing_is_made_again() -> None:
    desk = Desk(slow(LIMIT), percent=0)
    assert desk.report.verdict is Verdict.ACCEPTED
    assert "alone" not in desk.sandbox.steps


def test_the_margin_is_part_of_what_names_a_grading() -> None:
    names = {Desk(BoxScript(), percent=percent).report.grading_digest for percent in (0, 5)}
    assert len(names) == 2


def test_a_killed_sleeper_is_not_close_and_a_killed_worker_is() -> None:
    sleeper = failed(killer=Killer.WALL, cpu_ns=0, wall_ns=LIMITS.wall_ns)
    assert not is_close(sleeper, LIMITS, 5)
    assert is_close(replace(sleeper, cpu_ns=LIMITS.wall_ns // 10), LIMITS, 5)


def test_a_second_run_that_is_cancelled_cancels_the_grading() -> None:
    def lost(_call: Call) -> RunOutcome:
        return failed(killer=Killer.CANCELLED)

    desk = Desk(slow(LIMIT), BoxScript(call=lost), BoxScript())
    assert desk.report.verdict is Verdict.CANCELLED


def test_no_time_that_a_report_tells_is_spent_waiting_to_be_alone() -> None:
    """The others end what they do first: that takes long, and is nobody's wall time."""
    clock, hour = ManualClock(), 3600 * 10**9

    @contextmanager
    def after_an_hour() -> Iterator[None]:
        clock.advance(hour)
        yield
        clock.advance(hour)

    sandbox = ScriptedSandbox(slow(LIMIT + 1_000_000), slow(LIMIT * 9 // 10), BoxScript())
    grader = Grader(sandbox, OnePlan(plan()), clock, NotingObserver(), "s", close_percent=5, alone=after_an_hour)
    report = grader.grade(request(), lambda _event: None, Uninterrupted())
    assert clock.monotonic_ns() >= 2 * hour
    assert max(case.wall_ns for case in report.cases) < hour
    assert all(run.wall_ns < hour for case in report.cases for run in case.earlier)
    assert all(phase.end_unix_ns - phase.start_unix_ns < hour for phase in report.phases)
