"""Cases for every checker of certificates, by types of the answer: what the tests of hostile answers draw for."""

from __future__ import annotations

from typing import Any

from tests.unit.checkers.certificate_driver import Bench

EDGES, WEIGHTED = "list[tuple[int, int]]", "list[tuple[int, int, int]]"
FLOATS = "list[tuple[int, int, float]]"
SQUARE = [(0, 1, 1), (1, 2, 2), (2, 3, 1), (3, 0, 2)]
PLAIN = [edge[:2] for edge in SQUARE]
FORWARD = [(0, 1), (1, 2), (2, 3)]
POINTS = [[0.0, 0.0], [0.0, 1.0], [5.0, 5.0]]


def bench_of(name: str, parameters: dict[str, Any], types: dict[str, str], returns: str) -> Bench:
    return Bench(name=name, parameters=parameters, types=types, returns=returns)


GRAPH = {"edges": "e", "nodes": "n"}
ENDS = {"edges": "e", "source": "s", "target": "t"}
CASES: list[tuple[Bench, Any, dict[str, Any]]] = [
    (bench_of("permutation", {"of": "n"}, {"n": "int"}, "list[int]"), [0, 1, 2], {"n": 3}),
    (bench_of("permutation", {"of": "w"}, {"w": "list[str]"}, "list[str]"), ["a", "b"], {"w": ["a", "b"]}),
    (
        bench_of("topological_order", GRAPH, {"e": EDGES, "n": "int"}, "Optional[list[int]]"),
        [0, 1, 2, 3],
        {"e": FORWARD, "n": 4},
    ),
    (bench_of("path", ENDS, {"e": WEIGHTED, "s": "int", "t": "int"}, "list[int]"), 3, {"e": SQUARE, "s": 0, "t": 2}),
    (
        bench_of("path", ENDS, {"e": FLOATS, "s": "int", "t": "int"}, "array[int64, (k,)]"),
        3.0,
        {"e": SQUARE, "s": 0, "t": 2},
    ),
    (bench_of("tree", {"nodes": "n"}, {"n": "int"}, "list[list[int]]"), [[0, 1], [1, 2]], {"n": 3}),
    (bench_of("tree", {"nodes": "n"}, {"n": "int"}, "list[int]"), [-1, 0, 1], {"n": 3}),
    (bench_of("spanning_tree", GRAPH, {"e": WEIGHTED, "n": "int"}, "list[int]"), 4, {"e": SQUARE, "n": 4}),
    (bench_of("spanning_tree", GRAPH, {"e": WEIGHTED, "n": "int"}, "list[list[int]]"), 4, {"e": SQUARE, "n": 4}),
    (bench_of("spanning_tree", GRAPH, {"e": FLOATS, "n": "int"}, FLOATS), 4.0, {"e": SQUARE, "n": 4}),
    (bench_of("matching", {"edges": "e"}, {"e": EDGES}, "list[list[int]]"), 4, {"e": PLAIN}),
    (bench_of("matching", {"edges": "e"}, {"e": EDGES}, "dict[int, int]"), 4, {"e": PLAIN}),
    (bench_of("matching", {"edges": "e", "bipartite": False}, {"e": EDGES}, EDGES), 2, {"e": PLAIN}),
    (
        bench_of("assignment", {"costs": "c"}, {"c": "list[list[float]]"}, "list[int]"),
        2,
        {"c": [[1.0, 2.0], [3.0, 1.0]]},
    ),
    (bench_of("colouring", GRAPH, {"e": EDGES, "n": "int"}, "list[int]"), 2, {"e": PLAIN, "n": 4}),
    (bench_of("colouring", GRAPH, {"e": EDGES, "n": "int"}, "dict[int, int]"), None, {"e": [(0, 0)], "n": 2}),
    (
        bench_of("flow", ENDS, {"e": FLOATS, "s": "int", "t": "int"}, "list[float]"),
        2.0,
        {"e": [(0, 1, 2.0), (1, 2, 3.0), (1, 2, 1.0)], "s": 0, "t": 2},
    ),
    (
        bench_of("flow", ENDS, {"e": WEIGHTED, "s": "int", "t": "int"}, "list[int]"),
        2,
        {"e": [(0, 1, 2), (1, 2, 3), (1, 2, 1)], "s": 0, "t": 2},
    ),
    (bench_of("partition", {}, {}, "list[int]"), [0, 0, 1], {}),
    (bench_of("partition", {}, {}, "list[list[int]]"), [[0, 1], [2]], {}),
    (bench_of("partition", {}, {}, "list[str]"), ["a", "a", "b"], {}),
    (bench_of("clustering", {"at_least": 0.5}, {}, "list[int]"), [0, 0, 1], {}),
    (bench_of("recall_at_k", {}, {}, "list[int]"), [0, 2], {}),
    (
        bench_of("recall_at_k", {"scores": "s"}, {"s": "array[float64, (n,)]"}, "list[int]"),
        [0, 2],
        {"s": [2.0, 0.0, 1.0]},
    ),
    (
        bench_of("recall_at_k", {"scores": "s"}, {"s": "array[float64, (q, n)]"}, "list[list[int]]"),
        [[0, 2]],
        {"s": [[2.0, 0.0, 1.0]]},
    ),
    (
        bench_of(
            "residual",
            {"matrix": "a", "rhs": "b"},
            {"a": "array[float64, (m, n)]", "b": "array[float64, (m,)]"},
            "array[float64, (n,)]",
        ),
        [1.0, 2.0],
        {"a": [[1.0, 0.0], [0.0, 1.0]], "b": [1.0, 2.0]},
    ),
    (
        bench_of("eigenvectors", {"matrix": "a"}, {"a": "array[float64, (n, n)]"}, "array[float64, (n, k)]"),
        [2.0, 1.0],
        {"a": [[1.0, 0.0], [0.0, 2.0]]},
    ),
    (
        bench_of(
            "objective",
            {"objective": "kmeans", "points": "p", "k": "k"},
            {"p": "array[float64, (n, d)]", "k": "int"},
            "array[float64, (k, d)]",
        ),
        0.5,
        {"p": POINTS, "k": 2},
    ),
    (
        bench_of("objective", {"objective": "tour", "points": "p"}, {"p": "array[float64, (n, d)]"}, "list[int]"),
        20.0,
        {"p": POINTS},
    ),
    (
        bench_of("objective", {"objective": "cut", **GRAPH}, {"e": WEIGHTED, "n": "int"}, "list[int]"),
        6,
        {"e": SQUARE, "n": 4},
    ),
]
