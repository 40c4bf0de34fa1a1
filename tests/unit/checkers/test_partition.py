"""The checkers ``partition`` and ``clustering``, against the definition by pairs of elements."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.checkers import build
from tests.unit.checkers.certificate_driver import HUGE, STEADY, Bench, mutants

LABELS = Bench(name="partition", parameters={}, types={}, returns="list[int]")
ARRAY = Bench(name="partition", parameters={}, types={}, returns="array[int64, (n,)]")
GROUPS = Bench(name="partition", parameters={}, types={}, returns="list[list[int]]")


def _together(labels: Any) -> list[bool]:
    """For each pair of elements whether they are in one group: what a partition is."""
    return [a == b for a, b in combinations(labels, 2)]


def test_labels_are_judged_by_which_are_equal() -> None:
    for expected in product(range(3), repeat=4):
        case = LABELS.case(list(expected))
        answers = [list(answer) for answer in product((7, -2, HUGE), repeat=4)]
        LABELS.agrees(case, answers, lambda answer: _together(answer) == _together(expected))  # noqa: B023
        LABELS.agrees(case, [[], [0, 0, 0], [0, 0, 0, 0, 0]], lambda answer: False)
        assert ARRAY.judge(ARRAY.case(list(expected)), [label + 9 for label in expected]).accepted


@STEADY
@given(st.lists(st.integers(0, 2), min_size=1, max_size=6), st.lists(st.integers(0, 3), max_size=6))
def test_groups_are_judged_as_sets_of_sets(expected: list[int], drawn: list[int]) -> None:
    groups = _groups(expected)
    wanted = {frozenset(group) for group in groups}

    def right(answer: list[list[int]]) -> bool:
        elements = [element for group in answer for element in group]
        distinct = len(set(elements)) == len(elements)
        return distinct and all(answer) and {frozenset(group) for group in answer} == wanted

    moved = [_moved(groups, at, to) for at in range(len(groups)) for to in range(len(groups))]
    others = [[group[::-1] for group in groups[::-1]], _groups(drawn), [*groups, []], []]
    changed = [[list(group) for group in mutant] for mutant in mutants([tuple(group) for group in groups])]
    GROUPS.agrees(GROUPS.case(groups), [*moved, *others, *changed], right)


def _groups(labels: list[int]) -> list[list[int]]:
    return [[at for at, label in enumerate(labels) if label == group] for group in sorted(set(labels))]


def _moved(groups: list[list[int]], at: int, to: int) -> list[list[int]]:
    """The groups with the first element of one in another."""
    moved = [list(group) for group in groups]
    moved[to].append(moved[at].pop(0))
    return moved


def test_messages_name_two_elements() -> None:
    case = LABELS.case([0, 0, 1])
    assert LABELS.judge(case, [5, 6, 5]).message == "answer[1] and answer[0] differ, but the two belong together"
    assert "answer[0] and answer[2] are equal" in LABELS.judge(case, [5, 5, 5]).message
    case = GROUPS.case([[3, 4], [5]])
    assert GROUPS.judge(case, [[3], [4, 5]]).message == "answer[0] does not hold all that belong together"
    assert GROUPS.judge(case, [[3, 5], [4]]).message == "answer[0] holds 3 and 5, which do not belong together"
    assert GROUPS.judge(case, [[3, 4], [9]]).message == "answer[1][0] is 9, which is not in the input"


@pytest.mark.parametrize(
    ("key", "message"), [([[0], []], "expected[1] is an empty"), ([[0, 1], [0]], "holds 0, which")]
)
def test_a_key_that_is_no_partition_is_an_error(key: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        GROUPS.case(key)
    assert message in str(caught.value)


def _adjusted_rand(found: Any, wanted: Any) -> Fraction:
    """The index by pairs: (agreements - chance) / (most - chance)."""
    first, second = np.array(_together(found), int), np.array(_together(wanted), int)
    if first.tolist() == second.tolist():
        return Fraction(1)
    chance = Fraction(int(first.sum()) * int(second.sum()), len(first))
    return (int(first @ second) - chance) / (Fraction(int(first.sum() + second.sum()), 2) - chance)


@STEADY
@given(st.integers(2, 7), st.sampled_from([1.0, 0.5, 0.1, 0.25, 0.9]), st.data())
def test_a_clustering_is_judged_by_the_index_of_pairs(n: int, at_least: float, data: Any) -> None:
    bench = Bench(name="clustering", parameters={"at_least": at_least}, types={}, returns="list[int]")
    labels = st.lists(st.integers(0, 2), min_size=n, max_size=n)
    expected, drawn = data.draw(labels), data.draw(labels)

    def right(answer: list[int]) -> bool:
        return len(answer) == n and _adjusted_rand(answer, expected) >= Fraction(str(at_least))

    bench.agrees(bench.case(expected), [drawn, *mutants(expected)], right)
    judgement = bench.judge(bench.case(expected), drawn)
    assert judgement.evidence["adjusted_rand"] == float(_adjusted_rand(drawn, expected))


@pytest.mark.parametrize("bound", [0, 1.5, True, "x"])
def test_a_bound_is_a_share(bound: Any) -> None:
    with pytest.raises(ValueError, match="at_least: expected a number above 0 and at most 1"):
        build("clustering", {"at_least": bound})
