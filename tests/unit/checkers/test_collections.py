"""The checkers ``unordered``, ``set`` and ``rows``, and the matching under them."""

from __future__ import annotations

import json
import math
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.checkers.canonical import canonical
from judge.checkers.contract import CaseFacts
from judge.checkers.matching import MAX_PAIRS, check_size, margins, pair_up
from judge.checkers.rows import Rows
from judge.checkers.sets import Set
from judge.checkers.tolerances import Band
from judge.checkers.unordered import Unordered
from judge.harness.wire import Array
from judge.model.signature import Signature
from judge.model.type_expr import parse_type

STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=200)
UNORDERED = {"name": "unordered"}
SMALL = st.integers(-3, 3).map(float)


def _case(expected: Any) -> CaseFacts:
    return CaseFacts(name="case", arguments={}, expected=expected)


def _points(count: int, width: int) -> st.SearchStrategy[Any]:
    rows = st.lists(st.lists(SMALL, min_size=width, max_size=width), min_size=count, max_size=count)
    return rows.map(lambda made: np.array(made, np.float64).reshape(count, width))


@st.composite
def _problems(draw: Any) -> Any:
    width, mine, theirs = draw(st.integers(0, 3)), draw(st.integers(0, 5)), draw(st.integers(0, 5))
    bands = [Band(atol=draw(st.sampled_from([0.0, 1.0, 2.0])), rtol=draw(st.sampled_from([0.0, 0.5])))] * width
    return draw(_points(mine, width)), draw(_points(theirs, width)), bands


def _most(found: Any, wanted: Any, bands: Any) -> int:
    """The size of a maximum matching, by trying everything."""

    def near(i: int, j: int) -> bool:
        pairs = zip(found[i], wanted[j], bands, strict=True)
        return all(abs(g - r) <= max(band.atol, band.rtol * abs(r)) for g, r, band in pairs)

    short, long = sorted((len(found), len(wanted)))
    fits = near if len(found) <= len(wanted) else lambda i, j: near(j, i)
    return max(sum(fits(i, j) for i, j in enumerate(chosen)) for chosen in permutations(range(long), short))


@STEADY
@given(_problems())
def test_the_matching_is_a_maximum_one(problem: Any) -> None:
    found, wanted, bands = problem
    partners = pair_up(found, wanted, bands)
    used = partners[partners >= 0]
    assert len(set(used.tolist())) == len(used) == _most(found, wanted, bands)
    assert (margins(found[partners >= 0], wanted[used], bands) <= 1).all()


def test_position_by_position_after_sorting_would_refuse_what_matches() -> None:
    expected, answer = [[0.0, 5.0], [0.5, 0.0]], [[0.4, 5.0], [0.1, 0.0]]
    assert sorted(answer) == [[0.1, 0.0], [0.4, 5.0]]
    assert Unordered(atol=0.5).check(_case(expected), answer).accepted
    assert Unordered(atol=0.3).check(_case(expected), answer).reason == "wrong_value"
    # relative tolerances: 4 accepts 2 to 6, 3 accepts 1.5 to 4.5; sorted, 4.4 would go to 4 and 1.6 to 3: fine;
    # 5 to 3 and 4 to 4 is not, 4 to 3 and 5 to 4 is
    assert Unordered(rtol=0.5).check(_case([3.0, 4.0]), [5.0, 4.0]).accepted
    assert not Unordered(rtol=0.5).check(_case([3.0, 4.0]), [5.0, 5.0]).accepted


def test_a_matching_is_found_where_taking_the_nearest_fails() -> None:
    checker = Unordered(atol=1.0)
    assert checker.check(_case([0.0, 1.0, 2.0]), [1.0, 2.0, 3.0]).accepted
    assert checker.check(_case([(0.0, 0.0), (1.0, 1.0)]), [(1.0, 1.0), (0.5, 2.0)]).accepted
    assert checker.check(_case([(0.0, 0.0), (1.0, 1.0)]), [(1.0, 2.0), (0.5, 2.0)]).reason == "wrong_value"


