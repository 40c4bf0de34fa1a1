"""The checkers ``matching`` and ``assignment``, against a search through all of them."""

from __future__ import annotations

from itertools import combinations, permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.checkers.certificate_driver import STEADY, Bench, mutants

VERTEX = st.integers(0, 3)


def _bench(weighted: bool, bipartite: bool, returns: str = "list[tuple[int, int]]") -> Bench:
    kind = "list[tuple[int, int, int]]" if weighted else "list[tuple[int, int]]"
    parameters = {"edges": "edges", "weighted": weighted, "bipartite": bipartite}
    return Bench(name="matching", parameters=parameters, types={"edges": kind}, returns=returns)


def _valid(edges: list[Any], pairs: list[Any], bipartite: bool) -> bool:
    """Whether all pairs are allowed and no vertex is in two, by the definition."""
    if bipartite:
        ends = [("left", a) for a, _ in pairs] + [("right", b) for _, b in pairs]
        allowed = {(a, b) for a, b, _ in edges}
    else:
        ends = [("any", end) for pair in pairs for end in pair]
        allowed = {pair for a, b, _ in edges for pair in ((a, b), (b, a))}
    return len(set(ends)) == len(ends) and all(tuple(pair) in allowed for pair in pairs)


def _value(edges: list[Any], pairs: list[Any], weighted: bool, bipartite: bool) -> int:
    if not weighted:
        return len(pairs)
    return sum(max(w for a, b, w in edges if pair in ((a, b), (a, b) if bipartite else (b, a))) for pair in pairs)


@STEADY
@given(st.lists(st.tuples(VERTEX, VERTEX, st.integers(-1, 4)), max_size=6), st.booleans(), st.booleans())
def test_exactly_the_best_matchings_are_accepted(edges: list[Any], weighted: bool, bipartite: bool) -> None:
    pairs = sorted({(a, b) for a, b, _ in edges})
    sets = [list(chosen) for size in range(4) for chosen in combinations(pairs, size)]
    best = max(_value(edges, chosen, weighted, bipartite) for chosen in sets if _valid(edges, chosen, bipartite))
    bench = _bench(weighted, bipartite)
    case = bench.case(best, edges=edges if weighted else [edge[:2] for edge in edges])

    def right(answer: list[Any]) -> bool:
        answer = [tuple(pair) for pair in answer]
        return _valid(edges, answer, bipartite) and _value(edges, answer, weighted, bipartite) == best

    good = next(chosen for chosen in sets if right(chosen))
    bench.agrees(case, [*sets, *mutants(good)], right)
    if bipartite:
        mapping = _bench(weighted, bipartite, "dict[int, int]")
        mappings = [dict(answer) for answer in sets if len(dict(answer)) == len(answer)]
        mapping.agrees(case, mappings, lambda answer: right(list(answer.items())))
    for wrong in (best + 1, best - 1) if bipartite else (-1, 100):
        with pytest.raises(ValueError, match="the expected value is"):
            bench.case(wrong, edges=edges if weighted else [edge[:2] for edge in edges])


def test_messages_name_the_first_pair_that_is_wrong() -> None:
    bench = _bench(weighted=False, bipartite=True)
    case = bench.case(2, edges=[(0, 0), (0, 1), (1, 0)])
    for answer, reason, message in (
        ([(0, 0)], "not_optimal", "the answer is valid, but its number of pairs is 1, which is not the greatest"),
        ([(0, 0), (0, 1)], "not_valid", "answer[1][0] is 0, and so is answer[0][0]"),
        ([(0, 0), (1, 0)], "not_valid", "answer[1][1] is 0, and so is answer[0][1]"),
        ([(1, 1)], "not_valid", "answer[0] = (1, 1) is not in edges"),
        ([(0, 0)] * 3, "not_valid", "the answer has 3 pairs, more than the 2 vertices allow"),
    ):
        judgement = bench.judge(case, answer)
        assert judgement.reason == reason
        assert judgement.message.startswith(message)
    rows = _bench(weighted=False, bipartite=True, returns="list[list[int]]")
    assert rows.judge(case, [[0, 1], [1]]).reason == "wrong_shape"


@STEADY
@given(st.integers(1, 3), st.integers(1, 3), st.booleans(), st.data())
def test_exactly_the_best_assignments_are_accepted(n: int, m: int, greatest: bool, data: Any) -> None:
    row = st.lists(st.integers(-3, 4), min_size=m, max_size=m)
    costs = data.draw(st.lists(row, min_size=n, max_size=n))
    answers = [list(answer) for answer in product(range(-1, m + 1), repeat=n)]
    sums = {tuple(answer): _sum(costs, answer, m) for answer in answers}
    known = [value for value in sums.values() if value is not None]
    best = (max if greatest else min)(known)
    right = [list(answer) for answer, value in sums.items() if value == best]
    parameters = {"costs": "costs", "greatest": greatest}
    for kind in ("list[list[int]]", "array[int64, (n, m)]"):
        bench = Bench(name="assignment", parameters=parameters, types={"costs": kind}, returns="list[int]")
        bench.agrees(bench.case(best, costs=costs), [*answers, *mutants(right[0])], lambda answer: answer in right)
    for wrong in (best - 1, best + 1):
        with pytest.raises(ValueError, match=f"the expected value is {wrong}: another algorithm finds {best}"):
            bench.case(wrong, costs=costs)


def _sum(costs: list[Any], answer: list[int], m: int) -> int | None:
    """The sum of an assignment; None when it is not one of all rows or of all columns."""
    used = [column for column in answer if column != -1]
    if any(column >= m for column in used) or len(set(used)) < len(used) or len(used) < min(len(answer), m):
        return None
    return sum(costs[row][column] for row, column in enumerate(answer) if column != -1)


def test_floats_are_summed_by_the_judge() -> None:
    bench = Bench(
        name="assignment",
        parameters={"costs": "c"},
        types={"c": "array[float64, (n, n)]"},
        returns="array[int64, (n,)]",
    )
    costs = [[0.1, 0.7, 0.2], [0.3, 0.1, 0.9], [0.5, 0.2, 0.1]]
    best = min(sum(costs[row][column] for row, column in enumerate(order)) for order in permutations(range(3)))
    case = bench.case(best, c=costs)
    assert bench.judge(case, [0, 1, 2]).accepted
    assert bench.judge(case, [2, 0, 1]).reason == "not_optimal"
    with pytest.raises(ValueError, match="expected 2 numbers, found 1"):
        Bench(name="assignment", parameters={"costs": "c"}, types={"c": "list[list[int]]"}, returns="list[int]").case(
            0, c=[[1, 2], [1]]
        )
