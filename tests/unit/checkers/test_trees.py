"""The checkers ``tree`` and ``spanning_tree``, against a search through all sets of edges."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.checkers.certificate_driver import STEADY, Bench, mutants

N = 4
PAIRS = [(a, b) for a in range(N) for b in range(a + 1, N)]
GRAPH = {"n": "int", "edges": "list[tuple[int, int]]"}
TREE = Bench(name="tree", parameters={"nodes": "n"}, types={"n": "int"}, returns="list[tuple[int, int]]")
INSIDE = Bench(name="tree", parameters={"nodes": "n", "edges": "edges"}, types=GRAPH, returns="list[tuple[int, int]]")
WEIGHTED = {"n": "int", "edges": "list[tuple[int, int, int]]"}


def _parts(n: int, pairs: Any) -> int:
    """The number of connected parts, by repeated relabelling."""
    labels = list(range(n))
    for _ in range(n):
        for a, b in pairs:
            labels[a] = labels[b] = min(labels[a], labels[b])
    return len(set(labels))


def _is_tree(n: int, pairs: Any, trees: int = 1) -> bool:
    inside = all(0 <= end < n for pair in pairs for end in pair)
    return inside and len(pairs) == n - trees and _parts(n, pairs) == trees


def test_every_set_of_edges_is_judged_by_the_definition() -> None:
    case = TREE.case([(0, 1), (1, 2), (2, 3)], n=N)
    for size in range(N + 1):
        for pairs in combinations(PAIRS, size):
            TREE.agrees(case, [list(pairs)], lambda answer: _is_tree(N, answer))


@STEADY
@given(st.permutations(PAIRS), st.integers(3, 6))
def test_a_tree_has_only_edges_of_the_input(edges: list[Any], count: int) -> None:
    edges = edges[:count]
    trees = [list(pairs) for pairs in combinations(edges, N - 1) if _is_tree(N, pairs)]
    if not trees:
        return
    allowed = {frozenset(edge) for edge in edges}
    case = INSIDE.case(trees[0], n=N, edges=edges)
    answers = [*mutants(trees[0]), *trees, *map(list, combinations(PAIRS, N - 1))]
    INSIDE.agrees(case, answers, lambda answer: _is_tree(N, answer) and all(frozenset(p) in allowed for p in answer))


def _depths_end(parents: Any, base: int) -> bool:
    """Whether every vertex comes to a root by going up."""
    for at in range(len(parents)):
        vertex = at + base
        for _ in parents:
            up = parents[vertex - base]
            vertex = vertex if up == base - 1 else up
            if not base <= vertex < len(parents) + base:
                return False
        if parents[vertex - base] not in (base - 1, vertex):
            return False
    return True


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("forest", [False, True])
def test_every_list_of_parents_is_judged_by_the_definition(base: int, forest: bool) -> None:
    parameters = {"nodes": "n", "base": base, "forest": forest}
    bench = Bench(name="tree", parameters=parameters, types={"n": "int"}, returns="list[int]")
    key = [base - 1, base, base - 1 if forest else base]
    case = bench.case(key, n=3)
    wanted = 2 if forest else 1

    def right(answer: Any) -> bool:
        roots = [at for at, parent in enumerate(answer) if parent in (base - 1, at + base)]
        return len(answer) == 3 and len(roots) == wanted and _depths_end(answer, base)

    answers = [list(answer) for answer in product(range(-1, 5), repeat=3)]
    bench.agrees(case, [*answers, *mutants(key)], right)


def test_a_root_may_be_asked_for() -> None:
    types = {"n": "int", "top": "int"}
    bench = Bench(name="tree", parameters={"nodes": "n", "root": "top"}, types=types, returns="list[int]")
    case = bench.case([-1, 0, 0], n=3, top=0)
    assert bench.judge(case, [0, 2, 0]).accepted
    assert bench.judge(case, [1, -1, 1]).message == "top = 0 is no root of the answer"


EDGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-2, 3)), max_size=7)


@STEADY
@given(EDGES, st.booleans(), st.booleans())
def test_exactly_the_best_spanning_trees_are_accepted(edges: list[Any], greatest: bool, forest: bool) -> None:
    parameters = {"edges": "edges", "nodes": "n", "greatest": greatest, "forest": forest}
    wanted = N - (_parts(N, [edge[:2] for edge in edges]) if forest else 1)
    sets = [chosen for chosen in combinations(range(len(edges)), wanted) if _spans(edges, chosen, N - wanted)]
    weights = {chosen: sum(edges[at][2] for at in chosen) for chosen in sets}
    best = (max if greatest else min)(weights.values(), default=None)
    right = [chosen for chosen in sets if weights[chosen] == best]
    positions = Bench(name="spanning_tree", parameters=parameters, types=WEIGHTED, returns="list[int]")
    case = positions.case(best, n=N, edges=edges)
    answers = [list(chosen) for size in range(5) for chosen in combinations(range(len(edges)), size)]
    answers += mutants(list(right[0])) if right else []
    valid = [sorted(chosen) for chosen in right] or [[]]
    positions.agrees(case, answers, lambda answer: sorted(answer) in valid)
    for returns, width in (("list[tuple[int, int]]", 2), ("list[tuple[int, int, int]]", 3)):
        rows = Bench(name="spanning_tree", parameters=parameters, types=WEIGHTED, returns=returns)
        good = [[edges[at][:width] for at in chosen] for chosen in right] or [[]]
        known = {tuple(sorted(_undirected(edge, width) for edge in chosen)) for chosen in good}
        mutated = [answer for answer in mutants(good[0]) if all(len(row) == width for row in answer)]
        rows.agrees(
            case,
            mutated,
            lambda answer: tuple(sorted(_undirected(row, width) for row in answer)) in known,  # noqa: B023
        )


def _undirected(edge: Any, width: int) -> Any:
    return (*sorted(edge[:2]), *edge[2:width])


def _spans(edges: list[Any], chosen: Any, trees: int) -> bool:
    return _is_tree(N, [edges[at][:2] for at in chosen], trees)


def test_a_spanning_tree_is_measured_and_its_key_too() -> None:
    parameters = {"edges": "edges", "nodes": "n"}
    bench = Bench(name="spanning_tree", parameters=parameters, types=WEIGHTED, returns="list[tuple[int, int]]")
    arguments: dict[str, Any] = {"n": 3, "edges": [(0, 1, 4), (1, 2, 1), (0, 2, 9)]}
    case = bench.case(5, **arguments)
    for answer, reason, message in (
        ([(0, 2), (2, 1)], "not_optimal", "the answer is valid, but the weight of the tree is 10"),
        ([(0, 1), (1, 0)], "not_valid", "answer[1] = (1, 0) closes a cycle"),
        ([(0, 1), (1, 1)], "not_valid", "answer[1] = (1, 1) is not in edges"),
        ([(0, 1)], "wrong_shape", "the answer has the length 1: expected 2"),
    ):
        judgement = bench.judge(case, answer)
        assert judgement.reason == reason
        assert judgement.message.startswith(message)
    for key in (4, 6, None):
        with pytest.raises(ValueError, match=f"the expected weight is {key}: the greedy tree has 5"):
            bench.case(key, **arguments)
    assert bench.judge(bench.case(None, n=4, edges=arguments["edges"]), []).accepted
