"""The complexity gate in a grading, over boxes whose CPU time follows a formula."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from judge.grading.growth import MIN_ROUNDS
from judge.model.plan import ComplexityGate, GateFamily, TestPlan
from judge.model.report import CaseReport, Report
from judge.model.run import Killer, Raised, RunOutcome, Stage
from judge.model.verdict import Reason, Verdict
from tests.unit.grading.conftest import Bench
from tests.unit.grading.scripted import LIMITS, BoxScript, ScriptedSandbox, answered, case, failed, plan, returns

SIZES = (2000, 4000, 8000, 16000, 32000, 64000)
MS = 1_000_000
Cost = Callable[[int], float]


def gated(*names: str) -> TestPlan:
    """The plan of twice a number with a gate; a size is a number of its own, and each family starts with another."""
    families = tuple(
        GateFamily(name=name, cases=tuple(case(f"complexity/{name}-{n}", 2 * (n + at), n=n + at) for n in SIZES))
        for at, name in enumerate(names or ("even",))
    )
    return plan(complexity=ComplexityGate(sizes=SIZES, slope=1.35, repeats=3, budget_ns=10**10, families=families))


def box(cost: Cost, answer: Callable[[int], object] = lambda n: 2 * n) -> BoxScript:
    """Doubles numbers; those of the gate cost something besides a millisecond."""

    def reply(n: int) -> RunOutcome:
        used = MS + (round(cost(n)) if n >= SIZES[0] else 0)
        if used >= LIMITS.cpu_ns:
            return failed(killer=Killer.CPU, cpu_ns=LIMITS.cpu_ns)
        found = answer(n)
        return found if isinstance(found, RunOutcome) else answered(found, cpu_ns=used)

    return BoxScript(call=returns(reply))


def linear(n: int) -> float:
    return 1000.0 * n


def quadratic(n: int) -> float:
    return 0.6 * n * n


def grade(bench: Bench, cost: Cost, *names: str, boxes: int = 8, **script: Callable[[int], object]) -> Report:
    return bench.grade(ScriptedSandbox(*[box(cost, **script)] * boxes), gated(*names))


def gate_report(report: Report) -> CaseReport:
    return report.cases[-1]


def test_a_program_that_grows_slowly_is_accepted_and_the_gate_is_reported_as_a_test(bench: Bench) -> None:
    report = grade(bench, linear)
    assert (report.verdict, report.message) == (Verdict.ACCEPTED, "all 8 tests passed")
    found = gate_report(report)
    assert (found.name, found.verdict, found.message, found.score) == ("complexity/even", Verdict.ACCEPTED, "", 1)
    assert found.evidence["complexity"]["words"].startswith("the time grows like n^0.89 [")
    assert found.calls == 1 + len(SIZES)
    assert found.cpu_ns == MS + round(linear(64000))


def test_a_program_that_grows_too_fast_exceeds_the_complexity(bench: Bench) -> None:
    report = grade(bench, quadratic)
    found = gate_report(report)
    assert (report.verdict, report.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.COMPLEXITY_EXCEEDED)
    assert (found.verdict, found.reason, found.score) == (report.verdict, report.reason, 0)
    slope = found.evidence["complexity"]["slope"]
    assert slope["low"] > 1.35
    power = f"n^{slope['estimate']:.2f} [{slope['low']:.2f}, {slope['high']:.2f}]"
    assert report.message == f"complexity/even: the time grows like {power}; at most n^1.35 is accepted"


def test_every_round_is_made_in_a_box_of_its_own_after_the_tests(bench: Bench) -> None:
    sandbox = ScriptedSandbox(*[box(quadratic)] * 4)
    bench.grade(sandbox, gated())
    assert sandbox.steps.count("open") == 4
    assert sandbox.steps[:10] == ["open", "load", *["call"] * 7, "close"]
    assert {spec.hash_seed for spec in sandbox.specs} == {0}


def test_the_gate_is_not_asked_when_a_test_failed(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(box(linear, lambda n: 2 * n + (n == 1003))), gated())
    assert report.verdict is Verdict.WRONG_ANSWER
    assert gate_report(report).verdict is Verdict.SKIPPED


def test_a_fast_wrong_answer_does_not_pass_the_gate(bench: Bench) -> None:
    report = grade(bench, linear, answer=lambda n: 2 * n if n < 16000 else 0)
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)
    assert report.message.startswith("complexity/even: n = 16000: ")


def test_an_exception_at_a_size_is_a_runtime_error(bench: Bench) -> None:
    raised = RunOutcome(stage=Stage.CALL, raised=Raised(type_name="RecursionError", message="too deep"))
    report = grade(bench, linear, answer=lambda n: raised if n == 32000 else 2 * n)
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.EXCEPTION)
    assert "n = 32000: RecursionError: too deep" in report.message


def test_a_grading_that_is_cancelled_at_the_gate_is_cancelled(bench: Bench) -> None:
    report = grade(bench, linear, answer=lambda n: failed(killer=Killer.CANCELLED) if n == 8000 else 2 * n)
    assert report.verdict is Verdict.CANCELLED


def test_a_program_over_the_limit_at_a_size_is_too_slow(bench: Bench) -> None:
    sandbox = ScriptedSandbox(*[box(lambda n: 10**9 if n == 4000 else MS)] * 4)
    report = bench.grade(sandbox, gated())
    assert (report.verdict, report.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME)
    assert report.message == "complexity/even: with n = 4000 it needed more than 1 s of CPU time"
    assert sandbox.steps.count("open") == 1 + MIN_ROUNDS


def test_over_the_limit_and_growing_too_fast_is_complexity(bench: Bench) -> None:
    report = grade(bench, lambda n: n * n)
    assert report.reason is Reason.COMPLEXITY_EXCEEDED
    assert report.message.startswith("complexity/even: with n = 32000 it needed more than 1 s of CPU time; the time gr")


def test_over_the_limit_without_growing_too_fast_is_cpu_time(bench: Bench) -> None:
    report = grade(bench, lambda n: n**1.2 * 2500)
    assert (report.verdict, report.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME)


def test_each_family_is_a_test_and_the_first_that_fails_decides(bench: Bench) -> None:
    report = grade(bench, lambda n: quadratic(n) if n % 10 else linear(n), "even", "odd", "last", boxes=9)
    assert [found.verdict.value for found in report.cases[-3:]] == ["ACCEPTED", "TIME_LIMIT_EXCEEDED", "SKIPPED"]
    assert report.message.startswith("complexity/odd: ")
    started = [event.case_name for event in bench.events if event.kind.value == "test_started"]
    assert started[-2:] == ["complexity/even", "complexity/odd"]
    assert {event.case_count for event in bench.events} == {10}
    assert [event.case_index for event in bench.events if event.case_name == "complexity/odd"] == [8, 8]


def test_total_cpu_time_counts_every_call(bench: Bench) -> None:
    report = grade(bench, linear)
    calls = 7 * MS + MS + sum(MS + round(linear(n)) for n in SIZES)
    assert report.total_cpu_ns == calls + 2 * 20_000_000
    assert report.cpu_ns == MS + round(linear(64000))


def test_the_gate_is_in_the_plans_digest() -> None:
    assert len({plan().digest, gated().digest, gated("other").digest}) == 3


@pytest.mark.parametrize("boxes", [2, 3])
def test_a_program_that_does_not_load_again_fails(bench: Bench, boxes: int) -> None:
    broken = BoxScript(load=RunOutcome(stage=Stage.LOAD, raised=Raised(type_name="OSError", message="no")))
    report = bench.grade(ScriptedSandbox(*[box(quadratic)] * (boxes - 1), broken), gated())
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert gate_report(report).verdict is Verdict.SKIPPED
