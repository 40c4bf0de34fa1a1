"""Several calls of a series in one exchange: the report is that of calls made one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from judge.model.report import Report
from judge.model.run import Audit, Captured, Raised
from judge.model.verdict import Reason, Verdict
from tests.unit.grading.conftest import Bench
from tests.unit.grading.scripted import BoxScript, ScriptedSandbox, answered, failed, returns
from tests.unit.grading.test_series_grading import CALLS, draw, problem


def counted(function: Callable[[int, Any, int], Any]) -> Callable[[], BoxScript]:
    """Makes boxes whose ``function`` is told how many calls the box has answered."""

    def make() -> BoxScript:
        calls = iter(range(10_000))
        return BoxScript(call=returns(lambda weights, seed: function(next(calls), weights, seed)))

    return make


def _says(number: int, weights: Any, seed: int) -> Any:
    said = Captured(data=b"%d" % seed, total_bytes=9)
    return answered(draw(weights, seed), stdout=Captured() if seed % 16 else said)


WAYS = {
    "right": counted(lambda number, weights, seed: draw(weights, seed)),
    "biased": counted(lambda number, weights, seed: [seed % 2] * weights.shape[0]),
    "constant": counted(lambda number, weights, seed: [0] * weights.shape[0]),
    "counts": counted(lambda number, weights, seed: draw(weights, number)),
    "impossible": counted(lambda number, weights, seed: [9 if number == 20 else 0] * weights.shape[0]),
    "changes a generator": counted(
        lambda number, weights, seed: answered(draw(weights, seed), audit=Audit(global_random_changed=number > 12))
    ),
    "raises": counted(
        lambda number, weights, seed: (
            failed(raised=Raised(type_name="ValueError", message="no", frames=()))
            if number == 30
            else draw(weights, seed)
        )
    ),
    "prints": counted(_says),
}


def told(bench: Bench, make: Callable[[], BoxScript], most: int, **script: Any) -> tuple[Report, ScriptedSandbox]:
    boxes = [replace(make(), most=most, **script) for _ in range(9)]
    sandbox = ScriptedSandbox(*boxes)
    return bench.grade(sandbox, problem()), sandbox


def seen(report: Report) -> list[Any]:
    """What a report says, but for times."""
    return [
        (each.name, each.verdict, each.reason, each.message, each.margin, each.evidence, each.calls, each.stdout)
        for each in report.cases
    ]


@pytest.mark.parametrize("most", [2, 5, 100])
@pytest.mark.parametrize("way", WAYS)
def test_a_report_does_not_depend_on_how_many_calls_a_burst_has(
    benches: Callable[[], Bench], way: str, most: int
) -> None:
    one, _ = told(benches(), WAYS[way], 1)
    many, _ = told(benches(), WAYS[way], most)
    assert seen(many) == seen(one)


def test_a_box_that_died_in_a_burst_is_asked_call_by_call_again(bench: Bench) -> None:
    report, sandbox = told(bench, WAYS["right"], 8, loses=True)
    assert report.verdict is Verdict.ACCEPTED
    assert [each.calls for each in report.cases] == [CALLS] * 3
    assert [spec.hash_seed for spec in sandbox.specs] == [0, 0, 0, 0, 1]


def test_a_box_that_died_in_a_burst_does_not_hide_what_an_earlier_call_did(benches: Callable[[], Bench]) -> None:
    def killed(number: int, weights: Any, seed: int) -> Any:
        return [9 if number == 2 else 0] * weights.shape[0]

    report, _ = told(benches(), counted(killed), 8, loses=True)
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_SUPPORT)
