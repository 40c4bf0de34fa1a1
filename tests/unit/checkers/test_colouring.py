"""The checkers ``colouring`` and ``flow``, against all colourings and all flows of small graphs."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.checkers.certificate_driver import STEADY, Bench, mutants

N = 4
NAMES = {"edges": "edges", "nodes": "n"}
TYPES = {"edges": "list[tuple[int, int]]", "n": "int"}
COLOURING = Bench(name="colouring", parameters=NAMES, types=TYPES, returns="list[int]")
BY_NAME = Bench(
    name="colouring", parameters={"edges": "edges"}, types={"edges": "dict[str, list[str]]"}, returns="dict[str, int]"
)
EDGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6)


@STEADY
@given(EDGES, st.integers(0, 1))
def test_exactly_the_proper_colourings_with_few_colours_are_accepted(edges: list[Any], more: int) -> None:
    proper = [list(c) for c in product(range(N), repeat=N) if all(c[a] != c[b] for a, b in edges)]
    if not proper:
        case = COLOURING.case(None, n=N, edges=edges)
        COLOURING.agrees(case, [[], [0, 1, 2, 3]], lambda answer: answer == [])
        return
    least = min(len(set(colours)) for colours in proper)
    bound = least + more
    case = COLOURING.case(bound, n=N, edges=edges)
    good = next(colours for colours in proper if len(set(colours)) == least)

    def right(answer: list[int]) -> bool:
        return len(answer) == N and all(answer[a] != answer[b] for a, b in edges) and len(set(answer)) <= bound

    COLOURING.agrees(case, [*map(list, product(range(N), repeat=N)), *mutants(good)], right)
    if least <= 3:
        with pytest.raises(ValueError, match=f"at least {least} colours are needed"):
            COLOURING.case(least - 1, n=N, edges=edges)


def test_a_key_that_says_that_there_is_none_is_verified_as_far_as_two_colours_go() -> None:
    with pytest.raises(ValueError, match="but two colours are enough"):
        COLOURING.case(None, n=3, edges=[(0, 1), (1, 2)])
    triangle = COLOURING.case(None, n=3, edges=[(0, 1), (1, 2), (2, 0)])
    assert COLOURING.judge(triangle, []).accepted
    assert COLOURING.judge(triangle, [0, 1, 2]).reason == "wrong_value"


def test_a_colouring_may_be_a_mapping() -> None:
    case = BY_NAME.case(2, edges={"a": ["b"], "b": ["a", "c"]})
    assert BY_NAME.judge(case, {"c": 5, "b": 6, "a": 5}).accepted
    assert BY_NAME.judge(case, {"c": 5, "b": 6, "a": 7}).reason == "not_optimal"
    assert BY_NAME.judge(case, {"c": 5, "b": 6}).reason == "wrong_shape"
    assert (
        BY_NAME.judge(case, {"c": 5, "b": 6, "x": 5}).message == "key 2 of the answer is 'x', which is not in the input"
    )
    assert BY_NAME.judge(case, {"c": 5, "b": 6, "a": 6}).message == "both ends of edges[0] have the colour 6"


FLOW_NAMES = {"edges": "edges", "source": "s", "target": "t", "nodes": "n"}


def _flow(kind: str) -> Bench:
    types = {"edges": f"list[tuple[int, int, {kind}]]", "s": "int", "t": "int", "n": "int"}
    return Bench(name="flow", parameters=FLOW_NAMES, types=types, returns=f"list[{kind}]")


def _value(edges: list[Any], flows: Any, source: int, target: int) -> int | None:
    """The value of a flow; None when it is not one."""
    if len(flows) != len(edges) or any(not 0 <= flow <= edge[2] for flow, edge in zip(flows, edges, strict=True)):
        return None
    balance = [0] * N
    for flow, (tail, head, _) in zip(flows, edges, strict=True):
        balance[tail] += flow
        balance[head] -= flow
    return None if any(balance[v] for v in range(N) if v not in (source, target)) else balance[source]


@STEADY
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), max_size=5))
def test_exactly_the_greatest_flows_are_accepted(edges: list[Any]) -> None:
    flows = [list(flow) for flow in product(*(range(edge[2] + 1) for edge in edges))]
    values = [_value(edges, flow, 0, 3) for flow in flows]
    best = max(value for value in values if value is not None)
    for kind in ("int", "float"):
        bench = _flow(kind)
        case = bench.case(best, edges=edges, s=0, t=3, n=N)
        good = flows[values.index(best)]
        bench.agrees(case, [*flows, *mutants(good)], lambda answer: _value(edges, answer, 0, 3) == best)
    for wrong in (best - 1, best + 1):
        with pytest.raises(ValueError, match=f"the expected value is {wrong}"):
            _flow("int").case(wrong, edges=edges, s=0, t=3, n=N)


def test_flows_of_floats_have_a_tolerance_that_no_answer_can_turn_against_the_key() -> None:
    bench = _flow("float")
    edges = [(0, 1, 1.0), (0, 2, 1.0), (1, 3, 1.0), (2, 3, 1.0)]
    case = bench.case(2.0, edges=edges, s=0, t=3, n=N)
    above = 1 + 1e-9
    assert bench.judge(case, [above, above, above, above]).accepted
    assert bench.judge(case, [1.0, 1.0, 1.0, 1.0 - 1e-9]).accepted
    for flows, reason in (
        ([1.0, 1.0, 1.0, 1.0 - 1e-6], "not_valid"),
        ([1.0 + 1e-6, 1.0, 1.0 + 1e-6, 1.0], "not_valid"),
        ([1.0, 1.0 - 1e-6, 1.0, 1.0 - 1e-6], "not_optimal"),
        ([1.0, 1.0, 1.0, math.nan], "not_finite"),
        ([1.0, 1.0, 1.0, math.inf], "not_finite"),
    ):
        assert bench.judge(case, flows).reason == reason
    with pytest.raises(ValueError, match=r"expected 0 to 2\.0"):
        bench.case(2.1, edges=edges, s=0, t=3, n=N)
