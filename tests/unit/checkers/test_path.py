"""The checker ``path``, against all walks of small graphs."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.checkers.certificate_driver import STEADY, Bench, mutants

NAMES = {"edges": "edges", "source": "s", "target": "t"}
TYPES = {"edges": "list[tuple[int, int, int]]", "s": "int", "t": "int"}
EDGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 4)), max_size=7)


def _bench(**parameters: Any) -> Bench:
    return Bench(name="path", parameters={**NAMES, **parameters}, types=TYPES, returns="list[int]")


def _cost(edges: list[Any], walk: list[int], directed: bool, cost: str) -> int | None:
    """The least cost of a walk over all choices of parallel edges; None when it is not one."""
    weights = []
    for step in pairwise(walk):
        among = [w for a, b, w in edges if (a, b) == step or (not directed and (b, a) == step)]
        if not among:
            return None
        weights.append(min(among))
    return sum(weights) if cost == "sum" else max(weights, default=0)


@STEADY
@given(EDGES, st.integers(0, 3), st.booleans(), st.sampled_from(["sum", "max"]))
def test_exactly_the_cheapest_walks_are_accepted(edges: list[Any], source: int, directed: bool, cost: str) -> None:
    bench, target = _bench(directed=directed, cost=cost), 3
    walks = [list(walk) for length in range(1, 5) for walk in product(range(4), repeat=length)]
    costs = {
        tuple(walk): _cost(edges, walk, directed, cost) for walk in walks if (walk[0], walk[-1]) == (source, target)
    }
    known = [cost for cost in costs.values() if cost is not None]
    best = min(known, default=None)
    longest = (1 if directed else 2) * len(edges) + 1
    right = [walk for walk in walks if known and costs.get(tuple(walk)) == best and len(walk) <= longest]
    case = bench.case(best, edges=edges, s=source, t=target)
    wrong = mutants(right[0]) if right else []
    short = [walk for walk in [*walks, *wrong] if len(walk) <= 4]
    bench.agrees(case, [*short, []], lambda answer: answer in right if right else answer == [])


def test_messages_name_the_step_and_the_cost() -> None:
    bench = _bench()
    case = bench.case(3, edges=[(0, 1, 1), (1, 2, 2), (0, 2, 5)], s=0, t=2)
    for walk, reason, message in (
        ([0, 2], "not_optimal", "the answer is valid, but the cost of the path is 5, which is not the least possible"),
        ([0, 1, 1, 2], "not_valid", "there is no edge from answer[1] = 1 to answer[2] = 1"),
        ([1, 2], "not_valid", "the path begins at answer[0] = 1, not at s = 0"),
        ([0, 1], "not_valid", "the path ends at answer[1] = 1, not at t = 2"),
        ([0, 9, 2], "not_valid", "answer[1] is 9, which is not in the input"),
        ([], "wrong_value", "the answer is empty, but there is a path"),
    ):
        judgement = bench.judge(case, walk)
        assert (judgement.reason, judgement.message) == (reason, message)


@pytest.mark.parametrize(("key", "found"), [(2, 3), (4, 3), (None, 3)])
def test_a_key_that_is_not_the_least_cost_is_an_error(key: int | None, found: int) -> None:
    with pytest.raises(ValueError, match=f"the expected cost is {key}: a search finds {found}"):
        _bench().case(key, edges=[(0, 1, 1), (1, 2, 2), (0, 2, 5)], s=0, t=2)


def test_weights_of_a_parameter_of_their_own() -> None:
    types = {"edges": "array[int64, (m, 2)]", "w": "array[float64, (m,)]", "s": "int", "t": "int"}
    bench = Bench(name="path", parameters={**NAMES, "weights": "w"}, types=types, returns="array[int64, (k,)]")
    edges = [[0, 1], [1, 2], [0, 2]]
    case = bench.case(0.3, edges=edges, w=[0.1, 0.2, 0.3 + 1e-12], s=0, t=2)
    assert bench.judge(case, [0, 1, 2]).accepted
    assert bench.judge(case, [0, 2]).accepted  # within the tolerance
    case = bench.case(0.3, edges=edges, w=[0.1, 0.2, 0.3 + 1e-6], s=0, t=2)
    assert bench.judge(case, [0, 2]).reason == "not_optimal"
    for weights, message in (([0.1, -0.2, 0.3], "at least 0, found -0.2"), ([0.1, 0.2], "one for each edge, found 2")):
        with pytest.raises(ValueError, match=message):
            bench.case(0.3, edges=edges, w=weights, s=0, t=2)


def test_sums_beyond_a_double_are_worse_than_any_cost() -> None:
    types = {**TYPES, "edges": "list[tuple[int, int, float]]"}
    bench = Bench(name="path", parameters=NAMES, types=types, returns="list[int]")
    huge = [(0, 2, 1e308), (2, 3, 1e308), (3, 1, 1e308)]
    case = bench.case(1.0, edges=[(0, 1, 1.0), *huge], s=0, t=1)
    assert bench.judge(case, [0, 2, 3, 1]).reason == "not_optimal"
    assert bench.judge(case, [0, 2] * 4 + [0, 1]).reason == "not_valid"
