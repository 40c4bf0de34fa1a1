"""The checker ``graph``."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.checkers.contract import CaseFacts
from judge.checkers.paths import Graph
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason

STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=150)
NAMES: dict[str, Any] = {"structure": "shortest_path", "edges": "edges", "source": "source", "target": "target"}
BIPARTITE = Graph(**NAMES, bipartite=True)
UNDIRECTED = Graph(**NAMES)
DIRECTED = Graph(**NAMES, directed=True)

# Users 1 to 4 and boards 1 to 3: users 1 and 2 share board 1, users 2 and 3 share boards 2 and 3, user 4 is alone on 9.
BOARDS = [(1, 1), (2, 1), (2, 2), (3, 2), (2, 3), (3, 3), (2, 2), (4, 9)]


def _case(edges: list[Any], source: Any, target: Any, expected: int) -> CaseFacts:
    return CaseFacts(name="case", arguments={"edges": edges, "source": source, "target": target}, expected=expected)


def _check(graph: Graph, case: CaseFacts, walk: list[Any]) -> Any:
    graph.check_key(case)
    return graph.check(case, walk)


@pytest.mark.parametrize(
    ("source", "target", "expected", "walk"),
    [
        (1, 2, 2, [1, 1, 2]),
        (1, 3, 4, [1, 1, 2, 2, 3]),
        (1, 3, 4, [1, 1, 2, 3, 3]),  # another shortest one
        (3, 1, 4, [3, 3, 2, 1, 1]),
        (2, 2, 0, [2]),
        (77, 77, 0, [77]),  # in no edge at all
        (1, 4, -1, []),
        (1, 77, -1, []),
        (1, 9, -1, []),  # board 9 is not user 9
    ],
)
def test_any_shortest_walk_is_accepted(source: int, target: int, expected: int, walk: list[int]) -> None:
    judgement = _check(BIPARTITE, _case(BOARDS, source, target, expected), walk)
    assert (judgement.accepted, judgement.reason) == (True, None)


@pytest.mark.parametrize(
    ("source", "target", "expected", "walk", "reason", "message"),
    [
        (1, 3, 4, [1, 1, 2, 1, 2, 2, 3], "not_optimal", "the answer is a valid path of 6 edges, but not a shortest"),
        (2, 2, 0, [2, 1, 2], "not_optimal", "the answer is a valid path of 2 edges"),
        (1, 3, 4, [1, 2, 3], "not_valid", "step 1 of the walk is not an edge: answer[0] = 1 and answer[1] = 2"),
        (1, 3, 4, [1, 1, 3], "not_valid", "step 2 of the walk is not an edge: answer[1] = 1 and answer[2] = 3"),
        (1, 3, 4, [1, 1, 2, 2, 1, 2, 3], "not_valid", "step 4 of the walk is not an edge: answer[3] = 2 and"),
        (1, 3, 4, [1, 1, 2, 9, 3], "not_valid", "step 3 of the walk is not an edge: answer[2] = 2 and answer[3] = 9"),
        (1, 3, 4, [2, 2, 3], "not_valid", "the walk begins at answer[0] = 2, not at source = 1"),
        (1, 3, 4, [1, 1, 2], "not_valid", "the walk ends at answer[2] = 2, not at target = 3"),
        (1, 3, 4, [1], "not_valid", "the walk ends at answer[0] = 1, not at target = 3"),
        (1, 3, 4, [1, 1, 2, 3], "not_valid", "the walk has 4 vertices"),
        (1, 3, 4, [], "wrong_value", "the answer is empty, but there is a path"),
        (2, 2, 0, [], "wrong_value", "the answer is empty, but there is a path"),
        (1, 4, -1, [1, 9, 4], "wrong_value", "there is no path, and this is none: step 1 of the walk is not an edge"),
        (1, 4, -1, [1], "wrong_value", "there is no path, and this is none: the walk ends at answer[0] = 1"),
    ],
)
def test_says_what_is_wrong_with_a_walk(
    source: int, target: int, expected: int, walk: list[int], reason: str, message: str
) -> None:
    judgement = _check(BIPARTITE, _case(BOARDS, source, target, expected), walk)
    assert (judgement.accepted, judgement.reason) == (False, reason)
    assert judgement.message.startswith(message)


def test_names_in_messages_are_those_of_the_problem() -> None:
    graph = Graph(structure="shortest_path", edges="roads", source="home", target="work")
    case = CaseFacts(name="case", arguments={"roads": [("a", "b")], "home": "a", "work": "b"}, expected=1)
    assert graph.check(case, ["b", "a"]).message == "the walk begins at answer[0] = 'b', not at home = 'a'"
    assert graph.check(case, ["a", "a"]).message == "the walk ends at answer[1] = 'a', not at work = 'b'"


def test_directed_edges_lead_one_way() -> None:
    edges = [(1, 2), (2, 3), (3, 1), (3, 3)]
    assert _check(DIRECTED, _case(edges, 1, 3, 2), [1, 2, 3]).accepted
    assert _check(DIRECTED, _case(edges, 1, 3, 2), [1, 3]).reason is Reason.NOT_VALID
    assert _check(UNDIRECTED, _case(edges, 1, 3, 1), [1, 3]).accepted
    assert _check(UNDIRECTED, _case(edges, 1, 3, 1), [1, 2, 3]).reason is Reason.NOT_OPTIMAL
    assert _check(UNDIRECTED, _case(edges, 1, 3, 1), [1, 3, 3]).reason is Reason.NOT_OPTIMAL
    assert _check(DIRECTED, _case([(1, 2)], 2, 1, -1), []).accepted


def test_a_walk_that_proves_the_key_wrong_is_not_held_against_the_candidate() -> None:
    for wrong in (-1, 6):
        judgement = BIPARTITE.check(_case(BOARDS, 1, 3, wrong), [1, 1, 2, 2, 3])
        assert (judgement.accepted, judgement.reason) == (False, Reason.CHECKER)
        assert "a valid path of 4 edges was returned" in judgement.message


@pytest.mark.parametrize(
    ("graph", "source", "target", "wrong", "right"),
    [(BIPARTITE, 1, 3, 2, 4), (BIPARTITE, 1, 4, 2, -1), (BIPARTITE, 1, 1, -1, 0), (BIPARTITE, 1, 3, -1, 4)],
)
def test_a_key_that_is_not_the_optimum_is_an_error(
    graph: Graph, source: int, target: int, wrong: int, right: int
) -> None:
    message = f"the expected number of edges is {wrong}: a breadth-first search finds {right}"
    with pytest.raises(ValueError, match=message):
        graph.check_key(_case(BOARDS, source, target, wrong))


def test_a_case_without_the_arguments_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected the argument 'target', found edges, source"):
        BIPARTITE.check_key(CaseFacts(name="case", arguments={"edges": [], "source": 1}, expected=0))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"structure": "matching"}, "structure: expected one of shortest_path, found 'matching'"),
        ({"edges": 3}, "edges: expected the name of a parameter of its own, found 3"),
        ({"target": "source"}, "source: expected the name of a parameter of its own, found 'source'"),
        ({"bipartite": 1}, "bipartite: expected true or false, found 1"),
        ({"directed": "yes"}, "directed: expected true or false, found 'yes'"),
        ({"directed": True, "bipartite": True}, "expected bipartite or directed, found both"),
    ],
)
def test_parameters_that_are_wrong_or_contradict_each_other(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Graph(**{**NAMES, **parameters})


@pytest.mark.parametrize(
    ("types", "returns", "message"),
    [
        ({"source": "int", "target": "int"}, "list[int]", "edges: expected one of source, target, found 'edges'"),
        ({"edges": "list[int]", "source": "int", "target": "int"}, "list[int]", "edges: expected edges of type list"),
        ({"edges": "list[tuple[int, str]]", "source": "int", "target": "int"}, "list[int]", "edges: expected edges of"),
        ({"edges": "list[tuple[int, int]]", "source": "int", "target": "str"}, "list[int]", "target: expected a vert"),
        ({"edges": "list[tuple[str, str]]", "source": "str", "target": "str"}, "list[int]", "expected the return type"),
    ],
)
def test_signatures_that_it_cannot_judge_are_refused(types: dict[str, str], returns: str, message: str) -> None:
    parameters = tuple(Parameter(name=name, type=parse_type(text)) for name, text in types.items())
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        BIPARTITE.expected_type(Signature(parameters=parameters, returns=parse_type(returns)))
    assert str(caught.value).startswith(message)


def test_the_expected_value_is_a_number_of_edges() -> None:
    for vertex in ("int", "str"):
        texts = {"edges": f"list[tuple[{vertex}, {vertex}]]", "source": vertex, "target": vertex}
        parameters = tuple(Parameter(name=name, type=parse_type(text)) for name, text in texts.items())
        signature = Signature(parameters=parameters, returns=parse_type(f"list[{vertex}]"))
        assert str(BIPARTITE.expected_type(signature)) == "int"


def test_long_walks_on_large_graphs_are_judged_in_one_pass() -> None:
    """A walk of 200 001 vertices on as many edges: quadratic cost, in the check or the search, would not come back."""
    count = 100_000
    edges = [(i, i) for i in range(count)] + [(i + 1, i) for i in range(count)]
    walk = [vertex for i in range(count) for vertex in (i, i)] + [count]
    case = _case(edges, 0, count, 2 * count)
    assert _check(BIPARTITE, case, walk).accepted
    judgement = BIPARTITE.check(case, [*walk[:-2], -5, count])
    assert judgement.message.startswith(f"step {2 * count - 1} of the walk is not an edge")


def _least(graph: Graph, edges: list[tuple[int, int]], source: int, target: int) -> int:
    """The optimum by relaxation over all tagged vertices: slow, and nothing like the checker's search."""
    right = "right" if graph.bipartite else "left"
    pairs = {(("left", a), (right, b)) for a, b in edges}
    if not graph.directed:
        pairs |= {(b, a) for a, b in pairs}
    best = {("left", source): 0}
    for _ in range(len(pairs) + 1):
        for a, b in pairs:
            if a in best:
                best[b] = min(best.get(b, best[a] + 1), best[a] + 1)
    return best.get(("left", target), -1)


