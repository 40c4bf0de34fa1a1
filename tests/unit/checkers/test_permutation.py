"""The checkers ``permutation`` and ``topological_order``: every order of small inputs, and mutants of right ones."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.checkers.certificate_driver import HUGE, STEADY, Bench, mutants

NUMBERS = Bench(name="permutation", parameters={"of": "n"}, types={"n": "int"}, returns="list[int]")
WORDS = Bench(name="permutation", parameters={"of": "w"}, types={"w": "list[str]"}, returns="list[str]")
ORDER = Bench(
    name="topological_order",
    parameters={"edges": "edges", "nodes": "n"},
    types={"edges": "list[tuple[int, int]]", "n": "int"},
    returns="list[int]",
)
LABELS = Bench(
    name="topological_order",
    parameters={"edges": "edges", "reverse": True},
    types={"edges": "list[tuple[str, str]]"},
    returns="Optional[list[str]]",
)


@STEADY
@given(st.integers(0, 5), st.integers(0, 1), st.lists(st.integers(-1, 6), max_size=6))
def test_a_permutation_of_numbers_holds_each_once(n: int, base: int, drawn: list[int]) -> None:
    bench = Bench(name="permutation", parameters={"of": "n", "base": base}, types={"n": "int"}, returns="list[int]")
    right = list(range(base, n + base))
    bench.agrees(bench.case(right, n=n), [*mutants(right), drawn], lambda answer: sorted(answer) == right)


@STEADY
@given(st.lists(st.sampled_from("abc"), max_size=5), st.lists(st.sampled_from("abcd"), max_size=5))
def test_a_permutation_of_elements_holds_each_as_often(words: list[str], drawn: list[str]) -> None:
    case = WORDS.case(words[::-1], w=words)
    WORDS.agrees(case, [*mutants(words), drawn], lambda answer: sorted(answer) == sorted(words))


def test_a_message_names_the_first_element_that_is_wrong() -> None:
    case = NUMBERS.case([0, 1, 2], n=3)
    for answer, reason, message in (
        ([0, 1], "wrong_shape", "the answer has the length 2: expected 3, each number once"),
        ([0, 5, 9], "not_valid", "answer[1] is 5: expected a number from 0 to 2"),
        ([2, 0, 2], "not_valid", "answer[2] is 2, and so is answer[0]"),
        ([0, 1, HUGE], "not_valid", "answer[2] is 10000000000"),
    ):
        judgement = NUMBERS.judge(case, answer)
        assert (judgement.reason, judgement.message[: len(message)]) == (reason, message)
    judgement = WORDS.judge(WORDS.case(["a", "b"], w=["a", "b"]), ["a", "a"])
    assert judgement.message == "answer[1] is 'a', which is there more often than in w"


@pytest.mark.parametrize("key", [[0, 0, 1], [0, 1, 3], [0, 1]])
def test_a_key_that_is_no_permutation_is_an_error(key: list[int]) -> None:
    with pytest.raises(ValueError, match="is not accepted as an answer"):
        NUMBERS.case(key, n=3)


def _orders(n: int, edges: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    """All valid orders, by trying all."""
    return [order for order in permutations(range(n)) if all(order.index(a) < order.index(b) for a, b in edges)]


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=5)


@STEADY
@given(PAIRS, st.lists(st.integers(-1, 4), max_size=5))
def test_exactly_the_valid_orders_are_accepted(edges: list[tuple[int, int]], drawn: list[int]) -> None:
    valid = _orders(4, edges)
    right: list[Any] = [list(order) for order in valid] or [[]]
    case = ORDER.case(right[0], n=4, edges=edges)
    answers = [*map(list, permutations(range(4))), *mutants(right[-1]), drawn]
    ORDER.agrees(case, answers, lambda answer: answer in right)


@pytest.mark.parametrize(
    ("edges", "key", "message"),
    [
        ([(0, 1)], [], "declares a cycle, but there is none"),
        ([(0, 1), (1, 0)], [0, 1], "answer[1] = 1 must come before answer[0] = 0"),
        ([(0, 1)], [1, 0], "answer[1] = 0 must come before answer[0] = 1"),
        ([(0, 2)], [0, 1], "edges[0][1] is 2: expected a number from 0 to 1"),
    ],
)
def test_a_key_that_is_wrong_is_an_error(edges: Any, key: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        ORDER.case(key, n=2, edges=edges)


def test_vertices_may_be_the_ends_of_the_edges_and_edges_may_lead_back() -> None:
    edges = [("b", "a"), ("c", "b")]  # b needs a, c needs b
    case = LABELS.case(["a", "b", "c"], edges=edges)
    assert LABELS.judge(case, ["a", "b", "c"]).accepted
    for wrong in (["c", "b", "a"], ["a", "b"], ["a", "b", "d"], ["a", "a", "b"], [], None):
        assert not LABELS.judge(case, wrong).accepted
    cyclic = LABELS.case(None, edges=[*edges, ("a", "c")])
    assert LABELS.judge(cyclic, None).accepted
    assert LABELS.judge(cyclic, []).reason == "wrong_value"
    assert LABELS.judge(cyclic, ["a", "b", "c"]).reason == "wrong_value"