@pytest.mark.parametrize(
    ("checker", "returns", "expected", "answer", "verdict"),
    [
        ({}, "list[int]", [3, 1, 1], [1, 3, 1], "accepted"),
        ({}, "list[int]", [3, 1, 1], [1, 3, 3], "wrong_value"),
        ({}, "list[int]", [3, 1, 1], [1, 3], "wrong_shape"),
        ({}, "list[int]", [], [], "accepted"),
        ({}, "list[int]", [10**400], [10**400], "accepted"),
        ({}, "list[float]", [0.0, math.inf], [math.inf, -0.0], "accepted"),
        ({}, "list[float]", [0.3], [0.1 + 0.2], "wrong_value"),
        ({}, "list[float]", [0.3], [math.nan], "wrong_value"),
        ({}, "list[Optional[int]]", [None, 0], [0, None], "accepted"),
        ({}, "list[Optional[bool]]", [None, False], [False, False], "wrong_value"),
        ({}, "list[list[int]]", [[1, 2], [3]], [[3], [1, 2]], "accepted"),
        ({}, "list[list[int]]", [[1, 2], [3]], [[3], [2, 1]], "wrong_value"),
        ({}, "list[list[int]]", [[1, 2], [3]], [[1], [2, 3]], "wrong_value"),
        ({}, "list[dict[str, int]]", [{"a": 1, "b": 2}, {}], [{}, {"b": 2, "a": 1}], "accepted"),
        ({}, "list[array[float64, (n,)]]", [[0.0], [1.0]], [[1.0], [-0.0]], "accepted"),
        ({"levels": 2}, "list[list[int]]", [[1, 2], [3]], [[3], [2, 1]], "accepted"),
        ({"levels": 2}, "list[list[int]]", [[1, 1, 2], [3]], [[3], [2, 1, 2]], "wrong_value"),
        ({"levels": 2}, "list[list[list[int]]]", [[[1, 2]]], [[[2, 1]]], "wrong_value"),
        ({"levels": 3}, "list[list[list[int]]]", [[[1, 2]]], [[[2, 1]]], "accepted"),
        ({}, "array[int64, (n,)]", [1, 2], [2, 1], "accepted"),
        ({}, "array[int64, (n, 2)]", [[1, 2], [3, 4]], [[3, 4], [1, 2]], "accepted"),
        ({}, "array[int64, (n, 2)]", [[1, 2], [3, 4]], [[4, 3], [1, 2]], "wrong_value"),
        ({}, "array[int64, (n, m)]", [[1, 2], [3, 4]], [[1], [3]], "wrong_shape"),
        ({}, "array[complex128, (n,)]", [1, 2], [2, 1], "accepted"),
        ({"atol": 0.1}, "list[float]", [1.0, 1.0, 5.0], [5.05, 0.95, 1.05], "accepted"),
        ({"atol": 0.1}, "list[float]", [1.0, 1.0, 5.0], [5.05, 0.95, 5.0], "wrong_value"),
        ({"atol": 0.1}, "list[float]", [1.0, 1.0], [1.0, math.nan], "not_finite"),
        ({"atol": 0.1}, "list[float]", [1.0, 1.0], [1.0, math.inf], "not_finite"),
        ({"atol": 1}, "list[tuple[str, float]]", [("a", 1.0), ("b", 1.0)], [("b", 2.0), ("a", 0.0)], "accepted"),
        ({"atol": 1}, "list[tuple[str, float]]", [("a", 1.0), ("b", 1.0)], [("b", 2.0), ("b", 0.0)], "wrong_value"),
        ({"atol": 1}, "list[tuple[int, float]]", [(1, 1.0)], [(2, 1.0)], "wrong_value"),
        ({"atol": 1}, "array[float32, (n, 2)]", [[1, 2], [3, 4]], [[3, 5], [1, 1]], "accepted"),
        ({"rtol": 0.5}, "list[dict[str, float]]", [{"x": 2.0, "y": 4.0}], [{"y": 6.0, "x": 1.0}], "accepted"),
        ({"rtol": 0.5}, "list[dict[str, float]]", [{"x": 2.0, "y": 4.0}], [{"y": 1.0, "x": 6.0}], "wrong_value"),
    ],
)
def test_unordered(judged: Any, checker: Any, returns: str, expected: Any, answer: Any, verdict: str) -> None:
    judgement = judged({**UNORDERED, **checker}, returns, expected, answer)
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict
    json.dumps(judgement.evidence, allow_nan=False)


