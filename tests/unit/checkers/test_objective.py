"""The checker ``objective``: values by definition, answers that are not valid, and how much worse is allowed."""

from __future__ import annotations

import math
from itertools import combinations, pairwise, permutations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.checkers import build
from tests.unit.checkers.certificate_driver import HUGE, STEADY, Bench, mutants

POINTS = "array[float64, (n, d)]"


def _bench(objective: str, types: dict[str, str], returns: str = "list[int]", **parameters: Any) -> Bench:
    names = {name: name for name in types}
    return Bench(
        name="objective", parameters={"objective": objective, **names, **parameters}, types=types, returns=returns
    )


@STEADY
@given(st.lists(st.integers(0, 5), max_size=4), st.integers(1, 3), st.sampled_from([1.0, 1.25, 1.5]))
def test_makespans(durations: list[int], k: int, factor: float) -> None:
    answers = [list(answer) for answer in product(range(k), repeat=len(durations))]
    loads = [_makespan(durations, answer, k) for answer in answers]
    best = min(loads)
    bench = _bench("makespan", {"durations": "list[int]", "k": "int"}, factor=factor)
    case = bench.case(best, durations=durations, k=k)

    def right(answer: list[int]) -> bool:
        inside = len(answer) == len(durations) and all(0 <= machine < k for machine in answer)
        return inside and _makespan(durations, answer, k) <= factor * best

    bench.agrees(case, [*answers, *mutants(answers[loads.index(best)])], right)


def _makespan(durations: list[int], answer: list[int], k: int) -> int:
    return max(sum(d for d, at in zip(durations, answer, strict=True) if at == machine) for machine in range(k))


@STEADY
@given(st.integers(3, 5), st.integers(0, 10**6))
def test_tours(n: int, seed: int) -> None:
    points = np.random.default_rng(seed).integers(0, 9, size=(n, 2)).astype(float)
    lengths = {
        order: sum(math.dist(points[a], points[b]) for a, b in pairwise((*order, order[0])))
        for order in permutations(range(n))
    }
    best = min(lengths.values())
    bench = _bench("tour", {"points": POINTS}, factor=1.1)
    matrix = [[math.dist(a, b) for b in points] for a in points]
    other = _bench("tour", {"distances": "array[float64, (n, n)]"}, factor=1.1)
    good = list(min(lengths, key=lengths.__getitem__))
    answers = [*map(list, lengths), *mutants(good)]

    def right(answer: list[int]) -> bool:
        return tuple(answer) in lengths and lengths[tuple(answer)] <= 1.1 * best + 1e-9

    bench.agrees(bench.case(best, points=points.tolist()), answers, right)
    other.agrees(other.case(best, distances=matrix), answers, right)


EDGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-2, 3)), max_size=6)


@STEADY
@given(EDGES)
def test_cuts(edges: list[Any]) -> None:
    sides = list(product((0, 1), repeat=4))
    weights = {side: sum(w for a, b, w in edges if side[a] != side[b]) for side in sides}
    best = max(weights.values())
    bench = _bench("cut", {"edges": "list[tuple[int, int, int]]", "nodes": "int"}, factor=2.0)
    case = bench.case(best, edges=edges, nodes=4)
    good = list(max(weights, key=weights.__getitem__))
    answers = [*map(list, sides), *mutants(good)]
    bench.agrees(case, answers, lambda answer: 2 * weights.get(tuple(answer), -HUGE) >= best)
    booleans = _bench("cut", {"edges": "list[tuple[int, int, int]]", "nodes": "int"}, "list[bool]")
    assert booleans.judge(case, [side == 1 for side in good]).accepted


@STEADY
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=4), st.integers(0, 8))
def test_knapsacks(items: list[tuple[int, int]], capacity: int) -> None:
    values, weights = [value for value, _ in items], [weight for _, weight in items]
    sets = [list(chosen) for size in range(5) for chosen in combinations(range(len(items)), size)]
    fitting = [chosen for chosen in sets if sum(weights[at] for at in chosen) <= capacity]
    best = max(sum(values[at] for at in chosen) for chosen in fitting)
    right = [chosen for chosen in fitting if sum(values[at] for at in chosen) == best]
    bench = _bench("knapsack", {"values": "list[int]", "weights": "list[int]", "capacity": "int"})
    case = bench.case(best, values=values, weights=weights, capacity=capacity)
    answers = [*sets, *mutants(right[0]), *mutants(right[-1])]
    bench.agrees(case, answers, lambda answer: sorted(answer) in right)


