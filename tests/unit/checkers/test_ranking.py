"""The checkers ``top_k`` and ``arg_max``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.checkers.arg_max import ArgMax
from judge.checkers.contract import CaseFacts
from judge.checkers.top_k import TopK
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type

STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=200)
SCORES = [0.5, 2.0, 1.0, 1.0]
MASKED = [0.5, -math.inf, 1.0]
BY_ID = {"a": 0.5, "b": 2.0, "c": 1.0}


@pytest.mark.parametrize(
    ("checker", "returns", "expected", "answer", "verdict"),
    [
        ({"k": 2}, "list[int]", SCORES, [1, 2], "accepted"),
        ({"k": 2}, "list[int]", SCORES, [1, 3], "accepted"),
        ({"k": 2}, "list[int]", SCORES, [2, 1], "not_optimal"),
        ({"k": 2, "ordered": False}, "list[int]", SCORES, [2, 1], "accepted"),
        ({"k": 2, "ordered": False}, "list[int]", SCORES, [2, 3], "not_optimal"),  # as good as the second, both
        ({"k": 2, "ordered": False}, "list[int]", SCORES, [0, 1], "not_optimal"),
        ({"k": 2}, "list[int]", SCORES, [1, 1], "not_valid"),
        ({"k": 2}, "list[int]", SCORES, [1, 4], "not_valid"),
        ({"k": 2}, "list[int]", SCORES, [-3, 2], "not_valid"),  # Python would take it for 1
        ({"k": 2}, "list[int]", SCORES, [10**30, 2], "not_valid"),
        ({"k": 2}, "list[int]", SCORES, [1], "wrong_shape"),
        ({"k": 2}, "list[int]", SCORES, [1, 2, 3], "wrong_shape"),
        ({"k": 9}, "list[int]", SCORES, [1, 2, 3, 0], "accepted"),
        ({"k": 9}, "list[int]", [], [], "accepted"),
        ({"k": 3}, "list[int]", MASKED, [2, 0], "accepted"),
        ({"k": 3}, "list[int]", MASKED, [2, 0, 1], "wrong_shape"),
        ({"k": 2}, "list[int]", MASKED, [2, 1], "not_valid"),
        ({"k": 2, "order": "smallest"}, "list[int]", SCORES, [0, 3], "accepted"),
        ({"k": 2, "order": "smallest"}, "list[int]", SCORES, [0, 1], "not_optimal"),
        ({"k": 1, "atol": 1.0}, "list[int]", SCORES, [3], "accepted"),
        ({"k": 1, "rtol": 0.5, "atol": 0}, "list[int]", SCORES, [3], "accepted"),
        ({"k": 1, "rtol": 0.49, "atol": 0}, "list[int]", SCORES, [3], "not_optimal"),
        ({"k": 2}, "array[int64, (k,)]", SCORES, [1, 3], "accepted"),
        ({"k": 2}, "list[str]", BY_ID, ["b", "c"], "accepted"),
        ({"k": 2}, "list[str]", BY_ID, ["c", "b"], "not_optimal"),
        ({"k": 2}, "list[str]", BY_ID, ["b", "B"], "not_valid"),
        ({"k": 1, "ids": True}, "list[int]", {7: 0.5, -2: 1.5}, [-2], "accepted"),
        ({"k": 1, "ids": True}, "list[int]", {7: 0.5, -2: 1.5}, [0], "not_valid"),
        ({"k": 1}, "list[list[int]]", [[0.0, 1.0], [3.0, 2.0]], [[1], [0]], "accepted"),
        ({"k": 1}, "list[list[int]]", [[0.0, 1.0], [3.0, 2.0]], [[1], [1]], "not_optimal"),
        ({"k": 1}, "list[list[int]]", [[0.0, 1.0], [3.0, 2.0]], [[1]], "wrong_shape"),
        ({"k": 1}, "list[list[int]]", [[0.0, 1.0], [3.0, 2.0]], [[1], []], "wrong_shape"),
        ({"k": 1}, "array[int32, (q, k)]", [[0.0, 1.0], [3.0, 2.0]], [[1], [0]], "accepted"),
    ],
)
def test_top_k(judged: Any, checker: Any, returns: str, expected: Any, answer: Any, verdict: str) -> None:
    judgement = judged({"name": "top_k", **checker}, returns, expected, answer)
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict


@pytest.mark.parametrize(
    ("checker", "returns", "expected", "answer", "verdict"),
    [
        ({}, "int", SCORES, 1, "accepted"),
        ({}, "int", SCORES, 2, "not_optimal"),
        ({}, "int", SCORES, 4, "not_valid"),
        ({}, "int", SCORES, -3, "not_valid"),
        ({"order": "smallest"}, "int", SCORES, 0, "accepted"),
        ({"order": "smallest"}, "int", SCORES, 1, "not_optimal"),
        ({}, "int", [1.0, 1.0 + 1e-9], 0, "accepted"),  # a tie within the tolerance
        ({"rtol": 0, "atol": 0}, "int", [1.0, 1.0 + 1e-9], 0, "not_optimal"),
        ({}, "int", MASKED, 1, "not_valid"),
        ({}, "str", BY_ID, "b", "accepted"),
        ({}, "str", BY_ID, "a", "not_optimal"),
        ({}, "str", BY_ID, "", "not_valid"),
        ({"ids": True}, "int", {-5: 1.0, 3: 0.0}, -5, "accepted"),
        ({}, "list[int]", [[0.0, 1.0], [3.0, 2.0]], [1, 0], "accepted"),
        ({}, "list[int]", [[0.0, 1.0], [3.0, 2.0]], [1], "wrong_shape"),
        ({}, "array[int64, (q,)]", [[0.0, 1.0], [3.0, 2.0]], [1, 1], "not_optimal"),
    ],
)
def test_arg_max(judged: Any, checker: Any, returns: str, expected: Any, answer: Any, verdict: str) -> None:
    judgement = judged({"name": "arg_max", **checker}, returns, expected, answer)
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict


def test_k_may_be_an_argument(judged: Any) -> None:
    checker, given = {"name": "top_k", "k": "k"}, {"parameters": {"k": "int"}}
    assert judged(checker, "list[int]", SCORES, [1, 2], arguments={"k": 2}, **given).accepted
    assert judged(checker, "list[int]", SCORES, [], arguments={"k": 0}, **given).accepted
    assert judged(checker, "list[int]", SCORES, [1, 2], arguments={"k": 3}, **given).reason == "wrong_shape"
    with pytest.raises(ValueError, match="k: expected at least 0, found -1"):
        judged(checker, "list[int]", SCORES, [], arguments={"k": -1}, **given)


def test_messages_margin_and_evidence() -> None:
    case = CaseFacts(name="case", arguments={}, expected=np.array(SCORES))
    judgement = TopK(k=3, rtol=0, atol=2.0).check(case, [1, 0, 2])
    assert (judgement.accepted, judgement.margin) == (True, 0.25)
    assert judgement.evidence == {"compared": 3, "worst": "answer[1]"}
    judgement = TopK(k=3).check(case, [1, 0, 2])
    assert judgement.message == "answer[1] is 0: there is a better one"
    assert TopK(k=2).check(case, [1, 1]).message == "answer[1] is 1, as is answer[0]: expected different items"
    assert TopK(k=2).check(case, [1, 9]).message == "answer[1] is 9, which is no item"
    assert ArgMax().check(case, 0).message == "answer is 0: there is a better one"


ORDERED_SCORES = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=6)


@STEADY
@given(ORDERED_SCORES, st.integers(1, 6), st.data())
def test_without_tolerance_it_is_the_definition(scores: list[float], k: int, data: Any) -> None:
    case = CaseFacts(name="case", arguments={}, expected=np.array(scores))
    count = min(k, len(scores))
    answer = data.draw(st.permutations(range(len(scores))))[:count]
    best = sorted(scores, reverse=True)[:count]
    chosen = [scores[item] for item in answer]
    exact: dict[str, Any] = {"k": k, "rtol": 0.0, "atol": 0.0}
    assert TopK(**exact).check(case, answer).accepted == (chosen == best)
    assert TopK(ordered=False, **exact).check(case, answer).accepted == (sorted(chosen, reverse=True) == best)
    assert ArgMax(rtol=0, atol=0).check(case, answer[0]).accepted == (chosen[0] == max(scores))


@pytest.mark.parametrize("checker", [{"name": "top_k", "k": 1}, {"name": "arg_max"}])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_scores_that_cannot_be_compared_are_an_error(judged: Any, checker: Any, value: float) -> None:
    returns = "list[int]" if checker["name"] == "top_k" else "int"
    with pytest.raises(ValueError, match="expected finite numbers, or -inf to exclude"):
        judged(checker, returns, [0.5, value], [0])


@pytest.mark.parametrize("scores", [[], [-math.inf]])
def test_nothing_to_choose_is_an_error(judged: Any, scores: Any) -> None:
    with pytest.raises(ValueError, match="the scores leave nothing to choose"):
        judged({"name": "arg_max"}, "int", scores, 0)


@pytest.mark.parametrize(
    ("checker", "returns", "message"),
    [
        (TopK(k=1), "int", "expected a return type of indices or ids, one or many lists of them, found int"),
        (TopK(k=1), "list[float]", "expected a return type of indices or ids"),
        (TopK(k=1), "array[float64, (k,)]", "expected a return type of indices or ids"),
        (TopK(k=1, ids=True), "list[list[int]]", "expected a return type of indices or ids"),
        (TopK(k="k"), "list[int]", "expected a parameter 'k' of type int"),
        (ArgMax(), "float", "expected a return type of an index, an id or a list of indices, found float"),
        (ArgMax(ids=True), "list[int]", "expected a return type of an index, an id or a list of indices"),
    ],
)
def test_signatures_that_they_cannot_judge(checker: Any, returns: str, message: str) -> None:
    other = (Parameter(name="k", type=parse_type("str")),)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        checker.expected_type(Signature(parameters=other, returns=parse_type(returns)))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        (TopK, {"k": 0}, "k: expected an integer of at least 1 or the name of a parameter, found 0"),
        (TopK, {"k": True}, "k: expected an integer of at least 1 or the name of a parameter, found True"),
        (TopK, {"k": 1, "order": "up"}, "order: expected one of largest, smallest, found 'up'"),
        (TopK, {"k": 1, "ordered": 1}, "ordered: expected true or false, found 1"),
        (TopK, {"k": 1, "ids": 1}, "ids: expected true or false, found 1"),
        (ArgMax, {"rtol": -1}, "rtol: expected a finite number of at least 0, found -1"),
    ],
)
def test_parameters_out_of_range(kind: Any, parameters: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        kind(**parameters)
    assert str(caught.value) == message