@pytest.mark.parametrize(
    ("checker", "returns", "expected", "answer", "verdict"),
    [
        ({}, "list[int]", [3, 1], [1, 3], "accepted"),
        ({}, "list[int]", [3, 1], [1, 3, 1], "not_valid"),
        ({}, "list[int]", [3, 1], [1, 2], "wrong_value"),
        ({}, "list[int]", [3, 1], [1], "wrong_shape"),
        ({}, "list[int]", [3, 1], [], "wrong_shape"),
        ({}, "list[int]", [], [], "accepted"),
        ({}, "list[float]", [0.5], [math.nan], "wrong_value"),
        ({"duplicates": "ignore"}, "list[int]", [3, 1], [1, 3, 1], "accepted"),
        ({"duplicates": "ignore"}, "list[int]", [3, 1], [1, 1], "wrong_shape"),
        ({}, "list[list[int]]", [[1, 2]], [[2, 1]], "wrong_value"),
        ({"levels": 2}, "list[list[int]]", [[1, 2], [1, 1, 2]], [[2, 1, 1], [2, 1]], "accepted"),
        ({"levels": 2}, "list[list[int]]", [[1, 2], [3]], [[2, 1], [1, 2]], "not_valid"),
        ({}, "array[int64, (n, 2)]", [[0, 1], [2, 3]], [[2, 3], [0, 1]], "accepted"),
    ],
)
def test_set(judged: Any, checker: Any, returns: str, expected: Any, answer: Any, verdict: str) -> None:
    judgement = judged({"name": "set", **checker}, returns, expected, answer)
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict


TABLE = [(1, "a", 0.5), (2, None, 1.5), (3, "c", None)]


@pytest.mark.parametrize(
    ("checker", "answer", "verdict"),
    [
        ({}, TABLE, "accepted"),
        ({}, TABLE[::-1], "accepted"),
        ({"ordered": True}, TABLE, "accepted"),
        ({"ordered": True}, TABLE[::-1], "wrong_value"),
        ({}, TABLE[:2], "wrong_shape"),
        ({}, [*TABLE, TABLE[0]], "wrong_shape"),
        ({}, [*TABLE[:2], TABLE[0]], "wrong_value"),
        ({}, [(1, "a", 0.6), *TABLE[1:]], "wrong_value"),
        ({"atol": 0.2}, [*TABLE[1:], (1, "a", 0.6)], "accepted"),
        ({"ordered": True, "atol": 0.2}, [(1, "a", 0.6), *TABLE[1:]], "accepted"),
        ({"columns": [{"column": 2, "atol": 0.2}]}, [(1, "a", 0.6), *TABLE[1:]], "accepted"),
        ({"ordered": True, "columns": [{"column": 2, "atol": 0.2}]}, [(1, "a", 0.6), *TABLE[1:]], "accepted"),
        ({"ordered": True, "columns": [{"column": 2, "rtol": 0.1}]}, [(1, "a", 0.6), *TABLE[1:]], "wrong_value"),
        ({"atol": 9}, [(1, "a", None), *TABLE[1:]], "wrong_value"),
        ({"atol": 9}, [*TABLE[:2], (3, "c", 0.0)], "wrong_value"),
        ({"atol": 9}, [(1, "a", math.nan), *TABLE[1:]], "not_finite"),
        ({"ordered": True, "atol": 9}, [(1, "a", math.inf), *TABLE[1:]], "not_finite"),
        ({"ordered": True, "atol": 9}, [(1, "A", 0.5), *TABLE[1:]], "wrong_value"),
    ],
)
def test_rows(judged: Any, checker: Any, answer: Any, verdict: str) -> None:
    returns = "list[tuple[int, Optional[str], Optional[float]]]"
    judgement = judged({"name": "rows", **checker}, returns, TABLE, answer)
    assert ("accepted" if judgement.accepted else judgement.reason) == verdict
    json.dumps(judgement.evidence, allow_nan=False)


