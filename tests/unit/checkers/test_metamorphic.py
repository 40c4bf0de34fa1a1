"""The checker ``metamorphic``: relations applied and taken back, and its page's examples."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts, SeriesChecker
from judge.checkers.evidence.relations import Relation
from judge.checkers.metamorphic import Metamorphic
from judge.checkers.structure import DifferenceError
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason
from judge.stats.streams import Stream
from tests.unit.checkers.pages import examples, outcome
from tests.unit.checkers.series_driver import play

RELATIONS: list[dict[str, Any]] = [
    {"kind": "permute", "parameters": {"points": "rows"}, "answer": "rows"},
    {"kind": "shift", "parameters": {"points": 1, "center": 1}, "by": 3},
    {"kind": "scale", "parameters": {"points": 1, "center": 1}, "by": 4, "answer": 1},
    {"kind": "append", "parameters": {"points": 1e6}, "answer": "drop"},
]
RNG = np.random.default_rng(60)
POINTS = [tuple(row) for row in RNG.normal(size=(12, 2)).tolist()]
PAGE = CaseFacts(name="page", arguments={"points": POINTS, "center": (0.3, -0.2)}, expected=None)
CHECKER = Metamorphic(relations=RELATIONS)
STREAM_KEY = bytes(range(32))


def distances(points: Any, center: Any) -> list[float]:
    return [math.dist(point, center) for point in points]


def judged(function: Callable[..., Any], case: CaseFacts = PAGE, checker: Metamorphic = CHECKER) -> Any:
    return play(checker, case, lambda: function)


@pytest.mark.parametrize(("expected", "source"), examples("metamorphic"))
def test_an_example_is_judged_as_the_page_says(expected: str, source: str) -> None:
    assert outcome(CHECKER, PAGE, source, "distances") == expected


def test_it_is_a_series_checker_with_one_call_for_each_copy() -> None:
    assert isinstance(CHECKER, SeriesChecker)
    played = judged(distances)
    assert played.judgement.accepted
    assert len(played.calls) == 1 + 3 + 1 + 1 + 1
    assert played.calls[0].changes == {}
    assert played.judgement.evidence == {"copies": 6}
    assert 0 <= played.judgement.margin < 1e-3


@pytest.mark.parametrize(
    ("wrong", "relation"),
    [
        (lambda points, center: [math.dist(p, center) ** 2 for p in points], "scale points, center"),
        (lambda points, center: [abs(p[0] - center[0]) + abs(p[1]) for p in points], "shift points, center"),
        (
            lambda points, center: [d - max(distances(points, center)) for d in distances(points, center)],
            "append points",
        ),
        (lambda points, center: sorted(distances(points, center)), "permute points"),
    ],
)
def test_each_relation_finds_its_own_defect(wrong: Callable[..., Any], relation: str) -> None:
    for number in range(50):
        rng = random.Random(number)
        arguments = {"points": [(rng.random(), rng.random()) for _ in range(9)], "center": (rng.random(), rng.random())}
        case = CaseFacts(name=f"c{number}", arguments=arguments, expected=None)
        assert judged(distances, case).judgement.accepted
        judgement = judged(wrong, case).judgement
        assert (judgement.reason, judgement.evidence["relation"]) == (Reason.WRONG_VALUE, relation)
        assert f"({relation}) is not the transformed answer" in judgement.message


def test_the_expected_value_is_compared_with_the_first_answer_when_there_is_one() -> None:
    right = CaseFacts(name="c", arguments=PAGE.arguments, expected=distances(POINTS, (0.3, -0.2)))
    CHECKER.check_key(right)
    assert judged(distances, right).judgement.accepted
    doubled = judged(lambda points, center: [2 * d for d in distances(points, center)], right)
    assert doubled.judgement.reason is Reason.WRONG_VALUE
    assert len(doubled.calls) == 1
    assert judged(lambda points, center: [2 * d for d in distances(points, center)]).judgement.accepted


def test_the_relabelled_graph() -> None:
    def hops(names: list[str], edges: list[tuple[int, int]], source: int) -> list[int]:
        found = {source: 0}
        queue = [source]
        for node in queue:
            for a, b in edges:
                for here, there in ((a, b), (b, a)):
                    if here == node and there not in found:
                        found[there] = found[node] + 1
                        queue.append(there)
        return [found.get(node, -1) for node in range(len(names))]

    def farthest_first(names: list[str], edges: list[tuple[int, int]], source: int) -> list[int]:
        hop = hops(names, edges, source)
        return sorted((node for node in range(len(names)) if hop[node] >= 0), key=lambda node: -hop[node])

    def wrong(names: list[str], edges: list[tuple[int, int]], source: int) -> list[int]:
        return hops(names, [edge for edge in edges if 3 not in edge], source)

    arguments = {"names": list("abcdefg"), "edges": [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6)], "source": 1}
    case = CaseFacts(name="graph", arguments=arguments, expected=None)
    relabel = {"kind": "permute", "parameters": {"names": "rows", "edges": "values", "source": "values"}}
    by_node = Metamorphic(relations=[{**relabel, "answer": "rows"}])
    assert judged(hops, case, by_node).judgement.accepted
    assert not judged(wrong, case, by_node).judgement.accepted
    chain = CaseFacts(name="chain", arguments={**arguments, "edges": [(1, 0), (0, 2), (2, 3), (3, 4)]}, expected=None)
    assert judged(farthest_first, chain, Metamorphic(relations=[{**relabel, "answer": "values"}])).judgement.accepted
    assert not judged(hops, chain, Metamorphic(relations=[{**relabel, "answer": "values"}])).judgement.accepted


VALUES: dict[str, tuple[dict[str, Any], Any, Any]] = {  # relation, an argument, what it becomes
    "reverse rows": ({"kind": "reverse", "parameters": {"x": "rows"}}, [1, 2, 3], [3, 2, 1]),
    "reverse both": ({"kind": "reverse", "parameters": {"x": "both"}}, [1, 2, -1], [-1, 0, 1]),
    "reverse nested": ({"kind": "reverse", "parameters": {"x": "both"}}, [[1], [2, 0], []], [[], [0, 2], [1]]),
    "reverse matrix": ({"kind": "reverse", "parameters": {"x": "matrix"}}, [[1, 2], [3, 4]], [[4, 3], [2, 1]]),
    "reverse array": (
        {"kind": "reverse", "parameters": {"x": "matrix"}},
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[4.0, 3.0], [2.0, 1.0]]),
    ),
    "reverse indices": ({"kind": "reverse", "parameters": {"x": "both"}}, np.array([1, 2, 5]), np.array([5, 0, 1])),
    "shift": ({"kind": "shift", "parameters": {"x": 2}, "by": 3}, [1, [2.5]], [7, [8.5]]),
    "shift array": ({"kind": "shift", "parameters": {"x": 1}, "by": 1}, np.array([1, 2]), np.array([2, 3])),
    "scale": ({"kind": "scale", "parameters": {"x": -1}, "by": 2}, (4, 1.0), (2, 0.5)),
    "scale int": ({"kind": "scale", "parameters": {"x": 1}, "by": 3}, 10**30, 3 * 10**30),
    "append": ({"kind": "append", "parameters": {"x": 9}}, [(1, 2.0), (3, 4.0)], [(1, 2.0), (3, 4.0), (9, 9.0)]),
    "append array": ({"kind": "append", "parameters": {"x": 9}}, np.ones((1, 2)), np.array([[1.0, 1.0], [9.0, 9.0]])),
}


@pytest.mark.parametrize("name", VALUES)
def test_what_a_relation_does_to_an_argument(name: str) -> None:
    written, value, wanted = VALUES[name]
    found = Relation.of(written).copy({"x": value}, Stream(STREAM_KEY, "x")).changes["x"]
    assert type(found) is type(wanted)
    assert repr(found) == repr(wanted)


@pytest.mark.parametrize("place", ["rows", "values", "both", "matrix"])
def test_what_is_taken_back_is_what_was_there(place: str) -> None:
    value: Any = {"rows": list("abcde"), "values": [4, 2, -1, 7], "both": [3, 1, 4, 0, 2]}.get(place)
    value = RNG.integers(0, 9, size=(5, 5)).tolist() if place == "matrix" else value
    parameters = {"x": place} | ({"y": "rows"} if place == "values" else {})
    relation = Relation.of({"kind": "permute", "parameters": parameters, "answer": place})
    for label in map(str, range(20)):
        copy = relation.copy({"x": value, "y": list(range(5))}, Stream(STREAM_KEY, label))
        assert copy.back(copy.changes["x"]) == value


@pytest.mark.parametrize(
    ("written", "answer", "message"),
    [
        ({"kind": "permute", "parameters": {"x": "rows"}, "answer": "rows"}, [1, 2], "expected 3 elements, found 2"),
        ({"kind": "permute", "parameters": {"x": "rows"}, "answer": "rows"}, 5, "expected 3 elements, found a single"),
        ({"kind": "append", "parameters": {"x": 1}, "answer": "drop"}, [], "expected one element more, found none"),
        ({"kind": "scale", "parameters": {"x": 1}, "by": 0.5, "answer": 1}, 10**400, "a number of the answer is too"),
    ],
)
def test_an_answer_that_cannot_be_taken_back_is_the_candidates_fault(
    written: dict[str, Any], answer: Any, message: str
) -> None:
    copy = Relation.of(written).copy({"x": [1.0, 2.0, 3.0]}, Stream(STREAM_KEY, "x"))
    with pytest.raises(DifferenceError, match=message):
        copy.back(answer)


@pytest.mark.parametrize(
    ("written", "arguments", "message"),
    [
        ({"kind": "permute", "parameters": {"x": "rows", "y": "rows"}}, {"x": [1], "y": [1, 2]}, "of one length"),
        ({"kind": "permute", "parameters": {"x": "rows"}}, {"x": []}, "parameter 'x': expected a list or an array"),
        ({"kind": "permute", "parameters": {"x": "matrix"}}, {"x": [[1, 2]]}, "parameter 'x': expected 1 elements"),
        ({"kind": "shift", "parameters": {"x": 1}, "by": 0.5}, {"x": [1]}, "finite and of their type"),
        ({"kind": "scale", "parameters": {"x": 1}, "by": 1e10}, {"x": 1e300}, "finite and of their type"),
        ({"kind": "scale", "parameters": {"x": 1}, "by": 1e10}, {"x": 10**400}, "finite and of their type"),
        ({"kind": "scale", "parameters": {"x": 1}, "by": 2.0}, {"x": 2**53 + 1}, "finite and of their type"),
        ({"kind": "append", "parameters": {"x": 0.5}}, {"x": [1]}, "finite and of their type"),
    ],
)
def test_arguments_that_cannot_be_transformed_are_refused(
    written: dict[str, Any], arguments: dict[str, Any], message: str
) -> None:
    case = CaseFacts(name="c", arguments=arguments, expected=None)
    with pytest.raises(ValueError, match=re.escape(message)):
        Metamorphic(relations=[written]).check_key(case)


@pytest.mark.parametrize(
    ("relations", "message"),
    [
        ([], "relations: expected a list of at least one relation, found []"),
        ([{"kind": "turn", "parameters": {"x": 1}}], "kind: expected one of permute, reverse, shift, scale, append"),
        ([{"kind": "permute"}], "relation: expected a mapping of kind, parameters, answer, by"),
        ([{"kind": "permute", "parameters": {}}], "permute: parameters: expected what to do by name, found {}"),
        ([{"kind": "permute", "parameters": {"x": "values"}}], "expected one that is not 'values'"),
        ([{"kind": "permute", "parameters": {"x": "columns"}}], "permute: x: expected one of rows, values"),
        ([{"kind": "permute", "parameters": {"x": "rows"}, "by": 2}], "permute: expected no key 'by', found 2"),
        ([{"kind": "shift", "parameters": {"x": 1}}], "shift: by: expected a finite number, found None"),
        ([{"kind": "scale", "parameters": {"x": 1}, "by": 0}], "scale: by: expected a number above 0, found 0"),
        ([{"kind": "append", "parameters": {"x": 1}, "answer": "rows"}], "append: answer: expected one of same, drop"),
    ],
)
def test_a_relation_that_cannot_be_is_refused(relations: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Metamorphic(relations=relations)


@pytest.mark.parametrize(
    ("returns", "parameters", "message"),
    [
        ("list[float]", {"x": "list[float]"}, "expected a parameter 'points', found x"),
        (
            "dict[int, float]",
            {"points": "list[float]", "center": "float"},
            "expected lists, tuples, arrays and numbers",
        ),
    ],
)
def test_a_signature_that_does_not_fit_is_refused(returns: str, parameters: dict[str, str], message: str) -> None:
    declared = tuple(Parameter(name=name, type=parse_type(text)) for name, text in parameters.items())
    with pytest.raises(ValueError, match=re.escape(message)):
        CHECKER.expected_type(Signature(parameters=declared, returns=parse_type(returns)))


def test_declared_wrong_answers_have_no_use() -> None:
    case = CaseFacts(name="c", arguments=PAGE.arguments, expected=None, alternatives={"wrong": [1.0]})
    with pytest.raises(ValueError, match="checker 'metamorphic' has no use for alternatives, found wrong"):
        CHECKER.check_key(case)


def test_infinities_match_where_it_is_declared() -> None:
    def unreachable(points: Any, center: Any) -> list[float]:
        return [math.inf for _ in points]

    assert not judged(unreachable).judgement.accepted
    assert judged(unreachable, checker=Metamorphic(relations=RELATIONS, inf="match")).judgement.accepted