def _inertia(points: Any, labels: list[int]) -> float:
    clusters = [points[[at for at, label in enumerate(labels) if label == cluster]] for cluster in set(labels)]
    return sum(float(((cluster - cluster.mean(axis=0)) ** 2).sum()) for cluster in clusters)


@STEADY
@given(st.integers(1, 5), st.integers(1, 3), st.integers(0, 10**6))
def test_clusterings_of_points(n: int, k: int, seed: int) -> None:
    k, points = min(k, n), np.random.default_rng(seed).integers(0, 9, size=(n, 2)).astype(float)
    values = {labels: _inertia(points, list(labels)) for labels in product(range(k), repeat=n)}
    best = min(values.values())
    good = list(min(values, key=values.__getitem__))
    types = {"points": POINTS, "k": "int"}
    bench, centres = _bench("kmeans", types, factor=1.2), _bench("kmeans", types, "array[float64, (k, d)]", factor=1.2)
    case = bench.case(best, points=points.tolist(), k=k)
    answers = [*map(list, values), *mutants(good)]
    bench.agrees(case, answers, lambda answer: values.get(tuple(answer), math.inf) <= 1.2 * best + 1e-9)
    means = [points[[at for at in range(n) if good[at] == cluster]].mean(axis=0).tolist() for cluster in set(good)]
    assert centres.judge(case, means).accepted
    for wrong, reason in (
        (points.tolist() + [[0.0, 0.0]] * k, "not_valid"),
        ([[math.nan, 0.0]], "not_finite"),
        ([[0.0, 0.0, 0.0]], "wrong_shape"),
        ([[1e200, 1e200]], "not_optimal"),
    ):
        assert centres.judge(case, wrong).reason == reason


def test_messages_tell_the_value_that_was_reached() -> None:
    bench = _bench("makespan", {"durations": "list[int]", "k": "int"})
    case = bench.case(6, durations=[3, 3, 2, 2, 2], k=2)
    judgement = bench.judge(case, [0, 0, 0, 1, 1])
    assert judgement.message == "the answer is valid, but its value is 8: more than is allowed"
    assert judgement.evidence == {"value": 8}
    assert bench.judge(case, [0, 0, 2, 1, 1]).message == "answer[2] is 2: expected a number from 0 to 1"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"objective": "best"}, "objective: expected one of kmeans, tour, makespan, cut, knapsack, found 'best'"),
        ({"objective": "kmeans", "points": "x"}, "expected k, points for kmeans, found points"),
        ({"objective": "tour"}, "expected points for tour, found none"),
        ({"objective": "tour", "points": "x", "factor": 0.9}, "factor: expected a number of at least 1, found 0.9"),
    ],
)
def test_parameters_that_do_not_fit(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build("objective", parameters)


@pytest.mark.parametrize(
    ("bench", "expected", "arguments", "message"),
    [
        (_bench("makespan", {"durations": "list[int]", "k": "int"}), 2, {"durations": [3], "k": 1}, "one job alone"),
        (_bench("makespan", {"durations": "list[int]", "k": "int"}), 3, {"durations": [3], "k": 0}, "k: expected 1 to"),
        (_bench("tour", {"points": POINTS}), -1, {"points": [[0.0]]}, "a finite number of at least 0"),
        (_bench("kmeans", {"points": POINTS, "k": "int"}), 0, {"points": [[0.0]], "k": 2}, "expected 1 to 1 clusters"),
        (
            _bench("knapsack", {"values": "list[int]", "weights": "list[int]", "capacity": "int"}),
            9,
            {"values": [1, 2], "weights": [1, 1], "capacity": 9},
            "expected at most 3, the sum of all",
        ),
    ],
)
def test_a_key_that_is_out_of_reach_is_an_error(bench: Bench, expected: Any, arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bench.case(expected, **arguments)