def test_rows_of_lists_may_have_another_width(judged: Any) -> None:
    for ordered in (False, True):
        checker = {"name": "rows", "ordered": ordered}
        assert judged(checker, "list[list[float]]", [[1.0, 2.0]], [[1.0, 2.0]]).margin == 0.0
        assert judged(checker, "list[list[float]]", [[1.0, 2.0]], [[1.0]]).reason == "wrong_shape"
        assert judged(checker, "list[list[float]]", [[1.0], [1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]]).accepted is False


def test_rows_report_the_margin_and_the_place() -> None:
    case = _case([(1, 1.0), (2, 4.0)])
    judgement = Rows(ordered=True, rtol=0.0, atol=0.5).check(case, [(1, 1.25), (2, 4.0)])
    assert (judgement.margin, judgement.evidence) == (0.5, {"compared": 2})
    judgement = Rows(ordered=True, rtol=0.0, atol=0.5).check(case, [(1, 1.25), (2, 9.0)])
    assert judgement.message == "answer[1][1] is 9.0: outside the tolerance (relative 0, absolute 0.5)"
    assert (judgement.margin, judgement.evidence) == (10.0, {"compared": 2, "outside": 1})
    judgement = Rows(rtol=0.0, atol=0.5).check(case, [(2, 4.25), (1, 1.0)])
    assert (judgement.accepted, judgement.margin, judgement.evidence) == (True, 0.5, {"compared": 2})


@pytest.mark.parametrize(
    ("checker", "answer", "message"),
    [
        (Unordered(), [3, 9, 9], "answer[1] is 9, which is not an expected element, or occurs too often"),
        (Unordered(), [3, 3, 1], "answer[1] is 3, which is not an expected element, or occurs too often"),
        (Unordered(), [3], "answer: the length 1 is not the right one"),
        (Set(), [3, 3], "answer[1] is 3, as is answer[0]: expected no duplicates"),
        (Set(), [3, 7], "answer[1] is 7, which is not an expected element"),
        (Set(), [3], "answer: 2 of the expected elements are missing"),
    ],
)
def test_messages_name_what_the_candidate_gave(checker: Any, answer: Any, message: str) -> None:
    assert checker.check(_case([1, 2, 3]), answer).message.startswith(message)


