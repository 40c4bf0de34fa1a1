"""Which values conform to which types, and what is said of those that do not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.harness import wire
from judge.model.conform import Mismatch, brief, conform, describe, has_non_finite
from judge.model.type_expr import parse_type
from tests.unit.harness.values import VALUES, same

A = np.array
TYPES = ["bool", "int", "float", "str", "list[int]", "tuple[int, ...]", "dict[str, float]", "Optional[list[float]]",
         "array[int64, n]", "array[float32, (n, n)]", "array[bool, ...]", "list[array[float64, n]]"]  # fmt: skip


def conformed(value: Any, kind: str) -> Any:
    """Returns what becomes of a value that a program returned."""
    return conform(wire.decode(wire.encode(value)), parse_type(kind))


def mismatch(value: Any, kind: str) -> Mismatch:
    with pytest.raises(Mismatch) as caught:
        conformed(value, kind)
    return caught.value


# --- scalars ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("bool", True, True),
        ("bool", np.bool_(False), False),
        ("bool", A(True), True),
        ("int", -(10**40), -(10**40)),
        ("int", np.uint8(7), 7),
        ("int", A(7), 7),
        ("float", 1.5, 1.5),
        ("float", 3, 3.0),
        ("float", np.float32(0.5), 0.5),
        ("float", A(3), 3.0),
        ("float", 2**63 + 1, float(2**63)),
        ("float", -math.inf, -math.inf),
        ("str", "é", "é"),
        ("bytes", bytearray(b"x"), b"x"),
        ("Optional[int]", None, None),
        ("Optional[int]", 5, 5),
        ("Optional[float]", 5, 5.0),
    ],
)
def test_scalars_that_conform(kind: str, value: Any, expected: Any) -> None:
    assert same(conformed(value, kind), expected)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("bool", 1, "answer: expected bool, found int 1"),
        ("bool", "True", "answer: expected bool, found a str of length 4"),
        ("int", True, "answer: expected int, found bool True"),
        ("int", A(True), "answer: expected int, found bool True"),
        ("int", 1.0, "answer: expected int, found float 1.0"),
        ("int", np.float64(1), "answer: expected int, found float 1.0"),
        ("int", None, "answer: expected int, found None"),
        ("float", True, "answer: expected float, found bool True"),
        ("float", "1.0", "answer: expected float, found a str of length 3"),
        ("float", 10**400, "answer: expected a float, found int an integer of 1329 bits"),
        ("int", [1], "answer: expected int, found a list of length 1"),
        ("int", A([1]), "answer: expected int, found an array of dtype <i8 and shape (1,)"),
        ("str", b"x", "answer: expected str, found a bytes of length 1"),
        ("bytes", "x", "answer: expected bytes, found a str of length 1"),
        ("Optional[int]", 1.5, "answer: expected int, found float 1.5"),
        ("dict[str, int]", [], "answer: expected dict[str, int], found a list of length 0"),
        ("list[int]", {"a": 1}, "answer: expected list[int], found a dict of length 1"),
        ("list[int]", "abc", "answer: expected list[int], found a str of length 3"),
        ("tuple[int, int]", 5, "answer: expected tuple[int, int], found int 5"),
        ("array[int64, n]", "abc", "answer: expected array[int64, (n,)], found a str of length 3"),
        ("array[int64, n]", None, "answer: expected array[int64, (n,)], found None"),
    ],
)
def test_a_wrong_type_is_told_with_both_types(kind: str, value: Any, message: str) -> None:
    found = mismatch(value, kind)
    assert (str(found), found.kind) == (message, "type")


def test_an_integer_that_cannot_be_printed_is_told_by_its_size() -> None:
    assert str(mismatch(1 << 400_000, "float")).endswith("found int an integer of 400001 bits")


# --- lists, tuples, mappings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("list[int]", (1, 2), [1, 2]),
        ("list[int]", A([1, 2], dtype=">i2"), [1, 2]),
        ("list[float]", [1, 2.5], [1.0, 2.5]),
        ("list[float]", list(range(9)), [float(n) for n in range(9)]),
        ("list[float]", A([1, 2]), [1.0, 2.0]),
        ("list[bool]", A([True, False]), [True, False]),
        ("list[list[int]]", A([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        ("list[list[int]]", [A([1]), (2, 3), []], [[1], [2, 3], []]),
        ("list[list[int]]", np.zeros((2, 0), dtype=int), [[], []]),
        ("list[Optional[int]]", [1, None], [1, None]),
        ("list[str]", ["a", "b"], ["a", "b"]),
        ("tuple[int, str]", [1, "a"], (1, "a")),
        ("tuple[int, ...]", [1, 2, 3], (1, 2, 3)),
        ("tuple[int, ...]", A([1, 2]), (1, 2)),
        ("tuple[()]", [], ()),
        ("tuple[float, list[int]]", (1, (2,)), (1.0, [2])),
        ("dict[str, float]", {"a": 1}, {"a": 1.0}),
        ("dict[tuple[int, int], list[int]]", {(1, 2): (3,)}, {(1, 2): [3]}),
        ("list[tuple[int, float]]", A([[1, 2], [3, 4]]), [(1, 2.0), (3, 4.0)]),
    ],
)
def test_sequences_and_mappings_that_conform(kind: str, value: Any, expected: Any) -> None:
    assert same(conformed(value, kind), expected)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("list[int]", [1, True], "answer[1]: expected int, found bool True"),
        ("list[int]", [*range(9), 0.5], "answer[9]: expected int, found float 0.5"),
        ("list[int]", A([0.5]), "answer[0]: expected int, found float 0.5"),
        ("list[list[int]]", [[1], [2, None]], "answer[1][1]: expected int, found None"),
        ("list[float]", [1.0, 10**400], "answer[1]: expected a float, found int an integer of 1329 bits"),
        ("dict[str, list[int]]", {"k": [1, "x"]}, "answer['k'][1]: expected int, found a str of length 1"),
        ("dict[str, int]", {1: 2}, "answer key: expected str, found int 1"),
        ("dict[int, int]", {True: 2}, "answer key: expected int, found bool True"),
        ("tuple[int, str]", (1, 2), "answer[1]: expected str, found int 2"),
    ],
)
def test_a_wrong_element_is_told_with_its_place(kind: str, value: Any, message: str) -> None:
    found = mismatch(value, kind)
    assert (str(found), found.kind) == (message, "type")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("tuple[int, int]", [1]),
        ("tuple[int, int]", [1, 2, 3]),
        ("tuple[()]", [1]),
        ("list[int]", A([[1, 2]])),
        ("list[list[float]]", np.zeros((1,) * 32)),
        ("tuple[int, ...]", A([[1, 2]])),
        ("array[int64, n]", [[1], [2]]),
        ("array[int64, (n, m)]", [[1], [2, 3]]),
        ("array[int64, (n, m)]", [1, [2]]),
        ("array[int64, (n, m)]", [A([1]), A([2, 3])]),
        ("array[int64, (n, m)]", [A([1]), 5]),
        ("array[int64, (n, n)]", np.zeros((2, 3), dtype=int)),
        ("array[int64, (n, 2)]", np.zeros((2, 3), dtype=int)),
        ("array[int64, ()]", [1]),
        ("array[int64, n]", A(1)),
    ],
)
def test_a_wrong_shape_is_told_as_one(kind: str, value: Any) -> None:
    assert mismatch(value, kind).kind == "shape"


def test_an_array_is_not_unfolded_into_more_lists_than_there_could_be() -> None:
    tall = wire.Array("|i1", (wire.MAX_NODES + 1, 1), bytes(wire.MAX_NODES + 1))
    with pytest.raises(Mismatch, match="expected at most 1000000 rows, found 1000001") as caught:
        conform(tall, parse_type("list[list[int]]"))
    assert caught.value.kind == "size"
    assert conform(tall, parse_type("array[int64, (n, 1)]")).shape == (wire.MAX_NODES + 1, 1)


# --- arrays -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("array[float64, n]", A([1.0, 2.0]), A([1.0, 2.0])),
        ("array[float64, n]", A([1, 2], dtype=">i4"), A([1.0, 2.0])),
        ("array[float64, n]", [1, 2.5], A([1.0, 2.5])),
        ("array[float64, n]", [1 << 70], A([2.0**70])),
        ("array[float64, n]", (), A([])),
        ("array[float64, ()]", 3, A(3.0)),
        ("array[float64, ...]", [[[1.0]]], A([[[1.0]]])),
        ("array[float64, (n, m)]", [[], []], np.zeros((2, 0))),
        ("array[float64, (n, d)]", [A([1.0, 2.0]), [3, 4], (5, 6)], A([[1.0, 2], [3, 4], [5, 6]])),
        ("array[float64, (n, n)]", np.eye(2), np.eye(2)),
        ("array[float32, n]", A([0.1]), A([0.1], dtype="f4")),
        ("array[float32, n]", [0.1], A([0.1], dtype="f4")),
        ("array[float32, n]", [1e300], A([math.inf], dtype="f4")),
        ("array[float32, n]", A([1e300]), A([math.inf], dtype="f4")),
        ("array[int64, n]", A([1], dtype="u1"), A([1])),
        ("array[int64, n]", A([2**63 - 1], dtype="u8"), A([2**63 - 1])),
        ("array[int32, n]", A([-(2**31), 2**31 - 1]), A([-(2**31), 2**31 - 1], dtype="i4")),
        ("array[int64, n]", A([]), A([], dtype="i8")),
        ("array[int64, n]", [], A([], dtype="i8")),
        ("array[bool, n]", [True, False], A([True, False])),
        ("array[complex128, n]", [1, 0.5], A([1 + 0j, 0.5])),
        ("array[complex128, n]", A([1j]), A([1j])),
        ("array[float64, n]", np.ones(2, dtype="g"), np.ones(2)),
    ],
)
def test_arrays_that_conform(kind: str, value: Any, expected: np.ndarray[Any, Any]) -> None:
    found = conformed(value, kind)
    assert type(found) is np.ndarray
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
    assert found.tobytes() == expected.tobytes()


def test_a_list_of_arrays_may_be_one_array() -> None:
    first, second = conformed(np.arange(6).reshape(2, 3), "list[array[float64, 3]]")
    assert (first.tolist(), second.tolist()) == ([0.0, 1.0, 2.0], [3.0, 4.0, 5.0])


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("array[int64, n]", A([1.0]), "expected an array of dtype int64, found dtype float64"),
        ("array[float64, n]", A([1j]), "expected an array of dtype float64, found dtype complex128"),
        ("array[float64, n]", A([True]), "expected an array of dtype float64, found dtype bool"),
        ("array[bool, n]", A([1]), "expected an array of dtype bool, found dtype int64"),
        ("array[int64, n]", [1, 2.0], "answer[1]: expected numbers of dtype int64, found float 2.0"),
        ("array[int64, n]", [1, True], "answer[1]: expected numbers of dtype int64, found bool True"),
        ("array[float64, n]", [1.0, None], "answer[1]: expected numbers of dtype float64, found None"),
        ("array[bool, n]", [True, 1], "answer[1]: expected numbers of dtype bool, found int 1"),
        ("array[float64, (n, m)]", [[1.0], ["x"]], "answer[1][0]: expected numbers of dtype float64, found a str"),
        (
            "array[float64, n]",
            ["x" * 10**6, *[""] * 10**5],
            "answer[0]: expected numbers of dtype float64, found a str",
        ),
        (
            "array[int64, (n, m)]",
            [A([1]), A([0.5])],
            "answer[1]: expected an array of dtype int64, found dtype float64",
        ),
        ("array[int64, n]", [2**63], "expected numbers of dtype int64, found one that is too large"),
        ("array[int64, n]", [2**63, -1], "expected numbers of dtype int64, found one that is too large"),
        ("array[float64, n]", [10**400], "expected numbers of dtype float64, found one that is too large"),
        ("array[int64, n]", A([2**63], dtype="u8"), "found integers from 9223372036854775808 to 9223372036854775808"),
        ("array[int32, n]", A([5, 2**32 + 5]), "expected integers of dtype int32, found integers from 5 to 4294967301"),
        ("array[int32, (n, m)]", [A([2**32])], "answer[0]: expected integers of dtype int32, found integers from"),
    ],
)
def test_elements_of_another_kind_or_size_are_refused(kind: str, value: Any, message: str) -> None:
    found = mismatch(value, kind)
    assert message in str(found)
    assert found.kind == "type"


def test_a_named_dimension_means_one_extent_within_one_value() -> None:
    assert conformed(np.zeros((2, 3, 2)), "array[float64, (n, m, n)]").shape == (2, 3, 2)
    assert str(mismatch(np.zeros((2, 3, 4)), "array[float64, (n, m, n)]")).endswith("found shape (2, 3, 4)")
    first, second = conformed([np.zeros(2), np.zeros(3)], "tuple[array[float64, n], array[float64, n]]")
    assert (first.shape, second.shape) == ((2,), (3,))


# --- any value ----------------------------------------------------------------------------------------------------


@given(value=VALUES, kind=st.sampled_from(TYPES))
def test_any_value_conforms_or_is_a_mismatch_and_conforms_the_same_way_again(value: Any, kind: str) -> None:
    try:
        found = conformed(value, kind)
    except Mismatch as error:
        told = str(error)
    else:
        told = ""
        assert wire.encode(conformed(found, kind)) == wire.encode(found)
    assert len(told) < 600


@given(VALUES, st.sampled_from([8, 30, 120]))
def test_any_value_is_told_in_few_words(value: Any, width: int) -> None:
    text = brief(wire.decode(wire.encode(value)), width)
    assert 0 < len(text) <= width + 40
    assert text.isascii() or text.encode("utf-8")
    assert 0 < len(describe(value)) < 200


@given(st.recursive(st.floats() | st.integers(), lambda i: st.lists(i) | st.dictionaries(st.floats(), i), max_leaves=6))
def test_nan_and_infinity_are_found_wherever_they_are(value: Any) -> None:
    assert has_non_finite(value) == ("nan" in repr(value) or "inf" in repr(value))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (A([1.0, math.nan]), True),
        (A([1.0]), False),
        (A([1]), False),
        (A([complex(0, math.inf)]), True),
        ([(1, {"k": A([math.inf])})], True),
        ({math.nan: 1}, True),
        ("nan", False),
        (None, False),
        (10**400, False),
    ],
)
def test_nan_and_infinity_in_arrays_and_structures(value: Any, found: bool) -> None:
    assert has_non_finite(value) is found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 << 300, "an integer of 301 bits"),
        ([1, [2, (3,)]], "[1, [2, (3)]]"),
        ([], "[]"),
        (list(range(1000)), "… 1000 in all]"),
        ({n: n for n in range(9)}, "{0: 0, 1: 1, 2: 2, 3: 3, … 9 in all}"),
        (A([1.5, 2.5]), "[1.5, 2.5]"),
        (wire.Array("<f8", (2,), bytes(16)), "Array('<f8', (2,))"),
        ("\ud800", "'\\ud800'"),
        ("x" * 500, "x…"),
    ],
)
def test_brief_says_what_there_is_and_how_much(value: Any, text: str) -> None:
    assert brief(value).endswith(text)
