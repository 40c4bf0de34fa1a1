"""The checker ``recall_at_k``: ties by value, duplicates, ranges, and the share that is enough."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.checkers.certificate_driver import HUGE, STEADY, Bench, mutants


def _bench(returns: str = "list[int]", scores: str = "array[float64, (n,)]", **parameters: Any) -> Bench:
    return Bench(name="recall_at_k", parameters={"scores": "s", **parameters}, types={"s": scores}, returns=returns)


@STEADY
@given(st.lists(st.integers(0, 3), min_size=1, max_size=5), st.data())
def test_a_top_k_is_judged_by_its_scores(scores: list[int], data: Any) -> None:
    k = data.draw(st.integers(1, len(scores)))
    best = sorted(scores, reverse=True)[:k]

    def right(answer: list[int]) -> bool:
        inside = len(set(answer)) == len(answer) == k and all(0 <= number < len(scores) for number in answer)
        return inside and sorted((scores[number] for number in answer), reverse=True) == best

    answers = [list(answer) for answer in permutations(range(len(scores)), k)]
    good = next(answer for answer in answers if right(answer))
    bench = _bench()
    bench.agrees(bench.case(good, s=scores), [*answers, *mutants(good)], right)
    for answer in answers:
        if not right(answer):
            with pytest.raises(ValueError, match="other ids are better than the worst of these"):
                bench.case(answer, s=scores)


def test_nine_of_ten_is_a_recall_of_nine_tenths() -> None:
    scores = [float(-at) for at in range(20)]
    bench = _bench(at_least=0.9)
    case = bench.case(list(range(10)), s=scores)
    judgement = bench.judge(case, [*range(9), 15])
    assert (judgement.accepted, judgement.evidence) == (True, {"hits": 9, "recall": 0.9})
    judgement = bench.judge(case, [*range(8), 15, 16])
    assert judgement.message == "the recall is 0.8: expected at least 0.9"
    assert (judgement.reason, judgement.evidence["hits"]) == ("not_optimal", 8)


@pytest.mark.parametrize("metric", ["l2", "l1", "cosine", "dot"])
def test_neighbours_are_judged_by_distance(metric: str) -> None:
    rng = np.random.default_rng(7)
    points, queries = rng.normal(size=(12, 3)), rng.normal(size=(2, 3))
    points[5], points[7] = points[4], points[4]  # ties
    types = {"p": "array[float64, (n, d)]", "q": "array[float64, (q, d)]"}
    parameters = {"points": "p", "queries": "q", "metric": metric}
    bench = Bench(name="recall_at_k", parameters=parameters, types=types, returns="list[list[int]]")
    values = [[_similarity(point, query, metric) for point in points] for query in queries]
    true = [sorted(range(12), key=lambda at, row=row: -row[at])[:3] for row in values]  # type: ignore[misc]
    case = bench.case(true, p=points.tolist(), q=queries.tolist())

    def right(answer: list[list[int]]) -> bool:
        rows = zip(answer, values, true, strict=True)
        return all(_same(sorted(v[at] for at in row), sorted(v[at] for at in wanted)) for row, v, wanted in rows)

    answers = [[list(row), true[1]] for row in permutations(range(12), 3)]
    answers += [[true[0], list(row)] for row in permutations(range(12), 3)]
    bench.agrees(case, answers, right)


def _same(found: list[float], wanted: list[float]) -> bool:
    return all(abs(a - b) <= 1e-9 for a, b in zip(found, wanted, strict=True))


def _similarity(point: Any, query: Any, metric: str) -> float:
    if metric == "dot":
        return float(sum(a * b for a, b in zip(point, query, strict=True)))
    if metric == "cosine":
        lengths = [sum(a * a for a in vector) ** 0.5 for vector in (point, query)]
        return _similarity(point, query, "dot") / (lengths[0] * lengths[1])
    power = int(metric[1])
    return float(-(sum(abs(a - b) ** power for a, b in zip(point, query, strict=True)) ** (1 / power)))


def test_without_values_ids_are_compared() -> None:
    bench = Bench(name="recall_at_k", parameters={}, types={}, returns="array[int64, (q, k)]")
    case = bench.case([[1, 2], [3, 4]])
    for rows in product(permutations((1, 2, 3, 4, -9), 2), repeat=2):
        right = set(rows[0]) == {1, 2} and set(rows[1]) == {3, 4}
        assert bench.judge(case, [list(row) for row in rows]).accepted == right
    assert bench.judge(case, [[1, 1], [3, 4]]).message == "answer[0] holds 1 twice"


def test_shapes_and_ranges() -> None:
    bench = _bench(returns="list[list[int]]", scores="array[float32, (q, n)]")
    case = bench.case([[0, 1], [1, 2]], s=[[3, 2, 1], [1, 2, 3]])
    for answer, reason, message in (
        ([[0, 1]], "wrong_shape", "the answer has the length 1: expected 2"),
        ([[0, 1], [1]], "wrong_shape", "answer[1] has the length 1: expected 2"),
        ([[0, 1], [1, 3]], "not_valid", "answer[1][1] is 3: expected a number from 0 to 2"),
        ([[0, HUGE], [1, 2]], "not_valid", "answer[0][1] is 1000"),
        ([[0, 0], [1, 2]], "not_valid", "answer[0] holds 0 twice"),
    ):
        judgement = bench.judge(case, answer)
        assert (judgement.reason, judgement.message[: len(message)]) == (reason, message)
    with pytest.raises(ValueError, match="s: expected finite numbers"):
        bench.case([[0, 1], [1, 2]], s=[[3, float("nan"), 1], [1, 2, 3]])
    with pytest.raises(ValueError, match="s: expected 2 rows, one for each query, found 3"):
        bench.case([[0, 1], [1, 2]], s=[[3, 2, 1], [1, 2, 3], [1, 2, 3]])