@pytest.mark.parametrize(
    ("checker", "expected", "message"),
    [
        (Unordered(), [0.5, math.nan], "expected[1] does not equal itself: it holds a NaN"),
        (Unordered(atol=1), [0.5, math.inf], "expected[1] holds a number that is not finite"),
        (Rows(), [(0.5,), (math.nan,)], "expected[1] holds a number that is not finite"),
        (Set(), [1, 2, 1], "expected[2] is 1, as is expected[0]: expected no duplicates"),
        (Unordered(atol=1), [[0.0, 0.0]] * 2001, "2001 of 2001 elements lie within the tolerance of one another"),
    ],
)
def test_keys_that_cannot_be_judged_against(checker: Any, expected: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        checker.check_key(_case(expected))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("kind", "parameters", "returns", "message"),
    [
        (Unordered, {}, "int", "expected the return type list[T], found int"),
        (Unordered, {}, "array[int64, ...]", "expected the return type list[T]"),
        (Unordered, {"levels": 2}, "list[int]", "expected the return type list[list[T]], found list[int]"),
        (Unordered, {"atol": 1}, "list[int]", "rtol, atol: expected a return type with floating-point numbers"),
        (Unordered, {"atol": 1}, "array[complex128, (n,)]", "rtol, atol: expected real numbers"),
        (Unordered, {"atol": 1}, "list[dict[float, float]]", "expected keys of bool, bytes, int, str"),
        (Set, {}, "dict[int, int]", "expected the return type list[T]"),
        (Rows, {}, "list[int]", "expected the return type list[tuple[...]] or list[list[T]] of scalars"),
        (Rows, {}, "list[tuple[int, list[int]]]", "expected the return type list[tuple[...]]"),
        (
            Rows,
            {"columns": [{"column": 1, "atol": 1}]},
            "list[tuple[float, int]]",
            "columns: expected columns of float",
        ),
        (
            Rows,
            {"columns": [{"column": 2, "atol": 1}]},
            "list[tuple[float, int]]",
            "columns: expected columns of float",
        ),
    ],
)
def test_signatures_that_they_cannot_judge(kind: Any, parameters: Any, returns: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        kind(**parameters).expected_type(Signature(parameters=(), returns=parse_type(returns)))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("kind", "parameters", "message"),
    [
        (Unordered, {"levels": 0}, "levels: expected an integer from 1 to 8, found 0"),
        (Unordered, {"levels": True}, "levels: expected an integer from 1 to 8, found True"),
        (Unordered, {"levels": 2, "atol": 1}, "levels: expected 1 beside a tolerance, found 2"),
        (Unordered, {"rtol": -1}, "rtol: expected a finite number of at least 0, found -1"),
        (Set, {"duplicates": "keep"}, "duplicates: expected one of refuse, ignore, found 'keep'"),
        (Rows, {"ordered": 1}, "ordered: expected true or false, found 1"),
        (Rows, {"columns": {"a": 1}}, "columns: expected a list of {column, rtol, atol}, found"),
        (Rows, {"columns": [{"column": -1, "atol": 1}]}, "columns: expected a column of its own, counted from 0"),
        (Rows, {"columns": [{"column": 1, "atol": 1}] * 2}, "columns: expected a column of its own"),
        (Rows, {"columns": [{"column": 1}]}, "columns: 1: expected rtol, atol or both, found {}"),
        (Rows, {"columns": [{"column": 1, "atol": "x"}]}, "columns: 1: atol: expected a finite number"),
    ],
)
def test_parameters_out_of_range(kind: Any, parameters: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        kind(**parameters)
    assert str(caught.value).startswith(message)


def test_many_elements_that_cluster() -> None:
    numbers = [0.5] * 20_000 + [float(i) for i in range(20_000)]
    shifted = [x + 0.375 for x in reversed(numbers)]
    assert Unordered(atol=0.375).check(_case(numbers), shifted).accepted
    assert Unordered(atol=0.375).check(_case(numbers), [*shifted[:-1], 0.95]).reason == "wrong_value"
    points = [(float(i % 100), float(i // 100)) for i in range(10_000)]
    moved = [(x + 0.25, y - 0.25) for x, y in reversed(points)]
    Unordered(atol=0.3).check_key(_case(points))
    assert Unordered(atol=0.3).check(_case(points), moved).accepted
    assert Unordered(atol=0.3).check(_case(points), [(9.5, 9.5), *moved[1:]]).reason == "wrong_value"


def test_the_work_is_bounded_by_the_reference_alone() -> None:
    band = [Band(atol=0.5, rtol=0.0)] * 2
    spread = np.array([[2.0 * i, 0.0] for i in range(3000)])
    check_size(spread, band, 3000)  # the first coordinate tells them apart, whatever is answered
    assert (pair_up(np.zeros((3000, 2)), spread, band) >= 0).sum() == 1
    with pytest.raises(ValueError, match=f"expected at most {MAX_PAIRS}"):
        check_size(np.zeros((3000, 2)), band, 3000)


def test_canonical_bytes_tell_apart_what_differs() -> None:
    values: list[Any] = [None, False, True, 0, 1, -1, 1.0, 0.0, "", "1", b"", b"1", [], (), {}, [[]], [()], ([],)]
    values += [
        [1, 2],
        [12],
        ["a", "b"],
        ["ab"],
        ["asb"],
        ["a;1:b"],
        [["a"], "b"],
        [["a", "b"]],
        {"a": 1},
        {1: "a"},
        [("a", 1)],
        10**30,
        math.inf,
    ]
    values += [np.array([1.0]), np.array([1]), np.array([[1.0]]), np.array([], np.float64)]
    made = [canonical(value) for value in values]
    assert len(set(made)) == len(values)
    assert canonical(-0.0) == canonical(0.0)
    assert canonical(np.array([-0.0])) == canonical(np.array([0.0]))
    assert canonical([{"a": [math.nan]}]) is canonical(np.array([math.nan])) is None


def test_elements_that_are_arrays_come_over_the_wire(judged: Any) -> None:
    sent = Array("<f8", (2, 2), np.array([[3.0, 4.0], [1.0, 2.0]]).tobytes())
    assert judged({**UNORDERED, "atol": 0.5}, "array[float64, (n, 2)]", [[1, 2], [3, 4]], sent).accepted
