"""The checker ``round_trip``: there and back, in two processes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from judge.checkers import build
from judge.model.plan import CheckerSpec, TestPlan
from judge.model.report import Report
from judge.model.run import Isolation
from judge.model.signature import Form, Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason, Verdict
from tests.unit.author.conftest import grade
from tests.unit.grading.scripted import case, plan

PAGE = (Path(__file__).parents[3] / "docs/checkers/round_trip.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str, str]] = re.findall(r"^```(\w+) (\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(PROBLEM,) = [YAML(typ="safe").load(text) for language, _, text in BLOCKS if language == "yaml"]
EXAMPLES = [pytest.param(outcome, text, id=outcome) for language, outcome, text in BLOCKS if language == "python"]
BACKWARDS = "def turn(value):\n    return value[::-1]\n"


def signed(returns: str, **parameters: str) -> Signature:
    typed = tuple(Parameter(name=name, type=parse_type(kind, oracles=True)) for name, kind in parameters.items())
    return Signature(parameters=typed, returns=parse_type(returns))


def problem(entry_point: str, signature: Signature, inverse: str, *values: Any, **changes: Any) -> TestPlan:
    """Values that must come back."""
    name = signature.parameters[0].name
    return plan(
        entry_point=entry_point,
        signature=signature,
        expected_type=signature.parameters[0].type,
        checker=CheckerSpec(name="round_trip", parameters={"inverse": inverse}),
        cases=tuple(case(f"secret/{at}", value, **{name: value}) for at, value in enumerate(values)),
        **changes,
    )


def page_problem() -> TestPlan:
    given = PROBLEM["signature"]
    signature = signed(given["returns"], **given["parameters"])
    return problem(PROBLEM["entry_point"], signature, PROBLEM["checker"]["inverse"], PROBLEM["expected"])


def turned(source: str, *values: str) -> Report:
    return grade(problem("turn", signed("str", value="str"), "back", *values), source)


@pytest.mark.parametrize(("outcome", "source"), EXAMPLES)
def test_an_example_is_judged_as_the_page_says(outcome: str, source: str) -> None:
    report = grade(page_problem(), source)
    assert (report.reason or "accepted") == outcome, report.message


def test_every_test_is_called_there_before_any_is_called_back() -> None:
    report = turned(BACKWARDS + "def back(encoded):\n    return encoded[::-1]\n", "ab", "", "cde")
    assert report.verdict is Verdict.ACCEPTED
    assert [one.calls for one in report.cases] == [2, 2, 2]


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_nothing_but_the_encoded_value_reaches_the_second_function(isolation: Isolation) -> None:
    source = (
        "kept = []\ndef turn(value):\n    kept.append(value)\n    return ''\ndef back(encoded):\n    return kept[0]\n"
    )
    report = grade(problem("turn", signed("str", value="str"), "back", "ab", isolation=isolation), source)
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.EXCEPTION)
    assert "IndexError" in report.message


@pytest.mark.parametrize(
    ("back", "verdict", "reason", "message"),
    [
        ("return encoded", Verdict.WRONG_ANSWER, Reason.WRONG_VALUE, "secret/0: there and back: "),
        ("return 3", Verdict.WRONG_ANSWER, Reason.WRONG_TYPE, "expected str, found int 3"),
        ("return 1 / 0", Verdict.RUNTIME_ERROR, Reason.EXCEPTION, "ZeroDivisionError"),
    ],
)
def test_what_the_second_function_does_is_judged(back: str, verdict: Verdict, reason: Reason, message: str) -> None:
    report = turned(BACKWARDS + f"def back(encoded):\n    {back}\n", "ab")
    assert (report.verdict, report.reason) == (verdict, reason)
    assert message in report.message


def test_a_program_without_the_second_function_does_not_load() -> None:
    report = turned(BACKWARDS, "ab")
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, Reason.ENTRY_POINT)
    assert "must define a function 'back'" in report.message


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        (signed("str", a="int", b="int"), "expected one parameter, the value that comes back, found a: int, b: int"),
        (signed("str"), "expected one parameter, the value that comes back, found none"),
        (replace(signed("str", value="str"), form=Form.CLASS), "expected the signature of a function, found that of a"),
        (signed("str", ask="callable[[int], int]"), "expected one parameter"),
        (signed("str", value="dict[list[int], int]"), "dict"),
    ],
)
def test_signatures_that_cannot_come_back_are_refused(signature: Signature, message: str) -> None:
    checker: Any = build("round_trip", {"inverse": "back"})
    with pytest.raises(ValueError, match=message):
        checker.expected_type(signature)


@pytest.mark.parametrize("inverse", ["two words", "", 3, "return"])
def test_the_second_function_has_a_name(inverse: Any) -> None:
    with pytest.raises(ValueError, match="inverse: expected the name of a function, found"):
        build("round_trip", {"inverse": inverse})
