"""Tests that a checker judges by many calls: two boxes, each opened once, all tests served in both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from judge.harness import wire
from judge.model.plan import CheckerSpec, TestPlan
from judge.model.run import Audit, Captured, Killer, Raised, RunOutcome, Stage
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason, Verdict
from tests.unit.grading.conftest import Bench
from tests.unit.grading.scripted import BoxScript, ScriptedSandbox, answered, case, failed, plan, returns, signature

CALLS, REPEATS = 40, 6
LAWS = {"sample/coin": [[0.5, 0.5]], "secret/die": [[1 / 6] * 6], "secret/pair": [[0.25, 0.75], [0.75, 0.25]]}


def problem(**changes: Any) -> TestPlan:
    """Draws an outcome for each row of ``weights``; the seed is the checker's."""
    law = parse_type("array[float64, (n, m)]")
    fields: dict[str, Any] = {
        "slug": "draw",
        "entry_point": "draw",
        "signature": signature(weights=str(law), seed="int", returns="list[int]"),
        "expected_type": law,
        "checker": CheckerSpec(name="sampler", parameters={"calls": CALLS, "repeats": REPEATS}),
        "cases": tuple(case(name, np.array(rows), weights=np.array(rows)) for name, rows in LAWS.items()),
    }
    return plan(**fields | changes)


def draw(weights: Any, seed: int) -> list[int]:
    rows = np.frombuffer(weights.data, dtype=weights.dtype).reshape(weights.shape)
    rng = np.random.default_rng(seed)
    return [int(rng.choice(len(row), p=row)) for row in rows]


def box(function: Callable[..., Any] = draw) -> BoxScript:
    return BoxScript(call=returns(function))


def test_each_box_is_opened_once_and_serves_every_test(bench: Bench) -> None:
    sandbox = ScriptedSandbox(box(), box())
    report = bench.grade(sandbox, problem())
    assert report.verdict is Verdict.ACCEPTED
    assert [spec.hash_seed for spec in sandbox.specs] == [0, 1]
    per_box = ["open", "load"], ["close"]
    first, second = 3 * (CALLS - REPEATS // 2), 3 * (REPEATS // 2)
    assert sandbox.steps == [*per_box[0], *["call"] * first, *per_box[1], *per_box[0], *["call"] * second, *per_box[1]]


def test_a_report_adds_up_the_calls_of_a_test(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(box(), box()), problem())
    for each in report.cases:
        assert (each.calls, each.cpu_ns, each.wall_ns) == (CALLS, CALLS * 1000, CALLS * 2000)
        assert each.memory_peak_bytes == 100
        assert each.margin is not None
        assert each.evidence
    assert [phase.name for phase in report.phases] == ["compile", "test"] * 2


def test_the_memory_of_a_test_is_that_of_its_largest_call(bench: Bench) -> None:
    peaks = iter([100, 900, *[100] * CALLS])
    script = returns(lambda weights, seed: answered(draw(weights, seed), memory_peak_bytes=next(peaks)))
    report = bench.grade(ScriptedSandbox(BoxScript(call=script), box()), problem(cases=problem().cases[:1]))
    assert (report.cases[0].memory_peak_bytes, report.memory_peak_bytes) == (900, 900)


def test_every_call_has_the_arguments_of_its_test_and_a_seed(bench: Bench) -> None:
    sandbox = ScriptedSandbox(box(), box())
    bench.grade(sandbox, problem())
    calls = [what for step, what in sandbox.journal if step == "call"]
    assert {tuple(call) for call in calls} == {("weights", "seed")}
    assert len({call["seed"] for call in calls}) == 3 * (CALLS - REPEATS)


def test_tests_start_once_and_finish_in_the_box_of_their_last_call(bench: Bench) -> None:
    bench.grade(ScriptedSandbox(box(), box()), problem())
    kinds = bench.kinds
    assert kinds == ["compiling", "compiled", *["test_started"] * 3, "compiled", *["test_finished"] * 3, "finished"]


def test_the_seeds_depend_on_the_program_and_the_salt(benches: Callable[[], Bench]) -> None:
    journals = []
    for salt in ("a", "b", "a"):
        sandbox = ScriptedSandbox(box(), box())
        benches().grade(sandbox, problem(), salt=salt)
        journals.append([what["seed"] for step, what in sandbox.journal if step == "call"])
    assert journals[0] == journals[2]
    assert not set(journals[0]) & set(journals[1])


def test_a_wrong_law_is_rejected_without_a_second_box(bench: Bench) -> None:
    sandbox = ScriptedSandbox(box(lambda weights, seed: [seed % 2] * weights.shape[0]))
    report = bench.grade(sandbox, problem())
    assert report.verdict is Verdict.WRONG_ANSWER
    assert report.reason in (Reason.WRONG_DISTRIBUTION, Reason.DEPENDENT_DRAWS)
    assert sandbox.steps.count("open") == 1
    assert Verdict.ACCEPTED not in {each.verdict for each in report.cases}


def test_an_impossible_outcome_is_rejected_at_once(bench: Bench) -> None:
    sandbox = ScriptedSandbox(box(lambda weights, seed: [9] * weights.shape[0]))
    report = bench.grade(sandbox, problem())
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_SUPPORT)
    assert sandbox.steps == ["open", "load", "call", "close"]
    assert [each.verdict for each in report.cases[1:]] == [Verdict.SKIPPED] * 2


