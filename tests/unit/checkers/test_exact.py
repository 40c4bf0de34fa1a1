"""The checker ``exact``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.exact import Exact
from judge.harness.wire import Array
from judge.model.signature import Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason

EXACT = {"name": "exact"}


@pytest.mark.parametrize(
    ("returns", "expected", "answer"),
    [
        ("int", 10**400, 10**400),
        ("bool", True, True),
        ("str", "é", "é"),
        ("bytes", b"\x00", b"\x00"),
        ("float", 0.0, -0.0),
        ("float", math.inf, math.inf),
        ("float", 3.0, 3),
        ("list[int]", [], []),
        ("list[int]", [1, 2], (1, 2)),
        ("tuple[int, ...]", (1, 2), [1, 2]),
        ("list[Optional[int]]", [None, 1], [None, 1]),
        ("dict[str, int]", {"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ("dict[tuple[int, str], list[int]]", {(1, "x"): [1], (2, "y"): []}, {(2, "y"): [], (1, "x"): [1]}),
        ("list[tuple[int, list[str]]]", [(1, ["a"]), (2, [])], [(1, ["a"]), (2, [])]),
        ("array[int64, (n, 2)]", [[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ("array[bool, (n,)]", [True, False], [True, False]),
        ("array[float64, ()]", 0.0, -0.0),
        ("array[float64, (0, 3)]", Array("<f8", (0, 3), b""), Array("<f8", (0, 3), b"")),
    ],
)
def test_accepts_what_is_equal(judged: Any, returns: str, expected: Any, answer: Any) -> None:
    judgement = judged(EXACT, returns, expected, answer)
    assert (judgement.accepted, judgement.reason, judgement.message) == (True, None, "")


@pytest.mark.parametrize(
    ("returns", "expected", "answer", "reason", "message"),
    [
        ("int", 10**400, 10**400 + 1, "wrong_value", "answer is an integer of 1329 bits"),
        ("int", 2**53, 2**53 + 1, "wrong_value", "answer is 9007199254740993"),
        ("float", 0.3, 0.1 + 0.2, "wrong_value", "answer is 0.30000000000000004"),
        ("float", 1.0, math.nan, "wrong_value", "answer is nan"),
        ("float", math.inf, -math.inf, "wrong_value", "answer is -inf"),
        ("str", "YES", "yes", "wrong_value", "answer is 'yes'"),
        ("str", "é", "e\u0301", "wrong_value", "answer is"),
        ("list[list[int]]", [[1], [2, 3], [9]], [[1], [2, 4], [8]], "wrong_value", "answer[1][1] is 4"),
        ("list[list[int]]", [[], [], [2, 3]], [[], [], [2, 4]], "wrong_value", "answer[2][1] is 4"),
        ("list[list[int]]", [[1], [2, 3]], [[0], [2]], "wrong_shape", "answer[1]: the length 1"),
        ("list[int]", [1, 2, 3], [1, 2], "wrong_shape", "answer: the length 2"),
        ("list[int]", [1, 2, 3], [], "wrong_shape", "answer: the length 0"),
        ("list[int]", [1, 2, 3], [1, 2, 3, 4], "wrong_shape", "answer: the length 4"),
        ("dict[str, int]", {"a": 1}, {"b": 1}, "wrong_value", "answer: the key 'b' is not an expected one"),
        ("dict[str, int]", {"a": 1, "b": 2}, {"a": 1}, "wrong_shape", "answer: the length 1"),
        ("dict[str, list[int]]", {"a": [], "b": [2]}, {"b": [3], "a": []}, "wrong_value", "answer['b'][0] is 3"),
        ("Optional[int]", 4, None, "wrong_value", "answer is None"),
        ("list[Optional[int]]", [1, None], [1, 0], "wrong_value", "answer[1] is 0"),
        ("tuple[list[int], str]", ([1], "a"), ([1], "b"), "wrong_value", "answer[1] is 'b'"),
        ("array[int64, (n, 2)]", [[1, 2], [3, 4]], [[1, 2], [3, 5]], "wrong_value", "answer[1, 1] is 5"),
        ("array[int64, (n, 2)]", [[1, 2], [3, 4]], [[1, 2]], "wrong_shape", "answer: the shape (1, 2)"),
        ("tuple[int, array[bool, (n,)]]", (0, [True]), (0, [False]), "wrong_value", "answer[1][0] is False"),
        ("array[float64, (n,)]", [1.0], [math.nan], "wrong_value", "answer[0] is nan"),
    ],
)
def test_names_the_first_difference(
    judged: Any, returns: str, expected: Any, answer: Any, reason: str, message: str
) -> None:
    judgement = judged(EXACT, returns, expected, answer)
    assert (judgement.accepted, judgement.reason) == (False, reason)
    assert judgement.message.startswith(message)


@pytest.mark.parametrize(
    ("expected", "answer"),
    [(1, True), (1, 1.0), (0, False), ([1], (1,)), ({1: 2}, {True: 2}), (b"a", "a"), (np.int64([1]), np.int32([1]))],
)
def test_types_are_exact_even_where_values_are_equal(expected: Any, answer: Any) -> None:
    judgement = Exact().check(CaseFacts(name="case", arguments={}, expected=expected), answer)
    assert not judgement.accepted
    assert judgement.reason in (Reason.WRONG_TYPE, Reason.WRONG_VALUE)


@pytest.mark.parametrize(
    ("returns", "value"),
    [
        ("float", math.nan),
        ("list[tuple[int, float]]", [(1, math.nan)]),
        ("array[float64, (n,)]", [0.0, math.nan]),
        ("dict[float, int]", {math.nan: 1}),
        ("dict[tuple[float, int], int]", {(math.nan, 2): 1}),
    ],
)
def test_a_key_with_nan_is_an_error_even_against_the_very_same_object(judged: Any, returns: str, value: Any) -> None:
    with pytest.raises(ValueError, match="the expected value does not equal itself"):
        judged(EXACT, returns, value, value)


@pytest.mark.parametrize("returns", ["dict[list[int], int]", "list[dict[array[int64, (2,)], int]]"])
def test_mappings_with_keys_that_cannot_be_looked_up_are_refused(returns: str) -> None:
    with pytest.raises(
        ValueError, match="expected keys of bool, bytes, float, int, str or tuples of these, found dict"
    ):
        Exact().expected_type(Signature(parameters=(), returns=parse_type(returns)))


def test_depth_does_not_exhaust_the_stack() -> None:
    deep, other = [1], [2]
    for _ in range(5000):
        deep, other = [deep], [other]
    case = CaseFacts(name="case", arguments={}, expected=deep)
    assert Exact().check(case, deep).accepted
    assert Exact().check(case, other).reason is Reason.WRONG_VALUE


def test_messages_do_not_tell_the_expected_value(judged: Any) -> None:
    secret = 271828182845904523
    for expected, answer in [([secret], [5]), ([secret, 1], [5]), ([[secret]], [[5, 6]])]:
        returns = "list[list[int]]" if isinstance(expected[0], list) else "list[int]"
        judgement = judged(EXACT, returns, expected, answer)
        assert str(secret) not in f"{judgement.message}{judgement.evidence}"
    judgement = judged(EXACT, "dict[int, int]", {secret: 1}, {5: 1})
    assert str(secret) not in f"{judgement.message}{judgement.evidence}"


def test_long_values_give_short_messages(judged: Any) -> None:
    judgement = judged(EXACT, "str", "", "x\n" * 10**6)
    assert len(judgement.message) < 200
    assert "\n" not in judgement.message
