"""The checker ``any_of``."""

from __future__ import annotations

import math
from typing import Any

import pytest

from judge.checkers import CHECKERS
from judge.checkers.any_of import INNER, AnyOf
from judge.checkers.contract import CaseFacts
from judge.model.signature import Signature
from judge.model.type_expr import parse_type

SOME = {"name": "any_of"}
NEAR = {"name": "any_of", "checker": "float", "parameters": {"rtol": 0, "atol": 0.5}}


@pytest.mark.parametrize(
    ("checker", "returns", "expected", "answer", "verdict"),
    [
        (SOME, "list[int]", [[0, 1], [2]], [2], "accepted"),
        (SOME, "list[int]", [[0, 1], [2]], [1, 0], "wrong_value"),
        (SOME, "list[int]", [[0, 1], [2]], [0], "wrong_shape"),
        (SOME, "list[int]", [[0, 1], [2]], [], "wrong_shape"),
        (SOME, "int", [3], 3, "accepted"),
        (NEAR, "float", [-2.0, 2.0], 2.5, "accepted"),
        (NEAR, "float", [-2.0, 2.0], 0.0, "wrong_value"),
        (NEAR, "float", [-2.0, 2.0], math.nan, "not_finite"),
        ({**SOME, "checker": "unordered"}, "list[int]", [[0, 1], [2, 3]], [3, 2], "accepted"),
        ({**SOME, "checker": "tokens"}, "str", ["yes", "ja"], "JA\n", "accepted"),
    ],
)
def test_one_acceptable_answer_is_enough(
    judged: Any, checker: Any, returns: str, expected: Any, answer: Any, verdict: str
) -> None:
    judgement = judged(checker, returns, expected, answer)
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict


def test_the_judgement_is_that_of_the_nearest(judged: Any) -> None:
    judgement = judged(NEAR, "float", [-2.0, 4.0, 2.0], 2.25)
    assert (judgement.accepted, judgement.margin, judgement.evidence["nearest"]) == (True, 0.5, 2)
    judgement = judged(NEAR, "float", [-2.0, 4.0, 2.0], 3.25)
    assert (judgement.accepted, judgement.margin, judgement.evidence["nearest"]) == (False, 1.5, 1)


def test_a_fault_of_the_other_checker_is_no_verdict_on_the_answer() -> None:
    crowded = [[0.0, 0.0]] * 2001
    case = CaseFacts(name="case", arguments={}, expected=[[[9.0, 9.0]], crowded])
    judgement = AnyOf(checker="unordered", parameters={"atol": 1}).check(case, [*crowded[1:], [8.0, 8.0]])
    assert judgement.reason == "checker"


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ([], "expected at least one acceptable answer, found none"),
        ([1.0, math.nan], "acceptable answer 1: the expected value does not equal itself"),
    ],
)
def test_keys_that_cannot_be_judged_against(judged: Any, expected: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        judged(SOME, "float", expected, 1.0)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"checker": "sampler"}, "unknown checker 'sampler': expected one of array, exact"),
        ({"checker": ["exact"]}, "unknown checker ['exact']: expected one of array, exact"),
        ({"checker": "float", "parameters": {"tol": 1}}, "checker 'float' has no parameter 'tol'"),
        ({"parameters": [1]}, "parameters: expected a mapping, found [1]"),
    ],
)
def test_parameters_out_of_range(parameters: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        AnyOf(**parameters)
    assert str(caught.value).startswith(message)


def test_the_other_checker_must_be_able_to_judge_the_signature() -> None:
    signature = Signature(parameters=(), returns=parse_type("list[int]"))
    assert str(AnyOf().expected_type(signature)) == "list[list[int]]"
    with pytest.raises(ValueError, match="expected a return type with a float"):
        AnyOf(checker="float").expected_type(signature)


def test_the_other_checkers_are_registered_under_the_same_names() -> None:
    assert INNER.items() <= CHECKERS.items()
