"""No answer of the return type can crash a checker of certificates, make it blame the key, or cost it much."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.model.type_expr import TypeExpr
from tests.unit.checkers.certificate_cases import CASES, EDGES, GRAPH, bench_of
from tests.unit.checkers.certificate_driver import HUGE, STEADY, Bench

FLOAT = st.one_of(st.floats(), st.sampled_from([0.0, 1.0, -0.0, 1e308, -1e308, 5e-324, math.nan, math.inf]))
INT = st.one_of(st.integers(-2, 5), st.sampled_from([HUGE, -HUGE, 2**63, 2**61 - 1, 2**1000]))
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "int": INT,
    "float": FLOAT,
    "str": st.one_of(st.sampled_from(["a", "b", ""]), st.text(max_size=3)),
}


def _values(kind: TypeExpr) -> st.SearchStrategy[Any]:
    """Values of a type, also of wrong lengths."""
    if kind.name == "array":
        member = FLOAT if kind.dtype == "float64" else st.integers(-3, 2**63 - 1)
        if len(kind.shape or ()) == 1:
            return st.lists(member, max_size=5)
        return st.integers(0, 3).flatmap(
            lambda d: st.lists(st.lists(member, min_size=d, max_size=d), min_size=1, max_size=4)
        )
    inner = [_values(argument) for argument in kind.arguments]
    if kind.name == "list":
        return st.lists(inner[0], max_size=5)
    if kind.name == "dict":
        return st.dictionaries(*inner, max_size=5)
    if kind.name == "Optional":
        return st.one_of(st.none(), inner[0])
    return st.tuples(*inner) if kind.name == "tuple" else SCALARS[kind.name]


@pytest.mark.parametrize(("bench", "expected", "arguments"), CASES, ids=lambda part: getattr(part, "name", ""))
@STEADY
@given(data=st.data())
def test_no_answer_crashes_a_checker_or_blames_the_key(bench: Bench, expected: Any, arguments: Any, data: Any) -> None:
    case = bench.case(expected, **arguments)
    bench.judge(case, data.draw(_values(bench.signature.returns)))


class Colliding(int):
    """An integer whose hash is that of all others, as of multiples of 2^61 - 1; it counts how often it is compared."""

    compared: ClassVar[int] = 0

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        Colliding.compared += 1
        return int.__eq__(self, other)  # type: ignore[arg-type]


MANY = 1_000
COLLIDING = [Colliding(at) for at in range(MANY)]
LINE = [(at, at + 1) for at in range(MANY - 1)]


@pytest.mark.parametrize(
    ("bench", "case", "answer"),
    [
        (bench_of("permutation", {"of": "n"}, {"n": "int"}, "list[int]"), ([*range(MANY)], {"n": MANY}), COLLIDING),
        (
            bench_of("permutation", {"of": "w"}, {"w": "list[int]"}, "list[int]"),
            ([*range(MANY)], {"w": [*range(MANY)]}),
            COLLIDING,
        ),
        (bench_of("partition", {}, {}, "list[int]"), ([*range(MANY)], {}), COLLIDING),
        (bench_of("partition", {}, {}, "list[list[int]]"), ([[at] for at in range(MANY)], {}), [COLLIDING]),
        (bench_of("clustering", {}, {}, "list[int]"), ([*range(MANY)], {}), COLLIDING),
        (bench_of("recall_at_k", {}, {}, "list[int]"), ([*range(MANY)], {}), COLLIDING),
        (
            bench_of("colouring", GRAPH, {"e": EDGES, "n": "int"}, "list[int]"),
            (MANY, {"e": LINE, "n": MANY}),
            COLLIDING,
        ),
        (bench_of("colouring", GRAPH, {"e": EDGES, "n": "int"}, "list[int]"), (2, {"e": LINE, "n": MANY}), COLLIDING),
        (
            bench_of("tree", {"nodes": "n"}, {"n": "int"}, "list[int]"),
            ([-1] + [0] * (MANY - 1), {"n": MANY}),
            COLLIDING,
        ),
        (
            bench_of("tree", {"nodes": "n"}, {"n": "int"}, EDGES),
            (LINE, {"n": MANY}),
            [(number, number) for number in COLLIDING[1:]],
        ),
        (
            bench_of("topological_order", GRAPH, {"e": EDGES, "n": "int"}, "list[int]"),
            ([*range(MANY)], {"e": LINE, "n": MANY}),
            COLLIDING,
        ),
        (
            bench_of("matching", {"edges": "e"}, {"e": EDGES}, EDGES),
            (MANY - 1, {"e": LINE}),
            [(number, number) for number in COLLIDING],
        ),
    ],
    ids=lambda part: getattr(part, "name", ""),
)
def test_numbers_with_equal_hashes_are_not_put_into_one_set(bench: Bench, case: Any, answer: Any) -> None:
    """A set of n such numbers takes n (n - 1) / 2 comparisons, here 499 500: two minutes for 40 000 of them."""
    facts = bench.case(case[0], **case[1])
    Colliding.compared = 0
    bench.checker.check(facts, answer)
    assert Colliding.compared <= 20 * MANY
    assert len(set(COLLIDING)) == MANY  # as the check would, were it to make one
    assert Colliding.compared > MANY * (MANY - 1) / 2