def test_another_answer_in_another_process_is_not_reproducible(bench: Bench) -> None:
    def otherwise(weights: Any, seed: int) -> list[int]:
        return [1 - drawn if drawn < 2 else drawn for drawn in draw(weights, seed)]

    sandbox = ScriptedSandbox(box(), box(otherwise))
    report = bench.grade(sandbox, problem())
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.NOT_REPRODUCIBLE)
    assert len(sandbox.specs) == 2


def test_a_call_that_changes_its_arguments_is_rejected(bench: Bench) -> None:
    changed = returns(lambda weights, seed: answered(draw(weights, seed), audit=Audit(input_mutated=True)))
    report = bench.grade(ScriptedSandbox(BoxScript(call=changed)), problem())
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.INPUT_MUTATED)


@pytest.mark.parametrize(
    ("outcome", "verdict", "reason"),
    [
        (failed(killer=Killer.CPU), Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME),
        (failed(killer=Killer.CANCELLED), Verdict.CANCELLED, Reason.CLIENT_CANCELLED),
        (failed(raised=Raised(type_name="KeyError", message="7")), Verdict.RUNTIME_ERROR, Reason.EXCEPTION),
        (answered([0.5]), Verdict.WRONG_ANSWER, Reason.WRONG_TYPE),
    ],
)
def test_a_call_that_fails_ends_the_series(bench: Bench, outcome: RunOutcome, verdict: Verdict, reason: Reason) -> None:
    left = [10]

    def fails_later(weights: Any, seed: int) -> Any:
        left[0] -= 1
        return draw(weights, seed) if left[0] else outcome

    sandbox = ScriptedSandbox(box(fails_later))
    report = bench.grade(sandbox, problem())
    assert (report.verdict, report.reason) == (verdict, reason)
    assert (report.cases[0].calls, report.cases[0].margin, report.cases[0].evidence) == (10, None, {})
    assert sandbox.steps.count("call") == 10


def test_a_second_box_that_does_not_load_is_the_verdict(bench: Bench) -> None:
    broken = BoxScript(load=RunOutcome(stage=Stage.LOAD, exit_code=1, stderr=Captured(data=b"hash", total_bytes=4)))
    report = bench.grade(ScriptedSandbox(box(), broken), problem())
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.EXIT_STATUS)
    assert report.compile_output == "it ended with exit status 1\nhash"
    assert {each.verdict for each in report.cases} == {Verdict.SKIPPED}


def test_a_box_that_dies_between_calls_fails_the_test(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(BoxScript(call=returns(draw), lives=5)), problem())
    assert (report.verdict, report.reason, report.cases[0].calls) == (Verdict.RUNTIME_ERROR, Reason.NO_ANSWER, 6)


def test_a_failed_sample_of_a_law_shows_no_expected_answer(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(box(lambda weights, seed: [9])), problem())
    assert "expected" not in report.cases[0].message.partition(";")[2]


def test_what_is_declared_wrong_reaches_the_checker(bench: Bench) -> None:
    loaded = np.array([[0.4, 0.1, 0.1, 0.1, 0.1, 0.2]])
    declared = replace(problem().cases[1], alternatives={"loaded": wire.encode(loaded)})
    sandbox = ScriptedSandbox(box(lambda weights, seed: [int(np.random.default_rng(seed).choice(6, p=loaded[0]))]))
    report = bench.grade(sandbox, problem(cases=(declared,), checker=CheckerSpec(name="sampler", parameters={})))
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_DISTRIBUTION)
    members = report.cases[0].evidence["members"]
    assert max(members, key=members.__getitem__) == "declared:loaded"