def _is_walk(graph: Graph, edges: list[tuple[int, int]], source: int, target: int, walk: list[int]) -> bool:
    if not walk or walk[0] != source or walk[-1] != target or (graph.bipartite and len(walk) % 2 == 0):
        return False
    for at in range(len(walk) - 1):
        step = (walk[at], walk[at + 1])
        allowed = [step[::-1] if at % 2 else step] if graph.bipartite else [step]
        if not graph.bipartite and not graph.directed:
            allowed.append(step[::-1])
        if not any(pair in edges for pair in allowed):
            return False
    return True


VERTICES = st.integers(0, 4)
EDGES = st.lists(st.tuples(VERTICES, VERTICES), max_size=9)


@STEADY
@given(st.sampled_from([BIPARTITE, UNDIRECTED, DIRECTED]), EDGES, VERTICES, VERTICES, st.data())
def test_judges_every_walk_by_its_definition(graph: Graph, edges: Any, source: int, target: int, data: Any) -> None:
    optimum = _least(graph, edges, source, target)
    walks = [data.draw(st.lists(VERTICES, max_size=7), label="walk"), []]
    walks += [[source, *middle, target] for middle in product(range(5), repeat=1)]
    if source == target:
        walks.append([source])
    for walk in walks:
        judgement = _check(graph, _case(edges, source, target, optimum), walk)
        valid = _is_walk(graph, edges, source, target, walk)
        assert judgement.accepted == ((valid and len(walk) - 1 == optimum) or (optimum == -1 and walk == []))
        assert (judgement.reason is Reason.NOT_OPTIMAL) == (valid and len(walk) - 1 > optimum)
